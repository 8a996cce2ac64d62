"""What is known of every row of a snapshot's tables, as columns of numbers that are mapped: a question reads those of its rows.

A column says what its numbers count: rows of another table, or strings or periods that lie beside the tables; -1 is none.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, ClassVar, Self, TypeAlias, get_type_hints

import numpy as np
from numpy.typing import NDArray

from index.store.tables.mapped import mapped_array

Column: TypeAlias = NDArray[np.int32]

# What the numbers of a column count.
OfNone: TypeAlias = Annotated[Column, ""]
OfNames: TypeAlias = Annotated[Column, "names"]
OfCanonicals: TypeAlias = Annotated[Column, "canonicals"]
OfPlaces: TypeAlias = Annotated[Column, "places"]
OfPeriods: TypeAlias = Annotated[Column, "periods"]
OfDocuments: TypeAlias = Annotated[Column, "documents"]
OfSections: TypeAlias = Annotated[Column, "sections"]
OfSentences: TypeAlias = Annotated[Column, "sentences"]
OfChunks: TypeAlias = Annotated[Column, "chunks"]


class _Columns:
    """The columns of one table; each field is one."""

    table: ClassVar[str]

    @classmethod
    def counted(cls) -> dict[str, str]:
        """The names of the columns, with what each counts."""
        hints = get_type_hints(cls, include_extras=True)
        return {name: hints[name].__metadata__[0] for name in hints if name != "table"}

    @classmethod
    def of(cls, **columns: Sequence[int] | Column) -> Self:
        """Of the numbers of each row."""
        return cls(**{name: np.asarray(values, np.int32) for name, values in columns.items()})

    @classmethod
    def joined(cls, parts: Sequence[Self], numbers: Mapping[str, Sequence[int | Column]]) -> Self:
        """The columns of all parts, one after another.

        ``numbers`` tells of what a column counts, part by part, where its rows are among those of all: what is added
        to the numbers, or the number of each.
        """
        made: dict[str, Column] = {}
        for name, counts in cls.counted().items():
            columns = [getattr(part, name) for part in parts]
            if counts in numbers:
                columns = [_moved(column, by) for column, by in zip(columns, numbers[counts], strict=True)]
            made[name] = np.concatenate([np.zeros(0, np.int32), *columns])
        return cls(**made)

    def rows(self, first: int, last: int) -> Self:
        """The columns of some rows that follow one another."""
        return type(self)(**{name: getattr(self, name)[first:last] for name in self.counted()})

    def save(self, folder: Path) -> None:
        """Write one file of ``folder``, ``(columns, rows)``."""
        np.save(folder / f"{self.table}.columns.npy", np.stack([getattr(self, name) for name in self.counted()]))

    @classmethod
    def load(cls, folder: Path, length: int | None = None) -> Self:
        """Map what ``save`` wrote. Raises OSError, and ValueError where it has other columns or not so many rows."""
        held, names = mapped_array(folder / f"{cls.table}.columns.npy"), tuple(cls.counted())
        rows = held.shape[-1] if length is None else length
        if held.shape != (len(names), rows) or held.dtype != np.int32:
            raise ValueError(f"the columns of {cls.table} are not {len(names)} of {rows} numbers")
        return cls(**dict(zip(names, held, strict=True)))


def _moved(column: Column, by: int | Column) -> Column:
    if isinstance(by, np.ndarray):
        # None stays none, in a part without any as well.
        moved: Column = np.append(by, np.int32(-1))[column]
        return moved
    return np.where(column < 0, column, column + np.int32(by)).astype(np.int32)


@dataclass(frozen=True, slots=True)
class FactColumns(_Columns):
    """Of each figure. Figures are in the order of their documents and sentences."""

    table: ClassVar[str] = "facts"
    name: OfNames
    canonical: OfCanonicals
    """Its name in the vocabulary."""
    sentence: OfSentences
    document: OfDocuments
    region: OfPlaces
    period: OfPeriods
    status: OfNone
    """The place of its status, and of its measure, in their enumerations."""
    measure: OfNone


@dataclass(frozen=True, slots=True)
class SentenceColumns(_Columns):
    """Of each sentence, in the order of their documents."""

    table: ClassVar[str] = "sentences"
    document: OfDocuments
    section: OfSections
    """A number that is its section's alone."""
    chunk: OfChunks
    period: OfPeriods
    status: OfNone
    digits: OfNone
    blanks: OfNone
    """1 where a digit, or a blank, stands in it."""


@dataclass(frozen=True, slots=True)
class ChunkColumns(_Columns):
    """Of each chunk, in the order of their documents."""

    table: ClassVar[str] = "chunks"
    document: OfDocuments


@dataclass(frozen=True, slots=True)
class SpokenColumns(_Columns):
    """Pairs of a chunk and a period that it speaks of, each once, in the order of chunks."""

    table: ClassVar[str] = "spoken"
    chunk: OfChunks
    period: OfPeriods


@dataclass(frozen=True, slots=True)
class DocumentColumns(_Columns):
    """Of each document."""

    table: ClassVar[str] = "documents"
    region: OfPlaces
    sections: OfNone
    """How many sections it has."""
    sentences: OfNone
    latin: OfNone
    """How many sentences it has, and how many of them are in Latin letters."""


@dataclass(frozen=True, slots=True)
class ToldColumns(_Columns):
    """Pairs of a document and a period that it reviews, plans or has a section of, each once, in the order of documents."""

    table: ClassVar[str] = "told"
    document: OfDocuments
    period: OfPeriods
