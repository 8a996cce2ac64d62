"""Run the service: one process, one line for whatever stops it from starting."""

from __future__ import annotations

import ipaddress
import signal
import socket
import sys
from collections.abc import Callable
from functools import partial
from types import FrameType
from typing import TYPE_CHECKING, NoReturn

import uvicorn

from api.app import LibraryFactory, create_app
from api.connections import Connection
from api.opening import END_SECONDS, end_in, let_the_loop_in, parts_of
from api.processes import serve_many
from api.shared.keys import KeyFileError, keys_of
from api.shared.operation.logs import configure
from api.shared.operation.tracing import Traces, traces_of
from api.shared.protocols import Pipeline, PipelineFactory, ServiceOptions
from index.errors import SnapshotError, WenjuError

if TYPE_CHECKING:
    from settings import Settings, Telemetry

# Long enough for any answer under way, shorter than the ten seconds after which a container is killed.
GRACE_SECONDS = 7
# Connections beyond those that are served wait in the system, where nobody can refuse them.
BACKLOG = 2048


def serve(settings: Settings) -> None:
    """Serve the index that the settings name; see ``run``."""
    from settings import Telemetry

    opener, library, current = parts_of(settings)
    many = partial(serve_many, settings) if settings.workers > 1 else None
    run(settings, opener, library, current, many, Telemetry())


def run(
    options: ServiceOptions,
    opener: PipelineFactory,
    library: LibraryFactory | None = None,
    current: Callable[[], str | None] | None = None,
    many: Callable[[socket.socket, int], None] | None = None,
    telemetry: Telemetry | None = None,
) -> None:
    """Serve until SIGTERM or SIGINT, then finish what is under way. Exits 1 with one line when it cannot start."""
    _refuse_strangers(options)
    configure(options.log)
    traces = _traces(telemetry)
    let_the_loop_in()
    for number in (signal.SIGTERM, signal.SIGINT):
        # uvicorn takes these over while it serves and raises them again when it is done: a stop that was
        # asked for is then a success, and one during the opening ends the process at once.
        signal.signal(number, _stop)
    with _listen(options.host, options.port) as listener:
        # Opened here, not in the lifespan: a failure there would reach the user as a traceback of the framework.
        pipeline = _open(options, opener)
        identity = pipeline.snapshot.id
        opened = [pipeline]
        del pipeline
        app = create_app(options, lambda: opened.pop() if opened else opener(), library, current, traces=traces)
        host, port = listener.getsockname()[:2]
        shown = f"[{host}]" if ":" in host else host
        sys.stderr.write(f"wenju: serving http://{shown}:{port} (snapshot {identity})\n")
        sys.stderr.flush()
        if many is not None:
            # Opened here all the same: what is wrong with the index is told in one line, and once.
            opened.clear()
            many(listener, GRACE_SECONDS)
            return
        config = uvicorn.Config(
            app,
            access_log=False,
            # Set up already, for everybody's lines.
            log_config=None,
            lifespan="on",
            http=Connection,
            ws="none",
            server_header=False,
            timeout_graceful_shutdown=GRACE_SECONDS,
        )
        Server(config).run(sockets=[listener])


class Server(uvicorn.Server):
    """Ends in time, whatever a thread does meanwhile."""

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Begin to stop."""
        end_in(END_SECONDS)
        super().handle_exit(sig, frame)


def _refuse_strangers(options: ServiceOptions) -> None:
    """Do not serve other machines without a key, unless that is what was asked for."""
    try:
        keys = keys_of(options)
    except KeyFileError as error:
        _fail(str(error))
    if not keys and not options.insecure and not _is_this_machine(options.host):
        _fail(
            f"no API keys are set, and {options.host} can be reached by others; "
            "set WENJU_API_KEYS or WENJU_API_KEY_FILE, or serve without keys with --insecure"
        )


def _is_this_machine(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _traces(telemetry: Telemetry | None) -> Traces | None:
    try:
        return traces_of(telemetry) if telemetry is not None else None
    except WenjuError as error:
        _fail(str(error))


def _listen(host: str, port: int) -> socket.socket:
    """Take the port before anything slow, so that a taken one is told at once."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        listener = socket.create_server((host, port), family=family, backlog=BACKLOG)
    except OSError as error:
        _fail(f"cannot listen on {host}:{port}: {error.strerror or error}; choose another with --port or --host")
    # asyncio sets this only on sockets that were made with an explicit protocol number. Without it the head and the
    # body of a response leave apart, and each answer waits 40 ms for the client's delayed acknowledgement.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listener


def _open(options: ServiceOptions, opener: PipelineFactory) -> Pipeline:
    try:
        return opener()
    except WenjuError as error:
        line = str(error)
        if isinstance(error, SnapshotError) and "wenju ingest" not in line:
            line += f"; build it with: wenju ingest data/reports --index {options.index}"
        _fail(line)


def _fail(line: str) -> NoReturn:
    sys.stderr.write(f"wenju: {line}\n")
    raise SystemExit(1)


def _stop(_number: int, _frame: FrameType | None) -> None:
    raise SystemExit(0)
