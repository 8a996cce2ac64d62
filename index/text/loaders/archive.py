"""ZIP: archives of reports, and the packages that Word and Excel files are. Bombs are found by what the directory says and by counting."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import PurePosixPath

from index.errors import SourceError

MOST_FILES = 1000
MOST_BYTES = 200 * 1024 * 1024
"""Of all files of an archive together, unpacked."""
MOST_FILE_BYTES = 20 * 1024 * 1024
MOST_RATIO = 250
"""Times that a file may grow when unpacked: text and XML grow 5 to 20 times, the emptiest sheet about 100."""
_SMALL = 1024 * 1024
"""Bytes below which a file may grow as it likes."""
DEEPEST = 2
"""Archives inside each other."""
_UTF8_NAME = 0x800
_ENCRYPTED = 0x1


def open_archive(name: str, data: bytes, most_file_bytes: int = MOST_BYTES) -> zipfile.ZipFile:
    """Open a ZIP whose directory keeps to the limits. Raises SourceError for one that does not, or is damaged."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError, OSError) as error:
        raise SourceError(name, "a damaged archive or office document") from error
    held = archive.infolist()
    if len(held) > 10 * MOST_FILES:
        raise SourceError(name, f"holds {len(held)} files, more than {10 * MOST_FILES}")
    if sum(each.file_size for each in held) > MOST_BYTES:
        raise SourceError(name, f"would be larger than {MOST_BYTES // 1024 // 1024} MiB when unpacked")
    for each in held:
        grown = each.file_size > _SMALL and each.file_size > MOST_RATIO * max(each.compress_size, 1)
        if grown or each.file_size > most_file_bytes:
            raise SourceError(name, f"holds a file that grows to {each.file_size // 1024 // 1024} MiB when unpacked")
    return archive


def check_package(name: str, data: bytes) -> None:
    """Refuse an office document that is encrypted, damaged or a bomb before its library unpacks it."""
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise SourceError(name, "encrypted, or of an older format than its name says: save it anew without a password")
    with open_archive(name, data) as archive:
        total = 0
        for each in archive.infolist():
            total += len(_unpacked(name, archive, each, MOST_BYTES - total))


def members(name: str, data: bytes, depth: int = 1) -> Iterator[tuple[str, bytes | SourceError]]:
    """The files of an archive, named by their place in it, each with its bytes or why it has none.

    An archive in it is opened too, down to ``DEEPEST``. Raises SourceError where the archive itself cannot be used.
    """
    with open_archive(name, data, MOST_BYTES) as archive:
        held = [each for each in archive.infolist() if not each.is_dir() and not _is_furniture(each.filename)]
        if len(held) > MOST_FILES:
            raise SourceError(name, f"holds {len(held)} files, more than {MOST_FILES}")
        left = MOST_BYTES
        for each in held:
            inner = f"{name}/{_member_name(each)}"
            try:
                unpacked = _unpacked(inner, archive, each, min(left, MOST_FILE_BYTES))
            except SourceError as error:
                yield inner, error
                continue
            left -= len(unpacked)
            if PurePosixPath(inner).suffix.lower() != ".zip":
                yield inner, unpacked
            elif depth >= DEEPEST:
                yield inner, SourceError(inner, "an archive in an archive in an archive: unpack it first")
            else:
                try:
                    yield from members(inner, unpacked, depth + 1)
                except SourceError as error:
                    yield inner, error


def _unpacked(name: str, archive: zipfile.ZipFile, entry: zipfile.ZipInfo, most: int) -> bytes:
    """The bytes of a member, counted as they come: its entry in the directory may lie."""
    if entry.flag_bits & _ENCRYPTED:
        raise SourceError(name, "encrypted: pack it without a password")
    try:
        with archive.open(entry) as file:
            data = file.read(most + 1)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError, ValueError) as error:
        raise SourceError(name, "damaged inside its archive") from error
    if len(data) > most:
        raise SourceError(name, f"larger than {most // 1024 // 1024} MiB when unpacked")
    return data


def _member_name(entry: zipfile.ZipInfo) -> str:
    """The name of a member: UTF-8 where it says so, else as Chinese Windows writes names, and no step upwards in it."""
    written = entry.filename
    if not entry.flag_bits & _UTF8_NAME:
        raw = written.encode("cp437", "replace")
        for encoding in ("utf-8", "gb18030"):
            try:
                written = raw.decode(encoding)
                break
            except UnicodeDecodeError:
                continue
    parts = [part for part in written.replace("\\", "/").split("/") if part not in ("", ".", "..")]
    return "".join(c for c in "/".join(parts) if c.isprintable()) or "unnamed"


def _is_furniture(name: str) -> bool:
    """What systems put in beside the files of people."""
    parts = [part for part in name.replace("\\", "/").split("/") if part not in (".", "..")]
    return "__MACOSX" in parts or any(part.startswith((".", "~$")) or part == "Thumbs.db" for part in parts)
