"""Finds report files, reads them and says why one cannot be used."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath

from index.errors import SourceError
from index.text.loaders.apart import load_apart
from index.text.loaders.archive import members
from index.text.loaders.loaded import storable
from index.text.loaders.registry import ARCHIVES
from index.types import Source

MAX_BYTES = 20 * 1024 * 1024


def find_files(paths: Iterable[Path]) -> Iterator[tuple[str, Path]]:
    """Report files as (name, path), sorted by path; the name of a file in a folder is its path below that folder.

    A name can always be printed, see ``_name``. Hidden files and the manifest of a corpus are passed over. Raises
    SourceError for a path that does not exist.
    """
    for path in paths:
        if path.is_dir():
            for file in sorted(path.rglob("*")):
                relative = file.relative_to(path)
                # ~$ begins what Word lays beside an open document.
                hidden = any(part.startswith((".", "~$")) for part in relative.parts)
                if file.is_file() and not hidden and file.suffix.lower() not in {".json", ".jsonl", ".toml", ".sha256"}:
                    yield _name(path, relative), file
        elif path.is_file():
            yield _name(path.parent, Path(path.name)), path
        else:
            raise SourceError(_escaped(str(path)), "no such file or folder")


def _name(folder: Path, relative: Path) -> str:
    """What a file is called: as its name stands, if that is text.

    Where its bytes are none in the encoding of file names (archives made on Chinese Windows leave names in GBK), they are
    read as GB18030. Bytes that are not that either are escaped, and so is a name that another file has already.
    """
    name = relative.as_posix()
    if _is_text(name):
        return name
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


def read_sources(name: str, path: Path) -> Iterator[tuple[Source, bytes] | SourceError]:
    """All that a file holds: itself, or each file of an archive, with its bytes; an error for each that cannot be used."""
    try:
        data = _bytes_of(name, path)
        held: Iterator[tuple[str, bytes | SourceError]] = iter([(name, data)])
        if PurePosixPath(name).suffix.lower() in ARCHIVES:
            held = members(name, data)
        for inner, content in held:
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
            raise SourceError(name, f"larger than {MAX_BYTES // 1024 // 1024} MiB")
        return path.read_bytes()
    except OSError as error:
        raise SourceError(name, f"cannot be read: {error.strerror or error}") from error


def decode_source(name: str, data: bytes) -> Source:
    """The text of a file by its bytes, whatever its format. Raises SourceError naming the cause."""
    loaded = load_apart(name, data)
    text = loaded.text if loaded.encoding else storable(loaded.text)
    if not any("\u3400" <= c <= "\u9fff" or c.isalnum() for c in text):
        raise SourceError(name, "holds no words")
    return Source(name, hashlib.sha256(data).hexdigest(), loaded.encoding, text, loaded.marks, loaded.notes)
