"""A searchable snapshot on disk: written beside the last one, checked, then switched to by one atomic rename.

Layout of an index folder::

    CURRENT                  the id of the serving snapshot
    LOCK, HOLDER             held by who changes the folder, and who that is (index/lock.py); say nothing by being there
    snapshots/<id>/manifest.json, tables/, indicators.*, scale.json, meanings/, sources/<sha256>, dense/, sparse/, postings/,
                   texts/<sha256>.json of each source whose bytes are not its text
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from uuid import uuid4

import msgspec
import numpy as np

from index.errors import REBUILD, SnapshotError
from index.store.dense import DenseIndex
from index.store.embedding import Embedder
from index.store.meanings import Scale, TextVectors
from index.store.originals import HeldFile, StoredSources, original
from index.store.postings import PostingsSet
from index.store.sparse import SparseIndex
from index.store.tables.manifest import (
    FORMAT,
    ID_LENGTH,
    MadeBy,
    Manifest,
    check_files,
    check_format,
    check_identity,
    files_of,
    hash_file,
    read_manifest,
    settle,
    to_disk,
)
from index.store.tables.mapped import Strings
from index.store.tables.opened import Tables, read_documents
from index.store.tables.part import Part
from index.store.vectors import IndicatorVectors
from index.types import Correction, Document, Fact, Kind, Source
from index.words.lexicon import vocabulary_hash

_KEPT = 3
"""Snapshots left on disk: the serving one, and two that readers may still hold and that one can go back to."""


class IndexSnapshot:
    """An opened snapshot; nothing changes any more. Its documents are in memory, all else is mapped and read when it is used."""

    def __init__(
        self,
        manifest: Manifest,
        sources: Mapping[str, Source],
        tables: Tables,
        dense: DenseIndex,
        sparse: SparseIndex,
        indicators: IndicatorVectors,
        meanings: TextVectors,
        postings: PostingsSet,
        scale: Scale,
        folder: Path | None = None,
    ) -> None:
        self.manifest = manifest
        self._folder = folder
        self.id = manifest.id
        self.sources = sources
        """Every file by its name, those too whose content another has (``same_as``): documents are of that one."""
        self.tables = tables
        self.documents = tables.documents
        self.sentences = tables.sentences
        self.chunks = tables.chunks
        self.facts = tables.facts
        self.dense = dense
        self.sparse = sparse
        self.indicators = indicators
        self.meanings = meanings
        self.postings = postings
        self.scale = scale
        self._documents = {d.id: n for n, d in enumerate(tables.documents)}

    def document(self, document_id: str) -> Document | None:
        number = self._documents.get(document_id)
        return None if number is None else self.documents[number]

    def number_of(self, document_id: str) -> int:
        """The place of a document among all. Raises KeyError."""
        return self._documents[document_id]

    def saying(self, words: str, documents: Iterable[int] | None = None) -> Iterator[int]:
        """The numbers of the sentences that have these letters in their text, rising; ``documents`` those of some alone."""
        rows = self.postings.sentences.may_say(words)
        if documents is None:
            told = np.arange(len(self.sentences)) if rows is None else rows
        elif rows is None:
            told = self.tables.sentences_of(sorted(documents))
        else:
            told = rows[np.isin(self.tables.of_sentences.document[rows], np.fromiter(documents, np.int32))]
        return (number for number in told.tolist() if words in self.sentences[number].text)

    @cached_property
    def documents_of(self) -> Mapping[str | None, tuple[int, ...]]:
        """The numbers of the documents of each place, rising."""
        held: dict[str | None, list[int]] = {}
        for number, document in enumerate(self.documents):
            held.setdefault(document.region, []).append(number)
        return {region: tuple(numbers) for region, numbers in held.items()}

    @cached_property
    def places_told(self) -> frozenset[str]:
        """The places that figures are of."""
        return frozenset(self.tables.places[n] for n in np.unique(self.tables.slots.regions).tolist() if n >= 0)

    def facts_of(
        self,
        *,
        things: Collection[str] | None = None,
        places: Collection[str] | None = None,
        year: int | None = None,
        document: str | None = None,
    ) -> list[Fact]:
        """The figures of all that is given, in order; ``things`` are names as written or of the vocabulary."""
        tables, of = self.tables, self.tables.of_facts
        rows = tables.slots.find(None if places is None else _numbers(tables.places, places), None)
        if document is not None:
            rows = rows[of.document[rows] == self._documents.get(document, -1)]
        if year is not None:
            told = [n for n, p in enumerate(tables.periods) if p.first_year <= year <= p.last_year]
            rows = rows[np.isin(of.period[rows], told)]
        if things is not None:
            written = np.isin(of.name[rows], _numbers(self.indicators.names, things))
            rows = rows[written | np.isin(of.canonical[rows], _numbers(tables.canonicals, things))]
        return self.facts_with(rows.tolist())

    def facts_with(self, numbers: Iterable[int]) -> list[Fact]:
        """The figures with these numbers."""
        return [self.facts[number] for number in numbers]

    def also(self, name: str) -> tuple[str, ...]:
        """The other files that have the content of a source, sorted."""
        return tuple(sorted(entry.name for entry in self.manifest.sources if entry.same_as == name))

    def source_of(self, document: Document) -> Source:
        return self.sources[document.source]

    def original(self, name: str) -> bytes:
        """The unmodified bytes of a source's file. Raises SnapshotError where the folder holds them no more."""
        return original(self._folder, self.sources[name].sha256)

    @cached_property
    def regions(self) -> tuple[str, ...]:
        """Full names of the places whose documents are held, sorted."""
        return tuple(sorted({d.region for d in self.documents if d.region and d.kind is not Kind.OTHER}))

    @cached_property
    def spoken_for(self) -> Mapping[str, frozenset[str]]:
        """Places that figures speak of, with the places in whose documents they do: 柳河镇 in the report of 清柏县."""
        held: dict[str, set[str]] = {}
        for place, told in self.tables.spoken_for.tolist():
            held.setdefault(self.tables.places[place], set()).add(self.tables.places[told])
        return {name: frozenset(places) for name, places in held.items()}

    def coverage(self) -> dict[str, object]:
        """Which places and periods are held, by which documents, and what contradicts itself."""
        rows = [
            {
                "document_id": d.id,
                "document": d.source,
                "title": d.title,
                "region": d.region,
                "parent": d.parent,
                "issuer": d.issuer,
                "given": d.given.isoformat() if d.given else None,
                "kind": d.kind.value,
                "period": str(d.period) if d.period else None,
                "review": str(d.review) if d.review else None,
                "plan": str(d.plan) if d.plan else None,
                "contradictions": list(d.contradictions),
                "data_years": list(d.data_years),
                "title_year": d.title_year,
                "doubts": list(d.doubts),
                "corrected": [{"field": field, "read": read} for field, read in d.corrected],
            }
            for d in self.documents
        ]
        regions = {
            region: {
                "results": sorted({str(d.review) for d in self.documents if d.region == region and d.review}),
                "plans": sorted({str(d.plan) for d in self.documents if d.region == region and d.plan}),
                "documents": sum(d.region == region for d in self.documents),
            }
            for region in self.regions
        }
        return {"snapshot": self.id, "counts": dict(self.manifest.counts), "regions": regions, "documents": rows}

    def close(self) -> None:
        """Nothing to do: files that are mapped are let go with the last that uses them."""


