"""Changes of the index that go on whoever waits for them: a record of each in a file, which every process reads."""

from __future__ import annotations

import datetime as dt
import os
import secrets
import threading
import time
from contextlib import suppress
from enum import StrEnum
from pathlib import Path
from typing import Any

import msgspec

from index.text.scratch import alive

FOLDER = "jobs"
"""Beside the snapshots, in the folder of the index: it outlives them, and the process that did the work."""

MOST = 200
"""Records that are kept; of those that ended, the oldest go first."""

EVERY = 0.2
"""Seconds between two writings of how far a job is."""


class State(StrEnum):
    """How far a job is. LOST is one whose process ended before it."""

    WAITING = "waiting"
    READING = "reading"
    WRITING = "writing"
    DONE = "done"
    FAILED = "failed"
    LOST = "lost"

    @property
    def ended(self) -> bool:
        """Whether nothing more will come of it."""
        return self in (State.DONE, State.FAILED, State.LOST)


class Job(msgspec.Struct, frozen=True):
    """One change. ``begun`` and ``changed`` are ISO times in UTC; ``done`` of ``total`` files are read.

    ``result`` is there when it is done, ``problem`` (``status`` and ``detail``) when it failed.
    """

    id: str
    files: tuple[str, ...]
    state: State
    begun: str
    changed: str
    process: int
    done: int = 0
    total: int = 0
    result: dict[str, Any] | None = None
    problem: dict[str, Any] | None = None


def _now() -> str:
    return dt.datetime.now(dt.UTC).isoformat(timespec="milliseconds")


class Jobs:
    """The records of a folder."""

    def __init__(self, root: Path) -> None:
        """``root`` is the index folder."""
        self._folder = root / FOLDER

    def begin(self, files: tuple[str, ...]) -> Running:
        """Make the record of a job that waits for its turn."""
        now = _now()
        # Sorted by name they are in the order in which they came.
        identity = f"j{dt.datetime.now(dt.UTC):%Y%m%d%H%M%S%f}{secrets.token_hex(3)}"
        job = Job(identity, files, State.WAITING, now, now, os.getpid())
        self.write(job)
        self._forget_old()
        return Running(self, job)

    def write(self, job: Job) -> None:
        """Keep a record, in place of the one of its id."""
        self._folder.mkdir(parents=True, exist_ok=True)
        path = self._path(job.id)
        written = path.with_suffix(f".{os.getpid()}-{threading.get_ident()}")
        written.write_bytes(msgspec.json.encode(job))
        written.replace(path)

    def get(self, identity: str) -> Job | None:
        """The record of that id, or None."""
        if not (identity.isascii() and identity.isalnum()):
            return None
        try:
            job = msgspec.json.decode(self._path(identity).read_bytes(), type=Job)
        except (OSError, msgspec.MsgspecError):
            return None
        return job if job.state.ended or alive(job.process) else msgspec.structs.replace(job, state=State.LOST)

    def all(self) -> list[Job]:
        """Every record, the newest first."""
        names = sorted((path.stem for path in self._folder.glob("j*.json")), reverse=True)
        return [job for name in names if (job := self.get(name)) is not None]

    def forget(self, identity: str) -> None:
        """Take a record away; what it tells of stays."""
        with suppress(FileNotFoundError):
            self._path(identity).unlink()

    def _forget_old(self) -> None:
        for job in self.all()[MOST:]:
            if job.state.ended:
                self.forget(job.id)
        # What a process was writing when it was killed.
        for path in self._folder.glob("j*.*-*"):
            if not alive(int(path.suffix[1:].partition("-")[0])):
                path.unlink(missing_ok=True)

    def _path(self, identity: str) -> Path:
        return self._folder / f"{identity}.json"


class Running:
    """A job on its way, told by who does it, from one thread."""

    def __init__(self, jobs: Jobs, job: Job) -> None:
        self._jobs = jobs
        self._written = 0.0
        self.job = job

    def tell(self, **changes: Any) -> None:
        """Say how far it is. What ends it, or begins another step, is written at once, the rest as often as is of use."""
        before = self.job.state
        self.job = msgspec.structs.replace(self.job, changed=_now(), **changes)
        if self.job.state is not before or time.monotonic() - self._written > EVERY:
            self._jobs.write(self.job)
            self._written = time.monotonic()
