"""Several processes that serve one index on one port: uvicorn starts, watches and replaces them."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from functools import partial
from pathlib import Path
from socket import socket
from types import FrameType
from typing import TYPE_CHECKING

import uvicorn
from litestar import Litestar
from uvicorn.config import STARTUP_FAILURE
from uvicorn.supervisors import Multiprocess

from api.app import create_app
from api.connections import Connection
from api.opening import END_SECONDS, end_in, let_the_loop_in, parts_of
from api.shared.operation.logs import configure
from api.shared.operation.tracing import traces_of
from index.errors import WenjuError
from index.text.scratch import scratch

if TYPE_CHECKING:
    from settings import Settings

STARTING_SECONDS = 120
"""In which a process has to answer its parent; models are loaded meanwhile."""


def serve_many(settings: Settings, listener: socket, grace: int) -> None:
    """Serve until SIGTERM or SIGINT. What the processes share lies in a folder of its own until then."""
    from settings import share_counts

    with scratch("processes") as folder:
        share_counts(folder)
        config = uvicorn.Config(
            partial(_application, settings, folder, os.getpid()),
            factory=True,
            workers=settings.workers,
            access_log=False,
            log_config=None,
            lifespan="on",
            http=Connection,
            ws="none",
            server_header=False,
            timeout_graceful_shutdown=grace,
            timeout_worker_healthcheck=STARTING_SECONDS,
        )
        Multiprocess(config, [listener]).run()


def _application(settings: Settings, folder: Path, parent: int) -> Litestar:
    """The application of one process; called in it, by uvicorn."""
    from settings import Telemetry

    configure(settings.log)
    let_the_loop_in()
    threading.Thread(target=_leave_with, args=(parent,), daemon=True).start()
    stopping = signal.getsignal(signal.SIGTERM)

    def stop(number: int, frame: FrameType | None) -> None:
        end_in(END_SECONDS)
        if callable(stopping):
            stopping(number, frame)

    signal.signal(signal.SIGTERM, stop)
    # A terminal sends its interrupt to all of them; the parent tells them to stop.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        opener, library, current = parts_of(settings)
        return create_app(settings, opener, library, current, folder, traces_of(Telemetry()))
    except WenjuError as error:
        sys.stderr.write(f"wenju: {error}\n")
        sys.exit(STARTUP_FAILURE)


def _leave_with(parent: int) -> None:
    """Stop when the parent has ended without saying so."""
    while os.getppid() == parent:
        time.sleep(0.5)
    os.kill(os.getpid(), signal.SIGTERM)
