"""Ollama's routes, for tools that speak nothing else: ``/api/tags``, ``/api/show``, ``/api/chat``, ``/api/version``."""

from __future__ import annotations

import datetime as dt
import json
import logging
import time
from collections.abc import AsyncGenerator
from contextlib import aclosing
from functools import partial
from http import HTTPStatus
from typing import Annotated, Any

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import JSONBody, SkipValidation
from litestar.response import Stream
from pydantic import Field

from api.native.request_schemas import WireRequest
from api.openai.chat import STREAM_HEADERS, source_list
from api.openai.errors import BAD_BODY, described, envelope
from api.openai.limits import Limit, read_by, tokens_of
from api.openai.models import CHAT, OWNER, SOURCES, chat_models, generator_of
from api.openai.schemas import MAX_MESSAGES, MessageIn, ModelName, OwnOptions, Said, last_of, question_of, turns_of
from api.openai.tasks import reply_to_task
from api.shared.links import Links
from api.shared.protocols import Pipeline, ServiceOptions
from api.shared.work import Workers
from index.text.counting import TokenCounter
from rag.errors import QuestionError
from rag.types import Answer, Question

_logger = logging.getLogger("wenju.api")

LATEST = ":latest"


class OllamaMessage(MessageIn):
    """A message of Ollama's: its pictures stand beside its text."""

    images: list[Any] = Field(default_factory=list)

    def strange(self) -> str | None:
        """A picture cannot be read."""
        return "image" if self.images else super().strange()


class OllamaChat(WireRequest):
    """``POST /api/chat``. Streams unless told not to, as Ollama does."""

    model: ModelName
    messages: Annotated[list[OllamaMessage], Field(min_length=1), last_of(MAX_MESSAGES)]
    stream: bool = True
    options: Any = None

    def limits(self) -> tuple[int | None, list[str]]:
        """Of the options those that mean something here. Raises QuestionError for one that is none.

        The framework takes a fault in a field of this name for one of its own, so that it is looked for here.
        """
        given = self.options if isinstance(self.options, dict) else {}
        most, stops = given.get("num_predict"), given.get("stop") or []
        stops = [stops] if isinstance(stops, str) else stops
        if (most is not None and not isinstance(most, int)) or (
            self.options is not None and not isinstance(self.options, dict)
        ):
            raise QuestionError("options", "must be an object, and its num_predict a whole number")
        if not isinstance(stops, list) or not all(isinstance(each, str) for each in stops):
            raise QuestionError("options.stop", "must be a text or a list of texts")
        # -1 and -2 are Ollama's words for no limit.
        return (most if most and most > 0 else None), stops


class OllamaName(WireRequest):
    """``POST /api/show``."""

    model: Said | None = None
    name: Said | None = None


def _names(pipeline: Pipeline) -> list[str]:
    return [*(f"{name}{LATEST}" for name in chat_models(pipeline)), CHAT + SOURCES]


def _details() -> dict[str, Any]:
    return {
        "parent_model": "", "format": "", "family": OWNER, "families": [OWNER], "parameter_size": "", "quantization_level": ""
    }  # fmt: skip


@get("/api/tags", sync_to_thread=False)
def tags(pipeline: NamedDependency[SkipValidation[Pipeline]]) -> dict[str, Any]:
    """List the models that chat."""
    held = {"modified_at": "1970-01-01T00:00:00Z", "size": 0, "digest": pipeline.snapshot.id, "details": _details()}
    return {"models": [{"name": name, "model": name, **held} for name in _names(pipeline)]}


@get("/api/version", sync_to_thread=False)
def version() -> dict[str, Any]:
    """Of Ollama's interface the version that this one follows."""
    return {"version": "0.12.0"}


@post("/api/show", status_code=HTTPStatus.OK, sync_to_thread=False, responses=described(*BAD_BODY))
def show(data: JSONBody[OllamaName], pipeline: NamedDependency[SkipValidation[Pipeline]]) -> dict[str, Any]:
    """Describe a model."""
    name = data.model or data.name or ""
    generator_of(name.removesuffix(LATEST), pipeline)
    return {"modelfile": "", "parameters": "", "template": "", "details": _details(), "model_info": {}, "capabilities": ["completion"]}  # fmt: skip


