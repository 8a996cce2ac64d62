"""Short and odd ways to write a year in a question: the year meant, or the word that could not be read."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.text.cleaning import View
from index.text.folding import fold
from index.words.periods import arabic_years
from index.words.regions import Gazetteer
from rag.pipeline import AnswerPipeline
from rag.types import Query
from rag.understand.known import Known
from rag.understand.query import understand
from rag.understand.years import full_years, odd_year
from tests.builders import make_question

HELD = Known(frozenset({"嘉定区", "闵行区", "上海市"}))


def read(text: str, year: int = 2026) -> Query:
    return understand(make_question(text, day=dt.date(year, 1, 1)), HELD, Gazetteer.load())


def written_out(text: str, year: int = 2026) -> str:
    return full_years(View.of(arabic_years(fold(text))), year).text


@pytest.mark.parametrize(
    ("text", "periods"),
    [
        ("21年闵行财政收入多少", ["2021"]),
        ("闵行财政收入19年是多少", ["2019"]),
        ("闵行区GDP22年增长多少", ["2022"]),
        ("2三年闵行财政收入多少", ["2023"]),
        ("97年上海工业总产值", ["1997"]),
        ("09年上海工业总产值", ["2009"]),
        ("二一年闵行财政收入", ["2021"]),
        ("〇七年闵行财政收入", ["2007"]),
        ("九八年上海工业总产值", ["1998"]),
        ("2O19年闵行财政收入", ["2019"]),
        ("二Ｏ一九年闵行财政收入", ["2019"]),
        ("二0一九年闵行财政收入", ["2019"]),
        ("二○一九年闵行财政收入", ["2019"]),
        ("2O19闵行财政收入", ["2019"]),
        ("二〇一九闵行财政收入", ["2019"]),
        ("18-19年闵行财政收入", ["2018/2019"]),
        ("18年至19年闵行财政收入", ["2018/2019"]),
        ("2018-19年闵行财政收入", ["2018/2019"]),
        ("18、19年闵行财政收入", ["2018", "2019"]),
        ("18年和19年闵行财政收入", ["2018", "2019"]),
        ("19年上半年闵行财政收入", ["2019-H1"]),
        ("19年前三季度闵行财政收入", ["2019-01/2019-09"]),
        ("19年底闵行常住人口", ["2019"]),
        ("19年闵行限额以上零售额多少", ["2019"]),
        ("19年制造业投资多少", ["2019"]),
        ("19年多少亿元", ["2019"]),
    ],
)
def test_the_year_meant(text: str, periods: list[str]) -> None:
    """Two digits, letters for zeros, and spans of either."""
    query = read(text)
    assert [str(period) for period in query.time.periods] == periods
    assert query.time.odd_year == ""


@pytest.mark.parametrize(("asked", "year"), [(2026, "2036"), (2025, "1936"), (1999, "1936")])
def test_a_short_year_is_near_the_day_of_the_question(asked: int, year: str) -> None:
    """Ten years ahead at most; what lies further is of the 1900s."""
    assert written_out("36年产量", asked) == f"{year}年产量"


@pytest.mark.parametrize(
    ("text", "odd"),
    [
        ("2O1x年闵行财政收入", "2o1x年"),
        ("2l19年闵行财政收入", "2l19年"),
        ("二〇一年闵行财政收入", "二〇一年"),
        ("二〇一九五年闵行财政收入", "二〇一九五年"),
        ("20190年闵行财政收入", "20190年"),
        ("3019年闵行财政收入", "3019年"),
        ("1790年闵行财政收入", "1790年"),
    ],
)
def test_what_no_report_can_be_of_is_named(pipeline: AnswerPipeline, text: str, odd: str) -> None:
    """Another year's figure is never given in its place."""
    answer = pipeline.answer(make_question(text))
    assert answer.abstained
    assert odd in answer.answer


