"""Summaries and comparisons as text for a terminal, and as JSON."""

from __future__ import annotations

import json
from typing import Any

import msgspec

from eval.metrics.intervals import Estimate
from eval.reporting.compare import Comparison
from eval.reporting.summary import LABELS, Summary
from eval.results import Run

COUNTED = frozenset({"truthfulness", "mrr", "ndcg_at_10", "ece", "brier", "aurc"})
"""Metrics that are no shares and are printed as plain numbers."""


def run_json(run: Run, summary: Summary) -> str:
    """The figures, what made them, and every failure."""
    content: dict[str, Any] = {
        "origin": run.origin,
        "questions": summary.questions,
        "accuracy": summary.accuracy,
        "by_category": summary.by_category,
        "metrics": summary.metrics,
        "lost_by": summary.lost_by,
        "latency_ms": summary.latency,
        "reliability": summary.reliability,
        "risk_coverage": summary.risk_coverage,
        "failures": [
            {
                "id": r.id, "category": r.category, "question": r.question, "why": r.why, "expected": r.gold.text,
                "answer": r.answer, "diagnosis": r.diagnosis, "quotes": r.gold.quotes,
            }
            for r in run.results
            if not r.right
        ],
    }  # fmt: skip
    return json.dumps(_rounded(msgspec.to_builtins(content)), ensure_ascii=False, indent=1) + "\n"


def _rounded(value: Any) -> Any:
    """Floats to six places: more says nothing and differs between machines."""
    if isinstance(value, float):
        return round(value, 6)
    if isinstance(value, dict):
        return {key: _rounded(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_rounded(each) for each in value]
    return value


def run_table(run: Run, summary: Summary) -> str:
    """Accuracy by category, every metric with its interval, times, and the failures with the stage that lost each."""
    origin = run.origin
    lines = [f"{origin.questions}: {summary.questions} questions, snapshot {origin.snapshot}, {origin.where}", ""]
    for name, held in summary.by_category.items():
        lines.append(f"{name:<20}{held.right:>4} of {held.count:<4}{shown(held.accuracy)}")
    lines += [f"{'ALL':<20}{'':>12}{shown(summary.accuracy)}", ""]
    for name, estimate in summary.metrics.items():
        if estimate.value is not None:
            lines.append(f"{LABELS[name]:<32}{shown(estimate, plain=name in COUNTED)}  n={estimate.n}")
    lines += ["", f"{'ms':<32}{'median':>9}{'':>18}{'p95':>9}{'p99':>9}"]
    for step, took in summary.latency.items():
        lines.append(
            f"{step.replace('_', ' '):<32}{took.median:>9.2f}  {f'[{took.low:.2f}, {took.high:.2f}]':<16}{took.p95:>9.2f}{took.p99:>9.2f}"
        )
    if summary.lost_by:
        lines += ["", "lost by " + ", ".join(f"{stage} {count}" for stage, count in summary.lost_by.items())]
    for result in run.results:
        if result.right or result.diagnosis is None:
            continue
        lines += [
            f"- {result.id} [{result.category}] {result.why}; lost by {result.diagnosis.stage}",
            f"    asked     {result.question}",
            f"    expected  {_line(result.diagnosis.expected)}",
            f"    got       {_line(result.diagnosis.got)}",
        ]
    return "\n".join(lines) + "\n"


def shown(estimate: Estimate, *, plain: bool = False) -> str:
    """A figure with its interval; ``plain`` as a number, otherwise in per cent."""
    if estimate.value is None:
        return "       -"
    if plain:
        return f"{estimate.value:8.3f}  [{estimate.low:.3f}, {estimate.high:.3f}]"
    assert estimate.low is not None
    assert estimate.high is not None
    return f"{100 * estimate.value:7.1f}%  [{100 * estimate.low:.1f}, {100 * estimate.high:.1f}]"


def _line(text: str, most: int = 160) -> str:
    plain = " ".join(text.split())
    return plain if len(plain) <= most else plain[: most - 1] + "…"


def comparison_json(found: Comparison) -> str:
    return json.dumps(_rounded(msgspec.to_builtins(found)), ensure_ascii=False, indent=1) + "\n"


def comparison_table(a: Run, b: Run, found: Comparison) -> str:
    """What moved, whether it is more than chance, and each question that differs."""
    lines = [
        f"A  {_origin(a)}",
        f"B  {_origin(b)}",
        f"{found.questions} questions in both"
        + (f"; only A {len(found.only_a)}, only B {len(found.only_b)}" if found.only_a or found.only_b else ""),
        "",
        f"{'':<32}{'A':>9}{'B':>9}{'B - A':>10}",
    ]
    for category, (before, after, count) in found.by_category.items():
        mark = "" if before == after else f"{after - before:+d}"
        lines.append(f"{category:<32}{before:>9}{after:>9}{mark:>10}  of {count}")
    moved = {"accuracy": found.accuracy, **found.metrics, "milliseconds": found.milliseconds}
    for name, one in moved.items():
        if name in ("accuracy", "milliseconds") or one.difference:
            lines.append(
                f"{LABELS.get(name, name):<32}{one.before:>9.4f}{one.after:>9.4f}{one.difference:>+10.4f}"
                f"  [{one.low:+.4f}, {one.high:+.4f}]"
            )
    verdict = "no question differs" if found.p == 1 and not found.gained + found.lost else f"p = {found.p:.3g}"
    lines += ["", f"gained {found.gained}, lost {found.lost}; McNemar exact: {verdict}"]
    for each in found.differences:
        lines += [
            f"- {each.id} [{each.category}] {each.kind}{': ' + each.why if each.why else ''}",
            f"    asked  {each.question}",
            f"    A      {_line(each.before)}",
            f"    B      {_line(each.after)}",
        ]
    return "\n".join(lines) + "\n"


def _origin(run: Run) -> str:
    origin = run.origin
    return f"{origin.started}  commit {(origin.commit or '-')[:12]}  snapshot {origin.snapshot}  {origin.where}"
