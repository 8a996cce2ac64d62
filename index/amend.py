"""What people change of an index by hand: what a document is taken for, and bringing back a file that was taken out."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from index.errors import SourceError
from index.ingest import Progress, rewritten
from index.lock import PATIENCE
from index.reading import SourceReader, told_twins
from index.store.embedding import Embedder
from index.store.engines.opening import Place, store_of
from index.store.kept import KeptReadings
from index.store.originals import HeldFile
from index.store.snapshot import stored_documents, stored_files
from index.store.tables.manifest import Manifest
from index.text.chunking import ChunkOptions
from index.types import Correction, Kind
from index.versions import versions


@dataclass(frozen=True, slots=True)
class Amending:
    """An index with all that a change of it needs."""

    place: Place
    embedder: Embedder
    tokens: str
    options: ChunkOptions
    patience: float = PATIENCE

    def correct(self, document_id: str, *, region: str | None, year: int | None, kind: Kind | None) -> Manifest:
        """Have a document read as of another place, year or kind; what is None is as it is read, all of it the way back.

        It stays with the file's content through later ingests. Raises SourceError where the document is not held, and
        what ``Store.writing`` raises.
        """
        with store_of(self.place).writing(self.patience) as root:
            name, number = _place_of(root, document_id)
            told = Correction(number, region, year, kind)
            stored = stored_files(root)
            with self._reader(root) as (reader, _):
                held = [_corrected(file, told) if file.name == name else file for file in stored]
                return rewritten(held, root, reader, Progress())[0]

    def restore(self, name: str) -> Manifest:
        """Bring back a file that was taken out, with the others of its content and what was put right in it.

        Raises SourceError where it is held, or none of the kept snapshots has it any more; and what ``Store.writing`` raises.
        """
        with store_of(self.place).writing(self.patience, earlier=True) as root:
            stored = stored_files(root)
            if any(file.name == name for file in stored):
                raise SourceError(name, "is in the index")
            back = next(_removed(root, name), None)
            if back is None:
                raise SourceError(name, "is in none of the snapshots that are kept; add the file again")
            taken = {file.name for file in stored}
            all_of_it = [*stored, *(each for each in back if each.name not in taken)]
            with self._reader(root) as (reader, readings):
                held = told_twins(all_of_it, lambda file: file.name in taken, readings)
                return rewritten(held, root, reader, Progress())[0]

    @contextmanager
    def _reader(self, root: Path) -> Iterator[tuple[SourceReader, KeptReadings]]:
        with KeptReadings.open(root) as readings:
            yield SourceReader(readings, self.embedder, self.tokens, self.options), readings


def _place_of(root: Path, document_id: str) -> tuple[str, int]:
    """The file that holds a document, and which of its documents it is."""
    seen: dict[str, int] = {}
    for document in stored_documents(root):
        number = seen.get(document.source, 0)
        if document.id == document_id:
            return document.source, number
        seen[document.source] = number + 1
    raise SourceError(document_id, "is not in the index")


def _corrected(file: HeldFile, told: Correction) -> HeldFile:
    others = [each for each in file.entry.corrections if each.number != told.number]
    said = [told] if told != Correction(told.number) else []
    return file.told(corrections=tuple(sorted([*others, *said], key=lambda each: each.number)))


def restorable(place: Place) -> Iterator[str]:
    """The files that ``Amending.restore`` can bring back, by name."""
    held = versions(place)
    serving = {entry.name for version in held if version.serving for entry in version.manifest.sources}
    yield from sorted({entry.name for version in held for entry in version.manifest.sources} - serving)


def _removed(root: Path, name: str) -> Iterator[list[HeldFile]]:
    """A file and those of its content from each kept snapshot that has it, the newest first."""
    for version in versions(root):
        leading = next((e.same_as or e.name for e in version.manifest.sources if e.name == name), None)
        if leading is not None:
            folder = root / "snapshots" / version.manifest.id
            yield [HeldFile(e, folder=folder) for e in version.manifest.sources if leading in (e.name, e.same_as)]
