"""Which counters may count the same things."""

from __future__ import annotations

import pytest

from index.words.lexicon import load_units


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("处", "个", True),
        ("部", "台", True),
        ("万人", "名", True),
        ("头", "万只", True),
        ("户", "万个", True),
        ("趟", "次", True),
        ("列", "个", False),
        ("场", "万个", False),
        ("人", "家", False),
        ("头", "个", False),
        ("锭", "个", True),
    ],
)
def test_counters_of_one_sort(one: str, other: str, alike: bool) -> None:
    """锭 is of no group, so that nothing is known against it."""
    assert load_units().counted_alike(one, other) is alike
    assert load_units().counted_alike(other, one) is alike
