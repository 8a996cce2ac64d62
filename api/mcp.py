"""The same calls as tools of the Model Context Protocol, and the reports as its resources; it alone imports ``mcp``."""

from __future__ import annotations

import datetime as dt
import json
import logging
from collections.abc import Callable
from typing import Annotated, Any

from mcp.server import MCPServer
from mcp.server.caching import CacheHint
from mcp.server.mcpserver.exceptions import ResourceNotFoundError, ToolError
from mcp.server.transport_security import TransportSecuritySettings
from mcp_types import Resource, ToolAnnotations
from pydantic import BaseModel, Field, ValidationError
from starlette.types import ASGIApp

from api.native.facts import FactsOut, fact_out
from api.native.request_schemas import AskRequest, FiltersIn
from api.native.schemas import AnswerOut
from api.shared.conditions import metadata_of
from api.shared.links import Links
from api.shared.protocols import Pipeline
from index.errors import WenjuError
from index.types import Document
from rag.listing import list_facts
from wenju import __version__

FRESH_MS = 60_000
"""How long a client may keep lists and reports: an ingest is seen after a minute at the latest."""
MOST_FACTS = 200

INSTRUCTIONS = (
    "Answers about Chinese government work reports (政府工作报告), each figure with the exact sentence of the exact file, or a "
    "plain no. Use `ask` for a question, `coverage` to see which places and years are held, `facts` for tables of figures, "
    "`search` and `fetch` for passages. Keep the citation marks, and never change a number."
)

_READS = ToolAnnotations(read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False)

Regions = Annotated[list[str] | None, Field(description="Only reports of these places, by full name: 嘉定区")]
Years = Annotated[list[int] | None, Field(description="Only what is told of these years")]
Documents = Annotated[list[str] | None, Field(description="Only these files, by id or file name")]
Today = Annotated[
    str | None, Field(description="The day by which 今年 and 去年 are read, YYYY-MM-DD; today if left out")
]


class FoundPassage(BaseModel):
    """A passage that was found; ``id`` is what ``fetch`` wants."""

    id: str
    title: str
    url: str
    text: str


class FoundOut(BaseModel):
    """Passages, best first."""

    results: list[FoundPassage]


class FetchedOut(BaseModel):
    """A passage or a whole report, as it stands in its file."""

    id: str
    title: str
    text: str
    url: str
    metadata: dict[str, str]


class CoverageOut(BaseModel):
    """Which places and periods the reports speak of."""

    snapshot: str
    counts: dict[str, int] = {}
    regions: dict[str, Any] = {}
    documents: list[dict[str, Any]] = []


class ReportServer(MCPServer[None]):
    """A server whose resources are the reports that are held now, not those that were when it was made."""

    def __init__(self, current: Callable[[], Pipeline], links: Links) -> None:
        hint = CacheHint(ttl_ms=FRESH_MS, scope="private")
        super().__init__(
            "wenju",
            title="Wenju 问据",
            description="Questions about government work reports, answered with the exact sentence.",
            instructions=INSTRUCTIONS,
            version=__version__,
            log_level="WARNING",
            cache_hints=dict.fromkeys(
                ("tools/list", "resources/list", "resources/templates/list", "resources/read"), hint
            ),
        )
        self._current = current
        _add_tools(self, current, links)
        _add_resources(self, current)
        _add_passages(self, current, links)
        _add_prompts(self)

    async def list_resources(self) -> list[Resource]:
        """One resource for each report, in the order of the snapshot; then those that are always there."""
        reports = [
            Resource(
                uri=f"report://{each.id}",
                name=each.id,
                title=each.title,
                description="；".join(filter(None, (each.region, str(each.period or ""), each.kind.value))),
                mime_type="text/plain",
                size=len(each.span.of(self._current().snapshot.sources[each.source].text).encode()),
            )
            for each in self._current().snapshot.documents
        ]
        return [*reports, *await super().list_resources()]


