"""The indicators that reports tell of, and each one's figures over places and years."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Annotated, Any

from litestar import Request, Response, get
from litestar.di import NamedDependency
from litestar.params import QueryParameter, SkipValidation

from api.shared.protocols import Pipeline, Snapshot
from api.web.layout import Tongue, other_language, page
from api.web.markup import Html, tag
from index.types import Fact, Measure, Status

MOST_NAMES = 500
MOST_ROWS = 200

NameIn = Annotated[str, QueryParameter(max_length=200)]


@dataclass(slots=True)
class Tally:
    """What is told of one indicator: how often, of which places and years."""

    name: str
    figures: int = 0
    places: set[str] = field(default_factory=set)
    years: set[int] = field(default_factory=set)


_counted: dict[str, list[Tally]] = {}
"""Of the snapshot that was asked last: counting goes through every figure."""


def _tallies(snapshot: Snapshot) -> list[Tally]:
    found = _counted.get(snapshot.id)
    if found is None:
        named: dict[str, Tally] = {}
        for fact in snapshot.facts:
            if fact.canonical:
                tally = named.setdefault(fact.canonical, Tally(fact.canonical))
                tally.figures += 1
                tally.places.add(fact.region or "")
                if fact.period is not None:
                    tally.years.add(fact.period.first_year)
        found = sorted(named.values(), key=lambda each: (-each.figures, each.name))
        _counted.clear()
        _counted[snapshot.id] = found
    return found


@get("/indicators", sync_to_thread=True, include_in_schema=False)
def indicators_page(
    request: Request[Any, Any, Any], pipeline: NamedDependency[SkipValidation[Pipeline]], name: NameIn = ""
) -> Response[str]:
    """List the indicators of the vocabulary that a report tells of, most told first."""
    tongue = Tongue.of(request)
    found = [each for each in _tallies(pipeline.snapshot) if name.strip() in each.name]
    rows = [
        tag(
            "tr",
            tag(
                "th", tag("a", each.name, href=tongue.url("indicators/of", name=each.name), lang="zh-Hans"), scope="row"
            ),
            tag("td", each.figures, class_="number"),
            tag("td", len(each.places), class_="number"),
            tag("td", f"{min(each.years)}–{max(each.years)}" if each.years else "–"),
        )
        for each in found[:MOST_NAMES]
    ]
    search = [
        tag("label", tongue("contains"), " ", tag("input", type="search", name="name", value=name)),
        tag("button", tongue("filter"), class_="quiet"),
        tag("input", type="hidden", name="lang", value=tongue.asked) if tongue.asked else None,
    ]
    head = [tag("th", tongue(each), scope="col") for each in ("indicator", "figures", "places", "years")]
    body = [
        tag("form", search, class_="filters", method="get", action="indicators"),
        tag("p", tongue("indicators_line", number=len(found))),
        tag("table", tag("thead", tag("tr", head)), tag("tbody", rows)),
    ]
    title = tongue("indicators_title")
    return page(tongue, title, body, here="indicators", other=other_language(request, tongue))


@get("/indicators/of", sync_to_thread=True, include_in_schema=False)
def indicator_page(
    request: Request[Any, Any, Any],
    pipeline: NamedDependency[SkipValidation[Pipeline]],
    name: NameIn,
    measure: Annotated[str, QueryParameter(max_length=20)] = "",
    place: NameIn = "",
    year: Annotated[int | None, QueryParameter(ge=1900, le=2199)] = None,
) -> Response[str]:
    """Show one indicator's figures as a table of places × years; of one place also as a line, of one year as bars."""
    tongue = Tongue.of(request)
    all_of_it = list(_of(pipeline.snapshot, name))
    measures = Counter(each.measure for each in all_of_it)
    chosen = next((m for m in measures if m.value == measure), None) or (
        measures.most_common(1)[0][0] if measures else Measure.LEVEL
    )
    facts = [
        each
        for each in all_of_it
        if each.measure is chosen
        and (not place or each.region == place)
        and (year is None or (each.period is not None and each.period.first_year == year))
    ]
    links = [
        tag(
            "a",
            f"{tongue(m.value)} ({count})",
            href=tongue.url("of", name=name, measure=m.value, place=place, year=year),
            aria_current="true" if m is chosen else None,
        )
        for m, count in measures.most_common()
    ]
    narrowed = place or year is not None
    body = [
        tag("p", [[link, " "] for link in links], class_="links"),
        tag("p", tag("a", tongue("all_places"), href=tongue.url("of", name=name, measure=chosen.value)))
        if narrowed
        else None,
        _table(tongue, name, chosen, facts, narrowed=bool(narrowed))
        if facts
        else tag("p", tongue("no_indicator"), class_="notice"),
        tag("p", tag("a", tongue("all_csv"), href=f"../v1/facts?{_query(name)}&format=csv", download=True)),
    ]
    title = " · ".join(str(each) for each in (name, tongue(chosen.value), place, year) if each)
    return page(
        tongue,
        title,
        body,
        up="../",
        here="indicators",
        scripts=("indicator.js",),
        other=other_language(request, tongue),
    )


