"""What is asked and what a figure is called, told and surrounded by, sign by sign: which they share, and in which runs.

A sign is a Chinese character or a whole Latin word without its ending: letters of an alphabet say nothing of what is meant.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Self
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from index.text.tokens import in_signs
from rag.find.foreign import stem

Column = NDArray[np.float32]

_FIRST_SIGN, _SIGNS = 0xF0000, 0xFFFD
"""A plane of Unicode that no text uses stands for words; two words of one number are no harm to a share."""
_MOST_PAIRS = 6
_SHARES = (
    "letters_in_name", "letters_in_clause", "letters_in_sentence", "letters_of_name", "run_in_name", "run_of_name",
    "run_in_clause", "said_pairs_in_clause", "said_pairs_in_sentence", "end_in_clause", "end_in_sentence", "ends_alike",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Spelled:
    """A folded text as signs, in order and as a set."""

    signs: str
    letters: frozenset[str]

    @classmethod
    def of(cls, text: str, longest: int | None = None) -> Self:
        """Of the first ``longest`` signs, where so many are said to do."""
        signs = in_signs(text, _sign)[:longest]
        return cls(signs, frozenset(c for c in signs if c.isalnum() or ord(c) >= _FIRST_SIGN))


@lru_cache(20_000)
def _sign(word: str) -> str:
    return chr(_FIRST_SIGN + crc32(stem(word).encode()) % _SIGNS)


@dataclass(frozen=True, slots=True)
class Told:
    """A figure's name, its name and clause, its sentence and headings."""

    name: Spelled
    clause: Spelled
    around: Spelled


def shares(forms: Sequence[Spelled], texts: Sequence[Told]) -> dict[str, Column]:
    """How many signs are shared, and in which runs: of the form of what is asked that fits best."""
    rows = [np.max([_shared(form, text) for form in forms], axis=0) for text in texts]
    columns = dict(zip(_SHARES, np.array(rows, np.float32).reshape(len(texts), len(_SHARES)).T, strict=True))
    for place in ("clause", "sentence"):
        columns[f"unsaid_in_{place}"] = 1 - columns.pop(f"said_pairs_in_{place}")
    return columns


def _shared(form: Spelled, text: Told) -> tuple[float, ...]:
    """What one form of what is asked shares with the texts of a figure."""
    asked, length, end = max(1, len(form.letters)), max(1, len(form.signs)), form.signs[-2:]
    name, clause, around = text.name.signs, text.clause.signs, text.around.signs
    in_name = longest_shared(form.signs, name)
    return (
        len(form.letters & text.name.letters) / asked,
        len(form.letters & text.clause.letters) / asked,
        len(form.letters & text.around.letters) / asked,
        len(form.letters & text.name.letters) / max(1, len(text.name.letters)),
        in_name / length,
        in_name / max(1, len(name)),
        longest_shared(form.signs, clause) / length,
        1 - _unsaid(form.signs, clause) / _MOST_PAIRS,
        1 - _unsaid(form.signs, around) / _MOST_PAIRS,
        end in clause,
        end in around,
        bool(form.signs) and end == name[-2:],
    )


def longest_shared(one: str, other: str) -> int:
    """Length of the longest run of signs that two texts share."""
    # The same either way round; the pieces of the shorter one are the fewer.
    if len(one) > len(other):
        one, other = other, one
    best = 0
    for start in range(len(one)):
        while start + best < len(one) and one[start : start + best + 1] in other:
            best += 1
    return best


def _unsaid(asked: str, text: str) -> int:
    """The longest run of pairs of asked signs that a text does not say, at most six."""
    best = run = 0
    for at in range(len(asked) - 1):
        run = 0 if asked[at : at + 2] in text else run + 1
        best = max(best, run)
        if best >= _MOST_PAIRS:
            break
    return best