def _add_tools(server: MCPServer[None], current: Callable[[], Pipeline], links: Links) -> None:
    @server.tool(title="Ask the reports", annotations=_READS)
    def ask(
        question: Annotated[str, Field(description="One question, in Chinese or English")],
        history: Annotated[list[str] | None, Field(description="Earlier questions, oldest first")] = None,
        regions: Regions = None,
        years: Years = None,
        documents: Documents = None,
        as_of: Today = None,
    ) -> AnswerOut:
        """Answer a question with the figure, place, period and exact sentence, or say why the reports do not."""
        given = {"question": question, "history": history, "as_of": as_of}
        with _told_to_the_model():
            wanted = AskRequest.model_validate({**given, "filters": _given(regions, years, documents)})
            return AnswerOut.of(current().answer(wanted.to_question(dt.date.today())))

    @server.tool(title="Search passages", annotations=_READS)
    def search(
        query: Annotated[str, Field(description="Words to look for")],
        regions: Regions = None,
        years: Years = None,
        documents: Documents = None,
        top_k: Annotated[int, Field(ge=1, le=50)] = 8,
    ) -> FoundOut:
        """Find passages of the reports; `fetch` gives the whole of one by its id."""
        with _told_to_the_model():
            filters = FiltersIn.model_validate(_given(regions, years, documents)).to_filters()
            found = current().search(_text(query), filters=filters, top_k=top_k, asked_on=dt.date.today())
        return FoundOut(
            results=[
                FoundPassage(
                    id=f"{hit.document_id}:{hit.start}-{hit.end}",
                    title=hit.title,
                    url=links.place(hit.document_id, hit.start, hit.end),
                    text=hit.text,
                )
                for hit in found.hits
            ]
        )

    @server.tool(title="Fetch a passage or a report", annotations=_READS)
    def fetch(id: Annotated[str, Field(description="An id of `search`, or of a report")]) -> FetchedOut:
        """Give a passage, or a whole report, word for word."""
        return _fetched(id, current(), links)

    @server.tool(title="List figures", annotations=_READS)
    def facts(
        indicator: Annotated[str | None, Field(description="In any words of a question: 固定资产投资, GDP")] = None,
        region: Annotated[str | None, Field(description="A place in any words of a question: 嘉定区, 嘉定")] = None,
        year: Annotated[int | None, Field(ge=1900, le=2199)] = None,
        status: Annotated[str | None, Field(pattern="^(actual|estimate|target)$")] = None,
        limit: Annotated[int, Field(ge=1, le=MOST_FACTS)] = 50,
    ) -> FactsOut:
        """List figures as read from the reports, each with its place, period, status and clause."""
        snapshot = current().snapshot
        found = list_facts(snapshot, indicator=indicator, region=region, year=year, status=status)
        rows = [fact_out(each, snapshot) for each in found.facts[:limit]]
        return FactsOut(facts=rows, total=len(found.facts), snapshot=snapshot.id, note=found.note)

    @server.tool(title="What is held", annotations=_READS)
    def coverage() -> CoverageOut:
        """Tell which places and periods the reports speak of; ask this before saying that something is not held."""
        return CoverageOut.model_validate({"snapshot": current().snapshot.id, **current().snapshot.coverage()})


def _add_resources(server: MCPServer[None], current: Callable[[], Pipeline]) -> None:
    @server.resource("report://{document_id}", mime_type="text/plain", title="A report, word for word")
    def report(document_id: str) -> str:
        """The text of one report as it stands in its file."""
        document = current().snapshot.document(document_id)
        if document is None:
            raise ResourceNotFoundError(f"no report has the id {document_id!r}")
        return document.span.of(current().snapshot.sources[document.source].text)


def _add_passages(server: MCPServer[None], current: Callable[[], Pipeline], links: Links) -> None:
    @server.resource("passage://{document_id}/{start}-{end}", mime_type="text/plain", title="A passage, word for word")
    def passage(document_id: str, start: str, end: str) -> str:
        """The characters of a report's file from ``start`` to ``end``, as citations name them."""
        try:
            return _fetched(f"{document_id}:{start}-{end}", current(), links).text
        except ToolError as error:
            raise ResourceNotFoundError(str(error)) from error

    @server.resource(
        "coverage://reports", mime_type="application/json", title="Which reports, places and periods are held"
    )
    def held() -> str:
        """What ``coverage`` tells, to be read before concluding that something is not held."""
        return json.dumps(current().snapshot.coverage(), ensure_ascii=False)


