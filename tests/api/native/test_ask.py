"""``POST /v1/ask`` and ``POST /v1/search``: shapes, options, and what is refused."""

from __future__ import annotations

import datetime as dt
import json

import pytest
from litestar import Litestar
from litestar.testing import TestClient

from tests.api.fakes import QUOTE, TARGET, TEXT, FakePipeline

Client = TestClient[Litestar]

ANSWER_FIELDS = {
    "id", "question", "understood", "answer", "abstained", "reason", "values", "citations", "nearest", "conflicts",
    "support", "generator", "snapshot", "notes", "usage", "timings_ms",
}  # fmt: skip


def test_answer_has_the_shape_of_the_contract(client: Client) -> None:
    """Every name of the contract is there, with its type."""
    body = client.post("/v1/ask", json={"question": "2020年嘉定固定资产投资增长多少"}).json()
    assert set(body) == ANSWER_FIELDS
    assert set(body["understood"]) == {"text", "kind", "indicators", "regions", "periods", "status", "carried"}
    assert body["usage"] == {"prompt_tokens": 3, "completion_tokens": 4, "total_tokens": 7}
    assert body["reason"] is None
    assert body["values"][0] == {
        "indicator": "固定资产投资", "region": "嘉定区", "period": "2020", "value": "18.3", "unit": "%",
        "measure": "growth", "status": "actual", "citation": 1,
        "derived": {"formula": "429.7 − 363.3", "operands": [{"value": "429.7", "unit": "亿元", "citation": 1}]},
    }  # fmt: skip
    (citation,) = body["citations"]
    assert set(citation) == {
        "n", "document_id", "document", "title", "region", "period", "heading", "quote", "start", "end", "sha256",
        "url", "answer_spans",
    }  # fmt: skip
    assert citation["quote"] == TEXT[citation["start"] : citation["end"]] == QUOTE
    assert citation["answer_spans"] == [[0, len(body["answer"]) - 3]]


def test_abstention_is_a_success_with_its_reason_and_nearest_evidence(client: Client) -> None:
    """A refusal is an answer: 200, a reason, and a citation with ``text`` of what is stated instead."""
    response = client.post("/v1/ask", json={"question": "今天天气如何"})
    body = response.json()
    assert response.status_code == 200
    assert (body["abstained"], body["reason"], body["citations"]) == (True, "period_missing", [])
    (nearest,) = body["nearest"]
    assert nearest["quote"] == TARGET
    assert nearest["text"] == "2021年的目标：增长6%左右"
    assert nearest["period"] is None


def test_options_reach_the_pipeline(client: Client, pipeline: FakePipeline) -> None:
    """Each request field becomes its field of the question; the text is stripped."""
    client.post(
        "/v1/ask",
        json={
            "question": "  嘉定\n", "history": ["2019年呢"], "as_of": "2021-02-03", "top_k": 50, "language": "zh-Hant",
            "filters": {"regions": ["嘉定区"], "years": [2020], "documents": ["a.txt"]},
        },
    )  # fmt: skip
    (question,) = pipeline.questions
    assert (question.text, question.history, question.asked_on) == ("嘉定", ("2019年呢",), dt.date(2021, 2, 3))
    assert (question.top_k, question.language) == (50, "zh-Hant")
    assert (question.filters.regions, question.filters.years) == (("嘉定区",), (2020,))
    assert question.filters.documents == ("a.txt",)


def test_null_options_and_unknown_fields_change_nothing(client: Client, pipeline: FakePipeline) -> None:
    """Clients send ``null`` for what was left out, and newer ones send fields that this service does not know."""
    nulls = dict.fromkeys(["history", "as_of", "filters", "top_k", "generator", "language", "explain", "stream"])
    assert client.post("/v1/ask", json={"question": "嘉定", **nulls, "newer": 1}).status_code == 200
    client.post("/v1/ask", json={"question": "嘉定"})
    assert pipeline.questions[0] == pipeline.questions[1]


def test_same_question_gives_the_same_bytes(client: Client) -> None:
    """Timings would differ from run to run, so they come with ``explain`` only."""
    first, second = (client.post("/v1/ask", json={"question": "嘉定"}).content for _ in range(2))
    assert first == second
    assert json.loads(first)["timings_ms"] == {}


