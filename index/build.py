"""The whole document path in one place: files to Sources, Documents, Sections, Sentences, Chunks and Facts."""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import takewhile

from index.budget import check
from index.figures.facts import RawFact, read_facts
from index.figures.nouns import GENERIC
from index.figures.when import Setting
from index.figures.whose import Place, place_of
from index.outline.documents import Draft, find_documents
from index.outline.sections import Outline, clock_of, outline, section_clock, sections_of, sentences_of, unread, whole
from index.outline.tables import Entry, Row, find_tables
from index.outline.tabular.owners import is_scope
from index.text.chunking import ChunkOptions, chunks_of
from index.text.cleaning import View
from index.text.counting import TokenCounter
from index.text.loaders.loaded import RECOGNISED
from index.types import Chunk, Corpus, Document, Fact, Kind, Measure, Sentence, Source, Span, Status
from index.words.lexicon import load_indicators
from index.words.periods import Clock
from index.words.regions import Gazetteer


@dataclass(frozen=True, slots=True)
class DocumentRead:
    """All that is read of one document; ``Sentence.chunk`` and ``Fact.sentence`` are places in these tuples."""

    document: Document
    sentences: tuple[Sentence, ...]
    chunks: tuple[Chunk, ...]
    facts: tuple[Fact, ...]

    @property
    def documents(self) -> tuple[Document, ...]:
        """The one document, as a corpus has several."""
        return (self.document,)


def read_corpus(
    sources: Iterable[Source],
    counter: TokenCounter,
    options: ChunkOptions,
    on_source: Callable[[Source], None] = lambda _: None,
) -> Corpus:
    """Read all sources, those of one content once. The same sources give the same corpus, ids included."""
    gazetteer = Gazetteer.load()
    ordered = sorted(sources, key=lambda s: s.name)
    read: list[DocumentRead] = []
    for source in ordered:
        if not source.same_as:
            read.extend(read_documents(source, gazetteer, counter, options))
        on_source(source)
    return joined(ordered, read)


def read_documents(
    source: Source, gazetteer: Gazetteer, counter: TokenCounter, options: ChunkOptions
) -> Iterator[DocumentRead]:
    """The documents that one source holds, in order."""
    for number, draft in enumerate(find_documents(source, gazetteer)):
        document, told, facts = read_document(source, draft, number, gazetteer)
        chunks: list[Chunk] = []
        for chunk, run in chunks_of(source, document, told, counter, options):
            for at in run:
                told[at] = replace(told[at], chunk=len(chunks))
            chunks.append(chunk)
        yield DocumentRead(document, tuple(told), tuple(chunks), tuple(facts))


def joined(sources: Sequence[Source], read: Iterable[DocumentRead | Corpus]) -> Corpus:
    """One corpus of what was read, in its order; places are counted on from document to document."""
    documents: list[Document] = []
    sentences: list[Sentence] = []
    chunks: list[Chunk] = []
    facts: list[Fact] = []
    for each in read:
        facts.extend(replace(f, sentence=f.sentence + len(sentences)) for f in each.facts)
        # A sentence of no chunk says so with -1.
        sentences.extend(replace(s, chunk=s.chunk + len(chunks)) if s.chunk >= 0 else s for s in each.sentences)
        chunks.extend(each.chunks)
        documents.extend(each.documents)
    return Corpus(tuple(sources), tuple(documents), tuple(sentences), tuple(chunks), tuple(facts))


def document_id(source: Source, number: int) -> str:
    """An id from content and place: the same bytes give the same id under any file name."""
    return "d" + hashlib.sha256(f"{source.sha256}:{number}".encode()).hexdigest()[:15]


