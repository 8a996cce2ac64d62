"""``POST /retrieval``: Dify's external knowledge API, as an endpoint for its knowledge bases."""

from __future__ import annotations

import datetime as dt
import logging
from http import HTTPStatus
from typing import Annotated, Any, Literal

from litestar import Request, Response, post
from litestar.di import NamedDependency
from litestar.exceptions import HTTPException, ValidationException
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import JSONBody, SkipValidation
from litestar.types import ExceptionHandlersMap
from pydantic import BaseModel, BeforeValidator, Field, StringConstraints

from api.native.request_schemas import MAX_QUESTION, WireRequest
from api.shared.conditions import dify, metadata_of
from api.shared.errors import field_errors, status_of
from api.shared.keys import ForbiddenError, UnknownKeyError
from api.shared.links import Links
from api.shared.protocols import Pipeline, ServiceOptions
from api.shared.refusals import ComeAgainError
from index.errors import WenjuError
from rag.types import Filters, SearchHit

_logger = logging.getLogger("wenju.api")

KNOWLEDGE = "wenju"
"""The id of the one knowledge base; the open snapshot's id means the same."""

EXACT = 1.15
"""The highest score a hit can have: a full hit of both signals and of the asked period. Scores are divided by it."""


class UnknownKnowledgeError(WenjuError):
    """No knowledge base has that id."""


def _number(value: object) -> object:
    """A number that came as text (``"4"``), or whole as a fraction (``4.0``)."""
    if isinstance(value, str):
        try:
            value = float(value)
        except ValueError:
            return value
    return int(value) if isinstance(value, float) and value.is_integer() else value


class RetrievalSetting(WireRequest):
    """How many records, from which score on. Dify always sends both, at times as null or as text."""

    top_k: Annotated[int, BeforeValidator(_number), Field(ge=1, le=100)] = 4
    score_threshold: Annotated[float, BeforeValidator(_number), Field(ge=0, le=1)] = 0.0


class Condition(WireRequest):
    """One condition; older versions of Dify send a list of names."""

    name: str | list[str]
    comparison_operator: str
    value: str | float | list[str | float] | None = None

    def parts(self) -> tuple[list[str], str, Any]:
        return ([self.name] if isinstance(self.name, str) else self.name), self.comparison_operator, self.value


class MetadataCondition(WireRequest):
    """Conditions on the metadata of the records."""

    logical_operator: Literal["and", "or"] = "and"
    conditions: Annotated[list[Condition], Field(max_length=50)] = Field(default_factory=list)


class RetrievalRequest(WireRequest):
    """What Dify asks."""

    knowledge_id: Annotated[str, StringConstraints(max_length=200)]
    query: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=MAX_QUESTION)]
    retrieval_setting: RetrievalSetting = RetrievalSetting()
    metadata_condition: MetadataCondition = MetadataCondition()


class RecordOut(BaseModel):
    """One passage: its text as in the file, a score in [0, 1], and what is known of it."""

    content: str
    score: float
    title: str
    metadata: dict[str, Any]


class RecordsOut(BaseModel):
    """The passages, best first; none where nothing fits."""

    records: list[RecordOut]


class DifyErrorOut(BaseModel):
    """An error as Dify shows it."""

    error_code: int
    error_msg: str


def _envelope(error: Exception) -> tuple[int, DifyErrorOut]:
    """Status and body; the codes 1001, 1002 and 2001 are Dify's, the others the status."""
    if isinstance(error, UnknownKeyError):
        return 403, DifyErrorOut(error_code=1001 if error.missing else 1002, error_msg=str(error))
    if isinstance(error, ForbiddenError):
        return 403, DifyErrorOut(error_code=1002, error_msg=str(error))
    if isinstance(error, UnknownKnowledgeError):
        return 404, DifyErrorOut(error_code=2001, error_msg=str(error))
    if isinstance(error, ValidationException):
        found = "; ".join(f"{each.field}: {each.message}" for each in field_errors(error)) or error.detail
        return 400, DifyErrorOut(error_code=400, error_msg=found)
    if isinstance(error, HTTPException) and error.status_code < 500:
        return error.status_code, DifyErrorOut(error_code=error.status_code, error_msg=error.detail)
    status = status_of(error)
    if status is not None:
        return status, DifyErrorOut(error_code=status, error_msg=str(error))
    return 500, DifyErrorOut(error_code=500, error_msg="the service failed on this request; its log says why")


def _respond(request: Request[Any, Any, Any], error: Exception) -> Response[DifyErrorOut]:
    status, body = _envelope(error)
    if status == 500:
        _logger.error("%s %s failed", request.method, request.url.path, exc_info=error)
    headers = {"X-Content-Type-Options": "nosniff"}
    if isinstance(error, ComeAgainError):
        headers |= error.headers()
    return Response(body, status_code=status, media_type="application/json", headers=headers)


HANDLERS: ExceptionHandlersMap = dict.fromkeys((Exception, HTTPException, ValidationException, WenjuError), _respond)

_FAILURES = {
    int(status): ResponseSpec(DifyErrorOut, description=status.phrase, generate_examples=False)
    for status in (
        HTTPStatus.BAD_REQUEST, HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND, HTTPStatus.REQUEST_ENTITY_TOO_LARGE, HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
        HTTPStatus.UNPROCESSABLE_ENTITY, HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE,
    )
}  # fmt: skip


@post("/retrieval", status_code=200, sync_to_thread=True, exception_handlers=HANDLERS, responses=_FAILURES)
def retrieval(
    data: JSONBody[RetrievalRequest],
    request: Request[Any, Any, Any],
    pipeline: NamedDependency[SkipValidation[Pipeline]],
    options: NamedDependency[SkipValidation[ServiceOptions]],
) -> RecordsOut:
    """Find passages for Dify, with its conditions applied before the best ones are cut off."""
    snapshot = pipeline.snapshot
    if data.knowledge_id.lower() != KNOWLEDGE and data.knowledge_id != snapshot.id:
        raise UnknownKnowledgeError(f"there is no knowledge base {data.knowledge_id!r}; its id is {KNOWLEDGE}")
    condition = data.metadata_condition
    fits = dify([each.parts() for each in condition.conditions], condition.logical_operator)
    wanted = data.retrieval_setting.top_k
    # With conditions all passages are ranked: cutting off before filtering would lose those that fit.
    many = wanted if not condition.conditions else 1_000_000
    found = pipeline.search(data.query, filters=Filters(), top_k=many, asked_on=dt.date.today())
    links = Links.of(request, options)
    records: list[RecordOut] = []
    for hit in found.hits:
        document = snapshot.document(hit.document_id)
        if document is None or not fits(metadata_of(document, hit)):
            continue
        score = _score(hit)
        if len(records) == wanted or score < data.retrieval_setting.score_threshold:
            break
        url = links.place(hit.document_id, hit.start, hit.end)
        known = {**metadata_of(document, hit), "url": url, "start": hit.start, "end": hit.end, "chunk_id": hit.chunk_id}
        records.append(
            RecordOut(
                content=hit.text,
                score=score,
                title=document.title,
                metadata={name: value for name, value in known.items() if value is not None},
            )
        )
    return RecordsOut(records=records)


def _score(hit: SearchHit) -> float:
    return round(min(1.0, max(0.0, hit.score / EXACT)), 6)
