"""Which texts hold which bigrams: a small inverted index for matching questions with clauses, without ranking formulas.

BM25 answers "which chunk is most about this"; here the question is "how much of what was asked does this clause
state", and that needs plain membership.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.store.tables.mapped import Strings, mapped_array
from index.store.tables.unions import union_of_strings
from index.text.tokens import is_han, pieces, query_tokens

Rows = NDArray[np.int32]
Share = NDArray[np.float32]

_FEW = 16
"""One text in so many is looked for in the rows of a token; where more are asked of, all texts are summed up."""


def rarity(held: int, count: int) -> float:
    """Inverse document frequency, as in BM25, of what so many of all texts hold: ``ln(1 + (N - n + 0.5) / (n + 0.5))``."""
    return math.log(1 + (count - held + 0.5) / (held + 0.5))


class Postings:
    """For each token the texts that hold it, as rising row numbers. What was saved is mapped when it is opened, and not read."""

    def __init__(
        self, vocabulary: Strings, starts: NDArray[np.int64], rows: Rows, count: int, pairs: Rows | None = None
    ) -> None:
        """``vocabulary`` is sorted; the rows of its n-th token begin at ``starts[n]``. For ``pairs`` see ``_pairs_of``."""
        self._held_pairs = pairs
        self._vocabulary = vocabulary
        self._starts = starts
        self._rows = rows
        self.count = count
        """Number of texts."""

    @classmethod
    def build(cls, texts: Iterable[str]) -> Postings:
        held: dict[str, list[int]] = {}
        count = 0
        for number, text in enumerate(texts):
            count = number + 1
            for token in set(query_tokens(text)):
                held.setdefault(token, []).append(number)
        vocabulary = sorted(held)
        starts = np.zeros(len(vocabulary) + 1, np.int64)
        np.cumsum([len(held[token]) for token in vocabulary], out=starts[1:])
        rows = np.fromiter((row for token in vocabulary for row in held[token]), np.int32, count=int(starts[-1]))
        return cls(Strings.of(vocabulary), starts, rows, count)

    @classmethod
    def gathered(cls, parts: Sequence[Postings], numbers: Sequence[Rows], count: int) -> Postings:
        """Those of texts out of several parts, ``numbers`` has the new number of each text of a part, -1 for what is not taken.

        A text may come from several parts. The same as ``build`` of all of them in the order of their numbers.
        """
        entries = [
            Entries(part.vocabulary, part.starts, told[part.all_rows])
            for part, told in zip(parts, numbers, strict=True)
        ]
        vocabulary, starts, rows, _ = gathered_entries(entries)
        return cls(vocabulary, starts, rows, count)

    def packed(self) -> tuple[list[str], bytes, bytes, int]:
        """All of it as plain values, for ``unpacked``."""
        return list(self._vocabulary), self._starts.tobytes(), self._rows.tobytes(), self.count

    @classmethod
    def unpacked(cls, vocabulary: Sequence[str], starts: bytes, rows: bytes, count: int) -> Postings:
        return cls(Strings.of(vocabulary), np.frombuffer(starts, np.int64), np.frombuffer(rows, np.int32), count)

    @property
    def vocabulary(self) -> Strings:
        """Every token that some text holds, sorted."""
        return self._vocabulary

    @property
    def starts(self) -> NDArray[np.int64]:
        """Where the rows of each token begin among all."""
        return self._starts

    @property
    def all_rows(self) -> Rows:
        """The rows of all tokens, one token after another."""
        return self._rows

    def rows(self, token: str) -> Rows:
        at = self._vocabulary.find(token)
        if at is None:
            return np.zeros(0, np.int32)
        return self._rows[self._starts[at] : self._starts[at + 1]]

    @cached_property
    def _pairs(self) -> Rows:
        return _pairs_of(self._vocabulary) if self._held_pairs is None else self._held_pairs

    @property
    def characters(self) -> str:
        """The characters that stand in a token of two, sorted."""
        return "".join(map(chr, np.unique(self._pairs[:2]).tolist()))

    def before(self, character: str) -> dict[str, int]:
        """The characters that stand before another in a token of two, with the number of texts that hold it."""
        last, first, token = self._pairs
        wanted = np.int32(ord(character))
        found = slice(int(np.searchsorted(last, wanted)), int(np.searchsorted(last, wanted, side="right")))
        counts = self._starts[token[found] + 1] - self._starts[token[found]]
        return dict(zip(map(chr, first[found].tolist()), counts.tolist(), strict=True))

    def may_say(self, words: str) -> Rows | None:
        """The rows of all texts that may have these letters in them, rising, of which most do; None where it cannot be told.

        Neighbouring Chinese characters make a token wherever they stand; of Latin letters and numbers, and of a character
        alone, a token may have more.
        """
        found: list[Rows] = []
        for piece in pieces(words):
            if len(piece) > 1 and is_han(piece):
                found.append(self.rows(piece))
            else:
                tokens = self._vocabulary.holding(piece)
                held = [self._rows[self._starts[at] : self._starts[at + 1]] for at in tokens]
                found.append(np.unique(np.concatenate([np.zeros(0, np.int32), *held])))
        found.sort(key=len)
        rows = found[0] if found else None
        for more in found[1:]:
            rows = np.intersect1d(rows, more, assume_unique=True) if rows is not None else more
        return rows

    def rarity(self, token: str) -> float:
        """Inverse document frequency, as in BM25: ``ln(1 + (N - n + 0.5) / (n + 0.5))``."""
        return rarity(len(self.rows(token)), self.count)

    def rarities(self, tokens: Iterable[str]) -> NDArray[np.float64]:
        """The rarity of many tokens, ``(tokens,)``: all of the vocabulary is gone through once."""
        number = {token: at for at, token in enumerate(self._vocabulary)}
        holding = np.append(np.diff(self._starts), 0)
        told, of = np.unique(holding[[number.get(token, -1) for token in tokens]], return_inverse=True)
        result: NDArray[np.float64] = np.array([rarity(held, self.count) for held in told.tolist()])[of]
        return result

    def coverage(self, weights: Iterable[tuple[str, float]], among: NDArray[np.integer[Any]] | None = None) -> Share:
        """The summed weights of the tokens that each text holds, ``(count,)``; ``among`` some texts alone, ``(len(among),)``."""
        if among is not None and len(among) > self.count // _FEW:
            told: Share = self.coverage(weights)[among]
            return told
        result = np.zeros(self.count if among is None else len(among), np.float32)
        for token, weight in weights:
            if among is None:
                result[self.rows(token)] += weight
            else:
                result[self._holds(token, among)] += weight
        return result

    def _holds(self, token: str, among: NDArray[np.integer[Any]]) -> NDArray[np.bool_]:
        """Which of some texts hold a token."""
        rows = self.rows(token)
        if not len(rows):
            return np.zeros(len(among), np.bool_)
        # Of another type, they would have all rows converted.
        wanted = among.astype(np.int32, copy=False)
        found: NDArray[np.bool_] = rows[np.minimum(np.searchsorted(rows, wanted), len(rows) - 1)] == wanted
        return found

    def mass(self, rarity_of: Postings) -> NDArray[np.float32]:
        """The summed rarity, as told by another index, of all tokens of each text."""
        told = rarity_of.rarities(self._vocabulary).astype(np.float32)
        result = np.zeros(self.count, np.float32)
        # One after another, in the order of tokens: a sum in another order is another one.
        np.add.at(result, self._rows, np.repeat(told, np.diff(self._starts)))
        return result

    def save(self, folder: Path) -> None:
        """Write the files of ``folder``, which is made."""
        folder.mkdir(parents=True)
        self._vocabulary.save(folder / "vocabulary")
        np.save(folder / "starts", self._starts)
        np.save(folder / "rows", self._rows)
        np.save(folder / "pairs", self._pairs)
        np.save(folder / "count", np.array([self.count], np.int64))

    @classmethod
    def load(cls, folder: Path) -> Postings:
        """Map what ``save`` wrote. Raises OSError, and ValueError where the files do not fit each other."""
        vocabulary = Strings.load(folder / "vocabulary")
        starts, rows = mapped_array(folder / "starts.npy"), mapped_array(folder / "rows.npy")
        if len(starts) != len(vocabulary) + 1 or starts[-1] != len(rows):
            raise ValueError(
                f"{folder.name}/ holds {len(rows)} rows of {len(vocabulary)} tokens, which is not all of them"
            )
        count = int(np.load(folder / "count.npy")[0])
        return cls(vocabulary, starts, rows, count, mapped_array(folder / "pairs.npy"))


def _pairs_of(vocabulary: Strings) -> Rows:
    """The tokens of two characters, ``(3, tokens)``: by the second, which is the first row, then the first and their numbers."""
    lengths, characters = vocabulary.lengths(), vocabulary.characters()
    number = np.flatnonzero(lengths == 2)
    begin = (np.cumsum(lengths) - lengths)[number]
    first, last = characters[begin], characters[begin + 1] if len(begin) else characters[begin]
    order = np.lexsort((first, last))
    return np.ascontiguousarray(np.stack([last[order], first[order], number[order]]).astype(np.int32))


@dataclass(frozen=True, slots=True)
class Entries:
    """Tokens with the texts that hold them, those of token n from ``starts[n]`` on; -1 is a text that is not taken. ``worth`` is of each."""

    vocabulary: Strings
    starts: NDArray[np.int64]
    rows: Rows
    worth: NDArray[np.uint16] | None = None


_TEXT = 32
"""Bits of an entry that its text's number has."""


