"""Answers to questions in traditional characters in traditional characters; quotations stay as the source has them."""

from __future__ import annotations

from functools import cache

from opencc import OpenCC


@cache
def _converter() -> OpenCC:
    """Simplified to traditional by phrases: 后来 → 後來, 皇后 → 皇后. Loaded when first asked for."""
    return OpenCC("s2t")


def traditional(text: str) -> str:
    """The text in traditional characters, place for place, so that spans of it stay right.

    A text whose length would change is returned as it is.
    """
    converted: str = _converter().convert(text)
    return converted if len(converted) == len(text) else text
