"""What a question asks for: thing, place, time and kind, and what it takes from the questions before it."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.words.regions import Gazetteer
from rag.types import Query
from rag.understand.known import Known
from rag.understand.language import language_of
from rag.understand.query import understand
from tests.builders import make_question

HELD = Known(frozenset({"嘉定区", "闵行区", "徐汇区", "上海市", "青石市"}))


def read(text: str, *history: str, day: dt.date = dt.date(2026, 1, 1)) -> Query:
    return understand(make_question(text, *history, day=day), HELD, Gazetteer.load())


def periods(query: Query) -> list[str]:
    return [str(period) for period in query.time.periods]


@pytest.mark.parametrize(
    ("text", "regions", "times", "indicators", "kind"),
    [
        ("2020年嘉定固定资产投资增长多少", ["嘉定区"], ["2020"], ["固定资产投资"], "growth"),
        ("2020年嘉定区固定资产投资是多少亿元？", ["嘉定区"], ["2020"], ["固定资产投资"], "value"),
        ("2020年上半年嘉定固定资产投资", ["嘉定区"], ["2020-H1"], ["固定资产投资"], "value"),
        ("2020年嘉定上半年固定资产投资", ["嘉定区"], ["2020-H1"], ["固定资产投资"], "value"),
        ("二〇二〇年嘉定区固定资产投资增长多少", ["嘉定区"], ["2020"], ["固定资产投资"], "growth"),
        ("２０２０年嘉定固定资产投资增长多少", ["嘉定区"], ["2020"], ["固定资产投资"], "growth"),
        ("2021年嘉定区固定资产投资的目标是多少", ["嘉定区"], ["2021"], ["固定资产投资"], "target"),
        ("2020年嘉定和闵行固定资产投资哪个更高", ["嘉定区", "闵行区"], ["2020"], ["固定资产投资"], "compare"),
        ("2019年和2020年嘉定固定资产投资分别是多少", ["嘉定区"], ["2019", "2020"], ["固定资产投资"], "series"),
        ("2020年哪个区固定资产投资最高", [], ["2020"], ["固定资产投资"], "rank"),
        ("嘉定区“十三五”期间固定资产投资累计多少", ["嘉定区"], ["2016/2020"], ["固定资产投资"], "value"),
        ("为什么2020年嘉定固定资产投资增长", ["嘉定区"], ["2020"], ["固定资产投资"], "explain"),
        ("上海市嘉定区2020年固定资产投资", ["嘉定区"], ["2020"], ["固定资产投资"], "value"),
        ("青石市2023年固定资产投资是多少", ["青石市"], ["2023"], ["固定资产投资"], "value"),
        ("嘉定區2020年一般公共預算收入是多少", ["嘉定区"], ["2020"], ["一般公共预算收入"], "value"),
        ("How much did fixed asset investment in Jiading grow in 2020?", ["嘉定区"], ["2020"], ["固定资产投资"], "growth"),
        ("fixed asset investment of Minhang District in the first half of 2020", ["闵行区"], ["2020-H1"], ["固定资产投资"], "value"),
    ],
)  # fmt: skip
def test_a_question_has_slots(
    text: str, regions: list[str], times: list[str], indicators: list[str], kind: str
) -> None:
    """Chinese in either script, width and numerals, and English."""
    query = read(text)
    assert (list(query.place.regions), periods(query), list(query.thing.indicators), query.kind) == (
        regions,
        times,
        indicators,
        kind,
    )
    assert query.carried == ()


@pytest.mark.parametrize(
    ("text", "times"),
    [
        ("今年嘉定固定资产投资", ["2021"]),
        ("去年嘉定固定资产投资", ["2020"]),
        ("去年上半年嘉定固定资产投资", ["2020-H1"]),
        ("上半年嘉定固定资产投资", ["2021-H1"]),
        ("fixed asset investment of Jiading last year", ["2020"]),
        ("比2019年增长多少，2020年嘉定固定资产投资", ["2020"]),
    ],
)
def test_relative_times_are_read_by_the_day_of_the_question(text: str, times: list[str]) -> None:
    """今年 and 去年 mean nothing without it; a year only compared with is not asked for."""
    assert periods(read(text, day=dt.date(2021, 5, 1))) == times


@pytest.mark.parametrize(
    ("history", "text", "regions", "times", "indicators", "carried"),
    [
        (["2020年嘉定固定资产投资增长多少"], "那闵行呢？", ["闵行区"], ["2020"], ["固定资产投资"], {"period", "indicator"}),
        (["2020年嘉定固定资产投资是多少"], "2019年呢？", ["嘉定区"], ["2019"], ["固定资产投资"], {"region", "indicator"}),
        (["2020年嘉定固定资产投资是多少"], "上半年呢", ["嘉定区"], ["2020-H1"], ["固定资产投资"], {"region", "indicator"}),
        (["2020年嘉定固定资产投资是多少"], "那社会消费品零售总额呢", ["嘉定区"], ["2020"], ["社会消费品零售总额"], {"region", "period"}),
        (["2020年嘉定固定资产投资是多少"], "增长多少？", ["嘉定区"], ["2020"], ["固定资产投资"], {"region", "period", "indicator"}),
        (["2020年嘉定固定资产投资是多少", "2019年呢？"], "闵行呢？", ["闵行区"], ["2019"], ["固定资产投资"], {"period", "indicator"}),
        (["2020年嘉定固定资产投资是多少"], "2021年闵行一般公共预算收入是多少", ["闵行区"], ["2021"], ["一般公共预算收入"], set()),
    ],
)  # fmt: skip
def test_a_follow_up_carries_what_it_leaves_open(
    history: list[str], text: str, regions: list[str], times: list[str], indicators: list[str], carried: set[str]
) -> None:
    """And says which slots it took from the questions before."""
    query = read(text, *history)
    assert (list(query.place.regions), periods(query), list(query.thing.indicators)) == (regions, times, indicators)
    assert set(query.carried) - {"status"} == carried


def test_a_year_can_name_the_report() -> None:
    """In 2021年…政府工作报告 the year is the report's, and its figures may be of the year before."""
    query = read("2021年嘉定区政府工作报告里，固定资产投资是多少")
    assert query.time.report_years == (2021,)
    assert query.time.periods == ()


