"""``wenju.Client`` and ``wenju.AsyncClient`` against the running service, and against services that fail."""

from __future__ import annotations

import asyncio
import json
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.serving import Service, serving
from wenju import Answer, AsyncClient, Client, QuestionError, ServiceError, Wenju, WenjuError
from wenju.errors import (
    ForbiddenError,
    NotFoundError,
    RateLimitError,
    UnauthorizedError,
    UnavailableError,
    UnreachableError,
)

pytestmark = pytest.mark.enable_socket

FLAGSHIP = "2020年嘉定固定资产投资增长多少"
ANSWER = "2020年，嘉定区固定资产投资完成429.7亿元，同比增长18.3%。[1]"
Calling = Callable[[str, str, dict[str, Any]], Any]


def by_client(url: str, method: str, arguments: dict[str, Any]) -> Any:
    """What a method gives; of a stream all its pieces."""
    with Client(url) as client:
        found = getattr(client, method)(**arguments)
        return list(found) if method == "stream" else found


def by_async_client(url: str, method: str, arguments: dict[str, Any]) -> Any:
    async def use() -> Any:
        async with AsyncClient(url) as client:
            found = getattr(client, method)(**arguments)
            return [each async for each in found] if method == "stream" else await found

    return asyncio.run(use())


BOTH = pytest.mark.parametrize("call", [by_client, by_async_client])

CALLS: list[tuple[str, dict[str, Any]]] = [
    ("ask", {"question": FLAGSHIP, "filters": {"regions": ["嘉定区"], "years": [2020]}}),
    ("ask", {"question": "那2024年呢", "history": [FLAGSHIP], "as_of": "2025-01-01", "language": "zh"}),
    ("ask", {"question": "2023年嘉定区固定资产投资是多少"}),
    ("search", {"query": "固定资产投资", "top_k": 3}),
    ("facts", {"indicator": "GDP", "region": "嘉定"}),
    ("facts", {"indicator": "GDP", "region": "江苏"}),
    ("coverage", {}),
    ("stream", {"question": FLAGSHIP}),
]


def without_base(value: Any, url: str) -> Any:
    """The same with the paths of passages in the place of their addresses."""
    return repr(value).replace(f"url='{url}/", "url='/")


@BOTH
@pytest.mark.parametrize(("method", "arguments"), CALLS)
def test_a_service_gives_what_the_index_gives(
    service: Service, snapshot_folder: Path, call: Calling, method: str, arguments: dict[str, Any]
) -> None:
    """The same values of the same types, but that passages can be opened."""
    with Wenju.open(snapshot_folder) as here:
        found = getattr(here, method)(**arguments)
        expected = list(found) if method == "stream" else found
    got = call(service.url, method, arguments)
    assert type(got) is type(expected)
    if method == "stream":
        # How a text is cut into pieces may differ; what they join to may not.
        assert [type(e) for e in got] == [type(e) for e in expected]
    assert without_base(got, service.url) == repr(expected)


def test_a_citation_can_be_opened(service: Service) -> None:
    with Client(service.url + "/") as client:
        (cited,) = client.ask(FLAGSHIP).citations
        assert cited.url.startswith(f"{service.url}/documents/")
        page = httpx.get(cited.url, trust_env=False)
        assert page.status_code == 200
        report = next(each for each in client.coverage() if each.document_id == cited.document_id)
        assert cited.quote in client.report_text(report.document_id)
        with pytest.raises(NotFoundError, match="nobody"):
            client.report_text("nobody")


@BOTH
def test_what_is_wrong_with_a_request_is_named(service: Service, call: Calling) -> None:
    for arguments, field in (
        ({"question": ""}, "question"),
        ({"question": FLAGSHIP, "filters": {"regions": ["火星"]}}, "filters.regions"),
        ({"question": FLAGSHIP, "filters": {"places": ["嘉定区"]}}, "filters.places"),
        ({"question": FLAGSHIP, "generator": "nobody"}, "generator"),
    ):
        for method in ("ask", "stream"):
            with pytest.raises(QuestionError) as error:
                call(service.url, method, arguments)
            assert error.value.field == field


def opened(way: str, index: Path, stack: ExitStack) -> tuple[str, Calling]:
    """An index as one of the three opens it, until the stack ends."""
    if way != "here":
        return stack.enter_context(serving(index)).url, by_client if way == "client" else by_async_client
    here = stack.enter_context(Wenju.open(index))
    return "", lambda _, method, arguments: getattr(here, method)(**arguments)


