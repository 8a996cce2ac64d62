"""The indicators that reports tell of, and each one's figures over places and years."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Annotated, Any

from litestar import Request, Response, get
from litestar.di import NamedDependency
from litestar.params import QueryParameter, SkipValidation

from api.shared.protocols import Pipeline, Snapshot
from api.web.layout import Tongue, other_language, page
from api.web.markup import Html, tag
from api.web.start import held_years
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
        _table(tongue, name, chosen, _Shown(facts, place, year, _years_held(pipeline.snapshot, all_of_it)))
        if facts
        else tag("p", tongue("no_indicator"), class_="notice"),
        tag("p", tongue("gaps_note"), class_="fine") if facts else None,
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


@dataclass(frozen=True, slots=True)
class _Shown:
    """The figures of a page, what they were narrowed to, and the years whose results are held of each place."""

    facts: Sequence[Fact]
    place: str
    year: int | None
    held: Mapping[str, frozenset[int]]

    def gap(self, place: str, period: str) -> str:
        """Why a place has no figure of a period: no report of it is held, or one that does not say."""
        # Of a span of years the report of the last one would tell.
        year = int(period.rsplit("/", maxsplit=1)[-1][:4])
        return "unstated" if year in self.held.get(place, ()) else "unheld"

    def gap_years(self, place: str, told: Iterable[str]) -> Iterator[str]:
        """Whole years of which no result is ``told``, from the first to the last that is told or held."""
        years = {int(period) for period in told if len(period) == 4}
        known = years | self.held.get(place, frozenset())
        if known:
            yield from (str(year) for year in range(min(known), max(known) + 1) if year not in years)


def _years_held(snapshot: Snapshot, facts: Iterable[Fact]) -> dict[str, frozenset[int]]:
    """Of each place; of one that has no report of its own, the years of the reports that tell of it."""
    own = held_years(snapshot)
    years = {document.id: document.data_years for document in snapshot.documents}
    told: dict[str, set[int]] = defaultdict(set)
    for fact in facts:
        told[fact.region or ""].update(years.get(fact.document_id, ()))
    return {place: frozenset(own.get(place) or found) for place, found in told.items()}


def _table(tongue: Tongue, name: str, measure: Measure, shown: _Shown) -> Html:
    """Places down, periods across; with one place or one year chosen, periods down, so that each row is a point."""
    cells: dict[tuple[str, str], list[Fact]] = defaultdict(list)
    for fact in shown.facts:
        cells[fact.region or "", str(fact.period)].append(fact)
    # Whole years first: they are what is compared; spans and parts of years behind them.
    periods = sorted({period for _, period in cells}, key=lambda each: (len(each) == 4, each), reverse=True)
    if shown.place or shown.year is not None:
        rows, head = _rows_of_points(tongue, cells, shown), (tongue("place"), tongue("period"), tongue("value"))
        heads = [tag("th", each, scope="col") for each in head]
    else:
        rows = _rows_of_places(tongue, name, measure, cells, periods, shown)
        heads = [tag("th", tongue("place"), scope="col")] + [
            tag(
                "th",
                tag("a", period, href=tongue.url("of", name=name, measure=measure.value, year=period[:4])),
                scope="col",
            )
            for period in periods
        ]
    table = tag("table", tag("thead", tag("tr", heads)), tag("tbody", rows), class_="of-indicator")
    return tag("div", table, class_="scroll", tabindex="0", role="group", aria_label=name)


def _places(cells: Iterable[tuple[str, str]]) -> list[str]:
    """Those of most periods first."""
    seen: Counter[str] = Counter(place for place, _ in cells)
    return sorted(seen, key=lambda each: (-seen[each], each))[:MOST_ROWS]


def _rows_of_places(
    tongue: Tongue,
    name: str,
    measure: Measure,
    cells: Mapping[tuple[str, str], list[Fact]],
    periods: Sequence[str],
    shown: _Shown,
) -> list[Html]:
    return [
        tag(
            "tr",
            tag(
                "th",
                tag("a", p, href=tongue.url("of", name=name, measure=measure.value, place=p), lang="zh-Hans")
                if p
                else "–",
                scope="row",
            ),
            [_cell(tongue, p, period, cells.get((p, period), ()), shown) for period in periods],
        )
        for p in _places(cells)
    ]


def _rows_of_points(tongue: Tongue, cells: Mapping[tuple[str, str], list[Fact]], shown: _Shown) -> list[Html]:
    points: list[tuple[str, str, list[Fact]]] = []
    for place in _places(cells):
        # The plan beside the result: each is a point of its own.
        told = [(p, each) for (of, p), facts in cells.items() if of == place for each in _by_status(facts)]
        if shown.place:
            results = [period for period, each in told if each[0].status is not Status.TARGET]
            told += [(period, []) for period in shown.gap_years(place, results)]
        points += [(place, period, each) for period, each in sorted(told, key=lambda point: point[0])]
    if shown.year is not None and not shown.place:
        # Who tells it in other years only: of the asked year nothing is told, and why.
        others = sorted(place for place in shown.held if place and (place, str(shown.year)) not in cells)
        points += [(place, str(shown.year), []) for place in others[: max(0, MOST_ROWS - len(points))]]
    return [
        tag(
            "tr",
            tag("th", place, scope="row", lang="zh-Hans"),
            tag("td", period),
            _cell(tongue, place, period, facts, shown),
        )
        for place, period, facts in points
    ]


def _by_status(facts: Sequence[Fact]) -> Iterator[list[Fact]]:
    done = [each for each in facts if each.status is not Status.TARGET]
    planned = [each for each in facts if each.status is Status.TARGET]
    yield from (each for each in (done, planned) if each)


_ORDER = (Status.ACTUAL, Status.ESTIMATE, Status.TARGET)


def _cell(tongue: Tongue, place: str, period: str, facts: Sequence[Fact], shown: _Shown) -> Html:
    if not facts:
        gap = shown.gap(place, period)
        if shown.place:
            return tag("td", tongue(gap), class_="missing", data_gap=gap, data_period=period)
        return tag("td", tongue(gap), class_="missing")
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
