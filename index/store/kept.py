"""What was read of each source and the vectors made of it, in one SQLite file beside the snapshots.

A reading is known by a key over everything that decides it, and never changes: a later one of the same file has another
key. So an ingest takes from here what did not change, one that is killed goes on from where it was, and what no snapshot
has any more is forgotten. Only the one writer opens it (``index.lock.writing``).

All of it can be made again. What is not as it was written, by its checksum, is taken for not kept.
"""

from __future__ import annotations

import errno
import shutil
import sqlite3
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Self, TypeVar

import msgspec
import numpy as np
from numpy.typing import NDArray

from index.errors import SnapshotError
from index.store.meanings import TextVectors
from index.store.tables.rows import Rows
from index.store.vectors import CorpusVectors, CorpusWords
from index.text.same import Content
from index.types import Chunk, Corpus, Document, Fact, Sentence, Source

FILE = "kept.sqlite"

_SCHEMA = """
CREATE TABLE IF NOT EXISTS readings (id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, sum INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS documents (id INTEGER PRIMARY KEY, body BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS sentences (id INTEGER PRIMARY KEY, body BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS chunks (id INTEGER PRIMARY KEY, body BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS facts (id INTEGER PRIMARY KEY, body BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS contents (key TEXT PRIMARY KEY, body BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS words (reading INTEGER PRIMARY KEY, body BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS vectors (
    reading INTEGER NOT NULL, model TEXT NOT NULL, chunks BLOB NOT NULL, names BLOB NOT NULL, named BLOB NOT NULL,
    texts BLOB NOT NULL, sentences BLOB NOT NULL, clauses BLOB NOT NULL, PRIMARY KEY (reading, model)
) WITHOUT ROWID;
"""
_ROWS = 1 << 24
"""A row's id is its reading's times this and its place in it: the rows of a reading lie together, in their order."""
_TABLES = ("documents", "sentences", "chunks", "facts")
_OF_VECTORS = ("chunks", "names", "named", "texts", "sentences", "clauses")
_ROWS_PART, _WORDS_PART = "rows", "words"
"""Parts of a reading by name; any other is the identity of a model, of its vectors."""

T = TypeVar("T")
F = TypeVar("F", np.float16, np.float32)


_DOCUMENTS, _SENTENCES, _CHUNKS, _FACTS = Rows(Document), Rows(Sentence), Rows(Chunk), Rows(Fact)


