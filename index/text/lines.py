"""Lines of a text as it was printed: what pages put between them goes, and a sentence that a line's end cut is whole again.

Nothing is read of what a line says: only how long it is, how it begins and ends, and what stands again and again. PDF files
know where their lines stand and are joined by their own loader (:mod:`index.text.loaders.pdf.paragraphs`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from unicodedata import east_asian_width

from index.rules import At, Rule
from index.text.view import View, remove
from index.types import Span

_COUNTED = "[一二三四五六七八九十]"
HEADING_START = Rule(
    "text.lines.heading_start",
    rf"{_COUNTED}{{1,3}}[、.．]|[（(]{_COUNTED}{{1,3}}[）)]|第{_COUNTED}+|\d{{1,2}}[、.．)](?!\d|\s\d{{1,2}} ?[%亿万])"
    rf"|{_COUNTED}是|附件|关于",
    takes=("⟦(二)⟧加快建设", "⟦一是⟧加快建设"),
    leaves=("二期工程", "加快建设", "3. 2%"),
    at=At.START,
)
_ENDS = "。;；!！?？…"
_CLOSES = "，、。；：,;”’）)》%％‰"
"""What begins no line: a line that begins so goes on with the one before."""
_OPENS = "，、,“‘（(《"
"""What ends no sentence and no heading."""
_CLAUSES = frozenset("，、。；：,;:")


@dataclass(frozen=True, slots=True)
class Line:
    """A line that is not empty, without the spaces around it; ``indent`` is those before it."""

    text: str
    span: Span
    indent: str = ""

    @property
    def width(self) -> int:
        """How wide it is set: two for a Chinese character, one for a letter or digit."""
        return sum(2 if east_asian_width(c) in "WF" or c in _CLOSES + _OPENS else 1 for c in self.indent + self.text)

    @property
    def is_open(self) -> bool:
        """Whether the sentence in it does not end with it."""
        return self.text[-1] not in _ENDS and not self.is_row

    @property
    def is_row(self) -> bool:
        """Whether it is a row of a table or the like, which no line's end cuts."""
        return self.text[0] in "|#>" or "\t" in self.text or self.text[-1] == "|"

    @property
    def begins(self) -> bool:
        """Whether it begins something of its own."""
        return self.is_row or HEADING_START.match(self.text) is not None

    @property
    def is_numbered(self) -> bool:
        """Whether it begins with the number of a heading or of an item."""
        number = HEADING_START.match(self.text)
        return number is not None and number[0][-1] in "、.．)）"

    @property
    def is_told(self) -> bool:
        """Whether it is of running text, and no heading, title or cell."""
        number = HEADING_START.match(self.text)
        return not _CLAUSES.isdisjoint(self.text[number.end() if number else 0 :])

    @property
    def tells_figures(self) -> bool:
        """Whether a number stands in it that is no year or day, as in no title or heading."""
        behind = [self.text[n + 1 : n + 2] for n, c in enumerate(self.text) if c.isdigit()]
        return not self.begins and any(not c.isdigit() and c not in ("年", "月", "日", "届", "次", "") for c in behind)


def lines_of(text: str) -> list[Line]:
    """The lines of a text that hold anything."""
    found: list[Line] = []
    at = 0
    for line in text.split("\n"):
        bare = line.strip()
        if bare:
            indent = line[: len(line) - len(line.lstrip())]
            start = at + len(indent)
            found.append(Line(bare, Span(start, start + len(bare)), indent))
        at += len(line) + 1
    return found


def _goes_on(words: str) -> bool:
    """Whether a line's first character may stand inside a clause."""
    return "\u3400" <= words[0] <= "\u9fff" or words[0].isdigit() or words[0] in _CLOSES + _OPENS


def _stops_inside(words: str) -> bool:
    """Whether a line's last character may stand inside a clause."""
    return "\u3400" <= words[-1] <= "\u9fff" or words[-1].isdigit() or words[-1] in _OPENS


_STOPS_FULL = ":：.%％‰~—-)）”’"
"""What ends a clause's line as well, where it is full."""


# What pages put between lines.


def drop_page_furniture(view: View) -> View:
    """Rules, page numbers and running heads, each on a line of its own; a sentence that they stand in is whole again."""
    lines = lines_of(view.text)
    gone = _furniture(lines)
    spans: list[Span] = []
    joined = -1
    for is_gone, run in groupby(range(len(lines)), key=gone.__contains__):
        if not is_gone:
            continue
        at = list(run)
        before = lines[at[0] - 1] if at[0] else None
        behind = lines[at[-1] + 1] if at[-1] + 1 < len(lines) else None
        # A piece between two pages is of running text where the one before it is.
        told = joined == at[0] - 1
        if before is not None and behind is not None and _is_cut_by_page(before, behind, told=told):
            joined = at[-1] + 1
            spans.append(Span(before.span.end, behind.span.start))
        else:
            spans.extend(_whole_line(view.text, lines[n]) for n in at)
    return remove(view, spans)


def _whole_line(text: str, line: Line) -> Span:
    """A line with the end of the one before it and the spaces around it."""
    start = text.rfind("\n", 0, line.span.start)
    end = text.find("\n", line.span.end)
    return Span(max(start, 0), end if end >= 0 else len(text))


