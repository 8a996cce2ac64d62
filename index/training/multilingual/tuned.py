"""Teaches a transformer our domain, and translation, without losing what it knows.

Batches are those of the static model (``mixing``, ``batches``): a question against the sentence, clause or name that
answers it, figures masked, neighbours of the same report as hard negatives; translations; sentences of no use as wrong
answers. Every fourth step shows general text to the model and to a frozen copy of the one it started from, and asks for
the same similarities (distillation from itself). Word vectors stay as they are: a short run meets few of them.

    python -m index.training.multilingual.tuned --start runs/e5 --out runs/tuned --minutes 60

A run goes on from ``OUT/checkpoint.pt`` where there is one. ``--layers 0,2,4,6,8,11`` keeps these layers only, and
then the similarities of every step are held to the whole model's.
"""

from __future__ import annotations

import argparse
import copy
import json
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import Tensor
from torch.nn import functional
from transformers import BertModel

from index.training.batches import Batch, Sampler, Tokens
from index.training.multilingual import converted, graph
from index.training.static import contrastive
from index.training.student import encode
from index.training.table import Recipe
from index.training.texts import mixing

#: Share of batches by group. What the published model does well already (questions over long passages) is left to the
#: steps that hold it to itself.
WEIGHTS = {
    "gov_work_reports_zh_en": 2.0, "tatoeba_zh_en": 3.0, "tico19_zh_en": 1.5, "python_docs_zh_en": 1.0,
    "tw_laws_zh_en": 1.0, "bible_cuv_kjv": 1.0, "sdg_zh_en": 0.2, "nbs_yearbook_titles_zh_en": 0.2,
    "domain:plain": 4.0, "domain:located": 1.0, "domain:phrases": 1.5, "domain:everyday": 1.0,
    "cedict_zh_en": 0.7, "gov_report_heading_body_zh": 0.5,
}  # fmt: skip
#: Groups of general text that the model is held to itself on: questions and their passages, names, English entries.
GENERAL = {"cmrc2018_train_qa_zh": 2.0, "wordnet:gloss": 1.0, "csl_title_abstract_zh": 1.0, "tatoeba_paraphrase": 1.0}
#: Every so many steps one of distillation.
HOLD = 4
#: Steps between two checkpoints.
SAVE_EVERY = 200
#: Share of batches whose two sides are both dressed as queries: what is compared is not always asked and held.
BOTH_ASKED = 0.3
#: Divides cosines. That of the published model is a hundredth; twice that is gentler with what it knows.
TEMPERATURE = 0.02


@dataclass(frozen=True)
class Run:
    """Settings of a run. ``rate`` is AdamW's; ``longest`` the tokens of a text that training looks at."""

    minutes: float
    batch: int = 64
    rate: float = 3e-5
    warmup: int = 40
    longest: int = 64
    seed: int = 20261130
    threads: int = 2


def chosen(weights: dict[str, float]) -> list[mixing.Group]:
    """The groups named, with these weights."""
    return [replace(group, weight=weights[group.name]) for group in mixing.groups() if group.name in weights]


class Dressed:
    """Token numbers as the model reads them: start, prompt, text, end."""

    def __init__(self, cut: Tokenizer) -> None:
        self._prompt = {
            role: cut.encode(prompt.rstrip(), add_special_tokens=False).ids
            for role, prompt in converted.PROMPTS.items()
        }
        self._bos, self._eos = cut.token_to_id("<s>"), cut.token_to_id("</s>")

    def __call__(self, flat: Tensor, starts: Tensor, role: str) -> tuple[Tensor, Tensor]:
        head = torch.tensor([self._bos, *self._prompt[role]])
        tail = torch.tensor([self._eos])
        parts = torch.tensor_split(flat, starts[1:])
        dressed = [torch.cat([head, part, tail]) for part in parts]
        lengths = torch.tensor([len(part) for part in dressed])
        return torch.cat(dressed), torch.cumsum(lengths, 0) - lengths


