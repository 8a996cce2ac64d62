"""Question sets as frozen values: one JSON object per line, checked when read."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from index.errors import WenjuError


class CaseError(WenjuError):
    """A question set is malformed; the message names file, line and field."""


@dataclass(frozen=True, slots=True)
class GoldNumber:
    """A number the answer must state, in its unit as written; a fall is negative."""

    value: Decimal
    unit: str


@dataclass(frozen=True, slots=True)
class GoldQuote:
    document: str
    quote: str


@dataclass(frozen=True, slots=True)
class Case:
    """One question with what a right answer states. ``tolerance`` is in the unit of the numbers."""

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


def read_cases(path: Path) -> tuple[Case, ...]:
    """Read a question set. Raises CaseError naming line and field of the first mistake."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise CaseError(f"{path}: {error.strerror or error}") from error
    except UnicodeDecodeError as error:
        raise CaseError(f"{path}: not UTF-8 ({error})") from error
    cases: list[Case] = []
    seen: set[str] = set()
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            record = json.loads(line)
        except json.JSONDecodeError as error:
            raise CaseError(f"{path}:{number}: not JSON: {error}") from error
        try:
            case = _case(record)
        except (KeyError, TypeError, ValueError, AttributeError, InvalidOperation) as error:
            raise CaseError(f"{path}:{number}: field {error}") from error
        if case.id in seen:
            raise CaseError(f"{path}:{number}: id {case.id!r} stands twice")
        seen.add(case.id)
        cases.append(case)
    if not cases:
        raise CaseError(f"{path}: holds no question")
    return tuple(cases)


def _case(record: Mapping[str, Any]) -> Case:
    for name in ("id", "question", "category"):
        if not isinstance(record[name], str) or not record[name].strip():
            raise ValueError(f"{name} must be a text that is not empty")
    if not isinstance(record["answerable"], bool):
        raise ValueError("answerable must be true or false")
    return Case(
        id=record["id"],
        question=record["question"],
        category=record["category"],
        answerable=record["answerable"],
        answers=tuple(record.get("answers") or ()),
        numbers=tuple(GoldNumber(Decimal(str(n["value"])), n["unit"]) for n in record.get("numbers") or ()),
        all_of=tuple(record.get("all_of") or ()),
        reject=tuple(record.get("reject") or ()),
        evidence=tuple(GoldQuote(e["doc"], e["quote"]) for e in record.get("evidence") or ()),
        history=tuple(record.get("history") or ()),
        as_of=dt.date.fromisoformat(record["as_of"]) if record.get("as_of") else None,
        tolerance=Decimal(str(record.get("tolerance") or 0)),
        language=record.get("lang", "zh"),
    )
