"""Sentences to segments: the stretches between commas in which one subject meets its figures."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass

from index.rules import At, Rule
from index.types import Span
from index.words.fragments import CHANGED_TO, COUNTING, FEW_YEARS, SUCH, any_word
from index.words.lexicon import load_wording
from index.words.naming import normalised
from index.words.numbers import Figure
from index.words.periods import TimeMention

_BREAK = Rule(
    "figures.clauses.break",
    r"[,;:。!?]",
    takes=("造林12万亩⟦,⟧治沙3万亩", "主要目标是⟦:⟧"),
    leaves=("造林、治沙",),
)
_ENCLOSED = Rule(
    "figures.clauses.enclosed",
    r"“[^”]*”|‘[^’]*’|《[^》]*》|\([^)]*\)",
    takes=("打造⟦“书香临江”⟧品牌", "综合能耗⟦(等价值)⟧"),
    leaves=("打造书香临江品牌",),
)
_SERIES = Rule(
    "figures.clauses.series",
    rf"[^,;:。、\d]{{2,12}}(?:、[^,;:。、\d]{{1,12}})+{SUCH}",
    takes=("⟦视力、听力等⟧残疾儿童", "⟦节水改造、河道清淤等⟧8项工程"),
    leaves=("视力、听力残疾儿童", "甲等、乙等级医院"),
    why="Behind a figure a list of one kind of thing, whose marks part no statements; 等级 and 等待 end none.",
    at=At.START,
)
"""Behind a figure a list of one kind of thing: 2000名视力、听力等残疾儿童."""
_LIST_MARK = Rule(
    "figures.clauses.list_mark",
    "、",
    takes=("造林12万亩⟦、⟧治沙",),
    leaves=("造林12万亩,治沙3万亩",),
)
_FROM = Rule(
    "figures.clauses.from",
    r"(?:[从由]|(?<!来)自)的?$",
    takes=("贫困发生率⟦由⟧", "床位数⟦从的⟧"),
    leaves=("游客来自", "从业人员"),
    why="来自 says where somebody comes from, not from how much.",
)
_REACHED = Rule(
    "figures.clauses.reached",
    rf"{CHANGED_TO}$",
    takes=("床位数⟦增加到⟧", "⟦整合优化为⟧"),
    leaves=("增加到位资金", "达到"),
)

MILESTONE = Rule(
    "figures.clauses.milestone",
    rf"(?:{any_word('of_steps')}|{FEW_YEARS})*{any_word('passing')}了?[^,;。]{{0,16}}?[\d两{COUNTING}]个[^,;。]{{0,9}}?{any_word('steps')}[、,]?",
    takes=("总量⟦连续迈上4个万亿元台阶、⟧达到", "税收⟦接连站上80亿元、90亿元两个台阶,⟧达92亿元"),
    leaves=("产值突破500亿元大关、达到512亿元", "迈上新台阶"),
    why="Steps that were passed one after the other: how many there are is no figure of what passed them, and names nothing.",
)
_ENDS_GROUP = frozenset(";。!?")
_RATES = frozenset({"%", "倍", "成", "‰", "番"})
_POINTS = frozenset({"个百分点", "百分点", "个千分点", "千分点"})


@dataclass(frozen=True, slots=True)
class Segment:
    """A part of a sentence without its closing mark. ``group`` counts the stretches between semicolons."""

    span: Span
    figures: tuple[Figure, ...]
    group: int
    opened_by: str
    """The mark before it: "" at the start of a sentence, "," ";" ":" or "、"."""


@dataclass(frozen=True, slots=True)
class Context:
    """A figure in its place: the words on both sides of it, and the subjects of the list that it opens."""

    left: str
    right: str
    figure: Figure
    segment: Segment
    respectively: tuple[str, ...] = ()
    place: bool = False
    """Whether it is a place in a row by the words before it (前5位)."""

    @property
    def is_rate(self) -> bool:
        """Whether its unit can tell growth or a share."""
        return self.figure.unit in _RATES

    @property
    def is_points(self) -> bool:
        """Whether it counts percentage points."""
        return self.figure.unit in _POINTS

    @property
    def counts(self) -> bool:
        """Whether it counts things."""
        return normalised(self.figure.value, self.figure.unit)[1] == "count"

    @property
    def follows(self) -> bool:
        """Whether its segment goes on from the one before it in the same sentence."""
        return self.segment.opened_by in (",", "、")

    @property
    def among(self) -> bool:
        """Whether it is a part of what was told before it: 其中新能源汽车356万辆."""
        return self.left.lstrip().startswith("其中")

    @property
    def is_last(self) -> bool:
        """Whether no figure of its segment follows it."""
        return self.figure.span.end + len(self.right) >= self.segment.span.end


def starts_change(words: str) -> bool:
    """Whether words lead to the start of a change: 由, 从."""
    return _FROM.search(words) is not None


def without_start(words: str) -> str:
    """The words without the 由 or 从 that leads to the start of a change."""
    return _FROM.sub("", words)


def ends_change(words: str) -> bool:
    """Whether words lead to the end of a change: 收入增加到."""
    return _REACHED.search(words) is not None


def without_end(words: str) -> str:
    """The words without those that lead to the end of a change: 收入增加到 → 收入."""
    return _REACHED.sub("", words)


def only_ends_change(words: str) -> bool:
    """Whether words do nothing but lead from the start of a change to its end: 增加到."""
    return _REACHED.fullmatch(words.strip()) is not None


def segments_of(text: str, figures: list[Figure]) -> list[Segment]:
    """Split one sentence. A 、 parts two statements only where a figure stands before it; else it parts nouns."""
    masked = _ENCLOSED.sub(lambda m: "\x00" * len(m[0]), text)
    result: list[Segment] = []
    starts = [f.span.start for f in figures]
    start, group, opened_by = 0, 0, ""
    for at, mark in [*_cuts(masked, figures), (len(text), "")]:
        words = text[start:at]
        lead = len(words) - len(words.lstrip())
        span = Span(start + lead, max(start + lead, start + len(words.rstrip())))
        if span.start < span.end:
            first, last = bisect_left(starts, span.start), bisect_left(starts, span.end)
            told = tuple(f for f in figures[first:last] if span.covers(f.span))
            result.append(Segment(span, told, group, opened_by))
        group += mark in _ENDS_GROUP
        start, opened_by = at + 1, mark
    return result


_QUALITY_ENDS = tuple(load_wording().lists["ends_of_qualities"])
_LONGEST_QUALITY = 6
_ROW = 40
"""Characters in which a row of qualities is looked for."""


def qualities_first(words: str) -> int:
    """How many characters say in a row how the counted are, before these are named: 100家 | 实力强、效益好的 | 民营企业; 0 if none."""
    said, mark, rest = words.partition("的")
    parts = said.split("、")
    told = len(parts) > 1 and all(p.endswith(_QUALITY_ENDS) and len(p) <= _LONGEST_QUALITY for p in parts)
    return len(said) + 1 if mark and rest and told else 0


def _cuts(masked: str, figures: list[Figure]) -> list[tuple[int, str]]:
    """The marks that part segments and where they stand, in order."""
    inside = {i for f in figures for i in range(f.span.start, f.span.end)}
    starts = {f.span.start for f in figures}
    ends = sorted(f.span.end for f in figures)
    counting = [f.span.end for f in figures if normalised(f.value, f.unit)[1] == "count"]
    series = [Span(*m.span()) for end in counting if (m := _SERIES.match(masked, end)) is not None]
    series += [Span(end, end + size) for end in counting if (size := qualities_first(masked[end : end + _ROW]))]
    cuts = [(m.start(), m[0]) for m in _BREAK.finditer(masked) if m.start() not in inside]
    for match in _LIST_MARK.finditer(masked):
        at = match.start()
        place = bisect_left(cuts, (at, ""))
        last_cut = cuts[place - 1][0] if place else -1
        # 分别增长3.9%、2.5% is one list: what follows the 、 is a figure and no statement.
        told = bisect_right(ends, at) > bisect_right(ends, last_cut)
        if not told or at in inside or at + 1 in starts or any(span.start < at < span.end for span in series):
            continue
        cuts.insert(place, (at, "、"))
    return cuts


def without_times(text: str, span: Span, times: tuple[TimeMention, ...]) -> str:
    """The words of a stretch with the periods that it names taken out."""
    words, at = "", span.start
    for time in times:
        if span.covers(time.span) and time.span.start >= at:
            words += text[at : time.span.start]
            at = time.span.end
    return words + text[at : span.end]
