"""Wire types of our own answers, and their conversion from the pipeline's values. Their JSON shapes exist nowhere else."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, Field

from api.shared.operation.reached import reached
from rag.types import (
    Answer,
    Citation,
    Derived,
    Nearest,
    SearchHit,
    SearchResult,
    Understood,
    Value,
)


class UnderstoodOut(BaseModel):
    """The question as understood, slot by slot."""

    text: str
    kind: str
    indicators: list[str]
    regions: list[str]
    periods: list[str]
    status: str
    carried: list[str]

    @classmethod
    def of(cls, value: Understood) -> Self:
        return cls(
            text=value.text,
            kind=value.kind.value,
            indicators=list(value.indicators),
            regions=list(value.regions),
            periods=list(value.periods),
            status=value.status,
            carried=list(value.carried),
        )


class OperandOut(BaseModel):
    """A cited figure that a calculation starts from."""

    value: str
    unit: str
    citation: int


class DerivedOut(BaseModel):
    """A calculation shown in full."""

    formula: str
    operands: list[OperandOut]

    @classmethod
    def of(cls, value: Derived) -> Self:
        operands = [OperandOut(value=each.value, unit=each.unit, citation=each.citation) for each in value.operands]
        return cls(formula=value.formula, operands=operands)


class ValueOut(BaseModel):
    """One figure of the answer; ``citation`` is the ``n`` of what states it."""

    indicator: str
    region: str | None
    period: str | None
    value: str
    unit: str
    measure: str
    status: str
    citation: int
    derived: DerivedOut | None

    @classmethod
    def of(cls, value: Value) -> Self:
        return cls(
            indicator=value.indicator,
            region=value.region,
            period=value.period,
            value=value.value,
            unit=value.unit,
            measure=value.measure,
            status=value.status,
            citation=value.citation,
            derived=None if value.derived is None else DerivedOut.of(value.derived),
        )


class CitationOut(BaseModel):
    """A verbatim quotation: ``quote`` is the source's text at ``[start, end)``, which is the unmodified file's.

    Of a PDF, Word document or the like it is the text that was taken from the file; ``page`` and ``cell`` say where.
    """

    n: int
    document_id: str
    document: str
    title: str
    region: str | None
    period: str | None
    heading: list[str]
    quote: str
    start: int
    end: int
    sha256: str
    url: str
    answer_spans: list[tuple[int, int]]
    page: Annotated[int | None, Field(exclude_if=lambda page: page is None)] = None
    cell: Annotated[str | None, Field(exclude_if=lambda cell: cell is None)] = None

    @classmethod
    def of(cls, value: Citation) -> Self:
        return cls(**_citation_fields(value))


class NearestOut(CitationOut):
    """A citation of something else than what was asked, named for what it is in ``text``."""

    text: str

    @classmethod
    def of_nearest(cls, value: Nearest) -> Self:
        return cls(**_citation_fields(value.citation), text=value.text)


def _citation_fields(value: Citation) -> dict[str, Any]:
    return {
        "n": value.n,
        "document_id": value.document_id,
        "document": value.document,
        "title": value.title,
        "region": value.region,
        "period": value.period,
        "heading": list(value.heading),
        "quote": value.quote,
        "start": value.start,
        "end": value.end,
        "sha256": value.sha256,
        "url": reached(value.url),
        "answer_spans": list(value.answer_spans),
        "page": value.page,
        "cell": value.cell,
    }


class UsageOut(BaseModel):
    """Tokens that a language model was sent and wrote; the extractive generator needs none."""

    prompt_tokens: int
    completion_tokens: int
    total_tokens: int


class AnswerOut(BaseModel):
    """The answer, or an honest no with its reason and the nearest evidence."""

    id: str
    question: str
    understood: UnderstoodOut
    answer: str
    abstained: bool
    reason: str | None
    values: list[ValueOut]
    citations: list[CitationOut]
    nearest: list[NearestOut]
    conflicts: list[NearestOut]
    support: float
    generator: str
    snapshot: str
    notes: list[str]
    usage: UsageOut
    timings_ms: dict[str, float]
    trace: Annotated[dict[str, Any] | None, Field(exclude_if=lambda trace: trace is None)] = None

    @classmethod
    def of(cls, value: Answer, *, explain: bool = False) -> Self:
        """Convert, with timings and trace if ``explain`` asks for them.

        Without them the same question gives the same bytes, which is what makes an answer replayable.
        """
        return cls(
            id=value.id,
            question=value.question,
            understood=UnderstoodOut.of(value.understood),
            answer=value.answer,
            abstained=value.abstained,
            reason=None if value.reason is None else value.reason.value,
            values=[ValueOut.of(each) for each in value.values],
            citations=[CitationOut.of(each) for each in value.citations],
            nearest=[NearestOut.of_nearest(each) for each in value.nearest],
            conflicts=[NearestOut.of_nearest(each) for each in value.conflicts],
            support=value.support,
            generator=value.generator,
            snapshot=value.snapshot,
            notes=list(value.notes),
            usage=UsageOut(
                prompt_tokens=value.prompt_tokens,
                completion_tokens=value.completion_tokens,
                total_tokens=value.prompt_tokens + value.completion_tokens,
            ),
            timings_ms=dict(value.timings_ms) if explain else {},
            trace=dict(value.trace) if explain else None,
        )


def answer_json(value: Answer, *, explain: bool = False) -> dict[str, Any]:
    """Give an answer as the JSON of ``/v1/ask``, for whoever prints it elsewhere."""
    return AnswerOut.of(value, explain=explain).model_dump(mode="json")


class SearchHitOut(BaseModel):
    """A chunk that was found: ``text`` is the source at ``[start, end)``, ``signals`` every part of its score."""

    chunk_id: str
    document: str
    document_id: str
    title: str
    region: str | None
    period: str | None
    heading: list[str]
    text: str
    start: int
    end: int
    score: float
    signals: dict[str, float]
    url: str

    @classmethod
    def of(cls, value: SearchHit) -> Self:
        return cls(
            chunk_id=value.chunk_id,
            document=value.document,
            document_id=value.document_id,
            title=value.title,
            region=value.region,
            period=value.period,
            heading=list(value.heading),
            text=value.text,
            start=value.start,
            end=value.end,
            score=value.score,
            signals=dict(value.signals),
            url=reached(value.url),
        )


class SearchOut(BaseModel):
    """Hits, best first; ``notes`` tells which restriction matched nothing."""

    hits: list[SearchHitOut]
    notes: list[str]
    understood: UnderstoodOut
    snapshot: str

    @classmethod
    def of(cls, value: SearchResult, snapshot: str) -> Self:
        return cls(
            hits=[SearchHitOut.of(each) for each in value.hits],
            notes=list(value.notes),
            understood=UnderstoodOut.of(value.understood),
            snapshot=snapshot,
        )


class LiveOut(BaseModel):
    """The process runs."""

    status: Literal["live"] = "live"


class ReadyOut(BaseModel):
    """Questions can be asked of this snapshot."""

    status: Literal["ready"] = "ready"
    snapshot: str
