"""What a follow-up leaves open, filled from the question before it."""

from __future__ import annotations

from dataclasses import replace

from index.rules import Rule
from index.text.folding import fold
from index.words.lexicon import load_indicators, load_wording
from rag.types import Query, QuestionKind
from rag.understand.words import load_asking

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
CONTENT = Rule("understand.follow_up.content", r"[\u4e00-\u9fff]{2,}|[a-z]{3,}")


_CARRY_1 = Rule("understand.follow_up.carry_1", r"实际|完成了")


def carry(query: Query, before: Query) -> Query:
    """Fill what a follow-up leaves open from the question before it."""
    carried: list[str] = []
    changes: dict[str, object] = {}
    if not query.regions and not query.unknown_regions and query.level is None and (before.regions or before.level):
        changes["regions"], changes["level"] = before.regions, before.level
        carried.append("region")
    step = _YEAR_BEFORE.search(fold(query.text))
    if step is not None and before.periods and before.periods[-1].is_year:
        # 再往前一年呢?
        changes["periods"] = (type(before.periods[-1]).year(before.periods[-1].last_year - 1),)
        query = replace(query, terms=_YEAR_BEFORE.sub("", query.terms).strip(), bases=())
    elif not query.periods and not query.report_years and (before.periods or before.report_years):
        changes["periods"], changes["report_years"] = before.periods, before.report_years
        carried.append("period")
    other = _contrasted(query, before) or _instead(query, before)
    if other is not None:
        query = other
        carried.extend(other.carried)
    bare = _VERBS_ONLY.sub("", _growthless(query.terms).replace(" ", ""))
    if query.wants_change or query.against:
        # 这个增速比全国高还是低？差几个百分点？
        bare = _COMPARING.sub("", bare)
    another = _ANOTHER.fullmatch(fold(query.text)) is not None and not (query.wants_growth or query.units)
    asked_figure = bool(before.units or before.wants_growth or before.indicators or before.follows_figure)
    if another and asked_figure and before.kind not in _OF_WORDS:
        changes["follows_figure"] = True
    if query.indicators and another:
        # 那游客总花费呢 after 接待游客增长多少: what of it is told, its growth if there is one.
        changes["wants_growth"], changes["wants_level"] = before.wants_growth, True
        changes["kind"], changes["units"] = before.kind, tuple(u for u in before.units if u == "%")
    open_terms = not CONTENT.search(bare) and not query.indicators
    if (
        query.status is None
        and before.status is not None
        and (open_terms or not query.periods)
        and not _CARRY_1.search(query.text)
    ):
        # …2026年的目标？那高铁里程呢？
        changes["status"] = before.status
        carried.append("status")
    if open_terms:
        carried_terms = before.terms
        if query.wants_stock:
            # 新认定高新技术企业…那到年底总数有多少家: what there is in all, not what was added.
            carried_terms = _VERBS_ONLY.sub("", before.terms) or before.terms
        changes["terms"], changes["indicators"], changes["units"] = carried_terms, before.indicators, before.units
        carried.append("indicator")
        asks_growth = query.wants_growth
        changes["kind"] = (
            query.kind if query.kind not in (QuestionKind.VALUE, QuestionKind.SERIES) or asks_growth else before.kind
        )
        if not asks_growth:
            changes["wants_growth"], changes["wants_level"] = before.wants_growth, before.wants_level
        else:
            changes["units"] = ()
        changes["asks_speaker"] = before.asks_speaker
    return replace(query, carried=tuple(carried), **changes)  # type: ignore[arg-type]


def _contrasted(query: Query, before: Query) -> Query | None:
    """农村的呢 after 城市低保标准: the same thing of the other side, by the pairs of ``asking.toml``."""
    said = query.terms.replace(" ", "").strip("的呢")
    for group in load_asking().contrasts:
        if said in group:
            held = next((word for word in group if word in before.terms and word != said), None)
            if held is not None:
                words = before.terms.replace(held, said, 1)
                known = load_indicators().written_as(words)
                return replace(
                    query,
                    terms=words,
                    indicators=(known.name,) if known is not None else (),
                    units=query.units or before.units,
                    carried=("indicator",),
                    kind=before.kind,
                    status=query.status or before.status,
                    wants_growth=query.wants_growth or before.wants_growth,
                    wants_level=before.wants_level,
                )
    return None


def _instead(query: Query, before: Query) -> Query | None:
    """正佳广场呢 after 太古汇的楼宇税收: another thing in the place of the one that was named, asked for the same."""
    thing = query.terms.replace(" ", "").removesuffix("呢")
    if _ANOTHER.fullmatch(fold(query.text)) is None or query.indicators or query.units or len(thing) < 2:
        return None
    shared = next((thing[n:] for n in range(1, len(thing) - 1) if thing[n:] in before.terms), "")
    # 生命健康产业呢 after 集成电路产业规模
    rest = before.terms.partition(shared or "的")[2]
    if not shared and not rest:
        # 水稻呢 after 小麦最低收购价
        rest = before.terms.lstrip("把将对给")[len(thing) :]
    if len(rest) < 2:
        return None
    return replace(
        query,
        terms=thing + rest,
        units=before.units,
        carried=("indicator",),
        kind=before.kind,
        status=query.status or before.status,
        wants_growth=query.wants_growth or before.wants_growth,
        wants_level=before.wants_level,
        wants_rise=before.wants_rise,
        wants_change=before.wants_change,
    )


def _growthless(terms: str) -> str:
    return load_asking().patterns["growth"].sub(" ", terms)
