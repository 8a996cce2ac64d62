"""``wenju`` as a fork of a process that has already loaded what commands load.

Each command is a process of its own all the same, with its own memory, files and end: what is saved is two thirds of its processor
time, which goes into imports, patterns and word lists. Hundreds of tries would else take hours.
"""

from __future__ import annotations

import atexit
import datetime as dt
import json
import os
import resource
import select
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from concurrent.futures import Future
from contextlib import suppress
from pathlib import Path
from typing import Any

_STARTING = 600.0
"""Seconds in which a command has begun, the first after all has been loaded, on a machine that others use as well."""
_MESSAGE = 1 << 20
_ROOT = Path(__file__).parents[2]


class Ended:
    """How a process has ended: its status as ``os.wait`` tells it, and its most memory in KiB."""

    def __init__(self, status: int, kib: int) -> None:
        self.status = status
        self.kib = kib


class Parent:
    """Starts commands. From any thread; the process that is forked has one thread of Python only."""

    def __init__(self) -> None:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._socket = ours
        self._lock = threading.Lock()
        self._begun: list[Future[int]] = []
        self._ended: dict[int, Future[Ended]] = {}
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "benchmarks.attack.preloaded", str(theirs.fileno())],
                cwd=_ROOT,
                env={**os.environ, "PYTHONPATH": str(_ROOT), "PYTHONUTF8": "1", "HF_HUB_OFFLINE": "1"},
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                start_new_session=True,
            )
        threading.Thread(target=self._listen, daemon=True).start()
        atexit.register(self.close)

    def start(
        self, arguments: list[str], environment: dict[str, str], told: tuple[int, int], *, fresh: bool = False
    ) -> int:
        """The id of a command's process. ``told`` are the files of its standard output and error.

        A ``fresh`` one has nothing loaded.
        """
        begun: Future[int] = Future()
        asked = json.dumps({"arguments": arguments, "environment": environment, "fresh": fresh}).encode()
        with self._lock:
            self._begun.append(begun)
            socket.send_fds(self._socket, [asked], list(told))
        return begun.result(_STARTING)

    def ended(self, pid: int) -> Future[Ended]:
        """How the process of that id ends, once it has."""
        with self._lock:
            return self._ended.setdefault(pid, Future())

    def _listen(self) -> None:
        while message := self._socket.recv(_MESSAGE):
            told: dict[str, Any] = json.loads(message)
            if "begun" in told:
                self._begun.pop(0).set_result(told["begun"])
            else:
                self.ended(told["ended"]).set_result(Ended(told["status"], told["kib"]))

    def close(self) -> None:
        """End it; what it has started is ended by who asked for it."""
        self._process.kill()
        self._process.wait()


def main(descriptor: int) -> None:
    """Fork a command for each message until nobody asks any more. A child leaves by SystemExit."""
    _load()
    asking = socket.socket(fileno=descriptor)
    # The signal of a child's end interrupts the wait for a message, by this pipe.
    woken, wake = os.pipe()
    os.set_blocking(wake, False)
    signal.set_wakeup_fd(wake, warn_on_full_buffer=False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    while True:
        ready, _, _ = select.select([asking.fileno(), woken], [], [])
        if woken in ready:
            os.read(woken, 512)
            _reap(asking)
        if asking.fileno() in ready:
            message, told, _, _ = socket.recv_fds(asking, _MESSAGE, 2)
            if not message:
                return
            asked = json.loads(message)
            pid = os.fork()
            if pid == 0:
                signal.set_wakeup_fd(-1)
                signal.signal(signal.SIGCHLD, signal.SIG_DFL)
                for each in (asking.fileno(), woken, wake):
                    os.close(each)
                asking.detach()
                _become(asked, told)
            for each in told:
                os.close(each)
            asking.send(json.dumps({"begun": pid}).encode())


def _reap(asking: socket.socket) -> None:
    with suppress(ChildProcessError):
        while True:
            pid, status, used = os.wait4(-1, os.WNOHANG)
            if pid == 0:
                return
            asking.send(json.dumps({"ended": pid, "status": status, "kib": used.ru_maxrss}).encode())


def _become(asked: dict[str, Any], told: list[int]) -> None:
    os.setsid()
    for number, each in zip((1, 2), told, strict=True):
        os.dup2(each, number)
        os.close(each)
    os.environ.clear()
    os.environ.update(asked["environment"])
    if asked["fresh"]:
        os.execve(sys.executable, [sys.executable, "-m", "wenju", *asked["arguments"]], asked["environment"])
    sys.argv = ["wenju", *asked["arguments"]]
    from wenju.__main__ import main as command

    sys.exit(command())


def _load() -> None:
    """Import what commands import, and read one file and one question, by which patterns and word lists are made."""
    import api.server  # noqa: F401
    import cli  # noqa: F401
    import index.ingest  # noqa: F401
    import rag.opening
    import settings  # noqa: F401
    from benchmarks.attack.reports import question, report, written
    from index.store.embedding import BUILT_IN_MODEL
    from rag.types import Question

    with tempfile.TemporaryDirectory() as folder:
        reports, root = written(Path(folder) / "reports", {"0.txt": report(0)}), Path(folder) / "index"
        # Not here: an ingest leaves threads, and none is in a fork.
        subprocess.run(
            [sys.executable, "-m", "wenju", "ingest", reports, "--index", root], check=True, capture_output=True
        )
        _read(report(0))
        pipeline = rag.opening.open_pipeline(root, str(BUILT_IN_MODEL))
        pipeline.answer(Question(question(0), dt.date(2024, 1, 1)))
        pipeline.close()
    assert threading.active_count() == 1


def _read(data: bytes) -> None:
    from index.build import read_documents
    from index.text.chunking import ChunkOptions
    from index.text.counting import DEFAULT_VOCABULARY, TokenCounter
    from index.text.sources import decode_source
    from index.words.regions import Gazetteer

    list(
        read_documents(decode_source("0.txt", data), Gazetteer.load(), TokenCounter(DEFAULT_VOCABULARY), ChunkOptions())
    )


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    main(int(sys.argv[1]))