def gathered_entries(parts: Sequence[Entries]) -> tuple[Strings, NDArray[np.int64], Rows, NDArray[np.uint16] | None]:
    """All entries as of one index: its tokens, where the texts of each begin, the texts rising, and what is of each. One that comes twice is one."""
    taken = [part.rows >= 0 for part in parts]
    tokens = [np.repeat(np.arange(len(part.vocabulary)), np.diff(part.starts)) for part in parts]
    used = [
        np.bincount(token[told], minlength=len(part.vocabulary)) > 0
        for part, token, told in zip(parts, tokens, taken, strict=True)
    ]
    vocabulary, numbers = union_of_strings([part.vocabulary for part in parts], used)
    keys = [
        number[token[told]].astype(np.int64) << _TEXT | part.rows[told]
        for part, token, told, number in zip(parts, tokens, taken, numbers, strict=True)
    ]
    key = np.concatenate([np.zeros(0, np.int64), *keys])
    # The sort takes runs that are in order as they are, and those of each part are.
    order = np.argsort(key, kind="stable")
    key = key[order]
    once = np.ones(len(key), np.bool_)
    once[1:] = key[1:] != key[:-1]
    key = key[once]
    starts = np.zeros(len(vocabulary) + 1, np.int64)
    np.cumsum(np.bincount(key >> _TEXT, minlength=len(vocabulary)), out=starts[1:])
    rows = (key & ((1 << _TEXT) - 1)).astype(np.int32)
    told = [part.worth[is_taken] for part, is_taken in zip(parts, taken, strict=True) if part.worth is not None]
    return vocabulary, starts, rows, np.concatenate(told)[order][once] if told else None


