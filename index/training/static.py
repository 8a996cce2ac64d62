"""Train the static model: one vector a token, their mean, contrastive on pairs of one source a batch.

While training, a token's vector is ``exp(weight) * (own + mean of its character n-grams)``: the weight starts from the
token's frequency (SIF), the n-grams let rare pieces borrow from pieces that are spelled alike. For use, both are
multiplied out into one matrix, turned so that leading dimensions carry most (which costs nothing, as a rotation
changes no inner product), and stored as int8 with one scale a token.

    python -m index.training.static --out index/models/wenju-embed [--minutes 20] [--without SOURCE …]
"""

from __future__ import annotations

import argparse
import json
import math
import time
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from tokenizers import Tokenizer
from torch import Tensor, nn
from torch.nn import functional

from index.embedding import StaticEmbedder
from index.training import export, mixing
from index.training.batches import Batch, Sampler, Tokens, token_counts


@dataclass(frozen=True, slots=True)
class Recipe:
    """Everything a run depends on beside its data."""

    dimension: int = 512
    batch: int = 2048
    steps: int = 600
    rate: float = 4e-3  # Adam's step; a vector's numbers are about 0.04, so a token moves in tens of batches
    warmup: int = 30
    temperature: float = 0.05
    grams: int = 40_000  # buckets of character n-grams; 0 leaves them out
    smoothing: float = 1e-3  # SIF's a: tokens more frequent than this share weigh less from the start
    distil: float = 0.0  # share of the teacher's similarities in the loss, for English
    seed: int = 20260101


class TokenTable(nn.Module):
    """The trainable form of the token vectors."""

    def __init__(self, pieces: list[str], counts: npt.NDArray[np.int64], recipe: Recipe) -> None:
        super().__init__()
        generator = torch.Generator().manual_seed(recipe.seed)
        scale = recipe.dimension**-0.5
        self.own = nn.Parameter(torch.randn(len(pieces), recipe.dimension, generator=generator) * scale)
        share = (counts + 1) / counts.sum()
        rarity = np.log(recipe.smoothing / (recipe.smoothing + share))
        self.weight = nn.Parameter(torch.tensor(rarity, dtype=torch.float32))
        self.grams: nn.Parameter | None = None
        if recipe.grams:
            self.grams = nn.Parameter(torch.randn(recipe.grams, recipe.dimension, generator=generator) * scale * 0.5)
            self.gram_ids, self.gram_starts = gram_table(pieces, recipe.grams)

    def continue_from(self, matrix: npt.NDArray[np.float32]) -> None:
        """Go on from a trained matrix: a row's length is its weight, its direction its own vector; no n-grams.

        Without the lengths apart, one rate would be far too large for the short rows of frequent tokens.
        """
        lengths = np.maximum(np.linalg.norm(matrix, axis=1), 1e-6)
        with torch.no_grad():
            self.own.copy_(torch.from_numpy(matrix / lengths[:, None]))
            self.weight.copy_(torch.from_numpy(np.log(lengths)))
        self.grams = None

    def rows(self, ids: Tensor) -> Tensor:
        """Vectors of the tokens ``ids``, shape ``(len(ids), dimension)``."""
        vectors = functional.embedding(ids, self.own)
        if self.grams is not None:
            starts = self.gram_starts[ids]
            lengths = self.gram_starts[ids + 1] - starts
            offsets = torch.cumsum(lengths, 0) - lengths
            flat = torch.arange(int(lengths.sum())) + torch.repeat_interleave(starts - offsets, lengths)
            vectors = vectors + functional.embedding_bag(self.gram_ids[flat], self.grams, offsets, mode="mean")
        return vectors * torch.exp(functional.embedding(ids, self.weight[:, None]))

    def encode(self, flat: Tensor, starts: Tensor) -> Tensor:
        """Unit vectors of texts given as their tokens in a row and where each text starts."""
        unique, place = torch.unique(flat, return_inverse=True)
        return functional.normalize(functional.embedding_bag(place, self.rows(unique), starts, mode="sum"), dim=-1)

    def matrix(self) -> npt.NDArray[np.float32]:
        """All token vectors; the unknown token, which is number 0, says nothing and is zero."""
        with torch.no_grad():
            rows = [self.rows(part) for part in torch.arange(len(self.own)).split(4096)]
        matrix: npt.NDArray[np.float32] = torch.cat(rows).numpy()
        matrix[0] = 0
        return matrix


def gram_table(pieces: list[str], buckets: int) -> tuple[Tensor, Tensor]:
    """Character n-gram buckets of every piece, in a row, and where each piece's begin.

    Latin pieces have their 3- to 5-grams with word borders, Chinese ones their characters and bigrams.
    """
    ids: list[int] = []
    starts = [0]
    for piece in pieces:
        marked = f"<{piece}>" if piece.isascii() else piece
        sizes = (3, 4, 5) if piece.isascii() else (1, 2)
        found = {marked[i : i + n] for n in sizes for i in range(len(marked) - n + 1)} or {marked}
        ids.extend(_bucket(gram, buckets) for gram in sorted(found))
        starts.append(len(ids))
    return torch.tensor(ids), torch.tensor(starts)


