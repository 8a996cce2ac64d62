"""An embedder for trials that encode the same texts again and again."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from index.store.embedding import Embedder
from index.store.folders import Role, Vectors


class Remembering:
    """An embedder that encodes each text once: parts of a set ask over the same reports, and a trial changes few texts."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self._known: dict[tuple[Role, str], Vectors] = {}
        self.name, self.identity, self.dimension = embedder.name, embedder.identity, embedder.dimension

    def encode(self, texts: Sequence[str], *, role: Role) -> Vectors:
        """See ``Embedder``."""
        if not texts:
            return self._embedder.encode(texts, role=role)
        new = [text for text in dict.fromkeys(texts) if (role, text) not in self._known]
        if new:
            vectors = self._embedder.encode(new, role=role)
            self._known |= {(role, text): vector for text, vector in zip(new, vectors, strict=True)}
        return np.stack([self._known[role, text] for text in texts])
