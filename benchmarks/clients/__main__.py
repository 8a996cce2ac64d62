"""Clients that the tests do not install, each with the real package: ``python -m benchmarks.clients [--env FOLDER]``.

Installs them (pip and npm, half a gigabyte) into a folder that is none of the repository's, serves the bundled reports, and
prints for each client whether it gets the flagship answer whole and streamed, its citations where its user looks, its own
error for a model that is not there, and structured output. ``--env`` keeps the folder for the next time.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import httpx

from benchmarks.clients import open_webui
from index.ingest import ingest
from index.store.embedding import BUILT_IN_MODEL, load_embedder
from index.text.chunking import ChunkOptions
from index.text.counting import DEFAULT_VOCABULARY
from tests.serving import serving

HERE = Path(__file__).parent
SYSTEMS = HERE / "systems"
ROOT = HERE.parents[1]
ASPECTS = ("whole", "stream", "citations", "errors", "structured")
QUESTION = "2020年嘉定固定资产投资增长多少"
SECONDS = 600

_GENERATED = """
import sys
from wenju_client import Client
from wenju_client.api.default import {operation} as ask
from wenju_client.models import {body} as Body

answer = ask.sync(client=Client(base_url=sys.argv[1], headers={{"Authorization": "Bearer any"}}), body=Body(question=sys.argv[2]))
print(answer.answer)
"""


def run(*command: str | Path, folder: Path) -> subprocess.CompletedProcess[str]:
    """A command with its output, which may fail."""
    words = [str(part) for part in command]
    return subprocess.run(words, cwd=folder, capture_output=True, text=True, timeout=SECONDS, check=False)


def install(folder: Path) -> Path:
    """The environment's Python; what is there already is kept."""
    python = folder / "peers" / "bin" / "python"
    if not python.exists():
        run(sys.executable, "-m", "venv", folder / "peers", folder=folder)
        run(python, "-m", "pip", "install", "-q", "-r", HERE / "requirements.txt", folder=folder)
    node = folder / "node"
    if not (node / "node_modules").is_dir() and shutil.which("npm"):
        node.mkdir(parents=True, exist_ok=True)
        shutil.copy(HERE / "package.json", node)
        run("npm", "install", "--no-audit", "--no-fund", folder=node)
    return python


def in_python(python: Path, url: str) -> list[dict[str, str]]:
    """litellm, ollama and fastmcp."""
    done = run(python, SYSTEMS / "python_clients.py", url, folder=HERE)
    lines = [line for line in done.stdout.splitlines() if line.startswith("{")]
    return [json.loads(line) for line in lines] or [{"client": "python", "whole": f"no: {done.stderr[-200:]}"}]


def in_node(folder: Path, url: str) -> list[dict[str, str]]:
    """Vercel's AI SDK and the command line of the MCP inspector."""
    shutil.copy(SYSTEMS / "vercel.mjs", folder)
    done = run("node", "vercel.mjs", url, folder=folder)
    vercel = (
        json.loads(done.stdout)
        if done.returncode == 0
        else {"client": "Vercel AI", "whole": f"no: {done.stderr[-200:]}"}
    )
    inspector = {"client": "MCP inspector"}
    call = (
        "npx",
        "--no-install",
        "mcp-inspector",
        "--cli",
        f"{url}/mcp",
        "--transport",
        "http",
        "--method",
        "tools/call",
    )
    done = run(*call, "--tool-name", "ask", "--tool-arg", f"question={QUESTION}", folder=folder)
    try:
        result: dict[str, Any] = json.loads(done.stdout)["structuredContent"]
        inspector |= {
            "whole": _told("18.3%" in result["answer"]),
            "citations": _told("固定资产投资" in result["citations"][0]["quote"]),
            "structured": _told(any(v["value"] == "18.3" for v in result["values"])),
        }
    except (ValueError, KeyError):
        inspector["whole"] = f"no: {(done.stdout + done.stderr)[-200:]}"
    done = run(*call, "--tool-name", "ask", "--tool-arg", "question=", folder=folder)
    inspector["errors"] = _told('"isError": true' in done.stdout or done.returncode != 0)
    return [vercel, inspector]


def generated(python: Path, folder: Path, url: str) -> dict[str, str]:
    """A client made from our OpenAPI schema, built and run."""
    schema = httpx.get(f"{url}/openapi.json", trust_env=False).json()
    (folder / "openapi.json").write_text(json.dumps(schema), encoding="utf-8")
    made = folder / "generated"
    shutil.rmtree(made, ignore_errors=True)
    (folder / "config.yml").write_text("package_name_override: wenju_client\nproject_name_override: wenju-client\n")
    command = (python.parent / "openapi-python-client", "generate", "--path", "openapi.json", "--output-path", made)
    done = run(*command, "--config", "config.yml", folder=folder)
    if done.returncode:
        return {"client": "openapi-python-client", "whole": f"no: {(done.stdout + done.stderr)[-200:]}"}
    operation = schema["paths"]["/v1/ask"]["post"]
    name = operation["operationId"]
    (module,) = [p for p in (made / "wenju_client" / "api").rglob("*.py") if p.stem == _snake(name)]
    body = operation["requestBody"]["content"]["application/json"]["schema"]["$ref"].split("/")[-1]
    program = _GENERATED.replace("api.default", f"api.{module.parent.name}").format(operation=module.stem, body=body)
    (made / "ask.py").write_text(program, encoding="utf-8")
    done = run(python, "ask.py", url, QUESTION, folder=made)
    warned = sum("WARNING" in line for line in done.stdout.splitlines())
    return {
        "client": "openapi-python-client",
        "whole": _told(("18.3%" in done.stdout and not warned) or done.stderr[-200:]),
    }


def _snake(name: str) -> str:
    return "".join(f"_{c.lower()}" if c.isupper() and n else c.lower() for n, c in enumerate(name))


def typed(python: Path) -> dict[str, str]:
    """A program of an outside user under pyright, strict."""
    command = (python.parent / "pyright", "--pythonpath", sys.executable, SYSTEMS / "outside.py")
    done = run(*command, folder=HERE)
    return {"client": "pyright (wenju.Client)", "whole": _told(done.returncode == 0 or done.stdout[-200:])}


def _told(found: object) -> str:
    return "yes" if found is True else f"no: {found}"


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the table; 1 where something does not work."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--env", type=Path, help="a folder to install the clients in, and to find them again")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as scratch:
        folder = options.env or Path(scratch)
        index = Path(scratch) / "index"
        python = install(folder)
        embedder = load_embedder(str(BUILT_IN_MODEL))
        ingest([ROOT / "data" / "reports"], index, embedder, DEFAULT_VOCABULARY, ChunkOptions())
        with serving(index) as service:
            rows = in_python(python, service.url)
            rows += in_node(folder / "node", service.url) if (folder / "node").is_dir() else []
            rows += [generated(python, folder, service.url), typed(python)]
        with serving(index, chat_events="true") as service:
            rows.append(open_webui.checked(python, folder, service.url, QUESTION))
    print(f"{'client':26}" + "".join(f"{aspect:12}" for aspect in ASPECTS))
    for row in rows:
        print(f"{row['client']:26}" + "".join(f"{row.get(aspect, '-'):12}" for aspect in ASPECTS))
    return int(any(value.startswith("no") for row in rows for value in row.values()))


if __name__ == "__main__":
    raise SystemExit(main())
