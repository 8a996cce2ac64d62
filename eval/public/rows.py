"""What a public benchmark yields: rows of named figures."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table. ``figures`` are shares between 0 and 1 over ``questions``."""

    task: str
    setting: str
    questions: int
    figures: dict[str, float]


def table(rows: list[Row]) -> str:
    """Rows as Markdown, one table per set of figure names, in the order given."""
    lines: list[str] = []
    names: tuple[str, ...] = ()
    for row in rows:
        if tuple(row.figures) != names:
            names = tuple(row.figures)
            lines += [*([""] if lines else []), f"| task | setting | questions | {' | '.join(names)} |"]
            lines.append("|---|---|---:|" + "---:|" * len(names))
        figures = " | ".join(f"{value:.3f}" for value in row.figures.values())
        lines.append(f"| {row.task} | {row.setting} | {row.questions} | {figures} |")
    return "\n".join(lines) + "\n"
