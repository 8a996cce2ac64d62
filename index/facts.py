"""Sentences to Facts: what each figure is a figure of, for whom, when, and whether it was done or is meant.

The reader walks through the segments of a sentence and keeps the subject in mind: 固定资产投资完成429.7亿元，同比增长18.3%
states two figures of one subject. It knows reports in general and nothing of any one place.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cache
from itertools import pairwise

from index.clauses import Segment, segments_of
from index.folding import fold
from index.lexicon import load_indicators, load_units, load_wording
from index.lists import before_respectively, only_joins, says_respectively, subjects
from index.numbers import Figure, find_figures
from index.periods import Clock, TimeMention, find_times
from index.types import Measure, Period, Span, Status

_CONNECTIVE = re.compile(
    r"^(?:特别是|一是|三是|二是|五是|以及|六是|其中|分别|同时|四是|我们|此外|与|且|也|了|但|其|则|又|及|和|在|均|对|将|并|的|而|还|都)+"
)
_FROM = re.compile(r"(?:从|由|自)的?$")
_REACHED = re.compile(
    r"(?:提高|增加|增长|提升|上升|扩大|下降|减少|降低|缩短|压缩|压减|回升|攀升|跃升|降|增|升|缩减|发展|扩展)(?:了)?(?:到|至|为)$"
)
_REACHES = re.compile(r"(?:达到?|增至|到|至|升至|突破|超过|跃上|迈上|站上|跨上|跃升至)(?:了)?$")
_COMPARED = re.compile(
    r"(?:比|较|与|同)(?:\d{4}年|上年|去年|上一年|前年|年初|上半年|一季度|全国|全市|全省|“?十[一二三四五]?五”?末?)(?:底|末|同期|平均水平|平均)?"
)
_OWN_RATE = re.compile(r"^(?:增速|增幅|降幅|涨幅|增长率|增长幅度)(?:$|(?:比|较|高于|低于|快于|慢于|高出|领先).*$)")
_QUALIFIER = re.compile(r"^(?:及)?(?:以上|以下|以内)的?[\u4e00-\u9fff]{1,10}")
_YEARLY = re.compile(r"年均|平均每年|年平均")
_ADDED = re.compile(r"(?:新增|净增|再增|增设|增开)(?:了|约|近|超)?$")
_IN_ALL = re.compile(r"累计|总数|总量|共有")
_SUMMED = re.compile(r"累计|合计|共计?|总计|新增|净增|年均|平均|五年|三年")
_SHARE = re.compile(
    r"(?:占(?!比)|相当于)(?P<whole>[^,;]{1,30}?)(?:的)?(?:比重|比例|比值|份额)?(?:已|就|约|近|超过?|达到?|为|是|提高到|上升到|提升到|下降到|提升至|提高至|上升至|升至|降至|突破)*$"
)
_GROWTH_UNITS = frozenset({"%", "倍", "成", "‰"})
_POINT_UNITS = frozenset({"个百分点", "百分点"})
_RATIO = re.compile(
    r"(?:占比|比重|所占比例)(?:已|就|约|近|超过?|达到?|为|是|提高到|上升到|提升到|下降到|提升至|提高至|上升至|升至|降至|突破)*$"
)
_AFTER_NOUN = re.compile(r"^(?:的)?(?P<noun>[\u4e00-\u9fffa-z0-9“”·]{2,})", re.IGNORECASE)
_TARGET_AFTER = re.compile(r"^.{0,6}(?:的)?(?:年度|年初)?(?:目标|任务|计划)")
_PLACE_HEAD = re.compile(r"^[\u4e00-\u9fff]{2,4}(?:镇|街道|乡|村|园区)(?![\u4e00-\u9fff]{0,2}(?:改造|建设))")
_LABEL = 24
"""Characters of a stretch before a colon that may still be a label."""

MAX_INDICATOR = 40
"""Characters kept of an indicator's words; what is longer is no noun phrase."""


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


