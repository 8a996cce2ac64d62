"""Match scores to the share of answers that were right at them, so that ``support`` means the same for every model.

The steps in ``data/support.json`` are a monotone (isotonic) fit over the answered questions of five question sets, made
by ``wenju eval calibrate``; ``docs/evaluation.md`` says how to make them again.
"""

from __future__ import annotations

import json
from bisect import bisect_right
from functools import cache
from pathlib import Path

_DATA = Path(__file__).parent / "data" / "support.json"


@cache
def _steps() -> tuple[tuple[float, ...], tuple[float, ...]]:
    rows = json.loads(_DATA.read_text(encoding="utf-8"))
    return tuple(r["support"] for r in rows), tuple(r["share"] for r in rows)


def calibrated(score: float) -> float:
    """The share of answers that were right where the match score was about ``score``, both in [0, 1]."""
    starts, shares = _steps()
    return shares[max(bisect_right(starts, score) - 1, 0)]
