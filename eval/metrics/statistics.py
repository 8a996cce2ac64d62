"""What of statistics is SciPy's: resampling, exact tests of shares, monotone regression. The only file that imports it.

SciPy weighs as much as a third of an installation and judges answers only, so it is the extra ``eval``.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from index.errors import WenjuError

CONFIDENCE = 0.95
RESAMPLES = 2000
SEED = 20260101

Numbers = npt.NDArray[np.float64]


class StatisticsError(WenjuError):
    """What the harness calculates with is not installed."""


# As the module is imported, and so before a question is asked: a run may take an hour.
try:
    from scipy import stats
    from scipy.optimize import isotonic_regression
except ImportError as error:
    raise StatisticsError('judging answers needs scipy: pip install "wenju[eval]"') from error


def bootstrap(samples: npt.NDArray[Any], statistic: Callable[..., Any], *, vectorized: bool) -> tuple[float, float]:
    """The percentile interval (Efron 1979) of a statistic of one-dimensional samples, the same in every run."""
    found = stats.bootstrap(
        (samples,), statistic, n_resamples=RESAMPLES, confidence_level=CONFIDENCE, method="percentile",
        paired=False, vectorized=vectorized, rng=np.random.default_rng(SEED),
    )  # fmt: skip
    return float(found.confidence_interval.low), float(found.confidence_interval.high)


def exact_interval(successes: int, n: int) -> tuple[float, float]:
    """The exact binomial interval of a share (Clopper and Pearson 1934)."""
    exact = stats.binomtest(successes, n).proportion_ci(CONFIDENCE, method="exact")
    return float(exact.low), float(exact.high)


def exact_p(successes: int, n: int) -> float:
    """How likely ``n`` throws of a coin are at least as one-sided, to either side."""
    return float(stats.binomtest(successes, n, 0.5).pvalue)


def monotone(values: Numbers, weights: Numbers) -> tuple[Numbers, npt.NDArray[np.intp]]:
    """The never falling values nearest to these (pool adjacent violators), and where each block of equal ones begins."""
    found = isotonic_regression(values, weights=weights)
    return found.x, found.blocks
