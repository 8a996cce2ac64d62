"""A searchable snapshot on disk: written beside the last one, checked, then switched to by one atomic rename.

Layout of an index folder::

    CURRENT                  the id of the serving snapshot
    LOCK, HOLDER             held by who changes the folder, and who that is (index/lock.py); say nothing by being there
    snapshots/<id>/manifest.json, documents.json, sentences.json, chunks.json, facts.json,
                   indicators.json, indicators.npy, scale.json, meanings/, sources/<sha256>, dense/, sparse/, postings/,
                   texts/<sha256>.json of each source whose bytes are not its text
"""

from __future__ import annotations

import hashlib
import json
import math
import os
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar
from uuid import uuid4

import msgspec
import numpy as np
from numpy.typing import NDArray

from index.errors import REBUILD, SnapshotError
from index.store.dense import DenseIndex
from index.store.embedding import Embedder
from index.store.meanings import Scale, TextVectors
from index.store.originals import SourceEntry, original, read_source, write_source
from index.store.postings import Postings
from index.store.sparse import SparseIndex
from index.store.vectors import CorpusVectors, CorpusWords
from index.text.chunking import ChunkOptions
from index.types import Chunk, Corpus, Correction, Document, Fact, Kind, Sentence, Source
from index.words.lexicon import vocabulary_hash

FORMAT = 3
"""Raised whenever the files below change their meaning."""

_KEPT = 3
"""Snapshots left on disk: the serving one, and two that readers may still hold and that one can go back to."""

_ID_LENGTH = 16
_LARGE = 64 * 1024 * 1024
"""Bytes of a file above which its hash is compared by ``verify`` only, and not whenever the snapshot is opened."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a snapshot is made of. Its id is the hash of everything else in it, so equal input gives an equal id."""

    id: str
    format: int
    embedding_name: str
    embedding_identity: str
    dimension: int
    tokens: str
    least_tokens: int
    most_tokens: int
    vocabulary: str
    sources: tuple[SourceEntry, ...]
    counts: dict[str, int]
    files: dict[str, str]


