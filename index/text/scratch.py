"""Folders for the time of one piece of work, also where its process is killed in the midst of it."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def scratch(purpose: str) -> Iterator[Path]:
    """A folder for temporary files until the block ends; those that killed processes left for the same purpose are removed."""
    head = f"wenju-{purpose}-"
    for left in Path(tempfile.gettempdir()).glob(f"{head}*-*"):
        number = left.name.removeprefix(head).partition("-")[0]
        if number.isdigit() and not alive(int(number)):
            # Of another user it stays: that is for his next run.
            shutil.rmtree(left, ignore_errors=True)
    with tempfile.TemporaryDirectory(prefix=f"{head}{os.getpid()}-", ignore_cleanup_errors=True) as folder:
        yield Path(folder)


def alive(process: int) -> bool:
    """Whether there is a process of that id on this machine."""
    try:
        os.kill(process, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        return True
    return True
