"""Finds report files, reads them and says why one cannot be used."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath

from index.errors import SourceError
from index.types import Source

SUFFIXES = frozenset({".txt", ".md", ".markdown", ".text"})
"""Plain text and Markdown. PDF and HTML need a loader that keeps character places; none exists yet."""

ENCODINGS = ("utf-8", "gb18030")
"""Tried in order. GB18030 holds GBK and GB2312, in which older Chinese pages were written."""

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
                hidden = any(part.startswith(".") for part in relative.parts)
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


def read_source(name: str, path: Path) -> tuple[Source, bytes]:
    """Read and decode one file. Raises SourceError naming the cause."""
    suffix = PurePosixPath(name).suffix
    if suffix.lower() not in SUFFIXES:
        raise SourceError(name, f"unsupported file type {suffix or '(none)'}; supported: {', '.join(sorted(SUFFIXES))}")
    try:
        if path.stat().st_size > MAX_BYTES:
            raise SourceError(name, f"larger than {MAX_BYTES // 1024 // 1024} MiB")
        data = path.read_bytes()
    except OSError as error:
        raise SourceError(name, f"cannot be read: {error.strerror or error}") from error
    return decode_source(name, data), data


def decode_source(name: str, data: bytes) -> Source:
    """Decode the bytes of a report file. Raises SourceError naming the cause."""
    if not data.strip():
        raise SourceError(name, "empty")
    if data.startswith((b"%PDF", b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise SourceError(name, "not a text file: it is a PDF or office document under another name")
    if b"\x00" in data:
        raise SourceError(name, "not a text file: it holds NUL bytes")
    for encoding in ENCODINGS:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if not any("\u3400" <= c <= "\u9fff" or c.isalnum() for c in text):
            raise SourceError(name, "holds no words")
        return Source(name, hashlib.sha256(data).hexdigest(), encoding, text)
    raise SourceError(name, f"is neither {' nor '.join(ENCODINGS)} text")
