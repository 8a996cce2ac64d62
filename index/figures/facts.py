"""Sentences to Facts: what each figure is a figure of, for whom, when, and whether it was done or is meant.

The reader walks through the segments of a sentence and takes along what each leaves to the next: 固定资产投资完成429.7亿元，
同比增长18.3% states two figures of one subject. It knows reports in general and nothing of any one place.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal

from index.figures.carry import Carry, Reading, Topic, step
from index.figures.clauses import MILESTONE, Context, Segment, segments_of, without_times
from index.figures.english.sentences import read_english
from index.figures.english.told import Told
from index.figures.hearing import hear, out_of, spoken_of
from index.figures.lists import names_joined, only_joins, says_respectively
from index.figures.nouns import MAX_INDICATOR
from index.figures.ratios import shares_of_industries
from index.figures.readers.behind import sized_thing
from index.figures.readers.ranks import before_place, is_place
from index.figures.rows import Row, joined_figures, read_in_row, second_list
from index.figures.status import settled
from index.figures.when import Moment, Setting, when
from index.rules import At, Rule
from index.types import Measure, Period, Span, Status
from index.words.english import is_english
from index.words.fragments import CHANGED_TO, HAN, LETTERS, any_word
from index.words.lexicon import load_indicators, load_wording
from index.words.naming import canonical_for, canonical_of, normalised, patterns_of_reports
from index.words.numbers import Figure, find_figures
from index.words.periods import TimeMention, find_times

_QUALIFIER = Rule(
    "figures.facts.qualifier",
    rf"^及?以[上下内]的?{HAN}{{1,10}}|^的{HAN}{{0,6}}(?:[有占达]|企业|项目|产品|增至|新增)",
    takes=("⟦以上民营企业⟧", "⟦的项目⟧18个"),
    leaves=("以上,同比", "的增长"),
    why="Behind a figure that only says which things are meant: 10亿元以上项目18个.",
    at=At.START,
)
_SIZED = Rule(
    "figures.facts.sized",
    rf"^及?以[上下]的?{HAN}{{0,6}}{any_word('bodies')}",
    takes=("⟦以上项目⟧18个", "⟦及以上机组⟧"),
    leaves=("以上居民满意", "项目18个"),
    at=At.START,
)
_SIZES = frozenset({"户", "人", "元", "万元", "亿元", "吨", "万吨", "千瓦", "万千瓦", "亩", "平方米"})
_GRADE_WORD = r"(?:国家|自治区|[省市区县州部])级"
_GRADE = Rule(
    "figures.facts.grade",
    rf"{_GRADE_WORD}$",
    takes=("新增⟦省级⟧", "建成⟦国家级⟧"),
    leaves=("省级示范园区", "更高等级"),
)
_NEXT_GRADE = Rule(
    "figures.facts.next_grade",
    rf"[、和]\d+[个家所座处]{_GRADE_WORD}(?P<noun>{HAN}{{2,12}})",
    takes=("⟦、6个省级非遗工坊⟧",),
    leaves=("、6个乡镇卫生院",),
    at=At.START,
)
_SETS_OUT = Rule(
    "figures.facts.sets_out",
    rf"(?:{any_word('nowadays', 'adverbs')})*(?:共?[有计]|[由从共达为]|达到|多达|{CHANGED_TO})[了约近]?$",
    takes=("⟦目前已有⟧", "⟦增加到⟧"),
    leaves=("设立分行的城市已有", "由于"),
    why="Nothing but the verb stands before the figure, so that its subject was named before.",
    at=At.START,
)
_GROWS_ON = Rule(
    "figures.facts.grows_on",
    rf"(?:^|,)[但而其]?{any_word('rate_names')}{any_word('adverbs', 'level_verbs', 'approximate_before')}+[\d百]|^{any_word('compare_base')}*(?:增长|下降|增加|减少)[\d百]",
    takes=("⟦同比增长8⟧.3%", "全年物价平稳⟦,但涨幅仍达3⟧.2%"),
    leaves=("粮食产量增长3.5%", "增长较快"),
    why="The sentence goes on with the growth of what the one before ended with.",
)
"""A sentence that begins with the growth of what the sentence before ended with: 油料总产量1615万吨。增长24.7%."""
_ECONOMY = Rule(
    "figures.facts.economy",
    rf"经济{any_word('economy')}",
    takes=("⟦经济运行⟧稳中有进", "克服⟦经济下行⟧压力"),
    leaves=("经济开发区封关运行", "经济社会发展"),
    why="The economy itself, and no name that holds the word.",
)


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
        # 下降-0.2%: the sign says again what the word said.
        return self.figure.value * (self.sign if self.figure.value >= 0 else abs(self.sign))


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A figure that made no fact, and why."""

    figure: Figure
    reason: str


