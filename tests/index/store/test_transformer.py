"""A transformer without torch gives the vectors that sentence-transformers gives with it."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from index.errors import EmbeddingModelError
from index.store.embedding import BUILT_IN, load_embedder
from index.store.transformer import GRAPH, LARGEST, OnnxEmbedder, read_weights, rounded

pytest.importorskip("onnx", reason="the graph is written with onnx")
pytest.importorskip("sentence_transformers", reason="compared with sentence-transformers")

TEXTS = ["粮食产量达到12万吨", "新增就业3万人，比上年增长5.1%", "grain output", "", "水" * 300]
PIECES = ("<s>", "<pad>", "</s>", "<unk>", "▁", *"粮食产量达到万吨新增就业人比上年长水0123456789.,%:abcdefghijklmnopqrstuvwxyz", "▁query", "▁passage", "产量")  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small BERT of random weights as the training commands write one."""
    import torch
    from transformers import BertConfig, BertModel

    from index.training.multilingual import converted, graph, packed

    torch.manual_seed(3)
    pieces = [packed.Piece(text, -float(number % 7)) for number, text in enumerate(dict.fromkeys(PIECES))]
    config = BertConfig(
        vocab_size=len(pieces), hidden_size=64, num_hidden_layers=2, num_attention_heads=4, intermediate_size=128,
        max_position_embeddings=96, type_vocab_size=1, pad_token_id=1,
    )  # fmt: skip
    network = BertModel(config, add_pooling_layer=False).eval()  # type: ignore[no-untyped-call]
    with torch.no_grad():
        for parameter in network.parameters():
            parameter.mul_(4)
    out = tmp_path_factory.mktemp("models") / "tiny"
    converted.save(network, converted.tokenizer(pieces, unknown=3, bos=0, eos=2), out, small=True, longest=96)
    graph.write(out)
    return out


def test_the_folder_opens_in_sentence_transformers_and_agrees(folder: Path) -> None:
    from sentence_transformers import SentenceTransformer

    model = load_embedder(folder)
    assert isinstance(model, OnnxEmbedder)
    whole = SentenceTransformer(str(folder), device="cpu")
    for role in ("query", "passage"):
        ours = model.encode(TEXTS, role=role)
        theirs = whole.encode(TEXTS, prompt_name=role)
        assert ours.shape == theirs.shape == (len(TEXTS), 64)
        assert (ours * theirs).sum(axis=1).min() > 0.99
        assert np.allclose(np.linalg.norm(ours, axis=1), 1, atol=1e-5)


def test_the_role_decides_the_prompt_and_order_and_company_do_not_matter(folder: Path) -> None:
    model = load_embedder(folder)
    assert not np.allclose(model.encode(TEXTS, role="query"), model.encode(TEXTS, role="passage"), atol=1e-2)
    together = model.encode(TEXTS[::-1], role="passage")[::-1]
    alone = np.concatenate([model.encode([text], role="passage") for text in TEXTS])
    assert (together * alone).sum(axis=1).min() > 0.99
    assert model.encode([], role="query").shape == (0, 64)


def test_nothing_of_torch_is_imported(folder: Path) -> None:
    code = (
        "import sys; from index.store.embedding import load_embedder; "
        f"load_embedder({str(folder)!r}).encode(['粮食产量'], role='query'); "
        "print(*(name for name in ('torch', 'transformers', 'sentence_transformers', 'onnx') if name in sys.modules))"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=120)
    assert told.stdout.strip() == ""


def test_weights_are_read_as_torch_reads_them(folder: Path) -> None:
    import torch
    from safetensors.torch import load_file

    theirs = load_file(folder / "model.safetensors")
    ours = read_weights(folder / "model.safetensors")
    assert {tensor.dtype for tensor in theirs.values()} == {torch.float8_e4m3fn, torch.float16}
    for name, tensor in theirs.items():
        assert np.array_equal(ours[name], tensor.float().numpy()), name


def test_every_column_keeps_its_own_scale(folder: Path) -> None:
    weights = read_weights(folder / "model.safetensors")
    held = rounded(weights, 2)
    matrix, scales = held["1.down.matrix"], held["1.down.scales"]
    assert matrix.dtype == np.int8
    assert np.abs(matrix).max(axis=0).tolist() == [LARGEST] * 64
    error = np.abs(matrix * scales - weights["encoder.layer.1.output.dense.weight"].T)
    assert (error <= scales / 2 + 1e-6).all()


def test_the_graph_holds_no_weights_and_counts_for_the_identity(folder: Path, tmp_path: Path) -> None:
    assert (folder / GRAPH).stat().st_size < 20_000
    other = tmp_path / "tiny"
    shutil.copytree(folder, other)
    assert load_embedder(other).identity == load_embedder(folder).identity
    with (other / GRAPH).open("ab") as file:
        file.write(b"\n")
    from index.store.folders import folder_identity

    assert folder_identity(other) != folder_identity(folder)


@pytest.mark.parametrize("name", ["model.safetensors", GRAPH, "tokenizer.json", "config.json"])
def test_a_damaged_file_is_named_in_one_error(folder: Path, tmp_path: Path, name: str) -> None:
    broken = tmp_path / "tiny"
    shutil.copytree(folder, broken)
    (broken / name).write_bytes((broken / name).read_bytes()[:50])
    with pytest.raises(EmbeddingModelError, match="tiny"):
        load_embedder(broken)


def test_another_network_is_refused(folder: Path, tmp_path: Path) -> None:
    from index.training.multilingual import graph

    other = tmp_path / "other"
    shutil.copytree(folder, other)
    config = json.loads((other / "config.json").read_text(encoding="utf-8"))
    (other / "config.json").write_text(json.dumps(config | {"hidden_act": "relu"}), encoding="utf-8")
    with pytest.raises(SystemExit, match="not a BERT with GELU"):
        graph.write(other)


def test_the_built_in_transformer_agrees_with_itself_in_torch_and_knows_both_languages() -> None:
    from sentence_transformers import SentenceTransformer

    folder = BUILT_IN["wenju-e5"]
    model = load_embedder("wenju-e5")
    assert isinstance(model, OnnxEmbedder)
    assert model.dimension == 384
    assert sum(path.stat().st_size for path in folder.iterdir() if path.suffix in {".safetensors", ".onnx"}) < 45e6
    held = [
        "全年粮食总产量达到501亿斤。",
        "城镇居民人均可支配收入增长4.2%，农村居民人均可支配收入增长6.1%。",
        "新增养老床位893张，改造老旧小区31个。",
        "固定资产投资完成429.7亿元，同比增长18.3%。",
    ]
    ours = model.encode(held, role="passage")
    theirs = SentenceTransformer(str(folder), device="cpu").encode(held, prompt_name="passage")
    assert (ours * theirs).sum(axis=1).min() > 0.99
    asked = [
        "How much grain was harvested?",
        "老百姓手里的钱多了多少",
        "養老床位新增了幾張",
        "investment in fixed assets",
    ]
    assert (ours @ model.encode(asked, role="query").T).argmax(axis=0).tolist() == [0, 1, 2, 3]
