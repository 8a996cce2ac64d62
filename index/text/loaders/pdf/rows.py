"""Rows of tables: where the columns of a page's lines are, for a tab to stand between each two."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

from index.text.loaders.pdf.line import Gap, Line, begins_part

_LEAST_ROWS = 3
_LEAST_WIDTH = 0.5
"""Heights of a character: a space between English words is half as wide."""
_MOSTLY = 0.7
"""Share of the lines that a space between columns parts into equally many cells."""

_Space = tuple[float, float]
"""From left to right, in points."""


def with_rows(lines: Sequence[Line]) -> Iterator[Line]:
    """The lines with a tab between the columns of a table, however narrow the space there is.

    A table fills its page or its words: in one set tightly a column is known by the space that all rows leave free, and in one
    with a name that reaches into that space by the cells that most rows have.
    """
    run: list[Line] = []
    for line in lines:
        inside = bool(line.gaps) and not begins_part(line.text)
        if run and not (inside and line.page == run[-1].page):
            yield from _with_columns(run)
            run = []
        if inside:
            run.append(line)
        else:
            yield line
    yield from _with_columns(run)


def _with_columns(run: Sequence[Line]) -> list[Line]:
    if len(run) < _LEAST_ROWS:
        return list(run)
    columns = _free(run)
    parted = [
        _parted(line, [gap for gap in line.gaps if any(_holds(gap, column) for column in columns)]) for line in run
    ]
    alike = sum(line.cells == len(columns) + 1 for line in parted)
    return _evened(parted if columns and alike >= _MOSTLY * len(run) else run)


def _free(run: Sequence[Line]) -> list[_Space]:
    """The upright spaces that no line of a run writes into, from left to right."""
    free: list[_Space] = [(min(line.left for line in run), max(line.right for line in run))]
    for line in run:
        own = [(float("-inf"), line.left), *((gap.left, gap.right) for gap in line.gaps), (line.right, float("inf"))]
        free = [
            (max(left, first), min(right, last))
            for left, right in free
            for first, last in own
            if min(right, last) - max(left, first) >= _LEAST_WIDTH * line.size
        ]
    return free


def _holds(gap: Gap, column: _Space) -> bool:
    return gap.left <= column[0] and column[1] <= gap.right


def _parted(line: Line, gaps: Sequence[Gap]) -> Line:
    words = list(line.text)
    for gap in gaps:
        words[gap.at] = "\t"
    return replace(line, text="".join(words))


def _evened(run: Sequence[Line]) -> list[Line]:
    """The rows brought to as many cells as most have, at their widest spaces: a long name nearly fills its column."""
    counts = Counter(line.cells for line in run if line.is_row)
    usual, times = counts.most_common(1)[0] if counts else (0, 0)
    if times < _LEAST_ROWS:
        return list(run)
    evened = []
    for line in run:
        spaces = sorted((gap for gap in line.gaps if line.text[gap.at] == " "), key=lambda gap: gap.left - gap.right)
        lacking = usual - line.cells
        evened.append(_parted(line, spaces[:lacking]) if 0 < lacking <= len(spaces) else line)
    return evened
