"""One writer at a time: what reads an index folder, changes it and writes it back does so alone. Readers need no lock."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from index.errors import IndexBusyError, IndexReadOnlyError

PATIENCE = 600.0
"""Seconds for which a writer waits for another one, if nothing else is said: an ingest of many files takes minutes."""

_MAY_NOT_WRITE = frozenset({errno.EACCES, errno.EPERM, errno.EROFS})


@contextmanager
def writing(root: Path, patience: float = PATIENCE) -> Iterator[None]:
    """Be the only writer of the index folder ``root``, made if need be, until the block ends.

    The system holds the lock, on the file ``LOCK``: it ends with the process that has it, however that ends, and the file
    itself means nothing. Raises IndexBusyError where another writer does not finish within ``patience`` seconds, and
    IndexReadOnlyError where this user may not write there.
    """
    lock = FileLock(root / "LOCK", timeout=patience)
    try:
        root.mkdir(parents=True, exist_ok=True)
        lock.acquire()
    except Timeout as error:
        raise IndexBusyError(root, patience) from error
    except OSError as error:
        if error.errno in _MAY_NOT_WRITE:
            raise IndexReadOnlyError(root, error.strerror or str(error)) from error
        raise
    try:
        yield
    finally:
        lock.release()
