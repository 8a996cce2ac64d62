"""A transformer on the CPU without torch: a sentence-transformers folder run by ONNX Runtime in eight bits.

The folder is an ordinary one (a BERT, mean pooling, length 1) that also holds ``graph.onnx``: the network without its
weights, which ``python -m index.training.multilingual.graph`` writes. The weights are those of ``model.safetensors``;
they are rounded here, each column of a matrix with a scale of its own, and handed to the graph. Activations are rounded
as they come (dynamic quantisation).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import onnxruntime
from safetensors import SafetensorError, deserialize
from tokenizers import Tokenizer

from index.errors import EmbeddingModelError
from index.store.folders import Role, Vectors, folder_identity, read_json, role_prompts

GRAPH = "graph.onnx"
#: Largest rounded weight. Seven bits and not eight: processors without VNNI add two products in sixteen bits, and with
#: eight such a sum may not fit.
LARGEST = 63
#: Padded tokens that go through the network together.
TOGETHER = 4096

Array = npt.NDArray[np.float32]


class OnnxEmbedder:
    """See the module. Gives the vectors of ``SentenceTransformer(folder)`` to a cosine of 0.99 or better.

    Raises ``EmbeddingModelError`` where a file is missing or does not hold what it should.
    """

    __slots__ = ("_positions", "_prompts", "_session", "_tokenizer", "_words", "dimension", "identity", "name")

    def __init__(self, folder: Path) -> None:
        self.name = folder.name
        config = read_json(folder / "config.json")
        try:
            self._tokenizer: Tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
            weights = read_weights(folder / "model.safetensors")
            self._words = weights["embeddings.word_embeddings.weight"].astype(np.float16)
            self._positions = (
                weights["embeddings.position_embeddings.weight"] + weights["embeddings.token_type_embeddings.weight"][0]
            )
            self._session = _opened(folder / GRAPH, rounded(weights, int(config["num_hidden_layers"])))
        # tokenizers and onnxruntime raise a bare Exception for an unreadable file.
        except Exception as error:
            raise EmbeddingModelError(str(folder), f"cannot be read: {error}") from error
        self._tokenizer.no_padding()
        longest = (read_json(folder / "sentence_bert_config.json") or {}).get("max_seq_length") or len(self._positions)
        self._tokenizer.enable_truncation(min(int(longest), len(self._positions)))
        self._prompts = role_prompts(read_json(folder / "config_sentence_transformers.json"))
        self.dimension: int = self._words.shape[1]
        self.identity = folder_identity(folder)

    def encode(self, texts: Sequence[str], *, role: Role) -> Vectors:
        """See ``Embedder``. Texts beyond the model's longest are cut, as sentence-transformers does."""
        prompt = self._prompts.get(role, "")
        ids = [encoding.ids for encoding in self._tokenizer.encode_batch_fast([prompt + text for text in texts])]
        rows = np.zeros((len(texts), self.dimension), np.float32)
        # Texts of like length go together, so that little of the work is padding.
        order = sorted(range(len(ids)), key=lambda place: len(ids[place]))
        start = 0
        while start < len(order):
            end = start + 1
            while end < len(order) and (end + 1 - start) * len(ids[order[end]]) <= TOGETHER:
                end += 1
            places = order[start:end]
            rows[places] = self._run([ids[place] for place in places])
            start = end
        return rows

    def _run(self, texts: Sequence[Sequence[int]]) -> Vectors:
        """Unit vectors of texts as token numbers, ``(texts, dimension)``."""
        lengths = np.array([len(text) for text in texts], np.int32)
        longest = int(lengths.max())
        numbers = np.zeros((len(texts), longest), np.intp)
        for row, text in zip(numbers, texts, strict=True):
            row[: len(text)] = text
        tokens = self._words[numbers].astype(np.float32) + self._positions[:longest]
        mask = (np.arange(longest) < lengths[:, None]).astype(np.float32)[:, None, :]
        (sums,) = self._session.run(None, {"tokens": tokens, "lengths": lengths, "mask": mask})
        # The direction of a sum is that of the mean.
        summed: Vectors = sums[:, 0, :]
        size: Vectors = np.linalg.norm(summed, axis=1, keepdims=True)
        return np.asarray(summed / np.maximum(size, 1e-12), np.float32)


