"""The places that a question asks for, and those that it only compares with."""

from __future__ import annotations

from collections.abc import Sequence

from index.rules import Rule
from index.text.folding import fold
from index.words.regions import Gazetteer, RegionMention, short_name
from rag.understand.known import Known

COMPARED_PLACE = Rule("understand.places.compared_place", r"(?:占|高于|低于|快于|慢于|高出|领先|比)$")
_HONOUR = Rule(
    "understand.places.honour",
    r"(?:的)?(?:首|第一批|唯一|文明|重点|先进|劳模|示范|试点|百强|十强|十佳|一流|最|率先|前|统一|性)",
)
"""Behind 全国: a distinction that one place has, and not the whole country."""
_ENGLISH_COMMA = Rule("understand.places.english_comma", r"\s*(?:[,(]|of\s)\s*(?:in\s+)?(?:the\s+)?")


def regions_asked(
    places: Sequence[RegionMention], text: str, known: Known, gazetteer: Gazetteer
) -> tuple[tuple[str, ...], list[RegionMention], tuple[str, ...]]:
    """Full names in order, and those that are only compared with (占全国的比重, 增速高于全市).

    A larger place right before a smaller one only says where that lies (上海市嘉定区).
    """
    kept: list[tuple[str, RegionMention]] = []
    against: list[str] = []
    for number, mention in enumerate(places):
        following = places[number + 1] if number + 1 < len(places) else None
        if not mention.candidates:
            # A place that the index holds and the gazetteer does not know.
            name = known.called.get(mention.region_name, mention.region_name)
            if COMPARED_PLACE.search(text, max(0, mention.start - 3), mention.start):
                against.append(name)
            elif following is None or not (_touch(text, mention, following) and _speaks(name, following, known)):
                kept.append((name, mention))
            continue
        # 海南 is the province, whatever prefecture a report speaks of by that name.
        provinces = [
            c for c in mention.candidates if c.level == "province" and fold(short_name(c.name)) == fold(mention.surface)
        ]
        chosen = next(
            (c for c in mention.candidates if c.name in known.regions), (provinces or list(mention.candidates))[0]
        )
        stranger = _called(mention, known, gazetteer) if chosen.name not in known.regions else None
        if stranger is not None:
            kept.append((stranger, mention))
            continue
        compared = COMPARED_PLACE.search(text, max(0, mention.start - 3), mention.start)
        # 列全国…, 居全国第几: where places are counted is not what is asked about.
        among = chosen.level == "country" and (
            (len(places) > 1 and text[: mention.start].endswith(("在", "列", "居", "占")))
            or text.startswith(("第", "排"), mention.end)
            or (len(places) > 1 and _HONOUR.match(text, mention.end) is not None)
        )
        if compared or among or text.startswith(("之外", "以外"), mention.end):
            against.append(chosen.name)
            continue
        if following is not None and _touch(text, mention, following):
            inner = following.candidates
            if any(gazetteer.is_within(c, chosen) and c.name != chosen.name for c in inner):
                continue
            name = known.called.get(following.region_name, following.region_name)
            if _speaks(chosen.name, following, known) or (name in known.regions and gazetteer.get(name) is None):
                # 广州天河区石牌街道: what the report of a place that nobody else knows lies in.
                continue
        before = places[number - 1] if number else None
        behind = before is not None and _ENGLISH_COMMA.fullmatch(text[before.end : mention.start])
        if (
            behind
            and before is not None
            and any(gazetteer.is_within(c, chosen) and c.name != chosen.name for c in before.candidates)
        ):
            # Tianxin District, Changsha: the larger place stands behind.
            continue
        kept.append((chosen.name, mention))
    names = tuple(dict.fromkeys(name for name, _ in kept))
    return names, [m for _, m in kept], tuple(dict.fromkeys(against))


_WITH_ROMANISED_1 = Rule("understand.places.with_romanised_1", r"[a-z']{4,}(?: (?:district|county|city|town))?")
_WITH_ROMANISED_2 = Rule("understand.places.with_romanised_2", r" .*|'")


def with_romanised(places: list[RegionMention], text: str, known: Known) -> list[RegionMention]:
    """The places of an English text with the held ones that only their sound names: Lanxi is 岚溪市 where that is held.

    One that the gazetteer knows by the same letters gives way if it is not held itself.
    """
    found = []
    for match in _WITH_ROMANISED_1.finditer(text):
        name = known.romanised.get(_WITH_ROMANISED_2.sub("", match[0]))
        same = [m for m in places if m.start < match.end() and match.start() < m.end]
        if name is not None and not any(c.name in known.regions for m in same for c in m.candidates):
            found.append(RegionMention(name, match.start(), match.end(), match[0], ()))
            places = [m for m in places if m not in same]
    return sorted((*places, *found), key=lambda m: m.start)


def _called(mention: RegionMention, known: Known, gazetteer: Gazetteer) -> str | None:
    """The held place that a short name means where the gazetteer knows only another by it: 安平 for 安平镇."""
    short = fold(mention.surface)
    if any(short == fold(c.name) for c in mention.candidates):
        return None
    named = [n for n in known.regions if n.startswith(short) and 0 < len(n) - len(short) <= 2 and not gazetteer.get(n)]
    return named[0] if len(named) == 1 else None


def _speaks(outer: str, mention: RegionMention, known: Known) -> bool:
    """Whether the documents of a place speak for the smaller one that is named right behind it: 清柏县柳河镇."""
    name = known.called.get(mention.region_name, mention.region_name)
    return outer in known.inner.get(name, frozenset())


_TOUCH_1 = Rule("understand.places.touch_1", r"[\s的,'s]*(?:市|省)?")


def _touch(text: str, first: RegionMention, second: RegionMention) -> bool:
    between = text[first.end : second.start]
    return _TOUCH_1.fullmatch(between) is not None
