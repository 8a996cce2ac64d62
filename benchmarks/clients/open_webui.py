"""What Open WebUI sends when a file is attached to a chat, put together from its published package, and what it gets.

Its page takes 4 GB of packages, so it is tried by hand (docs/open-webui.md). Here its own templates are read out of the wheel
and filled as its ``utils/middleware.py`` and ``utils/task.py`` fill them; nothing of it is run.
"""

from __future__ import annotations

import ast
import json
import re
import subprocess
import zipfile
from pathlib import Path
from typing import Any

import httpx

VERSION = "0.12.4"
NAME = "Open WebUI, file attached"
FILE = "会议纪要：周五交材料。\n问题：打印机坏了，谁来修？\n2020年青浦区固定资产投资增长99.9%。\n<b>备注</b>\n"
"""A file beside the point, with a question and a figure of its own."""
_GAP = re.compile(r"\{\{(\w+)[^}]*\}\}")


def templates(python: Path, folder: Path) -> dict[str, str]:
    """The prompts of the published package by name. Raises RuntimeError where it cannot be had."""
    wheels = folder / "open-webui"
    if not list(wheels.glob("open_webui-*.whl")):
        command: list[str | Path] = [
            python,
            "-m",
            "pip",
            "download",
            "-q",
            "--no-deps",
            "-d",
            wheels,
            f"open-webui=={VERSION}",
        ]
        done = subprocess.run(command, capture_output=True, text=True, timeout=600, check=False)
        if done.returncode:
            raise RuntimeError(done.stderr[-200:])
    with zipfile.ZipFile(next(wheels.glob("open_webui-*.whl"))) as wheel:
        tree = ast.parse(wheel.read("open_webui/config.py"))
    found = {}
    for node in tree.body:
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
            (target, *_) = node.targets
            if isinstance(target, ast.Name) and target.id.endswith("_TEMPLATE"):
                found[target.id.removeprefix("DEFAULT_").removesuffix("_TEMPLATE")] = node.value.value
    return found


def filled(template: str, question: str, answer: str) -> str:
    """A task's prompt about a chat of one question and its answer."""
    chat = f"USER: {question}\nASSISTANT: {answer}"
    return _GAP.sub(lambda gap: chat if gap[1].upper().startswith("MESSAGES") else question, template)


def attached(template: str, question: str) -> str:
    """The user's message with a file, as ``apply_source_context_to_messages`` writes it."""
    source = f'<source id="1" name="会议纪要 (1).txt" resource-type="file" resource-id="6b1f">{FILE}</source>'
    return f"{template.replace('{{CONTEXT}}', source)}\n{question}"


def streamed(client: httpx.Client, messages: list[dict[str, Any]]) -> tuple[str, list[dict[str, Any]]]:
    """The text of a stream as the page shows it, and the events of sources."""
    body = {"model": "wenju", "stream": True, "messages": messages}
    text, sources = "", []
    with client.stream("POST", "/v1/chat/completions", json=body) as response:
        for line in response.iter_lines():
            if not line.startswith("data: {"):
                continue
            chunk = json.loads(line.removeprefix("data: "))
            if "event" in chunk:
                sources.append(chunk["event"])
            for choice in chunk.get("choices", ()):
                text += choice["delta"].get("content") or ""
    return text, sources


def checked(python: Path, folder: Path, url: str, question: str) -> dict[str, str]:
    """A row of the table: of a service that sends Open WebUI's events (``WENJU_CHAT_EVENTS``)."""
    try:
        prompts = templates(python, folder)
    except RuntimeError as error:
        return {"client": NAME, "whole": f"no: {error}"}
    message = {"role": "user", "content": attached(prompts["RAG"], question)}
    with httpx.Client(base_url=url, headers={"Authorization": "Bearer any"}, timeout=60, trust_env=False) as client:
        given = {"model": "wenju", "messages": [message]}
        whole = client.post("/v1/chat/completions", json=given).json()["choices"][0]["message"]["content"]
        text, sources = streamed(client, [message])
        refused = client.post("/v1/chat/completions", json={**given, "model": "nobody"})
        tasks: dict[str, Any] = {}
        for name in ("TITLE_GENERATION_PROMPT", "TAGS_GENERATION_PROMPT", "FOLLOW_UP_GENERATION_PROMPT"):
            asked = {"role": "user", "content": filled(prompts[name], question, text)}
            reply = client.post("/v1/chat/completions", json={**given, "messages": [asked]}).json()
            tasks |= json.loads(reply["choices"][0]["message"]["content"])
    quoted = [event for event in sources if "固定资产投资" in str(event.get("data", {}).get("document"))]
    rows = {
        "whole": "18.3%" in whole and "99.9" not in whole,
        "stream": text == whole,
        # The file is the page's first source, ours the second: a mark [1] would be shown as the file.
        "citations": bool(quoted) and "[2]" in text and "[1]" not in text,
        "errors": refused.status_code == 404 and bool(refused.json()["error"]["message"]),
        "structured": {"title", "tags", "follow_ups"} <= tasks.keys(),
    }
    return {"client": NAME} | {name: "yes" if good else "no" for name, good in rows.items()}
