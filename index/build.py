"""The whole document path in one place: files to Sources, Documents, Sections, Sentences, Chunks and Facts."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from index.chunking import ChunkOptions, chunks_of
from index.counting import TokenCounter
from index.documents import Draft, find_documents
from index.facts import Setting, read_facts
from index.places import place_of
from index.regions import Gazetteer
from index.sections import clock_of, outline, section_clock, sections_of, sentences_of
from index.types import Chunk, Document, Fact, Kind, Sentence, Source, Span


@dataclass(frozen=True, slots=True)
class Corpus:
    """Everything read from a set of sources. ``Sentence.chunk`` and ``Fact.sentence`` are places in these tuples."""

    sources: tuple[Source, ...]
    documents: tuple[Document, ...]
    sentences: tuple[Sentence, ...]
    chunks: tuple[Chunk, ...]
    facts: tuple[Fact, ...]


def read_corpus(
    sources: Iterable[Source],
    counter: TokenCounter,
    options: ChunkOptions,
    on_source: Callable[[Source], None] = lambda _: None,
) -> Corpus:
    """Read all sources. The same sources give the same corpus, ids included."""
    gazetteer = Gazetteer.load()
    ordered = sorted(sources, key=lambda s: s.name)
    documents: list[Document] = []
    sentences: list[Sentence] = []
    chunks: list[Chunk] = []
    facts: list[Fact] = []
    for source in ordered:
        for number, draft in enumerate(find_documents(source, gazetteer)):
            document, told, stated = read_document(source, draft, number, gazetteer, first_sentence=len(sentences))
            for chunk, run in chunks_of(source, document, told, counter, options):
                for at in run:
                    told[at] = replace(told[at], chunk=len(chunks))
                chunks.append(chunk)
            documents.append(document)
            sentences.extend(told)
            facts.extend(stated)
        on_source(source)
    return Corpus(tuple(ordered), tuple(documents), tuple(sentences), tuple(chunks), tuple(facts))


def document_id(source: Source, number: int) -> str:
    """An id from content and place: the same bytes give the same id under any file name."""
    return "d" + hashlib.sha256(f"{source.sha256}:{number}".encode()).hexdigest()[:15]


def read_document(
    source: Source, draft: Draft, number: int, gazetteer: Gazetteer, *, first_sentence: int = 0
) -> tuple[Document, list[Sentence], list[Fact]]:
    """One document with its sentences and facts; sentences are not yet in chunks (``chunk`` is -1)."""
    identity = document_id(source, number)
    outlines = outline(draft)
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
    )
    placed = sentences_of(draft, identity, outlines)
    by_section = {f"{identity}.s{n}": o for n, o in enumerate(outlines)}
    base_clock = clock_of(draft)
    facts: list[Fact] = []
    for at, (sentence, span) in enumerate(placed):
        if sentence.text.startswith("|") or (draft.kind is Kind.OTHER and draft.region is None):
            # A table's row has its measures in its head, which no sentence holds: better no fact than a false one.
            continue
        clock = section_clock(base_clock, by_section[sentence.section_id])
        long = sentence.period is not None and sentence.period.length > 12
        setting = Setting(
            sentence.period, sentence.status, clock, sentence.period if long else draft.span_of_years, _closes(draft)
        )
        last: tuple[int, str | None] = (-1, None)
        for raw in read_facts(sentence.text, setting):
            before = last[1] if raw.group == last[0] else None
            before = raw.owner or before
            place = place_of(raw.indicator, raw.scope, document, gazetteer, before)
            last = (raw.group, place.region if place.named or (before and not raw.scope) else None)
            figure = Span(span.start + raw.figure.span.start, span.start + raw.figure.span.end)
            clause = Span(span.start + raw.span.start, span.start + raw.span.end)
            facts.append(
                Fact(
                    sentence=first_sentence + at,
                    document_id=identity,
                    indicator=place.indicator,
                    canonical=raw.canonical if place.indicator == raw.indicator else place.canonical,
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
                    span=draft.view.source_span(clause),
                    figure=draft.view.source_span(figure),
                )
            )
    return document, [sentence for sentence, _ in placed], facts


def _closes(draft: Draft) -> int | None:
    """The last month whose results the document can hold."""
    if draft.given is not None:
        return draft.given.year * 12 + draft.given.month - 1
    return draft.review.last if draft.review is not None else None


def all_texts(chunks: Sequence[Chunk]) -> list[str]:
    """What the model and the lexical index read of each chunk."""
    return [chunk.embedded for chunk in chunks]
