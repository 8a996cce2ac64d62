"""Chat completions over the small pipeline: prompts of the chat tools themselves, streams that break, hostile titles."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from litestar import Litestar
from litestar.testing import TestClient

from api.app import create_app
from api.openai.marks import Marks, answer_behind
from rag.types import Answer, Question, Understood
from tests.api.fakes import QUOTE, FakePipeline, FakeSettings

Client = TestClient[Litestar]

HISTORY = "<chat_history>\nUSER: 2020年嘉定固定资产投资增长多少?\nASSISTANT: 18.3%\n</chat_history>"

TITLE = f"""### Task:
Generate a concise, 3-5 word title with an emoji summarizing the chat history.
### Guidelines:
- Your entire response must consist solely of the JSON object, without any introductory or concluding text.
### Output:
JSON format: {{ "title": "your concise title here" }}
### Chat History:
{HISTORY}"""
TAGS = f"""### Task:
Generate 1-3 broad tags categorizing the main themes of the chat history, along with 1-3 more specific subtopic tags.
### Output:
JSON format: {{ "tags": ["tag1", "tag2", "tag3"] }}
### Chat History:
{HISTORY}"""
FOLLOW_UPS = f"""### Task:
Suggest 3-5 relevant follow-up questions or prompts that the user might naturally ask next in this conversation.
### Output:
JSON format: {{ "follow_ups": ["Question 1?", "Question 2?", "Question 3?"] }}
### Chat History:
{HISTORY}"""
QUERIES = f"""### Task:
Analyze the chat history to determine the necessity of generating search queries, in the given language.
### Output:
Strictly return in JSON format:
{{
  "queries": ["query1", "query2"]
}}
### Chat History:
{HISTORY}"""
COMPLETION = (
    "### Task:\nYou are an autocompletion system. Continue the text in <text> based on the **completion type**."
)
TOOLS = 'Available Tools: []\n\nYour task is to choose the correct tool. Return {"tool_calls": []}'


def chat(client: Client, *messages: tuple[str, str], **options: object) -> dict[str, Any]:
    body = {"model": "wenju", "messages": [{"role": role, "content": text} for role, text in messages], **options}
    response = client.post("/v1/chat/completions", json=body)
    assert response.status_code == 200, response.text
    found: dict[str, Any] = response.json()
    return found


def content(reply: dict[str, Any]) -> str:
    text: str = reply["choices"][0]["message"]["content"]
    return text


TASKS: dict[str, tuple[tuple[tuple[str, str], ...], object]] = {
    "title": ((("user", TITLE),), {"title": "2020年嘉定固定资产投资增长多少"}),
    "tags": ((("user", TAGS),), {"tags": ["政府工作报告", "2020"]}),
    "follow-ups": ((("user", FOLLOW_UPS),), {"follow_ups": ["2019年呢？", "2021年的目标是多少？"]}),
    "queries": ((("user", QUERIES),), {"queries": []}),
    "autocompletion": ((("user", COMPLETION),), {"text": ""}),
    "tool choice": ((("user", TOOLS),), {"tool_calls": []}),
    "LibreChat's title": (
        (("user", "2020年嘉定"), ("assistant", "…"),
         ("user", "Provide a concise, 5-word-or-less title for the conversation, using its same language.")),
        "2020年嘉定",
    ),
    "NextChat's title": (
        (("user", "2020年嘉定"), ("assistant", "…"), ("user", "使用四到五个字直接返回这句话的简要主题，不要解释")), "2020年嘉定"
    ),
    "LobeChat's title": (
        (("system", "你是一名擅长会话的助理，你需要将用户的会话总结为 10 个字以内的标题"), ("user", "2020年嘉定")), "2020年嘉定"
    ),
    "LangChain's condensing": (
        (("user", "Given the following conversation and a follow up question, rephrase the follow up question to be a "
          "standalone question.\n\nChat History:\nHuman: x\nFollow Up Input: 那2019年呢?\nStandalone question:"),),
        "那2019年呢?",
    ),
}  # fmt: skip


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize("case", TASKS)
def test_prompts_of_chat_tools_are_answered_without_retrieval(
    client: Client, pipeline: FakePipeline, case: str, stream: bool
) -> None:
    """A sensible reply in the asked form, and no question is asked of the reports."""
    messages, expected = TASKS[case]
    if stream:
        chunks = read_chunks(client, *messages)
        text = "".join(c["choices"][0]["delta"].get("content", "") for c in chunks)
    else:
        text = content(chat(client, *messages))
    assert (text if isinstance(expected, str) else json.loads(text)) == expected
    assert pipeline.questions == []


@pytest.mark.parametrize(
    "question",
    [
        "2020年嘉定区的标题党治理做了什么",
        "嘉定 ### Task: 固定资产投资",
        "给嘉定的固定资产投资生成一个标题",
        'What is the "title" of the 嘉定 report?',
    ],
)
def test_a_persons_question_is_never_taken_for_one(client: Client, pipeline: FakePipeline, question: str) -> None:
    chat(client, ("user", question))
    assert [q.text for q in pipeline.questions] == [question]


def read_chunks(client: Client, *messages: tuple[str, str], **options: object) -> list[dict[str, Any]]:
    body = {
        "model": "wenju", "messages": [{"role": r, "content": t} for r, t in messages], "stream": True, **options
    }  # fmt: skip
    response = client.post("/v1/chat/completions", json=body)
    assert response.headers["content-type"].startswith("text/event-stream")
    assert response.headers["x-accel-buffering"] == "no"
    lines = [line.removeprefix("data: ") for line in response.text.split("\n\n") if line]
    assert lines[-1] == "[DONE]" or "error" in json.loads(lines[-1])
    return [json.loads(line) for line in lines if line != "[DONE]"]


def test_only_user_turns_are_history(client: Client, pipeline: FakePipeline) -> None:
    """What the assistant said, and what was pasted at length, is nothing to carry a place or a year over from."""
    chat(
        client, ("system", "你是助手"), ("user", "嘉定2019"), ("assistant", "青浦"), ("user", "长" * 1001), ("user", "  那2020年呢 "),
        wenju={"as_of": "2021-02-03", "top_k": 3, "filters": {"years": [2020]}},
    )  # fmt: skip
    (question,) = pipeline.questions
    assert (question.text, question.history) == ("那2020年呢", ("嘉定2019",))
    assert (question.asked_on.isoformat(), question.top_k, question.filters.years) == ("2021-02-03", 3, (2020,))


def test_parts_of_a_message_are_one_text(client: Client, pipeline: FakePipeline) -> None:
    body = {"model": "wenju", "messages": [{"role": "user", "content": [{"type": "text", "text": "嘉定"}]}]}
    assert client.post("/v1/chat/completions", json=body).status_code == 200
    assert pipeline.questions[0].text == "嘉定"


def test_options_that_mean_nothing_here_are_ignored(client: Client) -> None:
    """Clients send them always."""
    reply = chat(
        client, ("user", "嘉定"), temperature=0.7, top_p=1, max_tokens=500, user="u", seed=1, stop=["x"], tools=[], logprobs=False,
        frequency_penalty=0, stream_options=None, n=1, metadata={"a": "b"},
    )  # fmt: skip
    assert "18.3%" in content(reply)


def test_a_stream_that_breaks_ends_with_an_error_object(
    client: Client, pipeline: FakePipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not with text that looks like an answer, and without a word of the inside."""

    def breaking(question: Question) -> Iterator[Understood | str | Answer]:
        yield from ("2020年，", "嘉定区")
        raise RuntimeError("a secret of the inside")

    monkeypatch.setattr(pipeline, "stream", breaking)
    chunks = read_chunks(client, ("user", "嘉定"))
    assert [c["choices"][0]["delta"].get("content") for c in chunks[:-1]] == ["", "2020年，", "嘉定区"]
    assert chunks[-1]["error"]["type"] == "server_error"
    assert "secret" not in json.dumps(chunks)
    body = {"model": "wenju", "input": "嘉定", "stream": True}
    events = client.post("/v1/responses", json=body).text
    assert "response.failed" in events
    assert "response.completed" not in events
    assert "secret" not in events


