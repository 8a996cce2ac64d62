"""A change of the index that has to wait for another process's, or may not be made at all."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock
from litestar import Litestar
from litestar.testing import TestClient

import api.shared.library
from api.app import create_app
from api.shared.library import Library, Upload
from api.shared.work import MAX_WORKERS, ClientGoneError, Workers
from index.ingest import IngestReport, Progress, ingest, ingest_files
from index.lock import writing
from index.store.snapshot import stored_sources
from index.text.counting import DEFAULT_VOCABULARY
from tests.api.fakes import DOCUMENT, FakePipeline, FakeSettings
from tests.api.test_service import assert_problem
from tests.builders import REPORT, SIZES, write_files
from tests.fakes import HashingEmbedder

Client = TestClient[Litestar]
FILES = [("files", ("white.txt", REPORT.replace("青石", "白水").encode()))]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = write_files(tmp_path / "reports", {"green.txt": REPORT})
    ingest([folder], tmp_path / "index", HashingEmbedder(), DEFAULT_VOCABULARY, SIZES)
    return tmp_path / "index"


@pytest.fixture
def client(pipeline: FakePipeline, root: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Client]:
    """A service that waits a second for its turn."""
    monkeypatch.setattr(api.shared.library, "PATIENCE", 1.0)
    app = create_app(
        FakeSettings(), lambda: pipeline, lambda on_change: Library(root, DEFAULT_VOCABULARY, SIZES, on_change)
    )
    with TestClient(app, raise_server_exceptions=False) as client:
        yield client


def names(root: Path) -> set[str]:
    return {entry.name for entry, _ in stored_sources(root)}


def test_a_change_that_does_not_get_its_turn_is_a_409(client: Client, root: Path) -> None:
    """An upload and a removal are told so, and nothing is changed; afterwards the upload goes in."""
    with writing(root):
        for response in (
            client.post("/v1/documents", files=FILES),
            client.delete(f"/v1/documents/{DOCUMENT.id}", params={"whole_file": "true"}),
        ):
            assert "another process is changing the index" in str(assert_problem(response, 409)["detail"])
    assert names(root) == {"green.txt"}
    assert client.post("/v1/documents", files=FILES).status_code == 201
    assert names(root) == {"green.txt", "white.txt"}


def test_a_change_that_gets_its_turn_late_goes_in(client: Client, root: Path) -> None:
    """Together with what the other process wrote meanwhile."""
    with ThreadPoolExecutor(1) as pool:
        with writing(root):
            sent = pool.submit(client.post, "/v1/documents", files=FILES)
            time.sleep(0.3)
        response = sent.result()
    assert (response.status_code, response.json()["kept"]) == (201, 1)


def test_answers_do_not_wait_with_changes(client: Client, root: Path) -> None:
    """More changes wait than there are threads that answer, and a question is answered all the same."""
    with ThreadPoolExecutor(MAX_WORKERS + 1) as pool:
        with writing(root):
            changes = [pool.submit(client.post, "/v1/documents", files=FILES) for _ in range(MAX_WORKERS + 1)]
            time.sleep(0.2)
            assert client.post("/v1/ask", json={"question": "2020年嘉定固定资产投资增长多少"}).status_code == 200
            assert not any(change.done() for change in changes)
        assert {change.result().status_code for change in changes} <= {201, 409}


def test_an_index_that_may_not_be_written_is_a_501(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """As in the container, where the index belongs to another user."""

    def refused(_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(FileLock, "acquire", refused)
    detail = str(assert_problem(client.post("/v1/documents", files=FILES), 501)["detail"])
    assert detail.endswith("cannot be changed: Permission denied")


def test_a_change_is_not_made_for_a_client_that_left_before_its_turn(root: Path) -> None:
    """Another process has made a newer one of the same file meanwhile."""
    library = Library(root, DEFAULT_VOCABULARY, SIZES, lambda: None)
    newer = [("white.txt", REPORT.replace("青石", "黑水").encode())]

    async def cut() -> None:
        workers, gone = Workers(), asyncio.Event()

        async def receive() -> Any:
            await gone.wait()
            return {"type": "http.disconnect"}

        def add(wanted: Callable[[], None]) -> IngestReport:
            uploads = [Upload(name, content) for _, (name, content) in FILES]
            return library.add(uploads, HashingEmbedder(), Progress(on_total=lambda _: wanted()))

        with writing(root):
            asked = asyncio.ensure_future(workers.change_if_wanted(add, receive))
            await asyncio.sleep(0.2)
            gone.set()
            with pytest.raises(ClientGoneError):
                await asked
        await asyncio.to_thread(ingest_files, newer, root, HashingEmbedder(), DEFAULT_VOCABULARY, SIZES)
        await workers.change(lambda: None)
        workers.close()

    asyncio.run(cut())
    held = {entry.name: data for entry, data in stored_sources(root)}
    assert held["white.txt"] == newer[0][1]


def test_a_change_that_has_begun_is_made_though_its_client_leaves(root: Path) -> None:
    library = Library(root, DEFAULT_VOCABULARY, SIZES, lambda: None)

    async def cut() -> None:
        workers, begun = Workers(), asyncio.Event()
        loop = asyncio.get_running_loop()

        async def receive() -> Any:
            await begun.wait()
            return {"type": "http.disconnect"}

        def add(wanted: Callable[[], None]) -> IngestReport:
            def total(_: int) -> None:
                wanted()
                loop.call_soon_threadsafe(begun.set)
                time.sleep(0.2)

            uploads = [Upload(name, content) for _, (name, content) in FILES]
            return library.add(uploads, HashingEmbedder(), Progress(on_total=total))

        with pytest.raises(ClientGoneError):
            await workers.change_if_wanted(add, receive)
        await workers.change(lambda: None)
        workers.close()

    asyncio.run(cut())
    assert names(root) == {"green.txt", "white.txt"}
