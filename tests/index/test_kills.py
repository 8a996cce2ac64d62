"""An ingest that is killed, wherever it is, leaves the last snapshot or the new one, and nothing that the next does not remove."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from index.errors import SnapshotError
from index.store.snapshot import open_snapshot, verify
from tests.builders import REPORT, write_files
from tests.conftest import ROOT
from tests.fakes import HashingEmbedder

pytestmark = pytest.mark.skipif(os.name != "posix", reason="sends SIGKILL, changes users")

ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"}

INGEST = """
import sys
from pathlib import Path
from index.ingest import ingest
from index.text.counting import DEFAULT_VOCABULARY
from tests.builders import SIZES
from tests.fakes import HashingEmbedder

print("ready", flush=True)
ingest([Path(sys.argv[1])], Path(sys.argv[2]), HashingEmbedder(), DEFAULT_VOCABULARY, SIZES, patience=0)
"""


def ingested(reports: Path, root: Path, seconds: float = 60) -> float | None:
    """The seconds that an ingest took; it is killed after so many, and that is None."""
    command = [sys.executable, "-c", INGEST, str(reports), str(root)]
    with subprocess.Popen(command, cwd=ROOT, env=ENVIRONMENT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        begun = time.monotonic()
        try:
            assert process.wait(timeout=seconds) == 0
        except subprocess.TimeoutExpired:
            process.kill()
            return None
        return time.monotonic() - begun


def test_a_killed_ingest_loses_nothing(tmp_path: Path) -> None:
    """At random times from its first read to its end; the index opens after each, whole, and the same ingest then succeeds."""
    root, chance = tmp_path / "index", random.Random(17)
    first = write_files(tmp_path / "first", {"green.txt": REPORT})
    second = write_files(tmp_path / "second", {f"{n}.txt": REPORT.replace("青石", f"白水{n}") for n in range(6)})
    ingested(first, root)
    whole = ingested(second, tmp_path / "timed")
    assert whole is not None
    for _ in range(4):
        ingested(second, root, chance.uniform(0, whole))
        assert verify(root) == []
        assert "green.txt" in open_snapshot(root, HashingEmbedder()).sources
    assert ingested(second, root) is not None
    assert set(open_snapshot(root, HashingEmbedder()).sources) == {"green.txt", *(f"{n}.txt" for n in range(6))}
    kept = {path.name for path in root.iterdir()} | {path.name for path in (root / "snapshots").iterdir()}
    assert not [name for name in kept if name.startswith(".")]


def small_index(folder: Path) -> Path:
    root = folder / "index"
    ingested(write_files(folder / "reports", {"green.txt": REPORT}), root)
    return root


@pytest.mark.parametrize(
    "text", [b"", b"\xff\xfe\x00", b"../../etc\n", b"0" * 15 + b"\n", b"0" * 17, "青石\n".encode()]
)
def test_a_damaged_name_of_the_snapshot_is_refused(tmp_path: Path, text: bytes) -> None:
    """Neither a traceback nor a path to somewhere else, and not taken for an empty folder."""
    root = small_index(tmp_path)
    (root / "CURRENT").write_bytes(text)
    for use in (lambda: open_snapshot(root, HashingEmbedder()), lambda: verify(root)):
        with pytest.raises(SnapshotError, match=r"CURRENT names no snapshot.*wenju ingest PATH… --replace"):
            use()


def test_every_damaged_file_is_refused_by_its_name(tmp_path: Path) -> None:
    """A byte changed anywhere, a file cut or taken away: found when the snapshot is opened, with the command that mends it."""
    root, chance = small_index(tmp_path), random.Random(17)
    files = sorted(path for path in (root / "snapshots").rglob("*") if path.is_file())
    assert len(files) > 15
    for path in files:
        whole = path.read_bytes()
        place = chance.randrange(len(whole))
        for damaged in (whole[:place] + bytes([whole[place] ^ 0x21]) + whole[place + 1 :], whole[:place], b"", None):
            path.unlink()
            if damaged is not None:
                path.write_bytes(damaged)
            with pytest.raises(SnapshotError, match="wenju ingest PATH… --replace") as refused:
                open_snapshot(root, HashingEmbedder())
            assert path.name in str(refused.value) or "manifest" in path.name or path.parent.name == "sources"
            path.write_bytes(whole)
    assert open_snapshot(root, HashingEmbedder()).regions == ("青石市",)


READ = """
import os, sys
from pathlib import Path
from index.store.snapshot import open_snapshot
from index.lock import writing
from index.errors import IndexReadOnlyError
from tests.fakes import HashingEmbedder

# What is imported late may lie where the other user cannot read.
open_snapshot(Path(sys.argv[1]), HashingEmbedder())
os.setgid(10001), os.setuid(10001)
print(open_snapshot(Path(sys.argv[1]), HashingEmbedder()).regions)
try:
    with writing(Path(sys.argv[1]), 0):
        print("written")
except IndexReadOnlyError:
    print("read only")
"""


@pytest.mark.skipif(os.name != "posix" or os.geteuid() != 0, reason="only root becomes another user")
def test_an_index_made_by_root_is_read_by_another_user() -> None:
    """As in the image: built by root, served by a user who may not change it."""
    # Not pytest's folder, which is its owner's alone.
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        command = [sys.executable, "-c", READ, str(small_index(Path(folder)))]
        done = subprocess.run(
            command, cwd=ROOT, env=ENVIRONMENT, capture_output=True, text=True, check=False, timeout=60
        )
    assert done.stdout.splitlines() == ["('青石市',)", "read only"], done.stderr
