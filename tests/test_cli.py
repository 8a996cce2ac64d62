"""The command line as its users meet it: what is printed, where, and with which exit status."""

from __future__ import annotations

import csv
import io
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import cli
from index.lock import writing
from index.store.snapshot import current_id
from index.text.loaders.registry import ARCHIVES, SUFFIXES
from tests.builders import REPORT, write_files
from tests.conftest import REPORTS, ROOT

FLAGSHIP = "2020年嘉定固定资产投资增长多少"
ANSWER = "2020年，嘉定区固定资产投资完成429.7亿元，同比增长18.3%。[1]"


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In an empty folder, without settings of this machine."""
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.startswith("WENJU_")]:
        monkeypatch.delenv(name)


def wenju(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """The command in a process of its own, its output in pipes."""
    return subprocess.run(
        [sys.executable, "-m", "wenju", *arguments],
        capture_output=True, text=True, encoding="utf-8", timeout=120, check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1", **environment},
    )  # fmt: skip


def failure(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """The one line on standard error of a command that exits 1."""
    assert cli.main(list(arguments)) == 1
    out, err = capsys.readouterr()
    assert out == ""
    (line,) = err.splitlines()
    assert line.startswith("wenju: ")
    return line


def test_from_ingest_to_answer_in_processes(tmp_path: Path) -> None:
    """As a newcomer types it: no bar in a pipe, one line for an ingest, the answer with its sentence."""
    index = str(tmp_path / "index")
    done = wenju("ingest", str(REPORTS), "--index", index)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("5 files added, 0 kept: 14 documents")
    answered = wenju("ask", FLAGSHIP, WENJU_INDEX=index)
    assert (answered.returncode, answered.stderr) == (0, "")
    assert answered.stdout.splitlines()[0] == ANSWER
    assert "固定资产投资完成429.7亿元,同比增长18.3%" in answered.stdout
    assert "004_606b8993a8cf2f09.txt" in answered.stdout


@pytest.mark.parametrize(
    "arguments", [("ask", FLAGSHIP), ("coverage",), ("verify",), ("ingest", "nothing"), ("serve",)]
)
def test_a_failing_process_says_one_line(arguments: tuple[str, ...]) -> None:
    """Exit 1, nothing on standard output, no traceback."""
    done = wenju(*arguments)
    assert (done.returncode, done.stdout) == (1, "")
    assert len(done.stderr.splitlines()) == 1
    assert "Traceback" not in done.stderr


def test_a_reader_that_closes_the_pipe_is_no_failure(snapshot_folder: Path) -> None:
    """``wenju facts | head -1`` prints no traceback."""
    command = f'"{sys.executable}" -m wenju facts --index "{snapshot_folder}" | head -1'
    done = subprocess.run(
        ["bash", "-c", command], capture_output=True, text=True, encoding="utf-8", timeout=120, check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"},
    )  # fmt: skip
    assert len(done.stdout.splitlines()) == 1
    assert "Traceback" not in done.stderr
    assert "Exception" not in done.stderr


@pytest.mark.parametrize("command", ["ask Q", "search Q", "coverage", "verify", "facts", "eval"])
def test_no_index_names_the_command_that_builds_one(capsys: pytest.CaptureFixture[str], command: str) -> None:
    assert "run `wenju ingest PATH…` first" in failure(capsys, *command.split())


@pytest.mark.parametrize(
    ("files", "cause"),
    [
        ({}, "no files found"),
        ({"empty.txt": ""}, "empty.txt: empty"),
        ({"scan.pdf": "%PDF"}, "scan.pdf: a damaged PDF"),
        ({"scan.exe": "MZ"}, "scan.exe: unsupported file type .exe"),
        ({"scan.txt": "%PDF"}, "PDF"),
    ],
)
def test_nothing_to_ingest_is_a_failure(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, files: dict[str, str | bytes], cause: str
) -> None:
    folder = tmp_path / "reports"
    folder.mkdir()
    assert cause in failure(capsys, "ingest", str(write_files(folder, files)))


def test_a_path_that_does_not_exist(capsys: pytest.CaptureFixture[str]) -> None:
    assert failure(capsys, "ingest", "nothing.txt") == "wenju: nothing.txt: no such file or folder"


def test_a_bad_file_beside_good_ones_is_named(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """The good ones go in and the exit status is 0."""
    data = (REPORTS / "002_face59470fb1d086.txt").read_bytes()
    folder = write_files(tmp_path / "reports", {"good.txt": data, "twin.txt": data, "bad.txt": b"%PDF"})
    assert cli.main(["ingest", str(folder)]) == 0
    out, err = capsys.readouterr()
    assert out.startswith("1 files added, 0 kept: 1 documents")
    assert "left out: bad.txt: not a text file" in err
    assert "read once: twin.txt: the same content as good.txt" in err
    assert (tmp_path / ".wenju" / "CURRENT").is_file()


def test_a_name_that_is_not_utf_8_stops_nothing(tmp_path: Path) -> None:
    """As an archive from Chinese Windows leaves it: read, cited and listed under its name, and the other files go in."""
    folder = write_files(tmp_path / "reports", {"白水.txt": REPORT.replace("青石", "白水")})
    try:
        (folder / os.fsdecode("青石市报告.txt".encode("gbk"))).write_text(REPORT, encoding="utf-8")
        (folder / os.fsdecode("附表.文档".encode("gbk"))).write_bytes(b"")
    except (OSError, ValueError):
        pytest.skip("this file system takes no such names")
    done = wenju("ingest", str(folder), "--index", "index")
    assert (done.returncode, done.stderr.splitlines()) == (
        0, ["left out: 附表.文档: unsupported file type .文档; supported: " + ", ".join(sorted(SUFFIXES | ARCHIVES))]
    )  # fmt: skip
    assert done.stdout.startswith("2 files added")
    assert "青石市报告.txt [" in wenju("ask", "2023年青石市固定资产投资增长多少", "--index", "index").stdout
    assert wenju("verify", "--index", "index").returncode == 0


def test_an_ingest_that_does_not_get_its_turn_says_so(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    with writing(tmp_path / "index"):
        line = failure(capsys, "ingest", str(REPORTS), "--index", "index", "--wait", "0.1")
    said = "wenju: another process is changing the index in index (waited 0.1 s); nothing was changed, try again later"
    assert line.startswith(f"{said} (it is process {os.getpid()} on ")


@pytest.mark.parametrize(
    ("name", "value", "about"),
    [
        ("WENJU_PORT", "many", "WENJU_PORT"),
        ("WENJU_PORT", "0", "WENJU_PORT"),
        ("WENJU_CHUNK_LEAST", "5", "WENJU_CHUNK_LEAST"),
        ("WENJU_CHUNK_LEAST", "1000", "chunk_least must not be larger than chunk_most"),
        ("WENJU_EMBEDDING_MODEL", " ", "WENJU_EMBEDDING_MODEL"),
        ("WENJU_MAX_BODY_BYTES", "1", "WENJU_MAX_BODY_BYTES"),
    ],
)
def test_a_bad_setting_is_named(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, name: str, value: str, about: str
) -> None:
    monkeypatch.setenv(name, value)
    assert about in failure(capsys, "coverage")


def test_settings_come_from_a_file_too(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, snapshot_folder: Path
) -> None:
    """``.env`` in the working folder; the command line wins over it."""
    (tmp_path / ".env").write_text(f"WENJU_INDEX={snapshot_folder}\nWENJU_UNKNOWN=1\n", encoding="utf-8")
    assert cli.main(["ask", FLAGSHIP]) == 0
    assert capsys.readouterr().out.startswith(ANSWER)
    assert "no index in missing" in failure(capsys, "ask", FLAGSHIP, "--index", "missing")


def test_a_model_that_is_not_there_is_one_line(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "model").mkdir()
    monkeypatch.setenv("WENJU_EMBEDDING_MODEL", str(tmp_path / "model"))
    assert "embedding model" in failure(capsys, "ask", FLAGSHIP)


def test_a_token_vocabulary_that_is_not_there_is_one_line(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WENJU_TOKEN_VOCABULARY", "nobody_knows")
    assert "token vocabulary 'nobody_knows': unknown" in failure(capsys, "ingest", str(REPORTS))


@pytest.mark.parametrize(
    ("arguments", "cause"),
    [
        (("ask", FLAGSHIP, "--generator", "oracle"), "generator: unknown: 'oracle'"),
        (("ask", "  "), "question: is empty"),
        (("ask", "问" * 1001), "question: is longer than 1000 characters"),
        (("search", ""), "question: is empty"),
        (("eval", "nothing.jsonl"), "nothing.jsonl: No such file"),
        (("eval", "--category", "nothing"), "no question of category 'nothing'; there is "),
        (("eval", "--baseline", "nothing.json"), "nothing.json: No such file"),
    ],
)
def test_bad_input_is_one_line(
    capsys: pytest.CaptureFixture[str], snapshot_folder: Path, arguments: tuple[str, ...], cause: str
) -> None:
    assert cause in failure(capsys, *arguments, "--index", str(snapshot_folder))


@pytest.mark.parametrize(
    "arguments",
    [
        (), ("nonsense",), ("ask",), ("ask", "Q", "--as-of", "yesterday"), ("ask", "Q", "--nonsense"), ("ingest",),
        ("search", "Q", "--top-k", "0"), ("search", "Q", "--top-k", "51"), ("serve", "--port", "many"), ("eval", "--gate", "high"),
        ("eval", "--gate", "2"), ("eval", "--limit", "0"), ("eval", "compare", "a"), ("eval", "bench", "nothing"), ("eval", "draft"),
    ],
)  # fmt: skip
def test_bad_usage_exits_2(capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...]) -> None:
    with pytest.raises(SystemExit) as done:
        cli.main(list(arguments))
    assert done.value.code == 2
    assert "usage: wenju" in capsys.readouterr().err


def ask(capsys: pytest.CaptureFixture[str], folder: Path, *arguments: str) -> dict[str, object]:
    assert cli.main(["ask", *arguments, "--json", "--index", str(folder)]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    answer: dict[str, object] = json.loads(out)
    return answer


def test_ask_prints_the_object_of_the_contract(capsys: pytest.CaptureFixture[str], snapshot_folder: Path) -> None:
    answer = ask(capsys, snapshot_folder, FLAGSHIP)
    assert {
        "id", "question", "understood", "answer", "abstained", "reason", "values", "citations", "nearest", "conflicts", "support",
        "generator", "snapshot", "usage", "timings_ms",
    } <= set(answer)  # fmt: skip
    assert (answer["answer"], answer["abstained"], answer["reason"]) == (ANSWER, False, None)
    assert answer["snapshot"] == current_id(snapshot_folder)


def test_the_same_question_prints_the_same_object(capsys: pytest.CaptureFixture[str], snapshot_folder: Path) -> None:
    """Promise 5, timings aside."""
    one, two = (ask(capsys, snapshot_folder, FLAGSHIP) for _ in range(2))
    assert {**one, "timings_ms": None} == {**two, "timings_ms": None}


def test_a_refusal_is_a_success(capsys: pytest.CaptureFixture[str], snapshot_folder: Path) -> None:
    """Exit 0, with reason and nearest evidence, in JSON and in words."""
    question = "2019年嘉定固定资产投资增长多少"
    answer = ask(capsys, snapshot_folder, question)
    assert (answer["abstained"], answer["reason"]) == (True, "indicator_missing")
    assert answer["nearest"]
    assert cli.main(["ask", question, "--index", str(snapshot_folder)]) == 0
    out, _ = capsys.readouterr()
    assert "(indicator_missing)" in out
    assert "~ 2019年" in out


def test_history_and_date_are_handed_on(capsys: pytest.CaptureFixture[str], snapshot_folder: Path) -> None:
    """Earlier questions fill what is left open, and 去年 is read by the given day."""
    followed = ask(capsys, snapshot_folder, "那闵行呢？", "--history", FLAGSHIP)
    assert "9.2%" in str(followed["answer"])
    dated = ask(capsys, snapshot_folder, "去年嘉定固定资产投资增长多少", "--as-of", "2021-05-01")
    assert dated["answer"] == ANSWER


def test_search_prints_hits(capsys: pytest.CaptureFixture[str], snapshot_folder: Path) -> None:
    """In words with every signal, in JSON as an object; never more than asked for."""
    assert cli.main(["search", FLAGSHIP, "--json", "--top-k", "3", "--index", str(snapshot_folder)]) == 0
    result = json.loads(capsys.readouterr().out)
    assert len(result["hits"]) == 3
    assert {"chunk_id", "document", "text", "start", "end", "score", "signals"} <= set(result["hits"][0])
    assert cli.main(["search", FLAGSHIP, "--top-k", "1", "--index", str(snapshot_folder)]) == 0
    out = capsys.readouterr().out
    assert "嘉定区" in out
    assert all(signal in out for signal in result["hits"][0]["signals"])


def test_coverage_shows_what_contradicts_itself(capsys: pytest.CaptureFixture[str], snapshot_folder: Path) -> None:
    assert cli.main(["coverage", "--index", str(snapshot_folder)]) == 0
    out = capsys.readouterr().out
    assert "contradiction: the title says 2021, the text reviews 2011 and plans 2012" in out
    assert cli.main(["coverage", "--json", "--index", str(snapshot_folder)]) == 0
    coverage = json.loads(capsys.readouterr().out)
    assert set(coverage) >= {"snapshot", "counts", "regions", "documents"}
    assert len(coverage["documents"]) == 14


def test_facts_are_listed(capsys: pytest.CaptureFixture[str], snapshot_folder: Path) -> None:
    """Of one indicator and place, as text and as CSV that reads back."""
    chosen = ["facts", "--indicator", "固定资产投资", "--region", "闵行区", "--index", str(snapshot_folder)]
    assert cli.main(chosen) == 0
    assert "731" in capsys.readouterr().out
    assert cli.main([*chosen, "--csv"]) == 0
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert {(r["region"], r["period"], r["value"], r["unit"], r["measure"]) for r in rows} >= {
        ("闵行区", "2020", "731", "亿元", "level"),
        ("闵行区", "2020", "9.2", "%", "growth"),
    }
    assert {r["document"] for r in rows} == {"004_606b8993a8cf2f09.txt"}


def test_verify_passes_and_detects_tampering(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, snapshot_folder: Path
) -> None:
    """One digit of one figure changed on disk: exit 1 and the file's name."""
    copy = tmp_path / "copy"
    shutil.copytree(snapshot_folder, copy)
    assert cli.main(["verify", "--index", str(copy)]) == 0
    assert "every span is the source's text" in capsys.readouterr().out
    facts = copy / "snapshots" / (current_id(copy) or "") / "tables" / "facts.bin"
    facts.write_bytes(facts.read_bytes().replace(b"429.7", b"429.8"))
    assert "facts.bin" in failure(capsys, "verify", "--index", str(copy))


