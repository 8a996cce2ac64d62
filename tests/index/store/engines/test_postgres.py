"""What the database is for others, what it does when something is wrong with it, and the whole program over it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from urllib.request import Request, urlopen

import psycopg
import pytest

import cli
from index.errors import IndexReadOnlyError, SnapshotError, StoreError
from index.ingest import remove
from index.store.embedding import Embedder
from index.store.engines.opening import open_store
from index.store.snapshot import open_snapshot, verify
from index.text.chunking import ChunkOptions
from index.text.counting import DEFAULT_VOCABULARY
from settings import Settings
from tests.builders import REPORT, write_files
from tests.conftest import ROOT
from tests.index.store.engines.server import Server
from tests.index.store.engines.test_contract import EMBEDDER, WHITE, add, names
from tests.serving import serving


def test_figures_are_rows_for_other_programs(database: str, tmp_path: Path) -> None:
    """Those of what serves, each with its verbatim quotation and its file's bytes; what is rolled back or taken out goes."""
    store = open_store(database, tmp_path / "one")
    add(store, {"green.txt": REPORT})
    add(store, {"white.txt": WHITE})
    snapshot = open_snapshot(store.reading(), EMBEDDER)
    with psycopg.connect(database, autocommit=True) as other:
        rows = other.execute(
            "SELECT source, indicator, region, period, status, measure, value, unit, quote, start FROM wenju.serving_facts"
            " ORDER BY source, n"
        ).fetchall()
        told = [
            (d.source, f.indicator, f.region, str(f.period), f.status.value, f.measure.value, f.value, f.unit,
             f.span.of(snapshot.source_of(d).text), f.span.start)
            for f in snapshot.facts
            if (d := snapshot.document(f.document_id)) is not None
        ]  # fmt: skip
        assert len(rows) > 10
        assert rows == told
        (stored,) = other.execute(
            "SELECT wenju.file_bytes(sha256) FROM wenju.serving_documents WHERE source = 'white.txt'"
        ).fetchone() or (b"",)
        assert stored == WHITE.encode()
        found = (
            "SELECT name FROM wenju.names WHERE wenju.pairs(name) @> wenju.pairs('资产投资') AND name LIKE '%资产投资%'"
        )
        assert ("固定资产投资",) in other.execute(found).fetchall()
        store.roll_back(1)
        served = "SELECT DISTINCT source FROM wenju.serving_facts"
        assert other.execute(served).fetchall() == [("green.txt",)]
        store.roll_back(0)
        remove("green.txt", store, EMBEDDER, DEFAULT_VOCABULARY, ChunkOptions())
        for n in range(3):
            add(store, {"only.txt": WHITE.replace("白水", f"白水{n}")})
        # Of what no held version has, nothing is left.
        assert other.execute("SELECT count(*) FROM wenju.documents WHERE source = 'green.txt'").fetchone() == (0,)
        unused = "SELECT count(*) FROM wenju.pieces p WHERE NOT EXISTS (SELECT FROM wenju.file_pieces f WHERE f.piece = p.hash)"
        assert other.execute(unused).fetchone() == (0,)


def test_damage_is_told_and_copies_are_fetched_anew(database: str, tmp_path: Path) -> None:
    store = open_store(database, tmp_path / "one")
    add(store, {"green.txt": REPORT})
    root = store.reading()
    (folder,) = [f for f in (root / "snapshots").iterdir() if not f.name.startswith(".")]
    victim = folder / "tables" / "facts.bin"
    data = victim.read_bytes()
    # Not in place: the writer's folder is linked to it.
    victim.unlink()
    victim.write_bytes(data[:-1])
    assert names(store) == {"green.txt"}
    assert victim.read_bytes() == data
    victim.unlink()
    victim.write_bytes(data[:-1] + b"?")
    assert store.verify() == []
    assert verify(store.reading()) == []
    with psycopg.connect(database, autocommit=True) as other:
        other.execute(
            "UPDATE wenju.pieces SET body = body || 'x' WHERE hash IN (SELECT piece FROM wenju.file_pieces n"
            " JOIN wenju.version_files v USING (file) WHERE v.path = 'tables/facts.bin')"
        )
    assert "tables/facts.bin" in store.verify()[0]
    with pytest.raises(SnapshotError, match="damaged"):
        store.roll_back(0)
    with pytest.raises(SnapshotError, match=r"tables/facts\.bin"):
        open_store(database, tmp_path / "two").reading()


def test_what_cannot_be_reached_is_told_in_a_line(server: Server, database: str, tmp_path: Path) -> None:
    """Without the password."""
    away = database.replace(f":{server.port}/", ":1/")
    for address, cause in ((away, "cannot be reached"), (database.replace("secret", "wrong"), "cannot be reached")):
        with pytest.raises(StoreError, match=cause) as told:
            open_store(address, tmp_path).current()
        assert "secret" not in str(told.value)
        assert "wrong-of" not in str(told.value)
        assert "\n" not in str(told.value)
    with pytest.raises(StoreError, match="no address"):
        open_store("postgresql://[", tmp_path)
    assert "secret" not in repr(Settings(store=database))
    with psycopg.connect(database, autocommit=True) as other:
        add(open_store(database, tmp_path / "one"), {"green.txt": REPORT})
        other.execute("UPDATE wenju.about SET format = 99")
        with pytest.raises(StoreError, match="format 99"):
            open_store(database, tmp_path / "two").reading()


