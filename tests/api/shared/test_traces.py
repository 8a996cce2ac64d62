"""Traces of requests, as a collector of OpenTelemetry's own protocol receives them from a service that runs."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar

import httpx
import pytest

from tests.conftest import ROOT
from tests.serving import serving

pytest.importorskip("opentelemetry.sdk", reason="the extra opentelemetry is not installed")
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTraceServiceRequest,
    ExportTraceServiceResponse,
)

pytestmark = pytest.mark.enable_socket

QUESTION = "2020年云溪县粮食产量是多少"
CALLER = "4bf92f3577b34da6a3ce929d0e0e4736"


class _Collector(BaseHTTPRequestHandler):
    """Takes what is sent to ``/v1/traces`` and answers as the protocol wants it."""

    spans: ClassVar[list[Any]]
    resources: ClassVar[list[dict[str, str]]]

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        assert self.path == "/v1/traces"
        for sent in ExportTraceServiceRequest.FromString(body).resource_spans:
            self.resources.append(_told(sent.resource.attributes))
            self.spans.extend(span for scoped in sent.scope_spans for span in scoped.spans)
        answer = ExportTraceServiceResponse().SerializeToString()
        self.send_response(200)
        self.send_header("Content-Type", "application/x-protobuf")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_: object) -> None: ...


def _told(attributes: Any) -> dict[str, str]:
    return {each.key: each.value.string_value or str(each.value.int_value) for each in attributes}


@contextmanager
def collecting() -> Iterator[tuple[str, type[_Collector]]]:
    taken = type("Taken", (_Collector,), {"spans": [], "resources": []})
    with ThreadingHTTPServer(("127.0.0.1", 0), taken) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}", taken
        finally:
            server.shutdown()


def test_a_collector_gets_a_trace_of_each_request_with_its_stages_and_no_question(
    snapshot_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Below the caller's span where it names one; also of what nobody knows; and what is left is sent at the end."""
    with collecting() as (url, taken):
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", url)
        monkeypatch.setenv("OTEL_RESOURCE_ATTRIBUTES", "deployment.environment.name=test")
        with serving(snapshot_folder, log="json") as service:
            parent = {"traceparent": f"00-{CALLER}-00f067aa0ba902b7-01", "X-Request-ID": "asked-1"}
            asked = httpx.post(f"{service.url}/v1/ask", json={"question": QUESTION}, headers=parent, timeout=60)
            lost = httpx.get(f"{service.url}/nowhere/{QUESTION}", params={"q": QUESTION})
            service.process.send_signal(signal.SIGTERM)
            _, log = service.process.communicate(timeout=30)
    assert (asked.status_code, lost.status_code) == (200, 404)
    assert {(r["service.name"], r["deployment.environment.name"]) for r in taken.resources} == {("wenju", "test")}
    spans = {span.name: span for span in taken.spans}
    request = spans["POST /v1/ask"]
    assert (request.trace_id.hex(), request.parent_span_id.hex()) == (CALLER, "00f067aa0ba902b7")
    told = _told(request.attributes)
    assert told["wenju.request.id"] == "asked-1"
    assert told["wenju.snapshot"] == asked.json()["snapshot"]
    assert told["wenju.outcome"] == ("refused" if asked.json()["abstained"] else "answered")
    steps = [span for span in taken.spans if span.parent_span_id == request.span_id]
    assert [span.name for span in steps if span.name != "queue"] == [
        "understanding",
        "deciding",
        "drafting_and_checking",
    ]
    for span in steps:
        assert request.start_time_unix_nano <= span.start_time_unix_nano <= span.end_time_unix_nano
        assert span.end_time_unix_nano <= request.end_time_unix_nano
    assert _told(spans["GET unknown"].attributes)["http.response.status_code"] == "404"
    assert f'"trace": "{CALLER}"' in log
    assert not any("/health" in name for name in spans), "probes are not told of"
    assert not any("云溪" in str(span) or "/nowhere" in str(span) for span in taken.spans)


def test_a_collector_that_is_away_costs_no_answer_and_no_time_at_the_end(
    snapshot_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "http://127.0.0.1:9/v1/traces")
    with serving(snapshot_folder) as service:
        asked = httpx.post(f"{service.url}/v1/ask", json={"question": QUESTION}, timeout=60)
        begun = time.monotonic()
        service.process.send_signal(signal.SIGTERM)
        service.process.communicate(timeout=30)
        assert time.monotonic() - begun < 10
    assert asked.status_code == 200
    assert service.process.returncode == 0


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"OTEL_TRACES_EXPORTER": "zipkin"}, "OTEL_TRACES_EXPORTER: 'zipkin'"),
        (
            {"OTEL_TRACES_EXPORTER": "otlp", "OTEL_EXPORTER_OTLP_PROTOCOL": "grpc"},
            "OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc'",
        ),
    ],
)
def test_what_cannot_be_sent_is_said_in_one_line_at_start(
    snapshot_folder: Path, monkeypatch: pytest.MonkeyPatch, settings: dict[str, str], said: str
) -> None:
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    arguments = [sys.executable, "-m", "wenju", "serve", "--index", str(snapshot_folder), "--port", "18473"]
    ran = subprocess.run(arguments, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert ran.returncode == 1
    assert ran.stderr.startswith(f"wenju: {said}")
    assert len(ran.stderr.splitlines()) == 1


@pytest.mark.parametrize(
    ("settings", "exporter"),
    [
        ({}, "none"),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": ""}, "none"),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://collector:4318"}, "otlp"),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://collector:4318", "OTEL_SDK_DISABLED": "TRUE"}, "none"),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://collector:4318", "OTEL_TRACES_EXPORTER": "none"}, "none"),
        ({"OTEL_TRACES_EXPORTER": "otlp"}, "otlp"),
    ],
)
def test_traces_are_off_unless_their_own_settings_want_them(
    monkeypatch: pytest.MonkeyPatch, settings: dict[str, str], exporter: str
) -> None:
    from settings import Telemetry

    for name in ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_SDK_DISABLED", "OTEL_TRACES_EXPORTER"):
        monkeypatch.delenv(name, raising=False)
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    assert Telemetry().exporter == exporter
