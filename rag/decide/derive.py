"""Figures that are calculated from two stated ones, with formula and operands shown.

Never a growth rate from two levels: a report that states another one is right, because bases are revised.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal

from index.rules import Rule
from index.store.snapshot import IndexSnapshot
from index.text.folding import fold
from index.types import Fact, Measure, Status
from index.words.fragments import HAN, any_word
from index.words.naming import normalised
from index.words.numbers import Figure, find_figures
from index.words.periods import arabic_years
from rag.decide.lists import named_in_list, pair
from rag.decide.verdict import Calculation, Found, Missing
from rag.find.facts import is_whole
from rag.types import Mention, Query, QuestionKind
from rag.understand.words import either, load_asking

_THING = r"[\u4e00-\u9fffa-z0-9.]{2,30}?"
_INSIDE = either("inside")
_MOVES = any_word("rise", "fall")

_SHARE = Rule(
    "decide.derive.share",
    rf"(?P<whole2>{_THING})(?:{_INSIDE})[\s,]*(?P<part2>{_THING})的?\s*占(?:比|多少|百分|\s*$)"
    rf"|(?P<part>{_THING})占(?P<whole>{_THING})的?(?:{either('shares')}|百分之|多少)"
    r"|^(?P<part3>[^比占]{2,24}?)相当于\s*(?P<whole3>[^比占]{2,24})$",
    takes=("⟦出口占进出口总额的比重⟧",),
    leaves=("出口总额",),
)
_BETWEEN_TWO = Rule(
    "decide.derive.between_two",
    r"^(?P<one>[^比]{2,30}?)比(?![重例上去前较])(?P<other>[^比]{2,30}?)(?:[高低多少大小长短快慢]|增加|减少)[出了]*(?P<of>(?:收入|[花赚挣拿])?)$",
    takes=("⟦甲乡的甘蔗产量比乙乡多⟧", "⟦城里人比农村人多收入⟧"),
    leaves=("税收占财政收入比重高",),
)
_BESIDES = Rule(
    "decide.derive.besides",
    rf"^(?P<whole>[^比]{{2,24}}?)(?:{_INSIDE})[\s,]*(?P<part>{HAN}{{2,10}}?)[以之]外的",
    takes=("⟦一般公共预算收入中税收以外的⟧收入",),
    leaves=("税收收入",),
)
_ADDED_UP = Rule(
    "decide.derive.added_up",
    rf"(?:{load_asking().patterns['sum'].pattern})(?:[一总]共|是)?$",
    takes=("两座码头的货物装卸量⟦加起来⟧",),
    leaves=("两座机场一共有几条航线",),
)
_TAIL = Rule(
    "decide.derive.tail",
    r"的?[高低多少]$|的$",
    takes=("两地收入相差⟦多⟧",),
    leaves=("两地收入相差",),
)


_MOVED = Rule(
    "decide.derive.moved",
    rf"(?:[从由]|^|(?<=[,、]))(?P<start>[^从由,]{{1,24}}?)(?:{_MOVES}|{either('reshaped')})了?[到至为]",
    takes=("高新技术企业⟦由385家增加到⟧862家",),
    leaves=("高新技术企业增加477家",),
)
_MOVE = Rule(
    "decide.derive.move",
    rf"(?:[数总]量|总数)?(?:一?共)?净?(?:{_MOVES})+了?$",
    takes=("养老机构⟦数量净增加⟧",),
    leaves=("增加了高新技术企业",),
)

Find = Callable[[Query], list[Found | Missing]]


def derive(query: Query, find: Find, snapshot: IndexSnapshot) -> Calculation | None:
    """The asked share or difference, where both operands are stated for one place and period."""
    gap = _BETWEEN_TWO.search(query.thing.terms) if query.cues.gap and len(query.time.periods) < 2 else None
    if gap is not None and not query.time.bases:
        return _between(query, gap["one"] + gap["of"], gap["other"] + gap["of"], find, snapshot)
    whole, minus, part = query.thing.terms.partition("减去")
    if minus and whole.strip() and part.strip():
        return _between(query, whole.strip(), part.strip(), find, snapshot)
    total = (_total(query, snapshot) or _total_of_cells(query, find)) if query.cues.sums_up else None
    total = total or _total_of_years(query, find)
    if total is not None:
        return total
    besides = _BESIDES.search(query.thing.terms)
    if besides is not None:
        return _between(query, besides["whole"], besides["part"], find, snapshot)
    moved = query.wants.change or query.wants.rise
    share = _SHARE.search(query.thing.terms) if not moved else None
    if share is not None:
        part, whole = (next(filter(None, share.group(n, f"{n}2", f"{n}3"))) for n in ("part", "whole"))
        return _share(query, part, whole, find)
    return _moved(query, find, snapshot) or _by_identity(query, find)


def _by_identity(query: Query, find: Find) -> Calculation | None:
    """What is the difference of two others by its meaning (贸易顺差: exports less imports), where no report states it."""
    names, wants = query.thing.indicators, query.wants
    terms = load_asking().differences.get(names[0]) if len(names) == 1 and is_whole(query) else None
    if terms is None or not wants.level or wants.growth or wants.share or query.status is Status.TARGET:
        return None
    if "差" not in names[0] and not query.cues.subtracts:
        # 外贸进出口总额中进口多少 asks for what the report tells, and not for a sum.
        return None
    if any(isinstance(cell, Found) for cell in find(query)):
        return None
    levels = []
    for name in terms:
        thing = replace(query.thing, terms=name, indicators=(name,), whole="")
        cells = find(replace(query, kind=QuestionKind.VALUE, thing=thing, mentions=()))
        level = next((f for c in cells if isinstance(c, Found) for f in c.facts if f.measure is Measure.LEVEL), None)
        if level is None or level.canonical != name:
            return None
        levels.append(level)
    calculated = difference(*levels)
    return replace(calculated, label=names[0]) if calculated is not None else None


def _moved(query: Query, find: Find, snapshot: IndexSnapshot) -> Calculation | None:
    """By how much something became more or less: against a time that is named, between two ends, or as one statement tells."""
    wants, time = query.wants, query.time
    if time.bases and len(time.periods) == 1 and (wants.rise or wants.growth or query.cues.gap):
        return _since(query, find) or _since_told(query, find, snapshot)
    moved = wants.change or wants.rise
    spans_years = bool(time.periods) and time.periods[0].length > 12
    if (query.kind is QuestionKind.DERIVE and query.cues.moved) or (moved and spans_years):
        return _change(query, find) or _between_ends(query, find)
    if moved and time.periods and not any(isinstance(cell, Found) for cell in find(query)):
        # 188个园区整合优化为120个: by how many they became fewer is told by both ends alone.
        return _change(query, find)
    return None


def _between_ends(query: Query, find: Find) -> Calculation | None:
    """从1982年到1987年增加了多少: the level of the last year without that of the first."""
    if not query.time.periods or not query.cues.range:
        return None
    span, levels = query.time.periods[0], []
    for year in (span.last_year, span.first_year):
        counted = _level_of(query, _MOVE.sub("", query.thing.terms) or query.thing.terms)
        asked = replace(counted, time=replace(counted.time, periods=(type(span).year(year),)))
        level = next((f for c in find(asked) if isinstance(c, Found) for f in c.facts), None)
        if level is None or level.measure is not Measure.LEVEL:
            return None
        levels.append(level)
    return difference(*levels)


def _total(query: Query, snapshot: IndexSnapshot) -> Calculation | None:
    """The sum of the figures of a list whose things the question names: 科技、教育、卫生和文化的支出合计."""
    facts = named_in_list(query, snapshot)
    if len(facts) < 2 or len({f.unit for f in facts}) > 1:
        return None
    value = sum((f.value for f in facts), Decimal(0))
    formula = f"{' + '.join(f.written for f in facts)} = {_plain(value)}{facts[0].unit}"
    label = f"{'、'.join(f.indicator for f in facts)}合计"
    return Calculation(label, value, facts[0].unit, formula, facts, tuple(f.written for f in facts))


def _total_of_cells(query: Query, find: Find) -> Calculation | None:
    """The sum over the places or years that a question names: 厦门机场和福州机场的旅客吞吐量加起来."""
    if len(query.place.regions) < 2 and len(query.time.periods) < 2:
        return None
    asked = replace(
        query, kind=QuestionKind.COMPARE, thing=replace(query.thing, terms=_ADDED_UP.sub("", query.thing.terms).strip())
    )
    facts = []
    for cell in find(asked):
        level = next((f for f in cell.facts if f.measure is Measure.LEVEL), None) if isinstance(cell, Found) else None
        if level is None:
            return None
        facts.append(level)
    if len(facts) < 2 or len({f.unit for f in facts}) > 1:
        return None
    value = sum((f.value for f in facts), Decimal(0))
    formula = f"{' + '.join(f.written for f in facts)} = {_plain(value)}{facts[0].unit}"
    return Calculation(
        f"{facts[0].indicator}合计", value, facts[0].unit, formula, tuple(facts), tuple(f.written for f in facts)
    )


def _total_of_years(query: Query, find: Find) -> Calculation | None:
    """累计 over a span of which no report tells the total: the sum of its years, where each is told."""
    periods = query.time.periods
    spans = len(periods) == 1 and periods[0].length > 12 and periods[0].first % 12 == periods[0].length % 12 == 0
    if not spans or not (query.wants.total or query.cues.sums_up) or query.wants.growth:
        return None
    if any(isinstance(cell, Found) for cell in find(query)):
        return None
    years = tuple(type(periods[0]).year(y) for y in range(periods[0].first_year, periods[0].last_year + 1))
    asked = replace(query, time=replace(query.time, periods=years), wants=replace(query.wants, total=False))
    return _total_of_cells(asked, find)


def _between(query: Query, one: str, other: str, find: Find, snapshot: IndexSnapshot) -> Calculation | None:
    """How much one thing is above another of the same place and time: 城镇居民收入比农村居民收入高多少."""
    facts = pair(query, snapshot, one, other) or _both(query, one, other, find)
    return difference(*facts) if facts is not None else None


def _both(query: Query, one: str, other: str, find: Find) -> tuple[Fact, Fact] | None:
    found = []
    for words in (one, other):
        level = next((f for c in find(_level_of(query, words)) if isinstance(c, Found) for f in c.facts), None)
        if level is None or level.measure is not Measure.LEVEL:
            return None
        found.append(level)
    return (found[0], found[1]) if found[0] != found[1] else None


def _level_of(query: Query, words: str) -> Query:
    """The query for the level of one of the things that it names."""
    return replace(
        query,
        kind=QuestionKind.VALUE,
        mentions=tuple(m for m in query.mentions if m.slot != "indicator" or _said_in(query, m, words)),
        thing=replace(
            query.thing,
            terms=words,
            units=(),
            indicators=tuple(n for n in query.thing.indicators if n in words or words in n),
        ),
        wants=replace(query.wants, growth=False, share=False, change=False, rise=False, level=True),
    )


def _said_in(query: Query, mention: Mention, words: str) -> bool:
    return mention.surface in words or mention.value in words


def _since(query: Query, find: Find) -> Calculation | None:
    """The difference, or where a rate is asked the rate, between the asked period and the one it is compared with.

    Only where no report states it: a stated figure is found before this is asked for.
    """
    levels = []
    statuses = _planned_and_done(query)
    terms = _TAIL.sub("", query.thing.terms.split()[0] if statuses != (query.status,) * 2 else query.thing.terms)
    for period, status in zip((query.time.periods[0], query.time.bases[0]), statuses, strict=True):
        asked = replace(
            query,
            kind=QuestionKind.VALUE,
            status=status,
            time=replace(query.time, periods=(period,), bases=()),
            thing=replace(
                query.thing,
                terms=terms or query.thing.terms,
                units=tuple(u for u in query.thing.units if u not in ("%", "个百分点", "百分点")),
            ),
            wants=replace(query.wants, rise=False, growth=False, change=False, level=True),
        )
        found = [c for c in find(asked) if isinstance(c, Found)]
        kinds = (Measure.LEVEL, Measure.SHARE) if query.wants.share else (Measure.LEVEL,)
        level = next((f for c in found for f in c.facts if f.measure in kinds), None)
        if level is None:
            return None
        levels.append(level)
    since = query.time.bases[0]
    points = {"个百分点", "百分点"} & set(query.thing.units)
    rate = ("%" in query.thing.units and not points) or (
        query.wants.growth and not query.thing.units and not query.cues.gap
    )
    result = rate_between(*levels) if rate else difference(*levels)
    return replace(result, against=str(since)) if result is not None else None


def _since_told(query: Query, find: Find, snapshot: IndexSnapshot) -> Calculation | None:
    """The change that one statement tells from the compared year on: 从1978年到1986年，收入由1121亿元增加到2220亿元."""
    moved = _change(replace(query, time=replace(query.time, bases=())), find)
    if moved is None:
        return None
    sentence = arabic_years(fold(snapshot.sentences[moved.operands[0].sentence].text))
    return moved if str(query.time.bases[0].last_year) in sentence else None


def _planned_and_done(query: Query) -> tuple[Status | None, Status | None]:
    """What each side is asked as: 2025年计划改造的比2024年实际改造的少多少 sets a plan against a result."""
    if query.cues.plan_against_result:
        return Status.TARGET, Status.ACTUAL
    return query.status, query.status


def difference(one: Fact, other: Fact) -> Calculation | None:
    """``one`` minus ``other`` in the unit of the first, if both are of one dimension."""
    (large, kind), (small, also) = normalised(one.value, one.unit), normalised(other.value, other.unit)
    factor = normalised(Decimal(1), one.unit)[0]
    if kind != also or (kind == "count" and one.unit != other.unit) or not factor:
        return None
    value = (large - small) / factor
    unit = "个百分点" if one.unit == "%" else one.unit
    formula = f"{_signed(one)} − {_signed(other)} = {_plain(value)}{unit}"
    words = one.indicator if one.indicator == other.indicator else (one.canonical or one.indicator)
    return Calculation(f"{words}之差", value, unit, formula, (one, other), (one.written, other.written))


def rate_between(one: Fact, other: Fact) -> Calculation | None:
    """The growth of ``one`` over ``other`` in percent, to one decimal."""
    (large, kind), (small, also) = normalised(one.value, one.unit), normalised(other.value, other.unit)
    if kind != also or not small:
        return None
    value = ((large - small) / small * 100).quantize(Decimal("0.1"), ROUND_HALF_UP)
    formula = f"({one.written} − {other.written}) ÷ {other.written} × 100% ≈ {_plain(value)}%"
    return Calculation(f"{one.indicator}的增减率", value, "%", formula, (one, other), (one.written, other.written))


def _signed(fact: Fact) -> str:
    return f"({'−' if fact.value < 0 else ''}{fact.written})" if fact.value < 0 else fact.written


def _plain(value: Decimal) -> str:
    return f"{value.normalize():f}"


def _share(query: Query, part: str, whole: str, find: Find) -> Calculation | None:
    facts = []
    for words in (part, whole):
        asked = _level_of(query, words)
        found = [c for c in find(asked) if isinstance(c, Found)]
        level = next((f for c in found for f in c.facts if f.measure is Measure.LEVEL), None)
        if level is None:
            return None
        facts.append(level)
    one, all_ = facts
    (small, kind), (large, other) = normalised(one.value, one.unit), normalised(all_.value, all_.unit)
    if kind != other or not large or small > large or one.period != all_.period or one.region != all_.region:
        return None
    value = (small / large * 100).quantize(Decimal("0.1"), ROUND_HALF_UP)
    formula = f"{one.written} ÷ {all_.written} × 100% ≈ {value}%"
    return Calculation(
        f"{one.indicator}占{all_.indicator}的比重", value, "%", formula, (one, all_), (one.written, all_.written)
    )


def _change(query: Query, find: Find) -> Calculation | None:
    """The difference of a statement 从542公顷增加到596公顷."""
    reached = replace(
        query,
        kind=QuestionKind.VALUE,
        thing=replace(
            query.thing,
            terms=_MOVE.sub("", query.thing.terms) or query.thing.terms,
            units=tuple(u for u in query.thing.units if u not in ("个百分点", "百分点", "%")),
        ),
        wants=replace(query.wants, rise=False, change=False, growth=False, level=True),
        time=replace(query.time, periods=tuple(type(p).year(p.last_year) for p in query.time.periods)),
    )
    facts = (f for cell in find(reached) if isinstance(cell, Found) for f in (*cell.facts, *cell.same))
    return next((change for fact in facts if (change := told_change(fact)) is not None), None)


def told_change(fact: Fact) -> Calculation | None:
    """The difference of both ends, where a figure's clause tells where it started."""
    ends: Sequence[Figure] = ()
    for moved in reversed(list(_MOVED.finditer(fact.clause))):
        # 公路由123万公里增加到176万公里，其中高速公路由4771公里增加到2.52万公里: each has ends of its own.
        starts, ends = find_figures(moved["start"]), find_figures(fact.clause[moved.end() :])
        if fact.written in (f.written for f in (*starts, *ends)):
            break
    else:
        return None
    at = next((n for n, end in enumerate(ends) if end.written == fact.written), 0)
    # 分别从771家、481家增加到1076家、636家: the start in the same place of its list.
    if not starts or not ends or len(starts) != max(1, min(len(starts), len(ends))) or at >= len(starts):
        return None
    start, end = starts[at], ends[at]
    (large, kind), (small, also) = normalised(end.value, end.unit), normalised(start.value, start.unit)
    if kind != also or (kind == "count" and start.unit != end.unit):
        return None
    value = (large - small) / normalised(Decimal(1), end.unit)[0]
    unit = "个百分点" if end.unit == "%" else end.unit
    formula = f"{end.written} − {start.written} = {_plain(value)}{unit}"
    return Calculation(f"{fact.indicator}的变化", value, unit, formula, (fact,), (end.written, start.written))
