from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from index.store.embedding import load_embedder
from index.store.folders import Role, Vectors
from index.store.meanings import TextVectors, encoded


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


def test_progress_is_told_between_blocks() -> None:
    heard: list[str] = []
    encoded([str(number) for number in range(9000)], load_embedder(), heard.append)
    assert heard == ["embedding", "embedding, 4,096 of 9,000 texts", "embedding, 8,192 of 9,000 texts"]


def test_what_was_saved_is_read_back_without_loading_the_vectors(tmp_path: Path) -> None:
    held = TextVectors.build(SENTENCES, CLAUSES, load_embedder())
    held.save(tmp_path / "meanings")
    opened = TextVectors.load(tmp_path / "meanings")
    assert isinstance(opened.vectors, np.memmap)
    assert opened.vectors.dtype == np.float16
    assert np.array_equal(opened.of_clauses([1, 0]), held.of_clauses([1, 0]))


def test_a_row_beyond_the_vectors_is_refused(tmp_path: Path) -> None:
    held = TextVectors.build(SENTENCES, CLAUSES, load_embedder())
    TextVectors(held.vectors[:2], held.sentences, held.clauses).save(tmp_path)
    with pytest.raises(ValueError, match="holds 2 vectors and names number 2"):
        TextVectors.load(tmp_path)


def test_nothing_to_encode_is_no_error(tmp_path: Path) -> None:
    TextVectors.build([], [], load_embedder()).save(tmp_path)
    assert TextVectors.load(tmp_path).of_sentences([]).shape[0] == 0
