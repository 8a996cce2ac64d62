"""Runs of documents that are taken out of several tables into one: where their rows were, and where they come to be."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Self

import numpy as np
from numpy.typing import NDArray

from index.store.tables.columns import (
    ChunkColumns,
    Column,
    FactColumns,
    SentenceColumns,
    SpokenColumns,
    ToldColumns,
)

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Run:
    """Documents of one of several parts that follow one another: from ``first`` up to ``last``, which is not among them."""

    part: int
    first: int
    last: int


def runs_of(documents: Iterable[tuple[int, Span]]) -> list[Run]:
    """The runs that some documents of parts make in their order: what follows one another in its part stays together."""
    found: list[Run] = []
    for part, (first, last) in documents:
        if found and found[-1].part == part and found[-1].last == first:
            found[-1] = Run(part, found[-1].first, last)
        elif first < last:
            found.append(Run(part, first, last))
    return found


@dataclass(frozen=True, slots=True)
class Spans:
    """The rows of each table that are of one run."""

    documents: Span
    sections: Span
    sentences: Span
    chunks: Span
    facts: Span
    spoken: Span
    told: Span

    @classmethod
    def of(
        cls,
        run: Run,
        sentences: SentenceColumns,
        chunks: ChunkColumns,
        facts: FactColumns,
        spoken: SpokenColumns,
        told: ToldColumns,
    ) -> Self:
        """Those of a run in the columns of its part, which are in the order of documents."""
        of_documents = run.first, run.last
        of_sentences = _between(sentences.document, of_documents)
        of_chunks = _between(chunks.document, of_documents)
        section = sentences.section[slice(*of_sentences)]
        # Sections are numbered as they come.
        of_sections = (int(section.min()), int(section.max()) + 1) if len(section) else (0, 0)
        return cls(
            of_documents,
            of_sections,
            of_sentences,
            of_chunks,
            _between(facts.document, of_documents),
            _between(spoken.chunk, of_chunks),
            _between(told.document, of_documents),
        )


def _between(column: Column, span: Span) -> Span:
    """Where a sorted column has the numbers of a span."""
    first, last = np.searchsorted(column, np.array(span, np.int32)).tolist()
    return first, last


@dataclass(frozen=True, slots=True)
class Moved:
    """Runs with their spans, in the order in which they come to lie one after another."""

    runs: Sequence[Run]
    spans: Sequence[Spans]

    def of(self, table: str) -> list[tuple[int, Span]]:
        """The part and the rows of each run."""
        return [(run.part, getattr(span, table)) for run, span in zip(self.runs, self.spans, strict=True)]

    def shifts(self, table: str) -> list[int]:
        """What is added to the numbers of the rows of each run."""
        spans = [span for _, span in self.of(table)]
        starts = accumulate((last - first for first, last in spans), initial=0)
        return [start - first for start, (first, _) in zip(starts, spans, strict=False)]

    def numbers(self, table: str, lengths: Mapping[int, int]) -> dict[int, Column]:
        """Of each part, which has so many rows, the new number of each row; -1 for what is not taken."""
        found = {part: np.full(length, -1, np.int32) for part, length in lengths.items()}
        for (part, (first, last)), shift in zip(self.of(table), self.shifts(table), strict=True):
            found[part][first:last] = np.arange(first + shift, last + shift, dtype=np.int32)
        return found


def used_of(count: int, columns: Iterable[Column]) -> NDArray[np.bool_]:
    """Which of so many numbers stand in some columns."""
    used = np.zeros(count + 1, np.bool_)
    for column in columns:
        # None is -1, which is the last.
        used[column] = True
    return used[:count]
