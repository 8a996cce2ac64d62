"""Files in a database: cut into pieces that are known by their hashes, so that what is there already is not sent again."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby, islice
from pathlib import Path
from typing import TypeVar

from index.errors import SnapshotError
from index.store.engines.connection import Connection

PIECE = 1 << 20
"""Bytes of a piece."""

_TOGETHER = 16
"""Pieces that are asked for, sent or held in memory at once."""

_FILES = 4096
"""Files that are asked after at once."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Held:
    """A file of a version: where it lies below the version's folder, and what it is."""

    path: str
    hash: bytes
    size: int


def put_files(connection: Connection, folder: Path, files: Iterable[Held]) -> None:
    """Have the files of a folder in the database. Inside a transaction, and ``alone``."""
    wanted = {each.hash: each for each in files}
    for some in _batches(wanted, _FILES):
        there = {h for (h,) in connection.rows("SELECT hash FROM files WHERE hash = ANY(%s)", some)}
        missing = [wanted[each] for each in some if each not in there]
        connection.do_each("INSERT INTO files VALUES (%s, %s)", ((each.hash, each.size) for each in missing))
        for pieces in _batches(_cut(folder, missing), _TOGETHER):
            bodies = {piece: body for _, _, piece, body in pieces}
            known = {h for (h,) in connection.rows("SELECT hash FROM pieces WHERE hash = ANY(%s)", list(bodies))}
            new = [(piece, body) for piece, body in bodies.items() if piece not in known]
            connection.copy("pieces (hash, body)", ("bytea", "bytea"), new)
            rows = [(file, number, piece) for file, number, piece, _ in pieces]
            connection.copy("file_pieces (file, n, piece)", ("bytea", "int4", "bytea"), rows)


def _cut(folder: Path, files: Iterable[Held]) -> Iterator[tuple[bytes, int, bytes, bytes]]:
    """The file, the number, the hash and the bytes of each piece."""
    for each in files:
        total = hashlib.sha256()
        with (folder / each.path).open("rb") as file:
            for number, body in enumerate(iter(lambda: file.read(PIECE), b"")):
                total.update(body)
                yield each.hash, number, hashlib.sha256(body).digest(), body
        if total.digest() != each.hash:
            raise SnapshotError(f"{each.path} of the snapshot in {folder} was changed after it was written")


def files_held(connection: Connection, collection: str, version: str) -> list[Held]:
    """The files of a version."""
    rows = connection.rows(
        "SELECT v.path, f.hash, f.size FROM version_files v JOIN files f ON f.hash = v.file"
        " WHERE v.collection = %s AND v.version = %s ORDER BY v.path",
        collection, version,
    )  # fmt: skip
    return [Held(*row) for row in rows]


def get_files(connection: Connection, folder: Path, files: Iterable[Held], here: Mapping[bytes, Path]) -> None:
    """Have these files in a folder: linked where ``here`` tells of one with that hash, else fetched and compared with it.

    Inside a transaction. Raises SnapshotError where the database has not what it says.
    """
    fetched: dict[bytes, list[Held]] = {}
    for each in files:
        (folder / each.path).parent.mkdir(parents=True, exist_ok=True)
        if not _linked(here.get(each.hash), folder / each.path, each.size):
            fetched.setdefault(each.hash, []).append(each)
    for some in _batches(fetched, _FILES):
        _fetch(connection, folder, {each: fetched[each] for each in some})


def _fetch(connection: Connection, folder: Path, wanted: Mapping[bytes, list[Held]]) -> None:
    done: set[bytes] = set()
    # In the order of files, so that one is open at a time.
    pieces = connection.stream(
        "SELECT f.file, p.body FROM file_pieces f JOIN pieces p ON p.hash = f.piece WHERE f.file = ANY(%s)"
        " ORDER BY f.file, f.n",
        list(wanted), at_once=_TOGETHER,
    )  # fmt: skip
    for file, bodies in _by_file(pieces):
        first, *others = wanted[file]
        total = hashlib.sha256()
        with (folder / first.path).open("wb") as written:
            for body in bodies:
                total.update(body)
                written.write(body)
            # What is linked to another one was on the disk before.
            written.flush()
            os.fsync(written.fileno())
        if total.digest() != file:
            raise SnapshotError(f"the database's copy of {first.path} is damaged; `wenju verify` says what else is")
        for other in others:
            os.link(folder / first.path, folder / other.path)
        done.add(file)
    for file, places in wanted.items():
        if file not in done:
            if places[0].size:
                raise SnapshotError(
                    f"the database has {places[0].path} no more; `wenju verify` says what else is missing"
                )
            for each in places:
                (folder / each.path).touch()


def _by_file(pieces: Iterator[tuple[bytes, bytes]]) -> Iterator[tuple[bytes, Iterator[bytes]]]:
    for file, rows in groupby(pieces, key=lambda row: row[0]):
        yield file, (body for _, body in rows)


def _linked(here: Path | None, there: Path, size: int) -> bool:
    try:
        if here is None or here.stat().st_size != size:
            return False
        os.link(here, there)
    except OSError:
        # Another file system, or it was taken away just now.
        return False
    return True


def _batches(items: Iterable[T], many: int) -> Iterator[list[T]]:
    left = iter(items)
    while some := list(islice(left, many)):
        yield some


def damaged_pieces(connection: Connection, collection: str, version: str) -> list[str]:
    """The files of a version that have pieces which are not what their hash says, or lack some; by name."""
    rows = connection.rows(
        "SELECT v.path FROM version_files v JOIN files f ON f.hash = v.file"
        " LEFT JOIN LATERAL (SELECT coalesce(sum(length(p.body)), 0) AS size, bool_or(sha256(p.body) <> p.hash) AS wrong"
        " FROM file_pieces n JOIN pieces p ON p.hash = n.piece WHERE n.file = f.hash) AS told ON true"
        " WHERE v.collection = %s AND v.version = %s AND (told.wrong OR told.size <> f.size) ORDER BY v.path",
        collection, version,
    )  # fmt: skip
    return [str(name) for (name,) in rows]


def forget_files(connection: Connection) -> None:
    """Forget what no version has any more. Inside a transaction, and ``alone``."""
    connection.do("DELETE FROM files f WHERE NOT EXISTS (SELECT FROM version_files v WHERE v.file = f.hash)")
    connection.do("DELETE FROM pieces p WHERE NOT EXISTS (SELECT FROM file_pieces n WHERE n.piece = p.hash)")
