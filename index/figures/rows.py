"""The figures of one segment: which of them make a list, and what each hands on to the next."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from itertools import pairwise

from index.figures.carry import Carry, Read, Reading
from index.figures.clauses import Context, Segment, only_ends_change
from index.figures.listed import against_each, listed
from index.figures.lists import only_joins, says_respectively
from index.figures.statements import read_one
from index.figures.when import Clockwork
from index.rules import At, Rule
from index.words.fragments import any_word
from index.words.periods import TimeMention

_GOAL = Rule(
    "figures.rows.goal_of_a_plan",
    r"(?:规划|建设|发展|主要)*目标",
    takes=("⟦建设目标⟧完成率", "⟦目标⟧任务"),
    leaves=("建设项目", "完成目标"),
    at=At.START,
)
_ECONOMY_GREW = "经济增长"
_RATE_ALONE = Rule(
    "figures.rows.rate_alone",
    rf"^{any_word('rate_leads')}*(?:增长|下降)[了约近]?$",
    takes=("⟦全年增长⟧", "⟦预计增长约⟧"),
    leaves=("消费增长", "增长点"),
)


@dataclass(frozen=True, slots=True)
class Row:
    """What the figures of one segment share, and hand on from one to the next."""

    times: tuple[TimeMention, ...]
    """The times that the segment names."""
    behind: int
    """Where the words of the next figure begin."""
    joined: int
    """How many figures only a 和 or 、 parts, from ``began`` on."""
    began: int = 0
    respectively: tuple[str, ...] = ()
    """The subjects of the list, one for each of them."""
    against: tuple[str, ...] = ()
    """The words before each figure of a list of places that one thing is compared with."""
    lead: str | None = None
    """The words that led to the last figure, where the noun that it counts stands behind it; else None."""
    kept: Clockwork = field(default_factory=Clockwork)

    @classmethod
    def of(cls, text: str, segment: Segment, times: tuple[TimeMention, ...]) -> Row:
        """The row before the first figure of a segment."""
        own = (t for t in times if segment.span.covers(t.span) and not t.base and not _of_a_name(text, t))
        return cls(tuple(own), segment.span.start, joined_figures(text, segment, 0))


def _of_a_name(text: str, time: TimeMention) -> bool:
    """Whether a plan only says whose goals are meant: “十四五”建设目标完成率居第二."""
    return "五" in time.words and _GOAL.match(text, time.span.end) is not None


def second_list(left: str, text: str, segment: Segment, number: int, row: Row) -> Row:
    """从46503元和16935元分别提高到58794元和23184元: the same things, a second list, where a figure begins one."""
    again = says_respectively(left) or (row.respectively and row.kept.started >= 0 and only_ends_change(left))
    if not number or not again or only_joins(left):
        return row
    return replace(row, joined=joined_figures(text, segment, number), began=number)


def read_in_row(context: Context, number: int, row: Row, carry: Carry) -> tuple[Read, Row, str]:
    """What the ``number``th figure of a segment states, alone or as one of a list; with the words before it as they were read."""
    left, spoken_of = context.left, carry.topic.words
    joins = number > 0 and only_joins(left)
    if not number and (against := against_each(left, row.joined)):
        row = replace(row, against=against)
    if number < len(row.against):
        # The second of 0.9个和0.4个百分点 is of the same subject and against another place.
        return read_one(replace(context, left=row.against[number]), carry), row, left
    if number and not left and row.lead is None and not row.respectively and spoken_of:
        # 老旧小区716个26.95万户: one thing in two units.
        return Read(Reading(spoken_of), carry), row, left
    if joins and row.lead is None:
        return Read(_next_of_list(number - row.began, row, carry), carry), row, left
    row, carry = _with_list(left, number, row, carry)
    context = replace(context, left=row.lead if joins and row.lead is not None else left, respectively=row.respectively)
    read = read_one(context, carry)
    if read.reading is None and number == 0:
        read = _read_of_before(context, carry) or read
    return read, row, context.left


def _with_list(left: str, number: int, row: Row, carry: Carry) -> tuple[Row, Carry]:
    """The subjects of the list that a figure opens, if it opens one."""
    if number != row.began:
        return replace(row, respectively=()) if row.respectively else row, carry
    own, carry = listed(left, carry, row.joined)
    if number and not own and len(row.respectively) == row.joined:
        # 甲、乙分别从771家、481家增加到1076家、636家
        own = row.respectively
    if not own:
        return replace(row, respectively=()) if row.respectively else row, carry
    return replace(row, respectively=own), replace(carry, listing=replace(carry.listing, given=row.joined))


def _next_of_list(number: int, row: Row, carry: Carry) -> Reading | None:
    """The next figure of a list. Without one subject for each figure it states nothing that could be told apart."""
    last = replace(carry.told.reading, lead="", tail="")
    if number < len(row.respectively):
        return replace(last, indicator=row.respectively[number])
    # 一季度、上半年、前三季度生产总值分别增长4.8%、5.7%和6%: one thing at several times.
    return replace(last, indicator=carry.topic.words) if carry.times.each and carry.topic.words else None


def _read_of_before(context: Context, carry: Carry) -> Read | None:
    """A first figure without a subject of its own, read of what was spoken of around it; None where nothing was."""
    at = context.segment.span.start
    if carry.topic.economy and _RATE_ALONE.search(context.left) and context.figure.unit == "%":
        # 顶住经济下行压力，实现三季度增长4.6%，全年增长4.8%、总量达5.3万亿元: the economy grew.
        about = carry.about(_ECONOMY_GREW, at)
    elif carry.topic.inherited and not carry.topic.words:
        about = carry.about(carry.topic.inherited, carry.topic.start)
    elif carry.heard.measured:
        # 中央财政用于教育的投入，将由去年的1076亿元增加到1562亿元: the clause before names it.
        about = carry.about(carry.heard.measured, at)
    else:
        return None
    return read_one(replace(context, respectively=()), about)


def joined_figures(text: str, segment: Segment, first: int) -> int:
    """How many figures of a segment from the ``first`` on only a 和 or 、 parts: 2 in 分别增长4.8%和9.7%."""
    count = 1
    for one, other in pairwise(segment.figures[first:]):
        if not only_joins(text[one.span.end : other.span.start]):
            break
        count += 1
    return count
