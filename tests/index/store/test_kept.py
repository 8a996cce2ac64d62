"""What was read of a source is kept: an unchanged file is not read again, and a killed ingest goes on from where it was."""

from __future__ import annotations

import errno
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

import index.reading
from index.build import DocumentRead, read_documents
from index.ingest import Progress, ingest, remove
from index.store.kept import FILE, KeptReadings
from index.store.postings import Postings
from index.store.snapshot import current_id, open_snapshot, verify
from index.store.sparse import Counts, SparseIndex, Tokens
from index.store.vectors import CorpusVectors, CorpusWords
from index.text.chunking import ChunkOptions
from index.text.counting import DEFAULT_VOCABULARY, TokenCounter
from index.types import Corpus, Source
from index.words.regions import Gazetteer
from tests.builders import REPORT, SIZES, make_corpus, write_files
from tests.fakes import HashingEmbedder

WHITE_WATER = REPORT.replace("青石", "白水")


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the sources that are read, as they are."""
    names: list[str] = []

    def noted(
        source: Source, gazetteer: Gazetteer, counter: TokenCounter, options: ChunkOptions
    ) -> Iterator[DocumentRead]:
        names.append(source.name)
        return read_documents(source, gazetteer, counter, options)

    monkeypatch.setattr(index.reading, "read_documents", noted)
    return names


def put(folder: Path, root: Path, *, fresh: bool = False, progress: Progress | None = None) -> str:
    report = ingest(
        [folder], root, HashingEmbedder(), DEFAULT_VOCABULARY, SIZES, fresh=fresh, progress=progress or Progress()
    )
    return report.manifest.id


def test_only_what_is_new_is_read(tmp_path: Path, read: list[str]) -> None:
    """Of three ingests: the first file, the second beside it, and the first again with a changed figure."""
    root = tmp_path / "index"
    reports = write_files(tmp_path / "reports", {"green.txt": REPORT})
    put(reports, root)
    write_files(reports, {"white.txt": WHITE_WATER})
    put(reports, root)
    write_files(reports, {"green.txt": REPORT.replace("305.2", "305.3")})
    put(reports, root)
    assert read == ["green.txt", "white.txt", "green.txt"]


def forget_snapshots(root: Path) -> None:
    """Leave nothing that an ingest could go on from but what was kept."""
    shutil.rmtree(root / "snapshots")
    (root / "CURRENT").unlink()


def test_a_damaged_snapshot_is_not_gone_on_from(tmp_path: Path, read: list[str]) -> None:
    """What is wrong in it does not come into the next one, which is made of what was kept."""
    root, reports = tmp_path / "index", write_files(tmp_path / "reports", {"green.txt": REPORT})
    first = put(reports, root)
    damaged = root / "snapshots" / first / "tables" / "facts.bin"
    damaged.write_bytes(damaged.read_bytes()[::-1])
    assert put(reports, root) == first
    assert verify(root) == []
    write_files(reports, {"white.txt": WHITE_WATER})
    put(reports, root)
    assert verify(root) == []
    assert read == ["green.txt", "white.txt"]


def test_one_by_one_is_as_at_once(tmp_path: Path) -> None:
    """The same id and so the same bytes in every file, in whatever order the files came; also where one was taken out."""
    more: dict[str, str | bytes] = {
        f"{n}.txt": REPORT.replace("青石", name) for n, name in enumerate(("白水", "红岩", "黑土"))
    }
    at_once = put(write_files(tmp_path / "all", more), tmp_path / "at_once")
    root = tmp_path / "one_by_one"
    for name in ("2.txt", "0.txt", "1.txt"):
        put(write_files(tmp_path / name.replace(".", "_"), {name: more[name]}), root)
    assert current_id(root) == at_once
    put(write_files(tmp_path / "another", {"another.txt": REPORT}), root)
    assert remove("another.txt", root, HashingEmbedder(), DEFAULT_VOCABULARY, SIZES).id == at_once


def test_other_readers_read_anew(tmp_path: Path, read: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """What was read by other rules or words is not what would be read now."""
    root, reports = tmp_path / "index", write_files(tmp_path / "reports", {"green.txt": REPORT})
    put(reports, root)
    monkeypatch.setattr(index.reading, "readers_identity", lambda: "other rules")
    put(reports, root)
    monkeypatch.setattr(index.reading, "vocabulary_hash", lambda: "other words")
    put(reports, root)
    assert read == ["green.txt"] * 3


def test_a_killed_ingest_goes_on(tmp_path: Path, read: list[str]) -> None:
    """What was read before the end came is not read again; the snapshot is that of an ingest that nothing ended."""
    reports = write_files(tmp_path / "reports", {"a.txt": REPORT, "b.txt": WHITE_WATER})

    class Killed(BaseException):
        pass

    def kill(source: object) -> None:
        raise Killed

    with pytest.raises(Killed):
        put(reports, tmp_path / "index", progress=Progress(on_source=kill))
    assert current_id(tmp_path / "index") is None
    assert put(reports, tmp_path / "index") == put(reports, tmp_path / "other")
    assert read == ["a.txt", "b.txt", "a.txt", "b.txt"]


def test_replacing_reads_all_anew(tmp_path: Path, read: list[str]) -> None:
    """What was kept may be what is wrong."""
    root, reports = tmp_path / "index", write_files(tmp_path / "reports", {"green.txt": REPORT})
    put(reports, root)
    put(reports, root, fresh=True)
    assert open_snapshot(root, HashingEmbedder()).regions == ("青石市",)
    assert read == ["green.txt"] * 2


def test_what_cannot_be_opened_is_begun_anew(tmp_path: Path, read: list[str]) -> None:
    """All of it can be made again: no reason to refuse, or to ask somebody to forget the index."""
    root, reports = tmp_path / "index", write_files(tmp_path / "reports", {"green.txt": REPORT})
    first = put(reports, root)
    (root / FILE).write_bytes(b"no database" * 100)
    # What the snapshot has is not read again for it.
    assert put(reports, root) == first
    assert read == ["green.txt"]
    forget_snapshots(root)
    assert put(reports, root) == first
    assert read == ["green.txt"] * 2
    (root / FILE).unlink()
    (root / FILE / "inside").mkdir(parents=True)
    forget_snapshots(root)
    assert put(reports, root) == first
    assert read == ["green.txt"] * 3


def test_what_cannot_be_forgotten_makes_no_change_fail(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The new snapshot serves by then: a command that said that the disk was full would have changed the index all the same."""

    def full(*_: object) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    root, reports = tmp_path / "index", write_files(tmp_path / "reports", {"green.txt": REPORT})
    first = put(reports, root)
    write_files(reports, {"green.txt": REPORT.replace("305.2", "305.3")})
    with monkeypatch.context() as patched:
        patched.setattr(KeptReadings, "_forget", full)
        second = put(reports, root)
    assert current_id(root) == second != first
    assert put(reports, root) == second


