"""Two runs of one question set: what differs per question, and whether it is more than chance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from eval.metrics.statistics import bootstrap, exact_p
from eval.reporting.summary import metric_samples
from eval.results import Result, Run
from eval.runs import RunError, results_by_id


@dataclass(frozen=True, slots=True)
class Difference:
    """One question that the two runs answer differently. ``kind`` is gained, lost, or changed (both right or both wrong)."""

    id: str
    category: str
    question: str
    kind: str
    before: str
    after: str
    why: str


@dataclass(frozen=True, slots=True)
class Shift:
    """How a figure moved over the questions that both runs have: B's mean less A's, with a paired bootstrap interval."""

    before: float
    after: float
    difference: float
    low: float
    high: float
    n: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """``p`` is McNemar's exact one over gained and lost questions; ``only_a`` and ``only_b`` are ids of one run alone."""

    questions: int
    accuracy: Shift
    gained: int
    lost: int
    p: float
    by_category: dict[str, tuple[int, int, int]]
    metrics: dict[str, Shift]
    milliseconds: Shift
    differences: tuple[Difference, ...]
    only_a: tuple[str, ...]
    only_b: tuple[str, ...]


def compare(a: Run, b: Run) -> Comparison:
    """B against A. Raises RunError where they share no question, or one id names two questions."""
    before, after = results_by_id(a), results_by_id(b)
    pairs = _pairs(before, after)
    gained = sum(y.right and not x.right for x, y in pairs)
    lost = sum(x.right and not y.right for x, y in pairs)
    return Comparison(
        questions=len(pairs),
        accuracy=shift([float(x.right) for x, _ in pairs], [float(y.right) for _, y in pairs]),
        gained=gained,
        lost=lost,
        p=mcnemar(gained, lost),
        by_category=_by_category(pairs),
        metrics=_metric_shifts([x for x, _ in pairs], [y for _, y in pairs]),
        milliseconds=shift([x.milliseconds for x, _ in pairs], [y.milliseconds for _, y in pairs]),
        differences=tuple(d for x, y in pairs if (d := _difference(x, y)) is not None),
        only_a=tuple(name for name in before if name not in after),
        only_b=tuple(name for name in after if name not in before),
    )


def _pairs(before: dict[str, Result], after: dict[str, Result]) -> list[tuple[Result, Result]]:
    pairs = [(before[name], after[name]) for name in before if name in after]
    if not pairs:
        raise RunError("the two runs share no question")
    for one, other in pairs:
        if one.question != other.question:
            raise RunError(f"{one.id} names two questions: {one.question!r} and {other.question!r}")
    return pairs


def _by_category(pairs: list[tuple[Result, Result]]) -> dict[str, tuple[int, int, int]]:
    """For each category how many are right in either run, and of how many."""
    found: dict[str, tuple[int, int, int]] = {}
    for one, other in sorted(pairs, key=lambda pair: pair[0].category):
        before, after, count = found.get(one.category, (0, 0, 0))
        found[one.category] = (before + one.right, after + other.right, count + 1)
    return found


def mcnemar(gained: int, lost: int) -> float:
    """Two-sided exact p of McNemar's test (1947): how likely chance alone splits the changed questions as one-sidedly."""
    return 1.0 if gained + lost == 0 else exact_p(gained, gained + lost)


def shift(before: Sequence[float], after: Sequence[float]) -> Shift:
    """Means and their difference over paired samples, with a percentile bootstrap interval of the mean difference."""
    gaps = np.asarray(after, dtype=np.float64) - np.asarray(before, dtype=np.float64)
    difference = float(gaps.mean())
    low = high = difference
    if np.ptp(gaps) > 0:
        low, high = bootstrap(gaps, np.mean, vectorized=True)
    return Shift(float(np.mean(before)), float(np.mean(after)), difference, low, high, len(gaps))


def _metric_shifts(before: Sequence[Result], after: Sequence[Result]) -> dict[str, Shift]:
    """Every metric over the questions that bear on it in both runs."""
    one, other = metric_samples(before), metric_samples(after)
    shifts = {}
    for name, samples in one.items():
        common = [key for key in samples if key in other[name]]
        if common:
            shifts[name] = shift([samples[key] for key in common], [other[name][key] for key in common])
    return shifts


def _difference(a: Result, b: Result) -> Difference | None:
    if a.right != b.right:
        kind = "gained" if b.right else "lost"
    elif a.answer != b.answer or a.abstained != b.abstained:
        kind = "changed"
    else:
        return None
    return Difference(a.id, a.category, a.question, kind, a.answer, b.answer, a.why if kind == "gained" else b.why)
