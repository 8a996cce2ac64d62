"""The service as its users run it: ``wenju serve`` in a process of its own, on a port that the system chose."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]


@dataclass(frozen=True, slots=True)
class Service:
    """A running service. ``url`` has no slash at its end."""

    url: str
    process: subprocess.Popen[str]

    @property
    def openai_url(self) -> str:
        return f"{self.url}/v1"


@contextmanager
def serving(index: Path, *, program: str = "", **settings: str) -> Iterator[Service]:
    """Serve an index until the block ends, by another program if one is given; ``settings`` are ``WENJU_*`` variables without their head."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith("WENJU_")}
    given = {f"WENJU_{name.upper()}": value for name, value in settings.items()}
    process = subprocess.Popen(
        # Port 0 is none that a setting may name; the small program asks for it all the same.
        [sys.executable, "-c", program or _SERVE, str(index)], cwd=ROOT, text=True, stderr=subprocess.PIPE,
        env={**environment, **given, "PYTHONPATH": str(ROOT), "HF_HUB_OFFLINE": "1", "PYTHONUTF8": "1"},
    )  # fmt: skip
    try:
        assert process.stderr is not None
        line = process.stderr.readline()
        assert "serving http://" in line, line + process.stderr.read()
        yield Service(line.split()[2], process)
    finally:
        if process.poll() is None:
            process.terminate()
            process.communicate(timeout=30)


_SERVE = """
import sys
from pathlib import Path
from api.server import serve
from settings import Settings

serve(Settings(index=Path(sys.argv[1])).model_copy(update={"port": 0}))
"""
