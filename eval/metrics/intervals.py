"""A figure with its uncertainty: seeded bootstrap intervals, so that a rerun prints the same ones."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from eval.metrics.statistics import bootstrap, exact_interval

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
            return Estimate(average, len(values), *exact_interval(round(average * len(values)), len(values)))
        return Estimate(average, len(values), average, average)
    return Estimate(average, len(values), *bootstrap(values, np.mean, vectorized=True))


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

    return Estimate(value, len(rows), *bootstrap(np.arange(len(rows)), of_numbers, vectorized=False))
