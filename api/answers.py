"""Ask a question."""

from __future__ import annotations

import datetime as dt
from http import HTTPStatus
from typing import Any

from litestar import Response, post
from litestar.di import NamedDependency
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import JSONBody, SkipValidation
from litestar.response import ServerSentEvent

from api.errors import BAD_BODY, described
from api.protocols import Pipeline
from api.schemas import AnswerOut, AskRequest
from api.streaming import events


@post(
    "/v1/ask",
    status_code=200,
    sync_to_thread=True,
    responses={
        200: ResponseSpec(AnswerOut, description="The answer; with `stream`, the same as events"),
        **described(*BAD_BODY, HTTPStatus.SERVICE_UNAVAILABLE),
    },
)
def ask(data: JSONBody[AskRequest], pipeline: NamedDependency[SkipValidation[Pipeline]]) -> Response[Any]:
    """Answer one question from the reports, with the exact sentences, or say why not."""
    answer = AnswerOut.of(pipeline.answer(data.to_question(dt.date.today())), explain=data.explain)
    return ServerSentEvent(events(answer), status_code=200) if data.stream else Response(answer)
