"""SIGKILL at random times: of an ingest, of a service in the midst of uploads, of one of its processes."""

from __future__ import annotations

import os
import random
import signal
import statistics
import threading
import time
from contextlib import suppress
from pathlib import Path

from benchmarks.attack.reports import Held, digest, held, left_over, report, whole, written
from benchmarks.attack.running import Command, Served, serving
from benchmarks.attack.told import Row

_FILES = 4
_BACK = 300.0
"""Seconds in which a service of several processes has to answer again after one of them was killed; starting takes seconds of the processor."""


def kills(folder: Path, times: int, chance: random.Random) -> list[Row]:
    """Half of them of an ingest, half of a service."""
    root = folder / "index"
    first = written(folder / "reports", {f"{n}.txt": report(n) for n in range(_FILES)})
    if Command("ingest", first, "--index", root).wait().code != 0:
        raise RuntimeError("the first ingest failed")
    return [of_ingest(folder, root, times - times // 2, chance), of_service(folder, root, times // 2, chance)]


def of_ingest(folder: Path, root: Path, times: int, chance: random.Random) -> Row:
    """All files come in a new version with each ingest: what is there afterwards is all old or all new."""
    row, lengths, finished = Row("ingest killed"), [0.6], 0
    for version in range(1, times + 1):
        before = held(root)
        files = {f"{n}.txt": report(n, version) for n in range(_FILES)}
        command = Command("ingest", written(folder / "reports", files), "--index", root)
        _until_it_writes(command, root)
        begun = time.monotonic()
        wait = chance.uniform(0, 1.1 * statistics.median(lengths))
        while time.monotonic() - begun < wait and not command.ended:
            time.sleep(0.002)
        command.kill()
        ran = command.wait()
        if ran.code == 0:
            finished += 1
            lengths.append(time.monotonic() - begun)
        else:
            # Of one that is killed the length is not known, but it is more than this.
            lengths.append(max(statistics.median(lengths), time.monotonic() - begun))
        row.tried += 1
        row.reads(ran.told, f"ingest {version}")
        _judge(
            row, root, before, {name: digest(data) for name, data in files.items()}, ran.code == 0, f"ingest {version}"
        )
    _mended(row, folder, root)
    row.note = f"{finished} had ended before"
    return row


def _until_it_writes(command: Command, root: Path) -> None:
    """Wait until the command has the writer's place: before, there is nothing to destroy."""
    while not command.ended:
        with suppress(OSError):
            if f'"pid": {command.pid},' in (root / "HOLDER").read_text():
                return
        time.sleep(0.002)


def _judge(row: Row, root: Path, before: Held, tried: Held, said: bool, what: str) -> None:
    wrong = whole(root)
    if wrong:
        row.misses(f"{what}: {wrong}")
        return
    after = held(root)
    if said and after != before | tried:
        row.loses(f"{what}: said that all is there")
    elif after not in (before, before | tried):
        row.loses(f"{what}: neither all old nor all new")


def _mended(row: Row, folder: Path, root: Path) -> None:
    """The next ingest succeeds and leaves nothing of the killed ones."""
    last = Command("ingest", written(folder / "reports", {"last.txt": report(9)}), "--index", root).wait()
    row.took(last.seconds, last.mib)
    row.reads(last.told, "the ingest after all")
    if last.code != 0 or left_over(root):
        row.fails(f"the ingest after all: {last.code}, {last.err.strip()}, left over {left_over(root)}")


class Uploading(threading.Thread):
    """Uploads one version after another and remembers what was promised; of the last one nobody may know."""

    def __init__(self, served: Served, version: int) -> None:
        super().__init__(daemon=True)
        self._served = served
        self.version = version
        self.said: Held = {}
        self.open: list[Held] = []
        self.surprises: list[str] = []
        self.slowest = 0.0
        self.stop = False

    def run(self) -> None:
        while not self.stop:
            self.version += 1
            name, data = f"{self.version % _FILES}.txt", report(self.version % _FILES, self.version)
            self.open.append({name: digest(data)})
            begun = time.monotonic()
            reply = self._served.upload(name, data)
            self.slowest = max(self.slowest, time.monotonic() - begun)
            if reply.status == 201:
                self.said[name] = digest(data)
                # What was cut off of another file before stays open: it may have been written.
                self.open = [each for each in self.open if name not in each]
            elif reply.status == 0:
                # Cut off: it may have been written, and it may not.
                time.sleep(0.05)
            elif reply.status not in (409, 429, 503):
                self.surprises.append(f"upload answered {reply.status} {reply.body[:200]!r}")


def of_service(folder: Path, root: Path, times: int, chance: random.Random) -> Row:
    """In turns: a service of one process, the first process of a service of two, one of its two."""
    row, version = Row("service killed while it is given files"), 100_000
    while row.tried < times:
        kind = row.tried % 3
        with serving(root, workers=1 if kind == 0 else 2) as served:
            for _ in range(1 if kind != 2 else min(5, times - row.tried)):
                before = held(root)
                uploading = Uploading(served, version)
                uploading.start()
                time.sleep(chance.uniform(0.05, 1.5))
                _kill(served, kind, chance)
                time.sleep(0.1 if kind != 2 else 0.6)
                uploading.stop = True
                uploading.join(60)
                version = uploading.version
                row.tried += 1
                row.took(uploading.slowest)
                if kind == 2:
                    row.took(0, served.mib())
                    _is_back(row, served)
                else:
                    _has_gone(row, served)
                _judge_uploads(
                    row, root, before, uploading, f"kill {row.tried} ({('one', 'first of two', 'one of two')[kind]})"
                )
        row.reads("".join(served.command.wait().told), f"service killed {row.tried}")
    _mended(row, folder, root)
    return row


def _kill(served: Served, kind: int, chance: random.Random) -> None:
    victim = served.command.pid if kind != 2 else chance.choice(served.processes()[1:] or [served.command.pid])
    with suppress(ProcessLookupError):
        os.kill(victim, signal.SIGKILL)


def _is_back(row: Row, served: Served) -> None:
    begun = time.monotonic()
    while len(served.processes()) < 3 or served.ask("GET", "/health/ready", most=5).status != 200:
        if time.monotonic() - begun > _BACK:
            row.fails(f"the service is not back after {_BACK:g} s")
            return
        time.sleep(0.05)


def _has_gone(row: Row, served: Served) -> None:
    """Of a service whose first process is dead the others leave: they would hold the port."""
    begun = time.monotonic()
    while served.ask("GET", "/health/live", most=2).status:
        if time.monotonic() - begun > _BACK:
            row.fails(f"processes of a killed service still answer after {_BACK:g} s")
            return
        time.sleep(0.05)


def _judge_uploads(row: Row, root: Path, before: Held, uploading: Uploading, what: str) -> None:
    wrong = whole(root)
    if wrong:
        row.misses(f"{what}: {wrong}")
        return
    after, promised = held(root), before | uploading.said
    for name, expected in promised.items():
        may = {expected, *(each[name] for each in uploading.open if name in each)}
        if after.get(name) not in may:
            row.loses(f"{what}: {name} is not what was promised")
    for surprise in uploading.surprises:
        row.fails(f"{what}: {surprise}")
