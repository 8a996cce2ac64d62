"""The lexical store: BM25 over `index.text.tokens`.

What each token is worth in each document is reckoned when an index is made, from how often it stands where; a search adds it up,
and the index is mapped. bm25s, which reckons the same to the bit from texts (`tests/index/store/test_sparse.py`), cannot take
in a document without weighing all of them anew.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from index.errors import SnapshotError
from index.store.postings import Entries, gathered_entries, rarity
from index.store.tables.mapped import Strings, mapped_array
from index.text.tokens import index_tokens, query_tokens

_ARRAYS = ("starts", "documents", "times", "lengths")
_K1, _B = 1.2, 0.75
"""Lucene's defaults. On public question sets other values move nDCG@10 by less than 0.005, either way."""


@dataclass(frozen=True, slots=True)
class Tokens:
    """Texts as numbers of their tokens, one text after another; ``vocabulary`` is in the order of first occurrence."""

    vocabulary: tuple[str, ...]
    numbers: NDArray[np.int32]
    lengths: NDArray[np.int32]

    @classmethod
    def of(cls, texts: Sequence[str]) -> Self:
        """Cut texts into tokens."""
        vocabulary: dict[str, int] = {}
        held = [
            [vocabulary.setdefault(token, len(vocabulary)) for token in index_tokens(text)] or [_nothing(vocabulary)]
            for text in texts
        ]
        numbers = np.fromiter((n for text in held for n in text), np.int32)
        return cls(tuple(vocabulary), numbers, np.array([len(text) for text in held], np.int32))


@dataclass(frozen=True, slots=True)
class Counts:
    """How often each token stands in which documents: ``vocabulary`` is sorted, the documents of token n lie from ``starts[n]`` on."""

    vocabulary: Strings
    starts: NDArray[np.int64]
    documents: NDArray[np.int32]
    times: NDArray[np.uint16]
    lengths: NDArray[np.int32]
    """How many tokens each document has."""

    @classmethod
    def of(cls, tokens: Tokens) -> Self:
        """Of documents that were cut into tokens."""
        order = sorted(range(len(tokens.vocabulary)), key=tokens.vocabulary.__getitem__)
        sorted_as = np.zeros(len(order), np.int64)
        sorted_as[order] = np.arange(len(order))
        size = len(tokens.lengths)
        key = sorted_as[tokens.numbers] * size + np.repeat(np.arange(size), tokens.lengths)
        key, times = np.unique(key, return_counts=True)
        token, document = np.divmod(key, size) if size else (key, key)
        starts = np.zeros(len(order) + 1, np.int64)
        np.cumsum(np.bincount(token, minlength=len(order)), out=starts[1:])
        vocabulary = Strings.of([tokens.vocabulary[at] for at in order])
        return cls(
            vocabulary,
            starts,
            document.astype(np.int32),
            np.minimum(times, np.iinfo(np.uint16).max).astype(np.uint16),
            tokens.lengths,
        )

    @classmethod
    def gathered(cls, parts: Sequence[Self], numbers: Sequence[NDArray[np.int32]]) -> Self:
        """Of documents out of several parts; ``numbers`` has the new number of each document of a part, -1 for what is not taken."""
        entries = [
            Entries(part.vocabulary, part.starts, told[part.documents], part.times)
            for part, told in zip(parts, numbers, strict=True)
        ]
        vocabulary, starts, documents, times = gathered_entries(entries)
        lengths = np.zeros(max((int(told.max(initial=-1)) for told in numbers), default=-1) + 1, np.int32)
        for part, told in zip(parts, numbers, strict=True):
            lengths[told[told >= 0]] = part.lengths[told >= 0]
        return cls(vocabulary, starts, documents, np.zeros(0, np.uint16) if times is None else times, lengths)

    def worth(self) -> NDArray[np.float32]:
        """What each token is worth in each document that holds it, beside the others: BM25 as Lucene has it, in its order of steps."""
        if not len(self.documents):
            return np.zeros(0, np.float32)
        size = len(self.lengths)
        held, of = np.unique(np.diff(self.starts), return_inverse=True)
        rare = np.array([rarity(n, size) for n in held.tolist()], np.float32)[of]
        norm = _K1 * ((1 - _B) + _B * self.lengths / self.lengths.mean())
        times = self.times.astype(np.float32)
        told: NDArray[np.float32] = (
            np.repeat(rare, np.diff(self.starts)) * (times / (norm[self.documents] + times))
        ).astype(np.float32)
        return told


