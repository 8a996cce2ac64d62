"""The tables of a snapshot, opened: rows by number, columns, and the numbers of what belongs to a document or says some words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Self, cast

import numpy as np
from numpy.typing import NDArray

from index.store.tables.columns import (
    ChunkColumns,
    Column,
    DocumentColumns,
    FactColumns,
    SentenceColumns,
    SpokenColumns,
    ToldColumns,
)
from index.store.tables.mapped import Strings, check_ends, mapped_array, mapped_bytes, strings_of
from index.store.tables.packed import CHUNKS, DOCUMENTS, FACTS, SECTIONS, SENTENCES, Packed
from index.store.tables.rows import Blob, StoredRows
from index.store.tables.slots import Slots
from index.types import Chunk, Document, Fact, Period, Section, Sentence

_BLOBS = ("documents", "sections", "sentences", "chunks", "facts")
_HALF = 32
"""Bits that the second of two numbers has, where both are made one."""
_SECTIONS_KEPT = 128
"""Documents whose sections are kept when they were asked for."""


class StoredSections(Sequence[Section]):
    """The sections of one document, read when they are asked for; reads like the tuple that it stands for."""

    __slots__ = ("_number", "_read")

    def __init__(self, read: Any, number: int) -> None:
        self._read, self._number = read, number

    def _held(self) -> tuple[Section, ...]:
        held: tuple[Section, ...] = self._read(self._number)
        return held

    def __len__(self) -> int:
        return len(self._held())

    def __getitem__(self, number: Any) -> Any:
        return self._held()[number]

    def __eq__(self, other: object) -> bool:
        return self._held() == tuple(other) if isinstance(other, Sequence) else NotImplemented

    def __hash__(self) -> int:
        return hash(self._held())

    def __repr__(self) -> str:
        return repr(self._held())


@dataclass(frozen=True, slots=True)
class Tables:
    """What was read of all sources. ``places`` and ``canonicals`` are sorted, and ``periods`` those that columns count.

    ``told`` has pairs of a place and a period that some document of it reviews, plans or has a section of, ``spoken_for`` pairs
    of a place that figures are of and the place of their document; each once, sorted.
    """

    documents: tuple[Document, ...]
    sentences: Sequence[Sentence]
    chunks: Sequence[Chunk]
    facts: Sequence[Fact]
    of_documents: DocumentColumns
    of_sentences: SentenceColumns
    of_chunks: ChunkColumns
    of_facts: FactColumns
    spoken: SpokenColumns
    told: Column
    spoken_for: Column
    places: Strings
    canonicals: Strings
    periods: tuple[Period, ...]
    period_numbers: dict[Period, int]
    slots: Slots

    @classmethod
    def of(cls, packed: Packed) -> Self:
        """Those of a corpus in memory."""
        columns = (packed.of_documents, packed.of_sentences, packed.of_chunks, packed.of_facts, packed.spoken)
        blobs = {name: getattr(packed, name) for name in _BLOBS}
        strings = strings_of(packed.places), strings_of(packed.canonicals)
        slots = Slots.of(packed.of_facts, len(packed.periods))
        return cls._opened(blobs, columns, _pairs(packed), strings, packed.periods, slots)

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Map what ``save`` wrote. Raises OSError, ValueError and MsgspecErrors for what is missing or damaged."""
        blobs = _blobs(folder)
        columns = (
            DocumentColumns.load(folder, len(blobs["documents"])),
            SentenceColumns.load(folder, len(blobs["sentences"])),
            ChunkColumns.load(folder, len(blobs["chunks"])),
            FactColumns.load(folder, len(blobs["facts"])),
            SpokenColumns.load(folder),
        )
        pairs = mapped_array(folder / "told.npy"), mapped_array(folder / "spoken_for.npy")
        strings = Strings.load(folder / "places"), Strings.load(folder / "canonicals")
        return cls._opened(blobs, columns, pairs, strings, mapped_array(folder / "periods.npy"), Slots.load(folder))

    @classmethod
    def _opened(
        cls,
        blobs: dict[str, Blob],
        columns: tuple[DocumentColumns, SentenceColumns, ChunkColumns, FactColumns, SpokenColumns],
        pairs: tuple[Column, Column],
        strings: tuple[Strings, Strings],
        months: NDArray[np.int32],
        slots: Slots,
    ) -> Self:
        sections = lru_cache(_SECTIONS_KEPT)(lambda number: SECTIONS.decode(blobs["sections"][number]))
        chunk, sentence = columns[1].chunk, columns[3].sentence
        periods = tuple(Period(first, last) for first, last in months.tolist())
        documents = (
            DOCUMENTS.decode(blobs["documents"][n], cast("tuple[Section, ...]", StoredSections(sections, n)))
            for n in range(len(blobs["documents"]))
        )
        return cls(
            tuple(documents),
            StoredRows(blobs["sentences"], lambda data, n: SENTENCES.decode(data, int(chunk[n]))),
            StoredRows(blobs["chunks"], lambda data, _: CHUNKS.decode(data)),
            StoredRows(blobs["facts"], lambda data, n: FACTS.decode(data, int(sentence[n]))),
            *columns,
            *pairs,
            *strings,
            periods,
            {period: number for number, period in enumerate(periods)},
            slots,
        )

    def tells(self, region: int | None, period: int) -> bool:
        """Whether some document of a place, or of any, reviews or plans a period, or has a section of it."""
        of_period = self.told[:, 1] == period
        return bool(of_period.any() if region is None else (of_period & (self.told[:, 0] == region)).any())

    def facts_of_document(self, document: int) -> range:
        """The numbers of the figures of a document."""
        return _run(self.of_facts.document, document)

    def facts_of_sentence(self, sentence: int) -> range:
        """The numbers of the figures of a sentence."""
        return _run(self.of_facts.sentence, sentence)

    def sentences_of_document(self, document: int) -> range:
        """The numbers of the sentences of a document."""
        return _run(self.of_sentences.document, document)

    def sentences_of(self, documents: Iterable[int]) -> NDArray[np.intp]:
        """The numbers of the sentences of some documents, rising where these are."""
        wanted, column = np.fromiter(documents, np.int32), self.of_sentences.document
        first, last = np.searchsorted(column, wanted), np.searchsorted(column, wanted, side="right")
        # What follows one another is one run: all documents are a single one.
        begins = np.append(True, first[1:] != last[:-1]) if len(wanted) else np.zeros(0, np.bool_)
        ends = np.append(begins[1:], True) if len(wanted) else begins
        runs = zip(first[begins].tolist(), last[ends].tolist(), strict=True)
        return np.concatenate([np.zeros(0, np.intp), *(np.arange(start, stop) for start, stop in runs)])


