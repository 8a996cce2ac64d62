"""Pieces that patterns are made of, so that one meaning is written in one place."""

from __future__ import annotations

from index.words.lexicon import load_wording

YEAR = r"(?:19|20)\d{2}"
COUNTING = "一二三四五六七八九十"
"""The digits that headings, congresses and plans are counted in."""
HAN = r"[\u4e00-\u9fff]"
"""A Chinese character."""
TITLE = r"《[^》]*》"
LINE = r"(?m)^[ \t]*"
"""The start of a line, before its words."""
PLAN_NUMBER = r"(?P<plan>十[一二三四五六]?|[一二三四五六七八九])"
"""The number of a five-year plan."""


def any_word(*lists: str) -> str:
    """A group that matches any word of the named lists of ``reading.toml``, the longest first."""
    return f"(?:{load_wording().pattern(*lists).pattern})"
