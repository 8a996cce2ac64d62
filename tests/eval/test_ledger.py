"""The ledger: what was not switched off yet is told as such, and is not taken for idle."""

from __future__ import annotations

from pathlib import Path

import pytest

from eval.ledger import Ledger, LedgerError, Row, Tally, load, save
from eval.reporting.ledger import is_idle, table

TRIED = Row("figures.test.rise", "rule", {"shared": 12}, 3, sets={"rounds": Tally(3, 2, 1)}, tried="abc")
USELESS = Row("figures.test.twice", "rule", {"shared": 12}, 3, sets={"rounds": Tally(3, 1, 1)}, tried="abc")
UNTRIED = Row("words.test.year", "rule", {"shared": 99}, 40)
NOWHERE = Row("words.test.never", "rule")


def test_a_ledger_is_read_back_as_it_was_saved(tmp_path: Path) -> None:
    kept = Ledger("abc", (TRIED, UNTRIED))
    save(kept, tmp_path / "ledger.jsonl")
    assert load(tmp_path / "ledger.jsonl") == kept


def test_what_was_not_switched_off_is_not_idle() -> None:
    """Only what takes part nowhere is, or what was tried and wins nothing."""
    assert [is_idle(row) for row in (TRIED, USELESS, UNTRIED, NOWHERE)] == [False, True, False, True]


def test_the_table_says_what_was_not_tried() -> None:
    head, tried, untried = table([TRIED, UNTRIED]).splitlines()
    assert head.split()[:3] == ["name", "kind", "matches"]
    assert tried.split()[-3:] == ["rounds", "+2", "-1"]
    assert untried.split()[-2:] == ["?", "?"]


def test_what_is_no_ledger_is_named(tmp_path: Path) -> None:
    with pytest.raises(LedgerError, match="--count"):
        load(tmp_path / "absent.jsonl")
    (tmp_path / "bad.jsonl").write_text("{}\n", encoding="utf-8")
    with pytest.raises(LedgerError, match="not a ledger"):
        load(tmp_path / "bad.jsonl")
