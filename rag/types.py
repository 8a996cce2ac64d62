"""The values that travel from a question to a cited answer."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from index.types import Period, Sentence, Span, Status


class QuestionKind(StrEnum):
    """What the question wants to be told; the words are the contract's."""

    VALUE = "value"
    GROWTH = "growth"
    TARGET = "target"
    COMPARE = "compare"
    RANK = "rank"
    SERIES = "series"
    DERIVE = "derive"
    LIST = "list"
    EXPLAIN = "explain"
    LOOKUP = "lookup"


class About(StrEnum):
    """What is asked about a report itself and not of what it tells."""

    NOTHING = "nothing"
    SPEAKER = "speaker"
    DAY = "day"
    MEETING = "meeting"
    OFFICE = "office"
    YEAR_OF_WORDS = "year_of_words"
    HELD = "held"


class Telling(StrEnum):
    """How an answer is to be told, where the question says so or asks for nothing else."""

    PLAIN = "plain"
    TABLE = "table"
    ENGLISH = "english"
    SURE = "sure"
    SOURCE = "source"
    AGAIN = "again"
    GREETING = "greeting"
    THANKS = "thanks"
    NOTHING_BEFORE = "nothing_before"
    """A form is asked for and there is no answer that could be told in it."""


class Reason(StrEnum):
    """Why an answer abstains."""

    PERIOD_MISSING = "period_missing"
    REGION_MISSING = "region_missing"
    INDICATOR_MISSING = "indicator_missing"
    NOT_IN_REPORTS = "not_in_reports"
    OUT_OF_SCOPE = "out_of_scope"
    PREMISE_FALSE = "premise_false"
    AMBIGUOUS = "ambiguous"


@dataclass(frozen=True, slots=True)
class Filters:
    """What the caller restricts an answer to; an empty tuple restricts nothing."""

    regions: tuple[str, ...] = ()
    years: tuple[int, ...] = ()
    documents: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Question:
    """A question as asked. ``asked_on`` is the day by which 今年 and 去年 are read."""

    text: str
    asked_on: dt.date
    history: tuple[str, ...] = ()
    filters: Filters = Filters()
    top_k: int = 8
    language: str = "auto"
    generator: str = "extractive"
    explain: bool = False


@dataclass(frozen=True, slots=True)
class Mention:
    """Words of the question that caused a constraint: ``slot`` is region, period, indicator or status."""

    slot: str
    value: str
    span: Span
    surface: str = ""
    """The words, folded."""


@dataclass(frozen=True, slots=True)
class Thing:
    """What is asked for. ``terms`` is what remains of the question without places, times and question words."""

    indicators: tuple[str, ...] = ()
    """Names of the vocabulary."""
    terms: str = ""
    whole: str = ""
    """What the asked thing is a part of, as the question says: 进出口总额 in 进出口总额中出口."""
    units: tuple[str, ...] = ()
    """The asked ones."""
    basis: tuple[str, ...] = ()
    """How a change is to be reckoned (自然口径, 两年平均), where the question says so."""


@dataclass(frozen=True, slots=True)
class Places:
    """Where it is asked for."""

    regions: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    """Named places of which nobody knows where they lie."""
    asked_as: tuple[tuple[str, str], ...] = ()
    """Of the unknown ones those that the reports call otherwise, each with the name that the question gives it."""
    level: str | None = None
    """Set where every place of one level is asked for (各区)."""
    scope: str | None = None
    """The level of a word such as 全省, where no place is named."""
    about: tuple[str, ...] = ()
    """Names that a sentence must hold to answer: of a place that is not held and deals with one that is."""
    within: tuple[str, ...] = ()
    """Places that are not held and lie in the asked one: what is told of them there, by name, is asked."""
    against: tuple[str, ...] = ()
    """Places that it is to be compared with (高于全国多少), by full name or scope word."""


@dataclass(frozen=True, slots=True)
class Times:
    """When it is asked for."""

    periods: tuple[Period, ...] = ()
    report_years: tuple[int, ...] = ()
    """Years that name the report and not the figure."""
    bases: tuple[Period, ...] = ()
    """Periods that the asked figure is to be compared with (比2019年多多少)."""
    aimed: tuple[Period, ...] = ()
    """Of several periods those whose target is asked for (2021年完成多少，2022年目标多少)."""
    odd_year: str = ""
    """Words for a year that no report can be of."""


