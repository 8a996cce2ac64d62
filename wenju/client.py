"""Asks a running Wenju service over HTTP; ``wenju.aio`` is the same for asynchronous programs."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from types import TracebackType
from typing import Any, Self, TypeVar

import httpx

from wenju import wire
from wenju.answers import Answer, Coverage, Facts, Report, SearchHit, SearchResult
from wenju.errors import ServiceError
from wenju.wire import Call, Event, Filters, Kind, Language, Status

T = TypeVar("T")

__all__ = ["Client", "ServiceError", "metadata"]


class Client:
    """A service to ask. Threads may share it; ``close`` it, or use it in a ``with`` block.

    ``key`` stays out of every ``repr``. ``timeout`` is in seconds for each read; ``retries`` are further tries where the
    service cannot be reached, is busy (429) or away (502 to 504). ``http_client`` takes the place of the client's own, for
    proxies and certificates. Every method raises QuestionError for what is wrong with the request and a kind of ServiceError
    for all else.
    """

    def __init__(
        self,
        url: str = wire.DEFAULT_URL,
        key: str | None = None,
        *,
        timeout: float = 30.0,
        retries: int = 2,
        http_client: httpx.Client | None = None,
    ) -> None:
        self.url = url.rstrip("/")
        self._headers = wire.headers(key)
        self._retries = retries
        self._http = http_client or httpx.Client(timeout=timeout)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.url!r})"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def ask(
        self,
        question: str,
        *,
        history: Sequence[str] = (),
        as_of: dt.date | str | None = None,
        filters: Filters | None = None,
        language: Language = "auto",
        generator: str = "extractive",
        top_k: int = 8,
        explain: bool = False,
    ) -> Answer:
        """Answer a question, or say why not.

        ``history`` are earlier questions, oldest first; ``as_of`` is the day by which 今年 and 去年 are read (today).
        """
        call = wire.ask_call(question, history, as_of, filters, language, generator, top_k, explain=explain)
        return self._read(call, wire.answer_of)

    def stream(
        self,
        question: str,
        *,
        history: Sequence[str] = (),
        as_of: dt.date | str | None = None,
        filters: Filters | None = None,
        language: Language = "auto",
        generator: str = "extractive",
        top_k: int = 8,
    ) -> Iterator[Event]:
        """The question as understood, pieces of the text (checked before they are told), and the whole answer."""
        call = wire.ask_call(question, history, as_of, filters, language, generator, top_k, stream=True)
        with self._sent(call) as response:
            reader = wire.EventReader(self.url)
            try:
                for line in response.iter_lines():
                    yield from reader.read(line)
            except httpx.HTTPError as error:
                raise wire.unreachable(self.url, error) from error

    def search(
        self, query: str, *, top_k: int = 8, filters: Filters | None = None, as_of: dt.date | str | None = None
    ) -> SearchResult:
        """Passages, best first. A filter's value that is not held is an error, not an empty result."""
        return self._read(wire.search_call(query, top_k, filters, as_of), wire.found_of)

    def facts(
        self,
        indicator: str | None = None,
        region: str | None = None,
        *,
        year: int | None = None,
        status: Status | None = None,
        document: str | None = None,
        limit: int = 5000,
        offset: int = 0,
    ) -> Facts:
        """Figures as read from the reports; indicator and place in any words that a question may use (GDP, 江苏)."""
        given = {"indicator": indicator, "region": region, "year": year, "status": status, "document": document}
        return self._read(wire.facts_call(given, limit, offset), wire.facts_of)

    def coverage(self) -> Coverage:
        """Which reports are held, and of which places and periods they speak."""
        return self._read(wire.COVERAGE, wire.coverage_of)

    def correct(
        self, document_id: str, *, region: str | None = None, year: int | None = None, kind: Kind | None = None
    ) -> tuple[Report, ...]:
        """Say what place, year or kind a report is of: it is read anew as that, and answers follow.

        What is None is as it is read, all of it the way back. Gives the reports of its file as they are now; ``corrected``
        tells what had been read. Needs a key with the scope ``ingest`` where keys are set. Raises NotFoundError.
        """
        return self._read(wire.correction_call(document_id, region, year, kind), wire.reports_of)

    def report_text(self, document_id: str) -> str:
        """A report's text as it stands in its file. Raises NotFoundError."""
        return self._read(wire.report_call(document_id), wire.text_of)

    def _read(self, call: Call, decode: Callable[[Any, str], T]) -> T:
        with self._sent(call) as response:
            try:
                response.read()
            except httpx.HTTPError as error:
                raise wire.unreachable(self.url, error) from error
            try:
                return decode(wire.body_of(response), self.url)
            except (ValueError, KeyError, TypeError, AttributeError) as error:
                raise ServiceError(f"{self.url} does not answer as Wenju does", response.status_code) from error

    @contextmanager
    def _sent(self, call: Call) -> Iterator[httpx.Response]:
        """A response that is no error, its body still to be read. Tries again where that can help."""
        request = self._http.build_request(
            call.method, self.url + call.path, json=call.body, params=call.query, headers=self._headers
        )
        for tries in range(1, self._retries + 2):
            response: httpx.Response | None = None
            try:
                response = self._http.send(request, stream=True)
                if response.is_error:
                    response.read()
            except httpx.HTTPError as error:
                if response is not None:
                    response.close()
                # What was sent and then took too long would take as long again.
                if tries > self._retries or isinstance(error, httpx.ReadTimeout):
                    raise wire.unreachable(self.url, error) from error
            else:
                if tries > self._retries or response.status_code not in wire.TRY_AGAIN:
                    break
                response.close()
            time.sleep(wire.wait_before(tries, response))
        assert response is not None
        with closing(response):
            if response.is_error:
                raise wire.error_of(response)
            yield response


def metadata(hit: SearchHit) -> dict[str, Any]:
    """What is known of a passage besides its text, in plain values that every framework can store."""
    names = ("title", "document", "document_id", "region", "period", "start", "end", "url", "score")
    known = {name: getattr(hit, name) for name in names if getattr(hit, name) is not None}
    return {**known, "heading": " › ".join(hit.heading)}
