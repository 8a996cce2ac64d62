"""``wenju doctor``: each line says what is good or what to do, and no check hinders another."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

import cli
from api.doctor import examine
from settings import Settings
from tests.conftest import ROOT

pytestmark = pytest.mark.enable_socket


@pytest.fixture(autouse=True)
def _elsewhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)


def test_a_whole_installation_is_good(snapshot_folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["doctor", "--index", str(snapshot_folder)]) == 0
    told = capsys.readouterr().out
    assert "good  index: snapshot" in told
    assert "MEND" not in told
    assert len(told.splitlines()) == 8


def test_what_is_wrong_is_told_with_what_to_do(snapshot_folder: Path, tmp_path: Path) -> None:
    """A damaged index, an open door and a bad key at once: each in its line."""
    root = tmp_path / "index"
    shutil.copytree(snapshot_folder, root)
    (facts,) = root.glob("snapshots/*/manifest.json")
    facts.write_text("{}", encoding="utf-8")
    found = {each.what: each for each in examine(Settings(index=root, host="0.0.0.0", port=1))}
    assert found["index"].good is False
    assert "wenju ingest" in found["index"].told
    assert found["keys"].good is False
    assert "WENJU_API_KEYS" in found["keys"].told
    assert found["model"].good
    nothing = {each.what: each for each in examine(Settings(index=tmp_path / "none"))}
    assert nothing["index"].good is False
    assert "wenju ingest" in nothing["index"].told


def test_the_files_of_deployment_name_what_exists() -> None:
    """Settings by their names, and the command."""
    names = {f"WENJU_{name.upper()}" for name in Settings.model_fields}
    for path in (ROOT / "deploy").iterdir():
        words = (
            path.read_text(encoding="utf-8")
            .replace("=", " ")
            .replace(":", " ")
            .replace("$", " ")
            .replace("{", " ")
            .split()
        )
        assert {word for word in words if word.startswith("WENJU_")} <= names, path
