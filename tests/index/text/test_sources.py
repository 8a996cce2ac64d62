"""Which files can be read, and what is said of those that cannot."""

from __future__ import annotations

import hashlib
import os
import zipfile
from pathlib import Path

import pytest

from index.errors import SourceError
from index.text.sources import MAX_BYTES, MOST_LINES, decode_source, find_files, outside, read_source, read_sources
from tests.builders import REPORT, write_files


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        (REPORT.encode(), "utf-8"),
        (b"\xef\xbb\xbf" + REPORT.encode(), "utf-8"),
        (REPORT.encode("gb18030"), "gb18030"),
        (REPORT.encode("gbk"), "gb18030"),
    ],
)
def test_text_is_decoded(data: bytes, encoding: str) -> None:
    """UTF-8 first, then GB18030; encoding the text again gives the bytes back."""
    source = decode_source("report.txt", data)
    assert source.encoding == encoding
    assert source.text.encode(encoding) == data
    assert source.sha256 == hashlib.sha256(data).hexdigest()


@pytest.mark.parametrize(
    ("data", "cause"),
    [
        (b"", "empty"),
        (b" \r\n\t ", "empty"),
        (b"%PDF-1.7 \xe6\x8a\xa5", "PDF"),
        (b"PK\x03\x04 docx", "office document"),
        (b"\xd0\xcf\x11\xe0 doc", "office document"),
        (b"\x00\x01", "NUL"),
        (bytes(range(256)) * 4, "NUL"),
        (b"\xff\xff\xff\xff", "neither UTF-8, UTF-16, GB18030 nor Big5"),
        ("。，！—— ".encode(), "no words"),
    ],
)
def test_what_is_no_text_is_refused_with_its_cause(data: bytes, cause: str) -> None:
    """The error names the file and what is the matter with it."""
    with pytest.raises(SourceError, match=cause) as caught:
        decode_source("folder/report.txt", data)
    assert caught.value.name == "folder/report.txt"
    assert str(caught.value).startswith("folder/report.txt: ")


@pytest.mark.parametrize("name", ["report.exe", "report"])
def test_an_unsupported_type_is_named(tmp_path: Path, name: str) -> None:
    """With the types that are supported, so that a user knows what to do."""
    write_files(tmp_path, {name: REPORT})
    with pytest.raises(SourceError, match=r"unsupported file type .*\.md.*\.txt"):
        read_source(name, tmp_path / name)


def test_a_file_that_is_too_large_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "large.txt"
    with path.open("wb") as file:
        file.truncate(MAX_BYTES + 1)
    with pytest.raises(SourceError, match="larger than 20 MiB"):
        read_source("large.txt", path)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read_is_named(tmp_path: Path) -> None:
    write_files(tmp_path, {"secret.txt": REPORT})
    (tmp_path / "secret.txt").chmod(0)
    with pytest.raises(SourceError, match="cannot be read"):
        read_source("secret.txt", tmp_path / "secret.txt")


def test_files_are_found_in_order_and_named_by_their_place(tmp_path: Path) -> None:
    """Folders below are searched; hidden files and the manifest of a corpus are passed over."""
    names = ("b.txt", "a.md", "2024/c.TXT", ".hidden.txt", ".git/d.txt", "manifest.json", "SHA256.sha256", "e.pdf")
    write_files(tmp_path, dict.fromkeys(names, REPORT))
    assert [name for name, _ in find_files([tmp_path])] == ["2024/c.TXT", "a.md", "b.txt", "e.pdf"]
    assert [name for name, _ in find_files([tmp_path / "b.txt", tmp_path / "2024"])] == ["b.txt", "c.TXT"]


def test_two_files_of_one_name_in_two_folders_are_two(tmp_path: Path) -> None:
    """Named by as much of their places as tells them apart; one that is given twice comes once."""
    write_files(tmp_path, dict.fromkeys(("a/x.txt", "b/x.txt", "b/in/y.txt", "c/b/in/y.txt", "c/b/z.txt"), REPORT))
    given = [tmp_path / name for name in ("a", "b", "b/x.txt", "c/b")]
    found = dict(find_files(given))
    assert len(found) == 5
    assert {"a/x.txt", "b/x.txt", "z.txt"} < set(found)
    assert {path.resolve() for path in found.values()} == set(tmp_path.resolve().rglob("*.txt"))


def test_a_link_out_of_the_folder_is_not_followed_unless_asked(tmp_path: Path) -> None:
    """Neither to a file nor to a folder, and each is named; one inside the folder is, and one that is given by name."""
    write_files(tmp_path, dict.fromkeys(("in/own.txt", "out/secret.txt"), REPORT))
    inside = tmp_path / "in"
    (inside / "file.txt").symlink_to(tmp_path / "out" / "secret.txt")
    (inside / "folder").symlink_to(tmp_path / "out")
    (inside / "again.txt").symlink_to("own.txt")
    (inside / "up").symlink_to("..")
    assert [name for name, _ in find_files([inside])] == ["again.txt", "own.txt"]
    assert [error.name for error in outside([inside])] == ["file.txt", "folder", "up"]
    followed = {name for name, _ in find_files([inside], follow_links=True)}
    assert {"again.txt", "own.txt", "file.txt"} <= followed
    assert any(name.endswith("/secret.txt") for name in followed)
    assert [name for name, _ in find_files([inside / "file.txt"])] == ["file.txt"]


