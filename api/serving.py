"""Which snapshot is served: opened at start and after every change, this process's own or another's."""

from __future__ import annotations

import asyncio
import logging
import os
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from litestar.datastructures import State

from api.shared.protocols import Pipeline, PipelineFactory
from index.errors import WenjuError

_logger = logging.getLogger("wenju.api")

EVERY = 0.25
"""Seconds between looks at what is to be served; a look reads one small file, or asks a database for one row."""

TOGETHER_SECONDS = 10.0
"""For which a change waits for the other processes to serve it."""


class Serving:
    """Keeps the pipeline of the current snapshot in the application's state."""

    def __init__(
        self,
        state: State,
        open_pipeline: PipelineFactory,
        current: Callable[[], str | None] | None,
        shared: Path | None = None,
    ) -> None:
        """``current`` tells the id of the snapshot that is to be served, and raises WenjuError where it cannot.

        In the folder ``shared`` each of several processes tells what it serves.
        """
        self._shared = shared
        self._state = state
        self._open = open_pipeline
        self._current = current
        self._lock = threading.Lock()
        self._failed: str | None = None
        self._opening = ThreadPoolExecutor(1, thread_name_prefix="wenju-open")
        self.pipeline: Pipeline = open_pipeline()
        state.pipeline = self.pipeline
        self._tell_others()

    def changed(self) -> None:
        """Serve what this process has written, and wait until the others do: who asks next may be answered by any of them."""
        self.reopen()
        due = time.monotonic() + TOGETHER_SECONDS
        while self._shared is not None and time.monotonic() < due and not self._all_serve(self._shared):
            time.sleep(EVERY / 5)

    def _all_serve(self, shared: Path) -> bool:
        for path in shared.glob("serving-*"):
            try:
                os.kill(int(path.name.partition("-")[2]), 0)
            except ProcessLookupError:
                path.unlink(missing_ok=True)
                continue
            if path.read_text() != self.pipeline.snapshot.id:
                return False
        return True

    def _tell_others(self) -> None:
        if self._shared is not None:
            written = self._shared / f".serving-{os.getpid()}"
            written.write_text(self.pipeline.snapshot.id)
            written.replace(self._shared / f"serving-{os.getpid()}")

    def reopen(self) -> None:
        """Serve the current snapshot from the next request on. Answers under way keep the one that they began with."""
        with self._lock:
            if self._current is not None and self._current() == self.pipeline.snapshot.id:
                return
            self.pipeline = self._open()
            self._state.pipeline = self.pipeline
            self._tell_others()
            _logger.info("serving snapshot %s", self.pipeline.snapshot.id)

    async def watch(self) -> None:
        """Take up what other processes write, until cancelled. What cannot be opened is told once, and the last is served."""
        while self._current is not None:
            await asyncio.sleep(EVERY)
            try:
                # In a thread of its own, as what follows: a database may let it wait, and neither questions nor changes are to.
                wanted = await asyncio.wrap_future(self._opening.submit(self._current))
                if wanted not in (None, self.pipeline.snapshot.id, self._failed):
                    await asyncio.wrap_future(self._opening.submit(self._reopen_apart, wanted))
            except WenjuError as error:
                self._tell("?", error)

    def _reopen_apart(self, wanted: str | None) -> None:
        try:
            self.reopen()
            self._failed = None
        except WenjuError as error:
            self._tell(wanted, error)

    def _tell(self, wanted: str | None, error: WenjuError) -> None:
        if self._failed != wanted:
            _logger.error("snapshot %s cannot be served, the last one still is: %s", wanted, error)
        self._failed = wanted
