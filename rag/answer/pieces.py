"""What answers are made of: a draft with its citations, and how one is cut out of a source."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from index.rules import At, Rule
from index.store.snapshot import IndexSnapshot
from index.text.folding import fold
from index.types import Document, Fact, Sentence, Span
from rag.answer.citing import cite
from rag.decide.verdict import Found
from rag.types import Citation, Nearest, Reason, Value

LONG_SENTENCE = 150
"""Characters above which only the part between semicolons that holds the figure is quoted."""

_PART = Rule(
    "answer.pieces.part",
    r"[;；]",
    takes=("增长3.4%⟦;⟧工业总产值2216.8亿元",),
    leaves=("增长3.4%,工业总产值2216.8亿元",),
)
_COMMA = Rule(
    "answer.pieces.comma",
    r"[,，]",
    takes=("增长5%⟦,⟧收入243.4亿元",),
    leaves=("增长5%;收入243.4亿元",),
)


@dataclass(frozen=True, slots=True)
class Draft:
    """An answer before it is checked. ``slots`` are words that name places, times and titles and hold no figure."""

    text: str
    reason: Reason | None = None
    values: tuple[Value, ...] = ()
    citations: tuple[Citation, ...] = ()
    nearest: tuple[Nearest, ...] = ()
    conflicts: tuple[Nearest, ...] = ()
    support: float = 0.0
    slots: tuple[str, ...] = ()
    notes: tuple[str, ...] = field(default=())
    quotes: bool = False
    """Whether the text is sentences of the source word for word, which stay as they are in any language."""


_GAPS = Rule(
    "answer.pieces.gaps",
    r"(?<![!-~])\s+|\s+(?![!-~])|(?<=\d)\s+(?=\d)",
    takes=("柳河镇⟦\n⟧被列为试点", "完成168⟦ ⟧亿元", "达到10⟦\n⟧974元"),
    leaves=("Grain output reached 685 million tons",),
    why="Chinese is written without gaps, Latin words with them; a number that a line's end parted is one.",
)
_LINE_ENDS = Rule("answer.pieces.line_ends", r"\s+", takes=("grew⟦\n⟧by",), leaves=("grew",))


def on_one_line(quote: str) -> str:
    return _LINE_ENDS.sub(" ", _GAPS.sub("", quote))


class Quoter:
    """Cites what one snapshot says."""

    def __init__(self, snapshot: IndexSnapshot) -> None:
        self.snapshot = snapshot

    def cite(self, facts: Sequence[Fact], citations: list[Citation]) -> Citation:
        """The citation of a group of facts: an equal one that is there already, or a new one at the end."""
        fact = facts[0]
        sentence = self.snapshot.sentences[fact.sentence]
        document = self.document(fact.document_id)
        span = self.part(sentence, Span(min(f.span.start for f in facts), max(f.span.end for f in facts)), "")
        for citation in citations:
            if citation.document_id == document.id and (citation.start, citation.end) == (span.start, span.end):
                return citation
        citation = cite(
            self.snapshot,
            document,
            span,
            len(citations) + 1,
            str(fact.period) if fact.period else None,
            sentence.heading,
        )
        citations.append(citation)
        return citation

    def part(self, sentence: Sentence, needed: Span | None, terms: str) -> Span:
        """The whole sentence if it is short, else the stretch between semicolons that is needed or fits best."""
        if sentence.span.end - sentence.span.start <= LONG_SENTENCE:
            return sentence.span
        source = self.snapshot.source_of(self.document(sentence.document_id)).text
        words = sentence.span.of(source)
        cuts = [0, *(m.end() for m in _PART.finditer(words)), len(words)]
        parts = [Span(sentence.span.start + a, sentence.span.start + b) for a, b in pairwise(cuts) if a < b]
        if needed is not None:
            holding = [p for p in parts if p.covers(needed)]
            return _narrowed(source, _trim(source, holding[0]), needed) if holding else sentence.span
        asked = {terms[n : n + 2] for n in range(len(terms) - 1)}
        best = max(parts, key=lambda p: sum(bigram in p.of(source) for bigram in asked))
        return _trim(source, best)

    def in_words(self, found: Sequence[Found]) -> tuple[str, ...]:
        """Figures of tables, whose unit stands in the head and so not beside the quoted number."""
        facts = [f for c in found for f in (*c.facts, *c.conflicts)]
        return tuple(
            f.written
            for f in facts
            if f.span == f.figure
            and f.written not in fold(f.figure.of(self.snapshot.source_of(self.document(f.document_id)).text))
        )

    def document(self, document_id: str) -> Document:
        document = self.snapshot.document(document_id)
        assert document is not None
        return document


def _narrowed(source: str, part: Span, needed: Span) -> Span:
    """Of a part that is long in spite of its semicolons, the stretch between commas around what is needed."""
    if part.end - part.start <= LONG_SENTENCE:
        return part
    ends = [part.start, *(part.start + m.end() for m in _COMMA.finditer(part.of(source))), part.end]
    starts = [at for at in ends if at <= needed.start]
    # One stretch more before it: what is needed may go on a subject or a year that stands there.
    start = starts[-2] if len(starts) > 1 and needed.start - starts[-2] <= LONG_SENTENCE // 2 else starts[-1]
    end = next((at for at in ends if at >= needed.end), part.end)
    return _trim(source, Span(start, end), ",，、")


def _trim(source: str, span: Span, marks: str = "") -> Span:
    words = span.of(source)
    start = span.start + len(words) - len(words.lstrip())
    return Span(start, start + len(words.strip().rstrip(f";；{marks}")))


_WRITTEN_NUMBER = Rule(
    "answer.pieces.written_number",
    r"[\d.,]+",
    takes=("⟦2.86⟧万个",),
    leaves=("万个",),
    at=At.START,
)


def parted(written: str) -> tuple[str, str]:
    """A written figure as number and unit."""
    match = _WRITTEN_NUMBER.match(written)
    return (match[0], written[match.end() :]) if match else (written, "")


def value_of(fact: Fact, citation: int) -> Value:
    return Value(
        indicator=fact.canonical or fact.indicator,
        region=fact.region,
        period=str(fact.period) if fact.period else None,
        value=f"{fact.value:f}",
        unit=fact.unit,
        measure=fact.measure.value,
        status=fact.status.value,
        citation=citation,
    )


def with_spans(citation: Citation, spans: Sequence[tuple[int, int]]) -> Citation:
    return replace(citation, answer_spans=tuple(spans))
