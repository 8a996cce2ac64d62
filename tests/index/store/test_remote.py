"""An embedding service as the embedder: what it is asked, what is believed of its answers, and what its failures become."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from index.errors import EmbeddingServiceError, SnapshotError
from index.ingest import ingest
from index.store.chosen import ChosenModel
from index.store.embedding import load_embedder
from index.store.remote import CHARACTERS, TOGETHER, Patience, RemoteEmbedder
from index.store.snapshot import open_snapshot
from index.text.chunking import ChunkOptions
from index.text.counting import DEFAULT_VOCABULARY
from rag.opening import open_pipeline
from tests.builders import make_question, write_files
from tests.fakes import HashingEmbedder
from tests.index.store.embedding_service import KEY, MODEL, Reply, Standing, embedding_service, failing, right, saying

pytestmark = pytest.mark.enable_socket

HASTY = Patience(3, 2.0)


@pytest.fixture
def service() -> Iterator[Standing]:
    with embedding_service() as service:
        yield service


def chosen(service: Standing, url: str = "") -> ChosenModel:
    return ChosenModel(MODEL, url or service.url, KEY)


def opened(service: Standing, patience: Patience = HASTY) -> RemoteEmbedder:
    model = RemoteEmbedder(chosen(service), patience, patience)
    service.forget()
    return model


def test_vectors_are_those_of_their_texts_whatever_the_order_of_arrival(service: Standing) -> None:
    """By ``index``, of length 1, the same as the model behind gives; one request that says what it wants."""
    model = opened(service)
    texts = ["固定资产投资", "财政收入", "abc"]
    found = model.encode(texts, role="passage")
    np.testing.assert_allclose(found, HashingEmbedder(MODEL, 16).encode(texts, role="passage"), atol=1e-6)
    assert found.dtype == np.float32
    assert (model.dimension, model.name) == (16, MODEL)
    assert service.seen == [{"model": MODEL, "input": texts, "encoding_format": "float"}]
    assert service.keys == [f"Bearer {KEY}"]


@pytest.mark.parametrize("written", ["", "/", "/v1", "/v1/", "/v1/embeddings"])
def test_an_address_is_taken_as_people_write_it(service: Standing, written: str) -> None:
    """A host alone is asked below ``/v1``; all these are the same service, so the index of one is that of the others."""
    model = RemoteEmbedder(chosen(service, service.url + written), HASTY)
    assert service.paths == ["/v1/embeddings"]
    assert model.identity == f"service:{service.url}/v1/embeddings model={MODEL} dimension=16"


def test_another_path_is_kept_and_its_credentials_are_sent_but_not_shown(service: Standing) -> None:
    """Vendors have paths of their own; what is secret in an address stands in no identity and no error."""
    url = service.url.replace("http://", "http://someone:p4ssw0rd@") + "/api/paas/v4?api-key=s3cret"
    model = RemoteEmbedder(ChosenModel(MODEL, url), HASTY)
    assert service.paths == ["/api/paas/v4/embeddings?api-key=s3cret"]
    assert service.keys[0].startswith("Basic ")
    service.always = failing(401, "no entry for s3cret or p4ssw0rd")
    with pytest.raises(EmbeddingServiceError) as raised:
        model.encode(["x"], role="query")
    for shown in (model.identity, str(raised.value), repr(ChosenModel(MODEL, url))):
        assert not [secret for secret in ("p4ssw0rd", "s3cret", "someone") if secret in shown]


def test_requests_are_bounded_by_texts_and_by_characters(service: Standing) -> None:
    model = opened(service)
    texts = [f"{n}号" for n in range(TOGETHER * 2 + 1)] + ["长" * (CHARACTERS // 2)] * 3
    found = model.encode(texts, role="passage")
    assert [len(batch) for batch in service.texts] == [TOGETHER, TOGETHER, 2, 2]
    assert all(sum(map(len, batch)) <= CHARACTERS for batch in service.texts)
    np.testing.assert_allclose(found, HashingEmbedder(MODEL, 16).encode(texts, role="passage"), atol=1e-6)


def test_blank_texts_are_zeros_and_are_not_sent(service: Standing) -> None:
    model = opened(service)
    found = model.encode(["", "a", " \n"], role="passage")
    assert service.texts == [["a"]]
    assert not found[[0, 2]].any()
    assert model.encode([], role="query").shape == (0, 16)


def test_a_service_that_takes_fewer_texts_is_asked_for_fewer(service: Standing) -> None:
    """And no more than once too many."""
    service.always = lambda texts: right(texts) if len(texts) <= 10 else failing(413, "batch size > 10")(texts)
    model = opened(service)
    texts = [f"第{n}条" for n in range(50)]
    found = model.encode(texts, role="passage")
    np.testing.assert_allclose(found, HashingEmbedder(MODEL, 16).encode(texts, role="passage"), atol=1e-6)
    service.forget()
    model.encode(texts, role="passage")
    assert [len(batch) for batch in service.texts] == [8, 8, 8, 8, 8, 8, 2]


def test_a_text_that_is_too_long_is_cut_alone(service: Standing) -> None:
    """As a model in a folder cuts it; its neighbours keep their vectors, and go together the next time."""
    service.always = lambda texts: (
        right(texts) if max(map(len, texts)) <= 500 else failing(400, "context length")(texts)
    )
    model = opened(service)
    texts = ["甲", "乙" * 300 + "丙" * 600, "丁"]
    expected = HashingEmbedder(MODEL, 16).encode(["甲", texts[1][:450], "丁"], role="passage")
    np.testing.assert_allclose(model.encode(texts, role="passage"), expected, atol=1e-6)
    service.forget()
    model.encode(["甲", "丁", "戊"], role="passage")
    assert [len(batch) for batch in service.texts] == [3]


@pytest.mark.parametrize(
    "trouble",
    [failing(429), failing(500), failing(503), lambda _: Reply(fault="cut")],
    ids=["429", "500", "503", "cut"],
)
def test_what_passes_is_tried_again(service: Standing, trouble: Any) -> None:
    model = opened(service)
    service.then = [trouble, trouble]
    assert model.encode(["a"], role="query").any()
    assert len(service.seen) == 3


def test_an_ingest_is_more_patient_than_a_question(service: Standing, tmp_path: Path) -> None:
    """It has its own tries, whatever role the texts of a question or of a request have."""
    model = RemoteEmbedder(chosen(service), Patience(1, 2.0), Patience(4, 5.0))
    for role in ("query", "passage"):
        service.then = [failing(503)]
        with pytest.raises(EmbeddingServiceError, match="asked once"):
            model.encode(["a"], role=role)
    service.then = [failing(503), failing(429), failing(500)]
    report = ingest(
        [write_files(tmp_path / "in", REPORT)], tmp_path / "index", model, DEFAULT_VOCABULARY, ChunkOptions()
    )
    assert report.manifest.embedding_identity == model.identity


def test_a_wait_that_is_asked_for_is_kept(service: Standing) -> None:
    model = opened(service)
    service.then = [failing(429, retry_after="1")]
    began = time.monotonic()
    model.encode(["a"], role="query")
    assert 1 <= time.monotonic() - began < 1.9


def test_a_wait_that_is_too_long_is_not_waited_for(service: Standing) -> None:
    model = opened(service)
    service.always = failing(429, "quota", retry_after="3600")
    began = time.monotonic()
    with pytest.raises(
        EmbeddingServiceError, match=r"status 429: quota, key \*\*\* \(it asks to wait 3600 s\); asked once"
    ):
        model.encode(["a"], role="query")
    assert time.monotonic() - began < 1


@pytest.mark.parametrize(
    ("told", "words", "requests"),
    [
        (failing(503), r"status 503: overloaded, key \*\*\*; asked 3 times", 3),
        (failing(401, "bad key"), "status 401: bad key", 1),
        (failing(404, "no such model"), "status 404: no such model", 1),
        (failing(400, "malformed"), "status 400: malformed", 1),
        (saying({"error": "model 'x' not found"}, 404), "status 404: model 'x' not found", 1),
        (saying({"detail": "not here"}, 404), "status 404: not here", 1),
        (saying(b"<html>\nBad\x1b[31m gateway</html>", 403), r"status 403: <html> Bad \[31m gateway</html>", 1),
        (lambda _: Reply(307, {}, {"Location": "http://127.0.0.1:9/"}), "status 307", 1),
    ],
)
def test_a_failure_is_one_error_with_address_status_and_words(
    service: Standing, told: Any, words: str, requests: int
) -> None:
    """On one line, in bounded time, without the key, and asked no oftener than it may help."""
    model = opened(service)
    service.always = told
    began = time.monotonic()
    with pytest.raises(EmbeddingServiceError, match=words) as raised:
        model.encode(["a"], role="query")
    assert time.monotonic() - began < HASTY.seconds + 1
    assert f"{service.url}/v1/embeddings" in str(raised.value)
    assert KEY not in str(raised.value)
    assert "\n" not in str(raised.value)
    assert len(service.seen) == requests
    assert raised.value.status is not None


def row(index: Any, *numbers: Any) -> dict[str, Any]:
    return {"index": index, "embedding": list(numbers)}


ONES = [1.0] * 16
STRANGE: dict[str, Any] = {
    "no JSON": b"hello",
    "no list": {"data": None},
    "no numbers of rows": {"data": [{"embedding": ONES}] * 2},
    "too few": {"data": [row(0, *ONES)]},
    "too many": {"data": [row(n, *ONES) for n in range(3)]},
    "one twice": {"data": [row(0, *ONES), row(0, *ONES)]},
    "another length": {"data": [row(0, *ONES), row(1, 1.0, 2.0)]},
    "all of another length": {"data": [row(0, 1.0), row(1, 2.0)]},
    "empty vectors": {"data": [row(0), row(1)]},
    "not finite": b'{"data": [{"index": 0, "embedding": [NaN%s]}, {"index": 1, "embedding": [1e400%s]}]}'
    % (b", 1" * 15, b", 1" * 15),
    "too large": {"data": [row(n, *[1e300] * 16) for n in range(2)]},
    "no numbers": {"data": [row(n, *["x"] * 16) for n in range(2)]},
    "base64": {"data": [{"index": n, "embedding": "AACAPwAAgD8AAIA/"} for n in range(2)]},
}


@pytest.mark.parametrize("case", STRANGE)
def test_an_answer_that_cannot_be_right_is_not_believed(service: Standing, case: str) -> None:
    model = opened(service)
    service.always = saying(STRANGE[case])
    with pytest.raises(EmbeddingServiceError, match="answered with"):
        model.encode(["a", "b"], role="passage")
    assert len(service.seen) == 1


def test_a_service_that_drips_is_left(service: Standing) -> None:
    """Each piece comes in time, the whole does not."""
    model = opened(service, Patience(3, 1.0))
    service.always = lambda texts: Reply(content=right(texts).content, fault="drip")
    began = time.monotonic()
    with pytest.raises(EmbeddingServiceError, match="took too long"):
        model.encode(["a"], role="query")
    assert time.monotonic() - began < 2


def test_nobody_at_the_address_is_one_error() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}"
    with pytest.raises(EmbeddingServiceError, match=r"cannot be reached .*; asked 3 times"):
        RemoteEmbedder(ChosenModel(MODEL, url, KEY), HASTY)


@pytest.mark.parametrize("url", ["http://", "http://host:port", "http://[::1"])
def test_no_address_is_one_error(url: str) -> None:
    with pytest.raises(EmbeddingServiceError, match="WENJU_EMBEDDING_URL"):
        RemoteEmbedder(ChosenModel(MODEL, url))


def test_a_key_that_cannot_be_sent_is_not_shown() -> None:
    with pytest.raises(EmbeddingServiceError, match="its key holds characters that cannot be sent") as raised:
        RemoteEmbedder(ChosenModel(MODEL, "http://127.0.0.1:9", "钥匙"))
    assert "钥匙" not in str(raised.value)


TEXT = (
    "2024年青石市政府工作报告\n一、2023年工作回顾\n固定资产投资增长5.6%。粮食产量31.2万吨。\n"
    "新建公园三座，其中河滨公园面积最大。\n二、2024年工作安排\n固定资产投资增长6%。\n"
)
REPORT: dict[str, str | bytes] = {"青石市报告.txt": TEXT}


@pytest.fixture
def index(service: Standing, tmp_path: Path) -> Path:
    model = load_embedder(chosen(service))
    ingest([write_files(tmp_path / "in", REPORT)], tmp_path / "index", model, DEFAULT_VOCABULARY, ChunkOptions())
    return tmp_path / "index"


def test_a_question_is_answered_with_the_service(service: Standing, index: Path) -> None:
    """From the reports, with a request for each distinct wording of it and none for what is held or was asked before."""
    pipeline = open_pipeline(index, chosen(service))
    service.forget()
    question = make_question("2023年青石市哪座公园面积最大")
    answer = pipeline.answer(question)
    assert "河滨公园" in answer.answer
    asked = [text for batch in service.texts for text in batch]
    assert 0 < len(asked) == len(set(asked)) <= 3
    service.forget()
    pipeline.answer(question)
    assert service.seen == []


def test_the_index_holds_no_key(service: Standing, index: Path) -> None:
    del service
    held = [path for path in index.rglob("*") if path.is_file()]
    assert held
    assert not [path for path in held if KEY.encode() in path.read_bytes()]


def test_an_index_of_another_embedder_is_refused(service: Standing, index: Path) -> None:
    """A folder's, another model of the service, another service, another dimension: with what differs, and what to do."""
    with pytest.raises(SnapshotError, match=f"{MODEL}, the service is set to hashing; .*wenju ingest"):
        open_snapshot(index, HashingEmbedder())
    with pytest.raises(SnapshotError, match=f"{MODEL}, the service is set to other"):
        open_snapshot(index, load_embedder(ChosenModel("other", service.url)))
    with embedding_service() as another, pytest.raises(SnapshotError, match=another.url):
        open_snapshot(index, load_embedder(chosen(another)))
    service.always = saying({"data": [row(0, 1.0, 2.0)]})
    with pytest.raises(SnapshotError, match=r"dimension=16\), .*dimension=2\)"):
        open_snapshot(index, load_embedder(chosen(service)))


def test_an_ingest_that_the_service_fails_leaves_the_last_snapshot(service: Standing, index: Path) -> None:
    model = opened(service)
    before = open_snapshot(index, model).id
    service.always = failing(500)
    more = write_files(index.parent / "more", {"白水市报告.txt": TEXT.replace("青石", "白水")})
    with pytest.raises(EmbeddingServiceError, match="status 500"):
        ingest([more], index, model, DEFAULT_VOCABULARY, ChunkOptions())
    service.always = right
    assert open_snapshot(index, model).id == before
