"""What holds for every route: errors, limits, health, the schema, and what is opened being closed."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from httpx import Response
from litestar import Litestar
from litestar.testing import TestClient

from api.app import create_app
from api.native.schemas import AnswerOut
from api.shared.work import MAX_WORKERS
from index.errors import SnapshotError
from rag.types import Answer, Question
from tests.api.fakes import BARE, DOCUMENT, TEXT, FakePipeline, FakeSettings

Client = TestClient[Litestar]


def assert_problem(response: Response, status: int) -> dict[str, object]:
    """RFC 9457: the media type, and a body that repeats the status."""
    assert response.status_code == status
    assert response.headers["content-type"].startswith("application/problem+json")
    body: dict[str, object] = response.json()
    assert body["status"] == status
    assert isinstance(body["title"], str)
    assert isinstance(body["detail"], str)
    assert body["type"] == "about:blank"
    return body


@pytest.mark.parametrize(
    "path",
    ["/nope", "/v1/nope", "/v1/documents/nope", "/documents/nope", "/web/nope.js", "/web/..%2Fapp.py", "/schema/nope"],
)
def test_what_is_not_there_is_a_404(client: Client, path: str) -> None:
    assert_problem(client.get(path), 404)


def test_unknown_document_is_named(client: Client) -> None:
    assert "'nope'" in str(assert_problem(client.get("/v1/documents/nope"), 404)["detail"])


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/v1/ask"), ("PUT", "/v1/ask"), ("GET", "/v1/search"), ("POST", "/health/live"),
     ("PUT", f"/v1/documents/{DOCUMENT.id}")],
)  # fmt: skip
def test_wrong_method_is_a_405_that_names_the_right_one(client: Client, method: str, path: str) -> None:
    response = client.request(method, path)
    assert_problem(response, 405)
    assert response.headers["allow"]


def test_large_body_is_a_413(client: Client) -> None:
    """The limit holds for the announced length."""
    limit = FakeSettings().max_body_bytes
    assert_problem(client.post("/v1/ask", content=b" " * (limit + 1)), 413)


def test_large_body_without_a_length_is_a_413(client: Client) -> None:
    """And for what really arrives, piece by piece."""

    def pieces() -> Iterator[bytes]:
        for _ in range(6):
            yield b" " * 1000

    assert_problem(client.post("/v1/ask", content=pieces()), 413)


def test_a_defect_tells_the_client_nothing_of_the_inside(client: Client) -> None:
    response = client.post("/v1/ask", json={"question": "故障"})
    assert_problem(response, 500)
    assert "secret" not in response.text
    assert "Traceback" not in response.text


def test_a_stream_that_breaks_says_so(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """After the first event there is no status to send, so the last event is ``error``."""

    def break_down(self: AnswerOut) -> str:
        raise RuntimeError("a secret of the inside")

    monkeypatch.setattr(AnswerOut, "model_dump_json", break_down)
    text = client.post("/v1/ask", json={"question": "嘉定", "stream": True}).text
    assert "event: done" not in text
    assert "event: error" in text
    assert "secret" not in text


def test_health_names_the_snapshot(client: Client) -> None:
    assert client.get("/health/live").json() == {"status": "live"}
    assert client.get("/health/ready").json() == {"status": "ready", "snapshot": "snap-fake"}


def test_not_ready_without_a_snapshot(client: Client) -> None:
    """Alive and ready are different things."""
    pipeline = client.app.state.pipeline
    del client.app.state.pipeline
    try:
        assert_problem(client.get("/health/ready"), 503)
        assert_problem(client.post("/v1/ask", json={"question": "嘉定"}), 503)
        assert client.get("/health/live").status_code == 200
    finally:
        client.app.state.pipeline = pipeline


def test_the_snapshot_is_closed_at_the_end() -> None:
    pipeline = FakePipeline()
    with TestClient(create_app(FakeSettings(), lambda: pipeline)):
        assert not pipeline.snapshot.closed
    assert pipeline.snapshot.closed


def test_a_snapshot_that_goes_bad_is_a_503(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """The error table maps our errors wherever they come from."""

    def refuse(*_: object) -> None:
        raise SnapshotError("the index was built with another lexicon; run: wenju ingest data/reports")

    monkeypatch.setattr(FakePipeline, "answer", refuse)
    assert "wenju ingest" in str(assert_problem(client.post("/v1/ask", json={"question": "嘉定"}), 503)["detail"])


@pytest.mark.parametrize("path", ["/schema", "/schema/openapi.json"])
def test_openapi_is_plain_json(client: Client, path: str) -> None:
    """No documentation page, which would load scripts from elsewhere."""
    body = client.get(path).json()
    assert body["openapi"].startswith("3.")
    assert {"/v1/ask", "/v1/search", "/v1/coverage", "/v1/documents", "/health/ready"} <= set(body["paths"])
    responses = body["paths"]["/v1/ask"]["post"]["responses"]
    assert responses["200"]["content"]["application/json"]["schema"] == {"$ref": "#/components/schemas/AnswerOut"}
    for status in ("400", "413", "422", "503"):
        schema = responses[status]["content"]["application/problem+json"]["schema"]
        assert schema == {"$ref": "#/components/schemas/ProblemOut"}


def test_documents_are_listed_with_their_periods(client: Client) -> None:
    body = client.get("/v1/documents").json()
    first, second = body["documents"]
    assert body["snapshot"] == "snap-fake"
    assert (first["id"], first["document"], first["region"]) == (DOCUMENT.id, "reports/jiading.txt", "嘉定区")
    assert (first["period"], first["review"], first["plan"], first["given"]) == ("2020", "2020", "2021", "2021-01-12")
    assert first["contradictions"]
    assert (second["id"], second["region"], second["period"], second["given"]) == (BARE.id, None, None, None)


def test_a_document_has_its_sections_and_its_exact_text(client: Client) -> None:
    body = client.get(f"/v1/documents/{DOCUMENT.id}").json()
    assert body["text"] == TEXT[body["start"] : body["end"]]
    assert [each["status"] for each in body["sections"]] == ["actual", "actual", "target"]
    assert body["sections"][1]["heading"] == ["一、2020年工作回顾"]
    assert body["sections"][1]["period"] == "2020"
    assert body["text"].startswith("2021年嘉定区")


def test_coverage_is_passed_on(client: Client) -> None:
    assert client.get("/v1/coverage").json() == {"regions": {"嘉定区": ["2020", "2021"]}}


def test_probes_do_not_wait_behind_questions(
    client: Client, pipeline: FakePipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    """More slow questions than threads: the loop stays free, and no more of them run than there are threads."""
    release, started = threading.Event(), threading.Semaphore(0)
    answer = pipeline.answer

    def slow(question: Question) -> Answer:
        started.release()
        assert release.wait(30)
        return answer(question)

    monkeypatch.setattr(pipeline, "answer", slow)
    asking = MAX_WORKERS + 2
    with ThreadPoolExecutor(asking) as pool:
        answers = [pool.submit(client.post, "/v1/ask", json={"question": "嘉定"}) for _ in range(asking)]
        try:
            for _ in range(MAX_WORKERS):
                assert started.acquire(timeout=30)
            assert client.get("/health/ready").status_code == 200
            assert not started.acquire(timeout=0.2)
        finally:
            release.set()
        assert {each.result().status_code for each in answers} == {200}


@pytest.mark.parametrize(
    "path", ["/v1/coverage", "/v1/models", "/no/such/route", "/health/live", "/v1/documents/none", "/"]
)
def test_the_id_of_a_request_is_kept(client: Client, path: str) -> None:
    """Or given, where none came or one that cannot stand in a line."""
    assert client.get(path, headers={"X-Request-ID": "mine-1"}).headers["x-request-id"] == "mine-1"
    for wrong in (None, "two words", "x" * 200):
        headers = {"X-Request-ID": wrong} if wrong else {}
        assert client.get(path, headers=headers).headers.get_list("x-request-id")[0].startswith("req_")


def test_words_that_are_no_methods_are_counted_as_one(client: Client) -> None:
    """Each count is kept as long as the process lives: what a client makes up must not make more of them."""
    for number in range(3):
        assert client.request(f"BREW{number}", "/v1/ask").status_code == 405
    told = client.get("/metrics").text
    assert "BREW" not in told
    assert 'wenju_requests_total{method="other",route="unknown",status="405"} 3.0' in told


def test_unknown_paths_and_outcomes_are_counted(client: Client) -> None:
    client.get("/no/such/route")
    for question in ("嘉定", "别处", "别处"):
        client.post("/v1/ask", json={"question": question})
    told = client.get("/metrics").text
    assert 'wenju_requests_total{method="GET",route="unknown",status="404"} 1.0' in told
    assert 'wenju_answers_total{generator="extractive",outcome="answered",reason=""} 1.0' in told
    assert 'wenju_answers_total{generator="extractive",outcome="refused",reason="period_missing"} 2.0' in told
    assert 'wenju_lane{lane="answering",state="waiting"} 0.0' in told
    assert 'wenju_snapshot_info{snapshot="snap-fake"} 1.0' in told
