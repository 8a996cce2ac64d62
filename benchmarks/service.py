"""Times and memory of the product on this machine: ``python -m benchmarks.service``.

Every figure is a median of repeats; the machine may be busy, so compare runs of one day and not single numbers.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

FLAGSHIP = "2020年嘉定固定资产投资增长多少"


def _seconds(call: Callable[[], object], repeats: int) -> float:
    """The median time of a call in seconds."""
    times = []
    for _ in range(repeats):
        started = time.perf_counter()
        call()
        times.append(time.perf_counter() - started)
    return statistics.median(times)


def _command(*arguments: str) -> None:
    subprocess.run([sys.executable, "-m", "wenju", *arguments], check=True, capture_output=True)


def ingest_seconds(reports: list[Path], index: Path, repeats: int) -> float:
    """Reading, embedding and writing, after imports."""
    from index.ingest import ingest
    from index.store.embedding import load_embedder
    from settings import Settings

    settings = Settings()
    embedder = load_embedder(settings.embedding)
    return _seconds(
        lambda: ingest(reports, index, embedder, settings.token_vocabulary, settings.chunking, fresh=True), repeats
    )


def questions() -> list[str]:
    own = Path(__file__).parents[1] / "eval" / "questions" / "bundled.jsonl"
    return [json.loads(line)["question"] for line in own.read_text(encoding="utf-8").splitlines() if line.strip()]


def served(index: Path, repeats: int) -> dict[str, float]:
    """Start a server process, ask it every question over HTTP and read its memory; it is stopped at the end."""
    process = subprocess.Popen(
        [sys.executable, "-m", "wenju", "serve", "--index", str(index), "--port", "8765"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        started = time.perf_counter()
        while True:
            connection = http.client.HTTPConnection("127.0.0.1", 8765, timeout=5)
            try:
                connection.request("GET", "/health/ready")
                if connection.getresponse().status == 200:
                    break
            except OSError:
                time.sleep(0.05)
            finally:
                connection.close()
            if time.perf_counter() - started > 60 or process.poll() is not None:
                raise RuntimeError("the server did not start")
        ready = time.perf_counter() - started
        times = []
        connection = http.client.HTTPConnection("127.0.0.1", 8765, timeout=30)
        for _ in range(repeats):
            for question in questions():
                body = json.dumps({"question": question}).encode()
                begun = time.perf_counter()
                connection.request("POST", "/v1/ask", body, {"Content-Type": "application/json"})
                connection.getresponse().read()
                times.append((time.perf_counter() - begun) * 1000)
        times.sort()
        status = Path(f"/proc/{process.pid}/status").read_text(encoding="ascii")
        resident = next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS"))
        return {
            "server ready, s": ready,
            "/v1/ask median, ms": statistics.median(times),
            "/v1/ask p99, ms": times[int(len(times) * 0.99)],
            "resident memory, MB": resident / 1024,
        }
    finally:
        process.terminate()
        process.wait(timeout=20)


def main(argv: list[str] | None = None) -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("reports", nargs="*", type=Path, default=[Path("data/reports")])
    parser.add_argument("--repeats", type=int, default=5)
    options = parser.parse_args(argv)
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    with tempfile.TemporaryDirectory() as folder:
        index = Path(folder) / "index"
        rows = {"ingest after imports, s": ingest_seconds(options.reports, index, options.repeats)}
        rows["wenju ask cold, s"] = _seconds(lambda: _command("ask", FLAGSHIP, "--index", str(index)), options.repeats)
        rows |= served(index, options.repeats)
    for name, value in rows.items():
        print(f"{name:<28}{value:10.2f}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
