"""Around every request, of known and unknown paths alike: its id, its line in the log, and the counts."""

from __future__ import annotations

import logging
import time
import uuid
from typing import Any

from litestar.enums import ScopeType
from litestar.types import ASGIApp, Message, Receive, Scope, Send

from api.shared.metrics import Metrics
from api.shared.operation.note import Note, begin, outcome
from api.shared.operation.reached import set_reached_by
from api.shared.operation.tracing import Traces

_logger = logging.getLogger("wenju.requests")

LONGEST_ID = 128
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"})
"""Those that are counted by name. A client may send any word for one, and a count is kept for each as long as the process lives."""

_PROBES = frozenset({"/health/live", "/health/ready", "/metrics"})


class Noting:
    """Gives each request an id, notes how it ended, and sends the id and the safe headers with every answer."""

    def __init__(
        self, app: ASGIApp, metrics: Metrics, *, questions: bool, before: str = "", traces: Traces | None = None
    ) -> None:
        """``questions`` is whether their text may stand in the log; ``before`` see ``reached_by``."""
        self._traces = traces
        self._before = before
        self._app = app
        self._metrics = metrics
        self._questions = questions

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on and note it."""
        if scope["type"] != ScopeType.HTTP:
            await self._app(scope, receive, send)
            return
        noted = Note(id=_request_id(scope))
        begin(noted)
        set_reached_by(self._before)
        begun = time.perf_counter()
        span = self._traces.begin(scope, noted) if self._traces and scope["path"] not in _PROBES else None
        status = 0

        async def watching(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = int(message["status"])
                own = {b"x-request-id", b"cross-origin-resource-policy"}
                headers = [pair for pair in message.get("headers", []) if pair[0].lower() not in own]
                headers.append((b"x-request-id", noted.id.encode()))
                # Another site's page may not even have its visitor's browser load an answer.
                headers.append((b"cross-origin-resource-policy", b"same-origin"))
                message["headers"] = headers
            await send(message)

        try:
            await self._app(scope, receive, watching)
        finally:
            # The template of the route and not the path: a label must not have as many values as there are documents.
            route = str(scope.get("path_template") or "unknown")
            seconds = time.perf_counter() - begun
            method = scope["method"] if scope["method"] in _METHODS else "other"
            self._metrics.observe(method, route, status or 499, seconds, noted)
            if self._traces and span is not None:
                self._traces.end(span, method, route, status or 499, noted)
            if route not in _PROBES or status >= 500:
                _logger.info("request", extra=self._line(method, route, status or 499, seconds, noted))

    def _line(self, method: str, route: str, status: int, seconds: float, noted: Note) -> dict[str, Any]:
        line: dict[str, Any] = {"id": noted.id, "method": method, "route": route, "status": status, "ms": _ms(seconds)}
        if noted.trace:
            line["trace"] = noted.trace
        if noted.key:
            line["key"] = noted.key
        if noted.queued >= 0.001:
            line["queued_ms"] = _ms(noted.queued)
        if noted.answer is not None:
            line |= {"outcome": outcome(noted), "snapshot": noted.answer.snapshot}
            if noted.answer.reason is not None:
                line["reason"] = noted.answer.reason.value
            line |= {f"{step}_ms": round(took, 1) for step, took in noted.answer.timings_ms.items() if step != "total"}
        if self._questions and noted.question is not None:
            line["question"] = noted.question
        return line


def _ms(seconds: float) -> float:
    return round(seconds * 1000, 1)


def _request_id(scope: Scope) -> str:
    """The id that came with a request, if it can stand in a line of a log; else a new one."""
    for name, value in scope["headers"]:
        if name == b"x-request-id" and 0 < len(value) <= LONGEST_ID and all(0x21 <= byte <= 0x7E for byte in value):
            return value.decode("ascii")
    return f"req_{uuid.uuid4().hex}"
