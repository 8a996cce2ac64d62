"""Generators by name: the built-in ones, and one that a package of its own brings."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest
from pydantic import SecretStr

from index.store.embedding import BUILT_IN_MODEL
from index.text.counting import TokenCounter
from rag.errors import QuestionError
from rag.generators.contract import Evidence, GeneratorError, GeneratorOptions
from rag.generators.prompts import messages
from rag.generators.registry import Generators
from rag.opening import open_pipeline
from rag.pipeline import AnswerPipeline
from rag.types import Answer, Understood
from settings import Settings
from tests.builders import make_question
from tests.conftest import ROOT

FLAGSHIP = "2020年嘉定固定资产投资增长多少"
EXTRACTIVE = "2020年，嘉定区固定资产投资完成429.7亿元，同比增长18.3%。[1]"
PACKAGE = ROOT / "tests" / "data" / "wenju_shouting"


def test_the_default_is_extractive_and_openai_needs_a_model() -> None:
    assert Generators(factories={}).names == ("extractive", "passages")
    assert Generators(GeneratorOptions(model="m"), {}).names == ("extractive", "openai", "passages")


def test_an_unknown_generator_names_the_field(pipeline: AnswerPipeline) -> None:
    """Before anything is streamed: when the stream is asked for, not when it is read."""
    with pytest.raises(QuestionError) as refused:
        pipeline.stream(replace(make_question(FLAGSHIP), generator="nobody"))
    assert refused.value.field == "generator"
    assert "passages" in refused.value.message


def test_a_stream_is_understood_then_text_then_the_answer(pipeline: AnswerPipeline) -> None:
    first, *text, last = pipeline.stream(make_question(FLAGSHIP))
    assert isinstance(first, Understood)
    assert isinstance(last, Answer)
    assert "".join(str(piece) for piece in text) == last.answer == EXTRACTIVE


@pytest.mark.parametrize(
    "question",
    [
        FLAGSHIP,
        "2020年嘉定和青浦固定资产投资哪个高",
        "嘉定区2020年在产业发展方面做了什么",
        "1990年嘉定固定资产投资增长多少",
    ],
)
def test_passages_are_quotations_only(pipeline: AnswerPipeline, question: str) -> None:
    """Every line is a quotation of a file with its mark; a refusal stays one."""
    answer = pipeline.answer(replace(make_question(question), generator="passages"))
    if answer.abstained:
        assert answer.generator == "extractive"
        return
    assert answer.generator == "passages", answer.notes
    lines = answer.answer.split("\n")
    assert len(lines) == len(answer.citations)
    for line, citation in zip(lines, answer.citations, strict=True):
        assert line == f"「{''.join(citation.quote.split())}」[{citation.n}]"


class Failing:
    def __init__(self, error: Exception) -> None:
        self._error = error

    def write(self, evidence: Evidence, /) -> Iterator[str]:
        yield "2020年，嘉定区"
        raise self._error


@pytest.mark.parametrize(
    "error", [GeneratorError("is tired"), RuntimeError("key sk-secret is wrong"), KeyError("sk-secret")]
)
def test_a_generator_that_breaks_is_replaced(
    pipeline: AnswerPipeline, error: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    """Its own words are told only if they were meant for that; a foreign error may hold a key."""
    own = AnswerPipeline(
        pipeline.snapshot, pipeline.embedder, Generators(factories={"failing": lambda _: Failing(error)})
    )
    answer = own.answer(replace(make_question(FLAGSHIP), generator="failing"))
    assert (answer.answer, answer.generator) == (EXTRACTIVE, "extractive")
    assert "sk-secret" not in repr(answer)
    assert "sk-secret" not in caplog.text
    assert ("is tired" in answer.notes[0]) == isinstance(error, GeneratorError)


def test_a_generator_that_cannot_be_made_is_replaced(pipeline: AnswerPipeline) -> None:
    def broken(_: GeneratorOptions) -> Failing:
        raise ImportError("no module")

    own = AnswerPipeline(pipeline.snapshot, pipeline.embedder, Generators(factories={"broken": broken}))
    answer = own.answer(replace(make_question(FLAGSHIP), generator="broken"))
    assert (answer.answer, answer.generator) == (EXTRACTIVE, "extractive")
    assert "cannot be used (ImportError)" in answer.notes[0]


def test_a_package_cannot_take_a_built_in_name(monkeypatch: pytest.MonkeyPatch) -> None:
    entry = EntryPoint("passages", "os:system", "wenju.generators")
    monkeypatch.setattr("rag.generators.registry.entry_points", lambda group: [entry])
    assert type(Generators().get("passages")).__name__ == "PassagesGenerator"


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the package built and unpacked into it, as an installer leaves it."""
    hatchling = pytest.importorskip("hatchling.build", reason="hatchling is not installed")
    folder = tmp_path_factory.mktemp("site")
    before = Path.cwd()
    os.chdir(PACKAGE)
    try:
        wheel = hatchling.build_wheel(str(folder))
    finally:
        os.chdir(before)
    with zipfile.ZipFile(folder / wheel) as packed:
        packed.extractall(folder)
    return folder


