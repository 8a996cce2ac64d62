"""A run as one self-contained HTML file for a person: no script, no network, nothing beside it."""

from __future__ import annotations

import importlib.util
from dataclasses import asdict
from pathlib import Path

from eval.reporting.printing import COUNTED
from eval.reporting.summary import LABELS, LOWER_IS_BETTER, Summary
from eval.results import Run
from index.errors import WenjuError

TEMPLATES = Path(__file__).parent / "templates"
LIBRARIES = ("jinja2", "matplotlib")


class ReportError(WenjuError):
    """The report cannot be made on this installation."""


def require_charts() -> None:
    """Raises ReportError naming the extra where a library that the report is made with is not installed."""
    missing = [name for name in LIBRARIES if importlib.util.find_spec(name) is None]
    if missing:
        raise ReportError(f"--report needs {' and '.join(missing)}: pip install 'wenju[report]'")


def write_report(run: Run, summary: Summary, path: Path) -> None:
    """Write the report; folders above it are made."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(report_html(run, summary), encoding="utf-8")


def report_html(run: Run, summary: Summary) -> str:
    """The whole page."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    from eval.reporting.charts import accuracy_chart, latency_chart, reliability_chart, risk_chart

    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("report.html").render(
        run=run,
        origin={name: value for name, value in asdict(run.origin).items() if value not in (None, (), "")},
        summary=summary,
        labels=LABELS,
        plain=COUNTED,
        lower=LOWER_IS_BETTER,
        failures=[r for r in run.results if not r.right],
        charts={
            "Right answers by category": accuracy_chart(summary.by_category),
            "Is support to be believed?": reliability_chart(summary.reliability),
            "Withholding the least supported": risk_chart(summary.risk_coverage),
            "Time": latency_chart([r.milliseconds for r in run.results]),
        },
    )
