"""The service over the real reports: what a user meets, from the question to the highlighted sentence."""

from __future__ import annotations

import hashlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from litestar import Litestar
from litestar.testing import TestClient

from api.app import create_app
from index.store.embedding import BUILT_IN_MODEL
from rag.opening import open_pipeline
from tests.api.fakes import FakeSettings
from tests.api.native.test_ask import ANSWER_FIELDS, read_events
from tests.api.web.test_pages import Page

ROOT = Path(__file__).parents[2]
REPORTS = ROOT / "data" / "reports"
FLAGSHIP = "2020年嘉定固定资产投资增长多少"

Client = TestClient[Litestar]


@pytest.fixture(scope="module")
def real(snapshot_folder: Path) -> Iterator[Client]:
    app = create_app(FakeSettings(), lambda: open_pipeline(snapshot_folder, str(BUILT_IN_MODEL)))
    with TestClient(app) as client:
        yield client


def ask(client: Client, question: str, **options: object) -> dict[str, Any]:
    response = client.post("/v1/ask", json={"question": question, **options})
    assert response.status_code == 200, response.text
    body: dict[str, Any] = response.json()
    return body


def assert_verbatim(citation: dict[str, Any]) -> None:
    """Promise 1: the quotation is the unmodified file's text at its place, and the hash is that file's."""
    data = (REPORTS / citation["document"]).read_bytes()
    assert hashlib.sha256(data).hexdigest() == citation["sha256"]
    assert data.decode("utf-8")[citation["start"] : citation["end"]] == citation["quote"]


def test_flagship_question(real: Client) -> None:
    """The figure, its growth, and the sentence of the 2021 report that says so."""
    body = ask(real, FLAGSHIP)
    assert set(body) == ANSWER_FIELDS
    assert "18.3%" in body["answer"]
    assert "429.7亿元" in body["answer"]
    assert not body["abstained"]
    growth = next(each for each in body["values"] if each["measure"] == "growth")
    assert (growth["value"], growth["unit"], growth["region"], growth["period"]) == ("18.3", "%", "嘉定区", "2020")
    (citation,) = body["citations"]
    assert "固定资产投资完成429.7亿元,同比增长18.3%" in citation["quote"]
    assert_verbatim(citation)


QUESTIONS = (
    FLAGSHIP,
    "2019年嘉定区专利授权量是多少件？",
    "2020年虹口区一般公共预算收入完成了多少？",
    "2025年上半年嘉定区一般公共预算收入是多少？",
    "2023年嘉定区固定资产投资增长多少？",
    "嘉定区2021年固定资产投资增长多少？",
    "北京市2020年的人口是多少？",
)


@pytest.mark.parametrize("question", QUESTIONS)
def test_every_quotation_is_verbatim_and_marked_on_its_page(real: Client, question: str) -> None:
    """Follow each citation of an answer to the source page: what is marked there is the quotation."""
    body = ask(real, question)
    assert body["citations"] or body["abstained"]
    for citation in [*body["citations"], *body["nearest"], *body["conflicts"]]:
        assert_verbatim(citation)
        page = real.get(citation["url"])
        assert page.status_code == 200
        assert Page(page.text).marked == citation["quote"]


@pytest.mark.parametrize("question", [FLAGSHIP, "2023年嘉定区固定资产投资增长多少？"])
def test_stream_done_is_the_plain_answer(real: Client, question: str) -> None:
    plain = real.post("/v1/ask", json={"question": question})
    again = real.post("/v1/ask", json={"question": question})
    assert plain.content == again.content
    events = read_events(real.post("/v1/ask", json={"question": question, "stream": True}).text)
    assert events[-1] == ("done", plain.json())
    assert "".join(str(data["text"]) for name, data in events if name == "delta") == plain.json()["answer"]


def test_explain_tells_the_timings(real: Client) -> None:
    assert ask(real, FLAGSHIP, explain=True)["timings_ms"]


@pytest.mark.parametrize(
    ("options", "field"),
    [
        ({"generator": "nobody"}, "generator"),
        ({"filters": {"regions": ["火星"]}}, "filters.regions"),
        ({"filters": {"documents": ["nothing.txt"]}}, "filters.documents"),
    ],
)
def test_unknown_values_are_named(real: Client, options: dict[str, object], field: str) -> None:
    response = real.post("/v1/ask", json={"question": FLAGSHIP, **options})
    assert response.status_code == 422
    assert response.json()["errors"][0]["field"] == field


def test_search_hits_are_the_source_at_their_place(real: Client) -> None:
    body = real.post("/v1/search", json={"query": FLAGSHIP, "top_k": 5}).json()
    assert 0 < len(body["hits"]) <= 5
    for hit in body["hits"]:
        text = (REPORTS / hit["document"]).read_bytes().decode("utf-8")
        assert text[hit["start"] : hit["end"]] == hit["text"]
        assert hit["signals"]
    assert [hit["score"] for hit in body["hits"]] == sorted((hit["score"] for hit in body["hits"]), reverse=True)


def test_documents_are_shown_as_they_stand_in_their_files(real: Client) -> None:
    """Every document: its text by JSON and its page are the file's characters, its headings are found on the page."""
    listed = real.get("/v1/documents").json()["documents"]
    assert len({each["document"] for each in listed}) == 5
    for each in listed:
        detail = real.get(f"/v1/documents/{each['id']}").json()
        text = (REPORTS / each["document"]).read_bytes().decode("utf-8")
        assert detail["text"] == text[detail["start"] : detail["end"]]
        page = Page(real.get(each["url"]).text)
        assert page.report == detail["text"]
        titled = [section for section in detail["sections"] if section["heading"]]
        assert sum(name == "h2" for name, _ in page.elements) == len(titled)


def test_coverage_shows_the_report_that_contradicts_its_title(real: Client) -> None:
    body = real.get("/v1/coverage").json()
    assert "嘉定区" in str(body)
    assert "2012" in str(body)
    listed = real.get("/v1/documents").json()["documents"]
    (wrong,) = [each for each in listed if each["contradictions"]]
    assert (wrong["region"], wrong["review"], wrong["plan"]) == ("杨浦区", "2011", "2012")


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
    return port


def wenju_serve(index: Path, port: int) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", "import sys; from cli import main; sys.exit(main())", "serve",
         "--index", str(index), "--port", str(port)],
        cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


@pytest.mark.enable_socket
def test_the_command_serves_and_stops(snapshot_folder: Path) -> None:
    """``wenju serve`` answers the flagship question over a socket, and SIGTERM ends it cleanly."""
    port = free_port()
    process = wenju_serve(snapshot_folder, port)
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", trust_env=False, timeout=60) as client:
            deadline = time.monotonic() + 60
            while True:
                try:
                    ready = client.get("/health/ready")
                    break
                except httpx.ConnectError:
                    assert process.poll() is None, process.communicate()
                    assert time.monotonic() < deadline
                    time.sleep(0.1)
            assert ready.json()["status"] == "ready"
            answer = client.post("/v1/ask", json={"question": FLAGSHIP}).json()
            assert "18.3%" in answer["answer"]
            assert answer["snapshot"] == ready.json()["snapshot"]
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=30)
        assert process.returncode == 0
    finally:
        process.kill()
        process.communicate()


@pytest.mark.enable_socket
def test_the_command_names_what_is_missing(tmp_path: Path) -> None:
    """No index: one line with the command that builds it, exit 1, no traceback."""
    process = wenju_serve(tmp_path / "nothing", free_port())
    out, err = process.communicate(timeout=60)
    assert (process.returncode, out) == (1, "")
    (line,) = err.splitlines()
    assert "wenju ingest" in line
