"""Cells in rows and columns, as Markdown that the reader of tables understands."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from index.text.loaders.loaded import Writing, one_line

NOTHING = "—"
"""Stands in an empty cell, so that every row has as many cells as its head."""
_LEAST_COLUMNS = 2
_MOSTLY = 0.7
MOST_CELLS = 400_000
"""Cells of one file, over which it is cut: a sheet can claim a million rows that nobody filled."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell with its words on one line. ``columns`` and ``rows`` count what it covers, ``name`` is its place (``Sheet1!B3``)."""

    words: str
    columns: int = 1
    rows: int = 1
    name: str | None = None


class Grid:
    """Rows of equally many cells; a merged cell stands in each place that it covers, as the same object."""

    def __init__(self) -> None:
        self._rows: list[dict[int, Cell]] = []
        self._taken: dict[tuple[int, int], Cell] = {}

    def add(self, cells: Sequence[Cell]) -> None:
        """Add the row of cells that begin in it, left to right, as HTML writes them."""
        row = len(self._rows)
        placed: dict[int, Cell] = {}
        column = 0
        for cell in cells:
            while (row, column) in self._taken:
                column += 1
            for across in range(column, column + cell.columns):
                placed[across] = cell
                for down in range(1, cell.rows):
                    self._taken[row + down, across] = cell
            column += cell.columns
        placed.update(
            {across: cell for (down, across), cell in self._taken.items() if down == row and across not in placed}
        )
        for across in placed:
            self._taken.pop((row, across), None)
        self._rows.append(placed)

    def write(self, out: Writing) -> None:
        """Write lines and tables: a row of one thing is a line of its own before a table begins, inside it a row."""
        width = max((max(row, default=-1) + 1 for row in self._rows), default=0)
        rows = [[row.get(column) for column in range(width)] for row in self._rows]
        for block in _blocks(rows):
            _write_block(block, out)


_Row = list[Cell | None]


def _blocks(rows: list[_Row]) -> Iterator[list[_Row]]:
    """Runs of rows without an empty one between them."""
    block: list[_Row] = []
    for row in (*rows, []):
        if _distinct(row):
            block.append(row)
        elif block:
            yield block
            block = []


def _distinct(row: Sequence[Cell | None]) -> list[Cell]:
    """The cells of a row that say something, a merged one once."""
    found: list[Cell] = []
    for cell in row:
        if cell is not None and cell.words and not any(cell is each for each in found):
            found.append(cell)
    return found


def _write_block(rows: list[_Row], out: Writing) -> None:
    while rows and _is_caption(rows):
        _write_line(rows.pop(0), out)
    behind: list[_Row] = []
    while rows and len(_distinct(rows[-1])) < _LEAST_COLUMNS and _is_sentence(rows[-1]):
        behind.insert(0, rows.pop())
    used = [column for column in range(len(rows[0])) if any(_begins(row, column) for row in rows)] if rows else []
    if len(rows) > 1 and len(used) >= _LEAST_COLUMNS:
        _write_table(_evened(rows, len(used)) or [[row[column] for column in used] for row in rows], out)
    else:
        for row in rows:
            _write_line(row, out)
    for row in behind:
        _write_line(row, out)
    out.write("\n")


def _is_caption(rows: list[_Row]) -> bool:
    """Whether the first of some rows stands over the table: a title, a unit; not the head of a group, which reaches down."""
    first, below = rows[0], rows[1] if len(rows) > 1 else []
    held = _distinct(first)
    if any(cell is other for cell in held for other in below):
        return False
    if len(held) < _LEAST_COLUMNS or any(cell.words.startswith(("单位：", "单位:")) for cell in held):
        return True
    return len(held) == _LEAST_COLUMNS and 2 * _filled(first) < max(map(_filled, rows))


def _filled(row: _Row) -> int:
    return sum(cell is not None and bool(cell.words) for cell in row)


def _evened(rows: list[_Row], used: int) -> list[_Row] | None:
    """The rows cell by cell, where nearly all have as many as the head but begin them in columns of their own.

    Word gives each row its own widths, and a table that was typed in parts falls into many narrow columns.
    """
    told = [
        [cell for at, cell in enumerate(row) if cell is not None and (not at or row[at - 1] is not cell)]
        for row in rows
    ]
    width = len(told[0])
    alike = sum(len(row) == width for row in told)
    if not _LEAST_COLUMNS <= width < used or max(map(len, told)) > width or alike < _MOSTLY * len(told):
        return None
    return [[*row, *[None] * (width - len(row))] for row in told]


def _begins(row: _Row, column: int) -> bool:
    """Whether a cell that says something begins in a column: one in which none does is there for the looks."""
    cell = row[column]
    return cell is not None and bool(cell.words) and (column == 0 or row[column - 1] is not cell)


def _is_sentence(row: Sequence[Cell | None]) -> bool:
    """A note under a table; a short one may name a group of rows that comes last."""
    return any(len(cell.words) > 12 for cell in _distinct(row))


def _write_line(row: Sequence[Cell | None], out: Writing) -> None:
    for number, cell in enumerate(_distinct(row)):
        out.write("  " if number else "")
        out.write(cell.words, cell=cell.name)
    out.write("\n")


def _write_table(rows: list[_Row], out: Writing) -> None:
    heads = _head_rows(rows)
    out.write("\n")
    for column in range(len(rows[0])):
        titles = _distinct([row[column] for row in rows[:heads]])
        _write_cell(" ".join(cell.words for cell in titles), titles[0].name if titles else None, out)
    out.write("|\n|" + " --- |" * len(rows[0]))
    for row in rows[heads:]:
        out.write("\n")
        for column, cell in enumerate(row):
            # A cell that is merged along a row is one thing said once.
            again = cell is not None and column > 0 and row[column - 1] is cell
            _write_cell("" if cell is None or again else cell.words, cell.name if cell else None, out)
        out.write("|")
    out.write("\n")


def _write_cell(words: str, name: str | None, out: Writing) -> None:
    # A bar would part the cell, and a full-width one looks the same.
    out.write(f"| {one_line(words).replace('|', '｜') or NOTHING} ", cell=name)


def _head_rows(rows: list[_Row]) -> int:
    """Rows of the head: as many as the tallest merged cell of the first row covers, and one where groups stand over columns."""
    tallest = max(cell.rows for cell in rows[0] if cell is not None)
    wide = any(cell is not None and cell.columns > 1 for cell in rows[0])
    return max(1, min(tallest if wide else 1, 3, len(rows) - 1))
