"""A PostgreSQL server for the session, and the engines as several machines have them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from index.store.engines.contract import Store
from index.store.engines.folder import FolderStore
from index.store.engines.opening import open_store
from tests.index.store.engines.server import Server, running

Machines = Callable[[str], Store]
"""The same store as the machine of some name has it."""


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    with running() as server:
        yield server


@pytest.fixture
def database(server: Server) -> str:
    """The address of an empty database."""
    return server.database()


@pytest.fixture(params=["folder", "postgres"])
def machines(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Machines]:
    """An empty store. Of a folder all "machines" are processes of one."""
    if request.param == "folder":
        yield lambda _: FolderStore(tmp_path / "index")
        return
    address = request.getfixturevalue("database")
    opened: list[Store] = []

    def machine(name: str) -> Store:
        opened.append(open_store(address, tmp_path / name))
        return opened[-1]

    yield machine
    for store in opened:
        store.close()
