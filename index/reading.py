"""Sources read one by one: what a source gave is kept, so that a file that did not change is not read again."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import msgspec

from index.budget import spending
from index.build import joined, read_documents
from index.errors import SourceError
from index.store.embedding import Embedder
from index.store.kept import KeptReadings
from index.store.originals import HeldFile, SourceEntry
from index.store.tables.manifest import MadeBy
from index.store.tables.part import Part
from index.store.tables.runs import Run
from index.store.vectors import CorpusVectors, CorpusWords
from index.text.chunking import ChunkOptions
from index.text.counting import TokenCounter
from index.text.same import Content, twins
from index.types import Source
from index.words.lexicon import vocabulary_hash
from index.words.regions import Gazetteer

_READERS = ("text", "words", "outline", "figures", "build.py", "types.py", "rules.py")
"""What decides how a text is read, besides the vocabulary."""


@dataclass(frozen=True, slots=True)
class Read:
    """One source with all that is searched of it; ``kept`` says that nothing was read anew for it."""

    name: str
    part: Part
    kept: bool

    @property
    def told(self) -> str:
        """In one line, for people."""
        held = counted(self.part, self.name)
        what = f"{held.documents} documents, {held.sentences} sentences, {held.facts} facts"
        return f"{'not changed' if self.kept else 'read'}: {self.name}: {what}"


@dataclass(frozen=True, slots=True)
class Counted:
    """How much was read of one source."""

    documents: int
    sentences: int
    facts: int


def counted(part: Part, name: str) -> Counted:
    """How much a part has of one source."""
    first, last = part.documents.get(name, (0, 0))
    held = part.tables.spans(Run(0, first, last))
    return Counted(last - first, *(b - a for a, b in (held.sentences, held.facts)))


class SourceReader:
    """Reads and encodes sources, and keeps what it did."""

    def __init__(
        self,
        kept: KeptReadings,
        embedder: Embedder,
        tokens: str,
        options: ChunkOptions,
        on_step: Callable[[str], None] = lambda _: None,
    ) -> None:
        """``on_step`` hears how far the encoding of a source is."""
        self._kept = kept
        self.embedder = embedder
        self._options = options
        self._counter = TokenCounter(tokens)
        self._on_step = on_step
        told = [readers_identity(), vocabulary_hash(), tokens, options.least, options.most]
        self.identity = hashlib.sha256(msgspec.json.encode(told)).hexdigest()
        """Whatever decides what is read, besides the source: two readers of one identity read the same."""
        self.made_by = MadeBy(tokens, options, self.identity)

    def key(self, entry: SourceEntry) -> str:
        """Whatever decides what a source gives, as one hash: its bytes, name and text, what was put right by hand, and who reads it."""
        # Where a file has no extracted text, its bytes and their encoding give it.
        own = (entry.name, entry.sha256, entry.encoding, entry.text_sha256, entry.corrections)
        return hashlib.sha256(self.identity.encode() + msgspec.json.encode(own)).hexdigest()

    def read(self, file: HeldFile) -> Read:
        """One source, from what was kept if it is.

        Raises SourceError where reading it takes longer than any report's may, and SnapshotError where it is stored and was changed.
        """
        key, source = self.key(file.entry), file.source()
        corpus = self._kept.corpus(key, source)
        vectors = self._kept.vectors(key, self.embedder.identity) if corpus is not None else None
        words = self._kept.words(key) if corpus is not None else None
        if corpus is not None and vectors is not None and words is not None:
            return Read(source.name, Part.of(corpus, vectors, words), kept=True)
        if corpus is None:
            with spending(seconds_for(source), lambda: _over(source)):
                documents = read_documents(source, Gazetteer.load(), self._counter, self._options)
                corpus = joined([source], documents)
            self._kept.put(key, corpus)
        vectors = CorpusVectors.build(corpus, self.embedder, self._on_step)
        self._kept.put_vectors(key, self.embedder.identity, vectors)
        words = CorpusWords.of(corpus)
        self._kept.put_words(key, words)
        return Read(source.name, Part.of(corpus, vectors, words), kept=False)

    def forget_all_but(self, entries: Iterable[SourceEntry]) -> None:
        """Forget what was kept of all sources but these."""
        self._kept.forget_all_but(map(self.key, entries))


def told_twins(
    files: Sequence[HeldFile],
    is_first: Callable[[HeldFile], bool],
    kept: KeptReadings,
    settled: Collection[HeldFile] = (),
) -> list[HeldFile]:
    """The files with ``same_as`` set anew, see ``index.text.same``; what their texts are known by is kept.

    ``settled`` are files of a snapshot that the same readers made.
    """

    def key(file: HeldFile) -> str:
        own = (readers_identity(), file.sha256, file.entry.encoding, file.entry.text_sha256)
        return hashlib.sha256(msgspec.json.encode(own)).hexdigest()

    def content(file: HeldFile) -> Content:
        found = kept.content(key(file))
        if found is None:
            found = Content.of(file.source().text)
            kept.put_content(key(file), found)
        return found

    held = {file.name: file for file in files}
    # A file that came anew under a name is another one.
    before = {file.name: file.same_as for file in settled if held.get(file.name) is file}
    same = twins(files, is_first, content, lambda file: file.source().text, before)
    kept.forget_contents_but(map(key, files))
    return [file.told(same_as=of) for file, of in zip(files, same, strict=True)]


_LEAST_SECONDS, _SECONDS_A_CHARACTER = 60.0, 75e-6
"""CPU seconds in which a source must be read: reports take 25 µs a character, hostile texts no more (``benchmarks.growth``)."""


def seconds_for(source: Source) -> float:
    return _LEAST_SECONDS + _SECONDS_A_CHARACTER * len(source.text)


def _over(source: Source) -> SourceError:
    return SourceError(source.name, f"takes more than {seconds_for(source):.0f} s of computing to read")


@cache
def readers_identity() -> str:
    """The hash of the code that reads reports: what it kept before a change of its rules is not what it would say now."""
    digest = hashlib.sha256()
    for path in _code(Path(__file__).parent):
        digest.update(path.as_posix().encode())
        digest.update((Path(__file__).parent / path).read_bytes())
    return digest.hexdigest()


def _code(folder: Path) -> Iterator[Path]:
    for name in _READERS:
        found = [folder / name] if name.endswith(".py") else sorted((folder / name).rglob("*.py"))
        yield from (path.relative_to(folder) for path in found)
