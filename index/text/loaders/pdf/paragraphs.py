"""Lines of pages to paragraphs: running heads and page numbers go, and a sentence that a line's end broke is whole again."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from statistics import median

from index.text.loaders.loaded import Writing, joined
from index.text.loaders.pdf.line import Line, begins_part
from index.text.loaders.pdf.rows import with_rows

_EDGE = 2
"""Lines at the top and at the bottom of a page that may be its furniture."""
_SAME_HEIGHT = 6.0
"""Points by which the place of a running head differs from page to page."""
_LEAST_PAGES = 3
_LEAST_SHARE = 0.3
"""Pages, and share of all pages, on which a line at the edge stands for it to be a running head; left and right may differ."""
_LOOSE = 3.6
"""Heights of a character that a full line may fall short by: a figure of several digits is not broken at its end."""
_INDENT = 1.2
"""Heights of a character from which a line is set in, and begins a paragraph."""
_LARGER, _SMALLER = 1.1, 0.88
"""Against the size of the body: a title's lines, and a note's."""
_ENDS = "。；;！!？?：:"


@dataclass(frozen=True, slots=True)
class _Body:
    """Where the lines of running text begin and end, and how high they are."""

    left: float
    right: float
    size: float


def write_lines(lines: Sequence[Line], out: Writing) -> None:
    """Write all lines of a document as paragraphs, each piece with its page."""
    kept = list(with_rows(without_furniture(lines)))
    if not kept:
        return
    bodies = _bodies(kept)
    before: Line | None = None
    for line in _notes_put_off(kept, bodies):
        if before is not None and goes_on(before, line, bodies[before.page], bodies[line.page]):
            text = joined(before.text, line.text)
            out.write(text[len(before.text) :], page=line.page)
        else:
            out.write("\n" if before is not None else "")
            out.write(line.text, page=line.page)
        before = line
    out.write("\n")


def without_furniture(lines: Sequence[Line]) -> list[Line]:
    """The lines without page numbers and without what stands at the edge of page after page."""
    pages = {page: list(run) for page, run in groupby(lines, key=lambda line: line.page)}
    edges = {page: _edges(run) for page, run in pages.items()}
    repeated = _repeated(edges)
    counted = _page_numbers(edges)
    return [
        line
        for page, run in pages.items()
        for line in run
        if not (any(line is edge for edge in edges[page]) and (_key(line) in repeated or id(line) in counted))
    ]


def _edges(run: Sequence[Line]) -> list[Line]:
    by_height = sorted(run, key=lambda line: -line.top)
    return by_height if len(by_height) <= 2 * _EDGE else by_height[:_EDGE] + by_height[-_EDGE:]


def _key(line: Line) -> tuple[str, int]:
    """What a line says, whatever its numbers, and how high about it stands."""
    words = "".join("#" if c.isdigit() else c for c in line.text if not c.isspace())
    return words.replace("##", "#").replace("##", "#"), round(line.bottom / _SAME_HEIGHT)


def _repeated(edges: dict[int, list[Line]]) -> set[tuple[str, int]]:
    """Keys of running heads; one that is a little higher or lower on a page counts for its neighbours."""
    seen: dict[tuple[str, int], set[int]] = defaultdict(set)
    for page, lines in edges.items():
        for line in lines:
            words, height = _key(line)
            if not any(c.isalpha() for c in words):
                # Numbers alone are figures, or those of pages.
                continue
            for near in (height - 1, height, height + 1):
                seen[words, near].add(page)
    least = max(_LEAST_PAGES, _LEAST_SHARE * len(edges))
    return {key for key, pages in seen.items() if len(pages) >= least}


def _page_numbers(edges: dict[int, list[Line]]) -> set[int]:
    """Which edge lines are the number of their page: all count on from the same page, or dashes stand around them."""
    found = [(line, number) for lines in edges.values() for line in lines if (number := _number(line.text)) is not None]
    ahead = Counter(number - line.page for line, number in found)
    steady = {offset for offset, pages in ahead.items() if pages >= max(2, 0.3 * len(edges))}
    return {id(line) for line, number in found if number - line.page in steady or not line.text.strip().isdigit()}


def _number(text: str) -> int | None:
    """The page that a line names and nothing else: 12, - 12 -, 第12页, 第 12 页 共 30 页, 12/30."""
    bare = text.strip().strip("-—–－―·•. \t").strip()
    said = bare.removeprefix("第").replace("页", " ").replace("/", " ").replace("共", " ").split()
    if not said or len(said) > 2 or not all(part.isascii() and part.isdigit() and len(part) <= 4 for part in said):
        return None
    alone = bare == said[0] or "页" in bare or "/" in bare
    return int(said[0]) if alone else None


def _bodies(lines: Sequence[Line]) -> dict[int, _Body]:
    """The body of each page; a page with little text has that of the whole document."""
    size = Counter(round(line.size, 1) for line in lines for _ in range(len(line.text))).most_common(1)[0][0]
    whole = _body(lines, size)
    bodies = {}
    for page, run in groupby(lines, key=lambda line: line.page):
        held = list(run)
        own = [line for line in held if _is_body(line, size)]
        bodies[page] = _body(held, size) if len(own) >= 8 else whole
    return bodies


def _is_body(line: Line, size: float) -> bool:
    return not line.is_row and _SMALLER * size < line.size < _LARGER * size


def _body(lines: Sequence[Line], size: float) -> _Body:
    own = [line for line in lines if _is_body(line, size)] or list(lines)
    lefts = Counter(round(line.left / 3) for line in own)
    # A paragraph's first line is set in; what stands furthest out of the common places is the margin.
    common = [place for place, times in lefts.items() if times >= max(2, 0.15 * len(own))] or list(lefts)
    left = median(line.left for line in own if round(line.left / 3) == min(common))
    rights = sorted(line.right for line in own)
    return _Body(left, rights[int(0.9 * (len(rights) - 1))], size)


def goes_on(before: Line, line: Line, body: _Body, next_body: _Body) -> bool:
    """Whether a line is the rest of what the one before began."""
    if before.is_row or line.is_row or not 0.85 < before.size / line.size < 1.18:
        return False
    if _is_title(before, body) and _is_title(line, next_body):
        return (
            before.page == line.page
            and not line.text.startswith(("—", "-", "（", "("))
            and before.text[-1] not in _ENDS
        )
    height = before.size
    ended = before.text[-1] in _ENDS
    full = before.right >= body.right - (1.6 if ended else _LOOSE) * height
    set_in = line.left > next_body.left + _INDENT * height
    return full and not set_in and not (ended and begins_part(line.text))


def _is_title(line: Line, body: _Body) -> bool:
    """Whether a line is larger than the body and stands in its middle."""
    centred = abs((line.left - body.left) - (body.right - line.right)) < 3 * body.size
    return line.size > _LARGER * body.size and centred and line.left > body.left + body.size


def _notes_put_off(lines: Sequence[Line], bodies: dict[int, _Body]) -> Iterator[Line]:
    """The lines with the notes at the foot of a page behind the paragraph that they interrupt."""
    put_off: list[Line] = []
    last: Line | None = None
    runs = [list(run) for _, run in groupby(lines, key=lambda line: line.page)]
    for run in runs:
        body = bodies[run[0].page]
        end = len(run)
        while end and run[end - 1].size < _SMALLER * body.size and not run[end - 1].is_row:
            end -= 1
        interrupted = 0 < end < len(run) and not run[end - 1].is_row and run[end - 1].text[-1] not in _ENDS
        for line in run[: end if interrupted else len(run)]:
            if put_off and last is not None and not goes_on(last, line, bodies[last.page], body):
                yield from put_off
                put_off = []
            yield line
            last = line
        put_off += run[end:] if interrupted else []
    yield from put_off