@dataclass(slots=True)
class _Subject:
    """What the running sentence speaks of."""

    words: str = ""
    parts: tuple[str, ...] = ()
    start: int = 0
    scope: str = ""
    period: Period | None = None
    opened: bool = False
    """Whether a segment without figures named the period; it then holds for all that follow it."""
    label: str = ""
    lead: str = ""
    tail: str = ""
    tail_end: int = -1
    expected: str = ""
    """The subject whose level was an estimate: its growth in the next segment is one too."""
    group: int = -1
    verb: str = ""
    row: list[str] = field(default_factory=list)
    """Subjects of the statements that only a 、 parts: 国内游客4.16亿人次、入境游客936万人次，分别增长…"""
    sign: int = 1
    measure: Measure = Measure.LEVEL
    base: str = ""


@dataclass(frozen=True, slots=True)
class _Patterns:
    growth: re.Pattern[str]
    growth_after: re.Pattern[str]
    verbs: re.Pattern[str]
    lead: re.Pattern[str]
    scope: re.Pattern[str]
    estimate: re.Pattern[str]
    target: re.Pattern[str]
    approx_before: re.Pattern[str]
    approx_after: re.Pattern[str]
    fall: re.Pattern[str]
    done: re.Pattern[str]
    list_verb: re.Pattern[str]


@cache
def _patterns() -> _Patterns:
    words = load_wording()
    rise, fall, base = (words.pattern(n).pattern for n in ("rise", "fall", "compare_base"))
    narrow, verbs, approx = (words.pattern(n).pattern for n in ("narrow", "level_verbs", "approximate_before"))
    after = words.pattern("approximate_after").pattern
    estimate, target = words.pattern("estimate"), words.pattern("target")
    scope = "|".join(sorted(map(re.escape, words.scopes), key=len, reverse=True))
    small = rf"(?:了|约|近|超过|超|达到|达|为|是|至少|不低于|不少于|{approx})*"
    return _Patterns(
        growth=re.compile(rf"(?P<base>(?:{base})*)(?P<word>{fall}|{narrow}|{rise}){small}$"),
        growth_after=re.compile(
            rf"^(?:左右|以上)?的?(?:同比|可比|大幅|较快|正|平均|高速|年均)*(?P<word>负增长|{fall}|{rise})"
        ),
        verbs=re.compile(
            rf"(?:{verbs}|{approx}|{estimate.pattern}|已|共|总计|合计|累计|均|仅|就|首次|再次|成功|控制在|稳定在|保持在|力争|确保|争取|有望|将|继续|持续|进一步|稳步|保持|出现|呈现|拟按|拟|再|按)+(?:了)?$"
        ),
        lead=re.compile(rf"^(?:{estimate.pattern}|{target.pattern}|{verbs}|{base})+"),
        scope=re.compile(rf"^(?:{scope})"),
        estimate=estimate,
        target=target,
        approx_before=re.compile(rf"(?:{approx})$"),
        approx_after=re.compile(rf"^(?:{after})"),
        fall=re.compile(rf"负增长|{fall}"),
        done=words.pattern("done"),
        list_verb=words.pattern("list_verbs"),
    )


def read_facts(text: str, setting: Setting) -> list[RawFact]:
    """The facts of one sentence of cleaned text, in order."""
    figures = find_figures(text)
    if not figures:
        return []
    times = find_times(text, setting.clock)
    subject = _Subject()
    facts: list[RawFact] = []
    for segment in segments_of(text, figures):
        if segment.group != subject.group:
            subject.parts, subject.group, subject.period = (), segment.group, None
            subject.words, subject.opened, subject.expected = "", False, ""
        facts.extend(_read_segment(text, segment, subject, times, setting))
    return facts


