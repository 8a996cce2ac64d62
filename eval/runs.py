"""A run on disk: JSON with one result per line, so that two runs differ where their answers do."""

from __future__ import annotations

import datetime as dt
import hashlib
import os
import platform
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec

from eval.results import Origin, Result, Run
from eval.services import Service
from index.errors import WenjuError

FORMAT = 1


class RunError(WenjuError):
    """A saved run cannot be read."""


def origin_of(
    service: Service, questions: Path, *, generator: str, limit: int | None, categories: Sequence[str]
) -> Origin:
    """What is about to be run, on this machine and now."""
    return Origin(
        commit=commit_of(Path(__file__).parent),
        snapshot=service.snapshot,
        model=service.model,
        where=service.where,
        questions=questions.name,
        questions_sha256=hashlib.sha256(questions.read_bytes()).hexdigest(),
        generator=generator,
        limit=limit,
        categories=tuple(categories),
        started=dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
        python=platform.python_version(),
        machine=f"{platform.machine()}, {os.cpu_count()} cores",
    )


def save_run(run: Run, path: Path) -> None:
    """Write a run. Folders above it are made."""
    path.parent.mkdir(parents=True, exist_ok=True)
    head = {"format": FORMAT, "origin": run.origin, "tolerances": run.tolerances}
    fields = [f'"{name}": {msgspec.json.encode(value).decode()}' for name, value in head.items()]
    lines = [msgspec.json.encode(result).decode() for result in run.results]
    text = "{" + ",\n".join(fields) + ',\n"results": [\n' + ",\n".join(lines) + "\n]}\n"
    path.write_text(text, encoding="utf-8")


def load_run(path: Path) -> Run:
    """Read a run back. Raises RunError naming the file and the field that is wrong."""
    try:
        content: Any = msgspec.json.decode(path.read_bytes())
        if not isinstance(content, dict) or content.get("format") != FORMAT:
            raise RunError(f"{path}: not a run of format {FORMAT}; make it again with: wenju eval --save {path}")
        return msgspec.convert(content, Run)
    except OSError as error:
        raise RunError(f"{path}: {error.strerror or error}") from error
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise RunError(f"{path}: not a run: {error}") from error


def results_by_id(run: Run) -> dict[str, Result]:
    return {result.id: result for result in run.results}


def commit_of(folder: Path) -> str | None:
    """The commit of the code, with ``+changes`` where files differ from it; None outside a checkout."""
    try:
        head = _git(folder, "rev-parse", "HEAD")
        return head + ("+changes" if _git(folder, "status", "--porcelain", "--untracked-files=no") else "")
    except (OSError, subprocess.CalledProcessError):
        return None


def _git(folder: Path, *arguments: str) -> str:
    done = subprocess.run(["git", "-C", str(folder), *arguments], capture_output=True, text=True, check=True)
    return done.stdout.strip()
