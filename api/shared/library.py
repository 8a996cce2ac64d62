"""Reports added to and taken from the index while the service runs; the last good snapshot serves until the next is whole."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from api.shared.errors import ConflictError
from index.amend import Amending, restorable
from index.errors import LastSourceError, SourceError
from index.ingest import IngestReport, Progress, ingest_files, remove
from index.store.embedding import Embedder
from index.store.engines.opening import Place
from index.text.chunking import ChunkOptions
from index.types import Kind

PATIENCE = 30.0
"""Seconds for which a change waits for another process's: less than clients and proxies wait for an answer, so that they are told."""


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as a client sent it."""

    name: str
    data: bytes


class Library:
    """Writes one index. One change at a time: a second one waits, for another process's not for ever.

    All changes raise what ``Store.writing`` raises.
    """

    def __init__(self, place: Place, tokens: str, chunking: ChunkOptions, on_change: Callable[[], None]) -> None:
        """``on_change`` is called after a change, to serve what is new."""
        self._place = place
        self._tokens = tokens
        self._chunking = chunking
        self._on_change = on_change
        self._lock = threading.Lock()

    def add(self, uploads: Sequence[Upload], embedder: Embedder, progress: Progress | None = None) -> IngestReport:
        """Ingest files; one of the same name is replaced. Raises SourceError where none of them can be used.

        ``progress`` hears the number of sources when its turn has come; what it raises then leaves the index as it is.
        """
        files: list[tuple[str, Path | bytes] | SourceError] = []
        for upload in uploads:
            try:
                files.append((file_name(upload.name), upload.data))
            except SourceError as error:
                files.append(error)
        with self._lock:
            report = ingest_files(
                files, self._place, embedder, self._tokens, self._chunking, patience=PATIENCE, progress=progress
            )
            self._on_change()
            return report

    def remove(self, name: str, embedder: Embedder) -> None:
        """Take a source file out, with the others of its content. Raises ConflictError for the last one: an index of nothing cannot be served."""
        with self._lock:
            try:
                remove(name, self._place, embedder, self._tokens, self._chunking, patience=PATIENCE)
            except LastSourceError as error:
                raise ConflictError(str(error)) from error
            self._on_change()

    def correct(
        self, document_id: str, embedder: Embedder, *, region: str | None, year: int | None, kind: Kind | None
    ) -> None:
        """Have a document read as of another place, year or kind; what is None is as it is read."""
        with self._lock:
            self._amending(embedder).correct(document_id, region=region, year=year, kind=kind)
            self._on_change()

    def restore(self, name: str, embedder: Embedder) -> None:
        """Bring back a file that was taken out. Raises SourceError where that cannot be."""
        with self._lock:
            self._amending(embedder).restore(name)
            self._on_change()

    def restorable(self) -> list[str]:
        """The files that can be brought back, by name."""
        return list(restorable(self._place))

    def _amending(self, embedder: Embedder) -> Amending:
        return Amending(self._place, embedder, self._tokens, self._chunking, PATIENCE)


def file_name(given: str) -> str:
    """The last part of a client's path, without anything that a file system reads as more than a name.

    Raises SourceError where nothing is left.
    """
    name = PurePosixPath(given.replace("\\", "/")).name
    name = "".join(c for c in name if c.isprintable() and c not in '<>:"|?*').strip(" .")
    if not name or len(name.encode()) > 200:
        raise SourceError(given[:80] or "(no name)", "has no usable file name")
    return name
