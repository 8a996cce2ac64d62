"""The fit of a conditional logit, and what it is worth on questions about places that it was not fitted to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from eval.decision.examples import Example
from rag.decide.features import AGAINST, FOR, NAMES, OF_QUERY
from rag.decide.judge import FARTHEST, Judge, log_odds

PENALTY = 0.5
"""Weight of the squared weights: chosen among 0.3, 1, 3, 5 and 20 by the questions left out."""
FOLDS = 5
Array = NDArray[np.float64]


def fitted(examples: Sequence[Example]) -> Judge:
    """The weights that make the right figures, or silence, likeliest, with a penalty on large ones."""
    features = np.concatenate([e.features for e in examples]).astype(np.float64)
    mean, scale = features.mean(axis=0), features.std(axis=0) + 1e-3
    standard = np.clip((features - mean) / scale, -FARTHEST, FARTHEST)
    of = np.repeat(np.arange(len(examples)), [len(e.features) for e in examples])
    starts = np.concatenate([[0], np.cumsum([len(e.features) for e in examples])[:-1]])
    right = np.concatenate([e.right for e in examples])
    asked = standard[starts, -len(OF_QUERY) :]
    weight = np.array([e.weight for e in examples])
    answered = np.maximum.reduceat(right, starts)
    width = len(NAMES)

    def loss(point: Array) -> tuple[float, Array]:
        utility = standard @ point[:width]
        none = asked @ point[width:-1] + point[-1]
        top = np.maximum(np.maximum.reduceat(utility, starts), none)
        odds, of_none = np.exp(utility - top[of]), np.exp(none - top)
        whole = np.add.reduceat(odds, starts) + of_none
        good = np.where(answered, np.add.reduceat(np.where(right, odds, 0.0), starts), of_none)
        probability = odds / whole[of]
        share = np.where(right, odds / good[of], 0.0) * answered[of]
        by_figure = weight[of] * (probability - share)
        by_none = weight * (of_none / whole - ~answered)
        penalty = PENALTY * float(point[:-1] @ point[:-1])
        gradient = np.concatenate([standard.T @ by_figure, asked.T @ by_none, [by_none.sum()]])
        gradient[:-1] += 2 * PENALTY * point[:-1]
        return float(-(weight * np.log(good / whole + 1e-300)).sum()) + penalty, gradient

    free = [(None, None)] * (len(OF_QUERY) + 1)
    bounds = [(0, None) if name in FOR else (None, 0) if name in AGAINST else (None, None) for name in NAMES]
    start = np.zeros(width + len(free))
    found = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=[*bounds, *free], options={"maxiter": 500})
    return Judge(mean, scale, found.x[:width], found.x[width:-1], float(found.x[-1]))


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a judge that has not seen its group says of one example: how sure it is of its best, and whether that is right."""

    example: Example
    probability: float
    right: bool


def left_out(examples: Sequence[Example], seed: int = 0) -> list[Outcome]:
    """Every example judged by weights that were fitted to other groups."""
    groups = sorted({e.group for e in examples})
    order = np.random.default_rng(seed).permutation(len(groups))
    fold = {groups[place]: n % FOLDS for n, place in enumerate(order)}
    result: list[Outcome] = []
    for held in range(FOLDS):
        judge = fitted([e for e in examples if fold[e.group] != held])
        result += [outcome(judge, e) for e in examples if fold[e.group] == held]
    return result


def outcome(judge: Judge, example: Example) -> Outcome:
    """The best statement of an example by the sum of its figures' probabilities."""
    each = judge.of(example.features).probabilities
    together = np.bincount(np.array(example.statements), weights=each)
    best = int(together.argmax())
    of_best = np.array(example.statements) == best
    return Outcome(example, min(1.0, float(together[best])), bool(example.right[of_best].any()))


@dataclass(frozen=True, slots=True)
class Point:
    """At a least probability: the share of answerable questions that are answered right, and of answers that are wrong."""

    least: float
    right: float
    wrong: float


def curve(outcomes: Sequence[Outcome], leasts: Sequence[float]) -> list[Point]:
    """Risk against coverage over real questions; those made by leaving the right figure out are not counted."""
    real = [o for o in outcomes if o.example.asked]
    answerable = sum(o.example.answerable for o in real) or 1
    points = []
    for least in leasts:
        answers = [o.right for o in real if o.probability >= least]
        points.append(Point(least, sum(answers) / answerable, 1 - sum(answers) / max(1, len(answers))))
    return points


def stated(outcomes: Sequence[Outcome]) -> tuple[float, float]:
    """Slope and intercept that make log-odds those of being right among real questions (Platt 1999).

    The fit sees more questions without an answer than are asked, so that near misses are known; what an asker is told is
    the share of answers that are right.
    """
    real = [o for o in outcomes if o.example.asked]
    odds = np.array([log_odds(o.probability) for o in real])
    right = np.array([o.right for o in real], float)

    def loss(point: Array) -> float:
        utility = point[0] * odds + point[1]
        return float(np.sum(np.logaddexp(0, utility) - right * utility))

    slope, intercept = minimize(loss, np.array([1.0, 0.0]), method="Nelder-Mead").x
    return float(slope), float(intercept)


def calibration_error(outcomes: Sequence[Outcome], judge: Judge, bins: int = 10) -> float:
    """Expected calibration error of what is stated over real questions: mean distance to the share right, by tenths."""
    real = [o for o in outcomes if o.example.asked]
    probability = np.array([judge.told(o.probability) for o in real])
    right = np.array([o.right for o in real])
    at = np.minimum((probability * bins).astype(int), bins - 1)
    return float(
        sum(
            abs(probability[at == b].mean() - right[at == b].mean()) * (at == b).mean()
            for b in range(bins)
            if (at == b).any()
        )
    )