@pytest.mark.parametrize("table", ["facts", "sentences", "words", "vectors"])
def test_what_was_changed_on_the_disk_is_made_anew(tmp_path: Path, table: str) -> None:
    """A bit turned round inside of what was kept does not come into the next snapshot."""
    root, reports = tmp_path / "index", write_files(tmp_path / "reports", {"green.txt": REPORT})
    first = put(reports, root)
    column = "named" if table == "vectors" else "body"
    database = sqlite3.connect(root / FILE)
    rowid = "reading" if table in ("words", "vectors") else "id"
    (which, body) = database.execute(f"SELECT {rowid}, {column} FROM {table} ORDER BY {rowid} DESC").fetchone()
    damaged = body[:40] + bytes([body[40] ^ 1]) + body[41:]
    database.execute(f"UPDATE {table} SET {column} = ? WHERE {rowid} = ?", (damaged, which))
    database.commit()
    database.close()
    forget_snapshots(root)
    assert put(reports, root) == first
    database = sqlite3.connect(root / FILE)
    assert (body,) in database.execute(f"SELECT {column} FROM {table}").fetchall()
    database.close()


def test_a_full_disk_is_not_taken_for_damage(tmp_path: Path) -> None:
    """It says what is the matter; nobody is told to make the index anew."""
    with pytest.raises(OSError) as raised, KeptReadings.open(tmp_path) as kept:
        # As many pages as there are: the next one finds no room.
        kept._database.execute("PRAGMA max_page_count = 1")
        kept.put("key", Corpus((), (), (), (), ()))
        for number in range(1000):
            kept.put(f"key{number}" * 100, Corpus((), (), (), (), ()))
    assert raised.value.errno == errno.ENOSPC
    assert (tmp_path / FILE).exists()


