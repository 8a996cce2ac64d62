"""The two locks on an answer: every quotation is the source's text, and every number stands in a cited quotation."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from index.folding import fold
from index.numbers import read_numeral
from index.periods import arabic_years
from index.snapshot import IndexSnapshot
from index.types import Document, Span
from rag.types import Citation, Derived

_MARK = re.compile(r"\[\d{1,2}\]")
_NUMBER = re.compile(r"(?<![\d.])\d{1,3}(?:,\d{3})+(?:\.\d+)?|(?<![\d.])\d+(?:\.\d+)?")
_HAN_NUMBER = re.compile(r"百分之(?P<p>[零〇一二两三四五六七八九十百点]+)|(?P<n>[一二两三四五六七八九十百千万亿]{2,})")
_CALENDAR = re.compile(r"(?:19|20)\d{2}(?=年|[-/]|$|\D)|“?十[一二三四五六]五”?|\d{1,2}月|\d{1,2}日")
_SCALES = {
    "trillion": Decimal(10**12),
    "billion": Decimal(10**9),
    "million": Decimal(10**6),
    "thousand": Decimal(10**3),
}
_SCALED = re.compile(r"(?P<n>\d[\d,]*(?:\.\d+)?)\s*(?P<s>trillion|billion|million|thousand|万亿|亿|万)")
_HAN_SCALES = {"万亿": Decimal(10**12), "亿": Decimal(10**8), "万": Decimal(10**4)}


class UncitedError(AssertionError):
    """A draft breaks a promise; it is never sent."""


def cite(
    snapshot: IndexSnapshot, document: Document, span: Span, number: int, period: str | None, heading: tuple[str, ...]
) -> Citation:
    """A checked quotation of a document's source. Raises UncitedError where the source does not say so."""
    source = snapshot.source_of(document)
    quote = span.of(source.text)
    if not quote.strip() or source.sha256 != document.sha256 or not document.span.covers(span):
        raise UncitedError(f"{document.source} does not hold {span}")
    return Citation(
        n=number,
        document_id=document.id,
        document=document.source,
        title=document.title,
        region=document.region,
        period=period,
        heading=heading,
        quote=quote,
        start=span.start,
        end=span.end,
        sha256=document.sha256,
        url=f"/documents/{document.id}?start={span.start}&end={span.end}",
    )


def numbers_in(text: str) -> set[Decimal]:
    """All numbers of a text in plain value and, where a scale word follows, also multiplied out."""
    plain = _MARK.sub(" ", arabic_years(fold(text)))
    found: set[Decimal] = set()
    for match in _NUMBER.finditer(plain):
        found.add(Decimal(match[0].replace(",", "")).normalize())
    for match in _SCALED.finditer(plain):
        scale = _SCALES.get(match["s"]) or _HAN_SCALES[match["s"]]
        found.add((Decimal(match["n"].replace(",", "")) * scale).normalize())
    for match in _HAN_NUMBER.finditer(plain):
        value = read_numeral(match["p"] or match["n"])
        if value is not None:
            found.add(value.normalize())
    return found


def unlocked_numbers(
    text: str, citations: Sequence[Citation], derived: Sequence[Derived], context: Sequence[str]
) -> list[str]:
    """Numbers of an answer that neither a cited quotation nor a shown calculation holds.

    ``context`` holds words that name slots and are no figures: the asked periods, indicators and titles.
    """
    allowed: set[Decimal] = set()
    for citation in citations:
        allowed |= numbers_in(citation.quote) | numbers_in(" ".join(citation.heading)) | numbers_in(citation.title)
    for calculation in derived:
        allowed |= numbers_in(calculation.formula)
    for words in context:
        allowed |= numbers_in(words)
    plain = _MARK.sub(" ", arabic_years(fold(text)))
    missing = []
    scaled = {m.start("n"): m for m in _SCALED.finditer(plain)}
    for match in _NUMBER.finditer(plain):
        value = Decimal(match[0].replace(",", "")).normalize()
        times = scaled.get(match.start())
        large = None
        if times is not None:
            scale = _SCALES.get(times["s"]) or _HAN_SCALES[times["s"]]
            large = (value * scale).normalize()
        if value not in allowed and large not in allowed and not _CALENDAR.match(plain, match.start()):
            missing.append(match[0])
    return missing
