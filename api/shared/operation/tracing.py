"""A trace of each request for OpenTelemetry's collectors, where its own settings (``OTEL_*``) name one; off otherwise.

The span is made here by OpenTelemetry's interface and not by its middleware for ASGI: that one tells whole paths and queries,
in which questions stand.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from litestar.types import Scope

from api.shared.errors import ExtraMissingError
from api.shared.operation.note import Note, outcome
from index.errors import WenjuError
from wenju import __version__

if TYPE_CHECKING:
    from opentelemetry.trace import Span

    from settings import Telemetry

SENDING_SECONDS = 1.0
"""For which the end of the service waits for its last spans to be sent."""

_PROTOCOL = "http/protobuf"
_TOTAL = "total"
"""The time of all steps together, which is no step."""


class TracingError(WenjuError):
    """The settings ask for traces that cannot be sent so."""


class Traces:
    """Makes the spans of this process and hands them to a thread that sends them; nothing waits for that."""

    def __init__(self, wanted: Telemetry) -> None:
        """Where, how often, of which requests and under which name is read by the packages themselves.

        Raises ExtraMissingError where they are not installed, TracingError for what they are not to do here.
        """
        if wanted.exporter != "otlp":
            raise TracingError(f"OTEL_TRACES_EXPORTER: {wanted.exporter!r} is not known here; it may be otlp or none")
        if wanted.protocol != _PROTOCOL:
            raise TracingError(
                f"OTEL_EXPORTER_OTLP_PROTOCOL: {wanted.protocol!r} is not known here; collectors take {_PROTOCOL}, at port 4318"
            )
        try:
            from opentelemetry import propagate, trace
            from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
            from opentelemetry.sdk.resources import SERVICE_NAME, SERVICE_VERSION, OTELResourceDetector, Resource
            from opentelemetry.sdk.trace import TracerProvider
            from opentelemetry.sdk.trace.export import BatchSpanProcessor
        except ImportError as error:
            raise ExtraMissingError("traces (OTEL_*)", "opentelemetry") from error
        self._trace = trace
        self._extract = propagate.extract
        # A name in OTEL_SERVICE_NAME or OTEL_RESOURCE_ATTRIBUTES goes before this one.
        named = Resource.create({SERVICE_NAME: "wenju", SERVICE_VERSION: __version__}).merge(
            OTELResourceDetector().detect()
        )
        # Closed by the service: by itself it would wait for half a minute for a collector that is away.
        self._provider = TracerProvider(resource=named, shutdown_on_exit=False)
        self._provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
        self._tracer = self._provider.get_tracer("wenju", __version__)

    def begin(self, scope: Scope, noted: Note) -> Span:
        """The span of a request, below the caller's where the request names one."""
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        # Its name is given when it is known: the route is, when it was found.
        span = self._tracer.start_span("request", context=self._extract(headers), kind=self._trace.SpanKind.SERVER)
        if span.is_recording():
            noted.trace = f"{span.get_span_context().trace_id:032x}"
        return span

    def end(self, span: Span, method: str, route: str, status: int, noted: Note) -> None:
        """Say how it ended, and what its time went into. No text of a question stands in it, and no path."""
        if span.is_recording():
            span.update_name(f"{method} {route}")
            span.set_attributes(
                {
                    "http.request.method": method,
                    "http.route": route,
                    "http.response.status_code": status,
                    "wenju.request.id": noted.id,
                }
            )
            if status >= 500:
                span.set_attribute("error.type", str(status))
                span.set_status(self._trace.StatusCode.ERROR)
            if noted.key:
                span.set_attribute("wenju.key", noted.key)
            self._stages(span, noted)
        span.end()

    def _stages(self, span: Span, noted: Note) -> None:
        context = self._trace.set_span_in_context(span)
        if noted.queued >= 0.001 and noted.turn:
            begun = noted.turn - int(noted.queued * 1e9)
            self._tracer.start_span("queue", context, start_time=begun).end(noted.turn)
        answer = noted.answer
        if answer is None:
            return
        told = {"wenju.outcome": outcome(noted), "wenju.generator": answer.generator, "wenju.snapshot": answer.snapshot}
        span.set_attributes(told | ({"wenju.reason": answer.reason.value} if answer.reason is not None else {}))
        # The steps follow one another, and the last ended when the answer was there.
        at = noted.answered - int(answer.timings_ms.get(_TOTAL, 0.0) * 1e6)
        for step, took in answer.timings_ms.items():
            if step != _TOTAL:
                ended = at + int(took * 1e6)
                self._tracer.start_span(step, context, start_time=at).end(ended)
                at = ended

    def close(self, most: float) -> None:
        """Send what is not yet sent, for so many seconds at most; a collector that is away is given up then."""
        sending = threading.Thread(target=self._provider.shutdown, name="wenju-traces", daemon=True)
        sending.start()
        sending.join(most)


def traces_of(wanted: Telemetry) -> Traces | None:
    """What makes spans, or None where none are wanted. Raises as ``Traces`` does."""
    return Traces(wanted) if wanted.exporter != "none" else None
