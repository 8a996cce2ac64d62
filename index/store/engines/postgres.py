"""The engine of many machines: a PostgreSQL database has everything, each machine maps copies of the version that it reads.

Only what a machine lacks is fetched, compared with its hash, and opened as the folder of the other engine is: so answers are
the same bytes, and cost the same. Figures are also there as rows, for other programs (``schema.sql``).
"""

from __future__ import annotations

import datetime as dt
import hashlib
import os
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from index.errors import REBUILD, IndexBusyError, SnapshotError, StoreError
from index.lock import PATIENCE
from index.lock import writing as writing_folder
from index.store.engines.connection import Connection, told
from index.store.engines.contract import KEPT, Version
from index.store.engines.copies import Copies
from index.store.engines.folder import chosen_of
from index.store.engines.layout import SCHEMA, alone, identity, prepare
from index.store.engines.pieces import Held, damaged_pieces, forget_files, put_files
from index.store.engines.readings import facts_of, forget_readings, get_readings, put_readings
from index.store.kept import KeptReadings
from index.store.originals import StoredSources
from index.store.snapshot import current_id, switch
from index.store.tables.manifest import Manifest, check_files, hash_file, read_manifest


class PostgresStore:
    """A ``Store`` in a database. Nothing is connected to before it is needed; one connection stays for ``current``."""

    def __init__(self, url: str, place: Path, collection: str) -> None:
        """``place`` is a folder of this machine for the copies that are mapped. Raises StoreError for what is no address."""
        self._url = url
        self._place = place
        self._collection = collection
        self._shown = told(url)
        self._lock = threading.Lock()
        self._kept: Connection | None = None
        self._made: str | None = None
        self._process = 0

    @property
    def told(self) -> str:
        return self._shown

    def current(self) -> str | None:
        with self._lock:
            try:
                return self._look()
            except StoreError:
                # The server may have been started anew since: asked once more by a new connection, if there was an old one.
                if self._kept is None:
                    raise
                self._kept.close()
                self._kept = None
                return self._look()

    def reading(self) -> Path:
        copies: Copies | None = None
        with self._connected("reads") as connection:
            made = identity(connection, self._shown)
            if made is not None:
                copies = self._copies(made)
                with copies.alone(), connection.transaction(reading=True):
                    serving = _serving(connection, self._collection)
                    if serving is not None:
                        if not copies.serves(serving):
                            written = _written(connection, self._collection, serving)
                            copies.have(connection, copies.reading, self._collection, serving, written)
                            copies.serve(serving)
                        return copies.reading
        raise SnapshotError(f"no index in {self._shown}; run `wenju ingest PATH…` first")

    @contextmanager
    def writing(self, patience: float = PATIENCE, *, earlier: bool = False) -> Iterator[Path]:
        with self._alone(patience) as (connection, copies):
            root = copies.writing
            # What a killed writer of this machine has left is removed by this, too.
            with writing_folder(root, patience):
                self._bring(connection, copies, earlier)
                yield root
                self._commit(connection, root)

    def versions(self) -> list[Version]:
        with self._connected("reads") as connection:
            return self._versions(connection) if identity(connection, self._shown) is not None else []

    def roll_back(self, number: int) -> Version:
        with self._alone(PATIENCE) as (connection, _):
            chosen = chosen_of(self._versions(connection), number, self._shown)
            wrong = damaged_pieces(connection, self._collection, chosen.manifest.id)
            if wrong:
                raise SnapshotError(f"{wrong[0]} of snapshot {number} is damaged in the database")
            self._serve(connection, chosen.manifest.id)
            return chosen

    def verify(self) -> list[str]:
        """Also has copies of this machine that are not as they were written fetched anew."""
        with self._connected("verifies") as connection:
            made = identity(connection, self._shown)
            serving = _serving(connection, self._collection) if made is not None else None
            if made is None or serving is None:
                raise SnapshotError(f"no index in {self._shown}; run `wenju ingest PATH…` first")
            names = damaged_pieces(connection, self._collection, serving)
            if names:
                return [f"{name} is damaged in the database; {REBUILD}" for name in names]
            copies = self._copies(made)
            with copies.alone():
                folder = copies.reading / "snapshots" / serving
                try:
                    check_files(folder, read_manifest(folder))
                except SnapshotError:
                    copies.drop(serving)
            many, expected = (
                facts_of(connection, self._collection, serving),
                _manifest_of(connection, self._collection, serving),
            )
            if many != expected.counts["facts"]:
                return [f"the database has {many} rows of figures for {expected.counts['facts']}; {REBUILD}"]
            return []

    def holder(self) -> str:
        with self._connected("reads") as connection:
            return _holder(connection, self._number) or ""

    def close(self) -> None:
        with self._lock:
            if self._kept is not None:
                self._kept.close()
                self._kept = None

    @property
    def _number(self) -> int:
        """The number of the lock that the writer of this collection has."""
        return int.from_bytes(hashlib.sha256(f"{SCHEMA}/{self._collection}".encode()).digest()[:8], "big", signed=True)

    def _copies(self, made: str) -> Copies:
        return Copies(self._place / made / self._collection)

    @contextmanager
    def _connected(self, does: str) -> Iterator[Connection]:
        connection = Connection.open(self._url, f"wenju {does}", SCHEMA)
        try:
            yield connection
        finally:
            connection.close()

    @contextmanager
    def _alone(self, patience: float) -> Iterator[tuple[Connection, Copies]]:
        """Be the only writer of this collection, on any machine, as long as the connection and this process live."""
        # What others are told of who it is.
        name = f"process {os.getpid()} on {socket.gethostname()[:24]}, since {time.strftime('%Y-%m-%d %H:%M:%S')}"
        connection = Connection.open(self._url, name, SCHEMA)
        try:
            copies = self._copies(prepare(connection, self._shown))
            if not connection.lock(self._number, patience):
                raise IndexBusyError(self._shown, patience, _holder(connection, self._number) or "")
            yield connection, copies
        finally:
            connection.close()

    def _bring(self, connection: Connection, copies: Copies, earlier: bool) -> None:
        """Have in the writer's folder what the database has."""
        root = copies.writing
        with connection.transaction(reading=True):
            serving = _serving(connection, self._collection)
            if serving is None:
                (root / "CURRENT").unlink(missing_ok=True)
                return
            wanted = [each.manifest.id for each in self._versions(connection)] if earlier else [serving]
            for version in wanted:
                written = _written(connection, self._collection, version)
                copies.have(connection, root, self._collection, version, written)
            switch(root, serving)
            with KeptReadings.open(root) as kept:
                get_readings(connection, kept, self._collection, serving)

    def _commit(self, connection: Connection, root: Path) -> None:
        """Have the database serve what serves in the writer's folder."""
        version = current_id(root)
        if version is None or version == _serving(connection, self._collection):
            return
        folder = root / "snapshots" / version
        manifest = read_manifest(folder)
        with connection.transaction(), KeptReadings.open(root) as kept:
            alone(connection)
            self._put_version(connection, folder, manifest)
            put_readings(connection, kept, StoredSources(folder, manifest.sources), self._collection, version)
            many = facts_of(connection, self._collection, version)
            if many != manifest.counts["facts"]:
                raise StoreError(
                    self._shown, f"would have {many} rows of figures for {manifest.counts['facts']}; {REBUILD}"
                )
            self._serve(connection, version)
            self._forget_old(connection, version)

    def _put_version(self, connection: Connection, folder: Path, manifest: Manifest) -> None:
        files = [
            Held(name, bytes.fromhex(told), manifest.sizes[name]) for name, told in manifest.files.items()
        ]  # fmt: skip
        text = folder / "manifest.json"
        files.append(Held(text.name, bytes.fromhex(hash_file(text)), text.stat().st_size))
        put_files(connection, folder, files)
        connection.do("INSERT INTO collections VALUES (%s, NULL) ON CONFLICT DO NOTHING", self._collection)
        written = dt.datetime.fromtimestamp(folder.stat().st_mtime, dt.UTC)
        new = connection.do(
            "INSERT INTO versions VALUES (%s, %s, %s, %s) ON CONFLICT DO NOTHING",
            self._collection, manifest.id, written, text.read_text(encoding="utf-8"),
        )  # fmt: skip
        if new:
            rows = ((self._collection, manifest.id, each.path, each.hash) for each in files)
            connection.copy("version_files (collection, version, path, file)", ("text", "text", "text", "bytea"), rows)

    def _serve(self, connection: Connection, version: str) -> None:
        connection.do("UPDATE collections SET serving = %s WHERE name = %s", version, self._collection)

    def _forget_old(self, connection: Connection, serving: str) -> None:
        gone = connection.do(
            "DELETE FROM versions WHERE collection = %s AND id <> %s AND id NOT IN (SELECT id FROM versions"
            " WHERE collection = %s AND id <> %s ORDER BY written DESC LIMIT %s)",
            self._collection, serving, self._collection, serving, KEPT - 1,
        )  # fmt: skip
        if gone:
            forget_files(connection)
        # A version that is written again may be of other readings.
        forget_readings(connection)

    def _versions(self, connection: Connection) -> list[Version]:
        serving = _serving(connection, self._collection)
        rows = connection.rows(
            "SELECT id, written, manifest FROM versions WHERE collection = %s ORDER BY written DESC, id DESC",
            self._collection,
        )
        return [
            Version(n, _manifest(text), when.astimezone().replace(tzinfo=None), name == serving)
            for n, (name, when, text) in enumerate(rows)
        ]

    def _look(self) -> str | None:
        if self._kept is None or self._process != os.getpid():
            # A process that was forked has no part in the connection of its parent.
            self._kept, self._process = Connection.open(self._url, "wenju watches", SCHEMA), os.getpid()
        if self._made is None:
            self._made = identity(self._kept, self._shown)
        return _serving(self._kept, self._collection) if self._made is not None else None