def read_document(
    source: Source, draft: Draft, number: int, gazetteer: Gazetteer
) -> tuple[Document, list[Sentence], list[Fact]]:
    """One document with its sentences and facts; sentences are not yet in chunks (``chunk`` is -1)."""
    identity = document_id(source, number)
    outlines = outline(draft)
    placed = sentences_of(draft, identity, outlines)
    document = Document(
        id=identity,
        source=source.name,
        sha256=source.sha256,
        span=draft.span,
        title=draft.title,
        region=draft.region,
        parent=draft.parent,
        issuer=draft.issuer,
        given=draft.given,
        kind=draft.kind,
        review=draft.review,
        plan=draft.plan,
        contradictions=draft.contradictions,
        sections=sections_of(draft, identity, outlines),
        speaker=draft.speaker,
        byline=draft.byline,
        title_year=draft.title_year,
        corrected=draft.corrected,
        guesses=(*draft.guesses, *unread(placed), *(note for note in source.notes if RECOGNISED in note)),
    )
    clock = clock_of(draft)
    facts: list[Fact] = []
    for at, (sentence, span, told, setting) in enumerate(_settings(draft, identity, outlines, placed)):
        check()
        for row in told:
            facts.extend(_facts_of_row(row, document, at, sentence, clock, gazetteer))
        if setting is not None:
            before = placed[at - 1] if at else None
            # What a paragraph spoke of ends with it.
            goes_on = before is not None and "\n" not in draft.view.text[before[1].end : span.start]
            same = before is not None and goes_on and before[0].section_id == sentence.section_id
            spoken = before[0].text if before is not None and same else ""
            last = facts[-1] if facts and spoken and facts[-1].sentence == at - 1 else None
            read = read_facts(sentence.text, setting, before=spoken, last=last.indicator if last is not None else "")
            facts.extend(_facts_of_sentence(read, document, at, sentence, span, draft.view, gazetteer))
    return document, [sentence for sentence, _ in placed], facts


def _facts_of_sentence(
    read: Iterable[RawFact],
    document: Document,
    number: int,
    sentence: Sentence,
    span: Span,
    view: View,
    gazetteer: Gazetteer,
) -> Iterator[Fact]:
    """The facts read of one sentence, which stands at ``span`` of the cleaned text, with the places they are of."""
    last: tuple[int, str | None] = (-1, None)
    for raw in read:
        if raw.period is not None and raw.period.first_year < FIRST_YEAR:
            continue
        beside = last[1] if raw.group == last[0] else None
        if raw.owner and GENERIC.fullmatch(raw.indicator):
            # 岭湾综合保税区封关运行，全年实现进出口额53.8亿元: a measure that says not whose it is.
            raw = replace(raw, indicator=f"{raw.owner}{raw.indicator}", canonical=None)  # noqa: PLW2901
        place = place_of(raw.indicator, raw.scope, document, gazetteer, beside)
        last = (raw.group, place.region if place.named or (beside and not raw.scope) else None)
        yield Fact(
            sentence=number,
            document_id=document.id,
            indicator=place.indicator,
            canonical=_for(place.region, raw.canonical if place.indicator == raw.indicator else place.canonical),
            clause=raw.span.of(sentence.text),
            measure=raw.measure,
            value=raw.value,
            unit=raw.figure.unit,
            written=raw.figure.written,
            approx=raw.approx,
            base=raw.base,
            region=place.region,
            period=raw.period,
            status=raw.status,
            span=view.source_span(Span(span.start + raw.span.start, span.start + raw.span.end)),
            figure=view.source_span(Span(span.start + raw.figure.span.start, span.start + raw.figure.span.end)),
        )


def _for(region: str | None, canonical: str | None) -> str | None:
    """What an indicator is called for a place: GDP of the country is 国内生产总值, that of a city its 地区生产总值."""
    known = load_indicators().get(canonical) if canonical and region == COUNTRY else None
    return (known.national if known is not None else "") or canonical


COUNTRY = "全国"
FIRST_YEAR = 1949
"""The first year that reports of the state tell of as their own; what they say of years before is told to compare."""
_ROWS = 400
"""Rows of a table that may stand on one line, as HTML writes them."""


def _overlap(one: Span, other: Span) -> bool:
    return one.start < other.end and other.start < one.end


def _setting(draft: Draft, clock: Clock, section: Outline, sentence: Sentence) -> Setting:
    """What a sentence's place in its document says of the figures in it."""
    long = sentence.period is not None and sentence.period.length > 12
    return Setting(
        sentence.period,
        sentence.status,
        section_clock(clock, section),
        sentence.period if long else draft.span_of_years,
        _closes(draft),
    )