@pytest.mark.parametrize("text", ["3000年历史", "PM10年均浓度", "CO2年均排放", "建党100年", "20190次"])
def test_what_is_no_odd_year(text: str) -> None:
    assert odd_year(fold(text)) == ""


@pytest.mark.parametrize("zero", ["〇", "○", "零", "0", "O", "o", "Ｏ", "０", "О"])
def test_every_zero_gives_the_same_answer(pipeline: AnswerPipeline, zero: str) -> None:
    """二〇二〇年 with any sign that is typed for its zeros."""
    answer = pipeline.answer(make_question(f"二{zero}二{zero}年嘉定固定资产投资增长多少"))
    assert "18.3%" in answer.answer


BEFORE = ["近", "过去", "这", "连续", "历时", "经过", "长达", "用了", "满", "前", "未来", "今后", "为期", "改革开放", "连续增长"]  # fmt: skip
BEHIND = ["来", "间", "内", "里", "以来", "以内", "之久", "之内", "多", "左右", "时间", "的时间", "期", "一遇", "历史", "代"]  # fmt: skip
NUMBERS = st.integers(1, 99).map(str) | st.sampled_from(
    ["三", "十", "二十", "二十三", "三十", "十五", "二三", "三五", "两三", "七八", "1.5", "10-20", "3-12"]
)


@given(
    NUMBERS,
    st.sampled_from([(b, "") for b in BEFORE] + [("", b) for b in BEHIND] + [(a, b) for a in BEFORE for b in BEHIND]),
    st.sampled_from(["", "闵行财政收入", "上海在"]),
    st.sampled_from(["", "增长了多少", "闵行投资是多少"]),
)
def test_a_duration_is_no_year(number: str, around: tuple[str, str], start: str, end: str) -> None:
    """近20年, 23年来, 二三年时间: how long, whatever stands around it."""
    text = f"{start}{around[0]}{number}年{around[1]}{end}"
    assert written_out(text) == text


@pytest.mark.parametrize(
    "text", ["3年投资多少", "十年投资多少", "五年计划", "二十三年投资多少", "三五年投资", "第23年"]
)
def test_other_numbers_of_years_are_no_years(text: str) -> None:
    """One digit, numerals with their tens, and a few years."""
    assert written_out(text) == text


@given(st.text(alphabet="0129二〇O年、-至嘉定投资多少来近", max_size=14))
def test_inserted_digits_keep_their_places(text: str) -> None:
    """Every character of the written-out question points at one of the question, in order."""
    plain = arabic_years(fold(text))
    view = full_years(View.of(plain), 2026)
    assert len(view.text) == len(view.offsets)
    assert list(view.offsets) == sorted(view.offsets)
    assert all(0 <= n < len(plain) for n in view.offsets)
    assert len(set(view.offsets)) == len(plain)


@pytest.mark.parametrize(("text", "words"), [("23年嘉定财政收入", "23年"), ("嘉定21-22年财政收入", "21-22年")])
def test_a_short_year_points_at_its_words(text: str, words: str) -> None:
    """The span of the period is that of the question as asked."""
    assert [m.span.of(text) for m in read(text).mentions if m.slot == "period"] == [words]


@pytest.mark.parametrize(
    ("text", "periods"),
    [
        ("五年前闵行财政收入多少", ["2021"]),
        ("闵行3年以前的财政收入", ["2023"]),
        ("两年后闵行财政收入目标", ["2028"]),
        ("100年以前闵行财政收入", ["1926"]),
        ("闵行十年之前的财政收入", ["2016"]),
        ("那20年呢", ["2020"]),
        ("用20年的口径", ["2020"]),
        ("疫情后20年闵行财政收入", ["2020"]),
    ],
)
def test_a_year_is_told_by_its_distance_or_behind_a_small_word(text: str, periods: list[str]) -> None:
    """Asked in 2026; what is meant is answered or refused, and never dropped for the latest year."""
    assert [str(period) for period in read(text).time.periods] == periods
