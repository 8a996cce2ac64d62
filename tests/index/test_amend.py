"""What people put right by hand: it is read anew, stays through whatever is ingested later, and can be taken back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from index.amend import Amending, restorable
from index.errors import SourceError
from index.ingest import IngestReport, ingest, ingest_files, remove
from index.outline.corrections import place_as_told, years_as_told
from index.store.snapshot import IndexSnapshot, open_snapshot, stored_sources, verify
from index.text.chunking import ChunkOptions
from index.text.counting import DEFAULT_VOCABULARY
from index.types import Document, Kind, Period
from index.words.regions import Gazetteer
from tests.builders import REPORT
from tests.fakes import HashingEmbedder

EMBEDDER = HashingEmbedder()
UNNAMED = (
    "工作情况\n过去一年，我们团结奋斗。\n一、工作回顾\n全年固定资产投资完成305.2亿元，增长9.4%。\n"
    "地区生产总值完成812.6亿元，同比增长6.1%。\n二、今后打算\n固定资产投资增长8%以上。\n"
)
"""Neither its place nor its year is told by its words, and its kind wrongly."""


def add(root: Path, files: dict[str, str], *, fresh: bool = False) -> IngestReport:
    given: list[tuple[str, Path | bytes] | SourceError] = [(name, text.encode()) for name, text in files.items()]
    return ingest_files(given, root, EMBEDDER, DEFAULT_VOCABULARY, ChunkOptions(), fresh=fresh)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    add(tmp_path / "index", {"green.txt": REPORT, "bare.txt": UNNAMED})
    return tmp_path / "index"


def opened(root: Path) -> IndexSnapshot:
    return open_snapshot(root, EMBEDDER)


def document(root: Path, name: str) -> Document:
    return next(each for each in opened(root).documents if each.source == name)


def figures(root: Path, name: str) -> set[tuple[str, str | None, str]]:
    held = opened(root)
    id = document(root, name).id
    return {(f.indicator, f.region, str(f.period)) for f in held.facts if f.document_id == id}


@pytest.fixture
def amending(root: Path) -> Amending:
    return Amending(root, EMBEDDER, DEFAULT_VOCABULARY, ChunkOptions(), patience=5)


def test_place_year_and_kind_are_read_as_told(root: Path, amending: Amending) -> None:
    """The figures too: those that no word binds to a place or year are of the told ones."""
    before = document(root, "bare.txt")
    assert (before.region, before.review, before.kind) == (None, None, Kind.SUMMARY)
    amending.correct(before.id, region="上海嘉定", year=2020, kind=Kind.ANNUAL)
    after = document(root, "bare.txt")
    assert after.id == before.id, "what was cited stays cited"
    assert (after.region, after.parent, after.issuer) == ("嘉定区", "上海市", "嘉定区人民政府")
    assert (str(after.review), str(after.plan), after.kind) == ("2020", "2021", Kind.ANNUAL)
    assert after.corrected == (("kind", "summary"), ("region", ""), ("year", ""))
    assert ("固定资产投资", "嘉定区", "2020") in figures(root, "bare.txt")
    assert verify(root) == []
    assert document(root, "green.txt").corrected == ()


def test_one_thing_is_put_right_and_the_rest_is_as_read(root: Path, amending: Amending) -> None:
    green = document(root, "green.txt")
    amending.correct(green.id, region="白水市", year=None, kind=None)
    after = document(root, "green.txt")
    assert (after.region, after.review, after.kind) == ("白水市", green.review, green.kind)
    assert after.corrected == (("region", "青石市"),)
    assert ("地区生产总值", "白水市", "2023") in figures(root, "green.txt")
    assert after.given == green.given


def test_it_can_be_taken_back(root: Path, amending: Amending) -> None:
    """All of it, and then the snapshot is the very one that it was before."""
    before = opened(root)
    green = document(root, "green.txt")
    changed = amending.correct(green.id, region="白水市", year=2019, kind=None)
    assert changed.id != before.id
    assert amending.correct(green.id, region=None, year=None, kind=None).id == before.id
    assert document(root, "green.txt") == green


def test_what_was_read_already_is_no_correction(root: Path, amending: Amending) -> None:
    green = document(root, "green.txt")
    amending.correct(green.id, region=green.region, year=2023, kind=green.kind)
    assert document(root, "green.txt").corrected == ()


LATER: dict[str, Callable[[Path], object]] = {
    "another file": lambda root: add(root, {"white.txt": REPORT.replace("青石", "白水")}),
    "the same bytes again": lambda root: add(root, {"green.txt": REPORT}),
    "the same bytes under another name, alone": lambda root: add(root, {"renamed.txt": REPORT}, fresh=True),
    "all of it anew": lambda root: add(root, {"green.txt": REPORT, "bare.txt": UNNAMED}, fresh=True),
    "a file taken out": lambda root: remove("bare.txt", root, EMBEDDER, DEFAULT_VOCABULARY, ChunkOptions()),
}


@pytest.mark.parametrize("later", LATER)
def test_it_stays_through_later_changes(root: Path, amending: Amending, later: str) -> None:
    green = document(root, "green.txt")
    amending.correct(green.id, region="上海市嘉定区", year=2020, kind=None)
    LATER[later](root)
    after = next(each for each in opened(root).documents if each.id == green.id)
    assert (after.region, str(after.review)) == ("嘉定区", "2020")
    assert after.corrected == (("region", "青石市"), ("year", "2023"))


def test_another_content_of_that_name_is_read_anew(root: Path, amending: Amending) -> None:
    """A correction is of a content: of a newer version nobody has said anything."""
    amending.correct(document(root, "green.txt").id, region="嘉定区", year=None, kind=None)
    add(root, {"green.txt": REPORT.replace("812.6", "813.6")})
    assert document(root, "green.txt").region == "青石市"


def test_a_file_that_was_taken_out_comes_back_with_what_was_put_right(root: Path, amending: Amending) -> None:
    green = document(root, "green.txt")
    before = amending.correct(green.id, region="嘉定区", year=None, kind=None)
    remove("green.txt", root, EMBEDDER, DEFAULT_VOCABULARY, ChunkOptions())
    assert list(restorable(root)) == ["green.txt"]
    assert amending.restore("green.txt").id == before.id
    assert document(root, "green.txt").region == "嘉定区"
    assert list(restorable(root)) == []
    with pytest.raises(SourceError, match="is in the index"):
        amending.restore("green.txt")


def test_files_of_one_content_come_back_together(root: Path, amending: Amending) -> None:
    add(root, {"twin.txt": REPORT + "\n"})
    remove("twin.txt", root, EMBEDDER, DEFAULT_VOCABULARY, ChunkOptions())
    amending.restore("twin.txt")
    assert {s.name: s.same_as for s, _ in stored_sources(root)} == {
        "bare.txt": "", "green.txt": "", "twin.txt": "green.txt",
    }  # fmt: skip


def test_what_no_snapshot_has_does_not_come_back(root: Path, amending: Amending) -> None:
    with pytest.raises(SourceError, match="add the file again"):
        amending.restore("nothing.txt")
    with pytest.raises(SourceError, match="not in the index"):
        amending.correct("d-none", region="嘉定区", year=None, kind=None)


def test_an_unreadable_file_leaves_the_index_as_it_was(root: Path, tmp_path: Path) -> None:
    (tmp_path / "bad.pdf").write_bytes(b"%PDF-1.7 cut off")
    before = opened(root).id
    with pytest.raises(SourceError):
        ingest([tmp_path / "bad.pdf"], root, EMBEDDER, DEFAULT_VOCABULARY, ChunkOptions())
    assert opened(root).id == before


PLACES = {
    "嘉定": ("嘉定区", "上海市"),
    "上海市普陀区": ("普陀区", "上海市"),
    "普陀区": ("普陀区", None),
    "云雾山开发区": ("云雾山开发区", None),
    "全国": ("全国", None),
}


@pytest.mark.parametrize("told", PLACES)
def test_a_place_is_told_in_any_of_its_names(told: str) -> None:
    """Which of two of one name is meant is not guessed."""
    assert place_as_told(told, Gazetteer.load()) == PLACES[told]


YEARS = {
    Kind.ANNUAL: ("2020", "2021"),
    Kind.HALF_YEAR: ("2020-H1", "2020-H2"),
    Kind.BULLETIN: ("2020", "None"),
    Kind.OUTLINE: ("2019", "2020/2024"),
}


@pytest.mark.parametrize("kind", YEARS)
def test_a_year_means_what_the_kind_tells_of(kind: Kind) -> None:
    assert tuple(map(str, years_as_told(2020, kind, None, None))) == YEARS[kind]


def test_a_part_of_a_year_stays_one() -> None:
    """A report of three quarters, dated wrongly, is of the three quarters of the told year."""
    assert years_as_told(2020, Kind.QUARTER, Period.months(2023, 1, 9), None) == (Period.months(2020, 1, 9), None)
