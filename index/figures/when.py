"""When a figure is of, and whether it was done, is expected or is meant: by the words before it and where it stands."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from index.figures.carry import Subject
from index.figures.clauses import Segment
from index.figures.lists import only_joins, says_respectively
from index.figures.statements import TARGET_AFTER, TARGET_BEFORE, Reading
from index.rules import Rule
from index.types import Measure, Period, Status
from index.words.lexicon import load_wording
from index.words.naming import canonical_for, normalised, patterns_of_reports
from index.words.numbers import Figure
from index.words.periods import Clock, TimeMention, arabic_years, plan_of

_REACHES = Rule("figures.when.reaches", r"(?:达到?|增至|到|至|升至|突破|超过|跃上|迈上|站上|跨上|跃升至)(?:了)?$")


_IN_ALL = Rule("figures.when.in_all", r"总数|总量|总规模|存量")
_OF_A_YEAR = Rule("figures.when.of_a_year", r"^年(?![均来初])|年度")
_PASSES = Rule("figures.when.passes", r"(?:达到?|突破|超过?)(?:了)?$")


_YEARLY = Rule("figures.when.yearly", r"年均|平均每年|年平均")


_SUMMED = Rule(
    "figures.when.summed",
    r"累计|合计|共计?|总计|新增|净增|年均|平均|五年|三年|(?<!固定资产)投资(?!额?占|强度)|(?<!研发)(?<!经费)投入(?!强度)|发放|减税|降费",
)


_KEPT = Rule("figures.when.kept", r"(?:保持|稳定|控制|维持|连续)")
"""A rate that was kept so all the time."""


_FLOW = load_wording().pattern("flow_words")
_STATES = load_wording().pattern("state_names")
_YEARLY_MONEY = Rule(
    "figures.when.yearly_money", rf"(?:{load_wording().pattern('yearly_money').pattern})$", flags=re.IGNORECASE
)
_MADE = Rule("figures.when.made", r"(?:完成|实现|到位)(?:了)?(?=[^,;]+$)")
_GOES_ON_TO = Rule("figures.when.goes_on_to", r"[^,;。、]{0,12}?(?:到|至|为|成|增|升)|[、和][^,;。]{1,24}(?:到|至)")
_FROM_TO = Rule("figures.when.from_to", r"(?:19|20)\d{2}年?.{1,4}(?:19|20)\d{2}")
_ENDS_THERE = Rule("figures.when.ends_there", r"(?:以上|以下|以内|左右|多|余|大关|台阶)?(?:[,、;。!?:)”]|$)")
_OF_TWO = Rule("figures.when.of_two", r"[两三四]年平均")
"""A mean of the asked year and those before it, which goes by the last of them."""
_MULTIPLES = frozenset({"番", "倍", "成"})


_AMONG_AIMS = Rule("figures.when.among_aims", r"等(?:各项|主要|年度|全年|预期|工作)*(?:目标|任务)")
"""Behind the last of several aims: 工业增加值增长6%、城镇新增就业1.2万人等目标不动摇."""


_PROMISED = Rule("figures.when.promised", r"(?:年初|年度|全年|原定|既定)(?:确定|提出|下达)?的")
_THE_AIM = Rule("figures.when.the_aim", r"的(?:目标|任务|要求)$")
"""没有实现年初确定的能耗降低4%、排放减少2%的目标"""
_AIMS = Rule(
    "figures.when.aims",
    r"力争|争取|确保|拟|计划|到20\d\d年|(?:年初|年度|全年|原定)(?:确定|提出|定下|安排)?的?(?:主要|预期|工作)*(?:目标|指标)(?:任务)?(?:是|为)",
)
"""Words at the start of a clause that make an aim of all that the stretch goes on to name."""


_OF_THE_AIM = Rule(
    "figures.when.of_the_aim",
    r"(?:占|完成|为|是|达到?|相当于|超|超过|超出)[^,;]{0,10}(?:目标|计划|任务)(?:目标|任务|数|额|投资)?的?$",
)
_MEANT = Rule(
    "figures.when.meant",
    r"(?<=[\u4e00-\u9fff])将(?:会|可|要|只|也|再)?(?:达|增|减|上升|下降|降|升|完成|实现|建成|有|由|从|比|超过|突破|分别|占|成为)"
    r"|(?<![度大])(?<!五年)计划(?:为|安排|增|提高|完成|建|新建|新增|生产|规定|要求|平均|由|从)|拟(?:定|安排|增|建成|完成)"
    r"|争取(?:达到|实现|完成|在|于|提前|到|使|把|有|平均)",
)
"""What is meant in a passage of results, where 争取资金5亿元 tells what was obtained and 将38个事项下放 what was done."""
_ABOVE_THE_AIM = Rule("figures.when.above_the_aim", r"超(?:额|过|出)?(?:年度|全年)?(?:计划|目标|任务)(?:目标|任务)?$")
_TASKS = Rule("figures.when.tasks", r"(?:的)?(?:[\u4e00-\u9fff]{0,6})任务")
_DONE_TASK = Rule("figures.when.done_task", r"(?:完成|实现)(?!.*(?:年初|年度|全年|下达|确定|原定|预期))")
_WHOLE_TASK = Rule("figures.when.whole_task", r"的?(?:目标|任务)")
_THINGS = frozenset({"项", "件", "条", "个"})
_OPENS = 4
_PASSING = Rule("figures.when.passing", r"去年|上年|前年|上一年|\d+月")


_LEAD = 24
"""Characters at the start of a stretch in which 预计 governs all of it."""


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
    """A figure in its segment: the words on both sides of it and the times named before it there."""

    text: str
    segment: Segment
    figure: Figure
    number: int
    left: str
    right: str
    before: list[TimeMention]


@dataclass(slots=True)
class Clockwork:
    """What is kept from figure to figure of one segment."""

    started: int = -1
    """Where the start of a change ends in the text (由61家…), -1 where none was told."""
    reached: bool = False


def when(
    moment: Moment, reading: Reading, subject: Subject, setting: Setting, kept: Clockwork, *, listing: bool
) -> tuple[Period | None, Status] | None:
    """Period and status of a figure; None for the start of a change whose time nobody tells."""
    _, measure, _, base = reading
    period = _named(moment, subject, setting)
    if base == "from":
        kept.started, started_at = moment.figure.span.end, period
        if period is not None and period.length > 12 and period.length % 12 == 0:
            if _GOES_ON_TO.match(moment.text, moment.figure.span.end) is None:
                return None
            # 五年来，城镇化率从53%提高到58%: from what it was before these years; 从1978年到1982年 names the start.
            started_at = Period.year(period.first_year - (not subject.ranged))
        elif moment.before:
            subject.began = period
        else:
            started_at = _start_of(moment, period, subject, setting)
            if started_at is None:
                return None
        over = setting.closes is not None and started_at is not None and started_at.last <= setting.closes
        # 将由1980年的191元增加到1985年的255元: where a change sets out from is known.
        return (started_at, Status.ACTUAL) if over and moment.before else _settled(moment, started_at, subject, setting)
    later: list[TimeMention] = []
    if kept.started >= 0:
        # 由上年的61家增加到78家: the year of the start is not the year of the end.
        later = [t for t in moment.before if t.span.start >= kept.started]
        period = _period(later, Subject(), moment.segment, 0, setting)
    summed = _SUMMED.search(moment.left)
    if not listing:
        kept.reached = bool(_REACHES.search(moment.left)) and not summed and not _done_in_all(moment, reading)
    rate = moment.figure.unit in ("%", "‰") and not summed and not _KEPT.search(moment.left)
    state = _is_state(moment, reading, subject) and not summed
    if summed:
        subject.flow = moment.figure.unit
    standing = kept.reached or rate or kept.started >= 0 or state
    told_then = later if kept.started >= 0 else moment.before
    if measure in (Measure.LEVEL, Measure.SHARE) and not told_then and standing:
        # A rate is what it came to, and no sum of the years.
        period = _end_of(period, setting)
    if _YEARLY.search(base) and _OF_TWO.search(base) is None and period is not None and period.length <= 12:
        # A yearly mean speaks of several years, which this sentence does not name.
        began = subject.began
        spans = began is not None and began.last_year < period.last_year - 1
        period = Period.years(began.last_year + 1, period.last_year) if began and spans else setting.span
        if period is None and moment.before == [] and subject.period is not None:
            # 到“十四五”期末，…年均增长15%: all years of the plan that ends there.
            plan = plan_of(subject.period.last_year)
            period = plan if plan is not None and plan.last == subject.period.last else None
    if (
        measure is Measure.GROWTH
        and period is not None
        and period.is_year
        and f"{period.last_year}" in arabic_years(base)
    ):
        # 计划草案拟定，产值比1964年增长11%, in what was said of 1964: the year after it.
        period = Period.year(period.last_year + 1)
    return _settled(moment, period, subject, setting)


def _done_in_all(moment: Moment, reading: Reading) -> bool:
    """Whether 超过 and 达到 tell how much was done over the years: 棚户区改造超过2100万套."""
    if (
        _PASSES.search(moment.left) is None
        or _OF_A_YEAR.search(moment.left)
        or canonical_for(reading[0], moment.figure.unit) is not None
    ):
        return False
    return moment.figure.unit not in ("%", "‰") and _FLOW.search(_STATES.sub("", moment.left)) is not None


def _flows(moment: Moment, reading: Reading) -> bool:
    """Whether the words tell what was done, and not how things stand."""
    return _FLOW.search(_STATES.sub("", f"{moment.left}，{reading[0]}")) is not None


def _is_state(moment: Moment, reading: Reading, subject: Subject) -> bool:
    """Whether a level tells how things stand (高速公路1.2万公里) and not what was done over the years (新建公路3000公里)."""
    indicator, measure, _, _ = reading
    unit = moment.figure.unit
    kept = _KEPT.search(moment.left)
    if kept is not None and (kept[0] != "控制" or unit in ("%", "‰")):
        return False
    if measure is Measure.SHARE or unit in ("位", "大"):
        return True
    if unit in _MULTIPLES:
        return False
    in_all = _IN_ALL.search(moment.left) is not None
    goes_on = not in_all and (
        moment.segment.opened_by == "、" or (moment.segment.opened_by == "," and unit == subject.flow)
    )
    subject.flow = unit if _flows(moment, reading) or (subject.flow and goes_on) else ""
    if subject.flow:
        # 五年建成铁路新线5900公里，复线4600公里: the verb holds for what follows in the same unit.
        return False
    named = canonical_for(indicator, unit) is not None
    if normalised(Decimal(1), unit)[1].startswith("money"):
        if _MADE.search(moment.left) or (subject.period is not None and not _YEARLY_MONEY.search(indicator)):
            return False
        return named or _YEARLY_MONEY.search(indicator) is not None
    return named or _ENDS_THERE.match(moment.right) is not None


def _named(moment: Moment, subject: Subject, setting: Setting) -> Period | None:
    """The period that the words before the figure name or carry on."""
    before, number = moment.before, moment.number
    if number == 0 and says_respectively(moment.left) and len(before) > 1:
        # 一季度、上半年、前三季度地区生产总值分别下降7.4%、增长0.6%、增长3.9%: a time for each figure.
        subject.times = [t.period for t in before]
    each = number == 0 or only_joins(moment.left) or not before
    if subject.times and each and (number or moment.segment.opened_by == "、" or len(before) > 1):
        subject.period = subject.times.pop(0)
        return subject.period
    subject.times = []
    return _period(before, subject, moment.segment, number, setting)


def _start_of(moment: Moment, period: Period | None, subject: Subject, setting: Setting) -> Period | None:
    """When a change over several years set out, where its own words do not say."""
    yearly = _YEARLY.search(moment.text, moment.figure.span.end)
    if yearly and setting.span is not None and period is not None and period.last_year == setting.span.last_year:
        # 收入由62358元增加到79865元，年均增长5.1%: the start of the years looked back on.
        return Period.year(setting.span.first_year - 1)
    if subject.began is not None and period is not None and subject.began.last_year == period.first_year - 1:
        return subject.began
    return None


_PUT_FORWARD = Rule(
    "figures.when.put_forward",
    r"(?:工作报告|报告|计划|规划|会议|大会|年初)(?:中)?(?:曾|就)?(?:提出|确定|要求|规定|预定|安排)(?:的是)?$",
)
"""去年政府工作报告提出，物价涨幅要从14.8%降到10%左右: what was put forward was meant, until what came of it is told."""


def _settled(moment: Moment, period: Period | None, subject: Subject, setting: Setting) -> tuple[Period | None, Status]:
    """The status, with an aim or an estimate that opened the stretch carried on."""
    text, segment = moment.text, moment.segment
    status = _status(text, segment, moment.figure, moment.right, period, setting)
    words = text[segment.span.start : moment.figure.span.start]
    settled = bool(moment.before) or patterns_of_reports().done.search(words) is not None or "实际" in words
    opening = text[: segment.span.start].rstrip(",:")
    if (
        segment.opened_by in (",", ":")
        and _PUT_FORWARD.search(opening)
        and status is Status.ACTUAL
        and "实际" not in words
    ):
        subject.meant = period
        return period, Status.TARGET
    if status is Status.ACTUAL and not settled and subject.meant is not None:
        # 力争全年重大工程完成投资101亿元，亿元以上项目竣工58个: all of it is meant.
        period, status = subject.meant, Status.TARGET
    elif status is Status.TARGET and period is not None and _AIMS.match(words.lstrip("、,并且同时还")):
        subject.meant = period
    elif settled or status is not Status.TARGET:
        subject.meant = None
    if status is Status.ESTIMATE:
        subject.expected = subject.words
        subject.reckoned = subject.reckoned or _opens_group(text, segment)
    elif status is Status.ACTUAL:
        same = bool(subject.expected) and subject.expected == subject.words
        if same or (subject.reckoned and not settled):
            status = Status.ESTIMATE
    return period, status


def _opens_group(text: str, segment: Segment) -> bool:
    """Whether an estimate's word stands at the start of a stretch between semicolons and so holds for all of it."""
    behind = max(text.rfind(mark, 0, segment.span.start) for mark in ";。!?")
    lead = text[behind + 1 : segment.span.end].lstrip()
    found = patterns_of_reports().estimate.search(lead)
    return found is not None and found.start() <= _LEAD