def shortened(model: BertModel, layers: Sequence[int]) -> BertModel:
    """A copy that keeps these layers only."""
    made = copy.deepcopy(model)
    made.encoder.layer = torch.nn.ModuleList([made.encoder.layer[number] for number in layers])
    made.config.num_hidden_layers = len(layers)
    return made


def likeness(own: Tensor, model: Tensor) -> Tensor:
    """How far two sets of vectors of the same texts are apart: each pair of vectors, and all similarities."""
    apart = (1 - (own * model).sum(-1)).mean()
    softly = functional.log_softmax(own @ own.T / TEMPERATURE, dim=-1)
    wanted = functional.softmax(model @ model.T / TEMPERATURE, dim=-1)
    return apart * 10 + functional.kl_div(softly, wanted, reduction="batchmean")


class Teaching:
    """The model in training, the frozen one, and what both are shown."""

    def __init__(self, model: BertModel, teacher: BertModel, cut: Tokenizer, run: Run) -> None:
        self.model, self.teacher, self.run = model, teacher.eval().requires_grad_(False), run
        self._always = model.config.num_hidden_layers < teacher.config.num_hidden_layers
        self._dressed = Dressed(cut)
        groups, general = chosen(WEIGHTS), chosen(GENERAL)
        self._tokens = Tokens.of(cut, [*groups, *general])
        self.sampler = Sampler(self._tokens, groups, run.seed, longest=run.longest)
        self.general = Sampler(self._tokens, general, run.seed + 1, longest=2 * run.longest)
        model.embeddings.word_embeddings.weight.requires_grad_(False)
        trained = [parameter for parameter in model.parameters() if parameter.requires_grad]
        self.optimiser = torch.optim.AdamW(trained, lr=run.rate, weight_decay=0.01)
        self.recipe = replace(Recipe(), temperature=TEMPERATURE)

    def vectors(self, model: BertModel, batch: Batch, *, symmetric: bool) -> tuple[Tensor, Tensor]:
        left = self._dressed(batch.left, batch.left_starts, "query")
        right = self._dressed(batch.right, batch.right_starts, "query" if symmetric else "passage")
        return encode(model, *left), encode(model, *right)

    def loss(self, step: int, rng: np.random.Generator) -> Tensor:
        """Of one batch: every ``HOLD``-th of general text, held to the frozen model; half of the others turned about."""
        held = step % HOLD == HOLD - 1
        batch = (self.general if held else self.sampler).draw(self.run.batch // (2 if held else 1))
        symmetric = bool(rng.random() < BOTH_ASKED)
        with torch.autocast("cpu", torch.bfloat16):
            if not held:
                if rng.random() < 0.5:
                    batch = swapped(batch)
                left, right = self.vectors(self.model, batch, symmetric=symmetric)
            if held or self._always:
                with torch.no_grad():
                    wanted = torch.cat(self.vectors(self.teacher, batch, symmetric=symmetric))
                own = (
                    torch.cat(self.vectors(self.model, batch, symmetric=symmetric))
                    if held
                    else torch.cat([left, right])
                )
        if held:
            return likeness(own, wanted)
        loss = contrastive(left, right, batch, self.recipe)
        return loss + likeness(own, wanted) if self._always else loss


def swapped(batch: Batch) -> Batch:
    """Left for right, where every text of the right has one on the left; otherwise as it was."""
    if batch.same.shape[0] != batch.same.shape[1]:
        return batch
    return Batch(batch.right, batch.right_starts, batch.left, batch.left_starts, batch.same.T, None)


def train(teaching: Teaching, checkpoint: Path) -> int:
    """Run until the time is up; returns the number of steps. Saves now and then, and goes on from what was saved."""
    run, step, spent = teaching.run, 0, 0.0
    if checkpoint.is_file():
        held = torch.load(checkpoint, weights_only=False)
        teaching.model.load_state_dict(held["model"])
        teaching.optimiser.load_state_dict(held["optimiser"])
        teaching.sampler.restore(held["sampler"])
        teaching.general.restore(held["general"])
        step, spent = held["step"], held["spent"]
    began, seen, counted = time.monotonic() - spent, 0.0, 0
    while (done := (time.monotonic() - began) / 60 / run.minutes) < 1:
        for group in teaching.optimiser.param_groups:
            group["lr"] = run.rate * min((step + 1) / run.warmup, max(0.02, 1 - done))
        loss = teaching.loss(step, np.random.default_rng([run.seed, step]))
        teaching.optimiser.zero_grad(set_to_none=True)
        torch.autograd.backward(loss)
        torch.nn.utils.clip_grad_norm_(teaching.model.parameters(), 1.0)
        teaching.optimiser.step()
        if step % HOLD != HOLD - 1:
            seen, counted = seen + loss.item(), counted + 1
        step += 1
        if step % 40 == 0:
            print(f"step {step:5d}  loss {seen / counted:.4f}  {(time.monotonic() - began) / 60:.1f} min", flush=True)
            seen, counted = 0.0, 0
        if step % SAVE_EVERY == 0:
            checkpoint.parent.mkdir(parents=True, exist_ok=True)
            torch.save(
                {
                    "model": teaching.model.state_dict(), "optimiser": teaching.optimiser.state_dict(),
                    "sampler": teaching.sampler.state(), "general": teaching.general.state(),
                    "step": step, "spent": time.monotonic() - began,
                },
                checkpoint.with_suffix(".part"),
            )  # fmt: skip
            checkpoint.with_suffix(".part").replace(checkpoint)
    return step


def between(start: BertModel, end: BertModel, share: float) -> BertModel:
    """The weights on the line from one to the other: what was learned in part, what was known kept in part.

    Wortsman et al. 2022, "Robust fine-tuning of zero-shot models".
    """
    made = copy.deepcopy(end)
    before = start.state_dict()
    made.load_state_dict({name: before[name] + share * (new - before[name]) for name, new in end.state_dict().items()})
    return made


def opened(folder: Path) -> BertModel:
    """The network of a sentence-transformers folder, in float32."""
    return BertModel.from_pretrained(folder, add_pooling_layer=False, dtype=torch.float32)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--start", type=Path, required=True, help="what `converted` wrote")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--rate", type=float, default=Run.rate)
    parser.add_argument("--batch", type=int, default=Run.batch)
    parser.add_argument(
        "--layers", default="", help="numbers of the layers to keep, from 0, by commas; all if not given"
    )
    parser.add_argument("--share", type=float, default=0.5, help="of the way from the start to what was learned")
    parser.add_argument("--threads", type=int, default=Run.threads)
    options = parser.parse_args()
    run = Run(options.minutes, options.batch, options.rate, threads=options.threads)
    torch.set_num_threads(run.threads)
    torch.manual_seed(run.seed)
    cut = Tokenizer.from_file(str(options.start / "tokenizer.json"))
    cut.no_padding()
    cut.no_truncation()
    teacher = opened(options.start)
    layers = [int(number) for number in options.layers.split(",") if number]
    model = shortened(teacher, layers) if layers else copy.deepcopy(teacher)
    steps = train(Teaching(model.train(), teacher, cut, run), options.out / "checkpoint.pt")
    if not layers:
        model = between(teacher, model, options.share)
    converted.save(model.eval(), cut, options.out / "model", small=True)
    graph.write(options.out / "model")
    made = json.loads((options.start / "training.json").read_text(encoding="utf-8"))
    made |= {"run": asdict(run), "steps": steps, "layers": layers, "share": options.share, "weights": WEIGHTS | GENERAL}
    (options.out / "model" / "training.json").write_text(json.dumps(made, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
