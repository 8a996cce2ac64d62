"""What is left of a question without its words of asking names the thing that is asked for."""

from __future__ import annotations

import pytest

from rag.types import QuestionKind
from rag.understand.slots.terms import basis_of, terms_of


@pytest.mark.parametrize(
    ("text", "kind", "terms", "part"),
    [
        ("   茶叶产量是多少", QuestionKind.VALUE, "茶叶产量", ""),
        ("那   茶叶产量呢", QuestionKind.VALUE, "茶叶产量", ""),
        ("茶叶产量(不含夏秋茶)达到多少吨", QuestionKind.VALUE, "茶叶产量", ""),
        ("给茶农发放的补贴有多少", QuestionKind.VALUE, "茶农发放的补贴", ""),
        ("国有企业利润多少", QuestionKind.VALUE, "国有企业利润", ""),
        ("茶叶产量谁更高", QuestionKind.COMPARE, "茶叶产量", ""),
        ("为什么茶叶产量下降", QuestionKind.EXPLAIN, "茶叶产量", ""),
        ("建成了哪三个茶园", QuestionKind.LIST, "建成 茶园", ""),
        ("扣除物价因素后茶农收入增长多少", QuestionKind.GROWTH, "茶农收入", ""),
        ("新认定的茶叶企业里,合作社有多少家", QuestionKind.VALUE, "新认定合作社", "合作社"),
    ],
)
def test_words_of_asking_are_taken_out(text: str, kind: QuestionKind, terms: str, part: str) -> None:
    assert terms_of(text, kind, share=False) == (terms, part)


def test_of_a_share_the_whole_is_named_too() -> None:
    """So that no part is taken out of it."""
    terms, part = terms_of("新认定的茶叶企业里,合作社占比多少", QuestionKind.VALUE, share=True)
    assert part == ""
    assert "茶叶企业" in terms


def test_the_basis_of_a_change_is_named() -> None:
    assert basis_of("按同口径和两年平均增长多少") == ("同口径", "两年平均")
