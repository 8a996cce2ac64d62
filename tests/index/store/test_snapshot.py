"""Snapshots on disk: written whole or not at all, refused where they do not fit, and the last good one stays."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

import index.store.snapshot
from index.errors import SnapshotError, SourceError
from index.ingest import IngestReport, Progress, ingest
from index.store.snapshot import IndexSnapshot, current_id, open_snapshot, stored_sources, verify
from index.text.chunking import ChunkOptions
from index.text.counting import DEFAULT_VOCABULARY
from tests.builders import REPORT, SIZES, write_files
from tests.conftest import ROOT
from tests.fakes import HashingEmbedder

WHITE_WATER = REPORT.replace("青石", "白水")
REBUILD = r"wenju ingest PATH… --replace"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "index"


@pytest.fixture
def reports(tmp_path: Path) -> Path:
    return write_files(tmp_path / "reports", {"green.txt": REPORT})


def put(
    reports: Path,
    root: Path,
    *,
    fresh: bool = False,
    options: ChunkOptions = SIZES,
    on_step: Callable[[str], None] | None = None,
) -> IngestReport:
    progress = Progress(on_step=on_step) if on_step else None
    return ingest([reports], root, HashingEmbedder(), DEFAULT_VOCABULARY, options, fresh=fresh, progress=progress)


def opened(root: Path) -> IndexSnapshot:
    return open_snapshot(root, HashingEmbedder())


def serving(root: Path) -> Path:
    identity = current_id(root)
    assert identity is not None
    return root / "snapshots" / identity


def folders(root: Path) -> set[str]:
    return {path.name for path in (root / "snapshots").iterdir()}


def test_what_is_written_is_what_is_opened(reports: Path, root: Path) -> None:
    """Documents, chunks, facts and the unmodified bytes come back, under the id of the manifest."""
    report = put(reports, root)
    snapshot = opened(root)
    assert snapshot.id == report.manifest.id == current_id(root)
    assert report.added == ("green.txt",)
    assert snapshot.sources["green.txt"].text == REPORT
    assert snapshot.regions == ("青石市",)
    assert len(snapshot.facts) == report.manifest.counts["facts"] > 0
    assert snapshot.document(snapshot.documents[0].id) == snapshot.documents[0]
    assert snapshot.document("nobody") is None
    assert verify(root) == []


def test_coverage_tells_what_is_held(reports: Path, root: Path) -> None:
    put(reports, root)
    coverage = opened(root).coverage()
    assert coverage["regions"] == {"青石市": {"results": ["2023"], "plans": ["2024"], "documents": 1}}
    assert json.loads(json.dumps(coverage)) == coverage


def test_the_same_sources_give_the_same_id(reports: Path, root: Path, tmp_path: Path) -> None:
    """On another disk and in another order; another text, another size or another model gives another id."""
    first = put(reports, root).manifest.id
    assert put(reports, tmp_path / "again").manifest.id == first
    assert put(reports, tmp_path / "smaller", options=ChunkOptions(50, 100)).manifest.id != first
    write_files(reports, {"green.txt": REPORT.replace("305.2", "305.3")})
    assert put(reports, tmp_path / "other").manifest.id != first


def test_a_second_ingest_adds(reports: Path, root: Path, tmp_path: Path) -> None:
    """What was there stays, from the stored bytes: the first file need not exist any more."""
    put(reports, root)
    shutil.rmtree(reports)
    more = write_files(tmp_path / "more", {"white.txt": WHITE_WATER})
    report = put(more, root)
    assert (report.added, report.kept) == (("white.txt",), ("green.txt",))
    assert opened(root).regions == ("白水市", "青石市")


def test_a_file_of_the_same_name_is_replaced(reports: Path, root: Path) -> None:
    put(reports, root)
    write_files(reports, {"green.txt": WHITE_WATER})
    report = put(reports, root)
    assert (report.added, report.kept) == (("green.txt",), ())
    assert opened(root).regions == ("白水市",)


def test_replace_forgets_what_was_there(reports: Path, root: Path, tmp_path: Path) -> None:
    put(reports, root)
    more = write_files(tmp_path / "more", {"white.txt": WHITE_WATER})
    report = put(more, root, fresh=True)
    assert report.kept == ()
    assert set(opened(root).sources) == {"white.txt"}


def test_the_same_bytes_go_in_once(reports: Path, root: Path) -> None:
    """Under two names they are one report, and the second name is reported with the first."""
    write_files(reports, {"twin.txt": REPORT})
    report = put(reports, root)
    assert (report.added, report.same) == (("green.txt",), (("twin.txt", "green.txt"),))
    assert opened(root).manifest.counts["documents"] == 1


def test_ingesting_the_same_again_changes_nothing(reports: Path, root: Path) -> None:
    first = put(reports, root).manifest
    assert put(reports, root).manifest == first
    assert folders(root) == {first.id}


def test_a_bad_file_is_named_and_the_others_go_in(reports: Path, root: Path) -> None:
    write_files(reports, {"empty.txt": "", "scan.txt": b"%PDF-1.4", "table.xlsx": b"PK"})
    report = put(reports, root)
    assert report.added == ("green.txt",)
    assert {name: cause.split(";")[0] for name, cause in report.refused} == {
        "empty.txt": "empty",
        "scan.txt": "not a text file: it is a PDF or office document under another name",
        "table.xlsx": "a damaged archive or office document",
    }


def test_nothing_usable_leaves_the_last_snapshot(reports: Path, root: Path, tmp_path: Path) -> None:
    """An ingest of bad files only is an error that names each cause; what served goes on serving."""
    before = put(reports, root).manifest.id
    bad = write_files(tmp_path / "bad", {"empty.txt": "", "scan.txt": b"%PDF"})
    for fresh in (False, True):
        with pytest.raises(SourceError, match=r"empty\.txt: empty; scan\.txt: not a text file"):
            put(bad, root, fresh=fresh)
    with pytest.raises(SourceError, match="no files found"):
        put(write_files(tmp_path / "none", {".hidden.txt": REPORT}).parent / "none", root)
    assert opened(root).id == before


@pytest.mark.parametrize("step", ["embedding", "putting together", "writing", "checking"])
def test_a_failed_ingest_leaves_the_last_snapshot(reports: Path, root: Path, step: str) -> None:
    """Whatever fails, at whatever step: CURRENT names the old snapshot, and nothing half built stays."""
    before = put(reports, root).manifest.id
    write_files(reports, {"green.txt": WHITE_WATER})

    def fail(at: str) -> None:
        if at == step:
            raise OSError("no space left on device")

    with pytest.raises(OSError, match="no space"):
        put(reports, root, on_step=fail)
    assert folders(root) == {before}
    assert opened(root).regions == ("青石市",)


def test_readers_see_the_old_or_the_new_snapshot(reports: Path, root: Path) -> None:
    """At every step of an ingest the old one can be opened; the switch is one rename of CURRENT."""
    put(reports, root)
    write_files(reports, {"green.txt": WHITE_WATER})
    seen: list[tuple[str, ...]] = []
    put(reports, root, on_step=lambda _: seen.append(opened(root).regions))
    assert len(seen) >= 3
    assert set(seen) == {("青石市",)}
    assert opened(root).regions == ("白水市",)
    assert not [path for path in root.iterdir() if path.name.startswith(".")]


def test_the_two_before_are_kept_for_their_readers(reports: Path, root: Path) -> None:
    """Older ones are removed."""
    ids = []
    for growth in ("9.4", "9.5", "9.6", "9.7"):
        write_files(reports, {"green.txt": REPORT.replace("9.4", growth)})
        ids.append(put(reports, root).manifest.id)
    assert folders(root) == set(ids[1:])


def test_no_index_names_the_command(root: Path) -> None:
    for act in (lambda: opened(root), lambda: verify(root)):
        with pytest.raises(SnapshotError, match=r"no index in .*run `wenju ingest PATH…` first"):
            act()
    assert stored_sources(root) == []


def test_another_model_is_refused(reports: Path, root: Path) -> None:
    """Named with both models and the command that rebuilds; the same model in another folder is the same model."""
    put(reports, root)
    with pytest.raises(SnapshotError, match=rf"embedding model hashing, .*set to another; .*{REBUILD}"):
        open_snapshot(root, HashingEmbedder("another"))
    moved = HashingEmbedder()
    moved.name = "/elsewhere/hashing"
    assert open_snapshot(root, moved).regions == ("青石市",)


def test_another_vocabulary_is_refused(reports: Path, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(reports, root)
    monkeypatch.setattr(index.store.snapshot, "vocabulary_hash", lambda: "other words")
    with pytest.raises(SnapshotError, match=rf"another vocabulary .*{REBUILD}"):
        opened(root)


def test_another_format_is_refused(reports: Path, root: Path) -> None:
    put(reports, root)
    manifest = serving(root) / "manifest.json"
    fields = json.loads(manifest.read_text(encoding="utf-8"))
    fields["format"] += 1
    manifest.write_text(json.dumps(fields), encoding="utf-8")
    with pytest.raises(SnapshotError, match=rf"index format .*{REBUILD}"):
        opened(root)
    # Its files are no damaged ones: another version may have hashed them in another way.
    (wrong,) = verify(root)
    assert "index format" in wrong


DATA_FILES = (
    "tables", "tables/documents.bin", "tables/facts.npy", "tables/places.bin", "tables/sentences.columns.npy", "tables/slots.rows.npy",
    "indicators.bin", "indicators.mass.npy", "indicators.vectors.npy", "meanings", "scale.json", "manifest.json", "dense", "sparse", "postings/indicators", "postings/clauses", "postings/sentences", "sources",
)  # fmt: skip


@pytest.mark.parametrize("name", DATA_FILES)
def test_a_missing_file_is_one_clear_error(reports: Path, root: Path, name: str) -> None:
    """Each file of a snapshot in turn: the error names the command that mends it."""
    put(reports, root)
    path = serving(root) / name
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink()
    with pytest.raises(SnapshotError, match=REBUILD):
        opened(root)


@pytest.mark.parametrize("name", DATA_FILES)
def test_a_damaged_file_is_one_clear_error(reports: Path, root: Path, name: str) -> None:
    """Cut to half its length, as a full disk leaves it: refused at open, and named by ``verify``."""
    put(reports, root)
    path = serving(root) / name
    files = [path] if path.is_file() else [file for file in path.rglob("*") if file.is_file()]
    for file in files:
        data = file.read_bytes()
        # UTF-8 of Chinese text is cut between two characters, so that it still decodes.
        file.write_bytes(data[: data.rfind("。".encode(), 0, len(data) // 2) if name == "sources" else len(data) // 2])
    with pytest.raises(SnapshotError, match=REBUILD):
        opened(root)
    if name == "manifest.json":
        with pytest.raises(SnapshotError, match=REBUILD):
            verify(root)
    else:
        (line,) = verify(root)
        assert "was changed after it was written" in line


def test_a_snapshot_that_current_names_and_nobody_has_is_refused(reports: Path, root: Path) -> None:
    put(reports, root)
    shutil.rmtree(root / "snapshots")
    with pytest.raises(SnapshotError, match=REBUILD):
        opened(root)
    with pytest.raises(SnapshotError, match=REBUILD):
        stored_sources(root)


@pytest.mark.parametrize("name", ["tables/documents.bin", "tables/facts.bin", "sources"])
def test_verify_finds_what_was_changed(reports: Path, root: Path, name: str) -> None:
    """One figure changed in a table or in a stored source."""
    put(reports, root)
    path = serving(root) / name
    if path.is_dir():
        (path,) = path.iterdir()
    path.write_bytes(path.read_bytes().replace("青".encode(), "清".encode()))
    (line,) = verify(root)
    assert path.name in line
    assert REBUILD in line


def test_a_damaged_index_can_be_replaced(reports: Path, root: Path) -> None:
    """The command that the errors name does mend it."""
    put(reports, root)
    (serving(root) / "manifest.json").write_text("{", encoding="utf-8")
    with pytest.raises(SnapshotError, match=REBUILD):
        put(reports, root)
    put(reports, root, fresh=True)
    assert verify(root) == []
    assert opened(root).regions == ("青石市",)


@pytest.mark.parametrize("name", ["tables/documents.bin", "dense", "sources"])
def test_replacing_mends_a_snapshot_of_the_same_sources(reports: Path, root: Path, name: str) -> None:
    """The new snapshot has the id of the damaged one, and must not be thrown away for it."""
    put(reports, root)
    path = serving(root) / name
    for file in [path] if path.is_file() else list(path.iterdir()):
        file.write_bytes(b"")
    put(reports, root, fresh=True)
    assert verify(root) == []


@contextmanager
def umask(mask: int) -> Iterator[None]:
    before = os.umask(mask)
    try:
        yield
    finally:
        os.umask(before)


@pytest.mark.skipif(os.name != "posix", reason="there are no modes")
@pytest.mark.parametrize(
    ("mask", "folder", "file"), [(0o022, 0o755, 0o644), (0o027, 0o750, 0o640), (0o077, 0o700, 0o600)]
)
def test_who_may_read_an_index_is_for_the_umask_to_say(
    reports: Path, root: Path, mask: int, folder: int, file: int
) -> None:
    """Every folder and file, after the first ingest and after a second one."""
    with umask(mask):
        for text in (REPORT, WHITE_WATER):
            write_files(reports, {"green.txt": text})
            put(reports, root)
            modes = {path: path.stat().st_mode & 0o777 for path in (root, *root.rglob("*"))}
            wrong = {path: oct(mode) for path, mode in modes.items() if mode != (folder if path.is_dir() else file)}
            assert wrong == {}


OPENED_BY_ANOTHER = """
import os, sys
from pathlib import Path
from index.errors import IndexReadOnlyError, SnapshotError
from index.lock import writing
from index.store.snapshot import open_snapshot
from tests.fakes import HashingEmbedder

