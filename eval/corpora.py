"""The reports that are indexed together, and the question sets and annotated samples that are asked of them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
SETS = ROOT / "eval" / "questions"
ANNOTATED = ROOT / "tests" / "data" / "annotated"

OF_INVENTED = ("invented", "layouts")
"""Sets over the reports of invented places; all others are asked over the real ones."""


@dataclass(frozen=True, slots=True)
class ReportSet:
    """Reports that are indexed together. All paths are of a checkout: an installed package holds none of them."""

    name: str
    reports: tuple[Path, ...]
    questions: tuple[Path, ...]


def report_sets(shared: Path) -> tuple[ReportSet, ...]:
    """The bundled and the invented reports, and the shared ones (with the bundled) where ``shared`` holds any."""
    bundled, invented = ROOT / "data" / "reports", ROOT / "eval" / "invented" / "reports"
    own = tuple(SETS / f"{name}.jsonl" for name in OF_INVENTED)
    found = [
        ReportSet("bundled", (bundled,), (SETS / "bundled.jsonl",)),
        ReportSet("invented", (invented,), (*own, SETS / "silent.jsonl")),
    ]
    if (shared / "data" / "reports").is_dir():
        asked = tuple(p for p in sorted(SETS.glob("*.jsonl")) if p not in own)
        found.append(
            ReportSet("shared", (bundled, shared / "data" / "reports"), (*asked, shared / "eval" / "questions.jsonl"))
        )
    return tuple(found)


def set_name(path: Path) -> str:
    """The name of a question set; the shared one and that of this repository may bear one file name."""
    return path.stem if path.parent == SETS else f"shared-{path.stem}"
