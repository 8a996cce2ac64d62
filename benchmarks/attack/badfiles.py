"""Sixty kinds of bad file, each as the bytes of one with the name that it comes under."""

from __future__ import annotations

import io
import random
import struct
import zipfile
import zlib
from collections.abc import Iterator, Mapping

from benchmarks.attack.reports import report

_MIB = 1024 * 1024

_CONTENT_TYPES = """<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">
<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
<Default Extension="xml" ContentType="application/xml"/>
<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/>
</Types>"""
_RELATIONS = """<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">
<Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/>
</Relationships>"""
_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def packed(files: Mapping[str, bytes | str], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", method) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return held.getvalue()


def word(body: str, head: str = '<?xml version="1.0" encoding="UTF-8"?>') -> bytes:
    document = f"{head}<w:document {_W}><w:body>{body}</w:body></w:document>"
    return packed({"[Content_Types].xml": _CONTENT_TYPES, "_rels/.rels": _RELATIONS, "word/document.xml": document})


def pdf(*objects: bytes) -> bytes:
    """A PDF of these objects, numbered from 1; the first is its catalogue."""
    held = b"%PDF-1.7\n"
    places = []
    for number, each in enumerate(objects, 1):
        places.append(len(held))
        held += b"%d 0 obj\n%s\nendobj\n" % (number, each)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    head = b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    tail = b"trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, len(held))
    return held + head + table + tail


def _stream(data: bytes, more: bytes = b"") -> bytes:
    return b"<</Length %d%s>>\nstream\n%s\nendstream" % (len(data), more, data)


def _encrypted(archive: bytes) -> bytes:
    """The same with the mark of encryption on every entry."""
    held = bytearray(archive)
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = held.find(mark)
        while at >= 0:
            held[at + place] |= 1
            at = held.find(mark, at + 4)
    return bytes(held)


def bad_files(seed: int = 17) -> Iterator[tuple[str, str, bytes]]:
    """What is wrong, a name, and the bytes."""
    yield from _texts(random.Random(seed))
    yield from _packages(random.Random(seed))
    yield from _pages()
    yield from _pdfs(random.Random(seed))


def _texts(chance: random.Random) -> Iterator[tuple[str, str, bytes]]:
    good = report(1)
    yield "nothing in it", "a.txt", b""
    yield "white space alone", "a.txt", b" \n\t\r\n" * 5000
    yield "marks alone", "a.txt", "。，、；".encode() * 5000
    yield "bytes by chance", "a.txt", chance.randbytes(200_000)
    yield "bytes by chance without an ending", "report", chance.randbytes(20_000)
    yield "NUL between its letters", "a.txt", b"\0".join(bytes([byte]) for byte in good)
    yield "NUL alone", "a.txt", bytes(100_000)
    yield "UTF-8 cut in a letter", "a.txt", good[: len(good) // 3 * 3 - 1]
    yield "UTF-8 with one wrong byte", "a.txt", good[:90] + b"\xff" + good[90:]
    yield "UTF-16 without its mark", "a.txt", good.decode().encode("utf-16-le")
    yield "UTF-16 of odd length", "a.txt", good.decode().encode("utf-16") + b"\0"
    yield "UTF-32", "a.txt", good.decode().encode("utf-32")
    yield "Big5", "a.txt", "政府工作報告 收入增長百分之五".encode("big5") * 50
    yield "GB18030 behind UTF-8", "a.txt", good + good.decode().encode("gb18030")
    yield "a lone surrogate", "a.txt", good + b"\xed\xa0\x80" + good
    yield "marks that turn the writing round", "a.txt", ("\u202e" + good.decode() + "\u2066" * 1000).encode()
    yield "zero-width marks between letters", "a.txt", "\u200b".join(good.decode()).encode()
    yield "a thousand marks on a letter", "a.txt", ("增" + "\u0301" * 1000).encode() * 50
    yield "one line of a megabyte", "a.txt", ("粮食产量增长5%，" * 41_000).encode()
    yield "a megabyte of digits", "a.txt", b"7" * _MIB
    yield "half a million lines", "a.txt", b"1\n" * (_MIB // 2)
    yield "larger than may be", "a.txt", b"1" * (20 * _MIB + 1)
    yield "an ending that nobody knows", "a.exe", good
    yield "no ending", "report", good
    yield "a text that is called a picture", "a.png", good
    yield "a program", "a.txt", b"\x7fELF" + chance.randbytes(50_000)
    yield "a spreadsheet's formula", "a.txt", b"=cmd|' /C calc'!A0\n@SUM(1)\n+1\n-1\n" + good
    yield "terminal codes", "a.txt", b"\x1b[2J\x1b]0;x\x07" * 100 + good
    yield "a format string", "a.txt", b"%s%n{0.__class__}${jndi:ldap://x}" * 100 + good


def _packages(chance: random.Random) -> Iterator[tuple[str, str, bytes]]:
    good, zipped = report(1), packed({"a.txt": report(1)})
    yield "a ZIP of nothing", "a.zip", packed({})
    yield "a ZIP cut", "a.zip", zipped[:-30]
    yield "a ZIP with wrong bytes in it", "a.zip", zipped[:60] + chance.randbytes(200) + zipped[260:]
    yield "an encrypted ZIP", "a.zip", _encrypted(zipped)
    yield "a bomb", "a.zip", packed({"a.txt": b"1" * (100 * _MIB)})
    yield "a bomb that lies about its size", "a.zip", _lying(packed({"a.txt": b"1" * (30 * _MIB)}))
    yield "a hundred bombs in one", "a.zip", packed({f"{n}.txt": b"1" * (3 * _MIB) for n in range(100)})
    yield "archives in each other", "a.zip", packed({"b.zip": packed({"c.zip": packed({"d.zip": zipped})})})
    yield "ten thousand files", "a.zip", packed({f"{n}.txt": b"" for n in range(10_001)})
    yield "paths that lead out", "a.zip", packed({"../../../etc/x.txt": good, "/root/y.txt": good, "C:\\z.txt": good})
    yield "two files of one name", "a.zip", _doubled(good)
    yield "a ZIP that is called a text", "a.txt", zipped
    yield "Word cut", "a.docx", word("<w:p/>")[:-200]
    yield "Word without a document", "a.docx", packed({"[Content_Types].xml": _CONTENT_TYPES})
    yield "Word of no words", "a.docx", word("")
    yield "Word of broken XML", "a.docx", word("<w:p><w:r><w:t>收入")
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
    laughs = f'<?xml version="1.0"?><!DOCTYPE w [<!ENTITY e0 "ha">{entities}]>'
    yield "Word of a billion laughs", "a.docx", word("<w:p><w:r><w:t>&e9;</w:t></w:r></w:p>", laughs)
    outside = '<?xml version="1.0"?><!DOCTYPE w [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    yield "Word that asks for another file", "a.docx", word("<w:p><w:r><w:t>收入&x;</w:t></w:r></w:p>", outside)
    yield "Word of tables in each other", "a.docx", word("<w:tbl><w:tr><w:tc>" * 3000 + "</w:tc></w:tr></w:tbl>" * 3000)
    yield "an encrypted Word", "a.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + chance.randbytes(20_000)
    yield "an old Word of chance", "a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + chance.randbytes(20_000)
    yield "a workbook of chance", "a.xlsx", packed({"xl/workbook.xml": chance.randbytes(2000)})
    yield "an old workbook of chance", "a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + chance.randbytes(20_000)
    yield "a workbook that is none", "a.xlsx", good


def _lying(archive: bytes) -> bytes:
    """The same where the directory and the entry say that it unpacks to a hundred bytes."""
    held = bytearray(archive)
    for mark, place in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        struct.pack_into("<I", held, held.find(mark) + place, 100)
    return bytes(held)


def _doubled(good: bytes) -> bytes:
    first = packed({"a.txt": good, "b.txt": report(2)}, zipfile.ZIP_STORED)
    return first.replace(b"b.txt", b"a.txt")


def _pages() -> Iterator[tuple[str, str, bytes]]:
    yield "a page of tags in each other", "a.html", b"<html><body>" + b"<div>" * 200_000 + "收入增长5%".encode()
    yield "a page of one open tag", "a.html", b"<html><p " + b"a=" * 400_000
    yield "a page of cells over many", "a.html", b"<table>" + b"<tr><td colspan=1000 rowspan=65534>1" * 3000
    yield "a page of scripts", "a.html", b"<html><script>" + b"alert(1);" * 20_000 + "</script>收入".encode()


def _pdfs(chance: random.Random) -> Iterator[tuple[str, str, bytes]]:
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 100 100]/Contents 4 0 R>>"
    catalogue, pages = b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[3 0 R]/Count 1>>"
    yield "a PDF of its first line", "a.pdf", b"%PDF-1.7\n"
    yield "a PDF of chance", "a.pdf", b"%PDF-1.7\n" + chance.randbytes(50_000)
    yield "a PDF whose pages hold themselves", "a.pdf", pdf(catalogue, b"<</Type/Pages/Kids[2 0 R 2 0 R]/Count 99>>")
    yield "a PDF of no words", "a.pdf", pdf(catalogue, pages, page, _stream(b""))
    bomb = zlib.compress(bytes(100 * _MIB))
    yield "a PDF with a bomb in it", "a.pdf", pdf(catalogue, pages, page, _stream(bomb, b"/Filter/FlateDecode"))
    yield (
        "a PDF of a million pages",
        "a.pdf",
        pdf(catalogue, b"<</Type/Pages/Kids[" + b"3 0 R " * 100_000 + b"]/Count 1000000>>", page, _stream(b"")),
    )
