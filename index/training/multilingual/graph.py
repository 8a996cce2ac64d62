"""Writes ``graph.onnx`` into a model folder: the network without weights, for ``index/store/transformer.py``.

Matrices are multiplied in eight bits by ONNX Runtime's own operators (``QAttention``, ``DynamicQuantizeMatMul``), each
column with its own scale; normalisation, softmax and GELU stay in float32. A graph made by an exporter and quantised
afterwards does the same with three times as many nodes, and has its weights a second time.

    python -m index.training.multilingual.graph FOLDER
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import onnx
from onnx import TensorProto, helper

from index.store.transformer import GRAPH, MATRICES

_MICROSOFT = "com.microsoft"


class _Graph:
    """Nodes and weights as they are put together."""

    def __init__(self, epsilon: float) -> None:
        self.nodes: list[Any] = []
        self.weights: list[Any] = []
        self._epsilon = epsilon

    def node(self, kind: str, inputs: list[str], outputs: list[str], **settings: Any) -> str:
        self.nodes.append(helper.make_node(kind, inputs, outputs, **settings))
        return outputs[0]

    def weight(self, name: str, kind: int, *shape: int) -> str:
        """A weight that is handed over when the graph is opened."""
        tensor = TensorProto()
        tensor.name, tensor.data_type, tensor.data_location = name, kind, TensorProto.EXTERNAL
        tensor.dims.extend(shape)
        entry = tensor.external_data.add()
        entry.key, entry.value = "location", "model.safetensors"
        self.weights.append(tensor)
        return name

    def matrix(self, name: str, height: int, width: int) -> tuple[str, str, str, str]:
        """Names of the rounded matrix, its columns' scales and zeros, and the bias."""
        return (
            self.weight(f"{name}.matrix", TensorProto.INT8, height, width),
            self.weight(f"{name}.scales", TensorProto.FLOAT, width),
            self.weight(f"{name}.zeros", TensorProto.INT8, width),
            self.weight(f"{name}.bias", TensorProto.FLOAT, width),
        )

    def times(self, name: str, given: str, height: int, width: int) -> str:
        """``given`` times a matrix, and its bias."""
        return self.node(
            "DynamicQuantizeMatMul", [given, *self.matrix(name, height, width)], [f"{name}.told"], domain=_MICROSOFT
        )

    def normalised(self, name: str, given: str, beside: str, width: int) -> str:
        """The sum of two, normalised."""
        scale = self.weight(f"{name}.scale", TensorProto.FLOAT, width)
        shift = self.weight(f"{name}.shift", TensorProto.FLOAT, width)
        return self.node(
            "SkipLayerNormalization", [given, beside, scale, shift], [f"{name}.told"],
            domain=_MICROSOFT, epsilon=self._epsilon,
        )  # fmt: skip

    def attention(self, name: str, given: str, width: int, heads: int) -> str:
        matrix, scales, zeros, bias = self.matrix(name, width, 3 * width)
        small, scale, zero = f"{name}.small", f"{name}.given_scale", f"{name}.given_zero"
        self.node("DynamicQuantizeLinear", [given], [small, scale, zero])
        return self.node(
            "QAttention", [small, matrix, bias, scale, scales, "lengths", zero, zeros], [f"{name}.told"],
            domain=_MICROSOFT, num_heads=heads,
        )  # fmt: skip


def graph(config: dict[str, Any]) -> bytes:
    """The network of a BERT's configuration, from token vectors to the sum over each text."""
    width, inner, epsilon = config["hidden_size"], config["intermediate_size"], config["layer_norm_eps"]
    made = _Graph(epsilon)
    scale, shift = (made.weight(f"start.{part}", TensorProto.FLOAT, width) for part in ("scale", "shift"))
    state = made.node("LayerNormalization", ["tokens", scale, shift], ["start.told"], axis=-1, epsilon=epsilon)
    qkv, out, up, down = MATRICES
    for layer in range(config["num_hidden_layers"]):
        heard = made.attention(f"{layer}.{qkv}", state, width, config["num_attention_heads"])
        heard = made.times(f"{layer}.{out}", heard, width, width)
        state = made.normalised(f"{layer}.mid", heard, state, width)
        wide = made.times(f"{layer}.{up}", state, width, inner)
        wide = made.node("Gelu", [wide], [f"{layer}.gelu"], domain=_MICROSOFT)
        state = made.normalised(f"{layer}.end", made.times(f"{layer}.{down}", wide, inner, width), state, width)
    made.node("MatMul", ["mask", state], ["sums"])
    inputs = [
        helper.make_tensor_value_info("tokens", TensorProto.FLOAT, ["texts", "longest", width]),
        helper.make_tensor_value_info("lengths", TensorProto.INT32, ["texts"]),
        helper.make_tensor_value_info("mask", TensorProto.FLOAT, ["texts", 1, "longest"]),
    ]
    outputs = [helper.make_tensor_value_info("sums", TensorProto.FLOAT, ["texts", 1, width])]
    whole = helper.make_graph(made.nodes, "encoder", inputs, outputs, made.weights)
    opsets = [helper.make_opsetid("", 17), helper.make_opsetid(_MICROSOFT, 1)]
    model = helper.make_model(whole, opset_imports=opsets, ir_version=8, producer_name="wenju")
    raw: bytes = onnx.ModelProto.SerializeToString(model)
    return raw


def write(folder: Path) -> None:
    """Write the graph of the folder's network. Raises SystemExit where it is not a BERT with GELU."""
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    if config["model_type"] != "bert" or config["hidden_act"] != "gelu":
        raise SystemExit(f"{folder}: not a BERT with GELU")
    (folder / GRAPH).write_bytes(graph(config))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    options = parser.parse_args()
    write(options.folder)
    print(f"{options.folder / GRAPH}: {(options.folder / GRAPH).stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
