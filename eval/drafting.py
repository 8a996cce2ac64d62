"""``wenju eval draft``: question–answer–quote records proposed from the figures that the reports themselves state.

A draft is a suggestion: its gold answer is what our own reader took from the sentence. A person has to look at the
quote and decide. Each record is marked ``drafted``, which the person removes.
"""

from __future__ import annotations

import json
import re
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import zip_longest
from pathlib import Path
from typing import Any

from tqdm import tqdm

from eval.cases import Case, read_cases
from eval.harness import run_cases
from eval.services import InProcess
from index.errors import WenjuError
from index.ingest import ingest
from index.store.embedding import load_embedder
from index.store.snapshot import IndexSnapshot
from index.types import Fact, Measure, Period, Status
from index.words.lexicon import load_indicators
from rag.opening import open_pipeline
from settings import Settings

OVERSAMPLE = 3
"""Candidates tried for each record wanted: some are not answered as drafted and are left out."""

_PLAIN_MEASURES = (Measure.LEVEL, Measure.GROWTH)


class DraftError(WenjuError):
    """Nothing can be drafted from these reports."""


@dataclass(frozen=True, slots=True)
class Slot:
    """What a question asks for: one indicator's level or growth in one place and period, done or planned."""

    region: str
    period: Period
    indicator: str
    measure: Measure
    planned: bool


def draft_command(settings: Settings, reports: Sequence[Path], out: Path | None, most: int, *, keep_all: bool) -> int:
    """Draft records for reports, run each back, and write those that are answered as drafted.

    With ``keep_all`` the others are written too, with what went wrong in their note: a person may find the answer at
    fault, or the draft.
    """
    records, tried = draft(settings, reports, most, keep_all=keep_all)
    text = "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records)
    if out is None:
        sys.stdout.write(text)
    else:
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_text(text, encoding="utf-8")
    sys.stderr.write(f'{len(records)} records drafted, {tried} questions tried; look at each and remove "drafted"\n')
    return 0


def draft(
    settings: Settings, reports: Sequence[Path], most: int, *, keep_all: bool
) -> tuple[list[dict[str, Any]], int]:
    """(records, number of questions tried). Raises DraftError where the reports state no figure that can be asked for."""
    with tempfile.TemporaryDirectory(prefix="wenju-draft-") as folder:
        index = Path(folder) / "index"
        embedder = load_embedder(settings.embedding)
        ingest(list(reports), index, embedder, settings.token_vocabulary, settings.chunking)
        pipeline = open_pipeline(index, settings.embedding)
        try:
            candidates = propose(pipeline.snapshot)[: most * OVERSAMPLE]
            if not candidates:
                raise DraftError("the reports state no figure with a place and a period")
            # Through a file, so that a draft is read and checked exactly as a finished set is.
            path = Path(folder) / "drafts.jsonl"
            path.write_text("\n".join(json.dumps(c, ensure_ascii=False) for c in candidates), encoding="utf-8")
            cases: tuple[Case, ...] = read_cases(path)
            with tqdm(total=len(cases), unit="question", disable=None, file=sys.stderr) as bar:
                results = run_cases(InProcess(pipeline), cases, on_case=lambda: (bar.update(), None)[1])
        finally:
            pipeline.close()
    records = []
    for candidate, result in zip(candidates, results, strict=True):
        sound = result.right and not result.faults and (result.gold_cited or not result.answerable)
        if sound:
            records.append(candidate)
        elif keep_all:
            why = result.why or ", ".join(result.faults) or "other evidence cited"
            records.append({**candidate, "note": f"answered otherwise: {why}: {result.answer}"})
    return records[:most], len(candidates)


def propose(snapshot: IndexSnapshot) -> list[dict[str, Any]]:
    """All records that the facts of a snapshot suggest, kinds and places mixed so that any first part is varied."""
    slots = _slots(snapshot.facts)
    by_kind: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for slot, fact in slots.items():
        record = _answerable(snapshot, slot, fact)
        by_kind.setdefault((record["category"], slot.region), []).append(record)
    for record in (*_planned_only(snapshot, slots), *_other_years(snapshot, slots)):
        by_kind.setdefault((record["category"], record["question"][:3]), []).append(record)
    mixed = [r for row in zip_longest(*(by_kind[key] for key in sorted(by_kind))) for r in row if r is not None]
    counts: dict[str, int] = {}
    for record in mixed:
        counts[record["category"]] = counts.get(record["category"], 0) + 1
        record["id"] = f"d-{record['category']}-{counts[record['category']]:03}"
    return mixed


