"""A figure with its uncertainty: seeded bootstrap intervals, so that a rerun prints the same ones."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import stats

CONFIDENCE = 0.95
RESAMPLES = 2000
SEED = 20260101

Statistic = Callable[[npt.NDArray[np.float64]], float]


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure over ``n`` questions with its 95 % interval. ``value`` is None where no question bears on it."""

    value: float | None
    n: int
    low: float | None = None
    high: float | None = None


def mean(samples: Sequence[float], *, shares: bool = True) -> Estimate:
    """The mean of one number per question, with a percentile bootstrap interval (Efron 1979).

    Where all samples are alike a bootstrap has no width and would claim certainty. For shares, numbers in [0, 1], the
    exact binomial interval (Clopper and Pearson 1934) is given there instead: 8 of 8 right is [0.63, 1].
    """
    if not samples:
        return Estimate(None, 0)
    values = np.asarray(samples, dtype=np.float64)
    average = float(values.mean())
    if np.ptp(values) == 0:
        if shares and average in (0.0, 1.0):
            exact = stats.binomtest(round(average * len(values)), len(values)).proportion_ci(CONFIDENCE, method="exact")
            return Estimate(average, len(values), float(exact.low), float(exact.high))
        return Estimate(average, len(values), average, average)
    low, high = _bootstrap((values,), np.mean, paired=False, vectorized=True)
    return Estimate(average, len(values), low, high)


def of_rows(rows: Sequence[Sequence[float]], statistic: Statistic) -> Estimate:
    """Any figure of whole questions: ``statistic`` takes the rows, shape ``(questions, columns)``, and is resampled by row."""
    if not rows:
        return Estimate(None, 0)
    table = np.asarray(rows, dtype=np.float64)
    value = float(statistic(table))
    if len(rows) == 1 or np.ptp(table, axis=0).max() == 0:
        return Estimate(value, len(rows), value, value)

    def of_numbers(numbers: npt.NDArray[np.float64]) -> float:
        return statistic(table[numbers.astype(np.int64)])

    low, high = _bootstrap((np.arange(len(rows)),), of_numbers, paired=False, vectorized=False)
    return Estimate(value, len(rows), low, high)


def _bootstrap(data: tuple[Any, ...], statistic: Any, *, paired: bool, vectorized: bool) -> tuple[float, float]:
    found = stats.bootstrap(
        data, statistic, n_resamples=RESAMPLES, confidence_level=CONFIDENCE, method="percentile",
        paired=paired, vectorized=vectorized, rng=np.random.default_rng(SEED),
    )  # fmt: skip
    return float(found.confidence_interval.low), float(found.confidence_interval.high)