def test_a_defect_is_an_error_that_is_not_to_be_tried_again(client: Client) -> None:
    response = client.post(
        "/v1/chat/completions", json={"model": "wenju", "messages": [{"role": "user", "content": "故障"}]}
    )
    assert response.status_code == 500
    assert response.json()["error"]["type"] == "server_error"
    assert response.headers["x-should-retry"] == "false"
    assert "secret" not in response.text


def test_not_ready_is_to_be_tried_again(client: Client) -> None:
    pipeline = client.app.state.pipeline
    del client.app.state.pipeline
    try:
        response = client.post(
            "/v1/chat/completions", json={"model": "wenju", "messages": [{"role": "user", "content": "嘉定"}]}
        )
    finally:
        client.app.state.pipeline = pipeline
    assert response.status_code == 503
    assert (response.headers["x-should-retry"], response.headers["retry-after"]) == ("true", "1")


def test_sources_and_events_can_be_settings() -> None:
    """A chat tool can seldom be taught to send a field of ours."""
    settings = FakeSettings(chat_events=True, chat_sources=True, public_url="https://reports.example/wenju/")
    with TestClient(create_app(settings, FakePipeline)) as client:
        chunks = read_chunks(client, ("user", "嘉定"))
        (event,) = [c["event"] for c in chunks if "event" in c]
        assert event["data"]["document"] == [QUOTE]
        assert event["data"]["source"]["url"].startswith("https://reports.example/wenju/documents/d-jiading?start=")
        text = "".join(c["choices"][0]["delta"].get("content", "") for c in chunks if c["choices"])
        assert (
            "\n\n[1] [2021年嘉定区政府工作报告 › 一、2020年工作回顾](https://reports.example/wenju/documents/" in text
        )
        off = read_chunks(client, ("user", "嘉定"), wenju={"events": False, "sources": False})
        assert not [c for c in off if "event" in c]


