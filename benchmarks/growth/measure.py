"""CPU time of a call at growing sizes, and the power of the size that it grows with."""

from __future__ import annotations

import math
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass
from types import FrameType

LEAST = 0.002
"""Seconds at the largest size under which no growth is told: a clock tells nothing there."""


_SHORT = 0.1
"""Seconds under which a time is the best of three: on a machine that others use as well the clock goes in steps of up to 0.05."""


class _OverTimeError(BaseException):
    """A call took longer than is waited for. No Exception, so that nothing that is measured keeps it."""


@dataclass(frozen=True, slots=True)
class Grown:
    """The CPU seconds of a call at each size; the last may be where it was ended."""

    name: str
    sizes: tuple[int, ...]
    seconds: tuple[float, ...]
    error: str = ""

    @property
    def worst(self) -> float:
        return max(self.seconds)

    @property
    def exponent(self) -> float:
        """The power of the size that the time grows with, over the two largest sizes; 0 where it is too short to tell."""
        if len(self.seconds) < 2 or self.seconds[-1] < LEAST:
            return 0.0
        before = max(self.seconds[-2], LEAST / 20)
        return math.log(self.seconds[-1] / before) / math.log(
            self.sizes[len(self.seconds) - 1] / self.sizes[len(self.seconds) - 2]
        )


def seconds_of(call: Callable[[], object], most: float) -> tuple[float, str]:
    """CPU seconds of a call, ended at about ``most``, and the error that it ended with."""

    def end(_: int, __: FrameType | None) -> None:
        raise _OverTimeError

    kept = signal.signal(signal.SIGVTALRM, end)
    signal.setitimer(signal.ITIMER_VIRTUAL, most)
    error = ""
    started = time.process_time()
    try:
        call()
    except _OverTimeError:
        pass
    except Exception as failed:
        error = f"{type(failed).__name__}: {failed}"[:200]
    finally:
        taken = time.process_time() - started
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, kept)
    return taken, error


def grown(name: str, call: Callable[[int], Callable[[], object]], sizes: tuple[int, ...], most: float) -> Grown:
    """The times of ``call`` at each size, until one takes ``most`` seconds. A short time is the best of three."""
    times: list[float] = []
    for size in sizes:
        made = call(size)
        taken, error = seconds_of(made, most)
        if not error and taken < _SHORT:
            taken = min(taken, *(seconds_of(made, most)[0] for _ in range(2)))
        times.append(taken)
        if error or taken >= most:
            return Grown(name, sizes, tuple(times), error)
    return Grown(name, sizes, tuple(times))
