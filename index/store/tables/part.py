"""What is searched of some sources, as one value: that of one file is made once, and a snapshot is many of them put together.

A snapshot on disk is such a part too. So who adds a file to it puts two parts together, however many files the one has, and
nothing of these is read, cut or encoded again. What comes out is, byte for byte, what all files together would give.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from index.store.dense import DenseIndex
from index.store.meanings import TextVectors
from index.store.postings import PostingsSet
from index.store.sparse import Counts, SparseIndex
from index.store.tables.columns import Column
from index.store.tables.mapped import mapped_array
from index.store.tables.opened import load_packed, read_documents, save_tables
from index.store.tables.packed import Packed
from index.store.tables.runs import Moved, Span, runs_of
from index.store.tables.unions import Numbers
from index.store.vectors import CorpusVectors, CorpusWords, IndicatorVectors
from index.types import Corpus

Hashes = NDArray[np.uint64]

_TEXTS = "texts.npy"


@dataclass(frozen=True, slots=True)
class Part:
    """All that is searched of some sources, which ``documents`` names with the numbers of their documents.

    ``named`` is ``(names, dimension)``, and ``texts`` has a hash of each text that
    ``meanings`` has a vector of, by which the same text of another part is known.
    """

    documents: Mapping[str, Span]
    tables: Packed
    chunks: DenseIndex
    named: NDArray[np.float16]
    meanings: TextVectors
    texts: Hashes
    counts: Counts
    postings: PostingsSet

    @classmethod
    def of(cls, corpus: Corpus, vectors: CorpusVectors, words: CorpusWords) -> Self:
        """That of one source."""
        told = vectors.meanings
        texts = np.zeros(len(told.vectors), np.uint64)
        for held, rows in (
            ([s.text for s in corpus.sentences], told.sentences),
            ([f.clause for f in corpus.facts], told.clauses),
        ):
            texts[rows] = np.fromiter(map(_hash, held), np.uint64, len(held))
        return cls(
            {source.name: (0, len(corpus.documents)) for source in corpus.sources},
            Packed.of(corpus),
            DenseIndex.build(vectors.chunks),
            vectors.named.astype(np.float16),
            told,
            texts,
            Counts.of(words.chunks),
            PostingsSet.of(vectors.names, words.clauses, words.sentences),
        )

    @classmethod
    def opened(cls, folder: Path) -> Self:
        """Map that of a snapshot. Raises OSError, ValueError, SnapshotError and MsgspecErrors for what is missing or damaged."""
        indicators = IndicatorVectors.load(folder)
        return cls(
            _spans(document.source for document in read_documents(folder / "tables")),
            load_packed(folder / "tables", indicators.names),
            DenseIndex.load(folder / "dense"),
            indicators.vectors,
            TextVectors.load(folder / "meanings"),
            mapped_array(folder / "meanings" / _TEXTS),
            SparseIndex.load(folder / "sparse").counts,
            PostingsSet.load(folder / "postings"),
        )

    @classmethod
    def gathered(cls, parts: Sequence[Self], taken: Sequence[tuple[int, str]], dimension: int) -> Self:
        """That of some sources, each by the number of its part and its name, in this order."""
        runs = runs_of((n, parts[n].documents[name]) for n, name in taken)
        tables, moved, names = Packed.gathered([part.tables for part in parts], runs)
        meanings, texts = _meanings(parts, moved, dimension)

        def numbers(table: str) -> list[Column]:
            found = moved.numbers(table, {n: len(getattr(part.tables, table)) for n, part in enumerate(parts)})
            return [found[n] for n in range(len(parts))]

        lengths = {"indicators": len(tables.names), "clauses": len(tables.facts), "sentences": len(tables.sentences)}
        told = {"indicators": names, "clauses": numbers("facts"), "sentences": numbers("sentences")}
        return cls(
            _spans(name for n, name in taken for _ in range(*parts[n].documents[name])),
            tables,
            DenseIndex.gathered([(parts[n].chunks, span) for n, span in moved.of("chunks")], dimension),
            _of_names(parts, names, len(tables.names), dimension),
            meanings,
            texts,
            Counts.gathered([part.counts for part in parts], numbers("chunks")),
            PostingsSet.gathered([part.postings for part in parts], told, lengths),
        )

    def save(self, folder: Path) -> None:
        """Write the files of a snapshot's folder."""
        save_tables(self.tables, folder / "tables")
        self.chunks.save(folder / "dense")
        self.meanings.save(folder / "meanings")
        np.save(folder / "meanings" / _TEXTS, self.texts)
        SparseIndex.of(self.counts).save(folder / "sparse")
        self.postings.save(folder / "postings")
        IndicatorVectors.of(self.tables.names, self.named, self.postings).save(folder)


def _hash(text: str) -> int:
    return int.from_bytes(blake2b(text.encode(errors="surrogatepass"), digest_size=8).digest())


def _spans(sources: Iterable[str]) -> dict[str, Span]:
    """The documents of each source, which follow one another."""
    found: dict[str, Span] = {}
    for number, source in enumerate(sources):
        found[source] = found.get(source, (number, 0))[0], number + 1
    return found


def _of_names(parts: Sequence[Part], names: Sequence[Numbers], count: int, dimension: int) -> NDArray[np.float16]:
    """The vector of each name: that of the first part which has it."""
    result = np.zeros((count, dimension), np.float16)
    for part, numbers in reversed(list(zip(parts, names, strict=True))):
        result[numbers[numbers >= 0]] = part.named[numbers >= 0]
    return result


def _meanings(parts: Sequence[Part], moved: Moved, dimension: int) -> tuple[TextVectors, Hashes]:
    """The vectors of the distinct texts, in the order in which they come: those of sentences before those of clauses."""
    starts = np.cumsum([0, *(len(part.texts) for part in parts)])
    # Of each text that is said, its row among those of all parts.
    said = {
        kind: np.concatenate(
            [np.zeros(0, np.int64)]
            + [getattr(parts[n].meanings, kind)[slice(*span)] + starts[n] for n, span in moved.of(table)]
        )
        for kind, table in (("sentences", "sentences"), ("clauses", "facts"))
    }
    rows = np.concatenate(list(said.values()))
    texts = np.concatenate([np.zeros(0, np.uint64), *(part.texts for part in parts)])
    _, first, of = np.unique(texts[rows], return_index=True, return_inverse=True)
    order = np.argsort(first)
    place = np.empty(len(order), np.int32)
    place[order] = np.arange(len(order))
    chosen = rows[first[order]]
    vectors = np.zeros((len(chosen), dimension), np.float16)
    by_part = np.argsort(chosen, kind="stable")
    borders = np.searchsorted(chosen[by_part], starts)
    for n, part in enumerate(parts):
        own = by_part[borders[n] : borders[n + 1]]
        vectors[own] = part.meanings.vectors[chosen[own] - starts[n]]
    numbers = place[of].astype(np.int32)
    border = len(said["sentences"])
    return TextVectors(vectors, numbers[:border], numbers[border:]), texts[chosen]
