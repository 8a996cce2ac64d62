"""Millions of made figures in a PostgreSQL database, and what others ask of them; and a service over it beside one over a folder.

``python -m benchmarks.scale.database figures --rows 2000000`` starts a server of its own (``--url`` takes another), has the figures
of made counties, years and things copied in, and measures a lookup, a ranking and a name. ``… answers`` asks the questions of
all sets of both engines, compares the answers byte for byte, and tells what an answer takes.
"""

from __future__ import annotations

import argparse
import datetime as dt
import hashlib
import json
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import LiteralString

from api.native.schemas import answer_json
from eval.corpora import BUNDLED, ROOT
from index.ingest import ingest
from index.store.embedding import BUILT_IN_MODEL, load_embedder
from index.store.engines.connection import Connection, Row
from index.store.engines.contract import Store
from index.store.engines.layout import SCHEMA, prepare
from index.store.engines.opening import DEFAULT, open_store
from index.store.engines.readings import DOCUMENT_TYPES, DOCUMENTS, FACT_TYPES, FACTS
from index.text.chunking import ChunkOptions
from index.text.counting import DEFAULT_VOCABULARY
from rag.errors import QuestionError
from rag.opening import Models, open_pipeline
from rag.types import Question
from tests.index.store.engines.server import running

YEARS, THINGS = 20, 340
"""Of each place: so many reports, a year each, of so many figures. 20 million figures are of 2,941 places: all counties."""
_LOOKS = 400

_VIEW: LiteralString = "SELECT value, unit, quote, source FROM serving_facts WHERE collection = 'default'"
_RANK: LiteralString = "thing = %s AND period = %s AND measure = 'level' ORDER BY value DESC"
_NAMES: LiteralString = "SELECT name FROM names, (VALUES (%s)) AS asked(words) WHERE pairs(name) @> pairs(words) AND strpos(name, words) > 0"


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print."""
    assert __doc__ is not None
    parser = argparse.ArgumentParser(prog="python -m benchmarks.scale.database", description=__doc__.splitlines()[0])
    parser.add_argument("what", choices=("figures", "answers"))
    parser.add_argument("--rows", type=int, default=2_000_000, help="figures to make (default 2,000,000)")
    parser.add_argument("--url", help="a database to use, empty; without it a server is started")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder, _database(options.url) as url:
        if options.what == "figures":
            _figures(url, options.rows)
        else:
            _answers(url, Path(folder))
    return 0


@contextmanager
def _database(url: str | None) -> Iterator[str]:
    if url is not None:
        yield url
        return
    with running("1GB") as server:
        yield server.database()


def thing(number: int) -> str:
    """The name of a made thing: no two are alike, and some have letters in common."""
    heads, tails = (
        ("农业", "工业", "能源", "教育", "交通", "卫生", "旅游", "科技", "环保", "金融"),
        ("投资", "收入", "产值", "人数", "面积"),
    )
    return f"{heads[number % 10]}{tails[number // 10 % 5]}第{number}项"


def _figures(url: str, rows: int) -> None:
    places = max(1, rows // (YEARS * THINGS))
    connection = Connection.open(url, "wenju measures", SCHEMA)
    prepare(connection, url)
    begun, computed = time.monotonic(), time.process_time()
    with connection.transaction():
        # As one does with so many: indexes are made of what is there, not row by row.
        indexes = connection.rows(
            "SELECT indexdef, indexname FROM pg_indexes WHERE schemaname = 'wenju' AND indexname ~ '^facts_(slot|rank|place)$'"
        )
        for _, name in indexes:
            connection.do(f"DROP INDEX {name}")
        connection.do("INSERT INTO collections VALUES (%s, 'made')", DEFAULT)
        connection.do("INSERT INTO versions VALUES (%s, 'made', now(), '{}')", DEFAULT)
        connection.copy("readings (id, key)", ("int8", "text"), ((n, str(n)) for n in range(places * YEARS)))
        held = ((DEFAULT, "made", n) for n in range(places * YEARS))
        connection.copy("version_readings (collection, version, reading)", ("text", "text", "int8"), held)
        connection.copy(DOCUMENTS, DOCUMENT_TYPES, map(_document, range(places * YEARS)))
        connection.copy(FACTS, FACT_TYPES, _rows(places))
        connection.do("INSERT INTO names SELECT DISTINCT thing FROM facts")
    loaded, computed = time.monotonic() - begun, time.process_time() - computed
    for made, _ in indexes:
        connection.do(made)
    indexed = time.monotonic() - begun - loaded
    connection.do("VACUUM ANALYZE")
    ((many, size, table, memory),) = connection.rows(
        "SELECT (SELECT count(*) FROM facts), pg_database_size(current_database()), pg_table_size('facts'),"
        " current_setting('shared_buffers')"
    )
    print(
        f"{many:,} figures of {places:,} places: copied in {loaded:.0f} s ({computed:.0f} s of CPU to make and send them), indexes {indexed:.0f} s"
    )
    print(
        f"disk {size / 2**30:.2f} GiB, of it rows {table / 2**30:.2f}; shared_buffers {memory}, {_resident():.0f} MiB in all its processes"
    )
    for name, (query, given) in _looks(places).items():
        took: list[float] = []
        found = 0
        for _ in range(_LOOKS):
            slots = given()
            begun = time.perf_counter()
            found = len(connection.rows(query, *slots))
            took.append((time.perf_counter() - begun) * 1000)
        took.sort()
        print(
            f"{name}: median {statistics.median(took):.2f} ms, 99th percentile {took[int(len(took) * 0.99)]:.2f} ms ({found} rows)"
        )
    connection.close()


def _looks(places: int) -> dict[str, tuple[LiteralString, Callable[[], tuple[str, ...]]]]:
    """What is asked, and what it is asked of: each time of something else."""
    drawn = random.Random(20)

    def of_things() -> str:
        return thing(drawn.randrange(THINGS))

    def of_places() -> str:
        return _place(drawn.randrange(places))

    def years() -> str:
        return str(2005 + drawn.randrange(YEARS))

    return {
        "point lookup": (
            f"{_VIEW} AND thing = %s AND region = %s AND period = %s",
            lambda: (of_things(), of_places(), years()),
        ),
        "rank of all places, first ten": (f"{_VIEW} AND {_RANK} LIMIT 10", lambda: (of_things(), years())),
        "rank of all places, every row": (f"{_VIEW} AND {_RANK}", lambda: (of_things(), years())),
        "all of a place and year": (f"{_VIEW} AND region = %s AND period = %s", lambda: (of_places(), years())),
        "name match": (_NAMES, lambda: (of_things()[2:7],)),
    }


def _place(number: int) -> str:
    return f"第{number}县"


def _document(reading: int) -> Row:
    place, year = _place(reading // YEARS), 2005 + reading % YEARS
    name = f"{year}年{place}政府工作报告"
    digest = hashlib.sha256(name.encode()).digest()
    return (
        reading,
        0,
        f"d{digest.hex()[:15]}",
        f"{name}.txt",
        digest,
        name,
        "annual",
        place,
        None,
        None,
        dt.date(year + 1, 1, 20),
        str(year),
        str(year + 1),
    )


def _rows(places: int) -> Iterator[Row]:
    drawn = random.Random(1)
    names = [thing(n) for n in range(THINGS)]
    for reading in range(places * YEARS):
        place, year = _place(reading // YEARS), 2005 + reading % YEARS
        for n, name in enumerate(names):
            value = drawn.randrange(1, 10**6)
            yield (
                reading, n, 0, name, name, place, str(year), year * 12, year * 12 + 11, "actual", "level",
                Decimal(value) / 100, "亿元", "", "", f"{name}完成{value / 100:.2f}亿元", n * 40, n * 40 + 30,
            )  # fmt: skip


def _resident() -> float:
    """MiB that the server's processes have for themselves and share, each page once."""
    total = 0
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if (folder / "comm").read_text().strip() == "postgres":
                told = (folder / "smaps_rollup").read_text().splitlines()
                total += sum(int(line.split()[1]) for line in told if line.startswith("Pss:"))
        except OSError:
            continue
    return total / 1024


