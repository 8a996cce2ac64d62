"""What the page is offered: questions about what is held, each of which is answered."""

from __future__ import annotations

import datetime as dt

import pytest
from litestar import Litestar
from litestar.testing import TestClient

from api.web import start
from rag.pipeline import AnswerPipeline
from rag.types import Answer, Question
from tests.api.fakes import FakePipeline

TODAY = dt.date(2026, 11, 30)


@pytest.mark.parametrize("forms", [start.CHINESE, start.ENGLISH], ids=["Chinese", "English"])
def test_every_suggestion_is_of_what_is_held_and_answered(
    pipeline_of_reports: AnswerPipeline, forms: tuple[start.Form, ...]
) -> None:
    offered = start.suggestions(pipeline_of_reports, TODAY, forms)
    assert 4 <= len(offered) <= start.OFFERED
    assert len(set(offered)) == len(offered)
    for question in offered:
        answer = pipeline_of_reports.answer(Question(question, TODAY))
        assert not answer.abstained, question
        assert answer.citations, question
    if forms is start.ENGLISH:
        assert [each for each in offered if each.isascii()]


def test_nothing_is_offered_that_is_refused() -> None:
    """A pipeline that answers nothing else than 嘉定 is offered for nothing else."""

    class Refusing(FakePipeline):
        def answer(self, question: Question) -> Answer:
            return super().answer(Question("今天天气如何", question.asked_on))

    assert start.suggestions(Refusing(), TODAY, start.CHINESE) == []


def test_the_page_is_told_what_is_held_at_once(client: TestClient[Litestar]) -> None:
    told = client.get("/web/start").json()
    assert told == {"held": {"嘉定区": [2020]}, "documents": 2, "generators": ["extractive"], "feedback": True}


def test_suggestions_are_found_once_for_a_snapshot(client: TestClient[Litestar], pipeline: FakePipeline) -> None:
    first = client.get("/web/suggestions?lang=zh").json()
    asked = len(pipeline.questions)
    assert asked
    assert client.get("/web/suggestions?lang=zh").json() == first
    assert len(pipeline.questions) == asked
    pipeline.snapshot.id = "another"
    client.get("/web/suggestions?lang=zh")
    assert len(pipeline.questions) > asked
    assert client.get("/web/suggestions?lang=xx").status_code == 422