def test_explain_adds_the_trace_and_the_timings(client: Client) -> None:
    body = client.post("/v1/ask", json={"question": "嘉定", "explain": True}).json()
    assert body["trace"] == {"hits": 3}
    assert body["timings_ms"] == {"retrieve": 1.5}


def test_a_filter_that_matches_nothing_is_reported(client: Client) -> None:
    body = client.post("/v1/ask", json={"question": "嘉定", "filters": {"regions": ["火星"]}}).json()
    assert body["notes"] == ["没有这个区"]


def read_events(text: str) -> list[tuple[str, dict[str, object]]]:
    """Parse server-sent events as a browser does: blank line between, ``event:`` and ``data:`` lines."""
    found = []
    for block in text.replace("\r\n", "\n").strip().split("\n\n"):
        fields = dict(line.split(": ", 1) for line in block.split("\n"))
        found.append((fields["event"], json.loads(fields["data"])))
    return found


@pytest.mark.parametrize("question", ["嘉定", "今天天气如何"])
def test_stream_ends_with_the_plain_answer(client: Client, question: str) -> None:
    """Events come in order, the deltas joined are the answer, and ``done`` is what a plain request returns."""
    plain = client.post("/v1/ask", json={"question": question}).json()
    response = client.post("/v1/ask", json={"question": question, "stream": True})
    assert response.headers["content-type"].startswith("text/event-stream")
    events = read_events(response.text)
    names = [name for name, _ in events]
    assert names == sorted(names, key=["understood", "delta", "citation", "done"].index)
    assert names[0] == "understood"
    assert names.count("done") == 1
    assert events[-1] == ("done", plain)
    assert "".join(str(data["text"]) for name, data in events if name == "delta") == plain["answer"]
    assert [data for name, data in events if name == "citation"] == plain["citations"]


def test_stream_refuses_bad_input_before_it_starts(client: Client) -> None:
    response = client.post("/v1/ask", json={"question": "嘉定", "stream": True, "generator": "nobody"})
    assert response.status_code == 422
    assert response.json()["errors"][0]["field"] == "generator"


LONG = "长" * 1001

BAD_ASKS: dict[str, tuple[dict[str, object], str]] = {
    "no question": ({}, "question"),
    "null question": ({"question": None}, "question"),
    "empty question": ({"question": ""}, "question"),
    "blank question": ({"question": " \u3000\n"}, "question"),
    "long question": ({"question": LONG}, "question"),
    "number as question": ({"question": 2020}, "question"),
    "list as question": ({"question": ["嘉定"]}, "question"),
    "history not a list": ({"history": "嘉定"}, "history"),
    "number in history": ({"history": ["嘉定", 1]}, "history.1"),
    "empty turn in history": ({"history": [""]}, "history.0"),
    "long turn in history": ({"history": [LONG]}, "history.0"),
    "history of 21": ({"history": ["嘉定"] * 21}, "history"),
    "impossible date": ({"as_of": "2021-02-30"}, "as_of"),
    "date in words": ({"as_of": "今天"}, "as_of"),
    "date with time": ({"as_of": "2021-02-03T00:00:00"}, "as_of"),
    "compact date": ({"as_of": "20210203"}, "as_of"),
    "number as date": ({"as_of": 1612310400}, "as_of"),
    "filters not an object": ({"filters": ["嘉定区"]}, "filters"),
    "unknown filter": ({"filters": {"region": ["嘉定区"]}}, "filters.region"),
    "regions not a list": ({"filters": {"regions": "嘉定区"}}, "filters.regions"),
    "empty region": ({"filters": {"regions": [""]}}, "filters.regions.0"),
    "year as text": ({"filters": {"years": ["2020"]}}, "filters.years.0"),
    "year out of range": ({"filters": {"years": [20]}}, "filters.years.0"),
    "fractional year": ({"filters": {"years": [2020.5]}}, "filters.years.0"),
    "number as document": ({"filters": {"documents": [1]}}, "filters.documents.0"),
    "top_k of zero": ({"top_k": 0}, "top_k"),
    "top_k of 51": ({"top_k": 51}, "top_k"),
    "top_k as text": ({"top_k": "5"}, "top_k"),
    "top_k as truth": ({"top_k": True}, "top_k"),
    "huge top_k": ({"top_k": 10**30}, "top_k"),
    "unknown generator": ({"generator": "nobody"}, "generator"),
    "number as generator": ({"generator": 1}, "generator"),
    "unknown language": ({"language": "fr"}, "language"),
    "explain as text": ({"explain": "yes"}, "explain"),
    "stream as number": ({"stream": 1}, "stream"),
}


