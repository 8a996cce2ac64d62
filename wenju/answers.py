"""The values of answers: frozen, typed, and the same from an index in this process and from a service.

Their fields are those of ``POST /v1/ask`` and its neighbours. A value is a decimal number in text (``"18.3"``) with its unit
beside it (``"%"``, ``"亿元"``), as the report gives it. A period is a text: ``2020``, ``2020-H1``, ``2020-Q1``, ``2020-06``,
``2016/2020`` (a span). ``start`` and ``end`` count characters of the decoded source file.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any, TypeVar, overload

import msgspec

from wenju.showing import answer_html, facts_html

if TYPE_CHECKING:
    import pandas

T = TypeVar("T")


def decoded(data: Any, kind: type[T]) -> T:
    """Plain JSON data as one of these values; fields that are not known are passed over. Raises ValueError."""
    try:
        return msgspec.convert(data, kind)
    except msgspec.ValidationError as error:
        raise ValueError(f"not {kind.__name__}: {error}") from error


def _frame(rows: Sequence[Any]) -> pandas.DataFrame:
    """Rows as a table with ``value`` as a number."""
    try:
        import pandas
    except ImportError as error:
        raise ImportError("tables need pandas: pip install 'wenju[pandas]'") from error
    frame = pandas.DataFrame([asdict(row) for row in rows])
    if "value" in frame:
        frame["value"] = pandas.to_numeric(frame["value"])
    return frame


@dataclass(frozen=True, slots=True)
class Understood:
    """The question as understood, slot by slot. ``carried`` names the slots that came from earlier questions."""

    text: str
    kind: str
    indicators: tuple[str, ...]
    regions: tuple[str, ...]
    periods: tuple[str, ...]
    status: str
    carried: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Operand:
    """A cited figure that a calculation starts from."""

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
    """One figure of an answer. ``measure`` is level, growth, share, …; ``status`` actual, estimate or target.

    ``citation`` is the ``n`` of the citation that states it; ``derived`` is there where it was calculated.
    """

    indicator: str
    region: str | None
    period: str | None
    value: str
    unit: str
    measure: str
    status: str
    citation: int
    derived: Derived | None = None

    @property
    def number(self) -> Decimal:
        """``value`` as an exact number, in ``unit``."""
        return Decimal(self.value)


@dataclass(frozen=True, slots=True)
class Citation:
    """A verbatim quotation: ``quote`` is the text of the file ``document`` at ``[start, end)``, ``sha256`` that file's.

    ``answer_spans`` are the ranges of the answer's text that it supports. ``page`` (from 1) and ``cell`` are there for a PDF
    and a workbook. ``url`` opens the passage in the service: from a service whole, else as its path.
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

    @property
    def place(self) -> str:
        """Where a person opens it: file, page or cell, and characters."""
        page = f", page {self.page}" if self.page else ""
        cell = f", {self.cell}" if self.cell else ""
        return f"{self.document}{page}{cell} [{self.start}:{self.end}]"


@dataclass(frozen=True, slots=True)
class Nearest(Citation):
    """A citation of something else than what was asked, named for what it is in ``text``."""

    text: str = ""


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens that a language model was sent and wrote; none where none was asked."""

    prompt_tokens: int = 0
    completion_tokens: int = 0
    total_tokens: int = 0


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer, or an honest no: then ``abstained`` is true, ``reason`` says why and ``nearest`` what is there instead.

    ``support`` is the share of right answers among those with this score. In a notebook it shows itself with its evidence,
    and a series as a chart.
    """

    id: str
    question: str
    understood: Understood
    answer: str
    abstained: bool
    reason: str | None
    values: tuple[Value, ...]
    citations: tuple[Citation, ...]
    nearest: tuple[Nearest, ...]
    conflicts: tuple[Nearest, ...]
    support: float
    generator: str
    snapshot: str
    notes: tuple[str, ...] = ()
    usage: Usage = Usage()
    timings_ms: Mapping[str, float] = field(default_factory=dict, compare=False)
    trace: Mapping[str, Any] | None = None

    def __str__(self) -> str:
        return self.answer

    def to_pandas(self) -> pandas.DataFrame:
        """The figures, a row each, ``value`` as a number. Raises ImportError without pandas."""
        return _frame(self.values)

    def _repr_html_(self) -> str:
        return answer_html(self)


