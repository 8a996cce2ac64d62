"""Cleaning that never moves a citation.

The cleaned text is a *view* of the source: every cleaned character knows where it stands in the source, so a
span of the view maps back to a span of the unmodified file. Steps only replace one character by one other or
leave characters out; none adds any.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import takewhile

from index.budget import check
from index.rules import Rule
from index.text.folding import fold
from index.text.lines import HEADING_START, drop_page_furniture, join_broken_lines
from index.text.notes import NOTE_MARK, level_digits
from index.text.view import View, remove
from index.text.written import blot_lost, read_codes, read_formulas, read_tags
from index.types import Span

__all__ = ["STEPS", "View", "clean", "remove"]

Step = Callable[[View], View]

_HAN = "\u3400-\u9fff"
_MARKUP = Rule(
    "text.cleaning.markup",
    r"\*(?!\d)|(?<!\d)\*|__|(?m:^[ \t]*(?:#{1,6}[ \t]+|>[ \t]?))|[\ufeff\xad\u200b-\u200f\u2028-\u202e\u2060-\u2064]",
    takes=("⟦## ⟧(一)产业发展", "增长⟦*⟧5%"),
    leaves=("C#软件、5*8小时",),
)
_IN_CHINESE = rf"[{_HAN}\d，。、；：％%“”‘’（）()《》,.;:]"
"""What stands on both sides of a space that is none."""
_INNER_SPACE = Rule(
    "text.cleaning.inner_space",
    rf"(?<={_IN_CHINESE})[^\S\r\n]+(?={_IN_CHINESE})",
    takes=("区长⟦ ⟧林远山", "2020⟦ ⟧年"),
    leaves=("GDP 增长",),
)


_QUOTES = str.maketrans("「」『』", "“”‘’")


def fold_width(view: View) -> View:
    """Full to half width, traditional to simplified, dashes evened: one character for one.

    Quotation marks keep their direction, because what stands between them is a name and no figure.
    """
    written = level_digits(view.text)
    folded = fold(written)
    marked = written.translate(_QUOTES)
    return View("".join(map(_kept, marked, folded)), view.offsets)


def _kept(marked: str, folded: str) -> str:
    """The folded character, but for the direction of a quotation mark and the case of a letter (PM2.5, GDP)."""
    if marked in "“”‘’":
        return marked
    return marked if folded != marked and marked.isascii() and marked.lower() == folded else folded


def drop_note_marks(view: View) -> View:
    """Marks of notes and numbers of lists inside a line: they part the words of a name and a figure from its unit."""
    return remove(view, [Span(*m.span()) for m in NOTE_MARK.finditer(view.text)])


def drop_markup(view: View) -> View:
    """Markdown heading marks and emphasis, and invisible characters."""
    return remove(view, [Span(*m.span()) for m in _MARKUP.finditer(view.text)])


_LOWERED = Rule(
    "text.cleaning.lowered_digits",
    r"PM(?P<before>[^\S\n]*\n\s*+)?(?:2\.5(?P<behind>[^\S\n]*\n\s*)?|10(?!\d))",
    takes=("年均⟦PM\n2.5\n⟧浓度下降", "⟦PM\n10⟧浓度", "⟦PM2.5⟧浓度"),
    leaves=("PM\n1.0", "PM\n100"),
    flags=re.IGNORECASE,
)


def join_lowered(view: View) -> View:
    """PM2.5 whose lowered digits stand on a line of their own."""
    matches = list(_LOWERED.finditer(view.text))
    return remove(view, [Span(*m.span(part)) for m in matches for part in ("before", "behind") if m[part]])


def part_glued_headings(view: View) -> View:
    """A line end for the space behind a numbered heading that stands in one line with what it heads.

    一、综 合  初步核算，2023年…: copies of web pages have whole reports in one line, and without the space the first sentence of
    each part would be taken for its heading.
    """
    ends = [m.span() for m in _INNER_SPACE.finditer(view.text) if _is_behind_a_heading(view.text, *m.span())]
    if not ends:
        return view
    letters = list(view.text)
    for start, _ in ends:
        letters[start] = "\n"
    parted = View("".join(letters), view.offsets)
    return remove(parted, [Span(start + 1, end) for start, end in ends if end - start > 1])


_LEAST_TITLE, _LONGEST_TITLE, _LEAST_BODY = 2, 16, 15
"""Letters of a heading, and of what stands in its line behind it."""
_SENTENCE = "，,。；;:："


def _is_behind_a_heading(text: str, start: int, end: int) -> bool:
    window = text[max(0, start - 2 * _LONGEST_TITLE) : start]
    head = window[max(window.rfind(mark) for mark in "\n。；;！!？?") + 1 :].lstrip()
    number = HEADING_START.match(head) if head[:1] in "一二三四五六七八九十（(" else None
    if number is None or number[0][-1] not in "、.．）)":
        return False
    title = "".join(head[number.end() :].split())
    if not _LEAST_TITLE <= len(title) <= _LONGEST_TITLE or any(c.isdigit() or c in _SENTENCE for c in title):
        return False
    if text[end + 1 : end + 2].isspace():
        # 农 林 牧 渔: the heading is set letter by letter.
        return False
    body = text[end : end + 4 * _LEAST_BODY].partition("\n")[0]
    return len(body) >= _LEAST_BODY and any(c.isdigit() or c in _SENTENCE for c in body)


def drop_inner_spaces(view: View) -> View:
    """Spaces between Chinese characters or digits: "2020 年", "第十 六" and figures set digit by digit.

    A space before a heading number is kept, because it is all that parts a glued heading from the sentence before.
    """
    spans = [
        Span(*m.span())
        for m in _INNER_SPACE.finditer(view.text)
        if not (HEADING_START.match(view.text, m.end()) and not view.text[m.start() - 1].isdigit())
        and not (
            view.text[m.start() - 1].isdigit()
            and view.text[m.end()].isdigit()
            and not _digit_by_digit(view.text, m.start(), m.end())
        )
    ]
    return remove(view, spans)


def _digit_by_digit(text: str, before: int, after: int) -> bool:
    """Whether two digits parted by one space belong to a figure set with spaces ("7 4 7 7 2"), not to two figures."""
    if _parts_thousands(text, before, after):
        return True
    lone_left = before < 2 or not text[before - 2].isdigit()
    lone_right = after + 1 >= len(text) or not text[after + 1].isdigit()
    return after - before == 1 and lone_left and lone_right


_THOUSANDS = 3
_SIGNS_BEHIND = "%‰亿万元人吨户亩千公平"
"""First characters of units before which a plain space parts thousands: in a table it parts two figures."""


def _parts_thousands(text: str, before: int, after: int) -> bool:
    """Whether a space parts the thousands of one figure: 1 286.4亿元."""
    first = before
    while first and text[first - 1].isdigit():
        first -= 1
    last = after
    while last < len(text) and text[last].isdigit():
        last += 1
    if after - before != 1 or not 0 < before - first <= _THOUSANDS or last - after != _THOUSANDS or text[first] == "0":
        return False
    if text[before] != " ":
        return True
    end = min(len(text), last + _LONGEST_FIGURE)
    while last < end and (text[last].isdigit() or text[last] in ". "):
        last += 1
    return text[last : last + 1] in tuple(_SIGNS_BEHIND) and text[first - 1 : first] != "."


_LONGEST_FIGURE = 40
"""Signs in which the unit of a figure set with spaces is looked for."""
_NEAR = 8
"""Characters beside a line's end in which the rest of a figure may stand."""