def _run(column: NDArray[np.int32], value: int) -> range:
    """Where a sorted column has a value."""
    # A number of another type would have the whole column converted.
    wanted = np.int32(value)
    return range(int(np.searchsorted(column, wanted)), int(np.searchsorted(column, wanted, side="right")))


def _pairs(packed: Packed) -> tuple[Column, Column]:
    """See ``Tables.told`` and ``Tables.spoken_for``."""
    region = packed.of_documents.region
    told = np.stack([region[packed.told.document], packed.told.period], axis=1)
    spoken_for = np.stack([packed.of_facts.region, region[packed.of_facts.document]], axis=1)
    return _each_once(told), _each_once(spoken_for[(spoken_for >= 0).all(axis=1)])


def _each_once(pairs: Column) -> Column:
    """Pairs of numbers from -1 on, each once, sorted."""
    # As one number: rows of a matrix are sorted ten times as slowly.
    key = np.unique((pairs[:, 0].astype(np.int64) + 1) << _HALF | (pairs[:, 1].astype(np.int64) + 1))
    return np.stack([(key >> _HALF) - 1, (key & ((1 << _HALF) - 1)) - 1], axis=1).astype(np.int32)


def save_tables(packed: Packed, folder: Path) -> None:
    """Write the files of ``folder``, made if need be."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in _BLOBS:
        blob: Blob = getattr(packed, name)
        (folder / f"{name}.bin").write_bytes(blob.data)
        np.save(folder / f"{name}.npy", blob.ends)
    columns = (packed.of_documents, packed.of_sentences, packed.of_chunks, packed.of_facts, packed.spoken, packed.told)
    for each in columns:
        each.save(folder)
    for name, pairs in zip(("told", "spoken_for"), _pairs(packed), strict=True):
        np.save(folder / f"{name}.npy", pairs)
    strings_of(packed.places).save(folder / "places")
    strings_of(packed.canonicals).save(folder / "canonicals")
    np.save(folder / "periods.npy", packed.periods)
    Slots.of(packed.of_facts, len(packed.periods)).save(folder)


def load_packed(folder: Path, names: Strings) -> Packed:
    """Map what ``save_tables`` wrote, to be put together with others. Raises as ``Tables.load`` does."""
    blobs = _blobs(folder)
    sentences = SentenceColumns.load(folder, len(blobs["sentences"]))
    return Packed(
        names=names,
        canonicals=Strings.load(folder / "canonicals"),
        places=Strings.load(folder / "places"),
        periods=mapped_array(folder / "periods.npy"),
        section_count=int(sentences.section.max(initial=-1)) + 1,
        **blobs,
        of_documents=DocumentColumns.load(folder, len(blobs["documents"])),
        of_sentences=sentences,
        of_chunks=ChunkColumns.load(folder, len(blobs["chunks"])),
        of_facts=FactColumns.load(folder, len(blobs["facts"])),
        spoken=SpokenColumns.load(folder),
        told=ToldColumns.load(folder),
    )


def _blobs(folder: Path) -> dict[str, Blob]:
    blobs = {}
    for name in _BLOBS:
        data, ends = mapped_bytes(folder / f"{name}.bin"), mapped_array(folder / f"{name}.npy")
        check_ends(data, ends, name)
        blobs[name] = Blob(data, ends)
    return blobs


def read_documents(folder: Path) -> tuple[Document, ...]:
    """The documents alone of what was saved, without their sections. Raises as ``Tables.load`` does."""
    data, ends = mapped_bytes(folder / "documents.bin"), mapped_array(folder / "documents.npy")
    check_ends(data, ends, "documents")
    blob = Blob(data, ends)
    return tuple(DOCUMENTS.decode(blob[number], ()) for number in range(len(blob)))
