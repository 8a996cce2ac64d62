"""Teaching a small transformer: texts as the model reads them, weights between two, layers taken out, a run that goes on."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import torch
from tokenizers import Tokenizer
from transformers import BertConfig, BertModel

from index.training.batches import Sampler, Tokens
from index.training.multilingual import converted, packed, tuned
from index.training.texts.mixing import Group

PIECES = (
    "<s>",
    "<pad>",
    "</s>",
    "<unk>",
    "▁",
    *"粮食产量投资就业人数收入出口是多少增长",
    "▁query",
    "▁passage",
    ":",
    "产量",
)
PAIRS = [("粮食是多少", "粮食产量增长"), ("投资多少", "投资增长"), ("就业人数", "就业人数是"), ("出口多少", "出口增长")]


@pytest.fixture(scope="module")
def cut() -> Tokenizer:
    pieces = [packed.Piece(text, -float(place % 5)) for place, text in enumerate(dict.fromkeys(PIECES))]
    return converted.tokenizer(pieces, unknown=3, bos=0, eos=2)


@pytest.fixture
def model(cut: Tokenizer) -> BertModel:
    torch.manual_seed(5)
    config = BertConfig(
        vocab_size=cut.get_vocab_size(), hidden_size=32, num_hidden_layers=3, num_attention_heads=2,
        intermediate_size=48, max_position_embeddings=32, type_vocab_size=1, pad_token_id=1,
    )  # fmt: skip
    return BertModel(config, add_pooling_layer=False)


@pytest.fixture
def sources(monkeypatch: pytest.MonkeyPatch) -> None:
    groups = {
        "domain:plain": Group("domain:plain", "domain", tuple(a for a, _ in PAIRS), tuple(b for _, b in PAIRS), 1.0),
        "cmrc2018_train_qa_zh": Group(
            "cmrc2018_train_qa_zh", "cmrc", tuple(b for _, b in PAIRS), tuple(a for a, _ in PAIRS), 1.0
        ),
    }
    monkeypatch.setattr(tuned, "chosen", lambda weights: [groups[name] for name in groups if name in weights])


def weight(model: BertModel, layer: int) -> torch.Tensor:
    """One matrix of a layer."""
    found: torch.Tensor = model.state_dict()[f"encoder.layer.{layer}.output.dense.weight"]
    return found


def test_texts_are_dressed_as_the_tokenizer_of_the_folder_cuts_them(cut: Tokenizer) -> None:
    tokens = Tokens.of(cut, [Group("g", "g", ("粮食产量", "投资"), ("出口", "收入"), 1.0)])
    texts = ["粮食产量", "投资"]
    ids = [torch.from_numpy(tokens.of_text(tokens.number[text]).astype("int64")) for text in texts]
    flat, starts = tuned.Dressed(cut)(torch.cat(ids), torch.tensor([0, len(ids[0])]), "passage")
    whole = [cut.encode(converted.PROMPTS["passage"] + text).ids for text in texts]
    assert flat.tolist() == [*whole[0], *whole[1]]
    assert starts.tolist() == [0, len(whole[0])]


def test_weights_between_two_models(model: BertModel) -> None:
    end = tuned.shortened(model, [0, 1, 2])
    with torch.no_grad():
        for parameter in end.parameters():
            parameter.add_(2.0)
    name = "encoder.layer.1.output.dense.weight"
    half = tuned.between(model, end, 0.25).state_dict()[name]
    assert torch.allclose(half, model.state_dict()[name] + 0.5)


def test_layers_that_stay_are_those_named(model: BertModel) -> None:
    short = tuned.shortened(model, [0, 2])
    assert short.config.num_hidden_layers == 2
    assert torch.equal(weight(short, 1), weight(model, 2))
    assert len(model.encoder.layer) == 3


def test_likeness_is_nothing_for_the_same_and_grows_with_the_distance() -> None:
    one = torch.nn.functional.normalize(torch.randn(6, 8, generator=torch.Generator().manual_seed(1)), dim=-1)
    near = torch.nn.functional.normalize(one + 0.05, dim=-1)
    far = torch.nn.functional.normalize(one + 0.5, dim=-1)
    assert tuned.likeness(one, one).item() == pytest.approx(0, abs=1e-5)
    assert 0 < tuned.likeness(near, one) < tuned.likeness(far, one)


@pytest.mark.usefixtures("sources")
@pytest.mark.parametrize("layers", [[0, 1, 2], [0, 2]])
def test_a_run_learns_keeps_its_word_vectors_and_goes_on(
    cut: Tokenizer, model: BertModel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, layers: list[int]
) -> None:
    words = model.state_dict()["embeddings.word_embeddings.weight"].clone()
    run = tuned.Run(minutes=0.05, batch=4, rate=1e-3, warmup=1)
    # Both are made before the teaching freezes the model that it starts from.
    first, second = (tuned.shortened(model, layers).train() for _ in range(2))
    taught = tuned.Teaching(first, model, cut, run)
    assert isinstance(taught.sampler, Sampler)
    monkeypatch.setattr(tuned, "SAVE_EVERY", 2)
    checkpoint = tmp_path / "run" / "checkpoint.pt"
    steps = tuned.train(taught, checkpoint)
    assert steps > 4
    assert torch.equal(taught.model.state_dict()["embeddings.word_embeddings.weight"], words)
    assert not torch.equal(weight(taught.model, 0), weight(model, 0))
    held = torch.load(checkpoint, weights_only=False)
    # All of its time is spent already: it takes up what was saved and stops.
    again = tuned.Teaching(second, model, cut, replace(run, minutes=held["spent"] / 60))
    assert tuned.train(again, checkpoint) == held["step"]
    state = again.model.state_dict()
    assert all(torch.equal(state[name], tensor) for name, tensor in held["model"].items())
