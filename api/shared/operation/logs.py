"""What is written of each request and of each surprise: lines for people or JSON, and never a reason to wait.

structlog renders; the standard library's loggers (ours, uvicorn's, those of other packages) are rendered by it too.
"""

from __future__ import annotations

import logging
import os
import queue
import sys
import threading
from contextlib import suppress

import structlog

KEPT = 10_000
"""Lines that wait to be written. A reader that has stopped reading costs lines, not answers."""


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
    """Hands lines to a thread that writes them; what does not fit is counted and told when there is room again."""

    def __init__(self) -> None:
        super().__init__()
        self._lines: queue.Queue[str] = queue.Queue(KEPT)
        self._lost = 0
        threading.Thread(target=self._write, name="wenju-log", daemon=True).start()

    def emit(self, record: logging.LogRecord) -> None:
        """Take a line, or count it as lost."""
        try:
            self._lines.put_nowait(self.format(record))
        except queue.Full:
            self._lost += 1
        except Exception:
            self.handleError(record)

    def flush(self) -> None:
        """Wait a moment for what is not yet written, as at the end of the process."""
        with self._lines.all_tasks_done:
            self._lines.all_tasks_done.wait_for(lambda: not self._lines.unfinished_tasks, timeout=0.5)

    def _write(self) -> None:
        # Not through `sys.stderr`: its lock would be held by this thread when the process ends.
        descriptor = sys.__stderr__.fileno() if sys.__stderr__ is not None else 2
        while True:
            line = self._lines.get()
            lost, self._lost = self._lost, 0
            text = f"{line}\n" + (f"{lost} lines of the log were lost: nobody read them\n" if lost else "")
            # Where nobody reads any more there is nowhere else to say so.
            with suppress(OSError):
                _write_all(descriptor, text.encode("utf-8", "backslashreplace"))
            self._lines.task_done()


def _write_all(descriptor: int, data: bytes) -> None:
    while data:
        data = data[os.write(descriptor, data) :]
