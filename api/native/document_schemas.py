"""Wire types of reports: what is held of them, and what became of files that were sent or taken out."""

from __future__ import annotations

import datetime as dt
from typing import Any, Self

from pydantic import BaseModel

from index.types import Document, Section, Source


class SectionOut(BaseModel):
    """A numbered part of a document; ``[start, end)`` counts characters of the source file."""

    id: str
    heading: list[str]
    level: int
    period: str | None
    status: str
    start: int
    end: int

    @classmethod
    def of(cls, value: Section) -> Self:
        return cls(
            id=value.id,
            heading=list(value.heading),
            level=value.level,
            period=None if value.period is None else str(value.period),
            status=value.status.value,
            start=value.span.start,
            end=value.span.end,
        )


class DocumentOut(BaseModel):
    """One report. ``document`` is its file; several reports can share one."""

    id: str
    document: str
    title: str
    region: str | None
    parent: str | None
    issuer: str | None
    given: dt.date | None
    kind: str
    period: str | None
    review: str | None
    plan: str | None
    contradictions: list[str]
    sha256: str
    start: int
    end: int
    url: str

    @classmethod
    def of(cls, value: Document) -> Self:
        return cls(**_document_fields(value))


class DocumentDetailOut(DocumentOut):
    """One report with its sections and its text: ``text`` is the source file's at ``[start, end)``."""

    sections: list[SectionOut]
    text: str

    @classmethod
    def of_source(cls, value: Document, source: Source) -> Self:
        sections = [SectionOut.of(each) for each in value.sections]
        return cls(**_document_fields(value), sections=sections, text=value.span.of(source.text))


def _document_fields(value: Document) -> dict[str, Any]:
    return {
        "id": value.id,
        "document": value.source,
        "title": value.title,
        "region": value.region,
        "parent": value.parent,
        "issuer": value.issuer,
        "given": value.given,
        "kind": value.kind.value,
        "period": None if value.period is None else str(value.period),
        "review": None if value.review is None else str(value.review),
        "plan": None if value.plan is None else str(value.plan),
        "contradictions": list(value.contradictions),
        "sha256": value.sha256,
        "start": value.span.start,
        "end": value.span.end,
        "url": f"/documents/{value.id}",
    }


class DocumentsOut(BaseModel):
    """Every report of the snapshot."""

    documents: list[DocumentOut]
    snapshot: str


class FileRefused(BaseModel):
    """A file that was left out, and why."""

    file: str
    cause: str


class FileSame(BaseModel):
    """A file that was left out because its bytes are another one's."""

    file: str
    equals: str


class IngestOut(BaseModel):
    """What became of every file that was sent; ``counts`` and ``snapshot`` are of the index as it is now."""

    added: list[str]
    kept: int
    same: list[FileSame]
    refused: list[FileRefused]
    counts: dict[str, int]
    snapshot: str


class RemovedOut(BaseModel):
    """The file that was taken out, with the ids of all its documents."""

    document: str
    removed: list[str]
    snapshot: str
