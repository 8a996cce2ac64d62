"""Web pages: their paragraphs, headings as Markdown's, tables as Markdown, without menus."""

from __future__ import annotations

from typing import Any

from index.errors import SourceError
from index.text.loaders.grid import MOST_CELLS, Cell, Grid
from index.text.loaders.loaded import Loaded, Writing, joined, missing_extra, one_line
from index.text.loaders.plain import decoded

_LEFT_OUT = frozenset(
    {
        "script",
        "style",
        "noscript",
        "template",
        "nav",
        "footer",
        "aside",
        "select",
        "button",
        "iframe",
        "svg",
        "object",
        "head",
    }
)
_INLINE = frozenset(
    {"a", "abbr", "b", "bdo", "big", "cite", "code", "del", "em", "font", "i", "ins", "label", "mark", "q", "s", "small", "span", "strong", "sub", "sup", "u", "o:p", "st1:chsdate"}
)  # fmt: skip
_MENU_LINKS, _MENU_SHARE = 4, 0.6
"""Links in an element, and the share of its words that are links, from which it is a menu."""
_PROSE = 160
"""Characters of a cell from which its table is there to lay out the page."""
_DEEPEST = 220


def load(name: str, data: bytes) -> Loaded:
    """The text of a saved web page. Raises SourceError naming what is the matter."""
    try:
        from lxml import etree
    except ImportError as error:
        raise missing_extra(name, "lxml") from error
    found = decoded(data)
    if found is None:
        raise SourceError(name, "not a web page: its bytes are no text")
    parser = etree.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, no_network=True)
    try:
        root = etree.fromstring(found.text.encode(), parser)
    except (etree.LxmlError, ValueError) as error:
        raise SourceError(name, "a damaged web page") from error
    body = root.find("body") if root is not None else None
    if body is None:
        raise SourceError(name, "a web page without a body")
    reader = _Reader()
    reader.read(body, 0)
    reader.end()
    out = Writing()
    title = one_line(root.findtext("head/title") or "")
    # The window's title also names the site; the report's own is nearly always in the page.
    parts = "".join("|" if c in "_-—|·" else c for c in title).split("|")
    if title and not any(_stands_in(part, reader.first_lines()) for part in (title, *parts)):
        out.write(f"# {title}\n")
    out.write(reader.text())
    return out.loaded(found.notes)


def _stands_in(title: str, lines: list[str]) -> bool:
    words = "".join(title.split())
    return len(words) > 4 and any(words in "".join(line.split()) for line in lines)


class _Reader:
    """Writes lines: words of inline elements run together, each other element begins a line."""

    def __init__(self) -> None:
        self._lines: list[str] = []
        self._line = ""
        self._head = ""

    def text(self) -> str:
        return "".join(self._lines)

    def first_lines(self) -> list[str]:
        return self._lines[:60]

    def end(self) -> None:
        """End the line that is being written."""
        words = self._line.strip()
        if words:
            self._lines.append(f"{self._head}{words}\n")
        self._line = ""

    def read(self, element: Any, depth: int) -> None:
        tag = element.tag if isinstance(element.tag, str) else ""
        if not tag or tag in _LEFT_OUT or depth > _DEEPEST or _is_hidden(element):
            return
        if tag == "br":
            self.end()
        elif tag in _INLINE:
            self._inside(element, depth)
        elif not _is_menu(element):
            self.end()
            self._block(element, tag, depth)
            self.end()

    def _block(self, element: Any, tag: str, depth: int) -> None:
        if tag == "table" and _holds_data(element):
            self._lines.append(_table(element))
            return
        if len(tag) == 2 and tag[0] == "h" and tag[1] in "123456":
            self._head = "#" * int(tag[1]) + " "
        self._inside(element, depth, whole=tag == "pre")
        if self._head:
            self.end()
            self._head = ""

    def _inside(self, element: Any, depth: int, *, whole: bool = False) -> None:
        self._say(element.text, whole)
        for child in element:
            self.read(child, depth + 1)
            self._say(child.tail, whole)

    def _say(self, words: str | None, whole: bool) -> None:
        for number, piece in enumerate((words or "").split("\n")):
            if number and whole:
                self.end()
            if piece.strip():
                # Ideographic spaces are an indent or stand in a name: kept inside a line.
                plain = piece.replace("\xa0", " ").replace("\t", " ").replace("\r", "")
                self._line = joined(self._line, plain) if number else self._line + plain
            elif piece and self._line and not number:
                self._line += " "


def _is_hidden(element: Any) -> bool:
    style = (element.get("style") or "").replace(" ", "").lower()
    return "display:none" in style or element.get("hidden") is not None


def _is_menu(element: Any) -> bool:
    """Whether an element is mostly links: a menu, a path, a list of other pages."""
    links = [each for each in element.iter("a") if each.get("href")] if element.tag != "body" else []
    if len(links) < _MENU_LINKS:
        return False
    words = _length(element)
    return words == 0 or sum(map(_length, links)) >= _MENU_SHARE * words


def _length(element: Any) -> int:
    return sum(len("".join(part.split())) for part in element.itertext())


def _holds_data(table: Any) -> bool:
    """Whether a table is one, and not there to lay out the page."""
    rows = list(table.iter("tr"))
    if next(table.iterdescendants("table"), None) is not None or not rows:
        return False
    return all(_length(cell) < _PROSE for cell in table.iter("td", "th"))


def _table(table: Any) -> str:
    grid, cells = Grid(), 0
    for row in table.iter("tr"):
        found = [
            Cell(_cell_words(cell), _count(cell.get("colspan"), 200), _count(cell.get("rowspan"), 2000))
            for cell in row.iterchildren("td", "th")
        ]
        cells += sum(cell.columns * cell.rows for cell in found)
        if cells > MOST_CELLS:
            break
        grid.add(found)
    out = Writing()
    grid.write(out)
    return out.loaded().text


def _cell_words(cell: Any) -> str:
    reader = _Reader()
    reader._inside(cell, 0)
    reader.end()
    return one_line(reader.text().replace("#", ""))


def _count(written: str | None, most: int) -> int:
    """How many rows or columns a cell covers; what is no number counts as one."""
    digits = (written or "").strip()
    return max(1, min(int(digits), most)) if digits.isascii() and digits.isdigit() and len(digits) < 7 else 1
