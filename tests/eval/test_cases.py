"""Question sets: read into frozen values, and the first mistake named by file, line and field."""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal
from pathlib import Path

import pytest

from eval.cases import Case, CaseError, GoldNumber, GoldQuote, read_cases
from eval.command import OWN_SET, default_set
from eval.corpora import own_report_sets
from tests.eval.builders import make_case

CASE = {"id": "a", "question": "问", "category": "value", "answerable": True, "answers": ["答"]}


def written(folder: Path, *records: object) -> Path:
    path = folder / "cases.jsonl"
    lines = [r if isinstance(r, str) else json.dumps(r, ensure_ascii=False) for r in records]
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def test_a_case_is_read_whole(tmp_path: Path) -> None:
    """Numbers stay exact decimals, and what is left out has a plain default."""
    full = {
        **CASE,
        "numbers": [{"value": -3.9, "unit": "%"}, {"value": "18.30", "unit": "%"}],
        "answers": ["下降3.9%"],
        "all_of": ["青浦|普陀"],
        "reject": ["普陀.*高于"],
        "evidence": [{"doc": "f.txt", "quote": "下降3.9%", "region": "青浦区"}],
        "history": ["前一问"],
        "as_of": "2021-05-01",
        "tolerance": 0.1,
        "lang": "en",
        "period": "2020H1;2016-2020",
        "note": "not read",
        "reviewer": "a field of the team's own",
    }
    one, two = read_cases(written(tmp_path, full, "", {**CASE, "id": "b"}))
    assert one.numbers == (GoldNumber(Decimal("-3.9"), "%"), GoldNumber(Decimal("18.30"), "%"))
    assert (one.answers, one.all_of, one.reject) == (("下降3.9%",), ("青浦|普陀",), ("普陀.*高于",))
    assert one.evidence == (GoldQuote("f.txt", "下降3.9%", "青浦区"),)
    assert tuple(map(str, one.periods)) == ("2020-H1", "2016/2020")
    assert (one.regions, one.drafted) == (frozenset({"青浦区"}), False)
    assert (one.history, one.as_of) == (("前一问",), dt.date(2021, 5, 1))
    assert (one.tolerance, one.language) == (Decimal("0.1"), "en")
    assert (two.numbers, two.history, two.as_of, two.tolerance, two.language) == ((), (), None, Decimal(0), "zh")


@pytest.mark.parametrize(
    ("records", "cause"),
    [
        (("{",), r"cases\.jsonl:1: not JSON"),
        ((CASE, "nonsense"), r"cases\.jsonl:2: not JSON"),
        ((CASE, CASE), r"cases\.jsonl:2: field id: 'a' stands in line 1 too"),
        ((), "holds no question"),
        (("", " "), "holds no question"),
        (("[]",), r"cases\.jsonl:1: not a JSON object"),
        (("3",), r"cases\.jsonl:1: not a JSON object"),
        (({**CASE, "id": ""},), r"cases\.jsonl:1: field id: is empty"),
        (({**CASE, "question": 3},), r"cases\.jsonl:1: field question: Expected `str`, got `int`"),
        (({**CASE, "question": "问" * 1001},), "field question: is longer than 1000 characters"),
        (({**CASE, "answerable": "yes"},), "field answerable: Expected `bool`, got `str`"),
        (({k: v for k, v in CASE.items() if k != "category"},), "field category: Object missing"),
        (({**CASE, "lang": "fr"},), "field lang: Invalid enum value 'fr'"),
        (({**CASE, "numbers": [{"value": "many", "unit": "%"}]},), r"field numbers\[0\]\.value: Invalid decimal"),
        (({**CASE, "numbers": [{"value": "NaN", "unit": "%"}]},), r"field numbers\[0\]\.value: is not a number"),
        (({**CASE, "numbers": [{"value": 3}]},), r"field numbers\[0\]\.unit: Object missing"),
        (({**CASE, "evidence": [{"doc": "f"}]},), r"field evidence\[0\]\.quote: Object missing"),
        (({**CASE, "evidence": [{"doc": "f", "quote": " "}]},), r"field evidence\[0\]\.quote: is empty"),
        (({**CASE, "as_of": "yesterday"},), "field as_of: Invalid"),
        (({**CASE, "tolerance": "some"},), "field tolerance: Invalid decimal"),
        (({**CASE, "tolerance": -1},), "field tolerance: must be 0 or more"),
        (({**CASE, "period": "last year"},), "field period: not a period: 'last year'"),
        (({**CASE, "reject": ["("]},), r"field reject\[0\]: not a regular expression"),
        (({**CASE, "all_of": [""]},), r"field all_of\[0\]: is empty"),
        (({**CASE, "history": ["问"] * 21},), "field history: holds more than 20 questions"),
        (({**CASE, "answers": []},), "field answers: an answerable question needs"),
        (({**CASE, "answerable": False},), "field answers: a question that must be refused"),
        (({**CASE, "anwsers": ["a"]},), "field anwsers: unknown; answers is meant"),
    ],
)
def test_a_malformed_set_is_refused(tmp_path: Path, records: tuple[object, ...], cause: str) -> None:
    with pytest.raises(CaseError, match=cause):
        read_cases(written(tmp_path, *records))


def test_a_set_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CaseError, match="No such file"):
        read_cases(tmp_path / "nothing.jsonl")
    (tmp_path / "binary.jsonl").write_bytes(b"\xff\xfe\xff")
    with pytest.raises(CaseError, match="not UTF-8"):
        read_cases(tmp_path / "binary.jsonl")


@pytest.mark.parametrize(
    ("question", "wants"),
    [
        ("2020年嘉定区固定资产投资增长多少?", "actual"),
        ("青浦区2021年地区生产总值增长的预期目标是多少?", "target"),
        ("2020年实际增长了多少?年初的预期目标是增长10%。", "actual"),
        ("闵行区2021年计划完成工业投资多少亿元?", "target"),
        ("What is the growth target for 2021?", "target"),
        ("How much did it actually grow?", "actual"),
    ],
)
def test_a_question_wants_a_result_or_a_target(question: str, wants: str) -> None:
    assert make_case(("1", "%"), question=question).wants == wants


@pytest.mark.parametrize(
    ("reports", "case"),
    [
        pytest.param(each.reports[0], case, id=case.id)
        for each in own_report_sets()
        if each.name in ("bundled", "gate")
        for path in each.questions
        for case in read_cases(path)
    ],
)
def test_the_evidence_of_our_own_sets_stands_in_the_reports(reports: Path, case: Case) -> None:
    """Each gold quotation is verbatim in its file, and answerable questions say what is right."""
    assert not case.answerable or case.numbers or case.all_of or case.answers
    assert not case.answerable or case.evidence
    for quote in case.evidence:
        assert quote.quote in (reports / quote.document).read_text(encoding="utf-8")


def test_the_shared_set_is_the_default_where_it_is(shared: Path, tmp_path: Path) -> None:
    assert default_set(tmp_path) == OWN_SET
    assert default_set(shared) == shared / "eval" / "questions.jsonl"
    assert len(read_cases(default_set(shared))) == 84


def test_where_no_set_is_here_one_must_be_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As in an installed package, which holds no question sets."""
    monkeypatch.setattr("eval.command.OWN_SET", tmp_path / "absent.jsonl")
    with pytest.raises(CaseError, match=r"wenju eval QUESTIONS\.jsonl"):
        default_set(tmp_path)
