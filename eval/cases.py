"""Question sets as frozen values: one JSON object per line, every record checked when read."""

from __future__ import annotations

import datetime as dt
import difflib
import json
import re
from dataclasses import dataclass, fields
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal

import msgspec

from index.errors import WenjuError
from index.text.folding import fold
from index.types import Period, Status

MAX_QUESTION = 1000
MAX_HISTORY = 20


class CaseError(WenjuError):
    """A question set is malformed; the message names file, line and field."""


@dataclass(frozen=True, slots=True)
class GoldNumber:
    """A number the answer must state, in its unit as written; a fall is negative."""

    value: Decimal
    unit: str


@dataclass(frozen=True, slots=True)
class GoldQuote:
    """A verbatim part of the file that answers, and the place that it speaks of."""

    document: str
    quote: str
    region: str | None = None


@dataclass(frozen=True, slots=True)
class Case:
    """One question with what a right answer states. ``tolerance`` is in the unit of the numbers.

    ``periods`` are what the figures are about and empty where the set does not say. ``drafted`` is true for a record
    that a machine proposed and no person has looked at.
    """

    id: str
    question: str
    category: str
    answerable: bool
    answers: tuple[str, ...]
    numbers: tuple[GoldNumber, ...]
    all_of: tuple[str, ...]
    reject: tuple[str, ...]
    evidence: tuple[GoldQuote, ...]
    history: tuple[str, ...]
    as_of: dt.date | None
    tolerance: Decimal
    language: str
    periods: tuple[Period, ...] = ()
    drafted: bool = False

    @property
    def regions(self) -> frozenset[str]:
        """The places whose figures answer; empty where the set does not say."""
        return frozenset(quote.region for quote in self.evidence if quote.region)

    @property
    def wants(self) -> Status:
        """Whether a result or a target is asked for, read from the question's own words.

        A question that says 实际 wants the result although it names the target too.
        """
        text = fold(self.question)
        if _ACTUAL.search(text) or not _TARGET.search(text):
            return Status.ACTUAL
        return Status.TARGET


_TARGET = re.compile(r"目标|计划|预期指标|预期增长|力争|要达到|要完成|\b(?:targets?|goals?|plan(?:s|ned)?|aims?)\b")
_ACTUAL = re.compile(r"实际|实绩|完成情况|\bactual(?:ly)?\b")


@dataclass(frozen=True, slots=True)
class _Number:
    value: Decimal
    unit: str


@dataclass(frozen=True, slots=True)
class _Evidence:
    doc: str
    quote: str
    region: str | None = None
    report: str | None = None


@dataclass(frozen=True, slots=True)
class _Record:
    """A line as the format has it. Fields of other names are another team's own and are left alone."""

    id: str
    question: str
    category: str
    answerable: bool
    lang: Literal["zh", "en", "zh-Hant"] = "zh"
    answers: tuple[str, ...] = ()
    numbers: tuple[_Number, ...] = ()
    all_of: tuple[str, ...] = ()
    reject: tuple[str, ...] = ()
    evidence: tuple[_Evidence, ...] = ()
    period: str = ""
    history: tuple[str, ...] = ()
    as_of: dt.date | None = None
    tolerance: Decimal = Decimal(0)
    note: str = ""
    drafted: bool = False


_FIELDS = tuple(field.name for field in fields(_Record))
_PLACE = re.compile(r"^(?P<what>.*?)(?: - at `\$\.?(?P<field>[^`]*)`)?$", re.DOTALL)


