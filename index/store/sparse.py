"""The lexical store: BM25 over `index.text.tokens`. The one file that knows the engine, bm25s.

The engine weighs each token in each document once, when an index is made; a search adds up what it wrote. So who only
searches imports neither it nor SciPy, and the index is mapped.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from index.errors import SnapshotError
from index.store.tables.mapped import Strings, mapped_array
from index.text.tokens import index_tokens, query_tokens

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

    def numbered(self, vocabulary: dict[str, int]) -> list[list[int]]:
        """The texts by the numbers of another vocabulary, which takes in what it lacks."""
        there = np.array([vocabulary.setdefault(token, len(vocabulary)) for token in self.vocabulary], np.int32)
        return (
            [part.tolist() for part in np.split(there[self.numbers], np.cumsum(self.lengths)[:-1])]
            if len(self.lengths)
            else []
        )


@dataclass(frozen=True, slots=True)
class _Weights:
    """What each token is worth in the documents that hold it: those of token n lie from ``starts[n]`` on."""

    worth: NDArray[np.float32]
    documents: NDArray[np.int32]
    starts: NDArray[np.int64]


class SparseIndex:
    """BM25 scores of documents, which are known by their position from 0. Make one with `build` or `load`."""

    def __init__(self, vocabulary: Strings, numbers: NDArray[np.int32], weights: _Weights, size: int) -> None:
        """``vocabulary`` is sorted; ``numbers`` has the number of each of its tokens in ``weights``."""
        self._vocabulary = vocabulary
        self._numbers = numbers
        self._weights = weights
        self._size = size

    @classmethod
    def build(cls, texts: Sequence[str]) -> Self:
        """Index `texts`; document i is ``texts[i]``. The same texts give the same index, byte for byte."""
        return cls.joined([Tokens.of(texts)])

    @classmethod
    def joined(cls, parts: Sequence[Tokens]) -> Self:
        """Index texts that were cut into tokens part by part; the same as of all of them at once."""
        vocabulary: dict[str, int] = {}
        documents = [text for part in parts for text in part.numbered(vocabulary)]
        weights = _Weights(np.zeros(0, np.float32), np.zeros(0, np.int32), np.zeros(1, np.int64))
        if documents:
            import bm25s  # 0.2 s that only who makes an index need wait for

            # Numba and JAX would compile, and sum in another order, where they happen to be installed.
            engine = bm25s.BM25(method="lucene", k1=_K1, b=_B, backend="numpy", csc_backend="numpy", auto_compile=False)
            engine.index((documents, vocabulary), create_empty_token=False, show_progress=False)
            made = engine.scores
            weights = _Weights(
                made["data"].astype(np.float32, copy=False),
                made["indices"].astype(np.int32, copy=False),
                made["indptr"].astype(np.int64, copy=False),
            )
        tokens = sorted(vocabulary)
        numbers = np.array([vocabulary[token] for token in tokens], np.int32)
        return cls(Strings.of(tokens), numbers, weights, len(documents))

    def __len__(self) -> int:
        return self._size

    def scores(self, query: str) -> NDArray[np.float32]:
        """Return the score of every document, shape ``(n,)``; higher is better and 0 means that no token is shared."""
        total = np.zeros(self._size, np.float32)
        for token in query_tokens(query):
            at = self._vocabulary.find(token)
            if at is not None:
                number = int(self._numbers[at])
                held = slice(int(self._weights.starts[number]), int(self._weights.starts[number + 1]))
                # A document stands once among those of a token.
                total[self._weights.documents[held]] += self._weights.worth[held]
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
        self._vocabulary.save(folder / "vocabulary")
        np.save(folder / "numbers", self._numbers)
        np.save(folder / "data", self._weights.worth)
        np.save(folder / "documents", self._weights.documents)
        np.save(folder / "starts", self._weights.starts)
        np.save(folder / "size", np.array([self._size], np.int64))

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Open what `save` wrote; it is mapped, not read. Raises `SnapshotError` if missing or damaged."""
        try:
            vocabulary, numbers = Strings.load(folder / "vocabulary"), mapped_array(folder / "numbers.npy")
            weights = _Weights(*(mapped_array(folder / f"{name}.npy") for name in ("data", "documents", "starts")))
            size = int(np.load(folder / "size.npy")[0])
            if len(numbers) != len(vocabulary) or not weights.starts[-1] == len(weights.worth) == len(
                weights.documents
            ):
                raise ValueError("its files are not of one index")
        except (OSError, EOFError, ValueError, IndexError) as error:
            raise SnapshotError(f"the lexical index in {folder.name}/ cannot be read: {error}") from error
        return cls(vocabulary, numbers, weights, size)


def _nothing(vocabulary: dict[str, int]) -> int:
    """Return the id of the empty token, which stands for a text without tokens and which no query contains."""
    return vocabulary.setdefault("", len(vocabulary))
