"""Sentences to Facts: what each figure is a figure of, for whom, when, and whether it was done or is meant.

The reader walks through the segments of a sentence and keeps the subject in mind: 固定资产投资完成429.7亿元，同比增长18.3%
states two figures of one subject. It knows reports in general and nothing of any one place.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from index.figures.carry import MAX_INDICATOR, Subject, cause_of, noun_of, owner_of, topic_of
from index.figures.clauses import Segment, segments_of
from index.figures.lists import only_joins, says_respectively
from index.figures.statements import Reading, against_each, before_place, goes_up_to, is_place, listed, read_one
from index.figures.when import Clockwork, Moment, Setting, is_range, when
from index.rules import Rule
from index.text.folding import fold
from index.types import Measure, Period, Span, Status
from index.words.lexicon import load_indicators
from index.words.naming import canonical_for, canonical_of, normalised, patterns_of_reports, strip_lead
from index.words.numbers import Figure, find_figures
from index.words.periods import TimeMention, find_times

_QUALIFIER = Rule(
    "figures.facts.qualifier",
    r"^(?:及)?(?:以上|以下|以内)的?[\u4e00-\u9fff]{1,10}|^的(?:[\u4e00-\u9fff]{0,6})(?:有|占|达|企业|项目|产品|增至|新增)",
)
_SIZED = Rule(
    "figures.facts.sized",
    r"^(?:及)?(?:以上|以下)的?(?:[\u4e00-\u9fff]{0,6})(?:项目|企业|自然村|村|屯|产业|集群|园区|机组|工程|水库|账款|合同|楼宇|乡镇)",
)
_SIZES = frozenset({"户", "人", "元", "万元", "亿元", "吨", "万吨", "千瓦", "万千瓦", "亩", "平方米"})


_GRADE = Rule("figures.facts.grade", r"(?:国家|自治区|省|市|区|县|州|部)级$")
_NEXT_GRADE = Rule(
    "figures.facts.next_grade",
    r"(?:、|和)\d+[个家所座处](?:国家|自治区|省|市|区|县|州|部)级(?P<noun>[\u4e00-\u9fff]{2,12})",
)
_WITHIN = Rule("figures.facts.within", r"在(?P<whole>[\u4e00-\u9fff]{4,24})中")
_SETS_OUT = Rule(
    "figures.facts.sets_out",
    r"(?:现在|目前|如今|已经|已|也|则|就|又|还|一共|总共)*(?:由|从|有|共有|共计?|达到?|为|多达|"
    r"(?:增加|增长|提高|扩大|发展|减少|下降|上升)(?:到|至|为))(?:了|约|近)?$",
)
_OF_IT = Rule("figures.facts.of_it", r"的[\u4e00-\u9fff]{2,6}")
_GROWS_ON = Rule(
    "figures.facts.grows_on",
    r"(?:^|,)(?:但|而|其)?(?:涨幅|增幅|降幅|增速)(?:仍然|仍|也|却|还|高达|达到?|为|是)+[\d百]|^(?:比上年|同比|比上一年|较上年|分别|年均)*(?:增长|下降|增加|减少)[\d百]",
)
"""A sentence that begins with the growth of what the sentence before ended with: 油料总产量1615万吨。增长24.7%."""
_ECONOMY = Rule("figures.facts.economy", r"经济(?:增长|增速|运行|总量|下行|回升|恢复|企稳|发展|稳|保持|持续|实现|逐季)")
_ECONOMY_GREW = "经济增长"
_RATE_ALONE = Rule(
    "figures.facts.rate_alone", r"^(?:实现|同比|比上年|总体|预计|力争|确保|全年|累计)*(?:增长|下降)(?:了|约|近)?$"
)
_MEASURED = Rule("figures.facts.measured", r"(?:额|量|率|数|值|资|入|出|款|费|税|润|金|面积|规模)$")
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
    """Counts the stretches between semicolons; a place that one figure names is that of the next ones there."""
    owner: str = ""
    """A park or zone that a clause before named (岭湾综合保税区封关运行，全年实现进出口额…), if one did."""

    @property
    def value(self) -> Decimal:
        return self.figure.value * self.sign


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A figure that made no fact, and why."""

    figure: Figure
    reason: str


