"""The small readers of one figure: each takes its own way of stating one and leaves the others alone."""

from __future__ import annotations

from dataclasses import replace

import pytest

from index.figures.carry import Carry, Reader, Reading, Told, Topic
from index.figures.clauses import Context, segments_of
from index.figures.readers.gaps import AGAIN, AIMS, read_points
from index.figures.readers.ranks import read_place
from index.figures.readers.rates import GROWTH, RATES
from index.figures.readers.shares import SHARES
from index.figures.statements import READERS, read_one
from index.types import Measure
from index.words.numbers import find_figures

SPOKEN_OF = Carry(group=0, topic=Topic("工业增加值"), told=Told(Reading("工业增加值", Measure.GROWTH)))
"""After 工业增加值增长7%."""


def context_of(text: str) -> Context:
    """The last figure of a text, with the words before it."""
    segment = segments_of(text, find_figures(text))[-1]
    figure = segment.figures[-1]
    left = text[segment.span.start : figure.span.start]
    return Context(left, text[figure.span.end : segment.span.end], figure, segment)


def first(readers: tuple[Reader, ...], text: str, carry: Carry = SPOKEN_OF) -> Reading | None:
    context = context_of(text)
    read = next((r for reader in readers if (r := reader(context, carry)) is not None), None)
    return read.reading if read is not None else None


@pytest.mark.parametrize(
    ("readers", "takes", "reading"),
    [
        (SHARES, "服务业增加值占地区生产总值比重达52%", Reading("服务业增加值占地区生产总值比重", Measure.SHARE)),
        (SHARES, "绿色产业占比由30%", Reading("绿色产业占比", Measure.SHARE, sets_out=True)),
        (GROWTH, "固定资产投资同比增长9.4%", Reading("固定资产投资", Measure.GROWTH, 1, "同比")),
        (GROWTH, "下降2.3%", Reading("工业增加值", Measure.GROWTH, -1)),
        (RATES, "居民消费价格涨幅控制在3.5%", Reading("居民消费价格", Measure.GROWTH)),
        (RATES, "压减一般性支出10%", Reading("一般性支出", Measure.GROWTH, -1)),
        ((read_points,), "高于全省1.2个百分点", Reading("工业增加值", Measure.CHANGE, 1, "高于全省")),
        ((read_place,), "规模以上工业利润增速第3位", Reading("规模以上工业利润增速")),
        (AIMS, "超额完成年初确定的8%目标", Reading("工业增加值", Measure.GROWTH)),
        (AGAIN, "略低于8%的预定目标", Reading("工业增加值", Measure.GROWTH)),
    ],
)
def test_a_reader_takes_its_own_way(readers: tuple[Reader, ...], takes: str, reading: Reading) -> None:
    assert first(readers, takes) == reading


@pytest.mark.parametrize(
    ("readers", "leaves"),
    [
        (SHARES, "固定资产投资同比增长9.4%"),
        (GROWTH, "新增和改造提升8600亩高标准农田"),
        (GROWTH, "一般公共预算收入完成80亿元"),
        (RATES, "绿色产业占比达30%"),
        ((read_points,), "同比增长9.4%"),
        ((read_place,), "新建学校3所"),
        (AIMS, "同比增长9.4%"),
        (AGAIN, "同比增长9.4%"),
    ],
)
def test_a_reader_leaves_other_ways_alone(readers: tuple[Reader, ...], leaves: str) -> None:
    context = context_of(leaves)
    assert all(reader(context, SPOKEN_OF) is None for reader in readers)


@pytest.mark.parametrize("text", ["同比增长9.4%", "建成5所学校", "高于全省1.2个百分点", "居全省第3位", "占比达30%"])
def test_some_reader_takes_every_figure(text: str) -> None:
    """The first reader that takes a figure is asked, and the last one takes all."""
    context = context_of(text)
    assert READERS[-1](context, SPOKEN_OF) is not None
    assert read_one(context, SPOKEN_OF).reading is not None


def test_a_reader_leaves_the_carry_it_was_given_alone() -> None:
    """What it learned stands in the carry that it returns."""
    given = replace(SPOKEN_OF)
    read = read_one(context_of("新增高速公路120公里"), given)
    assert given == SPOKEN_OF
    assert read.carry.topic.words == "新增高速公路"
    assert (read.carry.told.unit, read.carry.topic.verb) == ("公里", "新增")


def test_a_figure_of_nothing_named_states_nothing() -> None:
    assert read_one(context_of("增长9.4%"), Carry()).reading is None
