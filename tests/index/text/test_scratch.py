"""Folders for temporary files: gone when the work is done, and when its process was killed, with the next work of that kind."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from index.text.scratch import scratch

_LEFT = """
import os, signal
from index.text.scratch import scratch

with scratch("test") as folder:
    (folder / "written.txt").write_text("x")
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_what_a_killed_process_left_is_removed_by_the_next(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a living one has, and what another purpose has, stays."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    subprocess.run([sys.executable, "-c", _LEFT], check=False)
    (left,) = tmp_path.iterdir()
    assert (left / "written.txt").exists()
    other = tmp_path / left.name.replace("-test-", "-tested-")
    other.mkdir()
    with scratch("test") as mine:
        assert not left.exists()
        with scratch("test") as beside:
            assert mine.exists() and beside.exists()
    assert [*tmp_path.iterdir()] == [other]
