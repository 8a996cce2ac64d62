"""Refusals say what was looked up, the nearest first of the same place and time; English answers translate or quote."""

from __future__ import annotations

import pytest

from rag.pipeline import AnswerPipeline
from rag.types import Reason
from tests.builders import make_question


def test_a_year_without_a_report_is_not_said_to_have_one(city: AnswerPipeline) -> None:
    answer = city.answer(make_question("2021年岱川市一般公共预算收入是多少"))
    assert answer.answer.startswith("已收录的岱川市报告没有给出2021年的“一般公共预算收入”。")


def test_the_plan_for_the_asked_year_is_nearer_than_a_result_of_another(city: AnswerPipeline) -> None:
    answer = city.answer(make_question("2024年岱川市固定资产投资增长了多少"))
    assert answer.abstained
    assert "2024年，岱川市的目标（计划数）：固定资产投资增长9%" in answer.answer


def test_of_an_asked_target_it_is_said_that_the_target_is_missing(city: AnswerPipeline) -> None:
    answer = city.answer(make_question("2023年岱川市固定资产投资目标是多少"))
    assert "“固定资产投资的目标”" in answer.answer


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("what was the gdp growth target of 岱川市 for 2024", "up about 5.5%"),
        ("what was the gdp growth target of 岱川市 for 2021", "up at least 7%"),
        ("top 2 counties by gdp in 2023", "1. 柳桥区: 24.07 billion yuan (240.7亿元)"),
        ("how many urban jobs were created in 岱川市 in 2023, and was the target met", "Target met: 24,600 people"),
        ("fixed asset investment of 岱川市 in 2022", "do not state “fixed-asset investment” for 2022"),
    ],
)
def test_english_answers_keep_how_exactly_a_figure_is_meant(city: AnswerPipeline, question: str, told: str) -> None:
    assert told in city.answer(make_question(question, language="en")).answer


def test_what_is_not_translated_stands_in_quotation_marks(city: AnswerPipeline) -> None:
    answer = city.answer(make_question("2024年岱川市要推进什么振兴", language="en"))
    assert answer.abstained or "“" in answer.answer


def test_a_place_in_a_held_one_is_refused_by_its_own_name(pipeline: AnswerPipeline) -> None:
    """No report of a town of the district is held, though one of the district is."""
    answer = pipeline.answer(make_question("2020年上海市嘉定区南翔镇固定资产投资是多少"))
    assert answer.reason is Reason.REGION_MISSING
    assert "没有收录嘉定区的报告" not in answer.answer
