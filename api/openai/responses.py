"""``POST /v1/responses``: an answer as OpenAI's Responses have it, a file search and then a message that cites files."""

from __future__ import annotations

import datetime as dt
import json
import logging
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import replace
from functools import partial
from http import HTTPStatus
from typing import Any

from litestar import Request, Response, post
from litestar.di import NamedDependency
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import JSONBody, SkipValidation
from litestar.response import Stream

from api.openai.chat import STREAM_HEADERS
from api.openai.errors import BAD_BODY, described, envelope
from api.openai.limits import read_by
from api.openai.models import generator_of
from api.openai.response_items import MadeResponse
from api.openai.schemas import ResponsesRequest, question_of, turns_of
from api.openai.structured import Form, refuse_calls
from api.openai.tasks import reply_to_task
from api.shared.conditions import file_filter, metadata_of
from api.shared.links import Links
from api.shared.protocols import Pipeline, ServiceOptions
from api.shared.work import Workers
from index.text.counting import TokenCounter
from rag.errors import QuestionError
from rag.types import Answer, Filters, Understood

_logger = logging.getLogger("wenju.api")


def _operation(handler: Any, method: Any, parts: list[Any]) -> str:
    """One id for each of the paths; the schema wants them distinct."""
    del handler, method
    return "responses" if any(str(part) == "v1" for part in parts) else "responses_plain"


@post(
    ["/v1/responses", "/responses"],
    status_code=200,
    operation_id=_operation,
    responses={
        200: ResponseSpec(dict[str, Any], description="The response; with `stream`, the same as events"),
        **described(*BAD_BODY),
    },
)
async def responses(
    data: JSONBody[ResponsesRequest],
    request: Request[Any, Any, Any],
    pipeline: NamedDependency[SkipValidation[Pipeline]],
    workers: NamedDependency[SkipValidation[Workers]],
    options: NamedDependency[SkipValidation[ServiceOptions]],
) -> Response[Any]:
    """Answer from the reports. Nothing is stored: send the whole conversation each time."""
    generator = generator_of(data.model, pipeline)
    if data.previous_response_id is not None:
        raise QuestionError("previous_response_id", "responses are not stored; send the conversation as input")
    form = Form.of(data.text.format.type, data.text.format, "text.format")
    refuse_calls(data.tool_choice)
    filters = _filters(data, pipeline)
    links = Links.of(request, options)
    sent = [] if isinstance(data.input, str) else data.input
    begun = partial(_begun, data, links, pipeline, options.token_vocabulary)
    made, turns, task = await read_by(workers, sent, begun)
    if task is not None:
        made.message(task, [])
        return _stream(_told_at_once(made)) if data.stream else Response(made.body("completed"))
    question = question_of(turns, generator, data.wenju, dt.date.today(), filters)
    if data.stream:
        told = await workers.stream(pipeline, question)
        return _stream(_events(told, made, form))
    answer = await workers.answer(pipeline, question, request.receive)
    made.search(answer.understood)
    made.finish(answer, form)
    return Response(made.body(made.status))


def _stream(events: AsyncGenerator[str]) -> Stream:
    return Stream(events, media_type="text/event-stream", headers=STREAM_HEADERS, status_code=HTTPStatus.OK)


def _begun(
    data: ResponsesRequest, links: Links, pipeline: Pipeline, vocabulary: str
) -> tuple[MadeResponse, list[tuple[str, str]], str | None]:
    """What is read of a conversation, in a thread: it may be long."""
    turns = _turns(data)
    return MadeResponse(data, links, pipeline, turns, TokenCounter(vocabulary)), turns, reply_to_task(turns)


def _turns(data: ResponsesRequest) -> list[tuple[str, str]]:
    if isinstance(data.input, str):
        return [("user", data.input)]
    turns = turns_of([item for item in data.input if item.type == "message"])
    return [("system", data.instructions), *turns] if data.instructions else turns


def _filters(data: ResponsesRequest, pipeline: Pipeline) -> Filters:
    """The caller's restrictions, with those of a file search tool as the documents that they leave."""
    own = data.wenju.filters.to_filters()
    given = [tool.filters for tool in data.tools if tool.type == "file_search" and tool.filters is not None]
    if not given:
        return own
    fits = [file_filter(each) for each in given]
    ids = [d.id for d in pipeline.snapshot.documents if all(test(metadata_of(d)) for test in fits)]
    if own.documents:
        ids = [each for each in ids if each in own.documents]
    if not ids:
        raise QuestionError("tools.filters", "no report passes them; GET /v1/coverage shows what is held")
    return replace(own, documents=tuple(ids))


