"""Attack the product as real processes: ``python -m benchmarks.attack WHAT… [--short]``.

``kills``    SIGKILL at random times, of an ingest and of a service that is given files
``disks``    the index on a disk without room for what is added
``damage``   a file of an index changed, cut, emptied, exchanged or taken away
``writers``  two writers at once, commands and services
``files``    sixty kinds of bad file, ingested and uploaded beside a good one
``names``    bad names of good files
``origins``  a page of another origin, with and without a name that leads to this machine
``load``     128 clients for two minutes before one process, also such as do not wait when told to, and before two processes
``soak``     thirty minutes of questions and changes side by side

Files that a command said it took and that are not there are lost; damage that neither an answer, ``verify`` nor the next
ingest tells of is unseen. Exits with 1 where there is any of that, a traceback, or another thing that ought not to be.
Nothing leaves this machine, and everything is written below a temporary folder.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from benchmarks.attack.damage import damage
from benchmarks.attack.disks import disks
from benchmarks.attack.files import files, names
from benchmarks.attack.kills import kills
from benchmarks.attack.load import load
from benchmarks.attack.origins import origins
from benchmarks.attack.soak import soak
from benchmarks.attack.told import Row, table
from benchmarks.attack.writers import writers

Attack = Callable[[Path, int, random.Random], list[Row]]

ATTACKS: dict[str, tuple[Attack, int, int]] = {
    "kills": (kills, 200, 4),
    "disks": (disks, 20, 2),
    "damage": (damage, 400, 5),
    "writers": (writers, 50, 2),
    "files": (files, 1000, 3),
    "names": (names, 1000, 2),
    "origins": (origins, 1, 1),
    "load": (load, 120, 3),
    "soak": (soak, 1800, 15),
}
"""Each with how often it is tried, or for how many seconds, and the same of the short form."""


def attacked(
    what: Sequence[str], *, short: bool = False, times: int | None = None, seed: int = 17, rounds: int = 1
) -> list[Row]:
    """Run attacks one after another, each in a folder of its own and with a chance of its own.

    In several ``rounds`` each has its share of the tries, and the sums are printed after every one.
    """
    rows: dict[str, Row] = {}
    for number in range(rounds):
        for name in what:
            attack, usual, few = ATTACKS[name]
            tries = -(-(times or (few if short else usual)) // rounds)
            begun = time.monotonic()
            with tempfile.TemporaryDirectory(prefix=f"wenju-attack-{name}-") as folder:
                for row in attack(Path(folder), tries, random.Random(seed + number)):
                    if row.name in rows:
                        rows[row.name].joins(row)
                    else:
                        rows[row.name] = row
            print(f"{name}: {time.monotonic() - begun:.0f} s", file=sys.stderr, flush=True)
            if rounds > 1:
                print(table(rows.values()), file=sys.stderr, flush=True)
    return list(rows.values())


def main(arguments: Sequence[str] | None = None) -> int:
    """Attack, print the table, and tell whether all held."""
    assert __doc__ is not None
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.attack", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("what", nargs="+", choices=(*ATTACKS, "all"), metavar="WHAT")
    parser.add_argument("--short", action="store_true", help="a few of each, in seconds")
    parser.add_argument("--times", type=int, help="how often each is tried, or for how many seconds")
    parser.add_argument("--seed", type=int, default=17)
    parser.add_argument("--rounds", type=int, default=1, help="in so many parts, with the sums after each")
    options = parser.parse_args(arguments)
    chosen = [name for name in ATTACKS if name in options.what or "all" in options.what]
    rows = attacked(chosen, short=options.short, times=options.times, seed=options.seed, rounds=options.rounds)
    print(table(rows))
    return 0 if all(row.good for row in rows) else 1


if __name__ == "__main__":
    raise SystemExit(main())