def _numbers(strings: Strings, wanted: Iterable[str]) -> list[int]:
    """The numbers of those strings that are there."""
    return [number for string in wanted if (number := strings.find(string)) is not None]


def current_id(root: Path) -> str | None:
    """The id of the serving snapshot of an index folder, or None where nothing was ingested.

    Raises SnapshotError where there is one that may not be read: it must not be taken for none and written over.
    """
    try:
        identity = (root / "CURRENT").read_text(encoding="ascii", errors="replace").strip()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except IsADirectoryError as error:
        raise SnapshotError(f"the index in {root} is damaged (CURRENT is a folder): remove that; {REBUILD}") from error
    except OSError as error:
        raise SnapshotError(f"the index in {root} cannot be read (CURRENT: {error.strerror})") from error
    if len(identity) != ID_LENGTH or set(identity) - set("0123456789abcdef"):
        # Empty too: it is written whole or not at all.
        raise SnapshotError(f"the index in {root} is damaged (CURRENT names no snapshot); {REBUILD}")
    return identity


def stored_files(root: Path) -> list[HeldFile]:
    """The files of the serving snapshot, none of them read; none where nothing was ingested. Raises SnapshotError."""
    identity = current_id(root)
    if identity is None:
        return []
    folder = root / "snapshots" / identity
    return [HeldFile(entry, folder=folder) for entry in read_manifest(folder).sources]


def stored_by(root: Path) -> str:
    """The identity of the readers that made the serving snapshot; "" where there is none. Raises SnapshotError."""
    identity = current_id(root)
    return read_manifest(root / "snapshots" / identity).readers if identity is not None else ""


def stored_sources(root: Path) -> list[tuple[Source, bytes]]:
    """The sources of the serving snapshot with their unmodified bytes; none where nothing was ingested. Raises SnapshotError."""
    return [file.both() for file in stored_files(root)]


