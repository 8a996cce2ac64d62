"""One writer at a time: what reads an index folder, changes it and writes it back does so alone. Readers need no lock."""

from __future__ import annotations

import errno
import json
import os
import shutil
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout

from index.errors import IndexBusyError, IndexFullError, IndexReadOnlyError

PATIENCE = 600.0
"""Seconds for which a writer waits for another one, if nothing else is said: an ingest of many files takes minutes."""

_MAY_NOT_WRITE = frozenset({errno.EACCES, errno.EPERM, errno.EROFS})

_NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})

_UNFINISHED = (".building-", ".CURRENT-")
"""How a writer's names begin, before 32 hexadecimal digits, until its work is whole; see ``index.store.snapshot``."""


@contextmanager
def writing(root: Path, patience: float = PATIENCE) -> Iterator[None]:
    """Be the only writer of the index folder ``root``, made if need be, until the block ends.

    The system holds the lock, on the file ``LOCK``: it ends with the process that has it, however that ends, and the file
    itself means nothing. What a writer that was killed has left unfinished is removed before the block begins. Raises
    IndexBusyError, with who it is, where another writer does not finish within ``patience`` seconds, IndexReadOnlyError
    where this user may not write there, and IndexFullError where the block, or this, finds no room on the disk.
    """
    lock = FileLock(root / "LOCK", timeout=patience)
    try:
        root.mkdir(parents=True, exist_ok=True)
        lock.acquire()
    except Timeout as error:
        raise IndexBusyError(root, patience, holder(root)) from error
    except OSError as error:
        if error.errno in _MAY_NOT_WRITE:
            raise IndexReadOnlyError(root, error.strerror or str(error)) from error
        if error.errno in _NO_ROOM:
            raise IndexFullError(root, error.strerror or str(error)) from error
        raise
    try:
        _say_who(root)
        _remove_unfinished(root)
        yield
    except OSError as error:
        if error.errno in _NO_ROOM:
            raise IndexFullError(root, error.strerror or str(error)) from error
        raise
    finally:
        with suppress(OSError):
            (root / "HOLDER").unlink()
        lock.release()


def holder(root: Path) -> str:
    """Who has the lock, in words, as far as it has told; empty where nobody has."""
    try:
        told = json.loads((root / "HOLDER").read_bytes())
        return f"process {told['pid']:d} on {told['host']}, since {told['since']}"
    except (OSError, ValueError, KeyError, TypeError):
        return ""


def _say_who(root: Path) -> None:
    # In a file of its own: the lock's is emptied by whoever tries to take it.
    told = {"pid": os.getpid(), "host": socket.gethostname(), "since": time.strftime("%Y-%m-%d %H:%M:%S")}
    with suppress(OSError):
        (root / "HOLDER").write_text(json.dumps(told), encoding="utf-8")


def _remove_unfinished(root: Path) -> None:
    """Only a writer makes such, and there is no other now."""
    for place in (root, root / "snapshots"):
        for entry in [*place.iterdir()] if place.is_dir() else ():
            if any(entry.name.startswith(head) and len(entry.name) == len(head) + 32 for head in _UNFINISHED):
                if entry.is_dir():
                    shutil.rmtree(entry, ignore_errors=True)
                else:
                    with suppress(OSError):
                        entry.unlink()
