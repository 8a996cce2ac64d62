"""What is decided of a question: the figures, the calculation or the sentences that answer it, or why nothing does."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from index.types import Document, Fact, Period, Section
from rag.types import About, Passage, Query, Reason, Telling


@dataclass(frozen=True, slots=True)
class Found:
    """A cell: the asked place and period, the group of facts that answers (level before growth), and what rivals it."""

    region: str | None
    period: Period | None
    facts: tuple[Fact, ...]
    score: float
    conflicts: tuple[Fact, ...] = ()
    same: tuple[Fact, ...] = ()
    """Other statements of the first fact's figure."""


class Later(Sequence[Fact]):
    """Figures that are looked for when somebody asks for them, and then once; reads like the tuple that it stands for."""

    __slots__ = ("_find", "_found")

    def __init__(self, find: Callable[[], tuple[Fact, ...]]) -> None:
        self._find = find
        self._found: tuple[Fact, ...] | None = None

    def _held(self) -> tuple[Fact, ...]:
        if self._found is None:
            self._found = self._find()
        return self._found

    def __len__(self) -> int:
        return len(self._held())

    def __getitem__(self, number: Any) -> Any:
        return self._held()[number]

    def __eq__(self, other: object) -> bool:
        return self._held() == tuple(other) if isinstance(other, Sequence) else NotImplemented

    def __hash__(self) -> int:
        return hash(self._held())

    def __repr__(self) -> str:
        return repr(self._held())


@dataclass(frozen=True, slots=True)
class Missing:
    """A cell without an answer: why, and what comes nearest, best first.

    Most are only told from those with one, and what comes nearest takes as long to find as an answer: see ``Later``.
    """

    region: str | None
    period: Period | None
    reason: Reason
    nearest: Sequence[Fact]


@dataclass(frozen=True, slots=True)
class Calculation:
    """A result with the facts it comes from, in the order of the formula."""

    label: str
    value: Decimal
    unit: str
    formula: str
    operands: tuple[Fact, ...]
    written: tuple[str, ...]
    """The operands as the formula shows them."""
    against: str = ""
    """For a difference in time: the other period, as the answer words it."""


@dataclass(frozen=True, slots=True)
class Figures:
    """Cells that answer, each found or missing, at least one found."""

    cells: tuple[Found | Missing, ...]
    asked: tuple[Query, ...] = ()
    """Each cell's own query, where a question asks for several things."""

    told_as: Query | None = None
    """The query for these cells, where they are told as another was asked: a span year by year, two places by name."""

    @property
    def found(self) -> tuple[Found, ...]:
        return tuple(cell for cell in self.cells if isinstance(cell, Found))


@dataclass(frozen=True, slots=True)
class Calculated:
    """A figure that is calculated from stated ones."""

    result: Calculation


@dataclass(frozen=True, slots=True)
class Ranked:
    """Places in a row, each with its rank and its figure."""

    rows: tuple[tuple[int, Found], ...]
    period: Period
    level: str
    missing: tuple[str, ...] = ()
    """Held places that tell of the time and not of this."""
    absent: tuple[str, ...] = ()
    """Places of the level that are not held."""
    place: str | None = None
    """The place whose rank alone is asked."""


@dataclass(frozen=True, slots=True)
class ResultAndTarget:
    """A result beside its target, each as it is told, whether it met it, and by how much it lies above it."""

    result: Found | Missing
    aim: Found | Missing
    met: bool | None = None
    gap: Calculation | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """Sentences that answer, best first."""

    passages: tuple[Passage, ...]


@dataclass(frozen=True, slots=True)
class Spoken:
    """The reports of which it is asked who gave them, when, where or in which office."""

    documents: tuple[Document, ...]
    asked: About = About.SPEAKER


@dataclass(frozen=True, slots=True)
class Dated:
    """The sentences with the asked words, each with the time that these speak of."""

    told: tuple[tuple[int, Period], ...]
    words: str


@dataclass(frozen=True, slots=True)
class HeldReports:
    """The reports that are held of the asked place: of the asked years, or all where none of these is ``found``."""

    documents: tuple[Document, ...]
    years: tuple[int, ...]
    found: bool


@dataclass(frozen=True, slots=True)
class Outlined:
    """The sections of a report whose headings are the asked list."""

    document: Document
    sections: tuple[Section, ...]


@dataclass(frozen=True, slots=True)
class Talk:
    """Nothing is asked of the reports: a greeting, thanks, a form without an answer."""

    telling: Telling
    example: Fact | None = None
    """A figure that is sure to be found, to show how one asks."""


@dataclass(frozen=True, slots=True)
class Refused:
    """Why nothing answers, and what comes nearest: figures, sentences."""

    reason: Reason
    nearest: tuple[Fact, ...] = ()
    passages: tuple[Passage, ...] = ()
    notes: tuple[str, ...] = ()


Verdict = (
    Figures | Ranked | ResultAndTarget | Calculated | Told | Spoken | Dated | HeldReports | Outlined | Talk | Refused
)


def names_told(verdict: Verdict) -> tuple[str, ...]:
    """The names of the figures of an answer; () for sentences and refusals."""
    if isinstance(verdict, Calculated):
        return (verdict.result.label,)
    if isinstance(verdict, Figures):
        return tuple(f.canonical or f.indicator for cell in verdict.found for f in cell.facts)
    return ()
