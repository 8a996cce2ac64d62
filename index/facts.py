"""Sentences to Facts: what each figure is a figure of, for whom, when, and whether it was done or is meant.

The reader walks through the segments of a sentence and keeps the subject in mind: 固定资产投资完成429.7亿元，同比增长18.3%
states two figures of one subject. It knows reports in general and nothing of any one place.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from index.clauses import Segment, segments_of
from index.folding import fold
from index.lexicon import load_indicators
from index.lists import only_joins, says_respectively
from index.naming import canonical_of, patterns_of_reports, strip_lead
from index.numbers import Figure, find_figures
from index.periods import Clock, TimeMention, find_times
from index.statements import (
    MAX_INDICATOR,
    TARGET_AFTER,
    TARGET_BEFORE,
    Reading,
    Subject,
    against_each,
    listed,
    noun_of,
    owner_of,
    read_one,
    topic_of,
)
from index.types import Measure, Period, Span, Status

_REACHES = re.compile(r"(?:达到?|增至|到|至|升至|突破|超过|跃上|迈上|站上|跨上|跃升至)(?:了)?$")


_QUALIFIER = re.compile(r"^(?:及)?(?:以上|以下|以内)的?[\u4e00-\u9fff]{1,10}")


_YEARLY = re.compile(r"年均|平均每年|年平均")


_SUMMED = re.compile(r"累计|合计|共计?|总计|新增|净增|年均|平均|五年|三年")


_KEPT = re.compile(r"(?:保持|稳定|控制|维持|连续)")
"""A rate that was kept so all the time."""


_AIMS = re.compile(r"力争|争取|确保|拟|计划|到20\d\d年")
"""Words at the start of a clause that make an aim of all that the stretch goes on to name."""


_OPENS = 4
_PASSING = re.compile(r"去年|上年|前年|上一年|\d+月")
_LABEL = 24
"""Characters of a stretch before a colon that may still be a label."""


@dataclass(frozen=True, slots=True)
class RawFact:
    """A figure of one sentence; spans count characters of the sentence's cleaned text."""

    indicator: str
    canonical: str | None
    measure: Measure
    figure: Figure
    sign: int
    approx: str
    base: str
    scope: str
    period: Period | None
    status: Status
    span: Span
    group: int = 0
    owner: str = ""
    """A park or zone that a clause before named (岭湾综合保税区封关运行，全年实现进出口额…), if one did."""
    """Counts the stretches between semicolons; a place that one figure names is that of the next ones there."""

    @property
    def value(self) -> Decimal:
        return self.figure.value * self.sign


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


def read_facts(text: str, setting: Setting) -> list[RawFact]:
    """The facts of one sentence of cleaned text, in order."""
    figures = find_figures(text)
    if not figures:
        return []
    times = find_times(text, setting.clock)
    subject = Subject()
    facts: list[RawFact] = []
    for segment in segments_of(text, figures):
        if segment.group != subject.group:
            subject.parts, subject.group, subject.period = (), segment.group, None
            subject.words, subject.opened, subject.expected, subject.row = "", False, "", []
            subject.topic, subject.counted, subject.acted = "", False, False
            subject.owner = ""
            subject.meant, subject.reckoned, subject.ruling, subject.times = None, False, None, []
        facts.extend(_read_segment(text, segment, subject, times, setting))
    return facts


