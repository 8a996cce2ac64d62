"""What was read of each source and the vectors made of it, in one SQLite file beside the snapshots.

A reading is known by a key over everything that decides it, and never changes: a later one of the same file has another
key. So an ingest takes from here what did not change, one that is killed goes on from where it was, and what no snapshot
has any more is forgotten. Only the one writer opens it (``index.lock.writing``).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Generic, Self, TypeVar, get_type_hints

import msgspec
import numpy as np
from numpy.typing import NDArray

from index.errors import REBUILD, SnapshotError
from index.store.meanings import TextVectors
from index.store.vectors import CorpusVectors, CorpusWords
from index.types import Chunk, Corpus, Document, Fact, Sentence, Source

FILE = "kept.sqlite"

_SCHEMA = """
CREATE TABLE IF NOT EXISTS readings (id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE);
CREATE TABLE IF NOT EXISTS documents (id INTEGER PRIMARY KEY, body BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS sentences (id INTEGER PRIMARY KEY, body BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS chunks (id INTEGER PRIMARY KEY, body BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS facts (id INTEGER PRIMARY KEY, body BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS words (reading INTEGER PRIMARY KEY, body BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS vectors (
    reading INTEGER NOT NULL, model TEXT NOT NULL, chunks BLOB NOT NULL, names BLOB NOT NULL, named BLOB NOT NULL,
    texts BLOB NOT NULL, sentences BLOB NOT NULL, clauses BLOB NOT NULL, PRIMARY KEY (reading, model)
) WITHOUT ROWID;
"""
_ROWS = 1 << 24
"""A row's id is its reading's times this and its place in it: the rows of a reading lie together, in their order."""
_TABLES = ("documents", "sentences", "chunks", "facts")

T = TypeVar("T")
F = TypeVar("F", np.float16, np.float32)


class Rows(Generic[T]):
    """Frozen values to bytes and back, without the names of their fields."""

    def __init__(self, kind: type[T]) -> None:
        fields = get_type_hints(kind)
        row = msgspec.defstruct(f"{kind.__name__}Row", list(fields.items()), array_like=True)
        self._kind, self._names = kind, tuple(fields)
        self._decoder = msgspec.msgpack.Decoder(row)
        self._encoder = msgspec.msgpack.Encoder()

    def encode(self, value: T) -> bytes:
        """As an array of its fields."""
        return self._encoder.encode(tuple(getattr(value, name) for name in self._names))

    def decode(self, data: bytes) -> T:
        """Raises a MsgspecError for what ``encode`` did not write."""
        held = self._decoder.decode(data)
        return self._kind(*(getattr(held, name) for name in self._names))


_DOCUMENTS, _SENTENCES, _CHUNKS, _FACTS = Rows(Document), Rows(Sentence), Rows(Chunk), Rows(Fact)


class KeptReadings:
    """An opened file of readings. Make one with ``open``."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database

    @classmethod
    @contextmanager
    def open(cls, root: Path) -> Iterator[Self]:
        """The readings beside the snapshots of an index folder. Raises SnapshotError where they are damaged."""
        database = sqlite3.connect(root / FILE, isolation_level=None)
        try:
            database.execute("PRAGMA journal_mode = WAL")
            # A lost power takes the last readings with it at most: they are made again.
            database.execute("PRAGMA synchronous = NORMAL")
            database.executescript(_SCHEMA)
            yield cls(database)
        except (sqlite3.DatabaseError, msgspec.MsgspecError) as error:
            raise SnapshotError(f"{FILE} of the index in {root} is damaged ({error}); {REBUILD}") from error
        finally:
            database.close()

    @staticmethod
    def remove(root: Path) -> None:
        """Forget all that was read for an index folder."""
        for ending in ("", "-wal", "-shm"):
            (root / f"{FILE}{ending}").unlink(missing_ok=True)

    def corpus(self, key: str, source: Source) -> Corpus | None:
        """What was read of a source, places counted from 0; None where it was not."""
        reading = self._reading(key)
        if reading is None:
            return None
        return Corpus(
            (source,),
            self._rows("documents", _DOCUMENTS, reading),
            self._rows("sentences", _SENTENCES, reading),
            self._rows("chunks", _CHUNKS, reading),
            self._rows("facts", _FACTS, reading),
        )

    def put(self, key: str, corpus: Corpus) -> None:
        """Keep what was read of one source."""
        with self._transaction():
            reading = self._database.execute("INSERT INTO readings (key) VALUES (?)", (key,)).lastrowid
            assert reading is not None
            self._insert("documents", _DOCUMENTS, reading, corpus.documents)
            self._insert("sentences", _SENTENCES, reading, corpus.sentences)
            self._insert("chunks", _CHUNKS, reading, corpus.chunks)
            self._insert("facts", _FACTS, reading, corpus.facts)

    def words(self, key: str) -> CorpusWords | None:
        """The words of a reading; None where they were not kept."""
        found = self._database.execute("SELECT body FROM words WHERE reading = ?", (self._reading(key),)).fetchone()
        return CorpusWords.unpacked(found[0]) if found is not None else None

    def put_words(self, key: str, words: CorpusWords) -> None:
        """Keep the words of a reading."""
        self._database.execute("INSERT OR REPLACE INTO words VALUES (?, ?)", (self._reading(key), words.packed()))

    def vectors(self, key: str, model: str) -> CorpusVectors | None:
        """The vectors that a model of this identity made of a reading; None where it did not."""
        found = self._database.execute(
            "SELECT chunks, names, named, texts, sentences, clauses FROM vectors WHERE reading = ? AND model = ?",
            (self._reading(key), model),
        ).fetchone()
        if found is None:
            return None
        chunks, names, named, texts, sentences, clauses = found
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
        self._database.execute(
            "INSERT OR REPLACE INTO vectors VALUES (?, ?, ?, ?, ?, ?, ?, ?)", (self._reading(key), model, *told, *rows)
        )

    def forget_all_but(self, keys: Iterable[str]) -> None:
        """Forget the readings that have none of these keys."""
        kept = set(keys)
        held = self._database.execute("SELECT id, key FROM readings").fetchall()
        with self._transaction():
            for reading, key in held:
                if key not in kept:
                    self._forget(reading)

    def _forget(self, reading: int) -> None:
        for table in _TABLES:
            self._database.execute(f"DELETE FROM {table} WHERE id BETWEEN ? AND ?", _range(reading))
        self._database.execute("DELETE FROM words WHERE reading = ?", (reading,))
        self._database.execute("DELETE FROM vectors WHERE reading = ?", (reading,))
        self._database.execute("DELETE FROM readings WHERE id = ?", (reading,))

    def _reading(self, key: str) -> int | None:
        found = self._database.execute("SELECT id FROM readings WHERE key = ?", (key,)).fetchone()
        return None if found is None else int(found[0])

    def _rows(self, table: str, rows: Rows[T], reading: int) -> tuple[T, ...]:
        found = self._database.execute(
            f"SELECT body FROM {table} WHERE id BETWEEN ? AND ? ORDER BY id", _range(reading)
        )
        return tuple(rows.decode(body) for (body,) in found)

    def _insert(self, table: str, rows: Rows[T], reading: int, values: Sequence[T]) -> None:
        numbered = ((reading * _ROWS + at, rows.encode(value)) for at, value in enumerate(values))
        self._database.executemany(f"INSERT INTO {table} VALUES (?, ?)", numbered)

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self._database.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._database.execute("ROLLBACK")
            raise
        self._database.execute("COMMIT")


def _range(reading: int) -> tuple[int, int]:
    return reading * _ROWS, reading * _ROWS + _ROWS - 1


def _bytes(matrix: NDArray[np.float32] | NDArray[np.float16]) -> bytes:
    """The numbers of a matrix, after how many rows and columns it has."""
    return np.array(matrix.shape, np.int64).tobytes() + np.ascontiguousarray(matrix).tobytes()


def _matrix(data: bytes, kind: type[F]) -> NDArray[F]:
    rows, columns = np.frombuffer(data, np.int64, 2).tolist()
    return np.frombuffer(data, kind, offset=16).reshape(rows, columns)
