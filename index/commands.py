"""The commands that change which reports an index holds, or which of its versions serves."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import Any

from index.errors import SourceError


def add_library(commands: Any, shared: argparse.ArgumentParser, settings: Callable[[argparse.Namespace], Any]) -> None:
    """Add ``snapshots``, ``rollback`` and ``remove`` to the parsers of the command line; ``settings`` reads the settings."""
    snapshots = commands.add_parser("snapshots", parents=[shared], help="the versions of the index that are held")
    snapshots.set_defaults(run=lambda options: _snapshots(settings(options)))

    rollback = commands.add_parser("rollback", parents=[shared], help="serve an earlier version of the index")
    rollback.add_argument("number", type=int, metavar="N", help="its number in `wenju snapshots`; 0 is the newest")
    rollback.set_defaults(run=lambda options: _rollback(settings(options), options.number))

    remove = commands.add_parser("remove", parents=[shared], help="take a report file out of the index")
    remove.add_argument("document", metavar="DOCUMENT", help="a document's id, or the name of its file")
    remove.add_argument("--whole-file", action="store_true", help="also where the file holds other documents")
    remove.set_defaults(run=lambda options: _remove(settings(options), options.document, options.whole_file))


def _snapshots(settings: Any) -> int:
    from index.versions import versions

    for each in versions(settings.index):
        counts = each.manifest.counts
        print(
            f"{'*' if each.serving else ' '} {each.number}  {each.manifest.id}  {each.written:%Y-%m-%d %H:%M:%S}  "
            f"{counts['sources']} files, {counts['documents']} documents, {counts['facts']} facts"
        )
    return 0


def _rollback(settings: Any, number: int) -> int:
    from index.lock import writing
    from index.versions import roll_back

    with writing(settings.index):
        chosen = roll_back(settings.index, number)
    print(f"serving snapshot {chosen.manifest.id} of {chosen.written:%Y-%m-%d %H:%M:%S}")
    return 0


def _remove(settings: Any, document: str, whole_file: bool) -> int:
    from index.ingest import remove
    from index.store.embedding import load_embedder
    from index.store.snapshot import stored_documents

    held = stored_documents(settings.index)
    name = next((d.source for d in held if d.id == document), document)
    others = [d for d in held if d.source == name and d.id != document]
    if others and name != document and not whole_file:
        raise SourceError(name, f"holds {len(others)} other documents; --whole-file takes all of them out")
    manifest = remove(
        name, settings.index, load_embedder(settings.embedding), settings.token_vocabulary, settings.chunking
    )
    print(f"{name} taken out: {manifest.counts['documents']} documents left; snapshot {manifest.id}")
    return 0
