"""Times of the chat surface: until the first streamed words, and of many streams at once. ``python -m benchmarks.chat``.

A service is started over an index; each request has a connection of its own, as chat tools make them.
"""

from __future__ import annotations

import argparse
import http.client
import json
import statistics
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.serving import serving

QUESTIONS = (
    "2020年嘉定固定资产投资增长多少",
    "2025年上半年嘉定区一般公共预算收入是多少？",
    "2023年嘉定区固定资产投资增长多少？",
    "2020年嘉定和闵行固定资产投资哪个高",
    "嘉定区2020年在产业发展方面做了什么",
    "How fast did fixed-asset investment in Jiading grow in 2020?",
)


def first_words(address: str, question: str) -> tuple[float, float]:
    """Seconds until the first chunk with words, and until the end."""
    host, port = address.removeprefix("http://").split(":")
    body = {"model": "wenju", "stream": True, "messages": [{"role": "user", "content": question}]}
    connection = http.client.HTTPConnection(host, int(port), timeout=60)
    begun = time.perf_counter()
    connection.request("POST", "/v1/chat/completions", json.dumps(body), {"Content-Type": "application/json"})
    response = connection.getresponse()
    if response.status != 200:
        raise RuntimeError(f"{response.status}: {response.read()!r}")
    first = 0.0
    while line := response.readline():
        if not first and line.startswith(b"data: {") and json.loads(line[6:])["choices"][0]["delta"].get("content"):
            first = time.perf_counter() - begun
    connection.close()
    return first, time.perf_counter() - begun


def told(name: str, seconds: list[float]) -> None:
    ordered = sorted(seconds)
    p95 = ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))]
    print(f"{name:42} median {statistics.median(ordered) * 1000:7.1f} ms   p95 {p95 * 1000:7.1f} ms   n {len(ordered)}")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--index", type=Path, default=Path(".wenju"))
    parser.add_argument("--rounds", type=int, default=30)
    parser.add_argument("--streams", type=int, default=32)
    options = parser.parse_args()
    with serving(options.index) as service:
        for question in QUESTIONS:
            first_words(service.url, question)
        one = [first_words(service.url, q) for _ in range(options.rounds) for q in QUESTIONS]
        told("first words, one at a time", [first for first, _ in one])
        told("whole stream, one at a time", [whole for _, whole in one])
        with ThreadPoolExecutor(options.streams) as pool:
            asked = [QUESTIONS[n % len(QUESTIONS)] for n in range(options.streams * 4)]
            many = list(pool.map(lambda question: first_words(service.url, question), asked))
        told(f"first words, {options.streams} streams at once", [first for first, _ in many])
        told(f"whole stream, {options.streams} streams at once", [whole for _, whole in many])


if __name__ == "__main__":
    main()
