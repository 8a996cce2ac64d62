"""The service as a process under bad clients, changes from outside, and a stop that is asked for."""

from __future__ import annotations

import asyncio
import json
import shutil
import signal
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest

from api.connections import Breathing
from index.ingest import ingest
from index.store.embedding import Embedder
from index.text.chunking import ChunkOptions
from index.text.counting import DEFAULT_VOCABULARY
from tests.api.test_server import ROOT
from tests.builders import REPORT, write_files
from tests.serving import serving

pytestmark = pytest.mark.enable_socket

SERVE = """
import json, sys, time
import api.connections, api.server
from tests.api.fakes import FakePipeline, FakeSettings

api.connections.HEAD_SECONDS = api.connections.BODY_SECONDS = 0.5
api.server.GRACE_SECONDS, api.server.END_SECONDS = 1, 2

class Slow(FakePipeline):
    def answer(self, question):
        time.sleep(float(question.text.partition("等")[2] or 0))
        return super().answer(question)

api.server.run(FakeSettings(allowed_hosts=(), **json.loads(sys.argv[1])), Slow)
"""


class Process:
    """The service over the small pipeline, with times that a test can wait for; ``等3`` in a question takes three seconds."""

    def __init__(self, **settings: object) -> None:
        self._settings = json.dumps(settings)

    def __enter__(self) -> Process:
        self.process = subprocess.Popen(
            [sys.executable, "-c", SERVE, self._settings], cwd=ROOT, stderr=subprocess.PIPE, text=True, env={"PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"},
        )  # fmt: skip
        assert self.process.stderr is not None
        line = self.process.stderr.readline()
        assert "serving http://" in line, line
        self.url = line.split()[2]
        self.port = int(self.url.rpartition(":")[2])
        return self

    def __exit__(self, *_: object) -> None:
        self.process.kill()
        self.process.communicate()

    def sent(self, text: bytes) -> bytes:
        """What comes back for bytes, until the connection is closed."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=10) as line:
            line.sendall(text)
            told = b""
            while piece := line.recv(4096):
                told += piece
            return told


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"POST /v1/ask HTTP/1.1\r\nHost: localhost\r\nX-",
        b"GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\nGET /he",
    ],
    ids=["nothing", "half a head", "a second half"],
)
def test_a_head_that_does_not_come_ends_the_connection(text: bytes) -> None:
    with Process() as service:
        begun = time.monotonic()
        told = service.sent(text)
        assert time.monotonic() - begun < 5
    assert b"408 Request Timeout" in told
    assert (b"200 OK" in told) == (b"live" in text)


def test_a_body_that_does_not_come_is_a_408() -> None:
    """And one that comes slowly but in time is served."""
    head = b"POST /v1/ask HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
    with Process() as service:
        told = service.sent(head % 100 + b'{"question"')
        assert b"408" in told.splitlines()[0]
        body = '{"question": "嘉定"}'.encode()
        with socket.create_connection(("127.0.0.1", service.port), timeout=10) as line:
            line.sendall(head % len(body))
            for byte in body:
                line.sendall(bytes([byte]))
                time.sleep(0.005)
            assert b"200 OK" in line.recv(4096)


@pytest.mark.parametrize("kind", [b"text/event-stream; charset=utf-8", b"text/plain"])
def test_a_stream_that_is_silent_is_kept_open(kind: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    """By comments between events, which every client passes over; a proxy ends what says nothing for a minute."""
    monkeypatch.setattr("api.connections.BREATH_SECONDS", 0.1)
    pieces, told = (b"event: a\ndata: 1\n\n", b"data: half", b" a line\n\n"), list[bytes]()

    async def app(_scope: Any, _receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", kind)]})
        for piece in pieces:
            await asyncio.sleep(0.35)
            await send({"type": "http.response.body", "body": piece, "more_body": True})
        await send({"type": "http.response.body", "body": b"", "more_body": False})

    async def send(message: Any) -> None:
        told.append(message.get("body", b""))

    async def serve() -> None:
        await Breathing(app)({"type": "http"}, None, send)  # type: ignore[arg-type]
        await asyncio.sleep(0.3)

    asyncio.run(serve())
    assert [piece for piece in told if piece and piece != b": keep-alive\n\n"] == [*pieces]
    silences = told.count(b": keep-alive\n\n")
    assert silences >= 2 if kind.startswith(b"text/event-stream") else not silences
    # None inside of an event, and none after the end.
    assert b"".join(told).endswith(b"data: half a line\n\n")


def test_a_running_answer_is_finished_when_a_stop_is_asked_for() -> None:
    with (
        Process() as service,
        httpx.Client(base_url=service.url, trust_env=False, timeout=10) as client,
        ThreadPoolExecutor(1) as pool,
    ):
        assert client.get("/health/live").status_code == 200
        asking = pool.submit(client.post, "/v1/ask", json={"question": "嘉定等0.8"})
        time.sleep(0.4)
        service.process.send_signal(signal.SIGTERM)
        assert service.process.wait(timeout=10) == 0
        assert asking.result().status_code == 200


def test_the_process_ends_in_time_whatever_is_under_way() -> None:
    """Here an answer of a minute: the grace passes, then the process ends all the same, as asked."""
    with Process() as service, httpx.Client(base_url=service.url, trust_env=False, timeout=0.5) as client:
        with pytest.raises(httpx.ReadTimeout):
            client.post("/v1/ask", json={"question": "嘉定等60"})
        begun = time.monotonic()
        service.process.send_signal(signal.SIGTERM)
        assert service.process.wait(timeout=10) == 0
        assert time.monotonic() - begun < 4


def test_what_another_process_ingests_is_served_within_a_second(
    snapshot_folder: Path, tmp_path: Path, embedder: Embedder
) -> None:
    """And what it takes back; every answer meanwhile is of one snapshot."""
    root = tmp_path / "index"
    shutil.copytree(snapshot_folder, root)
    reports = write_files(tmp_path / "reports", {"green.txt": REPORT})
    with (
        serving(root) as service,
        httpx.Client(base_url=service.url, trust_env=False, timeout=60) as client,
    ):
        before = client.get("/health/ready").json()["snapshot"]
        written = ingest([reports], root, embedder, DEFAULT_VOCABULARY, ChunkOptions()).manifest.id
        begun = time.monotonic()
        while client.get("/health/ready").json()["snapshot"] == before and time.monotonic() - begun < 10:
            time.sleep(0.02)
        took = time.monotonic() - begun
        answer = client.post("/v1/ask", json={"question": "2023年青石市固定资产投资增长多少"}).json()
        assert answer["snapshot"] == written
        assert "9.4%" in answer["answer"]
        # Opening takes a part of it, on a machine that others use too.
        assert took < 5


def lines_of(**settings: object) -> tuple[list[dict[str, object]], str]:
    """What is logged of a few requests, as JSON, and all of it as text."""
    with (
        Process(log="json", **settings) as service,
        httpx.Client(base_url=service.url, trust_env=False, timeout=30) as client,
    ):
        for question in ("嘉定", "别处", "故障"):
            client.post("/v1/ask", json={"question": question}, headers={"X-API-Key": "sk-secret"})
        client.get("/no/such/route?secret=1")
        client.get("/health/live")
        client.close()
        service.process.send_signal(signal.SIGTERM)
        text = service.process.communicate(timeout=20)[1]
    return [json.loads(line) for line in text.splitlines()], text


def test_each_request_is_one_line_with_how_it_ended() -> None:
    """No question, no key and no path; a defect with its traceback; probes are not told of."""
    lines, text = lines_of()
    requests = [line for line in lines if line["event"] == "request"]
    assert [(line["route"], line["status"], line.get("outcome"), line.get("reason")) for line in requests] == [
        ("/v1/ask", 200, "answered", None), ("/v1/ask", 200, "refused", "period_missing"), ("/v1/ask", 500, None, None),
        ("unknown", 404, None, None),
    ]  # fmt: skip
    assert all({"id", "ms", "timestamp", "level", "method"} <= set(line) for line in requests)
    (defect,) = [line for line in lines if line["level"] == "error"]
    assert "RuntimeError" in str(defect["exception"])
    assert not [word for word in ("嘉定", "故障", "sk-secret", "no/such", "secret=1") if word in text]


def test_questions_stand_in_the_log_where_that_is_asked_for() -> None:
    lines, _ = lines_of(log_questions=True)
    assert [line["question"] for line in lines if "question" in line] == ["嘉定", "别处", "故障"]


def test_a_log_that_nobody_reads_stops_nothing() -> None:
    """A pipe holds 64 KiB; a thousand lines are more. Nothing waits for it, not even the end."""
    with Process() as service, httpx.Client(base_url=service.url, trust_env=False, timeout=10) as client:
        name = {"X-Request-ID": "i" * 128}
        assert {client.get("/no/such/route", headers=name).status_code for _ in range(1000)} == {404}
        service.process.send_signal(signal.SIGTERM)
        assert service.process.wait(timeout=10) == 0


def test_several_processes_are_one_service(snapshot_folder: Path, tmp_path: Path) -> None:
    """One allowance, one count, and a change that is answered when all of them serve it; a stop ends them all."""
    root = tmp_path / "index"
    shutil.copytree(snapshot_folder, root)
    key = {"Authorization": "Bearer k"}
    with serving(root, workers="2", api_keys="k=admin", rate_per_minute="60") as service:

        def asked(method: str, path: str, **more: Any) -> httpx.Response:
            # A connection each: either process may take it.
            return httpx.request(method, service.url + path, headers=key, trust_env=False, timeout=60, **more)

        sent = asked("POST", "/v1/documents", files={"f": ("x.txt", REPORT.encode())})
        assert sent.status_code == 201, sent.text
        assert {asked("GET", "/health/ready").json()["snapshot"] for _ in range(10)} == {sent.json()["snapshot"]}
        codes = [asked("GET", "/v1/models").status_code for _ in range(80)]
        assert codes.count(429) >= 5
        assert 55 <= codes.count(200) <= 75
        time.sleep(1.5)
        counted = asked("GET", "/metrics").text
        assert f'route="/v1/models",status="429"}} {codes.count(429)}.0' in counted
        begun = time.monotonic()
        service.process.send_signal(signal.SIGTERM)
        service.process.communicate(timeout=15)
        assert service.process.returncode == 0
        assert time.monotonic() - begun < 10
