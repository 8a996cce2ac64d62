"""What is installed: the package with its licences and types, and nothing that only a checkout needs."""

from __future__ import annotations

import ast
import email
import os
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Collection
from email.message import Message
from pathlib import Path

import pytest
from packaging.requirements import Requirement

import wenju
from index.store.embedding import BUILT_IN
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
    """That of the code, those of the models, and the credits that the models' sources ask for."""
    held = {n.partition(".dist-info/licenses/")[2] for n in names if "/licenses/" in n}
    assert held == {"LICENSE", "NOTICE", *(f"index/models/{model}/LICENSE" for model in BUILT_IN)}
    assert metadata["License-Expression"] == "Apache-2.0 AND CC-BY-SA-4.0 AND MIT"
    permission = (BUILT_IN["wenju-e5"] / "LICENSE").read_text(encoding="utf-8")
    assert "Copyright (c) Microsoft Corporation\n\nPermission is hereby granted, free of charge" in permission
    cards = [(folder / "README.md").read_text(encoding="utf-8") for folder in BUILT_IN.values()]
    assert all("\nlicense: cc-by-sa-4.0\n" in card for card in cards)


def test_every_model_that_has_a_name_is_in_the_wheel_whole(names: list[str]) -> None:
    """All files of its folder, so that the installed model has the identity of the one here."""
    for name, folder in BUILT_IN.items():
        held = {
            n.partition(f"/models/{name}/")[2] for n in names if f"index/models/{name}/" in n and "dist-info" not in n
        }
        assert held == {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


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
    )
    assert [n for n in names if any(f"/{part}" in n for part in only_here)] == []
    assert [n for n in names if n.endswith(".jsonl")] == []


def test_the_bundled_reports_are_installed_as_they_are(wheel: Path, names: list[str]) -> None:
    """With the manifest that says where they are from; a quotation of them must be the file's."""
    here = {path.name: path.read_bytes() for path in (ROOT / "data" / "reports").iterdir()}
    with zipfile.ZipFile(wheel) as packed:
        held = {n.rpartition("/")[2]: packed.read(n) for n in names if n.startswith("wenju/_app/data/reports/")}
    assert held == here
    assert len(held) == 6


def test_the_version_is_told_the_same_everywhere(metadata: Message) -> None:
    assert metadata["Version"] == wenju.__version__


def required(metadata: Message, extra: str = "") -> set[str]:
    """The names of the packages that an installation brings, plain or for an extra alone."""
    lines = [str(line) for line in metadata.get_all("Requires-Dist", [])]
    asked = [line for line in lines if (f"extra == '{extra}'" in line if extra else "extra ==" not in line)]
    return {re.split(r"[^\w.-]", line, maxsplit=1)[0].lower().replace("_", "-") for line in asked}


def test_a_plain_installation_asks_for_no_torch(metadata: Message) -> None:
    """It and what needs it are the extra ``transformers``, which development and training include."""
    heavy = {"torch", "sentence-transformers", "transformers"}
    assert len(required(metadata)) > 10
    assert required(metadata) & heavy == set()
    assert required(metadata, "transformers") == {"torch", "sentence-transformers"}
    assert required(metadata, "transformers") <= required(metadata, "dev") & required(metadata, "train")


def test_a_plain_installation_runs_the_transformer_and_leaves_out_what_only_judging_needs(metadata: Message) -> None:
    assert "onnxruntime" in required(metadata)
    assert "scipy" not in required(metadata)
    for extra in ("eval", "report", "dev", "train"):
        assert "scipy" in required(metadata, extra), extra


@pytest.mark.parametrize("extra", ["", "transformers", "eval", "documents"])
def test_the_image_takes_the_versions_of_the_lock_and_the_packages_of_the_project(
    metadata: Message, tmp_path: Path, extra: str
) -> None:
    """The Dockerfile's own lines say what is installed: without the extra no torch, and each version is the lock's."""
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8").replace("\\\n", "")
    (line,) = re.findall(
        r"^RUN (python -c .*) && pip install -r wanted\.txt -c requirements\.lock$", text, re.MULTILINE
    )
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    subprocess.run(["sh", "-c", line], cwd=tmp_path, env={"PATH": path, "EXTRAS": extra}, timeout=60, check=True)
    wanted = [Requirement(line) for line in (tmp_path / "wanted.txt").read_text(encoding="utf-8").splitlines()]
    assert {r.name for r in wanted} == required(metadata) | (required(metadata, extra) if extra else set())
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8").lower().replace("_", "-").splitlines()
    held = dict(pin.split("==") for pin in lock)
    assert [r.name for r in wanted if held.get(r.name, "0") not in r.specifier] == []


def test_an_image_can_be_built_from_another_index() -> None:
    """Its address is an argument of the build, without a default, and stands nowhere in the repository."""
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    assert {"EXTRAS=", "PIP_INDEX_URL", "PIP_EXTRA_INDEX_URL"} == set(re.findall(r"(?m)^ARG (\S+)$", text))
    kept = [text, *(path.read_text(encoding="utf-8") for path in ROOT.glob("requirements*.lock"))]
    assert [word for content in kept for word in re.findall(r"https?://\S+|--(?:extra-)?index-url", content)] == []


def test_what_is_imported_is_asked_for(metadata: Message) -> None:
    """By a plain installation or an extra, not by chance through another package."""
    brought = {
        "multipart": "litestar", "h11": "uvicorn", "huggingface-hub": "sentence-transformers", "transformers": "sentence-transformers", "mcp-types": "mcp", "starlette": "mcp",
        "docx": "python-docx", "haystack": "haystack-ai", "faiss": "faiss-cpu", "llama-index": "llama-index-core",
        "opentelemetry": "opentelemetry-sdk",
    }  # fmt: skip
    asked = {name for extra in metadata.get_all("Provides-Extra", []) for name in required(metadata, str(extra))}
    assert {brought.get(name, name) for name in imported(at_start=False)} <= asked | required(metadata)
    optional = {
        ROOT / "api" / "mcp.py",
        ROOT / "eval" / "metrics" / "statistics.py",
        ROOT / "eval" / "decision" / "fitting.py",
        *(ROOT / "wenju").glob("*.py"),
    }
    assert {brought.get(name, name) for name in imported(leaving=optional)} <= required(metadata)


def imported(*, at_start: bool = True, leaving: Collection[Path] = ()) -> set[str]:
    """Packages of others that what is installed imports, as modules begin or also where a function runs."""
    here = ("wenju", "api", "eval", "index", "rag", "tiktoken_ext")
    files = [path for name in here for path in (ROOT / name).rglob("*.py") if "training" not in path.parts]
    trees = [ast.parse(path.read_bytes()) for path in {*files, ROOT / "cli.py", ROOT / "settings.py"} - set(leaving)]
    nodes = [node for tree in trees for node in (tree.body if at_start else ast.walk(tree))]
    names = [alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names]
    names += [node.module for node in nodes if isinstance(node, ast.ImportFrom) and node.module and not node.level]
    roots = {name.partition(".")[0] for name in names} - {*here, "cli", "settings"} - sys.stdlib_module_names
    return {root.replace("_", "-") for root in roots}
