"""Conditions on what is known of a passage or report: Dify's metadata conditions and OpenAI's file filters, as predicates."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from index.types import Document, Period
from rag.errors import QuestionError
from rag.types import SearchHit

Metadata = Mapping[str, Any]
Predicate = Callable[[Metadata], bool]

NAMES = (
    "region", "parent", "period", "year", "kind", "review", "plan", "given", "title", "document", "document_id", "issuer",
    "heading",
)  # fmt: skip
"""What conditions may be on. ``year`` holds for every year of the passage's (or report's) period."""

MAX_DEPTH = 8

_ALIASES = {"place": "region", "file": "document", "filename": "document", "document_name": "document", "date": "given"}


def metadata_of(document: Document, hit: SearchHit | None = None) -> dict[str, Any]:
    """What is known of a report, or of one passage of it; nothing is null that has a value in the report."""
    period = Period.parse(hit.period) if hit is not None and hit.period else document.period
    return {
        "region": (hit.region if hit is not None else None) or document.region,
        "parent": document.parent,
        "period": None if period is None else str(period),
        "year": None if period is None else list(range(period.first_year, period.last_year + 1)),
        "kind": document.kind.value,
        "review": None if document.review is None else str(document.review),
        "plan": None if document.plan is None else str(document.plan),
        "given": None if document.given is None else document.given.isoformat(),
        "title": document.title,
        "document": document.source,
        "document_id": document.id,
        "issuer": document.issuer,
        "heading": " › ".join(hit.heading) if hit is not None else "",
    }


def dify(conditions: Sequence[tuple[Sequence[str], str, Any]], logical: str) -> Predicate:
    """Dify's conditions as (names, operator, value). Raises QuestionError naming an unknown name or operator."""
    tests = [_either([_dify_test(_name(n), operator, value) for n in names]) for names, operator, value in conditions]
    return _either(tests) if logical == "or" and tests else _all(tests)


def file_filter(given: Mapping[str, Any], depth: int = 0) -> Predicate:
    """A filter of OpenAI's file search. Raises QuestionError for one that is none."""
    kind = given.get("type")
    if depth > MAX_DEPTH:
        raise QuestionError("filters", "nested too deeply")
    if kind in ("and", "or"):
        inner = given.get("filters")
        if not isinstance(inner, list) or not inner or not all(isinstance(each, dict) for each in inner):
            raise QuestionError("filters", f"{kind!r} wants a list of filters")
        tests = [file_filter(each, depth + 1) for each in inner]
        return _either(tests) if kind == "or" else _all(tests)
    operator = _FILE_OPERATORS.get(str(kind))
    if operator is None:
        raise QuestionError("filters", f"unknown type {kind!r}; one of and, or, {', '.join(_FILE_OPERATORS)}")
    key = given.get("key")
    if not isinstance(key, str) or "value" not in given:
        raise QuestionError("filters", "a comparison wants key and value")
    return _dify_test(_name(key), operator, given["value"])


_FILE_OPERATORS = {"eq": "=", "ne": "≠", "gt": ">", "gte": "≥", "lt": "<", "lte": "≤", "in": "in", "nin": "not in"}


def _all(tests: Sequence[Predicate]) -> Predicate:
    return lambda known: all(test(known) for test in tests)


def _either(tests: Sequence[Predicate]) -> Predicate:
    return lambda known: any(test(known) for test in tests)


def _name(name: str) -> str:
    plain = _ALIASES.get(name.strip().lower(), name.strip().lower())
    if plain not in NAMES:
        raise QuestionError("metadata_condition", f"unknown name {name!r}; one of {', '.join(NAMES)}")
    return plain


