"""``wenju doctor``: what a service on this machine needs, a line each: good, or what to do."""

from __future__ import annotations

import os
import shutil
import socket
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, requires, version
from typing import TYPE_CHECKING

from api.shared.keys import keys_of
from index.errors import WenjuError
from index.store.embedding import load_embedder
from index.store.snapshot import open_snapshot, verify
from wenju import __version__

if TYPE_CHECKING:
    from settings import Settings

_EXTRAS = {
    "documents": "python-docx", "mcp": "mcp", "openai": "openai", "opentelemetry": "opentelemetry-sdk",
    "postgres": "psycopg", "transformers": "sentence-transformers",
}  # fmt: skip
"""Each with a package that no other brings along."""
_LEAST_DISK = 512 * 1024**2


@dataclass(frozen=True, slots=True)
class Finding:
    """One line. ``good`` is False where something has to be done, which ``told`` then says; None where it may be."""

    what: str
    good: bool | None
    told: str


def examine(settings: Settings) -> Iterator[Finding]:
    """Look at everything, each as far as it goes: what one check finds hinders no other."""
    for what, check in _CHECKS.items():
        try:
            good, told = check(settings)
        except WenjuError as error:
            good, told = False, str(error)
        except OSError as error:
            good, told = False, f"{error.filename or what}: {error.strerror or error}"
        yield Finding(what, good, told)


Result = tuple[bool | None, str]


def _versions(_: Settings) -> Result:
    missing = []
    for line in requires("wenju") or () if _is_installed() else ():
        name = line.split(";")[0].split("<")[0].split(">")[0].split("=")[0].split("[")[0].strip()
        if "extra ==" not in line and not _has(name):
            missing.append(name)
    told = f"wenju {__version__}, Python {sys.version.split()[0]}"
    return (False, f"{told}; not installed: {', '.join(missing)}: pip install wenju") if missing else (True, told)


def _is_installed() -> bool:
    return _has("wenju")


def _has(package: str) -> bool:
    try:
        version(package)
    except PackageNotFoundError:
        return False
    return True


def _extras(settings: Settings) -> Result:
    from settings import Telemetry

    wanted = {"openai"} if settings.llm_model else set()
    wanted |= {"opentelemetry"} if Telemetry().exporter != "none" else set()
    held = {extra for extra, package in _EXTRAS.items() if _has(package)}
    if wanted - held:
        return False, f"what the settings ask for is not there: pip install 'wenju[{','.join(sorted(wanted - held))}]'"
    absent = sorted(set(_EXTRAS) - held)
    return (None, f"not installed, and not needed by all: wenju[{','.join(absent)}]") if absent else (True, "all there")


def _model(settings: Settings) -> Result:
    embedder = load_embedder(settings.embedding)
    return True, f"{embedder.name}, {embedder.dimension} dimensions"


def _index(settings: Settings) -> Result:
    store = settings.held
    wrong = store.verify() or verify(store.reading())
    if wrong:
        return False, wrong[0]
    snapshot = open_snapshot(store.reading(), load_embedder(settings.embedding))
    return (
        True,
        f"snapshot {snapshot.id} in {store.told}: {len(snapshot.documents)} documents, all files as written",
    )


def _rights(settings: Settings) -> Result:
    root = settings.index
    place = next(each for each in (root, *root.resolve().parents) if each.exists())
    if not os.access(place, os.W_OK):
        return None, f"{place} cannot be written by this user: reports are added by another"
    if who := settings.held.holder():
        return None, f"being changed, or was when it was killed: {who}"
    return True, f"{place} can be written"


def _disk(settings: Settings) -> Result:
    place = next(each for each in (settings.index, *settings.index.resolve().parents) if each.exists())
    free = shutil.disk_usage(place).free
    if free < _LEAST_DISK:
        return False, f"{free // 1024**2} MiB free at {place}: a change writes the index anew beside the last one"
    return True, f"{free // 1024**3} GiB free"


def _doors(settings: Settings) -> Result:
    keys = keys_of(settings)
    if keys:
        return True, f"{len(keys)} keys"
    if settings.host in ("127.0.0.1", "localhost", "::1"):
        return None, "no keys: whoever is on this machine may ask and change (WENJU_API_KEYS)"
    if settings.insecure:
        return None, f"no keys, and {settings.host} can be reached by others, as WENJU_INSECURE says"
    return False, f"no keys, and {settings.host} can be reached by others: set WENJU_API_KEYS or WENJU_API_KEY_FILE"


def _port(settings: Settings) -> Result:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    try:
        with socket.create_server((settings.host, settings.port), family=family):
            return True, f"{settings.host}:{settings.port} is free"
    except OSError as error:
        return (
            None,
            f"{settings.host}:{settings.port}: {error.strerror or error}; a service that runs, or choose another",
        )


_CHECKS: dict[str, Callable[[Settings], Result]] = {
    "versions": _versions,
    "extras": _extras,
    "model": _model,
    "index": _index,
    "rights": _rights,
    "disk": _disk,
    "keys": _doors,
    "port": _port,
}
