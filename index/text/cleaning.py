"""Cleaning that never moves a citation.

The cleaned text is a *view* of the source: every cleaned character knows where it stands in the source, so a
span of the view maps back to a span of the unmodified file. Steps only replace one character by one other or
leave characters out; none adds any.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from index.rules import At, Rule
from index.text.folding import fold
from index.text.notes import NOTE_MARK, level_digits
from index.types import Span


@dataclass(frozen=True, slots=True)
class View:
    """A cleaned text; ``offsets[i]`` is the place in the source of its character ``i``, strictly rising."""

    text: str
    offsets: tuple[int, ...]

    @classmethod
    def of(cls, text: str, start: int = 0) -> View:
        return cls(text, tuple(range(start, start + len(text))))

    def source_span(self, span: Span) -> Span:
        """The span of the source from the first to the last character of a non-empty span of this view."""
        if span.start == span.end:
            at = self.offsets[span.start] if span.start < len(self.offsets) else self._end()
            return Span(at, at)
        return Span(self.offsets[span.start], self.offsets[span.end - 1] + 1)

    def _end(self) -> int:
        return self.offsets[-1] + 1 if self.offsets else 0


Step = Callable[[View], View]

_HAN = "\u3400-\u9fff"
_PAGE_RULE = Rule(
    "text.cleaning.page_rule",
    r"\n[ \t]*(?:-{3,}|\*{3,}|_{3,}|[-—–]{1,2}[ \t]*\d{1,4}[ \t]*[-—–]{1,2}|第[ \t]*\d{1,4}[ \t]*页[^\n]{0,12})[ \t]*(?=\n|$)",
    takes=("同比增长5%。⟦\n- 12 -⟧\n", "同比增长5%。⟦\n第3页 共20页⟧"),
    leaves=("同比\n-12.5%\n",),
    why="A number between two dashes is a page, behind one dash a figure.",
)
_MARKUP = Rule(
    "text.cleaning.markup",
    r"\*\*|__|(?m:^[ \t]*(?:#{1,6}[ \t]+|>[ \t]?))|[\ufeff\u200b\u200e\u200f\u2028\u2029]",
    takes=("⟦## ⟧(一)产业发展", "⟦**⟧一、工作回顾**"),
    leaves=("C#软件、5*8小时",),
)
_IN_CHINESE = rf"[{_HAN}\d，。、；：％%“”‘’（）()《》,.;:]"
"""What stands on both sides of a space that is none."""
_INNER_SPACE = Rule(
    "text.cleaning.inner_space",
    rf"(?<={_IN_CHINESE})[ \t\u00a0\u3000]+(?={_IN_CHINESE})",
    takes=("区长⟦ ⟧林远山", "2020⟦ ⟧年"),
    leaves=("GDP 增长",),
)
# A line that ends in the middle of a clause goes on in the next one: page breaks of PDF and Markdown copies.
_BROKEN_LINE = Rule(
    "text.cleaning.broken_line",
    rf"(?<=[{_HAN}\d、，,“‘])\s*\n\s*(?=[{_HAN}\d，、。；”’])",
    takes=("推进农业结构⟦\n⟧调整",),
    leaves=("推进农业结构调整。\n加快建设",),
    why="A line that ends a sentence is whole.",
)
_COUNTED = "[一二三四五六七八九十]"
_HEADING_START = Rule(
    "text.cleaning.heading_start",
    rf"{_COUNTED}{{1,3}}[、.．]|[（(]{_COUNTED}{{1,3}}[）)]|第{_COUNTED}+|\d{{1,2}}[、.．)](?!\d)|{_COUNTED}是|附件|关于",
    takes=("⟦(二)⟧加快建设", "⟦一是⟧加快建设"),
    leaves=("二期工程", "加快建设"),
    at=At.START,
)
_LONG_LINE = 60
"""A line shorter than this is a heading or a byline as a rule, and is never joined to the next one."""
_WRAPPED = Rule(
    "text.cleaning.wrapped",
    rf"(?<=[{_HAN}\d、，,“‘:：（(%％~—-])[ \t]*\n[ \t]*(?=[{_HAN}\d，、。；”’）)“‘])",
    takes=("向大会报告工作:⟦\n⟧一年来",),
    leaves=("向大会报告工作。\n一年来",),
)
_NARROWEST, _WIDEST = 18, 48
_FULL_LINES = 0.6
"""Share of a text's lines that are about as long as the longest where all lines were broken at one width."""


