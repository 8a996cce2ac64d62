"""What the snapshot holds: coverage, and its documents, which can be added to and taken away."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated, Any

from litestar import Request, delete, get, post
from litestar.datastructures import State, UploadFile
from litestar.di import NamedDependency
from litestar.enums import RequestEncodingType
from litestar.openapi.spec import OpenAPIFormat, OpenAPIMediaType, OpenAPIType, Operation, RequestBody, Schema
from litestar.params import FromPath, QueryParameter, SkipValidation
from multipart import MultipartError

from api.native.document_schemas import DocumentDetailOut, DocumentOut, DocumentsOut, IngestOut, RemovedOut
from api.shared.errors import ConflictError, DocumentNotFoundError, LibraryClosedError, described
from api.shared.guards import INGEST
from api.shared.library import Library, Upload
from api.shared.protocols import Pipeline
from api.shared.work import Workers
from index.ingest import IngestReport, Progress
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
    held = [DocumentOut.of(each, snapshot.also(each.source)) for each in snapshot.documents]
    return DocumentsOut(documents=held, snapshot=snapshot.id)


@get("/v1/documents/{document_id:str}", sync_to_thread=True, responses=described(HTTPStatus.NOT_FOUND))
def document(document_id: FromPath[str], pipeline: NamedDependency[SkipValidation[Pipeline]]) -> DocumentDetailOut:
    """Show one report with its sections and its text as it stands in the file."""
    snapshot = pipeline.snapshot
    found = snapshot.document(document_id)
    if found is None:
        raise DocumentNotFoundError(document_id)
    return DocumentDetailOut.of_source(found, snapshot.sources[found.source], snapshot.also(found.source))


def library_of(state: State) -> Library:
    """What changes the index. Raises LibraryClosedError where nothing may."""
    library: Library | None = state.get("library")
    if library is None:
        raise LibraryClosedError
    return library


async def uploads_of(request: Request[Any, Any, Any]) -> list[Upload]:
    """The files of a form, whatever its fields are called. Raises QuestionError where there are none."""
    if request.content_type[0] != RequestEncodingType.MULTI_PART:
        raise QuestionError("body", "send one file or more as multipart/form-data")
    try:
        form = await request.form()
    except (MultipartError, KeyError, ValueError) as error:
        # What a form without its boundary, or with a broken one, makes the framework raise.
        raise QuestionError("body", "is not a readable multipart/form-data") from error
    files = [each for _, each in form.multi_items() if isinstance(each, UploadFile)]
    if not files:
        raise QuestionError("body", "holds no file")
    if len(files) > MAX_FILES:
        raise QuestionError("body", f"holds more than {MAX_FILES} files")
    return [Upload(each.filename, await each.read()) for each in files]


@dataclass
class UploadOperation(Operation):
    """Says in the schema what the handler reads by itself: files under any name."""

    def __post_init__(self) -> None:
        file = Schema(type=OpenAPIType.STRING, format=OpenAPIFormat.BINARY)
        files = Schema(type=OpenAPIType.ARRAY, items=file, min_items=1)
        body = Schema(type=OpenAPIType.OBJECT, properties={"files": files}, required=["files"])
        self.request_body = RequestBody(content={"multipart/form-data": OpenAPIMediaType(schema=body)}, required=True)


@post(
    "/v1/documents",
    operation_class=UploadOperation,
    status_code=HTTPStatus.CREATED,
    opt=INGEST,
    responses=described(
        HTTPStatus.BAD_REQUEST, HTTPStatus.REQUEST_ENTITY_TOO_LARGE, HTTPStatus.UNPROCESSABLE_ENTITY,
        HTTPStatus.CONFLICT, HTTPStatus.NOT_IMPLEMENTED, HTTPStatus.SERVICE_UNAVAILABLE,
    ),
)  # fmt: skip
async def add_documents(
    request: Request[Any, Any, Any],
    pipeline: NamedDependency[SkipValidation[Pipeline]],
    workers: NamedDependency[SkipValidation[Workers]],
    state: State,
) -> IngestOut:
    """Add report files, whatever their fields are called; a file of the same name is replaced.

    What cannot be used is named with its cause and the rest goes in; until the new snapshot is whole, the last one serves.
    """
    library = library_of(state)
    uploads = await uploads_of(request)
    embedder = pipeline.embedder

    def add(wanted: Callable[[], None]) -> IngestReport:
        return library.add(uploads, embedder, Progress(on_total=lambda _: wanted()))

    return IngestOut.of(await workers.change_if_wanted(add, request.receive))


@delete(
    "/v1/documents/{document_id:str}",
    status_code=HTTPStatus.OK,
    opt=INGEST,
    responses=described(
        HTTPStatus.NOT_FOUND, HTTPStatus.CONFLICT, HTTPStatus.NOT_IMPLEMENTED, HTTPStatus.SERVICE_UNAVAILABLE
    ),
)
async def remove_document(
    document_id: FromPath[str],
    pipeline: NamedDependency[SkipValidation[Pipeline]],
    workers: NamedDependency[SkipValidation[Workers]],
    state: State,
    whole_file: Annotated[bool, QueryParameter()] = False,
) -> RemovedOut:
    """Take a report out. One that shares its file with others goes only with them, and only with ``whole_file=true``."""
    library = library_of(state)
    found = pipeline.snapshot.document(document_id)
    if found is None:
        raise DocumentNotFoundError(document_id)
    removed = [each.id for each in pipeline.snapshot.documents if each.source == found.source]
    if len(removed) > 1 and not whole_file:
        raise ConflictError(
            f"{found.source} holds {len(removed)} documents; repeat with whole_file=true to take all of them out"
        )
    embedder = pipeline.embedder
    await workers.change(lambda: library.remove(found.source, embedder))
    return RemovedOut(document=found.source, removed=removed, snapshot=state["pipeline"].snapshot.id)
