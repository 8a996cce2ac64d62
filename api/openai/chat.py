"""``POST /v1/chat/completions``: an answer as a chat message, whole or as it is told, with its citations either way."""

from __future__ import annotations

import datetime as dt
import json
import logging
import time
import uuid
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import Any

from litestar import Request, Response, post
from litestar.di import NamedDependency
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import JSONBody, SkipValidation
from litestar.response import Stream

from api.native.schemas import answer_json
from api.openai.errors import BAD_BODY, described, envelope
from api.openai.models import generator_of
from api.openai.schemas import ChatRequest, question_of
from api.openai.tasks import reply_to_task
from api.shared.links import Links
from api.shared.protocols import Pipeline, ServiceOptions
from api.shared.work import Workers
from rag.errors import QuestionError
from rag.types import Answer, Citation

_logger = logging.getLogger("wenju.api")

STREAM_HEADERS = {
    "Cache-Control": "no-cache",
    # A proxy that gathers a stream before it passes it on makes it no stream.
    "X-Accel-Buffering": "no",
}


@dataclass(frozen=True, slots=True)
class Showing:
    """How citations are shown besides the annotations: as Open WebUI's events, as a list at the end of the text."""

    links: Links
    events: bool
    sources: bool


@post(
    "/v1/chat/completions",
    status_code=200,
    responses={
        200: ResponseSpec(dict[str, Any], description="The completion; with `stream`, the same in chunks"),
        **described(*BAD_BODY),
    },
)
async def chat(
    data: JSONBody[ChatRequest],
    request: Request[Any, Any, Any],
    pipeline: NamedDependency[SkipValidation[Pipeline]],
    workers: NamedDependency[SkipValidation[Workers]],
    options: NamedDependency[SkipValidation[ServiceOptions]],
) -> Response[Any]:
    """Answer the last message of a chat from the reports; the messages before it say what it leaves out."""
    generator = generator_of(data.model, pipeline)
    if data.response_format.type != "text":
        raise QuestionError("response_format", "only text can be given; POST /v1/ask gives a typed answer")
    turns: list[tuple[str, str]] = [(message.role, message.text()) for message in data.messages]
    head = {"id": f"chatcmpl-{uuid.uuid4().hex}", "created": int(time.time()), "model": data.model}
    task = reply_to_task(turns)
    if task is not None:
        if data.stream:
            return _stream(_task_chunks(task, head, usage=data.stream_options.include_usage))
        return Response(_completion(head, task, [], _usage(0, 0)))
    question = question_of(turns, generator, data.wenju, dt.date.today())
    showing = Showing(
        Links.of(request, options),
        options.chat_events if data.wenju.events is None else data.wenju.events,
        options.chat_sources if data.wenju.sources is None else data.wenju.sources,
    )
    head["system_fingerprint"] = pipeline.snapshot.id
    if not data.stream:
        answer = await workers.answer(pipeline, question, request.receive)
        text = answer.answer + (_source_list(answer, showing.links) if showing.sources else "")
        usage = _usage(answer.prompt_tokens, answer.completion_tokens)
        own = {"wenju": answer_json(answer)}
        return Response({**_completion(head, text, annotations_of(answer, showing.links), usage), **own})
    told = await workers.stream(pipeline, question)
    return _stream(_chunks(told, head, showing, usage=data.stream_options.include_usage))


def _stream(chunks: AsyncGenerator[str]) -> Stream:
    return Stream(chunks, media_type="text/event-stream", headers=STREAM_HEADERS, status_code=HTTPStatus.OK)


def _completion(
    head: Mapping[str, Any], text: str, notes: Sequence[Mapping[str, Any]], usage: Mapping[str, int]
) -> dict[str, Any]:
    message = {"role": "assistant", "content": text, "refusal": None, "annotations": list(notes)}
    choice = {"index": 0, "message": message, "finish_reason": "stop", "logprobs": None}
    return {**head, "object": "chat.completion", "choices": [choice], "usage": dict(usage)}


def _usage(prompt: int, completion: int) -> dict[str, int]:
    """Tokens of a language model; without one there are none."""
    return {"prompt_tokens": prompt, "completion_tokens": completion, "total_tokens": prompt + completion}


class _Chunks:
    """Makes the chunks of one stream: all with the same head, and with ``usage`` only where it was asked for."""

    def __init__(self, head: Mapping[str, Any], *, usage: bool) -> None:
        self._head = {**head, "object": "chat.completion.chunk"}
        self._usage = usage

    def delta(self, delta: Mapping[str, Any], finish: str | None = None, **more: Any) -> str:
        choice = {"index": 0, "delta": dict(delta), "finish_reason": finish, "logprobs": None}
        return self._event({**self._head, "choices": [choice], **({"usage": None} if self._usage else {}), **more})

    def event(self, event: Mapping[str, Any]) -> str:
        return self._event({**self._head, "choices": [], "event": dict(event)})

    def end(self, usage: Mapping[str, int]) -> str:
        told = self._event({**self._head, "choices": [], "usage": dict(usage)}) if self._usage else ""
        return f"{told}data: [DONE]\n\n"

    def _event(self, data: Mapping[str, Any]) -> str:
        return f"data: {json.dumps(data, ensure_ascii=False, separators=(',', ':'))}\n\n"


