"""Where tables stand in a source: as Markdown, with tabs or wide gaps, and as HTML; each with the lines right above it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise, takewhile

from index.rules import Rule
from index.text.cleaning import clean
from index.text.view import View
from index.text.written import TAG
from index.types import Span

NOTHING = "—"
"""What loaders write into an empty cell."""
_GAP = Rule(
    "outline.blocks.gap",
    r"[ \t\u3000]{2,}",
    takes=("指标名称⟦    ⟧单位",),
    leaves=("指标 单位",),
    why="One space may stand inside a name.",
)
_RULED = " \t\r|:+=-"
"""Characters of the rule under the head of a Markdown table."""
_MOST_COVERED = 99
_PARTS = ("table", "tr", "td", "th")
_WIDEST = 400
"""Columns of the widest table that is read: what has more is a sheet of data and no table of a report."""
_MOST_CARRIED = 100_000
"""Places that cells of one HTML table cover besides their own; what reaches over more says so to fill the memory."""
_FEWEST = 3
"""Columns of a table that only wide gaps make: two of them stand in any prose."""
_CAPTION = 60
"""Characters of a line above a table; a longer one is prose."""
_CAPTIONS = 4
"""Lines above a table that may belong to it."""
_OF_A_PAGE = "0123456789-—–·第页共/()（） 续表"
"""Characters of a page's number and of 续表, which part no table."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell with its words as they stand in the source."""

    text: str
    span: Span

    @property
    def words(self) -> str:
        """The words as they are read: folded and without marks; "" where the cell is empty."""
        return _plain(self.text)


@lru_cache(8192)
def _plain(text: str) -> str:
    words = clean(View.of(text.replace("\n", " "))).text.strip(" *|")
    return "" if words and not words.strip("—–-/ .…") else words


@dataclass(frozen=True, slots=True)
class Line:
    """A row of a table; a cell that reaches over several rows or columns stands in each, ``span`` covers those that begin in it."""

    cells: tuple[Cell, ...]
    span: Span


@dataclass(slots=True)
class Block:
    """A table as it stands. ``ruled`` counts the rows above the rule of a Markdown table, 0 where there is none."""

    captions: tuple[str, ...]
    lines: list[Line] = field(default_factory=list)
    ruled: int = 0
    gaps: bool = False
    """Whether only wide gaps part its columns."""

    @property
    def width(self) -> int:
        return max(len(line.cells) for line in self.lines)


def find_blocks(text: str, within: Span) -> list[Block]:
    """All tables of a part of a source, in order. One that a page break splits is one."""
    finder = _Finder()
    at = within.start
    for start, end in _html(text, within):
        finder.read(text, Span(at, start))
        finder.html(text, Span(start, end))
        at = end
    finder.read(text, Span(at, within.end))
    return finder.found()


def _html(text: str, within: Span) -> Iterator[tuple[int, int]]:
    """Where HTML tables stand; of nested ones the outermost."""
    depth, start = 0, 0
    for match in TAG.finditer(text, within.start, within.end):
        if match["tag"].lower() != "table":
            continue
        if not _ends(match):
            start = match.start() if not depth else start
            depth += 1
        elif depth:
            depth -= 1
            if not depth:
                yield start, match.end()


class _Finder:
    def __init__(self) -> None:
        self._blocks: list[Block] = []
        self._open: Block | None = None
        self._above: list[str] = []
        """The lines since the last table, or since the last that is no caption."""
        self._apart = False
        """Whether prose stands between the last table and what follows."""

    def found(self) -> list[Block]:
        self._close()
        return self._blocks

    def read(self, text: str, span: Span) -> None:
        start = span.start
        for line in span.of(text).split("\n"):
            if line.strip():
                self._line(line, start)
            start += len(line) + 1

    def _line(self, line: str, start: int) -> None:
        if "|" in line and not line.strip(_RULED):
            if self._open is not None and not self._open.ruled:
                self._open.ruled = len(self._open.lines)
            return
        cells, gaps = _cells(line, start)
        enough = (_FEWEST if gaps else 2) <= len(cells) <= _WIDEST
        if not enough:
            self._close()
            self._say(line)
            return
        if self._open is not None and self._open.gaps is not gaps:
            self._close()
        if self._open is None:
            self._open = Block(tuple(self._above), gaps=gaps)
        told = [cell.span for cell in cells if cell.span.start < cell.span.end]
        self._open.lines.append(Line(tuple(cells), Span(told[0].start, told[-1].end)))

    def _say(self, line: str) -> None:
        words = line.strip(" \t\u3000\r#*|")
        if len(words) > _CAPTION or words.endswith(("。", "；", ";", "，")):
            self._above, self._apart = [], True
        elif words:
            self._above = [*self._above, words][-_CAPTIONS:]

    def html(self, text: str, span: Span) -> None:
        self._close()
        self._open = Block(tuple(self._above))
        self._open.lines.extend(_html_lines(text, span))
        self._close()

    def _close(self) -> None:
        block, self._open = self._open, None
        if block is None:
            return
        if not block.lines:
            return
        last = self._blocks[-1] if self._blocks else None
        passed = all(not w.strip(_OF_A_PAGE) and ("表" not in w or "续" in w) for w in self._above)
        if last is not None and passed and not self._apart and last.width == block.width and last.gaps is block.gaps:
            # Behind a page break a table goes on, with its head again or without one.
            block.captions = last.captions
            first, head = [c.words for c in block.lines[0].cells], [c.words for c in last.lines[0].cells]
            if first != head and not block.ruled:
                last.lines.extend(block.lines)
                self._above = []
                return
        self._blocks.append(block)
        self._above, self._apart = [], False


