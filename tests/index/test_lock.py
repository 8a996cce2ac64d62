"""One writer at a time: a second one waits and goes on from what the first has left, or is told that it did not get its turn."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from index.errors import IndexBusyError, IndexFullError, SourceError
from index.ingest import IngestReport, Progress, _ingest, ingest, ingest_files
from index.lock import writing
from index.store.snapshot import open_snapshot
from index.text.counting import DEFAULT_VOCABULARY
from index.text.sources import find_files
from tests.builders import REPORT, SIZES, write_files
from tests.conftest import ROOT
from tests.fakes import HashingEmbedder

ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "index"


def put(reports: Path, root: Path, patience: float = 30) -> IngestReport:
    return ingest([reports], root, HashingEmbedder(), DEFAULT_VOCABULARY, SIZES, patience=patience)


@pytest.mark.parametrize("attempt", range(3))
def test_two_ingests_at_once_lose_nothing(tmp_path: Path, root: Path, attempt: int) -> None:
    """Two commands, started together, over different folders: both succeed, and every file of both is there."""
    folders = [
        write_files(
            tmp_path / place,
            {f"{place}{n}.txt": REPORT.replace("青石", place) + f"第{attempt}{n}份。" for n in range(20)},
        )
        for place in ("白水", "黑山")
    ]
    commands = [
        subprocess.Popen(
            [sys.executable, "-m", "wenju", "ingest", str(folder), "--index", str(root)],
            cwd=tmp_path, env=ENVIRONMENT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8",
        )
        for folder in folders
    ]  # fmt: skip
    told = [(command.communicate(timeout=120), command.returncode) for command in commands]
    assert [status for _, status in told] == [0, 0], told
    assert {out.split(":")[0] for (out, _), _ in told} == {"20 files added, 0 kept", "20 files added, 20 kept"}
    coverage = subprocess.run(
        [sys.executable, "-m", "wenju", "coverage", "--index", str(root)],
        cwd=tmp_path, env=ENVIRONMENT, capture_output=True, encoding="utf-8", check=True,
    )  # fmt: skip
    assert all(f"({place}{n}.txt)" in coverage.stdout for place in ("白水", "黑山") for n in range(20))


def test_a_writer_that_waits_goes_on_from_what_the_first_left(tmp_path: Path, root: Path) -> None:
    """It reads what is stored when its turn has come, not when it was started."""
    first = write_files(tmp_path / "first", {"green.txt": REPORT})
    second = write_files(tmp_path / "second", {"white.txt": REPORT.replace("青石", "白水")})
    with ThreadPoolExecutor(1) as pool:
        with writing(root):
            waiting = pool.submit(put, second, root)
            with pytest.raises(TimeoutError):
                waiting.result(timeout=0.5)
            # What `ingest` does once it has the lock.
            files = list(find_files([first]))
            _ingest(files, root, HashingEmbedder(), DEFAULT_VOCABULARY, SIZES, fresh=False, hooks=Progress())
        assert waiting.result(timeout=30).kept == ("green.txt",)
    assert open_snapshot(root, HashingEmbedder()).regions == ("白水市", "青石市")


def test_who_does_not_get_a_turn_is_told(tmp_path: Path, root: Path) -> None:
    """The snapshot stays, readers open it meanwhile, and the turn comes when the other has finished."""
    reports = write_files(tmp_path / "reports", {"green.txt": REPORT})
    before = put(reports, root).manifest.id
    write_files(reports, {"white.txt": REPORT.replace("青石", "白水")})
    with writing(root):
        who = rf"\(waited 0\.1 s\); nothing was changed.* \(it is process {os.getpid()} on .*, since 20"
        with pytest.raises(IndexBusyError, match=rf"another process is changing the index in .*index {who}"):
            put(reports, root, patience=0.1)
        assert open_snapshot(root, HashingEmbedder()).id == before
    assert put(reports, root, patience=0).added == ("green.txt", "white.txt")


HOLD = """
import sys, time
from pathlib import Path
from index.lock import writing

with writing(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(60)
"""


@pytest.mark.skipif(os.name != "posix", reason="sends SIGKILL")
def test_a_writer_that_was_killed_holds_nobody_up(root: Path) -> None:
    """The lock ends with the process, whatever became of it; the file that stays behind means nothing."""
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(root)], cwd=ROOT, env=ENVIRONMENT, stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(IndexBusyError), writing(root, 0):
            pass
        holder.send_signal(signal.SIGKILL)
        holder.wait(timeout=30)
    assert (root / "LOCK").exists()
    with writing(root, 0):
        pass


def test_what_a_killed_writer_left_is_removed_by_the_next(tmp_path: Path, root: Path) -> None:
    """And nothing else that lies there."""
    left = [root / "snapshots" / f".building-{'a' * 32}", root / f".CURRENT-{'b' * 32}"]
    others = [root / "snapshots" / ".building-mine", root / ".CURRENT-", root / ".env"]
    for path in (*left, *others):
        path.mkdir(parents=True)
        (path / "file").write_text("x")
    with writing(root, 0):
        assert not any(path.exists() for path in left)
    assert all((path / "file").exists() for path in others)
    assert not (root / "HOLDER").exists()


def test_one_name_in_two_folders_is_two_sources(tmp_path: Path, root: Path) -> None:
    """Never “2 files added, 1 document”; another content under a held name is told as what it is."""
    write_files(
        tmp_path,
        {"a/x.txt": REPORT, "b/x.txt": REPORT.replace("青石", "白水"), "c/b/x.txt": REPORT.replace("青石", "黑山")},
    )

    def ingested(*folders: str) -> IngestReport:
        given = [tmp_path / folder for folder in folders]
        return ingest(given, root, HashingEmbedder(), DEFAULT_VOCABULARY, SIZES, patience=0)

    assert ingested("a", "b").added == ("a/x.txt", "b/x.txt")
    assert open_snapshot(root, HashingEmbedder()).regions == ("白水市", "青石市")
    assert ingested("c").replaced == ("b/x.txt",)


def test_of_two_uploads_of_one_name_the_second_is_refused(root: Path) -> None:
    files = [("x.txt", REPORT.encode()), ("x.txt", REPORT.replace("青石", "白水").encode())]
    report = ingest_files(files, root, HashingEmbedder(), DEFAULT_VOCABULARY, SIZES, patience=0)
    assert report.added == ("x.txt",)
    ((name, cause),) = report.refused
    assert name == "x.txt"
    assert "another file of this name" in cause
    assert open_snapshot(root, HashingEmbedder()).regions == ("青石市",)


def test_a_failed_change_gives_the_lock_back(tmp_path: Path, root: Path) -> None:
    bad = write_files(tmp_path / "bad", {"empty.txt": ""})
    for _ in range(2):
        with pytest.raises(SourceError):
            put(bad, root, patience=0)


def test_a_path_that_does_not_exist_makes_no_index(tmp_path: Path, root: Path) -> None:
    with pytest.raises(SourceError, match="no such file"):
        put(tmp_path / "nothing", root)
    assert not root.exists()


def test_no_room_on_the_disk_is_told_as_that(tmp_path: Path) -> None:
    """Whatever part of the work finds it; the place is free again."""
    with pytest.raises(IndexFullError, match=r"no room for the index in .*nothing was changed"), writing(tmp_path):
        raise OSError(errno.ENOSPC, "No space left on device")
    with writing(tmp_path, 0):
        pass