class IndexSnapshot:
    """An opened snapshot; nothing changes any more. All is in memory but the vectors of texts, which are mapped from disk."""

    def __init__(
        self,
        manifest: Manifest,
        corpus: Corpus,
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
        self.sources: Mapping[str, Source] = {s.name: s for s in corpus.sources}
        """Every file by its name, those too whose content another has (``same_as``): documents are of that one."""
        self.documents: tuple[Document, ...] = corpus.documents
        self.sentences: tuple[Sentence, ...] = corpus.sentences
        self.chunks: tuple[Chunk, ...] = corpus.chunks
        self.facts: tuple[Fact, ...] = corpus.facts
        self.dense = dense
        self.sparse = sparse
        self.indicators = indicators
        self.meanings = meanings
        self.postings = postings
        self.scale = scale
        self._documents = {d.id: d for d in corpus.documents}

    def document(self, document_id: str) -> Document | None:
        return self._documents.get(document_id)

    def also(self, name: str) -> tuple[str, ...]:
        """The other files that have the content of a source, sorted."""
        return tuple(sorted(source.name for source in self.sources.values() if source.same_as == name))

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
        own = {d.id: d.region for d in self.documents}
        held: dict[str, set[str]] = {}
        for fact in self.facts:
            told = own[fact.document_id]
            if fact.region and told:
                held.setdefault(fact.region, set()).add(told)
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
        """Nothing to do: files are read whole, and the mapped one is let go with the last that uses it."""


@dataclass(frozen=True, slots=True)
class IndicatorVectors:
    """The distinct indicators as written with their vectors (``(n, dimension)`` float32), for matching by meaning."""

    names: tuple[str, ...]
    vectors: NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class PostingsSet:
    """Inverted indexes over distinct indicators, over the facts' clauses and over sentences."""

    indicators: Postings
    clauses: Postings
    sentences: Postings


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
    if len(identity) != _ID_LENGTH or set(identity) - set("0123456789abcdef"):
        # Empty too: it is written whole or not at all.
        raise SnapshotError(f"the index in {root} is damaged (CURRENT names no snapshot); {REBUILD}")
    return identity


def stored_sources(root: Path) -> list[tuple[Source, bytes]]:
    """The sources of the serving snapshot with their unmodified bytes; none where nothing was ingested."""
    identity = current_id(root)
    if identity is None:
        return []
    folder = root / "snapshots" / identity
    try:
        manifest = read_manifest(folder)
        return [read_source(folder, entry) for entry in manifest.sources]
    except (OSError, ValueError, msgspec.MsgspecError) as error:
        raise SnapshotError(f"the snapshot {identity} in {root} is damaged ({error}); {REBUILD}") from error


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
    corpus: Corpus,
    vectors: CorpusVectors,
    words: Sequence[CorpusWords],
    raw: Mapping[str, bytes],
    embedder: Embedder,
    tokens: str,
    options: ChunkOptions,
    on_step: Callable[[str], None] = lambda _: None,
) -> Manifest:
    """Write, check and switch to a new snapshot. ``words`` are those of its sources in order, ``raw`` maps each source's hash to its bytes.

    To be called inside ``index.lock.writing``, together with the reading of what is to be kept.
    Whatever fails leaves the last snapshot serving. Who may read it is for the umask to say.
    """
    # Not tempfile's, here and in `_switch`: what it makes is its owner's alone, and an index is often written by one
    # user and served by another.
    building = root / "snapshots" / f".building-{uuid4().hex}"
    building.mkdir(parents=True)
    try:
        manifest = _fill(building, corpus, vectors, words, raw, embedder, tokens, options, on_step)
        on_step("checking")
        _check_files(building, manifest)
        open_folder(building)
        _settle(building)
        final = root / "snapshots" / manifest.id
        if final.exists() and not _whole(final, manifest):
            shutil.rmtree(final)
        if not final.exists():
            building.rename(final)
            _to_disk(root / "snapshots")
        switch(root, manifest.id)
    finally:
        shutil.rmtree(building, ignore_errors=True)
    _forget_old(root, manifest.id)
    return manifest


def _whole(folder: Path, manifest: Manifest) -> bool:
    """Whether a snapshot on disk is what its manifest says."""
    try:
        _check_files(folder, manifest)
        return read_manifest(folder) == manifest
    except SnapshotError:
        return False


def _fill(
    folder: Path,
    corpus: Corpus,
    vectors: CorpusVectors,
    words: Sequence[CorpusWords],
    raw: Mapping[str, bytes],
    embedder: Embedder,
    tokens: str,
    options: ChunkOptions,
    on_step: Callable[[str], None],
) -> Manifest:
    for source in corpus.sources:
        write_source(folder, source, raw[source.sha256])
    for name, rows in _tables(corpus).items():
        (folder / name).write_bytes(msgspec.json.encode(rows))
    DenseIndex.build(vectors.chunks).save(folder / "dense")
    vectors.meanings.save(folder / "meanings")
    names = vectors.names
    (folder / "indicators.json").write_bytes(msgspec.json.encode(names))
    np.save(folder / "indicators.npy", vectors.named.astype(np.float16))
    scale = Scale.measured(names, vectors.named, vectors.meanings.vectors, embedder)
    (folder / "scale.json").write_bytes(msgspec.json.encode(scale))
    on_step("lexical index")
    SparseIndex.joined([each.chunks for each in words]).save(folder / "sparse")
    Postings.build(names).save(folder / "postings" / "indicators")
    Postings.joined([each.clauses for each in words]).save(folder / "postings" / "clauses")
    Postings.joined([each.sentences for each in words]).save(folder / "postings" / "sentences")
    files = {
        path.relative_to(folder).as_posix(): _hash_file(path) for path in sorted(folder.rglob("*")) if path.is_file()
    }
    entries = tuple(SourceEntry.of(source, raw[source.sha256]) for source in corpus.sources)
    counts = {
        "sources": len(corpus.sources),
        "documents": len(corpus.documents),
        "sections": sum(len(d.sections) for d in corpus.documents),
        "sentences": len(corpus.sentences),
        "chunks": len(corpus.chunks),
        "facts": len(corpus.facts),
    }
    draft = Manifest(
        id="",
        format=FORMAT,
        embedding_name=embedder.name,
        embedding_identity=embedder.identity,
        dimension=embedder.dimension,
        tokens=tokens,
        least_tokens=options.least,
        most_tokens=options.most,
        vocabulary=vocabulary_hash(),
        sources=entries,
        counts=counts,
        files=files,
    )
    manifest = replace(draft, id=_identity(draft))
    (folder / "manifest.json").write_text(
        json.dumps(asdict(manifest), ensure_ascii=False, indent=1, sort_keys=True) + "\n", encoding="utf-8"
    )
    return manifest


