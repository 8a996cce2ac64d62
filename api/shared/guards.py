"""Stands before every route: which scope it needs, and whether this request may pass."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from litestar.connection import ASGIConnection
from litestar.handlers.base import BaseRouteHandler

from api.shared.keys import ForbiddenError, Keyring, Scope

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
    keyring: Keyring = connection.app.state.keyring
    keyring.enter(connection.headers, scope)


def same_site(connection: ASGIConnection[Any, Any, Any, Any]) -> None:
    """Refuse what a page of another site makes a visitor's browser send: it would come with that visitor's rights."""
    origin = connection.headers.get("origin")
    if origin is not None and urlsplit(origin).netloc != connection.headers.get("host"):
        raise ForbiddenError("a page of another site cannot change the index")
