"""``/mcp``: starts the Model Context Protocol part when it is first asked for, so that a start costs nothing more."""

from __future__ import annotations

import asyncio
import json
from http import HTTPStatus
from importlib.util import find_spec
from typing import Any

from litestar import asgi
from litestar.connection import ASGIConnection
from litestar.types import Receive, Scope, Send

from api.shared.errors import ExtraMissingError, NotReadyError
from api.shared.guards import same_site
from api.shared.links import Links
from api.shared.protocols import Pipeline, ServiceOptions


def require_mcp(part: str) -> None:
    """Raises ExtraMissingError, naming what wants it, where the package of the protocol is not installed."""
    if find_spec("mcp") is None:
        raise ExtraMissingError(part, "mcp")


class Mount:
    """Owns the part while the service runs. Made once; ``close`` ends what it began."""

    def __init__(self, options: ServiceOptions, state: Any) -> None:
        self._options = options
        self._state = state
        self._lock = asyncio.Lock()
        self._app: Any = None
        self._owner: asyncio.Task[None] | None = None
        self._stop = asyncio.Event()

    async def app(self, base_url: str) -> Any:
        """The endpoint, started if need be. Raises ExtraMissingError where its package is not installed."""
        async with self._lock:
            if self._app is None:
                require_mcp("/mcp")
                loop = asyncio.get_running_loop()
                self._app, manager = await loop.run_in_executor(None, self._make, base_url)
                running = asyncio.Event()
                # What the manager opens must be closed by the task that opened it, and a request's task ends.
                self._owner = asyncio.create_task(self._run(manager, running))
                await running.wait()
        return self._app

    def _make(self, base_url: str) -> Any:
        from api.mcp import make_app

        links = Links(self._options.public_url or base_url)
        return make_app(self._current, links, self._options.max_body_bytes)

    def _current(self) -> Pipeline:
        pipeline: Pipeline | None = self._state.get("pipeline")
        if pipeline is None:
            raise NotReadyError
        return pipeline

    async def _run(self, manager: Any, running: asyncio.Event) -> None:
        async with manager.run():
            running.set()
            await self._stop.wait()

    async def close(self) -> None:
        """Stop serving it."""
        self._stop.set()
        if self._owner is not None:
            await self._owner


@asgi("/mcp", is_mount=True, copy_scope=True)
async def mcp(scope: Scope, receive: Receive, send: Send) -> None:
    """Serve the Model Context Protocol, its 2026 revision and the ones before it."""
    connection: ASGIConnection[Any, Any, Any, Any] = ASGIConnection(scope)
    same_site(connection)
    try:
        app = await scope["litestar_app"].state.mount.app(str(connection.base_url))
    except ExtraMissingError as error:
        await _refuse(send, HTTPStatus.NOT_IMPLEMENTED, str(error))
        return
    # The part knows one path; the framework has taken it off, or left what stands behind it.
    await app({**scope, "path": "/mcp", "raw_path": b"/mcp", "root_path": "", "app": None}, receive, send)


async def _refuse(send: Send, status: HTTPStatus, detail: str) -> None:
    body = {"type": "about:blank", "title": status.phrase, "status": int(status), "detail": detail}
    headers = [(b"content-type", b"application/problem+json"), (b"x-content-type-options", b"nosniff")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": json.dumps(body).encode(), "more_body": False})
