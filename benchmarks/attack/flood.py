"""Many clients that ask at once, each on a connection of its own, and what they were answered and when."""

from __future__ import annotations

import asyncio
import json
import random
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

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