@pytest.mark.parametrize(("body", "field"), BAD_ASKS.values(), ids=BAD_ASKS)
def test_bad_input_names_the_field(client: Client, body: dict[str, object], field: str) -> None:
    """422, and the first error's field is the one to mend."""
    response = client.post("/v1/ask", json={"question": "嘉定", **body} if body else {})
    assert response.status_code == 422, response.text
    assert response.headers["content-type"].startswith("application/problem+json")
    problem = response.json()
    assert problem["errors"][0]["field"] == field
    assert problem["errors"][0]["message"]
    assert field in problem["detail"] or problem["detail"] == problem["errors"][0]["message"]


def test_every_bad_field_is_named_at_once(client: Client) -> None:
    errors = client.post("/v1/ask", json={"question": "", "top_k": 0, "language": "fr"}).json()["errors"]
    assert [each["field"] for each in errors] == ["question", "top_k", "language"]


BAD_BODIES: dict[str, tuple[bytes, int]] = {
    "empty": (b"", 422),
    "cut off": (b'{"question": ', 400),
    "not JSON": (b"question=1", 400),
    "not UTF-8": (b'{"question": "\xff\xfe"}', 400),
    "lone surrogate": (b'{"question": "\\ud800"}', 400),
    "a list": (b"[1]", 422),
    "a string": ('"嘉定"'.encode(), 422),
    "null": (b"null", 422),
    "deeply nested": (b'{"question": ' + b"[" * 2000 + b"]" * 2000 + b"}", 400),
}


@pytest.mark.parametrize(("content", "status"), BAD_BODIES.values(), ids=BAD_BODIES)
@pytest.mark.parametrize("path", ["/v1/ask", "/v1/search"])
def test_a_body_that_is_no_json_object_is_refused(client: Client, path: str, content: bytes, status: int) -> None:
    response = client.post(path, content=content, headers={"Content-Type": "application/json"})
    assert response.status_code == status, response.text
    assert response.json()["status"] == status


def test_search_shows_every_signal(client: Client) -> None:
    body = client.post("/v1/search", json={"query": "嘉定", "as_of": "2021-01-01"}).json()
    (hit,) = body["hits"]
    assert set(hit) == {
        "chunk_id", "document", "document_id", "title", "region", "period", "heading", "text", "start", "end", "score",
        "signals", "url",
    }  # fmt: skip
    assert hit["signals"] == {"dense": 0.4, "sparse": 3.0}
    assert body["notes"] == ["as of 2021-01-01"]
    assert body["snapshot"] == "snap-fake"


def test_search_takes_the_body_of_an_ask(client: Client) -> None:
    assert client.post("/v1/search", json={"question": "嘉定"}).json()["understood"]["text"] == "嘉定"


BAD_SEARCHES: dict[str, tuple[dict[str, object], str]] = {
    "no query": ({}, "query"),
    "blank query": ({"query": " "}, "query"),
    "long query": ({"query": LONG}, "query"),
    "number as query": ({"query": 1}, "query"),
    "top_k of 51": ({"query": "嘉定", "top_k": 51}, "top_k"),
    "bad date": ({"query": "嘉定", "as_of": "2021"}, "as_of"),
    "unknown filter": ({"query": "嘉定", "filters": {"year": [2020]}}, "filters.year"),
}


@pytest.mark.parametrize(("body", "field"), BAD_SEARCHES.values(), ids=BAD_SEARCHES)
def test_bad_search_names_the_field(client: Client, body: dict[str, object], field: str) -> None:
    response = client.post("/v1/search", json=body)
    assert response.status_code == 422
    assert response.json()["errors"][0]["field"] == field
