"""Further ways to the same answer: base URLs without their /v1, Ollama's routes, the reference, the head alone."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest

from tests.serving import Service

pytestmark = pytest.mark.enable_socket

FLAGSHIP = "2020年嘉定固定资产投资增长多少"
ANSWER = "2020年，嘉定区固定资产投资完成429.7亿元，同比增长18.3%。[1]"


@pytest.fixture
def http(service: Service) -> Any:
    with httpx.Client(base_url=service.url, trust_env=False) as client:
        yield client


@pytest.mark.parametrize("base", ["", "/", "/v1", "/v1/", "/v1/v1"])
def test_a_base_url_is_understood_however_it_is_written(service: Service, base: str) -> None:
    openai = pytest.importorskip("openai", reason="the extra openai is not installed")
    with openai.OpenAI(base_url=service.url + base, api_key="any", max_retries=0) as client:
        reply = client.chat.completions.create(model="wenju", messages=[{"role": "user", "content": FLAGSHIP}])
        assert reply.choices[0].message.content == ANSWER
        if base != "/v1/v1":
            assert "wenju" in [model.id for model in client.models.list()]
            assert client.responses.create(model="wenju", input=FLAGSHIP).output_text == ANSWER


def test_a_slash_at_the_end_is_none_too_many(http: httpx.Client) -> None:
    body = {"model": "wenju", "messages": [{"role": "user", "content": FLAGSHIP}]}
    assert http.post("/v1/chat/completions/", json=body).json()["choices"][0]["message"]["content"] == ANSWER


@pytest.mark.parametrize("stream", [False, True])
def test_ollama_is_spoken(http: httpx.Client, stream: bool) -> None:
    models = [model["model"] for model in http.get("/api/tags").json()["models"]]
    assert models[0] == "wenju:latest"
    for model in models:
        assert http.post("/api/show", json={"model": model}).json()["capabilities"] == ["completion"]
    asked = {"model": models[0], "messages": [{"role": "user", "content": FLAGSHIP}], "stream": stream}
    lines = [json.loads(line) for line in http.post("/api/chat", json=asked).text.splitlines()]
    assert "".join(line["message"]["content"] for line in lines) == ANSWER
    assert [line["done"] for line in lines] == [False] * (len(lines) - 1) + [True]
    assert lines[-1]["done_reason"] == "stop"
    assert lines[-1]["eval_count"] > 0
    assert (len(lines) > 1) is stream


def test_ollamas_options_and_errors(http: httpx.Client) -> None:
    def chat(**more: Any) -> httpx.Response:
        message = {"role": "user", "content": FLAGSHIP}
        return http.post("/api/chat", json={"model": "wenju", "messages": [message], "stream": False, **more})

    assert chat(options={"num_predict": 4, "temperature": 0}).json()["done_reason"] == "length"
    assert chat(options={"stop": ["，同比"]}).json()["message"]["content"].endswith("429.7亿元")
    assert "](http://" in chat(model="wenju:sources").json()["message"]["content"]
    assert chat(model="llama3").status_code == 404
    wrong: list[Any] = [3, [], {"num_predict": "x"}, {"stop": 3}, {"stop": [3]}]
    for options in wrong:
        assert chat(options=options).status_code == 400
    picture = {"role": "user", "content": "图", "images": ["aGk="]}
    assert "cannot be read" in chat(messages=[picture]).text
    assert chat(messages=[picture, {"role": "user", "content": FLAGSHIP}]).json()["message"]["content"] == ANSWER
    title = "Generate a title of at most 5 words for this conversation."
    told = chat(messages=[{"role": "user", "content": FLAGSHIP}, {"role": "user", "content": title}]).json()
    assert told["message"]["content"] == FLAGSHIP


def test_the_reference_is_whole_and_fetches_nothing(http: httpx.Client) -> None:
    schema = http.get("/openapi.json").json()
    assert schema == http.get("/schema/openapi.json").json()
    reply = http.get("/docs")
    assert reply.headers["content-type"].startswith("text/html")
    page = reply.text
    assert all(f"<code>{path}</code>" in page for path in schema["paths"])
    assert "<script" not in page
    assert "http" not in page.replace("http-equiv", "").replace("HTTP", "").split("<main>")[0]


def test_the_head_alone_is_given(http: httpx.Client) -> None:
    for path in ("/health/live", "/v1/models", "/v1/coverage", "/"):
        reply, whole = http.head(path), http.get(path)
        assert (reply.status_code, reply.content) == (200, b"")
        assert reply.headers["content-type"] == whole.headers["content-type"]
    assert http.head("/v1/documents/nobody").status_code == 404