@dataclass(frozen=True, slots=True)
class PostingsSet:
    """Inverted indexes over distinct indicators, over the facts' clauses and over sentences."""

    indicators: Postings
    clauses: Postings
    sentences: Postings

    @classmethod
    def of(cls, names: Sequence[str], clauses: Postings, sentences: Postings) -> PostingsSet:
        """Those of one source, of the names that its figures have."""
        return cls(Postings.build(names), clauses, sentences)

    @classmethod
    def gathered(
        cls, parts: Sequence[PostingsSet], numbers: Mapping[str, Sequence[Rows]], counts: Mapping[str, int]
    ) -> PostingsSet:
        """Those of texts out of several parts; ``numbers`` and ``counts`` as ``Postings.gathered`` has them, for each by its name."""
        return cls(
            *(
                Postings.gathered([getattr(part, name) for part in parts], numbers[name], counts[name])
                for name in cls.__slots__
            )
        )

    def mass(self) -> NDArray[np.float32]:
        """The summed rarity among the sentences of the tokens of each indicator, ``(indicators,)``, more than 0."""
        return np.maximum(self.indicators.mass(self.sentences), np.float32(1e-6))

    def save(self, folder: Path) -> None:
        """Write a folder for each."""
        for name in self.__slots__:
            getattr(self, name).save(folder / name)

    @classmethod
    def load(cls, folder: Path) -> PostingsSet:
        """Map what ``save`` wrote. Raises OSError and ValueError."""
        return cls(*(Postings.load(folder / name) for name in cls.__slots__))