def _slots(facts: Iterable[Fact]) -> dict[Slot, Fact]:
    """The facts that are the only ones of their slot, known indicators first: two figures make an ambiguous question."""
    held: dict[Slot, list[Fact]] = {}
    for fact in facts:
        if fact.region is None or fact.period is None or fact.measure not in _PLAIN_MEASURES:
            continue
        if not spoken(fact.period) or len(fact.indicator) < 3 or not _sensible(fact):
            continue
        name = fact.canonical or fact.indicator
        slot = Slot(fact.region, fact.period, name, fact.measure, fact.status is Status.TARGET)
        held.setdefault(slot, []).append(fact)
    single = {slot: facts[0] for slot, facts in held.items() if len({(f.value, f.unit) for f in facts}) == 1}
    return dict(sorted(single.items(), key=lambda item: (item[1].canonical is None, item[1].sentence, item[1].figure)))


def _sensible(fact: Fact) -> bool:
    """Whether the figure can be one of its indicator: a rate is no level of money, and growth since 2006 is not the year's."""
    known = load_indicators().get(fact.canonical or "")
    misread = fact.measure is Measure.LEVEL and fact.unit == "%" and known is not None and "%" not in known.units
    return bool(fact.unit) and not misread and re.search(r"\d", fact.base) is None


def spoken(period: Period) -> str:
    """A period as a question says it; "" for spans, which are asked for in too many ways."""
    year, month = divmod(period.first, 12)
    if period.is_year:
        return f"{year}年"
    if period.length == 6:
        return f"{year}年{'上半年' if month == 0 else '下半年'}" if month in (0, 6) else ""
    if period.length == 3 and month % 3 == 0:
        return f"{year}年{'一二三四'[month // 3]}季度"
    return ""


def _question(slot: Slot, fact: Fact) -> str:
    """In the words of the report; the unit, as in 多少亿元, tells a level from a rate."""
    start = f"{spoken(slot.period)}{slot.region}{fact.indicator}"
    if slot.planned:
        return f"{start}的增长目标是多少?" if slot.measure is Measure.GROWTH else f"{start}的目标是多少{fact.unit}?"
    return f"{start}同比增长多少?" if slot.measure is Measure.GROWTH else f"{start}是多少{fact.unit}?"


def _answerable(snapshot: IndexSnapshot, slot: Slot, fact: Fact) -> dict[str, Any]:
    document = snapshot.document(fact.document_id)
    assert document is not None
    if slot.planned:
        category = "target_vs_actual"
    elif not slot.period.is_year:
        category = "half_year"
    else:
        category = "growth" if slot.measure is Measure.GROWTH else "value"
    quote = fact.span.of(snapshot.source_of(document).text)
    evidence = {"doc": document.source, "region": slot.region, "report": document.title, "quote": quote}
    return _record(
        _question(slot, fact), category, slot.period,
        answers=[fact.written], numbers=[{"value": _number(fact.value), "unit": fact.unit}], evidence=[evidence],
    )  # fmt: skip


def _planned_only(snapshot: IndexSnapshot, slots: dict[Slot, Fact]) -> Iterator[dict[str, Any]]:
    """The result is asked for where only the target stands in the reports: to be refused."""
    done = {(f.region, f.period, f.canonical or f.indicator) for f in snapshot.facts if f.status is not Status.TARGET}
    for slot, fact in slots.items():
        if slot.planned and fact.canonical and (slot.region, slot.period, slot.indicator) not in done:
            ends = "实际增长了多少?" if slot.measure is Measure.GROWTH else f"实际完成多少{fact.unit}?"
            question = f"{spoken(slot.period)}{slot.region}{fact.indicator}{ends}"
            yield _record(question, "unanswerable", slot.period, note=f"only a target is stated: {fact.written}")


def _other_years(snapshot: IndexSnapshot, slots: dict[Slot, Fact]) -> Iterator[dict[str, Any]]:
    """A stated figure is asked for in the year before the first that any report tells of: to be refused."""
    years = [f.period.first_year for f in snapshot.facts if f.period is not None]
    if not years:
        return
    absent = Period.year(min(years) - 1)
    for slot, fact in slots.items():
        if fact.canonical and not slot.planned and slot.period.is_year:
            yield _record(
                _question(Slot(slot.region, absent, slot.indicator, slot.measure, planned=False), fact), "unanswerable",
                absent, note=f"no report tells of {absent}",
            )  # fmt: skip


def _record(
    question: str, category: str, period: Period, *, answers: Sequence[str] = (),
    numbers: Sequence[dict[str, Any]] = (), evidence: Sequence[dict[str, str]] = (), note: str = "",
) -> dict[str, Any]:  # fmt: skip
    return {
        "id": "", "question": question, "lang": "zh", "category": category, "answerable": bool(numbers),
        "answers": list(answers), "numbers": list(numbers), "evidence": list(evidence), "period": str(period), "note": note,
        "drafted": True,
    }  # fmt: skip


def _number(value: Decimal) -> int | float:
    return int(value) if value == value.to_integral_value() else float(value)