QUALIFIES = "says which things are meant"
NO_TIME = "start of a change whose time is not told"
NO_SUBJECT = "nothing named that it is a figure of"


_SPOKEN_OF_1 = Rule("figures.facts.spoken_of_1", r"^(?:[-—·*]+|[一二三四五六七八九十]+是,?)+")
_SPOKEN_OF_2 = Rule("figures.facts.spoken_of_2", r"[,、:;]")
_SPOKEN_OF_3 = Rule("figures.facts.spoken_of_3", r"(?<=.{2})(?:生产|发展|运行|建设|工作)$")


def spoken_of(sentence: str) -> str:
    """What a short sentence without figures speaks of, which the next one may go on about.

    经营主体稳中培优。总量达1461.4万户
    """
    words = _SPOKEN_OF_1.sub("", sentence.rstrip("。;!"))
    if not 0 < len(words) <= _LABEL or find_figures(words) or _SPOKEN_OF_2.search(words):
        return ""
    named = next(iter(load_indicators().written_in(fold(words))), None)
    if named is not None and named.span.start == 0:
        return named.surface
    return _SPOKEN_OF_3.sub("", topic_of(words, Subject()))


def read_facts(
    text: str, setting: Setting, left_out: list[LeftOut] | None = None, *, before: str = "", last: str = ""
) -> list[RawFact]:
    """The facts of one sentence of cleaned text, in order. Figures that make none are put into ``left_out``.

    ``before`` is the sentence before it in the same section, ``last`` what its last figure was of.
    """
    left_out = [] if left_out is None else left_out
    figures = find_figures(text)
    if not figures:
        return []
    times = find_times(text, setting.clock)
    economy = _ECONOMY.search(text, 0, figures[0].span.start) is not None
    inherited = last if _GROWS_ON.search(text) else spoken_of(before) if before else ""
    subject = Subject(inherited=inherited, economy=economy)
    facts: list[RawFact] = []
    for segment in segments_of(text, figures):
        if (
            segment.group != subject.group
            and text.startswith("其中", segment.span.start)
            and subject.period is not None
        ):
            # 今年…压缩920亿元；其中，…压缩510亿元: a part of what was told, at the same time.
            subject.group, subject.opened = segment.group, True
        elif segment.group != subject.group:
            subject.parts, subject.group, subject.period = (), segment.group, None
            subject.cause = subject.within = ""
            subject.words, subject.opened, subject.expected, subject.row = "", False, "", []
            subject.topic, subject.counted, subject.acted, subject.unit = "", False, False, ""
            subject.owner = subject.flow = subject.heard = subject.listed = ""
            subject.meant, subject.reckoned, subject.ruling, subject.times = None, False, None, []
            subject.all_year = None
        facts.extend(_read_segment(text, segment, subject, times, setting, left_out))
    return facts


@dataclass(slots=True)
class _Row:
    """What the figures of one segment share where they make a list."""

    joined: int
    """How many of them only a 和 or 、 parts, from ``began`` on."""
    began: int = 0
    respectively: tuple[str, ...] = ()
    against: tuple[str, ...] = ()
    led: bool = False
    """Whether the last figure was read with the words before the first."""


