"""A row of places in words: the answer first, then the rows, then who is missing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from index.types import Measure
from rag.answer.phrases import figure_en, figure_zh, indicator_en, period_en, period_zh, region_en
from rag.answer.pieces import Draft, Quoter, value_of, with_spans
from rag.decide.kinds.ranks import size_of, within
from rag.decide.verdict import Found, Ranked
from rag.types import Citation, Query, Value

_LEVELS = {"county": "区县", "city": "市", "province": "省级地区"}
_LEVELS_EN = {"county": "districts and counties", "city": "cities", "province": "provinces"}


_FIRST = 3
"""Rows that are shown where the first alone is asked."""
_TOLD = 60
"""Rows that an answer has words for; a longer row is told from its beginning, and its values have all of it."""


def row(quoter: Quoter, query: Query, ranked: Ranked) -> Draft:
    """The asked stretch of a row with its ranks. Who is missing is said once, at the end."""
    english = query.language == "en"
    shown = _shown(query, ranked)
    citations: list[Citation] = []
    values: list[Value] = []
    spans: dict[int, list[tuple[int, int]]] = {}
    text = _lead_en(query, ranked, shown) if english else _lead_zh(query, ranked, shown)
    ranks = Counter(rank for rank, _ in ranked.rows)
    for number, (rank, cell) in enumerate(shown):
        fact, equal = cell.facts[0], ranks[rank] > 1
        citation = quoter.cite(cell.facts, citations)
        values.append(value_of(fact, citation.n))
        if number >= _TOLD:
            continue
        words = (
            f"{rank}. {region_en(cell.region)}: {figure_en(fact)}{' (equal)' if equal else ''}"
            if english
            else f"{rank}. {cell.region}：{figure_zh(fact)}{'（并列）' if equal else ''}"
        )
        text += "\n"
        spans.setdefault(citation.n, []).append((len(text), len(text) + len(words)))
        text += f"{words}[{citation.n}]"
    rest = len(shown) - _TOLD
    if rest > 0:
        text += f"\n{rest} more stand in the values." if english else f"\n其余{rest}个见数据。"
    text += _ending_en(query, ranked) if english else _ending_zh(query, ranked)
    return Draft(
        text,
        None,
        tuple(values),
        tuple(with_spans(c, spans.get(c.n, [])) for c in citations),
        support=min((cell.score for _, cell in shown), default=0.0),
        slots=(
            period_zh(ranked.period) + period_en(ranked.period),
            *quoter.in_words([cell for _, cell in shown]),
            *(f"{n}、" for n in range(1, len(ranked.rows) + len(ranked.missing) + len(ranked.absent) + 1)),
            query.row.bound.written if query.row.bound is not None else "",
            f"{rest}个、{rest} more" if rest > 0 else "",
        ),
    )


def _shown(query: Query, ranked: Ranked) -> Sequence[tuple[int, Found]]:
    """The rows that are asked for: those beyond a bound, so many of one end with their ties, one place, or all."""
    rows = ranked.rows
    if ranked.place is not None:
        return [r for r in rows if r[1].region == ranked.place] or rows
    if query.row.bound is not None:
        return [r for r in rows if within(r[1], query.row.bound)]
    # Of a row that is not asked for as a whole the first ones show by how much the first leads.
    top = query.row.top or (len(rows) if query.row.all else _FIRST)
    return [r for r in rows if r[0] <= top]


def _thing(query: Query, ranked: Ranked) -> str:
    fact = ranked.rows[0][1].facts[0]
    name = fact.canonical or (query.thing.indicators[0] if len(query.thing.indicators) == 1 else fact.indicator)
    return f"{name}增速" if fact.measure is Measure.GROWTH else name


def _lead_zh(query: Query, ranked: Ranked, shown: Sequence[tuple[int, Found]]) -> str:
    among = f"{period_zh(ranked.period)}，在报告给出{_thing(query, ranked)}的{len(ranked.rows)}个{_LEVELS[ranked.level]}中，"
    bound = query.row.bound
    if ranked.place is not None:
        place = next((rank, cell) for rank, cell in ranked.rows if cell.region == ranked.place)
        equal = sum(size_of(c) == size_of(place[1]) for _, c in ranked.rows) > 1
        return f"{among}{ranked.place}{'并列' if equal else ''}{'从低到高' if query.row.lowest else ''}第{place[0]}："
    if bound is not None:
        side = "达到或超过" if bound.above else "低于"
        return f"{among}{side}{bound.written}的有{len(shown)}个{'：' if shown else '。'}"
    first = "、".join(cell.region or "" for rank, cell in ranked.rows if rank == 1)
    end = "最低" if query.row.lowest else "最高"
    if query.row.top:
        return f"{among}{end}的{query.row.top}个是："
    order = "由低到高" if query.row.lowest else "由高到低"
    some = "依次" if query.row.all else f"前{len(shown)}个"
    return f"{among}{first}{'并列' if '、' in first else ''}{end}，{order}{some}是："


def _ending_zh(query: Query, ranked: Ranked) -> str:
    told = []
    if ranked.missing:
        told.append(f"\n报告没有给出的：{'、'.join(ranked.missing)}。")
    if ranked.absent:
        told.append(f"\n没有收录报告、未参加比较的：{'、'.join(ranked.absent)}。")
    return "".join(told)


def _lead_en(query: Query, ranked: Ranked, shown: Sequence[tuple[int, Found]]) -> str:
    fact = ranked.rows[0][1].facts[0]
    name = indicator_en(fact.canonical) if fact.canonical else fact.indicator
    name = f"{name.upper() if len(name) <= 4 else name[:1].upper() + name[1:]}{' growth' if fact.measure is Measure.GROWTH else ''}"
    among = f"{name} in {period_en(ranked.period)}, among {len(ranked.rows)} {_LEVELS_EN[ranked.level]} whose reports state it"
    if query.row.bound is not None:
        side = "at or above" if query.row.bound.above else "below"
        return f"{among}, {len(shown)} {side} {query.row.bound.written}:"
    first = ", ".join(region_en(cell.region) for rank, cell in ranked.rows if rank == 1)
    return f"{among}: {'lowest' if query.row.lowest else 'highest'} is {first}."


def _ending_en(query: Query, ranked: Ranked) -> str:
    told = []
    if ranked.missing:
        told.append(f"\nNot stated: {', '.join(map(region_en, ranked.missing))}.")
    if ranked.absent:
        told.append(f"\nNo report held: {', '.join(map(region_en, ranked.absent))}.")
    return "".join(told)