def join_broken_figures(view: View) -> View:
    """Figures that the end of a line parts from their decimals or unit, and those whose point is a full stop: 12。5%."""
    text = view.text
    written = list(text)
    gone: list[Span] = []
    for at, sign in enumerate(text):
        if sign == "\n" and at:
            before, behind = text[max(0, at - _NEAR) : at].rstrip(" \t"), text[at + 1 : at + _NEAR]
            if before.endswith("\n"):
                continue
            first, last = max(0, at - _NEAR) + len(before), at + 1 + len(behind) - len(behind.lstrip())
            line = text[text.rfind("\n", 0, at) + 1 : first]
            if _is_inside_a_figure(text[max(0, first - 2) : first], text[last : last + 2]) or (
                text[last : last + 1].isdigit() and _is_cut_inside_digits(line, text[last : last + _NEAR * 2])
            ):
                gone.append(Span(first, last))
        elif sign == "。" and text[at - 1 : at].isdigit():
            decimals = len(list(takewhile(str.isdigit, text[at + 1 : at + 4])))
            if decimals and text[at + 1 + decimals : at + 2 + decimals] in tuple("%万亿"):
                written[at] = "."
    return remove(View("".join(written), view.offsets), gone)


_PROSE = 12
"""Characters of a line of which one may say that it was cut: a shorter one may be a cell."""


def _is_cut_inside_digits(line: str, behind: str) -> bool:
    """Whether a line of prose ends in digits without a unit and the next begins with digits that have one: 总值12, 86.4亿元."""
    digits = len(line) - len(line.rstrip("0123456789"))
    rest = behind.lstrip("0123456789.")
    told = not {",", "，", "。", ";"}.isdisjoint(line)
    prose = told or (len(line) >= _PROSE and sum("\u3400" <= c <= "\u9fff" for c in line) * 2 >= len(line))
    return (
        prose
        and 0 < digits < len(line)
        and rest[:1] in tuple(_SIGNS_BEHIND)
        and "\u3400" <= line[-digits - 1] <= "\u9fff"
    )


def _is_inside_a_figure(before: str, behind: str) -> bool:
    if not before or not behind:
        return False
    if before[-1] == ".":
        return before[0].isdigit() and len(before) > 1 and behind[0].isdigit()
    if before[-1].isdigit():
        return behind[0] in "%‰万亿" or (behind[0] == "." and behind[1:].isdigit())
    return before[-1] in "万亿" and before[0].isdigit() and behind[0] in "元吨人户亩千公平立美"


STEPS: tuple[Step, ...] = (
    read_tags,
    read_codes,
    read_formulas,
    blot_lost,
    fold_width,
    drop_note_marks,
    drop_page_furniture,
    drop_markup,
    join_lowered,
    join_broken_lines,
    join_broken_figures,
    part_glued_headings,
    drop_inner_spaces,
)
"""The order matters: pages stand between the halves of a line, the width of lines is measured before any is joined, and spaces
are judged on joined lines."""


def clean(view: View) -> View:
    """Apply all steps in order."""
    for step in STEPS:
        check()
        view = step(view)
    return view
