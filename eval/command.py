"""What ``wenju eval`` does: asks a question set in process, grades it and prints accuracy by category."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from tqdm import tqdm

from eval.cases import CaseError, read_cases
from eval.harness import run_cases, summary
from rag.pipeline import AnswerPipeline

OWN_SET = Path(__file__).parent / "questions" / "bundled.jsonl"


def default_set(shared: Path) -> Path:
    """The shared question set where it is present, else the one of this repository."""
    questions = shared / "eval" / "questions.jsonl"
    return questions if questions.is_file() else OWN_SET


def run_eval(pipeline: AnswerPipeline, path: Path, *, as_json: bool, gate: float | None) -> int:
    """Run a set and print it. 1 where a gate is given and the share of right answers is below it."""
    if gate is not None and not 0 <= gate <= 1:
        raise CaseError(f"--gate is a share between 0 and 1, not {gate}")
    cases = read_cases(path)
    with tqdm(total=len(cases), unit="question", disable=None, file=sys.stderr) as bar:
        run = run_cases(pipeline, cases, on_case=lambda: (bar.update(), None)[1])
    figures = summary(run)
    if as_json:
        sys.stdout.write(json.dumps(figures, ensure_ascii=False, indent=1) + "\n")
    else:
        sys.stdout.write(_table(figures, path))
    if gate is not None and float(str(figures["accuracy"])) < gate:
        sys.stderr.write(f"wenju: {figures['accuracy']} right is below the gate of {gate}\n")
        return 1
    return 0


def _table(figures: dict[str, Any], path: Path) -> str:
    lines = [f"{path.name}: {figures['questions']} questions, snapshot {figures['snapshot']}", ""]
    for category, (right, count) in figures["by_category"].items():
        lines.append(f"{category:<18}{right:>4} of {count:<4}{100 * right / count:6.1f}%")
    lines.append(f"{'ALL':<18}{100 * figures['accuracy']:>17.1f}%")
    lines.append("")
    for name, label in (
        ("refused_rightly", "unanswerable refused"),
        ("refused_wrongly", "answerable refused"),
        ("verbatim", "citations verbatim"),
        ("gold_cited", "gold evidence cited"),
    ):
        if figures[name] is not None:
            lines.append(f"{label:<22}{100 * figures[name]:6.1f}%")
    lines.append(f"{'median time':<22}{figures['median_ms']:6.1f} ms")
    for failure in figures["failures"]:
        answer = " ".join(failure["answer"].split())
        lines.append(
            f"- {failure['id']} [{failure['category']}] {failure['why']}\n    {failure['question']}\n    {answer[:140]}"
        )
    return "\n".join(lines) + "\n"
