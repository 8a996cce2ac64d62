"""What the snapshot holds: coverage, and its documents."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromPath, SkipValidation

from api.errors import DocumentNotFoundError, described
from api.protocols import Pipeline
from api.schemas import DocumentDetailOut, DocumentOut, DocumentsOut


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
