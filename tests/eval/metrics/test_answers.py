"""Grading, checked by hand, and against the independent grader of the shared question set."""

from __future__ import annotations

import importlib.util
import json
import re
from collections.abc import Callable
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from eval.cases import Case, GoldNumber, GoldQuote, read_cases
from eval.metrics.answers import cites_gold, grade, stated_numbers, states
from eval.metrics.citations import relevant
from eval.replies import reply_from_answer
from eval.services import DEFAULT_DAY
from rag.pipeline import AnswerPipeline
from rag.types import Answer, Question
from tests.conftest import REPORTS
from tests.eval.builders import make_case


@pytest.mark.parametrize(
    ("answer", "gold", "right"),
    [
        ("同比增长18.3%。", ("18.3", "%"), True),
        ("同比增长１８．３％。", ("18.3", "%"), True),
        ("增长18.30%", ("18.3", "%"), True),
        ("增长百分之十八点三", ("18.3", "%"), True),
        ("增长百分之18.3", ("18.3", "%"), True),
        ("下降百分之三点九", ("-3.9", "%"), True),
        ("up 18.3 percent", ("18.3", "%"), True),
        ("18.3个百分点", ("18.3", "%"), False),
        ("同比下降18.3%", ("18.3", "%"), False),
        ("同比下降3.9%", ("-3.9", "%"), True),
        ("增长-3.9%", ("-3.9", "%"), True),
        ("down 3.9%", ("-3.9", "%"), True),
        ("同比增长3.9%", ("-3.9", "%"), False),
        ("负增长3.9%", ("-3.9", "%"), True),
        ("429.7亿元", ("429.7", "亿元"), True),
        ("42.97 billion yuan", ("429.7", "亿元"), True),
        ("12.67 million people", ("1267", "万人"), True),
        ("12.67 million people", ("1267", "人"), False),
        ("RMB? 42,970 million yuan", ("429.7", "亿元"), True),
        ("4297000万元", ("429.7", "亿元"), True),
        ("429.7亿", ("429.7", "亿元"), True),
        ("429.7万元", ("429.7", "亿元"), False),
        ("429.7亿美元", ("429.7", "亿元"), False),
        ("429.7家", ("429.7", "亿元"), False),
        ("3家", ("3", "个"), True),
        ("3%", ("3", "个"), False),
        ("1.2万户", ("12000", "户"), True),
        ("2020年", ("2020", "家"), False),
        ("没有数字", ("3", "个"), False),
        ("造林2,560多万亩", ("2560", "万亩"), True),
        ("增长14·1%", ("14.1", "%"), True),
        ("减税降费超167亿元", ("167", "亿元"), True),
        ("浓度降至36微克", ("36", "微克"), True),
        ("失业率降至5%", ("5", "%"), True),
        ("由15%下降到5%", ("5", "%"), True),
    ],
)
def test_a_number_is_right_in_value_unit_and_direction(answer: str, gold: tuple[str, str], right: bool) -> None:
    """429.7亿元 and 42.97 billion yuan are one number; a rise is no fall; a dollar is no yuan."""
    assert states(stated_numbers(answer), GoldNumber(Decimal(gold[0]), gold[1]), Decimal(0)) is right


@pytest.mark.parametrize(("stated", "right"), [("66.4亿元", True), ("66.35亿元", True), ("66.2亿元", False)])
def test_a_derived_number_has_a_tolerance_in_its_unit(stated: str, right: bool) -> None:
    case = make_case(("66.4", "亿元"), tolerance=Decimal("0.1"))
    assert grade(case, f"增加{stated}", abstained=False).right is right


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        ("固定资产投资429.7亿元，增长18.3%。[1]", ""),
        ("固定资产投资增长18.3%。", "does not state 429.7亿元"),
        ("固定资产投资429.7亿元，下降18.3%。", "does not state 18.3%"),
        ("429.7亿元，18.3%。" + "很好。" * 300, "longer than 600 characters"),
        ("429.7亿元，18.3%，1家、2户、3万人、4公里、5所、6座、7项。", "7 other numbers"),
        ("429.7亿元，18.3%，1家、2户、3万人、4公里、5所、6座。2020年1月。", ""),
    ],
)
def test_an_answer_states_all_and_little_else(answer: str, why: str) -> None:
    """All required numbers, at most six others, and short; years, dates and marks are not counted."""
    verdict = grade(make_case(("429.7", "亿元"), ("18.3", "%")), answer, abstained=False)
    assert (verdict.right, verdict.why) == (not why, why)


def test_a_refusal_is_right_only_where_one_is_due() -> None:
    assert grade(make_case(answerable=False), "没有。", abstained=True).right
    assert (
        grade(make_case(answerable=False), "429.7亿元。", abstained=False).why
        == "answered what the reports do not hold"
    )
    assert grade(make_case(("1", "家")), "1家", abstained=True).why == "abstained"


@pytest.mark.parametrize(
    ("answer", "right"),
    [
        ("地铁14号线和17号线。", True),
        ("地铁 14 号线、17号线", True),
        ("只有14号线", False),
        ("地鐵14號線、17號線", True),
    ],
)
def test_phrases_must_all_be_said(answer: str, right: bool) -> None:
    """Either form of ``a|b``, whatever the punctuation, width and script."""
    case = make_case(all_of=("14号线", "17号线|十七号线"))
    assert grade(case, answer, abstained=False).right is right


