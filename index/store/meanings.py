"""The vectors of what an answer compares with: every sentence and every figure's clause, each distinct text once.

They are made when a snapshot is written and only read afterwards, memory-mapped, so that a question costs its own
encoding and no other, whatever the model. :class:`Scale` makes the cosines of different models one measure.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, Self, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from index.store.embedding import Embedder
from index.store.folders import Vectors
from index.store.tables.mapped import mapped_array

_VECTORS, _SENTENCES, _CLAUSES = "vectors.npy", "sentences.npy", "clauses.npy"
#: Characters encoded at a time: a second's work or less of the built-in transformer, and once through its network.
_CHARACTERS = 4096
#: Seconds between two words of progress, at least.
_EVERY = 0.5
#: Names, and texts, drawn to measure a scale.
_DRAWN = 256
#: The highest start of a scale: where a snapshot holds one name, all pairs are of it with itself.
_HIGHEST = 0.9


@runtime_checkable
class Storing(Protocol):
    """An embedder that rather waits than fails while an index is made, where nobody waits for an answer."""

    def store(self, texts: Sequence[str]) -> Vectors:
        """As ``Embedder.encode`` with the role of a passage."""


@runtime_checkable
class Batching(Protocol):
    """An embedder that is best given so many texts at a time, however long they are."""

    @property
    def together(self) -> int:
        """How many."""


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

    def of_sentences(self, numbers: Sequence[int] | NDArray[np.intp]) -> Vectors:
        """Vectors of the sentences with these numbers, ``(len(numbers), dimension)``."""
        return self._rows(self.sentences[np.asarray(numbers, np.intp)])

    def of_clauses(self, numbers: Sequence[int] | NDArray[np.intp]) -> Vectors:
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
        """Map what ``save`` wrote: it stays on disk until it is used. Raises OSError and ValueError."""
        vectors, sentences, clauses = (mapped_array(folder / name) for name in (_VECTORS, _SENTENCES, _CLAUSES))
        if vectors.ndim != 2 or sentences.ndim != 1 or clauses.ndim != 1:
            raise ValueError(f"{folder.name}/ holds no vectors and their rows")
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
        cls,
        names: Sequence[str],
        named: Vectors | NDArray[np.float16],
        texts: Vectors | NDArray[np.float16],
        embedder: Embedder,
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
    return min(_HIGHEST, round(float(np.median(cosines)), 4)) if cosines.size else 0.0


def _spread(length: int) -> list[int]:
    """At most :data:`_DRAWN` numbers below ``length``, evenly apart."""
    return list(range(0, length, max(1, length // _DRAWN)))[:_DRAWN]


def encoded(
    texts: Sequence[str],
    embedder: Embedder,
    on_step: Callable[[str], None] = lambda _: None,
    clock: Callable[[], float] = time.monotonic,
) -> Vectors:
    """``embedder``'s vectors of ``texts`` as stored ones; ``on_step`` hears how far it is, but not all the time.

    What goes together is never decided by the clock: it moves a transformer's vectors a little, and the same files give
    the same index.
    """
    found = np.zeros((len(texts), embedder.dimension), np.float32)
    on_step("embedding")
    done, told = 0, clock()
    for block in _blocks(texts, embedder.together if isinstance(embedder, Batching) else None):
        if done and clock() - told >= _EVERY:
            on_step(f"embedding, {done:,} of {len(texts):,} texts")
            told = clock()
        held = [texts[number] for number in block]
        found[block] = embedder.store(held) if isinstance(embedder, Storing) else embedder.encode(held, role="passage")
        done += len(block)
    return found


def _blocks(texts: Sequence[str], together: int | None) -> Iterator[list[int]]:
    """Numbers of texts, the longest first and so like beside like: ``together`` of them, or else :data:`_CHARACTERS`."""
    block: list[int] = []
    size = 0
    for number in sorted(range(len(texts)), key=lambda n: -len(texts[n])):
        full = size + len(texts[number]) > _CHARACTERS if together is None else len(block) >= together
        if block and full:
            yield block
            block, size = [], 0
        block.append(number)
        size += len(texts[number])
    if block:
        yield block
