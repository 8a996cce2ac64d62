"""Which of the held places a question is about where it names another: 宁波东部新城 lies in a district that is held."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

from index.rules import Rule
from index.store.snapshot import IndexSnapshot
from index.text.folding import fold
from index.words.fragments import HAN
from index.words.regions import Gazetteer, short_name
from rag.types import Query, QuestionKind
from rag.understand.words import load_asking

_HAN = Rule(
    "understand.held.han",
    rf"{HAN}+",
    takes=("⟦东湖科学城⟧ 2023",),
    leaves=("gdp 2023",),
)
_JOINS = frozenset({"和", "与", "跟", "及", "、", ",", "同", "以及"})
_A_RANK = 2
"""Letters of a rank that makes another place of a name (县, 新区); an area with more of them lies in it."""
_STANDS_THERE = ("站", "机场", "大桥", "隧道", "口岸", "码头", "枢纽", "港区", "园区", "大学", "学院", "医院", "公园")
"""Ends of the names of what bears the name of its place and is none."""
_NAMED = 4
"""Letters behind a place's name that must stand so in a report to be part of a thing's name."""


def located(query: Query, snapshot: IndexSnapshot, gazetteer: Gazetteer) -> Query:
    """The query with the held place that it is about, where it names places that are not held beside or around it.

    上海奉贤区给播州区投入 is about 播州区, in sentences that name 奉贤, and so are its 香港团队; 宁波东部新城商圈 is about the district in whose
    reports 东部新城 stands. What is asked of the larger place itself (宁波的财政收入) is not: a part never answers for
    the whole.
    """
    query = _by_their_names(_in_the_row_of(query, gazetteer), snapshot)
    told = tuple(r for r in query.place.regions if r in snapshot.regions)
    others = tuple(r for r in query.place.regions if r not in snapshot.regions)
    if not others:
        return query
    if len(told) == 1:
        compared = load_asking().says("compare", fold(query.text)) is not None or _joined(query)
        if snapshot.spoken_for.keys() & set(others) or compared:
            return query
        kind = QuestionKind.VALUE if query.kind is QuestionKind.COMPARE else query.kind
        return replace(
            query, kind=kind, place=replace(query.place, regions=told, about=tuple(short_name(r) for r in others))
        )
    if told or len(others) > 1:
        return query
    inside = [r for r in snapshot.regions if gazetteer.is_within(r, others[0])]
    found = {r for r in inside for thing in _things(query, others[0]) if _names(snapshot, r, thing)}
    if len(found) == 1:
        return replace(query, place=replace(query.place, regions=(found.pop(),)))
    around = [r for r in snapshot.regions if r != "全国" and gazetteer.is_within(others[0], r)]
    if len(around) == 1 and not snapshot.spoken_for.keys() & set(others):
        # 湖北鄂州花湖机场: told in the report of the province, by the city's name.
        within = short_name(others[0])
        place = replace(query.place, regions=tuple(around), within=(within,), asked_as=((within, others[0]),))
        return replace(query, place=place)
    return query


def _in_the_row_of(query: Query, gazetteer: Gazetteer) -> Query:
    """驻马店市…在河南省排第几 asks for the rank of the city: the place around it names the row and is not compared."""
    regions = query.place.regions
    if not query.cues.place_in_row or len(regions) != 2:
        return query
    inner = tuple(r for r in regions if any(o != r and gazetteer.is_within(r, o) for o in regions))
    if len(inner) != 1:
        return query
    kind = QuestionKind.VALUE if query.kind is QuestionKind.COMPARE else query.kind
    return replace(query, kind=kind, place=replace(query.place, regions=inner))


def _joined(query: Query) -> bool:
    """Whether the question names its places one beside the other: 江苏和浙江 are both asked for."""
    text = fold(query.text)
    spans = [m.span for m in query.mentions if m.slot == "region"]
    between = [text[a.end : b.start].strip("省市区县的两 ") for a, b in pairwise(spans)]
    return bool(between) and all(words in _JOINS for words in between)


def _by_their_names(query: Query, snapshot: IndexSnapshot) -> Query:
    """The query with areas called as the reports around them do: 工业集中区 in those of 望岳县, for 望岳县工业集中区."""
    for name in query.place.unknown:
        region = next((r for r in query.place.regions if name.startswith((fold(r), fold(short_name(r))))), None)
        if region is None:
            continue
        told = _names(snapshot, region, name)
        area = name.removeprefix(fold(region)).removeprefix(fold(short_name(region)))
        if told and len(area) > _A_RANK and name not in query.thing.terms and not query.thing.whole:
            # 新区产业园引进资金里，外资: of the area the whole is named, and a report tells its parts below it without the name.
            others = tuple(n for n in query.place.unknown if n != name)
            query = replace(query, place=replace(query.place, unknown=others))
        if told or name not in query.thing.terms:
            continue
        if _names(snapshot, region, area):
            unknown = tuple(area if n == name else n for n in query.place.unknown)
            terms = query.thing.terms.replace(name, area)
            query = replace(query, place=replace(query.place, unknown=unknown), thing=replace(query.thing, terms=terms))
    return query


def _things(query: Query, region: str) -> Iterator[str]:
    """The letters by which a thing with the place's name in its own is known: 东部新城 in 宁波东部新城商圈."""
    text = fold(query.text)
    for mention in query.mentions:
        if mention.slot != "region" or mention.value != region:
            continue
        start, end = mention.span.start, mention.span.end
        if text[start:end] == fold(region) or text.startswith("的", end):
            continue
        before, behind = _HAN.search(text[:start][::-1]), _HAN.match(text, end)
        if behind is None:
            continue
        if before is not None and before.start() == 0 and len(before[0]) >= 2:
            # 上汽通用武汉基地
            yield before[0][:2][::-1] + text[start:end] + behind[0][:2]
        place = next((n for n in range(2, _NAMED + 1) if behind[0][:n].endswith(_STANDS_THERE)), 0)
        if place:
            # 深圳北站, 萧山机场: what stands in a place bears its name.
            yield text[start:end] + behind[0][:place]
        named = any(m.slot == "indicator" and m.span.start < end + 2 and end < m.span.end for m in query.mentions)
        if len(behind[0]) >= _NAMED and not named and load_asking().says("establishment", behind[0][:12]):
            yield behind[0][:_NAMED]


def _names(snapshot: IndexSnapshot, region: str, thing: str) -> bool:
    return any(True for _ in snapshot.saying(thing, snapshot.documents_of.get(region, ())))
