"""Pages that are pictures: recognised where the extra `ocr` is installed, refused with the command that installs it elsewhere."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from index.build import read_corpus
from index.errors import SourceError
from index.text.chunking import ChunkOptions
from index.text.loaders.loaded import RECOGNISED
from index.text.loaders.pdf import document
from index.text.loaders.pdf.document import load
from index.text.loaders.pdf.scan import Piece, can_recognise, rows_of
from index.text.sources import read_source
from tests.builders import counter
from tests.index.text.loaders.files import make_scan

FONTS = (
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/opentype/noto/NotoSerifCJK-Regular.ttc",
    "/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc",
    "/System/Library/Fonts/PingFang.ttc",
    "C:/Windows/Fonts/simsun.ttc",
)
LINES = ("2024年青石市政府工作报告", "2023年，全市地区生产总值完成812.6亿元。")


def make_picture() -> bytes:
    """A PDF with one page that is a picture of two lines of text."""
    image = pytest.importorskip("PIL.Image", reason="pictures are drawn by Pillow")
    from PIL import ImageDraw, ImageFont

    font = next((path for path in FONTS if Path(path).is_file()), None)
    if font is None:
        pytest.skip("no font of this system draws Chinese characters")
    page = image.new("RGB", (820, 180), "white")
    for row, line in enumerate(LINES):
        ImageDraw.Draw(page).text((30, 30 + 70 * row), line, "black", ImageFont.truetype(font, 34))
    out = io.BytesIO()
    page.save(out, "PDF", resolution=150)
    return out.getvalue()


def test_without_the_extra_a_scan_is_refused_with_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(document, "can_recognise", lambda: False)
    with pytest.raises(SourceError, match=r"a scan: its 2 pages hold pictures .*pip install 'wenju\[ocr\]'"):
        load("扫描.pdf", make_scan())


@pytest.mark.skipif(not can_recognise(), reason="the extra `ocr` is not installed")
def test_a_picture_of_a_report_is_read_cited_by_its_page_and_doubted(tmp_path: Path) -> None:
    (tmp_path / "扫描.pdf").write_bytes(make_picture())
    source, _ = read_source("扫描.pdf", tmp_path / "扫描.pdf")
    corpus = read_corpus([source], counter(), ChunkOptions())
    (fact,) = corpus.facts
    assert (fact.canonical, f"{fact.value}{fact.unit}", str(fact.period)) == ("地区生产总值", "812.6亿元", "2023")
    assert [mark.page for mark in source.marks] == [1]
    assert any(RECOGNISED in doubt for doubt in corpus.documents[0].doubts)


@pytest.mark.skipif(not can_recognise(), reason="the extra `ocr` is not installed")
def test_pages_behind_the_time_are_left_out_and_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(document, "MOST_SECONDS_OF_SCANS", -1.0)
    with pytest.raises(SourceError, match="no characters were recognised"):
        load("扫描.pdf", make_picture())


def test_pieces_beside_each_other_are_one_row_and_wide_gaps_part_cells() -> None:
    pieces: list[Piece] = [
        ("亿元", 60.0, 99.0, 90.0, 111.0), ("生产总值", 10.0, 100.0, 58.0, 112.0), ("812.6", 200.0, 100.0, 240.0, 111.0),
        ("下一行", 10.0, 70.0, 60.0, 82.0),
    ]  # fmt: skip
    lines = list(rows_of(pieces, 3))
    assert [(line.text, line.page) for line in lines] == [("生产总值亿元\t812.6", 3), ("下一行", 3)]
