"""A corpus as bytes and numbers: what is read of one file is packed once, and the tables of a snapshot are packed ones put together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Self, TypeAlias

import msgspec
import numpy as np
from numpy.typing import NDArray

from index.rules import Rule
from index.store.tables.columns import (
    ChunkColumns,
    Column,
    DocumentColumns,
    FactColumns,
    SentenceColumns,
    SpokenColumns,
    ToldColumns,
)
from index.store.tables.mapped import strings_of
from index.store.tables.rows import Blob, Rows
from index.store.tables.runs import Moved, Run, Spans, used_of
from index.store.tables.unions import Numbers, Used, union, union_of_strings
from index.types import Chunk, Corpus, Document, Fact, Measure, Period, Section, Sentence, Status

STATUSES, MEASURES = tuple(Status), tuple(Measure)

DOCUMENTS, CHUNKS = Rows(Document, placed="sections"), Rows(Chunk)
#: Numbers that other files shift are in the columns alone: packed rows never change.
SENTENCES, FACTS = Rows(Sentence, placed="chunk"), Rows(Fact, placed="sentence")
SECTIONS: msgspec.msgpack.Decoder[tuple[Section, ...]] = msgspec.msgpack.Decoder(tuple[Section, ...])

_WORD = Rule(
    "store.packed.word",
    r"[a-z]{3,}",
    takes=("⟦grain⟧ output reached 1.1 trillion jin", "by ⟦percent⟧"),
    leaves=("GDP增长5%",),
)
_DIGIT = Rule("store.packed.digit", r"\d", takes=("grew by ⟦9⟧.2 percent",), leaves=("grew rapidly",))

_LATIN_WORDS = 3
"""Words from which on a sentence is one in Latin letters; a Chinese one may name PM2.5 or a firm."""

_Periods: TypeAlias = NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Packed:
    """The tables of a corpus: rows as bytes, and columns.

    ``names`` (of indicators as written), ``canonicals``, ``places`` and ``periods`` are what columns count, sorted. ``periods`` is ``(periods, 2)``: first and last month. ``sections`` are those of each document, ``section_count`` how many
    numbers the sentences' sections have.
    """

    names: Sequence[str]
    canonicals: Sequence[str]
    places: Sequence[str]
    periods: _Periods
    section_count: int
    documents: Blob
    sections: Blob
    sentences: Blob
    chunks: Blob
    facts: Blob
    of_documents: DocumentColumns
    of_sentences: SentenceColumns
    of_chunks: ChunkColumns
    of_facts: FactColumns
    spoken: SpokenColumns
    told: ToldColumns

    @classmethod
    def of(cls, corpus: Corpus) -> Self:
        """Pack a corpus."""
        facts, sentences = corpus.facts, corpus.sentences
        names = _Numbers(sorted({f.indicator for f in facts}))
        canonicals = _Numbers(sorted({f.canonical for f in facts if f.canonical}))
        places = _Numbers(
            sorted({f.region for f in facts if f.region} | {d.region for d in corpus.documents if d.region})
        )
        told = [(n, p) for n, d in enumerate(corpus.documents) for p in _told(d)]
        periods = _Numbers(
            sorted(
                {p for _, p in told}
                | {p for p in (*(f.period for f in facts), *(s.period for s in sentences)) if p is not None}
            )
        )
        documents = _Numbers([d.id for d in corpus.documents])
        sections = _Numbers(list(dict.fromkeys(s.section_id for s in sentences)))
        of_sentences = SentenceColumns.of(
            document=[documents(s.document_id) for s in sentences],
            section=[sections(s.section_id) for s in sentences],
            chunk=[s.chunk for s in sentences],
            period=[periods(s.period) for s in sentences],
            status=[STATUSES.index(s.status) for s in sentences],
            digits=[_DIGIT.search(s.text) is not None for s in sentences],
            blanks=[" " in s.text for s in sentences],
        )
        of_facts = FactColumns.of(
            name=[names(f.indicator) for f in facts],
            canonical=[canonicals(f.canonical) for f in facts],
            sentence=[f.sentence for f in facts],
            document=[documents(f.document_id) for f in facts],
            region=[places(f.region or None) for f in facts],
            period=[periods(f.period) for f in facts],
            status=[STATUSES.index(f.status) for f in facts],
            measure=[MEASURES.index(f.measure) for f in facts],
        )
        held = Counter(s.document_id for s in sentences)
        latin = Counter(s.document_id for s in sentences if len(_WORD.findall(s.text.lower())) >= _LATIN_WORDS)
        chunks = [*of_sentences.chunk.tolist(), *of_sentences.chunk[of_facts.sentence].tolist()]
        times = [*of_sentences.period.tolist(), *of_facts.period.tolist()]
        spoken = sorted({(c, p) for c, p in zip(chunks, times, strict=True) if c >= 0 and p >= 0})
        return cls(
            names=names.held,
            canonicals=canonicals.held,
            places=places.held,
            periods=np.array([(p.first, p.last) for p in periods.held], np.int32).reshape(-1, 2),
            section_count=len(sections.held),
            documents=Blob.of(map(DOCUMENTS.encode, corpus.documents)),
            sections=Blob.of(msgspec.msgpack.encode(d.sections) for d in corpus.documents),
            sentences=Blob.of(map(SENTENCES.encode, sentences)),
            chunks=Blob.of(map(CHUNKS.encode, corpus.chunks)),
            facts=Blob.of(map(FACTS.encode, facts)),
            of_documents=DocumentColumns.of(
                region=[places(d.region or None) for d in corpus.documents],
                sections=[len(d.sections) for d in corpus.documents],
                sentences=[held[d.id] for d in corpus.documents],
                latin=[latin[d.id] for d in corpus.documents],
            ),
            of_sentences=of_sentences,
            of_chunks=ChunkColumns.of(document=[documents(c.document_id) for c in corpus.chunks]),
            of_facts=of_facts,
            spoken=SpokenColumns.of(chunk=[c for c, _ in spoken], period=[p for _, p in spoken]),
            told=ToldColumns.of(document=[n for n, _ in told], period=[periods(p) for _, p in told]),
        )

    @classmethod
    def gathered(cls, parts: Sequence[Packed], runs: Sequence[Run]) -> tuple[Self, Moved, list[Numbers]]:
        """The tables of runs of documents as of one corpus, where their rows come to be, and the numbers of each part's names."""
        moved = Moved(runs, [parts[run.part].spans(run) for run in runs])
        rows = [parts[run.part]._rows(span) for run, span in zip(runs, moved.spans, strict=True)]
        by_part: list[list[_Rows]] = [[] for _ in parts]
        for run, each in zip(runs, rows, strict=True):
            by_part[run.part].append(each)
        used = [_Used.of(part, taken) for part, taken in zip(parts, by_part, strict=True)]
        names, of_names = union_of_strings([strings_of(part.names) for part in parts], [each.names for each in used])
        canonicals, of_canonicals = union([part.canonicals for part in parts], [each.canonicals for each in used])
        places, of_places = union([part.places for part in parts], [each.places for each in used])
        periods, of_periods = union(
            [tuple(map(tuple, part.periods.tolist())) for part in parts], [each.periods for each in used]
        )
        told: dict[str, Sequence[int | Column]] = {
            "names": [of_names[run.part] for run in runs],
            "canonicals": [of_canonicals[run.part] for run in runs],
            "places": [of_places[run.part] for run in runs],
            "periods": [of_periods[run.part] for run in runs],
            **{table: moved.shifts(table) for table in ("documents", "sections", "sentences", "chunks")},
        }

        def blob(name: str) -> Blob:
            table = "documents" if name == "sections" else name
            return Blob.joined([getattr(parts[part], name).rows(*span) for part, span in moved.of(table)])

        made = cls(
            names=names,
            canonicals=canonicals,
            places=places,
            periods=np.array(periods, np.int32).reshape(-1, 2),
            section_count=sum(last - first for _, (first, last) in moved.of("sections")),
            documents=blob("documents"),
            sections=blob("sections"),
            sentences=blob("sentences"),
            chunks=blob("chunks"),
            facts=blob("facts"),
            of_documents=DocumentColumns.joined([each.of_documents for each in rows], told),
            of_sentences=SentenceColumns.joined([each.of_sentences for each in rows], told),
            of_chunks=ChunkColumns.joined([each.of_chunks for each in rows], told),
            of_facts=FactColumns.joined([each.of_facts for each in rows], told),
            spoken=SpokenColumns.joined([each.spoken for each in rows], told),
            told=ToldColumns.joined([each.told for each in rows], told),
        )
        return made, moved, of_names

    def spans(self, run: Run) -> Spans:
        """The rows of each table that are of a run."""
        return Spans.of(run, self.of_sentences, self.of_chunks, self.of_facts, self.spoken, self.told)

    def _rows(self, spans: Spans) -> _Rows:
        return _Rows(
            self.of_documents.rows(*spans.documents),
            self.of_sentences.rows(*spans.sentences),
            self.of_chunks.rows(*spans.chunks),
            self.of_facts.rows(*spans.facts),
            self.spoken.rows(*spans.spoken),
            self.told.rows(*spans.told),
        )


