"""``POST /v1/embeddings``: tokens in the place of text, thousands of inputs, and others who ask meanwhile."""

from __future__ import annotations

import base64
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest
from litestar import Litestar
from litestar.testing import TestClient

from api.app import create_app
from api.openai.schemas import MAX_INPUTS
from api.openai.vectors import CHARACTERS, TOGETHER
from index.store.embedding import Embedder
from index.store.folders import Role, Vectors
from index.text.counting import DEFAULT_VOCABULARY, TokenCounter
from tests.api.fakes import FakePipeline, FakeSettings
from tests.fakes import HashingEmbedder
from tests.serving import Service, serving
from tiktoken_ext.wenju import wenju_zh

LONG = "2020年，嘉定区固定资产投资完成429.7亿元，同比增长18.3%；一般公共预算收入稳步增长。"
#: What OpenAI's own vocabulary, cl100k_base, makes of a sentence: no text of ours.
FOREIGN = [
    2366, 15, 8107, 161, 246, 231, 23187, 24775, 9921, 118, 23187, 52225, 52332, 80172, 52225, 42016, 57106, 50285,
    46961, 972, 13, 18, 4,
]  # fmt: skip
NOT_OURS = "tokens are read by the vocabulary 'wenju_zh' alone"


def tokens(text: str) -> list[int]:
    """As a client with our vocabulary makes them."""
    import tiktoken

    return tiktoken.Encoding(**wenju_zh()).encode_ordinary(text)


class Slow(HashingEmbedder):
    """Takes a while for each text, and notes how many it is given at once."""

    def __init__(self, seconds: float = 0.0) -> None:
        super().__init__()
        self.seconds = seconds
        self.given: list[list[str]] = []

    def encode(self, texts: Sequence[str], *, role: Role) -> Vectors:
        self.given.append(list(texts))
        time.sleep(self.seconds * len(texts))
        return super().encode(texts, role=role)


class SlowPipeline(FakePipeline):
    """The small pipeline over that model."""

    def __init__(self, model: Slow) -> None:
        super().__init__()
        self._model = model

    @property
    def embedder(self) -> Embedder:
        return self._model


@pytest.fixture
def model() -> Slow:
    return Slow()


@pytest.fixture
def client(model: Slow) -> Iterator[TestClient[Litestar]]:
    settings = FakeSettings(max_body_bytes=1024 * 1024)
    with TestClient(create_app(settings, lambda: SlowPipeline(model)), raise_server_exceptions=False) as client:
        yield client


def embed(client: Any, given: Any, **more: Any) -> httpx.Response:
    response: httpx.Response = client.post("/v1/embeddings", json={"model": "wenju-embed", "input": given, **more})
    return response


def rows(response: httpx.Response) -> list[list[float]]:
    assert response.status_code == 200, response.text
    body = response.json()
    assert [each["index"] for each in body["data"]] == list(range(len(body["data"])))
    assert {each["object"] for each in body["data"]} == {"embedding"}
    return [each["embedding"] for each in body["data"]]


def test_tokens_are_the_text_that_they_are_of(client: TestClient[Litestar]) -> None:
    """One array is one input, several are several; the usage is the same."""
    expected, other = rows(embed(client, [LONG, LONG[:30]]))
    assert rows(embed(client, tokens(LONG))) == [expected]
    assert rows(embed(client, [tokens(LONG), tokens(LONG[:30])])) == [expected, other]
    assert embed(client, tokens(LONG)).json()["usage"] == embed(client, LONG).json()["usage"]
    assert embed(client, LONG).json()["usage"]["prompt_tokens"] == len(tokens(LONG))


@pytest.mark.parametrize(
    "given",
    [FOREIGN, [FOREIGN], [tokens(LONG), FOREIGN], [1, 2, 3], [5], [10**9] * 20, [10**30] * 20, [-1] * 20, tokens("投资")],
    ids=["foreign", "list", "among ours", "few", "one", "beyond", "huge", "negative", "ours but few"],
)  # fmt: skip
def test_tokens_of_another_vocabulary_are_refused_in_one_sentence(
    client: TestClient[Litestar], model: Slow, given: Any
) -> None:
    """Read as ours they would be another text, and a wrong vector that nobody notices; what to send instead is said."""
    refused = embed(client, given)
    assert refused.status_code == 400
    error = refused.json()["error"]
    assert NOT_OURS in error["message"]
    assert "check_embedding_ctx_length=False" in error["message"]
    assert (error["param"], "\n" in error["message"]) == ("input", False)
    assert model.given == []