@dataclass(frozen=True, slots=True)
class Wants:
    """What is to be told of the thing."""

    level: bool = False
    growth: bool = False
    both: bool = False
    """Whether level and growth are both asked for, each by its own words."""
    share: bool = False
    change: bool = False
    rise: bool = False
    stock: bool = False
    total: bool = False
    state: bool = False
    """Whether it is asked how things stand at a time (截至2024年), whatever verb says how they came to be."""
    yearly: bool = False
    planned: bool = False
    """Whether a plan answers where no result does (2018年安排的财政赤字)."""
    speaker: bool = False


@dataclass(frozen=True, slots=True)
class Bound:
    """An amount that places are asked to be above or below: 超过150亿元."""

    value: Decimal
    unit: str
    written: str
    above: bool


@dataclass(frozen=True, slots=True)
class Row:
    """In which row the places of a level are asked for."""

    level: str | None = None
    """None where no row is asked for."""
    top: int = 0
    """How many of them; 0 for the first one alone, or for all."""
    lowest: bool = False
    """Whether it begins with the smallest."""
    bound: Bound | None = None
    all: bool = False
    """Whether the whole row is asked for (排名)."""


@dataclass(frozen=True, slots=True)
class Cues:
    """What else the wording of a question says; filled by ``rag.understand.cues``, and all that later stages know of it."""

    words: str = ""
    """The question as it was typed, for what compares whole texts by tokens or meaning."""
    own: str = ""
    """The question as it was typed, without its places and times."""
    has_words: bool = False
    """Whether it holds a word of any script that reports are asked in."""
    numeric: bool = False
    """Whether it asks for a number: 多少, how many."""
    among: bool = False
    """Whether it says 其中: what follows is asked of a part."""
    much: bool = False
    """Whether it asks how much there is of something that is not counted: how much electricity."""
    ends_in_indicator: bool = False
    """Whether a plain question ends in what it asks for and that in a name of the vocabulary: 边贸进出口."""
    date: bool = False
    """Whether it asks when."""
    place_in_row: bool = False
    """Whether it asks for a place in a row: 居全国第几."""
    among_some: str = ""
    """The part of the country or of the world whose row that is: 西部 in 居西部第几."""
    compares: bool = False
    lowest: bool = False
    """Whether the smallest and not the largest is asked for."""
    falls: bool = False
    """Whether it speaks of a fall."""
    most: bool = False
    """Whether it asks which of several is the largest or smallest."""
    counted: bool = False
    """Whether it counts the things that it speaks of: 四大产业."""
    names: int = 0
    """How many names it asks for: 7 of 哪7家; 0 where it does not say how many."""
    bare: str = ""
    """What is asked without the words that ask for a row or for each year."""
    listed: str = ""
    """What is left of it without places, times and words of asking, counting and comparing."""
    gap: bool = False
    """Whether it asks by how much two things differ."""
    sums_up: bool = False
    """Whether it asks for several things together: 合计, 加起来."""
    moved: bool = False
    """Whether it asks by how much something became more or less."""
    from_to: bool = False
    """Whether it asks for both ends of a move: 从多少增加到多少."""
    subtracts: bool = False
    """Whether it asks for one thing less another: 差, 减."""
    left: bool = False
    """Whether it asks what is still there: 还有多少."""
    maybe_moved: bool = False
    """Whether a word of it may say that something moved: 便宜, 多出."""
    maybe_meant: bool = False
    """Whether a word of it may say that something is meant to be done: 要, 想."""
    counted_years: int = 0
    """+1 or -1 where years are counted on or back from a day that it does not name: 今后五年, 过去五年."""
    yearly: bool = False
    """Whether each of several years is asked for by itself: 历年, 逐年."""
    lately: bool = False
    since: bool = False
    """Whether years are counted back from the question's day (近三年), or on from the named one (2020年以来)."""
    range: bool = False
    """Whether it names two ends of a time: 从1982年到1987年."""
    plan_against_result: bool = False
    """Whether it holds a plan against a result: 计划改造的比实际改造的少多少."""
    done: bool = False
    """Whether it speaks of results and not of plans."""
    granted: int = 0
    """+1 or -1 where it takes for granted that one is above or below another: 为什么比上年低."""
    denied: str = ""
    """What it takes for granted that did not come about: 没能超过."""
    numbers: frozenset[str] = frozenset()
    """Numbers by which things are told apart: 8号线."""
    per_unit: tuple[str, ...] = ()
    """Words for what is reckoned by the unit, such as it says."""
    each: bool = False
    """Whether it asks for anything by the unit: 每, 单位."""
    why: bool = False
    meaning: bool = False
    """Whether it asks what a term means."""
    troubles: bool = False
    """Whether it asks what is lacking."""
    quoted: tuple[str, ...] = ()
    """Words in quotation marks."""
    term: str = ""
    """The term of which it asks what it means, where it asks that alone."""
    tasks: bool = False
    deeds: bool = False
    """Whether it asks what a report as a whole plans, or says was done."""
    about: About = About.NOTHING
    met: bool = False
    """Whether it asks if a target was met."""
    kept_low: bool = False
    """Whether what it asks of is meant to stay low: a price, unemployment."""
    bare_follow: bool = False
    """Whether it is a follow-up that says no more than of when or where else: 那2019年呢."""
    of_nothing: bool = False
    """Whether it is one and follows on nothing."""
    beyond: str = ""
    """Of what it asks that no report tells: a person, an opinion; "" where it may be told."""