def _cells(line: str, start: int) -> tuple[list[Cell], bool]:
    """The cells of a line, and whether only wide gaps part them."""
    if "|" in line.strip():
        cuts = [at for at, c in enumerate(line) if c == "|" and line[at - 1 : at] != "\\"]
        bounds = [-1, *cuts, len(line)]
        cells = [_cell(line, a + 1, b, start) for a, b in pairwise(bounds)]
        cells = cells[1:] if line.lstrip().startswith("|") else cells
        cells = cells[:-1] if line.rstrip().endswith("|") else cells
        # A bar in prose parts two things; a table without outer bars has more.
        if not line.lstrip().startswith("|") and len(cells) < _FEWEST:
            return [], False
        return cells if any(c.text for c in cells) else [], False
    if "\t" in line.strip() and not _GAP.search(line.strip(" \u3000").replace("\t", "|")):
        places = [at for at, c in enumerate(line) if c == "\t"]
        bounds = [-1, *places, len(line)]
        cells = [_cell(line, a + 1, b, start) for a, b in pairwise(bounds)]
        told = [cell for cell in cells if cell.text]
        return (cells, False) if len(told) > 1 and cells[0].text else ([], False)
    cells, at = [], 0
    for gap in (*_GAP.finditer(line), None):
        cell = _cell(line, at, gap.start() if gap is not None else len(line), start)
        if cell.text:
            cells.append(cell)
        at = gap.end() if gap is not None else len(line)
    return cells, True


def _cell(line: str, first: int, last: int, start: int) -> Cell:
    part = line[first:last]
    plain = part.strip(" \t\u3000\r")
    at = start + first + (part.index(plain) if plain else 0)
    return Cell(plain, Span(at, at + len(plain)))


def _html_lines(text: str, span: Span) -> Iterator[Line]:
    """The rows of an HTML table; a cell stands in each place that it covers."""
    down: dict[int, tuple[Cell, int]] = {}
    row: list[Cell] = []
    began: list[Span] = []
    opened: re.Match[str] | None = None
    left = _MOST_CARRIED
    tags = [tag for tag in TAG.finditer(text, span.start, span.end) if tag["tag"].lower() in _PARTS]
    for tag in (*tags, None):
        if opened is not None:
            end = tag.start() if tag is not None else span.end
            cell = _cell(text, opened.end(), end, 0)
            across, deep = (_covered(opened[0].lower(), way) for way in ("colspan", "rowspan"))
            _carry_down(row, down)
            covered = across * deep - 1
            across, deep = (across, deep) if covered <= left and len(row) < _WIDEST else (1, 1)
            left -= across * deep - 1
            for _ in range(across):
                if deep > 1:
                    down[len(row)] = (cell, deep - 1)
                row.append(cell)
            began.append(cell.span)
            opened = None
        name = tag["tag"].lower() if tag is not None else "table"
        if name in ("tr", "table") and began:
            _carry_down(row, down)
            if len(row) <= _WIDEST:
                yield Line(tuple(row), Span(began[0].start, began[-1].end))
            row, began = [], []
        if name in ("td", "th") and tag is not None and not _ends(tag):
            opened = tag


def _ends(tag: re.Match[str]) -> bool:
    return tag[0][1] == "/"


def _covered(says: str, way: str) -> int:
    """How many columns or rows a cell covers by what its tag says; what is no number counts as one."""
    digits = says.partition(way)[2].lstrip(" =\"'")[:3]
    digits = "".join(takewhile(str.isdigit, digits))
    return max(1, min(int(digits), _MOST_COVERED)) if digits.isascii() and digits else 1


def _carry_down(row: list[Cell], down: dict[int, tuple[Cell, int]]) -> None:
    """Put into a row the cells of rows above that reach into the next of its places."""
    while len(row) in down:
        cell, left = down.pop(len(row))
        if left > 1:
            down[len(row)] = (cell, left - 1)
        row.append(cell)