def stored_part(root: Path, embedding_identity: str, reader_identity: str) -> tuple[Manifest, Part] | None:
    """What is searched of the serving snapshot, to go on from; None where another model or other readers made it, or it is damaged."""
    try:
        identity = current_id(root)
        if identity is None:
            return None
        folder = root / "snapshots" / identity
        manifest = read_manifest(folder)
        if (manifest.embedding_identity, manifest.readers) != (embedding_identity, reader_identity):
            return None
        check_identity(folder, manifest)
        # All of it: what is wrong in it would be written anew, with a hash that says that it is right.
        check_files(folder, manifest)
        return manifest, Part.opened(folder)
    except (SnapshotError, OSError, ValueError, msgspec.MsgspecError):
        return None


def stored_corrections(root: Path) -> Mapping[str, tuple[Correction, ...]]:
    """What was put right by hand, by the hash of the file's bytes.

    Also where the snapshot is of another format, model or vocabulary: what people said is not to be lost when it is built
    anew. None where nothing was ingested or the manifest cannot be read.
    """
    try:
        identity = current_id(root)
        entries = read_manifest(root / "snapshots" / identity).sources if identity is not None else ()
    except SnapshotError:
        return {}
    return {entry.sha256: entry.corrections for entry in entries if entry.corrections}


def write_snapshot(
    root: Path,
    files: Sequence[HeldFile],
    part: Part,
    made_by: MadeBy,
    embedder: Embedder,
    on_step: Callable[[str], None] = lambda _: None,
) -> Manifest:
    """Write, check and switch to a new snapshot of some files, in their order, of which ``part`` is what is searched.

    To be called inside ``index.lock.writing``, together with the reading of what is to be kept.
    Whatever fails leaves the last snapshot serving. Who may read it is for the umask to say.
    """
    # Not tempfile's, here and in `_switch`: what it makes is its owner's alone, and an index is often written by one
    # user and served by another.
    building = root / "snapshots" / f".building-{uuid4().hex}"
    building.mkdir(parents=True)
    try:
        on_step("writing")
        manifest = _fill(building, files, part, made_by, embedder)
        on_step("checking")
        open_folder(building)
        settle(building)
        final = root / "snapshots" / manifest.id
        if final.exists() and not _whole(final, manifest):
            shutil.rmtree(final)
        if not final.exists():
            building.rename(final)
            to_disk(root / "snapshots")
        switch(root, manifest.id)
    finally:
        shutil.rmtree(building, ignore_errors=True)
    _forget_old(root, manifest.id)
    return manifest


def _whole(folder: Path, manifest: Manifest) -> bool:
    """Whether a snapshot on disk is what its manifest says."""
    try:
        check_files(folder, manifest)
        return read_manifest(folder) == manifest
    except SnapshotError:
        return False


def _fill(folder: Path, files: Sequence[HeldFile], part: Part, made_by: MadeBy, embedder: Embedder) -> Manifest:
    for file in files:
        file.write(folder)
    part.save(folder)
    tables = part.tables
    scale = Scale.measured(tables.names, part.named, part.meanings.vectors, embedder)
    (folder / "scale.json").write_bytes(msgspec.json.encode(scale))
    paths = files_of(folder)
    return Manifest(
        id="",
        format=FORMAT,
        embedding_name=embedder.name,
        embedding_identity=embedder.identity,
        dimension=embedder.dimension,
        tokens=made_by.tokens,
        least_tokens=made_by.options.least,
        most_tokens=made_by.options.most,
        vocabulary=vocabulary_hash(),
        readers=made_by.readers,
        sources=tuple(file.entry for file in files),
        counts={
            "sources": len(files),
            "documents": len(tables.documents),
            "sections": int(tables.of_documents.sections.sum()),
            "sentences": len(tables.sentences),
            "chunks": len(tables.chunks),
            "facts": len(tables.facts),
        },
        files={path.relative_to(folder).as_posix(): hash_file(path) for path in paths},
        sizes={path.relative_to(folder).as_posix(): path.stat().st_size for path in paths},
    ).write(folder)


def check_whole(root: Path, manifest: Manifest) -> None:
    """Compare all files of a snapshot with their hashes. Raises SnapshotError naming the first that differs."""
    folder = root / "snapshots" / manifest.id
    check_identity(folder, manifest)
    check_files(folder, manifest)


def stored_documents(root: Path) -> tuple[Document, ...]:
    """The documents of the serving snapshot, without opening the rest of it; none where nothing was ingested."""
    identity = current_id(root)
    if identity is None:
        return ()
    try:
        return read_documents(root / "snapshots" / identity / "tables")
    except (OSError, ValueError, msgspec.MsgspecError) as error:
        raise SnapshotError(f"the snapshot {identity} in {root} is damaged ({error}); {REBUILD}") from error


