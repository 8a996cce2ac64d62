"""What a chat may ask of the form of a reply: a schema, a length, a word to stop at; over the real reports, by the official client."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from pydantic import BaseModel

from index.text.counting import TokenCounter
from tests.serving import Service

openai = pytest.importorskip("openai", reason="the extra openai is not installed")

pytestmark = pytest.mark.enable_socket

FLAGSHIP = "2020年嘉定固定资产投资增长多少"
ANSWER = "2020年，嘉定区固定资产投资完成429.7亿元，同比增长18.3%。[1]"
REFUSED = "2023年嘉定区固定资产投资是多少"
STREAMS = pytest.mark.parametrize("stream", [False, True])


@pytest.fixture
def client(service: Service) -> Iterator[Any]:
    with openai.OpenAI(base_url=service.openai_url, api_key="any", max_retries=0) as made:
        yield made


def told(client: Any, *asked: Any, stream: bool = False, **options: Any) -> tuple[str, str, Any]:
    """Text, reason of the end, and usage of a chat."""
    messages = [{"role": "user", "content": each} for each in asked]
    if not stream:
        reply = client.chat.completions.create(model=options.pop("model", "wenju"), messages=messages, **options)
        choice = reply.choices[0]
        return choice.message.content or choice.message.refusal, choice.finish_reason, reply.usage
    chunks = list(
        client.chat.completions.create(
            model=options.pop("model", "wenju"), messages=messages, stream=True, stream_options={"include_usage": True}, **options
        )
    )  # fmt: skip
    deltas = [c.choices[0].delta for c in chunks if c.choices]
    text = "".join(d.content or d.refusal or "" for d in deltas)
    (reason,) = {c.choices[0].finish_reason for c in chunks if c.choices} - {None}
    return text, reason, chunks[-1].usage


class Figure(BaseModel):
    """As a program of somebody else names things."""

    region: str
    year: int
    growth_value: float
    unit: str
    sources: list[str]
    comment: str | None = None


class Row(BaseModel):
    place: str
    period: str
    value: float
    unit: str


class Table(BaseModel):
    answer: str
    figures: list[Row]


class Mood(BaseModel):
    value: float
    mood: str


def test_a_schema_of_the_callers_is_filled(client: Any) -> None:
    """By the names of its fields, each of the one figure that was asked."""
    reply = client.chat.completions.parse(
        model="wenju", messages=[{"role": "user", "content": FLAGSHIP}], response_format=Figure
    )
    made = reply.choices[0].message.parsed
    assert (made.region, made.year, made.growth_value, made.unit) == ("嘉定区", 2020, 18.3, "%")
    assert "固定资产投资完成429.7亿元" in made.sources[0]
    assert made.comment is None


def test_several_figures_fill_a_list_and_no_single_field(client: Any) -> None:
    asked = [{"role": "user", "content": "嘉定区2019年到2024年固定资产投资"}]
    made = client.chat.completions.parse(model="wenju", messages=asked, response_format=Table).choices[0].message.parsed
    assert {("嘉定区", "2019", 363.3, "亿元"), ("嘉定区", "2020", 18.3, "%")} <= {
        (row.place, row.period, row.value, row.unit) for row in made.figures
    }
    single = client.chat.completions.parse(model="wenju", messages=asked, response_format=Figure).choices[0].message
    assert single.parsed is None
    assert "363.3亿元" in single.refusal


@STREAMS
def test_what_cannot_be_filled_is_refused_by_its_name(client: Any, stream: bool) -> None:
    form = {"type": "json_schema", "json_schema": {"name": "mood", "schema": Mood.model_json_schema()}}
    with pytest.raises(openai.BadRequestError, match="mood") as refused:
        told(client, FLAGSHIP, stream=stream, response_format=form)
    assert refused.value.param == "response_format"


@STREAMS
def test_no_figure_is_a_refusal_and_no_figure(client: Any, stream: bool) -> None:
    form = {"type": "json_schema", "json_schema": {"name": "figure", "schema": Figure.model_json_schema()}}
    text, reason, _ = told(client, REFUSED, stream=stream, response_format=form)
    assert "2023年" in text
    assert "{" not in text
    assert reason == "stop"


@STREAMS
@pytest.mark.parametrize(
    "form", [{"type": "json_object"}, {"type": "json_schema", "json_schema": {"name": "wenju_answer"}}]
)
def test_the_published_form_is_the_whole_answer(client: Any, service: Service, stream: bool, form: Any) -> None:
    text, _, _ = told(client, FLAGSHIP, stream=stream, response_format=form)
    asked = httpx.post(f"{service.url}/v1/ask", json={"question": FLAGSHIP}, trust_env=False).json()
    assert json.loads(text) == asked
    schema = httpx.get(f"{service.url}/v1/answer.schema.json", trust_env=False).json()
    assert schema["name"] == "wenju_answer"
    assert set(schema["required"]) <= set(asked)


def test_a_response_takes_a_schema_too(client: Any) -> None:
    made = client.responses.parse(model="wenju", input=FLAGSHIP, text_format=Figure).output_parsed
    assert (made.region, made.growth_value) == ("嘉定区", 18.3)
    with pytest.raises(openai.BadRequestError, match="mood"):
        client.responses.parse(model="wenju", input=FLAGSHIP, text_format=Mood)


@STREAMS
def test_a_limit_of_tokens_is_kept_and_said(client: Any, stream: bool) -> None:
    text, reason, usage = told(client, FLAGSHIP, stream=stream, max_tokens=8)
    assert reason == "length"
    assert 0 < len(text) < len(ANSWER)
    assert ANSWER.startswith(text)
    assert TokenCounter().count(text) <= 8
    assert usage.completion_tokens == TokenCounter().count(text)
    whole, reason, _ = told(client, FLAGSHIP, stream=stream, max_completion_tokens=500)
    assert (whole, reason) == (ANSWER, "stop")


@STREAMS
@pytest.mark.parametrize(
    ("stop", "text"),
    [
        ("，同比", "2020年，嘉定区固定资产投资完成429.7亿元"),
        (["zzz", "亿元", "。"], "2020年，嘉定区固定资产投资完成429.7"),
        ("zzz", ANSWER),
    ],
)
def test_a_word_to_stop_at_is_kept(client: Any, stream: bool, stop: Any, text: str) -> None:
    """Wherever the pieces of a stream are cut."""
    assert told(client, FLAGSHIP, stream=stream, stop=stop)[:2] == (text, "stop")


def test_annotations_end_with_the_text(client: Any) -> None:
    messages = [{"role": "user", "content": FLAGSHIP}]
    message = client.chat.completions.create(model="wenju", messages=messages, max_tokens=8).choices[0].message
    assert all(note.url_citation.end_index <= len(message.content) for note in message.annotations)


def test_a_response_that_was_cut_says_so(client: Any) -> None:
    made = client.responses.create(model="wenju", input=FLAGSHIP, max_output_tokens=8)
    assert (made.status, made.incomplete_details.reason) == ("incomplete", "max_output_tokens")
    *_, last = client.responses.create(model="wenju", input=FLAGSHIP, max_output_tokens=8, stream=True)
    assert last.type == "response.incomplete"
    assert last.response.output_text == made.output_text


@STREAMS
def test_what_was_sent_and_given_back_is_counted(client: Any, stream: bool) -> None:
    text, _, usage = told(client, FLAGSHIP, stream=stream)
    counter = TokenCounter()
    assert (usage.prompt_tokens, usage.completion_tokens) == (counter.count(FLAGSHIP), counter.count(text))
    assert usage.total_tokens == usage.prompt_tokens + usage.completion_tokens
    _, _, other = told(client, FLAGSHIP, stream=stream, model="wenju-passages")
    assert other.completion_tokens > 0


@STREAMS
@pytest.mark.parametrize("choice", ["required", {"type": "function", "function": {"name": "f"}}])
def test_a_call_that_is_demanded_is_refused_in_words(client: Any, stream: bool, choice: Any) -> None:
    tools = [{"type": "function", "function": {"name": "f", "parameters": {}}}]
    with pytest.raises(openai.BadRequestError, match="no tool is ever called") as refused:
        told(client, FLAGSHIP, stream=stream, tools=tools, tool_choice=choice)
    assert refused.value.param == "tool_choice"
    assert told(client, FLAGSHIP, stream=stream, tools=tools, tool_choice="auto")[0] == ANSWER


@STREAMS
def test_sources_are_listed_by_the_models_name_or_a_header(client: Any, stream: bool) -> None:
    listed = "\n\n[1] [2021年嘉定区政府工作报告"
    assert listed in told(client, FLAGSHIP, stream=stream, model="wenju:sources")[0]
    assert listed in told(client, FLAGSHIP, stream=stream, extra_headers={"X-Wenju-Sources": "true"})[0]
    assert told(client, FLAGSHIP, stream=stream, extra_headers={"X-Wenju-Sources": "false"})[0] == ANSWER


PICTURE = [
    {"type": "text", "text": "这是什么图"},
    {"type": "image_url", "image_url": {"url": "data:image/png;base64," + "iVBORw0K" * 200_000}},
]


def test_an_old_picture_is_passed_over_and_a_new_one_refused(client: Any) -> None:
    """A picture of more than a megabyte among them, as cameras make it."""
    assert told(client, PICTURE, FLAGSHIP)[0] == ANSWER
    with pytest.raises(openai.BadRequestError, match="image_url"):
        told(client, FLAGSHIP, PICTURE)


def test_a_long_history_is_cut_and_not_refused(client: Any) -> None:
    """More turns than are read, one of them longer than a text may be."""
    turns = ["2019年闵行区固定资产投资是多少"] * 2500 + ["长" * 250_000, FLAGSHIP, "那2024年呢"]
    assert "710亿元" in told(client, *turns)[0]


def test_a_question_in_a_wrapper_is_answered_and_its_history_too(client: Any) -> None:
    """As a chat tool with an attached file sends it, longer than a question may be."""
    notes = "今天讨论了预算。" * 2000
    wrapped = [
        f"### Task:\nUse the context.\n<context>\n{notes}\n</context>\n\n<user_query>{q}</user_query>"
        for q in (FLAGSHIP, "那2024年呢")
    ]
    assert told(client, wrapped[0])[0] == ANSWER
    assert "710亿元" in told(client, *wrapped)[0]