def _read_segment(
    text: str, segment: Segment, subject: _Subject, times: list[TimeMention], setting: Setting
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
    joined = _joined_figures(text, segment)
    for number, figure in enumerate(segment.figures):
        left = _without_times(text, Span(behind, figure.span.start), own_times)
        right_end = segment.figures[number + 1].span.start if number + 1 < len(segment.figures) else segment.span.end
        right = text[figure.span.end : right_end]
        before = [t for t in own_times if t.span.start < figure.span.start]
        if number + 1 < len(segment.figures) and _QUALIFIER.match(right):
            # 10亿元以上项目18个: the first figure says which projects.
            continue
        if number and only_joins(left) and subject.tail_end != behind:
            fact = _read_joined(subject, respectively, number)
        else:
            respectively = _listed(left, subject, joined) if not number else ()
            left = subject.lead if number and only_joins(left) else left
            fact = _read_one(left, right, figure, subject, segment, respectively)
        behind = figure.span.end
        if subject.tail:
            # 3000多个和美乡村及820个特色田园乡村: the noun behind the first figure is no subject of the second.
            behind = subject.tail_end = figure.span.end + len(subject.tail)
            subject.tail = ""
        if fact is None:
            continue
        indicator, measure, sign, base = fact
        period = _period(before, subject, segment, number, setting)
        if base == "from" and not before:
            continue
        if (
            measure in (Measure.LEVEL, Measure.SHARE)
            and not before
            and _REACHES.search(left)
            and not _SUMMED.search(left)
        ):
            period = _end_of(period)
        if _YEARLY.search(base) and period is not None and period.length <= 12:
            # A yearly mean speaks of several years, which this sentence does not name.
            period = setting.span
        status = _status(text, segment, figure, right, period, setting)
        if status is Status.ESTIMATE:
            subject.expected = subject.words
        elif status is Status.ACTUAL and subject.expected and subject.expected == subject.words:
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
        )


def _hear(text: str, segment: Segment, subject: _Subject, times: list[TimeMention]) -> None:
    """A segment without figures may name the time, or be the label of what follows a colon."""
    own = [t for t in times if segment.span.covers(t.span) and not t.base]
    if own:
        subject.period, subject.opened = own[-1].period, True
    words = segment.span.of(text)
    scope = subject.scope
    subject.label = _noun(words, subject) if len(words) <= _LABEL else ""
    subject.scope = scope
    named = load_indicators().written_in(fold(words))
    if named:
        # 到位资金首次突破百亿元，达到103亿元: the thing is named where no figure stands.
        before = words[: named[-1].span.start]
        modifier = re.search(r"[\u4e00-\u9fff]{0,6}$", _strip_lead(before, subject)[0])
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


_Reading = tuple[str, Measure, int, str]


def _read_joined(subject: _Subject, respectively: tuple[str, ...], number: int) -> _Reading | None:
    """The next figure of a list. Without one subject for each figure it states nothing that could be told apart."""
    if number < len(respectively):
        return respectively[number], subject.measure, subject.sign, subject.base
    return None


def _listed(left: str, subject: _Subject, figures: int) -> tuple[str, ...]:
    """The subjects of a list: named before 分别 in this segment, or carried from the one before it.

    Without 分别 it is a list only where subjects and figures are equally many.
    """
    told = says_respectively(left)
    if figures < 2 and not told:
        return ()
    growth = _patterns().growth.search(left)
    words = before_respectively(left) if told else _verbless(left[: growth.start()] if growth else left)
    words, scope = _strip_lead(words, subject)
    if len(words) < 2:
        if not subject.parts and told and len(subject.row) >= figures:
            subject.parts = tuple(subject.row[-figures:])
        return subject.parts if told or len(subject.parts) == figures else ()
    parts = subjects(words, figures)
    if len(parts) != figures and not (told and len(parts) > 1):
        return ()
    subject.parts, subject.scope = parts, scope
    return parts


