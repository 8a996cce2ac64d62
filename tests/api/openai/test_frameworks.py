"""LangChain, LlamaIndex, Haystack and ``llm``, each as its users have it, against the running service."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import REPORTS
from tests.serving import Service
from wenju.client import Client, ServiceError

pytestmark = pytest.mark.enable_socket

FLAGSHIP = "2020年嘉定固定资产投资增长多少"
ANSWER = "2020年，嘉定区固定资产投资完成429.7亿元，同比增长18.3%。[1]"


def assert_passage(text: str, known: dict[str, Any]) -> None:
    """The passage is its file's text at the place that its metadata names."""
    source = (REPORTS / known["document"]).read_bytes().decode("utf-8")
    assert source[known["start"] : known["end"]] == text
    assert known["url"].startswith("http://127.0.0.1:")
    assert known["region"] == "嘉定区"


def test_the_plain_client_names_what_is_wrong(service: Service) -> None:
    assert Client(service.url).search(FLAGSHIP, top_k=1)[0]["region"] == "嘉定区"
    with pytest.raises(ServiceError, match="火星"):
        Client(service.url).search(FLAGSHIP, filters={"regions": ["火星"]})
    with pytest.raises(ServiceError, match="cannot be asked"):
        Client("http://127.0.0.1:9").search(FLAGSHIP)
    assert "secret" not in repr(Client(service.url, "secret"))


def test_langchain_chat_model(service: Service) -> None:
    """``ChatOpenAI``: a chat with a turn before, whole and streamed."""
    langchain_openai = pytest.importorskip("langchain_openai", reason="langchain-openai is not installed")
    model = langchain_openai.ChatOpenAI(base_url=service.openai_url, api_key="any", model="wenju", max_retries=0)
    turns = [("user", FLAGSHIP), ("assistant", "…"), ("user", "那2024年呢")]
    # It closes nothing by itself: its connection would be found open by whichever test the collector runs in.
    with model.root_client:
        reply = model.invoke(turns)
        assert "710亿元" in reply.content
        assert "".join(str(chunk.content) for chunk in model.stream(turns)) == reply.content


def test_langchain_retriever(service: Service) -> None:
    pytest.importorskip("langchain_core", reason="the extra langchain is not installed")
    from wenju.langchain import WenjuRetriever

    retriever = WenjuRetriever(base_url=service.url, top_k=3, filters={"regions": ["嘉定区"]})
    found = retriever.invoke(FLAGSHIP)
    assert 0 < len(found) <= 3
    for each in found:
        assert_passage(each.page_content, each.metadata)
    assert asyncio.run(retriever.ainvoke(FLAGSHIP)) == found


# LlamaIndex's own imports use what Python and pydantic have deprecated.
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_llama_index_retriever(service: Service) -> None:
    pytest.importorskip("llama_index.core", reason="the extra llama-index is not installed")
    from wenju.llama_index import WenjuRetriever

    retriever = WenjuRetriever(service.url, top_k=3, filters={"regions": ["嘉定区"]})
    found = retriever.retrieve(FLAGSHIP)
    assert 0 < len(found) <= 3
    for each in found:
        assert_passage(each.node.get_content(), each.node.metadata)
    assert [n.node.id_ for n in asyncio.run(retriever.aretrieve(FLAGSHIP))] == [n.node.id_ for n in found]


def test_haystack_component(service: Service) -> None:
    """Run inside a pipeline, as components are; in a process of its own, told to report to nobody."""
    pytest.importorskip("haystack", reason="the extra haystack is not installed")
    program = """
import json, sys
from haystack import Pipeline
from wenju.haystack import WenjuRetriever

pipeline = Pipeline()
pipeline.add_component("wenju", WenjuRetriever(sys.argv[1], top_k=3, filters={"regions": ["嘉定区"]}))
found = pipeline.run({"wenju": {"query": sys.argv[2]}})["wenju"]["documents"]
print(json.dumps([[d.content, d.meta, d.score] for d in found]))
"""
    done = subprocess.run(
        [sys.executable, "-c", program, service.url, FLAGSHIP], capture_output=True, text=True, check=True, timeout=120,
        env={**os.environ, "HAYSTACK_TELEMETRY_ENABLED": "False", "PYTHONUTF8": "1"},
    )  # fmt: skip
    found = json.loads(done.stdout)
    assert 0 < len(found) <= 3
    for text, known, score in found:
        assert_passage(text, known)
        assert isinstance(score, float)


def test_llm_command(service: Service, tmp_path: Path) -> None:
    """Simon Willison's ``llm`` with the service as an OpenAI-compatible model."""
    pytest.importorskip("llm", reason="llm is not installed")
    (tmp_path / "extra-openai-models.yaml").write_text(
        f"- model_id: wenju\n  model_name: wenju\n  api_base: {service.openai_url}\n", encoding="utf-8"
    )
    for extra in ([], ["--no-stream"]):
        done = subprocess.run(
            [sys.executable, "-m", "llm", "prompt", "-m", "wenju", "--key", "any", *extra, FLAGSHIP],
            capture_output=True, text=True, check=True, timeout=120, encoding="utf-8",
            env={**os.environ, "LLM_USER_PATH": str(tmp_path), "PYTHONUTF8": "1"},
        )  # fmt: skip
        assert done.stdout.strip() == ANSWER
