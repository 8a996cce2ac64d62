"""The engine of one machine: an index folder, which is all there is. It can be copied as a backup."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from index.errors import SnapshotError
from index.lock import PATIENCE, holder, writing
from index.store.engines.contract import Version
from index.store.snapshot import check_whole, current_id, switch
from index.store.tables.manifest import FORMAT, read_manifest


class FolderStore:
    """A ``Store`` in a folder, made when it is first written."""

    def __init__(self, root: Path) -> None:
        self._root = root

    @property
    def told(self) -> str:
        return str(self._root)

    def current(self) -> str | None:
        return current_id(self._root)

    def reading(self) -> Path:
        # What is wrong with it, or that there is none, is said where it is opened.
        return self._root

    @contextmanager
    def writing(self, patience: float = PATIENCE, *, earlier: bool = False) -> Iterator[Path]:
        with writing(self._root, patience):
            yield self._root

    def versions(self) -> list[Version]:
        serving = current_id(self._root)
        place = self._root / "snapshots"
        folders = [f for f in place.iterdir() if not f.name.startswith(".")] if serving else []
        folders.sort(key=lambda folder: (folder.stat().st_mtime, folder.name), reverse=True)
        return [
            Version(number, read_manifest(f), dt.datetime.fromtimestamp(f.stat().st_mtime), f.name == serving)
            for number, f in enumerate(folders)
        ]

    def roll_back(self, number: int) -> Version:
        with writing(self._root):
            chosen = chosen_of(self.versions(), number, self.told)
            check_whole(self._root, chosen.manifest)
            switch(self._root, chosen.manifest.id)
            return chosen

    def verify(self) -> list[str]:
        return []

    def holder(self) -> str:
        return holder(self._root) if current_id(self._root) is not None else ""

    def close(self) -> None:
        """Nothing to do."""


def chosen_of(held: list[Version], number: int, told: str) -> Version:
    """The held version of that number. Raises SnapshotError where there is none, or none that this version of Wenju reads."""
    if not 0 <= number < len(held):
        many = f"it holds {len(held)}, numbered from 0" if held else "it holds none"
        raise SnapshotError(f"no snapshot {number} in {told}: {many} (`wenju snapshots` lists them)")
    chosen = held[number]
    if chosen.manifest.format != FORMAT:
        raise SnapshotError(f"snapshot {number} has index format {chosen.manifest.format}, this version reads {FORMAT}")
    return chosen
