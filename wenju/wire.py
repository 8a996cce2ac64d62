"""What the clients send and how they read what comes back: everything but the sending itself."""

from __future__ import annotations

import datetime as dt
import json
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypedDict
from urllib.parse import quote

import httpx

from wenju import __version__
from wenju.answers import Answer, Coverage, Facts, Report, SearchResult, Understood, decoded
from wenju.errors import (
    ForbiddenError,
    NotFoundError,
    QuestionError,
    RateLimitError,
    ServiceError,
    UnauthorizedError,
    UnavailableError,
    UnreachableError,
)

Language = Literal["auto", "zh", "zh-Hant", "en"]
Status = Literal["actual", "estimate", "target"]
Kind = Literal[
    "annual", "half_year", "quarter", "bulletin", "budget", "plan", "summary", "outline", "news", "other",
]  # fmt: skip
Event = Understood | str | Answer
"""What a stream gives: the question as understood, pieces of the text, the whole answer."""

TRY_AGAIN = frozenset({429, 502, 503, 504})
"""Statuses that say nothing of the request: it may be answered a moment later. Every request here reads, or may be sent twice."""
FIRST_WAIT, LONGEST_WAIT = 0.5, 8.0
"""Seconds before the second try, doubled with each, where the service does not say."""
DEFAULT_URL = "http://127.0.0.1:8000"


class Filters(TypedDict, total=False):
    """What an answer is restricted to: places by full name, years, and reports by id or file name."""

    regions: Sequence[str]
    years: Sequence[int]
    documents: Sequence[str]


@dataclass(frozen=True, slots=True)
class Call:
    """One request."""

    method: str
    path: str
    body: Mapping[str, Any] | None = None
    query: Mapping[str, Any] | None = None


def iso(day: dt.date | str | None) -> str | None:
    """A day as the service reads it. Raises QuestionError for what is none."""
    if day is None or isinstance(day, dt.date):
        return day.isoformat()[:10] if day is not None else None
    try:
        return dt.date.fromisoformat(day).isoformat()
    except ValueError as error:
        raise QuestionError("as_of", f"not an ISO date: {day!r}") from error


def given(filters: Filters | None) -> dict[str, Any]:
    """The filters as JSON."""
    return {name: list(values) for name, values in (filters or {}).items()}  # type: ignore[call-overload]


def ask_call(
    question: str,
    history: Sequence[str],
    as_of: dt.date | str | None,
    filters: Filters | None,
    language: Language,
    generator: str,
    top_k: int,
    *,
    explain: bool = False,
    stream: bool = False,
) -> Call:
    """``POST /v1/ask``."""
    body = {
        "question": question, "history": list(history), "as_of": iso(as_of), "filters": given(filters),
        "language": language, "generator": generator, "top_k": top_k, "explain": explain, "stream": stream,
    }  # fmt: skip
    return Call("POST", "/v1/ask", body)


def search_call(query: str, top_k: int, filters: Filters | None, as_of: dt.date | str | None) -> Call:
    """``POST /v1/search``."""
    body = {"query": query, "top_k": top_k, "filters": given(filters), "as_of": iso(as_of)}
    return Call("POST", "/v1/search", body)


def facts_call(given: Mapping[str, Any], limit: int, offset: int) -> Call:
    """``GET /v1/facts``."""
    query = {name: value for name, value in given.items() if value is not None}
    return Call("GET", "/v1/facts", query={**query, "limit": limit, "offset": offset})


COVERAGE = Call("GET", "/v1/coverage")


def report_call(document_id: str) -> Call:
    """``GET /v1/documents/{id}``."""
    return Call("GET", f"/v1/documents/{quote(document_id, safe='')}")


def correction_call(document_id: str, region: str | None, year: int | None, kind: Kind | None) -> Call:
    """``PUT /v1/documents/{id}/correction``, and ``DELETE`` where nothing is told."""
    told = {"region": region, "year": year, "kind": kind}
    path = f"{report_call(document_id).path}/correction"
    body = {name: value for name, value in told.items() if value is not None}
    return Call("PUT", path, body) if body else Call("DELETE", path)


def headers(key: str | None) -> dict[str, str]:
    """What every request carries."""
    told = {"User-Agent": f"wenju-python/{__version__}", "Accept": "application/json"}
    return {**told, "Authorization": f"Bearer {key}"} if key else told


