"""``HEAD`` for whatever can be got: the head of the same reply, without its body."""

from __future__ import annotations

from typing import Any

from litestar.types import ASGIApp, Message, Receive, Scope, Send


class Heads:
    """Stands before the routes: checks of links, and of whether somebody is there, ask so."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on; of one for the head alone, as if all were asked for."""
        if scope.get("method") != "HEAD":
            await self._app(scope, receive, send)
            return
        asked: Any = {**scope, "method": "GET"}

        async def without_body(message: Message) -> None:
            if message["type"] == "http.response.body":
                message = {**message, "body": b""}
            await send(message)

        await self._app(asked, receive, without_body)
