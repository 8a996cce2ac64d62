"""Train the static model: one vector a token, their mean, contrastive on pairs of one source a batch.

While training, a token's vector is ``exp(weight) * own``: the weight starts from the token's frequency (SIF), the vector
partly from its character n-grams, so that a rare token lies near tokens that are spelled alike. For use, both are
multiplied out into one matrix, its faintest rows lifted, turned so that leading dimensions carry most (which costs
nothing, as a rotation changes no inner product), and stored as int8 with one scale a token.

The same command gives the same bytes on the same machine, library versions and number of threads. With ``--checkpoint``
a run that was stopped goes on, and still ends at those bytes.

    python -m index.training.static --out index/models/wenju-embed [--checkpoint runs/state.pt] [--without SOURCE …]
"""

from __future__ import annotations

import argparse
import hashlib
import json
import time
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import Tensor
from torch.nn import functional

from index.training import export
from index.training.batches import Batch, Sampler, Tokens, token_counts
from index.training.table import Recipe, TokenTable
from index.training.texts import mixing
from index.training.texts.mixing import Group


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


class Checkpoint:
    """Everything that a run needs to go on as if it had never stopped, in one file."""

    def __init__(self, path: Path | None, every: int = 200) -> None:
        self._path = path
        self._every = every

    def load(self, table: TokenTable, optimiser: torch.optim.Optimizer, sampler: Sampler) -> int:
        """Put the saved state back, if there is one; returns the number of steps already done."""
        if self._path is None or not self._path.is_file():
            return 0
        held = torch.load(self._path, weights_only=False)
        table.load_state_dict(held["table"])
        optimiser.load_state_dict(held["optimiser"])
        sampler.restore(held["sampler"])
        return int(held["step"])

    def save(self, step: int, table: TokenTable, optimiser: torch.optim.Optimizer, sampler: Sampler) -> None:
        """Write the state after every so many steps; the file is whole or the one before."""
        if self._path is None or step % self._every:
            return
        state = {
            "step": step,
            "table": table.state_dict(),
            "optimiser": optimiser.state_dict(),
            "sampler": sampler.state(),
        }
        self._path.parent.mkdir(parents=True, exist_ok=True)
        fresh = self._path.with_suffix(".new")
        torch.save(state, fresh)
        fresh.replace(self._path)


def train(
    table: TokenTable, sampler: Sampler, recipe: Recipe, checkpoint: Checkpoint | None = None, report_every: int = 50
) -> None:
    """Run all steps, or those that a checkpoint has left over; prints the mean loss now and then."""
    optimiser = torch.optim.Adam(table.parameters(), lr=recipe.rate, betas=(0.9, 0.99), fused=True)
    checkpoint = checkpoint or Checkpoint(None)
    done = checkpoint.load(table, optimiser, sampler)
    began, seen = time.monotonic(), 0.0
    for step in range(done, recipe.steps):
        for group in optimiser.param_groups:
            group["lr"] = recipe.rate * learning_rate(step, recipe)
        batch: Batch = sampler.draw(recipe.batch)
        left, right = table.encode_batch(batch)
        loss = contrastive(left, right, batch, recipe)
        optimiser.zero_grad(set_to_none=True)
        torch.autograd.backward(loss)
        optimiser.step()
        seen += loss.item()
        checkpoint.save(step + 1, table, optimiser, sampler)
        if (step + 1) % report_every == 0:
            spent = time.monotonic() - began
            print(f"step {step + 1:5d}  loss {seen / report_every:.4f}  {spent:.0f} s", flush=True)
            seen = 0.0


def trained(
    tokenizer: Tokenizer,
    groups: Sequence[Group],
    recipe: Recipe,
    checkpoint: Checkpoint | None = None,
    teaching: Path | None = None,
    start: export.Matrix | None = None,
) -> export.Matrix:
    """The token vectors that a recipe makes of groups of pairs, ready to be saved. The same bytes every time.

    ``teaching`` is the file of ``index.training.teacher``, which a recipe with ``distil`` needs; ``start`` the token vectors
    to go on from, ``(tokens, dimension)``.
    """
    pieces = [tokenizer.id_to_token(number) for number in range(tokenizer.get_vocab_size())]
    tokens = Tokens.of(tokenizer, groups)
    counts = token_counts(tokens, len(pieces))
    print(f"{len(groups)} groups, {len(tokens)} texts, {len(pieces)} tokens", flush=True)
    table = TokenTable(pieces, counts, recipe)
    if start is not None:
        table.go_on_from(start)
    taught = None
    if recipe.taught or recipe.distil:
        from index.training import teacher  # needs the teacher's package

        if recipe.taught:
            teacher.start_from(table.own, pieces, recipe.taught)
        if recipe.distil:
            taught = teacher.Vectors.read(teaching or teacher.OUT)
    train(table, Sampler(tokens, groups, recipe.seed, taught), recipe, checkpoint)
    return export.rotate(export.lift(table.matrix(), counts), counts)


def deterministic(threads: int) -> None:
    """Sums in one order: the same thread count gives the same bytes on the same machine and library versions."""
    torch.set_num_threads(threads)
    torch.use_deterministic_algorithms(True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tokenizer", type=Path, default=Path("runs/tokenizer.json"))
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--without", nargs="*", default=[], help="sources to leave out (for the ablation)")
    parser.add_argument("--teacher", type=Path, help="vectors of index.training.teacher; needed when distil > 0")
    parser.add_argument(
        "--checkpoint", type=Path, help="file to keep the state in; a run that finds it goes on from it"
    )
    parser.add_argument("--start", type=Path, help="folder of a model made so before, to go on from its vectors")
    parser.add_argument("--threads", type=int, default=1)
    for name, default in asdict(Recipe()).items():
        parser.add_argument(f"--{name}", type=type(default), default=default)
    options = parser.parse_args()
    recipe = Recipe(**{name: getattr(options, name) for name in asdict(Recipe())})
    deterministic(options.threads)
    began = time.monotonic()
    tokenizer = Tokenizer.from_file(str(options.tokenizer))
    groups = mixing.groups(options.without)
    start = export.opened(options.start) if options.start else None
    matrix = trained(tokenizer, groups, recipe, Checkpoint(options.checkpoint), options.teacher, start)
    settings = asdict(recipe) | {"without": list(options.without), "threads": options.threads}
    if options.start:
        settings["start_sha256"] = hashlib.sha256((options.start / "model.safetensors").read_bytes()).hexdigest()
    export.save(options.out, options.tokenizer, matrix, settings, {group.name: len(group.left) for group in groups})
    digest = hashlib.sha256((options.out / "model.safetensors").read_bytes()).hexdigest()
    print(
        f"{options.out}: {json.dumps(settings)}, sha256 {digest}, {(time.monotonic() - began) / 60:.1f} min", flush=True
    )
    if not np.isfinite(matrix).all():
        raise SystemExit("the vectors hold numbers that are none; nothing about this model can be trusted")


if __name__ == "__main__":
    main()
