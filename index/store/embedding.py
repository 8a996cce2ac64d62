"""Texts to unit vectors: the ``Embedder`` protocol, the built-in models by name, and any sentence-transformers model.

A static model is a table of token vectors and a mean. ``StaticEmbedder`` reads such a folder with ``tokenizers``,
``safetensors`` and numpy alone, so that a question costs no import of torch; a folder with a graph goes through
``index/store/transformer.py``, which does without torch as well; a model that a service has through ``index/store/remote.py``;
everything else through ``SentenceTransformer``, which is of the extra ``transformers`` and imported when first needed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Protocol

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError, safe_open
from tokenizers import Tokenizer

from index.errors import EmbeddingModelError
from index.store.chosen import ChosenModel
from index.store.folders import Role, Vectors, folder_identity, hub_identity, read_json, role_prompts

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

_MODELS = Path(__file__).resolve().parents[1] / "models"
#: The models that every installation holds, by the names under which they can be chosen: a static one
#: (``python -m index.training.static`` makes it) and a transformer (``python -m index.training.multilingual.tuned``).
BUILT_IN = {name: _MODELS / name for name in ("wenju-embed", "wenju-e5")}
#: The one that is taken where none is chosen.
BUILT_IN_MODEL = BUILT_IN["wenju-embed"]

#: What brings ``SentenceTransformer``.
INSTALL = 'pip install "wenju[transformers]"'

#: What a name is first of all not.
_NEITHER = f"no such folder and not built in ({', '.join(BUILT_IN)})"

#: Texts encoded at a time: the gathered token vectors of so many report chunks stay within a few dozen megabytes.
BLOCK = 256


class Embedder(Protocol):
    """Turns texts into vectors whose inner product is their similarity."""

    @property
    def name(self) -> str:
        """The folder's name or the hub name, for people."""

    @property
    def dimension(self) -> int:
        """The length of a vector."""

    @property
    def identity(self) -> str:
        """Changes whenever the vectors may: a snapshot built with another identity must not be searched."""

    def encode(self, texts: Sequence[str], *, role: Role) -> Vectors:
        """One row per text, shape ``(len(texts), dimension)``, each of length 1.

        A text without a single known token (an empty one, say) gets a row of zeros, similar to nothing.
        """


class StaticEmbedder:
    """A sentence-transformers folder whose only modules are ``StaticEmbedding`` and, at will, ``Normalize``.

    Gives the vectors of ``SentenceTransformer(folder)`` to within 1e-5. Raises ``EmbeddingModelError`` when a file
    is missing or does not hold what it should.
    """

    __slots__ = ("_prompts", "_table", "_tokenizer", "dimension", "identity", "name")

    def __init__(self, folder: Path) -> None:
        self.name = folder.name
        module = _static_module(folder)
        if module is None:
            raise EmbeddingModelError(str(folder), "its modules are not a static embedding")
        try:
            self._tokenizer: Tokenizer = Tokenizer.from_file(str(module / "tokenizer.json"))
            self._table = _read_table(module / "model.safetensors")
        # tokenizers raises a bare Exception for an unreadable file.
        except Exception as error:
            raise EmbeddingModelError(str(folder), f"cannot be read: {error}") from error
        self._tokenizer.no_padding()
        if self._tokenizer.get_vocab_size() > len(self._table):
            raise EmbeddingModelError(str(folder), "the tokenizer knows more tokens than the matrix has rows")
        self._prompts = role_prompts(read_json(folder / "config_sentence_transformers.json"))
        self.dimension: int = self._table.matrix.shape[1]
        self.identity = folder_identity(folder)

    def encode(self, texts: Sequence[str], *, role: Role) -> Vectors:
        """See ``Embedder``. The mean is taken of all tokens; a static model has no longest text."""
        prompt = self._prompts.get(role, "")
        rows = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for start in range(0, len(texts), BLOCK):
            block = [prompt + text for text in texts[start : start + BLOCK]]
            self._sum_tokens(block, rows[start : start + len(block)])
        # The direction of a sum is that of the mean, so there is no division by the number of tokens.
        lengths = np.linalg.norm(rows, axis=1, keepdims=True)
        np.divide(rows, lengths, out=rows, where=lengths > 0)
        return rows

    def token_vectors(self) -> Vectors:
        """The vector of every token, shape ``(tokens, dimension)``, not normalised."""
        return self._table.take(range(len(self._table)))

    def _sum_tokens(self, texts: list[str], out: Vectors) -> None:
        encodings = self._tokenizer.encode_batch_fast(texts, add_special_tokens=False)
        for row, encoding in zip(out, encodings, strict=True):
            ids = encoding.ids
            if ids:
                np.add.reduce(self._table.take(ids), axis=0, out=row)