def test_a_connection_that_breaks_is_made_anew(database: str, tmp_path: Path) -> None:
    store = open_store(database, tmp_path / "one")
    current = add(store, {"green.txt": REPORT}).manifest.id
    assert store.current() == current
    with psycopg.connect(database, autocommit=True) as other:
        other.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'wenju watches'")
    assert store.current() == current
    store.close()
    assert store.current() == current
    store.close()


_KILLED = """
import sys, time
from pathlib import Path
from index.ingest import ingest_files
from index.store.engines import postgres
from index.store.engines.opening import open_store
from index.text.chunking import ChunkOptions
from index.text.counting import DEFAULT_VOCABULARY
from tests.fakes import HashingEmbedder

def stop(connection):
    print("inside", flush=True)
    time.sleep(600)
postgres.forget_readings = stop
store = open_store(sys.argv[1], Path(sys.argv[2]))
ingest_files([("white.txt", sys.stdin.buffer.read())], store, HashingEmbedder(), DEFAULT_VOCABULARY, ChunkOptions())
"""


@pytest.mark.skipif(os.name != "posix", reason="sends SIGKILL")
def test_a_killed_writer_leaves_the_last(database: str, tmp_path: Path) -> None:
    """With all of its work in the database but the commit; and nobody waits for its lock then."""
    one, two = (open_store(database, tmp_path / name) for name in ("one", "two"))
    last = add(one, {"green.txt": REPORT}).manifest.id
    command = [sys.executable, "-c", _KILLED, database, str(tmp_path / "one")]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(WHITE.encode())
        process.stdin.close()
        assert process.stdout.readline() == b"inside\n"
        assert two.holder().startswith(f"process {process.pid} on")
        assert two.current() == last
        process.kill()
    assert two.current() == last
    assert names(two) == {"green.txt"}
    assert two.verify() == []
    add(one, {"white.txt": WHITE})
    assert names(two) == {"green.txt", "white.txt"}
    two.close()


def test_who_may_only_read_is_told_so(database: str, tmp_path: Path) -> None:
    add(open_store(database, tmp_path / "one"), {"green.txt": REPORT})
    reader = f"reader_{database[-8:]}"
    with psycopg.connect(database, autocommit=True) as other:
        other.execute(f"CREATE ROLE {reader} LOGIN PASSWORD 'secret-of-tests'")
        other.execute(f"GRANT USAGE ON SCHEMA wenju TO {reader}")
        other.execute(f"GRANT SELECT ON ALL TABLES IN SCHEMA wenju TO {reader}")
    store = open_store(database.replace("wenju:", f"{reader}:"), tmp_path / "two")
    assert names(store) == {"green.txt"}
    with pytest.raises(IndexReadOnlyError):
        add(store, {"white.txt": WHITE})


def test_without_psycopg_the_command_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(StoreError, match=r"pip install 'wenju\[postgres\]'"):
        open_store("postgresql://host/database", tmp_path)


def test_the_commands(
    database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("WENJU_STORE", database)
    folder = write_files(tmp_path / "reports", {"green.txt": REPORT})

    def told(*arguments: str, status: int = 0) -> str:
        capsys.readouterr()
        assert cli.main([*arguments]) == status
        out, err = capsys.readouterr()
        assert "secret" not in out + err
        return out + err

    assert "no index in postgresql://127.0.0.1" in told("verify", status=1)
    assert "1 files added" in told("ingest", str(folder))
    write_files(folder, {"white.txt": WHITE})
    assert "1 files added" in told("ingest", str(folder / "white.txt"))
    assert [line.split()[0] for line in told("snapshots").splitlines()] == ["*", "1"]
    assert "白水市" in told("coverage")
    assert "serving snapshot" in told("rollback", "1")
    assert "白水市" not in told("coverage")
    told("rollback", "0")
    assert "黑山市" in told("correct", "white.txt", "--region", "黑山市")
    assert "黑山市" in told("coverage")
    assert "taken out" in told("remove", "white.txt")
    assert "is what its manifest says" in told("verify")
    assert "green.txt" in told("ask", "2023年青石市地区生产总值是多少", "--as-of", "2026-01-01")
    found = {line.split(":")[0]: line for line in told("doctor").splitlines()}
    assert "in postgresql://127.0.0.1" in found["good  index"]


def test_two_services_while_a_third_machine_adds(database: str, tmp_path: Path, embedder: Embedder) -> None:
    """Both serve what was added, soon and without being told, and give the same bytes before and after."""
    settings = {"store": database}
    third = Settings(index=tmp_path / "three", store=database)
    add(third.held, {"green.txt": REPORT}, embedder)
    with serving(tmp_path / "one", **settings) as one, serving(tmp_path / "two", **settings) as two:
        before = [asked(each.url, "2023年白水市地区生产总值是多少") for each in (one, two)]
        assert before[0] == before[1]
        added = add(third.held, {"white.txt": WHITE}, embedder).manifest.id
        due = time.monotonic() + 60
        while time.monotonic() < due:
            after = [asked(each.url, "2023年白水市地区生产总值是多少") for each in (one, two)]
            if all(each["snapshot"] == added for each in after):
                break
            time.sleep(0.1)
        assert after[0] == after[1]
        assert after[0]["snapshot"] == added
        assert before[0]["abstained"]
        assert not after[0]["abstained"]


def asked(url: str, question: str) -> dict[str, object]:
    body = json.dumps({"question": question, "as_of": "2026-01-01"}).encode()
    with urlopen(Request(f"{url}/v1/ask", body, {"Content-Type": "application/json"}), timeout=60) as answer:
        told: dict[str, object] = json.load(answer)
    return told | {"timings_ms": {}}