def test_a_vocabulary_that_cannot_be_had_is_no_defect() -> None:
    """It is named; texts need none."""
    settings = FakeSettings(token_vocabulary="nobody_knows")
    with TestClient(create_app(settings, FakePipeline), raise_server_exceptions=False) as client:
        assert len(rows(embed(client, [LONG, "投资"]))) == 2
        refused = embed(client, tokens("投资"))
        assert (refused.status_code, "nobody_knows" in refused.text) == (503, True)
        assert "unknown" in refused.json()["error"]["message"]


def test_a_text_comes_back_from_its_tokens_and_from_no_others() -> None:
    counter = TokenCounter(DEFAULT_VOCABULARY)
    for text in (LONG, "投资", "", "a\n\n b 😀"):
        assert counter.text_of(tokens(text)) == text
    # Tokens that cut a character in two, and ones that no text is cut into.
    assert counter.text_of(tokens("😀")[:1]) is None
    assert counter.text_of([n for c in "固定资产投资" for n in tokens(c)]) is None


MIXED = "must be a text, an array of tokens, or a list of either, and not empty"


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ([], MIXED), ([[]], MIXED), (["a", 1], MIXED), ([1, [2]], MIXED), ([["a"]], MIXED), ([1.5], MIXED), ([True], MIXED),
        (5, MIXED), ({"a": 1}, MIXED), ([None], MIXED), ([[1, True]], MIXED), (["a", [1]], MIXED),
        (["a"] * (MAX_INPUTS + 1), "holds 2,049 inputs; at most 2,048 are taken in a request"),
        ([[1]] * (MAX_INPUTS + 1), "holds 2,049 inputs; at most 2,048 are taken in a request"),
        (["a" * 200_001], "holds an input that is longer than 200,000"),
        (["a", " "], "must not be empty"),
    ],
)  # fmt: skip
def test_what_cannot_be_embedded_is_said_in_one_sentence(
    client: TestClient[Litestar], model: Slow, given: Any, words: str
) -> None:
    refused = embed(client, given)
    assert refused.status_code == 400
    assert refused.json()["error"] | {"code": None} == {
        "message": f"input: {words}" if words != "must not be empty" else words,
        "type": "invalid_request_error",
        "param": "input",
        "code": None,
    }
    assert model.given == []


@pytest.mark.parametrize("form", ["float", "base64"])
def test_2048_inputs_are_embedded_a_few_at_a_time(client: TestClient[Litestar], model: Slow, form: str) -> None:
    """Each has its own vector in its own place."""
    texts = [f"第{n}条：{chr(0x4E00 + n)}" for n in range(MAX_INPUTS)]
    found: list[Any] = rows(embed(client, texts, encoding_format=form, dimensions=8))
    if form == "base64":
        found = [np.frombuffer(base64.b64decode(each), "<f4") for each in found]
    whole = HashingEmbedder().encode(texts, role="passage")[:, :8]
    expected = whole / np.maximum(np.linalg.norm(whole, axis=1, keepdims=True), 1e-12)
    np.testing.assert_allclose(np.array(found, np.float32), expected, atol=1e-6)
    assert max(map(len, model.given)) == TOGETHER
    assert [text for batch in model.given for text in batch] == texts


