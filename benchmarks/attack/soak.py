"""Questions and changes side by side for a long time: nothing fails, memory stays, and no answer is of two snapshots."""

from __future__ import annotations

import random
import statistics
import threading
import time
from collections import defaultdict
from pathlib import Path

from benchmarks.attack.reports import digest, held, question, report, written
from benchmarks.attack.running import Served, run, serving
from benchmarks.attack.told import Row

SETTLED = 300.0
"""Seconds after which memory is taken as what the service needs; a shorter soak takes a sixth of its time."""
MORE = 1.15
"""Times that of then which it may have at the end."""

_TOWNS = 6
_RATE = 4.0
"""Questions a second: the soak is for time and changes, not for load."""
_EVERY = 6.0
"""Seconds between changes."""


def soak(folder: Path, times: int, chance: random.Random) -> list[Row]:
    """For ``times`` seconds. Each change is a new version of a town's report, or takes the last town out, or brings it back."""
    root, row = folder / "index", Row("soak with changes")
    first = {f"{n}.txt": report(n) for n in range(_TOWNS)}
    run("ingest", written(folder / "reports", first), "--index", root)
    with serving(root, fresh=True) as served:
        soaking = _Soak(served, row, root, chance)
        soaking.states[_serving(served)] = {name: digest(data) for name, data in first.items()}
        begun = time.monotonic()
        changing = threading.Thread(target=soaking.change, daemon=True)
        changing.start()
        memory: list[tuple[float, float]] = []
        while time.monotonic() - begun < times:
            soaking.ask()
            if not memory or time.monotonic() - begun - memory[-1][0] > min(5.0, times / 20):
                memory.append((time.monotonic() - begun, served.mib()))
            time.sleep(chance.uniform(0, 2 / _RATE))
        soaking.stop = True
        changing.join(120)
        served.command.kill()
        row.reads(served.command.wait().told, "the service")
    soaking.judge()
    settled = min(SETTLED, times / 6)
    early = statistics.median(mib for at, mib in memory if settled <= at <= settled * 1.4)
    late = statistics.median(mib for at, mib in memory if at >= times - 0.4 * settled)
    row.mib = max(mib for _, mib in memory)
    if late > MORE * early:
        row.fails(f"memory {early:.0f} MiB after {settled:.0f} s, {late:.0f} MiB at the end")
    row.note = (
        f"{times} s: {row.tried} questions, {soaking.changes} changes; memory {early:.0f} MiB after {settled:.0f} s, "
        f"{late:.0f} MiB at the end ({late / early:.2f})"
    )
    return [row]


def _serving(served: Served) -> str:
    return str(served.ask("GET", "/health/ready").json()["snapshot"])


class _Soak:
    def __init__(self, served: Served, row: Row, root: Path, chance: random.Random) -> None:
        self._served = served
        self._row = row
        self._root = root
        self._chance = chance
        self.stop = False
        self.changes = 0
        self.states: dict[str, dict[str, str]] = {}
        """What each snapshot holds."""
        self._cited: dict[str, set[tuple[str, str]]] = defaultdict(set)

    def ask(self) -> None:
        begun = time.monotonic()
        reply = self._served.post(
            "/v1/ask", {"question": question(self._chance.randrange(_TOWNS)), "as_of": "2024-06-01"}
        )
        self._row.tried += 1
        self._row.took(time.monotonic() - begun)
        if reply.status != 200:
            self._row.fails(f"a question was answered {reply.status} {reply.body[:200]!r}")
            return
        answer = reply.json()
        for kind in ("citations", "nearest"):
            given = answer.get(kind)
            for each in given if isinstance(given, list) else []:
                self._cited[str(answer["snapshot"])].add((each["document"], each["sha256"]))

    def change(self) -> None:
        state, version, out = dict(next(iter(self.states.values()))), 0, False
        last = f"{_TOWNS - 1}.txt"
        while not self.stop:
            version += 1
            name = f"{version % (_TOWNS - 1)}.txt"
            if version % 5 == 0 and not out:
                identity = self._id_of(last)
                reply = self._served.ask("DELETE", f"/v1/documents/{identity}")
                out, good = True, reply.status == 200
                state = {key: sha for key, sha in state.items() if key != last}
            else:
                if version % 5 == 1 and out:
                    name, out = last, False
                data = report(int(name.partition(".")[0]), version)
                reply = self._served.upload(name, data)
                good = reply.status == 201
                state = state | {name: digest(data)}
            self.changes += 1
            if good:
                self.states[str(reply.json()["snapshot"])] = state
            else:
                self._row.fails(f"change {version} was answered {reply.status} {reply.body[:200]!r}")
                state = held(self._root)
            time.sleep(self._chance.uniform(0, 2 * _EVERY) if not self.stop else 0)

    def _id_of(self, name: str) -> str:
        listed = self._served.ask("GET", "/v1/documents").json()["documents"]
        assert isinstance(listed, list)
        return next(str(each["id"]) for each in listed if each["document"] == name)

    def judge(self) -> None:
        """Everything that an answer cites is in the snapshot that it names."""
        for snapshot, cited in self._cited.items():
            if snapshot not in self.states:
                self._row.fails(f"an answer names a snapshot that no change has made: {snapshot}")
            for name, sha in cited:
                if self.states.get(snapshot, {}).get(name) != sha:
                    self._row.fails(f"an answer of {snapshot} cites {name} of another")