QUALIFIES = "says which things are meant"
NO_TIME = "start of a change whose time is not told"
NO_SUBJECT = "nothing named that it is a figure of"


def read_facts(
    text: str, setting: Setting, left_out: list[LeftOut] | None = None, *, before: str = "", last: str = ""
) -> list[RawFact]:
    """The facts of one sentence of cleaned text, in order. Figures that make none are put into ``left_out``.

    ``before`` is the sentence before it in the same section, ``last`` what its last figure was of.
    """
    if is_english(text):
        return [_of_english(told) for told in read_english(text, setting, last)]
    facts = [_share(text, name, figure, span, setting) for name, figure, span in shares_of_industries(text)]
    told = {figure.figure.span.start for figure in facts}
    told |= {at for steps in MILESTONE.finditer(text) for at in range(*steps.span())}
    figures = [figure for figure in find_figures(text) if figure.span.start not in told]
    if not figures:
        return facts
    times = tuple(find_times(text, setting.clock))
    economy = _ECONOMY.search(text, 0, figures[0].span.start) is not None
    inherited = last if _GROWS_ON.search(text) else spoken_of(before) if before else ""
    carry = Carry(topic=Topic(inherited=inherited, economy=economy))
    for segment in segments_of(text, figures):
        carry = step(carry, segment, text)
        if not segment.figures:
            carry = hear(text, segment, carry, times)
            continue
        carry, row = _opened(text, segment, carry), Row.of(text, segment, times)
        for number in range(len(segment.figures)):
            place, was = _Place(text, segment, number, setting, times), carry
            made, row, carry = _read_figure(place, row, carry)
            if place.beside:
                carry = replace(carry, topic=was.topic, told=was.told)
            if isinstance(made, RawFact):
                facts.append(made)
            elif left_out is not None:
                left_out.append(made)
    return facts


def _of_english(told: Told) -> RawFact:
    """A figure of an English sentence."""
    known = load_indicators().named_in_english(told.core)
    canonical = known.name if known is not None else None
    figure, sign = told.figure, told.sign
    period, status = told.period, told.status
    return RawFact(
        told.name, canonical, told.measure, figure, sign, told.approx, told.base, "", period, status, told.span
    )


def _share(text: str, name: str, figure: Figure, span: Span, setting: Setting) -> RawFact:
    """A share that a proportion tells."""
    timed = [t for t in find_times(text[: span.start], setting.clock) if not t.base]
    period = timed[-1].period if timed else setting.period
    return RawFact(name, canonical_of(name), Measure.SHARE, figure, 1, "", "", "", period, setting.status, span)


@dataclass(frozen=True, slots=True)
class _Place:
    """One figure of a segment of a sentence."""

    text: str
    segment: Segment
    number: int
    setting: Setting
    times: tuple[TimeMention, ...] = ()
    """All times of the sentence, those too that something is only compared with."""

    @property
    def figure(self) -> Figure:
        return self.segment.figures[self.number]

    @property
    def is_last(self) -> bool:
        return self.number + 1 == len(self.segment.figures)

    @property
    def right(self) -> str:
        """The words behind it, up to the next figure or the end of the segment."""
        figures, end = self.segment.figures, self.segment.span.end
        return self.text[self.figure.span.end : end if self.is_last else figures[self.number + 1].span.start]

    @property
    def beside(self) -> bool:
        """Whether it is told in brackets, beside what goes on behind them: 汽车3.5万辆(含拖拉机0.7万辆)，比上年末增加…."""
        before = self.text[self.segment.span.start : self.figure.span.start]
        return before.rfind("(") > before.rfind(")") and self.number > 0 and not self.in_brackets

    @property
    def in_brackets(self) -> bool:
        """Whether it stands alone in brackets behind a word: 次均住院费用(3120.5元)比上年增长2.3%."""
        before = self.text[: self.figure.span.start]
        return before[-1:] == "(" and before[-2:-1].isalpha() and self.behind.startswith(")")

    @property
    def behind(self) -> str:
        """All text behind it."""
        return self.text[self.figure.span.end :]


def _opened(text: str, segment: Segment, carry: Carry) -> Carry:
    """The carry with what stood as a label before the segment: 进出口总额：215.4亿元 has its subject before the colon."""
    first = text[segment.span.start : segment.figures[0].span.start]
    # 设立分行的城市，由35个增加到100个
    goes_on = segment.opened_by == "," and not carry.topic.words and _SETS_OUT.match(first)
    if not carry.heard.label or not (segment.opened_by == ":" or goes_on):
        return carry
    return replace(carry.about(carry.heard.label, segment.span.start), heard=replace(carry.heard, label=""))


