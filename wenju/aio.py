"""The client for asynchronous programs: the methods of ``wenju.Client``, awaited."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from types import TracebackType
from typing import Any, Self, TypeVar

import httpx

from wenju import wire
from wenju.answers import Answer, Coverage, Facts, Report, SearchResult
from wenju.errors import ServiceError
from wenju.wire import Call, Event, Filters, Kind, Language, Status

T = TypeVar("T")


class AsyncClient:
    """A service to ask from a coroutine; ``close`` it, or use it in an ``async with`` block. See ``wenju.Client``."""

    def __init__(
        self,
        url: str = wire.DEFAULT_URL,
        key: str | None = None,
        *,
        timeout: float = 30.0,
        retries: int = 2,
        http_client: httpx.AsyncClient | None = None,
    ) -> None:
        self.url = url.rstrip("/")
        self._headers = wire.headers(key)
        self._retries = retries
        self._http = http_client or httpx.AsyncClient(timeout=timeout)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.url!r})"

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Close the connections."""
        await self._http.aclose()

    async def ask(
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
        """Answer a question, or say why not; see ``wenju.Client.ask``."""
        call = wire.ask_call(question, history, as_of, filters, language, generator, top_k, explain=explain)
        return await self._read(call, wire.answer_of)

    async def stream(
        self,
        question: str,
        *,
        history: Sequence[str] = (),
        as_of: dt.date | str | None = None,
        filters: Filters | None = None,
        language: Language = "auto",
        generator: str = "extractive",
        top_k: int = 8,
    ) -> AsyncIterator[Event]:
        """The question as understood, pieces of the text, and the whole answer."""
        call = wire.ask_call(question, history, as_of, filters, language, generator, top_k, stream=True)
        async with self._sent(call) as response:
            reader = wire.EventReader(self.url)
            try:
                async for line in response.aiter_lines():
                    for event in reader.read(line):
                        yield event
            except httpx.HTTPError as error:
                raise wire.unreachable(self.url, error) from error

    async def search(
        self, query: str, *, top_k: int = 8, filters: Filters | None = None, as_of: dt.date | str | None = None
    ) -> SearchResult:
        """Passages, best first; see ``wenju.Client.search``."""
        return await self._read(wire.search_call(query, top_k, filters, as_of), wire.found_of)

    async def facts(
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
        """Figures as read from the reports; see ``wenju.Client.facts``."""
        given = {"indicator": indicator, "region": region, "year": year, "status": status, "document": document}
        return await self._read(wire.facts_call(given, limit, offset), wire.facts_of)

    async def coverage(self) -> Coverage:
        """Which reports are held, and of which places and periods they speak."""
        return await self._read(wire.COVERAGE, wire.coverage_of)

    async def correct(
        self, document_id: str, *, region: str | None = None, year: int | None = None, kind: Kind | None = None
    ) -> tuple[Report, ...]:
        """Say what place, year or kind a report is of; see ``wenju.Client.correct``."""
        return await self._read(wire.correction_call(document_id, region, year, kind), wire.reports_of)

    async def report_text(self, document_id: str) -> str:
        """A report's text as it stands in its file. Raises NotFoundError."""
        return await self._read(wire.report_call(document_id), wire.text_of)

    async def _read(self, call: Call, decode: Callable[[Any, str], T]) -> T:
        async with self._sent(call) as response:
            try:
                await response.aread()
            except httpx.HTTPError as error:
                raise wire.unreachable(self.url, error) from error
            try:
                return decode(wire.body_of(response), self.url)
            except (ValueError, KeyError, TypeError, AttributeError) as error:
                raise ServiceError(f"{self.url} does not answer as Wenju does", response.status_code) from error

    @asynccontextmanager
    async def _sent(self, call: Call) -> AsyncIterator[httpx.Response]:
        """As in ``wenju.Client``."""
        request = self._http.build_request(
            call.method, self.url + call.path, json=call.body, params=call.query, headers=self._headers
        )
        for tries in range(1, self._retries + 2):
            response: httpx.Response | None = None
            try:
                response = await self._http.send(request, stream=True)
                if response.is_error:
                    await response.aread()
            except httpx.HTTPError as error:
                if response is not None:
                    await response.aclose()
                if tries > self._retries or isinstance(error, httpx.ReadTimeout):
                    raise wire.unreachable(self.url, error) from error
            else:
                if tries > self._retries or response.status_code not in wire.TRY_AGAIN:
                    break
                await response.aclose()
            await asyncio.sleep(wire.wait_before(tries, response))
        assert response is not None
        try:
            if response.is_error:
                raise wire.error_of(response)
            yield response
        finally:
            await response.aclose()