def test_a_package_of_its_own_brings_a_generator(installed: Path, snapshot_folder: Path) -> None:
    """Asked for on the command line; what it says beyond the evidence is replaced all the same."""
    done = subprocess.run(
        [sys.executable, "-m", "wenju", "ask", FLAGSHIP, "--generator", "shouting", "--index", str(snapshot_folder), "--json"],
        capture_output=True, text=True, encoding="utf-8", timeout=120, check=False, cwd=installed,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), str(installed)]), "PYTHONUTF8": "1"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    assert answer["answer"] == f"2020年嘉定区固定资产投资增长18.3%！[1]\n{EXTRACTIVE}"
    assert answer["generator"] == "shouting+extractive"
    assert "99.9" not in answer["answer"]


def test_it_is_gone_where_the_package_is_not(snapshot_folder: Path) -> None:
    pipeline = open_pipeline(snapshot_folder, str(BUILT_IN_MODEL))
    assert "shouting" not in pipeline.generators


def test_a_key_is_in_no_repr() -> None:
    assert "secret" not in repr(GeneratorOptions(api_key="secret"))
    assert "secret" not in repr(Settings(llm_api_key=SecretStr("secret"), api_keys=SecretStr("secret")))


def test_evidence_fits_the_budget(pipeline: AnswerPipeline) -> None:
    """As many exhibits as fit, in their order; the first goes in any case."""
    question = make_question("2020年嘉定、闵行、徐汇、虹口的固定资产投资分别是多少")
    kept: list[Evidence] = []

    class Keeping:
        def write(self, evidence: Evidence, /) -> Iterator[str]:
            kept.append(evidence)
            yield ""

    own = AnswerPipeline(pipeline.snapshot, pipeline.embedder, Generators(factories={"keeping": lambda _: Keeping()}))
    own.answer(replace(question, generator="keeping"))
    (evidence,) = kept
    assert len(evidence.exhibits) > 2
    counter = TokenCounter()
    sent = [len(evidence_sent(messages(evidence, counter, budget))) for budget in (1, 600, 100_000)]
    assert sent[0] == 1
    assert sent[0] <= sent[1] <= sent[2] == len(evidence.exhibits)
    numbers = [entry["n"] for entry in evidence_sent(messages(evidence, counter, 100_000))]
    assert numbers == [e.n for e in evidence.exhibits] == list(range(1, len(numbers) + 1))


def evidence_sent(sent: list[dict[str, str]]) -> list[dict[str, object]]:
    found: list[dict[str, object]] = json.loads(sent[1]["content"])["evidence"]
    return found


@pytest.mark.parametrize("generator", ["extractive", "passages"])
@pytest.mark.parametrize(
    "question",
    [
        "嘉定區2020年固定資產投資增長多少？",
        "嘉定區1990年固定資產投資增長多少？",
        "What was the GDP of Minhang in 2020?",
    ],
)
def test_what_is_streamed_is_the_answer_in_every_script(
    pipeline: AnswerPipeline, question: str, generator: str
) -> None:
    _, *text, last = pipeline.stream(replace(make_question(question), generator=generator))
    assert isinstance(last, Answer)
    assert "".join(str(piece) for piece in text) == last.answer
