"""What each named place is there for: asked for, compared with, or only said to be around another."""

from __future__ import annotations

import pytest

from index.words.regions import Gazetteer
from rag.understand.asked import heard
from rag.understand.known import Known
from rag.understand.slots.places import level_of, scope_of, where_asked, wholes_compared, without_country

KNOWN = Known(
    frozenset({"全国", "上海市", "嘉定区", "河谷镇"}),
    inner={"松坡村": frozenset({"嘉定区"})},
    called={"河谷": "河谷镇", "松坡": "松坡村"},
)


@pytest.mark.parametrize(
    ("text", "regions", "against"),
    [
        ("嘉定茶叶产量", ("嘉定区",), ()),
        ("上海市嘉定区茶叶产量", ("嘉定区",), ()),
        ("上海和嘉定茶叶产量", ("上海市", "嘉定区"), ()),
        ("嘉定茶叶产量占上海的比重", ("嘉定区",), ("上海市",)),
        ("上海之外嘉定茶叶产量", ("嘉定区",), ("上海市",)),
        ("嘉定茶叶产量居全国第几", ("嘉定区",), ("全国",)),
        ("嘉定建成全国首个茶园", ("嘉定区",), ("全国",)),
        ("河谷茶叶产量", ("河谷镇",), ()),
        ("嘉定区松坡村茶叶产量", ("松坡村",), ()),
        ("我国茶叶产量", ("全国",), ()),
        ("国家安排茶园资金", ("全国",), ()),
        ("茶叶产量", (), ()),
        ("tea output of Jiading District, Shanghai", ("嘉定区",), ()),
    ],
)
def test_a_place_has_a_role(text: str, regions: tuple[str, ...], against: tuple[str, ...]) -> None:
    where = where_asked(heard(text, 2022), KNOWN, Gazetteer.load())
    assert (where.regions, where.against) == (regions, against)


@pytest.mark.parametrize(
    ("text", "taken"),
    [("嘉定茶叶产量", ["嘉定"]), ("上海市属茶企", ["上海"]), ("上海银行茶贷", []), ("茶叶产量占上海的比重", [])],
)
def test_words_of_places_say_nothing_of_the_thing(text: str, taken: list[str]) -> None:
    """But in the name of a house, and where a place is compared with."""
    where = where_asked(heard(text, 2022), KNOWN, Gazetteer.load())
    assert [span.of(text) for span in where.taken] == taken


def test_the_country_is_taken_out_only_where_it_is_asked_for() -> None:
    assert without_country("我国茶叶", ("全国",)) == "  茶叶"
    assert without_country("我国茶叶", ("嘉定区",)) == "我国茶叶"


@pytest.mark.parametrize(
    ("text", "level", "scope", "wholes"),
    [
        ("各区茶叶产量", "county", None, []),
        ("哪个省茶叶产量最高", "province", None, []),
        ("which province grows most tea", "province", None, []),
        ("which district grows most tea", "county", None, []),
        ("全省茶叶产量", None, "province", []),
        ("居全省第几", None, None, []),
        ("增速高于全县", None, "county", ["全县"]),
    ],
)
def test_words_for_places_of_a_level(text: str, level: str | None, scope: str | None, wholes: list[str]) -> None:
    assert (level_of(text), scope_of(text), list(wholes_compared(text))) == (level, scope, wholes)
