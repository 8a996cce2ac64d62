"""Question sets: read into frozen values, and the first mistake named by file, line and field."""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal
from pathlib import Path

import pytest

from eval.cases import Case, CaseError, GoldNumber, GoldQuote, read_cases
from eval.command import OWN_SET, default_set
from tests.conftest import REPORTS

CASE = {"id": "a", "question": "问", "category": "value", "answerable": True}


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
        "note": "not read",
    }
    one, two = read_cases(written(tmp_path, full, "", {**CASE, "id": "b"}))
    assert one.numbers == (GoldNumber(Decimal("-3.9"), "%"), GoldNumber(Decimal("18.30"), "%"))
    assert (one.answers, one.all_of, one.reject) == (("下降3.9%",), ("青浦|普陀",), ("普陀.*高于",))
    assert one.evidence == (GoldQuote("f.txt", "下降3.9%"),)
    assert (one.history, one.as_of) == (("前一问",), dt.date(2021, 5, 1))
    assert (one.tolerance, one.language) == (Decimal("0.1"), "en")
    assert (two.numbers, two.history, two.as_of, two.tolerance, two.language) == ((), (), None, Decimal(0), "zh")


@pytest.mark.parametrize(
    ("records", "cause"),
    [
        (("{",), r"cases\.jsonl:1: not JSON"),
        ((CASE, "nonsense"), r"cases\.jsonl:2: not JSON"),
        ((CASE, CASE), r"cases\.jsonl:2: id 'a' stands twice"),
        ((), "holds no question"),
        (("", " "), "holds no question"),
        (("[]",), r"cases\.jsonl:1: field"),
        (("3",), r"cases\.jsonl:1: field"),
        (({**CASE, "id": ""},), r"cases\.jsonl:1: field id"),
        (({**CASE, "question": 3},), "question must be a text"),
        (({**CASE, "answerable": "yes"},), "answerable must be true or false"),
        (({k: v for k, v in CASE.items() if k != "category"},), "field 'category'"),
        (({**CASE, "numbers": [{"value": "many", "unit": "%"}]},), r"cases\.jsonl:1: field"),
        (({**CASE, "numbers": [{"value": 3}]},), "field 'unit'"),
        (({**CASE, "evidence": [{"doc": "f"}]},), "field 'quote'"),
        (({**CASE, "as_of": "yesterday"},), r"cases\.jsonl:1: field"),
        (({**CASE, "tolerance": "some"},), r"cases\.jsonl:1: field"),
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


@pytest.mark.parametrize("case", read_cases(OWN_SET), ids=lambda case: case.id)
def test_the_evidence_of_our_own_set_stands_in_the_reports(case: Case) -> None:
    """Each gold quotation is verbatim in its file, and answerable questions say what is right."""
    assert not case.answerable or case.numbers or case.all_of or case.answers
    assert not case.answerable or case.evidence
    for quote in case.evidence:
        assert quote.quote in (REPORTS / quote.document).read_text(encoding="utf-8")


def test_the_shared_set_is_the_default_where_it_is(shared: Path, tmp_path: Path) -> None:
    assert default_set(tmp_path) == OWN_SET
    assert default_set(shared) == shared / "eval" / "questions.jsonl"
    assert len(read_cases(default_set(shared))) == 84
