"""What a file's name alone tells of a document: its place, its day, its kind and its title."""

from __future__ import annotations

import datetime as dt

import pytest

from tests.builders import make_draft

BODY = """一、2023年工作回顾
2023年，一般公共预算收入83200万元，增长1.6%。
二、2024年工作安排
一般公共预算收入增长3%。
"""


@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("2024_唐县_政府工作报告.txt", "唐县"),
        ("澧南县-2024-政府工作报告.txt", "澧南县"),
        ("[澧南县]2024年政府工作报告.txt", "澧南县"),
        ("代县：2024年政府工作报告.txt", "代县"),
        ("政府工作报告（澧南县2024）.txt", "澧南县"),
        ("政府工作报告_槐县_2024.txt", "槐县"),
        ("2024_平泉县_政府工作报告.txt", "平泉县"),
        ("霁川市槐汀区_政府工作报告_2024.txt", "霁川市槐汀区"),
        ("沛县2024上半年经济运行情况.txt", "沛县"),
        ("2024_城区_政府工作报告.txt", None),
        ("2024_全县_政府工作报告.txt", None),
        ("本区-2024-政府工作报告.txt", None),
    ],
)
def test_a_place_between_the_signs_of_a_name_is_known(name: str, place: str | None) -> None:
    """Whatever parts it from the title and the year, and whether a gazetteer holds it so or by a later rank."""
    assert make_draft(BODY, name).region == place


@pytest.mark.parametrize(
    ("name", "kind", "title"),
    [
        ("政府工作报告_槐县_2024.txt", "annual", "政府工作报告_槐县_2024"),
        ("槐县政府工作报告2024.txt", "annual", "槐县政府工作报告2024"),
        ("槐县2023年前三季度经济运行情况.txt", "quarter", "槐县2023年前三季度经济运行情况"),
        ("槐县2023年1-10月经济运行分析.txt", "quarter", "槐县2023年1-10月经济运行分析"),
        ("槐县2023年上半年经济运行情况.txt", "half_year", "槐县2023年上半年经济运行情况"),
        ("槐县2023年经济运行情况.txt", "summary", "槐县2023年经济运行情况"),
    ],
)
def test_a_text_that_begins_with_its_first_heading_is_named_by_its_file(name: str, kind: str, title: str) -> None:
    """一、2023年工作回顾 is no title; an account of some months of a year is one of a quarter or half-year."""
    draft = make_draft(BODY, name)
    assert (draft.kind.value, draft.title) == (kind, title)


def test_the_months_that_an_account_tells_of_are_its_own() -> None:
    """What it tells without a time is of the months in its title, and 去年 is the year before."""
    draft = make_draft("工业增加值增长5.2%。\n", "槐县2023年一季度经济运行情况.txt")
    assert str(draft.review) == "2023-Q1"


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("槐县政府工作报告（2024年1月17日）.txt", dt.date(2024, 1, 17)),
        ("槐县2024年政府工作报告.txt", None),
        ("槐县通知（2024年1月17日）.txt", None),
    ],
)
def test_a_day_in_a_files_name_is_the_day_of_the_report(name: str, given: dt.date | None) -> None:
    """In brackets behind the title, where the text tells none."""
    assert make_draft(BODY, name).given == given
