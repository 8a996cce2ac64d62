"""What a stretch of text takes along from the one before it: topic, times, list and what was told last; all of it frozen.

固定资产投资完成429.7亿元，同比增长18.3% states two figures of one subject. Each reader of a figure returns what it read with the
carry after it; :func:`step` says what a new segment forgets.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from index.figures.clauses import Context, Segment
from index.figures.nouns import scoped_noun
from index.types import Measure, Period


@dataclass(frozen=True, slots=True)
class Reading:
    """What a figure states: a measure of an indicator in the report's words."""

    indicator: str
    measure: Measure = Measure.LEVEL
    sign: int = 1
    base: str = ""
    """Against what a change is told: 比上年, 年均, 高于全市."""
    sets_out: bool = False
    """Whether it is the start of a change: 从2020年的3.68万亿元增长到…"""
    lead: str = ""
    """The words that led to it, where the noun that it counts stands behind it."""
    tail: str = ""
    """The words behind the figure that belong to it: 3000多个和美乡村."""


@dataclass(frozen=True, slots=True)
class Topic:
    """What is spoken of."""

    words: str = ""
    """The subject of which a figure without words of its own is told."""
    scope: str = ""
    """The scope word before it (全市)."""
    start: int = 0
    """Where the segment begins that named it."""
    whole: int = 0
    """Where the statement began of which 其中 tells a part."""
    verb: str = ""
    """The verb that holds for every item of a list: 新增养老床位893张、社区长者食堂6个."""
    inherited: str = ""
    """What the sentence before spoke of, for a sentence that does not say it again."""
    economy: bool = False
    """Whether the sentence spoke of the economy before its first figure."""
    school: str = ""
    """The kind of school whose number was told, of which what follows may be a part: 小学1368所，招生19.9万人."""
    parted: str = ""
    """What is told of parts by turns, each without the name of it: 货运量…，其中铁路…；公路…."""


@dataclass(frozen=True, slots=True)
class Heard:
    """What the last stretch without figures said."""

    label: str = ""
    """What may be the label of what follows a colon."""
    theme: str = ""
    """What it said how it does: 在线新经济发展势头良好，上半年完成产值29.3亿元."""
    several: str = ""
    """Its words, where they name several things."""
    measured: str = ""
    """What it named by a measure."""
    cause: str = ""
    """What it did: 扩大以旧换新，拉动消费9亿元."""
    within: str = ""
    """Of what a share is told: 在新开工项目中，工业项目占六成."""
    owner: str = ""
    """The park or zone that it began with."""


@dataclass(frozen=True, slots=True)
class Listing:
    """Subjects that wait for their figures, and those that stood in a row."""

    parts: tuple[str, ...] = ()
    given: int = 0
    """How many of ``parts`` have their figure."""
    row: tuple[str, ...] = ()
    """Subjects of the statements that only a 、 parts: 国内游客4.16亿人次、入境游客936万人次，分别增长…"""


@dataclass(frozen=True, slots=True)
class Times:
    """The times that were named and go on to hold."""

    period: Period | None = None
    opened: bool = False
    """Whether a segment without figures named the period; it then holds for all that follow it."""
    ranged: bool = False
    """Whether ``period`` was named by its first and its last year."""
    all_year: Period | None = None
    """The whole year that a clause named in a sentence on a part of it (下半年…，全年增长19.5%，全社会投资增长14.1%)."""
    ruling: Period | None = None
    """The time that opened a clause of a plan and holds until another is named."""
    each: tuple[Period, ...] = ()
    """Periods still to be given to the figures of a list: 一季度、上半年…分别下降7.4%、增长0.6%."""
    began: Period | None = None
    """Where a change over several years set out (由2020年的…)."""
    meant: Period | None = None
    """The period of an aim that the stretch opened with (力争全年…) and that holds until something done is told."""
    reckoned: bool = False
    """Whether the stretch opened with an estimate's word (预计…)."""
    expected: str = ""
    """The subject whose level was an estimate: its growth in the next segment is one too."""
    flow: str = ""
    """The unit in which something done over several years was told, until a state is."""


