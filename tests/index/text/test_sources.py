"""Which files can be read, and what is said of those that cannot."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pytest

from index.errors import SourceError
from index.text.sources import MAX_BYTES, decode_source, find_files, read_source
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
        ("报告\0".encode(), "NUL"),
        (REPORT.encode("utf-16"), "NUL"),
        (b"\xff\xff\xff\xff", "neither utf-8 nor gb18030"),
        ("。，！—— ".encode(), "no words"),
    ],
)
def test_what_is_no_text_is_refused_with_its_cause(data: bytes, cause: str) -> None:
    """The error names the file and what is the matter with it."""
    with pytest.raises(SourceError, match=cause) as caught:
        decode_source("folder/report.txt", data)
    assert caught.value.name == "folder/report.txt"
    assert str(caught.value).startswith("folder/report.txt: ")


@pytest.mark.parametrize("name", ["report.pdf", "report.docx", "report.html", "report"])
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


def test_a_path_that_does_not_exist_is_named(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="no such file or folder"):
        list(find_files([tmp_path / "nothing"]))


def test_a_manifest_given_by_name_is_refused(tmp_path: Path) -> None:
    """It is passed over in a folder, but a user who names it is told."""
    write_files(tmp_path, {"manifest.json": "{}"})
    ((name, path),) = find_files([tmp_path / "manifest.json"])
    with pytest.raises(SourceError, match="unsupported"):
        read_source(name, path)
