"""The pages for people: the ask page, its script and style, and each source document."""

from __future__ import annotations

from http import HTTPStatus
from pathlib import Path, PurePosixPath
from typing import Annotated, Any
from urllib.parse import quote

from litestar import MediaType, Request, Response, get
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException, ValidationException
from litestar.params import FromPath, QueryParameter, SkipValidation

from api.shared.errors import DocumentNotFoundError, described
from api.shared.protocols import Pipeline
from api.web import source_page
from api.web.about_page import about_page, numbers_page
from api.web.bring_page import bring_page
from api.web.held_page import held_page
from api.web.indicator_page import indicator_page, indicators_page
from api.web.layout import PAGE_HEADERS, Tongue
from api.web.start import start, suggested
from index.types import Span

_STATIC = Path(__file__).parent / "static"

_TYPES = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml", ".json": "application/json"}

# A closed table, read once: a name in a path is never joined to a folder, and no file waits for a thread behind questions.
# The pages themselves are templates and not given out.
_FILES = {
    path.name: (path.read_bytes(), f"{_TYPES[path.suffix]}; charset=utf-8")
    for path in _STATIC.iterdir()
    if path.suffix in _TYPES
}
_INDEX = (_STATIC / "index.html").read_bytes()

OffsetIn = Annotated[int | None, QueryParameter(ge=0, le=2**31)]


@get("/", media_type=MediaType.HTML, sync_to_thread=False, include_in_schema=False)
def index_page() -> Response[bytes]:
    """Serve the page to ask on."""
    return Response(_INDEX, media_type=MediaType.HTML, headers=PAGE_HEADERS)


@get("/web/{name:str}", sync_to_thread=False, include_in_schema=False)
def web_file(name: FromPath[str]) -> Response[bytes]:
    """Serve a file that a page refers to."""
    content, media_type = _FILES.get(name, (None, ""))
    if content is None:
        raise NotFoundException
    return Response(content, media_type=media_type, headers=PAGE_HEADERS)


@get("/documents/{document_id:str}", media_type=MediaType.HTML, sync_to_thread=True, include_in_schema=False)
def document_page(
    document_id: FromPath[str],
    request: Request[Any, Any, Any],
    pipeline: NamedDependency[SkipValidation[Pipeline]],
    start: OffsetIn = None,
    end: OffsetIn = None,
) -> Response[str]:
    """Show a source document, with the characters ``[start, end)`` of its file marked."""
    snapshot = pipeline.snapshot
    found = snapshot.document(document_id)
    if found is None:
        raise DocumentNotFoundError(document_id)
    source, also = snapshot.sources[found.source], snapshot.also(found.source)
    page = source_page.render(found, source, _asked_span(start, end), also, Tongue.of(request))
    return Response(page, media_type=MediaType.HTML, headers=PAGE_HEADERS)


@get("/documents/{document_id:str}/original", sync_to_thread=True, responses=described(HTTPStatus.NOT_FOUND))
def original_file(document_id: FromPath[str], pipeline: NamedDependency[SkipValidation[Pipeline]]) -> Response[bytes]:
    """Give out the unmodified file of a document, to be saved."""
    snapshot = pipeline.snapshot
    found = snapshot.document(document_id)
    if found is None:
        raise DocumentNotFoundError(document_id)
    name = PurePosixPath(found.source).name
    headers = {
        # Always saved, never shown: a web page from elsewhere must not run as one of this service's.
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(name, safe='')}",
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "Cache-Control": "no-cache",
    }
    return Response(snapshot.original(found.source), media_type="application/octet-stream", headers=headers)


def _asked_span(start: int | None, end: int | None) -> Span | None:
    if start is None and end is None:
        return None
    if start is None or end is None:
        raise _wrong("start" if start is None else "end", "start and end are given together")
    if end <= start:
        raise _wrong("end", "must be greater than start")
    return Span(start, end)


def _wrong(field: str, message: str) -> ValidationException:
    return ValidationException(extra=[{"key": field, "message": message}])


PAGES = (
    index_page,
    web_file,
    start,
    suggested,
    document_page,
    original_file,
    about_page,
    numbers_page,
    held_page,
    indicators_page,
    indicator_page,
    bring_page,
)
"""Every route for people."""
