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
from functools import partial
from http import HTTPStatus
from typing import Any

from litestar import Request, Response, post
from litestar.di import NamedDependency
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import JSONBody, SkipValidation
from litestar.response import Stream

from api.native.schemas import answer_json
from api.openai.errors import BAD_BODY, described, envelope
from api.openai.limits import Limit, read_by, tokens_of
from api.openai.marks import Marks, answer_behind
from api.openai.models import SOURCES, generator_of
from api.openai.schemas import MAX_TEXT, ChatRequest, question_of, turns_of
from api.openai.structured import Form, refuse_calls
from api.openai.tasks import reply_to_task
from api.openai.wrapped import sources_given
from api.shared.links import Links
from api.shared.protocols import Pipeline, ServiceOptions
from api.shared.work import Workers
from index.text.counting import TokenCounter
from rag.types import Answer, Citation, Question

_logger = logging.getLogger("wenju.api")

STREAM_HEADERS = {
    "Cache-Control": "no-cache",
    # A proxy that gathers a stream before it passes it on makes it no stream.
    "X-Accel-Buffering": "no",
}


@dataclass(frozen=True, slots=True)
class Showing:
    """How citations are shown besides the annotations: as Open WebUI's events, as a list at the end of the text.

    ``given`` sources came with the question and are numbered before ours where there are events.
    """

    links: Links
    events: bool
    sources: bool
    given: int = 0


SOURCES_HEADER = "x-wenju-sources"


def _operation(handler: Any, method: Any, parts: list[Any]) -> str:
    """One id for each of the paths; the schema wants them distinct."""
    del handler, method
    return "_".join(["chat", *(str(part) for part in parts if str(part) not in ("/", "chat", "completions"))])


