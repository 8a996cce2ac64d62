"""The text of a question as it is read: folded, with its years written out, without quotation marks and asides."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from index.rules import Rule
from index.text.cleaning import View, remove
from index.text.folding import fold
from index.text.notes import NOTE_MARK, level_digits
from index.types import Span
from index.words.periods import arabic_years
from rag.understand.language import language_of
from rag.understand.words import YEAR, load_asking
from rag.understand.years import full_years

_QUOTES = Rule(
    "understand.asked.quotes",
    f'["“”]|{NOTE_MARK.pattern}',
    takes=("⟦“⟧三大件",),
    leaves=("三大件",),
)
_YEARS_IN_BRACKETS = Rule(
    "understand.asked.years_in_brackets",
    rf"(?:[^,。?\s()]{{0,12}}[\d一二三四五]年)?\((?P<years>{YEAR}年?[-~—至到](?:19|20)?\d{{2}}年?)\)",
    takes=("⟦(2016-2020年)⟧新建多少",),
    leaves=("2016-2020年新建多少",),
)
_SENTENCE_WITH_ITS_END = Rule(
    "understand.asked.sentence_with_its_end",
    r"[^?。!]+[?。!]*",
    takes=("⟦粮食产量多少?⟧",),
    leaves=("?!",),
)
_YEAR_NAMED = Rule(
    "understand.asked.year_named",
    YEAR,
    takes=("按⟦2021⟧年的报告",),
    leaves=("按今年的报告",),
)


@dataclass(frozen=True, slots=True)
class Asked:
    """``folded`` is what is read, ``offsets`` says for each of its letters where it stands in ``text``.

    ``language`` is that of its letters, whatever language the answer is to be in.
    """

    text: str
    folded: str
    offsets: tuple[int, ...]
    language: str

    def in_original(self, span: Span) -> Span:
        """A span of the folded text as a span of the question as typed."""
        if span.start >= span.end or not self.offsets:
            return span
        return Span(self.offsets[span.start], self.offsets[span.end - 1] + 1)


def heard(text: str, this_year: int) -> Asked:
    """The question as it is read by who is asked in a year."""
    # “区级”一般公共预算收入 names one thing: quotation marks and marks of notes only part words that belong together.
    view = remove(View.of(fold(level_digits(text))), [Span(*m.span()) for m in _QUOTES.finditer(fold(text))])
    view = full_years(View(arabic_years(view.text), view.offsets), this_year)
    # 后的五年(2013—2017年): the years in brackets are the time that is asked.
    folded = _YEARS_IN_BRACKETS.sub(lambda m: f" {m['years']} ".rjust(len(m[0])), view.text)
    return Asked(text, _question_proper(folded), tuple(view.offsets), language_of(text, "auto"))


def blank(text: str, spans: Sequence[Span]) -> str:
    """The text with spans blanked, place for place."""
    for span in spans:
        text = text[: span.start] + " " * (span.end - span.start) + text[span.end :]
    return text


def blanked(match: re.Match[str]) -> str:
    """As many spaces as a match has letters, for a rule's ``sub``."""
    return " " * len(match[0])


def _question_proper(text: str) -> str:
    """The text with asides blanked, place for place: what follows the last question without asking (只要外出的，不要总量).

    Unchanged where only one sentence stands.
    """
    parts = [(m.start(), m.end()) for m in _SENTENCE_WITH_ITS_END.finditer(text)]
    if len(parts) < 2:
        return text
    asks = [bool(load_asking().says("asks", text[a:b])) for a, b in parts]
    if not any(asks):
        return text
    last = max(n for n, yes in enumerate(asks) if yes)
    if _YEAR_NAMED.search(text[parts[last][1] :]) and not _YEAR_NAMED.search(text[: parts[last][1]]):
        # 平均能活多大岁数?(2025年的数): the aside says when.
        return text
    return text[: parts[last][1]] + " " * (len(text) - parts[last][1])
