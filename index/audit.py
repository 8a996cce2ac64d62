"""What became of every number of a file: a fact, a figure without one and why, or no figure at all and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from index.build import read_document, settings_of
from index.figures.facts import LeftOut, read_facts
from index.outline.documents import find_documents
from index.rules import At, Rule
from index.types import Document, Source, Span
from index.words.fragments import YEAR
from index.words.lexicon import load_wording
from index.words.numbers import find_figures
from index.words.regions import Gazetteer

_DIGITS = Rule(
    "audit.digits",
    r"\d+(?:[.,]\d+)*",
    takes=("完成投资⟦1,025.5⟧亿元",),
    leaves=("完成投资三十亿元",),
)
_NAME = Rule(
    "audit.name",
    r"“[^”]*”|‘[^’]*’|《[^》]*》",
    takes=("推进⟦“6+3”⟧产业体系", "印发⟦《2024年工作要点》⟧"),
    leaves=("推进6+3产业体系",),
)
_DATE = Rule(
    "audit.date",
    r"\s?(?:年|月|日|号(?!线|楼)|世纪|时|点|周年)",
    takes=("⟦年⟧末常住人口", "⟦号⟧下午召开"),
    leaves=("号线二期工程", "个项目"),
    why="号线 and 号楼 are lines and buildings, no days.",
    at=At.START,
)
_YEAR = Rule(
    "audit.year",
    YEAR,
    takes=("⟦2024⟧",),
    leaves=("2104", "12024"),
    at=At.WHOLE,
)
_AFTER_ORDINAL = load_wording().pattern("after_ordinals")


def _is_letter(character: str) -> bool:
    """Whether a character beside a number makes it part of a name: 5G, 6+3."""
    return character.isascii() and (character.isalpha() or character in tuple("+/#"))


TABLE = "in a table whose head does not tell what it is, or in a text of no place"


@dataclass(frozen=True, slots=True)
class NumberFate:
    """One number: ``outcome`` is "fact", "figure" (none was made of it) or "other" (no figure); ``context`` stands around it."""

    written: str
    outcome: str
    reason: str
    context: str


@dataclass(frozen=True, slots=True)
class Audit:
    """All numbers of one document."""

    document: Document
    numbers: tuple[NumberFate, ...]

    def count(self, outcome: str) -> int:
        return sum(n.outcome == outcome for n in self.numbers)

    def reasons(self) -> list[tuple[str, str, int]]:
        """Outcome, reason and how many, most first; facts are left out."""
        counted = Counter((n.outcome, n.reason) for n in self.numbers if n.outcome != "fact")
        return [(outcome, reason, count) for (outcome, reason), count in counted.most_common()]


def audit(source: Source, gazetteer: Gazetteer) -> Iterator[Audit]:
    """Account for every number of a source, document by document."""
    for number, draft in enumerate(find_documents(source, gazetteer)):
        document, _, facts = read_document(source, draft, number, gazetteer)
        spans = {(f.sentence, f.figure) for f in facts}
        fates: list[NumberFate] = []
        for at, (text, setting, span) in enumerate(settings_of(draft, document.id)):
            left_out: list[LeftOut] = []
            if setting is not None:
                read_facts(text, setting, left_out)
            why = {entry.figure.span: entry.reason for entry in left_out}
            figures = find_figures(text)
            held = {f for s, f in spans if s == at}
            for figure in figures:
                place = draft.view.source_span(Span(span.start + figure.span.start, span.start + figure.span.end))
                made = place in held or any(one.start <= place.start < one.end for one in held)
                reason = "" if made else why.get(figure.span, TABLE if setting is None else "read as part of another")
                fates.append(
                    NumberFate(figure.written, "fact" if made else "figure", reason, _around(text, figure.span))
                )
            taken = [f.span for f in figures]
            fates.extend(_others(text, taken))
        yield Audit(document, tuple(fates))


def _around(text: str, span: Span) -> str:
    return text[max(0, span.start - 12) : span.end + 8]


def _others(text: str, taken: list[Span]) -> Iterator[NumberFate]:
    """Numbers that are no figures, each with what it is instead."""
    names = [Span(*m.span()) for m in _NAME.finditer(text)]
    for match in _DIGITS.finditer(text):
        span = Span(*match.span())
        if any(t.start <= span.start < t.end for t in taken):
            continue
        before, after = text[span.start - 1 : span.start], text[span.end : span.end + 4]
        if any(n.covers(span) for n in names):
            reason = "inside a name or title"
        elif _DATE.match(after) or _YEAR.fullmatch(match[0]):
            reason = "a date or duration"
        elif before == "第" or _AFTER_ORDINAL.match(after):
            reason = "an ordinal"
        elif _is_letter(before[:1]) or _is_letter(after[:1]):
            reason = "part of a name with letters"
        elif span.start == 0 or before in "(（.":
            reason = "a list or note number"
        else:
            reason = "no unit that is known"
        yield NumberFate(match[0], "other", reason, _around(text, span))
