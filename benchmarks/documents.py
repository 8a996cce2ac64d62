"""What is read of documents as they are found: ``python -m benchmarks.documents [kinds|doubtful|cases]``.

``kinds``: each shared and local report's kind, place and data year against the folder's own index file, and every miss.
``doubtful``: facts to look through, one a line: units in watts, years before 1949, results that lie ahead, shares over 100 %.
``cases``: each folder of ``cases`` read alone, and whether its figures are those that ``EXPECTED.md`` names.

All are looked for under ``$WENJU_SHARED``; nothing is indexed and nothing asked.
"""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from index.build import FIRST_YEAR, DocumentRead, read_corpus, read_documents
from index.errors import SourceError
from index.text.chunking import ChunkOptions
from index.text.counting import DEFAULT_VOCABULARY, TokenCounter
from index.text.sources import read_source
from index.types import Document, Fact, Kind, Measure, Status
from index.words.naming import normalised
from index.words.regions import Gazetteer

ROOT = Path(__file__).parents[1]
SHARED = Path(os.environ.get("WENJU_SHARED", ROOT.parent / "shared"))
KINDS = {
    "budget_plan": {Kind.BUDGET, Kind.PLAN, Kind.OUTLINE},
    "bulletin": {Kind.BULLETIN},
    "department_summary": {Kind.SUMMARY, Kind.QUARTER, Kind.OTHER},
    "english_translation": {Kind.ANNUAL},
    "work_report": {Kind.ANNUAL, Kind.HALF_YEAR, Kind.NEWS, Kind.SUMMARY},
}
"""The kinds of the local folder's index file as the product names them; a news story about a report may be called one."""


@dataclass(frozen=True, slots=True)
class Known:
    """What a folder's index file says of a file."""

    path: Path
    place: str
    years: tuple[int, ...]
    """The years that it may tell the results of: of a report only the year in its title is known, and some close that year."""
    kind: str


def known() -> Iterator[Known]:
    """Every report that an index file of the shared folder describes; years are those whose results are told."""
    reports, local = SHARED / "data" / "reports", SHARED / "data" / "local_reports"
    for line in _lines(reports / "index.jsonl"):
        yield Known(reports / line["file"], line["region"], (line["year"] - 1, line["year"]), "work_report")
    for line in _lines(local / "INDEX.jsonl"):
        yield Known(local / line["file"], line["place"].partition("（")[0], (line["data_year"],), line["kind"])


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    if path.is_file():
        yield from map(json.loads, path.read_text(encoding="utf-8").splitlines())


def read(path: Path) -> Iterator[DocumentRead]:
    """The documents of a file. Raises SourceError where it cannot be read."""
    source, _ = read_source(path.name, path)
    yield from read_documents(source, Gazetteer.load(), TokenCounter(DEFAULT_VOCABULARY), ChunkOptions())


def misses(document: Document, told: Known) -> list[str]:
    """Which of kind, place and data year are not what the index file says."""
    wrong = []
    if document.kind not in KINDS[told.kind]:
        wrong.append(f"kind {document.kind.value}, not {told.kind}")
    region = document.region or ""
    if not region or not (told.place.startswith(region) or told.place.endswith(region) or region.endswith(told.place)):
        wrong.append(f"place {region or 'none'}, not {told.place}")
    if not set(told.years) & set(document.data_years):
        wrong.append(f"data years {document.data_years}, not {told.years[0]}")
    return wrong


def kinds() -> None:
    """Print every miss, and the share of documents without one."""
    right = total = 0
    for told in known():
        total += 1
        try:
            first = next(iter(read(told.path)), None)
            wrong = misses(first.document, told) if first is not None else ["no document found"]
        except SourceError as error:
            wrong = [str(error)]
        right += not wrong
        if wrong:
            print(f"{told.path.name}: {'; '.join(wrong)}")
    print(f"{right} of {total} documents right in kind, place and data year ({right / max(total, 1):.1%})")


def doubts(fact: Fact, document: Document) -> list[str]:
    """Why a fact should be looked at by a person."""
    found = []
    if normalised(Decimal(1), fact.unit)[1] == "power" and fact.unit.endswith("瓦") and not fact.unit.endswith("千瓦"):
        found.append("unit in watts")
    if fact.period is not None and fact.period.first_year < FIRST_YEAR:
        found.append("a year before 1949")
    ends = [p.last for p in (document.review, document.plan) if p is not None]
    if fact.period is not None and ends and fact.period.last > max(ends) and fact.status is Status.ACTUAL:
        found.append("a result that lies ahead")
    if fact.measure is Measure.SHARE and fact.unit == "%" and fact.value > 100:
        found.append("a share over 100 %")
    if fact.unit == "%" and fact.value < -100:
        found.append("a fall by more than all")
    return found


