"""The figures of a run, each with its interval."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from eval.metrics.calibration import Bin, Pair, aurc, brier, ece, reliability, risk_coverage
from eval.metrics.diagnosis import Stage
from eval.metrics.intervals import Estimate, mean, of_rows
from eval.metrics.retrieval import ndcg_at, recall_at, reciprocal_rank
from eval.metrics.slots import Fault
from eval.results import Result, Run


@dataclass(frozen=True, slots=True)
class Category:
    right: int
    count: int
    accuracy: Estimate


@dataclass(frozen=True, slots=True)
class Latency:
    """Milliseconds of one step over all questions; ``low`` and ``high`` are the median's interval."""

    median: float
    low: float
    high: float
    p95: float
    p99: float


@dataclass(frozen=True, slots=True)
class Summary:
    """Everything that a run says. ``metrics`` are in the order in which they are shown; names are keys of ``LABELS``."""

    questions: int
    accuracy: Estimate
    by_category: dict[str, Category]
    metrics: dict[str, Estimate]
    lost_by: dict[str, int]
    latency: dict[str, Latency]
    reliability: tuple[Bin, ...]
    risk_coverage: tuple[tuple[float, float], ...]


LABELS = {
    "accuracy_when_answered": "right where it answered",
    "truthfulness": "right 1, refused 0, wrong -1",
    "refusal_recall": "unanswerable refused",
    "false_refusals": "answerable refused",
    "recall_at_1": "retrieval R@1",
    "recall_at_5": "retrieval R@5",
    "recall_at_10": "retrieval R@10",
    "mrr": "retrieval MRR@10",
    "ndcg_at_10": "retrieval nDCG@10",
    "wrong_period": "wrong period",
    "wrong_region": "wrong region",
    "wrong_scope": "wrong scope",
    "target_as_actual": "target as actual",
    "actual_as_target": "actual as target",
    "citation_precision": "citation precision",
    "citation_recall": "citation recall",
    "verbatim": "citations verbatim",
    "loose_numbers": "answers with uncited numbers",
    "replayed": "same answer when asked again",
    "ece": "support: calibration error",
    "brier": "support: Brier score",
    "aurc": "support: area under risk-coverage",
}
"""What each metric is called where it is printed; its definition is in docs/evaluation.md."""

LOWER_IS_BETTER = frozenset(
    {"false_refusals", *(fault.value for fault in Fault), "loose_numbers", "ece", "brier", "aurc"}
)


def summarise(run: Run) -> Summary:
    """All figures of a run."""
    results = run.results
    pairs = support_pairs(results)
    return Summary(
        questions=len(results),
        accuracy=mean([float(r.right) for r in results]),
        by_category={
            name: Category(sum(r.right for r in held), len(held), mean([float(r.right) for r in held]))
            for name in run.categories
            if (held := run.of_category(name))
        },
        metrics={name: _metric(name, samples) for name, samples in metric_samples(results).items()}
        | {
            "ece": _of_pairs(pairs, ece),
            "brier": _of_pairs(pairs, brier),
            "aurc": _of_pairs(pairs, aurc),
        },
        lost_by={
            stage.value: count
            for stage in Stage
            if (count := sum(r.diagnosis is not None and r.diagnosis.stage == stage for r in results))
        },
        latency=_latency(results),
        reliability=reliability(pairs),
        risk_coverage=risk_coverage(pairs),
    )


def support_pairs(results: Iterable[Result]) -> list[Pair]:
    """(support, right) of every question that was answered."""
    return [(min(1.0, max(0.0, r.support)), r.right) for r in results if not r.abstained]


def metric_samples(results: Sequence[Result]) -> dict[str, dict[str, float]]:
    """For each metric the number of every question that bears on it, by question id; the metric is their mean."""
    return _of_answers(results) | _of_retrieval(results) | _of_slots(results) | _of_citations(results)


def _of_answers(results: Sequence[Result]) -> dict[str, dict[str, float]]:
    return {
        "accuracy_when_answered": {r.id: float(r.right) for r in results if not r.abstained},
        "truthfulness": {r.id: 1.0 if r.right else -float(not r.abstained) for r in results},
        "refusal_recall": {r.id: float(r.abstained) for r in results if not r.answerable},
        "false_refusals": {r.id: float(r.abstained) for r in results if r.answerable},
    }


def _of_retrieval(results: Sequence[Result]) -> dict[str, dict[str, float]]:
    metrics: dict[str, Callable[[Sequence[int | None]], float]] = {
        **{f"recall_at_{k}": partial(recall_at, k=k) for k in (1, 5, 10)},
        "mrr": reciprocal_rank,
        "ndcg_at_10": partial(ndcg_at, k=10),
    }
    return {name: {r.id: metric(r.ranks) for r in results if r.retrieved} for name, metric in metrics.items()}


def _of_slots(results: Sequence[Result]) -> dict[str, dict[str, float]]:
    return {
        fault.value: {r.id: float(fault.value in r.faults) for r in results if fault.value in r.asked_faults}
        for fault in Fault
    }


def _of_citations(results: Sequence[Result]) -> dict[str, dict[str, float]]:
    cited = [r for r in results if r.citations and not r.abstained]
    return {
        "citation_precision": {
            r.id: sum(v and n for v, n in zip(r.verbatim, r.relevant, strict=True)) / len(r.citations) for r in cited
        },
        "citation_recall": {r.id: float(r.gold_cited) for r in results if r.answerable and r.gold.quotes},
        "verbatim": {r.id: sum(r.verbatim) / len(r.verbatim) for r in cited},
        "loose_numbers": {r.id: float(bool(r.loose_numbers)) for r in results},
        "replayed": {r.id: float(r.replayed) for r in results if r.replayed is not None},
    }


def _metric(name: str, samples: dict[str, float]) -> Estimate:
    return mean(list(samples.values()), shares=name != "truthfulness")


def _of_pairs(pairs: Sequence[Pair], figure: Callable[[Sequence[Pair]], float]) -> Estimate:
    rows = [(support, float(right)) for support, right in pairs]
    return of_rows(rows, lambda table: figure([(float(s), bool(r)) for s, r in table]))


def _latency(results: Sequence[Result]) -> dict[str, Latency]:
    """The service's own steps as it reports them, and ``asked to answered`` as the asker measures it."""
    steps: dict[str, list[float]] = {"asked to answered": [r.milliseconds for r in results]}
    for result in results:
        for step, took in result.timings_ms.items():
            steps.setdefault(step, []).append(took)
    return {step: _spread(taken) for step, taken in steps.items() if taken}


def _spread(taken: Sequence[float]) -> Latency:
    median = of_rows([(one,) for one in taken], lambda table: float(np.median(table)))
    assert median.value is not None
    assert median.low is not None
    assert median.high is not None
    p95, p99 = np.percentile(taken, (95, 99))
    return Latency(*(round(float(each), 3) for each in (median.value, median.low, median.high, p95, p99)))
