"""How well figures are read: facts of the index against figures that people annotated in the same sentences.

Each annotated sentence names every figure in it with all its slots, and the numbers that are no figures. A fact is right
where value, unit, sort of measure, period, region, status and indicator are all right; what a person left open (a second
acceptable period, say) is accepted.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path

from index.text.folding import fold
from index.types import Document, Fact, Measure
from index.words.lexicon import load_units
from index.words.naming import canonical_of, normalised

SLOTS = ("value", "unit", "measure", "period", "region", "status", "indicator")

ALIKE = 0.6
"""Least share of common letter pairs (Dice) at which two wordings of an indicator count as one."""

_ACCEPT = re.compile(r"accept (?P<slot>period|region|status|measure)=(?P<value>[^;,\s]+)")
_MOVED = re.compile(r"减少|新增|净增|压减|增加")
_CHANGES = {"growth": "growth", "change": "change"}


@dataclass(frozen=True, slots=True)
class Figure:
    """One annotated figure. ``start`` counts characters of the source; the tuples hold every acceptable value."""

    text: str
    start: int
    indicators: tuple[str, ...]
    measures: tuple[str, ...]
    value: str
    unit: str
    periods: tuple[str, ...]
    regions: tuple[str, ...]
    statuses: tuple[str, ...]
    doubtful: bool


@dataclass(frozen=True, slots=True)
class Annotated:
    """One sentence of a source with all its figures."""

    document: str
    start: int
    quote: str
    figures: tuple[Figure, ...]

    @property
    def end(self) -> int:
        return self.start + len(self.quote)


@dataclass(frozen=True, slots=True)
class Reading:
    """A figure and the fact that was read from it, with the slots that are wrong; either may be missing."""

    figure: Figure | None
    fact: Fact | None
    wrong: tuple[str, ...]
    document: str

    @property
    def right(self) -> bool:
        return self.figure is not None and self.fact is not None and not self.wrong


def read_annotations(path: Path) -> list[Annotated]:
    """Sentences of an annotation file, one JSON object a line. Raises ValueError naming the line."""
    result = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        try:
            data = json.loads(line)
            figures = tuple(_figure(f) for f in data["figures"])
            result.append(Annotated(data["doc"], data["start"], data["quote"], figures))
        except (KeyError, TypeError, ValueError) as error:
            raise ValueError(f"{path.name}, line {number}: {error}") from error
    return result


def _figure(data: dict[str, object]) -> Figure:
    note = str(data.get("note", ""))
    more: dict[str, list[str]] = {}
    for match in _ACCEPT.finditer(note):
        more.setdefault(match["slot"], []).append(match["value"])
    also = data.get("also", [])
    status = str(data["status"])
    return Figure(
        str(data["text"]),
        int(str(data["offset"])),
        (str(data["indicator"]), *(map(str, also) if isinstance(also, list) else ())),
        (str(data["measure"]), *more.get("measure", ())),
        str(data["value"]),
        str(data["unit"]),
        (str(data["period"]), *more.get("period", ())),
        (str(data["region"]), *more.get("region", ())),
        tuple("target" if s == "plan-period" else s for s in (status, *more.get("status", ()))),
        note.startswith("doubtful"),
    )


def compare(documents: Iterable[Document], read: Iterable[Fact], sentences: Iterable[Annotated]) -> list[Reading]:
    """Every annotated figure with its fact, and every fact of these sentences that is no annotated figure."""
    facts: dict[str, list[Fact]] = {}
    sources = {d.id: d.source for d in documents}
    for fact in read:
        facts.setdefault(sources[fact.document_id], []).append(fact)
    result: list[Reading] = []
    for sentence in sentences:
        held = [f for f in facts.get(sentence.document, ()) if sentence.start <= f.figure.start < sentence.end]
        taken: set[int] = set()
        for figure in sentence.figures:
            end = figure.start + len(figure.text)
            at = [n for n, f in enumerate(held) if f.figure.start < end and figure.start < f.figure.end]
            taken.update(at)
            if figure.doubtful:
                continue
            tried = [Reading(figure, held[n], wrong_slots(figure, held[n]), sentence.document) for n in at]
            best = min(tried, key=lambda r: len(r.wrong), default=Reading(figure, None, (), sentence.document))
            result.append(best)
        result.extend(Reading(None, f, (), sentence.document) for n, f in enumerate(held) if n not in taken)
    return result


def wrong_slots(figure: Figure, fact: Fact) -> tuple[str, ...]:
    """The slots of a fact that are not what was annotated."""
    period = str(fact.period) if fact.period else ""
    right = {
        "value": _same_value(figure, fact),
        "unit": _same_unit(figure.unit, fact.unit),
        "measure": any(_measure(m) in ("", _measure(fact.measure.value)) for m in figure.measures)
        or _moved(figure, fact),
        "period": not figure.periods[0] or period in figure.periods,
        "region": fact.region in figure.regions
        # 南疆高校在校生 is not told as the region's own: the owner stands in the name.
        or any(_letters(r) and _letters(r) in _letters(fact.indicator) for r in figure.regions)
        or any(r and fact.region and r.endswith(fact.region) for r in figure.regions),
        "status": fact.status.value in figure.statuses,
        "indicator": any(same_indicator(name, fact) for name in figure.indicators),
    }
    return tuple(slot for slot in SLOTS if not right[slot])


def _measure(name: str) -> str:
    """Levels, counts, shares and ranks answer "how much"; growth and change "how much more". A range may be either."""
    return "" if name in ("range", "other") else _CHANGES.get(name, "level")


def _moved(figure: Figure, fact: Fact) -> bool:
    """A change that the fact's own name tells: 减少农村贫困人口 1000万人 is the change of 农村贫困人口 by −1000万人."""
    return figure.measures[0] == "change" and _MOVED.search(fact.indicator) is not None


