"""The versions that an index holds, and going back to an earlier one."""

from __future__ import annotations

from index.store.engines.contract import Version
from index.store.engines.opening import Place, store_of

__all__ = ["Version", "roll_back", "versions"]


def versions(place: Place) -> list[Version]:
    """The held versions of an index, the newest first. Raises SnapshotError for a manifest that cannot be read."""
    return store_of(place).versions()


def roll_back(place: Place, number: int) -> Version:
    """Serve another of the held versions; see ``Store.roll_back``."""
    return store_of(place).roll_back(number)
