"""Whether a figure tells what is asked of its indicator: a rate for a rate, a target for a target, on the asked basis."""

from __future__ import annotations

from index.rules import Rule
from index.types import Fact, Measure, Status
from index.words.lexicon import load_indicators, load_units, load_wording
from rag.find.facts import dimension_of
from rag.types import Query
from rag.understand.words import load_asking

_YEAR = Rule(
    "decide.serving.year",
    r"(?:19|20)\d{2}(?=年)",
    takes=("比⟦2019⟧年同期增长",),
    leaves=("共2019户",),
)
_RATES = frozenset({"%", "个百分点", "百分点", "‰"})
RANKS_TOLD = frozenset({"位", "名"})
"""Units of a place in a row."""
_MOVED = tuple(load_asking().words["moved_in_writing"]["zh"])
"""With what the name of an amount begins by which something changed."""
_WHOLE = Rule(
    "decide.serving.whole",
    r"占\s*[\u4e00-\u9fffa-z]{2}|相当于",
    takes=("竹木加工产值⟦占工业⟧总产值的比重",),
    leaves=("占比",),
)


def has_own_base(fact: Fact) -> bool:
    """Whether a change is measured against something else than the period before it: 比2006年增长, 年均."""
    if fact.measure is Measure.GROWTH and fact.period is not None and fact.period.length <= 12 and "年均" in fact.base:
        return True
    if fact.period is None or fact.measure not in (Measure.GROWTH, Measure.CHANGE):
        return False
    years = {int(y) for y in _YEAR.findall(fact.base)}
    return bool(years - {fact.period.first_year - 1})


def fits_base(query: Query, fact: Fact) -> bool:
    """Whether a change is measured against the period or place that the question compares with, if it names one."""
    if query.wants.yearly and "均" not in fact.base and "年均" not in fact.clause and "平均每年" not in fact.clause:
        return False
    if fact.measure not in (Measure.GROWTH, Measure.CHANGE):
        return True
    if query.time.bases and fact.period is not None:
        years = {int(y) for y in _YEAR.findall(fact.base)} or {fact.period.first_year - 1}
        if not years & {b.last_year for b in query.time.bases} or "年均" in fact.base:
            return False
    if query.place.against and fact.measure is Measure.CHANGE:
        held = {w for w in load_wording().scopes if w in fact.base}
        asked = set(query.place.against)
        if (
            held
            and not held & asked
            and not any(name[:2] in fact.base for name in query.place.against if name not in held)
        ):
            return bool({"全国"} & held) == bool({"全国"} & asked)
    return True


def on_basis(query: Query, fact: Fact) -> bool:
    before = fact.clause.partition(fact.written)[0][-12:]
    return fact.measure is Measure.GROWTH and any(
        words in fact.base + fact.indicator + before for words in query.thing.basis
    )


def of_one_dimension(fact: Fact, unit: str) -> bool:
    # 农村贫困人口减少1386万: a bare 万 counts what the noun counts.
    bare = fact.unit in load_units().multipliers and dimension_of(unit) == "count"
    return bare or dimension_of(fact.unit) == dimension_of(unit)


def serves(query: Query, fact: Fact) -> bool:
    """Whether a fact tells what is asked of its indicator: a target for a target, a rate for a rate."""
    if (fact.status is Status.TARGET) is not (query.status is Status.TARGET) or not fits_base(query, fact):
        return False
    if query.cues.place_in_row and query.thing.units and set(query.thing.units) <= RANKS_TOLD:
        # 居全省第几位 is told by a place in a row alone.
        return fact.unit in RANKS_TOLD
    if fact.unit == "位" and not {"位", "名"} & set(query.thing.units) and not query.cues.place_in_row:
        # 产量多少万辆 is not told by 产量居第1位.
        return False
    wants = query.wants
    if not wants.share and fact.indicator.endswith("比重") and not {"占", "比"} & set(query.thing.terms):
        # 工业增加值增长多少 is not told by 第一产业增加值占…比重.
        return False
    if wants.share and not (wants.change and wants.rise):
        return _tells_share(query, fact)
    if wants.change:
        return fact.measure is Measure.CHANGE
    if wants.rise:
        return _tells_rise(query, fact)
    if wants.growth:
        return _tells_growth_too(query, fact) if wants.level else _tells_growth(fact)
    return query.status is Status.TARGET or _tells_level(query, fact)


def _amounts(query: Query) -> list[str]:
    return [unit for unit in query.thing.units if unit != "%"]


def _tells_share(query: Query, fact: Fact) -> bool:
    # 通自来水的人家占百分之几 names no whole: a rate tells it (自来水普及率).
    rate = fact.measure is Measure.LEVEL and _WHOLE.search(query.thing.terms) is None
    return fact.measure is Measure.SHARE or (fact.unit == "%" and (rate or "比重" in fact.indicator + fact.clause))


def _tells_rise(query: Query, fact: Fact) -> bool:
    """提高多少 is answered by a change and never by the level that was reached; 增加多少元 not by a rate either."""
    amounts = _amounts(query)
    amount = any(of_one_dimension(fact, unit) for unit in amounts)
    if fact.measure is Measure.CHANGE:
        return not amounts or amount
    if fact.measure is Measure.LEVEL:
        # 压减炼钢产能1230万吨: by how much it fell, and no level of what is there.
        return amount and fact.indicator.startswith(_MOVED)
    return fact.measure is Measure.GROWTH and not amounts


def _tells_growth(fact: Fact) -> bool:
    return fact.measure is Measure.GROWTH or (fact.measure is Measure.CHANGE and fact.unit != "%")


def _tells_growth_too(query: Query, fact: Fact) -> bool:
    """By how many people did it fall: an amount by which something changed tells that too."""
    amounts = _amounts(query)
    amount = any(of_one_dimension(fact, unit) for unit in amounts) if amounts else fact.unit not in _RATES
    return fact.measure is not Measure.CHANGE or amount


def _tells_level(query: Query, fact: Fact) -> bool:
    if "%" in query.thing.units and set(query.thing.units) <= _RATES:
        return fact.unit in ("%", "‰") and fact.measure is not Measure.CHANGE
    if fact.measure is Measure.GROWTH and not query.thing.units:
        # Prices and intensities are told by their change alone: their "value" is that rate.
        known = load_indicators().get(fact.canonical or "")
        return known is not None and fact.canonical in query.thing.indicators and set(known.units) <= {"%"}
    return fact.measure in (Measure.LEVEL, Measure.SHARE)