class SparseIndex:
    """BM25 scores of documents, which are known by their position from 0. Make one with `build`, `of` or `load`."""

    def __init__(self, counts: Counts, worth: NDArray[np.float32]) -> None:
        """``worth`` is that of ``counts``, of each document that holds a token."""
        self.counts = counts
        self.worth = worth
        self._size = len(counts.lengths)

    @classmethod
    def build(cls, texts: Sequence[str]) -> Self:
        """Index `texts`; document i is ``texts[i]``. The same texts give the same index, byte for byte."""
        return cls.of(Counts.of(Tokens.of(texts)))

    @classmethod
    def of(cls, counts: Counts) -> Self:
        """Index documents whose tokens were counted."""
        return cls(counts, counts.worth())

    def __len__(self) -> int:
        return self._size

    def scores(self, query: str) -> NDArray[np.float32]:
        """Return the score of every document, shape ``(n,)``; higher is better and 0 means that no token is shared."""
        total = np.zeros(self._size, np.float32)
        for token in query_tokens(query):
            at = self.counts.vocabulary.find(token)
            if at is not None:
                held = slice(int(self.counts.starts[at]), int(self.counts.starts[at + 1]))
                # A document stands once among those of a token.
                total[self.counts.documents[held]] += self.worth[held]
        return total

    def search(self, query: str, k: int, allowed: NDArray[np.bool_] | None = None) -> list[tuple[int, float]]:
        """Return up to `k` documents that share a token with `query` as (document, score), best first, ties by number.

        `allowed`, shape ``(n,)``, says which documents may be returned; scores do not depend on it.
        """
        scores = self.scores(query)
        matching = np.flatnonzero(scores > 0 if allowed is None else (scores > 0) & allowed)
        if k < len(matching):
            # All documents that tie with the k-th stay in, so that the sort below settles who is cut.
            least = np.partition(scores[matching], len(matching) - k)[len(matching) - k] if k > 0 else np.inf
            matching = matching[scores[matching] >= least]
        best = matching[np.argsort(-scores[matching], kind="stable")][: max(k, 0)]
        return [(int(document), float(scores[document])) for document in best]

    def save(self, folder: Path) -> None:
        """Write the index into `folder`, made if need be."""
        folder.mkdir(parents=True, exist_ok=True)
        self.counts.vocabulary.save(folder / "vocabulary")
        np.save(folder / "data", self.worth)
        for name in _ARRAYS:
            np.save(folder / name, getattr(self.counts, name))

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Open what `save` wrote; it is mapped, not read. Raises `SnapshotError` if missing or damaged."""
        try:
            vocabulary, worth = Strings.load(folder / "vocabulary"), mapped_array(folder / "data.npy")
            counts = Counts(vocabulary, *(mapped_array(folder / f"{name}.npy") for name in _ARRAYS))
            if len(counts.starts) != len(vocabulary) + 1 or not (
                counts.starts[-1] == len(worth) == len(counts.documents) == len(counts.times)
            ):
                raise ValueError("its files are not of one index")
        except (OSError, EOFError, ValueError, IndexError) as error:
            raise SnapshotError(f"the lexical index in {folder.name}/ cannot be read: {error}") from error
        return cls(counts, worth)


def _nothing(vocabulary: dict[str, int]) -> int:
    """Return the id of the empty token, which stands for a text without tokens and which no query contains."""
    return vocabulary.setdefault("", len(vocabulary))
