"""HTML as values: what is put into an element is escaped unless it is an element itself."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

_VOID = {"br", "img", "input", "link", "meta"}


class Html(str):
    """Text that is markup already."""

    __slots__ = ()


def tag(name: str, /, *children: object, **attributes: object) -> Html:
    """An element. Attributes are written with ``_`` for ``-`` and a trailing one where the name is a keyword of Python.

    An attribute of None or False is left out, one of True has no value; children of None are left out, and sequences unfolded.
    """
    written = "".join(_attribute(key, value) for key, value in attributes.items())
    return Html(f"<{name}{written}>" if name in _VOID else f"<{name}{written}>{text(children)}</{name}>")


def _attribute(key: str, value: object) -> str:
    if value is None or value is False:
        return ""
    name = key.rstrip("_").replace("_", "-")
    return f" {name}" if value is True else f' {name}="{escape(str(value))}"'


def text(content: object) -> Html:
    """Anything as markup."""
    if content is None or content is False:
        return Html("")
    if isinstance(content, Html):
        return content
    if isinstance(content, Iterable) and not isinstance(content, str):
        return Html("".join(text(each) for each in content))
    return Html(escape(str(content)))