class TransformerEmbedder:
    """Any model that ``SentenceTransformer`` opens, from a folder or from the hub.

    Prompts, longest text, dimension and pooling are the model's own; only the final length of 1 is ours. Raises
    ``EmbeddingModelError`` when the extra is not installed, the folder is broken or the hub cannot be reached.
    """

    __slots__ = ("_model", "_prompts", "dimension", "identity", "name")
    #: See ``index.store.meanings.Batching``: what ``SentenceTransformer.encode`` puts through the network at once.
    together: ClassVar[int] = 32

    def __init__(self, name_or_path: str) -> None:
        self.name = Path(name_or_path).name if Path(name_or_path).is_dir() else name_or_path
        self._model = _open_transformer(name_or_path)
        self._prompts = role_prompts({"prompts": self._model.prompts})
        dimension = self._model.get_embedding_dimension()
        if dimension is None:
            raise EmbeddingModelError(name_or_path, "does not say how long its vectors are")
        self.dimension: int = dimension
        self.identity = (
            folder_identity(Path(name_or_path)) if Path(name_or_path).is_dir() else hub_identity(name_or_path)
        )

    def encode(self, texts: Sequence[str], *, role: Role) -> Vectors:
        """See ``Embedder``. Texts beyond the model's longest are cut by the model, as it was trained."""
        if not texts:
            return np.zeros((0, self.dimension), dtype=np.float32)
        vectors = self._model.encode(
            list(texts),
            # An empty prompt, not none: with none the model would apply its default prompt to both roles.
            prompt=self._prompts.get(role, ""),
            batch_size=self.together,
            normalize_embeddings=True,
            convert_to_numpy=True,
            show_progress_bar=False,
        )
        return np.asarray(vectors, dtype=np.float32)


def load_embedder(chosen: str | Path | ChosenModel = BUILT_IN_MODEL) -> Embedder:
    """The embedder of a built-in model, a folder, a hub name or a service; the fast path wherever the folder allows it.

    A name of :data:`BUILT_IN` means that model wherever the command runs; a folder of such a name is ``./NAME``, or a Path.
    Raises ``EmbeddingModelError`` and ``EmbeddingServiceError``.
    """
    if isinstance(chosen, ChosenModel) and chosen.url is not None:
        from index.store.remote import RemoteEmbedder  # imports the client, which folders do without

        return RemoteEmbedder(chosen)
    name_or_path = chosen.model if isinstance(chosen, ChosenModel) else chosen
    folder = BUILT_IN.get(name_or_path, Path(name_or_path)) if isinstance(name_or_path, str) else name_or_path
    if folder.is_dir() and _static_module(folder) is not None:
        return StaticEmbedder(folder)
    if (folder / "graph.onnx").is_file():
        from index.store.transformer import OnnxEmbedder  # imports the runtime, which static models do without

        return OnnxEmbedder(folder)
    return TransformerEmbedder(str(name_or_path))


def _static_module(folder: Path) -> Path | None:
    """Where the static module's files are, or None if the folder holds another kind of model."""
    modules = read_json(folder / "modules.json")
    if not isinstance(modules, list) or not modules:
        return None
    kinds = [str(module.get("type", "")).rpartition(".")[2] for module in modules]
    if kinds not in (["StaticEmbedding"], ["StaticEmbedding", "Normalize"]):
        return None
    return folder / str(modules[0].get("path", ""))


@dataclass(frozen=True, slots=True)
class _TokenTable:
    """Token vectors as a file has them, which may be in bytes with a scale for each token: a quarter of what they stand for."""

    matrix: NDArray[Any]
    scales: Vectors | None = None
    rows: NDArray[Any] | None = None
    """The row of each token, where several share one."""

    def __len__(self) -> int:
        return len(self.matrix if self.rows is None else self.rows)

    def take(self, tokens: Sequence[int]) -> Vectors:
        """The vectors of some tokens, ``(len(tokens), dimension)``."""
        ids = np.asarray(tokens, np.intp)
        found: Vectors = self.matrix.take(ids if self.rows is None else self.rows[ids], axis=0).astype(np.float32)
        if self.scales is not None:
            found *= self.scales[ids, None]
        return found


def _read_table(path: Path) -> _TokenTable:
    """Token vectors from sentence-transformers' key or from model2vec's with scales and mapping."""
    try:
        with safe_open(str(path), framework="numpy") as tensors:
            held = {key: tensors.get_tensor(key) for key in tensors.keys()}  # not a dict
    except (OSError, SafetensorError) as error:
        raise ValueError(f"{path.name}: {error}") from error
    if "embedding.weight" in held:
        return _TokenTable(held["embedding.weight"])
    if "embeddings" not in held:
        raise ValueError(f"{path.name}: holds neither 'embedding.weight' nor 'embeddings'")
    scales = held["weights"].astype(np.float32) if "weights" in held else None
    return _TokenTable(held["embeddings"], scales, held.get("mapping"))


def _open_transformer(name_or_path: str) -> SentenceTransformer:
    folder = Path(name_or_path)
    if folder.is_dir() and not (folder / "modules.json").is_file() and not (folder / "config.json").is_file():
        raise EmbeddingModelError(name_or_path, "the folder holds neither modules.json nor config.json")
    try:
        from sentence_transformers import SentenceTransformer  # seconds of import, and torch
    except ImportError as error:
        what = "a transformer" if folder.is_dir() else f"{_NEITHER}, and a model of the hub"
        raise EmbeddingModelError(name_or_path, f"{what} needs packages that are not installed: {INSTALL}") from error
    try:
        return SentenceTransformer(name_or_path)
    # transformers, the hub client and torch each raise their own kinds; what matters is which model and why.
    except Exception as error:
        cause = (
            "the folder is broken"
            if folder.is_dir()
            else f"{_NEITHER}, and the hub cannot be reached or has no such model"
        )
        raise EmbeddingModelError(name_or_path, f"{cause} ({type(error).__name__})") from error
