"""Finds report files, reads them and says why one cannot be used."""

from __future__ import annotations

import hashlib
import os
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path, PurePosixPath

from index.errors import SourceError
from index.text.loaders.apart import load_apart
from index.text.loaders.archive import members
from index.text.loaders.loaded import storable
from index.text.loaders.registry import ARCHIVES
from index.types import Source

MAX_BYTES = 20 * 1024 * 1024
MOST_LINES = 200_000
"""A text of 20 MB has so many lines of a hundred bytes. What has more is a list of data, and reading costs as much for each line
of it, however short, in time and memory."""
_NO_REPORTS = frozenset({".json", ".jsonl", ".toml", ".sha256"})


def find_files(paths: Iterable[Path], *, follow_links: bool = False) -> Iterator[tuple[str, Path]]:
    """Report files as (name, path), sorted by path; the name of a file in a folder is its path below that folder.

    Files that would have one name (``a/x.txt`` and ``b/x.txt`` of two given folders) are named by their folders too, and a
    file that is given twice comes once. A name can always be printed, see ``_name``. Hidden files and the manifest of a
    corpus are passed over, and links that lead out of a given folder (``outside``) unless ``follow_links``. Raises
    SourceError for a path that does not exist.
    """
    found: dict[tuple[str, Path], Path] = {}
    for path in paths:
        if path.is_dir():
            for file in _below(path, follow_links):
                if file.is_file() and (follow_links or not _leads_out(path, file)):
                    found.setdefault((_name(path, file.relative_to(path)), _real(file)), file)
        elif path.is_file():
            found.setdefault((_name(path.parent, Path(path.name)), _real(path)), path)
        else:
            raise SourceError(_escaped(str(path)), "no such file or folder")
    shared = Counter(name for name, _ in found)
    for (name, place), path in found.items():
        yield (name if shared[name] == 1 else _longer(name, place, [p for n, p in found if n == name])), path


def outside(paths: Iterable[Path]) -> Iterator[SourceError]:
    """The links in given folders that lead out of them, each as the reason why it was not followed."""
    for path in filter(Path.is_dir, paths):
        for entry in _below(path, follow_links=False):
            if entry.is_symlink() and _leads_out(path, entry):
                name = _name(path, entry.relative_to(path))
                yield SourceError(name, "a link that leads out of the folder (--follow-links takes it in)")


def _below(folder: Path, follow_links: bool) -> list[Path]:
    """What may be a report below a folder, sorted; of links to folders their contents only where they are followed."""
    held: list[Path] = []
    been: set[str] = set()
    for place, folders, files in os.walk(folder, followlinks=follow_links):
        # A link to a folder above would be walked for ever.
        real = os.path.realpath(place)
        if real in been:
            folders.clear()
            continue
        been.add(real)
        folders[:] = [name for name in folders if not _hidden(name)]
        links = [] if follow_links else [name for name in folders if Path(place, name).is_symlink()]
        held += [Path(place, name) for name in (*files, *links) if not _hidden(name)]
    return sorted(held)


def _hidden(name: str) -> bool:
    # ~$ begins what Word lays beside an open document.
    return name.startswith((".", "~$")) or PurePosixPath(name).suffix.lower() in _NO_REPORTS


def _leads_out(folder: Path, entry: Path) -> bool:
    """Whether an entry is, in the end, not in the folder that it was found in."""
    return not _real(entry).is_relative_to(_real(folder))


def _real(path: Path) -> Path:
    """Where a path leads in the end; ``Path.resolve`` fails for a link that leads to itself."""
    return Path(os.path.realpath(path))


def _longer(name: str, place: Path, others: list[Path]) -> str:
    """A name with as many folders before it as tell it from the others of that name."""
    parts, own = place.parts, name.count("/") + 1
    for more in range(1, len(parts) - own):
        front = parts[-own - more : -own]
        if sum(other.parts[-own - more : -own] == front for other in others) == 1:
            return _name(Path(*parts[: -own - more]), Path(*front, *PurePosixPath(name).parts))
    return _escaped(str(place))


def _name(folder: Path, relative: Path) -> str:
    """What a file is called: as its name stands, if that is text.

    Where its bytes are none in the encoding of file names (archives made on Chinese Windows leave names in GBK), they are
    read as GB18030. Bytes that are not that either are escaped, and so is a name that another file has already.
    """
    name = relative.as_posix()
    if _is_text(name):
        # A line's end inside a name would make two lines of one in every list.
        return "".join(f"\\x{ord(c):02x}" if ord(c) < 32 or 127 <= ord(c) < 160 else c for c in name)
    decoded = "/".join(_decoded(part) for part in relative.parts)
    return _escaped(name) if (folder / decoded).exists() else decoded


def _decoded(part: str) -> str:
    if _is_text(part):
        return part
    try:
        decoded = os.fsencode(part).decode("gb18030")
    except UnicodeDecodeError:
        return _escaped(part)
    return decoded if decoded.isprintable() else _escaped(part)


def _is_text(name: str) -> bool:
    """Whether a name holds no bytes that the file system's encoding cannot read; Python keeps those as lone surrogates."""
    return not any("\ud800" <= character <= "\udfff" for character in name)


def _escaped(name: str) -> str:
    return os.fsencode(name).decode("utf-8", "backslashreplace")


def read_sources(name: str, path: Path | bytes) -> Iterator[tuple[Source, bytes] | SourceError]:
    """All that a file (or the bytes of one) holds: itself, or each file of an archive, with its bytes; an error for each that cannot be used."""
    try:
        data = _bytes_of(name, path) if isinstance(path, Path) else _not_too_large(name, path)
        held: Iterator[tuple[str, bytes | SourceError]] = iter([(name, data)])
        if PurePosixPath(name).suffix.lower() in ARCHIVES:
            held = members(name, data)
        first = next(held, None)
        if first is None:
            raise SourceError(name, "an archive that holds no files")
        for inner, content in chain([first], held):
            yield content if isinstance(content, SourceError) else _read(inner, content)
    except SourceError as error:
        yield error


def _read(name: str, data: bytes) -> tuple[Source, bytes] | SourceError:
    try:
        return decode_source(name, data), data
    except SourceError as error:
        return error


def read_source(name: str, path: Path) -> tuple[Source, bytes]:
    """Read one file that is no archive. Raises SourceError naming the cause."""
    data = _bytes_of(name, path)
    return decode_source(name, data), data


def _bytes_of(name: str, path: Path) -> bytes:
    try:
        if path.stat().st_size > MAX_BYTES:
            return _not_too_large(name, b"", path.stat().st_size)
        return path.read_bytes()
    except OSError as error:
        raise SourceError(name, f"cannot be read: {error.strerror or error}") from error


def _not_too_large(name: str, data: bytes, size: int = 0) -> bytes:
    if max(size, len(data)) > MAX_BYTES:
        raise SourceError(name, f"larger than {MAX_BYTES // 1024 // 1024} MiB")
    return data


def decode_source(name: str, data: bytes) -> Source:
    """The text of a file by its bytes, whatever its format. Raises SourceError naming the cause."""
    loaded = load_apart(name, data)
    text = loaded.text if loaded.encoding else storable(loaded.text)
    if not any("\u3400" <= c <= "\u9fff" or c.isalnum() for c in text):
        raise SourceError(name, "holds no words")
    lines = text.count("\n")
    if lines > MOST_LINES:
        raise SourceError(name, f"holds {lines} lines, more than the {MOST_LINES} of any report")
    return Source(name, hashlib.sha256(data).hexdigest(), loaded.encoding, text, loaded.marks, loaded.notes)
