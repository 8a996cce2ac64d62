"""The vectors and the words of a corpus: vectors of its chunks, of the distinct names of its figures, of its sentences and clauses.

They are made source by source, each text's by itself or in a batch of its own source, so that the vectors of a file are the
same whatever other files there are; those of many sources are then put together (``index/store/tables/part.py``).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self, TypeAlias

import msgspec
import numpy as np
from numpy.typing import NDArray

from index.store.embedding import Embedder
from index.store.folders import Vectors
from index.store.meanings import TextVectors, encoded
from index.store.postings import Postings, PostingsSet
from index.store.sparse import Tokens
from index.store.tables.mapped import Strings, mapped_array, strings_of
from index.types import Corpus

_Packed: TypeAlias = tuple[list[str], bytes, bytes, int]


@dataclass(frozen=True, slots=True)
class CorpusWords:
    """The tokens of a corpus's chunks, and which tokens its sentences and its figures' clauses hold."""

    chunks: Tokens
    sentences: Postings
    clauses: Postings

    @classmethod
    def of(cls, corpus: Corpus) -> Self:
        """Cut all texts of a corpus into tokens."""
        return cls(
            Tokens.of([chunk.embedded for chunk in corpus.chunks]),
            Postings.build([s.text for s in corpus.sentences]),
            Postings.build([f.clause for f in corpus.facts]),
        )

    def packed(self) -> bytes:
        """All of it as bytes, for ``unpacked``."""
        told = (list(self.chunks.vocabulary), self.chunks.numbers.tobytes(), self.chunks.lengths.tobytes(), 0)
        return msgspec.msgpack.encode((told, self.sentences.packed(), self.clauses.packed()))

    @classmethod
    def unpacked(cls, data: bytes) -> Self:
        """Raises a MsgspecError for what ``packed`` did not make."""
        chunks, sentences, clauses = msgspec.msgpack.decode(data, type=tuple[_Packed, _Packed, _Packed])
        numbers, lengths = np.frombuffer(chunks[1], np.int32), np.frombuffer(chunks[2], np.int32)
        tokens = Tokens(tuple(chunks[0]), numbers, lengths)
        return cls(tokens, Postings.unpacked(*sentences), Postings.unpacked(*clauses))


@dataclass(frozen=True, slots=True)
class CorpusVectors:
    """``chunks`` is ``(chunks, dimension)``; ``named`` is ``(names, dimension)``, of the names in their order."""

    chunks: Vectors
    names: tuple[str, ...]
    named: Vectors
    meanings: TextVectors

    @classmethod
    def build(cls, corpus: Corpus, embedder: Embedder, on_step: Callable[[str], None] = lambda _: None) -> Self:
        """Encode a corpus. ``on_step`` hears how far it is."""
        names = tuple(sorted({f.indicator for f in corpus.facts}))
        return cls(
            encoded([chunk.embedded for chunk in corpus.chunks], embedder, on_step),
            names,
            encoded(names, embedder, on_step),
            TextVectors.build([s.text for s in corpus.sentences], [f.clause for f in corpus.facts], embedder, on_step),
        )


@dataclass(frozen=True, slots=True)
class IndicatorVectors:
    """The distinct indicators as written, sorted, for matching by meaning and by words.

    ``vectors`` is ``(n, dimension)`` in half precision, ``mass`` the summed rarity of each one's tokens among the sentences.
    """

    names: Strings
    vectors: NDArray[np.float16]
    mass: Vectors

    @classmethod
    def of(cls, names: Sequence[str], vectors: NDArray[np.float16], postings: PostingsSet) -> Self:
        """Those of a corpus."""
        return cls(strings_of(names), vectors, postings.mass())

    def of_rows(self, rows: NDArray[np.int32]) -> Vectors:
        """The vectors of the indicators with these numbers, ``(len(rows), dimension)``."""
        return self.vectors[rows].astype(np.float32)

    def save(self, folder: Path) -> None:
        """Write the files of a folder that begin with ``indicators``."""
        self.names.save(folder / "indicators")
        np.save(folder / "indicators.vectors.npy", self.vectors)
        np.save(folder / "indicators.mass.npy", self.mass)

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Map what ``save`` wrote. Raises OSError and ValueError."""
        names = Strings.load(folder / "indicators")
        vectors, mass = (mapped_array(folder / f"indicators.{name}.npy") for name in ("vectors", "mass"))
        if not len(names) == len(vectors) == len(mass):
            raise ValueError("the names of indicators and their vectors are not as many")
        return cls(names, vectors, mass)
