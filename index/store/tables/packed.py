"""A corpus as bytes and numbers: what is read of one file is packed once, and the tables of a snapshot are packed ones put together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate
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
from index.store.tables.rows import Blob, Rows
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

    names: tuple[str, ...]
    canonicals: tuple[str, ...]
    places: tuple[str, ...]
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
    def joined(cls, parts: Sequence[Packed]) -> Self:
        """The tables of all parts as of one corpus."""
        names, of_names = _merged([part.names for part in parts])
        canonicals, of_canonicals = _merged([part.canonicals for part in parts])
        places, of_places = _merged([part.places for part in parts])
        periods, of_periods = _merged([tuple(map(tuple, part.periods.tolist())) for part in parts])
        told: dict[str, Sequence[int | Column]] = {
            "names": of_names,
            "canonicals": of_canonicals,
            "places": of_places,
            "periods": of_periods,
            "documents": _starts(len(part.documents) for part in parts),
            "sections": _starts(part.section_count for part in parts),
            "sentences": _starts(len(part.sentences) for part in parts),
            "chunks": _starts(len(part.chunks) for part in parts),
        }
        return cls(
            names=names,
            canonicals=canonicals,
            places=places,
            periods=np.array(periods, np.int32).reshape(-1, 2),
            section_count=sum(part.section_count for part in parts),
            documents=Blob.joined([part.documents for part in parts]),
            sections=Blob.joined([part.sections for part in parts]),
            sentences=Blob.joined([part.sentences for part in parts]),
            chunks=Blob.joined([part.chunks for part in parts]),
            facts=Blob.joined([part.facts for part in parts]),
            of_documents=DocumentColumns.joined([part.of_documents for part in parts], told),
            of_sentences=SentenceColumns.joined([part.of_sentences for part in parts], told),
            of_chunks=ChunkColumns.joined([part.of_chunks for part in parts], told),
            of_facts=FactColumns.joined([part.of_facts for part in parts], told),
            spoken=SpokenColumns.joined([part.spoken for part in parts], told),
            told=ToldColumns.joined([part.told for part in parts], told),
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


def _merged(parts: Sequence[tuple[Any, ...]]) -> tuple[tuple[Any, ...], list[Column]]:
    """The values of all parts, sorted and each once, and the number of each part's ones among them."""
    held = sorted({value for part in parts for value in part})
    numbers = {value: number for number, value in enumerate(held)}
    return tuple(held), [np.array([numbers[value] for value in part], np.int32) for part in parts]


def _starts(counts: Iterable[int]) -> list[int]:
    return [0, *accumulate(counts)][:-1]
