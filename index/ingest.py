"""Adds report files to an index: what can be used goes in, what cannot is named, and the last snapshot stays until the new one is whole."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from index.errors import LastSourceError, NothingUsableError, SourceError
from index.lock import PATIENCE
from index.reading import Read, SourceReader, told_twins
from index.store.embedding import Embedder
from index.store.engines.opening import Place, store_of
from index.store.kept import KeptReadings
from index.store.originals import HeldFile
from index.store.snapshot import stored_by, stored_corrections, stored_files, stored_part, write_snapshot
from index.store.tables.manifest import Manifest
from index.store.tables.part import Part
from index.text.chunking import ChunkOptions
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
    on_source: Callable[[HeldFile], None] = lambda _: None
    on_step: Callable[[str], None] = lambda _: None
    on_read: Callable[[Read], None] = lambda _: None


def ingest(
    paths: Iterable[Path],
    place: Place,
    embedder: Embedder,
    tokens: str,
    options: ChunkOptions,
    *,
    fresh: bool = False,
    patience: float = PATIENCE,
    follow_links: bool = False,
    progress: Progress | None = None,
) -> IngestReport:
    """Add files to the index in ``place``; a file of the same name is replaced. ``fresh`` forgets what was there.

    While another process changes the index, this one waits, for ``patience`` seconds at most. Links that lead out of a
    folder are followed only with ``follow_links``. Raises SourceError where nothing at all can be used, and what
    ``Store.writing`` raises; the last snapshot then goes on serving.
    """
    given = list(paths)
    files = list(find_files(given, follow_links=follow_links))
    left = [] if follow_links else list(outside(given))
    return ingest_files(
        [*files, *left], place, embedder, tokens, options, fresh=fresh, patience=patience, progress=progress
    )


def ingest_files(
    files: Sequence[tuple[str, Path | bytes] | SourceError],
    place: Place,
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
    with store_of(place).writing(patience) as root:
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
    stored = [] if fresh else stored_files(root)
    before = {file.name: file for file in stored}
    kept = {name: file for name, file in before.items() if not file.same_as}
    told = stored_corrections(root)
    read, refused = _given(files)
    # What was put right by hand is said of a content, whenever and under whatever name it comes again.
    given = {
        name: HeldFile.of(replace(source, corrections=told.get(source.sha256, ())), data)
        for name, (source, data) in read.items()
    }
    if not given:
        raise NothingUsableError(refused)
    if fresh:
        # What was kept may be what is wrong.
        KeptReadings.remove(root)
    with KeptReadings.open(root) as readings:
        reader = SourceReader(readings, embedder, tokens, options, hooks.on_step)
        settled = stored if stored and stored_by(root) == reader.identity else []
        held = told_twins([*(before | given).values()], lambda file: file.name in kept, readings, settled)
        manifest, left_out = rewritten(held, root, reader, hooks, fresh=fresh)
    refused += left_out.items()
    new = [file for file in held if file.name in given and file.name not in left_out]
    return IngestReport(
        manifest,
        added=tuple(file.name for file in new if not file.same_as),
        kept=tuple(name for name in kept if name not in given and name not in left_out),
        same=tuple((file.name, file.same_as) for file in new if file.same_as),
        refused=tuple(refused),
        notes=tuple((file.name, note) for file in new for note in file.source().notes),
        replaced=tuple(f.name for f in new if f.name in before and before[f.name].sha256 != f.sha256),
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
    name: str, place: Place, embedder: Embedder, tokens: str, options: ChunkOptions, *, patience: float = PATIENCE
) -> Manifest:
    """Take a source file out of the index, with the others of its content.

    Raises SourceError where it is not held (``index.amend.restore`` brings it back), LastSourceError where nothing would be left, and what
    ``Store.writing`` raises.
    """
    with store_of(place).writing(patience) as root:
        stored = stored_files(root)
        held = [file for file in stored if name not in (file.name, file.same_as)]
        if len(held) == len(stored):
            raise SourceError(name, "is not in the index")
        if not held:
            raise LastSourceError
        with KeptReadings.open(root) as readings:
            return rewritten(held, root, SourceReader(readings, embedder, tokens, options), Progress())[0]


def rewritten(
    held: Sequence[HeldFile], root: Path, reader: SourceReader, hooks: Progress, *, fresh: bool = False
) -> tuple[Manifest, dict[str, str]]:
    """Read what is new of these files, and write and switch to a snapshot of them all but those that cannot be read.

    What the serving snapshot has of a file that did not change is taken from there, unless it is to be ``fresh``. To be called
    inside ``Store.writing``. The second value names what cannot be read with the cause. Raises SourceError where none is left.
    """
    hooks.on_total(len(held))
    ordered = sorted(held, key=lambda file: file.name)
    stored = None if fresh else stored_part(root, reader.embedder.identity, reader.identity)
    there = {reader.key(entry) for entry in stored[0].sources if not entry.same_as} if stored is not None else set()
    parts: list[Part] = [stored[1]] if stored is not None else []
    taken: list[tuple[int, str]] = []
    left_out: dict[str, str] = {}
    for file in ordered:
        if not file.same_as:
            try:
                found = Read(file.name, parts[0], kept=True) if reader.key(file.entry) in there else reader.read(file)
            except SourceError as error:
                left_out[file.name] = error.cause
            else:
                if not (parts and found.part is parts[0]):
                    parts.append(found.part)
                taken.append((0 if found.part is parts[0] else len(parts) - 1, file.name))
                hooks.on_read(found)
        hooks.on_source(file)
    left_out |= {f.name: left_out[f.same_as] for f in ordered if f.same_as in left_out}
    ordered = [file for file in ordered if file.name not in left_out]
    if not ordered:
        raise NothingUsableError(list(left_out.items()))
    hooks.on_step("putting together")
    whole = Part.gathered(parts, taken, reader.embedder.dimension)
    manifest = write_snapshot(root, ordered, whole, reader.made_by, reader.embedder, hooks.on_step)
    reader.forget_all_but(file.entry for file in ordered if not file.same_as)
    return manifest, left_out
