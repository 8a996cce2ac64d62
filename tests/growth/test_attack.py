"""A little of ``python -m benchmarks.attack``, with real processes; damage, pairs of writers and names have tests of their own kind."""

from __future__ import annotations

import shutil

import pytest

from benchmarks.attack.__main__ import attacked
from benchmarks.attack.badfiles import bad_files
from benchmarks.attack.files import NAMES
from benchmarks.attack.told import Row, table

pytestmark = [
    pytest.mark.enable_socket,
    pytest.mark.skipif(not shutil.which("mount"), reason="kills process groups and reads /proc, as on Linux"),
]


@pytest.mark.parametrize(("what", "times"), [("kills", 2), ("disks", 2)])
def test_nothing_is_lost(what: str, times: int) -> None:
    """No file that was said to be taken, no damage that nothing tells of, no traceback."""
    rows = attacked([what], times=times)
    assert all(row.good for row in rows), table(rows)


def test_there_are_enough_kinds() -> None:
    """Sixty kinds of bad file, thirty bad names; each kind is told apart by its words."""
    kinds = [kind for kind, _, _ in bad_files()]
    assert len(set(kinds)) == len(kinds) >= 60
    assert len(set(NAMES)) == len(NAMES) >= 30


def test_what_goes_wrong_is_told() -> None:
    """An attack that fails is not taken for one that held, nor one that was never tried."""
    assert not Row("none").good
    row = Row("one", tried=1)
    assert row.good
    row.reads("Traceback (most recent call last)\nValueError: x", "a command")
    assert not row.good
    row.loses("a.txt")
    both = Row("one", tried=2, seconds=3.0)
    both.joins(row)
    assert (both.tried, both.lost, both.tracebacks, both.seconds, both.good) == (3, 1, 1, 3.0, False)
    assert "one: lost: a.txt" in table([row])
    assert "one: traceback: a command: ValueError: x" in table([row])
