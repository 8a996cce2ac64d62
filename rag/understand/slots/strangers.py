"""Places that a question names by the letters of another: 青河县 beside 青河市, and 青河新城, which lies in it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from index.rules import At, Rule
from index.text.folding import fold
from index.types import Span
from index.words.regions import Gazetteer, RegionMention
from rag.understand.known import Known
from rag.understand.words import either, load_asking

_AREA = Rule(
    "understand.strangers.area",
    rf"(?:{either('trades')})*(?:{either('areas')})",
    takes=("⟦经济技术开发区⟧税收",),
    leaves=("机场旅客",),
    at=At.START,
)
_UNHEARD = "甲乙"
"""Two letters in the place of a name, which no gazetteer knows, so that it judges by the word for a rank alone."""
_RANKS = frozenset({"县", "区", "市", "镇", "乡", "街道", "新区", "自治县"})
_LONGEST = 4
"""Letters of the longest of them and one more, by which 市 and 市场 are told apart."""


@dataclass(frozen=True, slots=True)
class Stranger:
    """A place of which no more than a part of the name was read as that of another.

    ``rank`` says whether a rank of its own makes it another; else it is an area in it, whose name is a thing's too.
    """

    name: str
    span: Span
    rank: bool
    around: bool = False
    """Whether it shares its letters with no held place: then it refuses nothing that a held one answers."""


def strangers_in(text: str, places: Sequence[RegionMention], known: Known, gazetteer: Gazetteer) -> Iterator[Stranger]:
    """The strangers of a folded text, where ``places`` were read. Counties and cities only: 江苏开发区 are all of them."""
    asking = load_asking()
    for mention in places:
        if any(c.level in ("country", "province") for c in mention.candidates):
            continue
        english = asking.says("area_english", text[mention.end :])
        if english is not None and not text[mention.end : mention.end + english.start()].strip():
            end = mention.end + english.end()
            yield Stranger(text[mention.start : end].title(), Span(mention.start, end), rank=True)
            continue
        rank = _rank_behind(text[mention.end : mention.end + _LONGEST], gazetteer)
        area = _AREA.match(text, mention.end)
        if rank and not _is_whole(mention, known.whole):
            end = mention.end + len(rank)
            around = not _is_held(mention, known)
            yield Stranger(text[mention.start : end], Span(mention.start, end), rank=True, around=around)
        elif area is not None:
            yield Stranger(text[mention.start : area.end()], Span(mention.start, area.end()), rank=False)


def _is_held(mention: RegionMention, known: Known) -> bool:
    names = {known.called.get(mention.region_name, mention.region_name), *(c.name for c in mention.candidates)}
    short = fold(mention.surface)
    return bool(names & known.regions) or any(n.startswith(short) for n in known.regions)


def _is_whole(mention: RegionMention, known: Collection[str]) -> bool:
    """Whether a place is called by its whole name, behind which no rank is its own."""
    said = fold(mention.surface)
    return said in known or any(said == fold(c.name) for c in mention.candidates)


def _rank_behind(text: str, gazetteer: Gazetteer) -> str:
    """The rank that a text begins with, unless it begins another word (市场, 区域)."""
    first = next(iter(gazetteer.unknown_places(_UNHEARD + text)), None)
    if first is None or first.start:
        return ""
    rank = first.region_name.removeprefix(_UNHEARD)
    return rank if rank in _RANKS else ""
