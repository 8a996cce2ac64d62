"""The service as a process: it starts, answers over a real socket, stops when told, and says why it cannot start."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

pytestmark = pytest.mark.enable_socket

ROOT = Path(__file__).parents[2]

SERVE = """
import sys
from api.server import run
from index.errors import SnapshotError
from tests.api.fakes import FakePipeline, FakeSettings

def refuse():
    raise SnapshotError(".wenju: no index here")

run(FakeSettings(port=int(sys.argv[1]), host=sys.argv[3]), refuse if sys.argv[2] == "missing" else FakePipeline)
"""


def start(port: int = 0, kind: str = "fake", host: str = "127.0.0.1") -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", SERVE, str(port), kind, host],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@contextmanager
def serving() -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A process on a free port and its address, as its own first line tells it."""
    process = start()
    try:
        assert process.stderr is not None
        line = process.stderr.readline()
        assert "serving http://127.0.0.1:" in line, line + process.stderr.read()
        yield process, line.split()[2]
    finally:
        process.kill()
        process.communicate()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_process_answers_and_stops_when_told(number: signal.Signals) -> None:
    """A stop that was asked for is a success, and leaves no noise behind."""
    with serving() as (process, address):
        with httpx.Client(base_url=address, trust_env=False) as client:
            assert client.get("/health/ready").json()["status"] == "ready"
            body = client.post("/v1/ask", json={"question": "嘉定"}).json()
            assert body["abstained"] is False
            with client.stream("POST", "/v1/ask", json={"question": "嘉定", "stream": True}) as response:
                lines = [line for line in response.iter_lines() if line.startswith("event: ")]
            assert lines[0] == "event: understood"
            assert lines[-1] == "event: done"
            process.send_signal(number)
            out, err = process.communicate(timeout=20)
        assert (process.returncode, out) == (0, "")
        # A line for each question, and for no probe.
        lines = err.splitlines()
        assert [line.partition("[info] ")[2].split()[0] for line in lines if line] == ["request", "request"], err


def test_large_bodies_are_refused_over_a_socket() -> None:
    """Announced or chunked, the client reads a 413 though it is still sending."""
    with serving() as (_, address), httpx.Client(base_url=address, trust_env=False) as client:
        body = b" " * 200_000
        pieces = (body[at : at + 1000] for at in range(0, len(body), 1000))
        for content in (body, pieces):
            response = client.post("/v1/ask", content=content)
            assert response.status_code == 413
            assert response.headers["content-type"].startswith("application/problem+json")


def one_line_of(process: subprocess.Popen[str]) -> str:
    """What a process that cannot start says: one line on standard error, and exit 1."""
    out, err = process.communicate(timeout=20)
    assert process.returncode == 1, err
    assert out == ""
    (line,) = err.splitlines()
    return line


def test_a_taken_port_is_one_clear_line() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        line = one_line_of(start(port))
    assert f"cannot listen on 127.0.0.1:{port}" in line
    assert "--port" in line


def test_a_host_that_is_not_ours_is_one_clear_line() -> None:
    assert "cannot listen on 192.0.2.1:0" in one_line_of(start(host="192.0.2.1"))


def test_a_missing_index_names_the_command_that_builds_it() -> None:
    line = one_line_of(start(kind="missing"))
    assert "no index here" in line
    assert "wenju ingest data/reports" in line


def test_starting_and_answering_imports_no_extra() -> None:
    """What only some use is imported when they use it: a start without it is as fast as before there was any."""
    program = """
import sys
from litestar.testing import TestClient
from api.app import create_app
from tests.api.fakes import FakePipeline, FakeSettings


with TestClient(create_app(FakeSettings(), FakePipeline)) as client:
    assert client.post("/v1/ask", json={"question": "嘉定"}).status_code == 200
    body = {"model": "wenju", "messages": [{"role": "user", "content": "嘉定"}]}
    assert client.post("/v1/chat/completions", json=body).status_code == 200
import cli
import rag.pipeline
for name in ("openai", "mcp", "mcp_types", "langchain_core", "torch"):
    assert name not in sys.modules, name
"""
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
