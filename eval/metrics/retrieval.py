"""Where the gold quotations stand among the passages found. Pure functions over ranks from 1; None is not found."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

from eval.cases import GoldQuote
from eval.replies import Passage

Ranks = Sequence[int | None]
"""For each gold quotation of a question the rank of the first passage that holds it."""


def gold_ranks(passages: Sequence[Passage], evidence: Sequence[GoldQuote]) -> tuple[int | None, ...]:
    """For each gold quotation the rank of the first passage that holds it, in the order of ``evidence``."""
    return tuple(
        next((rank for rank, passage in enumerate(passages, 1) if holds(passage, gold)), None) for gold in evidence
    )


def holds(passage: Passage, gold: GoldQuote) -> bool:
    """Whether a passage of the same file holds the quotation, or the larger part of one that a chunk's border cuts."""
    if passage.document != gold.document:
        return False
    text, wanted = (re.sub(r"\s+", "", words) for words in (passage.text, gold.quote))
    half = len(wanted) // 2
    return wanted in text or (
        half > 5 and (text.endswith(wanted[: half + 1]) or wanted[:half] in text or wanted[half:] in text)
    )


def recall_at(ranks: Ranks, k: int) -> float:
    """The share of the gold quotations among the first ``k`` passages."""
    return sum(rank is not None and rank <= k for rank in ranks) / len(ranks)


def reciprocal_rank(ranks: Ranks) -> float:
    """One over the rank of the first gold quotation; 0 where none is found."""
    return max((1 / rank for rank in ranks if rank is not None), default=0.0)


def ndcg_at(ranks: Ranks, k: int) -> float:
    """Discounted gain of the gold quotations over that of the best order (Järvelin and Kekäläinen 2002, binary).

    Two quotations in one passage both count there, and the best order then is what was reached, never more than 1.
    """
    gained = sum(1 / math.log2(1 + rank) for rank in ranks if rank is not None and rank <= k)
    best = sum(1 / math.log2(1 + place) for place in range(1, min(len(ranks), k) + 1))
    return min(1.0, gained / best)
