"""The files of a snapshot: their bytes as they were found and, where those are not the text itself, the text beside them."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Self

import msgspec

from index.errors import REBUILD, SnapshotError
from index.types import Correction, Mark, Source

_READ = 64
"""Files whose text is kept when it was read: some hundred KiB each."""


@dataclass(frozen=True, slots=True)
class SourceEntry:
    """A file of the snapshot. ``encoding``, ``same_as`` and ``corrections`` are a Source's; ``text_sha256`` is of an extracted text in UTF-8."""

    name: str
    sha256: str
    size: int
    encoding: str
    text_sha256: str = ""
    same_as: str = ""
    corrections: tuple[Correction, ...] = ()

    @classmethod
    def of(cls, source: Source, data: bytes) -> Self:
        """The entry of a source with the bytes of its file."""
        kept = "" if source.encoding else hashlib.sha256(source.text.encode()).hexdigest()
        return cls(source.name, source.sha256, len(data), source.encoding, kept, source.same_as, source.corrections)


@dataclass(frozen=True, slots=True)
class _KeptText:
    text: str
    marks: tuple[Mark, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class HeldFile:
    """A file that an index holds or is to hold: its entry, and its source with its bytes, or the snapshot's folder that has them."""

    entry: SourceEntry
    read: tuple[Source, bytes] | None = None
    folder: Path | None = None

    @classmethod
    def of(cls, source: Source, data: bytes) -> Self:
        """A file that was read just now."""
        return cls(SourceEntry.of(source, data), (source, data))

    @property
    def name(self) -> str:
        return self.entry.name

    @property
    def sha256(self) -> str:
        return self.entry.sha256

    @property
    def same_as(self) -> str:
        return self.entry.same_as

    def told(self, *, same_as: str | None = None, corrections: tuple[Correction, ...] | None = None) -> Self:
        """The file with what is said of it; None leaves what was."""
        twin = self.entry.same_as if same_as is None else same_as
        right = self.entry.corrections if corrections is None else corrections
        if (twin, right) == (self.entry.same_as, self.entry.corrections):
            return self
        read = self.read
        if read is not None:
            read = replace(read[0], same_as=twin, corrections=right), read[1]
        return replace(self, entry=replace(self.entry, same_as=twin, corrections=right), read=read)

    def source(self) -> Source:
        """Its text and what is known of it. Raises SnapshotError where the stored file is gone or was changed."""
        return self.both()[0]

    def both(self) -> tuple[Source, bytes]:
        """Its source, and its unmodified bytes. Raises as ``source`` does."""
        if self.read is not None:
            return self.read
        assert self.folder is not None
        try:
            return read_source(self.folder, self.entry)
        except (OSError, ValueError, msgspec.MsgspecError) as error:
            raise SnapshotError(f"the snapshot in {self.folder} is damaged ({error}); {REBUILD}") from error

    def write(self, folder: Path) -> None:
        """Put it into the folder of a snapshot. Raises OSError, and SnapshotError where the stored file was changed."""
        if self.folder is None:
            assert self.read is not None
            write_source(folder, *self.read)
            return
        # What is wrong would be written anew with a hash that says that it is right.
        original(self.folder, self.sha256)
        texts = [] if self.entry.encoding else [Path("texts", f"{self.sha256}.json")]
        for path in (Path("sources", self.sha256), *texts):
            (folder / path.parent).mkdir(exist_ok=True)
            _same_file(self.folder / path, folder / path)


def _same_file(there: Path, here: Path) -> None:
    """Have a file of one snapshot in another: the very same where the disk can, for none of them is ever changed."""
    if here.exists():
        return
    try:
        here.hardlink_to(there)
    except OSError:
        shutil.copyfile(there, here)


def write_source(folder: Path, source: Source, data: bytes) -> None:
    """Write a source into the folder of a snapshot."""
    (folder / "sources").mkdir(exist_ok=True)
    (folder / "sources" / source.sha256).write_bytes(data)
    if not source.encoding:
        (folder / "texts").mkdir(exist_ok=True)
        kept = _KeptText(source.text, source.marks, source.notes)
        (folder / "texts" / f"{source.sha256}.json").write_bytes(msgspec.json.encode(kept))


def read_source(folder: Path, entry: SourceEntry) -> tuple[Source, bytes]:
    """A source with the unmodified bytes of its file.

    Raises ValueError where they are not the ones that were ingested, and OSError or a MsgspecError where they are damaged.
    """
    data = (folder / "sources" / entry.sha256).read_bytes()
    if hashlib.sha256(data).hexdigest() != entry.sha256:
        raise ValueError(f"the stored {entry.name} was changed")
    if entry.encoding:
        text = data.decode(entry.encoding)
        return Source(
            entry.name, entry.sha256, entry.encoding, text, same_as=entry.same_as, corrections=entry.corrections
        ), data
    kept = msgspec.json.decode((folder / "texts" / f"{entry.sha256}.json").read_bytes(), type=_KeptText)
    if hashlib.sha256(kept.text.encode()).hexdigest() != entry.text_sha256:
        raise ValueError(f"the stored text of {entry.name} was changed")
    return Source(
        entry.name, entry.sha256, "", kept.text, kept.marks, kept.notes, entry.same_as, entry.corrections
    ), data


def original(folder: Path | None, sha256: str) -> bytes:
    """The unmodified bytes of a file of a snapshot. Raises SnapshotError where they are gone or were changed."""
    if folder is None:
        raise SnapshotError("this snapshot was never written: it holds no files")
    try:
        data = (folder / "sources" / sha256).read_bytes()
    except OSError as error:
        raise SnapshotError(f"the file {sha256[:12]}… of the snapshot cannot be read ({error.strerror})") from error
    if hashlib.sha256(data).hexdigest() != sha256:
        raise SnapshotError(f"the file {sha256[:12]}… of the snapshot was changed after it was written")
    return data


class StoredSources(Mapping[str, Source]):
    """The files of a snapshot by their names; each is read, and compared with its hash, when it is asked for."""

    def __init__(self, folder: Path, entries: Iterable[SourceEntry]) -> None:
        self._folder = folder
        self._entries = {entry.name: entry for entry in entries}
        self._read = lru_cache(_READ)(self._found)

    def __getitem__(self, name: str) -> Source:
        """Raises KeyError, and SnapshotError where the file is gone or was changed."""
        return self._read(name)

    def __iter__(self) -> Iterator[str]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)

    def __contains__(self, name: object) -> bool:
        return name in self._entries

    def _found(self, name: str) -> Source:
        entry = self._entries[name]
        try:
            return read_source(self._folder, entry)[0]
        except (OSError, ValueError, msgspec.MsgspecError) as error:
            raise SnapshotError(f"{name} of the snapshot is damaged ({error}); {REBUILD}") from error
