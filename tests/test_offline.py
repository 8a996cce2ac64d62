"""Promise 6: from ingest to answer, search and eval no connection is opened; checked where any attempt raises."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import REPORTS, ROOT

BLOCKED = """
import socket
import sys

def refuse(*arguments, **options):
    raise AssertionError(f"a connection was tried: {arguments}")

# A class, because others are made from it.
socket.socket = type("socket", (socket.socket,), {"__init__": refuse, "connect": refuse})
socket.create_connection = refuse
socket.getaddrinfo = refuse
socket.gethostbyname = refuse
"""


# The way of a user from reports to answers, and what it must have printed; test_light.py goes it too.
#: Arguments: the index, the reports, a question set. Ends with the first command that fails.
COMMANDS = """
import sys

import cli

index, reports, questions = sys.argv[1:]
flagship = "2020年嘉定固定资产投资增长多少"
for command in (
    ["ingest", reports],
    ["ask", flagship],
    ["search", flagship, "--top-k", "2"],
    ["eval", questions],
    ["verify"],
):
    status = cli.main([*command, "--index", index])
    if status:
        sys.exit(f"{command[0]}: {status}")
"""

PRINTED = (
    "5 files added",
    "同比增长18.3%。[1]",
    "429.7亿元",
    "bundled.jsonl: 64 questions",
    "every span is the source's text",
)


@pytest.fixture(scope="module")
def offline(tmp_path_factory: pytest.TempPathFactory) -> subprocess.CompletedProcess[str]:
    """Every step in one process of its own, without any hint in the environment that there is no network."""
    folder = tmp_path_factory.mktemp("offline")
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("WENJU_", "HF_", "TRANSFORMERS_"))}
    return subprocess.run(
        [sys.executable, "-c", BLOCKED + COMMANDS, str(folder / "index"), str(REPORTS), str(own_questions())],
        cwd=folder, capture_output=True, text=True, encoding="utf-8", timeout=180, check=False,
        env={**environment, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"},
    )  # fmt: skip


def own_questions() -> Path:
    return ROOT / "eval" / "questions" / "bundled.jsonl"


def test_no_connection_is_opened(offline: subprocess.CompletedProcess[str]) -> None:
    """All five commands succeed and nothing is said of a network."""
    assert offline.returncode == 0, offline.stderr
    assert offline.stderr == ""


@pytest.mark.parametrize("words", PRINTED)
def test_every_step_does_its_work_offline(offline: subprocess.CompletedProcess[str], words: str) -> None:
    assert words in offline.stdout


def test_the_block_would_notice(tmp_path: Path) -> None:
    """A process that looks up a name under the same block fails: the test above can fail."""
    done = subprocess.run(
        [sys.executable, "-c", BLOCKED + "import http.client\nhttp.client.HTTPConnection('127.0.0.1', 9).request('GET', '/')"],
        cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode != 0
    assert "a connection was tried" in done.stderr
