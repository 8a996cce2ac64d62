"""An answer as the harness sees it: the JSON of ``/v1/ask``, whether it came over HTTP or from the pipeline itself.

One type for both ways is what makes their scores comparable: everything is graded from these values alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec

from rag.types import Answer, SearchHit


@dataclass(frozen=True, slots=True)
class Quote:
    """A citation: ``quote`` is said to stand in the file ``document`` at ``[start, end)``."""

    document_id: str
    document: str
    region: str | None
    period: str | None
    quote: str
    start: int
    end: int
    text: str = ""


@dataclass(frozen=True, slots=True)
class Operand:
    value: str
    unit: str


@dataclass(frozen=True, slots=True)
class Derived:
    formula: str
    operands: tuple[Operand, ...]


@dataclass(frozen=True, slots=True)
class Figure:
    """One of the answer's ``values``."""

    indicator: str
    region: str | None
    period: str | None
    value: str
    unit: str
    measure: str
    status: str
    derived: Derived | None = None


@dataclass(frozen=True, slots=True)
class Understood:
    kind: str
    indicators: tuple[str, ...]
    regions: tuple[str, ...]
    periods: tuple[str, ...]
    status: str


@dataclass(frozen=True, slots=True)
class ReadFact:
    """A figure that the index holds and that the explain view lists among the candidates."""

    indicator: str
    region: str | None
    period: str | None
    status: str
    value: str
    unit: str


@dataclass(frozen=True, slots=True)
class Trace:
    facts: tuple[ReadFact, ...] = ()


@dataclass(frozen=True, slots=True)
class Reply:
    """The fields of an answer that are graded. ``trace`` is empty unless the answer was asked to explain itself."""

    understood: Understood
    answer: str
    abstained: bool
    reason: str | None
    values: tuple[Figure, ...]
    citations: tuple[Quote, ...]
    nearest: tuple[Quote, ...]
    support: float
    generator: str
    snapshot: str
    timings_ms: dict[str, float] = field(default_factory=dict)
    trace: Trace = Trace()


@dataclass(frozen=True, slots=True)
class Passage:
    """A search hit."""

    document: str
    region: str | None
    period: str | None
    text: str
    start: int
    end: int
    score: float


def reply_from_json(body: Mapping[str, Any]) -> Reply:
    """Read the body of ``/v1/ask``. Raises msgspec.ValidationError where it is not one."""
    return msgspec.convert({**body, "trace": body.get("trace") or {}}, Reply)


def reply_from_answer(answer: Answer) -> Reply:
    """The same value from the pipeline's own answer."""
    body: dict[str, Any] = msgspec.to_builtins(answer)
    # On the wire a nearest figure is a citation with a text; in the pipeline it holds a citation.
    body["nearest"] = [{**near["citation"], "text": near["text"]} for near in body["nearest"]]
    return reply_from_json(body)


def passage_from_json(body: Mapping[str, Any]) -> Passage:
    """Read one of the ``hits`` of ``/v1/search``."""
    return msgspec.convert(body, Passage)


def passage_from_hit(hit: SearchHit) -> Passage:
    """The same value from the pipeline's own hit."""
    return msgspec.convert(msgspec.to_builtins(hit), Passage)
