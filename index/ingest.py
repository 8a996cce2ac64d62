"""Adds report files to an index: what can be used goes in, what cannot is named, and the last snapshot stays until the new one is whole."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from index.build import read_corpus
from index.errors import SourceError
from index.lock import PATIENCE, writing
from index.store.embedding import Embedder
from index.store.snapshot import Manifest, stored_sources, write_snapshot
from index.text.chunking import ChunkOptions
from index.text.counting import TokenCounter
from index.text.sources import decode_source, find_files, read_source
from index.types import Source


@dataclass(frozen=True, slots=True)
class IngestReport:
    """What became of every file. ``refused`` pairs a name with the cause, ``same`` a name with the file it equals."""

    manifest: Manifest
    added: tuple[str, ...]
    kept: tuple[str, ...]
    same: tuple[tuple[str, str], ...]
    refused: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Progress:
    """Hooks for a progress bar: the number of sources, each source read, each later step."""

    on_total: Callable[[int], None] = lambda _: None
    on_source: Callable[[Source], None] = lambda _: None
    on_step: Callable[[str], None] = lambda _: None


def ingest(
    paths: Iterable[Path],
    root: Path,
    embedder: Embedder,
    tokens: str,
    options: ChunkOptions,
    *,
    fresh: bool = False,
    patience: float = PATIENCE,
    progress: Progress | None = None,
) -> IngestReport:
    """Add files to the index in ``root``; a file of the same name is replaced. ``fresh`` forgets what was there.

    While another process changes the index, this one waits, for ``patience`` seconds at most. Raises SourceError where
    nothing at all can be used, and what ``writing`` raises; the last snapshot then goes on serving.
    """
    hooks = progress or Progress()
    files = list(find_files(paths))
    hooks.on_step("opening the index")
    # Files are read inside as well: of two ingests of one file, the last to write must have the newer bytes.
    with writing(root, patience):
        return _ingest(files, root, embedder, tokens, options, fresh, hooks)


def _ingest(
    files: Sequence[tuple[str, Path]],
    root: Path,
    embedder: Embedder,
    tokens: str,
    options: ChunkOptions,
    fresh: bool,
    hooks: Progress,
) -> IngestReport:
    refused: list[tuple[str, str]] = []
    same: list[tuple[str, str]] = []
    sources: dict[str, Source] = {}
    raw: dict[str, bytes] = {}
    added: list[str] = []
    if not fresh:
        for entry, data in stored_sources(root):
            sources[entry.name] = decode_source(entry.name, data)
            raw[entry.sha256] = data
    kept = tuple(sources)
    for name, path in files:
        try:
            source, data = read_source(name, path)
        except SourceError as error:
            refused.append((error.name, error.cause))
            continue
        twin = next((n for n, s in sources.items() if s.sha256 == source.sha256 and n != name), None)
        if twin is not None:
            same.append((name, twin))
            continue
        sources[name] = source
        raw[source.sha256] = data
        added.append(name)
    if not added and not same:
        causes = "; ".join(f"{n}: {c}" for n, c in refused) or "no files found"
        raise SourceError("nothing to ingest", causes)
    hooks.on_total(len(sources))
    corpus = read_corpus(sources.values(), TokenCounter(tokens), options, hooks.on_source)
    manifest = write_snapshot(root, corpus, raw, embedder, tokens, options, hooks.on_step)
    return IngestReport(manifest, tuple(added), tuple(k for k in kept if k not in added), tuple(same), tuple(refused))
