"""What is to be told of a thing is said by words of its own."""

from __future__ import annotations

from dataclasses import asdict

import pytest

from rag.understand.slots.wants import direction_of, wants_of


@pytest.mark.parametrize(
    ("text", "units", "wanted"),
    [
        ("茶叶产量", (), {"level"}),
        ("茶叶产量增长率", (), {"growth"}),
        ("茶叶产量增长率", ("吨",), {"growth", "level"}),
        ("茶叶产量多少吨、增长多少", ("吨",), {"growth", "level", "both"}),
        ("茶叶占农业产值的比重", ("%",), {"level", "share"}),
        ("茶叶增速比全省高多少个百分点", ("个百分点",), {"growth", "change", "level"}),
        ("茶园面积增加了多少", (), {"level", "rise"}),
        ("茶园总数", (), {"level", "stock"}),
        ("到2021年底茶园累计建成", (), {"level", "stock", "total", "state"}),
        ("茶叶产量年均增长率", (), {"growth", "yearly"}),
        ("预算安排的茶园资金", (), {"level", "planned"}),
        ("报告由谁宣读", (), {"level", "speaker"}),
    ],
)
def test_wants_are_read(text: str, units: tuple[str, ...], wanted: set[str]) -> None:
    wants = wants_of(text, units, places=1, compared=False, spans=False)
    assert {name for name, yes in asdict(wants).items() if yes} == wanted


def test_a_rise_is_asked_for_where_a_time_is_compared_with() -> None:
    """比2019年多多少 asks by how much; 净增 does over years together."""
    assert wants_of("茶园多多少亩", ("亩",), places=1, compared=True, spans=False).rise
    assert not wants_of("茶园多多少亩", ("亩",), places=1, compared=False, spans=False).rise
    assert wants_of("茶园净增多少亩", ("亩",), places=1, compared=False, spans=True).rise


@pytest.mark.parametrize(
    ("text", "direction"),
    [("茶叶产量上升", 1), ("茶叶产量回落", -1), ("产量上升而价格回落", 0), ("茶叶产量", 0), ("增长变成负增长", -1)],
)
def test_a_direction_is_taken_for_granted(text: str, direction: int) -> None:
    assert direction_of(text) == direction
