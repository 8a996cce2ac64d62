"""Full disks: an index on a small file system of its own, in memory, that has no room for what is added."""

from __future__ import annotations

import os
import random
import resource
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.attack.reports import digest, held, left_over, report, whole, written
from benchmarks.attack.running import Ran, run, serving
from benchmarks.attack.told import Row

_ENOUGH = 64 * 1024 * 1024
_ADDED = 3


class Disk:
    """A file system whose free room can be set. Where none may be mounted, the largest size of a file stands for it."""

    def __init__(self, place: Path, mounted: bool) -> None:
        self.place = place
        self.mounted = mounted

    def leave(self, free: int | None) -> None:
        """So many bytes are free from now on; None for enough."""
        if not self.mounted:
            # No full disk: what is written beyond it fails all the same, with another number (EFBIG).
            resource.setrlimit(resource.RLIMIT_FSIZE, (free or resource.RLIM_INFINITY, resource.RLIM_INFINITY))
            return
        used = shutil.disk_usage(self.place).used
        size = _ENOUGH if free is None else used + max(4096, free)
        subprocess.run(["mount", "-o", f"remount,size={size}", str(self.place)], check=True, capture_output=True)


@contextmanager
def disk(folder: Path) -> Iterator[Disk]:
    folder.mkdir(parents=True, exist_ok=True)
    mount = ["mount", "-t", "tmpfs", "-o", f"size={_ENOUGH}", "tmpfs", str(folder)]
    mounted = (
        os.name == "posix"
        and os.geteuid() == 0
        and not subprocess.run(mount, check=False, capture_output=True).returncode
    )
    try:
        yield Disk(folder, mounted)
    finally:
        if mounted:
            subprocess.run(["umount", "-l", str(folder)], check=True, capture_output=True)
        else:
            resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))


def disks(folder: Path, times: int, chance: random.Random) -> list[Row]:
    """Half of them under an ingest, half under a service that is given files; room is left for a random part of what is written."""
    with disk(folder / "disk") as small:
        root = small.place / "index"
        run("ingest", written(folder / "reports", {"0.txt": report(0)}), "--index", root)
        before = shutil.disk_usage(small.place).used
        run("ingest", written(folder / "reports", _files(0)), "--index", root)
        needed = max(1, shutil.disk_usage(small.place).used - before)
        note = "tmpfs: ENOSPC" if small.mounted else "no mount allowed: RLIMIT_FSIZE, EFBIG"
        rows = [
            _ingests(folder, small, root, times - times // 2, needed, chance),
            _uploads(small, root, times // 2, needed, chance),
        ]
    for row in rows:
        row.note = f"{row.note}; {note}"
    return rows


def _files(version: int) -> dict[str, bytes]:
    return {f"{n}.txt": report(n, version) for n in range(1, 1 + _ADDED)}


def _ingests(folder: Path, small: Disk, root: Path, times: int, needed: int, chance: random.Random) -> Row:
    row, enough = Row("ingest onto a full disk"), 0
    for version in range(1, times + 1):
        before, files = held(root), _files(version)
        wanted = before | {name: digest(data) for name, data in files.items()}
        reports = written(folder / "reports", files)
        small.leave(int(needed * chance.uniform(0, 1.2)))
        ran = run("ingest", reports, "--index", root)
        small.leave(None)
        row.tried += 1
        row.took(ran.seconds, ran.mib)
        row.reads(ran.told, f"full disk {version}")
        enough += ran.code == 0
        _judge(row, root, before, wanted, ran, version)
        # With room again the same command succeeds.
        again = run("ingest", reports, "--index", root)
        if again.code != 0 or held(root) != wanted or whole(root):
            row.fails(f"full disk {version}: with room again: {again.code} {again.err.strip()} {whole(root)}")
        if left_over(root):
            row.fails(f"full disk {version}: left over {left_over(root)}")
    row.note = f"{enough} had room enough"
    return row


def _judge(row: Row, root: Path, before: dict[str, str], wanted: dict[str, str], ran: Ran, version: int) -> None:
    wrong = whole(root)
    if wrong:
        row.misses(f"full disk {version}: {wrong}")
    elif held(root) != (wanted if ran.code == 0 else before):
        row.loses(f"full disk {version}: code {ran.code}, and the index says otherwise")
    if ran.code != 0 and (ran.code != 1 or not _one_line(ran.err)):
        row.fails(f"full disk {version}: code {ran.code}, told {ran.err.strip()[:200]!r}")


def _one_line(told: str) -> bool:
    return told.startswith("wenju: ") and len(told.strip().splitlines()) == 1


def _uploads(small: Disk, root: Path, times: int, needed: int, chance: random.Random) -> Row:
    row, enough = Row("upload onto a full disk"), 0
    # What the service writes elsewhere has room: only the index is on the small disk.
    with tempfile.TemporaryDirectory(), serving(root) as served:
        for version in range(1, times + 1):
            before, data = held(root), report(1, 1000 + version)
            small.leave(int(needed * chance.uniform(0, 1.2)))
            reply = served.upload("1.txt", data)
            small.leave(None)
            row.tried += 1
            enough += reply.status == 201
            wanted = before | {"1.txt": digest(data)}
            wrong = whole(root)
            if wrong:
                row.misses(f"upload {version}: {wrong}")
            elif held(root) != (wanted if reply.status == 201 else before):
                row.loses(f"upload {version}: {reply.status}, and the index says otherwise")
            if reply.status not in (201, 503, 507):
                row.fails(f"upload {version}: {reply.status} {reply.body[:300]!r}")
            if served.ask("GET", "/health/ready").status != 200:
                row.fails(f"upload {version}: the service is not ready")
            again = served.upload("1.txt", data)
            if again.status != 201 or held(root) != wanted:
                row.fails(f"upload {version}: with room again {again.status} {again.body[:300]!r}")
        row.took(0, served.mib())
        served.command.kill()
        row.reads(served.command.wait().told, "the service on a full disk")
    row.note = f"{enough} had room enough"
    return row
