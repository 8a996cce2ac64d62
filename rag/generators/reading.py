"""What stands in a sentence that somebody else wrote: its figures, the times and places that it names, its clauses."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from unicodedata import category

from index.rules import At, Rule
from index.text.folding import fold
from index.text.notes import NOTE_MARK
from index.types import Period, Span
from index.words.fragments import YEAR
from index.words.periods import Clock, arabic_years, find_times
from index.words.regions import Gazetteer
from rag.answer.citing import AMOUNT, NUMERALS, SCALES, numbers_in
from rag.generators.contract import Exhibit
from rag.generators.words import any_word, words_of

CLAUSE_ENDS = ",;、。"
"""What parts the words around one figure from those around the next, in a folded text."""

UNITS = "%‰"
"""Marks behind a number that say of what it is."""

COVERED = "\x00"
"""Stands for a character that was found right already: of a figure, a time, a name."""

_FIGURE = Rule(
    "generators.reading.figure",
    rf"(?<![\d.A-Za-z])(?P<n>{AMOUNT})\s*(?P<s>{'|'.join(SCALES)})?\s*(?P<u>{any_word('per_cent')})?"
    rf"|百分之(?P<h>[{NUMERALS}点]+)",
    takes=("增长⟦8.5%⟧", "⟦百分之八⟧"),
    leaves=("第三产业",),
)
_CALENDAR = Rule(
    "generators.reading.calendar",
    r"\s*(?:[-—至到]\s*\d{1,4}\s*)?[年月日]",
    takes=("⟦ 年⟧末",),
    leaves=("户",),
    at=At.START,
)
_YEAR_EN = Rule(
    "generators.reading.year_en",
    rf"(?:(first|second) half of |(?:h([12])|q([1-4])) )?(?<!\d)({YEAR})(?!\d|[.,]\d)",
    takes=("⟦first half of 2023⟧",),
    leaves=("2023.5",),
)
_YEAR_NUMBER = Rule(
    "generators.reading.year_number",
    YEAR,
    takes=("⟦2023⟧年",),
    leaves=("1286",),
)
_WHAT_STANDS_BETWEEN = Rule(
    "generators.reading.what_stands_between",
    r"(?<!\d)\.|\.(?!\d)|[^\w.%‰]+",
    takes=("增长⟦,⟧下降",),
    leaves=("增长8.5%",),
    why="The point of a number is part of it.",
)


@dataclass(frozen=True, slots=True)
class Mention:
    """Words that set what a figure behind them belongs to, at characters ``at`` to ``end``."""

    at: int
    value: frozenset[str] | Period
    end: int = 0


@dataclass(frozen=True, slots=True)
class Carried:
    """What the sentences before one named last, for one that names nothing of the kind itself: none, or one of each."""

    times: tuple[Mention, ...] = ()
    places: tuple[Mention, ...] = ()
    things: tuple[Mention, ...] = ()

    def on(self, times: Sequence[Mention], places: Sequence[Mention], things: Sequence[Mention]) -> Carried:
        """What is carried on from a sentence that named these."""
        return Carried(_last(times) or self.times, _last(places) or self.places, _last(things) or self.things)


def _last(mentions: Sequence[Mention]) -> tuple[Mention, ...]:
    return (Mention(-1, mentions[-1].value),) if mentions else ()


@dataclass(frozen=True, slots=True)
class FigureMention:
    """A figure: its place, its value with the scale word applied, and its share word: ``%``, ``point`` or none."""

    span: Span
    value: Decimal
    share: str


def is_han(character: str) -> bool:
    """Whether a character is a Chinese one."""
    return "\u3400" <= character <= "\u9fff"


def plain(text: str) -> str:
    """A sentence as it is read: folded, years in Arabic digits, character for character."""
    return arabic_years(fold(text))


def bare(text: str) -> str:
    """Letters and numbers without what stands between them; the point and the minus of a number are parts of it."""
    folded = fold(NOTE_MARK.sub("", text))
    signed = "".join(
        "负" if c in "-−" and folded[n + 1 : n + 2].isdigit() and not folded[n - 1 : n].isdigit() else c
        for n, c in enumerate(folded)
    )
    return _WHAT_STANDS_BETWEEN.sub("", signed)


def figures_of(text: str) -> Iterator[FigureMention]:
    """Each figure of a plain text; years, days and names such as 5G are none."""
    for match in _FIGURE.finditer(text):
        behind = text[match.end("n") : match.end("n") + 1] if match["n"] else ""
        if match["n"] and not match["u"] and not match["s"] and behind.isascii() and behind.isalpha():
            continue  # 5G is a name
        if match["h"] is None and _CALENDAR.match(text, match.end("n")):
            continue
        values = numbers_in(match[0])
        if match["n"] and not match["s"] and not match["u"]:
            if _YEAR_NUMBER.fullmatch(match["n"]) and not is_han(text[match.end() : match.end() + 1] or " "):
                continue  # a bare year
            values = {Decimal(match["n"].replace(",", "")).normalize()}
        unit = match["u"] or ""
        share = "point" if "point" in unit or "百分点" in unit else "%" if unit or match["h"] else ""
        yield from (FigureMention(Span(*match.span()), value, share) for value in values)


def times_in(text: str, year: int, *, bases: bool = False) -> list[Mention]:
    """The periods that are named, with years relative to ``year``; those of comparisons (比2019年) only with ``bases``."""
    found = [
        Mention(m.span.start, m.period, m.span.end) for m in find_times(text, Clock(year, year)) if bases or not m.base
    ]
    return found or [Mention(m.start(), _english_period(m), m.end()) for m in _YEAR_EN.finditer(text.lower())]


def places_in(gazetteer: Gazetteer, text: str, known: Collection[str]) -> list[Mention]:
    """The places that are named, each with the full names that it may stand for."""
    return [
        Mention(m.start, frozenset({r.name for r in m.candidates} | {m.region_name}), m.end)
        for m in gazetteer.mentions(text, known=known)
    ]


def clause_at(text: str, span: Span) -> Span:
    """The words around a figure up to the next comma on either side."""
    start = max((text.rfind(c, 0, span.start) for c in CLAUSE_ENDS if c != "。"), default=-1) + 1
    ends = [n for c in CLAUSE_ENDS if (n := text.find(c, span.end)) >= 0]
    return Span(start, min(ends, default=len(text)))


def last_before(mentions: Sequence[Mention], at: int) -> Mention | None:
    """What is named last before a place in the text."""
    return next((m for m in reversed(mentions) if m.at < at), None)


def nearest(mentions: Sequence[Mention], at: int) -> Mention | None:
    """What is named last before a place in the text, else first behind it."""
    return last_before(mentions, at) or next(iter(mentions), None)


@dataclass(frozen=True, slots=True)
class Cited:
    """What the words of a sentence are said to be from: each group of marks stands behind the words that it is for.

    ``groups`` are places of the sentence without its marks, each with the exhibits of the marks that stand there.
    """

    groups: tuple[tuple[int, tuple[Exhibit, ...]], ...]

    @property
    def exhibits(self) -> tuple[Exhibit, ...]:
        """All of them, each once."""
        return tuple({e.n: e for _, exhibits in self.groups for e in exhibits}.values())

    def at(self, place: int) -> tuple[Exhibit, ...]:
        """What the words at a place are said to be from; words behind the last marks belong to these."""
        return next((exhibits for end, exhibits in self.groups if place < end), self.groups[-1][1])

    def parts(self, text: str) -> Iterator[tuple[str, tuple[Exhibit, ...]]]:
        """The text in pieces, each with its exhibits."""
        start = 0
        for n, (end, exhibits) in enumerate(self.groups):
            stop = len(text) if n == len(self.groups) - 1 else end
            yield text[start:stop], exhibits
            start = stop


def parted(text: str, ends: str) -> Iterator[Span]:
    """The pieces of a text between any of these characters; a comma inside of a number parts nothing."""
    start = 0
    for at, character in enumerate(text):
        inside = character in ",:" and text[at - 1 : at].isdigit() and text[at + 1 : at + 2].isdigit()
        if character in ends and not inside:
            if at > start:
                yield Span(start, at)
            start = at + 1
    if start < len(text):
        yield Span(start, len(text))


def letters(text: str) -> str:
    """Letters, digits and symbols alone, in small letters; the point and the minus of a number and what is blanked out stay."""
    lowered = text.lower()
    kept = []
    for at, character in enumerate(lowered):
        before, behind = lowered[at - 1 : at], lowered[at + 1 : at + 2]
        of_number = (character == "." and before.isdigit() and behind.isdigit()) or (
            character in "-−"
            and (behind.isdigit() or behind == COVERED)
            and not (before.isalnum() and before.isascii())
        )
        symbol = character in UNITS or category(character).startswith("S")
        if character.isalnum() or character == COVERED or of_number or symbol:
            kept.append(character)
    return "".join(kept)


def words_in(text: str) -> Iterator[str]:
    """Runs of Chinese characters, and words in Latin letters with their hyphens."""
    word = ""
    for character in f"{text} ":
        han = is_han(character)
        if word and (not (character.isalnum() or (character == "-" and not is_han(word[0]))) or han != is_han(word[0])):
            yield word.strip("-")
            word = ""
        if character.isalnum() or (character == "-" and word):
            word += character


def qualified(text: str, figures: Sequence[Span]) -> tuple[str, ...]:
    """The figures of a text that have a word right beside them by which they are not just these, with that word."""
    told = []
    for span in figures:
        before = next((w for w in _longest_first("before_figure") if text.endswith(w, 0, span.start)), "")
        behind = next((w for w in _longest_first("behind_figure") if text.startswith(w, span.end)), "")
        dash = before in ("-", "−") and text[max(0, span.start - 2) : span.start - 1].isdigit()
        if before and not dash:
            told.append(before + letters(span.of(text)))
        if behind:
            told.append(letters(span.of(text)) + behind)
    return tuple(told)


def _longest_first(name: str) -> list[str]:
    return sorted(words_of(name), key=len, reverse=True)


def _english_period(match: re.Match[str]) -> Period:
    half, h, q, year = match.groups()
    if half or h:
        return Period.half(int(year), 1 if half == "first" or h == "1" else 2)
    return Period.quarter(int(year), int(q)) if q else Period.year(int(year))