class _Numbered:
    """Makes events, each with the next number."""

    def __init__(self) -> None:
        self._next = 0

    def __call__(self, kind: str, **data: Any) -> str:
        event = {"type": kind, "sequence_number": self._next, **data}
        self._next += 1
        return f"event: {kind}\ndata: {json.dumps(event, ensure_ascii=False, separators=(',', ':'))}\n\n"


async def _told_at_once(made: MadeResponse) -> AsyncGenerator[str]:
    """A reply that was there before it was asked for, as events."""
    event = _Numbered()
    (message,) = made.output
    made.output = []
    yield event("response.created", response=made.body("in_progress"))
    yield event("response.in_progress", response=made.body("in_progress"))
    for each in _opening(event, message, 0):
        yield each
    text = message["content"][0]["text"]
    yield _delta(event, message, 0, text)
    for each in _closing(event, message, 0, text, []):
        yield each
    made.output = [message]
    yield event("response.completed", response=made.body("completed"))


async def _events(told: AsyncGenerator[Any], made: MadeResponse, form: Form) -> AsyncGenerator[str]:
    event = _Numbered()
    try:
        async with aclosing(told):
            yield event("response.created", response=made.body("in_progress"))
            yield event("response.in_progress", response=made.body("in_progress"))
            message: dict[str, Any] = {}
            async for piece in told:
                if isinstance(piece, Understood):
                    call = made.search(piece)
                    where = {"item_id": call["id"], "output_index": 0}
                    yield event("response.output_item.added", output_index=0, item={**call, "status": "in_progress"})
                    yield event("response.file_search_call.in_progress", **where)
                    yield event("response.file_search_call.searching", **where)
                    yield event("response.file_search_call.completed", **where)
                    yield event("response.output_item.done", output_index=0, item=call)
                    message = made.message("", [], "in_progress")
                    for each in _opening(event, message, 1):
                        yield each
                elif isinstance(piece, Answer):
                    if (rest := made.rest(piece, form)) != "":
                        yield _delta(event, message, 1, rest)
                    for each in _closing(event, message, 1, made.limit.text, made.notes(piece, form)):
                        yield each
                    made.set_results(piece)
                    made.use(piece)
                elif not form.structured and (shown := made.limit.feed(piece)):
                    yield _delta(event, message, 1, shown)
            yield event(f"response.{made.status}", response=made.body(made.status))
    except Exception as error:
        # The status line is long gone; this event is how clients learn of it.
        _logger.error("stream of a response failed", exc_info=error)
        body = envelope(error)[1]
        failed = {"code": "server_error", "message": body.message}
        yield event("response.failed", response=made.body("failed", failed))


def _opening(event: _Numbered, message: dict[str, Any], index: int) -> list[str]:
    empty = {"type": "output_text", "text": "", "annotations": [], "logprobs": []}
    return [
        event(
            "response.output_item.added", output_index=index, item={**message, "status": "in_progress", "content": []}
        ),
        event("response.content_part.added", item_id=message["id"], output_index=index, content_index=0, part=empty),
    ]


def _delta(event: _Numbered, message: dict[str, Any], index: int, text: str) -> str:
    where = {"item_id": message["id"], "output_index": index, "content_index": 0}
    return event("response.output_text.delta", **where, delta=text, logprobs=[])


def _closing(
    event: _Numbered, message: dict[str, Any], index: int, text: str, notes: list[dict[str, Any]]
) -> list[str]:
    where = {"item_id": message["id"], "output_index": index, "content_index": 0}
    part = {"type": "output_text", "text": text, "annotations": notes, "logprobs": []}
    message["content"], message["status"] = [part], "completed"
    return [
        *(
            event("response.output_text.annotation.added", **where, annotation_index=n, annotation=note)
            for n, note in enumerate(notes)
        ),
        event("response.output_text.done", **where, text=text, logprobs=[]),
        event("response.content_part.done", **where, part=part),
        event("response.output_item.done", output_index=index, item=message),
    ]
