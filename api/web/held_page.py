"""What is held: places × years, with the documents that tell of each, and the holes between them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Annotated, Any

from litestar import Request, Response, get
from litestar.di import NamedDependency
from litestar.params import QueryParameter, SkipValidation

from api.shared.protocols import Pipeline
from api.web.layout import Tongue, other_language, page
from api.web.markup import Html, tag
from index.types import Document, Kind

MOST_ROWS = 200
"""Places on one page: what a browser draws at once, and more than a person reads."""

TELLS_RESULTS = (Kind.ANNUAL, Kind.BULLETIN, Kind.BUDGET, Kind.PLAN, Kind.SUMMARY)
"""Documents that tell what became of a whole year."""
_FIRST = ("result", "target", "half_year", "bulletin")
"""How the documents of one cell follow each other: what tells results first."""


_YEAR = r"^(?:\d{4})?$"
"""A form sends the fields that were left empty too."""


@dataclass(slots=True)
class Row:
    """A place: the documents of each year, each with its mark."""

    place: str | None
    cells: dict[int | None, list[tuple[str, Document]]] = field(default_factory=lambda: defaultdict(list))

    told: set[int] = field(default_factory=set)
    """The years whose results a document tells."""

    def holes(self) -> set[int]:
        """Years between the first and the last whose results are told, of which none are."""
        return set(range(min(self.told), max(self.told) + 1)) - self.told if self.told else set()


def marks(document: Document) -> Iterator[tuple[int | None, str]]:
    """The years that a document tells of, each with what it is there: the results and the plans of a work report are two."""
    plain = document.kind is Kind.ANNUAL
    told = dict.fromkeys(document.data_years, "result" if plain else document.kind.value)
    if document.plan is not None:
        for year in range(document.plan.first_year, document.plan.last_year + 1):
            told.setdefault(year, "target" if plain else document.kind.value)
    yield from told.items() if told else [(None, document.kind.value)]


def rows_of(documents: Iterable[Document]) -> list[Row]:
    """A row for each place, those of most years first."""
    rows: dict[str | None, Row] = {}
    for document in documents:
        row = rows.setdefault(document.region, Row(document.region))
        if document.kind in TELLS_RESULTS:
            row.told.update(document.data_years)
        for year, mark in marks(document):
            row.cells[year].append((mark, document))
    for row in rows.values():
        for told in row.cells.values():
            told.sort(
                key=lambda each: (_FIRST.index(each[0]) if each[0] in _FIRST else len(_FIRST), each[0], each[1].id)
            )
    return sorted(rows.values(), key=lambda row: (row.place is None, -len(row.cells), row.place or ""))


@get("/held", sync_to_thread=True, include_in_schema=False)
def held_page(
    request: Request[Any, Any, Any],
    pipeline: NamedDependency[SkipValidation[Pipeline]],
    place: Annotated[str, QueryParameter(max_length=100)] = "",
    kind: Annotated[str, QueryParameter(max_length=20)] = "",
    first: Annotated[str, QueryParameter(name="from", pattern=_YEAR)] = "",
    last: Annotated[str, QueryParameter(name="to", pattern=_YEAR)] = "",
    holes: Annotated[str, QueryParameter(max_length=10)] = "",
) -> Response[str]:
    """Show the matrix; what is given narrows it."""
    tongue = Tongue.of(request)
    snapshot = pipeline.snapshot
    fitting = [
        each
        for each in snapshot.documents
        if place.strip() in (each.region or "") + (each.parent or "") and kind in ("", each.kind.value)
    ]
    rows = [row for row in rows_of(fitting) if not holes or row.holes()]
    years = sorted({y for row in rows for y in row.cells if y is not None}, reverse=True)
    years = [y for y in years if (not first or y >= int(first)) and (not last or y <= int(last))]
    places = len({each.region for each in snapshot.documents if each.region})
    line = tongue("held_line", documents=len(snapshot.documents), places=places, facts=len(snapshot.facts))
    kinds = sorted({each.kind for each in snapshot.documents}, key=list(Kind).index)
    broken = sum(bool(row.holes()) for row in rows_of(snapshot.documents))
    lacking = tag("a", tongue("held_lacking", places=broken), href=tongue.url("held", holes=1)) if broken else None
    body = [
        tag("p", line, " ", lacking),
        _filters(tongue, {"place": place, "kind": kind, "from": first, "to": last, "holes": holes}, kinds),
        _legend(tongue, rows) if rows else None,
        _matrix(tongue, rows[:MOST_ROWS], years) if rows else tag("p", tongue("held_none"), class_="notice"),
        tag("p", tongue("held_first", shown=MOST_ROWS, places=len(rows)), class_="notice")
        if len(rows) > MOST_ROWS
        else None,
    ]
    return page(
        tongue, tongue("held_title"), body, here="held", status=HTTPStatus.OK, other=other_language(request, tongue)
    )


def _filters(tongue: Tongue, given: Mapping[str, object], kinds: Sequence[Kind]) -> Html:
    options = [tag("option", tongue("any"), value="")] + [
        tag("option", tongue(f"kind_{each.value}"), value=each.value, selected=given["kind"] == each.value)
        for each in kinds
    ]
    year = {"type": "number", "min": 1900, "max": 2199}
    fields = [
        tag("label", tongue("place"), " ", tag("input", type="search", name="place", value=given["place"])),
        tag("label", tongue("kind"), " ", tag("select", options, name="kind")),
        tag("label", tongue("from"), " ", tag("input", name="from", value=given["from"], **year)),
        tag("label", tongue("to"), " ", tag("input", name="to", value=given["to"], **year)),
        tag(
            "label",
            tag("input", type="checkbox", name="holes", value="1", checked=bool(given["holes"])),
            " ",
            tongue("holes_only"),
        ),
        tag("button", tongue("filter"), class_="quiet"),
        tag("input", type="hidden", name="lang", value=tongue.asked) if tongue.asked else None,
    ]
    return tag("form", fields, class_="filters", method="get", action=tongue.url("held").split("?")[0])


def _matrix(tongue: Tongue, rows: Sequence[Row], years: Sequence[int]) -> Html:
    undated = any(None in row.cells for row in rows)
    head = [tag("th", tongue("place"), scope="col")] + [tag("th", year, scope="col") for year in years]
    if undated:
        head.append(tag("th", tongue("undated"), scope="col"))
    body = []
    for row in rows:
        holes = row.holes()
        cells = [_cell(tongue, row, year, year in holes) for year in years]
        if undated:
            cells.append(_cell(tongue, row, None, False))
        name = tag("th", row.place or tongue("unknown_place"), scope="row", lang="zh-Hans" if row.place else None)
        body.append(tag("tr", name, cells))
    table = tag("table", tag("thead", tag("tr", head)), tag("tbody", body), class_="matrix")
    return tag("div", table, class_="scroll", tabindex="0", role="group", aria_label=tongue("matrix"))


def _cell(tongue: Tongue, row: Row, year: int | None, hole: bool) -> Html:
    said = tongue("hole_of", place=row.place or tongue("unknown_place"), year=year)
    missing = tag("span", tongue("hole"), title=said) if hole else None
    links = [
        tag(
            "a",
            tongue(f"mark_{mark}"),
            class_=f"m-{mark}",
            href=tongue.url(f"documents/{document.id}/about"),
            title=document.title,
            aria_label=f"{document.title}: {_meaning(tongue, mark)}",
        )
        for mark, document in row.cells.get(year, ())
    ]
    return tag("td", missing, " " if hole else None, [[link, " "] for link in links], class_="hole" if hole else None)


def _meaning(tongue: Tongue, mark: str) -> str:
    return tongue(f"means_{mark}" if mark in ("result", "target") else f"kind_{mark}")


def _legend(tongue: Tongue, rows: Sequence[Row]) -> Html:
    seen = sorted({mark for row in rows for marks in row.cells.values() for mark, _ in marks})
    entries = [tag("li", tag("span", tongue(f"mark_{m}"), class_=f"m-{m}"), " ", _meaning(tongue, m)) for m in seen]
    if any(row.holes() for row in rows):
        entries.append(tag("li", tag("span", tongue("hole"), class_="hole"), " ", tongue("means_hole")))
    return tag("ul", entries, class_="matrix-legend", aria_label=tongue("legend"))
