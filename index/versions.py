"""The snapshots that an index folder holds, and going back to an earlier one."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

from index.errors import SnapshotError
from index.store.snapshot import check_whole, current_id, switch
from index.store.tables.manifest import FORMAT, Manifest, read_manifest


@dataclass(frozen=True, slots=True)
class Version:
    """A snapshot on disk: its number (0 is the newest), when it was written, and whether it is the one that serves."""

    number: int
    manifest: Manifest
    written: dt.datetime
    serving: bool


def versions(root: Path) -> list[Version]:
    """The snapshots of an index folder, the newest first. Raises SnapshotError for a manifest that cannot be read."""
    serving = current_id(root)
    folders = [f for f in (root / "snapshots").iterdir() if not f.name.startswith(".")] if serving else []
    folders.sort(key=lambda folder: (folder.stat().st_mtime, folder.name), reverse=True)
    return [
        Version(number, read_manifest(f), dt.datetime.fromtimestamp(f.stat().st_mtime), f.name == serving)
        for number, f in enumerate(folders)
    ]


def roll_back(root: Path, number: int) -> Version:
    """Serve another of the held snapshots. To be called inside ``index.lock.writing``.

    Nothing is written but the name of it, so that one can go forward again. Raises SnapshotError where there is no such
    snapshot, or it is damaged or of another format.
    """
    held = versions(root)
    if not 0 <= number < len(held):
        told = f"it holds {len(held)}, numbered from 0" if held else "it holds none"
        raise SnapshotError(f"no snapshot {number} in {root}: {told} (`wenju snapshots` lists them)")
    chosen = held[number]
    if chosen.manifest.format != FORMAT:
        raise SnapshotError(f"snapshot {number} has index format {chosen.manifest.format}, this version reads {FORMAT}")
    check_whole(root, chosen.manifest)
    switch(root, chosen.manifest.id)
    return chosen
