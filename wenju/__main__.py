"""Starts the command line.

The packages of this project have the short names that its readers expect (``index``, ``rag``, ``api``, ``eval``), which
would collide with others in site-packages. A wheel therefore carries them below ``wenju/_app`` and only this process
puts that folder on the path; see ``docs/decisions/0001-package-names.md``.
"""

from __future__ import annotations

import sys
from pathlib import Path


def main() -> int:
    """Run ``wenju`` with the arguments of this process; the exit status."""
    here = Path(__file__).resolve().parent
    bundled = here / "_app"
    sys.path.insert(0, str(bundled if bundled.is_dir() else here.parent))
    from cli import main as run

    return run(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
