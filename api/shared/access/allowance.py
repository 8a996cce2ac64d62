"""What is left of each key's allowance: in this process, or in a file that several processes share."""

from __future__ import annotations

import fcntl
import mmap
import struct
from collections.abc import Sequence
from pathlib import Path

_ROW = struct.Struct("=dd")


class Allowance:
    """A bucket for each key, which holds a minute's worth and fills steadily. Times are of a clock that all sharers have."""

    def __init__(self) -> None:
        self._left: dict[str, tuple[float, float]] = {}

    def take(self, digest: str, per_minute: int, now: float) -> float:
        """Take one request of a key; the seconds to wait where none is left."""
        left, counted = self._left.get(digest, (float(per_minute), now))
        wait, self._left[digest] = _taken(left, counted, per_minute, now)
        return wait


class SharedAllowance(Allowance):
    """The same, in rows of a file: a process that ends in between leaves the row as it was."""

    def __init__(self, path: Path, digests: Sequence[str]) -> None:
        """``digests`` are of all keys, in the same order in every process. Rows of zeros are full buckets."""
        super().__init__()
        self._rows = {digest: number * _ROW.size for number, digest in enumerate(digests)}
        self._file = path.open("a+b")
        self._file.truncate(max(1, len(digests)) * _ROW.size)
        self._map = mmap.mmap(self._file.fileno(), 0)

    def take(self, digest: str, per_minute: int, now: float) -> float:
        """Take one request of a key, alone among the processes."""
        at = self._rows[digest]
        fcntl.flock(self._file, fcntl.LOCK_EX)
        try:
            left, counted = _ROW.unpack_from(self._map, at)
            if not counted:
                left, counted = float(per_minute), now
            wait, row = _taken(left, counted, per_minute, now)
            _ROW.pack_into(self._map, at, *row)
            return wait
        finally:
            fcntl.flock(self._file, fcntl.LOCK_UN)


def _taken(left: float, counted: float, per_minute: int, now: float) -> tuple[float, tuple[float, float]]:
    left = min(float(per_minute), left + max(0.0, now - counted) * per_minute / 60)
    if left < 1:
        return (1 - left) * 60 / per_minute, (left, now)
    return 0.0, (left - 1, now)
