"""What a follow-up leaves open, filled from the question before it: a small reader for each slot."""

from __future__ import annotations

from dataclasses import dataclass, replace

from index.rules import At, Rule
from index.text.folding import fold
from index.types import Period, Status
from index.words.lexicon import load_indicators, load_wording
from rag.types import Places, Query, QuestionKind, Thing, Times, Wants
from rag.understand.slots.terms import OF_WORDS
from rag.understand.words import CONTENT, either, load_asking

_VERBS_ONLY = Rule(
    "understand.follow_up.verbs_only",
    rf"^(?:{either('not_a_thing')}|{load_wording().pattern('list_verbs', 'doing_verbs', 'level_verbs').pattern})+",
    takes=("⟦总数达到⟧多少",),
    leaves=("粮食总数达到多少",),
)
_YEAR_BEFORE = Rule(
    "understand.follow_up.year_before",
    rf"{either('year_before')}|上一年(?=[呢是又])",
    takes=("⟦再往前一年⟧产了几吨",),
    leaves=("上一年度工作报告",),
)
_ANOTHER = Rule(
    "understand.follow_up.another",
    r"(?:那么?|还有|另外)?[,\s]*[\u4e00-\u9fffa-z0-9“”]{2,20}呢[?]?",
    takes=("⟦那出口总额呢?⟧",),
    leaves=("出口总额是多少?",),
    at=At.WHOLE,
)
_COMPARING = Rule(
    "understand.follow_up.comparing",
    either("compares"),
    takes=("⟦全省⟧高还是低",),
    leaves=("粮食产量",),
)
_ASKS_FOR_THE_RESULT = Rule(
    "understand.follow_up.asks_for_the_result",
    r"实际|完成了",
    takes=("⟦实际⟧投入多少",),
    leaves=("计划投入多少",),
)


def carry(query: Query, before: Query) -> Query:
    """Fill what a follow-up leaves open from the question before it."""
    text = fold(query.text)
    place, place_carried = _place(query.place, before.place, row=query.row.level is not None)
    time, time_carried = _time(query.time, before.time, text)
    if _a_year_earlier(before.time, text) is not None:
        query = replace(query, thing=replace(query.thing, terms=_YEAR_BEFORE.sub("", query.thing.terms).strip()))
    other = _contrasted(query, before) or _instead(query, before, text)
    said = other or query
    unnamed = _names_nothing(said)
    status, status_carried = _status(said, before, text, unnamed=unnamed)
    another = _is_another(said, text)
    if unnamed:
        filled = _same_thing(said, before)
    elif another and said.thing.indicators:
        filled = _same_of_another(said, before)
    else:
        filled = _Asked(said.kind, said.thing, said.wants)
    slots = (
        ("region", place_carried),
        ("period", time_carried),
        ("indicator", other is not None),
        ("status", status_carried),
        ("indicator", unnamed),
    )
    return replace(
        said,
        kind=filled.kind,
        status=status,
        carried=tuple(slot for slot, carried in slots if carried),
        follows_figure=another and _asked_figure(before),
        thing=filled.thing,
        place=place,
        time=time,
        wants=filled.wants,
    )


def _place(place: Places, before: Places, *, row: bool) -> tuple[Places, bool]:
    if row:
        # 那增速最高的县呢: of all of them.
        return place, False
    if place.regions or place.unknown or place.level is not None or not (before.regions or before.level):
        return place, False
    return replace(place, regions=before.regions, level=before.level), True


def _time(time: Times, before: Times, text: str) -> tuple[Times, bool]:
    earlier = _a_year_earlier(before, text)
    if earlier is not None:
        return replace(time, periods=(earlier,), bases=()), False
    if len(time.periods) == 1 and before.periods and load_asking().says("set_beside", text) is not None:
        # 和2019年相比呢: both times.
        return replace(time, periods=tuple(dict.fromkeys((*before.periods, *time.periods))), bases=()), True
    if time.periods or time.report_years or not (before.periods or before.report_years):
        return time, False
    return replace(time, periods=before.periods, report_years=before.report_years), True


def _a_year_earlier(before: Times, text: str) -> Period | None:
    """再往前一年呢: the year before the one that was asked for."""
    if not before.periods or not before.periods[-1].is_year or not _YEAR_BEFORE.search(text):
        return None
    return Period.year(before.periods[-1].last_year - 1)


def _status(query: Query, before: Query, text: str, *, unnamed: bool) -> tuple[Status | None, bool]:
    """…2026年的目标？那高铁里程呢: what was a target stays one, unless the follow-up names a time with its thing."""
    if query.status is not None or before.status is None or _ASKS_FOR_THE_RESULT.search(text):
        return query.status, False
    carried = unnamed or not query.time.periods
    return (before.status, True) if carried else (None, False)


