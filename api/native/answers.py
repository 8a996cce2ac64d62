"""Ask a question."""

from __future__ import annotations

import datetime as dt
from http import HTTPStatus
from typing import Any

from litestar import Request, Response, post
from litestar.di import NamedDependency
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import JSONBody, SkipValidation
from litestar.response import ServerSentEvent

from api.native.request_schemas import AskRequest
from api.native.schemas import AnswerOut
from api.native.streaming import events
from api.shared.errors import BAD_BODY, described
from api.shared.protocols import Pipeline
from api.shared.work import Workers


@post(
    "/v1/ask",
    status_code=200,
    responses={
        200: ResponseSpec(AnswerOut, description="The answer; with `stream`, the same as events"),
        **described(*BAD_BODY, HTTPStatus.SERVICE_UNAVAILABLE),
    },
)
async def ask(
    data: JSONBody[AskRequest],
    request: Request[Any, Any, Any],
    pipeline: NamedDependency[SkipValidation[Pipeline]],
    workers: NamedDependency[SkipValidation[Workers]],
) -> Response[Any]:
    """Answer one question from the reports, with the exact sentences, or say why not."""
    question = data.to_question(dt.date.today())
    if data.stream:
        told = await workers.stream(pipeline, question)
        return ServerSentEvent(events(told, explain=data.explain), status_code=200)
    answer = await workers.answer(pipeline, question, request.receive)
    return Response(AnswerOut.of(answer, explain=data.explain))
