"""The units that a question asks for, by what stands behind 多少 and by words for money and rates."""

from __future__ import annotations

import pytest

from rag.understand.slots.units import unit_words, units_of


@pytest.mark.parametrize(
    ("text", "units"),
    [
        ("接待游客多少万人次", ("万人次",)),
        ("建成几公里公路", ("公里",)),
        ("签约多少项目", ()),
        ("最低工资多少块钱", ("元",)),
        ("茶叶产值占比多少", ("%",)),
        ("产值多少亿元、占比多少", ("亿元", "%")),
        ("how many households grow tea", ("户",)),
        ("how much tax revenue was raised", ("元",)),
        ("茶叶怎么样", ()),
        ("教育支出是多少亿", ()),
        ("进出口总额多少万亿", ()),
        ("一张票多少块", ("元",)),
        ("每万人有几块足球场地", ("块",)),
        ("新建了多少块运动场", ("块",)),
        ("足球场有几块", ("块",)),
        ("旅游收入几个亿", ()),
    ],
)
def test_units_are_read(text: str, units: tuple[str, ...]) -> None:
    assert units_of(text) == units


@pytest.mark.parametrize(("text", "words"), [("惠及多少万人以上的村", "多少万人以上"), ("惠及多少万人", "多少万人")])
def test_a_bound_belongs_to_the_amount(text: str, words: str) -> None:
    assert [span.of(text) for _, span in unit_words(text)] == [words]
