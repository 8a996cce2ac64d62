"""Is a run good enough? A floor under all answers, and no category worse than in a baseline run."""

from __future__ import annotations

from eval.metrics.slots import Fault
from eval.reporting.summary import LOWER_IS_BETTER, metric_samples
from eval.results import Run, share
from eval.runs import RunError

ANY = "*"
"""The tolerance of every category that has none of its own."""

GUARDED = (
    Fault.PERIOD.value,
    Fault.REGION.value,
    Fault.TARGET_AS_ACTUAL.value,
    "loose_numbers",
    "verbatim",
    "replayed",
)
"""Promises, gated with the categories: any of them worse than in the baseline falls, with no tolerance."""


def falls(run: Run, baseline: Run | None, gate: float | None) -> tuple[str, ...]:
    """What is worse than allowed, one line each; none where the run may pass.

    Only questions that the baseline has too are compared with it. Raises RunError where there is none, or where a
    question of the baseline is asked in other words now.
    """
    found = []
    accuracy = share(run.results)
    if gate is not None and accuracy < gate:
        found.append(f"{accuracy:.4f} right is below the gate of {gate}")
    if baseline is not None:
        found += _against(run, baseline)
    return tuple(found)


def _against(run: Run, baseline: Run) -> list[str]:
    held = {r.id: r for r in baseline.results}
    now = [r for r in run.results if r.id in held]
    if not now:
        raise RunError("the baseline has none of these questions")
    for result in now:
        if result.question != held[result.id].question:
            raise RunError(f"{result.id}: the baseline asks {held[result.id].question!r}; make it again with --save")
    before = [held[r.id] for r in now]
    found = []
    for category in sorted({r.category for r in now}):
        new = [r for r in now if r.category == category]
        old = [held[r.id] for r in new]
        tolerance = baseline.tolerances.get(category, baseline.tolerances.get(ANY, 0.0))
        if share(old) - share(new) > tolerance + 1e-9:
            lost = ", ".join(n.id for n, o in zip(new, old, strict=True) if o.right and not n.right)
            found.append(
                f"{category}: {sum(r.right for r in new)} of {len(new)} right, {sum(r.right for r in old)} in the baseline "
                f"(tolerance {tolerance:g}); lost: {lost}"
            )
    new_samples, old_samples = metric_samples(now), metric_samples(before)
    for name in GUARDED:
        common = [key for key in new_samples[name] if key in old_samples[name]]
        worse = [
            key
            for key in common
            if (new_samples[name][key] > old_samples[name][key]) == (name in LOWER_IS_BETTER)
            and new_samples[name][key] != old_samples[name][key]
        ]
        # An answer that was a refusal before has no sample there: its faults count from none.
        fresh = [
            key
            for key in new_samples[name]
            if key not in old_samples[name] and new_samples[name][key] != float(name not in LOWER_IS_BETTER)
        ]
        if worse or fresh:
            found.append(f"{name}: worse than in the baseline: {', '.join((*worse, *fresh))}")
    return found
