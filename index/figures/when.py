"""When a figure is of: by the times named before it, those that go on to hold, and where it stands in its document."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal

from index.figures.carry import Carry, Reading, Times
from index.figures.clauses import Segment
from index.figures.lists import only_joins, says_respectively
from index.rules import At, Rule
from index.types import Measure, Period, Status
from index.words.fragments import any_word
from index.words.lexicon import load_wording
from index.words.naming import canonical_for, normalised
from index.words.numbers import Figure
from index.words.periods import Clock, TimeMention, arabic_years, plan_of

_REACHES = Rule(
    "figures.when.reaches",
    rf"{any_word('reaches')}了?$",
    takes=("病床数⟦增至⟧", "⟦跃上⟧"),
    leaves=("到位",),
)
_IN_ALL = load_wording().pattern("in_all")
_OF_A_YEAR = Rule(
    "figures.when.of_a_year",
    r"^年(?![均来初])|年度",
    takes=("⟦年⟧接待游客", "目前⟦年度⟧经费"),
    leaves=("年均接待", "年初"),
)
_PASSES = Rule(
    "figures.when.passes",
    r"(?:达到?|突破|超过?)了?$",
    takes=("造林面积⟦突破⟧", "⟦达到了⟧"),
    leaves=("达到的",),
)
_YEARLY = Rule(
    "figures.when.yearly",
    r"年均|平均每年|年平均",
    takes=("⟦平均每年⟧培训", "⟦年均⟧"),
    leaves=("平均每人",),
)
_SUMMED = Rule(
    "figures.when.summed",
    rf"{any_word('sums')}|(?<!固定资产)投资(?!额?占|强度)|(?<!研发)(?<!经费)投入(?!强度)",
    takes=("⟦累计⟧培训", "⟦投资⟧水利"),
    leaves=("固定资产投资额", "研发投入"),
    why="Investment and research spending are measures of a year, not sums over the years.",
)
_KEPT = load_wording().pattern("kept")
"""A rate that was kept so all the time."""
_FLOW = load_wording().pattern("flow_words")
_STATES = load_wording().pattern("state_names")
_YEARLY_MONEY = Rule(
    "figures.when.yearly_money",
    rf"(?:{load_wording().pattern('yearly_money').pattern})$",
    flags=re.IGNORECASE,
    takes=("茶业⟦产值⟧", "人均⟦gdp⟧"),
    leaves=("产值目标",),
)
_MADE = Rule(
    "figures.when.achieved",
    r"(?:完成|实现|到位)了?(?=[^,;]+$)",
    takes=("⟦完成⟧水利投资", "⟦到位⟧内资"),
    leaves=("水利投资完成", "完成投资,增长"),
    why="Words must follow up to the figure.",
)
_GOES_ON_TO = Rule(
    "figures.when.goes_on_to",
    r"[^,;。、]{0,12}?[到至为成增升]|[、和][^,;。]{1,24}[到至]",
    takes=("⟦下降至⟧6.3%", "⟦、8所分别增加到⟧"),
    leaves=(",比上年提高到",),
    at=At.START,
)
_FROM_TO = Rule(
    "figures.when.from_to",
    r"(?:19|20)\d{2}年?.{1,4}(?:19|20)\d{2}",
    takes=("⟦2016年至2020⟧年", "⟦1978到1982⟧年"),
    leaves=("2016年以来", "2016年造林"),
)
_ENDS_THERE = Rule(
    "figures.when.ends_there",
    rf"{any_word('approximate_after')}?(?:[,、;。!?:)”]|$)",
    takes=("⟦左右,⟧", "⟦大关⟧"),
    leaves=("以上项目", "家企业"),
    at=At.START,
)
_OF_TWO = Rule(
    "figures.when.of_two",
    r"[两三四]年平均",
    takes=("⟦两年平均⟧增长",),
    leaves=("年平均",),
    why="A mean of the asked year and those before it, which goes by the last of them.",
)
"""A mean of the asked year and those before it, which goes by the last of them."""
_MULTIPLES = frozenset({"番", "倍", "成"})
_OPENS = 4
_PASSING = Rule(
    "figures.when.passing",
    r"去年|上年|前年|上一年|\d+月",
    takes=("⟦去年⟧", "⟦8月⟧份"),
    leaves=("今年", "到去年"),
    at=At.START,
)
_TIMES_A_YEAR = Rule(
    "figures.when.times_a_year",
    r"[,、]?[是为]\d{4}年的\d",
    takes=("⟦,是2011年的1⟧.6倍",),
    leaves=(",是2011年以来最多的",),
    at=At.START,
)
_PARTS_OF_100 = frozenset({"%", "‰"})

YEAR = 12
"""Months."""


@dataclass(frozen=True, slots=True)
class Setting:
    """What a sentence's place in its document says before its own words do."""

    period: Period | None
    status: Status
    clock: Clock
    span: Period | None
    """The years that a passage on several years speaks of, where the sentence lies in one."""
    closes: int | None
    """The last month that can hold results, as in :class:`Period`; later figures are plans."""


