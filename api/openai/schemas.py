"""Wire types of the OpenAI-style routes: what clients of chat completions, responses, embeddings and reranking send."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, ConfigDict, Field, StringConstraints, field_validator

from api.native.request_schemas import (
    DEFAULT_TOP_K,
    MAX_HISTORY,
    MAX_QUESTION,
    AsOf,
    FiltersIn,
    Language,
    TopK,
    WireRequest,
)
from api.openai.wrapped import question_in
from rag.errors import QuestionError
from rag.types import Filters, Question

# Of a chat tool that sends all that was ever said; only the last user turns are read.
MAX_MESSAGES = 2000
MAX_INPUTS = 2048
MAX_TEXT = 200_000

_INPUT = "must be a text, an array of tokens, or a list of either, and not empty"


def _cut(value: object) -> object:
    """A text with its middle left out where it is too long: a question stands at one of its ends."""
    if isinstance(value, str) and len(value) > MAX_TEXT:
        return value[: MAX_TEXT // 2] + value[-MAX_TEXT // 2 :]
    return value


def last_of(most: int) -> BeforeValidator:
    """The last so many of a list: what was said before them is not read."""
    return BeforeValidator(lambda value: value[-most:] if isinstance(value, list) and len(value) > most else value)


MAX_PARTS = 200
Said = Annotated[str, BeforeValidator(_cut)]

ModelName = Annotated[str, StringConstraints(min_length=1, max_length=200)]
Text = Annotated[str, StringConstraints(max_length=MAX_TEXT)]


class OwnOptions(WireRequest):
    """What can be said to this service only: the field ``wenju`` of a request (``extra_body`` of the OpenAI client)."""

    model_config = ConfigDict(strict=True, extra="forbid")

    filters: FiltersIn = FiltersIn()
    as_of: AsOf = None
    top_k: TopK = DEFAULT_TOP_K
    language: Language = "auto"
    events: bool | None = None
    sources: bool | None = None


class ContentPart(WireRequest):
    """A part of a message; only text is read."""

    type: str
    text: Said | None = None


class MessageIn(WireRequest):
    """One turn of a conversation, as chat completions and responses both have it."""

    role: Literal["system", "developer", "user", "assistant", "tool", "function"]
    content: Said | Annotated[list[ContentPart], last_of(MAX_PARTS)] | None = None

    def text(self) -> str:
        """All text of the turn; a picture, sound or file of it is passed over."""
        if isinstance(self.content, str):
            return self.content
        return "\n".join(p.text for p in self.content or [] if p.text is not None)

    def strange(self) -> str | None:
        """The type of a part that cannot be read; None where all of it can."""
        return next((p.type for p in self.content if p.text is None), None) if isinstance(self.content, list) else None


def turns_of(messages: Sequence[MessageIn]) -> list[tuple[str, str]]:
    """Pairs of role and text. Raises QuestionError for a picture, sound or file of the last user turn: it cannot be read."""
    asked = [message for message in messages if message.role == "user"]
    if asked and (strange := asked[-1].strange()) is not None:
        raise QuestionError("messages", f"content of type {strange!r} cannot be read; only text can")
    return [(message.role, message.text()) for message in messages]


class StreamOptions(WireRequest):
    """How a stream is to be told."""

    include_usage: bool = False


class FormatIn(WireRequest):
    """The asked form of a reply; the schema of one stands below ``json_schema`` in a chat, beside ``type`` in a response."""

    model_config = ConfigDict(strict=True, extra="ignore", populate_by_name=True)

    type: str = "text"
    name: str | None = None
    json_schema: dict[str, Any] | None = None
    schema_: dict[str, Any] | None = Field(None, alias="schema")

    @property
    def wanted(self) -> dict[str, Any] | None:
        """The schema that was sent, if one was."""
        found = self.schema_ if self.schema_ is not None else (self.json_schema or {}).get("schema")
        return found if isinstance(found, dict) else None


class ChatRequest(WireRequest):
    """``POST /v1/chat/completions``. Sampling options change nothing here and are ignored; limits of length are kept."""

    model: ModelName
    messages: Annotated[list[MessageIn], Field(min_length=1), last_of(MAX_MESSAGES)]
    stream: bool = False
    stream_options: StreamOptions = StreamOptions()
    max_tokens: Annotated[int, Field(ge=1)] | None = None
    max_completion_tokens: Annotated[int, Field(ge=1)] | None = None
    stop: str | Annotated[list[str], Field(max_length=16)] | None = None
    tool_choice: str | dict[str, Any] = "auto"
    n: Annotated[int, Field(ge=1, le=1)] = 1
    response_format: FormatIn = FormatIn()
    wenju: OwnOptions = OwnOptions()


class FileSearchTool(WireRequest):
    """A tool of a responses request; of ``file_search`` the filters and the number of results are read."""

    type: str
    vector_store_ids: list[str] = Field(default_factory=list)
    max_num_results: Annotated[int, Field(ge=1, le=50)] = DEFAULT_TOP_K
    filters: dict[str, Any] | None = None


class InputItem(MessageIn):
    """An item of a responses request; items that are no messages (earlier tool calls) are passed over."""

    type: str = "message"
    role: Literal["system", "developer", "user", "assistant", "tool", "function"] = "user"


class TextOptions(WireRequest):
    """How a response's text is to look."""

    format: FormatIn = FormatIn()


