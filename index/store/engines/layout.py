"""The tables in a database: made once, and refused where another version of Wenju made them."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import LiteralString
from uuid import uuid4

from index.errors import StoreError
from index.store.engines.connection import Connection

SCHEMA = "wenju"
"""The schema that all tables are in."""

FORMAT = 1
"""Raised whenever ``schema.sql`` changes the meaning of a table."""

_MAKING = 0x77656E6A75
"""The number of the lock under which tables are made and versions written; any that is Wenju's alone in a database."""


def identity(connection: Connection, shown: str) -> str | None:
    """The id of the database, None where the tables are not made. Raises StoreError where another version made them."""
    if connection.rows("SELECT to_regclass(%s) IS NULL", f"{SCHEMA}.about")[0][0]:
        return None
    ((found, name),) = connection.rows("SELECT format, id FROM about")
    if found != FORMAT:
        raise StoreError(shown, f"has tables of format {found}, this version of Wenju knows {FORMAT}")
    return str(name)


def prepare(connection: Connection, shown: str) -> str:
    """Make the tables where there are none; the id of the database. Raises StoreError and IndexReadOnlyError."""
    held = identity(connection, shown)
    if held is not None:
        return held
    with connection.transaction():
        alone(connection)
        held = identity(connection, shown)
        if held is not None:
            return held
        connection.do(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}")
        connection.do(_statements())
        connection.do("INSERT INTO about VALUES (%s, %s)", FORMAT, uuid4().hex)
    made = identity(connection, shown)
    assert made is not None
    return made


def alone(connection: Connection) -> None:
    """Until the transaction ends, be the only one that changes tables: collections have files in common."""
    connection.do("SELECT pg_advisory_xact_lock(%s)", _MAKING)


@cache
def _statements() -> LiteralString:
    # Written by us, as if it stood here.
    return Path(__file__).with_name("schema.sql").read_text(encoding="utf-8")
