"""The pairs of our authors' own words, and a model that goes on from another."""

from __future__ import annotations

import json
import random
from collections import Counter

import numpy as np
import pytest

from index.training.table import Recipe, TokenTable
from index.training.texts import domain, overlap, spoken


def test_every_line_has_all_its_fields_and_a_wording_stands_under_one_name() -> None:
    things = spoken.things()
    assert len(things) > 1500
    assert all(one.name and one.written and one.asked and one.english for one in things)
    assert max(Counter(wording for one in things for wording in (*one.asked, *one.english)).values()) == 1
    assert max(Counter(one.name for one in things).values()) == 1


def test_lines_are_held_out_and_what_only_the_test_half_asks_for_is_left_out() -> None:
    group = domain.asked(random.Random(1))
    seen = set(group.asked)
    assert not seen & {number for number, _ in spoken.numbered(held=True)}
    unseen = {n for n, one in enumerate(spoken.things()) if any(map(domain.is_unseen, (one.name, *one.written)))}
    assert unseen
    assert not seen & unseen
    assert len(group.left) == len(group.right) == spoken.DRAWN * len(seen)


def test_no_wording_is_a_question_of_the_paraphrase_sets() -> None:
    asked = {
        overlap.even_plain(json.loads(line)["question"])
        for path in (domain.PARAPHRASES, *overlap.OTHERS)
        for line in path.read_text(encoding="utf-8").splitlines()
        if json.loads(line).get("split") != "train"
    }
    told = {
        overlap.even_plain(w) for one in spoken.things() for w in (one.name, *one.written, *one.asked, *one.english)
    }
    assert not asked & told


def test_a_clause_is_filled_with_figures() -> None:
    rng = random.Random(3)
    filled = [spoken.filled("森林覆盖率达到_%，提高_个百分点", rng) for _ in range(20)]
    assert all("_" not in clause for clause in filled)
    assert any(any(c.isdigit() for c in clause) for clause in filled)
    assert any(not any(c.isdigit() for c in clause) for clause in filled)


def test_a_model_goes_on_from_another() -> None:
    table = TokenTable(["[UNK]", "粮", "食"], np.array([0, 5, 7]), Recipe(dimension=4))
    start = np.arange(12, dtype=np.float32).reshape(3, 4)
    table.go_on_from(start)
    np.testing.assert_allclose(table.matrix()[1:], start[1:])
    with pytest.raises(ValueError, match="to go on from"):
        table.go_on_from(start[:2])
