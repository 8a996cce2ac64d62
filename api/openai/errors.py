"""Errors in the envelope that OpenAI's clients read: ``{"error": {"message", "type", "param", "code"}}``.

The official client decides by status and headers whether to try again, so both say what a further try would bring.
"""

from __future__ import annotations

import logging
from http import HTTPStatus
from typing import Any

from litestar import Request, Response
from litestar.exceptions import HTTPException, ValidationException
from litestar.openapi.datastructures import ResponseSpec
from litestar.types import ExceptionHandlersMap
from pydantic import BaseModel

from api.shared.errors import UnknownModelError, field_errors, status_of
from api.shared.keys import ForbiddenError, UnknownKeyError
from api.shared.refusals import ComeAgainError, OverloadedError
from index.errors import WenjuError
from rag.errors import QuestionError

_logger = logging.getLogger("wenju.api")

RETRY_SECONDS = 1


class OpenAIError(BaseModel):
    """What went wrong, whose fault it is (``type``), and which field is to blame (``param``)."""

    message: str
    type: str
    param: str | None = None
    code: str | None = None


class OpenAIErrorOut(BaseModel):
    """The envelope."""

    error: OpenAIError


def described(*statuses: HTTPStatus) -> dict[int, ResponseSpec]:
    """Describe for the schema what an OpenAI-style route answers when it fails."""
    return {
        status: ResponseSpec(OpenAIErrorOut, description=status.phrase, generate_examples=False)
        for status in (*statuses, HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.TOO_MANY_REQUESTS)
    }


BAD_BODY = (HTTPStatus.BAD_REQUEST, HTTPStatus.NOT_FOUND, HTTPStatus.REQUEST_ENTITY_TOO_LARGE, HTTPStatus.UNSUPPORTED_MEDIA_TYPE, HTTPStatus.SERVICE_UNAVAILABLE)  # fmt: skip


def envelope(error: Exception) -> tuple[int, OpenAIError]:
    """Status and body of an error. What is no fault of the client's is told without its words."""
    if isinstance(error, ValidationException):
        found = field_errors(error)
        message = "; ".join(f"{each.field}: {each.message}" for each in found) or error.detail
        return 400, OpenAIError(message=message, type="invalid_request_error", param=found[0].field if found else None)
    if isinstance(error, QuestionError):
        return 400, OpenAIError(message=error.message, type="invalid_request_error", param=error.field)
    if isinstance(error, UnknownModelError):
        return 404, OpenAIError(message=str(error), type="invalid_request_error", param="model", code="model_not_found")
    if isinstance(error, UnknownKeyError):
        return 401, OpenAIError(message=str(error), type="invalid_request_error", code="invalid_api_key")
    if isinstance(error, ForbiddenError):
        return 403, OpenAIError(message=str(error), type="permission_error", code="insufficient_permissions")
    if isinstance(error, ComeAgainError) and not isinstance(error, OverloadedError):
        return 429, OpenAIError(message=str(error), type="requests", code="rate_limit_exceeded")
    status = status_of(error)
    if isinstance(error, HTTPException) and error.status_code < 500:
        return error.status_code, OpenAIError(message=error.detail, type="invalid_request_error")
    if isinstance(error, WenjuError) and status is not None:
        return status, OpenAIError(
            message=str(error), type="server_error" if status >= 500 else "invalid_request_error"
        )
    return 500, OpenAIError(message="the service failed on this request; its log says why", type="server_error")


def _respond(request: Request[Any, Any, Any], error: Exception) -> Response[OpenAIErrorOut]:
    status, body = envelope(error)
    headers = {"X-Content-Type-Options": "nosniff"}
    if isinstance(error, ComeAgainError):
        headers |= {**error.headers(), "x-should-retry": "true"}
    elif status == 503:
        headers |= {"retry-after": str(RETRY_SECONDS), "x-should-retry": "true"}
    else:
        # A defect stays a defect: the same request would fail the same way.
        headers["x-should-retry"] = "false"
    if isinstance(error, UnknownKeyError):
        headers["WWW-Authenticate"] = "Bearer"
    if status == 500:
        _logger.error("%s %s failed", request.method, request.url.path, exc_info=error)
    return Response(OpenAIErrorOut(error=body), status_code=status, media_type="application/json", headers=headers)


# Named one by one: a kind that the whole service has a handler for would else be answered by that one.
HANDLERS: ExceptionHandlersMap = dict.fromkeys((Exception, HTTPException, ValidationException, WenjuError), _respond)
