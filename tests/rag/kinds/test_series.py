"""A span of years is told year by year with its gaps, unless a report tells of it as one or a total is asked."""

from __future__ import annotations

import pytest

from rag.pipeline import AnswerPipeline
from tests.builders import make_question


@pytest.mark.parametrize(
    ("question", "years", "gap"),
    [
        ("2019-2023年岱川市地区生产总值", ["2019", "2020", "2022", "2023"], "2021年"),
        ("2019年至2022年岱川市城镇新增就业是多少万人", ["2019", "2020", "2022"], "2021年"),
        ("历年岱川市一般公共预算收入", ["2019", "2020", "2022", "2023"], "2021年"),
        ("岱川市地区生产总值逐年增长多少", ["2019", "2020", "2022", "2023"], "2021年"),
        ("岱川市每年城镇新增就业多少", ["2019", "2020", "2022", "2023"], "2021年"),
        ("2020年以来岱川市一般公共预算收入是多少", ["2020", "2022", "2023"], "2021年"),
        ("19-20年岱川市地区生产总值", ["2019", "2020"], ""),
        ("“十四五”期间岱川市城镇新增就业", ["2022", "2023"], "2021年、2024年"),
    ],
)
def test_each_year_is_told_and_the_gaps_are(city: AnswerPipeline, question: str, years: list[str], gap: str) -> None:
    answer = city.answer(make_question(question))
    assert answer.understood.kind.value == "series"
    assert list(dict.fromkeys(v.period for v in answer.values)) == years, answer.answer
    assert gap in answer.answer


def test_the_last_years_are_counted_from_the_last_that_is_told(city: AnswerPipeline) -> None:
    """Asked in 2024, before the report on that year: 近两年 are the two before it."""
    import datetime as dt

    answer = city.answer(make_question("近两年岱川市地区生产总值增速", day=dt.date(2024, 6, 1)))
    assert [v.period for v in answer.values if v.measure == "growth"] == ["2022", "2023"]


@pytest.mark.parametrize("words", ["合计", "累计"])
def test_a_total_is_the_sum_of_its_years_where_all_are_told(city: AnswerPipeline, words: str) -> None:
    answer = city.answer(make_question(f"2022—2023年岱川市城镇新增就业{words}多少万人"))
    (value,) = answer.values
    assert value.derived is not None
    assert value.derived.formula == "2.35万人 + 2.46万人 = 4.81万人"


def test_a_total_with_a_gap_is_refused(city: AnswerPipeline) -> None:
    assert city.answer(make_question("2019—2023年岱川市城镇新增就业累计多少万人")).abstained


def test_an_amount_by_the_year_is_no_series(city: AnswerPipeline) -> None:
    answer = city.answer(make_question("2023年岱川市农村低保标准是每人每年多少元"))
    assert answer.understood.kind.value != "series"
