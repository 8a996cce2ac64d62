"""Terms for the BM25 baseline of ``eval.embedding``: Han characters and bigrams, whole runs of letters and digits."""

from __future__ import annotations

import re
import unicodedata

_RUN = re.compile(r"[\u4e00-\u9fff]+|[^\W_\u4e00-\u9fff]+")


def passage_terms(text: str) -> list[str]:
    """Single characters and bigrams, so that a one-character query still finds something."""
    return [term for run in _runs(text) for term in ([*run, *_bigrams(run)] if _han(run) else [run])]


def query_terms(text: str) -> list[str]:
    """Bigrams alone, as single characters of a question hit everywhere; a run of one character stands for itself."""
    return [term for run in _runs(text) for term in ((_bigrams(run) or [run]) if _han(run) else [run])]


def _runs(text: str) -> list[str]:
    return _RUN.findall(unicodedata.normalize("NFKC", text).lower())


def _bigrams(run: str) -> list[str]:
    return [run[place : place + 2] for place in range(len(run) - 1)]


def _han(run: str) -> bool:
    return "\u4e00" <= run[0] <= "\u9fff"