root = Path(sys.argv[1])
# Once before, for what is imported on the way: the interpreter may lie in a folder of root's.
open_snapshot(root, HashingEmbedder())
os.setgroups([]); os.setgid(10001); os.setuid(10001)
try:
    print(*open_snapshot(root, HashingEmbedder()).regions)
    with writing(root):
        print("may write")
except (IndexReadOnlyError, SnapshotError) as error:
    print(error)
"""


@pytest.mark.skipif(os.name != "posix" or os.geteuid() != 0, reason="only root can become another user")
@pytest.mark.parametrize(
    ("mask", "told"),
    [
        (0o022, r"青石市\nthe index in \S+ cannot be changed: Permission denied"),
        (0o077, r"the index in \S+ cannot be read \(CURRENT: Permission denied\)"),
    ],
)
def test_another_user_opens_what_root_ingested(reports: Path, mask: int, told: str) -> None:
    """As in the container: built by root, served by a user who reads without a lock and is told that he may not write.

    What is private is not called missing.
    """
    # Not below pytest's own folder, which is closed to others.
    with tempfile.TemporaryDirectory() as place, umask(mask):
        Path(place).chmod(0o755)
        put(reports, Path(place) / "index")
        done = subprocess.run(
            [sys.executable, "-c", OPENED_BY_ANOTHER, str(Path(place) / "index")],
            cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"},
            capture_output=True, encoding="utf-8", check=False,
        )  # fmt: skip
    assert re.fullmatch(told, done.stdout.strip()), done.stdout + done.stderr
