"""What the snapshot holds: coverage, and its documents, which can be added to and taken away."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated, Any

from litestar import delete, get, post
from litestar.datastructures import State, UploadFile
from litestar.di import NamedDependency
from litestar.enums import RequestEncodingType
from litestar.params import Body, FromPath, QueryParameter, SkipValidation

from api.errors import ConflictError, DocumentNotFoundError, LibraryClosedError, described
from api.guards import INGEST
from api.library import Library, Upload
from api.protocols import Pipeline
from api.schemas import DocumentDetailOut, DocumentOut, DocumentsOut, FileRefused, FileSame, IngestOut, RemovedOut
from api.work import Workers
from rag.errors import QuestionError

MAX_FILES = 200


@get("/v1/coverage", sync_to_thread=True)
def coverage(pipeline: NamedDependency[SkipValidation[Pipeline]]) -> dict[str, Any]:
    """Tell which regions and periods the reports speak of, and where a report contradicts itself."""
    return pipeline.snapshot.coverage()


@get("/v1/documents", sync_to_thread=True)
def documents(pipeline: NamedDependency[SkipValidation[Pipeline]]) -> DocumentsOut:
    """List every report of the snapshot."""
    snapshot = pipeline.snapshot
    return DocumentsOut(documents=[DocumentOut.of(each) for each in snapshot.documents], snapshot=snapshot.id)


@get("/v1/documents/{document_id:str}", sync_to_thread=True, responses=described(HTTPStatus.NOT_FOUND))
def document(document_id: FromPath[str], pipeline: NamedDependency[SkipValidation[Pipeline]]) -> DocumentDetailOut:
    """Show one report with its sections and its text as it stands in the file."""
    snapshot = pipeline.snapshot
    found = snapshot.document(document_id)
    if found is None:
        raise DocumentNotFoundError(document_id)
    return DocumentDetailOut.of_source(found, snapshot.sources[found.source])


def _library(state: State) -> Library:
    library: Library | None = state.get("library")
    if library is None:
        raise LibraryClosedError
    return library


@post(
    "/v1/documents",
    status_code=HTTPStatus.CREATED,
    opt=INGEST,
    responses=described(
        HTTPStatus.BAD_REQUEST, HTTPStatus.REQUEST_ENTITY_TOO_LARGE, HTTPStatus.UNPROCESSABLE_ENTITY,
        HTTPStatus.NOT_IMPLEMENTED,
    ),
)  # fmt: skip
async def add_documents(
    data: Annotated[dict[str, UploadFile | list[UploadFile]], Body(media_type=RequestEncodingType.MULTI_PART)],
    pipeline: NamedDependency[SkipValidation[Pipeline]],
    workers: NamedDependency[SkipValidation[Workers]],
    state: State,
) -> IngestOut:
    """Add report files, whatever their fields are called; a file of the same name is replaced.

    What cannot be used is named with its cause and the rest goes in; until the new snapshot is whole, the last one serves.
    """
    library = _library(state)
    files = [each for value in data.values() for each in (value if isinstance(value, list) else [value])]
    if not files or not all(isinstance(each, UploadFile) for each in files):
        raise QuestionError("body", "send one file or more as multipart/form-data")
    if len(files) > MAX_FILES:
        raise QuestionError("body", f"holds more than {MAX_FILES} files")
    uploads = [Upload(each.filename, await each.read()) for each in files]
    embedder = pipeline.embedder
    report = await workers.run(lambda: library.add(uploads, embedder))
    return IngestOut(
        added=list(report.added),
        kept=len(report.kept),
        same=[FileSame(file=name, equals=twin) for name, twin in report.same],
        refused=[FileRefused(file=name, cause=cause) for name, cause in report.refused],
        counts=dict(report.manifest.counts),
        snapshot=report.manifest.id,
    )


@delete(
    "/v1/documents/{document_id:str}",
    status_code=HTTPStatus.OK,
    opt=INGEST,
    responses=described(HTTPStatus.NOT_FOUND, HTTPStatus.CONFLICT, HTTPStatus.NOT_IMPLEMENTED),
)
async def remove_document(
    document_id: FromPath[str],
    pipeline: NamedDependency[SkipValidation[Pipeline]],
    workers: NamedDependency[SkipValidation[Workers]],
    state: State,
    whole_file: Annotated[bool, QueryParameter()] = False,
) -> RemovedOut:
    """Take a report out. One that shares its file with others goes only with them, and only with ``whole_file=true``."""
    library = _library(state)
    found = pipeline.snapshot.document(document_id)
    if found is None:
        raise DocumentNotFoundError(document_id)
    removed = [each.id for each in pipeline.snapshot.documents if each.source == found.source]
    if len(removed) > 1 and not whole_file:
        raise ConflictError(
            f"{found.source} holds {len(removed)} documents; repeat with whole_file=true to take all of them out"
        )
    embedder = pipeline.embedder
    await workers.run(lambda: library.remove(found.source, embedder))
    return RemovedOut(document=found.source, removed=removed, snapshot=state["pipeline"].snapshot.id)
