"""The official MCP client against the running service, in the revision of today and in the one before it."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.conftest import ROOT
from tests.serving import Service, serving

mcp_client = pytest.importorskip("mcp.client", reason="the extra mcp is not installed")

pytestmark = pytest.mark.enable_socket

FLAGSHIP = "2020年嘉定固定资产投资增长多少"
ANSWER = "2020年，嘉定区固定资产投资完成429.7亿元，同比增长18.3%。[1]"
MODES = {"auto": "2026-07-28", "legacy": "2025-11-25"}


def with_client(service: Service, mode: str, use: Callable[[Any], Awaitable[Any]]) -> Any:
    async def run() -> Any:
        async with mcp_client.Client(f"{service.url}/mcp", mode=mode) as client:
            return await use(client)

    return asyncio.run(run())


@pytest.mark.parametrize("mode", MODES)
def test_old_and_new_clients_find_the_tools(service: Service, mode: str) -> None:
    """Each with a title, a description, and a schema of what goes in and what comes out."""

    async def use(client: Any) -> None:
        assert client.protocol_version == MODES[mode]
        tools = (await client.list_tools()).tools
        assert [tool.name for tool in tools] == ["ask", "search", "fetch", "facts", "coverage"]
        for tool in tools:
            assert tool.title
            assert tool.description
            assert tool.output_schema["type"] == "object"
            assert tool.annotations.read_only_hint
        assert {"regions", "years", "documents", "as_of"} <= set(tools[0].input_schema["properties"])

    with_client(service, mode, use)


@pytest.mark.parametrize("mode", MODES)
def test_ask_gives_the_typed_answer(service: Service, mode: str) -> None:
    async def use(client: Any) -> None:
        result = await client.call_tool(
            "ask", {"question": "去年固定资产投资增长多少", "history": ["嘉定区"], "as_of": "2021-05-01"}
        )
        assert not result.is_error
        assert result.structured_content["answer"] == ANSWER
        assert result.structured_content["citations"][0]["document"] == "004_606b8993a8cf2f09.txt"
        assert json.loads(result.content[0].text) == result.structured_content

    with_client(service, mode, use)


def test_filters_are_arguments(service: Service) -> None:
    async def use(client: Any) -> None:
        result = await client.call_tool(
            "ask", {"question": "固定资产投资增长多少", "regions": ["嘉定区"], "years": [2020]}
        )
        assert not result.is_error
        found = await client.call_tool("search", {"query": "固定资产投资", "regions": ["虹口区"], "top_k": 3})
        titles = [each["title"] for each in found.structured_content["results"]]
        assert titles
        assert all("虹口" in title for title in titles)

    with_client(service, "auto", use)


def test_every_id_of_a_search_can_be_fetched(service: Service) -> None:
    """One text item of JSON, as connectors read it; what is fetched is the passage, word for word."""

    async def use(client: Any) -> None:
        found = await client.call_tool("search", {"query": FLAGSHIP})
        (item,) = found.content
        results = json.loads(item.text)["results"]
        assert results
        for each in results:
            assert set(each) == {"id", "title", "url", "text"}
            fetched = json.loads((await client.call_tool("fetch", {"id": each["id"]})).content[0].text)
            assert set(fetched) == {"id", "title", "text", "url", "metadata"}
            assert (fetched["id"], fetched["text"], fetched["url"]) == (each["id"], each["text"], each["url"])
            whole = json.loads((await client.call_tool("fetch", {"id": each["id"].split(":")[0]})).content[0].text)
            assert each["text"] in whole["text"]

    with_client(service, "auto", use)


def test_facts_and_coverage_are_typed(service: Service) -> None:
    async def use(client: Any) -> None:
        rows = await client.call_tool(
            "facts", {"indicator": "固定资产投资", "region": "嘉定区", "year": 2020, "status": "actual"}
        )
        values = {(r["period"], r["measure"], r["value"]) for r in rows.structured_content["facts"]}
        assert ("2020", "growth", "18.3") in values
        held = await client.call_tool("coverage", {})
        assert "嘉定区" in held.structured_content["regions"]

    with_client(service, "auto", use)


MENDABLE = {
    "ask": {"question": " "},
    "search": {"query": "x", "regions": ["火星"]},
    "fetch": {"id": "nothing:1-2"},
    "facts": {"status": "hoped"},
}


@pytest.mark.parametrize("tool", MENDABLE)
def test_a_call_that_can_be_mended_says_how(service: Service, tool: str) -> None:
    """An error result with words, not a broken protocol."""

    async def use(client: Any) -> None:
        result = await client.call_tool(tool, MENDABLE[tool])
        assert result.is_error
        assert result.content[0].text
        assert "Traceback" not in result.content[0].text

    with_client(service, "auto", use)


@pytest.mark.parametrize("mode", MODES)
def test_reports_are_resources(service: Service, mode: str) -> None:
    async def use(client: Any) -> None:
        listed = (await client.list_resources()).resources
        assert [str(each.uri) for each in listed[14:]] == ["coverage://reports"]
        read = await client.read_resource(listed[0].uri)
        assert read.contents[0].mime_type == "text/plain"
        assert len(read.contents[0].text.encode()) == listed[0].size
        templates = (await client.list_resource_templates()).resource_templates
        assert [t.uri_template for t in templates] == [
            "report://{document_id}", "passage://{document_id}/{start}-{end}"
        ]  # fmt: skip

    with_client(service, mode, use)


def test_pages_of_other_sites_are_refused(service: Service) -> None:
    """A page somewhere must not reach a service of this machine through its visitor's browser."""
    body = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}
    with httpx.Client(base_url=service.url, trust_env=False) as client:
        assert client.post("/mcp", json=body, headers={"Origin": "http://evil.example"}).status_code == 403


