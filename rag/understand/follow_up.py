"""What a follow-up leaves open, filled from the question before it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from index.rules import Rule
from index.text.folding import fold
from index.words.lexicon import load_indicators, load_wording
from rag.types import Query, QuestionKind
from rag.understand.words import CONTENT, load_asking

_VERBS_ONLY = Rule(
    "understand.follow_up.verbs_only",
    rf"^(?:打算|计划|预计|准备|要|将|会|又|还|再|能|{load_wording().pattern('list_verbs', 'doing_verbs', 'level_verbs').pattern}|稳定|保持|维持|控制|到|年底|总数|总量|一共)+",
)
_YEAR_BEFORE = Rule(
    "understand.follow_up.year_before", r"(?:再)?(?:往前|之前|前面)(?:的)?(?:那)?一年|再?前一年|上一年(?=呢|是|又)"
)
_ANOTHER = Rule("understand.follow_up.another", r"(?:那么?|还有|另外)?[,\s]*[\u4e00-\u9fffa-z0-9“”]{2,20}呢[?]?")
_COMPARING = Rule(
    "understand.follow_up.comparing",
    r"[个这该差]|比|全[国省市区县州]|平均|水平|[高快多大]还是[低慢少小]|[高低快慢多少大小]出?|增速|增幅|降幅",
)
_OF_WORDS = frozenset({QuestionKind.EXPLAIN, QuestionKind.LIST, QuestionKind.LOOKUP})


_CARRY_1 = Rule("understand.follow_up.carry_1", r"实际|完成了")


def carry(query: Query, before: Query) -> Query:
    """Fill what a follow-up leaves open from the question before it."""
    carried: list[str] = []
    changes: dict[str, Any] = {}
    thing: dict[str, Any] = {}
    place: dict[str, Any] = {}
    time: dict[str, Any] = {}
    wants: dict[str, Any] = {}
    if (
        not query.place.regions
        and not query.place.unknown
        and query.place.level is None
        and (before.place.regions or before.place.level)
    ):
        place["regions"], place["level"] = before.place.regions, before.place.level
        carried.append("region")
    step = _YEAR_BEFORE.search(fold(query.text))
    if step is not None and before.time.periods and before.time.periods[-1].is_year:
        # 再往前一年呢?
        time["periods"] = (type(before.time.periods[-1]).year(before.time.periods[-1].last_year - 1),)
        query = replace(
            query,
            thing=replace(query.thing, terms=_YEAR_BEFORE.sub("", query.thing.terms).strip()),
            time=replace(query.time, bases=()),
        )
    elif not query.time.periods and not query.time.report_years and (before.time.periods or before.time.report_years):
        time["periods"], time["report_years"] = before.time.periods, before.time.report_years
        carried.append("period")
    other = _contrasted(query, before) or _instead(query, before)
    if other is not None:
        query = other
        carried.extend(other.carried)
    bare = _VERBS_ONLY.sub("", _growthless(query.thing.terms).replace(" ", ""))
    if query.wants.change or query.place.against:
        # 这个增速比全国高还是低？差几个百分点？
        bare = _COMPARING.sub("", bare)
    another = _ANOTHER.fullmatch(fold(query.text)) is not None and not (query.wants.growth or query.thing.units)
    asked_figure = bool(before.thing.units or before.wants.growth or before.thing.indicators or before.follows_figure)
    if another and asked_figure and before.kind not in _OF_WORDS:
        changes["follows_figure"] = True
    if query.thing.indicators and another:
        # 那游客总花费呢 after 接待游客增长多少: what of it is told, its growth if there is one.
        wants["growth"], wants["level"] = before.wants.growth, True
        changes["kind"], thing["units"] = before.kind, tuple(u for u in before.thing.units if u == "%")
    open_terms = not CONTENT.search(bare) and not query.thing.indicators
    if (
        query.status is None
        and before.status is not None
        and (open_terms or not query.time.periods)
        and not _CARRY_1.search(query.text)
    ):
        # …2026年的目标？那高铁里程呢？
        changes["status"] = before.status
        carried.append("status")
    if open_terms:
        carried_terms = before.thing.terms
        if query.wants.stock:
            # 新认定高新技术企业…那到年底总数有多少家: what there is in all, not what was added.
            carried_terms = _VERBS_ONLY.sub("", before.thing.terms) or before.thing.terms
        thing["terms"], thing["indicators"], thing["units"] = (
            carried_terms,
            before.thing.indicators,
            before.thing.units,
        )
        carried.append("indicator")
        asks_growth = query.wants.growth
        changes["kind"] = (
            query.kind if query.kind not in (QuestionKind.VALUE, QuestionKind.SERIES) or asks_growth else before.kind
        )
        if not asks_growth:
            wants["growth"], wants["level"] = before.wants.growth, before.wants.level
        else:
            thing["units"] = ()
        wants["speaker"] = before.wants.speaker
    return replace(
        query,
        carried=tuple(carried),
        thing=replace(query.thing, **thing),
        place=replace(query.place, **place),
        time=replace(query.time, **time),
        wants=replace(query.wants, **wants),
        **changes,
    )


def _contrasted(query: Query, before: Query) -> Query | None:
    """农村的呢 after 城市低保标准: the same thing of the other side, by the pairs of ``asking.toml``."""
    said = query.thing.terms.replace(" ", "").strip("的呢")
    for group in load_asking().contrasts:
        if said in group:
            held = next((word for word in group if word in before.thing.terms and word != said), None)
            if held is not None:
                words = before.thing.terms.replace(held, said, 1)
                known = load_indicators().written_as(words)
                return replace(
                    query,
                    carried=("indicator",),
                    kind=before.kind,
                    status=query.status or before.status,
                    thing=replace(
                        query.thing,
                        terms=words,
                        indicators=(known.name,) if known is not None else (),
                        units=query.thing.units or before.thing.units,
                    ),
                    wants=replace(
                        query.wants, growth=query.wants.growth or before.wants.growth, level=before.wants.level
                    ),
                )
    return None


def _instead(query: Query, before: Query) -> Query | None:
    """正佳广场呢 after 太古汇的楼宇税收: another thing in the place of the one that was named, asked for the same."""
    thing = query.thing.terms.replace(" ", "").removesuffix("呢")
    if _ANOTHER.fullmatch(fold(query.text)) is None or query.thing.indicators or query.thing.units or len(thing) < 2:
        return None
    shared = next((thing[n:] for n in range(1, len(thing) - 1) if thing[n:] in before.thing.terms), "")
    # 生命健康产业呢 after 集成电路产业规模
    rest = before.thing.terms.partition(shared or "的")[2]
    if not shared and not rest:
        # 水稻呢 after 小麦最低收购价
        rest = before.thing.terms.lstrip("把将对给")[len(thing) :]
    if len(rest) < 2:
        return None
    return replace(
        query,
        carried=("indicator",),
        kind=before.kind,
        status=query.status or before.status,
        thing=replace(query.thing, terms=thing + rest, units=before.thing.units),
        wants=replace(
            query.wants,
            growth=query.wants.growth or before.wants.growth,
            level=before.wants.level,
            rise=before.wants.rise,
            change=before.wants.change,
        ),
    )


def _growthless(terms: str) -> str:
    return load_asking().patterns["growth"].sub(" ", terms)
