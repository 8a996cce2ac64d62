"""Word documents (.docx): paragraphs with their automatic numbers, headings, and tables as Markdown."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

from index.errors import SourceError
from index.text.loaders.archive import check_package
from index.text.loaders.grid import Cell, Grid
from index.text.loaders.loaded import Loaded, Writing, missing_extra, one_line
from index.text.loaders.numbering import Numbering

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_LEFT_OUT = frozenset({f"{_W}del", f"{_W}moveFrom", f"{_W}instrText", f"{_W}footnoteReference", _FALLBACK})
"""What is not part of the text as it reads: what was struck out under change tracking, codes of fields, a second copy."""
_HEADINGS = 6
_BODY = 32
"""Half points of the largest body that reports are set in (三号)."""
_DEEPEST = 40
"""Elements inside each other; a document that was made to exhaust a reader has thousands."""


def load(name: str, data: bytes) -> Loaded:
    """The text of a Word document. Raises SourceError naming what is the matter."""
    try:
        import docx
    except ImportError as error:
        raise missing_extra(name, "python-docx") from error
    check_package(name, data)
    try:
        document = docx.Document(io.BytesIO(data))
        reader = _Reader(document)
        reader.read(document.element.body, 0)
        reader.read_notes(document)
    except SourceError:
        raise
    except Exception as error:
        # The library passes on whatever a broken part makes it stumble over: KeyError, ValueError, errors of lxml.
        raise SourceError(name, f"a damaged Word document ({type(error).__name__})") from error
    notes = ["pictures are not read"] if reader.pictures and not reader.words else []
    if not reader.words:
        raise SourceError(
            name, "a Word document of pictures only" if reader.pictures else "a Word document without text"
        )
    return reader.out.loaded(notes)


class _Reader:
    def __init__(self, document: Any) -> None:
        self.out = Writing()
        self.words = 0
        self._line, self._title = "", 0
        self.pictures = bool(document.inline_shapes)
        self._levels = {style.style_id: level for style in document.styles if (level := _level(style.name)) is not None}
        self._numbering = Numbering.of(document)

    def read(self, parent: Any, depth: int) -> None:
        """Write the paragraphs and tables of a part in their order, those in content controls too."""
        if depth > _DEEPEST:
            return
        for child in parent:
            if child.tag == f"{_W}p":
                self._paragraph(child)
            elif child.tag == f"{_W}tbl":
                self._table(child)
            elif child.tag in (f"{_W}sdt", f"{_W}sdtContent", f"{_W}ins", f"{_W}customXml"):
                self.read(child, depth + 1)

    def _paragraph(self, paragraph: Any) -> None:
        words = _words(paragraph)
        if not words.strip():
            self._title = 0
            return
        style = paragraph.find(f"{_W}pPr/{_W}pStyle")
        level = self._levels.get(style.get(f"{_W}val")) if style is not None else None
        number = self._numbering.next(paragraph)
        head = "#" * level + " " if level is not None else ""
        size = _title_size(paragraph)
        # A title's lines are paragraphs each, alike in size; the byline is smaller.
        goes_on = size and size == self._title and not head and words.strip()[0] not in "—-（("
        self._end_line(goes_on=bool(goes_on))
        self._line += f"{head}{number}{words.strip() if head or number or size else words.rstrip()}"
        self._title = size
        self.words += 1

    def _end_line(self, *, goes_on: bool = False) -> None:
        if self._line and not goes_on:
            self.out.write(f"{self._line}\n")
            self._line = ""

    def read_notes(self, document: Any) -> None:
        """Write the notes of the foot of pages and of the end behind the text, numbered as they stand in it."""
        self._end_line()
        for kind in ("footnotes", "endnotes"):
            for relation in document.part.rels.values():
                if relation.reltype.endswith(f"/{kind}") and not relation.is_external:
                    self._write_notes(relation.target_part.blob)

    def _write_notes(self, part: bytes) -> None:
        from docx.oxml import parse_xml

        number = 0
        for note in parse_xml(part):
            # The first two are the lines that part notes from the text.
            words = one_line("\n".join(_words(each) for each in note.iter(f"{_W}p")))
            if words and note.get(f"{_W}type") is None:
                number += 1
                self.out.write(f"[{number}] {words}\n")

    def _table(self, table: Any) -> None:
        self._end_line()
        self._title = 0
        grid = Grid()
        rows = [list(_cells(row)) for row in table.iter(f"{_W}tr") if _holder(row, f"{_W}tbl") is table]
        for number, row in enumerate(rows):
            grid.add([_merged(cell, rows, number) for cell in row if not cell.goes_on])
            self.words += len(row)
        grid.write(self.out)


class _WordCell:
    """A cell as the file has it: ``goes_on`` where it is the rest of the one above."""

    def __init__(self, element: Any, column: int) -> None:
        properties = element.find(f"{_W}tcPr")
        span = properties.find(f"{_W}gridSpan") if properties is not None else None
        merge = properties.find(f"{_W}vMerge") if properties is not None else None
        self.column = column
        self.columns = max(1, min(int(span.get(f"{_W}val", "1")), 200)) if span is not None else 1
        self.goes_on = merge is not None and merge.get(f"{_W}val") != "restart"
        self.words = one_line("\n".join(_words(each) for each in element.iter(f"{_W}p")))


def _cells(row: Any) -> Iterator[_WordCell]:
    column = 0
    for element in row.iter(f"{_W}tc"):
        if _holder(element, f"{_W}tr") is row:
            cell = _WordCell(element, column)
            column += cell.columns
            yield cell


def _holder(element: Any, tag: str) -> Any:
    """The nearest element of a tag above another: a table may stand in a cell of a table."""
    parent = element.getparent()
    while parent is not None and parent.tag != tag:
        parent = parent.getparent()
    return parent


def _merged(cell: _WordCell, rows: list[list[_WordCell]], number: int) -> Cell:
    down = 1
    for row in rows[number + 1 :]:
        if not any(each.goes_on and each.column == cell.column for each in row):
            break
        down += 1
    return Cell(cell.words, cell.columns, down)


def _title_size(paragraph: Any) -> int:
    """The height of the characters of a line that is set in the middle and larger than a body is; 0 for any other."""
    place = paragraph.find(f"{_W}pPr/{_W}jc")
    size = paragraph.find(f"{_W}r/{_W}rPr/{_W}sz")
    if place is None or place.get(f"{_W}val") != "center" or size is None:
        return 0
    height = size.get(f"{_W}val", "")
    return int(height) if height.isdigit() and int(height) > _BODY else 0


def _level(name: str | None) -> int | None:
    """The level of a style of headings, from 1; the document's title is of the first."""
    words = (name or "").lower()
    if words == "title":
        return 1
    last = words.removeprefix("heading ").removeprefix("标题 ")
    return min(int(last), _HEADINGS) if last != words and last.isdigit() and int(last) else None


def _words(paragraph: Any) -> str:
    """The characters of a paragraph, with what was put in under change tracking and without what was struck out."""
    words: list[str] = []
    waiting = [paragraph]
    while waiting:
        element = waiting.pop()
        tag = element.tag
        if tag in _LEFT_OUT:
            continue
        if tag == f"{_W}t":
            words.append(element.text or "")
        elif tag == f"{_W}tab" and element.getparent().tag == f"{_W}r":
            words.append("\t")
        elif tag in (f"{_W}br", f"{_W}cr"):
            words.append("\n")
        elif tag == f"{_W}noBreakHyphen":
            words.append("-")
        # A paragraph in a paragraph is that of a text box: a line of its own.
        elif tag == f"{_W}p" and words:
            words.append("\n")
        waiting.extend(reversed(element))
    return "".join(words)
