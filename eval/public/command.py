"""``wenju eval bench NAME``: one public benchmark from the shared folder, as a table or as JSON."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict

from tqdm import tqdm

from eval.public.chronoqa import chronoqa
from eval.public.rows import Row, table
from eval.public.squad import cmrc, xquad
from index.store.embedding import load_embedder
from settings import Settings


def bench_command(settings: Settings, name: str, *, limit: int | None, as_json: bool) -> int:
    """Run and print. Where the data are not there it says so and is no failure: they are no part of the repository."""
    folder = settings.shared / "data" / "bench" / name
    if not folder.is_dir():
        sys.stderr.write(f"skipped: no {folder} (WENJU_SHARED)\n")
        return 0
    model = load_embedder(settings.embedding)
    rows: list[Row]
    with tqdm(unit="question", disable=None, file=sys.stderr) as bar:

        def on_case() -> None:
            bar.update()

        if name == "cmrc2018":
            rows = cmrc(settings, model, folder, limit, on_case)
        elif name == "xquad":
            rows = xquad(model, folder, limit)
        else:
            rows = chronoqa(model, folder / "chronoqa.csv.gz", limit, on_case)
    if as_json:
        sys.stdout.write(json.dumps([asdict(row) for row in rows], ensure_ascii=False, indent=1) + "\n")
    else:
        sys.stdout.write(table(rows))
    return 0