def test_eval_grades_a_question_set(capsys: pytest.CaptureFixture[str], tmp_path: Path, snapshot_folder: Path) -> None:
    """Accuracy by category; a gate that is not met exits 1."""
    cases = [
        {"id": "a", "question": FLAGSHIP, "category": "growth", "answerable": True, "numbers": [{"value": 18.3, "unit": "%"}]},
        {"id": "b", "question": "今天天气怎么样", "category": "unanswerable", "answerable": False},
        {"id": "c", "question": "2020年闵行固定资产投资增长多少", "category": "growth", "answerable": True, "numbers": [{"value": 1.5, "unit": "%"}]},
    ]  # fmt: skip
    path = tmp_path / "cases.jsonl"
    path.write_text("\n".join(json.dumps(case, ensure_ascii=False) for case in cases), encoding="utf-8")
    command = ["eval", str(path), "--index", str(snapshot_folder)]
    assert cli.main([*command, "--json"]) == 0
    run = json.loads(capsys.readouterr().out)
    assert (run["questions"], run["accuracy"]["value"]) == (3, 0.666667)
    assert {k: (v["right"], v["count"]) for k, v in run["by_category"].items()} == {
        "growth": (1, 2),
        "unanswerable": (1, 1),
    }
    assert (run["metrics"]["verbatim"]["value"], run["metrics"]["refusal_recall"]["value"]) == (1.0, 1.0)
    assert [failed["id"] for failed in run["failures"]] == ["c"]
    assert cli.main([*command, "--gate", "0.6"]) == 0
    assert "cases.jsonl: 3 questions" in capsys.readouterr().out
    assert cli.main([*command, "--gate", "0.9"]) == 1
    assert "below the gate of 0.9" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("line", "cause"),
    [
        ("{", "cases.jsonl:1: not JSON"),
        ('{"id": "a"}', "cases.jsonl:1: field question: Object missing"),
    ],
)
def test_a_malformed_question_set_names_its_line(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, snapshot_folder: Path, line: str, cause: str
) -> None:
    (tmp_path / "cases.jsonl").write_text(line, encoding="utf-8")
    assert cause in failure(capsys, "eval", "cases.jsonl", "--index", str(snapshot_folder))


def test_an_index_folder_that_cannot_be_written(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """A file stands where the folder should be: one line, no traceback."""
    (tmp_path / "index").write_text("", encoding="utf-8")
    assert "index" in failure(capsys, "ingest", str(REPORTS), "--index", str(tmp_path / "index"))
