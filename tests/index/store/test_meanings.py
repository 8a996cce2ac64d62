from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from index.store.embedding import load_embedder
from index.store.folders import Role, Vectors
from index.store.meanings import Scale, TextVectors, encoded


class Counting:
    """The built-in model, and which texts it was given."""

    def __init__(self) -> None:
        self._inner = load_embedder()
        self.name, self.dimension, self.identity = self._inner.name, self._inner.dimension, self._inner.identity
        self.passages: list[str] = []
        self.queries: list[str] = []

    def encode(self, texts: Sequence[str], *, role: Role) -> Vectors:
        (self.passages if role == "passage" else self.queries).extend(texts)
        return self._inner.encode(texts, role=role)


SENTENCES = ["粮食产量达到12万吨。", "新增就业3万人。", "粮食产量达到12万吨。"]
CLAUSES = ["新增就业3万人。", "新建公园2个"]


def test_each_distinct_text_is_encoded_once_and_found_by_sentence_and_by_clause() -> None:
    model = Counting()
    heard: list[str] = []
    held = TextVectors.build(SENTENCES, CLAUSES, model, heard.append)
    assert model.passages == ["粮食产量达到12万吨。", "新增就业3万人。", "新建公园2个"]
    assert heard == ["embedding"]
    fresh = model.encode(SENTENCES, role="passage")
    assert np.allclose(held.of_sentences([2, 0, 1]), fresh[[2, 0, 1]], atol=1e-3)
    assert np.array_equal(held.of_clauses([0]), held.of_sentences([1]))
    assert held.of_sentences([]).shape == (0, model.dimension)


class Slow:
    """A model with a clock of its own: each character takes as long as is said, and it keeps what it was given."""

    name, identity, dimension = "slow", "slow", 1

    def __init__(self, a_character: float) -> None:
        self.a_character, self.now = a_character, 0.0
        self.given: list[list[str]] = []

    def clock(self) -> float:
        return self.now

    def encode(self, texts: Sequence[str], *, role: Role) -> Vectors:
        self.given.append(list(texts))
        self.now += sum(map(len, texts)) * self.a_character
        return np.array([[len(text)] for text in texts], np.float32)


class SlowByNumber(Slow):
    together = 32


#: Of 20 to 600 characters, as sentences and chunks are, in no order.
OF_ALL_LENGTHS = ["水" * (20 + number * 37 % 581) for number in range(3000)]


@pytest.mark.parametrize("a_second", [1_000_000, 12_000, 4_000])
def test_progress_is_told_every_few_seconds_by_a_slow_model_and_not_all_the_time_by_a_fast_one(a_second: int) -> None:
    """Characters a second of the static model, of the transformer on a core of its own, and on one that others use too."""
    model = Slow(1 / a_second)
    heard: list[float] = []
    encoded(OF_ALL_LENGTHS, model, lambda _: heard.append(model.now), model.clock)
    gaps = np.diff([*heard, model.now])
    assert gaps.max() < 2
    assert (gaps[:-1] >= 0.5).all()


def test_progress_counts_the_texts_that_are_done() -> None:
    model = Slow(1.0)
    heard: list[str] = []
    encoded(["水" * 3000] * 3, model, heard.append, model.clock)
    assert heard == ["embedding", "embedding, 1 of 3 texts", "embedding, 2 of 3 texts"]


def test_like_texts_go_together_whatever_the_time_they_take_and_each_vector_stands_at_its_text() -> None:
    """The same texts are cut into the same blocks: a transformer's vectors depend a little on their company."""
    fast, slow = Slow(1e-9), Slow(10.0)
    for model in (fast, slow):
        found = encoded(OF_ALL_LENGTHS, model, clock=model.clock)
        assert found[:, 0].tolist() == [len(text) for text in OF_ALL_LENGTHS]
    assert fast.given == slow.given
    assert all(len(block[0]) - len(block[-1]) < 50 for block in fast.given)


def test_a_model_that_takes_a_number_of_texts_at_a_time_gets_so_many() -> None:
    model = SlowByNumber(1.0)
    encoded(OF_ALL_LENGTHS[:70], model)
    assert [len(block) for block in model.given] == [32, 32, 6]


def test_what_was_saved_is_read_back_without_loading_the_vectors(tmp_path: Path) -> None:
    held = TextVectors.build(SENTENCES, CLAUSES, load_embedder())
    held.save(tmp_path / "meanings")
    opened = TextVectors.load(tmp_path / "meanings")
    assert isinstance(opened.vectors.base, np.memmap)
    assert opened.vectors.dtype == np.float16
    assert np.array_equal(opened.of_clauses([1, 0]), held.of_clauses([1, 0]))


def test_what_holds_no_rows_is_refused(tmp_path: Path) -> None:
    held = TextVectors.build(SENTENCES, CLAUSES, load_embedder())
    TextVectors(held.vectors, held.sentences, held.vectors).save(tmp_path)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="holds no vectors and their rows"):
        TextVectors.load(tmp_path)


def test_nothing_to_encode_is_no_error(tmp_path: Path) -> None:
    TextVectors.build([], [], load_embedder()).save(tmp_path)
    assert TextVectors.load(tmp_path).of_sentences([]).shape[0] == 0


NAMES = ["粮食产量", "新增就业", "机动车保有量", "新建公园", "孕产妇死亡率", "快递业务量", "森林覆盖率", "网络零售额"]
TEXTS = [
    "全年粮食产量达到12万吨",
    "城镇新增就业3万人",
    "机动车保有量增长5%",
    "新建公园2个",
    "快递业务量6亿件",
    "森林覆盖率42%",
]


class Raised:
    """A model whose cosines begin at 0.8, as those of many transformers do: a shared direction is added to each vector."""

    def __init__(self) -> None:
        self._inner = load_embedder()
        self.name, self.identity, self.dimension = "raised", "raised", self._inner.dimension + 1

    def encode(self, texts: Sequence[str], *, role: Role) -> Vectors:
        own = self._inner.encode(texts, role=role) * np.sqrt(0.2)
        return np.concatenate([own, np.full((len(texts), 1), np.sqrt(0.8))], axis=1).astype(np.float32)


def test_likeness_is_the_same_measure_wherever_a_models_cosines_begin() -> None:
    found = []
    for model in (load_embedder(), Raised()):
        named, texts = model.encode(NAMES, role="passage"), model.encode(TEXTS, role="passage")
        asked = model.encode(["粮食产量"], role="query")[0]
        scale = Scale.measured(NAMES, named, texts, model)
        found.append((scale.of_names(named @ asked), scale.of_texts(texts @ asked)))
    (names, texts), (raised_names, raised_texts) = found
    assert np.allclose(names, raised_names, atol=1e-3)
    assert np.allclose(texts, raised_texts, atol=1e-3)
    assert names[0] == pytest.approx(1, abs=1e-3)
    assert 0 <= float(np.median(names)) < 0.2


def test_a_snapshot_without_figures_has_a_scale() -> None:
    model = load_embedder()
    empty = np.zeros((0, model.dimension), np.float32)
    assert Scale.measured([], empty, empty, model) == Scale()