def _read_figure(place: _Place, row: Row, carry: Carry) -> tuple[RawFact | LeftOut, Row, Carry]:
    """The fact of a figure, or why it makes none."""
    figure, right = place.figure, place.right
    left = MILESTONE.sub("", without_times(place.text, Span(row.behind, figure.span.start), row.times))
    if (then := _as_it_was(place, carry)) is not None:
        return then, replace(row, behind=figure.span.end + place.in_brackets), carry
    if place.in_brackets:
        left, right = left.removesuffix("("), ""
    if figure.value < 0 or left.endswith("+"):
        left = _unsigned(left, figure)
    if is_rank := is_place(figure, left):
        left = before_place(left)
    if _qualifies(place, left):
        return LeftOut(figure, QUALIFIES), row, carry
    row = second_list(left, place.text, place.segment, place.number, row)
    context = Context(left, right, figure, place.segment, place=is_rank)
    read, row, left = read_in_row(context, place.number, row, carry)
    carry, reading = read.carry, read.reading
    # 3000多个和美乡村及820个特色田园乡村: the noun behind the first figure is no subject of the second.
    tail = reading.tail if reading is not None else ""
    row = replace(
        row, behind=figure.span.end + len(tail) + place.in_brackets, lead=reading.lead if reading and tail else None
    )
    if reading is None:
        return LeftOut(figure, NO_SUBJECT), row, carry
    reading = _with_words_behind(reading, place.text[row.behind :], place.behind)
    before = tuple(t for t in row.times if t.span.start < figure.span.start and not _drawn_from(place.text, t, figure))
    listing = bool(place.number and row.respectively and only_joins(left))
    moment = Moment(place.text, place.segment, figure, place.number, left, right, before, reading, listing)
    timed = when(moment, carry, place.setting, row.kept)
    row = replace(row, kept=timed.kept) if timed.kept is not row.kept else row
    if not timed.told:
        return LeftOut(figure, NO_TIME), row, replace(carry, times=timed.times)
    period, status, times = settled(moment, timed, carry, place.setting)
    start, carry = _started(place, replace(carry, times=times), named=bool(before))
    return _fact(moment, start, period, status, carry), row, carry


_GOES_ON_FROM = tuple(load_wording().lists["rise"] + load_wording().lists["fall"])
_BEFORE_BASE = frozenset({"", "(", "的", "的(", "同期", "同期(", "同期的", "末", "末的", "末("})
"""What stands between a time that something is compared with and what it was then."""


def _as_it_was(place: _Place, carry: Carry) -> RawFact | None:
    """What a figure was at the time that it is compared with: 税收…，比上年同期11494万元增收45万元; 比上年(61.7%)下降….

    None where the figure stands behind no such time, or is of another measure than what was told.
    """
    told, figure = carry.told.reading, place.figure
    base = next((t for t in reversed(place.times) if t.base and t.span.end <= figure.span.start), None)
    if base is None or not told.indicator or place.text[base.span.end : figure.span.start] not in _BEFORE_BASE:
        return None
    if not place.behind.removeprefix(")").startswith(_GOES_ON_FROM):
        return None
    share = told.measure is Measure.SHARE
    if (figure.unit != "%") if share else normalised(figure.value, figure.unit)[1] != _dimension(carry.told.unit):
        return None
    name = carry.told.share if share and carry.told.share else carry.topic.words or told.indicator
    span = Span(min(carry.topic.start, place.segment.span.start), place.segment.span.end)
    measure = Measure.SHARE if share else Measure.LEVEL
    canonical = canonical_for(name, figure.unit)
    scope, group = carry.topic.scope, place.segment.group
    return RawFact(name, canonical, measure, figure, 1, "", "", scope, base.period, Status.ACTUAL, span, group)


def _dimension(unit: str) -> str:
    return normalised(Decimal(1), unit)[1]


def _unsigned(left: str, figure: Figure) -> str:
    """The words before a figure with a sign, without it; 同比-2.1% and 45亿元(+2.1%) leave the verb of growth out."""
    words = left.rstrip(" -+负的约")
    bare = words.rstrip("(")
    if bare.endswith(("同比", "环比", "比上年", "较上年", "比去年", "较去年")):
        return f"{bare}增长"
    return f"{bare}增长" if not bare and bare != words and figure.unit in ("%", "‰") else words


def _fact(moment: Moment, start: int, period: Period | None, status: Status, carry: Carry) -> RawFact:
    reading, figure, segment = moment.reading, moment.figure, moment.segment
    level = reading.measure is Measure.LEVEL
    return RawFact(
        reading.indicator[:MAX_INDICATOR],
        canonical_for(reading.indicator, figure.unit) if level else canonical_of(reading.indicator),
        reading.measure,
        figure,
        reading.sign,
        _approx(moment.left, moment.text[figure.span.end :]),
        reading.base,
        carry.topic.scope,
        period,
        status,
        Span(start, segment.span.end),
        segment.group,
        carry.heard.owner if not carry.topic.scope else "",
    )


