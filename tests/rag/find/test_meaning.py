"""A question costs its own encoding: what is held was encoded when it was ingested."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from index.store.embedding import Embedder
from index.store.folders import Role, Vectors
from rag.find.meaning import AskedVectors
from rag.pipeline import AnswerPipeline
from tests.builders import make_question


class Counting:
    """A model that notes what it is given."""

    def __init__(self, inner: Embedder) -> None:
        self._inner = inner
        self.name, self.dimension, self.identity = inner.name, inner.dimension, inner.identity
        self.given: list[tuple[Role, str]] = []

    def encode(self, texts: Sequence[str], *, role: Role) -> Vectors:
        self.given += [(role, text) for text in texts]
        return self._inner.encode(texts, role=role)


@pytest.mark.parametrize(
    "text",
    [
        "2020年嘉定固定资产投资增长多少",
        "2020年嘉定老百姓手里的钱多了多少",
        "How much did residents' disposable income grow in Jiading in 2020?",
        "2020年嘉定为什么要推进新城建设",
        "2020年嘉定养老床位新增了几张，火星基地建了几座",
        "嘉定有哪些民生实事",
    ],
)
def test_no_stored_text_is_encoded_again(pipeline: AnswerPipeline, text: str) -> None:
    model = Counting(pipeline.embedder)
    asking = AnswerPipeline(pipeline.snapshot, model)
    answer = asking.answer(make_question(text))
    assert {role for role, _ in model.given} <= {"query"}
    assert len(model.given) == len(set(model.given)), "a wording was encoded twice"
    # Of each reading, of its parts and of both together: its words, as reports say them, and as they were typed.
    assert len(model.given) <= 8 * text.count("，") + 5
    assert answer.answer == pipeline.answer(make_question(text)).answer
    before = len(model.given)
    asking.answer(make_question(text))
    assert len(model.given) == before


def test_a_wording_is_remembered_and_cannot_be_written_to(pipeline: AnswerPipeline) -> None:
    model = Counting(pipeline.embedder)
    asked = AskedVectors(model)
    first = asked("粮食产量")
    assert asked("粮食产量") is first
    assert model.given == [("query", "粮食产量")]
    with pytest.raises(ValueError, match="read-only"):
        first[0] = 1
