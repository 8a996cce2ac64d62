"""``from wenju import Wenju``: an index in this process, as a program of somebody else uses it."""

from __future__ import annotations

import dataclasses
import datetime as dt
import os
import subprocess
import sys
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

import wenju
from api.native.schemas import answer_json
from rag.pipeline import AnswerPipeline
from rag.types import Question
from tests.conftest import REPORTS, ROOT
from wenju import Answer, QuestionError, Understood, Wenju, WenjuError
from wenju.errors import IndexUnusableError

FLAGSHIP = "2020年嘉定固定资产投资增长多少"
ANSWER = "2020年，嘉定区固定资产投资完成429.7亿元，同比增长18.3%。[1]"
DAY = dt.date(2026, 1, 1)
SERIES = "嘉定区2019年到2024年固定资产投资"


@pytest.fixture(scope="module")
def opened(snapshot_folder: Path) -> Iterator[Wenju]:
    with Wenju.open(snapshot_folder) as opened:
        yield opened


def run(program: str, *arguments: str | Path, folder: Path, path: Path = ROOT) -> subprocess.CompletedProcess[str]:
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("WENJU_", "PYTHONPATH"))}
    return subprocess.run(
        [sys.executable, "-c", program, *map(str, arguments)],
        cwd=folder, capture_output=True, text=True, encoding="utf-8", timeout=120, check=False,
        env={**environment, "PYTHONPATH": str(path), "PYTHONUTF8": "1"},
    )  # fmt: skip


