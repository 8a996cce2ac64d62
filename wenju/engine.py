"""Puts the packages of the engine on the path; see ``docs/decisions/0001-package-names.md``."""

from __future__ import annotations

import sys
from importlib.util import find_spec
from pathlib import Path

from wenju.errors import NamesTakenError

HERE = Path(__file__).resolve().parent
ROOT = HERE / "_app" if (HERE / "_app").is_dir() else HERE.parent
"""Where the short names lie: below this package in a wheel, beside it in a checkout."""

NEEDED = ("index", "rag", "settings")


def own_the_path() -> None:
    """Make the short names those of this program: for the process of the command, which is all ours."""
    sys.path.insert(0, str(ROOT))


def share_the_path() -> None:
    """Make the engine importable in a program of somebody else, whose own modules stay what they are.

    Raises NamesTakenError where that program has modules by those names.
    """
    if str(ROOT) not in sys.path:
        sys.path.append(str(ROOT))
    for name in NEEDED:
        spec = find_spec(name)
        origin = Path(spec.origin).resolve() if spec is not None and spec.origin else None
        if origin is None or ROOT not in origin.parents:
            raise NamesTakenError(
                f"this program has a module {name!r} of its own ({origin or 'a folder'}), which the engine needs by that "
                "name; run `wenju serve` and ask it with wenju.Client"
            )
