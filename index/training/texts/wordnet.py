"""WordNet 3.0, the general English that the shared training files lack: words with their glosses and examples.

Read from the Debian package ``wordnet-base`` (1:3.0-37; ``apt-get install wordnet-base``), or from the folder named in
``WENJU_WORDNET``. ``hashes`` says which bytes were read; a copy with other bytes than ``KNOWN`` is refused, so that a
run cannot quietly use another edition.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Container
from dataclasses import dataclass
from functools import cache
from pathlib import Path

#: SHA-256 of the files of wordnet-base 1:3.0-37.
KNOWN = {
    "data.adj": "c89120dfc1f046ddff4a631bf9b7e9fa1a36b5e86565a23bf82dbe14f30b88a7",
    "data.adv": "444a63bf3955080ab7524f5079cfc07ff9bc682cb98bdb1db73b0fb9829f1139",
    "data.noun": "fea17d2f9656611334eac790e5d69e47645fa180c4aa481fb4cd9b3520754ca2",
    "data.verb": "adcf43e35b581e8036d8b5a52d63d9cd3d3b4870b2720d3c03c799df44777bc2",
}
PACKAGE = "Debian wordnet-base 1:3.0-37"


@dataclass(frozen=True, slots=True)
class Synset:
    """Words for one sense, what it means, sentences that use it, and the sense above it (a key of ``synsets``)."""

    words: tuple[str, ...]
    gloss: str
    examples: tuple[str, ...]
    above: str | None


def folder() -> Path:
    """Where the data files are; exits with the command that installs them when there are none."""
    found = Path(os.environ.get("WENJU_WORDNET", "/usr/share/wordnet"))
    if not (found / "data.noun").is_file():
        raise SystemExit(f"{found}: no WordNet; apt-get install wordnet-base, or set WENJU_WORDNET")
    return found


@cache
def hashes() -> dict[str, str]:
    """SHA-256 of each data file. Exits if one is not the edition that training is meant for."""
    found = {name: hashlib.sha256((folder() / name).read_bytes()).hexdigest() for name in KNOWN}
    wrong = [name for name, value in found.items() if value != KNOWN[name]]
    if wrong:
        raise SystemExit(f"{', '.join(wrong)} in {folder()}: not as in {PACKAGE}")
    return found


_QUOTED = re.compile(r'"([^"]+)"')
_MARKER = re.compile(r"\((?:a|p|ip)\)$")


def parse(line: str, kind: str) -> tuple[str, Synset]:
    """One line of a ``data`` file (format: wndb(5WN)): the synset's key, and the synset."""
    fields, _, told = line.partition(" | ")
    parts = fields.split(" ")
    count = int(parts[3], 16)
    words = tuple(_MARKER.sub("", parts[4 + 2 * place]).replace("_", " ") for place in range(count))
    links = parts[5 + 2 * count :]
    above = None
    for place in range(int(parts[4 + 2 * count])):
        symbol, offset, other = links[4 * place : 4 * place + 3]
        if symbol in {"@", "@i"}:
            above = other + offset
            break
    examples = tuple(_QUOTED.findall(told))
    gloss = _QUOTED.sub("", told).strip(" ;\n")
    return kind + parts[0], Synset(words, gloss, examples, above)


@cache
def synsets() -> dict[str, Synset]:
    """Every synset by its part of speech and offset, in the order of the files."""
    hashes()
    found: dict[str, Synset] = {}
    for name, kind in (("noun", "n"), ("verb", "v"), ("adj", "a"), ("adv", "r")):
        for line in (folder() / f"data.{name}").read_text(encoding="ascii").splitlines():
            if not line.startswith(" "):  # the licence stands at the head of each file
                key, synset = parse(line, kind)
                found[key] = synset
    return found


def entry(sense: Synset, known: Container[str]) -> str:
    """A sense with its words, gloss, examples and the gloss of the sense above: a short entry of an encyclopaedia.

    The sense above is left out if its gloss is not among ``known``.
    """
    upper = synsets().get(sense.above or "")
    own = f"{', '.join(sense.words)}: {sense.gloss}. {' '.join(sense.examples)}"
    return f"{own} {upper.words[0]}: {upper.gloss}." if upper and upper.gloss in known else own
