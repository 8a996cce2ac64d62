"""Which texts hold which bigrams: a small inverted index for matching questions with clauses, without ranking formulas.

BM25 answers "which chunk is most about this"; here the question is "how much of what was asked does this clause
state", and that needs plain membership.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from pathlib import Path

import msgspec
import numpy as np
from numpy.typing import NDArray

from index.text.tokens import query_tokens

Rows = NDArray[np.int32]
Share = NDArray[np.float32]

_FEW = 16
"""One text in so many is looked for in the rows of a token; of more, all are marked."""


class Postings:
    """For each token the texts that hold it, as rising row numbers."""

    def __init__(self, vocabulary: dict[str, int], starts: NDArray[np.int64], rows: Rows, count: int) -> None:
        self._vocabulary = vocabulary
        self._starts = starts
        self._rows = rows
        self.count = count
        """Number of texts."""

    @classmethod
    def build(cls, texts: Sequence[str]) -> Postings:
        held: dict[str, list[int]] = {}
        for number, text in enumerate(texts):
            for token in set(query_tokens(text)):
                held.setdefault(token, []).append(number)
        vocabulary = {token: at for at, token in enumerate(sorted(held))}
        lists = [held[token] for token in vocabulary]
        starts = np.zeros(len(lists) + 1, np.int64)
        np.cumsum([len(rows) for rows in lists], out=starts[1:])
        rows = np.fromiter((row for rows in lists for row in rows), np.int32, count=int(starts[-1]))
        return cls(vocabulary, starts, rows, len(texts))

    @classmethod
    def joined(cls, parts: Sequence[Postings]) -> Postings:
        """Those of the texts of all parts, one after another; the same as ``build`` of all of them at once."""
        vocabulary = {token: at for at, token in enumerate(sorted({t for part in parts for t in part._vocabulary}))}
        tokens, rows, count = [np.zeros(0, np.int64)], [np.zeros(0, np.int32)], 0
        for part in parts:
            there = np.array([vocabulary[token] for token in part._vocabulary], np.int64)
            tokens.append(np.repeat(there, np.diff(part._starts)))
            rows.append(part._rows + np.int32(count))
            count += part.count
        token = np.concatenate(tokens)
        starts = np.zeros(len(vocabulary) + 1, np.int64)
        np.cumsum(np.bincount(token, minlength=len(vocabulary)), out=starts[1:])
        return cls(vocabulary, starts, np.concatenate(rows)[np.argsort(token, kind="stable")], count)

    def packed(self) -> tuple[list[str], bytes, bytes, int]:
        """All of it as plain values, for ``unpacked``."""
        return list(self._vocabulary), self._starts.tobytes(), self._rows.tobytes(), self.count

    @classmethod
    def unpacked(cls, vocabulary: Sequence[str], starts: bytes, rows: bytes, count: int) -> Postings:
        numbered = {token: at for at, token in enumerate(vocabulary)}
        return cls(numbered, np.frombuffer(starts, np.int64), np.frombuffer(rows, np.int32), count)

    @property
    def vocabulary(self) -> Iterable[str]:
        """Every token that some text holds."""
        return self._vocabulary.keys()

    def rows(self, token: str) -> Rows:
        at = self._vocabulary.get(token)
        if at is None:
            return np.zeros(0, np.int32)
        return self._rows[self._starts[at] : self._starts[at + 1]]

    def rarity(self, token: str) -> float:
        """Inverse document frequency, as in BM25: ``ln(1 + (N - n + 0.5) / (n + 0.5))``."""
        held = len(self.rows(token))
        return math.log(1 + (self.count - held + 0.5) / (held + 0.5))

    def coverage(self, weights: Iterable[tuple[str, float]], among: NDArray[np.intp] | None = None) -> Share:
        """The summed weights of the tokens that each text holds, ``(count,)``; ``among`` some texts alone, ``(len(among),)``."""
        result = np.zeros(self.count if among is None else len(among), np.float32)
        for token, weight in weights:
            if among is None:
                result[self.rows(token)] += weight
            else:
                result[self._holds(token, among)] += weight
        return result

    def _holds(self, token: str, among: NDArray[np.intp]) -> NDArray[np.bool_]:
        """Which of some texts hold a token."""
        rows = self.rows(token)
        if not len(rows):
            return np.zeros(len(among), np.bool_)
        if len(among) > self.count // _FEW:
            held = np.zeros(self.count, np.bool_)
            held[rows] = True
            return held[among]
        found: NDArray[np.bool_] = rows[np.minimum(np.searchsorted(rows, among), len(rows) - 1)] == among
        return found

    def mass(self, rarity_of: Postings) -> NDArray[np.float32]:
        """The summed rarity, as told by another index, of all tokens of each text."""
        result = np.zeros(self.count, np.float32)
        for token in self._vocabulary:
            result[self.rows(token)] += rarity_of.rarity(token)
        return result

    def save(self, folder: Path) -> None:
        folder.mkdir(parents=True)
        (folder / "vocabulary.json").write_bytes(msgspec.json.encode(list(self._vocabulary)))
        np.savez(folder / "rows.npz", starts=self._starts, rows=self._rows, count=np.int64(self.count))

    @classmethod
    def load(cls, folder: Path) -> Postings:
        tokens = msgspec.json.decode((folder / "vocabulary.json").read_bytes(), type=list[str])
        with np.load(folder / "rows.npz") as arrays:
            return cls({t: i for i, t in enumerate(tokens)}, arrays["starts"], arrays["rows"], int(arrays["count"]))