def test_keys_hold_for_it_too(snapshot_folder: Path) -> None:
    with serving(snapshot_folder, api_keys="k-1=ask") as service:
        with httpx.Client(base_url=service.url, trust_env=False) as client:
            assert client.post("/mcp", json={}).status_code == 401

        async def use() -> None:
            import httpx2
            from mcp.client.streamable_http import streamable_http_client

            async with (
                httpx2.AsyncClient(headers={"Authorization": "Bearer k-1"}) as http,
                mcp_client.Client(streamable_http_client(f"{service.url}/mcp", http_client=http)) as client,
            ):
                assert (await client.call_tool("ask", {"question": FLAGSHIP})).structured_content["answer"] == ANSWER

        asyncio.run(use())


def test_without_its_package_it_says_which_extra_is_missing(snapshot_folder: Path) -> None:
    """501 with the command that mends it; everything else goes on."""
    program = """
import sys
from pathlib import Path
import api.mount
api.mount.find_spec = lambda name: None
from api.server import serve
from settings import Settings

serve(Settings(index=Path(sys.argv[1])).model_copy(update={"port": 0}))
"""
    with (
        serving(snapshot_folder, program=program) as service,
        httpx.Client(base_url=service.url, trust_env=False) as client,
    ):
        refused = client.post("/mcp", json={})
        assert refused.status_code == 501
        assert "wenju[mcp]" in refused.json()["detail"]
        assert client.get("/health/ready").status_code == 200


def test_passages_coverage_and_prompts_are_offered(service: Service) -> None:
    """A citation's place is a resource; what a prompt says names the tools there are."""

    async def use(client: Any) -> None:
        answer = (await client.call_tool("ask", {"question": FLAGSHIP})).structured_content
        cited = answer["citations"][0]
        place = f"passage://{cited['document_id']}/{cited['start']}-{cited['end']}"
        assert (await client.read_resource(place)).contents[0].text == cited["quote"]
        templates = {t.uri_template for t in (await client.list_resource_templates()).resource_templates}
        assert {"report://{document_id}", "passage://{document_id}/{start}-{end}"} <= templates
        held = json.loads((await client.read_resource("coverage://reports")).contents[0].text)
        assert len(held["documents"]) == 14
        prompts = (await client.list_prompts()).prompts
        assert {p.name for p in prompts} == {"figure", "compare", "over_years"}
        given = {"indicator": "固定资产投资", "place": "嘉定", "year": "2020"}
        told = await client.get_prompt("figure", given)
        assert "2020年嘉定固定资产投资" in told.messages[0].content.text

    with_client(service, "auto", use)


def test_a_desktop_client_starts_it_itself(snapshot_folder: Path) -> None:
    """``wenju mcp`` on standard input and output, where nothing but the protocol may be written."""
    from mcp.client.stdio import StdioServerParameters, stdio_client

    environment = {k: v for k, v in os.environ.items() if not k.startswith("WENJU_")}
    started = StdioServerParameters(
        command=sys.executable, args=["-m", "wenju", "mcp", "--index", str(snapshot_folder)],
        env={**environment, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"},
    )  # fmt: skip

    async def use() -> None:
        async with mcp_client.Client(stdio_client(started)) as client:
            result = await client.call_tool("ask", {"question": FLAGSHIP})
            assert result.structured_content["answer"] == ANSWER

    asyncio.run(use())
