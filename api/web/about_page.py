"""A page about a document: what it is and why it is taken for that, its sections, its figures, its doubts, its numbers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

from litestar import Request, Response, get
from litestar.datastructures import State
from litestar.di import NamedDependency
from litestar.params import FromPath, SkipValidation

from api.shared.errors import DocumentNotFoundError
from api.shared.protocols import Pipeline, Snapshot
from api.web.layout import Tongue, other_language, page
from api.web.markup import Html, tag
from index.audit import Audit, audit
from index.types import Document, Fact, Section, Source, Status
from index.words.regions import Gazetteer

MOST_FACTS = 400
FIRST_FACTS = 30
"""Shown at once: more are two screens of rows that few read."""
MOST_NUMBERS = 1000


@get("/documents/{document_id:str}/about", sync_to_thread=True, include_in_schema=False)
def about_page(
    document_id: FromPath[str],
    request: Request[Any, Any, Any],
    pipeline: NamedDependency[SkipValidation[Pipeline]],
    state: State,
) -> Response[str]:
    """Show what is known of a document, and let it be put right where the index can be changed."""
    tongue, snapshot = Tongue.of(request), pipeline.snapshot
    document = _found(snapshot, document_id)
    source = snapshot.sources[document.source]
    facts = [each for each in snapshot.facts if each.document_id == document.id]
    links = [
        tag("a", tongue("read_it"), href=tongue.url(f"../{document.id}")),
        tag("a", tongue("original"), href=f"../{document.id}/original", download=True),
        tag("a", tongue("numbers_link"), href=tongue.url("numbers")),
    ]
    body = [
        tag("p", [[link, " "] for link in links], class_="links"),
        tag("h2", tongue("what")),
        tag("dl", _identity(tongue, document, source, snapshot.also(source.name))),
        tag("div", data_correct=document.id, class_="correcting") if "library" in state else None,
        tag("h2", tongue("doubts")),
        _doubts(tongue, document),
        _sections(tongue, document),
        tag("h2", f"{tongue('facts')} ({len(facts)})"),
        _facts(tongue, document, facts),
    ]
    scripts = ("correct.js",) if "library" in state else ()
    return page(tongue, document.title, body, up="../../", scripts=scripts, other=other_language(request, tongue))


@get("/documents/{document_id:str}/numbers", sync_to_thread=True, include_in_schema=False)
def numbers_page(
    document_id: FromPath[str], request: Request[Any, Any, Any], pipeline: NamedDependency[SkipValidation[Pipeline]]
) -> Response[str]:
    """Show what became of every number of a document that is no figure: it is read once more for that."""
    tongue, snapshot = Tongue.of(request), pipeline.snapshot
    document = _found(snapshot, document_id)
    audits = audit(snapshot.sources[document.source], Gazetteer.load())
    found = next((each for each in audits if each.document.id == document.id), Audit(document, ()))
    facts = found.count("fact")
    line = tongue("numbers_line", numbers=len(found.numbers), figures=facts + found.count("figure"), facts=facts)
    reasons = [
        tag("tr", tag("th", tongue.told(reason), scope="row"), tag("td", tongue(_outcome(outcome))), tag("td", count))
        for outcome, reason, count in found.reasons()
    ]
    rest = [each for each in found.numbers if each.outcome != "fact"]
    numbers = [
        tag(
            "tr",
            tag("th", each.written, scope="row", lang="zh-Hans"),
            tag("td", f"…{each.context}…", lang="zh-Hans"),
            tag("td", tongue.told(each.reason)),
        )
        for each in islice(sorted(rest, key=lambda n: n.outcome), MOST_NUMBERS)
    ]
    body = [
        tag("p", tag("a", document.title, href=tongue.url("about"), lang="zh-Hans")),
        tag("p", line),
        _table(tongue("why"), [tongue("why"), tongue("kind"), tongue("how_many")], reasons),
        tag("h2", tongue("numbers_title")),
        _table(tongue("numbers_title"), [tongue("number"), tongue("around"), tongue("why")], numbers),
    ]
    return page(tongue, tongue("numbers_title"), body, up="../../", other=other_language(request, tongue))


def _outcome(outcome: str) -> str:
    return "no_fact" if outcome == "figure" else "no_figure"


def _found(snapshot: Snapshot, document_id: str) -> Document:
    document = snapshot.document(document_id)
    if document is None:
        raise DocumentNotFoundError(document_id)
    return document


def _identity(tongue: Tongue, document: Document, source: Source, also: Sequence[str]) -> Iterator[Html]:
    byline = document.byline.of(source.text).strip() if document.byline is not None else None
    told = [
        ("kind", tongue(f"kind_{document.kind.value}")),
        ("title", document.title),
        ("place", document.region),
        ("parent", document.parent),
        ("issuer", document.issuer),
        ("given", document.given),
        ("speaker", document.speaker),
        ("byline", byline),
        ("review", document.review),
        ("plan", document.plan),
        ("title_year", document.title_year),
        ("file", document.source),
        ("also", "、".join(also)),
        ("notes", "; ".join(map(tongue.told, source.notes))),
        ("corrected", _corrected(tongue, document)),
    ]
    for name, value in told:
        if value:
            yield tag("dt", tongue(name))
            # What comes from the file is Chinese; what we say of it is in the page's language.
            yield tag("dd", value, lang=None if name in ("kind", "given", "notes", "corrected") else "zh-Hans")


def _corrected(tongue: Tongue, document: Document) -> str:
    """What was put right by hand, each with what had been read."""
    names = {"kind": "kind", "region": "place", "year": "review"}
    told = []
    for field, read in document.corrected:
        was = tongue(f"kind_{read}") if field == "kind" else read or tongue("nothing_read")
        told.append(tongue("corrected_from", field=tongue(names[field]), read=was))
    return ", ".join(told)


def _doubts(tongue: Tongue, document: Document) -> Html:
    told = [("contradicts", each) for each in document.contradictions] + [("guessed", g) for g in document.guesses]
    if not told:
        return tag("p", tongue("no_doubts"))
    return tag(
        "ul",
        [tag("li", tag("b", tongue(kind)), " ", tag("span", tongue.told(line))) for kind, line in told],
        class_="doubts",
    )


def _facts(tongue: Tongue, document: Document, facts: Sequence[Fact]) -> Html:
    rows = [_fact(tongue, document, each) for each in facts[:MOST_FACTS]]
    head = [tongue(name) for name in ("indicator", "value", "measure", "period", "place")]
    csv = tag("a", tongue("all_csv"), href=f"../../v1/facts?document={document.id}&format=csv", download=True)
    shown = tongue("facts_shown", total=len(facts), shown=MOST_FACTS) + " " if len(facts) > MOST_FACTS else None
    first, rest = rows[:FIRST_FACTS], rows[FIRST_FACTS:]
    more = tag("summary", tongue("facts_more", number=len(rest)))
    return Html(
        tag("p", shown, csv)
        + _table(tongue("facts"), head, first)
        + (tag("details", more, _table(tongue("facts_more", number=len(rest)), head, rest)) if rest else "")
    )


def _fact(tongue: Tongue, document: Document, fact: Fact) -> Html:
    value = f"{fact.value:f} {fact.unit}".strip()
    link = tag(
        "a",
        value,
        href=tongue.url(f"../{document.id}", start=fact.span.start, end=fact.span.end) + "#hit",
        title=fact.clause,
        aria_label=f"{fact.indicator} {value}: {fact.clause}",
    )
    badge = tag("span", tongue(fact.status.value), class_="badge") if fact.status is not Status.ACTUAL else None
    name: object = fact.indicator
    if fact.canonical:
        name = tag("a", fact.indicator, href=tongue.url("../../indicators/of", name=fact.canonical))
    return tag(
        "tr",
        tag("th", name, scope="row", lang="zh-Hans"),
        tag("td", link, " ", badge),
        tag("td", tongue(fact.measure.value)),
        tag("td", fact.period),
        tag("td", fact.region, lang="zh-Hans"),
    )


def _sections(tongue: Tongue, document: Document) -> Html:
    headed = [each for each in document.sections if each.heading]
    listed = tag("ol", [_section(tongue, document, each) for each in headed], class_="sections")
    title = f"{tongue('sections')} ({len(headed)})"
    if len(headed) <= FIRST_FACTS:
        return Html(tag("h2", title) + listed)
    return Html(tag("h2", title) + tag("details", tag("summary", tongue("contents")), listed))


def _section(tongue: Tongue, document: Document, section: Section) -> Html:
    link = tag(
        "a", section.heading[-1], href=tongue.url(f"../{document.id}") + f"#s-{section.span.start}", lang="zh-Hans"
    )
    told = [str(section.period or ""), tongue(section.status.value)]
    level = min(max(section.level, 1), 4)
    return tag("li", link, " ", tag("span", " · ".join(t for t in told if t), class_="fine"), class_=f"l{level}")


def _table(name: str, head: Sequence[str], rows: Sequence[Html]) -> Html:
    table = tag("table", tag("thead", tag("tr", [tag("th", each, scope="col") for each in head])), tag("tbody", rows))
    return tag("div", table, class_="scroll", tabindex="0", role="group", aria_label=name)
