from __future__ import annotations

from pathlib import Path

import faiss
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.errors import DimensionMismatchError, SnapshotError
from index.store.dense import DenseIndex

DIMENSION = 8


def vectors(size: int, seed: int) -> np.ndarray[tuple[int, int], np.dtype[np.float32]]:
    """Small whole numbers: inner products are exact, and many tie."""
    return np.random.default_rng(seed).integers(-1, 2, (size, DIMENSION)).astype(np.float32)


@given(size=st.integers(0, 60), seed=st.integers(0, 99), k=st.integers(-1, 70), data=st.data())
def test_search_equals_brute_force(size: int, seed: int, k: int, data: st.DataObject) -> None:
    """With or without a filter the hits are those of sorting all inner products, ties by lower position."""
    stored = vectors(size, seed)
    query = vectors(1, seed + 1)[0]
    index = DenseIndex.build(stored)
    allowed = np.array(data.draw(st.lists(st.booleans(), min_size=size, max_size=size)), dtype=np.bool_)
    ranked = sorted((-float(stored[at] @ query), at) for at in range(size))
    expected = [(at, -score) for score, at in ranked]
    assert index.search(query, k) == expected[: max(k, 0)]
    assert index.search(query, k, allowed) == [hit for hit in expected if allowed[hit[0]]][: max(k, 0)]


def test_a_filter_changes_no_score() -> None:
    """The hits of a filtered search are those of the whole search that the filter allows."""
    random = np.random.default_rng(0)
    stored = random.standard_normal((500, 64)).astype(np.float32)
    index = DenseIndex.build(stored)
    allowed = random.random(500) < 0.1
    hits = index.search(stored[7], 20, allowed)
    whole = [hit for hit in index.search(stored[7], 500) if allowed[hit[0]]][:20]
    assert [at for at, _ in hits] == [at for at, _ in whole]
    assert [score for _, score in hits] == pytest.approx([score for _, score in whole], rel=1e-6)


def test_the_score_of_a_row_is_that_of_a_search(tmp_path: Path) -> None:
    """To the last bit, whichever rows are asked for, in whatever order: equals are told apart by it."""
    random = np.random.default_rng(1)
    built = DenseIndex.build(random.standard_normal((300, 256)).astype(np.float32))
    built.save(tmp_path)
    rows = np.array([7, 3, 299, 3, 0])
    query = random.standard_normal(256).astype(np.float32)
    for index in (built, DenseIndex.load(tmp_path)):
        found = dict(index.search(query, 300))
        assert index.scores(query, rows).tolist() == [found[row] for row in rows.tolist()]
        assert index.scores(query, np.array([], np.intp)).shape == (0,)
        with pytest.raises(IndexError):
            index.scores(query, np.array([300]))
        with pytest.raises(DimensionMismatchError):
            index.scores(query[:3], rows)


def test_a_stored_index_answers_like_the_built_one(tmp_path: Path) -> None:
    """Saving and loading changes nothing, an empty index included."""
    for size in (0, 40):
        built = DenseIndex.build(vectors(size, 3))
        built.save(tmp_path / str(size))
        stored = DenseIndex.load(tmp_path / str(size))
        assert (len(stored), stored.dimension) == (size, DIMENSION)
        query = vectors(1, 4)[0]
        assert stored.search(query, 10) == built.search(query, 10)


def test_what_does_not_fit_is_refused(tmp_path: Path) -> None:
    """Vectors of another model, malformed input and missing or damaged files each give their own error."""
    index = DenseIndex.build(vectors(5, 0))
    with pytest.raises(DimensionMismatchError, match="8 numbers, but the query has 3"):
        index.search(np.zeros(3, dtype=np.float32), 1)
    with pytest.raises(ValueError, match="filter"):
        index.search(np.zeros(DIMENSION, dtype=np.float32), 1, np.ones(4, dtype=np.bool_))
    with pytest.raises(ValueError, match="shape"):
        DenseIndex.build(np.zeros(3, dtype=np.float32))
    with pytest.raises(ValueError, match="finite"):
        DenseIndex.build(np.full((1, 2), np.nan, dtype=np.float32))
    with pytest.raises(SnapshotError, match="vector index"):
        DenseIndex.load(tmp_path)
    index.save(tmp_path)
    next(tmp_path.iterdir()).write_bytes(b"not an index")
    with pytest.raises(SnapshotError, match="vector index"):
        DenseIndex.load(tmp_path)


def test_a_search_leaves_the_thread_setting_alone() -> None:
    """PyTorch reads the same setting: a search must not slow down the embedding of a corpus."""
    before = faiss.omp_get_max_threads()
    DenseIndex.build(vectors(5, 0)).search(vectors(1, 1)[0], 2)
    assert faiss.omp_get_max_threads() == before
