"""Wire types of reports: what is held of them, and what became of files that were sent or taken out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, Field, StringConstraints

from api.native.request_schemas import WireRequest
from api.shared.operation.reached import reached
from index.ingest import IngestReport
from index.types import CORRECTABLE_YEARS, LONGEST_PLACE, Document, Section, Source


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


class CorrectedOut(BaseModel):
    """What was put right by hand: ``kind``, ``region`` or ``year``, with what was read instead, as far as anything was."""

    field: str
    read: str


class DocumentOut(BaseModel):
    """One report. ``document`` is its file; several reports can share one, and ``also`` names files of the same content."""

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
    data_years: list[int]
    title_year: int | None
    doubts: list[str]
    sha256: str
    start: int
    end: int
    url: str
    corrected: list[CorrectedOut]
    also: list[str]

    @classmethod
    def of(cls, value: Document, also: Sequence[str]) -> Self:
        return cls(**_document_fields(value), also=list(also))


class DocumentDetailOut(DocumentOut):
    """One report with its sections and its text: ``text`` is the source's at ``[start, end)``.

    Where the file is a PDF, a Word document or the like, the source is the text that was taken from it, and ``original``
    the address of the file; ``notes`` say what was repaired or left out.
    """

    sections: list[SectionOut]
    text: str
    notes: list[str]
    original: str

    @classmethod
    def of_source(cls, value: Document, source: Source, also: Sequence[str]) -> Self:
        return cls(
            **_document_fields(value),
            also=list(also),
            sections=[SectionOut.of(each) for each in value.sections],
            text=value.span.of(source.text),
            notes=list(source.notes),
            original=reached(f"/documents/{value.id}/original"),
        )


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
        "data_years": list(value.data_years),
        "title_year": value.title_year,
        "doubts": list(value.doubts),
        "sha256": value.sha256,
        "start": value.span.start,
        "end": value.span.end,
        "url": reached(f"/documents/{value.id}"),
        "corrected": [CorrectedOut(field=name, read=read) for name, read in value.corrected],
    }


class DocumentsOut(BaseModel):
    """Every report of the snapshot."""

    documents: list[DocumentOut]
    snapshot: str


class FileRefused(BaseModel):
    """A file that was left out, and why."""

    file: str
    cause: str


class FileNote(BaseModel):
    """What was repaired or left out in reading a file, in words."""

    file: str
    note: str


class FileSame(BaseModel):
    """A file whose content another one has already: it is kept, and read and cited as that one."""

    file: str
    equals: str


class IngestOut(BaseModel):
    """What became of every file that was sent; ``replaced`` are those of ``added`` that were held with another content.

    ``counts`` and ``snapshot`` are of the index as it is now.
    """

    added: list[str]
    replaced: list[str]
    kept: int
    same: list[FileSame]
    refused: list[FileRefused]
    notes: list[FileNote]
    counts: dict[str, int]
    snapshot: str

    @classmethod
    def of(cls, report: IngestReport) -> Self:
        return cls(
            added=list(report.added),
            replaced=list(report.replaced),
            kept=len(report.kept),
            same=[FileSame(file=name, equals=twin) for name, twin in report.same],
            refused=[FileRefused(file=name, cause=cause) for name, cause in report.refused],
            notes=[FileNote(file=name, note=note) for name, note in report.notes],
            counts=dict(report.manifest.counts),
            snapshot=report.manifest.id,
        )


class RemovedOut(BaseModel):
    """The file that was taken out, with the ids of all its documents."""

    document: str
    removed: list[str]
    snapshot: str


class RestorableOut(BaseModel):
    """The files that were taken out and can be brought back, as long as one of the kept snapshots has them."""

    files: list[str]


class RestoreIn(WireRequest):
    """The file to bring back, by its name."""

    document: Annotated[str, StringConstraints(min_length=1, max_length=1000)]


class ChangedOut(BaseModel):
    """The documents of a file as they are now."""

    documents: list[DocumentOut]
    snapshot: str


KindName = Literal[
    "annual", "half_year", "quarter", "bulletin", "budget", "plan", "outline", "summary", "news", "other"
]  # fmt: skip


class CorrectionIn(WireRequest):
    """What a document is to be taken for; what is left out is as it is read.

    ``region`` is any name of a place, ``year`` the year whose results it tells, of a five-year plan the one it begins with.
    """

    region: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=LONGEST_PLACE)] | None = (
        None
    )
    year: Annotated[int, Field(ge=CORRECTABLE_YEARS[0], le=CORRECTABLE_YEARS[-1])] | None = None
    kind: KindName | None = None