def doubtful() -> None:
    """Print every fact of the shared and local reports that should be looked at."""
    count = facts = 0
    for told in known():
        try:
            held = list(read(told.path))
        except SourceError:
            continue
        for one in held:
            facts += len(one.facts)
            for fact in one.facts:
                for why in doubts(fact, one.document):
                    count += 1
                    print(
                        f"{why}\t{told.path.name}\t{fact.indicator}\t{fact.value}{fact.unit}\t{fact.period}\t{fact.clause}"
                    )
    print(f"{count} of {facts} facts to look at")


Want = tuple[str, str, str, str]
"""Indicator, value with unit, period, status."""
CITY: tuple[Want, ...] = (
    ("地区生产总值", "1286.4亿元", "2024", "actual"),
    ("一般公共预算收入", "98.7亿元", "2024", "actual"),
)
CASES: dict[str, tuple[Want, ...]] = {
    "15d_caption_heading": CITY[:1],
    "15e_caption_basis": CITY[:1],
    "16b_onerow": CITY[:1],
    "45e_ordinal": (("一般公共预算收入", "98.7亿元", "2024", "actual"), ("城镇新增就业", "2.35万人", "2024", "actual")),
    "42_negative": (("固定资产投资", "-2.1%", "2024", "actual"), ("一般公共预算收入", "-3.4%", "2024", "actual")),
    "60_local_documents": (
        ("地区生产总值", "2716.3亿元", "2023", "actual"),
        ("地区生产总值", "187.2亿元", "2022", "actual"),
        ("地区生产总值", "1930.48亿元", "2022", "actual"),
        ("税收收入", "52048万元", "2024", "actual"),
        ("政府性基金收入", "-28.6%", "2024", "actual"),
        ("省市重点项目投资", "31.6亿元", "2024", "actual"),
    ),
    "17_digitslost": (),
    "61_two_character_county": (),
}
"""What folders of cases hold, where it is not the two figures of the invented city."""
ELSEWHERE = {"15_twotables": "236.4亿元", "15d_caption_heading": "236.4亿元"}
"""Figures of a part of the city, which must not be read as the city's."""


def holds(facts: Sequence[Fact], want: Want) -> bool:
    """Whether a figure was read as it should be, in whatever unit of its kind."""
    name, amount, period, status = want
    digits = amount.rstrip("".join(c for c in amount if not (c.isdigit() or c in "-.")))
    wanted = normalised(Decimal(digits), amount[len(digits) :])
    return any(
        name in (f.canonical, f.indicator)
        and normalised(f.value, f.unit) == wanted
        and (str(f.period), f.status.value) == (period, status)
        for f in facts
    )


def cases() -> None:
    """Print each folder of cases with what is missing of it."""
    right = total = 0
    for folder in sorted(p for p in (SHARED / "cases").glob("*") if p.is_dir()):
        wants = CASES.get(folder.name, CITY)
        if not wants:
            continue
        total += 1
        sources = [read_source(p.name, p)[0] for p in sorted(folder.rglob("*")) if p.is_file()]
        corpus = read_corpus(sources, TokenCounter(DEFAULT_VOCABULARY), ChunkOptions())
        missing = [" ".join(want) for want in wants if not holds(corpus.facts, want)]
        own = [f for f in corpus.facts if f.region == "云澄市" and f.indicator == "地区生产总值"]
        if ELSEWHERE.get(folder.name) in {f"{f.value}{f.unit}" for f in own}:
            missing.append("a part's figure is told as the city's")
        right += not missing
        print(f"{folder.name}: {'as expected' if not missing else 'missing ' + '; '.join(missing)}")
    print(f"{right} of {total} folders as expected")


def main(arguments: Sequence[str] | None = None) -> None:
    """Print what was asked for."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.documents")
    parser.add_argument("what", choices=("kinds", "doubtful", "cases"))
    {"kinds": kinds, "doubtful": doubtful, "cases": cases}[parser.parse_args(arguments).what]()


if __name__ == "__main__":
    main()
