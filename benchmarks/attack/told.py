"""What an attack came to: one row of the table, and what went wrong in words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

SHOWN = 12
"""Faults of one attack that are told in words; all are counted."""


@dataclass(slots=True)
class Row:
    """One attack: how often it was tried and what came of it. ``seconds`` and ``mib`` are the worst of any process.

    ``lost`` counts files that a command said it took and that are not there; ``unseen`` damage that nothing told of;
    ``wrong`` everything else that ought not to be, such as a request answered 500.
    """

    name: str
    tried: int = 0
    lost: int = 0
    unseen: int = 0
    tracebacks: int = 0
    wrong: int = 0
    seconds: float = 0.0
    mib: float = 0.0
    note: str = ""
    faults: list[str] = field(default_factory=list)

    @property
    def good(self) -> bool:
        return self.tried > 0 and not (self.lost or self.unseen or self.tracebacks or self.wrong)

    def took(self, seconds: float, mib: float = 0.0) -> None:
        self.seconds, self.mib = max(self.seconds, seconds), max(self.mib, mib)

    def joins(self, other: Row) -> None:
        """Count another run of the same attack with this one."""
        for name in ("tried", "lost", "unseen", "tracebacks", "wrong"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.took(other.seconds, other.mib)
        self.faults += other.faults
        self.note = " + ".join(filter(None, (self.note, other.note)))

    def loses(self, what: str) -> None:
        self.lost += 1
        self.faults.append(f"lost: {what}")

    def misses(self, what: str) -> None:
        self.unseen += 1
        self.faults.append(f"unseen: {what}")

    def fails(self, what: str) -> None:
        self.wrong += 1
        self.faults.append(f"wrong: {what}")

    def reads(self, told: str, what: str) -> None:
        """Count the tracebacks in what a process has told."""
        found = told.count("Traceback (most recent call last)")
        if found:
            self.tracebacks += found
            self.faults.append(f"traceback: {what}: {told.strip().splitlines()[-1][:200]}")


def table(rows: Iterable[Row]) -> str:
    """The rows in Markdown, and behind them what went wrong."""
    held = list(rows)
    lines = [
        "| attack | tried | lost | damaged unseen | tracebacks | otherwise wrong | worst time | most memory | |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    lines += [
        f"| {r.name} | {r.tried} | {r.lost} | {r.unseen} | {r.tracebacks} | {r.wrong} | {r.seconds:.2f} s | {r.mib:.0f} MiB | {r.note} |"
        for r in held
    ]
    for row in held:
        lines += [f"{row.name}: {fault}" for fault in row.faults[:SHOWN]]
    return "\n".join(lines)
