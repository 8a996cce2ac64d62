"""A figure of the index that shows what can be asked of it."""

from __future__ import annotations

import numpy as np

from index.store.snapshot import IndexSnapshot
from index.store.tables.packed import MEASURES, STATUSES
from index.types import Fact, Measure, Period, Status

_NO_YEAR = Period.months(2000, 1, 2)


def example(snapshot: IndexSnapshot) -> Fact | None:
    """A figure that is found by its place, time and name: of the indicator that reports tell most often the latest amount."""
    tables = snapshot.tables
    facts = tables.of_facts
    # The last of them is that of no period, which has the number -1.
    year = np.array([p.is_year for p in (*tables.periods, _NO_YEAR)], np.bool_)
    plain = np.flatnonzero(
        (facts.canonical >= 0)
        & (facts.region >= 0)
        & year[facts.period]
        & (facts.measure == MEASURES.index(Measure.LEVEL))
        & (facts.status == STATUSES.index(Status.ACTUAL))
    )
    if not len(plain):
        return None
    last = np.array([p.last for p in tables.periods], np.int64)
    often = np.bincount(facts.canonical[plain])
    canonical = facts.canonical[plain]
    # Names and periods are numbered in their order.
    order = np.lexsort((-facts.sentence[plain], last[facts.period[plain]], canonical, often[canonical]))
    best = plain[order[-1]]
    equal = (
        (canonical == facts.canonical[best])
        & (facts.period[plain] == facts.period[best])
        & (facts.sentence[plain] == facts.sentence[best])
    )
    return snapshot.facts[int(plain[equal][0])]
