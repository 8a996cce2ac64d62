"""What speaks against a figure is said in words."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from index.types import Fact, Measure, Period, Span, Status
from rag.decide.guards import (
    leaves_out,
    narrows,
    objections,
    of_another_measure,
    of_another_noun,
    of_another_number,
)
from rag.types import Cues, Query, QuestionKind, Thing

PLAIN = Query(text="", kind=QuestionKind.VALUE, language="zh", status=None)


def asked(terms: str, **cues: object) -> Query:
    return replace(PLAIN, thing=Thing(terms=terms), cues=Cues(**cues))  # type: ignore[arg-type]


def told(indicator: str, clause: str) -> Fact:
    """The figure 50 of a clause."""
    return Fact(
        sentence=0,
        document_id="d0",
        indicator=indicator,
        canonical=None,
        clause=clause,
        measure=Measure.LEVEL,
        value=Decimal(50),
        unit=clause.partition("50")[2],
        written="50",
        approx="",
        base="",
        region="青石市",
        period=Period.year(2023),
        status=Status.ACTUAL,
        span=Span(0, len(clause)),
        figure=Span(clause.index("50"), len(clause)),
    )


@pytest.mark.parametrize(
    ("query", "indicator", "clause", "said"),
    [
        (asked("青山经济开发区产值"), "苟江经济开发区产值", "苟江经济开发区产值50亿元", "another name"),
        (asked("和平经济开发区产值"), "苟江经济开发区产值", "苟江经济开发区产值50亿元", "another name"),
        (asked("国际旅客吞吐量"), "旅客吞吐量", "旅客吞吐量50万人次", "lacks a word that narrows"),
        (asked("移动电话用户"), "固定电话和移动电话用户", "固定电话和移动电话用户50万户", "several things together"),
        (asked("税收"), "单位面积税收", "单位面积税收50元", "reckoned by the unit"),
        (asked("移动电话用户"), "移动电话用户", "移动电话用户50万户", ""),
    ],
)
def test_an_objection_names_the_difference(query: Query, indicator: str, clause: str, said: str) -> None:
    fact = told(indicator, clause)
    assert said in (tuple(objections(query, fact, clause)) or ("",))


@pytest.mark.parametrize(
    ("thing", "indicator", "said"),
    [
        ("茶园面积", "粮食播种面积", "the same measure of another thing"),
        ("水面面积", "棉花种植面积", "the same measure of another thing"),
        ("粮食面积", "粮食播种面积", ""),
        ("森林面积", "林地面积", ""),
    ],
)
def test_an_area_is_of_the_thing_it_is_told_of(thing: str, indicator: str, said: str) -> None:
    """However an area is called, one of another thing does not answer."""
    assert of_another_noun(asked(thing), told(indicator, f"{indicator}50万亩")) == said


def test_numbers_tell_lines_apart() -> None:
    fact = told("27号线长度", "27号线长50公里")
    assert of_another_number(asked("8号线长度", numbers=frozenset({"8"})), fact) == "another number"
    assert of_another_number(asked("27号线长度", numbers=frozenset({"27"})), fact) == ""
    assert of_another_number(asked("线路长度"), fact) == ""


def test_what_is_left_out_is_not_told() -> None:
    fact = told("粮食产量(不包括大豆)", "粮食产量(不包括大豆)50万吨")
    assert leaves_out(asked("大豆产量"), fact) == "leaves it out"
    assert leaves_out(asked("粮食产量"), fact) == ""


def test_a_part_of_what_is_asked_is_not_the_whole() -> None:
    assert narrows("常住人口", "城镇人口")
    assert narrows("商品房销售面积", "农村商品房销售面积")
    assert not narrows("农民人均纯收入", "农村居民人均纯收入")
    assert not narrows("常住人口", "年末常住人口")
    assert not narrows("农村低保标准", "农村低保标准每人每年")


@pytest.mark.parametrize(
    ("terms", "indicator", "clause", "said"),
    [
        ("保险密度是人均", "人均生产总值", "人均生产总值50万辆", "another measure"),
        ("灌溉水有效利用系数", "农业灌溉", "农业灌溉50万辆", "another measure"),
        ("碳配额成交额", "碳配额成交量", "碳配额成交量50万辆", "another measure"),
        ("保险密度", "保险密度", "保险密度50万辆", ""),
        ("碳配额成交额", "碳配额成交金额", "碳配额成交金额50万辆", ""),
    ],
)
def test_a_ratio_and_a_turnover_must_be_said(terms: str, indicator: str, clause: str, said: str) -> None:
    assert of_another_measure(asked(terms), told(indicator, clause)) == said


def test_a_measure_must_be_said() -> None:
    fact = told("电动自行车上牌", "电动自行车上牌50万辆")
    assert of_another_measure(asked("电动自行车产量"), fact) == "another measure"
    assert "another measure" in objections(asked("电动自行车产量"), fact, fact.clause)
