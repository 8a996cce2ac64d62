"""``wenju eval calibrate RUN…``: what share of answers was right at each support, fitted over saved runs."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path

from eval.metrics.calibration import Pair, Step, brier, calibrated, ece, fit
from eval.reporting.summary import support_pairs
from eval.results import Run
from eval.runs import RunError, load_run

FOLDS = 5


def calibrate(paths: Sequence[Path], out: Path | None, *, as_json: bool) -> int:
    """Pool the answered questions of runs, print the fit with what it gains on questions it has not seen, and write it."""
    runs = [load_run(path) for path in paths]
    pairs = [pair for run in runs for pair in support_pairs(run.results)]
    if not pairs:
        raise RunError("the runs hold no answered question")
    steps = fit(pairs)
    held_out = _held_out(runs)
    figures = {
        "answers": len(pairs), "right": sum(right for _, right in pairs),
        "ece_before": ece(pairs), "ece_held_out": ece(held_out),
        "brier_before": brier(pairs), "brier_held_out": brier(held_out),
    }  # fmt: skip
    if as_json:
        content = {**{k: round(v, 6) for k, v in figures.items()}, "steps": _rows(steps)}
        sys.stdout.write(json.dumps(content, indent=1) + "\n")
    else:
        sys.stdout.write(_table(figures, steps))
    if out is not None:
        write_fit(steps, out)
    return 0


def write_fit(steps: Sequence[Step], path: Path) -> None:
    """The fit as JSON: ``[{"support", "share", "count"}…]``, each step holding from its support up to the next."""
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = ",\n ".join(json.dumps(row) for row in _rows(steps))
    path.write_text(f"[\n {lines}\n]\n", encoding="utf-8")


def _held_out(runs: Sequence[Run]) -> list[Pair]:
    """Every answer with the support that a fit over the other folds gives it; folds go by order, so they are repeatable."""
    pairs = [pair for run in runs for pair in support_pairs(run.results)]
    result: list[Pair] = []
    for fold in range(FOLDS):
        seen = [pair for n, pair in enumerate(pairs) if n % FOLDS != fold]
        steps = fit(seen) or fit(pairs)
        result += [(calibrated(steps, s), right) for n, (s, right) in enumerate(pairs) if n % FOLDS == fold]
    return result


def _rows(steps: Sequence[Step]) -> list[dict[str, float]]:
    return [{"support": round(s.support, 4), "share": s.share, "count": s.count} for s in steps]


def _table(figures: dict[str, float], steps: Sequence[Step]) -> str:
    lines = [
        f"{figures['answers']:.0f} answers, {figures['right']:.0f} right",
        f"calibration error {figures['ece_before']:.4f}, after the fit on unseen questions {figures['ece_held_out']:.4f}",
        f"Brier score       {figures['brier_before']:.4f}, after the fit on unseen questions {figures['brier_held_out']:.4f}",
        *(
            []
            if figures["right"] < figures["answers"]
            else ["no answer is wrong: nothing can be learned of what support is worth"]
        ),
        "",
        f"{'support from':>12}{'share right':>13}{'answers':>9}",
    ]
    lines += [f"{s.support:>12.4f}{s.share:>13.4f}{s.count:>9}" for s in steps]
    return "\n".join(lines) + "\n"
