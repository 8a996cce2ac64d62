"""Which figures are of a place and a time: found by the slot, not by going through the figures."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from index.store.tables.columns import Column, FactColumns
from index.store.tables.mapped import mapped_array

Numbers = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Slots:
    """The figures by place and period, and by period alone. Places and periods are numbers, -1 stands for none.

    ``rows`` has the figures of each pair of ``regions`` and ``periods``, those of pair n from ``starts[n]`` on; ``timed`` those of
    each period, those of period p from ``times[p + 1]`` on.
    """

    rows: Column
    regions: Column
    periods: Column
    starts: NDArray[np.int64]
    timed: Column
    times: NDArray[np.int64]

    @classmethod
    def of(cls, facts: FactColumns, periods: int) -> Self:
        """Those of some figures; ``periods`` is how many there are."""
        rows = np.lexsort((facts.period, facts.region)).astype(np.int32)
        region, period = facts.region[rows], facts.period[rows]
        new = np.ones(len(rows), np.bool_)
        new[1:] = (region[1:] != region[:-1]) | (period[1:] != period[:-1])
        first = np.flatnonzero(new)
        times = np.zeros(periods + 2, np.int64)
        np.cumsum(np.bincount(facts.period + 1, minlength=periods + 1), out=times[1:])
        timed = np.argsort(facts.period, kind="stable").astype(np.int32)
        starts = np.append(first, len(rows)).astype(np.int64)
        return cls(rows, region[first], period[first], starts, timed, times)

    def any_of(self, region: int | None, period: int | None) -> bool:
        """Whether some figure is of a place and a period; None leaves one open."""
        if region is None:
            return period is None or bool(self.times[period + 1] < self.times[period + 2])
        first, last = self._pairs(region)
        return first < last if period is None else self._pair(first, last, period) is not None

    def find(self, regions: Iterable[int] | None, periods: Sequence[int] | None) -> Numbers:
        """The numbers of the figures of any of these places in any of these periods, rising; None leaves one open."""
        if regions is None and periods is None:
            return np.arange(len(self.rows))
        found: list[Column] = []
        if regions is None:
            found = [self.timed[self.times[p + 1] : self.times[p + 2]] for p in periods or ()]
        else:
            for first, last in map(self._pairs, regions):
                if periods is None:
                    found.append(self.rows[self.starts[first] : self.starts[last]])
                    continue
                pairs = (self._pair(first, last, period) for period in periods)
                found += [self.rows[self.starts[n] : self.starts[n + 1]] for n in pairs if n is not None]
        return np.sort(np.concatenate([np.zeros(0, np.intp), *found]))

    def _pairs(self, region: int) -> tuple[int, int]:
        wanted = np.int32(region)
        return int(np.searchsorted(self.regions, wanted)), int(np.searchsorted(self.regions, wanted, side="right"))

    def _pair(self, first: int, last: int, period: int) -> int | None:
        at = first + int(np.searchsorted(self.periods[first:last], np.int32(period)))
        return at if at < last and self.periods[at] == period else None

    def save(self, folder: Path) -> None:
        """Write the files of ``folder`` that begin with ``slots``."""
        np.save(folder / "slots.rows.npy", np.stack([self.rows, self.timed]))
        np.save(folder / "slots.pairs.npy", np.stack([self.regions, self.periods]))
        np.save(folder / "slots.starts.npy", self.starts)
        np.save(folder / "slots.times.npy", self.times)

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Map what ``save`` wrote. Raises OSError and ValueError."""
        rows, timed = mapped_array(folder / "slots.rows.npy")
        regions, periods = mapped_array(folder / "slots.pairs.npy")
        starts, times = mapped_array(folder / "slots.starts.npy"), mapped_array(folder / "slots.times.npy")
        return cls(rows, regions, periods, starts, timed, times)