def test_long_texts_go_in_smaller_batches(client: TestClient[Litestar], model: Slow) -> None:
    texts = ["长" * (CHARACTERS // 2), "短", "长" * (CHARACTERS // 2), "长" * (CHARACTERS + 1), "短"]
    assert len(rows(embed(client, texts))) == 5
    assert [len(batch) for batch in model.given] == [2, 1, 1, 1]


def test_a_body_of_many_texts_may_be_larger_than_others(client: TestClient[Litestar]) -> None:
    """Of 2,048 passages of a few hundred characters; what is larger still is refused."""
    texts = ["固定资产投资" * 90] * MAX_INPUTS
    assert len(rows(embed(client, texts, encoding_format="base64"))) == MAX_INPUTS
    assert embed(client, ["固" * 1400] * MAX_INPUTS).status_code == 413
    assert client.post("/v1/ask", json={"question": "嘉定", "history": ["长" * 400_000]}).status_code == 413


def test_who_asks_meanwhile_is_not_kept_waiting() -> None:
    """Requests of thousands of texts, more of them than there are threads: a question gets its turn between two batches."""
    model = Slow(0.0005)
    settings = FakeSettings(max_body_bytes=1024 * 1024)
    with TestClient(create_app(settings, lambda: SlowPipeline(model)), raise_server_exceptions=False) as client:
        done: list[int] = []
        texts = [f"第{n}条" for n in range(MAX_INPUTS)]
        many = [
            threading.Thread(target=lambda: done.append(embed(client, texts, encoding_format="base64").status_code))
            for _ in range(6)
        ]
        for each in many:
            each.start()
        while not model.given:
            time.sleep(0.001)
        for _ in range(5):
            assert client.post("/v1/ask", json={"question": "嘉定投资"}).status_code == 200
        assert done == []
        for each in many:
            each.join()
        assert done == [200] * 6


def langchain(service: Service, **options: Any) -> Any:
    package = pytest.importorskip("langchain_openai", reason="langchain-openai is not installed")
    return package.OpenAIEmbeddings(base_url=service.openai_url, api_key="any", model="wenju-embed", **options)


@pytest.mark.enable_socket
def test_langchains_embeddings_send_text(service: Service) -> None:
    """With the option that the refusal of tokens names: many documents, and a question that is nearest to its own."""
    model = langchain(service, check_embedding_ctx_length=False)
    texts = [f"{n}年{what}" for n in range(300) for what in ("固定资产投资增长", "森林覆盖率", "城镇调查失业率")]
    found = np.array(model.embed_documents(texts, chunk_size=2048), np.float32)
    assert found.shape == (900, 512)
    asked = np.array(model.embed_query("固定资产投资"), np.float32)
    assert "固定资产投资" in texts[int(np.argmax(found @ asked))]


@pytest.mark.enable_socket
def test_the_real_model_takes_tokens_of_the_shipped_vocabulary(service: Service) -> None:
    with httpx.Client(base_url=service.url, trust_env=False, timeout=60) as client:
        (plain,), (read,) = rows(embed(client, LONG)), rows(embed(client, tokens(LONG)))
        assert read == pytest.approx(plain)
        assert NOT_OURS in embed(client, FOREIGN).json()["error"]["message"]


@pytest.mark.enable_socket
def test_another_vocabulary_reads_its_own(snapshot_folder: Path, tmp_path: Path) -> None:
    """``WENJU_TOKEN_VOCABULARY``, of a plug-in's say: then its tokens are read however few, and ours are not."""
    (tmp_path / "tiktoken_ext").mkdir()
    (tmp_path / "tiktoken_ext" / "letters.py").write_text(
        "def letters():\n    ranks = {bytes([n]): 255 - n for n in range(256)}\n"
        "    return {'name': 'letters', 'pat_str': '.', 'mergeable_ranks': ranks, 'special_tokens': {}}\n"
        "ENCODING_CONSTRUCTORS = {'letters': letters}\n"
    )
    program = (
        f"import sys\nsys.path.append({str(tmp_path)!r})\nfrom pathlib import Path\nfrom api.server import serve\n"
        "from settings import Settings\nserve(Settings(index=Path(sys.argv[1])).model_copy(update={'port': 0}))\n"
    )
    with (
        serving(snapshot_folder, program=program, token_vocabulary="letters") as service,
        httpx.Client(base_url=service.url, trust_env=False, timeout=60) as client,
    ):
        (plain,) = rows(embed(client, "投资"))
        (read,) = rows(embed(client, [255 - n for n in "投资".encode()]))
        assert read == pytest.approx(plain)
        assert "vocabulary 'letters' alone" in embed(client, tokens(LONG)).json()["error"]["message"]
