"""``GET /v1/facts``: figures as they were read, as JSON or as a table."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import Annotated, Any, Literal

from litestar import Request, Response, get
from litestar.di import NamedDependency
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import QueryParameter, SkipValidation
from pydantic import BaseModel

from api.shared.errors import described
from api.shared.protocols import Pipeline, Snapshot
from api.shared.tables import cell
from index.types import Fact

MAX_ROWS = 5000
DEFAULT_ROWS = 500


class FactOut(BaseModel):
    """One figure: what the text says of one indicator in one place and period, and where it says so.

    ``indicator`` is as written, ``canonical`` the vocabulary's name if it has one. ``start`` and ``end`` are the clause's
    place in the source file.
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


class FactsOut(BaseModel):
    """The figures that fit; ``total`` counts them all, ``facts`` holds the asked stretch."""

    facts: list[FactOut]
    total: int
    snapshot: str


def fitting(
    snapshot: Snapshot,
    *,
    indicator: str | None = None,
    region: str | None = None,
    year: int | None = None,
    status: str | None = None,
    document: str | None = None,
) -> Iterator[Fact]:
    """The facts that meet all that is given; an indicator is meant by its written or its canonical name."""
    for fact in snapshot.facts:
        period = fact.period
        if (
            (indicator is None or indicator in (fact.canonical, fact.indicator))
            and (region is None or fact.region == region)
            and (year is None or (period is not None and period.first_year <= year <= period.last_year))
            and (status is None or fact.status.value == status)
            and (document is None or fact.document_id == document)
        ):
            yield fact


def fact_out(fact: Fact, snapshot: Snapshot) -> FactOut:
    document = snapshot.document(fact.document_id)
    return FactOut(
        region=fact.region,
        period=None if fact.period is None else str(fact.period),
        status=fact.status.value,
        indicator=fact.indicator,
        canonical=fact.canonical,
        measure=fact.measure.value,
        value=f"{fact.value:f}",
        unit=fact.unit,
        approx=fact.approx,
        base=fact.base,
        clause=fact.clause,
        document=document.source if document is not None else "",
        document_id=fact.document_id,
        start=fact.span.start,
        end=fact.span.end,
        url=f"/documents/{fact.document_id}?start={fact.span.start}&end={fact.span.end}",
    )


@get(
    "/v1/facts",
    sync_to_thread=True,
    responses={
        200: ResponseSpec(FactsOut, description="The figures; as text/csv where that is asked for"),
        **described(),
    },
)
def facts(
    request: Request[Any, Any, Any],
    pipeline: NamedDependency[SkipValidation[Pipeline]],
    indicator: Annotated[str | None, QueryParameter(max_length=200)] = None,
    region: Annotated[str | None, QueryParameter(max_length=200)] = None,
    year: Annotated[int | None, QueryParameter(ge=1900, le=2199)] = None,
    status: Annotated[Literal["actual", "estimate", "target"] | None, QueryParameter()] = None,
    document: Annotated[str | None, QueryParameter(max_length=200)] = None,
    limit: Annotated[int, QueryParameter(ge=1, le=MAX_ROWS)] = DEFAULT_ROWS,
    offset: Annotated[int, QueryParameter(ge=0, le=2**31)] = 0,
    form: Annotated[Literal["json", "csv"] | None, QueryParameter(name="format")] = None,
) -> Response[Any]:
    """List figures of the reports. ``format=csv`` or an ``Accept`` of ``text/csv`` gives a table, without a limit."""
    snapshot = pipeline.snapshot
    found = list(fitting(snapshot, indicator=indicator, region=region, year=year, status=status, document=document))
    if form == "csv" or (form is None and request.accept.best_match(["application/json", "text/csv"]) == "text/csv"):
        headers = {"Content-Disposition": 'attachment; filename="facts.csv"'}
        return Response(_table(found, snapshot), media_type="text/csv; charset=utf-8", headers=headers)
    rows = [fact_out(each, snapshot) for each in found[offset : offset + limit]]
    return Response(FactsOut(facts=rows, total=len(found), snapshot=snapshot.id))


def _table(found: list[Fact], snapshot: Snapshot) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(FactOut.model_fields)
    writer.writerows(map(cell, fact_out(each, snapshot).model_dump().values()) for each in found)
    # The mark by which spreadsheets know the encoding.
    return "\ufeff" + out.getvalue()