def _names_nothing(query: Query) -> bool:
    """Whether a follow-up names no thing of its own, but only says of it when, where or how much."""
    if query.thing.indicators:
        return False
    bare = _VERBS_ONLY.sub("", load_asking().patterns["growth"].sub(" ", query.thing.terms).replace(" ", ""))
    if query.wants.change or query.place.against:
        # 这个增速比全国高还是低？差几个百分点？
        bare = _COMPARING.sub("", bare)
    return CONTENT.search(bare) is None


def _is_another(query: Query, text: str) -> bool:
    """那游客总花费呢: another thing and not a word of what is to be told of it."""
    return not query.wants.growth and not query.thing.units and _ANOTHER.fullmatch(text) is not None


def _asked_figure(before: Query) -> bool:
    thing = before.thing
    return before.kind not in OF_WORDS and bool(
        thing.units or before.wants.growth or thing.indicators or before.follows_figure
    )


@dataclass(frozen=True, slots=True)
class _Asked:
    """What a follow-up asks for with what it left open: of what thing what is to be told."""

    kind: QuestionKind
    thing: Thing
    wants: Wants


def _same_thing(query: Query, before: Query) -> _Asked:
    """增长多少 after 2020年固定资产投资是多少: the thing of before, and its growth if growth is asked for."""
    terms = before.thing.terms
    if query.wants.stock:
        # 新认定高新技术企业…那到年底总数有多少家: what there is in all, not what was added.
        terms = _VERBS_ONLY.sub("", terms) or terms
    thing = replace(query.thing, terms=terms, indicators=before.thing.indicators)
    wants = replace(query.wants, speaker=before.wants.speaker)
    if query.wants.growth:
        return _Asked(query.kind, replace(thing, units=()), wants)
    kind = before.kind if query.kind in (QuestionKind.VALUE, QuestionKind.SERIES) else query.kind
    return _Asked(
        kind,
        replace(thing, units=before.thing.units),
        replace(wants, growth=before.wants.growth, level=before.wants.level),
    )


def _same_of_another(query: Query, before: Query) -> _Asked:
    """那游客总花费呢 after 接待游客增长多少: what of it is told, its growth if there is one."""
    units = tuple(u for u in before.thing.units if u == "%")
    wants = replace(query.wants, growth=before.wants.growth, level=True)
    return _Asked(before.kind, replace(query.thing, units=units), wants)


def _contrasted(query: Query, before: Query) -> Query | None:
    """农村的呢 after 城市低保标准: the same thing of the other side, by the pairs of ``asking.toml``."""
    said = query.thing.terms.replace(" ", "").strip("的呢")
    group = next((g for g in load_asking().contrasts if said in g and _held(g, said, before)), ())
    held = _held(group, said, before)
    if held is None:
        return None
    words = before.thing.terms.replace(held, said, 1)
    known = load_indicators().written_as(words)
    return replace(
        query,
        kind=before.kind,
        status=query.status or before.status,
        thing=replace(
            query.thing,
            terms=words,
            indicators=(known.name,) if known is not None else (),
            units=query.thing.units or before.thing.units,
        ),
        wants=replace(query.wants, growth=query.wants.growth or before.wants.growth, level=before.wants.level),
    )


def _held(group: tuple[str, ...], said: str, before: Query) -> str | None:
    """The word of a group that stands in the question before, and is not the one that is said now."""
    return next((word for word in group if word in before.thing.terms and word != said), None)


def _instead(query: Query, before: Query, text: str) -> Query | None:
    """正佳广场呢 after 太古汇的楼宇税收: another thing in the place of the one that was named, asked for the same."""
    thing = query.thing.terms.replace(" ", "").removesuffix("呢")
    if _ANOTHER.fullmatch(text) is None or query.thing.indicators or query.thing.units or len(thing) < 2:
        return None
    rest = _asked_of(thing, before.thing.terms)
    if len(rest) < 2:
        return None
    return replace(
        query,
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


def _asked_of(thing: str, terms: str) -> str:
    """What was asked of the thing in whose place another stands."""
    # 生命健康产业呢 after 集成电路产业规模
    shared = next((thing[n:] for n in range(1, len(thing) - 1) if thing[n:] in terms), "")
    rest = terms.partition(shared or "的")[2]
    # 水稻呢 after 小麦最低收购价
    return rest if shared or rest else terms.lstrip("把将对给")[len(thing) :]
