"""``wenju serve`` with an embedding service: when that is away, who asks is told so, and the service goes on."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

import cli
from tests.builders import write_files
from tests.index.store.embedding_service import KEY, MODEL, Reply, Standing, embedding_service, failing, right
from tests.serving import Service, serving

pytestmark = pytest.mark.enable_socket

QUESTION = "2023年青石市哪座公园面积最大"
TEXT = (
    "2024年青石市政府工作报告\n一、2023年工作回顾\n固定资产投资增长5.6%。\n"
    "新建公园三座，其中河滨公园面积最大。\n二、2024年工作安排\n固定资产投资增长6%。\n"
)
REPORT: dict[str, str | bytes] = {"青石市报告.txt": TEXT}


@pytest.fixture(scope="module")
def behind() -> Iterator[Standing]:
    with embedding_service() as standing:
        yield standing


@pytest.fixture(scope="module")
def served(behind: Standing, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """Ingested by the command and served, both set by the environment alone."""
    folder = tmp_path_factory.mktemp("remote")
    index = folder / "index"
    settings = {"embedding_url": behind.url, "embedding_model": MODEL, "embedding_api_key": KEY}
    with pytest.MonkeyPatch.context() as patch:
        for name, value in settings.items():
            patch.setenv(f"WENJU_{name.upper()}", value)
        assert cli.main(["ingest", str(write_files(folder / "in", REPORT)), "--index", str(index)]) == 0
    with serving(index, **settings) as service:
        yield service
        service.process.terminate()
        _, said = service.process.communicate(timeout=60)
        assert KEY not in said
        assert "Traceback" not in said


@pytest.fixture
def client(served: Service, behind: Standing) -> Iterator[httpx.Client]:
    behind.always = right
    with httpx.Client(base_url=served.url, trust_env=False, timeout=60) as client:
        yield client


def test_questions_vectors_and_changes_go_through_the_service(client: httpx.Client, behind: Standing) -> None:
    """With its key, and its own name for the model is one that can be asked for."""
    behind.forget()
    assert "河滨公园" in client.post("/v1/ask", json={"question": QUESTION}).json()["answer"]
    vector = client.post("/v1/embeddings", json={"model": MODEL, "input": "投资"}).json()["data"][0]["embedding"]
    assert len(vector) == 16
    more = {"files": ("白水市报告.txt", TEXT.replace("青石", "白水").encode())}
    assert client.post("/v1/documents", files=more).status_code == 201
    assert "河滨公园" in client.post("/v1/ask", json={"question": QUESTION.replace("青石", "白水")}).json()["answer"]
    assert set(behind.keys) == {f"Bearer {KEY}"}


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/v1/ask", {"question": "2023年青石市开放了哪些河边的绿地"}),
        ("/v1/ask", {"question": "2023年青石市最大的绿地叫什么名字", "stream": True}),
        ("/v1/search", {"query": "河边的绿地"}),
        ("/v1/embeddings", {"model": "wenju-embed", "input": "绿地"}),
        ("/v1/rerank", {"query": "绿地", "documents": ["公园", "投资"]}),
        ("/v1/chat/completions", {"model": "wenju", "messages": [{"role": "user", "content": "2023年青石市面积最大的绿地叫什么"}]}),
        ("/retrieval", {"knowledge_id": "wenju", "query": "可以散步的地方"}),
    ],
)  # fmt: skip
def test_who_asks_while_it_is_away_is_told_so(
    client: httpx.Client, behind: Standing, path: str, body: dict[str, object]
) -> None:
    """503 on every surface, with address, status and words, without the key; and the next question is answered."""
    behind.always = failing(503, "model is loading")
    refused = client.post(path, json=body)
    assert refused.status_code == 503, refused.text
    assert f"embedding service {behind.url}/v1/embeddings: answered with status 503: model is loading" in refused.text
    assert KEY not in refused.text
    behind.always = right
    assert client.post(path, json=body).status_code == 200


def test_many_wait_for_it_at_once(client: httpx.Client, behind: Standing) -> None:
    """Whoever waits for a slow service keeps no processor from others: eight take not much longer than one."""

    def slow(texts: list[str]) -> Reply:
        time.sleep(0.5)
        return right(texts)

    behind.always = slow
    words = [f"第{n}座公园的绿地" for n in range(8)]
    began = time.monotonic()
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda query: client.post("/v1/search", json={"query": query}).status_code, words))
    assert found == [200] * 8
    assert time.monotonic() - began < 2


def test_an_upload_that_it_fails_changes_nothing(client: httpx.Client, behind: Standing) -> None:
    before = client.get("/health/ready").json()
    behind.always = failing(401, "bad key")
    more = {"files": ("黄岩市报告.txt", TEXT.replace("青石", "黄岩").encode())}
    refused = client.post("/v1/documents", files=more)
    assert (refused.status_code, refused.headers["content-type"]) == (503, "application/problem+json")
    assert "status 401" in refused.json()["detail"]
    assert client.get("/health/ready").json() == before


def test_a_command_says_it_in_one_line(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, behind: Standing, tmp_path: Path
) -> None:
    behind.always = failing(401, "bad key")
    monkeypatch.setenv("WENJU_EMBEDDING_URL", behind.url)
    monkeypatch.setenv("WENJU_EMBEDDING_MODEL", MODEL)
    monkeypatch.setenv("WENJU_EMBEDDING_API_KEY", KEY)
    assert cli.main(["ingest", str(write_files(tmp_path / "in", REPORT)), "--index", str(tmp_path / "index")]) == 1
    said = capsys.readouterr().err
    assert said == f"wenju: embedding service {behind.url}/v1/embeddings: answered with status 401: bad key, key ***\n"


def test_an_address_without_a_model_is_refused(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WENJU_EMBEDDING_URL", "http://127.0.0.1:9")
    assert cli.main(["coverage"]) == 1
    assert "WENJU_EMBEDDING_URL needs WENJU_EMBEDDING_MODEL" in capsys.readouterr().err
    monkeypatch.setenv("WENJU_EMBEDDING_URL", "127.0.0.1:9")
    assert cli.main(["coverage"]) == 1
    assert "WENJU_EMBEDDING_URL: " in capsys.readouterr().err
