"""Who may call the service by which name, and from which pages: what stands before every route, found or not."""

from __future__ import annotations

import ipaddress
import json
from urllib.parse import urlsplit

from litestar.config.cors import CORSConfig
from litestar.types import ASGIApp, Receive, Scope, Send

from api.shared.protocols import ServiceOptions

#: What browsers' clients send besides the harmless ones; a star would not mean `authorization`.
_HEADERS = ["authorization", "content-type", "x-api-key", "x-request-id"]
#: Shapes of what OpenAI's client in a browser says of itself, each a header of its own.
_CLIENTS_OWN = [
    f"x-stainless-{name}" for name in (
        "arch", "async", "custom-poll-interval", "helper-method", "lang", "os", "package-version", "poll-helper",
        "raw-response", "retry-count", "runtime", "runtime-version", "timeout",
    )
]  # fmt: skip
_SHOWN = ["x-request-id", "retry-after", "retry-after-ms", "x-should-retry"]


def cross_origin(options: ServiceOptions) -> CORSConfig | None:
    """What pages of the named origins may do: everything that their visitors' keys open. None where no origin is named."""
    if not options.allowed_origins:
        return None
    return CORSConfig(
        allow_origins=list(options.allowed_origins),
        allow_methods=["GET", "POST", "DELETE"],
        allow_headers=[*_HEADERS, *_CLIENTS_OWN],
        expose_headers=_SHOWN,
    )


def trusted_origins(options: ServiceOptions) -> frozenset[str]:
    """The origins whose pages may change the index: the named ones, and that of the address that people know."""
    own = urlsplit(options.public_url or "")
    return frozenset({*options.allowed_origins, *([f"{own.scheme}://{own.netloc}".lower()] if own.netloc else [])})


class OwnNames:
    """Refuses requests for a name that is not the service's own, with 403 and nothing read or done.

    Without keys, being reached is all that it takes. A page of any site can have its own name lead to this machine (DNS
    rebinding): the browser then takes the service for a part of that site. It still sends the name it asked for.
    """

    def __init__(self, app: ASGIApp, options: ServiceOptions) -> None:
        self._app = app
        public = urlsplit(options.public_url or "").hostname
        self._names = {"localhost", *options.allowed_hosts, *([public] if public else [])}
        # Addresses cannot be made to lead elsewhere. Where others are served, it may be called by any that it has.
        self._any_address = not _is_loopback(options.host)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it."""
        if not self._is_own(scope):
            await _refuse(send)
            return
        await self._app(scope, receive, send)

    def _is_own(self, scope: Scope) -> bool:
        given = [value for name, value in scope["headers"] if name == b"host"]
        if not given:
            # HTTP/1.0, of probes; a browser always sends one.
            return True
        name = _name(given[0].decode("latin-1"))
        if len(given) > 1 or name is None:
            return False
        if name in self._names or name.endswith(".localhost"):
            return True
        try:
            address = ipaddress.ip_address(name)
        except ValueError:
            return False
        return self._any_address or address.is_loopback


def _name(host: str) -> str | None:
    """The name in a Host header without its port; None for what is none."""
    try:
        parts = urlsplit(f"//{host}")
        _ = parts.port
    except ValueError:
        return None
    if parts.path or parts.query or parts.fragment or parts.username is not None:
        return None
    return (parts.hostname or "").rstrip(".") or None


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


async def _refuse(send: Send) -> None:
    detail = (
        "this service is not called by that name; WENJU_PUBLIC_URL or WENJU_ALLOWED_HOSTS names others, "
        "and with WENJU_API_KEYS any will do"
    )
    body = {"type": "about:blank", "title": "Forbidden", "status": 403, "detail": detail}
    headers = [(b"content-type", b"application/problem+json"), (b"x-content-type-options", b"nosniff")]
    await send({"type": "http.response.start", "status": 403, "headers": headers})
    await send({"type": "http.response.body", "body": json.dumps(body).encode(), "more_body": False})
