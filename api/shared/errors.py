"""Every error as RFC 9457 problem details. ``_STATUS`` is the one table from our errors to HTTP."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from litestar import Request, Response
from litestar.exceptions import HTTPException, ValidationException
from litestar.openapi.datastructures import ResponseSpec
from litestar.types import ExceptionHandlersMap

from api.shared.keys import ForbiddenError, UnknownKeyError
from api.shared.problems import FieldError, ProblemOut
from api.shared.refusals import ComeAgainError, OverloadedError
from index.errors import (
    EmbeddingServiceError,
    IndexBusyError,
    IndexFullError,
    IndexReadOnlyError,
    SnapshotError,
    SourceError,
    StoreError,
    VocabularyUnavailableError,
    WenjuError,
)
from rag.errors import QuestionError, QuestionTooCostlyError

_logger = logging.getLogger("wenju.api")

PROBLEM_JSON = "application/problem+json"

BAD_BODY = (
    HTTPStatus.BAD_REQUEST, HTTPStatus.REQUEST_ENTITY_TOO_LARGE, HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    HTTPStatus.UNPROCESSABLE_ENTITY,
)  # fmt: skip
"""What every route that reads a body can answer."""


class DocumentNotFoundError(WenjuError):
    """No document of the snapshot has the asked id."""

    def __init__(self, document_id: str) -> None:
        super().__init__(f"no document has the id {document_id!r}; GET /v1/documents lists them")


class NotReadyError(WenjuError):
    """No snapshot is open (yet, or any more)."""

    def __init__(self) -> None:
        super().__init__("no index is open; retry when /health/ready says so")


class ConflictError(WenjuError):
    """What is asked for would do more than it says, or cannot be done now."""


class UnknownModelError(WenjuError):
    """No model of that name is offered."""

    def __init__(self, model: str) -> None:
        super().__init__(f"The model {model!r} does not exist; GET /v1/models lists those that do.")


class LibraryClosedError(WenjuError):
    """The service cannot change its index."""

    def __init__(self) -> None:
        super().__init__("this service reads its index and cannot change it; use `wenju ingest`")


class FeedbackOffError(WenjuError):
    """What readers say of answers is not kept here."""

    def __init__(self, why: str = "feedback is switched off here (WENJU_FEEDBACK)") -> None:
        super().__init__(why)


class ExtraMissingError(WenjuError):
    """A part of the service needs a package that is not installed."""

    def __init__(self, part: str, extra: str) -> None:
        super().__init__(f"{part} needs a package that is not installed: pip install 'wenju[{extra}]'")


_STATUS: Mapping[type[WenjuError], HTTPStatus] = {
    QuestionError: HTTPStatus.UNPROCESSABLE_ENTITY,
    QuestionTooCostlyError: HTTPStatus.SERVICE_UNAVAILABLE,
    SnapshotError: HTTPStatus.SERVICE_UNAVAILABLE,
    StoreError: HTTPStatus.SERVICE_UNAVAILABLE,
    VocabularyUnavailableError: HTTPStatus.SERVICE_UNAVAILABLE,
    EmbeddingServiceError: HTTPStatus.SERVICE_UNAVAILABLE,
    DocumentNotFoundError: HTTPStatus.NOT_FOUND,
    NotReadyError: HTTPStatus.SERVICE_UNAVAILABLE,
    SourceError: HTTPStatus.UNPROCESSABLE_ENTITY,
    ConflictError: HTTPStatus.CONFLICT,
    IndexBusyError: HTTPStatus.CONFLICT,
    IndexFullError: HTTPStatus.INSUFFICIENT_STORAGE,
    IndexReadOnlyError: HTTPStatus.NOT_IMPLEMENTED,
    LibraryClosedError: HTTPStatus.NOT_IMPLEMENTED,
    ExtraMissingError: HTTPStatus.NOT_IMPLEMENTED,
    FeedbackOffError: HTTPStatus.NOT_IMPLEMENTED,
    UnknownModelError: HTTPStatus.NOT_FOUND,
    UnknownKeyError: HTTPStatus.UNAUTHORIZED,
    ForbiddenError: HTTPStatus.FORBIDDEN,
    OverloadedError: HTTPStatus.SERVICE_UNAVAILABLE,
    ComeAgainError: HTTPStatus.TOO_MANY_REQUESTS,
}


def status_of(error: Exception) -> int | None:
    """The status of one of our errors; None for what is none of them."""
    return next((code for kind, code in _STATUS.items() if isinstance(error, kind)), None)


def problem(
    status: int, detail: str, errors: Sequence[FieldError] = (), headers: Mapping[str, str] | None = None
) -> Response[ProblemOut]:
    """Make one problem document. ``errors`` names the fields to mend, if any are to blame."""
    return Response(
        ProblemOut(title=HTTPStatus(status).phrase, status=status, detail=detail, errors=list(errors)),
        status_code=status,
        media_type=PROBLEM_JSON,
        headers={"X-Content-Type-Options": "nosniff", **(headers or {})},
    )


def described(*statuses: HTTPStatus) -> dict[int, ResponseSpec]:
    """Describe for the schema what a route answers when it fails."""
    return {
        status: ResponseSpec(ProblemOut, description=status.phrase, media_type=PROBLEM_JSON, generate_examples=False)
        for status in statuses
    }


def _on_our_error(request: Request[Any, Any, Any], error: WenjuError) -> Response[ProblemOut]:
    status = status_of(error)
    if status is None:
        return _on_surprise(request, error)
    if isinstance(error, QuestionError):
        return problem(status, error.message, [FieldError(field=error.field, message=error.message)])
    return problem(status, str(error), headers=_headers_of(request, error))


def _headers_of(request: Request[Any, Any, Any], error: WenjuError) -> dict[str, str]:
    if isinstance(error, ComeAgainError):
        return error.headers()
    if isinstance(error, UnknownKeyError):
        # Where a person stands before the door, the browser asks for the key.
        page = request.url.path == "/" or request.url.path.startswith("/documents/")
        return {"WWW-Authenticate": 'Basic realm="Wenju"' if page else "Bearer"}
    return {}


def _on_invalid(_: Request[Any, Any, Any], error: ValidationException) -> Response[ProblemOut]:
    """Answer a body or parameter of the wrong shape: 422 with the fields named."""
    errors = field_errors(error)
    detail = "; ".join(f"{each.field}: {each.message}" for each in errors) or error.detail
    return problem(HTTPStatus.UNPROCESSABLE_ENTITY, detail, errors)


def _on_http_error(_: Request[Any, Any, Any], error: HTTPException) -> Response[ProblemOut]:
    """Pass on what the framework refuses: an unknown route, a method, malformed JSON, a body over the limit."""
    if error.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return problem(error.status_code, HTTPStatus(error.status_code).phrase)
    return problem(error.status_code, error.detail, headers=error.headers)


def _on_surprise(request: Request[Any, Any, Any], error: Exception) -> Response[ProblemOut]:
    """Own up to a defect of ours: the log gets the traceback, the client none of it."""
    _logger.error("%s %s failed", request.method, request.url.path, exc_info=error)
    return problem(HTTPStatus.INTERNAL_SERVER_ERROR, "the service failed on this request; its log says why")


def field_errors(error: ValidationException) -> list[FieldError]:
    """The fields that a refused body or parameter is to be mended in."""
    return [_field_error(item) for item in error.extra] if isinstance(error.extra, list) else []


def _field_error(item: Mapping[str, object]) -> FieldError:
    key = item.get("key")
    # The framework calls the whole body "data", or nothing at all; its words for it name our classes.
    if key is None or key == "data":
        return FieldError(field="body", message="must be a JSON object")
    # Pydantic's prefix for what our own validators raise.
    return FieldError(field=str(key), message=str(item.get("message", "")).removeprefix("Value error, "))


HANDLERS: ExceptionHandlersMap = {
    WenjuError: _on_our_error,
    ValidationException: _on_invalid,
    HTTPException: _on_http_error,
    Exception: _on_surprise,
}
