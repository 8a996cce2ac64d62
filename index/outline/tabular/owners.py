"""Whose figures a table tells: the place that a caption, a column or a row names, as it is written there."""

from __future__ import annotations

from index.outline.tabular.columns import says
from index.rules import At, Rule
from index.words.fragments import HAN
from index.words.lexicon import load_wording
from index.words.regions import Gazetteer

_LITERAL = Rule(
    "outline.owners.literal",
    rf"(?![全各分按本其主]|社区){HAN}{{1,8}}?(?:[县区旗镇乡市州]|街道)",
    takes=("⟦沅溪县⟧", "⟦湖畔街道⟧"),
    leaves=("各县区", "沅溪县税收"),
    at=At.WHOLE,
)
_OF_PLACES = "区县市乡镇州地"
_ENDS_OF_PLACES = ("新区", "县", "区", "街道", "镇", "乡", "旗")
_LONGEST = 9
"""Characters of a place that begins a caption and that no gazetteer knows."""


def is_scope(words: str) -> bool:
    """Whether words mean all of a place that they do not name: 全市."""
    return words in load_wording().scopes


def place_of_row(words: str, head: str) -> str:
    """The place that the words of a row are, all of them; ``head`` is that of the rows (区县, 地区), which lets names count that nobody knows."""
    if "国" in head:
        # 国别和地区: with whom the place trades, not whose trade it is.
        return ""
    if is_scope(words) or _is_known(words):
        return words
    places = any(c in head for c in _OF_PLACES)
    return words if places and _LITERAL.fullmatch(words) is not None else ""


def place_of_column(words: str) -> str:
    """The place that the head of a column names in one of its parts: 全市 2024年决算数."""
    for part in words.split():
        scope = next((s for s in load_wording().scopes if part.startswith(s)), "")
        if scope or _is_known(part):
            return scope or part
    return ""


def place_of_caption(words: str) -> str:
    """The place that a caption begins with, where its table is of that alone: 高新区主要指标; "" for 分区县."""
    scope = next((s for s in load_wording().scopes if words.startswith(s)), "")
    mention = next(iter(Gazetteer.load().mentions(words)), None)
    if scope:
        return scope
    if mention is not None and mention.start == 0 and mention.candidates:
        return words[: mention.end]
    for end in range(2, min(_LONGEST, len(words))):
        place, rest = words[:end], words[end:]
        if place.endswith(_ENDS_OF_PLACES) and load_wording().pattern("table_tops").match(rest):
            return place if _LITERAL.fullmatch(place) is not None else ""
    return ""


def own_account(words: str) -> str:
    """Whose account of its own the words name beside that of the whole place: 市本级."""
    match = load_wording().pattern("table_own").search(words)
    return match[0] if match is not None and says(words, "table_own") else ""


def _is_known(words: str) -> bool:
    mention = next(iter(Gazetteer.load().mentions(words)), None)
    return mention is not None and mention.start == 0 and mention.end == len(words) and bool(mention.candidates)
