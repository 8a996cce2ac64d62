"""Pieces that patterns are made of, so that one meaning is written in one place."""

from __future__ import annotations

from index.words.lexicon import load_wording

YEAR = r"(?:19|20)\d{2}"
COUNTING = "一二三四五六七八九十"
"""The digits that headings, congresses and plans are counted in."""
LETTERS = r"\u4e00-\u9fff"
"""Chinese characters, inside a class."""
HAN = rf"[{LETTERS}]"
"""A Chinese character."""
LETTER = rf"[{LETTERS}a-z0-9·]"
"""A character of a name in folded text."""
TITLE = r"《[^》]{0,150}》"
"""A paper's title, not sought for further than one is long."""
LINE = r"(?m)^[ \t]*"
"""The start of a line, before its words."""
PLAN_NUMBER = r"(?P<plan>十[一二三四五六]?|[一二三四五六七八九])"
"""The number of a five-year plan."""


def any_word(*lists: str) -> str:
    """A group that matches any word of the named lists of ``reading.toml``, the longest first."""
    return f"(?:{load_wording().pattern(*lists).pattern})"


LAST_FIVE_YEARS = r"(?:过去|最近|[这近])的?五年|五年(?:来|工作|回顾)"
FEW_YEARS = r"(?:[两三四五六七八九十]|\d{1,2})年"
"""A span of some years."""
SUCH = r"等(?![级于待候])"
"""The 等 behind examples: 等级, 等于, 等待 and 等候 are words of their own."""
CHANGED_TO = rf"{any_word('alters', 'changes')}+了?[到至为]"
"""Words that lead from the start of a change to its end: 增加到, 整合优化为."""