class ResponsesRequest(WireRequest):
    """``POST /v1/responses``. Nothing is stored, so there is no earlier response to refer to."""

    model: ModelName
    input: Said | Annotated[list[InputItem], Field(min_length=1), last_of(MAX_MESSAGES)]
    max_output_tokens: Annotated[int, Field(ge=1)] | None = None
    tool_choice: str | dict[str, Any] = "auto"
    stream: bool = False
    tools: Annotated[list[FileSearchTool], Field(max_length=128)] = Field(default_factory=list)
    include: list[str] = Field(default_factory=list)
    text: TextOptions = TextOptions()
    previous_response_id: str | None = None
    metadata: dict[str, str] = Field(default_factory=dict)
    instructions: Said | None = None
    wenju: OwnOptions = OwnOptions()


Tokens = Annotated[list[int], Field(min_length=1, max_length=MAX_TEXT)]


class EmbeddingsRequest(WireRequest):
    """``POST /v1/embeddings``: a text or texts, or the same as tokens of the service's vocabulary."""

    model: ModelName
    input: Text | Tokens | Annotated[list[Text] | list[Tokens], Field(min_length=1, max_length=MAX_INPUTS)]
    dimensions: Annotated[int, Field(ge=1, le=8192)] | None = None
    encoding_format: Literal["float", "base64"] = "float"

    @field_validator("input", mode="before")
    @classmethod
    def _one_kind(cls, value: object) -> object:
        """Say in one sentence what is wrong, where each kind of input would have its own to say."""
        if isinstance(value, str):
            value = [value]
        if not isinstance(value, list) or not value:
            raise ValueError(_INPUT)
        kinds = set(map(type, value))
        if kinds == {int}:
            value, kinds = [value], {list}
        if len(value) > MAX_INPUTS:
            raise ValueError(f"holds {len(value):,} inputs; at most {MAX_INPUTS:,} are taken in a request")
        if kinds not in ({str}, {list}) or (
            kinds == {list} and not all(set(map(type, each)) == {int} for each in value)
        ):
            raise ValueError(_INPUT)
        if max(map(len, value)) > MAX_TEXT:
            raise ValueError(f"holds an input that is longer than {MAX_TEXT:,}")
        return value

    def inputs(self) -> list[str] | list[list[int]]:
        """What to embed, each on its own."""
        # One input was made a list of one.
        return self.input  # type: ignore[return-value]


class RerankDocument(WireRequest):
    """A text to rank, as an object."""

    text: Text


class RerankRequest(WireRequest):
    """``POST /v1/rerank``, as Cohere and Jina have it."""

    model: ModelName = "wenju-rerank"
    query: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=MAX_QUESTION)]
    documents: Annotated[list[Text | RerankDocument], Field(min_length=1, max_length=1000)]
    top_n: Annotated[int, Field(ge=1)] | None = None
    return_documents: bool = False

    def texts(self) -> list[str]:
        return [each if isinstance(each, str) else each.text for each in self.documents]


def question_of(
    turns: list[tuple[str, str]], generator: str, options: OwnOptions, today: dt.date, filters: Filters | None = None
) -> Question:
    """The last user turn as a question, the earlier ones as its history; ``turns`` are pairs of role and text.

    Raises QuestionError where there is no user turn, or the last one cannot be a question.
    """
    said = [text for role, text in turns if role == "user"]
    # What a chat tool puts around a question is no part of it, in the earlier ones neither.
    asked = [question_in(text) for text in said[-MAX_HISTORY - 1 :]]
    if not asked or not asked[-1]:
        raise QuestionError("messages", "the last user message is empty" if asked else "there is no user message")
    if len(asked[-1]) > MAX_QUESTION:
        raise QuestionError("messages", f"the last user message is longer than {MAX_QUESTION} characters")
    # What was pasted earlier in a chat is no question to carry a place or a year over from.
    history = [text for text in asked[:-1] if 0 < len(text) <= MAX_QUESTION]
    return Question(
        text=asked[-1],
        asked_on=options.as_of or today,
        history=tuple(history),
        filters=filters or options.filters.to_filters(),
        top_k=options.top_k,
        language=options.language,
        generator=generator,
    )