def _bucket(gram: str, buckets: int) -> int:
    value = 2166136261
    for byte in gram.encode():
        value = (value ^ byte) * 16777619 % 2**32
    return value % buckets


def contrastive(left: Tensor, right: Tensor, batch: Batch, recipe: Recipe) -> Tensor:
    """Symmetric InfoNCE; other rows that hold one of the pair's own texts are no negatives.

    Where the teacher knows the right sides, part of the loss asks both languages to find the neighbours that the
    teacher finds: the translation carries the teacher's similarities to Chinese.
    """
    raw = (left @ right.T) / recipe.temperature
    scores = raw.masked_fill(batch.same, -1e4)
    targets = torch.arange(len(left))
    loss = (functional.cross_entropy(scores, targets) + functional.cross_entropy(scores[:, : len(left)].T, targets)) / 2
    if batch.teacher is None or recipe.distil == 0:
        return loss
    soft = functional.softmax(batch.teacher / recipe.temperature, dim=-1)
    itself = torch.eye(len(right), dtype=torch.bool)
    others = functional.softmax((batch.teacher / recipe.temperature).masked_fill(itself, -1e4), dim=-1)
    inside = ((right @ right.T) / recipe.temperature).masked_fill(itself, -1e4)
    across = -(soft * functional.log_softmax(raw, dim=-1)).sum(-1).mean()
    within = -(others * functional.log_softmax(inside, dim=-1)).sum(-1).mean()
    return (1 - recipe.distil) * loss + recipe.distil * (across + within) / 2


def learning_rate(step: int, recipe: Recipe) -> float:
    """The share of the full rate at a step: a short rise, then a straight fall to a fiftieth."""
    if step < recipe.warmup:
        return (step + 1) / recipe.warmup
    return 1 - 0.98 * (step - recipe.warmup) / max(1, recipe.steps - recipe.warmup)


def train(table: TokenTable, sampler: Sampler, recipe: Recipe, report_every: int = 50) -> None:
    """Run all steps; prints the mean loss now and then."""
    optimiser = torch.optim.Adam(table.parameters(), lr=recipe.rate, betas=(0.9, 0.99), fused=True)
    began, seen = time.monotonic(), 0.0
    for step in range(recipe.steps):
        for group in optimiser.param_groups:
            group["lr"] = recipe.rate * learning_rate(step, recipe)
        batch: Batch = sampler.draw(recipe.batch)
        left, right = table.encode(batch.left, batch.left_starts), table.encode(batch.right, batch.right_starts)
        loss = contrastive(left, right, batch, recipe)
        optimiser.zero_grad(set_to_none=True)
        torch.autograd.backward(loss)
        optimiser.step()
        seen += loss.item()
        if (step + 1) % report_every == 0:
            spent = time.monotonic() - began
            print(f"step {step + 1:5d}  loss {seen / report_every:.4f}  {spent:.0f} s", flush=True)
            seen = 0.0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tokenizer", type=Path, default=Path("runs/tokenizer.json"))
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--without", nargs="*", default=[], help="sources to leave out (for the ablation)")
    parser.add_argument("--teacher", type=Path, help="vectors of index.training.teacher; needed when distil > 0")
    parser.add_argument("--start", default="random", help="where token vectors start: random, teacher or a folder")
    parser.add_argument("--threads", type=int, default=2)
    for name, default in asdict(Recipe()).items():
        parser.add_argument(f"--{name}", type=type(default), default=default)
    options = parser.parse_args()
    recipe = Recipe(**{name: getattr(options, name) for name in asdict(Recipe())})
    torch.set_num_threads(options.threads)
    torch.manual_seed(recipe.seed)

    began = time.monotonic()
    tokenizer = Tokenizer.from_file(str(options.tokenizer))
    pieces = [tokenizer.id_to_token(number) for number in range(tokenizer.get_vocab_size())]
    groups = mixing.groups(options.without)
    tokens = Tokens.of(tokenizer, groups)
    print(f"{len(groups)} groups, {len(tokens)} texts, {time.monotonic() - began:.0f} s", flush=True)
    table = TokenTable(pieces, token_counts(tokens, len(pieces)), recipe)
    if options.start == "teacher":
        from index.training import teacher  # needs the teacher's package

        teacher.start_from(table.own, pieces)
    elif options.start != "random":
        table.continue_from(StaticEmbedder(Path(options.start)).token_vectors())
    taught = None
    if recipe.distil:
        from index.training import teacher

        taught = teacher.Vectors.read(options.teacher)
    train(table, Sampler(tokens, groups, recipe.seed, taught), recipe)

    matrix = export.rotate(table.matrix(), token_counts(tokens, len(pieces)))
    minutes = (time.monotonic() - began) / 60
    settings = asdict(recipe) | {"start": options.start, "without": list(options.without), "minutes": round(minutes, 1)}
    export.save(options.out, options.tokenizer, matrix, settings, {group.name: len(group.left) for group in groups})
    print(f"{options.out}: {json.dumps(settings)}", flush=True)
    assert math.isfinite(float(np.abs(matrix).max()))


if __name__ == "__main__":
    main()