def _add_prompts(server: MCPServer[None]) -> None:
    @server.prompt(title="Look up a figure")
    def figure(indicator: str, place: str, year: str) -> str:
        """One figure with its sentence."""
        return f"{year}年{place}{indicator}是多少、增长多少？请用工具 ask 回答，保留引文标记，不要改动任何数字。"

    @server.prompt(title="Compare places")
    def compare(indicator: str, places: str, year: str) -> str:
        """One indicator of several places in one year."""
        return (
            f"比较{places}{year}年的{indicator}：先用 coverage 看是否收录，再对每个地方用 ask 提问，列成表，每格附引文标记；"
            "没有收录的写明没有，不要估计。"
        )

    @server.prompt(title="Follow a figure over years")
    def over_years(indicator: str, place: str, first: str, last: str) -> str:
        """A row of years, with the years that no report tells named as missing."""
        return f"用 ask 列出{place}{first}年到{last}年{indicator}，每年附引文标记；报告没有给出的年份照实说明。"


class _told_to_the_model:  # noqa: N801  (reads as the statement that it is)
    """Turns our errors into tool errors: words that the calling model can mend its call by."""

    def __enter__(self) -> None: ...

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        if isinstance(error, ValidationError):
            found = (f"{'.'.join(map(str, each['loc']))}: {each['msg']}" for each in error.errors())
            raise ToolError("; ".join(found)) from error
        if isinstance(error, WenjuError | ValueError):
            raise ToolError(str(error)) from error


def _given(regions: list[str] | None, years: list[int] | None, documents: list[str] | None) -> dict[str, Any]:
    return {"regions": regions, "years": years, "documents": documents}


def _text(query: str) -> str:
    if not query.strip():
        raise ValueError("query is empty")
    return query.strip()


def _fetched(wanted: str, pipeline: Pipeline, links: Links) -> FetchedOut:
    identity, colon, place = wanted.partition(":")
    document = pipeline.snapshot.document(identity)
    if document is None:
        raise ToolError(f"no report has the id {identity!r}; ids come from search, or from the resources")
    text = pipeline.snapshot.sources[document.source].text
    start, end = document.span.start, document.span.end
    if colon:
        first, _, last = place.partition("-")
        if not (first.isdecimal() and last.isdecimal() and start <= int(first) < int(last) <= end):
            raise ToolError(f"{wanted!r} names no place in that report")
        start, end = int(first), int(last)
    url = links.place(identity, start, end) if colon else links.document(identity)
    return FetchedOut(id=wanted, title=document.title, text=text[start:end], url=url, metadata=_plain(document))


def _plain(document: Document) -> dict[str, str]:
    return {name: value for name, value in metadata_of(document).items() if isinstance(value, str) and value}


def serve_stdio(pipeline: Pipeline, base_url: str) -> None:
    """Serve one client on standard input and output until it closes them; ``base_url`` is where its links lead."""
    ReportServer(lambda: pipeline, Links(base_url)).run("stdio")


def make_app(current: Callable[[], Pipeline], links: Links, most_bytes: int) -> tuple[ASGIApp, Any]:
    """The endpoint as an ASGI application, and the manager whose ``run()`` must be entered while it serves.

    It keeps no sessions, so that any number of processes can stand behind one address.
    """
    # The SDK gives a process that logs nowhere a handler of its own taste, for everybody's logs.
    logging.basicConfig(format="%(levelname)s %(name)s: %(message)s")
    server = ReportServer(current, links)
    # Who may call by which name, and from which pages, is seen to at the doors (`api/doors.py`, `api/mount.py`).
    security = TransportSecuritySettings(enable_dns_rebinding_protection=False)
    app = server.streamable_http_app(
        stateless_http=True,
        json_response=True,
        transport_security=security,
        max_request_body_size=most_bytes,
    )
    return app, server.session_manager
