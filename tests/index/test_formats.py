"""From files of every format to cited answers: one way for all, and one document for one content."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from index.errors import SnapshotError
from index.ingest import IngestReport, ingest
from index.store.embedding import BUILT_IN_MODEL, load_embedder
from index.store.snapshot import open_snapshot, stored_sources, verify
from index.text.chunking import ChunkOptions
from index.text.counting import DEFAULT_VOCABULARY
from rag.opening import open_pipeline
from rag.types import Answer, Filters
from tests.builders import make_question, write_files
from tests.fakes import HashingEmbedder
from tests.index.text.loaders.files import (
    PARAGRAPHS,
    REPORT,
    TABLE,
    TITLE,
    make_docx,
    make_html,
    make_pdf,
    make_scan,
    make_xlsx,
    make_zip,
)

QUESTION = "2024年云澄市地区生产总值是多少"
COATS = {
    "报告.txt": REPORT.encode(),
    "报告.pdf": make_pdf(rows=5),
    "报告.docx": make_docx(),
    "报告.html": make_html(),
    "报告（换行）.txt": REPORT.replace("\n", "\r\n").encode(),
    "报告.md": f"# {REPORT}".replace("，", ",").encode("gb18030"),
    "包.zip": make_zip({"报告.txt": REPORT.encode()}),
}


def added(root: Path, folder: Path) -> IngestReport:
    return ingest([folder], root, HashingEmbedder(), DEFAULT_VOCABULARY, ChunkOptions())


@pytest.mark.parametrize("name", COATS)
def test_a_report_of_any_format_is_asked_and_cited(tmp_path: Path, name: str) -> None:
    answer = asked(tmp_path, {name: COATS[name]}, QUESTION)
    (value,) = [each for each in answer.values if each.measure == "level"]
    assert (value.value, value.unit) == ("1286.4", "亿元")
    assert answer.citations[0].page == (2 if name.endswith(".pdf") else None)


def asked(tmp_path: Path, files: dict[str, bytes], question: str) -> Answer:
    """Answer over some files; each quotation is looked up in the text that is kept."""
    folder, root = write_files(tmp_path / "reports", dict(files)), tmp_path / "index"
    ingest([folder], root, load_embedder(str(BUILT_IN_MODEL)), DEFAULT_VOCABULARY, ChunkOptions())
    assert verify(root) == []
    pipeline = open_pipeline(root, str(BUILT_IN_MODEL))
    try:
        answer = pipeline.answer(make_question(question))
        for citation in answer.citations:
            text = pipeline.snapshot.sources[citation.document].text
            assert text[citation.start : citation.end] == citation.quote
        return answer
    finally:
        pipeline.close()


def test_a_cell_is_cited(tmp_path: Path) -> None:
    answer = asked(
        tmp_path, {"云澄市2024年统计公报附表.xlsx": make_xlsx(TABLE, f"{TITLE}附表")}, "2024年云澄市粮食产量是多少"
    )
    assert answer.citations, answer.answer
    assert answer.citations[0].cell == "农业!A3"


def test_one_content_is_one_document(tmp_path: Path) -> None:
    """As text, Word, PDF or web page, with other line ends, marks or names: read once, and all files are kept."""
    root = tmp_path / "index"
    report = added(root, write_files(tmp_path / "reports", dict(COATS)))
    assert report.manifest.counts["documents"] == 1
    assert len(report.added) == 1
    assert sorted(name for name, _ in report.same) == sorted({*COATS, "包.zip/报告.txt"} - {"包.zip", *report.added})
    snapshot = open_snapshot(root, HashingEmbedder())
    assert len(snapshot.also(report.added[0])) == len(COATS) - 1
    assert snapshot.original("报告.pdf") == COATS["报告.pdf"]
    assert verify(root) == []


def test_a_copy_can_be_asked_by_its_name(tmp_path: Path) -> None:
    """A filter that names it means the document that both files hold."""
    files = {"a.txt": REPORT.encode(), "b.docx": make_docx(), "c.txt": REPORT.replace("云澄", "白水").encode()}
    folder, root = write_files(tmp_path / "reports", dict(files)), tmp_path / "index"
    ingest([folder], root, load_embedder(str(BUILT_IN_MODEL)), DEFAULT_VOCABULARY, ChunkOptions())
    pipeline = open_pipeline(root, str(BUILT_IN_MODEL))
    try:
        question = replace(make_question(QUESTION), filters=Filters(documents=("b.docx",)))
        assert [each.document for each in pipeline.answer(question).citations] == ["a.txt"]
    finally:
        pipeline.close()


def test_a_corrected_figure_is_another_document(tmp_path: Path) -> None:
    files = {
        "a.txt": REPORT.encode(),
        "b.docx": make_docx([TITLE, *(p.replace("1286.4", "1280.0") for p in PARAGRAPHS)]),
    }
    report = added(tmp_path / "index", write_files(tmp_path / "reports", dict(files)))
    assert report.same == ()
    assert report.manifest.counts["documents"] == 2


@pytest.mark.parametrize("names", [("a报告（征求意见稿）.txt", "b报告.txt"), ("a报告.txt", "b报告（更正）.docx")])
def test_the_corrected_version_answers_and_the_other_is_named(tmp_path: Path, names: tuple[str, str]) -> None:
    """Whichever comes first: the older figure stands in the conflicts."""
    old = REPORT.replace("1286.4", "1280.0").encode()
    new = make_docx() if names[1].endswith("docx") else REPORT.encode()
    answer = asked(tmp_path, {names[0]: old, names[1]: new}, QUESTION)
    assert "1286.4" in answer.answer
    assert answer.citations[0].document == names[1]
    assert [(each.citation.document, "1280.0" in each.text) for each in answer.conflicts] == [(names[0], True)]


def test_a_copy_takes_the_place_of_what_was_replaced(tmp_path: Path) -> None:
    """The file that was read is written anew with another content: the copy is no copy any more, and nothing is lost."""
    root = tmp_path / "index"
    added(root, write_files(tmp_path / "one", {"a.txt": REPORT, "b.pdf": make_pdf()}))
    assert [s.same_as for s, _ in stored_sources(root)] == ["", "a.txt"]
    report = added(root, write_files(tmp_path / "two", {"a.txt": REPORT.replace("云澄", "白水")}))
    assert report.manifest.counts["documents"] == 2
    assert [s.same_as for s, _ in stored_sources(root)] == ["", ""]


def test_what_was_cited_stays_cited(tmp_path: Path) -> None:
    """A copy that comes later is the copy, whatever its name."""
    root = tmp_path / "index"
    added(root, write_files(tmp_path / "one", {"m.txt": REPORT}))
    report = added(root, write_files(tmp_path / "two", {"a.docx": make_docx()}))
    assert (report.added, report.kept, report.same) == ((), ("m.txt",), (("a.docx", "m.txt"),))


def test_bad_files_cost_themselves_alone(tmp_path: Path) -> None:
    files = {
        "好.txt": REPORT.encode(), "扫描.pdf": make_scan(), "锁.pdf": make_pdf(password="x"), "断.pdf": make_pdf()[:300],
        "坏.docx": b"PK\x03\x04 broken", "空.xlsx": b"", "旧.doc": b"\xd0\xcf\x11\xe0" + bytes(99), "弹.zip": make_zip({"a.txt": bytes(30_000_000)}),
    }  # fmt: skip
    report = added(tmp_path / "index", write_files(tmp_path / "reports", dict(files)))
    assert report.added == ("好.txt",)
    causes = dict(report.refused)
    assert set(causes) == set(files) - {"好.txt"}
    assert all(causes.values())


def test_what_was_repaired_is_said(tmp_path: Path) -> None:
    report = added(tmp_path / "index", write_files(tmp_path / "reports", {"a.txt": REPORT.encode("utf-16")}))
    assert report.notes == (("a.txt", "read as UTF-16"),)


def test_a_changed_text_is_found(tmp_path: Path) -> None:
    """The extracted text is hashed beside the file that it was taken from."""
    root = tmp_path / "index"
    report = added(root, write_files(tmp_path / "reports", {"a.pdf": make_pdf()}))
    (path,) = (root / "snapshots" / report.manifest.id / "texts").iterdir()
    path.write_text(path.read_text(encoding="utf-8").replace("1286.4", "9286.4"), encoding="utf-8")
    assert "texts/" in verify(root)[0]
    with pytest.raises(SnapshotError, match="was changed after it was written"):
        open_snapshot(root, HashingEmbedder())
