"""What was asked as a vector. What is held has its vectors already: see ``index/store/meanings.py``."""

from __future__ import annotations

from functools import lru_cache

from index.store.embedding import Embedder
from index.store.folders import Vectors

#: Wordings remembered: those of one question are few, and follow-ups ask in the same words again.
_REMEMBERED = 256


class AskedVectors:
    """Encodes the words of questions, each wording once while it is remembered. Safe to use from several threads."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self._known = lru_cache(_REMEMBERED)(self._encoded)

    def __call__(self, words: str) -> Vectors:
        """The unit vector of ``words`` as a query, ``(dimension,)``; not to be written to."""
        vector: Vectors = self._known(words)
        return vector

    def _encoded(self, words: str) -> Vectors:
        vector: Vectors = self._embedder.encode([words], role="query")[0]
        vector.setflags(write=False)
        return vector
