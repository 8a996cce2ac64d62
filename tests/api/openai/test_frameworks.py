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
from wenju import Client, QuestionError, ServiceError

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
    with Client(service.url) as client:
        assert client.search(FLAGSHIP, top_k=1)[0].region == "嘉定区"
        with pytest.raises(QuestionError, match="火星"):
            client.search(FLAGSHIP, filters={"regions": ["火星"]})
    with pytest.raises(ServiceError, match="cannot be asked"):
        Client("http://127.0.0.1:9", retries=0).search(FLAGSHIP)
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


def test_langchain_parts(service: Service) -> None:
    """The retriever, a tool as a model calls it, a Runnable in a chain, and the reports."""
    pytest.importorskip("langchain_core", reason="the extra langchain is not installed")
    from langchain_core.runnables import RunnableLambda

    from wenju.langchain import WenjuLoader, WenjuRetriever, WenjuTool, wenju_runnable

    retriever = WenjuRetriever(base_url=service.url, top_k=3, filters={"regions": ["嘉定区"]})
    found = retriever.invoke(FLAGSHIP)
    assert 0 < len(found) <= 3
    for each in found:
        assert_passage(each.page_content, each.metadata)
    assert asyncio.run(retriever.ainvoke(FLAGSHIP)) == found
    tool = WenjuTool(base_url=service.url)
    assert set(tool.args) == {"question", "history"}
    message = tool.invoke(
        {"type": "tool_call", "id": "1", "name": tool.name, "args": {"question": "那2024年呢", "history": [FLAGSHIP]}}
    )
    assert "710亿元" in message.content
    assert message.artifact.citations[0].quote in message.content
    assert asyncio.run(tool.ainvoke({"question": FLAGSHIP})).startswith(ANSWER)
    chain = wenju_runnable(service.url) | RunnableLambda(lambda told: (told.page_content, told.metadata))
    text, known = chain.invoke(FLAGSHIP)
    assert text == ANSWER
    assert [(v["value"], v["unit"]) for v in known["values"]] == [("429.7", "亿元"), ("18.3", "%")]
    assert json.dumps(known)
    loaded = WenjuLoader(service.url).load()
    assert len(loaded) == 14
    assert {each.metadata["region"] for each in loaded} >= {"嘉定区", "虹口区"}
    assert all(len(each.page_content) > 100 for each in loaded)


# LlamaIndex's own imports use what Python and pydantic have deprecated.
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_llama_index_parts(service: Service) -> None:
    """The retriever, a query engine, a tool, and the reports."""
    pytest.importorskip("llama_index.core", reason="the extra llama-index is not installed")
    from wenju.llama_index import WenjuQueryEngine, WenjuReader, WenjuRetriever, wenju_tool

    retriever = WenjuRetriever(service.url, top_k=3, filters={"regions": ["嘉定区"]})
    found = retriever.retrieve(FLAGSHIP)
    assert 0 < len(found) <= 3
    for each in found:
        assert_passage(each.node.get_content(), each.node.metadata)
    assert [n.node.id_ for n in asyncio.run(retriever.aretrieve(FLAGSHIP))] == [n.node.id_ for n in found]
    engine = WenjuQueryEngine(service.url)
    reply = engine.query(FLAGSHIP)
    assert str(reply) == ANSWER
    (node,) = reply.source_nodes
    assert_passage(node.node.get_content(), node.node.metadata)
    assert reply.metadata is not None
    assert reply.metadata["values"][1]["value"] == "18.3"
    assert str(asyncio.run(engine.aquery(FLAGSHIP))) == ANSWER
    assert str(wenju_tool(service.url).call(FLAGSHIP)) == ANSWER
    assert len(WenjuReader(service.url).load_data()) == 14


def test_haystack_components(service: Service) -> None:
    """Inside a pipeline that was saved and loaded, as components are; in a process of its own, told to report to nobody."""
    pytest.importorskip("haystack", reason="the extra haystack is not installed")
    program = """
import json, os, sys
from haystack import Pipeline
from haystack.utils import Secret
from wenju.haystack import WenjuAnswerer, WenjuReports, WenjuRetriever

key = Secret.from_env_var("KEY_OF_A_SERVICE")
made = Pipeline()
made.add_component("found", WenjuRetriever(sys.argv[1], key, top_k=3, filters={"regions": ["嘉定区"]}))
made.add_component("told", WenjuAnswerer(sys.argv[1], key))
made.add_component("held", WenjuReports(sys.argv[1]))
saved = made.dumps()
os.environ["KEY_OF_A_SERVICE"] = "a-secret"
pipeline = Pipeline.loads(saved, allowed_modules=["wenju.haystack"])
done = pipeline.run({"found": {"query": sys.argv[2]}, "told": {"query": sys.argv[2]}})
answer = done["told"]["answers"][0]
try:
    WenjuAnswerer(sys.argv[1], Secret.from_token("a-secret")).to_dict()
    kept = True
except ValueError:
    kept = False
print(json.dumps({
    "found": [[d.content, d.meta, d.score] for d in done["found"]["documents"]],
    "answer": [answer.data, answer.meta["values"], [[d.content, d.meta["start"]] for d in answer.documents]],
    "held": len(done["held"]["documents"]),
    "saved": saved,
    "kept": kept,
}))
"""
    done = subprocess.run(
        [sys.executable, "-c", program, service.url, FLAGSHIP], capture_output=True, text=True, check=False, timeout=120,
        env={**os.environ, "HAYSTACK_TELEMETRY_ENABLED": "False", "PYTHONUTF8": "1"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert 0 < len(told["found"]) <= 3
    for text, known, score in told["found"]:
        assert_passage(text, known)
        assert isinstance(score, float)
    answer, values, documents = told["answer"]
    assert answer == ANSWER
    assert values[1]["value"] == "18.3"
    assert len(documents) == 1
    assert told["held"] == 14
    assert service.url in told["saved"]
    assert "KEY_OF_A_SERVICE" in told["saved"]
    assert "a-secret" not in told["saved"]
    assert not told["kept"], "a key in plain text would be written to a file"


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
