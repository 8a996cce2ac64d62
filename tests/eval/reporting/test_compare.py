"""What differs between two runs, and whether it is more than chance."""

from __future__ import annotations

import pytest

from eval.reporting.compare import compare, mcnemar, shift
from eval.reporting.printing import comparison_json, comparison_table
from eval.runs import RunError
from tests.eval.builders import make_result, make_run


@pytest.mark.parametrize(
    ("gained", "lost", "p"),
    [
        (0, 0, 1.0),
        (1, 0, 1.0),
        # Five of five one way: 2 × (1/2)^5.
        (5, 0, 0.0625),
        (0, 6, 0.03125),
        # 2 × (C(10,0) + C(10,1)) / 2^10.
        (9, 1, 22 / 1024),
        (3, 3, 1.0),
    ],
)
def test_mcnemar_by_hand(gained: int, lost: int, p: float) -> None:
    assert mcnemar(gained, lost) == pytest.approx(p)


def test_a_shift_is_paired() -> None:
    """Every question is one better, so the difference is certain although the runs themselves vary."""
    found = shift([1.0, 5.0, 9.0], [2.0, 6.0, 10.0])
    assert (found.before, found.after, found.difference, found.low, found.high, found.n) == (5.0, 6.0, 1.0, 1.0, 1.0, 3)
    mixed = shift([0.0] * 10, [1.0] * 5 + [0.0] * 5)
    assert mixed.difference == 0.5
    assert 0.1 < mixed.low < 0.5 < mixed.high < 0.9


A = make_run(
    make_result("1"),
    make_result("2"),
    make_result("3", right=False),
    make_result("4", category="value"),
    make_result("old"),
)
B = make_run(
    make_result("1"), make_result("2", right=False, ranks=(2,)), make_result("3"),
    make_result("4", category="value", answer="增长18.3%。"), make_result("new"),
)  # fmt: skip


def test_each_question_that_differs_is_named() -> None:
    found = compare(A, B)
    assert [(d.id, d.kind) for d in found.differences] == [("2", "lost"), ("3", "gained"), ("4", "changed")]
    assert (found.questions, found.gained, found.lost, found.p) == (4, 1, 1, 1.0)
    assert found.by_category == {"growth": (2, 2, 3), "value": (1, 1, 1)}
    assert (found.only_a, found.only_b) == (("old",), ("new",))
    assert found.metrics["recall_at_1"].difference == -0.25
    text = comparison_table(A, B, found)
    assert "gained 1, lost 1; McNemar exact: p = 1" in text
    assert "- 2 [growth] lost: does not state 18.3%" in text
    assert '"only_a": [\n  "old"\n ]' in comparison_json(found)


def test_runs_that_cannot_be_compared() -> None:
    with pytest.raises(RunError, match="share no question"):
        compare(make_run(make_result("1")), make_run(make_result("2")))
    with pytest.raises(RunError, match="1 names two questions: 'question 1' and 'another'"):
        compare(make_run(make_result("1")), make_run(make_result("1", question="another")))


def test_a_run_does_not_differ_from_itself() -> None:
    found = compare(A, A)
    assert found.differences == ()
    assert all(one.difference == 0 for one in found.metrics.values())
    assert "no question differs" in comparison_table(A, A, found)