def read_weights(path: Path) -> dict[str, Array]:
    """Tensors of a safetensors file as float32, by name without the network's own. Raises ValueError and OSError."""
    try:
        held: list[tuple[str, dict[str, Any]]] = deserialize(path.read_bytes())  # type: ignore[no-untyped-call]
    except SafetensorError as error:
        raise ValueError(f"{path.name}: {error}") from error
    found = {}
    for name, tensor in held:
        kind = str(tensor["dtype"])
        if kind not in _DECODED:
            raise ValueError(f"{path.name}: {name} is of a kind that is not read: {kind}")
        found[name.removeprefix("bert.")] = _DECODED[kind](bytes(tensor["data"])).reshape(tensor["shape"])
    return found


def _eight_bits() -> Array:
    """The 256 numbers of E4M3: a sign, four bits of exponent with a bias of 7, three of fraction (Micikevicius et al. 2022)."""
    bits = np.arange(256)
    exponent, fraction = (bits >> 3) & 15, (bits & 7).astype(np.float32)
    size = np.where(exponent > 0, (1 + fraction / 8) * 2.0 ** (exponent - 7), fraction / 8 * 2.0**-6)
    size[[127, 255]] = np.nan
    return np.where(bits >> 7, -size, size).astype(np.float32)


_E4M3 = _eight_bits()
_DECODED: Mapping[str, Callable[[bytes], Array]] = {
    "F32": lambda data: np.frombuffer(data, np.float32),
    "F16": lambda data: np.frombuffer(data, np.float16).astype(np.float32),
    "BF16": lambda data: (np.frombuffer(data, np.uint16).astype(np.uint32) << 16).view(np.float32),
    "F8_E4M3": lambda data: _E4M3[np.frombuffer(data, np.uint8)],
}

#: A layer's matrices by their short names in the graph, and the modules of the folder that each is made of.
MATRICES = {
    "qkv": ("attention.self.query", "attention.self.key", "attention.self.value"),
    "out": ("attention.output.dense",),
    "up": ("intermediate.dense",),
    "down": ("output.dense",),
}
#: A layer's normalisations, likewise.
NORMS = {"mid": "attention.output.LayerNorm", "end": "output.LayerNorm"}


def rounded(weights: Mapping[str, Array], layers: int) -> dict[str, npt.NDArray[Any]]:
    """What the graph's names stand for: matrices ``(in, out)`` in int8 with a scale for each column, the rest float32.

    Raises KeyError where the folder holds another kind of network.
    """
    found: dict[str, npt.NDArray[Any]] = {
        "start.scale": weights["embeddings.LayerNorm.weight"],
        "start.shift": weights["embeddings.LayerNorm.bias"],
    }
    for layer in range(layers):
        before = f"encoder.layer.{layer}."
        for short, modules in MATRICES.items():
            matrix = np.concatenate([weights[f"{before}{module}.weight"].T for module in modules], axis=1)
            scales = np.maximum(np.abs(matrix).max(axis=0) / LARGEST, 1e-9).astype(np.float32)
            name = f"{layer}.{short}"
            found[f"{name}.matrix"] = np.ascontiguousarray(np.rint(matrix / scales).astype(np.int8))
            found[f"{name}.scales"] = scales
            found[f"{name}.zeros"] = np.zeros(len(scales), np.int8)
            found[f"{name}.bias"] = np.concatenate([weights[f"{before}{module}.bias"] for module in modules])
        for short, module in NORMS.items():
            found[f"{layer}.{short}.scale"] = weights[f"{before}{module}.weight"]
            found[f"{layer}.{short}.shift"] = weights[f"{before}{module}.bias"]
    return found


def _opened(graph: Path, held: Mapping[str, npt.NDArray[Any]]) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    # Threads that wait do not take a core from those that answer.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    values = [onnxruntime.OrtValue.ortvalue_from_numpy(np.ascontiguousarray(array)) for array in held.values()]
    options.add_external_initializers(list(held), values)
    return onnxruntime.InferenceSession(graph.read_bytes(), options, providers=["CPUExecutionProvider"])
