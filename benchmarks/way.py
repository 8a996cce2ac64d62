"""The way of one question through the rooms of ``rag``, counted.

``python -m benchmarks.way QUESTION…`` reads the bundled reports (or takes ``--index``), answers each question and prints the
rooms that it enters, in order, how many times it enters one, and how many of these are returns: entries to a room that had
been left. A room is entered when a function of it is called while none of it is running, and left when the last of them
returns; a room that waits for the one it has called is not left. What stands above the rooms (``rag.pipeline``) is none.
"""

from __future__ import annotations

import argparse
import datetime as dt
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Sequence
from itertools import groupby
from pathlib import Path
from types import FrameType
from typing import Any

from eval.corpora import ROOT
from index.ingest import ingest
from index.store.embedding import BUILT_IN_MODEL, load_embedder
from rag.opening import open_pipeline
from rag.types import Answer, Question
from settings import Settings

SHOWN = 24
"""Entries that are printed, the rest as a count."""
DAY = dt.date(2026, 3, 1)


def way(answer: Callable[[], Answer]) -> tuple[list[str], Answer]:
    """The rooms entered in order while a question is answered, and its answer."""
    entered: list[str] = []
    running: Counter[str] = Counter()

    def room(frame: FrameType) -> str:
        parts = str(frame.f_globals.get("__name__", "")).split(".")
        return parts[1] if len(parts) > 2 and parts[0] == "rag" else ""

    def watch(frame: FrameType, event: str, _: Any) -> None:
        if event not in ("call", "return"):
            return
        name = room(frame)
        if name and event == "call":
            if not running[name]:
                entered.append(name)
            running[name] += 1
        elif name:
            # Generators that were entered before this watched return too.
            running[name] = max(0, running[name] - 1)

    sys.setprofile(watch)
    try:
        result = answer()
    finally:
        sys.setprofile(None)
    return entered, result


def returns(entered: Sequence[str]) -> int:
    """Entries to a room that had been left for another; one that is entered twice in a row was not."""
    rooms = [name for name, _ in groupby(entered)]
    return len(rooms) - len(set(rooms))


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.way", description=__doc__)
    parser.add_argument("question", nargs="+")
    parser.add_argument("--index", type=Path)
    given = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        index = given.index or Path(folder)
        if given.index is None:
            settings = Settings(_env_file=None)
            embedder = load_embedder(str(BUILT_IN_MODEL))
            ingest((ROOT / "data" / "reports",), index, embedder, settings.token_vocabulary, settings.chunking)
        pipeline = open_pipeline(index, str(BUILT_IN_MODEL))
        pipeline.warm()
        for text in given.question:
            entered, answer = way(lambda text=text: pipeline.answer(Question(text, DAY)))  # type: ignore[misc]
            rooms = [name for name, _ in groupby(entered)]
            more = f" … and {len(rooms) - SHOWN} more" if len(rooms) > SHOWN else ""
            print(text)
            print(f"  {answer.answer.splitlines()[0]}")
            print(f"  {' → '.join(rooms[:SHOWN])}{more}")
            print(f"  entered {len(rooms)}, returns {returns(entered)}")
        pipeline.close()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
