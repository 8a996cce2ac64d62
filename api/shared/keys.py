"""Who may do what, and how often: keys with scopes, compared in constant time, each with its own allowance.

Keys are kept as SHA-256 hashes. They are made by machines and long, so a slow hash would protect nothing more.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import threading
import time
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from pydantic import SecretStr

from api.shared.access.allowance import Allowance
from api.shared.access.strangers import Strangers
from api.shared.refusals import RateLimitError
from index.errors import WenjuError


class Scope(StrEnum):
    """What a key opens. ``ingest`` may also ask, ``admin`` may do everything."""

    ASK = "ask"
    INGEST = "ingest"
    ADMIN = "admin"


_INCLUDES = {
    Scope.ASK: {Scope.ASK},
    Scope.INGEST: {Scope.ASK, Scope.INGEST},
    Scope.ADMIN: {Scope.ASK, Scope.INGEST, Scope.ADMIN},
}


class KeyFileError(WenjuError):
    """The configured keys cannot be used."""


class UnknownKeyError(WenjuError):
    """No key was sent, or not one of ours. ``missing`` tells a client that sent none, or in a form that is none."""

    def __init__(self, *, missing: bool) -> None:
        super().__init__(
            "no API key: send the header Authorization: Bearer KEY" if missing else "this API key is not known here"
        )
        self.missing = missing


class ForbiddenError(WenjuError):
    """The key is known, but not for this."""


@dataclass(frozen=True, slots=True)
class Key:
    """One key: its name for logs, the hash of it, what it opens, and its requests a minute (0 for no limit)."""

    name: str
    sha256: str
    scopes: frozenset[Scope]
    per_minute: int = 0

    def opens(self, scope: Scope) -> bool:
        return any(scope in _INCLUDES[own] for own in self.scopes)


EMPTY = hashlib.sha256(b"").hexdigest()


def hashed(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()


def read_keys(listed: str | None, file: Path | None, per_minute: int) -> tuple[Key, ...]:
    """All configured keys. ``listed`` is ``KEY`` or ``KEY=scope+scope``, separated by commas; see docs/keys.md for the file.

    Raises KeyFileError, without a key in its words.
    """
    keys = [_listed(entry, number, per_minute) for number, entry in enumerate(_entries(listed), 1)]
    if file is not None:
        keys += _from_file(file, per_minute)
    if len({key.sha256 for key in keys}) < len(keys):
        raise KeyFileError("an API key is configured twice")
    if not keys and (file is not None or (listed or "").strip()):
        # Keys were meant, and without any every door is open.
        raise KeyFileError("no API key is configured: the setting names none; leave it out to serve without keys")
    return tuple(keys)


class KeyOptions(Protocol):
    """Where keys are configured."""

    @property
    def api_keys(self) -> SecretStr | None: ...

    @property
    def api_key_file(self) -> Path | None: ...

    @property
    def rate_per_minute(self) -> int: ...


def keys_of(options: KeyOptions) -> tuple[Key, ...]:
    """The keys that the settings name. Raises KeyFileError."""
    listed = options.api_keys.get_secret_value() if options.api_keys else None
    return read_keys(listed, options.api_key_file, options.rate_per_minute)


def _entries(listed: str | None) -> list[str]:
    return [entry.strip() for entry in (listed or "").split(",") if entry.strip()]


def _listed(entry: str, number: int, per_minute: int) -> Key:
    # A key may end in "=" as base64 does; scopes are known words, so they are told apart.
    key, equals, scopes = entry.rpartition("=")
    if not equals or not scopes:
        key, scopes = entry, Scope.ASK.value
    if not key or not all("!" <= character <= "~" for character in key):
        # Clients can send no other in a header, and a blank ends it: such a key would never fit.
        raise KeyFileError(
            f"WENJU_API_KEYS, key {number}, can never be sent: a key is of printable ASCII characters without blanks"
        )
    return Key(f"key {number}", hashed(key), _scopes(scopes.split("+"), f"WENJU_API_KEYS, key {number}"), per_minute)


def _scopes(words: Sequence[str], where: str) -> frozenset[Scope]:
    try:
        return frozenset(Scope(word.strip()) for word in words)
    except ValueError:
        raise KeyFileError(f"{where}: scopes are {', '.join(Scope)}") from None


def _from_file(file: Path, per_minute: int) -> list[Key]:
    try:
        rows = tomllib.loads(file.read_text(encoding="utf-8"))["key"]
        return [
            Key(
                str(row["name"]),
                _sha256(row["sha256"]),
                _scopes(row.get("scopes", [Scope.ASK]), f"{file.name}, key {row['name']}"),
                _allowance(row.get("per_minute", per_minute)),
            )
            for row in rows
        ]
    except OSError as error:
        raise KeyFileError(f"key file {file}: {error.strerror or error}") from error
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise KeyFileError(f"key file {file}: wants [[key]] tables with name, sha256, scopes ({error})") from error


def _sha256(value: object) -> str:
    text = str(value).lower()
    if len(text) != 64 or set(text) - set("0123456789abcdef"):
        raise ValueError("sha256 is not 64 hexadecimal digits")
    if text == EMPTY:
        raise ValueError("sha256 is that of no key at all")
    return text


def _allowance(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise ValueError("per_minute is not a whole number of requests")
    return value


class Keyring:
    """Opens doors. Without keys every door is open."""

    def __init__(
        self,
        keys: Sequence[Key],
        clock: Callable[[], float] = time.monotonic,
        allowance: Allowance | None = None,
    ) -> None:
        """``allowance`` is what several processes share, if there are."""
        self._keys = tuple(keys)
        self._strangers = Strangers(clock)
        self._clock = clock
        self._lock = threading.Lock()
        self._allowance = allowance or Allowance()

    @property
    def open(self) -> bool:
        """Whether no keys are configured."""
        return not self._keys

    def delay(self, headers: Mapping[str, str], address: str) -> float:
        """Seconds to wait before ``enter``: none, but where wrong keys came from an address. Raises WrongKeysError."""
        given = None if self.open else key_in(headers)
        return self._strangers.delay(address, hashed(given)) if given else 0.0

    def enter(self, headers: Mapping[str, str], scope: Scope, address: str = "") -> str:
        """The name of the key in the headers of a request. Raises UnknownKeyError, ForbiddenError, RateLimitError."""
        if self.open:
            return "anyone"
        given = key_in(headers)
        if not given:
            raise UnknownKeyError(missing=True)
        digest = hashed(given)
        found = None
        for key in self._keys:
            # All of them are compared, whichever fits: the time taken tells nothing.
            if hmac.compare_digest(key.sha256, digest):
                found = key
        if found is None:
            self._strangers.was_wrong(address)
            raise UnknownKeyError(missing=False)
        self._strangers.was_right(address, digest)
        if not found.opens(scope):
            raise ForbiddenError(f"the key {found.name!r} is not for {scope.value}")
        self._take(found)
        return found.name

    def _take(self, key: Key) -> None:
        """Take one token from the key's bucket, which holds a minute's worth and fills steadily."""
        if not key.per_minute:
            return
        with self._lock:
            wait = self._allowance.take(key.sha256, key.per_minute, self._clock())
        if wait:
            raise RateLimitError(key.name, key.per_minute, wait)


def key_in(headers: Mapping[str, str]) -> str | None:
    """The key that a request carries: as bearer, or as the password that a browser asks its user for."""
    kind, _, value = headers.get("authorization", "").partition(" ")
    value = value.strip()
    if kind.lower() == "bearer":
        return value or None
    if kind.lower() == "basic":
        try:
            return base64.b64decode(value, validate=True).decode().partition(":")[2] or None
        except (binascii.Error, UnicodeDecodeError):
            return None
    return headers.get("x-api-key") or None
