"""Commands and services as processes of their own, with what they told, how long they took and their memory."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import IO

from benchmarks.attack.preloaded import Parent

ROOT = Path(__file__).parents[2]

STARTING = 600.0
"""Seconds in which a service has to answer, on a machine that others use as well."""


def _environment(**settings: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("WENJU_")}
    given = {f"WENJU_{name.upper()}": value for name, value in settings.items()}
    return {**kept, **given, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1", "HF_HUB_OFFLINE": "1"}


@dataclass(frozen=True, slots=True)
class Ran:
    """A command that has ended. ``code`` is negative where a signal ended it."""

    code: int
    out: str
    err: str
    seconds: float
    mib: float

    @property
    def told(self) -> str:
        return self.out + self.err


@cache
def _parent() -> Parent:
    return Parent()


class Command:
    """``wenju`` with some arguments, under way. It leads a group of its own, so that all of it can be killed at once.

    A ``fresh`` one begins with nothing, as on a user's machine; others have loaded already what they load first.
    """

    def __init__(self, *arguments: str | Path, fresh: bool = False, **settings: str) -> None:
        # Files, not pipes: nobody reads while it runs, and a full pipe would stop it. Closed when it has ended.
        self._told: tuple[IO[bytes], IO[bytes]] = (tempfile.TemporaryFile(), tempfile.TemporaryFile())  # noqa: SIM115
        self.begun = time.monotonic()
        self.pid = _parent().start(
            [*map(str, arguments)],
            _environment(**settings),
            (self._told[0].fileno(), self._told[1].fileno()),
            fresh=fresh,
        )
        self._ran: Ran | None = None

    def kill(self) -> None:
        """End all processes of it, at once and unprepared."""
        for kill in (os.killpg, os.kill):
            with suppress(ProcessLookupError):
                kill(self.pid, signal.SIGKILL)

    @property
    def ended(self) -> bool:
        """Whether it has, or is about to: its state is read without waiting for it."""
        with suppress(OSError):
            return Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()[0] in "ZX"
        return True

    def wait(self, most: float = 300.0) -> Ran:
        """What became of it; it is killed after ``most`` seconds."""
        if self._ran is None:
            due = time.monotonic() + most
            while not self.ended:
                if time.monotonic() > due:
                    self.kill()
                time.sleep(0.005)
            ended = _parent().ended(self.pid).result(60)
            code = os.waitstatus_to_exitcode(ended.status)
            self._ran = Ran(code, *self.read(), time.monotonic() - self.begun, ended.kib / 1024)
            for file in self._told:
                file.close()
        return self._ran

    def read(self) -> tuple[str, str]:
        """What it has told so far."""
        texts = []
        for file in self._told:
            file.seek(0)
            texts.append(file.read().decode("utf-8", "replace"))
        return texts[0], texts[1]


def run(*arguments: str | Path, most: float = 300.0, **settings: str) -> Ran:
    return Command(*arguments, fresh=False, **settings).wait(most)


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back over HTTP; status 0 where nothing did."""

    status: int
    body: bytes
    headers: Mapping[str, str]

    def json(self) -> dict[str, object]:
        with suppress(ValueError):
            held = json.loads(self.body)
            if isinstance(held, dict):
                return held
        return {}


class Served:
    """A running service."""

    def __init__(self, command: Command, port: int, *, fresh: bool = False) -> None:
        self.command = command
        self.port = port
        self.fresh = fresh

    def ask(
        self,
        method: str,
        path: str,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        most: float = 60,
    ) -> Reply:
        """One request on a connection of its own."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=most)
        try:
            connection.request(method, path, body, dict(headers or {}))
            reply = connection.getresponse()
            return Reply(reply.status, reply.read(), {n.lower(): v for n, v in reply.getheaders()})
        except (OSError, http.client.HTTPException):
            return Reply(0, b"", {})
        finally:
            connection.close()

    def post(self, path: str, given: object, **headers: str) -> Reply:
        return self.ask("POST", path, json.dumps(given).encode(), {"Content-Type": "application/json", **headers})

    def upload(self, name: str, data: bytes, **headers: str) -> Reply:
        """Add one file; its name is sent as it stands, in UTF-8."""
        mark = "wenju-attack-7d1f"
        quoted = name.replace("\\", "\\\\").replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")
        head = f'--{mark}\r\nContent-Disposition: form-data; name="f"; filename="{quoted}"\r\n\r\n'
        body = head.encode("utf-8", "surrogateescape") + data + f"\r\n--{mark}--\r\n".encode()
        kind = {"Content-Type": f"multipart/form-data; boundary={mark}", **headers}
        return self.ask("POST", "/v1/documents", body, kind, most=300)

    def processes(self) -> list[int]:
        """The processes that serve; the first is the one that was started."""
        return [self.command.pid, *_children(self.command.pid)]

    def mib(self) -> float:
        """Memory of all of them.

        What fresh ones hold together counts once. Of others it is counted for each: they hold it together with the process
        that they are forks of.
        """
        return sum(_mib(pid, "Pss:" if self.fresh else "Rss:") for pid in self.processes())


def _children(parent: int) -> list[int]:
    found: list[int] = []
    for task in Path(f"/proc/{parent}/task").glob("*/children"):
        with suppress(OSError):
            found += map(int, task.read_text().split())
    # multiprocessing has a process beside them that only counts what is shared.
    return [pid for pid in found if "resource_tracker" not in _line(pid)]


def _line(pid: int) -> str:
    with suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_text()
    return ""


def _mib(pid: int, kind: str) -> float:
    with suppress(OSError):
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith(kind):
                return int(line.split()[1]) / 1024
    return 0.0


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port: int = taken.getsockname()[1]
    return port


@contextmanager
def serving(index: Path, *, workers: int = 1, fresh: bool = False, **settings: str) -> Iterator[Served]:
    """Serve an index until the block ends, if it still runs then; see ``Command`` for ``fresh``."""
    port = free_port()
    arguments = ("serve", "--index", index, "--port", str(port), "--workers", str(workers))
    command = Command(*arguments, fresh=fresh, **settings)
    served = Served(command, port, fresh=fresh)
    try:
        while served.ask("GET", "/health/ready", most=5).status != 200:
            if command.ended or time.monotonic() - command.begun > STARTING:
                raise RuntimeError(f"the service did not start: {''.join(command.read())}")
            time.sleep(0.03)
        yield served
    finally:
        if not command.ended:
            os.kill(command.pid, signal.SIGTERM)
        command.wait(20)
        command.kill()