def plain(value: Any) -> Any:
    """A value as the JSON that a service gives of it."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        told = {f.name: plain(getattr(value, f.name)) for f in dataclasses.fields(value)}
        return {name: each for name, each in told.items() if name not in ("page", "cell") or each is not None}
    return [plain(each) for each in value] if isinstance(value, tuple) else value


@pytest.mark.parametrize(
    "question", [FLAGSHIP, SERIES, "2023年嘉定区固定资产投资是多少", "2020年嘉定区固定资产投资比2019年多多少"]
)
def test_an_answer_has_every_field_of_the_service_s(opened: Wenju, pipeline: AnswerPipeline, question: str) -> None:
    """Field for field what ``POST /v1/ask`` gives: an answer, a series, a refusal, a calculation."""
    answer = opened.ask(question, as_of=DAY)
    assert {k: v for k, v in plain(answer).items() if k != "trace"} == answer_json(
        pipeline.answer(Question(question, DAY))
    )


def test_three_lines_answer(opened: Wenju) -> None:
    answer = opened.ask(FLAGSHIP)
    assert str(answer) == answer.answer == ANSWER
    assert (answer.values[1].number, answer.values[1].unit) == (Decimal("18.3"), "%")
    (cited,) = answer.citations
    assert (REPORTS / cited.document).read_bytes().decode()[cited.start : cited.end] == cited.quote
    with pytest.raises(dataclasses.FrozenInstanceError):
        answer.support = 1.0  # type: ignore[misc]


def test_what_came_before_is_read(opened: Wenju) -> None:
    assert "710亿元" in opened.ask("那2024年呢", history=[FLAGSHIP]).answer
    assert opened.ask("去年嘉定固定资产投资增长多少", as_of="2021-05-01").answer == ANSWER
    only = opened.ask(FLAGSHIP, filters={"documents": ["002_face59470fb1d086.txt"]})
    assert only.abstained


def test_a_stream_tells_the_answer_in_pieces(opened: Wenju) -> None:
    understood, *pieces, answer = opened.stream(FLAGSHIP)
    assert isinstance(understood, Understood)
    assert isinstance(answer, Answer)
    assert "".join(map(str, pieces)) == answer.answer == ANSWER


def test_passages_figures_and_what_is_held(opened: Wenju) -> None:
    found = opened.search("固定资产投资", top_k=3, filters={"regions": ["嘉定区"]})
    assert [hit.region for hit in found] == ["嘉定区"] * 3
    facts = opened.facts("GDP", "嘉定")
    assert {(f.region, f.canonical) for f in facts} == {("嘉定区", "地区生产总值")}
    assert facts[0].number > 0
    assert len(facts) == facts.total == len(facts[:])
    assert len(opened.facts("GDP", limit=2)) == 2
    coverage = opened.coverage()
    assert len(coverage) == 14
    assert coverage.regions["嘉定区"].documents == 5
    report = coverage[0]
    assert opened.report_text(report.document_id) in (REPORTS / report.document).read_bytes().decode()


def test_nothing_that_fits_is_said_in_a_line(opened: Wenju) -> None:
    none = opened.facts("GDP", "江苏")
    assert (len(none), none.total) == (0, 0)
    assert none.note is not None
    assert "江苏" in none.note
    assert "嘉定区" in none.note
    assert "江苏" in none._repr_html_()


def test_a_table_for_pandas(opened: Wenju) -> None:
    pandas = pytest.importorskip("pandas", reason="pandas is not installed")
    frame = opened.facts("固定资产投资", "嘉定区", year=2020).to_pandas()
    assert pandas.api.types.is_numeric_dtype(frame["value"])
    assert 429.7 in set(frame["value"])
    assert list(opened.ask(SERIES).to_pandas()["period"])


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"question": ""}, "question"),
        ({"question": FLAGSHIP, "filters": {"regions": ["火星"]}}, "filters.regions"),
        ({"question": FLAGSHIP, "filters": {"places": ["嘉定区"]}}, "filters"),
        ({"question": FLAGSHIP, "as_of": "yesterday"}, "as_of"),
        ({"question": FLAGSHIP, "language": "fr"}, "language"),
        ({"question": FLAGSHIP, "generator": "nobody"}, "generator"),
    ],
)
def test_what_is_wrong_with_a_request_is_named(opened: Wenju, asked: dict[str, Any], field: str) -> None:
    with pytest.raises(QuestionError) as error:
        opened.ask(**asked)
    assert error.value.field == field
    assert isinstance(error.value, WenjuError)


def test_what_cannot_be_opened_names_what_mends_it(tmp_path: Path) -> None:
    with pytest.raises(IndexUnusableError, match="wenju ingest"):
        Wenju.open(tmp_path / "nothing")
    with pytest.raises(WenjuError, match="no files found"):
        Wenju.build(tmp_path, index=tmp_path / "index")
    with pytest.raises(WenjuError, match="WENJU_CHUNK_LEAST"):
        Wenju.open(tmp_path / "nothing", chunk_least=1)


def test_it_is_built_from_files(tmp_path: Path) -> None:
    """Of what was left out the cause is told; the index is there for the next program."""
    (tmp_path / "broken.pdf").write_bytes(b"%PDF")
    built = Wenju.build([wenju.bundled_reports(), tmp_path / "broken.pdf"], index=tmp_path / "index", progress=False)
    assert built.ingested is not None
    assert len(built.ingested.added) == 5
    assert [name for name, _ in built.ingested.refused] == ["broken.pdf"]
    assert built.ask(FLAGSHIP).answer == ANSWER
    assert Wenju.open(tmp_path / "index").snapshot == built.snapshot == built.ingested.snapshot


def test_importing_loads_nothing_else(tmp_path: Path) -> None:
    program = (
        "import sys; before = set(sys.modules); import wenju; "
        "print(sorted({m.split('.')[0] for m in set(sys.modules) - before} - set(sys.stdlib_module_names)))"
    )
    assert run(program, folder=tmp_path).stdout.strip() == "['wenju']"


def test_a_program_with_modules_by_those_names_is_told(tmp_path: Path, snapshot_folder: Path) -> None:
    """Its own stay its own; a service can be asked from it all the same."""
    (tmp_path / "settings.py").write_text("COLOUR = 'red'\n")
    program = (
        "import sys, settings\nfrom wenju import Client, Wenju, WenjuError\n"
        "try:\n    Wenju.open(sys.argv[1])\nexcept WenjuError as error:\n    print(error)\n"
        "import settings\nprint(settings.COLOUR, Client())"
    )
    done = run(program, snapshot_folder, folder=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "module 'settings' of its own" in done.stdout
    assert "wenju.Client" in done.stdout
    assert "red Client('http://127.0.0.1:8000')" in done.stdout