def _serving(connection: Connection, collection: str) -> str | None:
    found = connection.rows("SELECT serving FROM collections WHERE name = %s", collection)
    return found[0][0] if found else None


def _written(connection: Connection, collection: str, version: str) -> float:
    ((when,),) = connection.rows("SELECT written FROM versions WHERE collection = %s AND id = %s", collection, version)
    return float(when.timestamp())


def _manifest_of(connection: Connection, collection: str, version: str) -> Manifest:
    ((text,),) = connection.rows("SELECT manifest FROM versions WHERE collection = %s AND id = %s", collection, version)
    return _manifest(text)


def _manifest(text: str) -> Manifest:
    try:
        return msgspec.json.decode(text, type=Manifest)
    except msgspec.DecodeError as error:
        raise SnapshotError(f"a manifest in the database cannot be read ({error}); {REBUILD}") from error


def _holder(connection: Connection, number: int) -> str | None:
    """Who has the lock of that number, as the server knows it: nobody has to tidy up after a writer that was killed."""
    found = connection.rows(
        "SELECT a.application_name FROM pg_locks l JOIN pg_stat_activity a USING (pid) WHERE l.locktype = 'advisory' AND l.granted"
        " AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())"
        " AND (l.classid::bigint << 32 | l.objid::bigint) = %s AND l.objsubid = 1",
        number,
    )
    # Of another user's connections the server tells no name.
    return (found[0][0] or "another user of the database") if found else None
