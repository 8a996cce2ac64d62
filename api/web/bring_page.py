"""The page to bring reports on. What it does is `bring.js` over the routes of the documents."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response, get
from litestar.datastructures import State

from api.web.layout import Tongue, other_language, page
from api.web.markup import tag


@get("/bring", sync_to_thread=False, include_in_schema=False)
def bring_page(request: Request[Any, Any, Any], state: State) -> Response[str]:
    """Show where files are dropped, and what became of them."""
    tongue = Tongue.of(request)
    title, other = tongue("bring_title"), other_language(request, tongue)
    if "library" not in state:
        return page(tongue, title, tag("p", tongue("bring_closed"), class_="notice"), here="bring", other=other)
    chooser = tag(
        "div",
        tag("p", tongue("bring_line"), id="bring-line"),
        tag("label", tongue("bring_choose"), class_="quiet chooser", for_="files"),
        tag("input", type="file", id="files", multiple=True, class_="offscreen", aria_describedby="bring-line"),
        id="drop",
        class_="drop",
    )
    key = tag(
        "form",
        tag("label", tongue("bring_key"), " ", tag("input", type="password", id="key", autocomplete="off")),
        tag("button", tongue("bring_use"), class_="quiet"),
        id="key-form",
        class_="filters",
        hidden=True,
    )
    body = [
        tag("noscript", tag("p", tongue("bring_script"), class_="notice")),
        chooser,
        key,
        tag("p", id="bring-state", role="status", class_="state"),
        tag("ol", id="sent", class_="cards"),
        tag("div", id="removed"),
    ]
    return page(tongue, title, body, here="bring", scripts=("bring.js",), other=other)
