"""The retrieval tasks of ``eval.embedding.measure``: public benchmarks from the shared folder and our own paraphrase set."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

#: Colloquial questions written for this project against the shared reports.
PARAPHRASES = Path(__file__).parent / "data" / "paraphrase.jsonl"
#: The same by a second author, who knew the indicators but not those questions (see docs/embedding.md).
SECOND_AUTHOR = Path(__file__).parent / "data" / "paraphrase_second.jsonl"
#: By a third, who saw nothing but local documents: no code, no vocabulary, no other question.
THIRD_AUTHOR = Path(__file__).parent / "data" / "paraphrase_third.jsonl"


@dataclass(frozen=True, slots=True)
class Task:
    """Queries over one list of passages. ``relevant[i]`` are the numbers of the passages that are right for query *i*."""

    name: str
    queries: tuple[str, ...]
    passages: tuple[str, ...]
    relevant: tuple[frozenset[int], ...]


@dataclass(frozen=True, slots=True)
class Paraphrase:
    """A colloquial question and what the right sentence of one report says.

    A sentence is right when ``evidence``, a regular expression, is found in it. ``seen`` is True where training saw
    other wordings for the same indicator. ``document`` lies in ``folder`` of the shared data.
    """

    id: str
    split: Literal["train", "test"]
    lang: Literal["zh", "en"]
    question: str
    indicator: str
    document: str
    evidence: str
    seen: bool
    folder: str = "reports"


def _squad(path: Path) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """Passages of a file in SQuAD's layout, each with the (id, question) pairs asked of it."""
    with gzip.open(path, "rt", encoding="utf-8") as file:
        content: Any = json.load(file)
    for article in content["data"]:
        for paragraph in article["paragraphs"]:
            yield paragraph["context"], [(str(asked["id"]), asked["question"]) for asked in paragraph["qas"]]


def squad_task(name: str, questions: Path, passages: Path) -> Task:
    """Distinct question texts of one file over the passages of another, matched by question id."""
    held: dict[str, int] = {}
    home: dict[str, int] = {}
    for text, asked in _squad(passages):
        number = held.setdefault(text, len(held))
        home.update((identifier, number) for identifier, _ in asked)
    wanted: dict[str, set[int]] = {}
    for _, asked in _squad(questions):
        for identifier, question in asked:
            wanted.setdefault(question, set()).add(home[identifier])
    return Task(name, tuple(wanted), tuple(held), tuple(frozenset(numbers) for numbers in wanted.values()))


def lines_task(name: str, queries: Path, passages: Path) -> Task:
    """Line *i* of one file over all lines of the other; a line that occurs twice is right in both places."""
    asked, held = _lines(queries), _lines(passages)
    same: dict[str, set[int]] = {}
    for number, line in enumerate(held):
        same.setdefault(line, set()).add(number)
    return Task(name, tuple(asked), tuple(held), tuple(frozenset(same[line]) for line in held))


def _lines(path: Path) -> list[str]:
    with gzip.open(path, "rt", encoding="utf-8") as file:
        return [line.rstrip("\n") for line in file]


def benchmark_tasks(shared: Path) -> list[Task]:
    """XQuAD in four directions (questions → passages), NTREX-128 both ways, CMRC 2018 dev."""
    bench = shared / "data" / "bench"
    xquad = {language: bench / "xquad" / f"xquad.{language}.json.gz" for language in ("zh", "en")}
    ntrex = {
        "zh": bench / "ntrex128" / "newstest2019-ref.zho-CN.txt.gz",
        "zh-TW": bench / "ntrex128" / "newstest2019-ref.zho-TW.txt.gz",
        "en": bench / "ntrex128" / "newstest2019-src.eng.txt.gz",
    }
    tasks = [
        squad_task(f"XQuAD {asked}→{held}", xquad[asked], xquad[held])
        for asked, held in (("zh", "zh"), ("en", "en"), ("en", "zh"), ("zh", "en"))
    ]
    tasks += [
        lines_task(f"NTREX {asked}→{held}", ntrex[asked], ntrex[held])
        for asked, held in (("zh", "en"), ("en", "zh"), ("zh-TW", "en"))
    ]
    cmrc = bench / "cmrc2018" / "cmrc2018_dev.json.gz"
    return [*tasks, squad_task("CMRC2018 dev", cmrc, cmrc)]


def paraphrases(path: Path = PARAPHRASES) -> list[Paraphrase]:
    """The paraphrase set as committed."""
    return [Paraphrase(**json.loads(line)) for line in path.read_text(encoding="utf-8").splitlines() if line]


_CUT = re.compile(r"(?<=[。；！？])")


def report_sentences(text: str) -> tuple[str, ...]:
    """A report cut behind 。；！？, pieces of fewer than six characters left out."""
    pieces = (piece.strip() for line in text.splitlines() for piece in _CUT.split(line))
    return tuple(piece for piece in pieces if len(piece) >= 6)


def paraphrase_tasks(shared: Path, questions: list[Paraphrase]) -> list[Task]:
    """One task per report: its questions over its own sentences. A question without a right sentence is an error."""
    by_document: dict[tuple[str, str], list[Paraphrase]] = {}
    for question in questions:
        by_document.setdefault((question.folder, question.document), []).append(question)
    tasks = []
    for (folder, document), asked in sorted(by_document.items()):
        held = report_sentences((shared / "data" / folder / document).read_text(encoding="utf-8"))
        right = [frozenset(n for n, text in enumerate(held) if re.search(one.evidence, text)) for one in asked]
        for one, numbers in zip(asked, right, strict=True):
            if not numbers:
                raise ValueError(f"{one.id}: no sentence of {document} matches {one.evidence}")
        tasks.append(Task(document, tuple(one.question for one in asked), held, tuple(right)))
    return tasks