@dataclass(frozen=True, slots=True)
class SearchHit:
    """A passage: ``text`` is its file's at ``[start, end)``; ``signals`` are the parts of ``score``, higher is better."""

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
    signals: Mapping[str, float]
    url: str


class _Rows(Sequence[T]):
    """A frozen value that is read like a tuple of its rows."""

    __slots__ = ()

    @property
    def _rows(self) -> tuple[T, ...]:
        raise NotImplementedError

    def __len__(self) -> int:
        return len(self._rows)

    def __iter__(self) -> Iterator[T]:
        return iter(self._rows)

    @overload
    def __getitem__(self, at: int) -> T: ...

    @overload
    def __getitem__(self, at: slice) -> tuple[T, ...]: ...

    def __getitem__(self, at: int | slice) -> T | tuple[T, ...]:
        return self._rows[at]

    def to_pandas(self) -> pandas.DataFrame:
        """The rows as a table. Raises ImportError without pandas."""
        return _frame(self._rows)


@dataclass(frozen=True, slots=True)
class SearchResult(_Rows[SearchHit]):
    """Passages, best first; it is read like a tuple of them. ``notes`` tells which restriction matched nothing."""

    hits: tuple[SearchHit, ...]
    notes: tuple[str, ...]
    understood: Understood
    snapshot: str

    @property
    def _rows(self) -> tuple[SearchHit, ...]:
        return self.hits


@dataclass(frozen=True, slots=True)
class Fact:
    """One figure as it was read: ``indicator`` as written, ``canonical`` the vocabulary's name if it has one.

    ``clause`` is the text of the file at ``[start, end)``.
    """

    region: str | None
    period: str | None
    status: str
    indicator: str
    canonical: str | None
    measure: str
    value: str
    unit: str
    approx: str
    base: str
    clause: str
    document: str
    document_id: str
    start: int
    end: int
    url: str

    @property
    def number(self) -> Decimal:
        """``value`` as an exact number, in ``unit``."""
        return Decimal(self.value)


@dataclass(frozen=True, slots=True)
class Facts(_Rows[Fact]):
    """Figures; it is read like a tuple of them. ``note`` says why there are none, where there are none."""

    facts: tuple[Fact, ...]
    total: int
    snapshot: str
    note: str | None = None

    @property
    def _rows(self) -> tuple[Fact, ...]:
        return self.facts

    def _repr_html_(self) -> str:
        return facts_html(self.facts, self.total, self.note)


@dataclass(frozen=True, slots=True)
class PlaceHeld:
    """Of which periods a place's reports tell results and plans, and how many reports there are."""

    results: tuple[str, ...] = ()
    plans: tuple[str, ...] = ()
    documents: int = 0


@dataclass(frozen=True, slots=True)
class Corrected:
    """What was put right by hand: ``kind``, ``region`` or ``year``, with what was read instead, as far as anything was."""

    field: str
    read: str


@dataclass(frozen=True, slots=True)
class Report:
    """A report that is held. ``doubts`` tells what contradicts what; ``given`` is an ISO date."""

    document_id: str
    document: str
    title: str
    kind: str
    region: str | None = None
    parent: str | None = None
    issuer: str | None = None
    given: str | None = None
    period: str | None = None
    review: str | None = None
    plan: str | None = None
    title_year: int | None = None
    data_years: tuple[int, ...] = ()
    contradictions: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()
    corrected: tuple[Corrected, ...] = ()


@dataclass(frozen=True, slots=True)
class Coverage(_Rows[Report]):
    """Which reports are held (it is read like a tuple of them), and of which places and periods they speak."""

    snapshot: str
    counts: Mapping[str, int]
    regions: Mapping[str, PlaceHeld]
    documents: tuple[Report, ...]

    @property
    def _rows(self) -> tuple[Report, ...]:
        return self.documents


@dataclass(frozen=True, slots=True)
class Ingested:
    """What became of every file: ``same`` pairs a name with the file whose content it has, ``refused`` with the cause."""

    added: tuple[str, ...]
    kept: tuple[str, ...]
    same: tuple[tuple[str, str], ...]
    refused: tuple[tuple[str, str], ...]
    notes: tuple[tuple[str, str], ...]
    counts: Mapping[str, int]
    snapshot: str
    replaced: tuple[str, ...] = ()
    """Names that were held with another content."""
