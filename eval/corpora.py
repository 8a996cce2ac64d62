"""The reports that are indexed together, and the question sets and annotated samples that are asked of them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
SETS = ROOT / "eval" / "questions"
BUNDLED = ROOT / "data" / "reports"
ANNOTATED = ROOT / "tests" / "data" / "annotated"

OF_INVENTED = ("invented", "layouts")
"""Sets over the reports of invented places; all others are asked over the real ones."""
OF_LOCAL = (
    "local",
    "local_second",
    "local_third",
    "local_fourth",
    "local_fifth",
    "local_sixth",
    "local_seventh",
    "local_eighth",
    "everyday_local",
)
"""Sets over the shared documents of counties, cities and offices: bulletins, budgets, work reports, summaries, English."""


KEPT_BACK = (
    "tenth", "local_fourth", "eleventh", "local_fifth", "twelfth", "local_sixth", "thirteenth", "local_seventh", "fourteenth", "local_eighth",
)  # fmt: skip
"""Sets that nothing is fitted to, so that they say what a fit is worth."""


@dataclass(frozen=True, slots=True)
class ReportSet:
    """Reports that are indexed together. All paths are of a checkout: an installed package holds none of them."""

    name: str
    reports: tuple[Path, ...]
    questions: tuple[Path, ...]


def own_report_sets() -> tuple[ReportSet, ...]:
    """The bundled and the invented reports, which every checkout holds, with all questions about them.

    Those of ``gate`` are of invented reports of the country and of provinces, which hold what the others lack.
    """
    invented = ROOT / "eval" / "invented"
    own = tuple(SETS / f"{name}.jsonl" for name in OF_INVENTED)
    return (
        ReportSet("bundled", (BUNDLED,), (SETS / "bundled.jsonl",)),
        ReportSet("invented", (invented / "reports",), (*own, SETS / "silent.jsonl")),
        ReportSet("gate", (invented / "gate",), (SETS / "gate.jsonl",)),
    )


def report_sets(shared: Path) -> tuple[ReportSet, ...]:
    """Our own, and the shared ones (with the bundled) where ``shared`` holds any."""
    own = own_report_sets()
    if not (shared / "data" / "reports").is_dir():
        return own
    asked = tuple(p for p in sorted(SETS.glob("*.jsonl")) if p.stem not in (*OF_INVENTED, *OF_LOCAL, "gate"))
    reports = (BUNDLED, shared / "data" / "reports")
    return (*own, ReportSet("shared", reports, (*asked, shared / "eval" / "questions.jsonl")), *_local(shared))


def _local(shared: Path) -> tuple[ReportSet, ...]:
    """The texts among the local documents, which have a folder of their own with a file about them."""
    folder = shared / "data" / "local_reports"
    texts = sorted(p for p in folder.glob("*") if p.suffix in (".txt", ".md") and p.name != "README.md")
    return (ReportSet("local", tuple(texts), tuple(SETS / f"{name}.jsonl" for name in OF_LOCAL)),) if texts else ()


def set_name(path: Path) -> str:
    """The name of a question set; the shared one and that of this repository may bear one file name."""
    return path.stem if path.parent == SETS else f"shared-{path.stem}"
