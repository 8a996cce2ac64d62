"""Whether the process is alive, and whether it can answer."""

from __future__ import annotations

from http import HTTPStatus

from litestar import get
from litestar.di import NamedDependency
from litestar.params import SkipValidation

from api.native.schemas import LiveOut, ReadyOut
from api.shared.errors import described
from api.shared.guards import OPEN
from api.shared.protocols import Pipeline
from api.shared.refusals import OverloadedError
from api.shared.work import Workers


@get("/health/live", sync_to_thread=False, opt=OPEN)
def live() -> LiveOut:
    """Show that the event loop turns."""
    return LiveOut()


# Answered on the loop itself: a probe must not wait behind questions.
@get("/health/ready", sync_to_thread=False, opt=OPEN, responses=described(HTTPStatus.SERVICE_UNAVAILABLE))
def ready(
    pipeline: NamedDependency[SkipValidation[Pipeline]], workers: NamedDependency[SkipValidation[Workers]]
) -> ReadyOut:
    """Name the open snapshot; 503 when none is open, and while questions are refused because too many wait."""
    lane = workers.computing
    if lane.overloaded:
        raise OverloadedError(lane.name, max(1.0, lane.wait))
    return ReadyOut(snapshot=pipeline.snapshot.id)