class KeptReadings:
    """An opened file of readings. Make one with ``open``."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database

    @classmethod
    @contextmanager
    def open(cls, root: Path) -> Iterator[Self]:
        """The readings beside the snapshots of an index folder, begun anew where they cannot be opened.

        Where they show to be damaged later they are removed, and SnapshotError says so. Raises OSError where the disk is to blame.
        """
        for path in _files(root):
            # Where a folder lies SQLite says no more than that it cannot open it, as it does where it may not.
            if path.is_dir():
                shutil.rmtree(path)
        try:
            database = _opened(root)
        except sqlite3.DatabaseError as error:
            _raise_of_disk(error, root)
            cls.remove(root)
            database = _opened(root)
        try:
            yield cls(database)
        except sqlite3.DatabaseError as error:
            _raise_of_disk(error, root)
            cls.remove(root)
            raise SnapshotError(
                f"{FILE} of the index in {root} was damaged ({error}) and is removed; run the same command again"
            ) from error
        finally:
            database.close()

    @staticmethod
    def remove(root: Path) -> None:
        """Forget all that was read for an index folder."""
        for path in _files(root):
            path.unlink(missing_ok=True)

    def corpus(self, key: str, source: Source) -> Corpus | None:
        """What was read of a source, places counted from 0; None where it was not."""
        reading = self._reading(key)
        if reading is None:
            return None
        bodies = {table: self._bodies(table, reading) for table in _TABLES}
        if self._sum(reading) != _checksum(body for table in _TABLES for body in bodies[table]):
            with self._transaction():
                self._forget(reading)
            return None
        return Corpus(
            (source,),
            tuple(map(_DOCUMENTS.decode, bodies["documents"])),
            tuple(map(_SENTENCES.decode, bodies["sentences"])),
            tuple(map(_CHUNKS.decode, bodies["chunks"])),
            tuple(map(_FACTS.decode, bodies["facts"])),
        )

    def put(self, key: str, corpus: Corpus) -> None:
        """Keep what was read of one source."""
        bodies = {
            "documents": [*map(_DOCUMENTS.encode, corpus.documents)],
            "sentences": [*map(_SENTENCES.encode, corpus.sentences)],
            "chunks": [*map(_CHUNKS.encode, corpus.chunks)],
            "facts": [*map(_FACTS.encode, corpus.facts)],
        }
        self._put_rows(key, _checksum(body for table in _TABLES for body in bodies[table]), bodies)

    def _put_rows(self, key: str, total: int, bodies: Mapping[str, Sequence[bytes]]) -> None:
        with self._transaction():
            told = self._database.execute("INSERT INTO readings (key, sum) VALUES (?, ?)", (key, total))
            reading = told.lastrowid
            assert reading is not None
            for table in _TABLES:
                numbered = ((reading * _ROWS + at, body) for at, body in enumerate(bodies[table]))
                self._database.executemany(f"INSERT INTO {table} VALUES (?, ?)", numbered)

    def words(self, key: str) -> CorpusWords | None:
        """The words of a reading; None where they were not kept."""
        found = self._database.execute("SELECT body FROM words WHERE reading = ?", (self._reading(key),)).fetchone()
        body = _unsealed(found[0]) if found is not None else None
        return CorpusWords.unpacked(body) if body is not None else None

    def put_words(self, key: str, words: CorpusWords) -> None:
        """Keep the words of a reading."""
        self._database.execute(
            "INSERT OR REPLACE INTO words VALUES (?, ?)", (self._reading(key), _sealed(words.packed()))
        )

    def vectors(self, key: str, model: str) -> CorpusVectors | None:
        """The vectors that a model of this identity made of a reading; None where it did not."""
        found = self._database.execute(
            f"SELECT {', '.join(_OF_VECTORS)} FROM vectors WHERE reading = ? AND model = ?",
            (self._reading(key), model),
        ).fetchone()
        bodies = [body for part in found or () if (body := _unsealed(part)) is not None]
        if found is None or len(bodies) < len(found):
            return None
        chunks, names, named, texts, sentences, clauses = bodies
        return CorpusVectors(
            _matrix(chunks, np.float32),
            msgspec.msgpack.decode(names, type=tuple[str, ...]),
            _matrix(named, np.float32),
            TextVectors(
                _matrix(texts, np.float16), np.frombuffer(sentences, np.int32), np.frombuffer(clauses, np.int32)
            ),
        )

    def put_vectors(self, key: str, model: str, made: CorpusVectors) -> None:
        """Keep the vectors of a reading, those of another model beside them."""
        told = (
            _bytes(made.chunks),
            msgspec.msgpack.encode(made.names),
            _bytes(made.named),
            _bytes(made.meanings.vectors),
        )
        rows = (made.meanings.sentences.tobytes(), made.meanings.clauses.tobytes())
        sealed = map(_sealed, (*told, *rows))
        self._database.execute(
            "INSERT OR REPLACE INTO vectors VALUES (?, ?, ?, ?, ?, ?, ?, ?)", (self._reading(key), model, *sealed)
        )

    def content(self, key: str) -> Content | None:
        """What a text is known by beside others; None where it was not kept."""
        found = self._database.execute("SELECT body FROM contents WHERE key = ?", (key,)).fetchone()
        body = _unsealed(found[0]) if found is not None else None
        return msgspec.msgpack.decode(body, type=Content) if body is not None else None

    def put_content(self, key: str, content: Content) -> None:
        """Keep what a text is known by."""
        body = _sealed(msgspec.msgpack.encode(content))
        self._database.execute("INSERT OR REPLACE INTO contents VALUES (?, ?)", (key, body))

    def forget_contents_but(self, keys: Iterable[str]) -> None:
        """Forget the contents that have none of these keys."""
        held = [key for (key,) in self._database.execute("SELECT key FROM contents")]
        with self._transaction():
            for key in set(held).difference(keys):
                self._database.execute("DELETE FROM contents WHERE key = ?", (key,))

    def forget_all_but(self, keys: Iterable[str]) -> None:
        """Forget the readings that have none of these keys; what cannot be forgotten now is with the next change."""
        kept = set(keys)
        # The new snapshot serves by now. Forgetting takes room on the disk too, and where there is none the change must not
        # say that it was none.
        with suppress(sqlite3.DatabaseError):
            held = self._database.execute("SELECT id, key FROM readings").fetchall()
            with self._transaction():
                for reading, key in held:
                    if key not in kept:
                        self._forget(reading)

    def sums(self) -> dict[str, dict[str, bytes]]:
        """Of each key, the checksum of each part that is kept under it: ``rows``, ``words``, and the vectors by their model's identity."""
        told: dict[str, dict[str, bytes]] = {}
        for key, total in self._database.execute("SELECT key, sum FROM readings"):
            told[key] = {_ROWS_PART: total.to_bytes(_SUM, "big")}
        # A sealed body begins with its checksum.
        words = self._database.execute(
            f"SELECT r.key, substr(w.body, 1, {_SUM}) FROM words w JOIN readings r ON r.id = w.reading"
        )
        for key, total in words:
            told[key][_WORDS_PART] = total
        columns = ", ".join(f"substr({name}, 1, {_SUM})" for name in _OF_VECTORS)
        vectors = self._database.execute(
            f"SELECT r.key, v.model, {columns} FROM vectors v JOIN readings r ON r.id = v.reading"
        )
        for key, model, *totals in vectors:
            told[key][model] = b"".join(totals)
        return told

    def part(self, key: str, name: str) -> bytes:
        """A part that is kept, as ``put_part`` takes it. Raises KeyError where it is not."""
        reading = self._reading(key)
        if reading is None:
            raise KeyError(key)
        if name == _ROWS_PART:
            return msgspec.msgpack.encode((self._sum(reading), [self._bodies(table, reading) for table in _TABLES]))
        if name == _WORDS_PART:
            found = self._database.execute("SELECT body FROM words WHERE reading = ?", (reading,)).fetchone()
        else:
            found = self._database.execute(
                f"SELECT {', '.join(_OF_VECTORS)} FROM vectors WHERE reading = ? AND model = ?", (reading, name)
            ).fetchone()
        if found is None:
            raise KeyError(name)
        return msgspec.msgpack.encode(found)

    def put_part(self, key: str, name: str, data: bytes) -> None:
        """Keep a part that another file of readings gave; its rows before its other parts."""
        if name == _ROWS_PART:
            total, bodies = msgspec.msgpack.decode(data, type=tuple[int, list[list[bytes]]])
            self._put_rows(key, total, dict(zip(_TABLES, bodies, strict=True)))
            return
        sealed = msgspec.msgpack.decode(data, type=list[bytes])
        table, at = ("words", ()) if name == _WORDS_PART else ("vectors", (name,))
        row = (self._reading(key), *at, *sealed)
        self._database.execute(f"INSERT OR REPLACE INTO {table} VALUES ({', '.join('?' * len(row))})", row)

    def _forget(self, reading: int) -> None:
        for table in _TABLES:
            self._database.execute(f"DELETE FROM {table} WHERE id BETWEEN ? AND ?", _range(reading))
        self._database.execute("DELETE FROM words WHERE reading = ?", (reading,))
        self._database.execute("DELETE FROM vectors WHERE reading = ?", (reading,))
        self._database.execute("DELETE FROM readings WHERE id = ?", (reading,))

    def _reading(self, key: str) -> int | None:
        found = self._database.execute("SELECT id FROM readings WHERE key = ?", (key,)).fetchone()
        return None if found is None else int(found[0])

    def _sum(self, reading: int) -> int:
        found = self._database.execute("SELECT sum FROM readings WHERE id = ?", (reading,)).fetchone()
        return int(found[0])

    def _bodies(self, table: str, reading: int) -> list[bytes]:
        found = self._database.execute(
            f"SELECT body FROM {table} WHERE id BETWEEN ? AND ? ORDER BY id", _range(reading)
        )
        return [body for (body,) in found]

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self._database.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            # A full disk has ended it already.
            if self._database.in_transaction:
                self._database.execute("ROLLBACK")
            raise
        self._database.execute("COMMIT")


