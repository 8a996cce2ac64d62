"""Which loader reads which file, by the end of its name and, where several share one, by its first bytes."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePosixPath
from types import MappingProxyType

from index.errors import SourceError
from index.text.loaders import converted, page, plain, sheet, word
from index.text.loaders.loaded import Loaded, Loader
from index.text.loaders.pdf import document as pdf

LOADERS: Mapping[str, Loader] = MappingProxyType(
    {
        ".txt": plain.load, ".text": plain.load, ".md": plain.load, ".markdown": plain.load,
        ".pdf": pdf.load,
        ".docx": word.load, ".docm": word.load,
        ".html": page.load, ".htm": page.load,
        ".xlsx": sheet.load, ".xlsm": sheet.load, ".xls": sheet.load,
        ".doc": converted.load, ".wps": converted.load,
    }
)  # fmt: skip
"""By suffix. Archives are opened by ``archive.members``, each file in one by its own suffix, before this table is asked."""

SUFFIXES = frozenset(LOADERS)
ARCHIVES = frozenset({".zip"})


def is_plain(name: str) -> bool:
    """Whether reading a file needs no library: it is a text, or of no known format."""
    return LOADERS.get(PurePosixPath(name).suffix.lower(), plain.load) is plain.load


def load(name: str, data: bytes) -> Loaded:
    """The text of a file. Raises SourceError, naming the cause, for what is of no known format or cannot be read."""
    suffix = PurePosixPath(name).suffix
    loader = LOADERS.get(suffix.lower())
    if suffix.lower() in ARCHIVES:
        raise SourceError(name, "an archive: unpack it first")
    if loader is None:
        told = ", ".join(sorted(SUFFIXES | ARCHIVES))
        raise SourceError(name, f"unsupported file type {suffix or '(none)'}; supported: {told}")
    if not data.strip():
        raise SourceError(name, "empty")
    return (_by_content(data) or loader)(name, data) if loader is not plain.load else loader(name, data)


def _by_content(data: bytes) -> Loader | None:
    """The loader of what a document is whatever its name says: many sites give out web pages as .xls or .doc."""
    start = data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith(b"%pdf"):
        return pdf.load
    if start.startswith(b"pk\x03\x04"):
        # The names of its parts stand in it uncompressed.
        return sheet.load if b"xl/workbook" in data else word.load if b"word/document" in data else None
    if start.startswith((b"<!doctype", b"<html", b"<meta", b"<table", b"<head")):
        return page.load
    return None