@dataclass(frozen=True, slots=True)
class _Rows:
    """The columns of one run."""

    of_documents: DocumentColumns
    of_sentences: SentenceColumns
    of_chunks: ChunkColumns
    of_facts: FactColumns
    spoken: SpokenColumns
    told: ToldColumns


@dataclass(frozen=True, slots=True)
class _Used:
    """Which of what columns count stands in some rows of a part."""

    names: Used
    canonicals: Used
    places: Used
    periods: Used

    @classmethod
    def of(cls, part: Packed, rows: Sequence[_Rows]) -> Self:
        facts = [each.of_facts for each in rows]
        periods = [c.period for each in rows for c in (each.of_facts, each.of_sentences, each.told)]
        return cls(
            used_of(len(part.names), [each.name for each in facts]),
            used_of(len(part.canonicals), [each.canonical for each in facts]),
            used_of(len(part.places), [*(each.region for each in facts), *(each.of_documents.region for each in rows)]),
            used_of(len(part.periods), periods),
        )


class _Numbers:
    """The numbers of some values; None has -1."""

    def __init__(self, held: Iterable[Any]) -> None:
        self.held = tuple(held)
        self._of: dict[Any, int] = {value: number for number, value in enumerate(self.held)}
        self._of[None] = -1

    def __call__(self, value: Any) -> int:
        return self._of[value]


def _told(document: Document) -> tuple[Period, ...]:
    periods = (document.review, document.plan, *(s.period for s in document.sections))
    return tuple(dict.fromkeys(p for p in periods if p is not None))
