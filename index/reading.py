"""Sources read one by one: what a source gave is kept, so that a file that did not change is not read again."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import msgspec

from index.budget import spending
from index.build import joined, read_documents
from index.errors import SourceError
from index.store.embedding import Embedder
from index.store.kept import KeptReadings
from index.store.vectors import CorpusVectors, CorpusWords
from index.text.chunking import ChunkOptions
from index.text.counting import TokenCounter
from index.types import Corpus, Source
from index.words.lexicon import vocabulary_hash
from index.words.regions import Gazetteer

_READERS = ("text", "words", "outline", "figures", "build.py", "types.py", "rules.py")
"""What decides how a text is read, besides the vocabulary."""


@dataclass(frozen=True, slots=True)
class Read:
    """One source with all that is read of it, places counted from 0, its vectors and its words; ``kept`` says that nothing was done."""

    corpus: Corpus
    vectors: CorpusVectors
    words: CorpusWords
    kept: bool

    @property
    def told(self) -> str:
        """In one line, for people."""
        held = self.corpus
        what = f"{len(held.documents)} documents, {len(held.sentences)} sentences, {len(held.facts)} facts"
        return f"{'not changed' if self.kept else 'read'}: {held.sources[0].name}: {what}"


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
        self._embedder = embedder
        self._options = options
        self._counter = TokenCounter(tokens)
        self._on_step = on_step
        told = [readers_identity(), vocabulary_hash(), tokens, options.least, options.most]
        self._identity = msgspec.json.encode(told)

    def key(self, source: Source) -> str:
        """Whatever decides what a source gives, as one hash: its bytes, name and text, what was put right by hand, and who reads it."""
        text = hashlib.sha256(source.text.encode()).hexdigest()
        own = (source.name, source.sha256, source.encoding, text, source.corrections)
        return hashlib.sha256(self._identity + msgspec.json.encode(own)).hexdigest()

    def read(self, source: Source) -> Read:
        """One source, from what was kept if it is. Raises SourceError where reading it takes longer than any report's may."""
        key = self.key(source)
        corpus = self._kept.corpus(key, source)
        vectors = self._kept.vectors(key, self._embedder.identity) if corpus is not None else None
        words = self._kept.words(key) if corpus is not None else None
        if corpus is not None and vectors is not None and words is not None:
            return Read(corpus, vectors, words, kept=True)
        if corpus is None:
            with spending(seconds_for(source), lambda: _over(source)):
                documents = read_documents(source, Gazetteer.load(), self._counter, self._options)
                corpus = joined([source], documents)
            self._kept.put(key, corpus)
        vectors = CorpusVectors.build(corpus, self._embedder, self._on_step)
        self._kept.put_vectors(key, self._embedder.identity, vectors)
        words = CorpusWords.of(corpus)
        self._kept.put_words(key, words)
        return Read(corpus, vectors, words, kept=False)


_LEAST_SECONDS, _SECONDS_A_CHARACTER = 60.0, 75e-6
"""CPU seconds in which a source must be read: reports take 25 µs a character, hostile texts no more (``benchmarks.growth``)."""


def seconds_for(source: Source) -> float:
    return _LEAST_SECONDS + _SECONDS_A_CHARACTER * len(source.text)


def _over(source: Source) -> SourceError:
    return SourceError(source.name, f"takes more than {seconds_for(source):.0f} s of computing to read")


def together(sources: Iterable[Source], read: Iterable[Read]) -> Corpus:
    """One corpus of all that was read; places are counted on from source to source."""
    return joined(tuple(sources), (each.corpus for each in read))


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
