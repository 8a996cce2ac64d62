"""A run on disk, and its figures by hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from eval.reporting.summary import LABELS, metric_samples, summarise
from eval.results import Diagnosis, share
from eval.runs import RunError, load_run, save_run
from tests.eval.builders import make_derived, make_figure, make_result, make_run

SHARE = make_figure("29.8", derived=make_derived("108.4 ÷ 363.3 × 100%", ("108.4", "亿元"), ("363.3", "亿元")))


def test_a_run_comes_back_as_it_was(tmp_path: Path) -> None:
    """With one result per line, so that a version control shows which question changed."""
    lost = make_result("b", right=False, values=(SHARE,), diagnosis=Diagnosis("wording", "“18.3%”", "18.4%"))
    run = make_run(make_result("a"), lost, tolerances={"*": 0.0, "growth": 0.125})
    save_run(run, tmp_path / "runs" / "one.json")
    assert load_run(tmp_path / "runs" / "one.json") == run
    lines = (tmp_path / "runs" / "one.json").read_text(encoding="utf-8").splitlines()
    assert [line[:9] for line in lines if line.startswith('{"id"')] == ['{"id":"a"', '{"id":"b"']


@pytest.mark.parametrize(
    ("content", "cause"),
    [
        ("{", "not a run"),
        ("[]", "not a run of format 1"),
        ('{"format": 2}', "not a run of format 1"),
        ('{"format": 1}', "missing required field `origin`"),
        ('{"format": 1, "origin": {}, "results": []}', r"`commit` - at `\$.origin`"),
    ],
)
def test_what_is_no_run_is_refused(tmp_path: Path, content: str, cause: str) -> None:
    (tmp_path / "run.json").write_text(content, encoding="utf-8")
    with pytest.raises(RunError, match=cause):
        load_run(tmp_path / "run.json")
    with pytest.raises(RunError, match="No such file"):
        load_run(tmp_path / "nothing.json")


RUN = make_run(
    make_result("1", ranks=(1,), timings_ms={"total": 1.0}, milliseconds=2.0),
    make_result("2", ranks=(2, None), timings_ms={"total": 3.0}, milliseconds=4.0, support=0.7),
    make_result(
        "3", right=False, category="value", faults=("wrong_period",), ranks=(None,), verbatim=(True, False),
        citations=make_result().citations * 2, relevant=(True, True), loose_numbers=("5",), replayed=False,
        diagnosis=Diagnosis("extraction", "", ""), milliseconds=6.0, support=0.5,
    ),
    make_result("4", right=False, abstained=True, citations=(), verbatim=(), relevant=(), ranks=(1,),
                diagnosis=Diagnosis("retrieval", "", ""), milliseconds=8.0),
    make_result("5", category="unanswerable", answerable=False, abstained=True, retrieved=False, ranks=(), citations=(),
                verbatim=(), relevant=(), asked_faults=(), milliseconds=10.0),
    make_result("6", right=False, category="unanswerable", answerable=False, retrieved=False, ranks=(), asked_faults=(),
                relevant=(False,), milliseconds=12.0, support=0.2),
)  # fmt: skip


@pytest.mark.parametrize(
    ("metric", "value", "questions"),
    [
        ("accuracy_when_answered", 2 / 4, 4),
        ("truthfulness", (1 + 1 - 1 + 0 + 1 - 1) / 6, 6),
        ("refusal_recall", 1 / 2, 2),
        ("false_refusals", 1 / 4, 4),
        ("recall_at_1", (1 + 0 + 0 + 1) / 4, 4),
        ("recall_at_5", (1 + 0.5 + 0 + 1) / 4, 4),
        ("mrr", (1 + 0.5 + 0 + 1) / 4, 4),
        ("wrong_period", 1 / 4, 4),
        ("wrong_region", None, 0),
        # Question 3 has one citation that is not verbatim: to the point, but none that counts.
        ("citation_precision", (1 + 1 + 0.5 + 0) / 4, 4),
        ("citation_recall", (1 + 1 + 0 + 0) / 4, 4),
        ("verbatim", (1 + 1 + 0.5 + 1) / 4, 4),
        ("loose_numbers", 1 / 6, 6),
        ("replayed", 5 / 6, 6),
    ],
)
def test_metrics_of_a_run_by_hand(metric: str, value: float | None, questions: int) -> None:
    """Six questions: two right, one wrong, one refused wrongly, one rightly, one answered that must be refused."""
    found = summarise(RUN).metrics[metric]
    assert (found.value, found.n) == (None if value is None else pytest.approx(value), questions)


def test_categories_times_and_stages_by_hand() -> None:
    summary = summarise(RUN)
    assert summary.accuracy.value == 0.5
    assert {name: (c.right, c.count) for name, c in summary.by_category.items()} == {
        "growth": (2, 3), "unanswerable": (1, 2), "value": (0, 1),
    }  # fmt: skip
    assert summary.lost_by == {"retrieval": 1, "extraction": 1}
    asked = summary.latency["asked to answered"]
    assert (asked.median, asked.p95, asked.p99) == (7.0, 11.5, 11.9)
    assert 2.0 <= asked.low < 7.0 < asked.high <= 12.0
    assert summary.latency["total"].median == 1.0
    assert sum(b.count for b in summary.reliability) == 4
    assert share(()) == 0.0


def test_every_metric_has_a_name() -> None:
    assert set(summarise(RUN).metrics) == set(LABELS)
    assert set(metric_samples(())) <= set(LABELS)
