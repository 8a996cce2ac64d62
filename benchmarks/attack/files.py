"""Bad files and bad names, each beside a good file, given to the command and to a service."""

from __future__ import annotations

import os
import random
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

from benchmarks.attack.badfiles import bad_files
from benchmarks.attack.reports import digest, held, report, whole
from benchmarks.attack.running import Ran, Served, run, serving
from benchmarks.attack.told import Row

GOOD = "good.txt"


def files(folder: Path, times: int, chance: random.Random) -> list[Row]:
    """Each kind once, in a folder with a good file: that goes in, and the bad one is taken or named with its cause."""
    kinds = [*bad_files(), *_kinds_of_place()]
    chosen = kinds if times >= len(kinds) else chance.sample(kinds, times)
    command, service = Row("bad files, ingested"), Row("bad files, uploaded")
    root, taken = folder / "served", 0
    run("ingest", _good(folder / "first"), "--index", root)
    with serving(root) as served:
        for number, (kind, name, data) in enumerate(chosen):
            taken += _ingested(command, folder / f"{number}", kind, name, data)
            if data is not None:
                _uploaded(service, served, root, kind, name, data)
        service.mib = max(service.mib, served.mib())
        served.command.kill()
        service.reads(served.command.wait().told, "the service")
    command.note = f"{len(chosen)} kinds; {taken} could be read, the others were named"
    return [command, service]


def _kinds_of_place() -> list[tuple[str, str, bytes | None]]:
    """What is no file, for the command alone; see ``_placed``."""
    places = (
        "a folder of that name",
        "a pipe",
        "a link to itself",
        "a link that leads nowhere",
        "a link out of the folder",
    )
    return [(kind, "a.txt", None) for kind in (*places, "a file that may not be read")]


def _good(folder: Path) -> Path:
    folder.mkdir(parents=True)
    (folder / GOOD).write_bytes(report(0))
    return folder


def _placed(path: Path, kind: str, data: bytes | None) -> None:
    if data is not None:
        path.write_bytes(data)
    elif kind.startswith("a folder"):
        path.mkdir()
    elif kind == "a pipe":
        os.mkfifo(path)
    elif kind == "a link to itself":
        path.symlink_to(path)
    elif kind == "a link that leads nowhere":
        path.symlink_to(path.parent / "absent")
    elif kind.startswith("a link out"):
        path.symlink_to("/etc/passwd")
    else:
        path.write_bytes(report(1))
        path.chmod(0)


def _ingested(row: Row, folder: Path, kind: str, name: str, data: bytes | None) -> bool:
    """Whether the bad file could be read all the same."""
    _placed(_good(folder / "reports") / name, kind, data)
    root = folder / "index"
    ran = run("ingest", folder / "reports", "--index", root)
    row.tried += 1
    row.took(ran.seconds, ran.mib)
    row.reads(ran.told, kind)
    if ran.code != 0:
        row.fails(f"{kind}: code {ran.code}: {ran.err.strip()[:200]}")
        return False
    there = held(root)
    wrong = whole(root)
    if wrong:
        row.misses(f"{kind}: {wrong}")
    if there.get(GOOD) != digest(report(0)):
        row.loses(f"{kind}: the good file is not there")
    # What is no file at all is passed over; of a file something is said.
    others = [each for each in there if each != GOOD]
    if data is not None and not others and not _names(ran, name):
        row.fails(f"{kind}: neither taken nor named")
    return bool(others)


def _names(ran: Ran, name: str) -> bool:
    return any(line.startswith((f"left out: {name}", "read once:")) for line in ran.err.splitlines())


def _uploaded(row: Row, served: Served, root: Path, kind: str, name: str, data: bytes) -> None:
    begun = time.monotonic()
    reply = served.upload(name, data)
    row.took(time.monotonic() - begun)
    row.tried += 1
    if reply.status not in (201, 413, 422):
        row.fails(f"{kind}: {reply.status} {reply.body[:200]!r}")
    if served.ask("GET", "/health/ready").status != 200:
        row.fails(f"{kind}: the service is not ready")
    if held(root).get(GOOD) != digest(report(0)):
        row.loses(f"{kind}: the good file is gone")
    told = reply.json()
    if reply.status == 201 and not (told.get("added") or told.get("same") or told.get("replaced") or told.get("kept")):
        row.fails(f"{kind}: 201 for nothing")


NAMES = (
    b"a\nb.txt", b"a\rb.txt", b"a\tb.txt", b"a\x1b[31mb.txt", b"a\x7fb.txt", "a\u202eb.txt".encode(), "a\u200b.txt".encode(),
    "a\u2028b.txt".encode(), "\ufeffa.txt".encode(), "报告.txt".encode("gbk"), b"\xff\xfe.txt", b"\xed\xa0\x80.txt",
    b"-rf.txt", b"--replace.txt", b" a.txt", b"a .txt ", b"a..txt", b"CON.txt", b"nul.txt", b"a:b.txt", b"a\\b.txt",
    b"..\\..\\a.txt", b"a%2e%2e%2fb.txt", b"a?b#c.txt", b"'a\"b`c.txt", b"<script>alert(1)<.txt", b"=cmd()!A1.txt",
    b"{0}%s$HOME.txt", "e\u0301.txt".encode(), "😀.txt".encode(), b"n" * 251 + b".txt", "长".encode() * 83 + b".txt",
    b"a.TXT", b"a.txt.txt",
)  # fmt: skip
"""Bytes of names that a file system takes."""

