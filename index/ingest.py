"""Adds report files to an index: what can be used goes in, what cannot is named, and the last snapshot stays until the new one is whole."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from index.errors import LastSourceError, NothingUsableError, SourceError
from index.lock import PATIENCE, writing
from index.reading import Read, SourceReader, together
from index.store.embedding import Embedder
from index.store.kept import KeptReadings
from index.store.snapshot import stored_corrections, stored_sources, write_snapshot
from index.store.tables.manifest import Manifest
from index.store.tables.packed import Packed
from index.store.vectors import CorpusVectors
from index.text.chunking import ChunkOptions
from index.text.same import with_twins
from index.text.sources import find_files, outside, read_sources
from index.types import Source


@dataclass(frozen=True, slots=True)
class IngestReport:
    """What became of every file.

    ``refused`` pairs a name with the cause, ``same`` a name with the file whose content it has, ``notes`` a name with
    what was repaired or left out in reading it; ``replaced`` names what was held before with another content.
    """

    manifest: Manifest
    added: tuple[str, ...]
    kept: tuple[str, ...]
    same: tuple[tuple[str, str], ...]
    refused: tuple[tuple[str, str], ...]
    notes: tuple[tuple[str, str], ...] = ()
    replaced: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Progress:
    """Hooks for a progress bar: the number of sources, each source, each later step, and what was read of each."""

    on_total: Callable[[int], None] = lambda _: None
    on_source: Callable[[Source], None] = lambda _: None
    on_step: Callable[[str], None] = lambda _: None
    on_read: Callable[[Read], None] = lambda _: None


def ingest(
    paths: Iterable[Path],
    root: Path,
    embedder: Embedder,
    tokens: str,
    options: ChunkOptions,
    *,
    fresh: bool = False,
    patience: float = PATIENCE,
    follow_links: bool = False,
    progress: Progress | None = None,
) -> IngestReport:
    """Add files to the index in ``root``; a file of the same name is replaced. ``fresh`` forgets what was there.

    While another process changes the index, this one waits, for ``patience`` seconds at most. Links that lead out of a
    folder are followed only with ``follow_links``. Raises SourceError where nothing at all can be used, and what ``writing``
    raises; the last snapshot then goes on serving.
    """
    given = list(paths)
    files = list(find_files(given, follow_links=follow_links))
    left = [] if follow_links else list(outside(given))
    return ingest_files(
        [*files, *left], root, embedder, tokens, options, fresh=fresh, patience=patience, progress=progress
    )


def ingest_files(
    files: Sequence[tuple[str, Path | bytes] | SourceError],
    root: Path,
    embedder: Embedder,
    tokens: str,
    options: ChunkOptions,
    *,
    fresh: bool = False,
    patience: float = PATIENCE,
    progress: Progress | None = None,
) -> IngestReport:
    """Add named files, or bytes that are one; see ``ingest``. An error among them is reported as a file that was refused."""
    hooks = progress or Progress()
    hooks.on_step("opening the index")
    # Files are read inside as well: of two ingests of one file, the last to write must have the newer bytes.
    with writing(root, patience):
        return _ingest(files, root, embedder, tokens, options, fresh, hooks)


def _ingest(
    files: Sequence[tuple[str, Path | bytes] | SourceError],
    root: Path,
    embedder: Embedder,
    tokens: str,
    options: ChunkOptions,
    fresh: bool,
    hooks: Progress,
) -> IngestReport:
    stored = [] if fresh else stored_sources(root)
    before = {source.name: source for source, _ in stored}
    kept = {name: source for name, source in before.items() if not source.same_as}
    told = stored_corrections(root)
    read, refused = _given(files)
    # What was put right by hand is said of a content, whenever and under whatever name it comes again.
    given = {name: (replace(s, corrections=told.get(s.sha256, ())), data) for name, (s, data) in read.items()}
    sources = before | {source.name: source for source, _ in given.values()}
    raw = {source.sha256: data for source, data in (*stored, *given.values())}
    if not given:
        raise NothingUsableError(refused)
    held = with_twins(sources.values(), lambda source: source.name in kept)
    manifest, left_out = rewritten(held, raw, root, embedder, tokens, options, fresh, hooks)
    refused += left_out.items()
    new = [source for source in held if source.name in given and source.name not in left_out]
    return IngestReport(
        manifest,
        added=tuple(source.name for source in new if not source.same_as),
        kept=tuple(name for name in kept if name not in given and name not in left_out),
        same=tuple((source.name, source.same_as) for source in new if source.same_as),
        refused=tuple(refused),
        notes=tuple((source.name, note) for source in new for note in source.notes),
        replaced=tuple(s.name for s in new if s.name in before and before[s.name].sha256 != s.sha256),
    )


def _given(
    files: Sequence[tuple[str, Path | bytes] | SourceError],
) -> tuple[dict[str, tuple[Source, bytes]], list[tuple[str, str]]]:
    """The sources of the given files by name with their bytes, and what was refused with its cause."""
    given: dict[str, tuple[Source, bytes]] = {}
    refused: list[tuple[str, str]] = []
    for file in files:
        for found in [file] if isinstance(file, SourceError) else read_sources(*file):
            if isinstance(found, SourceError):
                refused.append((found.name, found.cause))
            elif found[0].name in given:
                # Never two files taken and one of them kept.
                refused.append(
                    (found[0].name, "another file of this name was added just now; give one of them another name")
                )
            else:
                given[found[0].name] = found
    return given, refused


def remove(
    name: str, root: Path, embedder: Embedder, tokens: str, options: ChunkOptions, *, patience: float = PATIENCE
) -> Manifest:
    """Take a source file out of the index, with the others of its content.

    Raises SourceError where it is not held (``index.amend.restore`` brings it back), LastSourceError where nothing would be left, and what ``writing`` raises.
    """
    with writing(root, patience):
        stored = stored_sources(root)
        held = [source for source, _ in stored if name not in (source.name, source.same_as)]
        if len(held) == len(stored):
            raise SourceError(name, "is not in the index")
        if not held:
            raise LastSourceError
        raw = {source.sha256: data for source, data in stored}
        return rewritten(held, raw, root, embedder, tokens, options, False, Progress())[0]


def rewritten(
    held: Sequence[Source],
    raw: Mapping[str, bytes],
    root: Path,
    embedder: Embedder,
    tokens: str,
    options: ChunkOptions,
    fresh: bool,
    hooks: Progress,
) -> tuple[Manifest, dict[str, str]]:
    """Read what is new of these sources, and write and switch to a snapshot of them all but those that cannot be read.

    To be called inside ``index.lock.writing``. The second value names these with the cause. Raises SourceError where none is left.
    """
    hooks.on_total(len(held))
    if fresh:
        # What was kept may be what is wrong.
        KeptReadings.remove(root)
    ordered = sorted(held, key=lambda source: source.name)
    with KeptReadings.open(root) as readings:
        reader = SourceReader(readings, embedder, tokens, options, hooks.on_step)
        read: list[Read] = []
        left_out: dict[str, str] = {}
        for source in ordered:
            if not source.same_as:
                try:
                    read.append(reader.read(source))
                except SourceError as error:
                    left_out[source.name] = error.cause
                else:
                    hooks.on_read(read[-1])
            hooks.on_source(source)
        left_out |= {s.name: left_out[s.same_as] for s in ordered if s.same_as in left_out}
        ordered = [source for source in ordered if source.name not in left_out]
        if not ordered:
            raise NothingUsableError(list(left_out.items()))
        corpus = together(ordered, read)
        vectors = CorpusVectors.joined(embedder.dimension, [(each.corpus, each.vectors) for each in read])
        manifest = write_snapshot(
            root,
            ordered,
            Packed.of(corpus),
            vectors,
            [each.words for each in read],
            raw,
            embedder,
            tokens,
            options,
            hooks.on_step,
        )
        readings.forget_all_but(reader.key(source) for source in ordered if not source.same_as)
    return manifest, left_out
