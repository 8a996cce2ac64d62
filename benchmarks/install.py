"""What an installation costs: ``python -m benchmarks.install [--extras NAMES] [--transformer]``.

Makes the wheel of this checkout and a fresh virtual environment in a temporary folder, installs the wheel with its
dependencies as pip finds them (nothing from pip's cache), lets three lines of Python answer a question from the reports that
lie in the wheel, and the installed command read the bundled reports and answer it; with ``--transformer`` one report is read
and asked with the built-in transformer too. Prints the sizes of ``site-packages`` as they lie on the disk, the largest packages
first, and the times (``cpu``: of the processor, which a busy machine leaves as they are). Nothing is left behind, and all of it
ends after ``--limit`` seconds.
"""

from __future__ import annotations

import argparse
import os
import resource
import shlex
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]
FLAGSHIP = "2020年嘉定固定资产投资增长多少"
ANSWER = "同比增长18.3%。[1]"
TRANSFORMER = "wenju-e5"
#: The report that the question is about, for the slower model.
REPORT = "004_606b8993a8cf2f09.txt"
THREE_LINES = f"""from wenju import Wenju, bundled_reports
wenju = Wenju.build(bundled_reports(), index="three-lines")
print(wenju.ask({FLAGSHIP!r}))
"""
"""What docs/clients.md shows first."""
LARGEST = 8
HEAVY = ("torch", "transformers", "sentence_transformers")


class Steps:
    """Commands run one after another in one folder, all of them before one deadline."""

    def __init__(self, folder: Path, limit: float) -> None:
        self._folder = folder
        self._end = time.monotonic() + limit
        # Neither this checkout nor its settings: what is measured is what a user has.
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("WENJU_", "PYTHON"))}
        self._environment = kept | {"HF_HUB_OFFLINE": "1", "PIP_DISABLE_PIP_VERSION_CHECK": "1", "PYTHONUTF8": "1"}

    def run(self, *command: str | Path, model: str | None = None) -> tuple[float, str]:
        """Seconds and what was printed; the program ends with the command's own words where it fails."""
        chosen = {} if model is None else {"WENJU_EMBEDDING_MODEL": model}
        began = time.monotonic()
        try:
            done = subprocess.run(
                [str(part) for part in command], cwd=self._folder, env=self._environment | chosen, capture_output=True,
                text=True, encoding="utf-8", timeout=max(1.0, self._end - began), check=False,
            )  # fmt: skip
        except subprocess.TimeoutExpired as error:
            raise SystemExit(f"{command[0]}: not done before --limit") from error
        if done.returncode:
            raise SystemExit(f"{command[0]} failed:\n{done.stderr[-3000:]}")
        return time.monotonic() - began, done.stdout

    def told(self, *command: str | Path, model: str | None = None) -> tuple[str, str]:
        """The seconds in words, those of the processor too, and what was printed."""
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        took, printed = self.run(*command, model=model)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        return f"{took:.1f} (cpu {cpu:.1f})", printed


def megabytes(path: Path) -> float:
    """What a file or a folder takes up on the disk, in millions of bytes."""
    files = [path, *path.rglob("*")] if path.is_dir() else [path]
    return sum(file.lstat().st_blocks * 512 for file in files) / 1e6


def measure(folder: Path, extras: str, pip_arguments: list[str], limit: float, transformer: bool) -> dict[str, str]:
    """Everything that is printed, by name."""
    steps = Steps(folder, limit)
    python = folder / "env" / "bin" / "python"
    steps.run(sys.executable, "-m", "venv", folder / "env")
    pip = (python, "-m", "pip")
    steps.run(*pip, "wheel", "--quiet", *pip_arguments, "--no-deps", "--wheel-dir", folder / "wheel", ROOT)
    (wheel,) = (folder / "wheel").glob("wenju-*.whl")
    wanted = f"{wheel}[{extras}]" if extras else str(wheel)
    installed, _ = steps.told(*pip, "install", "--quiet", "--no-cache-dir", *pip_arguments, wanted)
    _, listed = steps.run(*pip, "list", "--format=freeze")
    (site,) = (folder / "env" / "lib").glob("python*/site-packages")
    sizes = sorted(((megabytes(path), path.name) for path in site.iterdir()), reverse=True)
    rows = {
        "wheel, MB": f"{wheel.stat().st_size / 1e6:.1f}",
        "site-packages, MB": f"{megabytes(site):.1f}",
        "packages": str(len(listed.split())),
        "of these heavy": ", ".join(name for name in HEAVY if (site / name).is_dir()) or "none",
        "largest, MB": ", ".join(f"{name} {size:.0f}" for size, name in sizes[:LARGEST]),
        "install, s": installed,
    }
    program = folder / "three_lines.py"
    program.write_text(THREE_LINES, encoding="utf-8")
    index = folder / "index"
    wenju = folder / "env" / "bin" / "wenju"
    answers = {}
    rows["three lines of Python, s"], answers["three lines"] = steps.told(python, program)
    rows["index of them, MB"] = f"{megabytes(folder / 'three-lines'):.1f}"
    rows["wenju ingest, s"], _ = steps.told(wenju, "ingest", ROOT / "data" / "reports", "--index", index)
    rows["wenju ask, s"], answers["command"] = steps.told(wenju, "ask", FLAGSHIP, "--index", index)
    if transformer:
        of_one = folder / "index-of-one"
        read = (wenju, "ingest", ROOT / "data" / "reports" / REPORT, "--index", of_one)
        rows["wenju ingest, one report, s"], _ = steps.told(*read)
        rows[f"the same with {TRANSFORMER}, s"], _ = steps.told(*read, "--replace", model=TRANSFORMER)
        asked = steps.told(wenju, "ask", FLAGSHIP, "--index", of_one, model=TRANSFORMER)
        rows[f"wenju ask with {TRANSFORMER}, s"], answers[TRANSFORMER] = asked
    for told in answers.values():
        if ANSWER not in told:
            raise SystemExit(f"another answer than {ANSWER}:\n{told}")
    return rows | {"answer": answers["three lines"].splitlines()[0]}


def main(argv: list[str] | None = None) -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--extras", default="", help="extras of the package, with commas between them")
    parser.add_argument("--pip", default="", help="further arguments for pip, as one text")
    parser.add_argument(
        "--transformer", action="store_true", help="read and ask one report with wenju-e5 too (minutes)"
    )
    parser.add_argument("--limit", type=float, default=900, help="seconds for all of it")
    options = parser.parse_args(argv)
    with tempfile.TemporaryDirectory() as folder:
        given = options.extras, shlex.split(options.pip), options.limit, options.transformer
        rows = measure(Path(folder), *given)
    for name, value in rows.items():
        print(f"{name:<30}{value}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
