"""How people ask for what reports state: pairs of our authors' own words, for training.

``data/spoken.jsonl`` holds one thing a line: its term (``name``), how a clause states it with ``_`` for a figure (``written``), how
people ask for it in Chinese (``asked``) and English (``english``). The authors wrote from their knowledge of the world; they saw no
report, no question set and nothing of this repository. Neighbours (exports, imports, trade) stand as lines of their own, near each
other, and are each other's wrong answers.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

SPOKEN = Path(__file__).parents[1] / "data" / "spoken.jsonl"
#: One line in so many is held out of training, to choose settings by.
DEV_PARTS = 10
#: Pairs drawn of each line.
DRAWN = 40
_FORMS = ("{}", "{}", "{}", "{}是多少", "{}多少", "{}增长了多少", "{}有多少", "{}情况", "{}怎么样")
_UNITS = ("亿元", "万人", "万吨", "个", "%", "公里", "家", "万户", "亩")


@dataclass(frozen=True, slots=True)
class Spoken:
    """A thing that reports state: its term, clauses that state it, and wordings that ask for it."""

    name: str
    written: tuple[str, ...]
    asked: tuple[str, ...]
    english: tuple[str, ...]


@cache
def things() -> tuple[Spoken, ...]:
    """All lines, in the order of the file."""
    rows = map(json.loads, SPOKEN.read_text(encoding="utf-8").splitlines())
    return tuple(Spoken(row["name"], *(tuple(row[key]) for key in ("written", "asked", "english"))) for row in rows)


def numbered(*, held: bool) -> list[tuple[int, Spoken]]:
    """The lines that training sees, or those held out of it, with their numbers in the file."""
    return [(number, one) for number, one in enumerate(things()) if (number % DEV_PARTS == DEV_PARTS - 1) == held]


def filled(clause: str, rng: random.Random) -> str:
    """A clause with figures in the place of ``_``, or, in a quarter of the cases, without any."""
    if rng.random() < 0.25:
        return clause.replace("_", "")
    return clause.replace("_", "{}").format(
        *(f"{rng.uniform(0, 2000):.{rng.randrange(3)}f}" for _ in range(clause.count("_")))
    )


def said(one: Spoken, rng: random.Random) -> str:
    """As a report states it: the term, a clause, or the term with a figure."""
    kind = rng.random()
    if kind < 0.45 or not one.written:
        return one.name
    if kind < 0.85:
        return filled(rng.choice(one.written), rng)
    return f"{one.name}{rng.choice(('', '达到', '为', '完成'))}{rng.uniform(0, 2000):.{rng.randrange(3)}f}{rng.choice(_UNITS)}"


def wording(one: Spoken, rng: random.Random) -> str:
    """As somebody asks for it: mostly in everyday words, sometimes in English or by the term itself."""
    kind = rng.random()
    if kind < 0.7:
        return rng.choice(one.asked)
    if kind < 0.88 and one.english:
        return rng.choice(one.english)
    return rng.choice(_FORMS).format(one.name)


def pairs(rng: random.Random, add: Callable[[str, str, int], None], unseen: Callable[[str], bool]) -> None:
    """Give ``add`` a wording, a statement and the number of the line, :data:`DRAWN` times a line that training sees.

    Lines with a form that is ``unseen`` are left out: the paraphrase sets ask for some things that training knows nothing of.
    """
    kept = [(n, one) for n, one in numbered(held=False) if not any(map(unseen, (one.name, *one.written)))]
    for _ in range(DRAWN):
        for number, one in kept:
            add(wording(one, rng), said(one, rng), number)
