"""The values that travel from report files to a searchable snapshot.

Spans are half-open character ranges. Every span that leaves this package counts characters of the
*unmodified* source text, so that ``source.text[span.start:span.end]`` is the quotation itself.
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Self

from index.rules import At, Rule


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A half-open range ``[start, end)`` of characters."""

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start <= self.end:
            raise ValueError(f"not a span: [{self.start}, {self.end})")

    def of(self, text: str) -> str:
        return text[self.start : self.end]

    def covers(self, other: Span) -> bool:
        return self.start <= other.start and other.end <= self.end


_PERIOD = Rule(
    "types.period",
    r"(?P<y>\d{4})(?:-(?:H(?P<h>[12])|Q(?P<q>[1-4])|(?P<m>\d{2})))?"
    r"(?:/(?P<y2>\d{4})(?:-(?P<m2>\d{2}))?)?",
    takes=("⟦2016/2020⟧", "⟦2020-H1⟧"),
    leaves=("2020-H3", "20-06"),
    at=At.WHOLE,
)


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """Whole months from ``first`` to ``last``, both included, counted as ``year * 12 + month - 1``.

    Its string form is the contract's: ``2020``, ``2020-H1``, ``2020-Q1``, ``2020-06``, ``2016/2020``,
    ``2025-01/2025-05``.
    """

    first: int
    last: int

    def __post_init__(self) -> None:
        if self.first > self.last:
            raise ValueError(f"a period ends before it begins: {self.first} > {self.last}")

    @classmethod
    def year(cls, year: int) -> Self:
        return cls(year * 12, year * 12 + 11)

    @classmethod
    def years(cls, first: int, last: int) -> Self:
        return cls(first * 12, last * 12 + 11)

    @classmethod
    def half(cls, year: int, half: int) -> Self:
        return cls(year * 12 + (half - 1) * 6, year * 12 + half * 6 - 1)

    @classmethod
    def quarter(cls, year: int, quarter: int) -> Self:
        return cls(year * 12 + (quarter - 1) * 3, year * 12 + quarter * 3 - 1)

    @classmethod
    def months(cls, year: int, first: int, last: int) -> Self:
        return cls(year * 12 + first - 1, year * 12 + last - 1)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read the string form. Raises ValueError on anything else."""
        match = _PERIOD.fullmatch(text)
        if match is None:
            raise ValueError(f"not a period: {text!r}")
        year = int(match["y"])
        if match["y2"]:
            if match["m"] and match["m2"]:
                if not (1 <= int(match["m"]) <= 12 and 1 <= int(match["m2"]) <= 12):
                    raise ValueError(f"not a period: {text!r}")
                return cls(year * 12 + int(match["m"]) - 1, int(match["y2"]) * 12 + int(match["m2"]) - 1)
            if match["m"] or match["m2"] or match["h"] or match["q"]:
                raise ValueError(f"not a period: {text!r}")
            return cls.years(year, int(match["y2"]))
        if match["h"]:
            return cls.half(year, int(match["h"]))
        if match["q"]:
            return cls.quarter(year, int(match["q"]))
        if match["m"] and not 1 <= int(match["m"]) <= 12:
            raise ValueError(f"not a period: {text!r}")
        if match["m"]:
            return cls.months(year, int(match["m"]), int(match["m"]))
        return cls.year(year)

    @property
    def first_year(self) -> int:
        return self.first // 12

    @property
    def last_year(self) -> int:
        return self.last // 12

    @property
    def length(self) -> int:
        """Months covered, at least 1."""
        return self.last - self.first + 1

    @property
    def is_year(self) -> bool:
        return self.first % 12 == 0 and self.length == 12

    def within(self, other: Period) -> bool:
        return other.first <= self.first and self.last <= other.last

    def overlaps(self, other: Period) -> bool:
        return self.first <= other.last and other.first <= self.last

    def __str__(self) -> str:
        year, month = divmod(self.first, 12)
        if month == 0 and self.length % 12 == 0:
            return str(year) if self.length == 12 else f"{year}/{self.last_year}"
        if self.length == 6 and month in (0, 6):
            return f"{year}-H{month // 6 + 1}"
        if self.length == 3 and month % 3 == 0:
            return f"{year}-Q{month // 3 + 1}"
        if self.length == 1:
            return f"{year}-{month + 1:02d}"
        return f"{year}-{month + 1:02d}/{self.last_year}-{self.last % 12 + 1:02d}"


class Kind(StrEnum):
    """What sort of document it is."""

    ANNUAL = "annual"
    """A work report: what was done in a year and what the next is for."""
    HALF_YEAR = "half_year"
    QUARTER = "quarter"
    """How the first months of a year went: 一季度, 前三季度, 1-10月."""
    BULLETIN = "bulletin"
    """Statistics of one year, all of them results."""
    BUDGET = "budget"
    PLAN = "plan"
    """The report on the yearly plan of economic and social development."""
    OUTLINE = "outline"
    """A five-year plan."""
    SUMMARY = "summary"
    """What a department, street or enterprise did in a year."""
    NEWS = "news"
    """What is told about a report or bulletin afterwards."""
    OTHER = "other"


class Status(StrEnum):
    """Whether a text tells what was done, what is estimated, or what is meant to be done."""

    ACTUAL = "actual"
    ESTIMATE = "estimate"
    TARGET = "target"


class Measure(StrEnum):
    """What a figure says of its indicator."""

    LEVEL = "level"
    GROWTH = "growth"
    CHANGE = "change"
    SHARE = "share"


@dataclass(frozen=True, slots=True)
class Mark:
    """Where a text stands in the file that it was taken from: from ``start`` on, up to the next mark.

    ``page`` counts from 1; ``cell`` names a sheet and a cell of it (``Sheet1!B3``).
    """

    start: int
    page: int | None = None
    cell: str | None = None


CORRECTABLE_YEARS = range(1949, 2200)
LONGEST_PLACE = 60
"""What people may say in a correction, by whichever way."""


@dataclass(frozen=True, slots=True)
class Correction:
    """What a person says of a document, against what was read of it; None leaves what was read.

    ``number`` counts the documents of its file from 0, ``region`` is any name of a place. ``year`` is the year whose results
    it tells; of a five-year plan the one that it begins with.
    """

    number: int
    region: str | None = None
    year: int | None = None
    kind: Kind | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """One report file: its name (with folders below the ingested one), the hash of its bytes and its text.

    ``encoding`` is how the bytes give the text; it is empty where they do not (a PDF, a damaged file), and the text is
    then kept beside them, with ``marks`` of pages or cells. ``notes`` say in words what was repaired or left out.
    ``same_as`` names the file whose content this one has again: it is kept, but read and cited once only. ``corrections``
    are by hand, at most one for a document.
    """

    name: str
    sha256: str
    encoding: str
    text: str
    marks: tuple[Mark, ...] = ()
    notes: tuple[str, ...] = ()
    same_as: str = ""
    corrections: tuple[Correction, ...] = ()

    def place(self, at: int) -> Mark | None:
        """The page or cell that the character ``at`` stands on, where the format has such."""
        index = bisect_right(self.marks, at, key=lambda mark: mark.start)
        return self.marks[index - 1] if index else None


@dataclass(frozen=True, slots=True)
class Section:
    """A numbered part of a document. ``heading`` is the path from the document down to it."""

    id: str
    heading: tuple[str, ...]
    level: int
    span: Span
    period: Period | None
    status: Status


_YEAR_OF_TITLE = Rule(
    "types.year_of_title",
    r"(?<!\d)((?:19|20)\d{2})(?=年[^月]*报告)",
    takes=("⟦2021⟧年青石县政府工作报告",),
    leaves=("2021年1月9日政府工作报告", "第12021年报告"),
    why="A year with a month behind it is of the day, not of the report.",
)


@dataclass(frozen=True, slots=True)
class Document:
    """One report (or other text) inside a source.

    ``review`` is the period whose results it tells, ``plan`` the one it plans; both come from the text,
    and ``contradictions`` says in words where the title or the file disagrees with it. ``speaker`` is the person who
    gave it, ``byline`` the place in the source that says so.
    """

    id: str
    source: str
    sha256: str
    span: Span
    title: str
    region: str | None
    parent: str | None
    issuer: str | None
    given: dt.date | None
    kind: Kind
    review: Period | None
    plan: Period | None
    contradictions: tuple[str, ...]
    sections: tuple[Section, ...]
    speaker: str | None = None
    byline: Span | None = None
    title_year: int | None = None
    """The year in the title or, where that has none, in the file's name; None where they name several."""
    guesses: tuple[str, ...] = ()
    """What no title, file name or byline says, so that it was taken from the text as a whole; and what could not be read."""
    corrected: tuple[tuple[str, str], ...] = ()
    """What a person has put right, in the order ``kind``, ``region``, ``year``, each with what was read; empty where nothing was."""

    @property
    def data_years(self) -> tuple[int, ...]:
        """The years whose results it tells."""
        return tuple(range(self.review.first_year, self.review.last_year + 1)) if self.review is not None else ()

    @property
    def doubts(self) -> tuple[str, ...]:
        """What contradicts itself in it, what was guessed, and what could not be read."""
        return self.contradictions + self.guesses

    @property
    def period(self) -> Period | None:
        """The period that the document mainly speaks of: its results before its plans."""
        return self.review or self.plan

    @property
    def report_years(self) -> frozenset[int]:
        """The years by which people call it: that in which it was given or that it plans, and its title's where that fits."""
        titled = [] if self.contradictions else [int(y) for y in _YEAR_OF_TITLE.findall(self.title)]
        named = [self.given.year] if self.given is not None else []
        planned = [self.plan.last_year] if self.plan is not None else []
        return frozenset((*named, *planned, *titled))


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence: ``text`` is its cleaned form, ``span`` the place in the source that a citation quotes."""

    document_id: str
    section_id: str
    heading: tuple[str, ...]
    chunk: int
    span: Span
    text: str
    period: Period | None
    status: Status


@dataclass(frozen=True, slots=True)
class Chunk:
    """A run of whole sentences of one section. ``text`` is the source at ``span``, ``embedded`` what the model reads."""

    id: str
    document_id: str
    section_id: str
    heading: tuple[str, ...]
    span: Span
    text: str
    embedded: str
    tokens: int
    region: str | None
    period: Period | None
    status: Status


@dataclass(frozen=True, slots=True)
class Fact:
    """One figure: what the text says of one indicator in one region and period.

    ``indicator`` is as written, ``canonical`` the lexicon's name if it has one. ``value`` is signed (a fall is
    negative) and in ``unit`` as written. ``clause`` is the cleaned clause that states it; ``span`` is the clause
    and ``figure`` the number with its unit, both in the source. ``base`` is what a growth is compared with.
    """

    sentence: int
    document_id: str
    indicator: str
    canonical: str | None
    clause: str
    measure: Measure
    value: Decimal
    unit: str
    written: str
    approx: str
    base: str
    region: str | None
    period: Period | None
    status: Status
    span: Span
    figure: Span


@dataclass(frozen=True, slots=True)
class Corpus:
    """Everything read from a set of sources. ``Sentence.chunk`` and ``Fact.sentence`` are places in these tuples."""

    sources: tuple[Source, ...]
    documents: tuple[Document, ...]
    sentences: tuple[Sentence, ...]
    chunks: tuple[Chunk, ...]
    facts: tuple[Fact, ...]
