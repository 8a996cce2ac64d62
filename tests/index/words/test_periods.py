"""Words for time, as reports and questions use them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.types import Period
from index.words.periods import Clock, arabic_years, find_times, plan_named_in

REPORT_2024 = Clock(2024, 2023)
"""The results part of a report given in January 2024."""

MID_YEAR = Clock(2025, 2025, Period.half(2025, 1))
"""A report given in July 2025 on the first half."""


def named(text: str, clock: Clock = REPORT_2024) -> list[str]:
    return [str(mention.period) for mention in find_times(text, clock)]


@pytest.mark.parametrize(
    ("text", "periods"),
    [
        ("2020年完成投资", ["2020"]),
        ("2020年全年完成", ["2020"]),
        ("2020年上半年", ["2020-H1"]),
        ("2020年下半年", ["2020-H2"]),
        ("2020年一季度", ["2020-Q1"]),
        ("2020年第四季度", ["2020-Q4"]),
        ("2020年3季度", ["2020-Q3"]),
        ("2020年前三季度", ["2020-01/2020-09"]),
        ("2020年6月", ["2020-06"]),
        ("2020年11月份", ["2020-11"]),
        ("2020年6月底", ["2020-06"]),
        ("2020年底建成", ["2020"]),
        ("2020年末常住人口", ["2020"]),
        ("2025年1-5月", ["2025-01/2025-05"]),
        ("2025年1至11月", ["2025-01/2025-11"]),
        ("2016-2020年", ["2016/2020"]),
        ("2016年至2020年", ["2016/2020"]),
        ("2016年到2020年", ["2016/2020"]),
        ("二〇二〇年完成", ["2020"]),
        ("二○二○年上半年", ["2020-H1"]),
        ("二零二零年", ["2020"]),
        ("一九九八年", ["1998"]),
        ("二〇三五年远景目标", ["2035"]),
        ("二o一九年", ["2019"]),
        ("二0一九年至二○二一年", ["2019/2021"]),
        ("2O19年上半年", ["2019-H1"]),
    ],
)
def test_a_named_year_and_its_parts(text: str, periods: list[str]) -> None:
    """Years, halves, quarters, months and spans, in Arabic and in Chinese digits."""
    assert named(text) == periods


@pytest.mark.parametrize(
    ("text", "periods"),
    [
        ("今年安排重大项目30个", ["2024"]),
        ("今年上半年", ["2024-H1"]),
        ("本年度", ["2024"]),
        ("去年完成", ["2023"]),
        ("上年税收", ["2022"]),
        ("去年下半年", ["2023-H2"]),
        ("前年", ["2022"]),
        ("明年启动", ["2025"]),
        ("过去一年", ["2023"]),
        ("一年来", ["2023"]),
        ("全年完成", ["2023"]),
        ("年内开工", ["2023"]),
        ("年底前完成", ["2023"]),
        ("上半年", ["2023-H1"]),
        ("三季度", ["2023-Q3"]),
        ("截至6月底", ["2023-06"]),
        ("截至11月末", ["2023-11"]),
        ("1-11月", ["2023-01/2023-11"]),
        ("过去五年", ["2019/2023"]),
        ("近三年", ["2021/2023"]),
        ("五年来", ["2019/2023"]),
        ("今后五年", ["2024/2028"]),
        ("未来3年", ["2024/2026"]),
        ("在今后的五年里", ["2024/2028"]),
        ("未来的十年间", ["2024/2033"]),
        ("十年间", ["2014/2023"]),
    ],
)
def test_a_relative_time_is_read_by_the_clock(text: str, periods: list[str]) -> None:
    """今年 and 去年 go by the speaker's year; 全年, 上半年 and the year before (上年) by the year that is told."""
    assert named(text) == periods


def test_so_far_is_what_the_speaker_can_know() -> None:
    """In a mid-year report 今年以来 is the first half; in a report of January it is the year."""
    assert named("今年以来，进出口增长", MID_YEAR) == ["2025-H1"]
    assert named("今年以来，进出口增长") == ["2024"]
    assert named("今年，我们将", MID_YEAR) == ["2025"]


