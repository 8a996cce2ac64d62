"""A question goes through the rooms once, and an answer can be explained."""

from __future__ import annotations

from dataclasses import replace

import pytest

from benchmarks.way import returns, way
from rag.pipeline import AnswerPipeline
from tests.builders import make_question

MOST_RETURNS = 2
ASKED = [
    "2020年嘉定区固定资产投资增长多少?",
    "2019年和2020年嘉定区固定资产投资哪年高?",
    "2020年嘉定区有多少座海底隧道?",
    "2020年嘉定区固定资产投资完成多少亿元？新增就业岗位多少个？",
    "2020年嘉定区固定资产投资占地区生产总值的比重是多少?",
    "2020年嘉定区为什么固定资产投资下降?",
]


@pytest.mark.parametrize("text", ASKED)
def test_a_question_hardly_returns_to_a_room_that_it_left(pipeline: AnswerPipeline, text: str) -> None:
    pipeline.answer(make_question(text))
    entered, _ = way(lambda: pipeline.answer(make_question(text)))
    assert entered[0] == "understand"
    assert returns(entered) <= MOST_RETURNS, entered


def test_returns_are_counted_where_another_room_lies_between() -> None:
    assert returns(["understand", "decide", "find", "find", "answer"]) == 0
    assert returns(["understand", "decide", "find", "understand", "find"]) == 2


def test_an_explained_answer_says_what_speaks_against_each_fact(pipeline: AnswerPipeline) -> None:
    """The fact that answers serves the question and has no objection; a growth serves no question for an amount."""
    question = replace(make_question("2020年嘉定区固定资产投资完成多少亿元?"), explain=True)
    facts = pipeline.answer(question).trace["facts"]
    assert isinstance(facts, list)
    told = next(f for f in facts if f["region"] == "嘉定区" and f["period"] == "2020" and f["value"] == "429.7")
    assert (told["serves"], told["objections"]) == (True, [])
    assert told["probability"] > 0.9
    assert told["worth"]
    assert not any(f["serves"] for f in facts if f["measure"] == "growth")
