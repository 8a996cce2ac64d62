from __future__ import annotations

from pathlib import Path

import bm25s
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.errors import SnapshotError
from index.store.sparse import SparseIndex
from index.text.tokens import index_tokens

TEXTS = [
    "2020年，嘉定区固定资产投资完成429.7亿元，同比增长18.3%。",
    "2019年，嘉定区专利授权量10368件。",
    "徐汇区一般公共预算收入增长2%。",
    "",
    "固定资产投资",
    "编号PPR-9087的5G基站",
    "固定资产投资",
]
texts = st.lists(st.text(alphabet="固定资产投资增长25G ", max_size=12), max_size=8)


def test_the_document_that_says_it_comes_first() -> None:
    """Shared bigrams and whole numbers rank documents; those that share nothing are not returned."""
    index = SparseIndex.build(TEXTS)
    assert [document for document, _ in index.search("固定资产投资", 10)] == [4, 6, 0]
    assert [document for document, _ in index.search("PPR-9087", 10)] == [5]
    assert index.search("嘉定區專利授權量", 1)[0][0] == 1
    assert index.search("月球", 10) == []
    assert index.search("", 10) == []
    assert index.search("固定资产投资", 0) == []


@given(texts=texts)
def test_worth_is_to_the_bit_what_bm25s_says(texts: list[str]) -> None:
    """Of every token in every document that holds it."""
    vocabulary: dict[str, int] = {}
    # A text without tokens has the empty one.
    cut = [[vocabulary.setdefault(t, len(vocabulary)) for t in index_tokens(text) or [""]] for text in texts]
    index = SparseIndex.build(texts)
    assert list(index.counts.vocabulary) == sorted(vocabulary)
    if not texts:
        return
    engine = bm25s.BM25(method="lucene", k1=1.2, b=0.75, backend="numpy", csc_backend="numpy", auto_compile=False)
    engine.index((cut, vocabulary), create_empty_token=False, show_progress=False)
    starts = engine.scores["indptr"]
    for number, token in enumerate(index.counts.vocabulary):
        told = slice(int(starts[vocabulary[token]]), int(starts[vocabulary[token] + 1]))
        own = slice(int(index.counts.starts[number]), int(index.counts.starts[number + 1]))
        worth = dict(zip(engine.scores["indices"][told].tolist(), engine.scores["data"][told].tolist(), strict=True))
        assert worth == dict(zip(index.counts.documents[own].tolist(), index.worth[own].tolist(), strict=True))


def test_scores_cover_every_document() -> None:
    """One float32 per document, zero exactly where no token is shared."""
    scores = SparseIndex.build(TEXTS).scores("固定资产")
    assert scores.shape == (len(TEXTS),)
    assert scores.dtype == np.float32
    assert np.flatnonzero(scores).tolist() == [0, 4, 6]


@given(texts=texts, query=st.text(alphabet="固定资产投资增长25G ", max_size=6), k=st.integers(0, 9), data=st.data())
def test_a_filtered_search_is_the_sorted_scores(texts: list[str], query: str, k: int, data: st.DataObject) -> None:
    """With or without a filter the answer is what sorting all scores gives, ties by document number."""
    index = SparseIndex.build(texts)
    size = len(texts)
    allowed = np.array(data.draw(st.lists(st.booleans(), min_size=size, max_size=size)), dtype=np.bool_)
    scores = index.scores(query)
    order = sorted((-scores[document], document) for document in range(size) if scores[document] > 0)
    assert index.search(query, k) == [(document, -score) for score, document in order][:k]
    assert index.search(query, k, allowed) == [(at, -score) for score, at in order if allowed[at]][:k]


@pytest.mark.parametrize("texts", [TEXTS, [], [""], ["", "。"]])
def test_a_stored_index_answers_like_the_built_one(texts: list[str], tmp_path: Path) -> None:
    """Saving and loading changes no score, for texts without tokens and no texts at all too."""
    built = SparseIndex.build(texts)
    built.save(tmp_path / "sparse")
    stored = SparseIndex.load(tmp_path / "sparse")
    assert len(stored) == len(built) == len(texts)
    for query in ("固定资产投资增长", "5G", "专利", "。"):
        assert np.array_equal(stored.scores(query), built.scores(query))
        assert stored.search(query, 3) == built.search(query, 3)


def test_the_same_texts_give_the_same_files(tmp_path: Path) -> None:
    """Replays rely on it: two builds are equal byte for byte."""
    for name in ("one", "two"):
        SparseIndex.build(TEXTS).save(tmp_path / name)
    files = sorted(path.name for path in (tmp_path / "one").iterdir())
    assert files
    for name in files:
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()


def test_a_missing_or_damaged_index_is_refused(tmp_path: Path) -> None:
    """One clear error instead of the engine's own."""
    with pytest.raises(SnapshotError, match="lexical index"):
        SparseIndex.load(tmp_path)
    SparseIndex.build(TEXTS).save(tmp_path)
    next(tmp_path.glob("data*")).write_bytes(b"")
    with pytest.raises(SnapshotError, match="lexical index"):
        SparseIndex.load(tmp_path)
