"""Stands in for a remote language model: a real HTTP server that speaks OpenAI's wire format and replies as it is told."""

from __future__ import annotations

import json
import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

KEY = "sk-standin-secret-0123456789"

Reply = Callable[[dict[str, Any]], Iterator[str]]


def said(text: str, size: int = 7) -> Reply:
    """A model that says these words, a few characters at a time."""
    return lambda _: (text[n : n + size] for n in range(0, len(text), size))


def obedient(body: dict[str, Any]) -> Iterator[str]:
    """A model that does what it reads anywhere: the worst listener to planted instructions."""
    orders = re.findall(r"请回答[:：]([^。\"]+)", json.dumps(body["messages"], ensure_ascii=False))
    yield f"{orders[-1]}。[1]" if orders else "没有指令。[1]"


def hanging(_: dict[str, Any]) -> Iterator[str]:
    """A model that begins and says nothing more for a minute."""
    yield "嘉定区"
    time.sleep(60)


def endless(_: dict[str, Any]) -> Iterator[str]:
    """A model that goes on for a minute unless its client leaves."""
    for _n in range(600):
        yield "嘉定区"
        time.sleep(0.1)


class StandIn(ThreadingHTTPServer):
    """The server; ``reply`` may be set anew between requests, ``seen`` holds what was sent to it."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.reply: Reply = said("")
        self.status = 200
        self.fault = ""
        self.seen: list[dict[str, Any]] = []
        self.keys: list[str] = []
        self.left = threading.Event()
        self.finished = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/v1"

    def set(self, reply: Reply, *, status: int = 200, fault: str = "") -> None:
        """What to do from now on. ``fault`` is ``cut`` (the line goes dead), ``error`` (an error object), ``shape`` or ``garbage`` (JSON of another
        kind, or none)."""
        self.reply, self.status, self.fault = reply, status, fault
        self.seen.clear()
        self.keys.clear()
        self.left.clear()
        self.finished = 0


class _Handler(BaseHTTPRequestHandler):
    server: StandIn
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.seen.append(body)
        self.server.keys.append(self.headers.get("Authorization", ""))
        if self.server.status != 200:
            # As some endpoints do, the key is repeated in the message.
            error = {"error": {"message": f"bad key {KEY}", "type": "x", "code": None, "param": None}}
            self._whole(self.server.status, error)
            return
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Connection", "close")
        self.end_headers()
        self.close_connection = True
        try:
            for piece in self.server.reply(body):
                self._chunk({"choices": [{"index": 0, "delta": {"content": piece}, "finish_reason": None}]})
            if self.server.fault == "cut":
                return
            if self.server.fault == "error":
                self._event({"error": {"message": f"overloaded, key {KEY}", "type": "server_error"}})
                return
            if self.server.fault == "shape":
                self._event({"choices": "none", "usage": [1]})
                return
            if self.server.fault == "garbage":
                self.wfile.write(b"data: {not json\n\n")
                return
            self._chunk({"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]})
            usage = {"prompt_tokens": 321, "completion_tokens": 45, "total_tokens": 366}
            self._chunk({"choices": [], "usage": usage})
            self.wfile.write(b"data: [DONE]\n\n")
            self.server.finished += 1
        except OSError:
            self.server.left.set()

    def _chunk(self, more: dict[str, Any]) -> None:
        self._event({"id": "x", "object": "chat.completion.chunk", "created": 1, "model": "standin", **more})

    def _event(self, data: dict[str, Any]) -> None:
        self.wfile.write(f"data: {json.dumps(data)}\n\n".encode())
        self.wfile.flush()

    def _whole(self, status: int, data: dict[str, Any]) -> None:
        content = json.dumps(data).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *arguments: object) -> None:
        """Say nothing."""


@contextmanager
def standing_in() -> Iterator[StandIn]:
    """The server on a free port, until the block ends."""
    server = StandIn()
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
