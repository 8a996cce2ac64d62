"""Batches of token numbers: texts are cut into tokens once, batches are drawn from one group at a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

import numpy as np
import numpy.typing as npt
import torch
from tokenizers import Tokenizer
from torch import Tensor

from index.training.texts.mixing import Group

if TYPE_CHECKING:
    from index.training.teacher import Vectors

Ids = npt.NDArray[np.int32]

#: Tokens of a text that training looks at; a longer one gives a random window, so that all of it is seen in time.
LONGEST = 128
#: Tokens of a span drawn from a passage.
SPAN = (3, 24)
#: How often a span is also dressed up with question words, taken out of the passage, and a token is dropped.
DRESSED, REMOVED, DROPPED = 0.4, 0.15, 0.1
#: Share of spans that are thinned out.
THINNED = 0.4

QUESTION_WORDS = (
    "什么", "多少", "是多少？", "什么时候", "哪里", "谁", "为什么", "怎么样", "有哪些", "哪一年", "情况如何", "如何",
    "what is", "how many", "when did", "where", "who was", "why", "how", "which", "what happened to", "how much is the",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Batch:
    """Two rows of texts as token numbers with the start of each. Left *i* belongs to right *i*.

    The right side may be longer: what is over belongs to nothing. ``same``, shape (left, right), marks other right
    texts that would be right too. ``teacher`` holds the teacher's similarities of the right sides, or None where it has no opinion.
    """

    left: Tensor
    left_starts: Tensor
    right: Tensor
    right_starts: Tensor
    same: Tensor
    teacher: Tensor | None


class Tokens:
    """Token numbers of all texts, each distinct text once."""

    def __init__(self, flat: Ids, starts: npt.NDArray[np.int64], number: dict[str, int]) -> None:
        self.flat = flat
        self.starts = starts
        self.number = number

    @classmethod
    def of(cls, tokenizer: Tokenizer, groups: Sequence[Group]) -> Self:
        """Cut every text of the groups, and the question words."""
        number: dict[str, int] = {}
        for texts in [QUESTION_WORDS, *(side for group in groups for side in (group.left, group.right, group.wrong))]:
            for text in texts:
                number.setdefault(text, len(number))
        distinct = list(number)
        parts: list[Ids] = []
        for start in range(0, len(distinct), 4096):
            for encoding in tokenizer.encode_batch_fast(distinct[start : start + 4096], add_special_tokens=False):
                parts.append(np.array(encoding.ids, dtype=np.int32))
        starts = np.zeros(len(parts) + 1, dtype=np.int64)
        np.cumsum([len(part) for part in parts], out=starts[1:])
        return cls(np.concatenate(parts), starts, number)

    def __len__(self) -> int:
        return len(self.starts) - 1

    def of_text(self, index: int) -> Ids:
        """The tokens of one text."""
        return self.flat[self.starts[index] : self.starts[index + 1]]


def token_counts(tokens: Tokens, size: int) -> npt.NDArray[np.int64]:
    """How often each token occurs in the distinct texts."""
    return np.bincount(tokens.flat, minlength=size).astype(np.int64)


class Sampler:
    """Draws batches, each from one group. Groups take turns in proportion to their weight, by credit, not by lot.

    By lot, two runs of a hundred batches differ more by their luck than by what they are meant to compare.
    """

    def __init__(
        self, tokens: Tokens, groups: Sequence[Group], seed: int, teacher: Vectors | None = None, longest: int = LONGEST
    ) -> None:
        self._tokens = tokens
        self._rng = np.random.default_rng(seed)
        self._teacher = teacher
        self._longest = longest
        self._groups = list(groups)
        self._left = [np.array([tokens.number[text] for text in group.left]) for group in groups]
        self._right = [np.array([tokens.number[text] for text in group.right], dtype=np.int64) for group in groups]
        weights = np.array([group.weight for group in groups])
        self._shares = weights / weights.sum()
        self._credit = self._rng.random(len(weights)) * self._shares
        self._question_words = [tokens.of_text(tokens.number[text]) for text in QUESTION_WORDS]

    def state(self) -> dict[str, Any]:
        """What the next batches depend on."""
        return {"rng": self._rng.bit_generator.state, "credit": self._credit.copy()}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Go on where ``state`` was taken."""
        self._rng.bit_generator.state = state["rng"]
        self._credit = state["credit"].copy()

    def draw(self, size: int) -> Batch:
        """The next batch; smaller than ``size`` when the group is."""
        self._credit += self._shares
        which = int(self._credit.argmax())
        self._credit[which] -= 1
        left = self._left[which]
        rows = self._rows(len(left), min(size, len(left)), self._groups[which].run)
        first = left[rows]
        second = first if self._groups[which].cloze else self._right[which][rows]
        shape = (
            self._cloze_pair
            if self._groups[which].cloze
            else self._asked_pair
            if self._groups[which].asking
            else self._pair
        )
        pairs = [shape(self._tokens.of_text(a), self._tokens.of_text(b)) for a, b in zip(first, second, strict=True)]
        # Texts of nothing but signs have no tokens and no place in a batch.
        full = np.array([place for place, (a, b) in enumerate(pairs) if len(a) and len(b)])
        pairs, first, second = [pairs[place] for place in full], first[full], second[full]
        same = torch.from_numpy((first[:, None] == first) | (second[:, None] == second))
        if self._groups[which].stated:
            same |= self._also_right(which, rows[full])
        same.fill_diagonal_(False)
        texts = [b for _, b in pairs]
        if self._groups[which].wrong:
            texts += self._wrong_texts(which, len(pairs) // 2)
            same = torch.nn.functional.pad(same, (0, len(texts) - len(pairs)))
        teacher = None
        if self._teacher is not None and not self._groups[which].cloze:
            teacher = self._teacher.similarities([self._groups[which].right[row] for row in rows[full]])
        return Batch(*_flatten([a for a, _ in pairs]), *_flatten(texts), same, teacher)

    def _rows(self, held: int, wanted: int, run: int) -> npt.NDArray[np.int64]:
        """Distinct rows of a group, in runs of neighbours."""
        starts = self._rng.choice(held // run, size=max(1, wanted // run), replace=False) * run
        return np.asarray((starts[:, None] + np.arange(run)).ravel(), dtype=np.int64)

    def _wrong_texts(self, which: int, wanted: int) -> list[Ids]:
        pool = self._groups[which].wrong
        numbers = self._rng.choice(len(pool), size=min(wanted, len(pool)), replace=False)
        texts = (self._window(self._tokens.of_text(self._tokens.number[pool[number]])) for number in numbers)
        return [text for text in texts if len(text)]

    def _also_right(self, which: int, rows: npt.NDArray[np.int64]) -> Tensor:
        """Which right sides of the rows answer which left sides: element (i, j) for question i and text j."""
        group = self._groups[which]
        asked, place = np.unique([group.asked[row] for row in rows], return_inverse=True)
        column = {number: position for position, number in enumerate(asked.tolist())}
        says = np.zeros((len(rows), len(asked)), dtype=bool)
        for position, row in enumerate(rows):
            says[position, [column[number] for number in group.stated[row] if number in column]] = True
        return torch.from_numpy(says[:, place].T.copy())

    def _window(self, ids: Ids) -> Ids:
        if len(ids) <= self._longest:
            return ids
        start = int(self._rng.integers(0, len(ids) - self._longest))
        return ids[start : start + self._longest]

    def _drop(self, ids: Ids) -> Ids:
        if len(ids) < 6:
            return ids
        return ids[self._rng.random(len(ids)) >= DROPPED]

    def _pair(self, left: Ids, right: Ids) -> tuple[Ids, Ids]:
        return self._drop(self._window(left)), self._drop(self._window(right))

    def _asked_pair(self, left: Ids, right: Ids) -> tuple[Ids, Ids]:
        """Half of the left sides whole, the others cut down to something like a question."""
        if self._rng.random() < 0.5:
            return self._pair(left, right)
        return self._dressed(self._span(self._window(left))[0]), self._drop(self._window(right))

    def _cloze_pair(self, passage: Ids, _: Ids) -> tuple[Ids, Ids]:
        """A span of a passage and the passage, with the span mostly left in it."""
        passage = self._window(passage)
        if len(passage) < 2 * SPAN[0]:
            return passage, passage
        span, start, end = self._span(passage)
        if self._rng.random() < REMOVED:
            passage = np.concatenate([passage[:start], passage[end:]])
        if self._rng.random() < DRESSED:
            span = self._dressed(span)
        return span, self._drop(passage)

    def _span(self, ids: Ids) -> tuple[Ids, int, int]:
        """A run of tokens, with where it starts and ends. Some are drawn twice as long and thinned out by half.

        A question shares scattered words with its passage, not a run of them.
        """
        thin = self._rng.random() < THINNED
        longest = min(SPAN[1] * (2 if thin else 1), max(SPAN[0], len(ids) // 2))
        length = min(len(ids), int(self._rng.integers(SPAN[0], longest + 1)))
        start = int(self._rng.integers(0, len(ids) - length + 1))
        span = ids[start : start + length]
        if thin and length > 2 * SPAN[0]:
            span = span[self._rng.random(length) < 0.5]
        return span, start, start + length

    def _dressed(self, ids: Ids) -> Ids:
        words = self._question_words[int(self._rng.integers(len(self._question_words)))]
        return np.concatenate([words, self._drop(ids)])


def _flatten(texts: Sequence[Ids]) -> tuple[Tensor, Tensor]:
    lengths = np.array([len(text) for text in texts])
    starts = np.cumsum(lengths) - lengths
    return torch.from_numpy(np.concatenate(texts).astype(np.int64)), torch.from_numpy(starts)
