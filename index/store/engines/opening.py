"""Which engine holds an index, by its setting."""

from __future__ import annotations

from pathlib import Path
from typing import TypeAlias

from index.store.engines.contract import Store
from index.store.engines.folder import FolderStore

FOLDER = "sqlite"
"""The setting of the engine of one machine."""

OF_DATABASES = ("postgresql://", "postgres://")
"""How the setting of the other one begins: an address as every client of PostgreSQL takes it."""

DEFAULT = "default"
"""The collection that is meant where none is named."""

Place: TypeAlias = Path | Store
"""Where an index is: a folder, or a store."""


def open_store(setting: str, folder: Path, collection: str = DEFAULT) -> Store:
    """The store that a setting names; nothing is connected to yet. ``folder`` is the index, or holds this machine's copies of it.

    Raises StoreError where the setting is none, or psycopg is not installed.
    """
    if setting == FOLDER:
        return FolderStore(folder)
    from index.store.engines.postgres import PostgresStore

    return PostgresStore(setting, folder / "shared", collection)


def store_of(place: Place) -> Store:
    """A folder as a store."""
    return FolderStore(place) if isinstance(place, Path) else place
