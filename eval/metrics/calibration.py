"""Does ``support`` say how often an answer is right? And a monotone correction where it does not. Pure functions.

A pair is (support in [0, 1], whether the answer was right); refusals have no pair.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from eval.metrics.statistics import monotone

Pair = tuple[float, bool]
BINS = 10


@dataclass(frozen=True, slots=True)
class Bin:
    """The answers with a support in ``[low, high)``, the last bin with its end: mean support and share of right ones."""

    low: float
    high: float
    count: int
    support: float
    right: float


@dataclass(frozen=True, slots=True)
class Step:
    """From this support on, ``share`` is the calibrated share of right answers; ``count`` answers showed it."""

    support: float
    share: float
    count: int


def reliability(pairs: Sequence[Pair], bins: int = BINS) -> tuple[Bin, ...]:
    """Bins of equal width that hold at least one answer."""
    filled: list[list[Pair]] = [[] for _ in range(bins)]
    for support, right in pairs:
        filled[min(int(support * bins), bins - 1)].append((support, right))
    return tuple(
        Bin(
            n / bins,
            (n + 1) / bins,
            len(held),
            sum(s for s, _ in held) / len(held),
            sum(r for _, r in held) / len(held),
        )
        for n, held in enumerate(filled)
        if held
    )


def ece(pairs: Sequence[Pair], bins: int = BINS) -> float:
    """Expected calibration error: the gap of each bin, weighted by its answers (Naeini et al. 2015)."""
    return sum(b.count * abs(b.support - b.right) for b in reliability(pairs, bins)) / len(pairs)


def brier(pairs: Sequence[Pair]) -> float:
    """Mean squared distance of support from what happened (Brier 1950); 0 is perfect."""
    return sum((support - right) ** 2 for support, right in pairs) / len(pairs)


def risk_coverage(pairs: Sequence[Pair]) -> tuple[tuple[float, float], ...]:
    """(coverage, risk): the share of answers kept when the least supported are withheld, and the share of wrong ones kept.

    Answers of equal support are kept or withheld together, so that no order among them flatters the curve.
    """
    points = []
    ordered = sorted(pairs, key=lambda pair: -pair[0])
    wrong = 0
    for kept, (support, right) in enumerate(ordered, 1):
        wrong += not right
        if kept == len(ordered) or ordered[kept][0] != support:
            points.append((kept / len(ordered), wrong / kept))
    return tuple(points)


def aurc(pairs: Sequence[Pair]) -> float:
    """Area under the risk–coverage curve (Geifman and El-Yaniv 2017), each point's risk held over its stretch."""
    area, before = 0.0, 0.0
    for coverage, risk in risk_coverage(pairs):
        area += (coverage - before) * risk
        before = coverage
    return area


def fit(pairs: Sequence[Pair]) -> tuple[Step, ...]:
    """Support to share of right answers, never falling: isotonic regression (pool adjacent violators).

    A block of few answers would be given 0 or 1. Each block is therefore drawn towards the overall share, itself by the
    rule of succession, as if one more answer of that share stood in it, and what that puts out of order is pooled again.
    """
    if not pairs:
        return ()
    overall = (sum(right for _, right in pairs) + 1) / (len(pairs) + 2)
    supports = np.unique([support for support, _ in pairs])
    count = np.array([sum(s == each for s, _ in pairs) for each in supports], dtype=np.float64)
    right = np.array([sum(r for s, r in pairs if s == each) for each in supports], dtype=np.float64)
    _, blocks = monotone(right / count, count)
    borders = list(itertools.pairwise(blocks))
    held = np.array([count[a:b].sum() for a, b in borders])
    drawn = np.array([(right[a:b].sum() + overall) / (count[a:b].sum() + 1) for a, b in borders])
    shares, _ = monotone(drawn, held)
    steps: list[Step] = []
    for (first, _), share, answers in zip(borders, shares, held, strict=True):
        if steps and steps[-1].share == round(float(share), 4):
            steps[-1] = Step(steps[-1].support, steps[-1].share, steps[-1].count + int(answers))
        else:
            # The first step holds for everything below it too.
            steps.append(Step(float(supports[first]) if steps else 0.0, round(float(share), 4), int(answers)))
    return tuple(steps)


def calibrated(steps: Sequence[Step], support: float) -> float:
    """The share of the last step that starts at or below ``support``."""
    share = steps[0].share
    for step in steps:
        if step.support <= support:
            share = step.share
    return share