@dataclass(frozen=True, slots=True)
class Told:
    """What the last figure stated."""

    reading: Reading = field(default_factory=lambda: Reading(""))
    unit: str = ""
    """The unit of the last level."""
    counted: bool = False
    """Whether the last level counted things (签约项目215个), whose amount may follow (总投资800亿元)."""
    share: str = ""
    """The share that was told last, whose end may follow its start (占比由50%提高到55%)."""
    aim: str = ""
    """The words before the aim that was told last (完成年初预算数), of which a share may follow (15250万元的75.7%)."""
    acted: bool = False
    """Whether the last rate was that of a deed (压减支出10%), whose list may go on."""
    rated: bool = False
    """Whether the rate of something was told as a change from one rate to another."""

    @property
    def measure(self) -> Measure:
        """The measure of the last figure."""
        return self.reading.measure


@dataclass(frozen=True, slots=True)
class Carry:
    """All that is taken along. ``group`` counts the stretches between semicolons."""

    group: int = -1
    topic: Topic = Topic()
    heard: Heard = Heard()
    listing: Listing = Listing()
    times: Times = Times()
    told: Told = Told()

    def named(self, left: str) -> tuple[str, Carry]:
        """The noun of some words, with the scope word before it kept; both as they were where no noun is left."""
        noun, scope = scoped_noun(left)
        return noun, self if scope is None else self.scoped(scope)

    def scoped(self, scope: str) -> Carry:
        """The same with another scope word."""
        if scope == self.topic.scope:
            return self
        return replace(self, topic=replace(self.topic, scope=scope))

    def about(self, words: str, start: int) -> Carry:
        """The same on another subject, named from ``start`` on."""
        if words == self.topic.words and start == self.topic.start:
            return self
        return replace(self, topic=replace(self.topic, words=words, start=start))

    def remember(self, words: str, context: Context) -> tuple[str, Carry]:
        """Take the words as the new subject, or go on with the last one where there are none."""
        if context.respectively:
            first = context.respectively[0]
            return first, self.about(first, context.segment.span.start if words else self.topic.start)
        if words:
            words = words.removeprefix("的") if len(words) > 2 else words
            words = words[:-1] if len(words) > 2 and words.endswith("的") else words
            return words, self.about(words, context.segment.span.start).without_list()
        given, parts = self.listing.given, self.listing.parts
        if context.segment.opened_by == "、" and 0 < given < len(parts):
            # A、B分别增长2.3%、下降4.6%: the second thing of the list with a word of its own.
            return parts[given], replace(self, listing=replace(self.listing, given=given + 1))
        return self.topic.words, self

    def without_list(self) -> Carry:
        """The same with no subjects that wait for their figures."""
        return replace(self, listing=replace(self.listing, parts=())) if self.listing.parts else self

    def telling(self, reading: Reading, context: Context, *, share: str = "", acted: bool = False) -> Carry:
        """The carry after a figure; a rate ends the share that was told before it, a difference of points does not."""
        kept = share or ("" if context.is_rate else self.told.share)
        return replace(self, told=replace(self.told, reading=reading, share=kept, acted=acted))


@dataclass(frozen=True, slots=True)
class Read:
    """What a reader made of a figure: its reading, None where nothing is named that it is of, and the carry after it."""

    reading: Reading | None
    carry: Carry


Reader = Callable[[Context, Carry], Read | None]
"""A small reader of one way to state a figure; None where the words are not of that way."""


def step(carry: Carry, segment: Segment, text: str) -> Carry:
    """What a new segment takes along. Behind a semicolon all is forgotten but what the sentence is about.

    A part of what was told before the semicolon (其中…) goes on with it, at the same time.
    """
    if segment.group == carry.group:
        return carry
    if text.startswith("其中", segment.span.start) and carry.times.period is not None:
        # 今年…压缩920亿元；其中，…压缩510亿元
        return replace(carry, group=segment.group, times=replace(carry.times, opened=True))
    was = carry.topic
    return Carry(
        group=segment.group,
        topic=replace(was, words="", scope="", verb=""),
        heard=Heard(label=carry.heard.label),
    )
