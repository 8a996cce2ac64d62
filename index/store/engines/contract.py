"""What every engine promises. ``tests/index/store/engines/test_contract.py`` holds each of them to it, with equal answers."""

from __future__ import annotations

import datetime as dt
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from index.lock import PATIENCE
from index.store.tables.manifest import Manifest

KEPT = 3
"""Versions that are held: the serving one, and two that readers may still use and that one can go back to."""


@dataclass(frozen=True, slots=True)
class Version:
    """A snapshot that is held: its number (0 is the newest), when it was written, and whether it is the one that serves."""

    number: int
    manifest: Manifest
    written: dt.datetime
    serving: bool


class Store(Protocol):
    """The versions of one index, one of which serves.

    Whatever the engine, what is searched lies in an index folder of this machine (``index.store.snapshot``) and is mapped from
    there: the engine says which folder, and brings it up to date. So answers do not depend on it. Safe to use from several
    threads. All methods raise StoreError where the engine cannot be reached or refuses.
    """

    @property
    def told(self) -> str:
        """Which store it is, for people; without a password."""

    def current(self) -> str | None:
        """The id of the serving version, None where nothing was ingested. Cheap: services ask it several times a second."""

    def reading(self) -> Path:
        """An index folder in which the serving version is whole, and serves. Raises SnapshotError where nothing was ingested."""

    def writing(self, patience: float = PATIENCE, *, earlier: bool = False) -> AbstractContextManager[Path]:
        """Be the only writer, until the block ends; what serves then in the folder that is given is what the store serves.

        The folder has the serving version in it, and with ``earlier`` the other held ones. Where the block raises or the
        process is killed, nothing was changed. Raises what ``index.lock.writing`` raises.
        """

    def versions(self) -> list[Version]:
        """The versions that are held, the newest first. Raises SnapshotError for a manifest that cannot be read."""

    def roll_back(self, number: int) -> Version:
        """Serve another held version. Nothing is written but its name, so that one can go forward again.

        Raises SnapshotError where there is no such version or it is damaged or of another format, and what ``writing`` raises.
        """

    def verify(self) -> list[str]:
        """What is wrong with what the engine itself keeps, in words; the folder of ``reading`` is not looked at."""

    def holder(self) -> str:
        """Who changes the index now, in words; empty where nobody does."""

    def close(self) -> None:
        """Let go of connections. It can be used again."""