def _query(name: str) -> str:
    return Tongue("zh", None).url("", indicator=name).lstrip("?")


def _of(snapshot: Snapshot, name: str) -> Iterable[Fact]:
    return (each for each in snapshot.facts if each.canonical == name and each.period is not None)


def _table(tongue: Tongue, name: str, measure: Measure, facts: Sequence[Fact], *, narrowed: bool) -> Html:
    """Places down, periods across; with one place or one year chosen, periods down, so that each row is a point."""
    cells: dict[tuple[str, str], list[Fact]] = defaultdict(list)
    for fact in facts:
        cells[fact.region or "", str(fact.period)].append(fact)
    seen: Counter[str] = Counter(place for place, _ in cells)
    places = sorted(seen, key=lambda each: (-seen[each], each))[:MOST_ROWS]
    # Whole years first: they are what is compared; spans and parts of years behind them.
    periods = sorted({period for _, period in cells}, key=lambda each: (len(each) == 4, each), reverse=True)
    if narrowed:
        rows = [
            tag(
                "tr",
                tag("th", place, scope="row", lang="zh-Hans"),
                tag("td", period),
                _cell(tongue, place, period, told),
            )
            for place in places
            for period in sorted(periods)
            # The plan beside the result: each is a point of its own.
            for told in _by_status(cells.get((place, period), ()))
        ]
        head = [tag("th", each, scope="col") for each in (tongue("place"), tongue("period"), tongue("value"))]
    else:
        rows = [
            tag(
                "tr",
                tag(
                    "th",
                    tag("a", p or "–", href=tongue.url("of", name=name, measure=measure.value, place=p), lang="zh-Hans")
                    if p
                    else "–",
                    scope="row",
                ),
                [_cell(tongue, p, period, cells.get((p, period), ())) for period in periods],
            )
            for p in places
        ]
        head = [tag("th", tongue("place"), scope="col")] + [
            tag(
                "th",
                tag("a", period, href=tongue.url("of", name=name, measure=measure.value, year=period[:4])),
                scope="col",
            )
            for period in periods
        ]
    table = tag("table", tag("thead", tag("tr", head)), tag("tbody", rows), class_="of-indicator")
    return tag("div", table, class_="scroll", tabindex="0", role="group", aria_label=name)


def _by_status(facts: Sequence[Fact]) -> Iterator[list[Fact]]:
    done = [each for each in facts if each.status is not Status.TARGET]
    planned = [each for each in facts if each.status is Status.TARGET]
    yield from (each for each in (done, planned) if each)


_ORDER = (Status.ACTUAL, Status.ESTIMATE, Status.TARGET)


def _cell(tongue: Tongue, place: str, period: str, facts: Sequence[Fact]) -> Html:
    if not facts:
        return tag("td")
    first, *rest = sorted(facts, key=lambda each: _ORDER.index(each.status))
    said = _value(first)
    others = list(dict.fromkeys(_marked(tongue, each) for each in rest if _value(each) != said))
    link = tag(
        "a",
        said,
        href=tongue.url(f"../documents/{first.document_id}/", start=first.span.start, end=first.span.end).replace(
            "/?", "?"
        )
        + "#hit",
        title=first.clause,
        aria_label=f"{place} {period} {said}: {first.clause}",
        data_value=f"{first.value:f}",
        data_unit=first.unit,
        data_period=period,
        data_place=place,
        data_status=first.status.value,
    )
    badge = tag("span", tongue(first.status.value), class_="badge") if first.status is not Status.ACTUAL else None
    also = tag("span", tongue("conflict", others="、".join(others[:3])), class_="formula") if others else None
    return tag("td", link, badge, also)


def _marked(tongue: Tongue, fact: Fact) -> str:
    return _value(fact) if fact.status is Status.ACTUAL else f"{_value(fact)} ({tongue(fact.status.value)})"


def _value(fact: Fact) -> str:
    return f"{fact.value:f}{fact.unit}"