def test_what_no_snapshot_has_is_forgotten(tmp_path: Path) -> None:
    root, reports = tmp_path / "index", write_files(tmp_path / "reports", {"green.txt": REPORT})
    for growth in ("9.4", "9.5"):
        write_files(reports, {"green.txt": REPORT.replace("9.4", growth)})
        put(reports, root)
    database = sqlite3.connect(root / FILE)
    assert database.execute("SELECT count(*) FROM readings").fetchone() == (1,)
    (facts,) = database.execute("SELECT count(*) FROM facts").fetchone()
    database.close()
    assert facts == len(open_snapshot(root, HashingEmbedder()).facts)


def test_words_part_by_part_are_as_at_once() -> None:
    """The same tokens, rows and scores, whatever the parts; a text without a word among them."""
    texts = [REPORT[:200], "", WHITE_WATER[100:300], "PPR-9087 管材18.3", REPORT[150:400], ""]
    # The texts of a part need not follow one another, and some of it may be left out.
    parts = [(texts[1:3], [1, 2]), (["白水", *texts[:1]], [-1, 0]), ([], []), (texts[3:], [3, 4, 5])]
    numbers = [np.array(told, np.int32) for _, told in parts]
    joined = Postings.gathered([Postings.build(part) for part, _ in parts], numbers, len(texts))
    whole = Postings.build(texts)
    assert list(joined.vocabulary) == list(whole.vocabulary)
    assert joined.count == whole.count
    assert all(np.array_equal(joined.rows(token), whole.rows(token)) for token in whole.vocabulary)
    counts = Counts.gathered([Counts.of(Tokens.of(part)) for part, _ in parts], numbers)
    one, other = SparseIndex.of(counts), SparseIndex.build(texts)
    assert np.array_equal(one.scores("固定资产投资增长"), other.scores("固定资产投资增长"))


def test_what_comes_back_is_what_was_put(tmp_path: Path) -> None:
    """Every value and every vector."""
    corpus = make_corpus(REPORT)
    vectors = CorpusVectors.build(corpus, HashingEmbedder())
    with KeptReadings.open(tmp_path) as kept:
        assert kept.corpus("key", corpus.sources[0]) is None
        kept.put("key", corpus)
        assert kept.vectors("key", "model") is None
        kept.put_vectors("key", "model", vectors)
        kept.put_words("key", CorpusWords.of(corpus))
    with KeptReadings.open(tmp_path) as kept:
        assert kept.corpus("key", corpus.sources[0]) == corpus
        found = kept.vectors("key", "model")
        assert kept.vectors("key", "another") is None
        words = kept.words("key")
    assert words is not None
    assert words.packed() == CorpusWords.of(corpus).packed()
    assert found is not None
    assert found.names == vectors.names
    for one, other in (
        (found.chunks, vectors.chunks),
        (found.named, vectors.named),
        (found.meanings.vectors, vectors.meanings.vectors),
        (found.meanings.sentences, vectors.meanings.sentences),
        (found.meanings.clauses, vectors.meanings.clauses),
    ):
        assert one.dtype == other.dtype
        assert np.array_equal(one, other)
