"""The same questions in process and over HTTP to a real server process: the same results."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from eval.cases import read_cases
from eval.command import OWN_SET
from eval.harness import run_cases
from eval.reporting.summary import summarise
from eval.results import Result
from eval.services import InProcess, Remote, ServiceError
from rag.pipeline import AnswerPipeline
from tests.conftest import ROOT
from tests.eval.builders import make_case, make_run

pytestmark = pytest.mark.enable_socket

SERVE = """
import sys
from pathlib import Path
from api.server import serve
from settings import Settings
# Port 0, which the command line does not offer, is a free one.
serve(Settings.model_construct(**{**Settings().model_dump(), "index": Path(sys.argv[1]), "port": 0}))
"""


@pytest.fixture(scope="module")
def address(snapshot_folder: Path) -> Iterator[str]:
    """A server process over the bundled reports, on a free port that its first line tells."""
    process = subprocess.Popen(
        [sys.executable, "-c", SERVE, str(snapshot_folder)], cwd=ROOT, text=True, encoding="utf-8",
        env={**os.environ, "PYTHONPATH": str(ROOT)}, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
    )  # fmt: skip
    try:
        assert process.stderr is not None
        line = process.stderr.readline()
        assert "serving http://127.0.0.1:" in line, line + process.stderr.read()
        yield line.split()[2]
    finally:
        process.terminate()
        process.communicate(timeout=30)


def timeless(result: Result) -> Result:
    """Without what a clock says."""
    return replace(result, milliseconds=0.0, timings_ms={})


def test_results_are_the_same_either_way(pipeline: AnswerPipeline, address: str) -> None:
    """Every field of every question: answer, verdict, ranks, faults, citations, support and diagnosis."""
    cases = read_cases(OWN_SET)
    here = run_cases(InProcess(pipeline), cases)
    with Remote(address) as service:
        assert service.snapshot == pipeline.snapshot.id
        there = run_cases(service, cases)
    assert [timeless(r) for r in there] == [timeless(r) for r in here]
    assert all(r.replayed for r in there)
    # Over HTTP the stages are timed too.
    assert set(there[0].timings_ms) == set(here[0].timings_ms)
    one, other = summarise(make_run(*here)), summarise(make_run(*there))
    assert (one.accuracy, one.by_category, one.metrics, one.lost_by) == (
        other.accuracy,
        other.by_category,
        other.metrics,
        other.lost_by,
    )


def test_a_quotation_is_checked_against_the_served_document(pipeline: AnswerPipeline, address: str) -> None:
    """In the second document of a file as well, and never beyond it."""
    document = next(d for d in pipeline.snapshot.documents if d.span.start > 0)
    text = pipeline.snapshot.source_of(document).text
    start, end = document.span.start + 5, document.span.start + 25
    with Remote(address) as remote:
        for service in (remote, InProcess(pipeline)):
            assert service.source(document.id, start, end) == text[start:end]
            assert service.source(document.id, document.span.start - 1, end) is None
            assert service.source(document.id, start, document.span.end + 1) is None
            assert service.source("nothing", start, end) is None


def test_a_refused_question_names_the_route_and_the_cause(address: str) -> None:
    with Remote(address) as service, pytest.raises(ServiceError, match=r"/v1/ask: status 4\d\d: .*generator"):
        service.ask(make_case(("1", "%")), generator="nobody", explain=False)


class _Other(BaseHTTPRequestHandler):
    """Some other service: JSON, but no answers."""

    body = b"{}"

    def do_GET(self) -> None:
        self._send(b'{"snapshot": "s"}')

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self._send(self.body)

    def _send(self, body: bytes) -> None:
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.mark.parametrize("body", [b"{}", b"[]", b"<html>"])
def test_what_is_no_answer_is_told(monkeypatch: pytest.MonkeyPatch, body: bytes) -> None:
    """Another service behind the address: one clear error, for asking and for searching."""
    monkeypatch.setattr(_Other, "body", body)
    server = HTTPServer(("127.0.0.1", 0), _Other)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        with Remote(f"http://127.0.0.1:{server.server_port}") as service:
            with pytest.raises(ServiceError, match="/v1/ask: not "):
                service.ask(make_case(("1", "%")), generator="extractive", explain=False)
            with pytest.raises(ServiceError, match="/v1/search: not "):
                service.search(make_case(("1", "%")))
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_nobody_there() -> None:
    with pytest.raises(ServiceError, match=r"127\.0\.0\.1:9/health/ready: "):
        Remote("http://127.0.0.1:9").__enter__()
    with pytest.raises(ServiceError, match="nonsense/health/ready: "):
        Remote("nonsense").__enter__()
