"""The shared training files: where they are, what is in them, and which of them were used.

Rows are read as they stand; every file that was opened is remembered with its SHA-256, so that the training
manifest can name exactly what a model was made from.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

#: Names of the files with Chinese on side ``a`` and English on side ``b``, without ``.jsonl.gz``.
PARALLEL = (
    "gov_work_reports_zh_en",
    "tw_laws_zh_en",
    "tatoeba_zh_en",
    "bible_cuv_kjv",
    "python_docs_zh_en",
    "tico19_zh_en",
    "sdg_zh_en",
    "nbs_yearbook_titles_zh_en",
)
#: Files whose rows stand in the order of the documents they come from, so that neighbours make passages.
ORDERED = ("gov_work_reports_zh_en", "tw_laws_zh_en", "bible_cuv_kjv", "python_docs_zh_en", "tico19_zh_en")
#: Files of headings or titles with the text under them.
TITLES = ("csl_title_abstract_zh", "gov_report_heading_body_zh", "law_title_article_zh", "policy_heading_body_zh")
#: Plain Chinese text, one paragraph a row.
TEXTS = ("text_laws_zh", "text_policy_zh")


@dataclass(frozen=True, slots=True)
class Pair:
    """Two texts that should lie close together, and the file they come from."""

    a: str
    b: str
    source: str


def shared_root() -> Path:
    """The shared folder: ``WENJU_SHARED``, else ``../shared`` beside the repository."""
    root = Path(os.environ.get("WENJU_SHARED", Path(__file__).parents[3].parent / "shared"))
    if not (root / "data" / "train").is_dir():
        raise SystemExit(f"{root}/data/train: no such folder; set WENJU_SHARED to the folder that holds data/")
    return root


@cache
def digest(path: Path) -> str:
    """The SHA-256 of a file, in hex."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def rows(name: str) -> Iterator[dict[str, str]]:
    """The rows of ``train/{name}.jsonl.gz`` in file order."""
    with gzip.open(shared_root() / "data" / "train" / f"{name}.jsonl.gz", "rt", encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


@cache
def pairs(name: str) -> tuple[Pair, ...]:
    """All pairs of a pair file, in file order."""
    return tuple(Pair(row["a"], row["b"], name) for row in rows(name))


@cache
def texts(name: str) -> tuple[str, ...]:
    """All texts of a plain-text file, in file order."""
    return tuple(row["text"] for row in rows(name))


@cache
def reports() -> dict[str, tuple[str, ...]]:
    """Report file name to its paragraphs, title included."""
    folder = shared_root() / "data" / "reports"
    return {
        path.name: tuple(line for line in path.read_text(encoding="utf-8").splitlines() if line.strip())
        for path in sorted(folder.glob("*.txt"))
    }


@cache
def traditional() -> dict[str, str]:
    """Traditional character to its simplified form, as in ``trad_simp_chars.tsv``."""
    lines = (shared_root() / "data" / "train" / "trad_simp_chars.tsv").read_text(encoding="utf-8").splitlines()
    return dict(line.split("\t")[:2] for line in lines if "\t" in line)


def hashes() -> dict[str, str]:
    """SHA-256 of every training file, by path below ``data/``; reports are one entry each."""
    data = shared_root() / "data"
    files = sorted((data / "train").iterdir()) + sorted((data / "reports").glob("*.txt"))
    return {path.relative_to(data).as_posix(): digest(path) for path in files}


_SENTENCE = re.compile(r"[^。！？；\n]*[。！？；]?")


def sentences(text: str, shortest: int = 8) -> list[str]:
    """Chinese text cut behind 。！？； into sentences of at least ``shortest`` characters."""
    return [found.strip() for found in _SENTENCE.findall(text) if len(found.strip()) >= shortest]
