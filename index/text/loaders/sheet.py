"""Spreadsheets (.xlsx, .xls): each table as Markdown, figures as they are shown, each with the name of its cell."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Sequence
from typing import Any

from index.errors import SourceError
from index.text.loaders.archive import check_package
from index.text.loaders.grid import MOST_CELLS, Cell, Grid
from index.text.loaders.loaded import Loaded, Writing, missing_extra, one_line
from index.text.loaders.shown import Look, looks, shown

_OLE = b"\xd0\xcf\x11\xe0"
_NAMED = 4
"""Characters of a sheet's name from which it is a title and no label."""


def load(name: str, data: bytes) -> Loaded:
    """The text of a workbook, sheet by sheet. Raises SourceError naming what is the matter."""
    try:
        import python_calamine
    except ImportError as error:
        raise missing_extra(name, "python-calamine") from error
    seen: dict[str, Look] = {}
    if not data.startswith(_OLE):
        check_package(name, data)
        seen = looks(name, data)
    try:
        book = python_calamine.load_workbook(io.BytesIO(data))
        return _read(name, book, seen)
    except SourceError:
        raise
    except python_calamine.PasswordError as error:
        raise SourceError(name, "encrypted: save it without a password") from error
    except BaseException as error:
        # A defect in the library's Rust is none of Python's ordinary exceptions.
        if isinstance(error, Exception) or type(error).__name__ == "PanicException":
            raise SourceError(name, f"a damaged spreadsheet ({type(error).__name__})") from error
        raise


def _read(name: str, book: Any, seen: dict[str, Look]) -> Loaded:
    out = Writing()
    notes: list[str] = []
    left = MOST_CELLS
    said = 0
    for sheet in book.sheets_metadata:
        look = seen.get(sheet.name, Look())
        if not str(sheet.typ).endswith(".WorkSheet"):
            continue
        if not str(sheet.visible).endswith(".Visible"):
            notes.append(f"the hidden sheet {sheet.name} is not read")
            continue
        if look.cells > MOST_CELLS:
            notes.append(f"the sheet {sheet.name} reaches over {look.cells} cells and is not read")
            continue
        held = book.get_sheet_by_name(sheet.name)
        rows = held.to_python(skip_empty_area=False, nrows=max(1, left // max(held.total_width, 1)))
        if len(rows) < held.total_height:
            notes.append(f"of the sheet {sheet.name} the first {len(rows)} rows are read")
        left -= sum(map(len, rows))
        part = _sheet(sheet.name, rows, held.merged_cell_ranges or (), look)
        if part.words:
            title = sheet.name.strip()
            if len(title) >= _NAMED and not title.isascii():
                out.write(f"## {title}\n")
            part.grid.write(out)
        said += part.words
    if not said:
        raise SourceError(name, "a spreadsheet without words")
    return out.loaded(notes)


class _Part:
    def __init__(self) -> None:
        self.grid = Grid()
        self.words = 0


def _sheet(name: str, rows: Sequence[Sequence[Any]], merged: Sequence[Any], look: Look) -> _Part:
    """The cells of a sheet that are shown; ``merged`` pairs the first and last place, each a row and a column from 0."""
    part = _Part()
    spans = {(first[0], first[1]): (last[0], last[1]) for first, last in merged}
    covered = {
        (row, column)
        for (top, left), (bottom, right) in spans.items()
        if (bottom - top + 1) * (right - left + 1) <= MOST_CELLS
        for row in range(top, min(bottom + 1, len(rows)))
        for column in range(left, right + 1)
        if (row, column) != (top, left)
    }
    for row, values in enumerate(rows):
        if row in look.hidden_rows:
            continue
        cells = []
        for column, value in enumerate(values):
            if column in look.hidden_columns or (row, column) in covered:
                continue
            bottom, right = spans.get((row, column), (row, column))
            words = _words(value, look.formats.get((row, column), ""))
            across = sum(each not in look.hidden_columns for each in range(column, min(right, len(values) - 1) + 1))
            down = sum(each not in look.hidden_rows for each in range(row, min(bottom, len(rows) - 1) + 1))
            cells.append(Cell(words, max(across, 1), max(down, 1), f"{name.strip()}!{_letters(column)}{row + 1}"))
            part.words += bool(words) and not words.replace(".", "").isdigit()
        part.grid.add(cells)
    return part


def _words(value: Any, form: str) -> str:
    if isinstance(value, bool):
        return ""
    if isinstance(value, int | float):
        return shown(value, form)
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if value.time() == dt.time() else value.isoformat(" ", "minutes")
    return one_line(str(value))


def _letters(column: int) -> str:
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
