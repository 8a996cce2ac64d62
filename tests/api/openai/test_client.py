"""The official OpenAI client against the running service: answers, streams, citations, errors, retries, many at once."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.serving import Service, serving

openai = pytest.importorskip("openai", reason="the extra openai is not installed")

pytestmark = pytest.mark.enable_socket

FLAGSHIP = "2020年嘉定固定资产投资增长多少"
ANSWER = "2020年，嘉定区固定资产投资完成429.7亿元，同比增长18.3%。[1]"


@pytest.fixture
def client(service: Service) -> Iterator[Any]:
    with openai.OpenAI(base_url=service.openai_url, api_key="any", max_retries=0) as client:
        yield client


def user(*texts: str) -> list[dict[str, str]]:
    """A chat in which a person asked these, each answered but the last."""
    turns: list[dict[str, str]] = []
    for text in texts:
        turns += [{"role": "user", "content": text}, {"role": "assistant", "content": "…"}]
    return turns[:-1]


def test_models_are_one_for_each_generator_and_those_to_embed_and_rerank(client: Any) -> None:
    """The one to chat with is the first, as tools choose it; each can be looked up."""
    listed = list(client.models.list())
    names = [model.id for model in listed]
    assert names == ["wenju", "wenju-extractive", "wenju-passages", "wenju:sources", "wenju-embed", "wenju-rerank"]
    for model in listed:
        assert client.models.retrieve(model.id) == model
        assert (model.object, model.owned_by) == ("model", "wenju")
        assert model.created > 0
    with pytest.raises(openai.NotFoundError):
        client.models.retrieve("wenju-sing")


@pytest.mark.parametrize(("model", "route"), [("wenju-embed", "/v1/embeddings"), ("wenju-rerank", "/v1/rerank")])
def test_a_model_that_does_not_chat_says_where_it_goes(client: Any, model: str, route: str) -> None:
    """A tool may offer it for chatting all the same."""
    with pytest.raises(openai.BadRequestError, match=route) as refused:
        client.chat.completions.create(model=model, messages=user(FLAGSHIP))
    assert refused.value.param == "model"
    with pytest.raises(openai.BadRequestError, match=route):
        client.responses.create(model=model, input=FLAGSHIP)


def test_a_chat_message_carries_its_citation(client: Any, service: Service) -> None:
    """Text, annotation over the cited words, and an address that opens the passage; ids differ from call to call."""
    first, second = (client.chat.completions.create(model="wenju", messages=user(FLAGSHIP)) for _ in range(2))
    assert first.id != second.id
    (choice,) = first.choices
    assert (choice.message.role, choice.message.content, choice.finish_reason) == ("assistant", ANSWER, "stop")
    (note,) = choice.message.annotations
    place = note.url_citation
    assert choice.message.content[place.start_index : place.end_index] == ANSWER.removesuffix("。[1]")
    assert place.url.startswith(f"{service.url}/documents/")
    assert place.url.endswith("#hit")
    assert "嘉定区" in place.title
    assert first.usage.total_tokens == first.usage.prompt_tokens + first.usage.completion_tokens > 0
    assert first.object == "chat.completion"
    assert "固定资产投资完成429.7亿元,同比增长18.3%" in first.wenju["citations"][0]["quote"]


def test_a_stream_is_the_message_in_chunks(client: Any) -> None:
    """One head, role first, text, annotations, the reason at the end, then usage alone."""
    chunks = list(
        client.chat.completions.create(
            model="wenju", messages=user(FLAGSHIP), stream=True, stream_options={"include_usage": True}
        )
    )
    assert len({(c.id, c.created, c.model) for c in chunks}) == 1
    assert chunks[0].choices[0].delta.role == "assistant"
    assert "".join(c.choices[0].delta.content or "" for c in chunks if c.choices) == ANSWER
    notes = [n for c in chunks if c.choices for n in (c.choices[0].delta.model_extra or {}).get("annotations", [])]
    assert [n["type"] for n in notes] == ["url_citation"]
    assert [c.choices[0].finish_reason for c in chunks if c.choices][-1] == "stop"
    assert chunks[-1].choices == []
    assert chunks[-1].usage.total_tokens > 0
    assert all(c.usage is None for c in chunks[:-1])


def test_a_stream_without_usage_has_no_usage_chunk(client: Any) -> None:
    chunks = list(client.chat.completions.create(model="wenju", messages=user(FLAGSHIP), stream=True))
    assert all(chunk.choices for chunk in chunks)


def test_earlier_turns_fill_what_the_last_leaves_out(client: Any) -> None:
    """A follow-up is read with the questions before it."""
    reply = client.chat.completions.create(model="wenju", messages=user(FLAGSHIP, "那2024年呢"))
    assert "710亿元" in reply.choices[0].message.content
    assert reply.wenju["understood"]["carried"]


def test_a_refusal_shows_the_nearest_evidence(client: Any) -> None:
    reply = client.chat.completions.create(model="wenju", messages=user("2023年嘉定区固定资产投资增长多少？"))
    assert reply.wenju["abstained"]
    for note in reply.choices[0].message.annotations:
        place = note.url_citation
        assert (
            reply.wenju["nearest"][0]["text"] == reply.choices[0].message.content[place.start_index : place.end_index]
        )


def test_own_options_are_sent_as_extra_body(client: Any) -> None:
    """Filters and the day of 去年, and a Markdown list of sources, for tools that can say no more than that."""
    reply = client.chat.completions.create(
        model="wenju", messages=user("去年嘉定固定资产投资增长多少"),
        extra_body={"wenju": {"as_of": "2021-06-01", "filters": {"regions": ["嘉定区"]}, "sources": True}},
    )  # fmt: skip
    text = reply.choices[0].message.content
    assert text.startswith(ANSWER)
    assert "\n\n[1] [2021年嘉定区政府工作报告" in text
    assert f"]({reply.choices[0].message.annotations[0].url_citation.url})" in text


def test_events_of_open_webui_carry_the_passage(client: Any) -> None:
    chunks = list(
        client.chat.completions.create(
            model="wenju", messages=user(FLAGSHIP), stream=True, extra_body={"wenju": {"events": True}}
        )
    )
    (event,) = [c.model_extra["event"] for c in chunks if c.model_extra and "event" in c.model_extra]
    assert event["type"] == "source"
    assert "固定资产投资完成429.7亿元,同比增长18.3%" in event["data"]["document"][0]
    assert event["data"]["metadata"][0]["source"] == event["data"]["source"]["url"]


def test_passages_is_a_model_of_quotations(client: Any) -> None:
    reply = client.chat.completions.create(model="wenju-passages", messages=user(FLAGSHIP))
    quote = reply.wenju["citations"][0]["quote"]
    assert reply.choices[0].message.content == f"「{quote}」[1]"
    assert reply.wenju["generator"] == "passages"


BAD: dict[str, tuple[dict[str, Any], str, str]] = {
    "unknown model": ({"model": "gpt-4o"}, "NotFoundError", "model"),
    "two choices": ({"n": 2}, "BadRequestError", "n"),
    "no messages": ({"messages": []}, "BadRequestError", "messages"),
    "no user": ({"messages": [{"role": "system", "content": "x"}]}, "BadRequestError", "messages"),
    "empty question": ({"messages": [{"role": "user", "content": " "}]}, "BadRequestError", "messages"),
    "long question": ({"messages": [{"role": "user", "content": "问" * 1001}]}, "BadRequestError", "messages"),
    "a picture": (
        {"messages": [{"role": "user", "content": [{"type": "image_url", "image_url": {"url": "x"}}]}]},
        "BadRequestError", "messages",
    ),
    "typed output": ({"response_format": {"type": "grammar"}}, "BadRequestError", "response_format"),
    "unknown own option": ({"extra_body": {"wenju": {"filter": {}}}}, "BadRequestError", "wenju.filter"),
    "place not held": ({"extra_body": {"wenju": {"filters": {"regions": ["火星"]}}}}, "BadRequestError", "filters.regions"),
}  # fmt: skip


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize("case", BAD)
def test_bad_requests_raise_the_clients_own_errors(client: Any, case: str, stream: bool) -> None:
    """The envelope names the field; nothing of a stream has begun by then."""
    change, kind, param = BAD[case]
    with pytest.raises(getattr(openai, kind)) as raised:
        client.chat.completions.create(**{"model": "wenju", "messages": user(FLAGSHIP), "stream": stream, **change})
    assert raised.value.param == param
    assert raised.value.body["message"]
    assert raised.value.request_id.startswith("req_")


def test_keys_limits_and_retries(snapshot_folder: Path) -> None:
    """A wrong key is refused once; over the limit the client waits as long as it is told, and succeeds."""
    with serving(snapshot_folder, api_keys="right-key=ask", rate_per_minute="60") as service:
        with openai.OpenAI(base_url=service.openai_url, api_key="wrong-key") as wrong:
            with pytest.raises(openai.AuthenticationError) as refused:
                wrong.chat.completions.create(model="wenju", messages=user(FLAGSHIP))
            assert refused.value.code == "invalid_api_key"
            assert refused.value.response.headers["x-should-retry"] == "false"
        with openai.OpenAI(base_url=service.openai_url, api_key="right-key", max_retries=0) as hasty:
            with pytest.raises(openai.RateLimitError) as limited:
                for _ in range(100):
                    hasty.models.list()
            headers = limited.value.response.headers
            assert 0 < int(headers["retry-after-ms"]) <= 1000
            assert int(headers["retry-after"]) >= 1
        with openai.OpenAI(base_url=service.openai_url, api_key="right-key", max_retries=5) as patient:
            for _ in range(2):
                assert patient.chat.completions.create(model="wenju", messages=user(FLAGSHIP)).choices


def test_32_streams_at_once(service: Service) -> None:
    """Asynchronous clients, all at the same time: every one gets the whole answer, at once or when it is told to come again."""

    async def one(client: Any) -> str:
        stream = await client.chat.completions.create(model="wenju", messages=user(FLAGSHIP), stream=True)
        return "".join([c.choices[0].delta.content or "" async for c in stream if c.choices])

    async def all_of_them() -> list[str]:
        async with openai.AsyncOpenAI(base_url=service.openai_url, api_key="any", max_retries=20) as client:
            return await asyncio.gather(*(one(client) for _ in range(32)))

    assert asyncio.run(all_of_them()) == [ANSWER] * 32


def test_embeddings_in_both_forms(client: Any) -> None:
    """Base64, which the client asks for by itself, and plain numbers are the same vector of length 1."""
    texts = ["固定资产投资", "财政收入"]
    coded = client.embeddings.create(model="wenju-embed", input=texts)
    plain = client.embeddings.create(model="wenju-embed", input=texts, encoding_format="float")
    assert [each.index for each in coded.data] == [0, 1]
    assert coded.usage.prompt_tokens > 0
    for one, other in zip(coded.data, plain.data, strict=True):
        assert one.embedding == pytest.approx(other.embedding)
        assert sum(x * x for x in one.embedding) == pytest.approx(1, abs=1e-4)


def test_embeddings_can_be_shorter_but_not_longer(client: Any) -> None:
    short = client.embeddings.create(model="wenju-embed", input="固定资产投资", dimensions=64).data[0].embedding
    assert len(short) == 64
    assert sum(x * x for x in short) == pytest.approx(1, abs=1e-4)
    with pytest.raises(openai.BadRequestError) as refused:
        client.embeddings.create(model="wenju-embed", input="固定资产投资", dimensions=8192)
    assert refused.value.param == "dimensions"


@pytest.mark.parametrize("given", ["", [], [[]], ["", "x"], " "])
def test_embeddings_of_nothing_are_refused(client: Any, given: Any) -> None:
    with pytest.raises(openai.BadRequestError):
        client.embeddings.create(model="wenju-embed", input=given)


def test_a_response_is_a_search_and_a_message(client: Any) -> None:
    """Output items in order, flat annotations, results only where they are asked for."""
    response = client.responses.create(
        model="wenju", input=FLAGSHIP, include=["file_search_call.results"],
        tools=[{"type": "file_search", "vector_store_ids": ["wenju"],
                "filters": {"type": "and", "filters": [{"type": "eq", "key": "region", "value": "嘉定区"},
                                                       {"type": "gte", "key": "given", "value": "2021-01-01"}]}}],
    )  # fmt: skip
    search, message = response.output
    assert (search.type, search.status, message.type) == ("file_search_call", "completed", "message")
    assert response.output_text == ANSWER
    assert search.results[0].attributes["region"] == "嘉定区"
    assert 0 <= search.results[0].score <= 1
    link, file = message.content[0].annotations
    assert (link.type, file.type) == ("url_citation", "file_citation")
    assert ANSWER[link.start_index : link.end_index] == ANSWER.removesuffix("。[1]")
    assert file.filename == "004_606b8993a8cf2f09.txt"
    assert client.responses.create(model="wenju", input=FLAGSHIP).output[0].results is None


def test_a_response_is_streamed_as_events(client: Any) -> None:
    """Numbered without a gap, deltas joined are the text, and the client's own stream helper puts it together."""
    events = list(client.responses.create(model="wenju", input=FLAGSHIP, stream=True))
    assert [event.sequence_number for event in events] == list(range(len(events)))
    kinds = [event.type for event in events]
    assert kinds[:2] == ["response.created", "response.in_progress"]
    assert kinds[-1] == "response.completed"
    assert "response.file_search_call.searching" in kinds
    assert "response.output_text.annotation.added" in kinds
    assert "".join(e.delta for e in events if e.type == "response.output_text.delta") == ANSWER
    with client.responses.stream(model="wenju", input=FLAGSHIP) as stream:
        stream.until_done()
        assert stream.get_final_response().output_text == ANSWER


def test_a_conversation_as_response_input(client: Any) -> None:
    items = [{"type": "message", **turn} for turn in user(FLAGSHIP, "那2024年呢")]
    assert "710亿元" in client.responses.create(model="wenju", input=items).output_text


@pytest.mark.parametrize(
    ("change", "param"),
    [
        ({"previous_response_id": "resp_1"}, "previous_response_id"),
        ({"tools": [{"type": "file_search", "filters": {"type": "eq", "key": "color", "value": 1}}]}, "metadata_condition"),
        ({"tools": [{"type": "file_search", "filters": {"type": "nand"}}]}, "filters"),
        ({"tools": [{"type": "file_search", "filters": {"type": "eq", "key": "region", "value": "火星"}}]}, "tools.filters"),
    ],
)  # fmt: skip
def test_a_bad_response_request_names_its_field(client: Any, change: dict[str, Any], param: str) -> None:
    with pytest.raises(openai.BadRequestError) as refused:
        client.responses.create(model="wenju", input=FLAGSHIP, **change)
    assert refused.value.param == param
