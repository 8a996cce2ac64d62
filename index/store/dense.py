"""The vector store: exact inner products. The one file that knows the engine, FAISS."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

import faiss
import numpy as np
from numpy.typing import NDArray

from index.errors import DimensionMismatchError, SnapshotError

_FILE = "vectors.faiss"


@contextmanager
def _one_thread() -> Iterator[None]:
    """Keep FAISS to one thread: a query takes microseconds, and more threads add waiting and another order of sums.

    Set back afterwards, because PyTorch shares the setting and needs all cores to embed a corpus.
    """
    before = faiss.omp_get_max_threads()
    faiss.omp_set_num_threads(1)
    try:
        yield
    finally:
        faiss.omp_set_num_threads(before)


class DenseIndex:
    """Vectors known by their position from 0, compared by inner product. Make one with `build` or `load`."""

    def __init__(self, engine: faiss.IndexFlat) -> None:
        """Take a filled engine."""
        self._engine = engine

    @classmethod
    def build(cls, vectors: NDArray[np.float32]) -> Self:
        """Store `vectors`, shape ``(n, dimension)``, normalised by the caller if the cosine is wanted.

        Raises ValueError if the shape is another or a number is not finite.
        """
        if vectors.ndim != 2 or not vectors.shape[1]:
            raise ValueError(f"vectors must have the shape (n, dimension), not {vectors.shape}")
        if not np.isfinite(vectors).all():
            raise ValueError("a vector holds a number that is not finite")
        engine = faiss.IndexFlatIP(vectors.shape[1])
        engine.add(np.ascontiguousarray(vectors, dtype=np.float32))
        return cls(engine)

    @classmethod
    def gathered(cls, parts: Sequence[tuple[Self, tuple[int, int]]], dimension: int) -> Self:
        """The vectors of runs of several, one run after another: of each from one number up to another."""
        engine = faiss.IndexFlatIP(dimension)
        for part, (first, last) in parts:
            if first < last:
                engine.add(part._engine.reconstruct_n(first, last - first))
        return cls(engine)

    def __len__(self) -> int:
        return int(self._engine.ntotal)

    @property
    def dimension(self) -> int:
        """Numbers per vector."""
        return int(self._engine.d)

    def scores(self, vector: NDArray[np.float32], rows: NDArray[np.integer[Any]]) -> NDArray[np.float32]:
        """The inner products of `vector` with the vectors of some rows, ``(len(rows),)``; each as `search` has it.

        Raises `DimensionMismatchError` when `vector` does not have the index's dimension.
        """
        self._check(vector)
        query, wanted = np.ascontiguousarray(vector, np.float32), np.ascontiguousarray(rows, np.int64)
        found = np.zeros(len(wanted), np.float32)
        if len(wanted):
            if wanted.min() < 0 or wanted.max() >= len(self):
                raise IndexError(f"there are {len(self)} vectors")
            faiss.fvec_inner_products_by_idx(  # type: ignore[attr-defined]  # not in the stub
                faiss.swig_ptr(found), faiss.swig_ptr(query), self._engine.get_xb(), faiss.swig_ptr(wanted),
                self.dimension, 1, len(wanted),
            )  # fmt: skip
        return found

    def _check(self, vector: NDArray[np.float32]) -> None:
        if vector.shape != (self.dimension,):
            raise DimensionMismatchError(self.dimension, vector.shape[-1] if vector.ndim else 0)

    def search(
        self, vector: NDArray[np.float32], k: int, allowed: NDArray[np.bool_] | None = None
    ) -> list[tuple[int, float]]:
        """Return the `k` vectors nearest to `vector` as (position, inner product), best first, ties by lower position.

        `allowed`, shape ``(n,)``, filters while searching, so `k` hits come back whenever so many are allowed.
        Raises `DimensionMismatchError` when `vector` does not have the index's dimension.
        """
        self._check(vector)
        if allowed is not None and allowed.shape != (len(self),):
            raise ValueError(f"the filter must have the shape ({len(self)},), not {allowed.shape}")
        reachable = len(self) if allowed is None else int(np.count_nonzero(allowed))
        if k <= 0 or not reachable:
            return []
        parameters = None
        if allowed is not None:
            bits = np.packbits(allowed, bitorder="little")
            selector = faiss.IDSelectorBitmap(bits)  # type: ignore[call-arg, arg-type]  # the stub is of the C++ form
            parameters = faiss.SearchParameters(sel=selector)  # type: ignore[call-arg]
        query = np.ascontiguousarray(vector, dtype=np.float32)[np.newaxis]
        wanted = min(k + 1, reachable)
        with _one_thread():
            while True:
                found, at = self._engine.search(query, wanted, params=parameters)
                # FAISS keeps any of several equal scores: ask on until those that tie with the k-th are all here.
                if wanted == reachable or found[0, -1] < found[0, min(k, wanted) - 1]:
                    break
                wanted = min(2 * wanted, reachable)
        order = np.lexsort((at[0], -found[0]))[:k]
        return [(int(at[0, place]), float(found[0, place])) for place in order]

    def save(self, folder: Path) -> None:
        """Write the index into `folder`, made if need be."""
        folder.mkdir(parents=True, exist_ok=True)
        # Through a file of ours: of one of its own FAISS says nothing but RuntimeError when the disk is full, nor is told of the
        # last bytes that find no room.
        with (folder / _FILE).open("wb") as file:
            faiss.write_index(self._engine, faiss.PyCallbackIOWriter(file.write))  # type: ignore[attr-defined]  # not in the stub

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Open what `save` wrote; it is mapped, not read. Raises `SnapshotError` if it is missing or damaged."""
        try:
            engine = faiss.read_index(str(folder / _FILE), faiss.IO_FLAG_MMAP_IFC)
        except RuntimeError as error:  # FAISS has no finer error
            raise SnapshotError(f"the vector index in {folder.name}/ cannot be read: {error}") from error
        if not isinstance(engine, faiss.IndexFlat):
            raise SnapshotError(f"the vector index in {folder.name}/ is of another kind: {type(engine).__name__}")
        return cls(engine)
