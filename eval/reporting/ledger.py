"""What ``wenju rules`` prints: the kept ledger, a new one, or all that one rule changes."""

from __future__ import annotations

import json
import multiprocessing
import sys
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path

from tqdm import tqdm

from eval.corpora import own_report_sets
from eval.ledger import LEDGER, Change, Ledger, Row, count, counted, falls_without, hold, load, try_without
from eval.rules import UnknownRuleError, known_names
from settings import Settings

MOST_SHOWN = 200
"""Changes that ``--rule`` prints; a common word changes thousands."""

WORTH = 3
"""Answers won from which on the gate must notice that something is missing."""


def rules_command(
    settings: Settings,
    *,
    rule: str | None,
    count: bool,
    more: bool,
    idle: bool,
    gate: bool,
    workers: int,
    kept: Path | None,
    as_json: bool,
) -> int:
    """Print the ledger, one rule's changes, or which the gate would not miss. Raises LedgerError or UnknownRuleError."""
    if rule is not None:
        return _print_changes(settings.shared, rule, as_json=as_json)
    if gate:
        return _try_gate(load(kept or LEDGER), workers)
    if count or more:
        _count(settings.shared, workers, kept or LEDGER, more=more)
    ledger = load(kept or LEDGER)
    rows = [row for row in ledger.rows if not idle or is_idle(row)]
    if as_json:
        sys.stdout.write("".join(_row_json(row) + "\n" for row in rows))
        return 0
    sys.stdout.write(table(rows))
    tried = [row for row in ledger.rows if row.tried]
    worth = sum(not is_idle(row) for row in tried)
    sys.stdout.write(
        f"{len(ledger.rows)} rules, lists and mechanisms at {ledger.commit[:12]}; {len(tried)} of them were switched off, "
        f"{worth} of these win something\n"
    )
    return 0


def _print_changes(shared: Path, rule: str, *, as_json: bool) -> int:
    if rule not in known_names():
        raise UnknownRuleError(f"no rule, list or mechanism is named {rule!r}; `wenju rules` lists them")
    with tqdm(total=0, disable=None, file=sys.stderr, unit="text") as bar:
        hold(counted(shared), bar.reset, bar.update)
    row, changes = try_without(rule, show=True)
    sys.stdout.write(_row_json(row) if as_json else table([row]) + "".join(_change(c) for c in changes[:MOST_SHOWN]))
    if len(changes) > MOST_SHOWN:
        sys.stderr.write(f"… {len(changes) - MOST_SHOWN} more\n")
    return 0


def _try_gate(ledger: Ledger, workers: int) -> int:
    """Switch off in turn all that the ledger credits with ``WORTH`` answers, and tell which questions of the gate fall."""
    known = set(known_names())
    worth = [row for row in ledger.rows if row.answers >= WORTH and not is_idle(row) and row.name in known]
    with tqdm(total=0, disable=None, file=sys.stderr) as bar:
        hold(own_report_sets(), bar.reset, bar.update)
        bar.reset(len(worth))
        unseen = []
        # Forked, so that the corpora are shared and not sent.
        with multiprocessing.get_context("fork").Pool(workers) as pool:
            for row, fallen in zip(worth, pool.imap(falls_without, [row.name for row in worth]), strict=True):
                told = f"falls  {fallen[0].where}: {fallen[0].text}" if fallen else "STANDS"
                sys.stdout.write(f"{row.name:44} {row.kind:11} {row.answers:4}  {told}\n")
                unseen += [] if fallen else [row.name]
                bar.update()
    sys.stdout.write(
        f"the gate falls without {len(worth) - len(unseen)} of {len(worth)} that win {WORTH} answers or more\n"
    )
    return 1 if unseen else 0


def is_idle(row: Row) -> bool:
    """Whether it takes part nowhere, or no more is won than lost with it."""
    return not (row.matches or row.questions) or (bool(row.tried) and row.won <= row.lost)


def _count(shared: Path, workers: int, path: Path, *, more: bool) -> None:
    before = load(path) if more else None
    with tqdm(total=0, disable=None, file=sys.stderr) as bar:
        count(shared, workers, path, bar.reset, bar.update, before=before)


def table(rows: Iterable[Row]) -> str:
    """Rows as a table: matches in the reports of each corpus and in questions, facts changed, answers won and lost by set."""
    head = f"{'name':44} {'kind':11} {'matches':>8} {'questions':>9} {'facts':>6} {'won':>4} {'lost':>4}  by set\n"
    return head + "".join(map(_line, rows))


def _line(row: Row) -> str:
    told = {**row.sets, **row.samples}
    by_set = "  ".join(
        f"{name} +{t.won}" + (f" -{t.lost}" if t.lost else "") for name, t in told.items() if t.won or t.lost
    )
    return (
        f"{row.name:44} {row.kind:11} {sum(row.matches.values()):8} {row.questions:9} {row.changed_facts:6} "
        f"{_number(row, row.won)} {_number(row, row.lost)}  {by_set}\n"
    )


def _number(row: Row, number: int) -> str:
    return f"{number:4}" if row.tried else "   ?"


def _change(change: Change) -> str:
    return f"\n{change.where}: {change.text}\n  with    {change.with_it}\n  without {change.without_it}\n"


def _row_json(row: Row) -> str:
    return json.dumps(asdict(row), ensure_ascii=False)
