"""Gates: what falls, what may, and that a rule broken on purpose is noticed."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from eval.cases import read_cases
from eval.command import OWN_SET
from eval.harness import run_cases
from eval.reporting.gates import falls
from eval.results import Run
from eval.runs import RunError
from eval.services import InProcess
from index.types import Fact, Status
from rag.decide import serving as fitting
from rag.find.candidates import CandidateFinder
from rag.pipeline import AnswerPipeline
from rag.types import Query
from tests.eval.builders import make_result, make_run

EIGHT = [make_result(str(n)) for n in range(8)]


def with_lost(*lost: int, **tolerances: float) -> tuple[Run, Run]:
    """(a run that lost these questions, its baseline)."""
    return (
        make_run(*(make_result(str(n), right=n not in lost) for n in range(8))),
        make_run(*EIGHT, tolerances=tolerances or {"*": 0.0}),
    )


@pytest.mark.parametrize(
    ("lost", "tolerances", "falling"),
    [
        ((), {}, False),
        ((3,), {}, True),
        ((3,), {"growth": 0.125}, False),
        ((3,), {"value": 0.125}, True),
        ((3,), {"*": 0.2}, False),
        ((3,), {"*": 0.2, "growth": 0.0}, True),
        ((3, 4), {"growth": 0.125}, True),
    ],
)
def test_no_category_falls_by_more_than_its_tolerance(
    lost: tuple[int, ...], tolerances: dict[str, float], falling: bool
) -> None:
    found = falls(*with_lost(*lost, **tolerances), None)
    assert bool(found) is falling
    if lost == (3,) and falling:
        assert "growth: 7 of 8 right, 8 in the baseline (tolerance 0" in found[0]
        assert found[0].endswith("lost: 3")


def test_what_was_lost_in_the_baseline_too_is_no_fall() -> None:
    run, _ = with_lost(3)
    assert falls(run, run, None) == ()


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"faults": ("wrong_period",)}, "wrong_period"),
        ({"loose_numbers": ("5",)}, "loose_numbers"),
        ({"verbatim": (False,)}, "verbatim"),
        ({"replayed": False}, "replayed"),
    ],
)
def test_promises_have_no_tolerance(changes: dict[str, Any], name: str) -> None:
    """Though every answer counts as right."""
    run = make_run(*EIGHT[:7], make_result("7", **changes))
    assert falls(run, make_run(*EIGHT, tolerances={"*": 1.0}), None) == (f"{name}: worse than in the baseline: 7",)
    assert falls(make_run(*EIGHT), run, None) == ()


def test_a_new_answer_is_held_to_the_promises() -> None:
    """What was refused in the baseline has no citation there."""
    refused = make_result("7", abstained=True, citations=(), verbatim=(), relevant=())
    run = make_run(*EIGHT[:7], make_result("7", verbatim=(False,)))
    assert falls(run, make_run(*EIGHT[:7], refused), None) == ("verbatim: worse than in the baseline: 7",)
    assert falls(make_run(*EIGHT), make_run(*EIGHT[:7], refused), None) == ()


def test_the_plain_gate() -> None:
    run, _ = with_lost(3)
    assert falls(run, None, 0.875) == ()
    assert falls(run, None, 0.9) == ("0.8750 right is below the gate of 0.9",)


def test_a_baseline_of_other_questions_is_refused() -> None:
    with pytest.raises(RunError, match="none of these questions"):
        falls(make_run(make_result("x")), make_run(*EIGHT), None)
    with pytest.raises(RunError, match="0: the baseline asks 'question 0'"):
        falls(make_run(make_result("0", question="another")), make_run(*EIGHT), None)


def ours(pipeline: AnswerPipeline) -> Run:
    return make_run(*run_cases(InProcess(pipeline), read_cases(OWN_SET)))


def test_a_rule_broken_on_purpose_falls(pipeline: AnswerPipeline, monkeypatch: pytest.MonkeyPatch) -> None:
    """Targets that pass as results: the gate names the category, the fault and the question."""
    baseline = ours(pipeline)
    serves = fitting.serves

    def lax(query: Query, fact: Fact) -> bool:
        told = fact if query.status is Status.TARGET else replace(fact, status=Status.ACTUAL)
        return serves(query, told)

    monkeypatch.setattr("rag.decide.cells.serves", lax)
    monkeypatch.setattr(CandidateFinder, "planned_or_not", lambda _, __, numbers: list(numbers))
    fallen = falls(ours(pipeline), baseline, None)
    assert any(line.startswith("unanswerable: ") and "b-unanswerable-09" in line for line in fallen)
    assert any(line.startswith("target_as_actual: ") for line in fallen)
