"""One place against another (禾丰县的产值比柳桥区高多少): the figures of both, as if both were asked for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from index.words.regions import Gazetteer
from rag.decide.verdict import Figures, Found, Missing
from rag.types import Places, Query, QuestionKind, Thing

Look = Callable[[Query], list[Found | Missing]]


def both_places(query: Query, look: Look, gazetteer: Gazetteer) -> Figures | None:
    """The figures of the asked place and of the one it is set against; None where that is a whole that it lies in.

    By how much a place is above a whole (高于全省3.5个百分点) its report states itself.
    """
    place = query.place
    if len(place.regions) != 1 or len(place.against) != 1 or len(query.thing.indicators) != 1 or query.wants.share:
        return None
    one, other = place.regions[0], place.against[0]
    whole = other.startswith("全") or gazetteer.is_within(one, other)
    if whole or not (query.cues.compares or query.cues.gap or query.wants.rise or query.wants.change):
        return None
    name = query.thing.indicators[0]
    asked = replace(
        query,
        kind=QuestionKind.COMPARE,
        mentions=tuple(m for m in query.mentions if m.slot != "indicator"),
        thing=Thing(indicators=(name,), terms=name),
        place=Places(regions=(one, other)),
        wants=replace(query.wants, level=not query.wants.growth, rise=False, change=False, both=False),
    )
    cells = tuple(look(asked))
    return Figures(cells, told_as=asked) if any(isinstance(cell, Found) for cell in cells) else None
