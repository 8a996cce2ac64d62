"""Pairs of writers at once: what both say that they have taken is there afterwards."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

from benchmarks.attack.reports import Held, digest, held, left_over, report, whole, written
from benchmarks.attack.running import Command, Served, run, serving
from benchmarks.attack.told import Row

Writer = Callable[[], bool | None]
"""Whether it said that all was taken; None where it said why not."""


class Pair:
    """Two writers of one index, and what both of them are to leave there."""

    def __init__(self, row: Row, root: Path, folder: Path, services: list[Served], number: int) -> None:
        self._row = row
        self._root = root
        self._folder = folder
        self._services = services
        self._number = number

    def ingest(self, which: int, *options: str) -> tuple[Writer, Held]:
        files = self._files(which)
        reports = written(self._folder / f"reports{which}", files)

        def write() -> bool | None:
            ran = Command("ingest", reports, "--index", self._root, *options).wait()
            self._row.took(ran.seconds, ran.mib)
            self._row.reads(ran.told, f"pair {self._number}")
            if ran.code == 0:
                return True
            return None if ran.err.startswith("wenju: ") and len(ran.err.strip().splitlines()) == 1 else False

        return write, _hashes(files)

    def upload(self, which: int, service: int) -> tuple[Writer, Held]:
        files = dict([next(iter(self._files(which).items()))])

        def write() -> bool | None:
            ((name, data),) = files.items()
            status = self._services[service].upload(name, data).status
            return True if status == 201 else None if status in (409, 503) else False

        return write, _hashes(files)

    def _files(self, which: int) -> dict[str, bytes]:
        """Some of them stay from pair to pair in new versions, one is of this pair alone."""
        towns = (2 * which, 2 * which + 1)
        files = {f"{town}.txt": report(town, self._number) for town in towns}
        return files | {f"own-{which}-{self._number % 7}.txt": report(7 + which, self._number)}


def _hashes(files: Mapping[str, bytes]) -> Held:
    return {name: digest(data) for name, data in files.items()}


def writers(folder: Path, times: int, chance: random.Random) -> list[Row]:
    """Two ingests; two of which one does not wait; an ingest beside an upload; two services; one service twice."""
    root, row, refused = folder / "index", Row("two writers at once"), 0
    run("ingest", written(folder / "reports", {"first.txt": report(13)}), "--index", root)
    with ExitStack() as stack, ThreadPoolExecutor(2) as pool:
        services = [stack.enter_context(serving(root)) for _ in range(2)]
        for number in range(1, times + 1):
            before, pair = held(root), Pair(row, root, folder, services, number)
            both = (
                (pair.ingest(0), pair.ingest(1)),
                (pair.ingest(0), pair.ingest(1, "--wait", "0")),
                (pair.ingest(0), pair.upload(1, 0)),
                (pair.upload(0, 0), pair.upload(1, 1)),
                (pair.upload(0, 0), pair.upload(1, 0)),
            )[number % 5]
            said = [done.result() for done in [pool.submit(write) for write, _ in both]]
            row.tried += 1
            refused += said.count(None)
            if False in said:
                row.fails(f"pair {number}: failed without saying so")
            wanted = before
            for (_, files), taken in zip(both, said, strict=True):
                wanted = wanted | (files if taken else {})
            wrong = whole(root)
            if wrong:
                row.misses(f"pair {number}: {wrong}")
            elif held(root) != wanted:
                row.loses(f"pair {number}: {sorted(set(wanted.items()) ^ set(held(root).items()))}")
        row.took(0, max(service.mib() for service in services))
        for service in services:
            service.command.kill()
            row.reads(service.command.wait().told, "a service beside writers")
    if left_over(root):
        row.fails(f"left over {left_over(root)}")
    row.note = f"{refused} were told that they could not"
    return [row]
