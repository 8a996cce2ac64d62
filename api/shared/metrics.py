"""``GET /metrics``: counts and times in Prometheus' text format.

The format is three kinds of lines, and the official client would be imported at every start to write them.
"""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Iterator

from litestar import Response, get
from litestar.datastructures import State
from litestar.di import NamedDependency
from litestar.enums import ScopeType
from litestar.middleware import ASGIMiddleware
from litestar.params import SkipValidation
from litestar.types import ASGIApp, Message, Receive, Scope, Send

from api.shared.guards import ADMIN
from api.shared.protocols import Pipeline

BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
"""Upper bounds in seconds; most answers take a few milliseconds, a language model takes seconds."""


class Metrics:
    """Counts requests by route and status, and how long they took until their last byte."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._requests: Counter[tuple[str, str, int]] = Counter()
        self._buckets: Counter[tuple[str, float]] = Counter()
        self._seconds: Counter[str] = Counter()
        self._count: Counter[str] = Counter()

    def observe(self, method: str, route: str, status: int, seconds: float) -> None:
        with self._lock:
            self._requests[method, route, status] += 1
            self._count[route] += 1
            # Counter is typed for whole numbers; sums of seconds are kept as microseconds.
            self._seconds[route] += round(seconds * 1_000_000)
            for bound in BUCKETS:
                self._buckets[route, bound] += seconds <= bound

    def lines(self, pipeline: Pipeline) -> Iterator[str]:
        """The exposition, metric by metric."""
        with self._lock:
            requests, count = sorted(self._requests.items()), sorted(self._count.items())
            buckets, seconds = dict(self._buckets), dict(self._seconds)
        yield "# HELP wenju_requests_total Requests answered."
        yield "# TYPE wenju_requests_total counter"
        for (method, route, status), number in requests:
            yield f'wenju_requests_total{{method="{method}",route="{route}",status="{status}"}} {number}'
        yield "# HELP wenju_request_seconds Time from a request to the last byte of its answer."
        yield "# TYPE wenju_request_seconds histogram"
        for route, number in count:
            for bound in BUCKETS:
                yield f'wenju_request_seconds_bucket{{route="{route}",le="{bound:g}"}} {buckets[route, bound]}'
            yield f'wenju_request_seconds_bucket{{route="{route}",le="+Inf"}} {number}'
            yield f'wenju_request_seconds_sum{{route="{route}"}} {seconds[route] / 1_000_000:.6f}'
            yield f'wenju_request_seconds_count{{route="{route}"}} {number}'
        snapshot = pipeline.snapshot
        yield "# HELP wenju_snapshot_info The open snapshot."
        yield "# TYPE wenju_snapshot_info gauge"
        yield f'wenju_snapshot_info{{snapshot="{snapshot.id}"}} 1'
        for name, number in (("documents", len(snapshot.documents)), ("facts", len(snapshot.facts))):
            yield f"# HELP wenju_{name} {name.capitalize()} of the open snapshot."
            yield f"# TYPE wenju_{name} gauge"
            yield f"wenju_{name} {number}"


class Measuring(ASGIMiddleware):
    """Times every request."""

    scopes = (ScopeType.HTTP,)

    def __init__(self, metrics: Metrics) -> None:
        self._metrics = metrics

    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        """Pass the request on and note how it ended."""
        begun = time.perf_counter()
        status = 0

        async def watching(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await next_app(scope, receive, watching)
        finally:
            # The template of the route and not the path: a label must not have as many values as there are documents.
            route = str(scope.get("path_template") or "unknown")
            self._metrics.observe(scope["method"], route, status or 499, time.perf_counter() - begun)  # type: ignore[typeddict-item]


def _metrics(state: State) -> Metrics:
    found: Metrics = state.metrics
    return found


@get("/metrics", sync_to_thread=False, opt=ADMIN)
def metrics(pipeline: NamedDependency[SkipValidation[Pipeline]], state: State) -> Response[str]:
    """Tell what a monitor asks for."""
    return Response("\n".join(_metrics(state).lines(pipeline)) + "\n", media_type="text/plain; version=0.0.4")