@post(
    # Base URLs are given without their /v1 as often as not.
    ["/v1/chat/completions", "/chat/completions", "/v1/v1/chat/completions"],
    status_code=200,
    operation_id=_operation,
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
    form = Form.of(data.response_format.type, data.response_format, "response_format")
    refuse_calls(data.tool_choice)
    read = await read_by(workers, data.messages, partial(_read, data, generator, options.token_vocabulary))
    head = {"id": f"chatcmpl-{uuid.uuid4().hex}", "created": int(time.time()), "model": data.model}
    limit = Limit(TokenCounter(options.token_vocabulary), data.max_completion_tokens or data.max_tokens, data.stop)
    usage = data.stream_options.include_usage
    if read.task is not None:
        text = limit.feed(read.task) + limit.close()
        if data.stream:
            return _stream(_task_chunks(text, head, read.usage(text), usage=usage, finish=limit.finish))
        return Response(_completion(head, text, [], read.usage(text), finish=limit.finish))
    showing = _showing(data, request, options)
    if showing.events:
        showing = replace(showing, given=read.given)
    assert read.question is not None
    head["system_fingerprint"] = pipeline.snapshot.id
    if not data.stream:
        answer = await workers.answer(pipeline, read.question, request.receive)
        return Response({**_whole(answer, head, showing, form, limit, read), "wenju": answer_json(answer)})
    told = await workers.stream(pipeline, read.question)
    return _stream(_chunks(told, _Chunks(head, usage=usage), showing, form, limit, read))


def _showing(data: ChatRequest, request: Request[Any, Any, Any], options: ServiceOptions) -> Showing:
    """As the request says in its body, its header or the name of its model; else as the service is set."""
    sources = data.wenju.sources
    if sources is None:
        header = request.headers.get(SOURCES_HEADER, "").strip().lower()
        sources = options.chat_sources if header == "" else header not in ("0", "false", "no", "off")
        sources = sources or data.model.endswith(SOURCES)
    return Showing(
        Links.of(request, options),
        options.chat_events if data.wenju.events is None else data.wenju.events,
        sources,
    )


@dataclass(frozen=True, slots=True)
class _Read:
    """What was read of a request: a task of the chat tool's own, or a question; and how to count what it takes."""

    task: str | None
    question: Question | None
    counter: TokenCounter
    prompt: int
    given: int
    """Sources that a tool put around the question."""

    def usage(self, text: str, answer: Answer | None = None) -> dict[str, int]:
        """Tokens of a language model where one was asked and told them, else of what was sent and is given back."""
        if answer is not None and answer.prompt_tokens + answer.completion_tokens > 0:
            return _usage(answer.prompt_tokens, answer.completion_tokens)
        return _usage(self.prompt, self.counter.count(text))


def _read(data: ChatRequest, generator: str, vocabulary: str) -> _Read:
    """Runs in a thread: a chat may be long."""
    turns = turns_of(data.messages)
    counter = TokenCounter(vocabulary)
    task = reply_to_task(turns)
    question = question_of(turns, generator, data.wenju, dt.date.today()) if task is None else None
    last = next((text for role, text in reversed(turns) if role == "user"), "")
    given = sources_given(last) if len(last) <= MAX_TEXT else 0
    return _Read(task, question, counter, tokens_of(counter, [text for _, text in turns]), given)


def _whole(
    answer: Answer, head: Mapping[str, Any], showing: Showing, form: Form, limit: Limit, read: _Read
) -> dict[str, Any]:
    if form.structured:
        told = form.filled(answer)
        refusal = answer.answer if told is None else None
        return _completion(head, told or "", [], read.usage(told or "", answer), refusal=refusal)
    answer = answer_behind(answer, showing.given)
    told = limit.feed(answer.answer) + limit.close()
    notes = within(annotations_of(answer, showing.links), len(told))
    text = told
    if showing.sources and not limit.ended:
        text += source_list(answer, showing.links)
    return _completion(head, text, notes, read.usage(text, answer), finish=limit.finish)


def _stream(chunks: AsyncGenerator[str]) -> Stream:
    return Stream(chunks, media_type="text/event-stream", headers=STREAM_HEADERS, status_code=HTTPStatus.OK)


def _completion(
    head: Mapping[str, Any],
    text: str,
    notes: Sequence[Mapping[str, Any]],
    usage: Mapping[str, int],
    *,
    finish: str = "stop",
    refusal: str | None = None,
) -> dict[str, Any]:
    content = text if refusal is None else None
    message = {"role": "assistant", "content": content, "refusal": refusal, "annotations": list(notes)}
    choice = {"index": 0, "message": message, "finish_reason": finish, "logprobs": None}
    return {**head, "object": "chat.completion", "choices": [choice], "usage": dict(usage)}


def _usage(prompt: int, completion: int) -> dict[str, int]:
    return {"prompt_tokens": prompt, "completion_tokens": completion, "total_tokens": prompt + completion}


class _Chunks:
    """Makes the chunks of one stream: all with the same head, and with ``usage`` only where it was asked for."""

    def __init__(self, head: Mapping[str, Any], *, usage: bool) -> None:
        self.head = {**head, "object": "chat.completion.chunk"}
        self._usage = usage

    def delta(self, delta: Mapping[str, Any], finish: str | None = None, **more: Any) -> str:
        choice = {"index": 0, "delta": dict(delta), "finish_reason": finish, "logprobs": None}
        return self._event({**self.head, "choices": [choice], **({"usage": None} if self._usage else {}), **more})

    def event(self, event: Mapping[str, Any]) -> str:
        return self._event({**self.head, "choices": [], "event": dict(event)})

    def end(self, usage: Mapping[str, int]) -> str:
        told = self._event({**self.head, "choices": [], "usage": dict(usage)}) if self._usage else ""
        return f"{told}data: [DONE]\n\n"

    def _event(self, data: Mapping[str, Any]) -> str:
        return f"data: {json.dumps(data, ensure_ascii=False, separators=(',', ':'))}\n\n"


async def _task_chunks(
    text: str, head: Mapping[str, Any], used: Mapping[str, int], *, usage: bool, finish: str
) -> AsyncGenerator[str]:
    chunks = _Chunks(head, usage=usage)
    yield chunks.delta({"role": "assistant", "content": text, "refusal": None})
    yield chunks.delta({}, finish)
    yield chunks.end(used)


async def _chunks(
    told: AsyncGenerator[Any], chunks: _Chunks, showing: Showing, form: Form, limit: Limit, read: _Read
) -> AsyncGenerator[str]:
    marks = Marks(showing.given)
    try:
        async with aclosing(told):
            yield chunks.delta({"role": "assistant", "content": "", "refusal": None})
            async for piece in told:
                if isinstance(piece, str) and not form.structured:
                    if shown := limit.feed(marks.feed(piece)):
                        yield chunks.delta({"content": shown})
                elif isinstance(piece, Answer):
                    if shown := limit.feed(marks.close()):
                        yield chunks.delta({"content": shown})
                    for chunk in (
                        _structured(piece, chunks, form, read)
                        if form.structured
                        else _endings(piece, chunks, showing, limit, read)
                    ):
                        yield chunk
    except Exception as error:
        # The status line is long gone. Clients raise on this object, and show it as the error that it is.
        _logger.error("stream of %s failed", chunks.head["id"], exc_info=error)
        body = envelope(error)[1].model_dump()
        yield f"data: {json.dumps({'error': body}, ensure_ascii=False)}\n\n"


def _structured(answer: Answer, chunks: _Chunks, form: Form, read: _Read) -> list[str]:
    """The answer in its form, which is whole or nothing."""
    told = form.filled(answer)
    text = told if told is not None else answer.answer
    return [
        chunks.delta({"content": text} if told is not None else {"refusal": text}),
        chunks.delta({}, "stop", wenju=answer_json(answer)),
        chunks.end(read.usage(text, answer)),
    ]


def _endings(answer: Answer, chunks: _Chunks, showing: Showing, limit: Limit, read: _Read) -> list[str]:
    """All that follows the text: where it comes from, the end, and what it took."""
    found: list[str] = []
    whole, answer = answer, answer_behind(answer, showing.given)
    if rest := limit.close():
        found.append(chunks.delta({"content": rest}))
    listed = ""
    if showing.sources and not limit.ended and (listed := source_list(answer, showing.links)):
        found.append(chunks.delta({"content": listed}))
    if notes := within(annotations_of(answer, showing.links), len(limit.text)):
        found.append(chunks.delta({"annotations": notes}))
    if showing.events:
        found += [chunks.event(_source_event(each, showing.links)) for each in _shown(answer)]
    found.append(chunks.delta({}, limit.finish, wenju=answer_json(whole)))
    found.append(chunks.end(read.usage(limit.text + listed, answer)))
    return found


def _shown(answer: Answer) -> list[Citation]:
    """What an answer is shown to rest on: its citations, or in a refusal the evidence that comes nearest."""
    return list(answer.citations) or [replace(near.citation, n=n) for n, near in enumerate(answer.nearest[:1], 1)]


def within(notes: Sequence[dict[str, Any]], length: int) -> list[dict[str, Any]]:
    """The annotations of what was told of a text, none reaching beyond its end."""
    kept = []
    for note in notes:
        place = note["url_citation"]
        if place["start_index"] < length:
            kept.append({**note, "url_citation": {**place, "end_index": min(place["end_index"], length)}})
    return kept


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


def source_list(answer: Answer, links: Links) -> str:
    """The sources in Markdown, for tools that show nothing but the text."""
    lines = [f"[{each.n}] [{_escaped(_title(each))}]({links.cited(each)})" for each in _shown(answer)]
    return "\n\n" + "  \n".join(lines) if lines else ""


def _escaped(text: str) -> str:
    return "".join(f"\\{c}" if c in "[]()*_`<>\\" else c for c in text)
