"""More questions than can be answered: what is accepted comes soon, what is refused is told so, and two processes do twice as much."""

from __future__ import annotations

import asyncio
import json
import os
import random
import threading
import time
from contextlib import suppress
from pathlib import Path

from benchmarks.attack.flood import Flood, flooded
from benchmarks.attack.running import ROOT, Served, run, serving
from benchmarks.attack.told import Row

CLIENTS = 128
SOON = 1.0
"""Seconds within which 99 of 100 accepted answers come."""
_PROBES = 0.2
"""Seconds within which ``/health/live`` answers, asked ten times a second."""


def bundled_questions() -> list[str]:
    lines = (ROOT / "eval" / "questions" / "bundled.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line)["question"] for line in lines if line.strip()]


def load(folder: Path, times: int, chance: random.Random) -> list[Row]:
    """``times`` are the seconds of each part: polite clients and impolite ones before one process, polite ones before two."""
    root = folder / "index"
    if run("ingest", ROOT / "data" / "reports", "--index", root).code != 0:
        raise RuntimeError("the ingest failed")
    one, first = _part(root, 1, float(times), True)
    hard, _ = _part(root, 1, float(times), False)
    two, second = _part(root, 2, float(times), True)
    more, thrift = second.rate / max(first.rate, 0.001), _thrift(second, two) / max(_thrift(first, one), 0.001)
    two.note += f"; throughput {more:.2f} times one's, answers per second of its processor {thrift:.2f} times"
    return [one, hard, two]


def _thrift(flood: Flood, row: Row) -> float:
    return flood.answered / max(float(row.note.partition(" s of processor")[0].rpartition(" ")[2]), 0.001)


def _part(root: Path, workers: int, seconds: float, polite: bool) -> tuple[Row, Flood]:
    row = Row(
        f"{CLIENTS} {'clients' if polite else 'clients that do not wait'}, {workers} process{'es' if workers > 1 else ''}"
    )
    with serving(root, workers=workers, log="json") as served:
        probing = _Probing(served)
        before = _processor(served)
        probing.start()
        flood = asyncio.run(flooded(served.port, bundled_questions(), CLIENTS, seconds, polite=polite))
        probing.stop = True
        probing.join()
        used = _processor(served) - before
        row.took(0, served.mib())
        served.command.kill()
        row.reads(served.command.wait().told, "the service")
    row.tried = sum(flood.statuses.values())
    row.wrong = flood.errors
    row.took(max(flood.taken, default=0.0))
    if flood.errors:
        row.faults.append(f"errors: {dict(flood.statuses)}, {flood.unnamed} refusals without Retry-After")
    if flood.at(0.99) > SOON:
        row.fails(f"p99 of accepted answers {flood.at(0.99):.2f} s")
    if probing.late() > _PROBES:
        row.fails(f"/health/live took {probing.late():.2f} s (99 of 100 less)")
    refused = flood.statuses[429] + flood.statuses[503]
    row.note = (
        f"{flood.answered} answered ({flood.rate:.1f}/s, {used:.1f} s of processor), {refused} refused; "
        f"p50 {flood.at(0.5):.2f} s, p99 {flood.at(0.99):.2f} s; /health/live p99 {probing.late():.2f} s"
    )
    return row, flood


class _Probing(threading.Thread):
    """Asks whether the service lives, meanwhile."""

    def __init__(self, served: Served) -> None:
        super().__init__(daemon=True)
        self._served = served
        self._taken: list[float] = []
        self.stop = False

    def run(self) -> None:
        while not self.stop:
            begun = time.monotonic()
            reply = self._served.ask("GET", "/health/live", most=10)
            self._taken.append(time.monotonic() - begun if reply.status == 200 else 10.0)
            time.sleep(0.1)

    def late(self) -> float:
        ordered = sorted(self._taken)
        return ordered[int(0.99 * len(ordered))] if ordered else 0.0


def _processor(served: Served) -> float:
    """Seconds of processor that the service has used."""
    total = 0.0
    for pid in served.processes():
        with suppress(OSError):
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            total += (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return total
