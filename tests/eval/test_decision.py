"""The fit of the decision: it finds what tells right from wrong, keeps the signs that make sense, and is read back whole."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from eval.decision.__main__ import write
from eval.decision.examples import Example
from eval.decision.fitting import calibration_error, curve, fitted, left_out, stated
from rag.decide.features import AGAINST, FOR, NAMES, OF_QUERY
from rag.decide.judge import DATA, Judge, load_judge
from rag.errors import DecisionError


def drawn(count: int, seed: int = 0) -> list[Example]:
    """Slots of five figures: the right one is most like what is asked; in a third of them nothing is, and none is right."""
    random = np.random.default_rng(seed)
    made = []
    for number in range(count):
        features = np.zeros((5, len(NAMES)), np.float32)
        like = random.uniform(0, 0.4, 5)
        answered = number % 3 > 0
        if answered:
            like[number % 5] += 0.6
        features[:, NAMES.index("like_name")] = like
        # What speaks against a figure by its meaning goes with the right one here, by chance of the draw.
        features[:, NAMES.index("narrows")] = like > 0.5
        right = np.arange(5) == number % 5 if answered else np.zeros(5, bool)
        made.append(Example("c", "s", str(number), f"g{number % 7}", features, right, (0, 1, 2, 3, 4), answered))
    return made


def test_the_right_figure_and_silence_are_told_apart() -> None:
    outcomes = left_out(drawn(210))
    answered = [o for o in outcomes if o.example.answerable]
    assert np.mean([o.right for o in answered]) > 0.95
    assert np.mean([o.probability for o in answered]) > 0.8
    assert np.mean([o.probability for o in outcomes if not o.example.answerable]) < 0.4
    (point,) = curve(outcomes, [0.5])
    assert point.right > 0.9
    assert point.wrong < 0.1


def test_no_weight_has_a_sign_that_makes_no_sense() -> None:
    judge = fitted(drawn(90))
    weights = dict(zip(NAMES, judge.weights.tolist(), strict=True))
    assert weights["like_name"] > 0
    assert weights["narrows"] == 0
    assert all(weights[name] >= 0 for name in FOR)
    assert all(weights[name] <= 0 for name in AGAINST)


def test_what_is_told_is_likelier_where_the_fit_was_shown_more_silence() -> None:
    """The log-odds told lie on a rising line over those of the fit, and the error of what is told is small."""
    outcomes = left_out(drawn(210))
    plain = fitted(drawn(210))
    slope, intercept = stated(outcomes)
    told = Judge(plain.mean, plain.scale, plain.weights, plain.silence, plain.bias, (slope, intercept))
    assert slope > 0
    assert told.told(0.9) > told.told(0.5) > told.told(0.1)
    assert calibration_error(outcomes, told) < 0.1


def test_a_fit_is_read_back(tmp_path: Path) -> None:
    judge = fitted(drawn(60))
    write(judge, {"questions": 60}, tmp_path / "decision.json")
    again = Judge.read(tmp_path / "decision.json")
    features = drawn(1)[0].features
    assert np.allclose(again.of(features).probabilities, judge.of(features).probabilities, atol=1e-2)


def test_the_shipped_weights_are_of_these_features() -> None:
    judge = load_judge()
    assert judge.weights.shape == (len(NAMES),)
    assert judge.silence.shape == (len(OF_QUERY),)
    held = json.loads(DATA.read_text(encoding="utf-8"))
    assert {row["feature"] for row in held["features"]} == set(NAMES)
    assert held["questions"] > 2000
    assert held["calibration_error"] <= 0.04


@pytest.mark.parametrize("content", ["", "{}", '{"features": [{"feature": "like_name"}]}'])
def test_weights_of_other_features_are_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "decision.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(DecisionError, match=r"decision\.json"):
        Judge.read(path)


def test_nothing_is_judged_where_nothing_stands() -> None:
    assert load_judge().of(np.zeros((0, len(NAMES)), np.float32)).probabilities.shape == (0,)
