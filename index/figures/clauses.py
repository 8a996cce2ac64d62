"""Sentences to segments: the stretches between commas in which one subject meets its figures."""

from __future__ import annotations

from dataclasses import dataclass

from index.rules import Rule
from index.types import Span
from index.words.naming import normalised
from index.words.numbers import Figure

_BREAK = Rule("figures.clauses.break", r"[,;:。!?]")
_ENCLOSED = Rule("figures.clauses.enclosed", r"“[^”]*”|‘[^’]*’|《[^》]*》|\([^)]*\)")


_SERIES = Rule("figures.clauses.series", r"[^,;:。、\d]{2,12}(?:、[^,;:。、\d]{1,12})+等(?![级于待候])")
"""Behind a figure a list of one kind of thing: 2000名视力、听力等残疾儿童."""


@dataclass(frozen=True, slots=True)
class Segment:
    """A part of a sentence without its closing mark. ``group`` counts the stretches between semicolons."""

    span: Span
    figures: tuple[Figure, ...]
    group: int
    opened_by: str
    """The mark before it: "" at the start of a sentence, "," ";" ":" or "、"."""


_SEGMENTS_OF_1 = Rule("figures.clauses.segments_of_1", "、")


def segments_of(text: str, figures: list[Figure]) -> list[Segment]:
    """Split one sentence. A 、 parts two statements only where a figure stands before it; else it parts nouns."""
    masked = _ENCLOSED.sub(lambda m: "\x00" * len(m[0]), text)
    inside = {i for f in figures for i in range(f.span.start, f.span.end)}
    cuts = [(m.start(), m[0]) for m in _BREAK.finditer(masked) if m.start() not in inside]
    ends = sorted(f.span.end for f in figures)
    starts = {f.span.start for f in figures}
    counting = [f.span.end for f in figures if normalised(f.value, f.unit)[1] == "count"]
    series = [Span(*m.span()) for end in counting if (m := _SERIES.match(masked, end)) is not None]
    for match in _SEGMENTS_OF_1.finditer(masked):
        at = match.start()
        last_cut = max((c for c, mark in cuts if c < at), default=-1)
        # 分别增长3.9%、2.5% is one list: what follows the 、 is a figure and no statement.
        if any(span.start < at < span.end for span in series):
            continue
        if at not in inside and at + 1 not in starts and any(last_cut < end <= at for end in ends):
            cuts.append((at, "、"))
            cuts.sort()
    cuts.append((len(text), ""))
    result: list[Segment] = []
    start, group, opened_by = 0, 0, ""
    for at, mark in cuts:
        words = text[start:at]
        lead = len(words) - len(words.lstrip())
        span = Span(start + lead, max(start + lead, start + len(words.rstrip())))
        if span.start < span.end:
            own = tuple(f for f in figures if span.start <= f.span.start and f.span.end <= span.end)
            result.append(Segment(span, own, group, opened_by))
        group += mark in (";", "。", "!", "?")
        start, opened_by = at + 1, mark
    return result