def switch(root: Path, identity: str) -> None:
    """Have a snapshot serve, by one rename."""
    written = root / f".CURRENT-{uuid4().hex}"
    with written.open("x", encoding="ascii") as file:
        file.write(identity + "\n")
        file.flush()
        os.fsync(file.fileno())
    written.replace(root / "CURRENT")
    to_disk(root)


def _forget_old(root: Path, serving: str) -> None:
    folders = [
        f for f in (root / "snapshots").iterdir() if f.is_dir() and not f.name.startswith(".") and f.name != serving
    ]
    folders.sort(key=lambda f: f.stat().st_mtime, reverse=True)
    for folder in folders[_KEPT - 1 :]:
        shutil.rmtree(folder, ignore_errors=True)


def open_snapshot(root: Path, embedder: Embedder) -> IndexSnapshot:
    """Open the serving snapshot of an index folder.

    Raises SnapshotError, with the command that mends it, where there is none or it was built with another
    format, embedding model or vocabulary.
    """
    identity = current_id(root)
    if identity is None:
        raise SnapshotError(
            f"no index in {root}; run `wenju ingest PATH…` first (or `wenju ingest --bundled`: five reports to try it with)"
        )
    snapshot = open_folder(root / "snapshots" / identity)
    manifest = snapshot.manifest
    if manifest.embedding_identity != embedder.identity:
        built, set_to = manifest.embedding_name, embedder.name
        if built == set_to:
            # Another model of that name: another address, other files.
            built, set_to = f"{built} ({manifest.embedding_identity})", f"{set_to} ({embedder.identity})"
        raise SnapshotError(
            f"the index in {root} was built with the embedding model {built}, the service is set to {set_to}; {REBUILD}"
        )
    if manifest.vocabulary != vocabulary_hash():
        raise SnapshotError(f"the index in {root} was built with another vocabulary (index/data); {REBUILD}")
    return snapshot


def open_folder(folder: Path) -> IndexSnapshot:
    """Open one snapshot folder whatever it was built with. Raises SnapshotError for a damaged or foreign one."""
    manifest = read_manifest(folder)
    check_format(folder, manifest)
    check_identity(folder, manifest)
    check_files(folder, manifest, whole=False)
    try:
        tables, indicators = Tables.load(folder / "tables"), IndicatorVectors.load(folder)
        meanings = TextVectors.load(folder / "meanings")
        scale = msgspec.json.decode((folder / "scale.json").read_bytes(), type=Scale)
        dense, sparse = DenseIndex.load(folder / "dense"), SparseIndex.load(folder / "sparse")
        postings = PostingsSet.load(folder / "postings")
    except Exception as error:
        # Whatever the readers of so many formats make of a damaged file: it is that.
        raise SnapshotError(
            f"the snapshot in {folder} is damaged ({error or type(error).__name__}); {REBUILD}"
        ) from error
    sources = StoredSources(folder, manifest.sources)
    return IndexSnapshot(manifest, sources, tables, dense, sparse, indicators, meanings, postings, scale, folder)


def verify(root: Path) -> list[str]:
    """Check the serving snapshot against its manifest and every span against its source; what is wrong, in words."""
    identity = current_id(root)
    if identity is None:
        raise SnapshotError(
            f"no index in {root}; run `wenju ingest PATH…` first (or `wenju ingest --bundled`: five reports to try it with)"
        )
    folder = root / "snapshots" / identity
    manifest = read_manifest(folder)
    try:
        check_files(folder, manifest)
    except SnapshotError as error:
        return [str(error)]
    snapshot = open_folder(folder)
    wrong: list[str] = []
    for source in snapshot.sources.values():
        # An extracted text was compared with its own hash when it was opened.
        if source.encoding and hashlib.sha256(source.text.encode(source.encoding)).hexdigest() != source.sha256:
            wrong.append(f"{source.name}: its text does not give its hash back")
    for chunk in snapshot.chunks:
        document = snapshot.document(chunk.document_id)
        if document is None or chunk.span.of(snapshot.source_of(document).text) != chunk.text:
            wrong.append(f"chunk {chunk.id} is not the source at {chunk.span}")
    for fact in snapshot.facts:
        sentence = snapshot.sentences[fact.sentence]
        if not sentence.span.covers(fact.span) or not sentence.span.covers(fact.figure):
            wrong.append(f"a fact of {fact.document_id} stands outside its sentence: {fact.written}")
    return wrong