def answer_of(data: Any, url: str) -> Answer:
    """An answer with the addresses of its passages whole."""
    for name in ("citations", "nearest", "conflicts"):
        for each in data.get(name, ()):
            each["url"] = _whole(each["url"], url)
    return decoded(data, Answer)


def found_of(data: Any, url: str) -> SearchResult:
    """Passages with their addresses whole."""
    for each in data.get("hits", ()):
        each["url"] = _whole(each["url"], url)
    return decoded(data, SearchResult)


def facts_of(data: Any, url: str) -> Facts:
    """Figures with their addresses whole."""
    for each in data.get("facts", ()):
        each["url"] = _whole(each["url"], url)
    return decoded(data, Facts)


def coverage_of(data: Any, url: str) -> Coverage:
    """What is held."""
    del url
    return decoded(data, Coverage)


def reports_of(data: Any, url: str) -> tuple[Report, ...]:
    """The reports of a file."""
    del url
    return tuple(decoded({**each, "document_id": each["id"]}, Report) for each in data["documents"])


def text_of(data: Any, url: str) -> str:
    """The text of a report."""
    del url
    return str(data["text"])


def _whole(path: str, url: str) -> str:
    return f"{url}{path}" if path.startswith("/") else path


def body_of(response: httpx.Response) -> Any:
    """The JSON of a response. Raises ServiceError for another status, and for what is no JSON."""
    if response.is_error:
        raise error_of(response)
    try:
        found = response.json()
    except ValueError as error:
        raise ServiceError(f"{response.url} does not answer as Wenju does", response.status_code) from error
    if not isinstance(found, dict):
        raise ServiceError(f"{response.url} does not answer as Wenju does", response.status_code)
    return found


def error_of(response: httpx.Response) -> QuestionError | ServiceError:
    """The error that a response tells of; its body must have been read."""
    status = response.status_code
    try:
        told = response.json()
        detail = str(told["detail"])
    except (ValueError, KeyError, TypeError):
        told, detail = {}, "no reason given"
    errors = told.get("errors") if isinstance(told, dict) else None
    if status in (400, 413, 422):
        if isinstance(errors, list) and errors and isinstance(errors[0], dict):
            first = errors[0]
            return QuestionError(str(first.get("field", "")), str(first.get("message", detail)))
        return QuestionError("", detail)
    line = f"{status}: {detail}"
    if status == 429:
        return RateLimitError(line, retry_after(response))
    kinds = {401: UnauthorizedError, 403: ForbiddenError, 404: NotFoundError}
    kind = kinds.get(status, UnavailableError if status >= 500 else ServiceError)
    return kind(line, status)


def unreachable(url: str, error: Exception) -> UnreachableError:
    """An error of the connection in our words."""
    why = "took too long" if isinstance(error, httpx.TimeoutException) else str(error) or type(error).__name__
    return UnreachableError(f"{url} cannot be asked: {why}")


def retry_after(response: httpx.Response) -> float | None:
    """Seconds to wait, where the service says."""
    try:
        return max(0.0, float(response.headers["retry-after"]))
    except (KeyError, ValueError):
        return None


def wait_before(tries: int, response: httpx.Response | None) -> float:
    """Seconds before the next try: what the service says, else twice as long as before with a little chance."""
    told = retry_after(response) if response is not None else None
    if told is not None:
        return min(told, LONGEST_WAIT)
    return float(min(FIRST_WAIT * 2 ** (tries - 1), LONGEST_WAIT) * random.uniform(0.75, 1.25))


class EventReader:
    """Server-sent events of ``/v1/ask`` from their lines, one after another."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._name = ""
        self._data: list[str] = []

    def read(self, line: str) -> Iterator[Event]:
        """What a line completes. Raises ServiceError where the service gave up."""
        name, _, value = line.partition(":")
        value = value.removeprefix(" ")
        if name == "event":
            self._name = value
        elif name == "data":
            self._data.append(value)
        elif not line and self._data:
            data, kind = json.loads("\n".join(self._data)), self._name
            self._data, self._name = [], ""
            yield from self._event(kind, data)

    def _event(self, kind: str, data: Any) -> Iterator[Event]:
        if kind == "understood":
            yield decoded(data, Understood)
        elif kind == "delta":
            yield str(data["text"])
        elif kind == "done":
            yield answer_of(data, self._url)
        elif kind == "error":
            raise UnavailableError(str(data.get("detail", "the stream failed")), data.get("status"))
