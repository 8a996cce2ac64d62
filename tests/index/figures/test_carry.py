"""What a stretch of text takes along from the one before it, and what it forgets."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, fields, is_dataclass, replace

import pytest

from index.figures.carry import Carry, Heard, Listing, Reading, Times, Told, Topic, step
from index.figures.clauses import Context, Segment, segments_of
from index.types import Measure, Period
from index.words.numbers import find_figures
from tests.builders import raw_facts

FULL = Carry(
    group=0,
    topic=Topic("固定资产投资", "全市", 4, 2, "新增", "工业", economy=True),
    heard=Heard("进出口总额", "旅游业", "面积、产量", "投入", "扩大以旧换新", "新开工项目", "岭湾综合保税区"),
    listing=Listing(("甲村", "乙村"), 1, ("甲村",)),
    times=Times(
        period=Period.year(2023),
        ranged=True,
        all_year=Period.year(2023),
        ruling=Period.year(2023),
        each=(Period.year(2022),),
        began=Period.year(2020),
        meant=Period.year(2024),
        reckoned=True,
        expected="固定资产投资",
        flow="公里",
    ),
    told=Told(Reading("固定资产投资", Measure.GROWTH), "亿元", counted=True, share="占比", acted=True, rated=True),
)
"""A carry in which nothing is as at the start."""


def segment_of(text: str, number: int) -> Segment:
    return segments_of(text, find_figures(text))[number]


def test_a_carry_and_all_its_parts_are_frozen() -> None:
    """What a reader leaves to the next is a new carry; none is changed under the hand of another."""
    parts = [getattr(FULL, f.name) for f in fields(Carry) if is_dataclass(getattr(FULL, f.name))]
    assert [type(p) for p in parts] == [Topic, Heard, Listing, Times, Told]
    for part in (FULL, FULL.told.reading, *parts):
        with pytest.raises(FrozenInstanceError):
            setattr(part, fields(part)[0].name, None)


def test_a_segment_of_the_same_stretch_forgets_nothing() -> None:
    text = "固定资产投资完成305亿元,增长9.4%"
    assert step(FULL, segment_of(text, 1), text) is FULL


def test_a_semicolon_ends_subject_list_times_and_what_was_told() -> None:
    """Only where the statement began, a label and what surrounds the sentence are known behind a semicolon."""
    text = "固定资产投资完成305亿元;工业增长9.4%"
    after = step(FULL, segment_of(text, 1), text)
    assert (after.listing, after.times, after.told) == (Listing(), Times(), Told())
    assert after.topic == Topic(start=4, whole=2, inherited="工业", economy=True)
    assert after.heard == Heard(label="进出口总额")
    assert after.group == 1


def test_a_part_of_what_was_told_goes_on_behind_a_semicolon() -> None:
    """其中 tells a part of the same, at the same time."""
    text = "2023年压缩920亿元;其中钢铁压缩510亿元"
    after = step(FULL, segment_of(text, 1), text)
    assert after.topic == FULL.topic
    assert after.times == replace(FULL.times, opened=True)


def test_a_growth_behind_a_semicolon_is_not_of_the_subject_before_it() -> None:
    told = raw_facts("固定资产投资完成305亿元,增长9.4%;增长7.1%")
    assert [(f.indicator, str(f.value)) for f in told] == [("固定资产投资", "305"), ("固定资产投资", "9.4")]


def test_words_are_remembered_as_the_subject_and_end_a_list() -> None:
    text = "工业投资增长9.4%"
    segment = segment_of(text, 0)
    context = Context("工业投资增长", "", segment.figures[0], segment)
    own, after = FULL.remember("工业投资", context)
    assert own == after.topic.words == "工业投资"
    assert (after.topic.start, after.listing.parts) == (0, ())


def test_without_words_the_next_of_a_list_or_the_last_subject_is_meant() -> None:
    """甲村、乙村分别增长2.3%、下降4.6%: behind a 、 stands the figure of the second."""
    text = "甲村、乙村分别增长2.3%、下降4.6%"
    first, second = (segment_of(text, n) for n in (0, 1))
    own, after = FULL.remember("", Context("下降", "", second.figures[0], second))
    assert (own, after.listing.given) == ("乙村", 2)
    assert FULL.remember("", Context("增长", "", first.figures[0], first)) == ("固定资产投资", FULL)
