"""What stands written out in a text as a code: tags and entities of HTML, formulas of LaTeX, signs without a meaning."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape

from index.rules import Rule
from index.text.view import View, remove
from index.types import Span

TAG = Rule(
    "text.written.tag",
    r"</?(?P<tag>[a-z][a-z0-9]{0,9})(?:[\s/][^<>]*)?>",
    flags=re.IGNORECASE,
    takes=("收入增长5%⟦</b>⟧", '⟦<td colspan="2">⟧2023年'),
    leaves=("收入<5万元", "<2024年>"),
)
_RAISED = 20
"""Characters that stand raised where they are the number of a note."""
_BREAKS = frozenset({"tr", "br", "p", "div", "table", "li"})
_CELLS = frozenset({"td", "th"})
_MARKS = "[]()〔〕［］（）注*^{}\\ "
"""What stands around the number of a note."""
_CODES = Rule(
    "text.written.codes",
    r"(?P<line>(?:\\r)?\\[rn](?![a-z]))|&(?:#x?[\da-f]+|[a-z]+);",
    flags=re.IGNORECASE,
    takes=("大会报告工作。⟦\\r\\n⟧一、2023年工作回顾", "区长⟦&nbsp;⟧林远山", "增长5⟦&#37;⟧"),
    leaves=("\\nu", "R&D经费"),
    why="A copy may hold the codes of a line's end and of a sign in place of them.",
)
_FORMULA = Rule(
    "text.written.formula",
    r"\$[^$\n]{1,60}\$|\\\(.{1,60}?\\\)",
    takes=("完成⟦$1286.4$⟧亿元", "增长⟦\\(5.6\\%\\)⟧"),
    leaves=("5亿$", "(5.6%)"),
)
_COMMAND = Rule(
    "text.written.command",
    r"\\[A-Za-z]+",
    takes=("⟦\\mathbf⟧{5.6}",),
    leaves=("5.6\\%",),
)
_SPACES = "\ue5e5\uf020"
"""Signs of private use that are a space: of GB 18030, and of the font Symbol."""
_LOST = "\ufffd"
_OF_NUMBERS = frozenset("0123456789.０１２３４５６７８９．")


def read_tags(view: View) -> View:
    """Tags of HTML inside a text: rows, lines and paragraphs end lines, cells are parted by bars, all others go.

    What stands raised and is a note's number goes with its tags; m<sup>2</sup> is a unit.
    """
    written = list(view.text)
    rest: list[Span] = []
    at = 0
    for match in TAG.finditer(view.text):
        if match.start() < at:
            continue
        tag, opens = match["tag"].lower(), match[0][1] != "/"
        stands = "\n" if tag in _BREAKS else "|" if tag in _CELLS and opens else ""
        written[match.start()] = stands or written[match.start()]
        at = match.end()
        close = view.text.find("</", at, at + _RAISED) if tag == "sup" and opens else -1
        if close >= 0 and _is_note(view.text, match.start(), view.text[at:close]):
            at = close
        rest.append(Span(match.start() + bool(stands), at))
    return remove(View("".join(written), view.offsets), rest)


def _is_note(text: str, at: int, raised: str) -> bool:
    """Whether what stands raised at a place is the number of a note, and not the power of a unit or of ten."""
    number = raised.strip(_MARKS)
    if not number.isdigit() or len(number) > 2:
        return False
    return raised.strip() != number or not text.endswith(("m", "M", "10"), 0, at)


def read_codes(view: View) -> View:
    """What stands written out as a code: of the end of a line, or of a sign."""
    written = list(view.text.replace("\f", "\n"))
    rest: list[Span] = []
    for match in _CODES.finditer(view.text):
        sign = "\n" if match["line"] else unescape(match[0])
        if len(sign) == 1:
            written[match.start()] = " " if sign.isspace() and sign != "\n" else sign
            rest.append(Span(match.start() + 1, match.end()))
    return remove(View("".join(written), view.offsets), rest)


def read_formulas(view: View) -> View:
    """Formulas of LaTeX that hold a figure, without their signs and commands; a raised note's number goes with them."""
    rest: list[Span] = []
    for match in _FORMULA.finditer(view.text):
        words = match[0].strip("$")
        told = _COMMAND.sub("", words)
        if any(c.isascii() and c.isalpha() for c in told) or not any(c.isdigit() for c in told):
            continue
        rest.extend(_signs_of(view.text, Span(*match.span())))
    return remove(view, rest)


def _signs_of(text: str, formula: Span) -> Iterator[Span]:
    at = formula.start
    while at < formula.end:
        command = _COMMAND.match(text, at, formula.end)
        end = at + 1
        if command is not None:
            end = command.end()
        elif text[at] == "\\":
            # \\% is the sign itself, \\, and the like are spaces.
            end = at + (1 if text[at + 1 : at + 2] in ("%", "&", "#") else 2)
        elif text[at] == "^":
            close = text.find("}", at) if text[at + 1 : at + 2] == "{" else at + 1
            end = close + 1 if _is_note(text, at, text[at + 1 : close + 1]) else at + 1
        elif text[at] not in "${}~":
            at = end
            continue
        yield Span(at, min(end, formula.end))
        at = max(end, at + 1)


def blot_lost(view: View) -> View:
    """Signs without a meaning: beside a digit one may have been a digit, so that no part of such a number is read.

    Known ones are spaces; what stands elsewhere goes.
    """
    text = view.text
    lost = [at for at, c in enumerate(text) if "\ue000" <= c <= "\uf8ff" or c == _LOST]
    if not lost:
        return view
    written = list(text)
    gone: list[Span] = []
    for at in lost:
        before, behind = text[at - 1 : at] in _OF_NUMBERS, text[at + 1 : at + 2] in _OF_NUMBERS
        if text[at] in _SPACES:
            written[at] = " "
        elif (before and behind) or (text[at] == _LOST and (before or behind)):
            _blot(text, at, written)
        else:
            gone.append(Span(at, at + 1))
    return remove(View("".join(written), view.offsets), gone)


def _blot(text: str, at: int, written: list[str]) -> None:
    for step in (-1, 1):
        place = at + step
        while 0 <= place < len(text) and (text[place].isdigit() or text[place] in ".,"):
            written[place] = _LOST
            place += step
