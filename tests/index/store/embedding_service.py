"""Stands in for an embedding service: a real HTTP server that speaks OpenAI's form, and does wrong what it is told to."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tests.fakes import HashingEmbedder

KEY = "sk-embedding-secret-9876543210"
MODEL = "hashing-model"


@dataclass
class Reply:
    """What is sent back: ``content`` as it is if it is bytes, as JSON otherwise."""

    status: int = 200
    content: Any = None
    headers: dict[str, str] = field(default_factory=dict)
    #: ``cut``: the line goes dead instead. ``drip``: a byte at a time, for a long while.
    fault: str = ""


Told = Callable[[list[str]], Reply]


def right(texts: list[str]) -> Reply:
    """Vectors, the last first: a client has to look at the numbers. Not of length 1 either."""
    rows = HashingEmbedder(MODEL, 16).encode(texts, role="passage") * 3
    data = [{"object": "embedding", "index": n, "embedding": row.tolist()} for n, row in enumerate(rows)]
    return Reply(content={"object": "list", "data": data[::-1], "model": MODEL, "usage": {}})


def failing(status: int, message: str = "overloaded", **headers: str) -> Told:
    """An error with these words, and with the key among them, as some services repeat it."""
    content = {"error": {"message": f"{message}, key {KEY}", "type": "x"}}
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda _: Reply(status, content, named)


def saying(content: Any, status: int = 200) -> Told:
    return lambda _: Reply(status, content)


class Standing(ThreadingHTTPServer):
    """The server. ``then`` holds what to do with the next requests, ``always`` what to do with those after."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.always: Told = right
        self.then: list[Told] = []
        self.seen: list[dict[str, Any]] = []
        self.paths: list[str] = []
        self.keys: list[str] = []

    @property
    def url(self) -> str:
        """Without ``/v1``, as people write it."""
        return f"http://127.0.0.1:{self.server_address[1]}"

    @property
    def texts(self) -> list[list[str]]:
        return [body["input"] for body in self.seen]

    def forget(self) -> None:
        self.seen.clear()
        self.paths.clear()
        self.keys.clear()


class _Handler(BaseHTTPRequestHandler):
    server: Standing
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.seen.append(body)
        self.server.paths.append(self.path)
        self.server.keys.append(self.headers.get("Authorization", ""))
        told = self.server.then.pop(0) if self.server.then else self.server.always
        reply = told(body["input"])
        if reply.fault == "cut":
            self.close_connection = True
            return
        content = reply.content if isinstance(reply.content, bytes) else json.dumps(reply.content).encode()
        self.send_response(reply.status)
        for name, value in {"Content-Type": "application/json", **reply.headers}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        try:
            if reply.fault == "drip":
                for n in range(len(content)):
                    self.wfile.write(content[n : n + 1])
                    self.wfile.flush()
                    time.sleep(0.1)
                return
            self.wfile.write(content)
        except OSError:
            self.close_connection = True

    def log_message(self, format: str, *arguments: object) -> None:
        """Say nothing."""


@contextmanager
def embedding_service() -> Iterator[Standing]:
    """The server on a free port, until the block ends."""
    server = Standing()
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
