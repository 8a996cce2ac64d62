"""Is a run good enough? A floor under all answers, and no category worse than in a baseline run."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from eval.metrics.slots import Fault
from eval.results import Result, Run, share
from eval.runs import RunError

ANY = "*"
"""The tolerance of every category that has none of its own."""

PROMISES: dict[str, Callable[[Result], bool]] = {
    **{
        fault.value: lambda result, fault=fault: fault.value in result.faults and fault.value in result.asked_faults  # type: ignore[misc]
        for fault in (Fault.PERIOD, Fault.REGION, Fault.TARGET_AS_ACTUAL)
    },
    "loose_numbers": lambda result: bool(result.loose_numbers),
    "verbatim": lambda result: not all(result.verbatim),
    "replayed": lambda result: result.replayed is False,
}
"""What an answer may never do, and whether it does: gated for every question, with no tolerance."""


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
        pairs = _pairs(run, baseline)
        found += [*_categories(pairs, baseline), *_promises(pairs)]
    return tuple(found)


Pairs = Sequence[tuple[Result, Result]]
"""Each question as the baseline and as the run has it."""


def _pairs(run: Run, baseline: Run) -> Pairs:
    held = {r.id: r for r in baseline.results}
    pairs = [(held[r.id], r) for r in run.results if r.id in held]
    if not pairs:
        raise RunError("the baseline has none of these questions")
    for before, now in pairs:
        if now.question != before.question:
            raise RunError(f"{now.id}: the baseline asks {before.question!r}; make it again with --save")
    return pairs


def _categories(pairs: Pairs, baseline: Run) -> list[str]:
    found = []
    for category in sorted({now.category for _, now in pairs}):
        held = [pair for pair in pairs if pair[1].category == category]
        old, new = ([pair[side] for pair in held] for side in (0, 1))
        tolerance = baseline.tolerances.get(category, baseline.tolerances.get(ANY, 0.0))
        if share(old) - share(new) > tolerance + 1e-9:
            lost = ", ".join(now.id for before, now in held if before.right and not now.right)
            found.append(
                f"{category}: {sum(r.right for r in new)} of {len(new)} right, {sum(r.right for r in old)} in the baseline "
                f"(tolerance {tolerance:g}); lost: {lost}"
            )
    return found


def _promises(pairs: Pairs) -> list[str]:
    found = []
    for name, breaks in PROMISES.items():
        worse = [now.id for before, now in pairs if breaks(now) and not breaks(before)]
        if worse:
            found.append(f"{name}: worse than in the baseline: {', '.join(worse)}")
    return found