def remove(view: View, spans: Iterator[Span] | list[Span]) -> View:
    """Leave out the given spans (in order, not overlapping) of a view."""
    parts: list[str] = []
    offsets: list[int] = []
    at = 0
    for span in spans:
        parts.append(view.text[at : span.start])
        offsets.extend(view.offsets[at : span.start])
        at = max(at, span.end)
    parts.append(view.text[at:])
    offsets.extend(view.offsets[at:])
    return View("".join(parts), tuple(offsets))


_QUOTES = str.maketrans("「」『』", "“”‘’")


def fold_width(view: View) -> View:
    """Full to half width, traditional to simplified, dashes evened: one character for one.

    Quotation marks keep their direction, because what stands between them is a name and no figure.
    """
    written = level_digits(view.text)
    folded = fold(written)
    marked = written.translate(_QUOTES)
    return View("".join(_kept(m, f) for m, f in zip(marked, folded, strict=True)), view.offsets)


def _kept(marked: str, folded: str) -> str:
    """The folded character, but for the direction of a quotation mark and the case of a letter (PM2.5, GDP)."""
    if marked in "“”‘’":
        return marked
    return marked if folded != marked and marked.isascii() and marked.lower() == folded else folded


_CODES = Rule(
    "text.cleaning.codes",
    r"(?P<line>(?:\\r)?\\[rn](?![a-z]))|&(?:[a-z]{0,4}sp|#160|#12288);",
    takes=("大会报告工作。⟦\\r\\n⟧一、2023年工作回顾", "区长⟦&nbsp;⟧林远山"),
    leaves=("\\nu", "R&D经费"),
    why="A copy may hold the codes of a line's end and of a space in place of them.",
)


def read_codes(view: View) -> View:
    """What stands written out as a code: of the end of a line, or of a space."""
    written = list(view.text)
    rest: list[Span] = []
    for match in _CODES.finditer(view.text):
        written[match.start()] = "\n" if match["line"] else " "
        rest.append(Span(match.start() + 1, match.end()))
    return remove(View("".join(written), view.offsets), rest)


TAG = Rule(
    "text.cleaning.tag",
    r"</?(?P<tag>[a-z][a-z0-9]{0,9})(?:[\s/][^<>]*)?>",
    flags=re.IGNORECASE,
    takes=("收入增长5%⟦</b>⟧", '⟦<td colspan="2">⟧2023年'),
    leaves=("收入<5万元", "<2024年>"),
)
_BREAKS = frozenset({"tr", "br", "p", "div", "table", "li"})
_CELLS = frozenset({"td", "th"})


def read_tags(view: View) -> View:
    """Tags of HTML inside a text: rows, lines and paragraphs end lines, cells are parted by bars, all others go."""
    written = list(view.text)
    rest: list[Span] = []
    for match in TAG.finditer(view.text):
        tag = match["tag"].lower()
        stands = "\n" if tag in _BREAKS else "|" if tag in _CELLS and match[0][1] != "/" else ""
        written[match.start()] = stands or written[match.start()]
        rest.append(Span(match.start() + bool(stands), match.end()))
    return remove(View("".join(written), view.offsets), rest)


def drop_note_marks(view: View) -> View:
    """Marks of notes and numbers of lists inside a line: they part the words of a name and a figure from its unit."""
    return remove(view, [Span(*m.span()) for m in NOTE_MARK.finditer(view.text)])


