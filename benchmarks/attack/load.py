"""More questions than can be answered: what is accepted comes soon, what is refused is told so, and two processes do twice as much."""

from __future__ import annotations

import asyncio
import json
import os
import random
import threading
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

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
    with serving(root, workers=workers, fresh=True, log="json") as served:
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


PATIENCE = 30.0
"""Seconds after which a client takes an answer for lost."""


@dataclass(slots=True)
class Flood:
    """What a flood of questions came to. ``taken`` are the seconds of each accepted answer, from its first byte sent to its last read."""

    seconds: float = 0.0
    taken: list[float] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)
    unnamed: int = 0
    """Refusals that do not say when to come again."""

    @property
    def answered(self) -> int:
        return self.statuses[200]

    @property
    def rate(self) -> float:
        return self.answered / self.seconds if self.seconds else 0.0

    def at(self, share: float) -> float:
        """The time that so large a share of the accepted answers did not exceed."""
        ordered = sorted(self.taken)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0

    @property
    def errors(self) -> int:
        """Whatever is neither an answer nor a refusal by design; 0 stands for a connection that broke."""
        return sum(number for status, number in self.statuses.items() if status not in (200, 429, 503)) + self.unnamed


async def flooded(
    port: int, questions: Sequence[str], clients: int, seconds: float, *, polite: bool, seed: int = 17
) -> Flood:
    """Ask for so long. A polite client comes again when it was told to, the others at once."""
    flood = Flood()
    begun = time.monotonic()
    until = begun + seconds
    await asyncio.gather(
        *(_client(port, questions, flood, until, polite, random.Random(seed * 1000 + n)) for n in range(clients))
    )
    flood.seconds = time.monotonic() - begun
    return flood


async def _client(
    port: int, questions: Sequence[str], flood: Flood, until: float, polite: bool, chance: random.Random
) -> None:
    streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None
    # Not all at the same moment, as no people are.
    await asyncio.sleep(chance.random() * 0.5)
    while time.monotonic() < until:
        begun = time.monotonic()
        try:
            streams = streams or await asyncio.open_connection("127.0.0.1", port)
            async with asyncio.timeout(PATIENCE):
                status, headers = await _asked(*streams, chance.choice(questions))
        except (OSError, asyncio.IncompleteReadError, TimeoutError, ValueError):
            status, headers = 0, {}
        flood.statuses[status] += 1
        if status == 200:
            flood.taken.append(time.monotonic() - begun)
        if status == 0 or headers.get("connection") == "close":
            if streams is not None:
                streams[1].close()
            streams = None
        if status in (429, 503):
            after = headers.get("retry-after", "")
            flood.unnamed += not after.isdigit()
            if polite and after.isdigit():
                # A quarter more or less, as the client libraries do it.
                await asyncio.sleep(min(float(after) * chance.uniform(0.75, 1.25), max(0.0, until - time.monotonic())))
    if streams is not None:
        streams[1].close()


async def _asked(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, question: str
) -> tuple[int, dict[str, str]]:
    body = json.dumps({"question": question}).encode()
    head = f"POST /v1/ask HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    writer.write(head.encode() + body)
    told = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    headers = {name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in told[1:])}
    await reader.readexactly(int(headers["content-length"]))
    return int(told[0].split()[1]), headers
