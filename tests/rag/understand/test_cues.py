"""What a question's wording says is read once, and each stage finds it in a field of its own."""

from __future__ import annotations

import datetime as dt

import pytest

from index.words.regions import Gazetteer
from rag.types import Cues, Query, Question
from rag.understand.known import Known
from rag.understand.query import understand


def read(text: str) -> Query:
    return understand(Question(text, dt.date(2022, 3, 1)), Known(frozenset()), Gazetteer.load())


@pytest.mark.parametrize(
    ("text", "field", "value"),
    [
        ("2021年全市粮食产量是多少?", "numeric", True),
        ("2021年全市开通了哪条公路?", "numeric", False),
        ("什么时候建成大剧院?", "date", True),
        ("2021年港口吞吐量居全国第几?", "place_in_row", True),
        ("2021年三大产业中哪个增加值最高?", "most", True),
        ("2021年三大产业中哪个增加值最高?", "counted", True),
        ("2021年哪个区的税收最少?", "lowest", True),
        ("2021年城镇居民收入比农村居民高多少?", "gap", True),
        ("2021年小麦和玉米的产量合计多少?", "sums_up", True),
        ("从2018年到2021年学校增加了多少?", "range", True),
        ("2021年计划建设的学校比2020年实际建成的多多少?", "plan_against_result", True),
        ("2021年为什么用水量比上年低?", "granted", -1),
        ("2021年为什么没能完成绿化任务?", "denied", "完成"),
        ("2021年3号线长多少公里?", "numbers", frozenset({"3"})),
        ("2021年单位面积产量是多少?", "each", True),
        ("2021年用水量为什么下降?", "why", True),
        ("“两山”理念是什么意思?", "meaning", True),
        ("“两山”理念是什么意思?", "quoted", ("两山",)),
        ("2021年工作中存在哪些问题?", "troubles", True),
    ],
)
def test_a_cue_says_what_the_words_say(text: str, field: str, value: object) -> None:
    assert getattr(read(text).cues, field) == value


def test_a_plain_question_gives_no_cue_but_its_words() -> None:
    cues = read("2021年全市路灯").cues
    assert cues == Cues(words="2021年全市路灯", own="全市路灯", has_words=True, bare="路灯", listed=cues.listed)


def test_a_mention_holds_its_words_as_they_were_typed_but_folded() -> None:
    """So that no later stage cuts them out of the question again."""
    query = read("２０２１年 GDP 增长多少?")
    assert {(m.slot, m.surface) for m in query.mentions} == {("period", "2021年"), ("indicator", "gdp")}
