"""The lexical store: BM25 over `index.text.tokens`. The one file that knows the engine, bm25s."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import bm25s
import numpy as np
from numpy.typing import NDArray

from index.errors import SnapshotError
from index.text.tokens import index_tokens, query_tokens

_PARAMETERS = "params.index.json"
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


class SparseIndex:
    """BM25 scores of documents, which are known by their position from 0. Make one with `build` or `load`."""

    def __init__(self, engine: bm25s.BM25 | None) -> None:
        """Take a filled engine, or None for an index without any token."""
        self._engine = engine
        self._size: int = engine.scores["num_docs"] if engine else 0

    @classmethod
    def build(cls, texts: Sequence[str]) -> Self:
        """Index `texts`; document i is ``texts[i]``. The same texts give the same index, byte for byte."""
        return cls.joined([Tokens.of(texts)])

    @classmethod
    def joined(cls, parts: Sequence[Tokens]) -> Self:
        """Index texts that were cut into tokens part by part; the same as of all of them at once."""
        vocabulary: dict[str, int] = {}
        documents = [text for part in parts for text in part.numbered(vocabulary)]
        if not documents:
            return cls(None)
        # Numba and JAX would compile, and sum in another order, where they happen to be installed.
        engine = bm25s.BM25(method="lucene", k1=_K1, b=_B, backend="numpy", csc_backend="numpy", auto_compile=False)
        engine.index((documents, vocabulary), create_empty_token=False, show_progress=False)
        return cls(engine)

    def __len__(self) -> int:
        return self._size

    def scores(self, query: str) -> NDArray[np.float32]:
        """Return the score of every document, shape ``(n,)``; higher is better and 0 means that no token is shared."""
        if self._engine is None:
            return np.zeros(0, dtype=np.float32)
        vocabulary = self._engine.vocab_dict
        ids = [vocabulary[token] for token in query_tokens(query) if token in vocabulary]
        found: NDArray[np.float32] = self._engine.get_scores_from_ids(ids)
        return found

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
        """Write the index into `folder`, made if need be: NumPy arrays and JSON, no pickle."""
        folder.mkdir(parents=True, exist_ok=True)
        if self._engine is not None:
            self._engine.save(folder, show_progress=False)
        else:
            (folder / _PARAMETERS).write_text("{}", encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Open what `save` wrote; the arrays are mapped, not read. Raises `SnapshotError` if missing or damaged."""
        try:
            if (folder / _PARAMETERS).read_text(encoding="utf-8") == "{}":
                return cls(None)
            engine = bm25s.BM25.load(folder, mmap=True, show_progress=False)
        except (OSError, EOFError, ValueError, KeyError, TypeError) as error:
            raise SnapshotError(f"the lexical index in {folder.name}/ cannot be read: {error}") from error
        return cls(engine)


def _nothing(vocabulary: dict[str, int]) -> int:
    """Return the id of the empty token, which stands for a text without tokens and which no query contains."""
    return vocabulary.setdefault("", len(vocabulary))
