"""A page of another origin, its name its own or made to lead to this machine: in a real browser, and as bytes on every route."""

from __future__ import annotations

import json
import random
import shutil
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from benchmarks.attack.reports import held, report, written
from benchmarks.attack.running import Served, run, serving
from benchmarks.attack.told import Row

EVIL = "evil.example"

_FLAGS = (
    "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-dev-shm-usage",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
)  # fmt: skip

_PAGE = """
const [service, routes, done] = arguments;
const form = () => { const f = new FormData(); f.append("f", new Blob([arguments[3] || "x"]), "planted.txt"); return f; };
const asked = JSON.stringify({question: "2023年地区生产总值是多少"});
const kinds = [
  {}, {mode: "no-cors"}, {headers: {"Content-Type": "application/json"}}, {headers: {"Content-Type": "text/plain"}},
  {headers: {"Content-Type": "text/plain"}, mode: "no-cors"}, {credentials: "include"},
];
(async () => {
  const told = [];
  let tried = 0;
  for (const [method, path] of routes) for (const kind of kinds) for (const body of method === "POST" ? [asked, form()] : [undefined]) {
    tried++;
    try {
      const reply = await fetch(service + path, {method, body, ...kind});
      const text = await reply.text();
      if (text && reply.status !== 403) told.push(method + " " + path + " " + reply.status + " " + text.slice(0, 80));
    } catch (error) {}
  }
  done([tried, told]);
})();
"""


def origins(folder: Path, times: int, chance: random.Random) -> list[Row]:
    """Every route that the service tells of, in all ways that a page has: nothing may be read, asked or changed."""
    root = folder / "index"
    run("ingest", written(folder / "reports", {"0.txt": report(0), "1.txt": report(1)}), "--index", root)
    before = held(root)
    rows = [Row("a page of another origin"), Row("the same, rebound"), Row("every route, as bytes")]
    with serving(root) as served:
        routes = routes_of(served)
        if shutil.which("chromium") and shutil.which("chromedriver"):
            for row, rebound in ((rows[0], False), (rows[1], True)):
                _browse(row, served, routes, rebound)
        else:
            rows = rows[2:]
        _bytes(rows[-1], served, routes)
        counted = served.ask("GET", "/metrics").body.decode()
        for row in rows:
            row.note = f"{len(routes)} routes"
        if any(line.startswith("wenju_answers_total{") for line in counted.splitlines()):
            rows[0].fails("a question was answered")
        served.command.kill()
        rows[0].reads(served.command.wait().told, "the service")
    if held(root) != before:
        rows[0].fails("the index was changed")
    return rows


def routes_of(served: Served) -> list[tuple[str, str]]:
    """The methods and paths of the service, with the ids of a real document."""
    listed: Any = served.ask("GET", "/v1/documents").json()["documents"]
    paths: Any = served.ask("GET", "/schema/openapi.json").json()["paths"]
    found = [
        (method.upper(), path.replace("{document_id}", listed[0]["id"]))
        for path, methods in paths.items()
        for method in methods
    ]
    pages = ["/", "/documents", "/metrics", "/schema/openapi.json", "/mcp", f"/documents/{listed[0]['id']}"]
    return [*found, *(("GET", page) for page in pages), ("POST", "/mcp")]


class _Page(BaseHTTPRequestHandler):
    """Another site's empty page."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(b"<!doctype html><title>other</title>")

    def log_message(self, *_: object) -> None: ...


@contextmanager
def _other_site() -> Iterator[int]:
    with ThreadingHTTPServer(("127.0.0.1", 0), _Page) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield server.server_address[1]
        finally:
            server.shutdown()
            thread.join()


def _browse(row: Row, served: Served, routes: list[tuple[str, str]], rebound: bool) -> None:
    from selenium import webdriver

    options = webdriver.ChromeOptions()
    options.binary_location = shutil.which("chromium") or ""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile, _other_site() as other:
        for flag in (*_FLAGS, f"--user-data-dir={profile}", f"--host-resolver-rules=MAP {EVIL} 127.0.0.1"):
            options.add_argument(flag)
        driver = webdriver.Chrome(options=options, service=webdriver.ChromeService(shutil.which("chromedriver") or ""))
        try:
            driver.set_script_timeout(120)
            driver.get(f"http://{EVIL}:{served.port if rebound else other}/")
            service = "" if rebound else f"http://127.0.0.1:{served.port}"
            told: Any = driver.execute_async_script(f"const evil = {json.dumps(EVIL)}; {_PAGE}", service, routes)
            row.tried += told[0]
            for read in told[1]:
                row.fails(f"read: {read}")
        finally:
            driver.quit()


def _bytes(row: Row, served: Served, routes: list[tuple[str, str]]) -> None:
    """What a browser, or a program that takes itself for one, may send; names in every spelling."""
    own = f"127.0.0.1:{served.port}"
    body = json.dumps({"question": "2023年地区生产总值是多少"}).encode()
    for method, path in routes:
        sent = body if method == "POST" else None
        for host in (
            EVIL,
            f"{EVIL}:{served.port}",
            f"{EVIL}.",
            f"127.0.0.1.{EVIL}",
            f"localhost.{EVIL}:1",
            f"x@{EVIL}",
            "0x7f.1.evil",
        ):
            for kind in ("application/json", "text/plain", "multipart/form-data; boundary=x"):
                reply = served.ask(method, path, sent, {"Host": host, "Content-Type": kind, "Origin": f"http://{host}"})
                row.tried += 1
                if reply.status != 403:
                    row.fails(f"{method} {path} as {host}: {reply.status}")
        for origin in (f"http://{EVIL}", "null", f"http://{own}.{EVIL}", "http://localhost:1", f"http://{own}@{EVIL}"):
            reply = served.ask(method, path, sent, {"Host": own, "Content-Type": "text/plain", "Origin": origin})
            row.tried += 1
            if "access-control-allow-origin" in reply.headers:
                row.fails(f"{method} {path} from {origin}: may be read")
            # What can be had without a body's type is told to nobody but by a header; what works or changes is refused.
            if method != "GET" and reply.status < 400:
                row.fails(f"{method} {path} from {origin}: {reply.status}")
