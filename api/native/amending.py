"""What people change of the reports that are held: what one is taken for, and bringing back what was taken out."""

from __future__ import annotations

from http import HTTPStatus

from litestar import delete, get, post, put
from litestar.datastructures import State
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody, SkipValidation

from api.native.document_schemas import ChangedOut, CorrectionIn, DocumentOut, RestorableOut, RestoreIn
from api.native.documents import library_of
from api.shared.errors import BAD_BODY, DocumentNotFoundError, described
from api.shared.guards import INGEST
from api.shared.protocols import Pipeline
from api.shared.work import Workers
from index.types import Kind

_CHANGING = described(
    *BAD_BODY, HTTPStatus.NOT_FOUND, HTTPStatus.CONFLICT, HTTPStatus.NOT_IMPLEMENTED, HTTPStatus.SERVICE_UNAVAILABLE
)


@put("/v1/documents/{document_id:str}/correction", opt=INGEST, responses=_CHANGING)
async def correct_document(
    document_id: FromPath[str],
    data: JSONBody[CorrectionIn],
    pipeline: NamedDependency[SkipValidation[Pipeline]],
    workers: NamedDependency[SkipValidation[Workers]],
    state: State,
) -> ChangedOut:
    """Say what place, year or kind a report is of: it is read anew, and answers follow. What is left out is as it is read.

    It stays with the file's content through whatever is added later.
    """
    return await _corrected(document_id, data, pipeline, workers, state)


@delete("/v1/documents/{document_id:str}/correction", status_code=HTTPStatus.OK, opt=INGEST, responses=_CHANGING)
async def take_correction_back(
    document_id: FromPath[str],
    pipeline: NamedDependency[SkipValidation[Pipeline]],
    workers: NamedDependency[SkipValidation[Workers]],
    state: State,
) -> ChangedOut:
    """Have a report be what was read of it again."""
    return await _corrected(document_id, CorrectionIn(), pipeline, workers, state)


async def _corrected(
    document_id: str, told: CorrectionIn, pipeline: Pipeline, workers: Workers, state: State
) -> ChangedOut:
    library, embedder = library_of(state), pipeline.embedder
    kind = Kind(told.kind) if told.kind is not None else None
    found = pipeline.snapshot.document(document_id)
    if found is None:
        raise DocumentNotFoundError(document_id)
    await workers.change(lambda: library.correct(found.id, embedder, region=told.region, year=told.year, kind=kind))
    return _of_file(state, found.source)


@get("/v1/removed", sync_to_thread=True, opt=INGEST, responses=described(HTTPStatus.NOT_IMPLEMENTED))
def removed(state: State) -> RestorableOut:
    """List the files that were taken out and can be brought back."""
    return RestorableOut(files=library_of(state).restorable())


@post("/v1/removed", status_code=HTTPStatus.CREATED, opt=INGEST, responses=_CHANGING)
async def restore(
    data: JSONBody[RestoreIn],
    pipeline: NamedDependency[SkipValidation[Pipeline]],
    workers: NamedDependency[SkipValidation[Workers]],
    state: State,
) -> ChangedOut:
    """Bring back a file that was taken out, with those of its content and what was put right in it by hand."""
    library, embedder = library_of(state), pipeline.embedder
    await workers.change(lambda: library.restore(data.document, embedder))
    return _of_file(state, data.document)


def _of_file(state: State, name: str) -> ChangedOut:
    """What is served now of a file, or of the one that has its content."""
    snapshot = state["pipeline"].snapshot
    source = snapshot.sources.get(name)
    leading = source.same_as or name if source is not None else name
    held = [DocumentOut.of(each, snapshot.also(leading)) for each in snapshot.documents if each.source == leading]
    return ChangedOut(documents=held, snapshot=snapshot.id)


AMENDING = (correct_document, take_correction_back, removed, restore)
"""Every route of this file."""
