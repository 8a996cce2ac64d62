"""A page of another site in a real browser, with and without its name leading to this machine: no read, no write, no work."""

from __future__ import annotations

import shutil
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import uvicorn

from api.app import create_app
from api.shared.library import Library, Upload
from index.text.chunking import ChunkOptions
from index.text.counting import DEFAULT_VOCABULARY
from tests.api.fakes import FakePipeline, FakeSettings
from tests.api.web.driving import CHROMIUM, DRIVER, FLAGS, webdriver

if TYPE_CHECKING:
    from selenium.webdriver import Chrome

pytestmark = [
    pytest.mark.enable_socket,
    pytest.mark.skipif(not (CHROMIUM and DRIVER), reason="chromium and chromium-driver are not installed"),
]

EVIL = "evil.example"

ATTACK = """
const [service, done] = [arguments[0], arguments[1]];
const form = new FormData();
form.append("f", new Blob(["x"]), "planted.txt");
const asked = JSON.stringify({question: "嘉定"});
const tries = [
  ["/v1/coverage", {}], ["/v1/facts?format=csv", {}], ["/documents/d-jiading", {}], ["/metrics", {}], ["/schema", {}],
  ["/v1/documents", {method: "POST", body: form}], ["/v1/documents", {method: "POST", body: form, mode: "no-cors"}],
  ["/v1/documents/d-jiading", {method: "DELETE"}],
  ["/v1/ask", {method: "POST", body: asked}], ["/v1/ask", {method: "POST", body: asked, mode: "no-cors"}],
  ["/v1/ask", {method: "POST", body: asked, headers: {"Content-Type": "application/json"}}],
  ["/mcp", {method: "POST", body: asked, mode: "no-cors"}],
];
(async () => {
  const told = [];
  for (const [path, options] of tries) {
    try {
      const reply = await fetch(service + path, options);
      const text = await reply.text();
      // What was refused tells nothing but that.
      if (text && reply.status !== 403) told.push(path + " " + reply.status + " " + text.slice(0, 80));
    } catch (error) {}
  }
  done(told);
})();
"""


class Recorder(Library):
    """A library that changes nothing and remembers what it was asked for."""

    def __init__(self, on_change: Callable[[], None]) -> None:
        super().__init__(Path("nothing"), DEFAULT_VOCABULARY, ChunkOptions(), on_change)
        self.asked: list[str] = []

    def add(self, uploads: Sequence[Upload], embedder: Any, progress: Any = None) -> Any:
        self.asked += [upload.name for upload in uploads]
        raise AssertionError("a stranger's page has written")

    def remove(self, name: str, embedder: Any) -> None:
        self.asked.append(name)


@contextmanager
def served(pipeline: FakePipeline, recorders: list[Recorder]) -> Iterator[int]:
    """The port of the service, in a thread of this process."""

    def library(on_change: Callable[[], None]) -> Library:
        recorders.append(Recorder(on_change))
        return recorders[-1]

    app = create_app(FakeSettings(allowed_hosts=()), lambda: pipeline, library)
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="warning", access_log=False, ws="none"))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started and thread.is_alive():
        time.sleep(0.02)
    try:
        yield server.servers[0].sockets[0].getsockname()[1]
    finally:
        server.should_exit = True
        thread.join()


class Page(BaseHTTPRequestHandler):
    """Another site's empty page."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(b"<!doctype html><title>other</title>")

    def log_message(self, *_: object) -> None: ...


@contextmanager
def other_site() -> Iterator[int]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Page) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield server.server_address[1]
        finally:
            server.shutdown()
            thread.join()


@pytest.fixture
def browser(tmp_path: Path) -> Iterator[Chrome]:
    """A browser to which the other site's name leads to this machine."""
    options = webdriver.ChromeOptions()
    options.binary_location = CHROMIUM or ""
    for flag in (*FLAGS, f"--user-data-dir={tmp_path}", f"--host-resolver-rules=MAP {EVIL} 127.0.0.1"):
        options.add_argument(flag)
    driver = webdriver.Chrome(options=options, service=webdriver.ChromeService(DRIVER))
    driver.set_script_timeout(30)
    yield driver
    driver.quit()
    shutil.rmtree(tmp_path, ignore_errors=True)


@pytest.mark.parametrize("rebound", [False, True], ids=["another origin", "rebound"])
def test_a_page_of_another_site_reads_and_changes_nothing(browser: Chrome, rebound: bool) -> None:
    """Rebound, the browser takes the service for the page's own site; else the page calls across sites."""
    pipeline, recorders = FakePipeline(), list[Recorder]()
    with served(pipeline, recorders) as port, other_site() as other:
        browser.get(f"http://{EVIL}:{port if rebound else other}/")
        assert browser.execute_script("return location.hostname") == EVIL
        service = "" if rebound else f"http://127.0.0.1:{port}"
        assert browser.execute_async_script(ATTACK, service) == []
    assert [recorder.asked for recorder in recorders] == [[]]
    assert pipeline.questions == []
