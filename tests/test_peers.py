"""What all systems of the peers' benchmark share: choosing the sentence, filters, cutting, and the one grader."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator, Sequence
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from benchmarks.peers.grading import Grader, figures
from benchmarks.peers.run import COSTS, PEERS, ROOT, System, table
from eval.cases import Case, GoldQuote
from index.store.snapshot import IndexSnapshot
from index.types import Period
from tests.eval.builders import make_case

SYSTEMS = ROOT / "benchmarks" / "peers" / "systems"
FILE = "004_606b8993a8cf2f09.txt"
GOLD = "固定资产投资完成429.7亿元,同比增长18.3%"


@pytest.fixture
def protocol(monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleType]:
    """The module as a peer's own environment imports it: from its folder, by a plain name."""
    monkeypatch.syspath_prepend(str(SYSTEMS))
    yield importlib.import_module("protocol")
    for name in ("protocol", "cutting"):
        sys.modules.pop(name, None)


class Letters:
    """A peer without a model: texts are alike that share characters."""

    reads = 2
    lexical = False

    def embed(self, texts: Sequence[str]) -> Any:
        vectors = np.zeros((len(texts), 512), np.float32)
        for row, text in enumerate(texts):
            for character in text:
                vectors[row, ord(character) % 512] += 1
        return vectors


def test_every_peer_has_its_file_and_pinned_requirements() -> None:
    for name in PEERS:
        assert (SYSTEMS / f"{name}_peer.py").is_file()
        pins = (ROOT / "benchmarks" / "peers" / f"requirements-{name}.txt").read_text(encoding="utf-8").splitlines()
        assert pins
        assert all("==" in pin for pin in pins)


@pytest.mark.parametrize(
    ("asked", "wanted"),
    [
        (["2020年嘉定固定资产投资"], {"region": "嘉定区", "year": "2020"}),
        (["嘉定区和闵行区哪个高"], {}),
        (["2019年到2020年嘉定"], {"region": "嘉定区"}),
        (["2020年嘉定投资多少", "那闵行呢"], {"region": "闵行区", "year": "2020"}),
        (["2022年静安投资"], {}),
    ],
)
def test_a_filter_is_what_the_newest_question_names(
    protocol: ModuleType, asked: list[str], wanted: dict[str, str]
) -> None:
    """A held place and year by plain matching; two of a kind make no filter."""
    assert protocol.wanted_of(asked, ["嘉定区", "闵行区"], ["2019", "2020"]) == wanted


def test_the_best_sentence_comes_from_the_passages_that_are_read(protocol: ModuleType) -> None:
    """From the first two here, not from the third, which would fit best."""
    passages = [
        protocol.Found("财政收入稳步增长。区域治理水平提高。", "a.txt", 1.0),
        protocol.Found("固定资产投资完成三百亿元;绿化提升。", "b.txt", 0.9),
        protocol.Found("固定资产投资增长多少。", "c.txt", 0.8),
    ]
    sentence, document, score = protocol.best_sentence(Letters(), "固定资产投资增长多少", passages)
    assert (sentence, document) == ("固定资产投资完成三百亿元;", "b.txt")
    assert 0 < score < 1
    assert protocol.best_sentence(Letters(), "问", []) == ("", "", 0.0)


def test_texts_are_cut_at_sentence_ends_and_nothing_is_lost(protocol: ModuleType) -> None:
    cut = importlib.import_module("cutting").cut
    text = ("一" * 150 + "。") * 5 + "二" * 600 + "。\n三。"
    chunks = cut(text)
    assert "".join(chunks).replace("\n", "") == text.replace("\n", "")
    assert all(len(chunk) <= protocol.CHUNK or chunk.count("。") == 1 for chunk in chunks)
    assert len(chunks) == 5


@pytest.fixture(scope="module")
def grader(snapshot: IndexSnapshot) -> Grader:
    return Grader(snapshot)


def asked(**changes: Any) -> Case:
    fields: dict[str, Any] = {"periods": (Period.year(2020),), "evidence": (GoldQuote(FILE, GOLD, "嘉定区"),)}
    return make_case(("18.3", "%"), question="2020年嘉定固定资产投资增长多少", **{**fields, **changes})


def told(answer: str, document: str = FILE, *, abstained: bool = False, score: float = 0.5) -> dict[str, Any]:
    cited = [] if abstained else [{"document": document, "text": answer}]
    passages = [{"text": answer, "document": document}]
    return {"answer": answer, "abstained": abstained, "score": score, "cited": cited, "passages": passages}


def test_an_answer_is_graded_where_it_stands(grader: Grader) -> None:
    """The gold sentence; the same district's half year from its half-year report; another district's figure."""
    right = grader.grade(asked(), told(GOLD))
    assert (right.right, right.wrong_period, right.wrong_region, right.ranks) == (True, False, False, (1,))
    half = grader.grade(
        asked(), told("固定资产投资保持良好增势,上半年完成199.3亿元,同比增长30.5%", "001_db8ee4bb34bbb4f3.txt")
    )
    assert (half.right, half.wrong_period, half.wrong_region, half.ranks) == (False, True, False, (None,))
    other = grader.grade(asked(), told("完成外贸进出口总额2166亿元"))
    assert (other.wrong_period, other.wrong_region) == (False, True)


def test_a_refusal_is_of_no_wrong_slot(grader: Grader) -> None:
    refused = grader.grade(asked(), told("", abstained=True))
    assert (refused.right, refused.wrong_period, refused.wrong_region) == (False, None, None)


def test_figures_by_hand(grader: Grader) -> None:
    """A right one, a wrong one of low score, and an unanswerable one that hindsight would withhold."""
    graded = [
        grader.grade(asked(id="1"), told(GOLD, score=0.9)),
        grader.grade(asked(id="2", category="value"), told("完成外贸进出口总额2166亿元", score=0.4)),
        grader.grade(make_case(id="3", answerable=False, category="unanswerable"), told(GOLD, score=0.3)),
    ]
    found = figures(graded)
    assert found["right, all"] == pytest.approx(1 / 3)
    assert found["right, best threshold in hindsight"] == pytest.approx(2 / 3)
    assert (found["right, answerable"], found["wrong place"], found["gold passage R@1"]) == (0.5, 0.5, 0.5)
    assert (found["growth"], found["value"], found["unanswerable"]) == (1.0, 0.0, 0.0)


def test_costs_are_shown_as_multiples_of_ours() -> None:
    ours = System("Wenju", dict.fromkeys(COSTS, 2.0), {"right, all": 1.0})
    peer = System("other", dict.fromkeys(COSTS, 5.0), {"right, all": 0.25})
    lines = table([ours, peer]).splitlines()
    assert lines[2] == "| right, all | 100.0 % | 25.0 % |"
    assert lines[3] == "| ingest, s | 2.00 | 5.00 (2.5×) |"
