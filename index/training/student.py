"""Design (c): a small transformer over the static model's tokens, trained on the same batches.

A BERT of two layers whose word vectors start from a trained static model, mean pooled. Saved as an ordinary
sentence-transformers folder. On two CPU cores a step costs some twenty times a static one, so the run is brief; the
same command uses a GPU where there is one.

    python -m index.training.student --start index/models/wenju-embed --out runs/student --minutes 15
"""

from __future__ import annotations

import argparse
import json
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from sentence_transformers import SentenceTransformer
from sentence_transformers.sentence_transformer.modules import Normalize, Pooling, Transformer
from tokenizers import Tokenizer
from torch import Tensor
from torch.nn import functional
from transformers import BertConfig, BertModel, PreTrainedTokenizerFast

from index.store.embedding import StaticEmbedder
from index.training.batches import Batch, Sampler, Tokens
from index.training.static import contrastive
from index.training.table import Recipe
from index.training.texts import mixing

HIDDEN, LAYERS, HEADS, INNER = 256, 2, 4, 768
#: Tokens that the student reads; training windows are shorter still (``batches.LONGEST``).
POSITIONS = 258


#: Texts that go through the model at a time.
TOGETHER = 64


def start(static: StaticEmbedder, tokenizer: Tokenizer) -> BertModel:
    """A BERT whose word vectors are the leading dimensions of the static ones, and whose layers start almost silent.

    With quiet layers the student begins as (nearly) the static model and can only improve on it.
    """
    size = tokenizer.get_vocab_size()
    config = BertConfig(
        vocab_size=size, hidden_size=HIDDEN, num_hidden_layers=LAYERS, num_attention_heads=HEADS,
        intermediate_size=INNER, max_position_embeddings=POSITIONS, pad_token_id=0, type_vocab_size=1,
        hidden_dropout_prob=0.0, attention_probs_dropout_prob=0.1,
    )  # fmt: skip
    model = BertModel(config, add_pooling_layer=False)
    rows = static.token_vectors()[:, :HIDDEN]
    scale = 1 / np.linalg.norm(rows, axis=1).mean() * HIDDEN**0.5 * 0.5
    with torch.no_grad():
        model.embeddings.word_embeddings.weight.copy_(torch.from_numpy(rows * scale))
        model.embeddings.position_embeddings.weight.mul_(0.1)
        model.embeddings.token_type_embeddings.weight.zero_()
        for layer in model.encoder.layer:
            layer.attention.output.dense.weight.mul_(0.3)
            layer.output.dense.weight.mul_(0.3)
    return model


def padded(flat: Tensor, starts: Tensor, device: torch.device) -> tuple[Tensor, Tensor]:
    """Token numbers and mask of shape ``(texts, longest)``."""
    ends = torch.cat([starts[1:], torch.tensor([len(flat)])])
    lengths = ends - starts
    place = torch.arange(int(lengths.max()))
    mask = place < lengths[:, None]
    ids = torch.zeros(mask.shape, dtype=torch.long)
    ids[mask] = flat
    return ids.to(device), mask.to(device)


def encode(model: BertModel, flat: Tensor, starts: Tensor) -> Tensor:
    """Unit vectors of a batch's texts: the mean of the last layer.

    Texts of like length go through the model together, so that little of the work is padding.
    """
    lengths = torch.diff(starts, append=torch.tensor([len(flat)]))
    order = torch.argsort(lengths, stable=True)
    sums = []
    for rows in order.split(TOGETHER):
        parts = [flat[starts[row] : starts[row] + lengths[row]] for row in rows.tolist()]
        ids, mask = padded(torch.cat(parts), torch.cumsum(lengths[rows], 0) - lengths[rows], model.device)
        states = model(input_ids=ids, attention_mask=mask).last_hidden_state
        sums.append((states * mask[:, :, None]).sum(1))
    return functional.normalize(torch.cat(sums)[torch.argsort(order).to(model.device)].float(), dim=-1)


def save(model: BertModel, tokenizer: Path, out: Path) -> None:
    """The student as a sentence-transformers folder, in full precision: halves are slow on a CPU."""
    wrapped = PreTrainedTokenizerFast(tokenizer_file=str(tokenizer), unk_token="[UNK]", pad_token="[UNK]")
    inner = out / "plain"
    model.save_pretrained(inner)
    wrapped.save_pretrained(inner)
    module = Transformer(str(inner), max_seq_length=POSITIONS - 2)
    SentenceTransformer(modules=[module, Pooling(HIDDEN), Normalize()]).save(str(out / "model"))


def train(
    model: BertModel, sampler: Sampler, recipe: Recipe, minutes: float | None = None, *, halves: bool = False
) -> int:
    """Run ``recipe.steps`` steps, or as many as fit into ``minutes``; returns how many. Prints the loss now and then.

    ``halves`` multiplies in bfloat16, where the processor can. Word vectors, of which a batch meets few, take steps twice as long as the layers do.
    """
    words = [model.embeddings.word_embeddings.weight]
    others = [parameter for parameter in model.parameters() if parameter is not words[0]]
    rates = (recipe.rate * 2, recipe.rate)
    optimiser = torch.optim.AdamW([{"params": words}, {"params": others}])
    began, step, seen = time.monotonic(), 0, 0.0
    while (done := (time.monotonic() - began) / 60 / minutes if minutes else step / recipe.steps) < 1:
        for group, rate in zip(optimiser.param_groups, rates, strict=True):
            group["lr"] = rate * min((step + 1) / recipe.warmup, max(0.02, 1 - done))
        batch: Batch = sampler.draw(recipe.batch)
        with torch.autocast(model.device.type, torch.bfloat16, enabled=halves):
            left = encode(model, batch.left, batch.left_starts)
            right = encode(model, batch.right, batch.right_starts)
        loss = contrastive(left, right, batch, recipe)
        optimiser.zero_grad(set_to_none=True)
        torch.autograd.backward(loss)
        optimiser.step()
        step, seen = step + 1, seen + loss.item()
        if step % 50 == 0:
            print(f"step {step:5d}  loss {seen / 50:.4f}  {(time.monotonic() - began) / 60:.1f} min", flush=True)
            seen = 0.0
    return step


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--start", type=Path, required=True, help="folder of a trained static model")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--minutes", type=float, help="stop by the clock instead of after --steps")
    parser.add_argument("--steps", type=int, default=2000)
    parser.add_argument("--batch", type=int, default=256)
    parser.add_argument("--rate", type=float, default=5e-4)
    parser.add_argument("--longest", type=int, default=64, help="tokens of a passage that training looks at")
    parser.add_argument("--halves", action="store_true", help="multiply in bfloat16")
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    recipe = replace(Recipe(), steps=options.steps, batch=options.batch, rate=options.rate, warmup=50)
    torch.manual_seed(recipe.seed)
    tokenizer = Tokenizer.from_file(str(options.start / "tokenizer.json"))
    groups = mixing.groups()
    sampler = Sampler(Tokens.of(tokenizer, groups), groups, recipe.seed, longest=options.longest)
    model = start(StaticEmbedder(options.start), tokenizer)
    model.to("cuda" if torch.cuda.is_available() else "cpu")
    steps = train(model, sampler, recipe, options.minutes, halves=options.halves)
    model.eval().cpu()
    save(model, options.start / "tokenizer.json", options.out)
    print(json.dumps({"steps": steps, "minutes": options.minutes, "batch": options.batch}))


if __name__ == "__main__":
    main()