def _answers(url: str, folder: Path) -> None:
    models = Models(load_embedder(str(BUILT_IN_MODEL)))
    stores: dict[str, Store] = {
        "folder": open_store("sqlite", folder / "folder"),
        "PostgreSQL": open_store(url, folder / "database"),
    }
    asked = [line for path in sorted((ROOT / "eval" / "questions").glob("*.jsonl")) for line in _questions(path)]
    told: dict[str, tuple[str, str]] = {}
    for name, store in stores.items():
        begun = time.process_time()
        ingest([BUNDLED], store, models.embedder, DEFAULT_VOCABULARY, ChunkOptions())
        wrote = time.process_time() - begun
        begun = time.process_time()
        pipeline = open_pipeline(store, models)
        opened = time.process_time() - begun
        digest, took = hashlib.sha256(), []
        for question, history in asked:
            begun = time.process_time()
            try:
                answer = answer_json(pipeline.answer(Question(question, dt.date(2026, 1, 1), history)))
            except QuestionError as error:
                answer = {"refused": str(error)}
            took.append((time.process_time() - begun) * 1000)
            digest.update(json.dumps({**answer, "timings_ms": {}}, ensure_ascii=False, default=str).encode())
        took.sort()
        told[name] = (pipeline.snapshot.id, digest.hexdigest())
        print(
            f"{name}: ingest {wrote:.1f} s, open {opened:.2f} s, {len(asked)} answers, median {statistics.median(took):.1f} ms, 99th"
            f" percentile {took[int(len(took) * 0.99)]:.1f} ms (CPU of this process); snapshot {told[name][0]}, answers {told[name][1][:16]}"
        )
        pipeline.close()
        begun = time.perf_counter()
        for _ in range(100):
            store.current()
        print(f"  a look at what serves: {(time.perf_counter() - begun) * 10:.2f} ms")
        store.close()
    print("equal byte for byte" if told["folder"] == told["PostgreSQL"] else "THE ANSWERS DIFFER")


def _questions(path: Path) -> Iterator[tuple[str, tuple[str, ...]]]:
    for line in path.read_text(encoding="utf-8").splitlines():
        told = json.loads(line)
        yield told["question"], tuple(told.get("history", ()))


if __name__ == "__main__":
    raise SystemExit(main())
