"""Dense and lexical scores to one score, pure. The service and the benchmark of the embedding model use the same."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

DENSE_SHARE = 0.4
"""Weight of the dense score in the convex sum; the lexical one has the rest. 0.3 to 0.5 were level on held-out rows."""

TERM_FLOOR = 1.0
"""The least best BM25 score for each term of a query for a full lexical hit."""


def fuse(
    dense: NDArray[np.float32],
    lexical: NDArray[np.float32],
    terms: Sequence[int],
    share: float = DENSE_SHARE,
    floor: float = TERM_FLOOR,
) -> NDArray[np.float32]:
    """The convex sum of two ``(queries, passages)`` matrices, each first brought to 0…1 within the query.

    The dense scores of a query are stretched between their own least and greatest, since cosines of unrelated
    texts do not start at zero. Lexical scores are divided by the query's best, but by no less than ``floor`` for each
    of its ``terms``: a query of which only a number or a name is shared must not count as a full lexical hit.
    """
    low, high = dense.min(axis=1, keepdims=True), dense.max(axis=1, keepdims=True)
    stretched = (dense - low) / np.maximum(high - low, 1e-9)
    best = np.maximum(lexical.max(axis=1, keepdims=True), floor * np.maximum(np.array(terms), 1)[:, None])
    return np.asarray(share * stretched + (1 - share) * lexical / best, dtype=np.float32)