async def _task_chunks(text: str, head: Mapping[str, Any], *, usage: bool) -> AsyncGenerator[str]:
    chunks = _Chunks(head, usage=usage)
    yield chunks.delta({"role": "assistant", "content": text, "refusal": None})
    yield chunks.delta({}, "stop")
    yield chunks.end(_usage(0, 0))


async def _chunks(
    told: AsyncGenerator[Any], head: Mapping[str, Any], showing: Showing, *, usage: bool
) -> AsyncGenerator[str]:
    chunks = _Chunks(head, usage=usage)
    try:
        async with aclosing(told):
            yield chunks.delta({"role": "assistant", "content": "", "refusal": None})
            async for piece in told:
                if isinstance(piece, str):
                    yield chunks.delta({"content": piece})
                elif isinstance(piece, Answer):
                    for chunk in _endings(piece, chunks, showing):
                        yield chunk
    except Exception as error:
        # The status line is long gone. Clients raise on this object, and show it as the error that it is.
        _logger.error("stream of %s failed", head["id"], exc_info=error)
        body = envelope(error)[1].model_dump()
        yield f"data: {json.dumps({'error': body}, ensure_ascii=False)}\n\n"


def _endings(answer: Answer, chunks: _Chunks, showing: Showing) -> list[str]:
    """All that follows the text: where it comes from, the end, and what it took."""
    found: list[str] = []
    if showing.sources and (listed := _source_list(answer, showing.links)):
        found.append(chunks.delta({"content": listed}))
    if notes := annotations_of(answer, showing.links):
        found.append(chunks.delta({"annotations": notes}))
    if showing.events:
        found += [chunks.event(_source_event(each, showing.links)) for each in _shown(answer)]
    found.append(chunks.delta({}, "stop", wenju=answer_json(answer)))
    found.append(chunks.end(_usage(answer.prompt_tokens, answer.completion_tokens)))
    return found


def _shown(answer: Answer) -> list[Citation]:
    """What an answer is shown to rest on: its citations, or in a refusal the evidence that comes nearest."""
    return list(answer.citations) or [replace(near.citation, n=n) for n, near in enumerate(answer.nearest[:1], 1)]


def annotations_of(answer: Answer, links: Links) -> list[dict[str, Any]]:
    """One annotation for each part of the text that a citation supports, in the order of the text."""
    found: list[dict[str, Any]] = []
    for citation in answer.citations:
        for start, end in citation.answer_spans or ((0, len(answer.answer)),):
            found.append(_annotation(citation, start, end, links))
    if not answer.citations:
        for near in answer.nearest[:1]:
            start = answer.answer.find(near.text)
            if start >= 0:
                found.append(_annotation(near.citation, start, start + len(near.text), links))
    return sorted(found, key=lambda each: each["url_citation"]["start_index"])


def _annotation(citation: Citation, start: int, end: int, links: Links) -> dict[str, Any]:
    place = {"start_index": start, "end_index": end, "title": _title(citation), "url": links.cited(citation)}
    return {"type": "url_citation", "url_citation": place}


def _title(citation: Citation) -> str:
    return " › ".join([citation.title, *citation.heading[-1:]])


def _source_event(citation: Citation, links: Links) -> dict[str, Any]:
    """A source as Open WebUI shows it: its own kind of chunk, the only one that carries the passage itself."""
    source = {"id": citation.document_id, "name": citation.title, "type": "url", "url": links.cited(citation)}
    # It numbers sources by their distinct metadata.source, so each passage has one of its own.
    metadata = {
        "source": links.cited(citation), "name": citation.title, "file_id": citation.document_id,
        "region": citation.region, "period": citation.period, "heading": " › ".join(citation.heading),
        "start": citation.start, "end": citation.end, "sha256": citation.sha256,
    }  # fmt: skip
    return {"type": "source", "data": {"source": source, "document": [citation.quote], "metadata": [metadata]}}


def _source_list(answer: Answer, links: Links) -> str:
    """The sources in Markdown, for tools that show nothing but the text."""
    lines = [f"[{each.n}] [{_escaped(_title(each))}]({links.cited(each)})" for each in _shown(answer)]
    return "\n\n" + "  \n".join(lines) if lines else ""


def _escaped(text: str) -> str:
    return "".join(f"\\{c}" if c in "[]()*_`<>\\" else c for c in text)