def _reading_of(
    left: str,
    right: str,
    figure: Figure,
    number: int,
    subject: Subject,
    segment: Segment,
    row: _Row,
    *,
    goes_on: bool,
    place: bool,
) -> Reading | None:
    """What the ``number``th figure of a segment states, alone or as one of a list."""
    row.against = against_each(left, row.joined) if not number else row.against
    row.led = False
    if number < len(row.against):
        # The second of 0.9个和0.4个百分点 is of the same subject and against another place.
        return read_one(row.against[number], right, figure, subject, segment, ())
    if number and not left and goes_on and not row.respectively and subject.words:
        # 老旧小区716个26.95万户: one thing in two units.
        return subject.words, Measure.LEVEL, 1, ""
    if number and only_joins(left) and goes_on:
        fact = _read_joined(subject, row.respectively, number - row.began)
        if fact is None and subject.times and subject.words:
            # 一季度、上半年、前三季度生产总值分别增长4.8%、5.7%和6%: one thing at several times.
            return subject.words, subject.measure, subject.sign, subject.base
        return fact
    respectively = row.respectively
    row.respectively = listed(left, subject, row.joined) if number == row.began else ()
    if number and number == row.began and not row.respectively and len(respectively) == row.joined:
        # 甲、乙分别从771家、481家增加到1076家、636家
        row.respectively = respectively
    if row.respectively:
        subject.given = row.joined
    row.led = True
    left = subject.lead if number and only_joins(left) else left
    fact = read_one(left, right, figure, subject, segment, row.respectively, place=place)
    if fact is None and number == 0 and subject.economy and _RATE_ALONE.search(left) and figure.unit == "%":
        # 顶住经济下行压力，实现三季度增长4.6%，全年增长4.8%、总量达5.3万亿元: the economy grew.
        subject.words, subject.start = _ECONOMY_GREW, segment.span.start
        return read_one(left, right, figure, subject, segment, (), place=place)
    if fact is None and number == 0 and subject.inherited and not subject.words:
        subject.words = subject.inherited
        return read_one(left, right, figure, subject, segment, (), place=place)
    if fact is None and number == 0 and subject.heard:
        # 中央财政用于教育的投入，将由去年的1076亿元增加到1562亿元: the clause before names it.
        subject.words, subject.start = subject.heard, segment.span.start
        return read_one(left, right, figure, subject, segment, (), place=place)
    return fact


_COUNTS_A_LIST_1 = Rule("figures.facts.counts_a_list_1", r"、|和|与|及")


def _counts_a_list(left: str, right: str, figure: Figure, figures: int) -> bool:
    """Whether a figure only says how many names stand before it, each of which has a figure behind 分别."""
    names = len(_COUNTS_A_LIST_1.findall(left)) + 1
    return names > 1 and figures > 1 and figure.value in (names, figures) and says_respectively(right)


def _read_segment(
    text: str,
    segment: Segment,
    subject: Subject,
    times: list[TimeMention],
    setting: Setting,
    left_out: list[LeftOut],
) -> Iterator[RawFact]:
    if not segment.figures:
        _hear(text, segment, subject, times)
        return
    if segment.opened_by == ":" and subject.label:
        # 进出口总额：215.4亿元 has its subject before the colon.
        subject.words, subject.start, subject.label = subject.label, segment.span.start, ""
    first = text[segment.span.start : segment.figures[0].span.start]
    if segment.opened_by == "," and subject.label and not subject.words and _SETS_OUT.match(first):
        # 设立分行的城市，由35个增加到100个
        subject.words, subject.start, subject.label = subject.label, segment.span.start, ""
    own_times = [t for t in times if segment.span.covers(t.span) and not t.base and not _of_a_name(text, t)]
    behind = segment.span.start
    row = _Row(_joined_figures(text, segment, 0))
    clockwork = Clockwork()
    part = text.startswith("其中", segment.span.start)
    for number, figure in enumerate(segment.figures):
        left = _without_times(text, Span(behind, figure.span.start), own_times)
        left = before_place(left) if (place := is_place(figure, left)) else left
        right_end = segment.figures[number + 1].span.start if number + 1 < len(segment.figures) else segment.span.end
        right = text[figure.span.end : right_end]
        before = [t for t in own_times if t.span.start < figure.span.start and not _drawn_from(text, t, figure)]
        passes = left.endswith(("超", "超过", "过", "达", "达到"))
        if _qualifies(figure, right, passes=passes, last=number + 1 == len(segment.figures)):
            # 10亿元以上项目18个: the first figure says which projects.
            left_out.append(LeftOut(figure, QUALIFIES))
            continue
        if _counts_a_list(left, right, figure, _joined_figures(text, segment, number + 1)):
            # 甲山、乙山、丙山3个镇分别实现税收…: how many the list names, and no figure of any of them.
            left_out.append(LeftOut(figure, QUALIFIES))
            continue
        again = row.respectively and clockwork.started >= 0 and goes_up_to(left)
        if number and (says_respectively(left) or again) and not only_joins(left):
            # 从46503元和16935元分别提高到58794元和23184元: the same things, a second list.
            row.joined, row.began = _joined_figures(text, segment, number), number
        fact = _reading_of(
            left, right, figure, number, subject, segment, row, goes_on=subject.tail_end != behind, place=place
        )
        left = subject.lead if row.led and number and only_joins(left) else left
        behind = figure.span.end
        if subject.tail:
            # 3000多个和美乡村及820个特色田园乡村: the noun behind the first figure is no subject of the second.
            behind = subject.tail_end = figure.span.end + len(subject.tail)
            subject.tail = ""
        if fact is None:
            left_out.append(LeftOut(figure, NO_SUBJECT))
            continue
        fact = _purposed(_shared(_graded(fact, text[behind:]), text[figure.span.end :]), text[figure.span.end :])
        indicator, measure, sign, base = fact
        moment = Moment(text, segment, figure, number, left, right, before)
        # What goes on as a list shares how its first figure was told.
        listing = bool(number and row.respectively and only_joins(left))
        timed = when(moment, fact, subject, setting, clockwork, listing=listing)
        if timed is None:
            left_out.append(LeftOut(figure, NO_TIME))
            continue
        period, status = timed
        yield RawFact(
            indicator[:MAX_INDICATOR],
            canonical_for(indicator, figure.unit) if measure is Measure.LEVEL else canonical_of(indicator),
            measure,
            figure,
            sign,
            _approx(left, text[figure.span.end :]),
            "" if base == "from" else base,
            subject.scope,
            period,
            status,
            Span(_starts(segment, subject, named=bool(before), part=part), segment.span.end),
            segment.group,
            subject.owner if not subject.scope else "",
        )


