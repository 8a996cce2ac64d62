"""A lane: threads for one sort of work, and a queue before them that is no longer than somebody wants to wait."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, ParamSpec, TypeVar

from api.shared.operation import note
from api.shared.refusals import OverloadedError

T = TypeVar("T")
P = ParamSpec("P")

PATIENCE = 0.6
"""Seconds of expected waiting above which work is refused: an answer is wanted within one."""

LATEST = 0.8
"""Seconds of real waiting after which work is refused when its turn comes and others still wait behind it: what an answer takes
changes with what is asked and with what else the machine does, and one that comes late makes the next one late too."""

STALLED = 2.0
"""Seconds in which nothing that waits was begun, after which nothing more is let in to wait."""

MOST_WAITING = 256

_FIRST_GUESS = 0.04
_SHARE = 0.1
"""How much the last piece of work counts in the mean of what one takes."""


class Lane(ThreadPoolExecutor):
    """A pool of threads that says no. To be used from any thread, also as the loop's default executor."""

    def __init__(
        self, name: str, threads: int, *, most_waiting: int = MOST_WAITING, patience: float = PATIENCE
    ) -> None:
        super().__init__(threads, thread_name_prefix=f"wenju-{name}")
        self.name = name
        self.threads = threads
        self.refused = 0
        self._most_waiting = most_waiting
        self._patience = patience
        self._counting = threading.Lock()
        self._waiting = self._running = 0
        self._mean = _FIRST_GUESS
        self._begun = time.monotonic()

    @property
    def waiting(self) -> int:
        """How much work waits for a thread."""
        return self._waiting

    @property
    def running(self) -> int:
        """How much is done at the moment."""
        return self._running

    @property
    def wait(self) -> float:
        """Seconds that work which comes now will wait, judged by what the last took."""
        free = self.threads - self._running - self._waiting
        return 0.0 if free > 0 else (self._waiting + 1) * self._mean / self.threads

    @property
    def overloaded(self) -> bool:
        """Whether work that comes now is refused."""
        return self._waiting > 0 and (
            self._waiting >= self._most_waiting
            or self.wait > self._patience
            or (math.isfinite(self._patience) and time.monotonic() - self._begun > STALLED)
        )

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Put work in the queue. Raises OverloadedError where it is too long."""
        return self.enter(lambda: fn(*args, **kwargs))

    def enter(self, work: Callable[[], T], *, admitted: bool = False) -> Future[T]:
        """The same; what is ``admitted`` is not refused."""
        noted = note.current()
        with self._counting:
            if not admitted and self.overloaded:
                self.refused += 1
                raise OverloadedError(self.name, max(1.0, self.wait))
            if not self._waiting:
                self._begun = time.monotonic()
            self._waiting += 1
        came, started = time.monotonic(), False
        due = math.inf if admitted or math.isinf(self._patience) else came + LATEST

        def timed() -> T:
            nonlocal started
            started = True
            begun = time.monotonic()
            with self._counting:
                self._waiting -= 1
                self._begun = begun
                late = begun > due and self._waiting >= self.threads
                self._running += not late
                self.refused += late
            noted.queued += begun - came
            noted.turn = time.time_ns()
            if late:
                raise OverloadedError(self.name, max(1.0, self.wait))
            try:
                return work()
            finally:
                with self._counting:
                    self._running -= 1
                    self._mean += _SHARE * (time.monotonic() - begun - self._mean)

        def done(_: Future[Any]) -> None:
            if not started:
                # Who asked for it has left before its turn came.
                with self._counting:
                    self._waiting -= 1

        try:
            future = super().submit(timed)
        except RuntimeError:
            done(Future())
            raise OverloadedError("stopping", 5.0) from None
        future.add_done_callback(done)
        return future