_FOR_FORMS = (
    "",
    ".",
    "..",
    "/",
    "../../etc/passwd.txt",
    "/etc/a.txt",
    "C:\\a\\b.txt",
    "a\0b.txt",
    "n" * 5000 + ".txt",
    ".txt",
)
"""Names that only a client can send."""


def names(folder: Path, times: int, chance: random.Random) -> list[Row]:
    """A good file under each name, ingested and uploaded; it can then be listed, opened by its page and taken out again."""
    chosen = NAMES if times >= len(NAMES) else tuple(chance.sample(NAMES, times))
    return [_names_ingested(folder, chosen), _names_uploaded(folder, chosen)]


def _names_ingested(folder: Path, chosen: tuple[bytes, ...]) -> Row:
    row, left_out = Row("bad names, ingested"), 0
    for number, name in enumerate(chosen):
        place, root = folder / f"n{number}", folder / f"i{number}"
        _good(place)
        Path(os.fsdecode(os.fsencode(place) + b"/" + name)).write_bytes(report(1))
        said = False
        for command in (("ingest", place, "--verbose"), ("coverage",)):
            ran = run(*command, "--index", root)
            row.took(ran.seconds, ran.mib)
            row.reads(ran.told, repr(name))
            said |= "left out: " in ran.err
            if ran.code != 0:
                row.fails(f"{name!r}: {command[0]}: {ran.code} {ran.err.strip()[:200]}")
            if any((c < " " and c != "\n") or "\x7f" <= c < "\xa0" for c in ran.told):
                row.fails(f"{name!r}: {command[0]} prints a control character")
        there = held(root)
        row.tried += 1
        if whole(root):
            row.misses(f"{name!r}: {whole(root)}")
        own = next((held_name for held_name, sha in there.items() if sha == digest(report(1))), None)
        if own is None:
            # Hidden ones are passed over, and of one without a known ending it is said.
            left_out += 1
            if not name.startswith(b".") and not said:
                row.loses(f"{name!r}: {sorted(there)}")
            continue
        gone = run("remove", "--index", root, "--", own)
        row.reads(gone.told, repr(name))
        if gone.code != 0 or set(held(root)) != {GOOD}:
            row.fails(f"{name!r}: cannot be taken out by the name that is shown, {own!r}: {gone.err.strip()[:200]}")
    row.note = f"{left_out} passed over or refused"
    return row


def _for_forms(chosen: tuple[bytes, ...]) -> Iterator[str]:
    yield from (name.decode("utf-8", "surrogateescape") for name in chosen)
    yield from _FOR_FORMS


def _names_uploaded(folder: Path, chosen: tuple[bytes, ...]) -> Row:
    row, root, refused = Row("bad names, uploaded"), folder / "served", 0
    run("ingest", _good(folder / "first"), "--index", root)
    with serving(root) as served:
        for name in _for_forms(chosen):
            reply = served.upload(name, report(1))
            row.tried += 1
            refused += reply.status in (400, 422)
            # A form whose head is no text, or of thousands of letters, is no form: 400.
            if reply.status not in (201, 400, 422):
                row.fails(f"{name[:40]!r}: {reply.status} {reply.body[:200]!r}")
                continue
            if reply.status == 201:
                _opened(row, served, name)
            if held(root).get(GOOD) != digest(report(0)):
                row.loses(f"{name[:40]!r}: the good file is gone")
        row.took(0, served.mib())
        served.command.kill()
        row.reads(served.command.wait().told, "the service")
    if any(path.name == "passwd.txt" for path in folder.rglob("*")):
        row.fails("a name led out of the index")
    row.note = f"{refused} refused"
    return row


def _opened(row: Row, served: Served, name: str) -> None:
    listed = served.ask("GET", "/v1/documents").json().get("documents")
    found = [each for each in listed if each["document"] != GOOD] if isinstance(listed, list) else []
    if len(found) != 1:
        row.loses(f"{name[:40]!r}: not in the list")
        return
    identity = quote(str(found[0]["id"]), safe="")
    for path in (f"/documents/{identity}", f"/documents/{identity}/original", f"/v1/documents/{identity}"):
        reply = served.ask("GET", path)
        if reply.status != 200:
            row.fails(f"{name[:40]!r}: {path}: {reply.status}")
        if b"<script>alert" in reply.body:
            row.fails(f"{name[:40]!r}: a script stands in {path}")
    gone = served.ask("DELETE", f"/v1/documents/{identity}")
    if gone.status != 200:
        row.fails(f"{name[:40]!r}: cannot be taken out: {gone.status} {gone.body[:200]!r}")
