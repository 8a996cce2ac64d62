"""Reading in a process of its own: a file that crashes, exhausts or never ends a library costs itself, not the service.

Libraries for PDF and spreadsheets are written in C++ and Rust: what goes wrong in them ends the process, and nothing in Python can
stop them. The process is started for the first file, reads one after another, and ends when nobody asks for a while.
"""

from __future__ import annotations

import atexit
import contextlib
import os
import select
import subprocess
import sys
import threading
import time
from typing import IO

import msgspec

from index.errors import SourceError
from index.text.loaders.loaded import Loaded
from index.text.loaders.pdf.document import MOST_SECONDS_OF_SCANS
from index.text.loaders.pdf.scan import can_recognise
from index.text.loaders.registry import is_plain, load

MOST_SECONDS = 120.0
"""For one file; the largest that was tried, a workbook of 54 sheets, takes one."""
MOST_MEMORY = 4 * 1024**3
"""Bytes of address space, where the system can hold a process to them."""
_SECONDS_OF_SCANS = MOST_SECONDS + MOST_SECONDS_OF_SCANS + 60.0
"""For a PDF where its pictures are recognised, which ends by itself before; the last page may take a while."""
_IDLE = 60.0
"""Seconds without a file after which the process ends."""
_AT_ONCE = 1.0
"""Seconds within which a process that ends may have ended by itself."""
_PROGRAM = "import sys; sys.path[:] = sys.argv[1:]; from index.text.loaders.apart import serve; serve()"
_SIZE = 8
"""Bytes of a message's length, which stands before it."""


class _Asked(msgspec.Struct):
    name: str
    data: bytes


class _Told(msgspec.Struct):
    """``refused`` is the cause where the file cannot be read."""

    loaded: Loaded | None = None
    refused: str | None = None


class Reader:
    """Asks the other process, one file at a time."""

    def __init__(self, seconds: float = MOST_SECONDS, of_scans: float = 0.0) -> None:
        self._seconds = seconds
        self._of_scans = of_scans
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None

    def load(self, name: str, data: bytes) -> Loaded:
        """The text of a file. Raises SourceError naming the cause."""
        asked = msgspec.msgpack.encode(_Asked(name, data))
        seconds = max(self._seconds, self._of_scans) if name.lower().endswith(".pdf") else self._seconds
        with self._lock:
            started = time.monotonic()
            told = self._ask(asked, seconds)
            if told is None and time.monotonic() - started < _AT_ONCE:
                # It may have ended for want of work just now: then another one is asked.
                told = self._ask(asked, seconds)
        if told is None:
            raise SourceError(
                name,
                f"ends the program that reads it, or takes more than {seconds:g} s or {MOST_MEMORY // 1024**3} GiB",
            )
        if told.loaded is None:
            raise SourceError(name, told.refused or "cannot be read")
        return told.loaded

    def _ask(self, asked: bytes, seconds: float) -> _Told | None:
        if self._process is None or self._process.poll() is not None:
            self.close()
            command = [sys.executable, "-c", _PROGRAM, *sys.path]
            self._process = subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
            )
        process = self._process
        assert process.stdin is not None and process.stdout is not None
        late = threading.Timer(seconds, process.kill)
        late.start()
        try:
            _send(process.stdin, asked)
            answer = _receive(process.stdout)
        except OSError:
            answer = None
        finally:
            late.cancel()
        if answer is None:
            self.close()
            return None
        return msgspec.msgpack.decode(answer, type=_Told)

    def close(self) -> None:
        """End the process, if there is one."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.wait()
            for pipe in (process.stdin, process.stdout):
                if pipe is not None:
                    # What was not yet sent cannot be any more.
                    with contextlib.suppress(OSError):
                        pipe.close()


_READER = Reader(of_scans=_SECONDS_OF_SCANS if can_recognise() else 0.0)
atexit.register(_READER.close)


def load_apart(name: str, data: bytes) -> Loaded:
    """``registry.load``, in the process of its own where that needs a library. Raises SourceError naming the cause."""
    return load(name, data) if is_plain(name) else _READER.load(name, data)


def serve() -> None:
    """Read files from standard input and write their texts to standard output, until the input ends or nothing comes."""
    _hold_back()
    out = os.fdopen(os.dup(1), "wb")
    # What a library prints must not stand among the answers.
    os.dup2(2, 1)
    given = sys.stdin.buffer
    while _comes(given) and (message := _receive(given)) is not None:
        asked = msgspec.msgpack.decode(message, type=_Asked)
        try:
            told = _Told(loaded=load(asked.name, asked.data))
        except SourceError as error:
            told = _Told(refused=error.cause)
        except MemoryError:
            told = _Told(refused="takes more memory than there is")
        except Exception as error:
            # A defect of ours on a file that nobody foresaw: it costs that file.
            told = _Told(refused=f"cannot be read ({type(error).__name__})")
        _send(out, msgspec.msgpack.encode(told))


def _hold_back() -> None:
    """Hold this process to its memory. Only a Unix has such limits."""
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))


def _comes(given: IO[bytes]) -> bool:
    """Whether a message comes in time; where a pipe cannot be watched it is waited for."""
    try:
        return bool(select.select([given], [], [], _IDLE)[0])
    except (OSError, ValueError):
        return True


def _send(pipe: IO[bytes], message: bytes) -> None:
    pipe.write(len(message).to_bytes(_SIZE, "big") + message)
    pipe.flush()


def _receive(pipe: IO[bytes]) -> bytes | None:
    """The next message, or None where there is none any more."""
    head = pipe.read(_SIZE)
    size = int.from_bytes(head, "big")
    message = pipe.read(size) if len(head) == _SIZE else b""
    return message if len(head) == _SIZE and len(message) == size else None
