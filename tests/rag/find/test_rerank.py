"""A rerank model in retrieval: it orders the best, what is measured by scores stays, and each pair is read once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from index.store.reranking import CrossEncoderReranker
from rag.find.passages import Retriever, constraints_of
from rag.find.rerank import RERANKED, Remembered, best_first
from rag.pipeline import AnswerPipeline
from rag.types import Filters
from tests.builders import make_question
from tests.index.store.cross_encoder import write_cross_encoder

TODAY = dt.date(2026, 1, 1)
ASKED = "2020年嘉定为什么要推进新城建设"


class Backwards:
    """Likes best what retrieval likes least: the shorter the text, the better. Notes what it reads."""

    name = "backwards"
    identity = "backwards:1"

    def __init__(self) -> None:
        self.read: list[str] = []

    def scores(self, query: str, texts: Sequence[str]) -> NDArray[np.float32]:
        self.read += [f"{query}\t{text}" for text in texts]
        return np.array([1 / (1 + len(text)) for text in texts], np.float32)


def over(pipeline: AnswerPipeline, reranker: Backwards | CrossEncoderReranker) -> AnswerPipeline:
    return AnswerPipeline(pipeline.snapshot, pipeline.embedder, reranker=reranker)


def test_a_search_is_in_the_models_order(pipeline: AnswerPipeline) -> None:
    """Of the best candidates, and of no others: what it did not read comes behind, with no better score."""
    plain = pipeline.search("养老床位", filters=Filters(), top_k=50, asked_on=TODAY).hits
    found = over(pipeline, Backwards()).search("养老床位", filters=Filters(), top_k=50, asked_on=TODAY).hits
    assert {hit.chunk_id for hit in found} == {hit.chunk_id for hit in plain}
    head, tail = found[:RERANKED], found[RERANKED:]
    assert {hit.chunk_id for hit in head} == {hit.chunk_id for hit in plain[:RERANKED]}
    assert [hit.chunk_id for hit in tail] == [hit.chunk_id for hit in plain[RERANKED:]]
    told = [hit.signals["rerank"] for hit in head]
    assert told == sorted(told, reverse=True)
    assert not [hit for hit in tail if "rerank" in hit.signals]
    scores = [hit.score for hit in found]
    assert scores == sorted(scores, reverse=True)
    assert all(0 <= score <= 1.15 for score in scores)
    first = over(pipeline, Backwards()).search("养老床位", filters=Filters(), top_k=1, asked_on=TODAY).hits
    assert first == found[:1]


def test_a_passage_of_exactly_the_period_keeps_its_place_before_others(pipeline: AnswerPipeline) -> None:
    """The asked time counts as it does without a model."""
    found = over(pipeline, Backwards()).search("2020年固定资产投资", filters=Filters(), top_k=RERANKED, asked_on=TODAY)
    exact = [hit.signals["period"] == 1.0 for hit in found.hits if "rerank" in hit.signals]
    assert exact == sorted(exact, reverse=True)


def test_a_search_that_finds_nothing_asks_no_model(pipeline: AnswerPipeline) -> None:
    model = Backwards()
    assert over(pipeline, model).search("1999年嘉定投资", filters=Filters(), top_k=5, asked_on=TODAY).hits == ()
    filtered = over(pipeline, model).search("投资", filters=Filters(years=(1999,)), top_k=5, asked_on=TODAY)
    assert filtered.hits == ()
    assert model.read == []


def test_sentences_are_in_the_models_order_with_the_scores_of_before(pipeline: AnswerPipeline) -> None:
    """Whether anything answers is measured by the scores, so they are the same ones; nothing is lost or doubled."""
    query = pipeline._reader.plain(make_question("嘉定的养老床位"))
    constraints = constraints_of(query, Filters())
    plain = pipeline._retriever.passages(query, constraints, 40)
    model = Backwards()
    found = over(pipeline, model)._retriever.passages(query, constraints, 40)
    assert [p.score for p in found] == [p.score for p in plain]
    assert sorted(p.sentence for p in found) == sorted(p.sentence for p in plain)
    assert [p.sentence for p in found[RERANKED:]] == [p.sentence for p in plain[RERANKED:]]
    assert [p.sentence for p in found] != [p.sentence for p in plain]
    assert len(model.read) == RERANKED


def test_no_pair_is_read_twice(pipeline: AnswerPipeline) -> None:
    """A question looks several times at much the same sentences."""
    model = Backwards()
    asking = over(pipeline, model)
    asking.answer(make_question(ASKED))
    assert len(model.read) == len(set(model.read)) > 0
    before = len(model.read)
    asking.answer(make_question(ASKED))
    assert len(model.read) == before


def test_one_text_twice_has_one_score() -> None:
    scores = Remembered(Backwards())
    assert scores("q", ["aa", "b", "aa"]).tolist() == pytest.approx([1 / 3, 1 / 2, 1 / 3])
    assert scores("q", ["b", "c", "aa"]).tolist() == pytest.approx([1 / 2, 1 / 2, 1 / 3])
    assert scores("q", []).shape == (0,)
    assert best_first([0.5, 0.7, 0.5]) == [1, 0, 2]


def test_an_answer_says_which_model_ordered_it(pipeline: AnswerPipeline) -> None:
    """The same question with other options is another answer: its id differs. A figure is read, not ranked."""
    figure = make_question("2020年嘉定固定资产投资增长多少")
    with_model, without = over(pipeline, Backwards()).answer(figure), pipeline.answer(figure)
    assert with_model.id != without.id
    assert with_model.answer == without.answer


def test_a_real_cross_encoder_orders_and_answers(pipeline: AnswerPipeline, tmp_path: Path) -> None:
    """From a folder, without a network: its own scores are those of the hits, and every citation is checked as ever."""
    model = CrossEncoderReranker(str(write_cross_encoder(tmp_path / "tiny")))
    asking = over(pipeline, model)
    hits = asking.search("新建公园", filters=Filters(), top_k=5, asked_on=TODAY).hits
    assert [hit.signals["rerank"] for hit in hits] == sorted((h.signals["rerank"] for h in hits), reverse=True)
    (first,) = [chunk for chunk in pipeline.snapshot.chunks if chunk.id == hits[0].chunk_id]
    query = asking._reader.plain(make_question("新建公园"))
    (expected,) = model.scores(query.cues.words, [first.embedded])
    assert hits[0].signals["rerank"] == pytest.approx(float(expected), abs=1e-5)
    answer = asking.answer(make_question(ASKED))
    texts = {source.sha256: source.text for source in pipeline.snapshot.sources.values()}
    assert all(texts[c.sha256][c.start : c.end] == c.quote for c in answer.citations)


def test_without_a_model_nothing_is_reordered(pipeline: AnswerPipeline) -> None:
    assert isinstance(pipeline._retriever, Retriever)
    hits = pipeline.search("新建公园", filters=Filters(), top_k=5, asked_on=TODAY).hits
    assert not [hit for hit in hits if "rerank" in hit.signals]
