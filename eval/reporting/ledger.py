"""What ``wenju rules`` prints: the kept ledger, a new one, or all that one rule changes."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path

from tqdm import tqdm

from eval.ledger import LEDGER, Change, Row, count, hold, load, save, try_without
from eval.rules import UnknownRuleError, known_names
from settings import Settings

MOST_SHOWN = 200
"""Changes that ``--rule`` prints; a common word changes thousands."""


def rules_command(
    settings: Settings, *, rule: str | None, count: bool, idle: bool, workers: int, kept: Path | None, as_json: bool
) -> int:
    """Print the ledger or one rule's changes. Raises LedgerError or UnknownRuleError."""
    if rule is not None:
        if rule not in known_names():
            raise UnknownRuleError(f"no rule, list or mechanism is named {rule!r}; `wenju rules` lists them")
        with tqdm(total=0, disable=None, file=sys.stderr, unit="text") as bar:
            hold(settings.shared, bar.reset, bar.update)
        row, changes = try_without(rule, show=True)
        sys.stdout.write(
            _row_json(row) if as_json else table([row]) + "".join(_change(c) for c in changes[:MOST_SHOWN])
        )
        if len(changes) > MOST_SHOWN:
            sys.stderr.write(f"… {len(changes) - MOST_SHOWN} more\n")
        return 0
    if count:
        _count_anew(settings.shared, workers, kept or LEDGER)
    ledger = load(kept or LEDGER)
    rows = [row for row in ledger.rows if not idle or is_idle(row)]
    if as_json:
        sys.stdout.write("".join(_row_json(row) + "\n" for row in rows))
        return 0
    sys.stdout.write(table(rows))
    worth = [row for row in ledger.rows if not is_idle(row)]
    sys.stdout.write(
        f"{len(ledger.rows)} rules, lists and mechanisms at {ledger.commit[:12]}; {len(worth)} of them win something\n"
    )
    return 0


def is_idle(row: Row) -> bool:
    """Whether it takes part nowhere, or no more is won than lost with it."""
    return not (row.matches or row.questions) or row.won <= row.lost


def _count_anew(shared: Path, workers: int, path: Path) -> None:
    with tqdm(total=0, disable=None, file=sys.stderr) as bar:
        save(count(shared, workers, bar.reset, bar.update), path)


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
        f"{row.won:4} {row.lost:4}  {by_set}\n"
    )


def _change(change: Change) -> str:
    return f"\n{change.where}: {change.text}\n  with    {change.with_it}\n  without {change.without_it}\n"


def _row_json(row: Row) -> str:
    return json.dumps(asdict(row), ensure_ascii=False)
