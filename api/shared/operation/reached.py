"""What stands before this service's own paths, for the links in an answer."""

from __future__ import annotations

from contextvars import ContextVar
from urllib.parse import urlsplit

_BEFORE: ContextVar[str] = ContextVar("wenju_before", default="")


def reached_by(public_url: str | None) -> str:
    """What stands before this service's own paths where people reach it: nothing, or its whole address if that has a path."""
    address = (public_url or "").rstrip("/")
    return address if urlsplit(address).path else ""


def set_reached_by(before: str) -> None:
    """Have the addresses of this request's answer begin so."""
    _BEFORE.set(before)


def reached(path: str) -> str:
    """A path of this service as a client can open it. Behind a proxy that serves it below a prefix the path alone leads elsewhere."""
    return _BEFORE.get() + path