def _read_segment(
    text: str, segment: Segment, subject: Subject, times: list[TimeMention], setting: Setting
) -> Iterator[RawFact]:
    if not segment.figures:
        _hear(text, segment, subject, times)
        return
    if segment.opened_by == ":" and subject.label:
        # 进出口总额：215.4亿元 has its subject before the colon.
        subject.words, subject.start, subject.label = subject.label, segment.span.start, ""
    own_times = [t for t in times if segment.span.covers(t.span) and not t.base]
    behind = segment.span.start
    respectively: tuple[str, ...] = ()
    against: tuple[str, ...] = ()
    joined = _joined_figures(text, segment)
    started, reached = -1, False
    for number, figure in enumerate(segment.figures):
        left = _without_times(text, Span(behind, figure.span.start), own_times)
        right_end = segment.figures[number + 1].span.start if number + 1 < len(segment.figures) else segment.span.end
        right = text[figure.span.end : right_end]
        before = [t for t in own_times if t.span.start < figure.span.start]
        if number + 1 < len(segment.figures) and _QUALIFIER.match(right):
            # 10亿元以上项目18个: the first figure says which projects.
            continue
        against = against_each(left, joined) if not number else against
        if number < len(against):
            # The second of 0.9个和0.4个百分点 is of the same subject and against another place.
            fact = read_one(against[number], right, figure, subject, segment, ())
        elif number and only_joins(left) and subject.tail_end != behind:
            fact = _read_joined(subject, respectively, number)
        else:
            respectively = listed(left, subject, joined) if not number else ()
            if respectively:
                subject.given = joined
            left = subject.lead if number and only_joins(left) else left
            fact = read_one(left, right, figure, subject, segment, respectively)
        behind = figure.span.end
        if subject.tail:
            # 3000多个和美乡村及820个特色田园乡村: the noun behind the first figure is no subject of the second.
            behind = subject.tail_end = figure.span.end + len(subject.tail)
            subject.tail = ""
        if fact is None:
            continue
        indicator, measure, sign, base = fact
        if number == 0 and says_respectively(left) and len(before) > 1:
            # 一季度、上半年、前三季度地区生产总值分别下降7.4%、增长0.6%、增长3.9%: a time for each figure.
            subject.times = [t.period for t in before]
        if (
            subject.times
            and (number == 0 or only_joins(left) or not before)
            and (number or segment.opened_by == "、" or len(before) > 1)
        ):
            period: Period | None = subject.times.pop(0)
            subject.period = period
        else:
            subject.times = []
            period = _period(before, subject, segment, number, setting)
        if base == "from" and before:
            subject.began = period
        if base == "from" and not before:
            started = figure.span.end
            yearly = _YEARLY.search(text, figure.span.end) is not None
            if (
                yearly
                and setting.span is not None
                and period is not None
                and period.last_year == setting.span.last_year
            ):
                # 收入由62358元增加到79865元，年均增长5.1%: the start of the years looked back on.
                period = Period.year(setting.span.first_year - 1)
            elif subject.began is not None and period is not None and subject.began.last_year == period.first_year - 1:
                period = subject.began
            else:
                continue
        if started >= 0 and base != "from":
            # 由上年的61家增加到78家: the year of the start is not the year of the end.
            period = _period([t for t in before if t.span.start >= started], Subject(), segment, 0, setting)
        started = figure.span.end if base == "from" else -1
        if not (number and respectively and only_joins(left)):
            reached = bool(_REACHES.search(left)) and not _SUMMED.search(left)
        rate = figure.unit in ("%", "‰") and not _SUMMED.search(left) and not _KEPT.search(left)
        if measure in (Measure.LEVEL, Measure.SHARE) and not before and (reached or rate):
            # A rate is what it came to, and no sum of the years.
            period = _end_of(period)
        if _YEARLY.search(base) and period is not None and period.length <= 12:
            # A yearly mean speaks of several years, which this sentence does not name.
            began = subject.began
            spans = began is not None and began.last_year < period.last_year - 1
            period = Period.years(began.last_year + 1, period.last_year) if began and spans else setting.span
        status = _status(text, segment, figure, right, period, setting)
        words = text[segment.span.start : figure.span.start]
        settled = bool(before) or patterns_of_reports().done.search(words) is not None
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
        elif (status is Status.ACTUAL and subject.reckoned and not settled) or (
            status is Status.ACTUAL and subject.expected and subject.expected == subject.words
        ):
            status = Status.ESTIMATE
        yield RawFact(
            indicator[:MAX_INDICATOR],
            canonical_of(indicator),
            measure,
            figure,
            sign,
            _approx(left, text[figure.span.end :]),
            "" if base == "from" else base,
            subject.scope,
            period,
            status,
            Span(segment.span.start if before else min(subject.start, segment.span.start), segment.span.end),
            segment.group,
            subject.owner if not subject.scope else "",
        )


