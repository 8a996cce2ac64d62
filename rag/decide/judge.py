"""How likely each figure is the one that is asked for, and how likely none is: one small model over the features.

A conditional logit (McFadden 1974): each figure i of a slot has a utility ``u_i = w · x_i`` over its standardised
features, and that nothing answers has one too, ``u_0 = v · q + b`` over those of the question; then
``p_i = exp(u_i) / (exp(u_0) + Σ exp(u_j))``. So rivals take from each other, and a probability is one of being right among all
that could be said, silence included. ``data/decision.json`` holds the weights in readable form with what they were
fitted on; ``python -m eval.decision`` makes it.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from rag.decide.features import NAMES, OF_QUERY
from rag.decide.policy import LEAST_SAID
from rag.errors import DecisionError

DATA = Path(__file__).parent / "data" / "decision.json"
FARTHEST = 6.0
"""Standard deviations from the mean at which a feature is cut off."""


_SAYING = [
    NAMES.index(name)
    for name in (
        "words_in_clause",
        "said_in_clause",
        "like_name",
        "like_clause",
        "question_like_name",
        "question_like_clause",
    )
]


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the model says of the figures of one slot, in their order.

    ``probabilities`` are those of each being right, rivals weighed; ``alone`` those with none but silence beside it.
    ``worth`` is what each feature adds to each utility, ``(figures, NAMES)``.
    """

    probabilities: NDArray[np.float64]
    alone: NDArray[np.float64]
    worth: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Judge:
    """The fitted model: all arrays are in the order of ``NAMES``, ``silence`` in that of ``OF_QUERY``."""

    mean: NDArray[np.float64]
    scale: NDArray[np.float64]
    weights: NDArray[np.float64]
    silence: NDArray[np.float64]
    bias: float
    stated: tuple[float, float] = (1.0, 0.0)
    """Slope and intercept from log-odds to those of being right among the questions that are really asked."""

    def told(self, probability: float) -> float:
        """What an asker is told of a probability: the share of answers given with it that are right."""
        slope, intercept = self.stated
        utility = slope * log_odds(probability) + intercept
        return 1 / (1 + math.exp(min(-utility, 500.0)))

    def of(self, features: NDArray[np.float32]) -> Judgement:
        """Judge the figures with these features, ``(figures, NAMES)``."""
        if not len(features):
            nothing = np.zeros(0)
            return Judgement(nothing, nothing, np.zeros((0, len(NAMES))))
        standard = np.clip((features - self.mean) / self.scale, -FARTHEST, FARTHEST)
        worth = standard * self.weights
        utilities = worth.sum(axis=1)
        none = float(standard[0, -len(OF_QUERY) :] @ self.silence + self.bias)
        top = max(float(utilities.max()), none)
        odds, of_none = np.exp(utilities - top), np.exp(none - top)
        alone = 1 / (1 + np.exp(np.clip(none - utilities, -50, 50)))
        # The asked unit, a letter and the want of rivals make no answer of what shares neither words nor meaning.
        says = features[:, _SAYING].max(axis=1) >= LEAST_SAID
        return Judgement(odds / (odds.sum() + of_none) * says, alone * says, worth)

    @classmethod
    def read(cls, path: Path = DATA) -> Judge:
        """Raises DecisionError where the file is not of these features."""
        try:
            held = json.loads(path.read_text(encoding="utf-8"))
            rows = {row["feature"]: row for row in held["features"]}
            columns = [[float(rows[name][key]) for name in NAMES] for key in ("mean", "scale", "weight")]
            silence = [float(rows[name]["silence"]) for name in OF_QUERY]
            bias, stated = float(held["bias"]), (float(held["stated"][0]), float(held["stated"][1]))
        except (OSError, ValueError, KeyError, TypeError, IndexError) as error:
            raise DecisionError(
                f"{path.name}: {type(error).__name__}: {error}; make it with: python -m eval.decision"
            ) from error
        mean, scale, weights = (np.array(column) for column in columns)
        return cls(mean, scale, weights, np.array(silence), bias, stated)


def log_odds(probability: float) -> float:
    """Of a probability, which is taken for neither 0 nor 1."""
    kept = min(max(probability, 1e-6), 1 - 1e-6)
    return math.log(kept / (1 - kept))


@cache
def load_judge() -> Judge:
    """The shipped one."""
    return Judge.read()
