"""Folders of this machine that hold copies of versions of a database, to be mapped: each version is fetched once."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

from filelock import FileLock

from index.errors import SnapshotError
from index.store.engines.connection import Connection
from index.store.engines.contract import KEPT
from index.store.engines.pieces import files_held, get_files
from index.store.snapshot import current_id, switch
from index.store.tables.manifest import check_files, read_manifest, to_disk

_FETCHING = ".fetching-"


class Copies:
    """Two index folders on one file system: one that is read, one that the writer works in. What is in either is linked, not fetched."""

    def __init__(self, place: Path) -> None:
        self.reading = place / "reading"
        self.writing = place / "writing"

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Be the only process of this machine that changes what is read: versions are large, and fetched by one of them."""
        self.reading.mkdir(parents=True, exist_ok=True)
        with FileLock(self.reading / "LOCK"):
            yield

    def serves(self, version: str) -> bool:
        """Whether it is the one that is read, whole as far as a glance tells."""
        try:
            return current_id(self.reading) == version and _whole(self.reading / "snapshots" / version)
        except SnapshotError:
            return False

    def have(self, connection: Connection, root: Path, collection: str, version: str, written: float) -> None:
        """Have a version in one of the folders. Inside a transaction. ``written`` is when it was, in seconds."""
        snapshots = root / "snapshots"
        final = snapshots / version
        if final.exists():
            if _whole(final):
                return
            shutil.rmtree(final)
        for left in snapshots.glob(f"{_FETCHING}*"):
            shutil.rmtree(left, ignore_errors=True)
        building = snapshots / f"{_FETCHING}{uuid4().hex}"
        building.mkdir(parents=True)
        try:
            get_files(connection, building, files_held(connection, collection, version), self._here())
            for folder in (f for f in building.rglob("*") if f.is_dir()):
                to_disk(folder)
            to_disk(building)
            building.rename(final)
        finally:
            shutil.rmtree(building, ignore_errors=True)
        os.utime(final, (written, written))

    def serve(self, version: str) -> None:
        """Have a version be the one that is read; the oldest of the others go. Only ``alone``."""
        switch(self.reading, version)
        others = [f for f in _snapshots(self.reading) if f.name != version]
        # By when they came here; when they were written says the other time.
        others.sort(key=lambda f: f.stat().st_ctime, reverse=True)
        for folder in others[KEPT - 1 :]:
            shutil.rmtree(folder, ignore_errors=True)

    def drop(self, version: str) -> None:
        """Forget a version that is not as it was written. Only ``alone``."""
        for root in (self.reading, self.writing):
            shutil.rmtree(root / "snapshots" / version, ignore_errors=True)

    def _here(self) -> Mapping[bytes, Path]:
        """The files that lie here already, by their hashes."""
        held: dict[bytes, Path] = {}
        for root in (self.reading, self.writing):
            for folder in _snapshots(root):
                try:
                    manifest = read_manifest(folder)
                except SnapshotError:
                    continue
                held |= {bytes.fromhex(told): folder / name for name, told in manifest.files.items()}
        return held


def _snapshots(root: Path) -> list[Path]:
    place = root / "snapshots"
    return [f for f in place.iterdir() if not f.name.startswith(".")] if place.is_dir() else []


def _whole(folder: Path) -> bool:
    try:
        check_files(folder, read_manifest(folder), whole=False)
    except SnapshotError:
        return False
    return True
