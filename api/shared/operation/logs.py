"""What is written of each request and of each surprise: lines for people or JSON, and never a reason to wait.

structlog renders; the standard library's loggers (ours, uvicorn's, those of other packages) are rendered by it too.
"""

from __future__ import annotations

import logging
import os
import sys
import threading
import time
from collections import deque
from contextlib import suppress

import structlog

KEPT = 10_000
"""Lines that wait to be written. A reader that has stopped reading costs lines, not answers."""

TOGETHER = 0.02
"""Seconds for which lines are gathered before they are written."""

AT_ONCE = 100
"""Lines of one writing."""


def configure(form: str, level: int = logging.INFO) -> None:
    """Write everything that is logged in this process to standard error, as ``text`` or ``json``."""
    shared: list[structlog.typing.Processor] = [
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.stdlib.ExtraAdder(),
    ]
    renderer: structlog.typing.Processor = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if form == "json"
        else structlog.dev.ConsoleRenderer(
            colors=False,
            pad_event_to=0,
            pad_level=False,
            sort_keys=False,
            exception_formatter=structlog.dev.plain_traceback,
        )
    )
    # Plain tracebacks in both: those with local variables would tell questions and keys.
    traces = [structlog.processors.format_exc_info] if form == "json" else []
    handler = _Handler()
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *traces, renderer],
            foreign_pre_chain=shared,
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    logging.getLogger("wenju").setLevel(level)


class _Handler(logging.Handler):
    """Hands lines to a thread that writes them; what does not fit is counted and told when there is room again.

    The thread is woken for the first of several lines only: under load each waking took the interpreter from the answers.
    """

    def __init__(self) -> None:
        super().__init__()
        self._lines: deque[str] = deque()
        self._lost = 0
        self._come = threading.Event()
        self._writing = False
        threading.Thread(target=self._write, name="wenju-log", daemon=True).start()

    def emit(self, record: logging.LogRecord) -> None:
        """Take a line, or count it as lost."""
        try:
            if len(self._lines) >= KEPT:
                self._lost += 1
                return
            self._lines.append(self.format(record))
            if not self._come.is_set():
                self._come.set()
        except Exception:
            self.handleError(record)

    def flush(self) -> None:
        """Wait a moment for what is not yet written, as at the end of the process."""
        due = time.monotonic() + 0.5
        while (self._lines or self._writing) and time.monotonic() < due:
            time.sleep(TOGETHER / 4)

    def _write(self) -> None:
        # Not through `sys.stderr`: its lock would be held by this thread when the process ends.
        descriptor = sys.__stderr__.fileno() if sys.__stderr__ is not None else 2
        while True:
            self._come.wait()
            time.sleep(TOGETHER)
            self._come.clear()
            self._writing = True
            while self._lines:
                text = "".join(f"{self._lines.popleft()}\n" for _ in range(min(len(self._lines), AT_ONCE)))
                lost, self._lost = self._lost, 0
                text += f"{lost} lines of the log were lost: nobody read them\n" if lost else ""
                # Where nobody reads any more there is nowhere else to say so.
                with suppress(OSError):
                    _write_all(descriptor, text.encode("utf-8", "backslashreplace"))
            self._writing = False


def _write_all(descriptor: int, data: bytes) -> None:
    while data:
        data = data[os.write(descriptor, data) :]