def _tables(corpus: Corpus) -> dict[str, Sequence[object]]:
    return {
        "documents.json": corpus.documents,
        "sentences.json": corpus.sentences,
        "chunks.json": corpus.chunks,
        "facts.json": corpus.facts,
    }


def _identity(manifest: Manifest) -> str:
    fields = asdict(manifest)
    # The name of a model may be a folder of this machine; what it is stands in its identity.
    for name in ("id", "embedding_name"):
        fields.pop(name)
    for source in fields["sources"]:
        # A snapshot that was written before there were any has the id that it was given.
        if not source["corrections"]:
            source.pop("corrections")
    return hashlib.sha256(json.dumps(fields, sort_keys=True).encode()).hexdigest()[:_ID_LENGTH]


def _settle(folder: Path) -> None:
    """Have all that is below a folder on the disk: what is switched to must survive a loss of power."""
    for path in folder.rglob("*"):
        _to_disk(path)
    _to_disk(folder)


def _to_disk(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def check_whole(root: Path, manifest: Manifest) -> None:
    """Compare all files of a snapshot with their hashes. Raises SnapshotError naming the first that differs."""
    folder = root / "snapshots" / manifest.id
    _check_identity(folder, manifest)
    _check_files(folder, manifest)


def stored_documents(root: Path) -> tuple[Document, ...]:
    """The documents of the serving snapshot, without opening the rest of it; none where nothing was ingested."""
    identity = current_id(root)
    if identity is None:
        return ()
    try:
        return _table(root / "snapshots" / identity / "documents.json", Document)
    except (OSError, msgspec.MsgspecError) as error:
        raise SnapshotError(f"the snapshot {identity} in {root} is damaged ({error}); {REBUILD}") from error


def switch(root: Path, identity: str) -> None:
    """Have a snapshot serve, by one rename."""
    written = root / f".CURRENT-{uuid4().hex}"
    with written.open("x", encoding="ascii") as file:
        file.write(identity + "\n")
        file.flush()
        os.fsync(file.fileno())
    written.replace(root / "CURRENT")
    _to_disk(root)


def _forget_old(root: Path, serving: str) -> None:
    folders = [
        f for f in (root / "snapshots").iterdir() if f.is_dir() and not f.name.startswith(".") and f.name != serving
    ]
    folders.sort(key=lambda f: f.stat().st_mtime, reverse=True)
    for folder in folders[_KEPT - 1 :]:
        shutil.rmtree(folder, ignore_errors=True)


def _hash_file(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def read_manifest(folder: Path) -> Manifest:
    """The manifest of a snapshot's folder. Raises SnapshotError where it is missing or cannot be read."""
    try:
        return msgspec.json.decode((folder / "manifest.json").read_bytes(), type=Manifest)
    except OSError as error:
        raise SnapshotError(f"{folder} holds no snapshot ({error.strerror}); {REBUILD}") from error
    except msgspec.DecodeError as error:
        raise SnapshotError(f"the manifest of {folder} cannot be read ({error}); {REBUILD}") from error


def _check_identity(folder: Path, manifest: Manifest) -> None:
    """A manifest is the one that was written, and in its own place. Raises SnapshotError."""
    # Its folder has no such name yet while it is being written.
    if _identity(manifest) != manifest.id or (folder.name != manifest.id and not folder.name.startswith(".")):
        raise SnapshotError(f"the manifest of {folder} was changed after it was written; {REBUILD}")


def _check_files(folder: Path, manifest: Manifest, most: float = math.inf) -> None:
    """Compare the files with their hashes, those of no more than ``most`` bytes. Raises SnapshotError naming the first that differs."""
    for name, expected in manifest.files.items():
        try:
            if (folder / name).stat().st_size > most:
                continue
            actual = _hash_file(folder / name)
        except OSError as error:
            raise SnapshotError(f"{name} of snapshot {manifest.id} is missing ({error.strerror}); {REBUILD}") from error
        if actual != expected:
            raise SnapshotError(f"{name} of snapshot {manifest.id} was changed after it was written; {REBUILD}")


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
    if manifest.format != FORMAT:
        raise SnapshotError(f"{folder} has index format {manifest.format}, this version reads {FORMAT}; {REBUILD}")
    _check_identity(folder, manifest)
    _check_files(folder, manifest, _LARGE)
    try:
        sources = tuple(read_source(folder, e)[0] for e in manifest.sources)
        corpus = Corpus(
            sources,
            _table(folder / "documents.json", Document),
            _table(folder / "sentences.json", Sentence),
            _table(folder / "chunks.json", Chunk),
            _table(folder / "facts.json", Fact),
        )
        names = msgspec.json.decode((folder / "indicators.json").read_bytes(), type=tuple[str, ...])
        vectors = np.load(folder / "indicators.npy").astype(np.float32)
        meanings = TextVectors.load(folder / "meanings")
        scale = msgspec.json.decode((folder / "scale.json").read_bytes(), type=Scale)
        dense, sparse = DenseIndex.load(folder / "dense"), SparseIndex.load(folder / "sparse")
        postings = PostingsSet(
            *(Postings.load(folder / "postings" / name) for name in ("indicators", "clauses", "sentences"))
        )
    except Exception as error:
        # Whatever the readers of so many formats make of a damaged file: it is that.
        raise SnapshotError(
            f"the snapshot in {folder} is damaged ({error or type(error).__name__}); {REBUILD}"
        ) from error
    indicators = IndicatorVectors(names, vectors)
    return IndexSnapshot(manifest, corpus, dense, sparse, indicators, meanings, postings, scale, folder)


def _table(path: Path, row: type[T]) -> tuple[T, ...]:
    rows: Any = msgspec.json.decode(path.read_bytes(), type=tuple[row, ...])  # type: ignore[valid-type]
    return tuple(rows)


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
        _check_files(folder, manifest)
    except SnapshotError as error:
        return [str(error)]
    snapshot = open_folder(folder)
    wrong: list[str] = []
    for source in snapshot.sources.values():
        # An extracted text was compared with its own hash when it was opened.
        if source.encoding and hashlib.sha256(source.text.encode(source.encoding)).hexdigest() != source.sha256:
            wrong.append(f"{source.name}: its text does not give its hash back")
    texts = {d.id: snapshot.source_of(d).text for d in snapshot.documents}
    for chunk in snapshot.chunks:
        if chunk.span.of(texts[chunk.document_id]) != chunk.text:
            wrong.append(f"chunk {chunk.id} is not the source at {chunk.span}")
    for fact in snapshot.facts:
        sentence = snapshot.sentences[fact.sentence]
        if not sentence.span.covers(fact.span) or not sentence.span.covers(fact.figure):
            wrong.append(f"a fact of {fact.document_id} stands outside its sentence: {fact.written}")
    return wrong
