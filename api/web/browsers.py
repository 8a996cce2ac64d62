"""What goes wrong, told to a person: a page with a line that helps and a way home, where a browser asked for a page."""

from __future__ import annotations

import re
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from litestar import Request, Response
from litestar.types import ExceptionHandlersMap

from api.shared.problems import ProblemOut
from api.web.layout import Tongue, page
from api.web.markup import tag
from api.web.words import WORDS

_FOR_PROGRAMS = re.compile(r"/(?:v1|schema|metrics|health|mcp|retrieval|web)(?:/|$)")

Handler = Callable[[Request[Any, Any, Any], Any], Response[Any]]


def for_browsers(handlers: ExceptionHandlersMap) -> ExceptionHandlersMap:
    """The same handlers, whose problem details become a page where a browser is to show them."""
    return {kind: _shown(handler) for kind, handler in handlers.items()}


def _shown(handler: Handler) -> Handler:
    def handle(request: Request[Any, Any, Any], error: Any) -> Response[Any]:
        response = handler(request, error)
        if not _wants_page(request) or not isinstance(response.content, ProblemOut):
            return response
        shown = _page(request, response.content)
        shown.headers.update({k: v for k, v in response.headers.items() if k.lower() != "content-type"})
        # By this the browser asks for the key, on whatever page.
        if response.status_code == HTTPStatus.UNAUTHORIZED:
            shown.headers["WWW-Authenticate"] = 'Basic realm="Wenju"'
        return shown

    return handle


def _wants_page(request: Request[Any, Any, Any]) -> bool:
    plain = request.method == "GET" and _FOR_PROGRAMS.match(request.url.path) is None
    return plain and "text/html" in request.headers.get("accept", "")


def _page(request: Request[Any, Any, Any], problem: ProblemOut) -> Response[str]:
    tongue = Tongue.of(request)
    status = HTTPStatus(problem.status)
    known = f"error_{problem.status}"
    general = "error_500" if problem.status >= 500 else "error_400"
    title = tongue(known if known in WORDS else general)
    helps = f"help_{problem.status}"
    # Relative, so that it also holds below the path of a proxy.
    up = "../" * (request.url.path.count("/") - 1)
    body = [
        tag("p", tongue(helps)) if helps in WORDS else None,
        tag("p", tongue.told(problem.detail), class_="fine"),
        tag(
            "p",
            tag("a", tongue("error_home"), href=tongue.url(up or "./")),
            " · ",
            tag("a", tongue("error_held"), href=tongue.url(f"{up}held")),
        ),
    ]
    return page(tongue, title, body, up=up, status=status)