def _read_one(
    left: str,
    right: str,
    figure: Figure,
    subject: _Subject,
    segment: Segment,
    respectively: tuple[str, ...],
) -> _Reading | None:
    patterns = _patterns()
    if figure.unit in _GROWTH_UNITS and (share := _SHARE.search(left)) is not None:
        whole = _strip_lead(share["whole"], subject)[0]
        own = _noun(left[: share.start()], subject)
        part = own or subject.words
        subject.measure, subject.sign = Measure.SHARE, 1
        return f"{part}占{whole}比重", Measure.SHARE, 1, ""
    if figure.unit in _GROWTH_UNITS and (ratio := _RATIO.search(left)) is not None:
        part = _noun(left[: ratio.start()], subject) or subject.words
        subject.measure, subject.sign = Measure.SHARE, 1
        return (f"{part}占比", Measure.SHARE, 1, "") if part else None
    if _FROM.search(left):
        # 从2020年的3.68万亿元增长到…: the start of a change is a level of its own year.
        own = _remember(_noun(_FROM.sub("", left), subject), subject, segment, respectively)
        subject.measure, subject.sign, subject.base = Measure.LEVEL, 1, ""
        return (own, Measure.LEVEL, 1, "from") if own else None
    growth = None if _REACHED.search(left) else patterns.growth.search(left)
    after = patterns.growth_after.match(right) if figure.unit in _GROWTH_UNITS | _POINT_UNITS else None
    if growth is not None and not _ADDED.search(left):
        sign = -1 if patterns.fall.search(growth["word"]) else 1
        words = _noun(_verbless(left[: growth.start()]), subject)
        own = _remember(words, subject, segment, respectively)
        against = growth["base"] or _against(left)
        measure = Measure.GROWTH if figure.unit in _GROWTH_UNITS else Measure.CHANGE
        if re.search(r"(?:高于|低于|高出|快于|好于|领先)", left):
            measure = Measure.CHANGE
        subject.measure, subject.sign, subject.base = measure, sign, against
        return (own, measure, sign, against) if own else None
    if after is not None:
        sign = -1 if patterns.fall.match(after["word"]) else 1
        own = _remember(_noun(_verbless(left), subject), subject, segment, respectively)
        measure = Measure.GROWTH if figure.unit in _GROWTH_UNITS else Measure.CHANGE
        subject.measure, subject.sign, subject.base = measure, sign, ""
        return (own, measure, sign, "") if own else None
    if figure.unit in _POINT_UNITS:
        own = _remember(_noun(_verbless(left), subject), subject, segment, respectively)
        return (own, Measure.CHANGE, 1, "") if own else None
    return _read_level(left, right, subject, segment, respectively)


def _read_level(
    left: str,
    right: str,
    subject: _Subject,
    segment: Segment,
    respectively: tuple[str, ...],
) -> _Reading | None:
    if _TARGET_AFTER.match(right) and subject.words and not respectively:
        # …10000户的旧改征收签约，超额完成年初确定的6000户目标: the target is of what was told before.
        return subject.words, Measure.LEVEL, 1, ""
    bare = _verbless(_REACHED.sub("", left))
    verb = left[len(bare) :] or left
    words = _noun(bare, subject)
    words = "" if _ADDED.fullmatch(words) else words
    noun = _AFTER_NOUN.match(right)
    tail = ""
    subject.lead = left
    if (
        noun is not None
        and not _patterns().approx_after.match(right)
        and not re.match(r"(?:的)?(?:增长|下降|同比)", right)
    ):
        tail = re.sub(r"(?:以及|和|及|与)$", "", noun["noun"])
        subject.tail = right[: noun.start("noun")] + tail
    if tail and not words:
        # 在全市率先开展…，完成78台…: whose it is was said of what went before.
        subject.scope = ""
    if tail and not respectively:
        lead = words if words else (verb if len(verb) <= 8 else "")
        words = f"{lead}{tail}"
    among = left.lstrip().startswith("其中")
    verbless = bare == left or among
    if (
        words
        and (segment.opened_by == "、" or among)
        and subject.verb
        and _patterns().list_verb.match(words) is None
        and verbless
    ):
        # 新增养老床位893张、社区长者食堂6个, 新设市场主体3.28万户，其中企业2.75万户: the verb holds for every item.
        words = subject.verb + words
    if not words and _ADDED.search(left) and subject.words and not respectively:
        # 高新技术企业达到312家，净增58家: what was added is not how many there are.
        return f"新增{subject.words}", Measure.LEVEL, 1, ""
    if not words and _IN_ALL.search(left) and subject.verb and subject.words.startswith(subject.verb):
        # 新增公园127座，累计达到1100座: what there is in all was not added.
        words = subject.words.removeprefix(subject.verb)
    bare_pair = 0 < len(words) <= 2 and subject.words and segment.opened_by in (",", "、") and not respectively
    if bare_pair and not among and canonical_of(words) is None:
        # …交易1025项，金额225.6亿元: two letters name nothing by themselves.
        words = subject.words + words
    own = _remember(words, subject, segment, respectively)
    if segment.opened_by != "、" and not among:
        new = _patterns().list_verb.match(left.strip())
        subject.verb = new[0] if new else ""
        subject.row = []
    subject.row.append(own)
    subject.measure, subject.sign, subject.base = Measure.LEVEL, 1, ""
    return (own, Measure.LEVEL, 1, "") if own else None


