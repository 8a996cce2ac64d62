"""What every page that the service writes has in common: the head, the way home, the language."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from litestar import MediaType, Request, Response

from api.web.markup import Html, tag, text
from api.web.telling import telling
from api.web.words import WORDS

PAGE_HEADERS = {
    # Everything from this service and nothing inline: text of a report can then never run as a script.
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        "frame-src 'self'; frame-ancestors 'self'; base-uri 'none'; form-action 'self'"
    ),
    "Referrer-Policy": "no-referrer",
    # The page belongs to the running version; a stale script must not meet a newer service.
    "Cache-Control": "no-cache",
    "Vary": "Accept-Language",
}


@dataclass(frozen=True, slots=True)
class Tongue:
    """The language of a page. ``asked`` is what its address says, and what addresses on it must say too."""

    lang: str
    asked: str | None

    @classmethod
    def of(cls, request: Request[Any, Any, Any]) -> Tongue:
        """As the address says, else as the browser does: its first language, Chinese where it names none."""
        asked = request.query_params.get("lang")
        first = asked or request.headers.get("accept-language", "zh").split(",")[0]
        return cls("zh" if first.strip().lower().startswith(("zh", "*")) or not first else "en", asked)

    def __call__(self, name: str, **values: object) -> str:
        """One of the page's own words, with its gaps filled."""
        return WORDS[name][self.lang == "en"].format(**values)

    def told(self, message: str) -> str:
        """A sentence that the service says in English, in the page's language."""
        return telling(message, self.lang)

    def url(self, path: str, **query: object) -> str:
        """An address of ours in this language."""
        given = {key: value for key, value in query.items() if value not in (None, "", False)}
        if self.asked:
            given["lang"] = self.asked
        return f"{path}?{urlencode(given)}" if given else path


def page(
    tongue: Tongue,
    title: str,
    body: object,
    *,
    up: str = "",
    here: str = "",
    scripts: tuple[str, ...] = (),
    status: HTTPStatus = HTTPStatus.OK,
    other: str | None = None,
) -> Response[str]:
    """A whole page. ``up`` leads from its address to the service's root, ``here`` is its place in the navigation.

    ``other`` is its address in the other language, relative to itself.
    """
    places = (("held", "nav_held"), ("indicators", "nav_indicators"), ("bring", "nav_bring"))
    nav = [
        tag("a", tongue(word), href=tongue.url(up + name), aria_current="page" if name == here else None)
        for name, word in places
    ]
    brand = tag(
        "a",
        tag("img", src=f"{up}web/icon.svg", alt="", width=28, height=28),
        tag("span", "问据", lang="zh-Hans"),
        Html(" "),
        tag("span", "Wenju", lang="en", class_="latin"),
        class_="brand",
        href=tongue.url(up or "./"),
    )
    switch = None
    if other is not None:
        switch = tag("a", tongue("other"), class_="quiet", href=other, lang="en" if tongue.lang == "zh" else "zh-Hans")
    head = [
        Html('<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">'),
        Html('<meta name="color-scheme" content="light dark">'),
        tag("title", f"{title} · {tongue('name')}"),
        tag("link", rel="icon", href=f"{up}web/icon.svg"),
        [tag("link", rel="stylesheet", href=f"{up}web/{name}") for name in ("style.css", "answer.css", "pages.css")],
        [tag("script", type="module", src=f"{up}web/{name}") for name in scripts],
    ]
    written = tag(
        "html",
        tag("head", head),
        tag(
            "body",
            tag("a", tongue("skip"), class_="skip", href="#main"),
            tag("header", brand, tag("nav", nav, aria_label=tongue("nav")), switch, class_="top"),
            tag("main", tag("h1", title), text(body), id="main", class_="page", tabindex="-1"),
            class_="paged",
        ),
        lang="zh-Hans" if tongue.lang == "zh" else "en",
    )
    return Response(
        "<!doctype html>\n" + written, media_type=MediaType.HTML, headers=PAGE_HEADERS, status_code=int(status)
    )


def other_language(request: Request[Any, Any, Any], tongue: Tongue) -> str:
    """The address of the page that is asked for, in the other language."""
    given = [(k, v) for k, v in request.query_params.multi_items() if k != "lang"]
    return "?" + urlencode([*given, ("lang", "en" if tongue.lang == "zh" else "zh")])