def _period(
    before: list[TimeMention], subject: Subject, segment: Segment, number: int, setting: Setting
) -> Period | None:
    if before:
        subject.period, subject.opened = before[-1].period, False
        part = setting.period is not None and setting.period.length < subject.period.length <= YEAR
        if part and setting.period is not None and setting.period.within(subject.period):
            subject.all_year = subject.period
        subject.ranged = is_range(before[-1].words)
        # 力争全年重大工程建成31个，产业项目竣工58个: a time that opens a clause holds for those that follow.
        opens = before[-1].span.start - segment.span.start <= _OPENS and not _PASSING.match(before[-1].words)
        subject.ruling = subject.period if opens and setting.status is Status.TARGET else None
        return subject.period
    if subject.opened:
        return subject.period
    carried = number > 0 or subject.start < segment.span.start or segment.opened_by == "、"
    if carried and subject.period is not None:
        return subject.period
    if subject.ruling is not None:
        return subject.ruling
    subject.period = None
    return subject.all_year or setting.period


YEAR = 12
"""Months."""


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


_AS_IT_IS = Rule(
    "figures.when.as_it_is",
    r"^(?:我[省市区县国]|全[省市区县])有\d|^(?:现在|目前|如今|迄今|这几年|近年来|近几年|多年来)|先后在|(?:进行|建立|取得|完成|实现|投入|安排|发放|制定|出台|形成|达成|签订)了",
)
_TO_COME = Rule("figures.when.to_come", r"要|将|力争|确保|争取|计划|继续|再|拟|到20\d\d年|基础上|提高到|增加到|扩大到")


