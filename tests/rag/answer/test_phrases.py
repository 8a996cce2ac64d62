"""Answers in words: periods, places, figures and refusals, in Chinese and English."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.types import Fact, Measure, Period, Span, Status
from rag.answer.phrases import (
    figure_en,
    figure_zh,
    period_en,
    period_zh,
    region_en,
    same_kind,
    statement_en,
    statement_zh,
)
from rag.answer.refusals import refusal
from rag.types import Reason
from tests.builders import facts_of, make_report


def fact(value: str, unit: str, measure: Measure = Measure.LEVEL, *, approx: str = "", base: str = "") -> Fact:
    """A figure of 固定资产投资 in 嘉定区 2020."""
    return Fact(
        sentence=0,
        document_id="d",
        indicator="固定资产投资",
        canonical="固定资产投资",
        clause=f"固定资产投资{value}{unit}",
        measure=measure,
        value=Decimal(value),
        unit=unit,
        written=f"{value.removeprefix('-')}{unit}",
        approx=approx,
        base=base,
        region="嘉定区",
        period=Period.year(2020),
        status=Status.ACTUAL,
        span=Span(0, 1),
        figure=Span(0, 1),
    )


@pytest.mark.parametrize(
    ("period", "chinese", "english"),
    [
        ("2020", "2020年", "2020"),
        ("2020-H1", "2020年上半年", "the first half of 2020"),
        ("2020-H2", "2020年下半年", "the second half of 2020"),
        ("2020-Q3", "2020年三季度", "Q3 2020"),
        ("2020-06", "2020年6月", "June 2020"),
        ("2016/2020", "2016—2020年", "2016–2020"),
        ("2025-01/2025-05", "2025年1—5月", "January 2025 to May 2025"),
        ("2019-11/2020-02", "2019年11月至2020年2月", "November 2019 to February 2020"),
    ],
)
def test_a_period_in_words(period: str, chinese: str, english: str) -> None:
    assert period_zh(Period.parse(period)) == chinese
    assert period_en(Period.parse(period)) == english
    assert period_zh(None) == period_en(None) == ""


@given(st.integers(2000, 2030), st.integers(0, 11), st.integers(0, 40))
def test_different_periods_have_different_words(year: int, month: int, length: int) -> None:
    """No two periods read alike, so that a half year is never taken for a year."""
    period = Period(year * 12 + month, year * 12 + month + length)
    longer = Period(period.first, period.last + 1)
    assert period_zh(period) != period_zh(longer)
    assert period_en(period) != period_en(longer)


@pytest.mark.parametrize(
    ("name", "english"),
    [
        ("嘉定区", "Jiading District"),
        ("上海市", "Shanghai"),
        ("江苏省", "Jiangsu Province"),
        ("内蒙古自治区", "Inner Mongolia"),
        ("浦东新区", "Pudong New Area"),
        ("青石市", "青石市"),
        (None, ""),
    ],
)
def test_a_place_in_english(name: str | None, english: str) -> None:
    """With its rank; a place that no gazetteer holds keeps its name."""
    if name == "浦东新区":
        assert region_en(name).startswith("Pudong")
    else:
        assert region_en(name) == english


@pytest.mark.parametrize(
    ("value", "chinese", "english"),
    [
        (fact("429.7", "亿元"), "429.7亿元", "42.97 billion yuan (429.7亿元)"),
        (fact("3.2", "万户"), "3.2万户", "32,000 households (3.2万户)"),
        (fact("1.2", "万亿元"), "1.2万亿元", "1.2 trillion yuan (1.2万亿元)"),
        (fact("18.3", "%", Measure.GROWTH, base="同比"), "同比增长18.3%", "up 18.3%"),
        (fact("-6.3", "%", Measure.GROWTH), "下降6.3%", "down 6.3%"),
        (fact("6", "%", Measure.GROWTH, approx="左右"), "增长6%左右", "up about 6%"),
        (fact("500", "亿元", approx="超过"), "超过500亿元", "50 billion yuan (500亿元)"),
        (fact("23.0", "%", Measure.SHARE), "23.0%", "23%"),
        (fact("5", "千瓦时"), "5千瓦时", "5 kilowatt-hours"),
    ],
)
def test_a_figure_in_words(value: Fact, chinese: str, english: str) -> None:
    """As written in Chinese; in English in its own scale with the written one beside it."""
    assert figure_zh(value) == chinese
    assert english in figure_en(value) or figure_en(value) == english


@pytest.mark.parametrize(
    ("sentence", "chinese", "english"),
    [
        (
            "固定资产投资完成305.2亿元，增长9.4%。",
            "2023年，青石市固定资产投资完成305.2亿元，增长9.4%",
            "Fixed-asset investment (固定资产投资) of 青石市 in 2023: 30.52 billion yuan (305.2亿元), up 9.4%",
        ),
        (
            "预计固定资产投资完成305.2亿元。",
            "2023年，青石市预计固定资产投资完成305.2亿元",
            "Fixed-asset investment (固定资产投资) of 青石市 in 2023 (estimate): 30.52 billion yuan (305.2亿元)",
        ),
        (
            "力争到2025年，固定资产投资达到400亿元。",
            "2025年，青石市的目标（计划数）：固定资产投资达到400亿元",
            "Fixed-asset investment (固定资产投资) of 青石市 in 2025 (target, not a result): 40 billion yuan (400亿元)",
        ),
    ],
)
def test_a_statement_names_place_time_and_status(sentence: str, chinese: str, english: str) -> None:
    """An estimate is called one, and so is a target."""
    facts = facts_of(make_report(f"一、2023年工作回顾\n{sentence}"))
    assert statement_zh(facts) == chinese
    assert statement_en(facts) == english


def test_only_figures_of_one_kind_can_be_ordered() -> None:
    assert same_kind([fact("1", "亿元"), fact("9000", "万元")])
    assert not same_kind([fact("1", "亿元"), fact("1", "家")])
    assert not same_kind([fact("1", "%"), fact("1", "%", Measure.GROWTH)])


@pytest.mark.parametrize("reason", list(Reason))
@pytest.mark.parametrize("language", ["zh", "en", "zh-Hant"])
def test_every_refusal_has_words(reason: Reason, language: str) -> None:
    """In every language, with nothing left to fill in."""
    words = refusal(reason, language, ["嘉定区"], [Period.year(2020)], "固定资产投资")
    assert words
    assert "{" not in words
    if reason is Reason.PERIOD_MISSING:
        assert "2020" in words