def _same_value(figure: Figure, fact: Fact) -> bool:
    words = figure.value.split("~")[-1]
    try:
        value = Decimal(words)
    except InvalidOperation:
        return False
    if _moved(figure, fact) or (
        fact.measure in (Measure.GROWTH, Measure.CHANGE) and figure.measures[0] not in _CHANGES
    ):
        return abs(value) == abs(fact.value)
    if not figure.unit and fact.unit == "%":
        return round(value * 100, 1) == round(fact.value, 1)
    one, other = normalised(value, figure.unit)[0], normalised(fact.value, fact.unit)[0]
    return one == other or (figure.measures[0] not in _CHANGES and abs(one) == abs(other)) or value == fact.value


def _same_unit(one: str, other: str) -> bool:
    if not one or one in load_units().multipliers:
        # 5亿（人口）
        return other.startswith(one)
    return fold(one) == fold(other) or normalised(Decimal(1), one)[1] == normalised(Decimal(1), other)[1]


def same_indicator(name: str, fact: Fact) -> bool:
    """Whether an annotated name and a fact's indicator are one thing: one canonical name, or nearly the same letters."""
    known = canonical_of(name)
    if known is not None and fact.canonical is not None:
        return known == fact.canonical
    one, other = _letters(name), _letters(fact.indicator)
    if fact.region and one.endswith(other) and _letters(fact.region).endswith(one.removesuffix(other)):
        # 工业园区总产值 and the 总产值 of 昆冈工业园区
        return True
    if not one or not other:
        return False
    if one in other or other in one:
        if min(len(one), len(other)) >= 0.5 * max(len(one), len(other)):
            return True
        # 迅速构建起覆盖全区小区 counts 小区: verbs before a name that no vocabulary holds narrow nothing.
        return known is None and fact.canonical is None and other.endswith(one)
    pairs, others = _pairs(one), _pairs(other)
    return 2 * len(pairs & others) >= ALIKE * (len(pairs) + len(others))


def _letters(words: str) -> str:
    return re.sub(r"[^\u4e00-\u9fffa-z0-9]|的|数$|数量$", "", fold(words))


def _pairs(words: str) -> set[str]:
    return {words[n : n + 2] for n in range(len(words) - 1)} or {words}


@dataclass(frozen=True, slots=True)
class Scores:
    """``precision`` is the share of read facts that are right, ``recall`` that of annotated figures that were read right."""

    figures: int
    facts: int
    right: int
    wrong_by_slot: dict[str, int]

    @property
    def precision(self) -> float:
        return self.right / self.facts if self.facts else 0.0

    @property
    def recall(self) -> float:
        return self.right / self.figures if self.figures else 0.0


def score(readings: Sequence[Reading]) -> Scores:
    """Precision and recall with all slots right, and how often each slot is wrong where a fact was read."""
    return Scores(
        figures=sum(r.figure is not None for r in readings),
        facts=sum(r.fact is not None for r in readings),
        right=sum(r.right for r in readings),
        wrong_by_slot={slot: sum(slot in r.wrong for r in readings) for slot in SLOTS},
    )