def _starts(segment: Segment, subject: Subject, *, named: bool, part: bool) -> int:
    """Where the words begin that tell of a figure: with its subject, and for a part of a whole (其中…) with that whole."""
    if part:
        subject.start = min(subject.whole, segment.span.start)
        return subject.start
    subject.whole = segment.span.start if named else min(subject.start, segment.span.start)
    return subject.whole


_GOAL = Rule("figures.facts.goal", r"(?:规划|建设|发展|主要)*目标")
_OUT_OF = {
    "从": Rule("figures.facts.out_of_1", r"[^,;。]{0,14}中"),
    "在": Rule("figures.facts.out_of_2", r"[^,;。]{0,14}基础上"),
}


_PLAIN_NOUN = Rule(
    "figures.facts.plain_noun",
    r"(?:的)?(?:企业|项目|园区|产业|产业集群|集群|楼宇|总部|村|街道|乡镇|镇|工程|合作社|单位|公司)",
)


def _qualifies(figure: Figure, right: str, *, passes: bool, last: bool) -> bool:
    """Whether a figure only says which things are meant: 10亿元以上项目18个, 20户以上自然村."""
    sized = figure.unit in _SIZES and _SIZED.match(right) is not None
    if passes and not last and _PLAIN_NOUN.fullmatch(right) and normalised(figure.value, figure.unit)[1] == "money_cny":
        # 产值超10亿元企业23家
        return True
    return sized or right.startswith("的部分") or (not last and _QUALIFIER.match(right) is not None)


def _of_a_name(text: str, time: TimeMention) -> bool:
    """Whether a plan only says whose goals are meant: “十四五”建设目标完成率居第二."""
    return "五" in time.words and _GOAL.match(text, time.span.end) is not None


def _drawn_from(text: str, time: TimeMention, figure: Figure) -> bool:
    """Whether a time only says out of what something was taken: 今年拟从去年超收收入中安排500亿元."""
    return _out_of(text, time, figure.span.start)


def _out_of(text: str, time: TimeMention, end: int) -> bool:
    out = _OUT_OF.get(text[max(0, time.span.start - 1) : time.span.start])
    return out is not None and out.match(text, time.span.end, end) is not None


def _graded(reading: Reading, behind: str) -> Reading:
    """建成4个国家级、4个自治区级区域医疗中心: the noun of the last item is meant of the first too."""
    shared = _NEXT_GRADE.match(behind) if _GRADE.search(reading[0]) else None
    return (reading[0] + shared["noun"], *reading[1:]) if shared is not None else reading