def _is_cut_by_page(before: Line, behind: Line, *, told: bool = False) -> bool:
    if before.text[-1].isdigit() and behind.text[0] == "." and behind.text[1:2].isdigit():
        return True
    if not before.is_open or behind.begins or not _goes_on(behind.text):
        return False
    if behind.text[0] in _CLOSES or before.text[-1] in _OPENS:
        return True
    if not _stops_inside(before.text) and before.text[-1] not in _STOPS_FULL[2:]:
        return False
    figure = behind.text[0].isdigit() and behind.text.lstrip("0123456789.")[:1] not in ("", "年")
    return told or before.is_told or before.tells_figures or (figure and not before.begins)


def _furniture(lines: Sequence[Line]) -> set[int]:
    """Which lines are of pages and not of the text."""
    pages = {n for n, line in enumerate(lines) if page_of(line.text) is not None}
    pages |= _bare_numbers(lines)
    rules = {n for n, line in enumerate(lines) if len(line.text) > 2 and set(line.text) <= set("-—*_=·")}
    return pages | rules | _running_heads(lines, pages)


def page_of(words: str) -> str | None:
    """The page that a line names and nothing else: - 12 -, 12/30, 第 12 页 共 30 页; a bare number names none."""
    bare = words.strip("-—–― \t·")
    dashed = words[:1] in "-—–―·" and words[-1:] in "-—–―·"
    said = (
        bare.removeprefix("第")
        .replace("页", " ")
        .replace("/", " ")
        .replace("共", " ")
        .replace("，", " ")
        .replace(",", " ")
        .split()
    )
    if not said or len(said) > 2 or not all(part.isascii() and part.isdigit() and len(part) <= 4 for part in said):
        return None
    return said[0] if dashed or "页" in bare or ("/" in bare and len(said) > 1 and len(said[1]) < 4) else None


_PAGE_DIGITS = 3
_PAGE = 200
"""Characters of the shortest page between two page numbers."""


def _bare_numbers(lines: Sequence[Line]) -> set[int]:
    """Bare numbers that are of pages, because those of the pages around them are too."""
    bare = [
        n
        for n, line in enumerate(lines)
        if n and line.text.isascii() and line.text.isdigit() and len(line.text) <= _PAGE_DIGITS
    ]
    goes_on = [
        int(lines[n].text) + 1 == int(lines[m].text) and lines[m].span.start - lines[n].span.end >= _PAGE
        for n, m in pairwise(bare)
    ]
    # Two numbers may follow each other by chance; three are pages.
    paged = {bare[i + k] for i, (one, other) in enumerate(pairwise(goes_on)) if one and other for k in range(3)}
    # Nor do two chance numbers stand inside sentences and count on.
    values = {int(lines[n].text) for n in bare}
    if not any(value + 1 in values for value in values):
        return paged
    cutting = [n for n in bare if n + 1 < len(lines) and _is_cut_by_page(lines[n - 1], lines[n + 1])]
    counted = [pair for pair in pairwise(cutting) if int(lines[pair[0]].text) + 1 == int(lines[pair[1]].text)]
    return paged | {n for pair in counted for n in pair}


_HEAD_LEAST, _HEAD_MOST = 4, 40
"""Characters of a running head."""
_REPEATED = 3
"""How often a line stands again that is a running head without a page's number beside it."""
_TITLE_LINES = 3


def _running_heads(lines: Sequence[Line], pages: set[int]) -> set[int]:
    """Lines that stand again on page after page, or repeat the title beside a page's number or inside a sentence."""
    heads = {n: head for n, line in enumerate(lines) if n and (head := _head_of(line.text))}
    titles = ["".join(line.text for line in lines[:k]) for k in range(1, _TITLE_LINES + 1)]
    seen = Counter(heads.values())
    named = {head for head in seen if any(_is_of(head, title) for title in titles)}
    paged = {n: _is_paged(lines, n, pages, heads[n]) for n in heads}
    at_pages = Counter(head for n, head in heads.items() if paged[n])
    found: set[int] = set()
    for n, head in heads.items():
        if paged[n] and (at_pages[head] > 1 or head in named):
            found.add(n)
        elif (head in named or seen[head] >= _REPEATED) and 0 < n < len(lines) - 1:
            inside = _is_cut_by_page(lines[n - 1], lines[n + 1])
            found |= {n} if inside and head == lines[n].text else set()
    return found


def _head_of(words: str) -> str:
    """What a line says beside a page's number, if it may be a running head; else nothing."""
    bare = words.strip("-—–―·|/ \t0123456789")
    bare = bare.removesuffix("第").rstrip() if words[-1:] == "页" else bare
    if not _HEAD_LEAST <= len(bare) <= _HEAD_MOST or bare[-1] in _ENDS + _CLOSES or words[0] == "|":
        return ""
    han = sum("\u3400" <= c <= "\u9fff" for c in bare)
    return bare if han >= _HEAD_LEAST and HEADING_START.match(words) is None and _CLAUSES.isdisjoint(bare) else ""


