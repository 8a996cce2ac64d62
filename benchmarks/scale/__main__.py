"""Ingest, one report more, opening, memory, disk and questions at several sizes, and how each grows.

``python -m benchmarks.scale`` makes the reports from the bundled ones and, where they are, from those of ``$WENJU_SHARED``;
an exponent of 1 is growth in step with the number of reports, 0 is none.
"""

from __future__ import annotations

import argparse
import math
import os
import subprocess
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from benchmarks.scale.measure import Measured, as_json, measured
from benchmarks.scale.variants import bases
from eval.corpora import BUNDLED, ROOT

SIZES = (111, 500, 2000)
#: What is printed of a size: its name, unit and value.
COLUMNS: tuple[tuple[str, str, Callable[[Measured], float]], ...] = (
    ("ingest", "s", lambda m: m.ingest),
    ("add one", "s", lambda m: m.add_one),
    ("open", "s", lambda m: m.open),
    ("memory", "MiB", lambda m: m.memory),
    ("disk", "MiB", lambda m: m.disk),
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print and, where asked, keep."""
    assert __doc__ is not None
    parser = argparse.ArgumentParser(prog="python -m benchmarks.scale", description=__doc__.splitlines()[0])
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES, metavar="REPORTS")
    parser.add_argument("--each", type=int, default=12, metavar="N", help="questions of each kind (default 12)")
    parser.add_argument("--save", type=Path, metavar="FILE", help="keep the figures, with their commit")
    parser.add_argument("--folder", type=Path, help="where to work (default: a temporary folder)")
    options = parser.parse_args(arguments)
    shared = Path(os.environ.get("WENJU_SHARED", ROOT.parent / "shared")) / "data" / "reports"
    made_from = bases([BUNDLED, *([shared] if shared.is_dir() else [])])
    print(f"made from {len(made_from)} real reports, commit {_commit()}", flush=True)
    rows: list[Measured] = []
    with tempfile.TemporaryDirectory() as temporary:
        for size in options.sizes:
            folder = (options.folder or Path(temporary)) / str(size)
            rows.append(measured(made_from, size, options.each, folder))
            print(_line(rows[-1]), flush=True)
    if len(rows) > 1:
        print(_growth(rows[0], rows[-1]))
    if options.save is not None:
        options.save.write_text(as_json(rows, _commit()), encoding="utf-8")
    return 0


def _line(row: Measured) -> str:
    told = [f"{name} {value(row):.4g} {unit}" for name, unit, value in COLUMNS]
    asked = [f"{kind} {row.median[kind]:.0f}/{row.p99[kind]:.0f}" for kind in row.median]
    return f"{row.reports} reports: {', '.join(told)}\n  questions, median/p99 in ms of CPU: {', '.join(asked)}"


def _growth(small: Measured, large: Measured) -> str:
    def exponent(one: float, other: float) -> float:
        return math.log(other / one) / math.log(large.reports / small.reports)

    told = [f"{name} {exponent(value(small), value(large)):.2f}" for name, _, value in COLUMNS]
    told += [f"{kind} {exponent(small.median[kind], large.median[kind]):.2f}" for kind in small.median]
    return f"growth exponents, {small.reports} to {large.reports} reports: {', '.join(told)}"


def _commit() -> str:
    told = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, encoding="utf-8", check=False
    )
    return told.stdout.strip() or "unknown"


if __name__ == "__main__":
    raise SystemExit(main())