_SHARED = Rule(
    "figures.facts.shared",
    r"(?P<noun>[^,;。\d]{1,12})(?:以及|和|及|、)\d[\d.]*万?[个家所座项处条名户位][\u4e00-\u9fff“”()]{1,12}?"
    r"(?P<told>(?:新|全部|均|先后|成功|首次|再次)*(?:获评|获批|获得|入选|荣获|被命名|被评为|被认定|通过|达到|纳入|跻身)[^,;。]{0,24})",
)


def _shared(reading: Reading, behind: str) -> Reading:
    """5个镇和8个村新获评文明村镇: what the last of the two did is told of the first too."""
    shared = _SHARED.match(behind)
    if shared is None or not reading[0].endswith(shared["noun"]):
        return reading
    return (reading[0] + shared["told"], *reading[1:])


_PURPOSE = Rule("figures.facts.purpose", r",(?:主要|全部|专项)?用于(?P<what>[\u4e00-\u9fff“”]{3,20})")
_MONEY_GIVEN = Rule("figures.facts.money_given", r"(?:投入|资金|安排|拨款|拨付|支出|补助|筹集|筹措|下达)$")


def _purposed(reading: Reading, behind: str) -> Reading:
    """中央财政投入90亿元，用于校舍建设: what money was given for names it."""
    purpose = _PURPOSE.match(behind)
    if purpose is None or not _MONEY_GIVEN.search(reading[0]) or canonical_of(reading[0]) is not None:
        return reading
    return (reading[0] + purpose["what"], *reading[1:])


_HEAR_1 = Rule("figures.facts.hear_1", r"、|和|与|及")
_HEAR_2 = Rule("figures.facts.hear_2", r"^(?:今年|去年|全年|当年|上年|同期)")
_HEAR_3 = Rule("figures.facts.hear_3", r"[\u4e00-\u9fff]{0,6}$")


def _hear(text: str, segment: Segment, subject: Subject, times: list[TimeMention]) -> None:
    """A segment without figures may name the time, or be the label of what follows a colon."""
    own = [t for t in times if segment.span.covers(t.span) and not t.base and not text.startswith("以来", t.span.end)]
    own = [t for t in own if not _out_of(text, t, segment.span.end)]
    if own:
        subject.period, subject.opened, subject.ranged = own[-1].period, True, is_range(own[-1].words)
    words = segment.span.of(text)
    scope = subject.scope
    subject.label = noun_of(words, subject) if len(words) <= _LABEL else ""
    subject.scope = scope
    within = _WITHIN.fullmatch(words)
    subject.within = within["whole"] if within is not None else ""
    subject.topic, subject.cause = topic_of(words, subject), cause_of(words)
    subject.owner = owner_of(words)
    subject.listed = words if _HEAR_1.search(words) else ""
    named_last = subject.scope
    thing = _HEAR_2.sub("", words)
    subject.heard = noun_of(thing, subject) if _MEASURED.search(words) and len(words) <= _LABEL else ""
    subject.scope = named_last
    plain = _without_times(text, segment.span, own)
    named = load_indicators().written_in(fold(plain))
    if subject.topic and not named:
        # 在财政收入下降的同时，预算外资金却大幅度增加，由371亿元增加到650亿元: spoken of now is the latter.
        subject.words, subject.label = "", subject.topic
    if named:
        # 到位资金首次突破百亿元，达到103亿元: the thing is named where no figure stands.
        before = plain[: named[-1].span.start]
        modifier = _HEAR_3.search(strip_lead(before)[0])
        # 高等学校的学生，1952年有19万人: students, and not schools.
        of_it = _OF_IT.fullmatch(plain[named[-1].span.end :])
        subject.words = (modifier[0] if modifier else "") + named[-1].surface + (of_it[0] if of_it else "")
        subject.start, subject.parts = segment.span.start, ()


def _joined_figures(text: str, segment: Segment, first: int) -> int:
    """How many figures of a segment from the ``first`` on only a 和 or 、 parts: 2 in 分别增长4.8%和9.7%."""
    count = 1
    for one, other in pairwise(segment.figures[first:]):
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