@dataclass(frozen=True, slots=True)
class Query:
    """The question as understood: what, where, when, and what is to be told of it.

    ``carried`` names the slots that came from earlier questions. ``direction`` is +1 or -1 where the question takes a rise
    or a fall for granted.
    """

    text: str
    kind: QuestionKind
    language: str
    status: Status | None
    direction: int = 0
    mentions: tuple[Mention, ...] = ()
    carried: tuple[str, ...] = ()
    follows_figure: bool = False
    """Whether it follows a question for a figure and says only of what else (农村居民的人均纯收入呢)."""
    pairs: tuple[tuple[str, Period], ...] = ()
    """Places with a time of their own (2022年的A和2021年的B); empty where all places are asked at all times."""
    thing: Thing = Thing()
    place: Places = Places()
    time: Times = Times()
    wants: Wants = Wants()
    row: Row = Row()
    cues: Cues = Cues()


@dataclass(frozen=True, slots=True)
class Hit:
    """A chunk that retrieval found: ``score`` is fused, higher is better; ``signals`` holds every part of it."""

    chunk: int
    rank: int
    score: float
    signals: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Citation:
    """A verbatim quotation: ``quote`` equals the unmodified source's text at ``[start, end)``.

    ``answer_spans`` are the ranges of the answer's text that it supports. ``page`` (from 1) and ``cell`` (``Sheet1!B3``)
    are where it begins in a PDF or a workbook.
    """

    n: int
    document_id: str
    document: str
    title: str
    region: str | None
    period: str | None
    heading: tuple[str, ...]
    quote: str
    start: int
    end: int
    sha256: str
    url: str
    answer_spans: tuple[tuple[int, int], ...] = ()
    page: int | None = None
    cell: str | None = None


@dataclass(frozen=True, slots=True)
class Operand:
    value: str
    unit: str
    citation: int


@dataclass(frozen=True, slots=True)
class Derived:
    """A calculation shown in full: its formula and its cited operands."""

    formula: str
    operands: tuple[Operand, ...]


@dataclass(frozen=True, slots=True)
class Value:
    """One figure of an answer; ``citation`` is the number of the citation that states it."""

    indicator: str
    region: str | None
    period: str | None
    value: str
    unit: str
    measure: str
    status: str
    citation: int
    derived: Derived | None = None


@dataclass(frozen=True, slots=True)
class Nearest:
    """Something else that is stated, named for what it is in ``text``."""

    citation: Citation
    text: str


@dataclass(frozen=True, slots=True)
class Understood:
    """The query as shown to the asker."""

    text: str
    kind: QuestionKind
    indicators: tuple[str, ...]
    regions: tuple[str, ...]
    periods: tuple[str, ...]
    status: str
    carried: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Passage:
    """A sentence offered as evidence, with its place and score."""

    sentence: int
    value: Sentence
    score: float


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer as it is sent; the same snapshot, question and options give the same value, timings aside."""

    id: str
    question: str
    understood: Understood
    answer: str
    abstained: bool
    reason: Reason | None
    values: tuple[Value, ...]
    citations: tuple[Citation, ...]
    nearest: tuple[Nearest, ...]
    conflicts: tuple[Nearest, ...]
    support: float
    generator: str
    snapshot: str
    notes: tuple[str, ...] = ()
    prompt_tokens: int = 0
    completion_tokens: int = 0
    timings_ms: dict[str, float] = field(default_factory=dict)
    trace: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SearchHit:
    """A chunk as shown to a searcher: its text is the source at ``[start, end)``."""

    chunk_id: str
    document: str
    document_id: str
    title: str
    region: str | None
    period: str | None
    heading: tuple[str, ...]
    text: str
    start: int
    end: int
    score: float
    signals: dict[str, float]
    url: str


@dataclass(frozen=True, slots=True)
class SearchResult:
    """Hits best first; ``notes`` tells which constraints matched nothing and were therefore left open."""

    hits: tuple[SearchHit, ...]
    notes: tuple[str, ...]
    understood: Understood
