"""Stands before every route: which scope it needs, and whether this request may pass."""

from __future__ import annotations

import asyncio
from typing import Any
from urllib.parse import urlsplit

from litestar.connection import ASGIConnection
from litestar.handlers.base import BaseRouteHandler

from api.shared.keys import ForbiddenError, Keyring, Scope
from api.shared.operation import note

SCOPE = "scope"
"""The name under which a route says what it needs; ``None`` for the open ones. A route that says nothing needs ``ask``."""

OPEN: dict[str, Any] = {SCOPE: None}
ADMIN: dict[str, Any] = {SCOPE: Scope.ADMIN}
INGEST: dict[str, Any] = {SCOPE: Scope.INGEST}


# Asynchronous, or the framework would run it in a thread, and a probe would wait behind questions.
async def guard(connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler) -> None:
    """Let a request pass, or raise what our error tables turn into 401, 403 or 429."""
    scope = handler.opt.get(SCOPE, Scope.ASK)
    if scope is None:
        return
    if scope is not Scope.ASK:
        same_site(connection)
    await admit(connection, scope)


async def admit(connection: ASGIConnection[Any, Any, Any, Any], scope: Scope) -> None:
    """Let a request with a key for ``scope`` pass. Wrong keys from one address wait for their turn."""
    keyring: Keyring = connection.app.state.keyring
    address = connection.client.host if connection.client is not None else ""
    wait = keyring.delay(connection.headers, address)
    if wait:
        await asyncio.sleep(wait)
    note.current().key = keyring.enter(connection.headers, scope, address)


def same_site(connection: ASGIConnection[Any, Any, Any, Any]) -> None:
    """Refuse what a page of another site makes a visitor's browser send: it would come with that visitor's rights.

    Pages of origins that the operator has named may, and those of the service's own public address, which a proxy hides.
    """
    origin = connection.headers.get("origin")
    if origin is None or urlsplit(origin).netloc == connection.headers.get("host"):
        return
    trusted: frozenset[str] = connection.app.state.trusted_origins
    if origin.lower() not in trusted:
        raise ForbiddenError(
            "a page of another site cannot change the index; WENJU_ALLOWED_ORIGINS names those that may"
        )