def _is_paged(lines: Sequence[Line], at: int, pages: set[int], head: str) -> bool:
    """Whether a page's number stands on the line before or behind it, or on it."""
    rest = lines[at].text.replace(head, "", 1).strip("-—–―·|/第页 \t")
    return at - 1 in pages or at + 1 in pages or (rest.isascii() and rest.isdigit() and len(rest) <= _PAGE_DIGITS)


def _is_of(head: str, title: str) -> bool:
    """Whether a head's characters all stand in a title, in their order: 清柏县政府工作报告 of 清柏县2024年政府工作报告."""
    left = iter(title)
    return all(character in left for character in head)


# Lines that end inside a clause.

_LONG = 60
"""A line shorter than this is a heading or a byline as a rule, and is joined to the next one only for a reason."""
_NARROWEST = 12
"""Characters of the narrowest column of text."""
_LEAST_FULL, _LEAST_EXACT, _SHARE_FULL = 3, 2, 0.5
"""Full lines, or lines of one width and no other, and their share of those that end inside a clause, in a text whose lines
were all broken at one width."""
_SHARE_WIDER = 0.05
"""Lines that may be wider than that width: a table's row, an address."""
_CHARACTERS, _SPACES = 6, 6
"""How much a full line falls short of the width: counted in characters by a program, in spaces by a printer."""


def join_broken_lines(view: View) -> View:
    """Take out line ends that stand inside a clause.

    A line that begins with what begins none goes on with the one before, and so does what follows a comma. Else a line is
    joined to the next one if it is long, or full where all lines of the text were broken at one width.
    """
    lines = lines_of(view.text)
    full = _full_lines(lines)
    return remove(view, list(_cuts(lines, full)))


def _cuts(lines: Sequence[Line], full: set[int]) -> Iterator[Span]:
    for n, (line, after) in enumerate(pairwise(lines)):
        if line.is_open and not after.is_row and _is_cut(line, after, wrapped=bool(full), is_full=n in full):
            yield Span(line.span.end, after.span.start)


def _is_cut(line: Line, after: Line, *, wrapped: bool, is_full: bool) -> bool:
    """Whether the end of an open line is none of a paragraph."""
    if after.text[0] in _CLOSES:
        return True
    if not _goes_on(after.text):
        return False
    if is_full and (_stops_inside(line.text) or line.text[-1] in _STOPS_FULL):
        return not after.is_numbered and (line.text[-1] not in ":：" or not after.begins)
    if after.begins or not _stops_inside(line.text):
        return False
    return (line.text[-1] in _OPENS and line.is_told) or (not wrapped and len(line.text) >= _LONG)


def _full_lines(lines: Sequence[Line]) -> set[int]:
    """The lines that end where the text's width ends; none where lines end with their paragraphs."""
    prose = [n for n, line in enumerate(lines) if line.is_open and not line.begins]
    if len(prose) < _LEAST_EXACT:
        return set()
    characters, spaces = [len(line.indent + line.text) for line in lines], [line.width for line in lines]
    if max(spaces) < _NARROWEST:
        return set()
    # A number is not broken, and what does not fit goes to the next line whole.
    words = [_first_number(after.text) for after in lines[1:]] + [0]
    headings = {n for n, line in enumerate(lines) if line.is_numbered and not line.is_told}
    tried = (
        (characters, _CHARACTERS, _LEAST_FULL),
        (spaces, _SPACES, _LEAST_FULL),
        (characters, 0, _LEAST_EXACT),
        (spaces, 1, _LEAST_EXACT),
    )
    return max((_filled(widths, lines, prose, words, headings, *least) for widths, *least in tried), key=len)


def _first_number(words: str) -> int:
    """Characters of the number that a line begins with, its sign and the comma behind it included."""
    return len(words) - len(words.lstrip("0123456789.%,;，、。万亿"))


def _filled(
    widths: Sequence[int],
    lines: Sequence[Line],
    prose: Sequence[int],
    words: Sequence[int],
    headings: set[int],
    short: int,
    least: int,
) -> set[int]:
    """The lines that fall short of a common width by so much at most, if there is such a width.

    ``words`` are the characters at the beginning of each next line that would not have been broken, ``prose`` and
    ``headings`` the places of such lines.
    """
    widest = sorted(widths, reverse=True)
    # A title or an address may be wider than all lines that were broken.
    for width in sorted(
        {widest[n] for n in (0, 1, 2, int(len(widest) * _SHARE_WIDER)) if n < len(widest)}, reverse=True
    ):
        if width < _NARROWEST:
            continue
        # Of lines that a program broke at one width none is wider; those of a printer may hang a sign over the edge.
        exact = short < _LEAST_EXACT
        full = {
            n
            for n, wide in enumerate(widths)
            if width - short <= wide + (0 if exact else words[n])
            and not (exact and wide > width)
            and not (n in headings and wide < width - 1)
        }
        cut = [n for n in prose if n in full]
        if len(cut) < max(least, _SHARE_FULL * len(prose)):
            continue
        told = sum(lines[n].is_told for n in cut)
        if 2 * told >= len(cut):
            return full
    return set()
