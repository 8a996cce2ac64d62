"""The figures of an answer as a file: made by asking again, which gives the same answer as long as the index is the same."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from http import HTTPStatus
from importlib.util import find_spec
from typing import Annotated, Any, Literal

from litestar import Request, Response, get
from litestar.di import NamedDependency
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import QueryParameter, SkipValidation
from pydantic import StringConstraints

from api.native.request_schemas import MAX_HISTORY, MAX_QUESTION
from api.shared.errors import ExtraMissingError, described
from api.shared.links import Links
from api.shared.protocols import Pipeline, ServiceOptions
from api.shared.tables import cell
from api.shared.work import Workers
from rag.generators.contract import DEFAULT
from rag.types import Answer, Question

COLUMNS = (
    "indicator", "region", "period", "value", "unit", "measure", "status", "formula", "quote", "title", "heading",
    "document", "page", "cell", "start", "end", "sha256", "url", "question", "snapshot",
)  # fmt: skip

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=MAX_QUESTION)]


@get(
    "/v1/values",
    responses={
        200: ResponseSpec(bytes, description="The figures as a table", media_type="text/csv", generate_examples=False),
        **described(HTTPStatus.BAD_REQUEST, HTTPStatus.UNPROCESSABLE_ENTITY, HTTPStatus.NOT_IMPLEMENTED),
        **described(HTTPStatus.SERVICE_UNAVAILABLE),
    },
)
async def values(
    request: Request[Any, Any, Any],
    pipeline: NamedDependency[SkipValidation[Pipeline]],
    workers: NamedDependency[SkipValidation[Workers]],
    options: NamedDependency[SkipValidation[ServiceOptions]],
    question: Annotated[Text, QueryParameter()],
    history: Annotated[list[Text] | None, QueryParameter(max_items=MAX_HISTORY)] = None,
    generator: Annotated[str, QueryParameter(min_length=1, max_length=100)] = DEFAULT,
    form: Annotated[Literal["csv", "xlsx"], QueryParameter(name="format")] = "csv",
) -> Response[bytes]:
    """Give the figures that answer a question as a file, each with its sentence and where that stands."""
    if form == "xlsx" and find_spec("openpyxl") is None:
        raise ExtraMissingError("a workbook", "documents")
    asked = Question(question, dt.date.today(), tuple(history or ()), generator=generator)
    answer = await workers.answer(pipeline, asked, request.receive)
    table = [*rows(answer, Links.of(request, options))]
    made = await workers.run(lambda: as_csv(table) if form == "csv" else as_xlsx(table))
    headers = {"Content-Disposition": f'attachment; filename="wenju-values.{form}"', "Cache-Control": "no-cache"}
    return Response(made, media_type="text/csv; charset=utf-8" if form == "csv" else XLSX, headers=headers)


Cell = str | int | Decimal | None


def rows(answer: Answer, links: Links) -> Iterator[tuple[Cell, ...]]:
    """One row a figure, with the sentence that states it and where that stands."""
    cited = {each.n: each for each in answer.citations}
    for value in answer.values:
        source = cited.get(value.citation)
        told: tuple[Cell, ...] = (None,) * 10
        if source is not None:
            told = (
                source.quote, source.title, " › ".join(source.heading), source.document, source.page, source.cell,
                source.start, source.end, source.sha256, links.cited(source),
            )  # fmt: skip
        formula = value.derived.formula if value.derived is not None else None
        yield (
            value.indicator, value.region, value.period, _number(value.value), value.unit, value.measure, value.status,
            formula, *told, answer.question, answer.snapshot,
        )  # fmt: skip


def _number(text: str) -> Cell:
    try:
        return Decimal(text)
    except InvalidOperation:
        return text


def as_csv(table: list[tuple[Cell, ...]]) -> bytes:
    """The table as UTF-8 with the mark by which spreadsheets know it; texts that they would calculate are quoted by ``'``."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    writer.writerows([cell(each) for each in row] for row in table)
    return ("\ufeff" + out.getvalue()).encode()


def as_xlsx(table: list[tuple[Cell, ...]]) -> bytes:
    """The table as a workbook: numbers as numbers, every text as text and never as a formula."""
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    book = Workbook(write_only=True)
    sheet = book.create_sheet("Wenju")
    sheet.freeze_panes = "A2"
    sheet.append(list(COLUMNS))
    for row in table:
        cells = []
        for each in row:
            made = WriteOnlyCell(sheet, ILLEGAL_CHARACTERS_RE.sub("", each) if isinstance(each, str) else each)
            if isinstance(each, str):
                made.data_type = "s"
            cells.append(made)
        sheet.append(cells)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