def test_one_of_the_answers_is_enough_where_nothing_else_is_required() -> None:
    case = make_case(answers=("嘉定", "嘉定区"))
    assert grade(case, "是嘉定区。", abstained=False).right
    assert not grade(case, "是闵行区。", abstained=False).right


def test_what_the_sources_contradict_is_wrong() -> None:
    case = make_case(all_of=("嘉定",), reject=("闵行.*更高",))
    assert grade(case, "嘉定更高", abstained=False).right
    assert not grade(case, "闵行比嘉定更高", abstained=False).right


def test_the_size_of_a_fall_is_right_where_the_question_names_the_fall() -> None:
    """下降了多少 is answered by 3.9%."""
    assert grade(make_case(("-3.9", "%"), question="青浦区下降了多少"), "3.9%", abstained=False).right
    assert not grade(make_case(("-3.9", "%"), question="青浦区增速多少"), "3.9%", abstained=False).right


@pytest.mark.parametrize(
    ("quotes", "cited"),
    [
        ([("f.txt", "固定资产投资完成429.7亿元,同比增长18.3%")], True),
        ([("f.txt", "其中,固定资产投资完成429.7亿元,同比增长18.3%;外资")], True),
        ([("f.txt", "固定资产投资 完成429.7亿元")], True),
        ([("f.txt", "同比增长18.4%")], False),
        ([("other.txt", "固定资产投资完成429.7亿元,同比增长18.3%")], False),
        ([], False),
    ],
)
def test_gold_evidence_is_cited(quotes: list[tuple[str, str]], cited: bool) -> None:
    """In the same file, as a part, a whole or an overlap."""
    case = make_case(evidence=(GoldQuote("f.txt", "固定资产投资完成429.7亿元,同比增长18.3%"),))
    assert cites_gold(case, quotes) is cited


# ---- the independent grader ----


@cache
def load_grader(path: Path) -> Any:
    spec = importlib.util.spec_from_file_location("shared_grader", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def shifted(answer: str) -> str:
    """Every figure with a point becomes another one."""
    return re.sub(r"(\d+)\.(\d)", lambda m: f"{int(m[1]) + 7}.{m[2]}", answer)


PERTURBED: dict[str, Callable[[str], str]] = {
    "as it is": lambda answer: answer,
    "a fall for a rise": lambda answer: answer.replace("增长", "下降").replace("up ", "down "),
    "other figures": shifted,
    "万 for 亿": lambda answer: answer.replace("亿", "万").replace("billion", "million"),
    "percentage points": lambda answer: answer.replace("%", "个百分点"),
    "full width": lambda answer: answer.translate({ord(a): ord(b) for a, b in zip("0123456789.%", "０１２３４５６７８９．％", strict=True)}),
    "no figures": lambda answer: re.sub(r"\d", "", answer),
    "too long": lambda answer: answer + "补充说明" * 400,
    "many figures": lambda answer: answer + "".join(f"另有{n}.5公里。" for n in range(31, 40)),
    "nothing": lambda _: "",
}  # fmt: skip


@pytest.mark.parametrize("change", PERTURBED)
def test_we_agree_with_the_independent_grader(
    shared: Path, asked: list[tuple[dict[str, Any], Case, Answer]], change: str
) -> None:
    """On every shared question, with our own answers and with answers made wrong in one way."""
    grader = load_grader(shared / "eval" / "grade.py")
    differing = []
    for record, case, answer in asked:
        words = PERTURBED[change](answer.answer)
        ours = grade(case, words, abstained=answer.abstained)
        theirs = grader.grade_answer(record, words, answer.abstained)
        if ours.right != theirs[0]:
            differing.append((case.id, words[:80], ours.why, theirs[1]))
    assert not differing


@pytest.fixture(scope="module")
def asked(shared: Path, pipeline_of_reports: AnswerPipeline) -> list[tuple[dict[str, Any], Case, Answer]]:
    """The shared questions as records and as cases, with our answers."""
    path = shared / "eval" / "questions.jsonl"
    records = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    result = []
    for record, case in zip(records, read_cases(path), strict=True):
        answer = pipeline_of_reports.answer(Question(case.question, case.as_of or DEFAULT_DAY, case.history))
        result.append((record, case, answer))
    return result


def test_the_grader_finds_most_of_our_answers_right(
    shared: Path, asked: list[tuple[dict[str, Any], Case, Answer]]
) -> None:
    """A floor well below what is reached, so that a broken build is noticed here too."""
    grader = load_grader(shared / "eval" / "grade.py")
    right = sum(grader.grade_answer(record, answer.answer, answer.abstained)[0] for record, _, answer in asked)
    assert right >= 0.8 * len(asked)


def test_we_agree_with_the_independent_grader_on_citations(
    shared: Path, asked: list[tuple[dict[str, Any], Case, Answer]]
) -> None:
    """Which citations are to the point, each question's own and those of the question before it."""
    grader = load_grader(shared / "eval" / "grade.py")
    seeds = grader.Seeds(str(REPORTS))
    own = other = differing = 0
    for number, (record, case, answer) in enumerate(asked):
        for cited in (answer, asked[number - 1][2]):
            quotes = reply_from_answer(cited).citations
            theirs = grader.grade_citations(record, [{"quote": q.quote, "doc": q.document} for q in quotes], seeds)
            for quote, found in zip(quotes, theirs, strict=True):
                ours = relevant(case, quote)
                differing += ours != found["relevant"]
                own += cited is answer and ours
                other += cited is not answer and not ours
    assert own > 70
    assert other > 40
    assert differing == 0