def drop_page_rules(view: View) -> View:
    """Rules and page numbers that stand alone on a line."""
    return remove(view, [Span(*m.span()) for m in _PAGE_RULE.finditer(view.text)])


def drop_markup(view: View) -> View:
    """Markdown heading marks and emphasis, and invisible characters."""
    return remove(view, [Span(*m.span()) for m in _MARKUP.finditer(view.text)])


def join_broken_lines(view: View) -> View:
    """Take out line ends that stand inside a clause.

    The line before must be long and must not end a sentence, and the next one must not look like a heading.
    """
    width = _wrapped_at(view.text)
    if width is not None:
        return remove(view, [Span(*m.span()) for m in _WRAPPED.finditer(view.text) if _is_full(view.text, m, width)])
    spans: list[Span] = []
    for match in _BROKEN_LINE.finditer(view.text):
        line_start = view.text.rfind("\n", 0, match.start()) + 1
        if match.start() - line_start < _LONG_LINE or _HEADING_START.match(view.text, match.end()):
            continue
        spans.append(Span(*match.span()))
    return remove(view, spans)


_LOWERED = Rule(
    "text.cleaning.lowered_digits",
    r"PM(?P<before>\s*\n\s*)?(?:2\.5(?P<behind>\s*\n\s*)?|10(?!\d))",
    takes=("年均⟦PM\n2.5\n⟧浓度下降", "⟦PM\n10⟧浓度", "⟦PM2.5⟧浓度"),
    leaves=("PM\n1.0", "PM\n100"),
    flags=re.IGNORECASE,
)


def join_lowered(view: View) -> View:
    """PM2.5 whose lowered digits stand on a line of their own."""
    matches = list(_LOWERED.finditer(view.text))
    return remove(view, [Span(*m.span(part)) for m in matches for part in ("before", "behind") if m[part]])


def _wrapped_at(text: str) -> int | None:
    """The width at which all lines of a text were broken, or None if its lines end where paragraphs do."""
    lengths = sorted(len(line.rstrip()) for line in text.split("\n") if line.strip())
    if len(lengths) < 20:
        return None
    width = lengths[int(len(lengths) * 0.95)]
    if not _NARROWEST <= width <= _WIDEST:
        return None
    full = sum(length >= width - 5 for length in lengths)
    return width if full >= _FULL_LINES * len(lengths) else None


def _is_full(text: str, match: re.Match[str], width: int) -> bool:
    start = text.rfind("\n", 0, match.start()) + 1
    return match.start() - start >= width - 6


def drop_inner_spaces(view: View) -> View:
    """Spaces between Chinese characters or digits: "2020 年", "第十 六" and figures set digit by digit.

    A space before a heading number is kept, because it is all that parts a glued heading from the sentence before.
    """
    spans = [
        Span(*m.span())
        for m in _INNER_SPACE.finditer(view.text)
        if not (_HEADING_START.match(view.text, m.end()) and not view.text[m.start() - 1].isdigit())
        and not (
            view.text[m.start() - 1].isdigit()
            and view.text[m.end()].isdigit()
            and not _digit_by_digit(view.text, m.start(), m.end())
        )
    ]
    return remove(view, spans)


def _digit_by_digit(text: str, before: int, after: int) -> bool:
    """Whether two digits parted by one space belong to a figure set with spaces ("7 4 7 7 2"), not to two figures."""
    lone_left = before < 2 or not text[before - 2].isdigit()
    lone_right = after + 1 >= len(text) or not text[after + 1].isdigit()
    return after - before == 1 and lone_left and lone_right


STEPS: tuple[Step, ...] = (
    read_tags,
    read_codes,
    fold_width,
    drop_note_marks,
    drop_page_rules,
    drop_markup,
    join_lowered,
    join_broken_lines,
    drop_inner_spaces,
)
"""The order matters: rules stand between the halves of a broken line, and spaces are judged on joined lines."""


def clean(view: View) -> View:
    """Apply all steps in order."""
    for step in STEPS:
        view = step(view)
    return view
