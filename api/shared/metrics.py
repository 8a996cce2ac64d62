"""``GET /metrics``: counts and times, by the official client."""

from __future__ import annotations

from pathlib import Path

import prometheus_client
from litestar import Response, get
from litestar.datastructures import State
from litestar.di import NamedDependency
from litestar.params import SkipValidation
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

from api.shared.guards import ADMIN
from api.shared.operation.note import Note, outcome
from api.shared.protocols import Pipeline
from api.shared.work import Workers

BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
"""Upper bounds in seconds; most answers take a few milliseconds, a language model takes seconds."""

# When each number was made is of no use to anybody here, and as many lines again.
prometheus_client.disable_created_metrics()  # type: ignore[no-untyped-call]


class Metrics:
    """Counts requests by route and status, how long they took until their last byte, and how questions ended.

    Of several processes that serve together each counts in files of ``folder``, and any of them tells the sums.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder
        self._registry = registry = CollectorRegistry()
        self._requests = Counter(
            "wenju_requests", "Requests answered.", ["method", "route", "status"], registry=registry
        )
        self._seconds = Histogram(
            "wenju_request_seconds", "Time from a request to the last byte of its answer.", ["route"],
            buckets=BUCKETS, registry=registry,
        )  # fmt: skip
        self._queued = Histogram(
            "wenju_queue_seconds", "Time that requests waited for their turn.", buckets=BUCKETS, registry=registry
        )
        self._answers = Counter(
            "wenju_answers", "Questions by how they ended.", ["outcome", "reason", "generator"], registry=registry
        )

    def observe(self, method: str, route: str, status: int, seconds: float, noted: Note) -> None:
        """Count one request."""
        self._requests.labels(method, route, str(status)).inc()
        self._seconds.labels(route).observe(seconds)
        self._queued.observe(noted.queued)
        if noted.answer is not None:
            reason = noted.answer.reason.value if noted.answer.reason is not None else ""
            self._answers.labels(outcome(noted), reason, noted.answer.generator).inc()

    def exposition(self, pipeline: Pipeline, workers: Workers) -> bytes:
        """All of it in Prometheus' text format, with what is served and how much waits in this process."""
        counted = self._registry
        if self._folder is not None:
            counted = CollectorRegistry()
            MultiProcessCollector(counted, str(self._folder))  # type: ignore[no-untyped-call]
        return generate_latest(counted) + generate_latest(_present(pipeline, workers))


def _present(pipeline: Pipeline, workers: Workers) -> CollectorRegistry:
    registry = CollectorRegistry()
    snapshot = pipeline.snapshot
    numbers = {"wenju_documents": len(snapshot.documents), "wenju_facts": len(snapshot.facts)}
    for name, number in numbers.items():
        Gauge(name, f"{name.removeprefix('wenju_').capitalize()} of the open snapshot.", registry=registry).set(number)
    Gauge("wenju_snapshot_info", "The open snapshot.", ["snapshot"], registry=registry).labels(snapshot.id).set(1)
    queue = Gauge("wenju_lane", "Work of each lane.", ["lane", "state"], registry=registry)
    for lane in (workers.computing, workers.changing):
        queue.labels(lane.name, "waiting").set(lane.waiting)
        queue.labels(lane.name, "running").set(lane.running)
        queue.labels(lane.name, "refused").set(lane.refused)
    return registry


def _metrics(state: State) -> Metrics:
    found: Metrics = state.metrics
    return found


@get("/metrics", sync_to_thread=False, opt=ADMIN)
def metrics(
    pipeline: NamedDependency[SkipValidation[Pipeline]], workers: NamedDependency[SkipValidation[Workers]], state: State
) -> Response[bytes]:
    """Tell what a monitor asks for."""
    content = _metrics(state).exposition(pipeline, workers)
    return Response(content, media_type="text/plain; version=0.0.4; charset=utf-8")
