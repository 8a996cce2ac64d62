"""What can go wrong with report files and snapshots. Each error names its cause; the edge maps it once."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

REBUILD = "run `wenju ingest PATH… --replace` to build it anew"
"""What mends an index that cannot be read."""


class WenjuError(Exception):
    """The root of every error this project raises on purpose. Its text is one line a user can act on."""


class SourceError(WenjuError):
    """A report file cannot be used: missing, empty, binary, undecodable or of an unsupported type."""

    def __init__(self, name: str, cause: str) -> None:
        super().__init__(f"{name}: {cause}")
        self.name = name
        self.cause = cause


class NothingUsableError(SourceError):
    """None of the files that were given can be used; ``refused`` pairs each with its cause."""

    def __init__(self, refused: Sequence[tuple[str, str]]) -> None:
        super().__init__("nothing to ingest", "; ".join(f"{n}: {c}" for n, c in refused) or "no files found")
        self.refused = tuple(refused)


class LastSourceError(WenjuError):
    """A file cannot be taken out of an index that holds no other: an index of nothing cannot be served."""

    def __init__(self) -> None:
        super().__init__("this is the only file of the index; add another one first")


class VocabularyError(WenjuError):
    """A vocabulary file of ``index/data`` is malformed."""


class SnapshotError(WenjuError):
    """An index folder is missing, damaged or was built for something else."""


class StoreError(WenjuError):
    """The database that holds the index cannot be reached, or refuses. Its text holds no password."""

    def __init__(self, store: str, cause: str) -> None:
        super().__init__(f"{store} {cause}" if store == "WENJU_STORE" else f"the store {store}: {cause}")
        self.store = store
        self.cause = cause


class IndexBusyError(WenjuError):
    """An index cannot be changed now: another process is changing it, and did not finish in time."""

    def __init__(self, root: Path | str, waited: float, holder: str = "") -> None:
        super().__init__(
            f"another process is changing the index in {root} (waited {waited:g} s); nothing was changed, try again later"
            + (f" (it is {holder})" if holder else "")
        )
        self.root = root
        self.waited = waited
        self.holder = holder


class IndexReadOnlyError(WenjuError):
    """An index folder cannot be changed by this user."""

    def __init__(self, root: Path | str, cause: str) -> None:
        super().__init__(f"the index in {root} cannot be changed: {cause}")
        self.root = root
        self.cause = cause


class IndexFullError(WenjuError):
    """There is no room on the disk for what is to be written to an index folder; the last snapshot goes on serving."""

    def __init__(self, root: Path | str, cause: str) -> None:
        super().__init__(f"no room for the index in {root} ({cause}); nothing was changed")
        self.root = root
        self.cause = cause


class VocabularyUnavailableError(WenjuError):
    """A tokenizer vocabulary is unknown, or has to be fetched and cannot be."""

    def __init__(self, name: str, cause: str) -> None:
        super().__init__(f"token vocabulary '{name}': {cause}")
        self.name = name
        self.cause = cause


class EmbeddingModelError(WenjuError):
    """An embedding model cannot be loaded: no such folder, a broken one, a hub that cannot be reached, or a missing package."""

    def __init__(self, name: str, cause: str) -> None:
        super().__init__(f"embedding model '{name}': {cause}")
        self.name = name
        self.cause = cause


class RerankModelError(WenjuError):
    """A rerank model cannot be loaded, or is none."""

    def __init__(self, name: str, cause: str) -> None:
        super().__init__(f"rerank model '{name}': {cause}")
        self.name = name
        self.cause = cause


class EmbeddingServiceError(WenjuError):
    """An embedding service cannot be reached, refuses, or answers what cannot be used. Its text holds no key."""

    def __init__(self, url: str, cause: str, status: int | None = None) -> None:
        super().__init__(f"embedding service {url}: {cause}")
        self.url = url
        self.cause = cause
        self.status = status


class DimensionMismatchError(WenjuError):
    """A vector does not have the dimension of the index it is put to: another embedding model made it."""

    def __init__(self, expected: int, given: int) -> None:
        super().__init__(f"the index holds vectors of {expected} numbers, but the query has {given}")
        self.expected = expected
        self.given = given