_STATUS_1 = Rule("figures.when.status_1", r"[,;。]")


def _status(text: str, segment: Segment, figure: Figure, right: str, period: Period | None, setting: Setting) -> Status:
    patterns = patterns_of_reports()
    before = text[segment.span.start : figure.span.start]
    reviewed = setting.status is not Status.TARGET
    if (figure.unit in ("%", "倍") and _OF_THE_AIM.search(before)) or _ABOVE_THE_AIM.search(before):
        # 占年度计划的112% tells how much of the aim was done.
        return Status.ACTUAL
    over = period is None or setting.closes is None or period.last <= setting.closes
    if reviewed and over and figure.unit in _THINGS and _TASKS.match(right):
        # 33项任务全部落地 counts tasks.
        return Status.ACTUAL
    if reviewed and over and _WHOLE_TASK.match(right) and _DONE_TASK.search(before):
        # 如期完成裁减员额50万的任务
        return Status.ACTUAL
    stretch = _STATUS_1.split(text[figure.span.end :], maxsplit=1)[0]
    promised = _PROMISED.search(before) is not None and _THE_AIM.search(stretch) is not None
    if promised or TARGET_AFTER.match(right) or TARGET_BEFORE.search(before) or _AMONG_AIMS.search(stretch):
        return Status.TARGET
    clause = segment.span.of(text)
    told = setting.status is Status.TARGET and period == setting.period
    if told and _AS_IT_IS.search(clause) and not _TO_COME.search(clause):
        # 现在已有100多个城市建立了这项制度: how things are, in a passage of plans.
        return Status.ACTUAL
    if period is not None and setting.closes is not None and period.last > setting.closes:
        return Status.TARGET
    if patterns.estimate.search(before):
        return Status.ESTIMATE
    if setting.status is Status.TARGET:
        ended = period is not None and setting.closes is not None and period.last <= setting.closes
        return Status.ACTUAL if ended else Status.TARGET
    if (patterns.aim.search(before) or _MEANT.search(before)) and not patterns.done.search(before):
        return Status.TARGET
    return Status.ACTUAL
