"""Going back to an earlier version, and forward again; taking a file out. Through the command line, as users do."""

from __future__ import annotations

from pathlib import Path

import pytest

import cli
from index.store.snapshot import current_id, stored_documents, verify
from index.versions import versions
from tests.builders import REPORT, write_files

WHITE_WATER = REPORT.replace("青石", "白水")


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An index of two versions: one report, then two."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("WENJU_INDEX", "index")
    for name, text in (("green.txt", REPORT), ("white.txt", WHITE_WATER)):
        folder = write_files(tmp_path / name.partition(".")[0], {name: text})
        assert cli.main(["ingest", str(folder)]) == 0
    return tmp_path / "index"


def told(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, list[str], str]:
    capsys.readouterr()
    status = cli.main(list(arguments))
    out, err = capsys.readouterr()
    return status, out.splitlines(), err


def test_back_and_forward(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The list says which one serves; what is added after going back is added to that one."""
    newest, first = (v.manifest.id for v in versions(root))
    assert current_id(root) == newest
    status, lines, _ = told(capsys, "snapshots")
    assert status == 0
    assert [line.split()[:2] for line in lines] == [["*", "0"], ["1", first]]
    assert told(capsys, "rollback", "1")[0] == 0
    assert current_id(root) == first
    assert verify(root) == []
    assert "青石市" in "".join(told(capsys, "coverage")[1])
    assert "白水市" not in "".join(told(capsys, "coverage")[1])
    assert told(capsys, "rollback", "0")[0] == 0
    assert current_id(root) == newest


@pytest.mark.parametrize("number", ["2", "-1"])
def test_no_such_version(root: Path, capsys: pytest.CaptureFixture[str], number: str) -> None:
    before = current_id(root)
    status, lines, error = told(capsys, "rollback", number)
    assert (status, lines) == (1, [])
    assert "wenju snapshots" in error
    assert current_id(root) == before


def test_a_damaged_version_is_not_gone_back_to(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    newest, first = (v.manifest.id for v in versions(root))
    (root / "snapshots" / first / "tables" / "facts.bin").write_bytes(b"")
    status, _, error = told(capsys, "rollback", "1")
    assert status == 1
    assert "facts.bin" in error
    assert current_id(root) == newest


def test_a_file_is_taken_out(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """By its name; the last one stays, and a name that is not held is an error."""
    assert told(capsys, "remove", "white.txt")[0] == 0
    assert current_id(root) == versions(root)[-1].manifest.id
    for name, cause in (("white.txt", "is not in the index"), ("green.txt", "the only file")):
        status, _, error = told(capsys, "remove", name)
        assert status == 1
        assert cause in error


def test_a_report_is_put_right_and_back(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """By its file's name or its id; what had been read is told, and a command that says nothing is bad usage."""
    status, lines, _ = told(
        capsys, "correct", "white.txt", "--region", "北京市昌平区", "--year", "2016", "--kind", "summary"
    )
    assert status == 0
    assert lines[0].startswith("white.txt: summary, 昌平区, results of 2016")
    assert {line.split()[0] for line in lines[1:]} == {"kind", "region", "year"}
    (held,) = (each for each in stored_documents(root) if each.source == "white.txt")
    status, lines, _ = told(capsys, "correct", held.id, "--undo")
    assert (status, len(lines)) == (0, 1)
    assert "昌平" not in lines[0]
    assert "is not in the index" in told(capsys, "correct", "nothing.txt", "--undo")[2]
    for wrong in ((), ("--undo", "--year", "2016"), ("--year", "216"), ("--region", " ")):
        with pytest.raises(SystemExit) as done:
            told(capsys, "correct", "white.txt", *wrong)
        assert done.value.code == 2


def test_verbose_says_what_became_of_each_file(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    more = write_files(root.parent / "more", {"black.txt": REPORT.replace("青石", "黑土")})
    _, _, lines = told(capsys, "ingest", "--verbose", str(more))
    assert [line.split(":")[:2] for line in lines.splitlines()] == [
        ["read", " black.txt"],
        ["not changed", " green.txt"],
        ["not changed", " white.txt"],
    ]
