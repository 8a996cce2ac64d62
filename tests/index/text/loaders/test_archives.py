"""ZIP archives: each file in one by its own kind, and what is wrong with one costs that one."""

from __future__ import annotations

from pathlib import Path

from index.errors import SourceError
from index.text.loaders.archive import MOST_FILES, members
from index.text.sources import read_sources
from tests.builders import write_files
from tests.index.text.loaders.files import REPORT, make_docx, make_pdf, make_zip


def outcomes(tmp_path: Path, data: bytes, name: str = "报告.zip") -> dict[str, str]:
    """What became of each file of an archive: the beginning of its text, or the cause."""
    write_files(tmp_path, {name: data})
    found = {}
    for each in read_sources(name, tmp_path / name):
        if isinstance(each, SourceError):
            found[each.name] = f"! {each.cause}"
        else:
            found[each[0].name] = each[0].text[:4]
    return found


def test_each_file_is_read_by_its_kind(tmp_path: Path) -> None:
    inner = make_zip({"二.pdf": make_pdf()})
    data = make_zip(
        {"2024/一.txt": REPORT.encode(), "三.docx": make_docx(), "内.zip": inner, "坏.pdf": b"%PDF", "表.exe": b"MZ", "__MACOSX/._x": b"x"}
    )  # fmt: skip
    found = outcomes(tmp_path, data)
    assert found.pop("报告.zip/表.exe").startswith("! unsupported file type .exe")
    assert found == {
        "报告.zip/2024/一.txt": "云澄市2",
        "报告.zip/三.docx": "# 云澄",
        "报告.zip/内.zip/二.pdf": "云澄市2",
        "报告.zip/坏.pdf": "! a damaged PDF",
    }


def test_names_from_chinese_windows_are_read(tmp_path: Path) -> None:
    assert outcomes(tmp_path, make_zip({"报告/青石.txt": REPORT.encode()}, gbk=True)) == {
        "报告.zip/报告/青石.txt": "云澄市2"
    }


def test_a_name_takes_no_step_upwards(tmp_path: Path) -> None:
    assert list(outcomes(tmp_path, make_zip({"../../etc/一.txt": REPORT.encode()}))) == ["报告.zip/etc/一.txt"]


def test_limits(tmp_path: Path) -> None:
    """On number, size, growth and depth; each is named."""
    deep = make_zip({"c.zip": make_zip({"d.zip": make_zip({"e.txt": REPORT.encode()})})})
    many = make_zip({f"{n}.txt": b"x" for n in range(MOST_FILES + 1)})
    bomb = make_zip({"a.txt": bytes(30_000_000)})
    assert "unpack it first" in str(outcomes(tmp_path, deep))
    assert f"more than {MOST_FILES}" in str(outcomes(tmp_path, many))
    assert "grows to 28 MiB" in str(outcomes(tmp_path, bomb))
    assert outcomes(tmp_path, b"PK\x03\x04 not one") == {"报告.zip": "! a damaged archive or office document"}


def test_members_of_an_empty_archive() -> None:
    assert list(members("a.zip", make_zip({}))) == []
