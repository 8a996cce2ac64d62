"""The only file that knows psycopg, the client library of PostgreSQL: a connection, and its errors as ours."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, LiteralString, Self, cast

from index.errors import IndexFullError, IndexReadOnlyError, StoreError

Row = tuple[Any, ...]

_CONNECT_SECONDS = 10
_OPTIONS = {
    "connect_timeout": _CONNECT_SECONDS,
    # A machine that is gone says nothing: what waits for it, and a lock that it held, would wait for hours.
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 30_000,
}
_SERVER_SIDE = ("tcp_keepalives_idle = 10", "tcp_keepalives_interval = 5", "tcp_keepalives_count = 3")
_NAME_BYTES = 63
"""What the server keeps of a connection's name."""


def told(url: str) -> str:
    """An address as it may be shown: without user, password and options. Raises StoreError for what is none."""
    try:
        given = _psycopg().conninfo.conninfo_to_dict(url)
    except _psycopg().Error as error:
        raise StoreError("WENJU_STORE", f"is no address of a database: {_line(error)}") from error
    port = f":{given['port']}" if "port" in given else ""
    return f"postgresql://{given.get('host', '')}{port}/{given.get('dbname', '')}"


class Connection:
    """A connection; each statement is a transaction of its own but inside ``transaction``. For one thread at a time."""

    def __init__(self, connection: Any, shown: str) -> None:
        self._connection = connection
        self._shown = shown

    @classmethod
    def open(cls, url: str, name: str, schema: str) -> Self:
        """Connect; unqualified names are of ``schema``. ``name`` is what others see of it. Raises StoreError."""
        psycopg, shown = _psycopg(), told(url)
        try:
            connection = psycopg.connect(
                url, autocommit=True, application_name=name.encode()[:_NAME_BYTES].decode(errors="ignore"), **_OPTIONS
            )
            with connection.cursor() as cursor:
                for option in _SERVER_SIDE:
                    cursor.execute(f"SET {option}")
                cursor.execute(f"SET search_path = {schema}")
        except psycopg.Error as error:
            raise StoreError(shown, f"cannot be reached: {_line(error)}") from error
        return cls(connection, shown)

    @property
    def usable(self) -> bool:
        """Whether it is open, as far as is known here."""
        return not self._connection.closed and not self._connection.broken

    def rows(self, query: LiteralString, *given: object) -> list[Row]:
        """What a query finds, its binary values as bytes."""
        with self._errors(), self._connection.cursor(binary=True) as cursor:
            return cast(list[Row], cursor.execute(query, given or None).fetchall())

    def stream(self, query: LiteralString, *given: object, at_once: int = 1) -> Iterator[Row]:
        """What a query finds, ``at_once`` rows a turn. Inside a transaction."""
        with self._errors(), self._connection.cursor("wenju", binary=True) as cursor:
            cursor.itersize = at_once
            yield from cast(Iterator[Row], cursor.execute(query, given or None))

    def do(self, statement: LiteralString, *given: object) -> int:
        """How many rows a statement touched."""
        with self._errors(), self._connection.cursor() as cursor:
            return cast(int, cursor.execute(statement, given or None).rowcount)

    def do_each(self, statement: LiteralString, given: Iterable[Sequence[object]]) -> None:
        """A statement for each row."""
        with self._errors(), self._connection.cursor() as cursor:
            cursor.executemany(statement, given)

    def copy(self, table: LiteralString, types: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
        """Put rows into a table (with the names of its columns), the fastest way there is."""
        statement = f"COPY {table} FROM STDIN (FORMAT BINARY)"
        with self._errors(), self._connection.cursor() as cursor, cursor.copy(statement) as copying:
            copying.set_types(types)
            for row in rows:
                copying.write_row(row)

    @contextmanager
    def transaction(self, *, reading: bool = False) -> Iterator[None]:
        """All of the block or, where it raises, nothing; ``reading`` sees one state of the database throughout."""
        with self._errors(), self._connection.transaction():
            if reading:
                self._connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield

    def lock(self, number: int, seconds: float) -> bool:
        """Have a lock of that number until the connection ends, whoever ends it; False where another keeps it longer than ``seconds``."""
        if seconds <= 0:
            return bool(self.rows("SELECT pg_try_advisory_lock(%s)", number)[0][0])
        psycopg = _psycopg()
        # In milliseconds, and 0 is for ever; what is longer than it can say is not waited for anyway.
        patience = max(1, min(int(seconds * 1000), 2**31 - 1))
        try:
            with self._errors(), self._connection.cursor() as cursor:
                cursor.execute("SELECT set_config('lock_timeout', %s, false)", (str(patience),))
                try:
                    cursor.execute("SELECT pg_advisory_lock(%s)", (number,))
                except psycopg.errors.LockNotAvailable:
                    return False
                return True
        finally:
            if self.usable:
                self.do("SET lock_timeout = 0")

    def close(self) -> None:
        """End it."""
        self._connection.close()

    @contextmanager
    def _errors(self) -> Iterator[None]:
        psycopg = _psycopg()
        try:
            yield
        except psycopg.errors.DiskFull as error:
            raise IndexFullError(self._shown, _line(error)) from error
        except (psycopg.errors.InsufficientPrivilege, psycopg.errors.ReadOnlySqlTransaction) as error:
            raise IndexReadOnlyError(self._shown, _line(error)) from error
        except psycopg.OperationalError as error:
            raise StoreError(self._shown, f"went away: {_line(error)}") from error
        except psycopg.Error as error:
            raise StoreError(self._shown, _line(error)) from error


def _psycopg() -> Any:
    try:
        import psycopg
    except ImportError as error:
        raise StoreError("WENJU_STORE", "PostgreSQL needs psycopg: pip install 'wenju[postgres]'") from error
    return psycopg


def _line(error: BaseException) -> str:
    """The first line of what a server says: the others are hints about its own statements."""
    lines = str(error).strip().splitlines()
    return lines[0] if lines else type(error).__name__