def test_a_street_that_no_report_speaks_for_is_noticed() -> None:
    """嘉定区南翔镇 asks for the town, not for the district around it."""
    assert read("2020年嘉定区南翔镇固定资产投资是多少").place.unknown == ("南翔镇",)
    assert read("2020年嘉定区固定资产投资是多少").place.unknown == ()


def test_every_constraint_points_at_its_words() -> None:
    """Mentions are spans of the question as typed."""
    text = "请问2020年嘉定区固定资产投资增长多少？"
    assert {(m.slot, m.span.of(text)) for m in read(text).mentions} == {
        ("region", "嘉定区"),
        ("period", "2020年"),
        ("indicator", "固定资产投资"),
    }


@pytest.mark.parametrize("text", ["请问“2020年”嘉定区固定资产投资增长多少？"])
def test_constraints_point_at_their_words_behind_quotation_marks(text: str) -> None:
    assert ("region", "嘉定区") in {(m.slot, m.span.of(text)) for m in read(text).mentions}


@pytest.mark.parametrize(
    ("text", "asked", "language"),
    [
        ("2020年嘉定固定资产投资", "auto", "zh"),
        ("2020年嘉定區固定資產投資", "auto", "zh-Hant"),
        ("GDP of Jiading", "auto", "en"),
        ("嘉定GDP", "auto", "zh"),
        ("2020年嘉定固定资产投资", "en", "en"),
    ],
)
def test_the_language_is_that_of_the_question(text: str, asked: str, language: str) -> None:
    """Unless another is asked for."""
    assert language_of(text, asked) == language


@given(st.lists(st.sampled_from([
    "2020年", "上半年", "嘉定", "上海市", "南翔镇", "固定资产投资", "增长", "多少", "哪个区", "为什么", "目标", "和", "的", "？", " ", "“", "”", "去年",
    "GDP", "of", " in 2020", "growth", "二〇二〇年", "呢", "亿元", "比", "相比",
]), min_size=1, max_size=12).map("".join), st.lists(st.sampled_from(["2020年嘉定固定资产投资", "那闵行呢", "GDP?"]), max_size=2))  # fmt: skip
def test_any_words_can_be_asked(text: str, history: list[str]) -> None:
    """Words in any order are understood as something, the same way twice."""
    query = read(text, *history)
    assert query == read(text, *history)
    assert query.text == text


@pytest.mark.parametrize("mark", ["①", "³", "[2]"])
def test_a_mark_of_a_note_says_nothing(mark: str) -> None:
    """A question copied with the marks of its source asks what it asks without them."""
    marked, plain = read(f"2020年嘉定固定资产投资{mark}增长多少"), read("2020年嘉定固定资产投资增长多少")
    assert (marked.thing.terms, marked.thing.indicators, marked.time.periods) == (
        plain.thing.terms,
        plain.thing.indicators,
        plain.time.periods,
    )
