"""``GET /v1/facts``: figures as they were read, as JSON or as a table."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from typing import Annotated, Any, Literal

from litestar import Request, Response, get
from litestar.di import NamedDependency
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import QueryParameter, SkipValidation
from pydantic import BaseModel, Field

from api.shared.errors import described
from api.shared.operation.reached import reached
from api.shared.protocols import Pipeline, Snapshot
from api.shared.tables import cell
from index.types import Fact
from rag.listing import list_facts, row

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
    """The figures that fit; ``total`` counts them all, ``facts`` holds the asked stretch, ``note`` says why there are none."""

    facts: list[FactOut]
    total: int
    snapshot: str
    note: Annotated[str | None, Field(exclude_if=lambda note: note is None)] = None


def fact_out(fact: Fact, snapshot: Snapshot) -> FactOut:
    told = row(fact, snapshot)
    return FactOut(**{**told, "url": reached(told["url"])})


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
    """List figures of the reports, by the words in which a question would name their thing and place. ``format=csv`` or an ``Accept`` of ``text/csv`` gives a table, without a limit."""
    snapshot = pipeline.snapshot
    listed = list_facts(snapshot, indicator=indicator, region=region, year=year, status=status, document=document)
    found = listed.facts
    if form == "csv" or (form is None and request.accept.best_match(["application/json", "text/csv"]) == "text/csv"):
        headers = {"Content-Disposition": 'attachment; filename="facts.csv"'}
        return Response(_table(found, snapshot), media_type="text/csv; charset=utf-8", headers=headers)
    rows = [fact_out(each, snapshot) for each in found[offset : offset + limit]]
    return Response(FactsOut(facts=rows, total=len(found), snapshot=snapshot.id, note=listed.note))


def _table(found: Sequence[Fact], snapshot: Snapshot) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(FactOut.model_fields)
    writer.writerows(map(cell, fact_out(each, snapshot).model_dump().values()) for each in found)
    # The mark by which spreadsheets know the encoding.
    return "\ufeff" + out.getvalue()
