"""A language model's endpoint that sends its callers elsewhere: question and evidence stay with the configured one."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx
import pytest

from tests.serving import serving

pytestmark = pytest.mark.enable_socket


class Site(ThreadingHTTPServer):
    """Answers every request with a redirect to ``leads_to``, or counts it where there is none."""

    daemon_threads = True

    def __init__(self, leads_to: str = "") -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.leads_to, self.asked = leads_to, 0


class _Handler(BaseHTTPRequestHandler):
    server: Site

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.server.asked += 1
        self.send_response(307 if self.server.leads_to else 500)
        if self.server.leads_to:
            self.send_header("Location", self.server.leads_to + self.path)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None: ...


@contextmanager
def site(leads_to: str = "") -> Iterator[Site]:
    with Site(leads_to) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


def test_a_redirect_to_another_address_is_not_followed(snapshot_folder: Path) -> None:
    """The extractive answer is served and says why; the other address has heard nothing."""
    with ExitStack() as stack:
        elsewhere = stack.enter_context(site())
        configured = stack.enter_context(site(f"http://127.0.0.1:{elsewhere.server_address[1]}"))
        service = stack.enter_context(
            serving(snapshot_folder, llm_base_url=f"http://127.0.0.1:{configured.server_address[1]}/v1", llm_model="m")
        )
        client = stack.enter_context(httpx.Client(base_url=service.url, trust_env=False, timeout=60))
        body = {"question": "2020年嘉定固定资产投资增长多少", "generator": "openai"}
        answer = client.post("/v1/ask", json=body).json()
    assert answer["generator"] == "extractive"
    assert "18.3%" in answer["answer"]
    assert "redirects to another address" in " ".join(answer["notes"])
    assert configured.asked >= 1
    assert elsewhere.asked == 0
