"""How much one piece of work may cost: the thread's CPU clock, asked at each step of what may be many.

Inputs are cut so that nothing comes near it; what still does is a defect, and must not hold a worker for good.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_ENDS: ContextVar[tuple[float, Callable[[], Exception]] | None] = ContextVar("ends", default=None)


@contextmanager
def spending(seconds: float, over: Callable[[], Exception]) -> Iterator[None]:
    """Hold the work of this thread inside the context to so many CPU seconds; ``over`` makes what :func:`check` raises then."""
    kept = _ENDS.set((time.thread_time() + seconds, over))
    try:
        yield
    finally:
        _ENDS.reset(kept)


def check() -> None:
    """Raise the error of the work at hand where it has cost what it may."""
    ends = _ENDS.get()
    if ends is not None and time.thread_time() > ends[0]:
        raise ends[1]()
