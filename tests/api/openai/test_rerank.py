"""``WENJU_RERANKER_MODEL``: the served rerank model, on the rerank routes and in the order of passages."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

import cli
from index.store.reranking import CrossEncoderReranker
from tests.index.store.cross_encoder import write_cross_encoder
from tests.serving import serving

pytestmark = pytest.mark.enable_socket

QUERY = "固定资产投资"
TEXTS = [f"{n}：{text}" for n in range(30) for text in ("财政收入增长3%", "固定资产投资增长5.6%", "新建公园3")]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_cross_encoder(tmp_path_factory.mktemp("rerank") / "tiny-reranker")


@pytest.fixture(scope="module")
def client(snapshot_folder: Path, folder: Path) -> Iterator[httpx.Client]:
    with (
        serving(snapshot_folder, reranker_model=str(folder)) as service,
        httpx.Client(base_url=service.url, trust_env=False, timeout=60) as client,
    ):
        yield client


def test_the_model_can_be_looked_up_by_its_own_name(client: httpx.Client) -> None:
    for name in ("wenju-rerank", "tiny-reranker"):
        assert client.get(f"/v1/models/{name}").json()["id"] == name


@pytest.mark.parametrize("model", ["wenju-rerank", "tiny-reranker"])
def test_the_rerank_route_gives_the_models_order(client: httpx.Client, folder: Path, model: str) -> None:
    """More texts than go to the model together, all of them ranked, with the model's own scores."""
    body = {"model": model, "query": QUERY, "documents": TEXTS}
    results = client.post("/v1/rerank", json=body).json()["results"]
    expected = CrossEncoderReranker(str(folder)).scores(QUERY, TEXTS)
    assert sorted(each["index"] for each in results) == list(range(len(TEXTS)))
    for each in results:
        assert each["relevance_score"] == pytest.approx(float(expected[each["index"]]), abs=1e-4)
    scores = [each["relevance_score"] for each in results]
    assert scores == sorted(scores, reverse=True)
    short = client.post("/v2/rerank", json={**body, "top_n": 2, "return_documents": True}).json()["results"]
    assert [each["index"] for each in short] == [each["index"] for each in results[:2]]
    assert short[0]["document"]["text"] == TEXTS[short[0]["index"]]


def test_passages_are_in_the_models_order(client: httpx.Client) -> None:
    """In a search and for Dify, whose scores stay in [0, 1]."""
    hits: list[dict[str, Any]] = client.post("/v1/search", json={"query": "新建公园", "top_k": 8}).json()["hits"]
    told = [hit["signals"]["rerank"] for hit in hits]
    assert told == sorted(told, reverse=True)
    asked = {"knowledge_id": "wenju", "query": "新建公园", "retrieval_setting": {"top_k": 8, "score_threshold": 0.0}}
    records = client.post("/retrieval", json=asked).json()["records"]
    assert [each["metadata"]["chunk_id"] for each in records] == [hit["chunk_id"] for hit in hits]
    assert all(0 <= each["score"] <= 1 for each in records)


def test_figures_are_answered_as_before(client: httpx.Client) -> None:
    answer = client.post("/v1/ask", json={"question": "2020年嘉定固定资产投资增长多少"}).json()
    assert answer["answer"] == "2020年，嘉定区固定资产投资完成429.7亿元，同比增长18.3%。[1]"


def test_a_model_that_is_not_there_is_one_line(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, snapshot_folder: Path, tmp_path: Path
) -> None:
    """Whatever index is asked; an empty name is named as a setting."""
    for value, cause in ((str(tmp_path), "the folder holds no config.json"), (" ", "WENJU_RERANKER_MODEL")):
        monkeypatch.setenv("WENJU_RERANKER_MODEL", value)
        assert cli.main(["search", "投资", "--index", str(snapshot_folder)]) == 1
        said = capsys.readouterr().err
        assert cause in said
        assert len(said.splitlines()) == 1
