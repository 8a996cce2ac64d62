"""Damaged files: any file of an index changed, cut, emptied, exchanged or taken away, and what the next command says."""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable
from pathlib import Path

from benchmarks.attack.reports import held, question, report, written
from benchmarks.attack.running import Ran, run
from benchmarks.attack.told import Row

Harm = Callable[[Path, bytes, random.Random], None]


def _flip(path: Path, data: bytes, chance: random.Random) -> None:
    at = chance.randrange(len(data))
    path.write_bytes(data[:at] + bytes([data[at] ^ (1 << chance.randrange(8))]) + data[at + 1 :])


def _cut(path: Path, data: bytes, chance: random.Random) -> None:
    path.write_bytes(data[: chance.randrange(len(data))])


def _empty(path: Path, data: bytes, chance: random.Random) -> None:
    path.write_bytes(b"")


def _remove(path: Path, data: bytes, chance: random.Random) -> None:
    path.unlink()


def _lengthen(path: Path, data: bytes, chance: random.Random) -> None:
    path.write_bytes(data + chance.randbytes(chance.randint(1, 4096)))


def _zero(path: Path, data: bytes, chance: random.Random) -> None:
    """As a loss of power leaves a block."""
    at = chance.randrange(len(data)) // 512 * 512
    zeros = bytes(min(512, len(data) - at))
    path.write_bytes(data[:at] + (zeros if data[at : at + 512] != zeros else b"\xff" * len(zeros)) + data[at + 512 :])


def _exchange(path: Path, data: bytes, chance: random.Random) -> None:
    """Another file of the index in its place."""
    others = [other for other in path.parent.iterdir() if other.is_file() and other.read_bytes() != data]
    path.write_bytes(chance.choice(others).read_bytes() if others else data[::-1] + b"\n")


def _folder(path: Path, data: bytes, chance: random.Random) -> None:
    path.unlink()
    path.mkdir()


HARMS: dict[str, Harm] = {
    "bit": _flip, "bit again": _flip, "cut": _cut, "emptied": _empty, "removed": _remove,
    "lengthened": _lengthen, "block": _zero, "exchanged": _exchange, "made a folder": _folder,
}  # fmt: skip


def damage(folder: Path, times: int, chance: random.Random) -> list[Row]:
    """Each damage is to a whole index; ``wenju ask`` comes first, then ``verify``, then an ingest that mends it."""
    row, refused, late, harmless = Row("damaged files"), 0, 0, 0
    whole, root = folder / "whole", folder / "index"
    reports = written(folder / "reports", {f"{n}.txt": report(n) for n in range(3)})
    if run("ingest", reports, "--index", whole).code != 0:
        raise RuntimeError("the first ingest failed")
    asked = ("ask", question(1), "--json", "--as-of", "2024-06-01", "--index", root)
    shutil.copytree(whole, root)
    right = _answer(run(*asked))
    more = written(folder / "more", {"9.txt": report(9)})
    run("ingest", more, "--index", root)
    grown = held(root)
    names = sorted(path.relative_to(whole) for path in whole.rglob("*") if path.is_file())
    names = [name for name in names if name.name != "LOCK"]
    for number in range(times):
        name, harm = names[number % len(names)], chance.choice(list(HARMS))
        what = f"{name.as_posix()} {harm}"
        shutil.rmtree(root)
        shutil.copytree(whole, root)
        HARMS[harm](root / name, (whole / name).read_bytes(), chance)
        row.tried += 1
        ran = run(*asked)
        _took(row, ran, what)
        if ran.code != 0:
            refused += 1
            _says(row, ran, what)
            continue
        if _answer(ran) != right:
            row.misses(f"{what}: answered otherwise")
            continue
        checked = run("verify", "--index", root)
        _took(row, checked, what)
        if checked.code != 0:
            late += 1
            continue
        # Neither looked at it: then it decides nothing, and what is made next is what it would be without the damage.
        mended = run("ingest", more, "--index", root)
        _took(row, mended, what)
        if mended.code == 1 and "damaged" in mended.err and "run the same command again" in mended.err:
            # What only saves time is removed, and it says so.
            mended = run("ingest", more, "--index", root)
            _took(row, mended, what)
        if mended.code != 0:
            row.fails(f"{what}: the next ingest: {mended.err.strip()[:200]}")
        elif held(root) != grown or run("verify", "--index", root).code != 0:
            row.misses(f"{what}: the next ingest took it over")
        else:
            harmless += 1
    row.note = f"{refused} refused at open, {late} by verify, {harmless} mended by the next ingest"
    return [row]


def _took(row: Row, ran: Ran, what: str) -> None:
    row.took(ran.seconds, ran.mib)
    row.reads(ran.told, what)


def _answer(ran: Ran) -> str:
    """An answer without what differs from run to run."""
    return "".join(
        line for line in ran.out.splitlines() if "_ms" not in line and '"id"' not in line and '": 0.' not in line
    )


def _says(row: Row, ran: Ran, what: str) -> None:
    """One line, which says what is damaged and what mends it."""
    lines = ran.err.strip().splitlines()
    if ran.code != 1 or len(lines) != 1 or not lines[0].startswith("wenju: ") or "wenju ingest" not in lines[0]:
        row.fails(f"{what}: code {ran.code}, told {ran.err.strip()[:300]!r}")
