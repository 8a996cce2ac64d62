"""One size measured: what ingest, one report more, opening and questions cost. Each part runs in a process of its own.

All times are CPU seconds of the process, which a busy machine changes less than it does the clock.
"""

from __future__ import annotations

import datetime as dt
import json
import resource
import shutil
import statistics
import subprocess
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from benchmarks.scale.asking import questions
from benchmarks.scale.variants import Base, write

DAY = dt.date(2026, 1, 1)
"""The day of the questions."""


@dataclass(frozen=True, slots=True)
class Measured:
    """What one size costs: seconds of CPU, mebibytes; ``median`` and ``p99`` of a question by its kind, in milliseconds."""

    reports: int
    ingest: float
    add_one: float
    open: float
    memory: float
    disk: float
    median: dict[str, float]
    p99: dict[str, float]


def measured(made_from: list[Base], size: int, each: int, folder: Path) -> Measured:
    """Make so many reports, and one more, and measure. What is in the folder is replaced."""
    shutil.rmtree(folder, ignore_errors=True)
    held = write(made_from, size + 1, folder / "reports")
    (folder / "more").mkdir()
    last = held.pop()
    (folder / "reports" / last.file).rename(folder / "more" / last.file)
    asked = folder / "questions.json"
    # Asked of the first places alone: a larger index holds them as well.
    asked.write_text(json.dumps(questions(held[:100], each), ensure_ascii=False), encoding="utf-8")
    index = folder / "index"
    ingest = _part("ingest", index, folder / "reports")
    told = _part("ask", index, asked)
    added = _part("ingest", index, folder / "more")
    disk = sum(f.stat().st_size for f in index.rglob("*") if f.is_file()) / 2**20
    return Measured(
        size, ingest["seconds"], added["seconds"], told["open"], told["memory"], disk, told["median"], told["p99"]
    )


def _part(name: str, *arguments: Path) -> dict[str, Any]:
    command = [sys.executable, "-m", "benchmarks.scale.measure", name, *map(str, arguments)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, encoding="utf-8")
    told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return told


def _ingest(index: Path, reports: Path) -> dict[str, object]:
    from index.ingest import ingest
    from index.store.embedding import load_embedder
    from settings import Settings

    settings = Settings(_env_file=None)
    embedder = load_embedder(settings.embedding)
    started = _cpu()
    ingest([reports], index, embedder, settings.token_vocabulary, settings.chunking)
    return {"seconds": _cpu() - started}


def _ask(index: Path, asked: Path) -> dict[str, object]:
    from rag.opening import open_pipeline
    from rag.types import Question
    from settings import Settings

    rows: list[tuple[str, str]] = json.loads(asked.read_text(encoding="utf-8"))
    pipeline = open_pipeline(index, Settings(_env_file=None).embedding)
    pipeline.answer(Question(rows[0][1], DAY))
    # From the start of the process: imports, too.
    opened = _cpu()
    times: dict[str, list[float]] = {}
    for kind, text in rows:
        started = _cpu()
        pipeline.answer(Question(text, DAY))
        times.setdefault(kind, []).append((_cpu() - started) * 1000)
    times["all"] = [t for kind in list(times) for t in times[kind]]
    return {
        "open": opened,
        "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "median": {kind: statistics.median(t) for kind, t in times.items()},
        "p99": {kind: sorted(t)[min(len(t) - 1, int(len(t) * 0.99))] for kind, t in times.items()},
    }


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def as_json(rows: list[Measured], commit: str) -> str:
    """The figures as a file keeps them."""
    return json.dumps({"commit": commit, "sizes": [asdict(row) for row in rows]}, ensure_ascii=False, indent=1) + "\n"


if __name__ == "__main__":
    part, first, second = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
    print(json.dumps({"ingest": _ingest, "ask": _ask}[part](first, second), ensure_ascii=False))
