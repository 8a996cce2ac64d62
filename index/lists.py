"""Lists in which several subjects meet several figures: A、B分别增长3.9%、2.5%."""

from __future__ import annotations

import re

_RESPECTIVELY = re.compile(r"分别|各(?=达|增|为|完成|实现)")
_NOUN_BREAKS = re.compile(r"、|以及|和|及|与|,")
_JOIN = re.compile(r"\s*(?:、|和|及|与|以及|,)?\s*(?:约|近|超过?)?")
_TOWN_AND_COUNTRY = re.compile(r"^城乡(?=居民)")


def says_respectively(words: str) -> bool:
    return _RESPECTIVELY.search(words) is not None


def before_respectively(words: str) -> str:
    """What stands before 分别: the subjects, if they are named there."""
    return _RESPECTIVELY.split(words, maxsplit=1)[0]


def only_joins(words: str) -> bool:
    """Whether nothing but a 和 or 、 parts a figure from the one before it."""
    return _JOIN.fullmatch(words) is not None


def subjects(words: str, count: int) -> tuple[str, ...]:
    """The subjects of a list of ``count`` figures, each with the words it shares with its neighbours.

    专利申请量、授权量 share their beginning, 第一、第三产业增加值 their end, 城乡居民… stands for two.
    """
    parts = [p for p in _NOUN_BREAKS.split(words) if p]
    if len(parts) == 1 and count == 2 and _TOWN_AND_COUNTRY.match(parts[0]):
        return tuple(_TOWN_AND_COUNTRY.sub(place, parts[0]) for place in ("城镇", "农村"))
    if len(parts) < 2:
        return tuple(parts)
    first, last = parts[0], parts[-1]
    shared: list[str] = []
    for part in parts:
        if len(part) < len(last) and part[0] == last[0] and part[-1] != last[-1]:
            shared.append(part + last[len(part) :])
        elif part is not first and len(part) < len(first) and part[-1] == first[-1]:
            shared.append(first[: len(first) - len(part)] + part)
        else:
            shared.append(part)
    return tuple(shared)