def _started(place: _Place, carry: Carry, *, named: bool) -> tuple[int, Carry]:
    """Where the words begin that tell of a figure: with its subject, and for a part of a whole (其中…) with that whole."""
    at, topic = place.segment.span.start, carry.topic
    if place.text.startswith("其中", at):
        whole = min(topic.whole, at)
        return whole, carry.about(topic.words, whole)
    start = at if named else min(topic.start, at)
    return start, carry if start == topic.whole else replace(carry, topic=replace(topic, whole=start))


_PLAIN_NOUN = Rule(
    "figures.facts.plain_noun",
    rf"的?{any_word('bodies')}",
    takes=("⟦企业⟧", "⟦的产业集群⟧"),
    leaves=("规上企业",),
    at=At.WHOLE,
)


def _qualifies(place: _Place, left: str) -> bool:
    """Whether a figure only says which things are meant: 10亿元以上项目18个, 20户以上自然村."""
    figure, right = place.figure, place.right
    if sized_thing(left, right):
        return False
    if figure.unit in _SIZES and _SIZED.match(right):
        return True
    if right.startswith("的部分") or _counts_a_list(place, left):
        return True
    # 产值超10亿元企业23家
    passes = left.endswith(("超", "超过", "过", "达", "达到")) and _PLAIN_NOUN.fullmatch(right) is not None
    money = passes and normalised(figure.value, figure.unit)[1] == "money_cny"
    return not place.is_last and (money or _QUALIFIER.match(right) is not None)


def _counts_a_list(place: _Place, left: str) -> bool:
    """甲山、乙山、丙山3个镇分别实现税收…: how many names stand before it, each of which has a figure behind 分别."""
    names = len(names_joined(left))
    if names < 2 or not says_respectively(place.right):
        return False
    figures = joined_figures(place.text, place.segment, place.number + 1)
    return figures > 1 and place.figure.value in (names, figures)


def _drawn_from(text: str, time: TimeMention, figure: Figure) -> bool:
    """Whether a time only says out of what something was taken: 今年拟从去年超收收入中安排500亿元."""
    return out_of(text, time, figure.span.start)


_SHARED = Rule(
    "figures.facts.shared_predicate",
    rf"(?P<noun>[^,;。\d]{{1,12}})(?:以及|[和及、])\d[\d.]*万?[个家所座项处条名户位][{LETTERS}“”()]{{1,12}}?"
    rf"(?P<told>[新先后]*{any_word('before_verbs')}*{any_word('named')}[^,;。]{{0,24}})",
    takes=("⟦镇和8个村新获评文明村镇⟧",),
    leaves=("镇和8个村", "镇获评文明镇"),
    at=At.START,
)
_PURPOSE = Rule(
    "figures.facts.purpose",
    rf",(?:主要|全部|专项)?用于(?P<what>[{LETTERS}“”]{{3,20}})",
    takes=("⟦,主要用于校舍加固⟧", "⟦,用于河道清淤⟧,"),
    leaves=("用于校舍加固", ",用于教"),
    at=At.START,
)
_MONEY_GIVEN = Rule(
    "figures.facts.money_given",
    rf"{any_word('funds')}$",
    takes=("省财政⟦安排⟧", "衔接推进乡村振兴⟦补助⟧"),
    leaves=("安排渔民转产",),
)


def _with_words_behind(reading: Reading, behind_noun: str, behind: str) -> Reading:
    """The reading with what stands behind the next figure or the next comma and is told of it too."""
    name = reading.indicator
    if _GRADE.search(name) and (grade := _NEXT_GRADE.match(behind_noun)) is not None:
        # 建成4个国家级、4个自治区级区域医疗中心: the noun of the last item is meant of the first too.
        name += grade["noun"]
    if (shared := _SHARED.match(behind)) is not None and name.endswith(shared["noun"]):
        # 5个镇和8个村新获评文明村镇: what the last of the two did is told of the first too.
        name += shared["told"]
    given = _PURPOSE.match(behind) if _MONEY_GIVEN.search(name) and canonical_of(name) is None else None
    # 中央财政投入90亿元，用于校舍建设: what money was given for names it.
    return replace(reading, indicator=name + (given["what"] if given is not None else ""))


def _approx(left: str, right: str) -> str:
    before, after = patterns_of_reports().approx_before.search(left), patterns_of_reports().approx_after.match(right)
    return (before[0] if before else "") + (after[0] if after else "")
