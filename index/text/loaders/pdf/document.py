"""PDF: the characters of each page with their places, as lines. What the lines mean is for ``paragraphs``."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Sequence
from statistics import median
from typing import Any
from unicodedata import normalize

from index.errors import SourceError
from index.text.loaders.loaded import RECOGNISED, Loaded, Writing, missing_extra
from index.text.loaders.pdf.line import Gap, Line
from index.text.loaders.pdf.paragraphs import write_lines
from index.text.loaders.pdf.scan import EXTRA, can_recognise, lines_in
from index.text.loaders.plain import LEAST_COMMON, common_share

MOST_PAGES = 3000
MOST_SECONDS = 120.0
"""For one file: a page that was made to be drawn for ever is not found out about before it is read."""
MOST_SECONDS_OF_SCANS = 600.0
"""For one file of pictures, which are recognised: what lies behind it is left out, and said to be."""
_PICTURE = 8
"""Characters of a page below which it is taken for a picture: a page number and a stamp."""
_CELL_GAP = 1.9
"""Heights of a character between two words of a line from which they stand in two columns."""
_SPACE = 0.8
"""Heights from which a gap beside a Chinese character is a space that somebody typed."""
_OUTSIDE = threading.Lock()
"""PDFium works for one thread at a time."""


def load(name: str, data: bytes) -> Loaded:
    """The text of a PDF, paragraph by paragraph, with its pages. Raises SourceError naming what is the matter."""
    try:
        import pypdfium2
    except ImportError as error:
        raise missing_extra(name, "pypdfium2") from error
    with _OUTSIDE:
        try:
            document = pypdfium2.PdfDocument(data)
        except pypdfium2.PdfiumError as error:
            cause = "encrypted: save it without a password" if "assword" in str(error) else "a damaged PDF"
            raise SourceError(name, cause) from error
        try:
            return _read(name, document)
        except pypdfium2.PdfiumError as error:
            raise SourceError(name, f"a damaged PDF ({error})") from error
        except ImportError as error:
            raise SourceError(
                name,
                f"a scan, and what recognises it does not start ({error}); opencv-python-headless needs no display",
            ) from error
        finally:
            document.close()


def _read(name: str, document: Any) -> Loaded:
    pages = len(document)
    if pages > MOST_PAGES:
        raise SourceError(name, f"has {pages} pages, more than {MOST_PAGES}")
    until = time.monotonic() + MOST_SECONDS
    lines: list[Line] = []
    pictures: list[int] = []
    for number in range(1, pages + 1):
        if time.monotonic() > until:
            raise SourceError(name, f"takes longer than {MOST_SECONDS:g} s to read")
        found = list(_lines(document, number))
        if sum(len(line.text) for line in found) < _PICTURE:
            pictures.append(number)
        lines.extend(found)
    if len(pictures) == pages and not can_recognise():
        raise SourceError(name, f"a scan: its {pages} pages hold pictures and no text, which {_OCR}")
    loaded = _written_out(document, lines, pictures)
    if common_share(loaded.text) < LEAST_COMMON:
        if not can_recognise():
            raise SourceError(name, f"its text layer gives no readable characters; those of its pages {_OCR}")
        loaded = _written_out(document, [], list(range(1, pages + 1)))
    if not loaded.text.strip():
        raise SourceError(name, f"a scan: no characters were recognised on its {pages} pages")
    return loaded


_OCR = f"are read with the extra `ocr`: {EXTRA}"


def _written_out(document: Any, lines: list[Line], pictures: Sequence[int]) -> Loaded:
    """The text of the lines and of those pages that are pictures, in the order of the pages."""
    notes: list[str] = []
    if pictures and can_recognise():
        read, left = _recognised(document, pictures)
        lines = sorted([*lines, *read], key=lambda line: line.page)
        held = sorted({line.page for line in read})
        notes += [f"pages {RECOGNISED}, so that their figures may be misread: {_listed(held)}"] if held else []
        notes += (
            [f"pages left out, because recognising takes longer than {MOST_SECONDS_OF_SCANS:g} s: {_listed(left)}"]
            if left
            else []
        )
    elif pictures:
        notes = [f"pages that hold pictures and no text: {_listed(pictures)}; such pages {_OCR}"]
    out = Writing()
    write_lines(lines, out)
    return out.loaded(notes)


def _recognised(document: Any, pictures: Sequence[int]) -> tuple[list[Line], list[int]]:
    """The lines of those pages, and the pages for which the time was too short."""
    until = time.monotonic() + MOST_SECONDS_OF_SCANS
    lines: list[Line] = []
    for at, number in enumerate(pictures):
        if time.monotonic() > until:
            return lines, list(pictures[at:])
        page = document[number - 1]
        try:
            lines.extend(lines_in(page, number))
        finally:
            page.close()
    return lines, []


def _listed(numbers: Sequence[int]) -> str:
    shown = ", ".join(map(str, numbers[:10]))
    return f"{shown} and {len(numbers) - 10} more" if len(numbers) > 10 else shown


def _lines(document: Any, number: int) -> Iterator[Line]:
    """The lines of a page in the order in which the file writes them."""
    page = document[number - 1]
    text_page = page.get_textpage()
    try:
        count = text_page.count_chars()
        text = _characters(text_page, count) if count else ""
        run: list[_Glyph] = []
        for glyph in _glyphs(text_page, text, count):
            if glyph is None or (run and _is_elsewhere(run, glyph)):
                yield from _line(run, number)
                run = []
            if glyph is not None and (run or not glyph[0].isspace()):
                run.append(glyph)
        yield from _line(run, number)
    finally:
        text_page.close()
        page.close()


def _characters(text_page: Any, count: int) -> Sequence[str]:
    """The characters of a page, one for each place that the library counts.

    Its text as a whole leaves out what the font cannot name (a dash of another font), and all that follows would have the
    boxes of others.
    """
    text: str = text_page.get_text_range()
    if len(text) == count:
        return text
    from pypdfium2.raw import FPDFText_GetUnicode

    return [chr(code) if (code := FPDFText_GetUnicode(text_page.raw, at)) else "" for at in range(count)]


_Glyph = tuple[str, float, float, float, float]
"""A character with its left, bottom, right and top, in points."""


def _glyphs(text_page: Any, text: Sequence[str], count: int) -> Iterator[_Glyph | None]:
    """Characters with their boxes; None at the end of a line."""
    last: _Glyph | None = None
    for at, character in zip(range(count), text, strict=False):
        if character in ("\r", "\n"):
            if character == "\n":
                yield None
            continue
        written = _written(character)
        if not written:
            continue
        left, bottom, right, top = text_page.get_charbox(at, loose=True)
        if written.isspace() and right <= left and last is not None:
            left = right = last[3]
            bottom, top = last[2], last[4]
        last = (written, left, bottom, right, top)
        yield last


def _written(character: str) -> str:
    """A character as people type it: radicals and ligatures of a font become letters, and marks of the format nothing."""
    if character in "\x02\ufffe\ufeff\u00ad" or "\ud800" <= character <= "\udfff":
        return ""
    if "\u2e80" <= character <= "\u2fdf" or "\uf900" <= character <= "\ufb06":
        return normalize("NFKC", character)
    return " " if character < " " or character == "\xa0" else character


def _is_elsewhere(run: Sequence[_Glyph], glyph: _Glyph) -> bool:
    """Whether a character stands on another line than the one before, or before it, where none was said to end."""
    if glyph[0].isspace():
        return False
    before = next((each for each in reversed(run) if not each[0].isspace()), run[-1])
    height = max(before[4] - before[2], 1.0)
    apart = min(before[4], glyph[4]) - max(before[2], glyph[2])
    return apart < 0.2 * height or glyph[1] < before[1] - 2 * height


def _line(run: Sequence[_Glyph], page: int) -> Iterator[Line]:
    drawn = [glyph for glyph in run if not glyph[0].isspace()]
    if not drawn:
        return
    # Digits are often set in another font, whose box is higher.
    wide = [glyph for glyph in drawn if _is_wide(glyph[0])] or drawn
    height = median(max(glyph[4] - glyph[2], glyph[3] - glyph[1]) for glyph in wide)
    # A damaged file may draw characters of no size.
    height = max(height, 1.0)
    text, gaps = _spaced(run, height)
    yield Line(
        text=text,
        page=page,
        left=min(glyph[1] for glyph in drawn),
        right=max(glyph[3] for glyph in drawn),
        top=max(glyph[4] for glyph in drawn),
        bottom=min(glyph[2] for glyph in drawn),
        size=height,
        gaps=gaps,
    )


def _spaced(run: Sequence[_Glyph], height: float) -> tuple[str, tuple[Gap, ...]]:
    """The words of a line, and the gaps that are written in it.

    A wide gap parts cells and is written as a tab; a narrow one beside a Chinese character is the typesetter's.
    """
    drawn: list[tuple[_Glyph, bool]] = []
    space = False
    for glyph in run:
        if glyph[0].isspace():
            space = True
            continue
        drawn.append((glyph, space))
        space = False
    spread = len(drawn) > 6 and sum(spaced for _, spaced in drawn) > 0.8 * len(drawn)
    words = ""
    gaps = []
    for number, (glyph, spaced) in enumerate(drawn):
        before = drawn[number - 1][0][3] if number else glyph[1]
        gap = glyph[1] - before
        wide = gap > _CELL_GAP * height
        if wide or (
            spaced and not spread and (gap > _SPACE * height or not (_is_wide(words[-1:]) or _is_wide(glyph[0])))
        ):
            gaps.append(Gap(len(words), before, glyph[1]))
            words += "\t" if wide else " "
        words += glyph[0]
    return words, tuple(gaps)


def _is_wide(character: str) -> bool:
    return "\u2e80" <= character <= "\u9fff" or "\uff00" <= character <= "\uff60" or character in "“”‘’—…"