@dataclass(frozen=True, slots=True)
class Moment:
    """A figure that was read, in its segment: the words on both sides of it and the times named before it there."""

    text: str
    segment: Segment
    figure: Figure
    number: int
    left: str
    right: str
    before: tuple[TimeMention, ...]
    reading: Reading
    listing: bool
    """Whether it goes on a list and so shares how the first figure of it was told."""

    @property
    def words(self) -> str:
        """The words of its segment before it."""
        return self.text[self.segment.span.start : self.figure.span.start]


@dataclass(frozen=True, slots=True)
class Clockwork:
    """What is kept from figure to figure of one segment."""

    started: int = -1
    """Where the start of a change ends in the text (由61家…), -1 where none was told."""
    reached: bool = False
    """Whether a level was told as reached: 达到."""


@dataclass(frozen=True, slots=True)
class Timed:
    """When a figure is of, with what is kept of it; ``told`` is False for the start of a change whose time nobody tells."""

    period: Period | None
    times: Times
    kept: Clockwork
    told: bool = True


def when(moment: Moment, carry: Carry, setting: Setting, kept: Clockwork) -> Timed:
    """The period of a figure."""
    period, times = _named(moment, carry, setting)
    if moment.reading.sets_out:
        return _set_out(moment, period, times, setting, replace(kept, started=moment.figure.span.end))
    told_then = moment.before
    if kept.started >= 0:
        # 由上年的61家增加到78家: the year of the start is not the year of the end.
        told_then = tuple(t for t in moment.before if t.span.start >= kept.started)
        period = told_then[-1].period if told_then else setting.period
    summed = _SUMMED.search(moment.left) is not None
    if not moment.listing:
        # What goes on as a list shares how its first figure was told.
        reached = _REACHES.search(moment.left) is not None and not summed and not _done_in_all(moment)
        kept = replace(kept, reached=reached) if reached != kept.reached else kept
    state, flow = _is_state(moment, times)
    flow = moment.figure.unit if summed else flow
    times = replace(times, flow=flow) if flow != times.flow else times
    rate = moment.figure.unit in _PARTS_OF_100 and not _KEPT.search(moment.left)
    # 生产总值完成119.8亿元,是2011年的1.6倍: several years in all are compared with no single one.
    beside_a_year = _TIMES_A_YEAR.match(moment.text, moment.figure.span.end) is not None
    standing = kept.reached or kept.started >= 0 or ((rate or state or beside_a_year) and not summed)
    if moment.reading.measure in (Measure.LEVEL, Measure.SHARE) and not told_then and standing:
        # A rate is what it came to, and no sum of the years.
        period = _end_of(period, setting)
    if _is_yearly_mean(moment.reading.base) and period is not None and period.length <= YEAR:
        period = _of_the_mean(moment, period, times, setting)
    return Timed(_after_base(moment.reading, period), times, kept)


def _is_yearly_mean(base: str) -> bool:
    return _YEARLY.search(base) is not None and _OF_TWO.search(base) is None


def _of_the_mean(moment: Moment, period: Period, times: Times, setting: Setting) -> Period | None:
    """The years of a yearly mean, which its own words do not name."""
    if times.began is not None and times.began.last_year < period.last_year - 1:
        return Period.years(times.began.last_year + 1, period.last_year)
    if setting.span is not None or moment.before or times.period is None:
        return setting.span
    # 到“十四五”期末，…年均增长15%: all years of the plan that ends there.
    plan = plan_of(times.period.last_year)
    return plan if plan is not None and plan.last == times.period.last else None


def _after_base(reading: Reading, period: Period | None) -> Period | None:
    """计划草案拟定，产值比1964年增长11%, in what was said of 1964: the year after it."""
    if reading.measure is not Measure.GROWTH or period is None or not period.is_year:
        return period
    return Period.year(period.last_year + 1) if f"{period.last_year}" in arabic_years(reading.base) else period


def _set_out(moment: Moment, period: Period | None, times: Times, setting: Setting, kept: Clockwork) -> Timed:
    """The time of the start of a change."""
    if period is not None and period.length > YEAR and period.length % YEAR == 0:
        goes_on = _GOES_ON_TO.match(moment.text, moment.figure.span.end) is not None
        # 五年来，城镇化率从53%提高到58%: from what it was before these years; 从1978年到1982年 names the start.
        return Timed(Period.year(period.first_year - (not times.ranged)), times, kept, told=goes_on)
    if moment.before:
        return Timed(period, replace(times, began=period), kept)
    started = _start_of(moment, period, times, setting)
    return Timed(started, times, kept, told=started is not None)


def _start_of(moment: Moment, period: Period | None, times: Times, setting: Setting) -> Period | None:
    """When a change over several years set out, where its own words do not say."""
    yearly = _YEARLY.search(moment.text, moment.figure.span.end)
    if yearly and setting.span is not None and period is not None and period.last_year == setting.span.last_year:
        # 收入由62358元增加到79865元，年均增长5.1%: the start of the years looked back on.
        return Period.year(setting.span.first_year - 1)
    if times.began is not None and period is not None and times.began.last_year == period.first_year - 1:
        return times.began
    return None


