"""What is installed: the package with its licences and types, and nothing that only a checkout needs."""

from __future__ import annotations

import email
import os
import zipfile
from email.message import Message
from pathlib import Path

import pytest

import wenju
from tests.conftest import ROOT


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    hatchling = pytest.importorskip("hatchling.build", reason="hatchling is not installed")
    folder = tmp_path_factory.mktemp("wheel")
    before = Path.cwd()
    os.chdir(ROOT)
    try:
        return folder / str(hatchling.build_wheel(str(folder)))
    finally:
        os.chdir(before)


@pytest.fixture(scope="module")
def names(wheel: Path) -> list[str]:
    with zipfile.ZipFile(wheel) as packed:
        return packed.namelist()


@pytest.fixture(scope="module")
def metadata(wheel: Path, names: list[str]) -> Message:
    (name,) = [n for n in names if n.endswith(".dist-info/METADATA")]
    with zipfile.ZipFile(wheel) as packed:
        return email.message_from_bytes(packed.read(name))


def test_licences_travel_with_the_wheel(names: list[str], metadata: Message) -> None:
    """That of the code, that of the model, and the credits that the model's sources ask for."""
    held = {n.partition(".dist-info/licenses/")[2] for n in names if "/licenses/" in n}
    assert held == {"LICENSE", "NOTICE", "index/models/wenju-embed/LICENSE"}
    assert metadata["License-Expression"] == "Apache-2.0 AND CC-BY-SA-4.0"


def test_one_package_is_installed_and_says_that_it_is_typed(names: list[str]) -> None:
    """The short names stay below it: docs/decisions/0001-package-names.md."""
    assert {n.split("/")[0] for n in names if ".dist-info" not in n} == {"wenju"}
    assert "wenju/py.typed" in names


def test_no_question_set_and_nothing_of_training_is_installed(names: list[str]) -> None:
    """Nor the ledger, a baseline or an invented report: all that a change is judged by."""
    only_here = (
        "index/training/",
        "eval/questions/",
        "eval/baselines/",
        "eval/ledger/",
        "eval/invented/",
        "tests/",
        "data/reports/",
    )
    assert [n for n in names if any(f"/{part}" in n for part in only_here)] == []
    assert [n for n in names if n.endswith(".jsonl")] == []


def test_the_version_is_told_the_same_everywhere(metadata: Message) -> None:
    assert metadata["Version"] == wenju.__version__