def test_a_link_that_leads_to_itself_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / "a.txt").symlink_to(tmp_path / "a.txt")
    (tmp_path / "b.txt").write_text("收入", encoding="utf-8")
    assert [name for name, _ in find_files([tmp_path])] == ["b.txt"]
    assert [*outside([tmp_path])] == []


def test_an_archive_of_nothing_is_named(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    zipfile.ZipFile(path, "w").close()
    (refused,) = read_sources("a.zip", path)
    assert isinstance(refused, SourceError)
    assert refused.cause == "an archive that holds no files"


def test_a_list_of_data_is_no_report() -> None:
    """Reading costs as much for each line, however short."""
    with pytest.raises(SourceError, match=r"holds 200001 lines, more than the 200000 of any report"):
        decode_source("a.txt", "收入\n".encode() + b"1\n" * MOST_LINES)


def test_a_name_with_a_line_end_is_one_line(tmp_path: Path) -> None:
    write_files(tmp_path, {"a\nb.txt": REPORT, "青　石.txt": REPORT})
    assert sorted(name for name, _ in find_files([tmp_path])) == [r"a\x0ab.txt", "青　石.txt"]


def test_a_path_that_does_not_exist_is_named(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="no such file or folder"):
        list(find_files([tmp_path / "nothing"]))


def test_a_manifest_given_by_name_is_refused(tmp_path: Path) -> None:
    """It is passed over in a folder, but a user who names it is told."""
    write_files(tmp_path, {"manifest.json": "{}"})
    ((name, path),) = find_files([tmp_path / "manifest.json"])
    with pytest.raises(SourceError, match="unsupported"):
        read_source(name, path)


def write_named(folder: Path, files: dict[bytes, str]) -> Path:
    """Files by the bytes of their names; skips the test where the file system takes only text."""
    folder.mkdir(exist_ok=True)
    for name, text in files.items():
        path = folder / os.fsdecode(name)
        try:
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8")
        except (OSError, ValueError):
            pytest.skip("this file system takes no such names")
    return folder


@pytest.mark.parametrize(
    ("stored", "name"),
    [
        ("青石市报告.txt".encode("gbk"), "青石市报告.txt"),
        ("青石市/报告.txt".encode("gbk"), "青石市/报告.txt"),
        ("青石市".encode("gbk") + "/报告.txt".encode(), "青石市/报告.txt"),
        ("㐂水县.txt".encode("gb18030"), "㐂水县.txt"),
        # Big5, of which GB18030 makes a character of the private use area.
        ("報告.txt".encode("big5"), r"\xb3\xf8\xa7i.txt"),
        (b"r\xe9sum\xe9.txt", r"r\xe9sum\xe9.txt"),
        (b"\xff\xff.txt", r"\xff\xff.txt"),
        ("报告".encode() + b"\xff.txt", r"报告\xff.txt"),
        # Controls of the C1 block, which GB18030 has in four bytes.
        ("\x85报告.txt".encode("gb18030"), r"\x810\x815\xb1\xa8\xb8\xe6.txt"),
    ],
)
def test_a_name_that_is_not_utf_8_can_be_printed(tmp_path: Path, stored: bytes, name: str) -> None:
    """Read as GB18030 where that gives a name; bytes that do not are escaped. The file is read by its path as ever."""
    folder = write_named(tmp_path / "reports", {stored: REPORT})
    ((found, path),) = find_files([folder])
    assert found == name
    assert read_source(found, path)[0].text == REPORT
    if b"/" not in stored:
        assert [each for each, _ in find_files([path])] == [name]


def test_a_decoded_name_takes_no_other_files_place(tmp_path: Path) -> None:
    """The same name in UTF-8 and in GBK: two files, two names."""
    stored = "报告.txt"
    folder = write_named(tmp_path / "reports", {stored.encode(): REPORT, stored.encode("gbk"): REPORT})
    assert {name for name, _ in find_files([folder])} == {"报告.txt", r"\xb1\xa8\xb8\xe6.txt"}


def test_a_refusal_can_be_printed(tmp_path: Path) -> None:
    """Of a type, and of a path, whose bytes are no UTF-8."""
    folder = write_named(tmp_path / "reports", {"表.文档".encode("gbk"): REPORT})
    ((name, path),) = find_files([folder])
    with pytest.raises(SourceError, match=r"^表\.文档: unsupported file type \.文档;"):
        read_source(name, path)
    with pytest.raises(SourceError, match=r"\\xb1\\xed: no such file or folder") as caught:
        list(find_files([folder / os.fsdecode("表".encode("gbk"))]))
    assert str(caught.value).encode("utf-8")