def test_marks_stand_behind_the_sources_that_came_with_the_question() -> None:
    """Open WebUI's own sources, an attached file, come first on its page: [1] would be shown as that file."""
    given = "".join(f'<source id="{n}" name="a.txt">x [1]</source>\n' for n in (1, 2, 1))
    message = ("user", f'Cite as [id], e.g. <source id="1">.\n<context>\n{given}</context>\n嘉定')
    with TestClient(create_app(FakeSettings(chat_events=True), FakePipeline)) as client:
        plain = read_chunks(client, ("user", "嘉定"))
        chunks = read_chunks(client, message)
        whole = chat(client, message)
        off = read_chunks(client, message, wenju={"events": False})
    text, told, other = (
        "".join(c["choices"][0]["delta"].get("content", "") for c in each if c["choices"])
        for each in (chunks, plain, off)
    )
    assert "[1]" in told == other
    assert text == told.replace("[1]", "[3]") == content(whole)
    assert chunks[-1]["wenju"]["answer"] == told, "the whole answer is what /v1/ask gives"
    assert [c["event"] for c in chunks if "event" in c] == [c["event"] for c in plain if "event" in c]


@pytest.mark.parametrize("size", [1, 2, 3, 100])
def test_marks_that_are_cut_by_a_stream_are_numbered_too(size: int) -> None:
    """And what a citation supports is the same words, also where a mark becomes longer."""
    text = "增长[1]；下降[2]，[注]共[1][2。末[1"
    marks = Marks(9)
    told = "".join(marks.feed(text[at : at + size]) for at in range(0, len(text), size)) + marks.close()
    assert told == "增长[10]；下降[11]，[注]共[10][2。末[1"
    answer = FakePipeline().answer(Question("嘉定", dt.date(2021, 1, 1)))
    cited = replace(answer.citations[0], answer_spans=((0, 2), (6, 8), (12, 16)))
    moved = answer_behind(replace(answer, answer=text, citations=(cited,)), 9)
    assert (moved.answer, moved.citations[0].n) == (told, 10)
    spans = zip(cited.answer_spans, moved.citations[0].answer_spans, strict=True)
    assert all(text[a:b].replace("[1]", "[10]") == told[c:d] for (a, b), (c, d) in spans)


def test_the_title_of_a_report_cannot_write_markdown(monkeypatch: pytest.MonkeyPatch) -> None:
    """A link that a report's own title would make is none."""
    pipeline = FakePipeline()
    plain = pipeline.answer(Question("嘉定", dt.date(2021, 1, 1)))
    cited = replace(plain.citations[0], title="x](http://evil.example)[y", heading=())
    monkeypatch.setattr(pipeline, "stream", lambda _: iter([replace(plain, citations=(cited,))]))
    with TestClient(create_app(FakeSettings(chat_sources=True), lambda: pipeline)) as client:
        text = content(chat(client, ("user", "嘉定")))
    assert "x\\]\\(http://evil.example\\)\\[y" in text
