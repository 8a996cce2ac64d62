"""The vectors of what an answer compares with: every sentence and every figure's clause, each distinct text once.

They are made when a snapshot is written and only read afterwards, memory-mapped, so that a question costs its own
encoding and no other, whatever the model. :class:`Scale` makes the cosines of different models one measure.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, Self, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from index.store.embedding import Embedder
from index.store.folders import Vectors

_VECTORS, _SENTENCES, _CLAUSES = "vectors.npy", "sentences.npy", "clauses.npy"
#: Texts encoded between two words of progress.
_BLOCK = 4096
#: Names, and texts, drawn to measure a scale.
_DRAWN = 256


@runtime_checkable
class Storing(Protocol):
    """An embedder that rather waits than fails while an index is made, where nobody waits for an answer."""

    def store(self, texts: Sequence[str]) -> Vectors:
        """As ``Embedder.encode`` with the role of a passage."""


@dataclass(frozen=True, slots=True)
class TextVectors:
    """Vectors of the distinct texts, ``(texts, dimension)`` in half precision, and whose they are.

    ``sentences`` and ``clauses`` hold the row of each sentence and of each fact's clause, in the snapshot's order.
    """

    vectors: NDArray[np.float16]
    sentences: NDArray[np.int32]
    clauses: NDArray[np.int32]

    @classmethod
    def build(
        cls,
        sentences: Sequence[str],
        clauses: Sequence[str],
        embedder: Embedder,
        on_step: Callable[[str], None] = lambda _: None,
    ) -> Self:
        """Encode what is distinct. ``on_step`` hears how many texts are done."""
        row: dict[str, int] = {}
        numbers = [
            np.array([row.setdefault(text, len(row)) for text in texts], np.int32) for texts in (sentences, clauses)
        ]
        return cls(encoded(list(row), embedder, on_step).astype(np.float16), *numbers)

    def of_sentences(self, numbers: Sequence[int]) -> Vectors:
        """Vectors of the sentences with these numbers, ``(len(numbers), dimension)``."""
        return self._rows(self.sentences[np.asarray(numbers, np.intp)])

    def of_clauses(self, numbers: Sequence[int]) -> Vectors:
        """Vectors of the clauses of the facts with these numbers, ``(len(numbers), dimension)``."""
        return self._rows(self.clauses[np.asarray(numbers, np.intp)])

    def _rows(self, rows: NDArray[np.int32]) -> Vectors:
        return np.asarray(self.vectors[rows], dtype=np.float32)

    def save(self, folder: Path) -> None:
        """Write the files of ``folder``, made if need be."""
        folder.mkdir(parents=True, exist_ok=True)
        np.save(folder / _VECTORS, self.vectors)
        np.save(folder / _SENTENCES, self.sentences)
        np.save(folder / _CLAUSES, self.clauses)

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Open what ``save`` wrote; the vectors stay on disk until they are read. Raises OSError and ValueError."""
        vectors = np.load(folder / _VECTORS, mmap_mode="r")
        sentences, clauses = np.load(folder / _SENTENCES), np.load(folder / _CLAUSES)
        most = max((int(rows.max()) for rows in (sentences, clauses) if len(rows)), default=-1)
        if vectors.ndim != 2 or most >= len(vectors):
            raise ValueError(f"{folder.name}/ holds {len(vectors)} vectors and names number {most}")
        return cls(vectors, sentences, clauses)


@dataclass(frozen=True, slots=True)
class Scale:
    """From a model's cosines to likeness in [0, 1]: 0 for what has nothing to do with each other, 1 for the same.

    Models differ in where their cosines begin: of two unrelated texts a static table says 0.0 and many a transformer 0.8.
    So what two texts share is counted from the median cosine of pairs drawn from the snapshot itself, for the
    ``names`` of indicators and for ``texts`` (clauses and sentences) apart.
    """

    names: float = 0.0
    texts: float = 0.0

    def of_names(self, cosines: Vectors) -> Vectors:
        """Likeness of asked words to names, of the shape of ``cosines``."""
        return _counted_from(self.names, cosines)

    def of_texts(self, cosines: Vectors) -> Vectors:
        """Likeness of asked words to clauses or sentences, of the shape of ``cosines``."""
        return _counted_from(self.texts, cosines)

    @classmethod
    def measured(
        cls, names: Sequence[str], named: Vectors, texts: Vectors | NDArray[np.float16], embedder: Embedder
    ) -> Self:
        """That of a model over what a snapshot holds: its names, asked for, against ``named`` and ``texts``."""
        asked = embedder.encode([names[number] for number in _spread(len(names))], role="query")
        return cls(_middle(asked, named), _middle(asked, texts))


def _counted_from(start: float, cosines: Vectors) -> Vectors:
    likeness: Vectors = np.clip((cosines - start) / (1 - start), 0.0, 1.0).astype(np.float32)
    return likeness


def _middle(asked: Vectors, held: Vectors | NDArray[np.float16]) -> float:
    """The median cosine of drawn pairs: what of them is of one thing moves no median."""
    cosines = asked @ np.asarray(held[_spread(len(held))], np.float32).T
    return round(float(np.median(cosines)), 4) if cosines.size else 0.0


def _spread(length: int) -> list[int]:
    """At most :data:`_DRAWN` numbers below ``length``, evenly apart."""
    return list(range(0, length, max(1, length // _DRAWN)))[:_DRAWN]


def encoded(texts: Sequence[str], embedder: Embedder, on_step: Callable[[str], None] = lambda _: None) -> Vectors:
    """``embedder``'s vectors of ``texts`` as stored ones, in blocks between which ``on_step`` hears how far it is."""
    found = np.zeros((len(texts), embedder.dimension), np.float32)
    for start in range(0, len(texts), _BLOCK):
        on_step(f"embedding, {start:,} of {len(texts):,} texts" if start else "embedding")
        block = texts[start : start + _BLOCK]
        stored = embedder.store(block) if isinstance(embedder, Storing) else embedder.encode(block, role="passage")
        found[start : start + _BLOCK] = stored
    return found
