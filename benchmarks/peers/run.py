"""Wenju beside Haystack, LlamaIndex, txtai and plain FAISS: ``python -m benchmarks.peers.run`` (``make bench-peers``).

One machine, one corpus (the bundled reports), one embedding model, one question set, one grader; each peer in an
environment of its own, made from ``requirements-NAME.txt``. Two settings for each peer: ``plain`` cuts the texts itself;
``given`` gets our chunks with place, period and headings in their text, and filters by the district and year that the
question names. What helps a peer is said at the head of its file under ``systems/``.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.peers.grading import Grader, figures
from eval.cases import Case, read_cases
from eval.command import default_set
from index.ingest import ingest
from index.store.embedding import BUILT_IN_MODEL, load_embedder
from index.store.snapshot import IndexSnapshot, open_snapshot
from settings import Settings

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
PEERS = ("haystack", "llamaindex", "txtai", "faiss")
COSTS = ("ingest, s", "cold start, s", "median, ms", "p99, ms", "answers a second", "memory, MB")


@dataclass(frozen=True, slots=True)
class System:
    """A measured system: its costs by name, and its figures."""

    name: str
    costs: dict[str, float]
    figures: dict[str, float]


def environment(name: str, folder: Path, pip_arguments: list[str]) -> Path:
    """The Python of a peer's environment, made where it is missing or its requirements have changed."""
    requirements = HERE / f"requirements-{name}.txt"
    home = folder / name
    mark = home / "requirements.txt"
    if not mark.is_file() or mark.read_text(encoding="utf-8") != requirements.read_text(encoding="utf-8"):
        print(f"installing {name}", file=sys.stderr)
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(home)], check=True)
        pip = [str(home / "bin" / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*pip, *pip_arguments, "-r", str(requirements)], check=True)
        shutil.copy(requirements, mark)
    return home / "bin" / "python"


def export(snapshot: IndexSnapshot, cases: tuple[Case, ...], data: Path) -> None:
    """The corpus, our chunks with their metadata, and the questions, for systems that know nothing of this project."""
    shutil.copytree(ROOT / "data" / "reports", data / "reports", ignore=shutil.ignore_patterns("*.toml"))
    with (data / "chunks.jsonl").open("w", encoding="utf-8") as file:
        for chunk in snapshot.chunks:
            document = snapshot.document(chunk.document_id)
            assert document is not None
            year = str(chunk.period.last_year) if chunk.period else ""
            record = {
                "text": chunk.text, "document": document.source, "title": document.title, "region": chunk.region or "",
                "period": str(chunk.period or ""), "year": year, "heading": chunk.heading,
            }  # fmt: skip
            file.write(json.dumps(record, ensure_ascii=False) + "\n")
    with (data / "questions.jsonl").open("w", encoding="utf-8") as file:
        for case in cases:
            file.write(
                json.dumps({"id": case.id, "question": case.question, "history": case.history}, ensure_ascii=False)
                + "\n"
            )


def measured(name: str, grader: Grader, cases: tuple[Case, ...], body: dict[str, Any], cold: float) -> System:
    """One system's costs and figures from what its process printed."""
    taken = sorted(body["ms"])
    costs = {
        "ingest, s": body["ingest_s"], "cold start, s": cold, "median, ms": statistics.median(taken),
        "p99, ms": taken[int(len(taken) * 0.99)], "answers a second": 1000 * len(taken) / sum(taken), "memory, MB": body["memory_mb"],
    }  # fmt: skip
    outputs = {output["id"]: output for output in body["outputs"]}
    return System(name, costs, figures([grader.grade(case, outputs[case.id]) for case in cases]))


def seconds(command: list[str], variables: dict[str, str], repeats: int = 3) -> float:
    """The median time of a whole process, from its start to its answer."""
    times = []
    for _ in range(repeats):
        began = time.perf_counter()
        subprocess.run(command, check=True, capture_output=True, env=variables, cwd=ROOT)
        times.append(time.perf_counter() - began)
    return statistics.median(times)


def output_of(command: list[str], variables: dict[str, str]) -> dict[str, Any]:
    done = subprocess.run(
        command, check=False, capture_output=True, text=True, encoding="utf-8", env=variables, cwd=ROOT
    )
    if done.returncode:
        raise SystemExit(f"{' '.join(command[:3])} failed:\n{done.stderr[-3000:]}")
    body: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return body


def table(systems: list[System]) -> str:
    """Figures as they are; costs as they are for us and as multiples of ours for the others."""
    ours = systems[0]
    head = "| | " + " | ".join(system.name for system in systems) + " |"
    lines = [head, "|---|" + "---:|" * len(systems)]
    for name in ours.figures:
        lines.append(f"| {name} | " + " | ".join(f"{100 * system.figures[name]:.1f} %" for system in systems) + " |")
    for name in COSTS:
        cells = [f"{ours.costs[name]:.2f}"]
        cells += [f"{system.costs[name]:.2f} ({system.costs[name] / ours.costs[name]:.2g}×)" for system in systems[1:]]
        lines.append(f"| {name} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def main(argv: list[str] | None = None) -> int:
    """Measure and print one Markdown table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--environments", type=Path, default=ROOT / ".venv" / "peers", help="folder of the environments"
    )
    parser.add_argument("--pip", default="", help="further arguments for pip, as one text")
    parser.add_argument("--only", choices=PEERS, action="append", help="only this peer; may be repeated")
    parser.add_argument("--repeats", type=int, default=3)
    options = parser.parse_args(argv)
    settings = Settings()
    questions = default_set(settings.shared)
    cases = read_cases(questions)
    variables = {**os.environ, "HF_HUB_OFFLINE": "1", "TOKENIZERS_PARALLELISM": "false", "PYTHONPATH": str(ROOT)}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        index = folder / "ours"
        embedder = load_embedder(str(BUILT_IN_MODEL))
        ingest([ROOT / "data" / "reports"], index, embedder, settings.token_vocabulary, settings.chunking)
        snapshot = open_snapshot(index, embedder)
        data = folder / "data"
        export(snapshot, cases, data)
        shutil.copy(questions, data / "cases.jsonl")
        grader = Grader(snapshot)
        ours = [sys.executable, "-m", "benchmarks.peers.ours", str(data), str(index), str(options.repeats)]
        body = output_of(ours, variables)
        cold = seconds([sys.executable, "-m", "wenju", "ask", cases[0].question, "--index", str(index)], variables)
        systems = [measured("Wenju", grader, cases, body, cold)]
        for peer in options.only or PEERS:
            python = environment(peer, options.environments, options.pip.split())
            for setting in ("plain", "given"):
                print(f"{peer}, {setting}", file=sys.stderr)
                stored = folder / f"{peer}-{setting}"
                script = str(HERE / "systems" / f"{peer}_peer.py")
                command = [str(python), script, str(data), str(BUILT_IN_MODEL), setting, str(stored)]
                body = output_of([*command, "--repeats", str(options.repeats)], variables)
                cold = seconds([*command, "--once"], variables)
                systems.append(measured(f"{peer}, {setting}", grader, cases, body, cold))
        snapshot.close()
    print(f"{questions.name}: {len(cases)} questions over the bundled reports\n")
    print(table(systems))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
