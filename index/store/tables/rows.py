"""Frozen values as bytes, one after another: a sequence that makes the values which are asked for, and keeps a few."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Any, Generic, Self, TypeVar, get_type_hints, overload

import msgspec
import numpy as np
from numpy.typing import NDArray

from index.store.tables.mapped import Bytes, Ends, ends_of

T = TypeVar("T")

_KEPT = 8192
"""Values of one table that are kept when made: those of some questions, about 1 KiB each."""


class Rows(Generic[T]):
    """Frozen values to bytes and back, without the names of their fields; ``placed`` names one that is held elsewhere."""

    def __init__(self, kind: type[T], placed: str | None = None) -> None:
        fields = get_type_hints(kind)
        self._kind = kind
        self._names = tuple(name for name in fields if name != placed)
        self._at = len(self._names) if placed is None else tuple(fields).index(placed)
        self._decoder = msgspec.msgpack.Decoder(tuple[tuple(fields[name] for name in self._names)])  # type: ignore[misc]
        self._encoder = msgspec.msgpack.Encoder()

    def encode(self, value: T) -> bytes:
        """As an array of its fields."""
        return self._encoder.encode([getattr(value, name) for name in self._names])

    def decode(self, data: Bytes, *placed: object) -> T:
        """With the value of the field that is held elsewhere, where one is. Raises a MsgspecError for what ``encode`` did not write."""
        held: tuple[Any, ...] = self._decoder.decode(data)
        return self._kind(*held[: self._at], *placed, *held[self._at :])


class Blob:
    """Bytes of many rows, one after another."""

    def __init__(self, data: Bytes, ends: Ends) -> None:
        self.data = data
        self.ends = ends

    @classmethod
    def of(cls, rows: Iterable[bytes]) -> Self:
        """Of the bytes of each row."""
        held = list(rows)
        return cls(b"".join(held), ends_of(map(len, held), len(held)))

    @classmethod
    def joined(cls, parts: Sequence[Blob]) -> Self:
        """The rows of all parts, one part after another."""
        lengths = [np.zeros(1, np.int64), *(np.diff(part.ends) for part in parts)]
        return cls(b"".join(part.data for part in parts), np.cumsum(np.concatenate(lengths)))

    def rows(self, first: int, last: int) -> Blob:
        """Some rows that follow one another."""
        ends = self.ends[first : last + 1]
        return Blob(self.data[int(ends[0]) : int(ends[-1])], ends - ends[0])

    def __len__(self) -> int:
        return len(self.ends) - 1

    def __getitem__(self, number: int) -> Bytes:
        return self.data[self.ends[number] : self.ends[number + 1]]


class StoredRows(Sequence[T]):
    """The values of a table by their numbers. Safe to use from several threads."""

    def __init__(self, blob: Blob, make: Callable[[Bytes, int], T]) -> None:
        """``make`` makes a value of its bytes and its number."""
        self._blob = blob
        self._count = len(blob)
        self._make = make
        self._fetch = lru_cache(_KEPT)(self._made)

    def __len__(self) -> int:
        return self._count

    @overload
    def __getitem__(self, number: int) -> T: ...
    @overload
    def __getitem__(self, number: slice) -> tuple[T, ...]: ...
    def __getitem__(self, number: int | slice) -> T | tuple[T, ...]:
        # A question asks for thousands: the usual way first.
        if number.__class__ is int and 0 <= number < self._count:
            return self._fetch(number)
        if isinstance(number, slice):
            return tuple(self[n] for n in range(*number.indices(self._count)))
        return self._fetch(range(self._count)[number])

    def __iter__(self) -> Iterator[T]:
        """All values in order; none of them is kept for it."""
        return map(self._made, range(self._count))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Sequence):
            return NotImplemented
        return len(self) == len(other) and all(one == another for one, another in zip(self, other, strict=True))

    def __hash__(self) -> int:
        return id(self)

    def of(self, numbers: NDArray[np.integer[Any]] | Sequence[int]) -> list[T]:
        """The values with these numbers."""
        return [self._fetch(n) for n in (numbers.tolist() if isinstance(numbers, np.ndarray) else numbers)]

    def _made(self, number: int) -> T:
        return self._make(self._blob[number], number)
