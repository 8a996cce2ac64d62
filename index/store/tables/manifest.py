"""What the folder of a snapshot holds: its manifest, and whether its files are the ones that were written."""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

import msgspec

from index.errors import REBUILD, SnapshotError
from index.store.originals import SourceEntry
from index.text.chunking import ChunkOptions

FORMAT = 5
"""Raised whenever the files of a snapshot change their meaning."""

ID_LENGTH = 16
_SMALL = 4 * 1024 * 1024
"""Bytes up to which a file's hash is compared whenever the snapshot is opened; larger ones are not read then."""

_READ_LATER = ("sources/", "texts/")
"""Files that are compared with their hash when they are read, each by itself, and when the snapshot is opened as long as they are few."""
_FEW = 16 * 1024 * 1024
"""Bytes of all of these up to which they are: a moment's work, so that what is damaged is found before it is quoted."""


@dataclass(frozen=True, slots=True)
class MadeBy:
    """With what files are read into a snapshot: the token vocabulary, the sizes of chunks, and who reads, as one hash of all that decides it."""

    tokens: str
    options: ChunkOptions
    readers: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a snapshot is made of. Its id is the hash of everything else in it, so equal input gives an equal id."""

    id: str
    format: int
    embedding_name: str
    embedding_identity: str
    dimension: int
    tokens: str
    least_tokens: int
    most_tokens: int
    vocabulary: str
    sources: tuple[SourceEntry, ...]
    counts: dict[str, int]
    files: dict[str, str]
    """The hash of each file."""
    sizes: dict[str, int] = field(default_factory=dict)
    """The bytes of each file."""
    readers: str = ""
    """What decided how the sources were read, as one hash: who reads in the same way may go on from here."""

    def write(self, folder: Path) -> Manifest:
        """Write it into the folder of its snapshot, with its id, which the returned one has."""
        told = replace(self, id=_identity(self))
        text = json.dumps(asdict(told), ensure_ascii=False, indent=1, sort_keys=True)
        (folder / "manifest.json").write_text(text + "\n", encoding="utf-8")
        return told


def _identity(manifest: Manifest) -> str:
    fields = msgspec.to_builtins(manifest)
    # The name of a model may be a folder of this machine; what it is stands in its identity.
    for name in ("id", "embedding_name"):
        fields.pop(name)
    for source in fields["sources"]:
        # A snapshot that was written before there were any has the id that it was given.
        if not source["corrections"]:
            source.pop("corrections")
    return hashlib.sha256(json.dumps(fields, sort_keys=True).encode()).hexdigest()[:ID_LENGTH]


def files_of(folder: Path) -> list[Path]:
    """All files below a folder, sorted."""
    return [path for path in sorted(folder.rglob("*")) if path.is_file()]


def hash_file(path: Path) -> str:
    """The hash of a file's bytes. Raises OSError."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def read_manifest(folder: Path) -> Manifest:
    """The manifest of a snapshot's folder, of whatever format. Raises SnapshotError where it is missing or cannot be read."""
    try:
        return msgspec.json.decode((folder / "manifest.json").read_bytes(), type=Manifest)
    except OSError as error:
        raise SnapshotError(f"{folder} holds no snapshot ({error.strerror}); {REBUILD}") from error
    except msgspec.DecodeError as error:
        raise SnapshotError(f"the manifest of {folder} cannot be read ({error}); {REBUILD}") from error


def check_identity(folder: Path, manifest: Manifest) -> None:
    """A manifest is the one that was written, and in its own place. Raises SnapshotError."""
    # Its folder has no such name yet while it is being written.
    if _identity(manifest) != manifest.id or (folder.name != manifest.id and not folder.name.startswith(".")):
        raise SnapshotError(f"the manifest of {folder} was changed after it was written; {REBUILD}")


def check_format(folder: Path, manifest: Manifest) -> None:
    """Raises SnapshotError for a snapshot that another version wrote."""
    if manifest.format != FORMAT:
        raise SnapshotError(f"{folder} has index format {manifest.format}, this version reads {FORMAT}; {REBUILD}")


def check_files(folder: Path, manifest: Manifest, *, whole: bool = True) -> None:
    """Compare the files with what was written; not ``whole``, the large ones by their sizes alone.

    Raises SnapshotError naming the first that differs, or the format where another version wrote them: that hashed otherwise.
    """
    check_format(folder, manifest)
    later = sum(size for name, size in manifest.sizes.items() if name.startswith(_READ_LATER)) > _FEW
    for name, expected in manifest.files.items():
        path = folder / name
        try:
            size = path.stat().st_size
            same = size == manifest.sizes.get(name)
            if same and (whole or (size <= _SMALL and not (later and name.startswith(_READ_LATER)))):
                same = hash_file(path) == expected
        except OSError as error:
            raise SnapshotError(f"{name} of snapshot {manifest.id} is missing ({error.strerror}); {REBUILD}") from error
        if not same:
            raise SnapshotError(f"{name} of snapshot {manifest.id} was changed after it was written; {REBUILD}")


def settle(folder: Path) -> None:
    """Have all that is below a folder on the disk: what is switched to must survive a loss of power."""
    for path in folder.rglob("*"):
        to_disk(path)
    to_disk(folder)


def to_disk(path: Path) -> None:
    """Have a file or a folder on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