def _settings(
    draft: Draft, document_id: str, outlines: list[Outline], placed: Sequence[tuple[Sentence, Span]]
) -> Iterator[tuple[Sentence, Span, Sequence[Row], Setting | None]]:
    """Each sentence with its span in the cleaned text, the tables' rows that it is, and its setting where it is read.

    A table's row has its measures in its head: read as a sentence it would tell false ones.
    """
    by_section = {f"{document_id}.s{n}": o for n, o in enumerate(outlines)}
    clock = clock_of(draft)
    nobody = draft.kind is Kind.OTHER and draft.region is None
    rows = [] if nobody else find_tables(draft.source, draft.span, clock, draft.review)
    ends = [row.span.end for row in rows]
    for sentence, span in placed:
        first = bisect_right(ends, sentence.span.start)
        told = list(takewhile(lambda row: _overlap(row.span, sentence.span), rows[first : first + _ROWS]))  # noqa: B023
        read = not told and not sentence.text.startswith("|") and not nobody and whole(sentence.text)
        yield sentence, span, told, _setting(draft, clock, by_section[sentence.section_id], sentence) if read else None


def settings_of(draft: Draft, document_id: str) -> Iterator[tuple[str, Setting | None, Span]]:
    """Each sentence's cleaned text, its setting (None where it is not read as one) and its span in the cleaned text."""
    outlines = outline(draft)
    for sentence, span, _, setting in _settings(
        draft, document_id, outlines, sentences_of(draft, document_id, outlines)
    ):
        yield sentence.text, setting, span


def _facts_of_row(
    row: Row, document: Document, number: int, sentence: Sentence, clock: Clock, gazetteer: Gazetteer
) -> Iterator[Fact]:
    """The facts of one row of a table; ``clause`` puts into words what head and cell say together."""
    for entry in row.entries:
        aimed = entry.status is Status.TARGET and not entry.dated
        period = document.plan if aimed and document.plan else entry.period
        region, place = _of_entry(entry, document, gazetteer)
        status = entry.status
        if period is not None and document.plan and document.review and period.first > document.review.last:
            # A budget's table without the word 预算数 in its heads: what lies ahead was not done.
            status = Status.TARGET if period.within(document.plan) else status
        if (
            period is None
            or period.first_year < FIRST_YEAR
            or region is None
            or not sentence.span.covers(entry.cell.span)
        ):
            # A figure of nobody knows whom or when is none.
            continue
        if entry.value is None:
            told = Setting(period, status, clock, None, None)
            found = next(iter(read_facts(f"{entry.name}{entry.words}", told)), None)
            if found is None:
                continue
            place = place_of(found.indicator, "", document, gazetteer) if entry.own else place
            read = (found.measure, found.value, found.figure.unit, found.figure.written, found.approx)
            clause = f"{entry.name}{entry.words}"
        else:
            growth = entry.measure is Measure.GROWTH
            written = f"{abs(entry.value) if growth else entry.value:f}{entry.unit}"
            joint = ("下降" if entry.value < 0 else "增长") if growth else ""
            read = (entry.measure, entry.value, entry.unit, written, "")
            clause = f"{entry.name}{joint}{written}"
        measure, value, unit, written, approx = read
        yield Fact(
            sentence=number,
            document_id=document.id,
            indicator=place.indicator,
            canonical=place.canonical if entry.own else None,
            clause=clause,
            measure=measure,
            value=value,
            unit=unit,
            written=written,
            approx=approx,
            base=entry.base,
            region=region,
            period=period,
            status=status,
            span=entry.cell.span,
            figure=entry.cell.span,
        )


def _of_entry(entry: Entry, document: Document, gazetteer: Gazetteer) -> tuple[str | None, Place]:
    """Whose figure a table's cell is: the place that the table names, as the documents are known by it."""
    scope = entry.place if is_scope(entry.place) else ""
    place = place_of(entry.name, scope, document, gazetteer)
    if not entry.place or scope:
        return place.region, place
    mention = next(iter(gazetteer.mentions(entry.place)), None)
    if mention is None or not mention.candidates or mention.end < len(entry.place):
        return entry.place, place
    own = document.region or ""
    inside = next((c.name for c in mention.candidates if own and gazetteer.is_within(c, own)), None)
    return inside or mention.candidates[0].name, place


def _closes(draft: Draft) -> int | None:
    """The last month whose results the document can hold."""
    given = draft.given.year * 12 + draft.given.month - 1 if draft.given is not None else None
    reviewed = draft.review.last if draft.review is not None else None
    # A review of the year that is given in December tells its results.
    return max((month for month in (given, reviewed) if month is not None), default=None)
