"""Pages that are pictures: their characters are recognised (OCR) where the extra `ocr` is installed.

RapidOCR was chosen because its models lie in its wheel: nothing is downloaded and nothing leaves the machine.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from importlib.util import find_spec
from typing import Any

from index.text.loaders.pdf.line import Gap, Line

EXTRA = "pip install 'wenju[ocr]'"
_DOTS = 150 / 72
"""Dots of a picture for a point of the page: the least at which small type is read, and a second a page cheaper than 200."""
_LEAST_SURE = 0.5
"""Below which what was recognised is a stamp or a stain."""
_CELL_GAP = 1.9
"""Heights of a character between two pieces of a row from which they stand in two columns."""
_THREADS = 2
"""Of the processors: those who ask meanwhile have the rest."""

Piece = tuple[str, float, float, float, float]
"""Recognised words with their left, bottom, right and top, in points."""


def can_recognise() -> bool:
    """Whether the extra is installed."""
    try:
        return find_spec("rapidocr_onnxruntime") is not None
    except ImportError:
        return False


@cache
def _engine(threads: int) -> Any:
    from rapidocr_onnxruntime import RapidOCR

    return RapidOCR(intra_op_num_threads=threads, inter_op_num_threads=1)


def lines_in(page: Any, number: int) -> Iterator[Line]:
    """The lines of a page of a PDF, from its picture, from top to bottom."""
    height = page.get_height()
    bitmap = page.render(scale=_DOTS)
    try:
        found, _ = _engine(_THREADS)(bitmap.to_numpy())
    finally:
        bitmap.close()
    yield from rows_of(
        [_piece(box, words, height) for box, words, sure in found or () if float(sure) >= _LEAST_SURE], number
    )


def _piece(box: Sequence[Sequence[float]], words: str, height: float) -> Piece:
    across, down = [x / _DOTS for x, _ in box], [y / _DOTS for _, y in box]
    return words.strip(), min(across), height - max(down), max(across), height - min(down)


def rows_of(pieces: Sequence[Piece], page: int) -> Iterator[Line]:
    """Pieces as lines: those beside each other are one, a wide gap between them parts cells."""
    row: list[Piece] = []
    for piece in sorted((p for p in pieces if p[0]), key=lambda p: -(p[2] + p[4])):
        if row and (piece[2] + piece[4]) / 2 < (row[0][2] + min(p[2] for p in row)) / 2:
            yield _line(row, page)
            row = []
        row.append(piece)
    if row:
        yield _line(row, page)


def _line(row: Sequence[Piece], page: int) -> Line:
    words, gaps, before = "", [], 0.0
    size = max([1.0, *(p[4] - p[2] for p in row)])
    for piece in sorted(row, key=lambda p: p[1]):
        if words and piece[1] - before > _CELL_GAP * size:
            gaps.append(Gap(len(words), before, piece[1]))
            words += "\t"
        words += piece[0]
        before = piece[3]
    return Line(
        text=words,
        page=page,
        left=min(p[1] for p in row),
        right=max(p[3] for p in row),
        top=max(p[4] for p in row),
        bottom=min(p[2] for p in row),
        size=size,
        gaps=tuple(gaps),
    )
