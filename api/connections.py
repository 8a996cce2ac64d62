"""Limits on the time that a client may take: for a request's head, for its body, and to read an answer."""

from __future__ import annotations

import asyncio
import time
from http import HTTPStatus
from typing import Any

import h11
from litestar.exceptions import HTTPException
from litestar.types import ASGIApp, Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

HEAD_SECONDS = 10.0
BODY_SECONDS = 30.0
"""For a body of no length to speak of; a large one has a second more for each ``SLOWEST`` bytes that it announces."""
SLOWEST = 64 * 1024
READING_SECONDS = 60.0
"""For which a client may leave an answer unread that does not fit the system's buffers."""

_LATE = b"HTTP/1.1 408 Request Timeout\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"


class Connection(H11Protocol):
    """One connection: closed where a head does not come, or an answer is not read, in time.

    uvicorn waits for both for ever; it limits the time between two requests alone.
    """

    _heading: asyncio.TimerHandle | None = None
    _stuck: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._heading = self.loop.call_later(HEAD_SECONDS, self._late)

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        self._watch()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        self._watch()

    def connection_lost(self, exc: Exception | None) -> None:
        for timer in (self._heading, self._stuck):
            if timer is not None:
                timer.cancel()
        super().connection_lost(exc)

    def pause_writing(self) -> None:
        super().pause_writing()
        self._stuck = self._stuck or self.loop.call_later(READING_SECONDS, self.transport.abort)

    def resume_writing(self) -> None:
        if self._stuck is not None:
            self._stuck.cancel()
            self._stuck = None
        super().resume_writing()

    def _watch(self) -> None:
        """Let the time run while a head has begun to come and is not whole, from its first byte on."""
        if self.conn.their_state is h11.IDLE and (self.conn.trailing_data[0] or self.cycle is None):
            self._heading = self._heading or self.loop.call_later(HEAD_SECONDS, self._late)
        elif self._heading is not None:
            self._heading.cancel()
            self._heading = None

    def _late(self) -> None:
        self._heading = None
        if not self.transport.is_closing():
            self.transport.write(_LATE)
            self.transport.close()


BREATH_SECONDS = 15.0
"""After which a stream of events that has nothing to tell sends a comment: proxies and clients end what is silent for a minute,
and a language model may think for half of one."""
_BREATH = b": keep-alive\n\n"


class Breathing:
    """Sends comments in streams of events while nothing comes, between two events only."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, and a stream's silences over."""
        stream = _Stream(send)
        try:
            await self._app(scope, receive, stream.send)
        finally:
            stream.end()


class _Stream:
    def __init__(self, send: Send) -> None:
        self._send = send
        self._told = 0.0
        # Whether what was sent ends with an event: a comment inside of one would break it.
        self._whole = True
        self._breathing: asyncio.Task[None] | None = None

    async def send(self, message: Any) -> None:
        body = message.get("body", b"")
        if message["type"] == "http.response.start" and _is_of_events(message):
            self._told = time.monotonic()
            self._breathing = asyncio.create_task(self._breathe())
        elif body:
            self._told = time.monotonic()
            self._whole = body.endswith((b"\n\n", b"\r\n\r\n"))
        if message["type"] == "http.response.body" and not message.get("more_body"):
            self.end()
        await self._send(message)

    def end(self) -> None:
        if self._breathing is not None:
            self._breathing.cancel()

    async def _breathe(self) -> None:
        while True:
            await asyncio.sleep(self._told + BREATH_SECONDS - time.monotonic())
            if self._whole and time.monotonic() - self._told >= BREATH_SECONDS:
                self._told = time.monotonic()
                breath: Any = {"type": "http.response.body", "body": _BREATH, "more_body": True}
                await self._send(breath)
            elif not self._whole:
                await asyncio.sleep(BREATH_SECONDS)


def _is_of_events(message: Any) -> bool:
    return any(
        name.lower() == b"content-type" and value.startswith(b"text/event-stream")
        for name, value in message.get("headers", ())
    )


class Punctual:
    """Ends the waiting for a body that does not come in time, with 408."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on with a limit on its body."""
        announced = next((value for name, value in scope["headers"] if name == b"content-length"), b"0")
        size = int(announced) if announced.isdigit() else 0
        due = time.monotonic() + BODY_SECONDS + size / SLOWEST
        whole = False

        async def punctually() -> Any:
            nonlocal whole
            if whole:
                # What comes now is that the client has left, and there is no haste about that.
                return await receive()
            try:
                async with asyncio.timeout(max(0.0, due - time.monotonic())):
                    message: Any = await receive()
            except TimeoutError:
                detail = "the body of the request did not come in time"
                raise HTTPException(status_code=HTTPStatus.REQUEST_TIMEOUT, detail=detail) from None
            whole = message["type"] != "http.request" or not message.get("more_body")
            return message

        await self._app(scope, punctually, send)