@post(
    "/api/chat",
    status_code=HTTPStatus.OK,
    responses={
        200: ResponseSpec(dict[str, Any], description="The reply; as lines of JSON where it is streamed"),
        **described(*BAD_BODY),
    },
)
async def ollama_chat(
    data: JSONBody[OllamaChat],
    request: Request[Any, Any, Any],
    pipeline: NamedDependency[SkipValidation[Pipeline]],
    workers: NamedDependency[SkipValidation[Workers]],
    options: NamedDependency[SkipValidation[ServiceOptions]],
) -> Response[Any]:
    """Answer the last message of a chat from the reports, in Ollama's form."""
    name = data.model.removesuffix(LATEST)
    made = _Made(data, Links.of(request, options) if name.endswith(SOURCES) or options.chat_sources else None, options)
    task, question = await read_by(workers, data.messages, partial(made.read, generator_of(name, pipeline)))
    if not data.stream:
        answer = None
        if task is None:
            assert question is not None
            answer = await workers.answer(pipeline, question, request.receive)
        return Response(made.whole(task if answer is None else answer))
    told = _only(task) if question is None else await workers.stream(pipeline, question)
    return Stream(
        made.lines(told), media_type="application/x-ndjson", headers=STREAM_HEADERS, status_code=HTTPStatus.OK
    )


async def _only(text: str | None) -> AsyncGenerator[Any]:
    yield text


class _Made:
    """One reply as far as it is made."""

    def __init__(self, data: OllamaChat, links: Links | None, options: ServiceOptions) -> None:
        self._data = data
        self._links = links
        self._counter = TokenCounter(options.token_vocabulary)
        self._limit = Limit(self._counter, *data.limits())
        self._started = time.perf_counter_ns()
        self._prompt = 0

    def read(self, generator: str) -> tuple[str | None, Question | None]:
        """A task of the chat tool's own, or the question; in a thread, since a chat may be long."""
        turns = turns_of(self._data.messages)
        self._prompt = tokens_of(self._counter, [text for _, text in turns])
        task = reply_to_task(turns)
        return task, question_of(turns, generator, OwnOptions(), dt.date.today()) if task is None else None

    def whole(self, told: Answer | str | None) -> dict[str, Any]:
        """The reply at once."""
        text = self._limit.feed(told.answer if isinstance(told, Answer) else told or "") + self._limit.close()
        return self._last(text + self._listed(told))

    async def lines(self, told: AsyncGenerator[Any]) -> AsyncGenerator[str]:
        """The reply as lines of JSON, the last one with what it took."""
        listed = ""
        try:
            async with aclosing(told):
                async for piece in told:
                    if isinstance(piece, str):
                        if shown := self._limit.feed(piece):
                            yield _line(self._part(shown))
                    else:
                        listed = self._listed(piece)
            if rest := self._limit.close() + listed:
                yield _line(self._part(rest))
            yield _line(self._last(""))
        except Exception as error:
            # The status line is long gone; clients of Ollama raise on this.
            _logger.exception("a stream failed")
            yield _line({"error": envelope(error)[1].message})

    def _listed(self, told: object) -> str:
        """The sources of an answer that was told whole."""
        wanted = isinstance(told, Answer) and self._links is not None and not self._limit.ended
        return source_list(told, self._links) if wanted else ""  # type: ignore[arg-type]

    def _last(self, text: str) -> dict[str, Any]:
        taken = time.perf_counter_ns() - self._started
        return self._part(
            text, done=True, done_reason=self._limit.finish, total_duration=taken, load_duration=0,
            prompt_eval_count=self._prompt, prompt_eval_duration=0,
            eval_count=self._counter.count(self._limit.text), eval_duration=taken,
        )  # fmt: skip

    def _part(self, text: str, *, done: bool = False, **more: Any) -> dict[str, Any]:
        now = dt.datetime.now(dt.UTC).isoformat().replace("+00:00", "Z")
        message = {"role": "assistant", "content": text}
        return {"model": self._data.model, "created_at": now, "message": message, "done": done, **more}


def _line(part: dict[str, Any]) -> str:
    return json.dumps(part, ensure_ascii=False, separators=(",", ":")) + "\n"


OLLAMA = [tags, version, show, ollama_chat]
