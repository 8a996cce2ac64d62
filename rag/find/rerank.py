"""Orders given texts by how well they answer a query: the two signals of retrieval over just these texts."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from index.store.embedding import Embedder
from index.text.tokens import index_tokens, query_tokens

DENSE_SHARE = 0.4
"""Weight of the cosine; the share of the query's tokens that a text holds has the rest, as in ``rag/find/fusion.py``."""


def rerank(query: str, texts: Sequence[str], embedder: Embedder) -> list[tuple[int, float]]:
    """Pairs of place in ``texts`` and score in [0, 1], best first; equals stay in their order."""
    asked = embedder.encode([query], role="query")[0]
    similar = np.clip(embedder.encode(texts, role="passage") @ asked, 0.0, 1.0)
    wanted = set(query_tokens(query))
    scored = []
    for index, text in enumerate(texts):
        covered = len(wanted & set(index_tokens(text))) / len(wanted) if wanted else 0.0
        scored.append((index, round(DENSE_SHARE * float(similar[index]) + (1 - DENSE_SHARE) * covered, 6)))
    return sorted(scored, key=lambda each: (-each[1], each[0]))
