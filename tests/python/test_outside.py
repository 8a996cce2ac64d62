"""As programs of others have it: the notebook runs, and a type checker that knows only the installed package is content."""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from rag.types import Reason
from tests.conftest import ROOT
from wenju import Answer, Facts

NOTEBOOK = ROOT / "docs" / "python.ipynb"

TYPED = """
from decimal import Decimal

from wenju import Answer, AsyncClient, Client, Facts, QuestionError, Wenju

def growth(source: Wenju | Client) -> Decimal | None:
    answer = source.ask("2020年嘉定固定资产投资增长多少", history=["嘉定"], as_of="2021-01-01", filters={"years": [2020]})
    reveal_type(answer.citations[0].answer_spans)
    for value in answer.values:
        if value.measure == "growth":
            return value.number
    return None

def pieces(source: Wenju | Client) -> str:
    return "".join(piece for piece in source.stream("问") if isinstance(piece, str))

async def rows(client: AsyncClient) -> list[str]:
    facts: Facts = await client.facts("GDP", year=2020)
    reveal_type(facts[0])
    async for event in client.stream("问"):
        if isinstance(event, Answer):
            return [fact.indicator for fact in facts]
    return []

try:
    Wenju.open(".wenju")
except QuestionError as error:
    print(error.field)
"""

WRONG = """
from wenju import Client

Client("http://127.0.0.1:8000").ask("问", language="fr").answers
Client(1).facts(year="2020")
"""


def shown(cells: list[dict[str, Any]]) -> list[Any]:
    """What each code cell ends in, as a notebook runs it: one after another, in one namespace."""
    names: dict[str, Any] = {"__name__": "__main__"}
    found = []
    for cell in cells:
        tree = ast.parse("".join(cell["source"]))
        last = tree.body.pop() if isinstance(tree.body[-1], ast.Expr) else None
        exec(compile(tree, str(NOTEBOOK), "exec"), names)
        if isinstance(last, ast.Expr):
            found.append(eval(compile(ast.Expression(last.value), str(NOTEBOOK), "eval"), names))
    return found


def test_the_notebook_runs() -> None:
    """Cell by cell, and what it shows is what its words say; it is kept without results."""
    notebook = json.loads(NOTEBOOK.read_text(encoding="utf-8"))
    code = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    assert all(cell["outputs"] == [] and cell["execution_count"] is None for cell in code)
    _, answer, growth, series, refused, facts, rows, held = shown(code)
    assert isinstance(answer, Answer)
    assert answer.citations[0].quote in answer._repr_html_()
    assert [str(growth[0]), growth[1]] == ["18.3", "%"]
    assert "<svg" in series._repr_html_()
    assert refused[0]
    assert refused[1] in set(Reason)
    assert "目标" in refused[2][0]
    assert isinstance(facts, Facts)
    assert len(rows) >= 2
    assert "嘉定区" in held


def checked(tmp_path: Path, program: str) -> subprocess.CompletedProcess[str]:
    """mypy, strict, over a program in an empty folder that finds the package alone."""
    pytest.importorskip("mypy", reason="mypy is not installed")
    site = tmp_path / "site"
    site.mkdir()
    (site / "wenju").symlink_to(ROOT / "wenju")
    (tmp_path / "program.py").write_text(program, encoding="utf-8")
    environment = {k: v for k, v in os.environ.items() if k not in ("PYTHONPATH", "MYPYPATH")}
    return subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--no-incremental", "--config-file", "", "--follow-imports", "silent", "program.py"],
        cwd=tmp_path, capture_output=True, text=True, timeout=300, check=False, env={**environment, "MYPYPATH": str(site)},
    )  # fmt: skip


def test_a_program_is_type_checked_against_it(tmp_path: Path) -> None:
    done = checked(tmp_path, TYPED)
    assert done.returncode == 0, done.stdout
    assert 'Revealed type is "tuple[tuple[int, int], ...]"' in done.stdout.replace("builtins.", "")
    assert 'Revealed type is "wenju.answers.Fact"' in done.stdout


def test_what_is_wrong_is_found(tmp_path: Path) -> None:
    done = checked(tmp_path, WRONG)
    assert done.stdout.count("error:") >= 4, done.stdout