@pytest.mark.parametrize("way", ["here", "client", "async client"])
def test_a_report_is_put_right_and_back(snapshot_folder: Path, tmp_path: Path, way: str) -> None:
    """Answers follow at once, what had been read is told, and nothing said takes it back; the same in all three."""
    index = tmp_path / "index"
    shutil.copytree(snapshot_folder, index)
    with ExitStack() as stack:
        url, call = opened(way, index, stack)
        reports = [each for each in call(url, "coverage", {}) if each.region == "嘉定区"]
        id = reports[0].document_id
        told = {"region": "北京市昌平区", "year": 2016, "kind": "annual"}
        (now,) = (each for each in call(url, "correct", {"document_id": id, **told}) if each.document_id == id)
        assert (now.region, now.review, now.kind) == ("昌平区", "2016", "annual")
        assert {each.field: each.read for each in now.corrected}["region"] == "嘉定区"
        assert now in tuple(call(url, "coverage", {}))
        assert "昌平区" in {each.region for each in call(url, "facts", {"document": id})}
        (back,) = (each for each in call(url, "correct", {"document_id": id}) if each.document_id == id)
        assert back == reports[0]
        assert "昌平区" not in {each.region for each in call(url, "facts", {"document": id})}
        with pytest.raises(QuestionError, match="year"):
            call(url, "correct", {"document_id": id, "year": 1})
        with pytest.raises(WenjuError, match="nobody"):
            call(url, "correct", {"document_id": "nobody", "year": 2016})


@BOTH
def test_keys_are_asked_for(snapshot_folder: Path, call: Calling) -> None:
    with serving(snapshot_folder, api_keys="reader=ingest") as service:
        with pytest.raises(UnauthorizedError):
            call(service.url, "ask", {"question": FLAGSHIP})
        with Client(service.url, "reader") as client:
            assert client.ask(FLAGSHIP).answer == ANSWER
    assert "secret" not in repr(Client("http://127.0.0.1:1", "secret")) + repr(
        AsyncClient("http://127.0.0.1:1", "secret")
    )


@contextmanager
def failing(*replies: tuple[int, dict[str, str], str]) -> Iterator[tuple[str, list[str]]]:
    """A real server that gives these replies in their order, the last one for ever; and the paths that were asked."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["content-length"]))
            status, headers, body = replies[min(len(asked), len(replies) - 1)]
            asked.append(self.path)
            data = body.encode()
            self.send_response(status)
            for name, value in {"content-length": str(len(data)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(data)
            self.close_connection = True

        def log_message(self, *_: object) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}", asked
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def problem(status: int, **headers: str) -> tuple[int, dict[str, str], str]:
    return status, headers, json.dumps({"title": "t", "status": status, "detail": "not now"})


@pytest.fixture
def good(service: Service) -> tuple[int, dict[str, str], str]:
    body = httpx.post(f"{service.url}/v1/ask", json={"question": FLAGSHIP}, trust_env=False).text
    return 200, {"content-type": "application/json"}, body


@BOTH
@pytest.mark.parametrize("status", [429, 503])
def test_what_may_pass_is_tried_again(call: Calling, status: int, good: Any) -> None:
    with failing(problem(status, **{"retry-after": "0"}), problem(status, **{"retry-after": "0"}), good) as (
        url,
        asked,
    ):
        assert call(url, "ask", {"question": FLAGSHIP}).answer == ANSWER
    assert len(asked) == 3


@BOTH
@pytest.mark.parametrize(
    ("status", "kind", "tries"), [(429, RateLimitError, 3), (503, UnavailableError, 3), (500, UnavailableError, 1), (403, ForbiddenError, 1), (418, ServiceError, 1)]
)  # fmt: skip
def test_what_does_not_pass_is_an_error_of_its_kind(
    call: Calling, status: int, kind: type[ServiceError], tries: int
) -> None:
    with failing(problem(status, **{"retry-after": "0"})) as (url, asked):
        for method in ("ask", "stream"):
            with pytest.raises(kind, match="not now") as error:
                call(url, method, {"question": FLAGSHIP})
            assert error.value.status == status
    assert len(asked) == 2 * tries


@BOTH
def test_another_program_at_the_address_is_noticed(call: Calling) -> None:
    for body in ("<html>", "[]", "{}", '{"answer": 1}', "null"):
        with failing((200, {}, body)) as (url, _), pytest.raises(ServiceError, match="as Wenju does"):
            call(url, "ask", {"question": FLAGSHIP})


@BOTH
def test_nobody_there_and_a_broken_body(call: Calling, good: Any) -> None:
    with pytest.raises(UnreachableError, match="cannot be asked"):
        call("http://127.0.0.1:9", "coverage", {})
    status, headers, body = good
    cut = (status, {**headers, "content-length": str(len(body.encode()) + 10)}, body)
    with failing(cut) as (url, _), pytest.raises(UnreachableError):
        call(url, "ask", {"question": FLAGSHIP})
    told = 'event: delta\ndata: {"text": "20"}\n\nevent: error\ndata: {"status": 500, "detail": "stream failed"}\n\n'
    events = (200, {"content-type": "text/event-stream"}, told)
    with failing(events) as (url, _), pytest.raises(UnavailableError, match="stream failed"):
        call(url, "stream", {"question": FLAGSHIP})
    assert issubclass(UnreachableError, WenjuError)


@BOTH
def test_a_service_of_another_version_is_understood(call: Calling, good: Any) -> None:
    """Fields that it has and this client does not know are passed over; an old one may lack the later ones."""
    data = json.loads(good[2])
    data["new"] = {"anything": 1}
    del data["notes"]
    with failing((200, {}, json.dumps(data))) as (url, _):
        answer = call(url, "ask", {"question": FLAGSHIP})
    assert isinstance(answer, Answer)
    assert answer.notes == ()
