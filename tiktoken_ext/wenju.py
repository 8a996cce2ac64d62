"""tiktoken plugin: registers the vocabulary ``wenju_zh``, which is read from this repository, never fetched.

tiktoken finds every module of the namespace package ``tiktoken_ext``, so this folder must hold no ``__init__.py``.
"""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

#: The ranks, written by ``index.training.vocabulary``.
VOCABULARY = Path(__file__).resolve().parents[1] / "index" / "data" / "wenju_zh.tiktoken"

#: How text is cut before pieces are merged: words with their leading space, runs of Han characters, up to three
#: digits, runs of other signs. A piece never crosses from Han to punctuation, so a count changes little when a
#: passage is cut at a sentence end.
PATTERN = r"[^\r\n\p{L}\p{N}]?[^\s\p{N}\p{P}\p{S}\p{Han}\p{C}]+|\p{Han}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s+"


def wenju_zh() -> dict[str, Any]:
    """What ``tiktoken.Encoding`` is made from."""
    lines = VOCABULARY.read_bytes().splitlines()
    ranks = {base64.b64decode(piece): int(rank) for piece, rank in (line.split() for line in lines)}
    return {"name": "wenju_zh", "pat_str": PATTERN, "mergeable_ranks": ranks, "special_tokens": {}}


ENCODING_CONSTRUCTORS = {"wenju_zh": wenju_zh}