def _done_in_all(moment: Moment) -> bool:
    """Whether 超过 and 达到 tell how much was done over the years: 棚户区改造超过2100万套."""
    unit = moment.figure.unit
    if _PASSES.search(moment.left) is None or _OF_A_YEAR.search(moment.left) or unit in _PARTS_OF_100:
        return False
    return (
        canonical_for(moment.reading.indicator, unit) is None and _FLOW.search(_STATES.sub("", moment.left)) is not None
    )


def _flows(moment: Moment) -> bool:
    """Whether the words tell what was done, and not how things stand."""
    return _FLOW.search(_STATES.sub("", f"{moment.left}，{moment.reading.indicator}")) is not None


def _is_state(moment: Moment, times: Times) -> tuple[bool, str]:
    """Whether a level tells how things stand (高速公路1.2万公里) and not what was done over the years (新建公路3000公里).

    With it the unit in which something done goes on to be told.
    """
    unit = moment.figure.unit
    kept = _KEPT.search(moment.left)
    if kept is not None and (kept[0] != "控制" or unit in _PARTS_OF_100):
        return False, times.flow
    if moment.reading.measure is Measure.SHARE or unit in ("位", "大"):
        return True, times.flow
    if unit in _MULTIPLES:
        return False, times.flow
    if _flows(moment) or (times.flow and _goes_on_flowing(moment, times.flow)):
        # 五年建成铁路新线5900公里，复线4600公里: the verb holds for what follows in the same unit.
        return False, unit
    return _stands(moment, times), ""


def _goes_on_flowing(moment: Moment, flow: str) -> bool:
    """Whether what was told before as done, in ``flow``, has this figure for its next."""
    opened_by = moment.segment.opened_by
    same = opened_by == "、" or (opened_by == "," and moment.figure.unit == flow)
    return same and _IN_ALL.search(moment.left) is None


def _stands(moment: Moment, times: Times) -> bool:
    """Whether a level that no verb tells is how things stand: money only where it is a yearly sum by its name."""
    indicator, unit = moment.reading.indicator, moment.figure.unit
    named = canonical_for(indicator, unit) is not None
    if not normalised(Decimal(1), unit)[1].startswith("money"):
        return named or _ENDS_THERE.match(moment.right) is not None
    if _MADE.search(moment.left):
        return False
    by_year = _YEARLY_MONEY.search(indicator) is not None
    return by_year or (named and times.period is None)


def _named(moment: Moment, carry: Carry, setting: Setting) -> tuple[Period | None, Times]:
    """The period that the words before the figure name or carry on."""
    times, before, number = carry.times, moment.before, moment.number
    if number == 0 and says_respectively(moment.left) and len(before) > 1:
        # 一季度、上半年、前三季度地区生产总值分别下降7.4%、增长0.6%、增长3.9%: a time for each figure.
        times = replace(times, each=tuple(t.period for t in before))
    each = number == 0 or only_joins(moment.left) or not before
    if times.each and each and (number or moment.segment.opened_by == "、" or len(before) > 1):
        return times.each[0], replace(times, period=times.each[0], each=times.each[1:])
    times = replace(times, each=()) if times.each else times
    if before:
        times = _anew(before, moment.segment, times, setting)
        return times.period, times
    return _carried(moment, carry.topic.start, times, setting)


def _anew(before: tuple[TimeMention, ...], segment: Segment, times: Times, setting: Setting) -> Times:
    """The times where words before the figure name one."""
    last = before[-1]
    whole, part = last.period, setting.period
    is_part = part is not None and part.length < whole.length <= YEAR and part.within(whole)
    # 力争全年重大工程建成31个，产业项目竣工58个: a time that opens a clause holds for those that follow.
    opens = last.span.start - segment.span.start <= _OPENS and not _PASSING.match(last.words)
    return replace(
        times,
        period=whole,
        opened=False,
        ranged=is_range(last.words),
        all_year=whole if is_part else times.all_year,
        ruling=whole if opens and setting.status is Status.TARGET else None,
    )


def _carried(moment: Moment, topic: int, times: Times, setting: Setting) -> tuple[Period | None, Times]:
    """The period of a figure without one of its own; the topic was named from ``topic`` on."""
    if times.opened:
        return times.period, times
    segment = moment.segment
    goes_on = moment.number > 0 or topic < segment.span.start or segment.opened_by == "、"
    if goes_on and times.period is not None:
        return times.period, times
    if times.ruling is not None:
        return times.ruling, times
    forgotten = replace(times, period=None) if times.period is not None else times
    return times.all_year or setting.period, forgotten


def is_range(words: str) -> bool:
    """Whether words for a time name its first and its last year: 从1978年到1982年."""
    return _FROM_TO.search(arabic_years(words)) is not None


def _end_of(period: Period | None, setting: Setting) -> Period | None:
    """The last year of a span of years: a level that a passage on five years says was reached is that year's."""
    if period is None or period.length <= 12:
        return period
    ahead = setting.status is Status.ACTUAL and setting.closes is not None and period.last > setting.closes
    # “十四五”以来 in the third of these years: how things stood when the report was given.
    return Period.year(setting.clock.over if ahead and setting.clock.over >= period.first_year else period.last_year)
