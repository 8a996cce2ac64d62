"""Starts the command line.

The packages of this project have the short names that its readers expect (``index``, ``rag``, ``api``, ``eval``), which
would collide with others in site-packages. A wheel therefore carries them below ``wenju/_app`` and only this process
puts that folder first on the path; see ``docs/decisions/0001-package-names.md``.
"""

from __future__ import annotations

import sys

from wenju.engine import own_the_path


def main() -> int:
    """Run ``wenju`` with the arguments of this process; the exit status."""
    own_the_path()
    from cli import main as run

    return run(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
