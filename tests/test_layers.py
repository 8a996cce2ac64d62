"""Imports go one way: cli → api, eval → settings → rag → index. Read from the sources, so that no import is missed."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import ROOT

MAY_IMPORT = {
    "index": set(),
    "rag": {"index"},
    "settings": {"rag", "index"},
    "eval": {"settings", "rag", "index"},
    # ``wenju/__init__.py`` holds the version and nothing else.
    "api": {"settings", "rag", "index", "wenju"},
    "cli": {"api", "eval", "settings", "rag", "index"},
    # ``wenju/__main__.py`` starts the command; the retrievers stand beside it and use nothing of ours.
    "wenju": {"cli"},
    "tiktoken_ext": set(),
}
"""What each package may import of ours besides itself."""

ENGINES = {
    "faiss": {"index/dense.py"},
    "bm25s": {"index/sparse.py"},
    "tiktoken": {"index/counting.py", "tiktoken_ext/wenju.py"},
    "sentence_transformers": {"index/embedding.py"},
    "litestar": {"api"},
    "openai": {"rag/generators/openai.py"},
    "mcp": {"api/mcp.py"},
}
"""Who may import an engine: it is changed in one place."""


def sources(package: str) -> list[Path]:
    folder = ROOT / package
    files = sorted(folder.rglob("*.py")) if folder.is_dir() else [ROOT / f"{package}.py"]
    # Scripts that make the shipped model and tables run once and import what they like.
    return [f for f in files if "training" not in f.parts and f.parent.name != "data"]


def imported(path: Path) -> Iterator[str]:
    """Every module named by an import anywhere in a file, those inside functions too."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            assert node.module is not None
            yield node.module


@pytest.mark.parametrize("package", MAY_IMPORT)
def test_imports_go_down(package: str) -> None:
    """Never back and never sideways."""
    files = sources(package)
    assert files
    ours = set(MAY_IMPORT) | {"tests", "benchmarks"}
    for path in files:
        named = {module.split(".")[0] for module in imported(path)} & ours
        assert named <= MAY_IMPORT[package] | {package}, path


@pytest.mark.parametrize("name", ["types", "errors", "folding"])
def test_the_floor_imports_nothing_of_ours(name: str) -> None:
    """``index/types.py`` and ``index/errors.py`` are what all else stands on."""
    assert not {m for m in imported(ROOT / "index" / f"{name}.py") if m.split(".")[0] in MAY_IMPORT}


@pytest.mark.parametrize("engine", ENGINES)
def test_an_engine_is_imported_in_one_place(engine: str) -> None:
    for package in MAY_IMPORT:
        for path in sources(package):
            place = path.relative_to(ROOT).as_posix()
            if engine in {module.split(".")[0] for module in imported(path)}:
                assert place in ENGINES[engine] or place.split("/")[0] in ENGINES[engine]


@pytest.mark.parametrize("package", ["index", "rag", "api", "cli"])
def test_only_settings_read_the_environment(package: str) -> None:
    """Options are handed in: nothing below ``settings`` looks at ``os.environ``."""
    for path in sources(package):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            assert not (isinstance(node, ast.Attribute) and node.attr in ("environ", "getenv")), path


def test_no_deep_function_asks_the_clock() -> None:
    """What 今年 means is handed in: index and rag never read the date of today."""
    for path in (*sources("index"), *sources("rag")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            assert not (isinstance(node, ast.Attribute) and node.attr in ("today", "now", "utcnow")), path


@pytest.mark.parametrize("package", ["index", "rag"])
def test_code_spells_no_place(package: str) -> None:
    """Neither the corpus nor a district of it is known to the code: reports of any place are read alike."""
    for path in sources(package):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        documented = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
        words = [
            node.value
            for node in ast.walk(tree)
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in documented
        ]
        for place in ("嘉定", "青浦", "普陀", "虹口", "闵行", "杨浦", "松江", "徐汇", "产业园区网", "招商"):
            assert not [w for w in words if place in w], (path, place)
