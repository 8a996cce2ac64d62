"""What every engine promises, shown of each with the same cases: see ``index.store.engines.contract``.

That a writer which is killed leaves the last version is shown in ``tests/index/test_kills.py`` and ``test_postgres.py``.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import threading
from pathlib import Path

import pytest

from api.native.schemas import answer_json
from index.amend import Amending, restorable
from index.errors import IndexBusyError, NothingUsableError, SnapshotError, SourceError
from index.ingest import IngestReport, Progress, ingest_files, remove
from index.store.embedding import Embedder
from index.store.engines.contract import KEPT, Store
from index.store.engines.folder import FolderStore
from index.store.snapshot import open_snapshot, verify
from index.text.chunking import ChunkOptions
from index.text.counting import DEFAULT_VOCABULARY
from index.versions import roll_back, versions
from rag.opening import Models, open_pipeline
from rag.types import Question
from tests.builders import REPORT
from tests.fakes import HashingEmbedder
from tests.index.store.engines.conftest import Machines

EMBEDDER = HashingEmbedder()
WHITE = REPORT.replace("青石", "白水")
QUESTIONS = (
    "2023年青石市地区生产总值是多少",
    "青石市2024年的目标有哪些",
    "白水市2023年固定资产投资增长多少",
    "你好",
    "哪个市的一般公共预算收入最高",
)


def add(
    store: Store, files: dict[str, str | bytes], embedder: Embedder = EMBEDDER, progress: Progress | None = None
) -> IngestReport:
    given: list[tuple[str, Path | bytes] | SourceError] = [
        (name, text.encode() if isinstance(text, str) else text) for name, text in files.items()
    ]
    return ingest_files(
        given, store, embedder, DEFAULT_VOCABULARY, ChunkOptions(), patience=10, progress=progress
    )  # fmt: skip


def names(store: Store) -> set[str]:
    return set(open_snapshot(store.reading(), EMBEDDER).sources)


def whole(store: Store) -> bool:
    return not store.verify() and not verify(store.reading())


def test_nothing_was_ingested(machines: Machines) -> None:
    store = machines("one")
    assert store.current() is None
    assert store.versions() == []
    assert store.holder() == ""
    with pytest.raises(SnapshotError, match="wenju ingest"):
        open_snapshot(store.reading(), EMBEDDER)
    with pytest.raises(SnapshotError, match="holds none"):
        store.roll_back(0)
    with pytest.raises(NothingUsableError):
        add(store, {"empty.txt": b""})
    assert store.current() is None


def test_what_one_adds_all_have(machines: Machines) -> None:
    """And what was read is not read again by another machine."""
    one, two = machines("one"), machines("two")
    first = add(one, {"green.txt": REPORT}).manifest
    assert one.current() == two.current() == first.id
    assert names(two) == {"green.txt"}
    kept: list[bool] = []
    second = add(two, {"white.txt": WHITE}, progress=Progress(on_read=lambda read: kept.append(read.kept))).manifest
    assert sorted(kept) == [False, True]
    assert one.current() == second.id
    assert names(one) == names(two) == {"green.txt", "white.txt"}
    assert whole(one)
    assert whole(two)
    assert [(v.number, v.manifest, v.serving) for v in one.versions()] == [(0, second, True), (1, first, False)]


def test_what_fails_leaves_the_last(machines: Machines) -> None:
    store = machines("one")
    last = add(store, {"green.txt": REPORT}).manifest.id
    with pytest.raises(NothingUsableError):
        add(store, {"binary.txt": b"\x00\x01\x02" * 500})

    def full(step: str) -> None:
        if step == "checking":
            raise OSError(5, "the disk is broken")

    with pytest.raises(OSError, match="broken"):
        add(store, {"white.txt": WHITE}, progress=Progress(on_step=full))
    with pytest.raises(RuntimeError), store.writing():
        raise RuntimeError
    assert store.current() == last
    assert names(store) == {"green.txt"}
    assert whole(store)
    assert names(store) | {"white.txt"} == (add(store, {"white.txt": WHITE}), names(store))[1]


def test_back_and_forward(machines: Machines) -> None:
    """What is added after going back is added to that one."""
    one, two = machines("one"), machines("two")
    first = add(one, {"green.txt": REPORT}).manifest.id
    second = add(one, {"white.txt": WHITE}).manifest.id
    assert names(two) == {"green.txt", "white.txt"}
    assert roll_back(two, 1).manifest.id == first
    assert one.current() == first
    assert names(one) == names(two) == {"green.txt"}
    assert whole(one)
    assert [v.serving for v in versions(one)] == [False, True]
    assert roll_back(one, 0).manifest.id == second
    assert names(two) == {"green.txt", "white.txt"}
    for number in (2, -1):
        with pytest.raises(SnapshotError, match="wenju snapshots"):
            one.roll_back(number)
    one.roll_back(1)
    add(two, {"black.txt": REPORT.replace("青石", "黑山")})
    assert names(one) == {"green.txt", "black.txt"}


def test_old_versions_go_and_what_they_have_comes_back(machines: Machines) -> None:
    one, two = machines("one"), machines("two")
    add(one, {"green.txt": REPORT, "white.txt": WHITE})
    remove("white.txt", two, EMBEDDER, DEFAULT_VOCABULARY, ChunkOptions())
    assert names(one) == {"green.txt"}
    assert list(restorable(one)) == ["white.txt"]
    Amending(one, EMBEDDER, DEFAULT_VOCABULARY, ChunkOptions()).restore("white.txt")
    assert names(two) == {"green.txt", "white.txt"}
    for number in range(KEPT):
        add(two, {f"{number}.txt": REPORT.replace("青石", f"青石{number}")})
    assert len(one.versions()) == KEPT
    assert [v.serving for v in one.versions()] == [True, *[False] * (KEPT - 1)]
    assert whole(one)


def test_what_is_put_right_stays(machines: Machines) -> None:
    """On whichever machine the report comes again."""
    one, two = machines("one"), machines("two")
    add(one, {"green.txt": REPORT})
    (document,) = open_snapshot(one.reading(), EMBEDDER).documents
    amending = Amending(two, EMBEDDER, DEFAULT_VOCABULARY, ChunkOptions())
    amending.correct(document.id, region="白水市", year=None, kind=None)
    add(one, {"again.txt": REPORT, "white.txt": WHITE})
    assert {d.region for d in open_snapshot(two.reading(), EMBEDDER).documents} == {"白水市"}


def test_one_writer_at_a_time(machines: Machines) -> None:
    """Who does not get its turn is told who has it, and changes nothing; who waits goes on from what the other has written."""
    one, two = machines("one"), machines("two")
    last = add(one, {"green.txt": REPORT}).manifest.id
    inside, go = threading.Event(), threading.Event()

    def hold() -> None:
        def wait(step: str) -> None:
            if step == "checking":
                inside.set()
                assert go.wait(60)

        add(one, {"white.txt": WHITE}, progress=Progress(on_step=wait))

    holding = threading.Thread(target=hold)
    holding.start()
    try:
        assert inside.wait(60)
        with pytest.raises(IndexBusyError, match=f"process {os.getpid()} on"), two.writing(0.0):
            pass
        with pytest.raises(IndexBusyError, match=r"waited 0\.1 s"), two.writing(0.1):
            pass
        assert f"process {os.getpid()} on" in two.holder()
        assert two.current() == last
        assert names(two) == {"green.txt"}
    finally:
        go.set()
        holding.join()
    assert names(two) == {"green.txt", "white.txt"}
    assert two.holder() == ""
    add(two, {"black.txt": REPORT.replace("青石", "黑山")})
    assert names(one) == {"green.txt", "white.txt", "black.txt"}


def test_answers_are_equal_byte_for_byte(machines: Machines, tmp_path: Path, embedder: Embedder) -> None:
    """With those of a folder that all was written to at once, whatever the engine and in how many steps it was filled."""
    one, two = machines("one"), machines("two")
    add(one, {"green.txt": REPORT}, embedder)
    add(two, {"white.txt": WHITE}, embedder)
    plain = tmp_path / "plain"
    add(FolderStore(plain), {"green.txt": REPORT, "white.txt": WHITE}, embedder)
    told = [answers(place, embedder) for place in (FolderStore(plain), one, two)]
    assert told[0] == told[1] == told[2]
    assert any("812" in each or 'abstained": false' in each for each in told[0])


def answers(store: Store, embedder: Embedder) -> list[str]:
    pipeline = open_pipeline(store, Models(embedder))
    told = []
    for question in QUESTIONS:
        answer = answer_json(pipeline.answer(Question(question, dt.date(2026, 1, 1))))
        told.append(json.dumps({**answer, "timings_ms": {}}, ensure_ascii=False, default=str))
    pipeline.close()
    return told