def _files(root: Path) -> list[Path]:
    return [root / f"{FILE}{ending}" for ending in ("", "-wal", "-shm")]


def _opened(root: Path) -> sqlite3.Connection:
    database = sqlite3.connect(root / FILE, isolation_level=None)
    try:
        database.execute("PRAGMA journal_mode = WAL")
        # A lost power takes the last readings with it at most: they are made again.
        database.execute("PRAGMA synchronous = NORMAL")
        database.executescript(_SCHEMA)
        # A file of an earlier version has the table without its sums.
        database.execute("SELECT sum FROM readings LIMIT 1").fetchall()
    except BaseException:
        database.close()
        raise
    return database


_OF_DISK = {
    sqlite3.SQLITE_FULL: errno.ENOSPC, sqlite3.SQLITE_IOERR: errno.EIO,
    sqlite3.SQLITE_READONLY: errno.EROFS, sqlite3.SQLITE_CANTOPEN: errno.EACCES,
}  # fmt: skip
"""SQLite's codes that say nothing of the file's contents, and what the system calls them."""


def _raise_of_disk(error: sqlite3.DatabaseError, root: Path) -> None:
    """Raise OSError where the disk, and not what stands on it, is to blame."""
    # The rest of the number says in which call; errors that the module itself raises have none.
    code = _OF_DISK.get(getattr(error, "sqlite_errorcode", 0) & 0xFF)
    if code is not None:
        raise OSError(code, str(error), str(root / FILE)) from error


_SUM = 4


def _checksum(bodies: Iterable[bytes]) -> int:
    total = 0
    for body in bodies:
        # With its length: of two bodies side by side the border counts too.
        total = zlib.crc32(body, zlib.crc32(len(body).to_bytes(8, "big"), total))
    return total


def _sealed(body: bytes) -> bytes:
    return _checksum([body]).to_bytes(_SUM, "big") + body


def _unsealed(held: bytes) -> bytes | None:
    """What was sealed; None where it is not as it was."""
    body = held[_SUM:]
    return body if held[:_SUM] == _checksum([body]).to_bytes(_SUM, "big") else None


def _range(reading: int) -> tuple[int, int]:
    return reading * _ROWS, reading * _ROWS + _ROWS - 1


def _bytes(matrix: NDArray[np.float32] | NDArray[np.float16]) -> bytes:
    """The numbers of a matrix, after how many rows and columns it has."""
    return np.array(matrix.shape, np.int64).tobytes() + np.ascontiguousarray(matrix).tobytes()


def _matrix(data: bytes, kind: type[F]) -> NDArray[F]:
    rows, columns = np.frombuffer(data, np.int64, 2).tolist()
    return np.frombuffer(data, kind, offset=16).reshape(rows, columns)
