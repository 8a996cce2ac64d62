"""A plain installation: no torch, no transformers, nothing that comes with them alone; checked where importing them raises."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from tests.conftest import REPORTS, ROOT
from tests.serving import serving
from tests.test_offline import COMMANDS, PRINTED

# All that the extras `transformers`, `eval`, `documents` and `ocr` bring and a plain installation does not.
BLOCKED = """
import sys

ABSENT = set(
    "torch transformers sentence_transformers scipy sklearn joblib threadpoolctl narwhals networkx sympy mpmath jinja2 markupsafe "
    "typer shellingham docx lxml pypdfium2 python_calamine rapidocr_onnxruntime".split()
)

class Absent:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in ABSENT:
            raise ImportError(f"No module named {name!r}", name=name)
        return None

sys.meta_path.insert(0, Absent())
"""

SERVE = (
    BLOCKED
    + """
from pathlib import Path
from api.server import serve
from settings import Settings

serve(Settings(index=Path(sys.argv[1])).model_copy(update={"port": 0}))
"""
)

INSTALL = 'pip install "wenju[transformers]"'
#: One command of ``wenju``.
COMMAND = BLOCKED + "import cli\nsys.exit(cli.main(sys.argv[1:]))"
QUESTIONS = ROOT / "eval" / "questions" / "bundled.jsonl"
ONE_REPORT = """2021年云溪县政府工作报告

一、2020年工作回顾

2020年，全县粮食总产量达到501亿斤，增长2.1%。城镇新增就业3.2万人。固定资产投资完成42.7亿元，同比增长8.3%。

二、2021年工作安排

2021年，全县地区生产总值增长6%以上，城镇新增就业3万人。
"""
ASKED = "2020年云溪县粮食产量是多少"


def run(
    program: str, *arguments: str | Path, folder: Path, model: str | Path | None = None
) -> subprocess.CompletedProcess[str]:
    """A program in a process of its own, with the built-in model or another."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith("WENJU_")}
    chosen = {} if model is None else {"WENJU_EMBEDDING_MODEL": str(model)}
    return subprocess.run(
        [sys.executable, "-c", program, *map(str, arguments)],
        cwd=folder, capture_output=True, text=True, encoding="utf-8", timeout=180, check=False,
        env={**environment, **chosen, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"},
    )  # fmt: skip


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> subprocess.CompletedProcess[str]:
    folder = tmp_path_factory.mktemp("plain")
    # Judging answers is no part of a plain installation.
    commands = COMMANDS.replace('    ["eval", questions],\n', "")
    assert commands != COMMANDS
    return run(BLOCKED + commands, folder / "index", REPORTS, QUESTIONS, folder=folder)


def test_nothing_heavy_is_asked_for(plain: subprocess.CompletedProcess[str]) -> None:
    """All commands but that one succeed, and say nothing of what is absent."""
    assert plain.returncode == 0, plain.stderr
    assert plain.stderr == ""


@pytest.mark.parametrize("words", [words for words in PRINTED if "questions" not in words])
def test_every_step_does_its_work(plain: subprocess.CompletedProcess[str], words: str) -> None:
    assert words in plain.stdout


@pytest.mark.parametrize(
    "arguments",
    [["eval", QUESTIONS], ["eval", "compare", "a", "b"], ["eval", "calibrate", "a"]],
    ids=lambda a: str(a[1]),
)
def test_judging_answers_is_refused_with_the_command_that_mends_it(tmp_path: Path, arguments: list[str | Path]) -> None:
    """In one line, before a question is asked."""
    done = run(COMMAND, *arguments, folder=tmp_path)
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr == 'wenju: judging answers needs scipy: pip install "wenju[eval]"\n'


def test_what_calculates_nothing_does_without_it(tmp_path: Path) -> None:
    """Drafting, the gate, the ledger, the public benchmarks and those of embedding models."""
    tools = "eval.reporting.gate, eval.reporting.ledger, eval.public.command, eval.embedding.measure"
    told = run(f"{BLOCKED}import {tools}", folder=tmp_path)
    assert told.returncode == 0, told.stderr
    report = tmp_path / "report.txt"
    report.write_text(ONE_REPORT, encoding="utf-8")
    done = run(COMMAND, "eval", "draft", report, folder=tmp_path)
    assert done.returncode == 0, done.stderr
    assert '"drafted": true' in done.stdout


@pytest.fixture(scope="module")
def by_name(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a report, and an index of it made by the built-in transformer."""
    folder = tmp_path_factory.mktemp("named")
    (folder / "report.txt").write_text(ONE_REPORT, encoding="utf-8")
    done = run(COMMAND, "ingest", folder / "report.txt", "--index", folder / "index", folder=folder, model="wenju-e5")
    assert done.returncode == 0, done.stderr
    return folder


def test_the_built_in_transformer_is_chosen_by_its_name(by_name: Path) -> None:
    done = run(COMMAND, "ask", ASKED, "--index", by_name / "index", folder=by_name, model="wenju-e5")
    assert done.returncode == 0, done.stderr
    assert "501亿斤" in done.stdout
    refused = run(COMMAND, "ask", ASKED, "--index", by_name / "index", folder=by_name)
    assert refused.returncode == 1
    assert "wenju-e5" in refused.stderr


def test_it_serves(snapshot_folder: Path) -> None:
    with (
        serving(snapshot_folder, program=SERVE) as service,
        httpx.Client(base_url=service.url, trust_env=False) as client,
    ):
        reply = client.post("/v1/ask", json={"question": "2020年嘉定固定资产投资增长多少"}).json()
    assert "429.7亿元" in reply["answer"]


@pytest.mark.parametrize("command", ["ingest", "ask"])
def test_a_model_of_the_hub_is_refused_with_the_command_that_mends_it(tmp_path: Path, command: str) -> None:
    """In one line, before any folder is made or any address is asked."""
    what = {"ingest": str(REPORTS), "ask": "2020年嘉定固定资产投资增长多少"}[command]
    done = run(COMMAND, command, what, "--index", tmp_path / "index", folder=tmp_path, model="wenju-test/tiny")
    assert done.returncode == 1
    assert "wenju-test/tiny" in done.stderr
    assert INSTALL in done.stderr
    assert "not built in (wenju-embed, wenju-e5)" in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert list(tmp_path.iterdir()) == []


def test_a_folder_with_a_transformer_is_refused_likewise(tmp_path: Path) -> None:
    """A folder is not said to be missing; one that holds no model at all is named as that."""
    (tmp_path / "model").mkdir()
    program = (
        BLOCKED
        + "from index.errors import EmbeddingModelError\nfrom index.store.embedding import load_embedder\n"
        + "try:\n    load_embedder('model')\nexcept EmbeddingModelError as error:\n    print(error)"
    )
    assert "neither modules.json nor config.json" in run(program, folder=tmp_path).stdout
    (tmp_path / "model" / "config.json").write_text("{}")
    refused = run(program, folder=tmp_path).stdout
    assert INSTALL in refused
    assert "no such folder" not in refused


def test_the_block_would_notice(tmp_path: Path) -> None:
    """A process that imports one of them under the same block fails: the tests above can fail."""
    done = run(BLOCKED + "import sentence_transformers", folder=tmp_path)
    assert done.returncode != 0
    assert "No module named 'sentence_transformers'" in done.stderr
