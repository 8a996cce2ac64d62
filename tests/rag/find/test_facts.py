"""Which words around a name make another thing of it."""

from __future__ import annotations

import pytest

from rag.find.facts import narrows_name


@pytest.mark.parametrize(
    ("name", "written", "asked", "narrows"),
    [
        ("出口", "“新三样”出口", "出口", True),
        ("出口", "非美市场出口", "非美市场出口", False),
        ("保障性租赁住房", "建设筹措保障性租赁住房", "保障性租赁住房", False),
        ("学校", "新开办青石中学等优质学校", "优质学校", False),
        ("学校", "高等学校", "学校", True),
        ("5g基站", "新建5g基站", "5g基站", False),
        ("固定资产投资", "工业固定资产投资", "固定资产投资", True),
    ],
)
def test_what_makes_another_thing_of_a_name(name: str, written: str, asked: str, narrows: bool) -> None:
    """A verb or an example before a name changes nothing, a qualifier that was not asked for does."""
    assert narrows_name(name, written, asked) is narrows