def _dify_test(name: str, operator: str, value: Any) -> Predicate:
    if operator in ("empty", "null", "is empty"):
        return lambda known: known[name] in (None, "", [])
    if operator in ("not empty", "not null", "exists"):
        return lambda known: known[name] not in (None, "", [])
    test = _TESTS.get(operator)
    if test is None:
        raise QuestionError("metadata_condition", f"unknown comparison_operator {operator!r}")
    if value is None or isinstance(value, dict):
        raise QuestionError("metadata_condition", f"{operator!r} wants a value")
    given = value if isinstance(value, list) else [value]
    if operator in ("in", "not in") and not isinstance(value, list):
        given = [part.strip() for part in re.split(r"[,，]", str(value))]
    wanted = [_day(each) for each in given] if name in _DAYS else [_plain(each) for each in given]
    negative = operator in _NEGATIVE

    def holds(known: Metadata) -> bool:
        own = known[name]
        owned = [str(each) for each in own] if isinstance(own, list) else [] if own in (None, "") else [str(own)]
        found = any(test(o, w) for o in owned for w in wanted)
        # What has no value is not the value that is excluded.
        return not found if negative else found

    return holds


_DAYS = frozenset({"given"})
"""Names whose values are days."""
_EARLIEST_MOMENT = 10_000_000
"""Numbers from here on are moments: no year and no written day (20250101 among them is told apart by its length)."""
_MILLISECONDS = 100_000_000_000


def _plain(value: Any) -> str:
    """A value as text; 2020.0 is 2020."""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _day(value: Any) -> str:
    """A day of the ISO calendar, from seconds or milliseconds since 1970 or a moment in ISO form; other text as it is.

    Moments are read in UTC. Raises QuestionError for a number that no calendar holds.
    """
    text = _plain(value).strip()
    if text.isdecimal() and len(text) == 8 and 1900 <= int(text[:4]) <= 2199:
        return f"{text[:4]}-{text[4:6]}-{text[6:]}"
    try:
        number = float(text)
    except ValueError:
        # 2025-01-01T00:00:00Z and 2025-01-01 00:00; a year or a month alone stays what it is.
        head = text[:10].replace("/", "-")
        return head if len(text) > 10 and re.fullmatch(r"\d{4}-\d{2}-\d{2}", head) else text.replace("/", "-")
    if abs(number) < _EARLIEST_MOMENT:
        return text
    try:
        return (
            dt.datetime.fromtimestamp(number / (1000 if abs(number) >= _MILLISECONDS else 1), dt.UTC).date().isoformat()
        )
    except (OverflowError, ValueError, OSError) as error:
        raise QuestionError("metadata_condition", f"{value!r} is no moment of the calendar") from error


def _ordered(own: str, wanted: str) -> tuple[Any, Any]:
    """Two values in one order: numbers as numbers, all else (dates and periods among it) letter by letter."""
    try:
        return float(own), float(wanted)
    except ValueError:
        return own, wanted


def _below(own: str, wanted: str) -> bool:
    left, right = _ordered(own, wanted)
    return bool(left < right)


def _equal(own: str, wanted: str) -> bool:
    left, right = _ordered(own, wanted)
    return bool(left == right)


_TESTS: dict[str, Callable[[str, str], bool]] = {
    "contains": lambda own, wanted: wanted in own,
    "not contains": lambda own, wanted: wanted in own,
    "start with": str.startswith,
    "starts with": str.startswith,
    "end with": str.endswith,
    "ends with": str.endswith,
    "is": _equal,
    "is not": _equal,
    "in": _equal,
    "not in": _equal,
    "=": _equal,
    "==": _equal,
    "≠": _equal,
    "!=": _equal,
    ">": lambda own, wanted: _below(wanted, own),
    "<": _below,
    "≥": lambda own, wanted: not _below(own, wanted),
    ">=": lambda own, wanted: not _below(own, wanted),
    "≤": lambda own, wanted: not _below(wanted, own),
    "<=": lambda own, wanted: not _below(wanted, own),
    "before": _below,
    "after": lambda own, wanted: _below(wanted, own),
}
_NEGATIVE = frozenset({"not contains", "is not", "not in", "≠", "!="})