@pytest.mark.parametrize(
    ("text", "periods"),
    [
        ("“十三五”期间", ["2016/2020"]),
        ("“十三五”时期，", ["2016/2020"]),
        ("“十四五”以来", ["2021/2025"]),
        ("十四五规划", ["2021/2025"]),
        ("“十一五”", ["2006/2010"]),
        ("“十五”期间", ["2001/2005"]),
        ("“九五”计划", ["1996/2000"]),
        ("“十二五”末", ["2015"]),
        ("“十四五”开局之年", ["2021"]),
        ("“十三五”规划收官之年", ["2020"]),
        ("“十五五”规划", ["2026/2030"]),
        pytest.param("十五年来坚持", ["2009/2023"]),
        ("第十五届", []),
        ("七五折", []),
    ],
)
def test_a_five_year_plan_is_its_years(text: str, periods: list[str]) -> None:
    """By number, with 开局 its first and 收官 its last year; other words with 五 are no plan."""
    assert named(text) == periods


def test_a_title_names_its_plan_by_number() -> None:
    """第十四个五年规划 in the title of a plan, where quotation marks hide it from running text."""
    title = "国民经济和社会发展第十四个五年规划和二〇三五年远景目标纲要"
    assert str(plan_named_in(title)) == "2021/2025"
    assert plan_named_in("城市总体规划") is None
    assert named(f"关于《{title}》的说明") == []


@pytest.mark.parametrize(
    "text",
    [
        "房价为2020万元", "共2019家企业", "客服电话12345", "90年代", "1990年代", "三年级学生", "每年", "历年", "多年来", "常年", "G2026次",
        "", "青年", "十年树木", "年均增长5%",
    ],
)  # fmt: skip
def test_what_is_no_time(text: str) -> None:
    """Figures, numbers of things and words with 年 in them name no period."""
    assert named(text) == []


@pytest.mark.parametrize(
    ("text", "bases"),
    [
        ("比上年增长6%", [True]),
        ("较2015年提高3个百分点", [True]),
        ("与2019年相比", [True]),
        ("比去年同期多12户", [True]),
        ("2023年比2022年增长5%", [False, True]),
        ("2023年增长5%", [False]),
    ],
)
def test_a_time_that_is_only_compared_with_is_marked(text: str, bases: list[bool]) -> None:
    """What a growth is measured against is not the time of the figure."""
    assert [m.base for m in find_times(text, REPORT_2024)] == bases


def test_several_times_come_in_order() -> None:
    """Each with its own words, and none read twice."""
    mentions = find_times("2019年上半年、2020年和“十三五”期间", REPORT_2024)
    assert [(m.words, str(m.period)) for m in mentions] == [
        ("2019年上半年", "2019-H1"),
        ("2020年", "2020"),
        ("“十三五”", "2016/2020"),
    ]


WORDS = "2020年上半年下今去明全底末初一二三四季度月份第前过近五两十“”十三五期间以来0123456789-至比较同期《》〇年 "


@given(st.text(WORDS, max_size=40))
def test_times_are_slices_that_do_not_overlap(text: str) -> None:
    """Whatever stands in a text, each mention is its words at its place, and a period is never empty."""
    end = 0
    for mention in find_times(text, REPORT_2024):
        assert mention.span.start >= end
        assert mention.words == arabic_years(text)[mention.span.start : mention.span.end]
        assert mention.period.length >= 1
        end = mention.span.end


@given(st.text(WORDS, max_size=40))
def test_chinese_years_keep_their_places(text: str) -> None:
    """Digits take the place of digits, so that spans stay what they were."""
    assert len(arabic_years(text)) == len(text)
    assert arabic_years(arabic_years(text)) == arabic_years(text)


@pytest.mark.parametrize(
    ("text", "periods"),
    [
        ("目前年产值12亿元", []),
        ("前年产值12亿元", ["2022"]),
        ("五年来年均增长7%", ["2019/2023"]),
        ("近年来年均增长7%", []),
        ("来年重点工作", ["2025"]),
        ("11-12月用电量", []),
        ("1-11月用电量", ["2023-01/2023-11"]),
        ("提前3个月完成", []),
        ("前3个月完成", ["2023-Q1"]),
        ("本年龄段人口", []),
        ("本年完成投资", ["2024"]),
        ("四年来新增就业", ["2020/2023"]),
        ("七年间新增就业", ["2017/2023"]),
    ],
)
def test_words_that_only_begin_or_end_like_a_time_are_none(text: str, periods: list[str]) -> None:
    """目前年 is no 前年, 近年来年 no 来年; what is a time stays one beside them."""
    assert named(text) == periods
