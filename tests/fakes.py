"""Deterministic stand-ins at the seams of index and rag."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from index.store.folders import Role


class HashingEmbedder:
    """Vectors from the characters of a text: no model, the same everywhere, and similar for similar texts."""

    def __init__(self, name: str = "hashing", dimension: int = 16) -> None:
        self.name = name
        self.identity = hashlib.sha256(f"{name}:{dimension}".encode()).hexdigest()
        self.dimension = dimension

    def encode(self, texts: Sequence[str], *, role: Role) -> NDArray[np.float32]:
        vectors = np.zeros((len(texts), self.dimension), np.float32)
        for row, text in enumerate(texts):
            for character in text:
                vectors[row, ord(character) % self.dimension] += 1
        lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
        vectors /= np.maximum(lengths, 1)
        return vectors