def _remember(words: str, subject: _Subject, segment: Segment, respectively: tuple[str, ...]) -> str:
    """Take the words as the new subject, or go on with the last one where there are none."""
    if respectively:
        if says_respectively(words) or words:
            subject.start = segment.span.start
        subject.words = respectively[0]
        return respectively[0]
    if words:
        subject.words, subject.parts, subject.start = words, (), segment.span.start
        return words
    return subject.words


def _verbless(left: str) -> str:
    return _patterns().verbs.sub("", left)


def _against(left: str) -> str:
    match = re.search(r"(?:比|较|高于|低于|快于)[^,;]{1,12}$", left)
    return match[0] if match else ""


def _noun(left: str, subject: _Subject) -> str:
    """The words of a subject without scope words, connectives, verbs and comparisons around it."""
    words, scope = _strip_lead(left, subject)
    if words:
        subject.scope = scope
    words = re.sub(r"^[”’)\]的]+|[“‘(\[]+$", "", words.strip())
    words = _COMPARED.sub("", words)
    words = re.sub(
        r"(?:同比|可比|年均|平均|增速|增幅|降幅|涨幅)+$", lambda m: m[0] if len(words) <= len(m[0]) else "", words
    )
    # 增速高于全市18.5个百分点, 降幅较上半年收窄: the rate is the last subject's, not a thing of its own.
    return "" if _OWN_RATE.match(words) else words[-MAX_INDICATOR:]


def _strip_lead(words: str, subject: _Subject) -> tuple[str, str]:
    del subject
    patterns = _patterns()
    scope = ""
    words = words.strip()
    while True:
        before = words
        words = _CONNECTIVE.sub("", words)
        if (match := patterns.scope.match(words)) is not None and len(words) > match.end():
            scope, words = match[0], words[match.end() :]
        if (match := patterns.lead.match(words)) is not None and len(words) > match.end():
            words = words[match.end() :]
        words = words.lstrip(" ,、:的”·*-")
        if words == before:
            return words, scope


@cache
def canonical_of(indicator: str) -> str | None:
    """The lexicon's name for an indicator as written, if the words are no narrower than one of its names."""
    lexicon = load_indicators()
    indicator = fold(indicator)
    exact = lexicon.written_as(indicator)
    if exact is not None:
        return exact.name
    for mention in lexicon.written_in(indicator):
        rest = indicator[: mention.span.start] + indicator[mention.span.end :]
        rest, _ = _strip_lead(rest, _Subject())
        if not rest or _patterns().scope.fullmatch(rest) or rest in ("总量", "规模", "数", "总数"):
            return mention.indicator.name
    return None


def _approx(left: str, right: str) -> str:
    before, after = _patterns().approx_before.search(left), _patterns().approx_after.match(right)
    return (before[0] if before else "") + (after[0] if after else "")


def _period(
    before: list[TimeMention], subject: _Subject, segment: Segment, number: int, setting: Setting
) -> Period | None:
    if before:
        subject.period, subject.opened = before[-1].period, False
        return subject.period
    if subject.opened:
        return subject.period
    carried = number > 0 or subject.start < segment.span.start or segment.opened_by == "、"
    if carried and subject.period is not None:
        return subject.period
    subject.period = None
    return setting.period


def _end_of(period: Period | None) -> Period | None:
    """The last year of a span of years: a level that a passage on five years says was reached is that year's."""
    return Period.year(period.last_year) if period is not None and period.length > 12 else period


def _status(text: str, segment: Segment, figure: Figure, right: str, period: Period | None, setting: Setting) -> Status:
    patterns = _patterns()
    before = text[segment.span.start : figure.span.start]
    if _TARGET_AFTER.match(right):
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


def normalised(value: Decimal, unit: str) -> tuple[Decimal, str]:
    """A value in the base unit of its dimension, and the dimension ("" where the unit is unknown)."""
    units = load_units()
    factor = Decimal(1)
    rest = fold(unit)
    for symbol in sorted(units.multipliers, key=len, reverse=True):
        if rest.startswith(symbol) and rest not in units.symbols:
            factor, rest = units.multipliers[symbol], rest[len(symbol) :]
            break
    known = units.symbols.get(rest)
    if known is None:
        return value * factor, rest
    return value * factor * known.factor, known.dimension


def with_source(fact: RawFact, **changes: object) -> RawFact:
    """A copy with some fields changed."""
    return replace(fact, **changes)  # type: ignore[arg-type]