def _opens_group(text: str, segment: Segment) -> bool:
    """Whether an estimate's word stands at the start of a stretch between semicolons and so holds for all of it."""
    behind = max(text.rfind(mark, 0, segment.span.start) for mark in ";。!?")
    lead = text[behind + 1 : segment.span.end].lstrip()
    found = patterns_of_reports().estimate.search(lead)
    return found is not None and found.start() <= _LABEL


def _hear(text: str, segment: Segment, subject: Subject, times: list[TimeMention]) -> None:
    """A segment without figures may name the time, or be the label of what follows a colon."""
    own = [t for t in times if segment.span.covers(t.span) and not t.base]
    if own:
        subject.period, subject.opened = own[-1].period, True
    words = segment.span.of(text)
    scope = subject.scope
    subject.label = noun_of(words, subject) if len(words) <= _LABEL else ""
    subject.scope = scope
    subject.topic = topic_of(words, subject)
    subject.owner = owner_of(words)
    named = load_indicators().written_in(fold(words))
    if named:
        # 到位资金首次突破百亿元，达到103亿元: the thing is named where no figure stands.
        before = words[: named[-1].span.start]
        modifier = re.search(r"[\u4e00-\u9fff]{0,6}$", strip_lead(before)[0])
        subject.words = (modifier[0] if modifier else "") + named[-1].surface
        subject.start, subject.parts = segment.span.start, ()


def _joined_figures(text: str, segment: Segment) -> int:
    """How many figures at the start of a segment only a 和 or 、 parts: 2 in 分别增长4.8%和9.7%."""
    count = 1
    for one, other in pairwise(segment.figures):
        if not only_joins(text[one.span.end : other.span.start]):
            break
        count += 1
    return count


def _without_times(text: str, span: Span, times: list[TimeMention]) -> str:
    """The words of a stretch with the periods that it names taken out."""
    words, at = "", span.start
    for time in times:
        if span.covers(time.span) and time.span.start >= at:
            words += text[at : time.span.start]
            at = time.span.end
    return words + text[at : span.end]


def _read_joined(subject: Subject, respectively: tuple[str, ...], number: int) -> Reading | None:
    """The next figure of a list. Without one subject for each figure it states nothing that could be told apart."""
    if number < len(respectively):
        return respectively[number], subject.measure, subject.sign, subject.base
    return None


def _approx(left: str, right: str) -> str:
    before, after = patterns_of_reports().approx_before.search(left), patterns_of_reports().approx_after.match(right)
    return (before[0] if before else "") + (after[0] if after else "")


def _period(
    before: list[TimeMention], subject: Subject, segment: Segment, number: int, setting: Setting
) -> Period | None:
    if before:
        subject.period, subject.opened = before[-1].period, False
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
    return setting.period


def _end_of(period: Period | None) -> Period | None:
    """The last year of a span of years: a level that a passage on five years says was reached is that year's."""
    return Period.year(period.last_year) if period is not None and period.length > 12 else period


def _status(text: str, segment: Segment, figure: Figure, right: str, period: Period | None, setting: Setting) -> Status:
    patterns = patterns_of_reports()
    before = text[segment.span.start : figure.span.start]
    if TARGET_AFTER.match(right) or TARGET_BEFORE.search(before):
        return Status.TARGET
    if period is not None and setting.closes is not None and period.last > setting.closes:
        return Status.TARGET
    if patterns.estimate.search(before):
        return Status.ESTIMATE
    if setting.status is Status.TARGET:
        ended = period is not None and setting.closes is not None and period.last <= setting.closes
        return Status.ACTUAL if ended else Status.TARGET
    if patterns.target.search(before) and not patterns.done.search(before):
        return Status.TARGET
    return Status.ACTUAL
