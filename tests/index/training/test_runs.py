"""Training on a few made-up texts: the same bytes twice, a run that goes on, the student, the ablation."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from tokenizers import Tokenizer, models, pre_tokenizers

from index.store.embedding import StaticEmbedder
from index.training import ablation, export, static, student
from index.training.batches import Batch, Sampler, Tokens, token_counts
from index.training.table import Recipe, TokenTable, gram_shares
from index.training.texts.mixing import Group

THINGS = [("粮食", "grain"), ("投资", "investment"), ("就业", "jobs"), ("收入", "income"), ("出口", "exports")]
DEEDS = [("增长", "grew"), ("下降", "fell"), ("稳定", "held"), ("翻番", "doubled")]
PAIRS = [(f"{a} {b}", f"{c} {d}") for a, c in THINGS for b, d in DEEDS]
PASSAGES = tuple(" ".join(right for _, right in PAIRS[place:] + PAIRS[:place]) for place in range(6))
RECIPE = Recipe(dimension=16, batch=12, steps=30, warmup=3, rate=0.02)


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    words = sorted({word for pair in PAIRS for side in pair for word in side.split()} | {"what", "how", "多少"})
    held = Tokenizer(models.WordLevel({"[UNK]": 0} | {word: place + 1 for place, word in enumerate(words)}, "[UNK]"))
    held.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    return held


@pytest.fixture(scope="module")
def groups() -> list[Group]:
    left, right = tuple(a for a, _ in PAIRS), tuple(b for _, b in PAIRS)
    return [
        Group("pairs", "pairs", left, right, 2.0),
        Group("asked", "asked", right, left, 1.0, asking=True),
        Group("cloze", "cloze", PASSAGES, (), 1.0),
    ]


@pytest.fixture(autouse=True)
def one_thread() -> None:
    torch.set_num_threads(1)


def folder_bytes(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.mark.parametrize("grams", [0, 50])
def test_two_runs_give_the_same_bytes(tokenizer: Tokenizer, groups: list[Group], grams: int) -> None:
    recipe = replace(RECIPE, grams=grams)
    first, second = (static.trained(tokenizer, groups, recipe) for _ in range(2))
    assert first.tobytes() == second.tobytes()
    other = static.trained(tokenizer, groups, replace(recipe, seed=recipe.seed + 1))
    assert first.tobytes() != other.tobytes()


def test_a_stopped_run_goes_on_to_the_same_bytes(tokenizer: Tokenizer, groups: list[Group], tmp_path: Path) -> None:
    """Stopped after 20 of 30 steps, with the rate of a run of 30."""
    whole = static.trained(tokenizer, groups, RECIPE)
    tokens = Tokens.of(tokenizer, groups)
    counts = token_counts(tokens, tokenizer.get_vocab_size())
    pieces = sorted(tokenizer.get_vocab(), key=tokenizer.get_vocab().__getitem__)
    sampler = Stopping(tokens, groups, RECIPE.seed)
    checkpoint = static.Checkpoint(tmp_path / "runs" / "state.pt", every=10)
    with pytest.raises(InterruptedError):
        static.train(TokenTable(pieces, counts, RECIPE), sampler, RECIPE, checkpoint)
    resumed = static.trained(tokenizer, groups, RECIPE, checkpoint)
    assert resumed.tobytes() == whole.tobytes()


class Stopping(Sampler):
    """A sampler whose machine goes down at the 25th batch."""

    drawn = 0

    def draw(self, size: int) -> Batch:
        self.drawn += 1
        if self.drawn == 25:
            raise InterruptedError
        return super().draw(size)


def test_training_brings_translations_together(tokenizer: Tokenizer, groups: list[Group]) -> None:
    """Words that share no letter end up nearer to their translation than to any other word of that language."""
    model = ablation.InMemory(tokenizer, static.trained(tokenizer, groups, replace(RECIPE, steps=120)))
    chinese = model.encode([a for a, _ in THINGS], role="query")
    english = model.encode([b for _, b in THINGS], role="passage")
    assert (chinese @ english.T).argmax(axis=1).tolist() == list(range(len(THINGS)))


def test_an_exported_run_is_read_back(tokenizer: Tokenizer, groups: list[Group], tmp_path: Path) -> None:
    """What the fast path reads is what was trained, to the rounding of int8."""
    matrix = static.trained(tokenizer, groups, RECIPE)
    tokenizer.save(str(tmp_path / "t.json"))
    export.write(tmp_path / "model", tmp_path / "t.json", matrix)
    read = StaticEmbedder(tmp_path / "model")
    np.testing.assert_allclose(read.token_vectors(), matrix, atol=float(np.abs(matrix).max()) / 250)


def test_gram_shares_add_up_and_spelled_alike_is_alike() -> None:
    shares, back = gram_shares(["invade", "invaded", "粮食", "粮", "zebra"], 1000)
    dense = shares.to_dense()
    np.testing.assert_allclose(dense.sum(dim=1).numpy(), 1, atol=1e-5)
    np.testing.assert_allclose(back.to_dense().numpy(), dense.numpy().T)
    likeness = dense @ dense.T
    assert likeness[0, 1] > 5 * likeness[0, 4]
    assert likeness[2, 3] > 5 * likeness[2, 4]


def test_seldom_met_tokens_are_lifted_and_no_others() -> None:
    matrix = np.diag([1.0, 3.0, 3.0, 2.0, 0.0, 9.0]).astype(np.float32)
    counts = np.array([2, 100, 200, 5000, 0, 3])
    lengths = np.linalg.norm(export.lift(matrix, counts), axis=1)
    np.testing.assert_allclose(lengths, [3, 3, 3, 2, 0, 9])


def test_questions_are_cut_from_left_sides_and_never_from_right_ones(tokenizer: Tokenizer) -> None:
    """Of an asking group some left sides are cut; a group in which each text is one pair never calls itself wrong."""
    long = " ".join(right for _, right in PAIRS)
    group = Group("asked", "asked", (long,) * 40, tuple(a for a, _ in PAIRS) * 2, 1.0, asking=True)
    tokens = Tokens.of(tokenizer, [group])
    batch = Sampler(tokens, [group], 5).draw(40)
    ends = torch.cat([batch.left_starts[1:], torch.tensor([len(batch.left)])])
    lengths = (ends - batch.left_starts).tolist()
    assert min(lengths) < 24 < max(lengths)
    assert not batch.same.diagonal().any()
    assert bool((batch.same | torch.eye(40, dtype=torch.bool)).all())  # one question: every other row is right too


def test_a_student_starts_as_its_static_model_and_is_saved_as_a_usual_folder(
    tokenizer: Tokenizer, groups: list[Group], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(student, "HIDDEN", 16)
    monkeypatch.setattr(student, "HEADS", 2)
    monkeypatch.setattr(student, "INNER", 32)
    matrix = static.trained(tokenizer, groups, replace(RECIPE, steps=60))
    tokenizer.save(str(tmp_path / "t.json"))
    export.write(tmp_path / "static", tmp_path / "t.json", matrix)
    torch.manual_seed(3)
    model = student.start(StaticEmbedder(tmp_path / "static"), tokenizer)
    tokens = Tokens.of(tokenizer, groups)
    before = [parameter.detach().clone() for parameter in model.parameters()]
    steps = student.train(model, Sampler(tokens, groups, 1), replace(RECIPE, steps=4, rate=1e-3))
    assert steps == 4
    assert any(bool((old != new).any()) for old, new in zip(before, model.parameters(), strict=True))
    model.train(False)
    student.save(model, tmp_path / "t.json", tmp_path / "out")
    from sentence_transformers import SentenceTransformer

    texts = ["grain grew", "investment"]
    flat = [tokenizer.encode(text).ids for text in texts]
    starts = torch.tensor([0, len(flat[0])])
    with torch.no_grad():
        expected = student.encode(model, torch.tensor(flat[0] + flat[1]), starts).numpy()
    read = SentenceTransformer(str(tmp_path / "out" / "model"))
    np.testing.assert_allclose(read.encode(texts), expected, atol=1e-5)


def test_an_ablation_leaves_out_a_source_and_changes_one_setting(tokenizer: Tokenizer, groups: list[Group]) -> None:
    short = replace(RECIPE, steps=6)
    nothing = Path("no such file")
    everything = ablation.run({}, short, tokenizer, groups, nothing)
    assert everything.tobytes() == static.trained(tokenizer, groups, short).tobytes()
    without = ablation.run({"without": ["cloze"]}, short, tokenizer, groups, nothing)
    assert without.tobytes() == static.trained(tokenizer, groups[:2], short).tobytes()
    assert ablation.run({"dimension": 8}, short, tokenizer, groups, nothing).shape == (len(everything), 8)
    doubled = ablation.run({"double": True}, short, tokenizer, groups, nothing)
    assert doubled.tobytes() == static.trained(tokenizer, groups, replace(short, steps=12)).tobytes()
