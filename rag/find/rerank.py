"""Orders given texts by how well they answer a query: by the two signals of retrieval, or by a rerank model."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from index.store.embedding import Embedder
from index.text.tokens import index_tokens, query_tokens
from rag.find.meaning import AskedVectors

DENSE_SHARE = 0.4
"""Weight of the cosine; the share of the query's tokens that a text holds has the rest, as in ``rag/find/fusion.py``."""

RERANKED = 20
"""Candidates that a rerank model puts in order. It reads each with the question, which takes a CPU tens of milliseconds."""

REMEMBERED = 4096
"""Pairs whose scores are remembered: one question looks several times at much the same sentences."""


class Reranker(Protocol):
    """Tells how well texts answer a query."""

    @property
    def name(self) -> str:
        """The model's name, for people."""

    @property
    def identity(self) -> str:
        """Changes whenever the scores may."""

    def scores(self, query: str, texts: Sequence[str]) -> NDArray[np.float32]:
        """One score in [0, 1] per text, ``(len(texts),)``. Called from several threads at once."""


class SignalsReranker:
    """The two signals of retrieval over just these texts: what there is without a rerank model."""

    def __init__(self, embedder: Embedder, asked: AskedVectors) -> None:
        self._embedder = embedder
        self._asked = asked
        self.name = embedder.name
        self.identity = f"signals:{embedder.identity}"

    def scores(self, query: str, texts: Sequence[str]) -> NDArray[np.float32]:
        """See ``Reranker``."""
        similar = np.clip(self._embedder.encode(texts, role="passage") @ self._asked(query), 0.0, 1.0)
        wanted = set(query_tokens(query))
        covered = [len(wanted & set(index_tokens(text))) / len(wanted) if wanted else 0.0 for text in texts]
        return np.asarray(DENSE_SHARE * similar + (1 - DENSE_SHARE) * np.array(covered), np.float32)


def best_first(scores: Sequence[float]) -> list[int]:
    """Places in ``scores``, best first; equals stay in their order."""
    return sorted(range(len(scores)), key=lambda place: (-scores[place], place))


class Remembered:
    """A rerank model's scores, each pair's made once while it is remembered. Safe to use from several threads."""

    def __init__(self, reranker: Reranker) -> None:
        self._reranker = reranker
        self._known: OrderedDict[tuple[str, str], float] = OrderedDict()
        self._lock = threading.Lock()

    def __call__(self, query: str, texts: Sequence[str]) -> NDArray[np.float32]:
        """Scores of ``texts``, as ``Reranker`` has them."""
        with self._lock:
            found = {text: self._known.get((query, text)) for text in texts}
        new = [text for text, score in found.items() if score is None]
        made = dict(zip(new, self._reranker.scores(query, new).tolist(), strict=True)) if new else {}
        with self._lock:
            self._known.update({(query, text): score for text, score in made.items()})
            while len(self._known) > REMEMBERED:
                self._known.popitem(last=False)
        return np.array([made[text] if text in made else found[text] for text in texts], np.float32)
