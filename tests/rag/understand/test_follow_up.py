"""Each slot that a follow-up leaves open is carried by itself."""

from __future__ import annotations

import datetime as dt

import pytest

from index.types import Status
from index.words.regions import Gazetteer
from rag.types import Query, QuestionKind
from rag.understand.known import Known
from rag.understand.query import understand
from tests.builders import make_question


def follow(before: str, text: str) -> Query:
    question = make_question(text, before, day=dt.date(2022, 6, 1))
    return understand(question, Known(frozenset({"嘉定区", "闵行区"})), Gazetteer.load())


@pytest.mark.parametrize(
    ("before", "text", "terms", "carried"),
    [
        ("2021年嘉定茶叶产量多少吨", "闵行呢？", "茶叶产量", ("period", "indicator")),
        ("2021年嘉定茶叶产量多少吨", "2020年呢？", "茶叶产量", ("region", "indicator")),
        ("2021年嘉定茶叶产量多少吨", "增长多少？", "茶叶产量", ("region", "period", "indicator")),
        ("2021年嘉定城市低保标准多少元", "农村的呢？", "农村低保标准", ("region", "period", "indicator")),
        ("2021年嘉定茶园的楼宇税收多少亿元", "云岭大厦呢？", "云岭大厦楼宇税收", ("region", "period", "indicator")),
        ("2021年嘉定茶叶收购价多少元", "水稻呢？", "水稻收购价", ("region", "period", "indicator")),
        ("2021年嘉定新增茶企多少家", "那总数有多少家？", "茶企", ("region", "period", "indicator")),
        ("2021年嘉定茶叶产量多少吨", "2020年闵行水稻产量多少吨？", "水稻产量", ()),
    ],
)
def test_what_is_left_open_is_carried(before: str, text: str, terms: str, carried: tuple[str, ...]) -> None:
    query = follow(before, text)
    assert (query.thing.terms, query.carried) == (terms, carried)


def test_a_year_earlier_counts_from_the_year_before() -> None:
    assert [str(p) for p in follow("2021年嘉定茶叶产量多少吨", "再往前一年呢？").time.periods] == ["2020"]


def test_a_target_stays_a_target() -> None:
    """Unless what was done is asked for."""
    before = "2022年嘉定茶叶产量的目标是多少"
    assert follow(before, "闵行呢？").status is Status.TARGET
    assert follow(before, "实际完成了多少？").status is not Status.TARGET


def test_of_another_thing_growth_is_told_where_it_was_asked_for() -> None:
    query = follow("2021年嘉定固定资产投资增长多少", "那社会消费品零售总额呢？")
    assert (query.kind, query.wants.growth, query.follows_figure) == (QuestionKind.GROWTH, True, True)


def test_a_follow_up_without_a_thing_of_its_own_asks_what_was_asked() -> None:
    """合计多少 after other places is a sum again, whatever script the first question was in; another thing is not summed."""
    assert follow("2021年嘉定和闵行茶叶产量合计多少", "闵行和嘉定呢？").cues.sums_up
    assert follow("2021年嘉定和閔行茶葉產量合計多少", "闵行和嘉定呢？").cues.sums_up
    assert not follow("2021年嘉定和闵行茶叶产量合计多少", "2020年水稻产量多少吨？").cues.sums_up
