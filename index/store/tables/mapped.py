"""Files that are mapped into memory and not read: arrays, bytes and sorted strings. Pages of them are loaded when touched."""

from __future__ import annotations

import mmap
import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any, Self, TypeAlias, overload

import numpy as np
from numpy.typing import NDArray

Bytes: TypeAlias = bytes | memoryview
Ends: TypeAlias = NDArray[np.int64]

_REMEMBERED = 1 << 14
"""Strings whose place is remembered: a question looks for the same ones again and again."""


def mapped_array(path: Path) -> NDArray[Any]:
    """A saved array, mapped. Raises OSError and ValueError."""
    # Without the subclass that NumPy gives it: each slice of that costs ten times as much.
    return np.asarray(np.load(path, mmap_mode="r"))


def mapped_bytes(path: Path) -> Bytes:
    """The bytes of a file, mapped. Raises OSError."""
    with path.open("rb") as file:
        if not path.stat().st_size:
            # Nothing cannot be mapped.
            return b""
        return memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))


class Strings(Sequence[str]):
    """Strings one after another in UTF-8. ``find`` is for those that are sorted, each once."""

    def __init__(self, data: Bytes, ends: Ends) -> None:
        """``ends[n]`` is where the n-th begins and ``ends[n + 1]`` where it ends."""
        self._data = data
        self._ends = ends
        self._found = lru_cache(_REMEMBERED)(self._searched)

    @classmethod
    def of(cls, strings: Sequence[str]) -> Self:
        """Those that are given, in their order."""
        encoded = [string.encode() for string in strings]
        return cls(b"".join(encoded), ends_of(map(len, encoded), len(encoded)))

    def __len__(self) -> int:
        return len(self._ends) - 1

    @overload
    def __getitem__(self, number: int) -> str: ...
    @overload
    def __getitem__(self, number: slice) -> tuple[str, ...]: ...
    def __getitem__(self, number: int | slice) -> str | tuple[str, ...]:
        if isinstance(number, slice):
            return tuple(self[n] for n in range(*number.indices(len(self))))
        return self._bytes(range(len(self))[number]).decode()

    def __iter__(self) -> Iterator[str]:
        ends = self._ends.tolist()
        for start, end in pairwise(ends):
            yield bytes(self._data[start:end]).decode()

    def find(self, string: str) -> int | None:
        """The number of a string among sorted ones; None where it is not there."""
        return self._found(string)

    def place(self, string: str) -> tuple[int, bool]:
        """Where a string is among sorted ones, or would be, and whether it is there."""
        # The bytes of UTF-8 sort as the characters do.
        wanted = string.encode(errors="surrogatepass")
        low, high = 0, len(self)
        while low < high:
            middle = (low + high) // 2
            if self._bytes(middle) < wanted:
                low = middle + 1
            else:
                high = middle
        return low, low < len(self) and self._bytes(low) == wanted

    def with_inserted(self, strings: Sequence[str], before: NDArray[np.int64]) -> Self:
        """These and others, each of them before the one with its number here; the numbers rise."""
        encoded = [string.encode() for string in strings]
        pieces: list[Bytes] = []
        last = 0
        for one, at in zip(encoded, self._ends[before].tolist(), strict=True):
            pieces += [self._data[last:at], one]
            last = at
        lengths = np.insert(np.diff(self._ends), before, [len(one) for one in encoded])
        return type(self)(b"".join([*pieces, self._data[last:]]), ends_of(lengths, len(lengths)))

    def lengths(self) -> NDArray[np.int64]:
        """How many characters each has."""
        begins = np.zeros(len(self._data) + 1, np.int64)
        np.cumsum((np.frombuffer(self._data, np.uint8) & 0xC0) != 0x80, out=begins[1:])
        lengths: NDArray[np.int64] = np.diff(begins[self._ends])
        return lengths

    def characters(self) -> NDArray[np.uint32]:
        """All characters of all strings, one after another."""
        return np.frombuffer(bytes(self._data).decode().encode("utf-32-le"), np.uint32)

    def holding(self, part: str) -> list[int]:
        """The numbers of the strings that have these letters in them, rising."""
        # Where one begins inside another, both are met; what lies in two strings is in neither.
        wanted = part.encode(errors="surrogatepass")
        starts = [found.start() for found in re.finditer(b"(?=" + re.escape(wanted) + b")", self._data)]
        at = np.searchsorted(self._ends, np.array(starts, np.int64), side="right") - 1
        inside = np.array(starts, np.int64) + len(wanted) <= self._ends[np.minimum(at + 1, len(self))]
        found: list[int] = np.unique(at[inside & (at < len(self))]).tolist()
        return found

    def _bytes(self, number: int) -> bytes:
        return bytes(self._data[self._ends[number] : self._ends[number + 1]])

    def _searched(self, string: str) -> int | None:
        at, there = self.place(string)
        return at if there else None

    def save(self, path: Path) -> None:
        """Write ``path`` with the ending ``.bin`` and, where each ends, ``.npy``."""
        path.with_suffix(".bin").write_bytes(self._data)
        np.save(path.with_suffix(".npy"), self._ends)

    @classmethod
    def load(cls, path: Path) -> Self:
        """Map what ``save`` wrote. Raises OSError and ValueError."""
        data, ends = mapped_bytes(path.with_suffix(".bin")), mapped_array(path.with_suffix(".npy"))
        check_ends(data, ends, path.name)
        return cls(data, ends)


def strings_of(strings: Sequence[str]) -> Strings:
    """Some strings as they are mapped."""
    return strings if isinstance(strings, Strings) else Strings.of(strings)


def ends_of(lengths: Any, count: int) -> Ends:
    """Where each of some things ends that lie one after another, with 0 before the first."""
    ends = np.zeros(count + 1, np.int64)
    np.cumsum(np.fromiter(lengths, np.int64, count), out=ends[1:])
    return ends


def check_ends(data: Bytes, ends: NDArray[Any], name: str) -> None:
    """Raise ValueError where they are of other bytes."""
    if ends.ndim != 1 or not len(ends) or ends[0] != 0 or ends[-1] != len(data):
        raise ValueError(f"{name} has {len(data)} bytes and does not end where its last row does")