def read_cases(path: Path) -> tuple[Case, ...]:
    """Read a question set. Raises CaseError naming file, line and field of the first mistake."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise CaseError(f"{path}: {error.strerror or error}") from error
    except UnicodeDecodeError as error:
        raise CaseError(f"{path}: not UTF-8 ({error})") from error
    cases: list[Case] = []
    seen: dict[str, int] = {}
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            case = _case(line)
        except ValueError as error:
            raise CaseError(f"{path}:{number}: {error}") from error
        if case.id in seen:
            raise CaseError(f"{path}:{number}: field id: {case.id!r} stands in line {seen[case.id]} too")
        seen[case.id] = number
        cases.append(case)
    if not cases:
        raise CaseError(f"{path}: holds no question")
    return tuple(cases)


def read_periods(text: str) -> tuple[Period, ...]:
    """The periods of a record: ``2020``, ``2020H1``, ``2016-2020``, ``2019;2020``. Raises ValueError on anything else."""
    periods = []
    for part in (piece.strip() for piece in text.split(";")):
        if not part:
            continue
        span = re.fullmatch(r"((?:19|20)\d\d)-((?:19|20)\d\d)", part)
        plain = f"{span[1]}/{span[2]}" if span else re.sub(r"(?<=\d)(?=[HQ])", "-", part)
        periods.append(Period.parse(plain))
    return tuple(periods)


def _case(line: str) -> Case:
    """One line. Raises ValueError whose text names the field."""
    try:
        content: Any = json.loads(line)
    except json.JSONDecodeError as error:
        raise ValueError(f"not JSON: {error}") from error
    if not isinstance(content, dict):
        raise ValueError("not a JSON object")
    for name in content:
        meant = difflib.get_close_matches(name, _FIELDS, n=1, cutoff=0.8)
        if name not in _FIELDS and meant:
            raise ValueError(f"field {name}: unknown; {meant[0]} is meant?")
    # A list or date that is null is one that was left out.
    try:
        record = msgspec.convert({k: v for k, v in content.items() if v is not None}, _Record)
    except msgspec.ValidationError as error:
        place = _PLACE.fullmatch(str(error))
        assert place is not None
        missing = re.search(r"missing required field `(\w+)`", place["what"])
        name = ".".join(part for part in (place["field"], missing[1] if missing else "") if part)
        raise ValueError(f"field {name or '?'}: {place['what']}") from error
    _check(record)
    return Case(
        id=record.id,
        question=record.question,
        category=record.category,
        answerable=record.answerable,
        answers=record.answers,
        numbers=tuple(GoldNumber(n.value, n.unit) for n in record.numbers),
        all_of=record.all_of,
        reject=record.reject,
        evidence=tuple(GoldQuote(e.doc, e.quote, e.region) for e in record.evidence),
        history=record.history,
        as_of=record.as_of,
        tolerance=record.tolerance,
        language=record.lang,
        periods=read_periods(record.period),
        drafted=record.drafted,
    )


def _check(record: _Record) -> None:
    """What types alone do not say. Raises ValueError whose text names the field."""
    _check_texts(record)
    gold = {"answers": record.answers, "all_of": record.all_of, "numbers": record.numbers}
    if record.answerable and not any(gold.values()):
        raise ValueError("field answers: an answerable question needs answers, all_of or numbers")
    if not record.answerable and any(gold.values()):
        wrong = next(name for name, value in gold.items() if value)
        raise ValueError(f"field {wrong}: a question that must be refused has no right answer")
    for place, number in enumerate(record.numbers):
        if not number.value.is_finite():
            raise ValueError(f"field numbers[{place}].value: is not a number")
    if not record.tolerance.is_finite() or record.tolerance < 0:
        raise ValueError("field tolerance: must be 0 or more")
    for place, pattern in enumerate(record.reject):
        try:
            re.compile(pattern)
        except re.error as error:
            raise ValueError(f"field reject[{place}]: not a regular expression: {error}") from error
    try:
        read_periods(record.period)
    except ValueError as error:
        raise ValueError(f"field period: {error}") from error


def _check_texts(record: _Record) -> None:
    texts = {name: getattr(record, name) for name in ("id", "question", "category")}
    for name in ("answers", "all_of", "history"):
        texts |= {f"{name}[{place}]": text for place, text in enumerate(getattr(record, name))}
    for place, each in enumerate(record.evidence):
        texts |= {f"evidence[{place}].doc": each.doc, f"evidence[{place}].quote": each.quote}
    for name, text in texts.items():
        if not text.strip():
            raise ValueError(f"field {name}: is empty")
    if len(record.question) > MAX_QUESTION:
        raise ValueError(f"field question: is longer than {MAX_QUESTION} characters")
    if len(record.history) > MAX_HISTORY:
        raise ValueError(f"field history: holds more than {MAX_HISTORY} questions")
