"""Python packages against a running service: ``python python_clients.py URL`` prints a JSON object for each."""

import asyncio
import json
import sys
from collections.abc import Callable
from typing import Any

URL = sys.argv[1]
QUESTION = "2020年嘉定固定资产投资增长多少"
ASKED = [{"role": "user", "content": QUESTION}]
RIGHT = "18.3%"
SCHEMA = {
    "type": "json_schema",
    "json_schema": {
        "name": "growth",
        "schema": {
            "type": "object",
            "properties": {"region": {"type": "string"}, "value": {"type": "number"}},
            "required": ["region", "value"],
        },
    },
}


def attempt(check: Callable[[], object]) -> str:
    """``yes`` where a check is true, else what it gave or raised."""
    try:
        found = check()
    except Exception as error:
        return f"no: {type(error).__name__}: {error}"[:150]
    return "yes" if found is True else f"no: {found!r}"[:150]


def tell(name: str, **checks: Callable[[], object]) -> None:
    print(
        json.dumps({"client": name, **{k: attempt(check) for k, check in checks.items()}}, ensure_ascii=False),
        flush=True,
    )


def raises(call: Callable[[], object], name: str) -> object:
    try:
        call()
    except Exception as error:
        return type(error).__name__ == name or type(error).__name__
    return "nothing was raised"


def litellm() -> None:
    import litellm as client

    given = {"model": "openai/wenju", "api_base": f"{URL}/v1", "api_key": "any", "messages": ASKED}

    def streamed() -> bool:
        return RIGHT in "".join(c.choices[0].delta.content or "" for c in client.completion(**given, stream=True))

    def cited() -> bool:
        return client.completion(**given).choices[0].message.annotations[0]["url_citation"]["url"].startswith("http")

    def structured() -> bool:
        return (
            json.loads(client.completion(**given, response_format=SCHEMA).choices[0].message.content)["value"] == 18.3
        )

    """Chat completions through litellm's OpenAI-compatible provider."""
    tell(
        "litellm",
        whole=lambda: RIGHT in client.completion(**given).choices[0].message.content,
        stream=streamed,
        citations=cited,
        errors=lambda: raises(lambda: client.completion(**given | {"model": "openai/nobody"}), "NotFoundError"),
        structured=structured,
    )


def ollama() -> None:
    from ollama import Client

    client = Client(host=URL)
    given = {"model": "wenju", "messages": ASKED}
    cited = {"model": "wenju:sources", "messages": ASKED}
    tell(
        "ollama",
        whole=lambda: RIGHT in client.chat(**given).message.content,
        stream=lambda: RIGHT in "".join(part.message.content for part in client.chat(**given, stream=True)),
        citations=lambda: "/documents/" in client.chat(**cited).message.content,
        errors=lambda: raises(lambda: client.chat(model="nobody", messages=ASKED), "ResponseError"),
    )


def fastmcp() -> None:
    from fastmcp import Client

    async def called(tool: str, arguments: dict[str, Any]) -> Any:
        async with Client(f"{URL}/mcp") as client:
            return (await client.call_tool(tool, arguments)).structured_content

    asked = {"question": QUESTION}
    tell(
        "fastmcp",
        whole=lambda: RIGHT in asyncio.run(called("ask", asked))["answer"],
        citations=lambda: "固定资产投资" in asyncio.run(called("ask", asked))["citations"][0]["quote"],
        errors=lambda: raises(lambda: asyncio.run(called("ask", {"question": ""})), "ToolError"),
        structured=lambda: any(v["value"] == "18.3" for v in asyncio.run(called("ask", asked))["values"]),
    )


for each in (litellm, ollama, fastmcp):
    try:
        each()
    except Exception as error:
        print(json.dumps({"client": each.__name__, "whole": f"no: {type(error).__name__}: {error}"[:200]}), flush=True)
