"""What the parts for frameworks share: the words of their tool, an answer as plain values, and the reports themselves."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from wenju.answers import Answer
from wenju.client import Client

TOOL_NAME = "ask_government_reports"
TOOL_DESCRIPTION = (
    "Answers one question about Chinese government work reports (政府工作报告) with the exact figure, place and period and the "
    "sentence that states it, or says why the reports do not. Never change a number of its answer, and keep the marks [1]."
)


def told(answer: Answer) -> str:
    """An answer for a model that reads text: what is said, then the quotation and file behind each mark."""
    lines = [answer.answer]
    if answer.abstained:
        lines.append(f"(not answered: {answer.reason})")
    lines += [f"[{each.n}] “{each.quote}” ({each.title}, {each.url})" for each in answer.citations]
    lines += [f"~ {each.text} “{each.quote}” ({each.title}, {each.url})" for each in answer.nearest]
    return "\n".join(lines)


def answer_metadata(answer: Answer) -> dict[str, Any]:
    """All of an answer but its text, in plain values that can be stored as JSON."""
    known = asdict(answer)
    return {name: known[name] for name in known if name not in ("answer", "timings_ms", "trace")}


def reports(client: Client) -> Iterator[tuple[dict[str, Any], str]]:
    """Every report that a service holds: what is known of it, and its text as it stands in its file."""
    for report in client.coverage():
        known = {name: value for name, value in asdict(report).items() if isinstance(value, str | int) and value != ""}
        yield known, client.report_text(report.document_id)
