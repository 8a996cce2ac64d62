"""The commands that change which reports an index holds, what they are taken for, or which version of it serves."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from typing import Any

from index.errors import SourceError
from index.types import CORRECTABLE_YEARS, LONGEST_PLACE, Document, Kind


def add_library(commands: Any, shared: argparse.ArgumentParser, settings: Callable[[argparse.Namespace], Any]) -> None:
    """Add ``snapshots``, ``rollback``, ``remove`` and ``correct`` to the command line; ``settings`` reads the settings."""
    snapshots = commands.add_parser("snapshots", parents=[shared], help="the versions of the index that are held")
    snapshots.set_defaults(run=lambda options: _snapshots(settings(options)))

    rollback = commands.add_parser("rollback", parents=[shared], help="serve an earlier version of the index")
    rollback.add_argument("number", type=int, metavar="N", help="its number in `wenju snapshots`; 0 is the newest")
    rollback.set_defaults(run=lambda options: _rollback(settings(options), options.number))

    remove = commands.add_parser("remove", parents=[shared], help="take a report file out of the index")
    remove.add_argument("document", metavar="DOCUMENT", help="a document's id, or the name of its file")
    remove.add_argument("--whole-file", action="store_true", help="also where the file holds other documents")
    remove.set_defaults(run=lambda options: _remove(settings(options), options.document, options.whole_file))

    correct = commands.add_parser(
        "correct", parents=[shared], help="say what place, year or kind a report is of; it is read anew as that"
    )
    correct.add_argument("document", metavar="DOCUMENT", help="a document's id, or the name of its file")
    correct.add_argument(
        "--region", type=_place, metavar="NAME", help="the place, with what it lies in where its name is not enough"
    )
    correct.add_argument(
        "--year", type=_year, metavar="YEAR", help="the year whose results it tells; of a five-year plan its first one"
    )
    correct.add_argument("--kind", choices=[kind.value for kind in Kind], help="what kind of paper it is")
    correct.add_argument("--undo", action="store_true", help="have it be what was read of it again")
    correct.set_defaults(run=lambda options: _correct(settings(options), options), usage=correct.error)


def _year(text: str) -> int:
    year = int(text) if text.isdecimal() else 0
    if year not in CORRECTABLE_YEARS:
        first, last = CORRECTABLE_YEARS[0], CORRECTABLE_YEARS[-1]
        raise argparse.ArgumentTypeError(f"not a year from {first} to {last}: {text!r}")
    return year


def _place(text: str) -> str:
    name = text.strip()
    if not 1 <= len(name) <= LONGEST_PLACE:
        raise argparse.ArgumentTypeError(f"not a name of 1 to {LONGEST_PLACE} characters: {text!r}")
    return name


def _snapshots(settings: Any) -> int:
    from index.versions import versions

    for each in versions(settings.held):
        counts = each.manifest.counts
        print(
            f"{'*' if each.serving else ' '} {each.number}  {each.manifest.id}  {each.written:%Y-%m-%d %H:%M:%S}  "
            f"{counts['sources']} files, {counts['documents']} documents, {counts['facts']} facts"
        )
    return 0


def _rollback(settings: Any, number: int) -> int:
    from index.versions import roll_back

    chosen = roll_back(settings.held, number)
    print(f"serving snapshot {chosen.manifest.id} of {chosen.written:%Y-%m-%d %H:%M:%S}")
    return 0


def _remove(settings: Any, document: str, whole_file: bool) -> int:
    from index.ingest import remove
    from index.store.embedding import load_embedder
    from index.store.snapshot import stored_documents

    store = settings.held
    held = stored_documents(store.reading())
    name = next((d.source for d in held if d.id == document), document)
    others = [d for d in held if d.source == name and d.id != document]
    if others and name != document and not whole_file:
        raise SourceError(name, f"holds {len(others)} other documents; --whole-file takes all of them out")
    manifest = remove(name, store, load_embedder(settings.embedding), settings.token_vocabulary, settings.chunking)
    print(f"{name} taken out: {manifest.counts['documents']} documents left; snapshot {manifest.id}")
    return 0


def _correct(settings: Any, options: argparse.Namespace) -> int:
    from index.amend import Amending
    from index.store.embedding import load_embedder
    from index.store.snapshot import stored_documents

    if options.undo == any(each is not None for each in (options.region, options.year, options.kind)):
        options.usage("give what is to be corrected (--region, --year, --kind), or --undo")
    store = settings.held
    meant = _meant(stored_documents(store.reading()), options.document)
    embedder = load_embedder(settings.embedding)
    amending = Amending(store, embedder, settings.token_vocabulary, settings.chunking)
    kind = None if options.kind is None else Kind(options.kind)
    manifest = amending.correct(meant, region=options.region, year=options.year, kind=kind)
    now = next(each for each in stored_documents(store.reading()) if each.id == meant)
    print(
        f"{now.source}: {now.kind.value}, {now.region or 'no place'}, results of {now.review or '-'}, plans for {now.plan or '-'}; "
        f"snapshot {manifest.id}"
    )
    for field, read in now.corrected:
        print(f"    {field} read as {read or 'nothing'}")
    return 0


def _meant(held: Sequence[Document], name: str) -> str:
    """The id of a document by it, or by the name of its file. Raises SourceError where the file holds several."""
    found = [each.id for each in held if name in (each.id, each.source)]
    if len(found) > 1:
        raise SourceError(name, f"holds {len(found)} documents; name one of them by its id: {', '.join(found)}")
    if not found:
        raise SourceError(name, "is not in the index")
    return found[0]
