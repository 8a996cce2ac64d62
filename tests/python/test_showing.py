"""How an answer shows itself in a notebook: HTML that is well formed, escaped, and fetches nothing."""

from __future__ import annotations

import dataclasses
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import pytest

from wenju import Answer, Value, Wenju
from wenju.showing import series_of


@pytest.fixture(scope="module")
def answers(snapshot_folder: Path) -> dict[str, Answer]:
    with Wenju.open(snapshot_folder) as opened:
        return {
            "series": opened.ask("嘉定区2019年到2024年固定资产投资", as_of="2026-01-01"),
            "one": opened.ask("2020年嘉定固定资产投资增长多少"),
            "no": opened.ask("2023年嘉定区固定资产投资是多少"),
        }


@pytest.mark.parametrize("name", ["series", "one", "no"])
def test_it_is_well_formed_with_its_evidence(answers: dict[str, Answer], name: str) -> None:
    answer = answers[name]
    page = ET.fromstring(answer._repr_html_().replace("<br>", "<br/>"))
    text = "".join(page.itertext())
    assert answer.answer in text
    assert all(each.quote in text and each.place in text for each in (*answer.citations, *answer.nearest))
    charts = [each for each in page.iter() if each.tag.endswith("svg")]
    assert len(charts) == (1 if name == "series" else 0)


def test_each_bar_is_a_figure_of_the_answer(answers: dict[str, Answer]) -> None:
    """In its year's place, as high as it is large; estimates are told from results."""
    page = ET.fromstring(answers["series"]._repr_html_().replace("<br>", "<br/>"))
    bars = [each for each in page.iter() if each.tag.endswith("rect")]
    told = [each[0].text for each in bars]
    assert told == ["2019 363.3亿元 (actual)", "2020 429.7亿元 (actual)", "2024 710亿元 (estimate)"]
    heights = [float(each.attrib["height"]) for each in bars]
    assert heights[2] / heights[0] == pytest.approx(710 / 363.3, rel=0.02)
    x = [float(each.attrib["x"]) for each in bars]
    assert x[2] - x[1] == pytest.approx(4 * (x[1] - x[0]), rel=0.01)
    assert bars[2].attrib["fill"] != bars[1].attrib["fill"]


def test_what_a_report_says_is_no_markup(answers: dict[str, Answer]) -> None:
    evil = dataclasses.replace(
        answers["one"].citations[0], quote="<script>x</script>", title='"><img src=x>', url="javascript:x"
    )
    shown = dataclasses.replace(answers["one"], answer="a<b>c", citations=(evil,))._repr_html_()
    assert "<script" not in shown
    assert "<img" not in shown
    assert "href" not in shown
    assert "a&lt;b&gt;c" in shown


def value(period: str, number: str, **more: Any) -> Value:
    return Value(
        **{"indicator": "出口", "region": "甲县", "measure": "growth", "status": "actual", "unit": "%", **more},
        period=period,
        value=number,
        citation=1,
    )


def test_only_years_of_one_thing_make_a_series() -> None:
    rows = [value("2019", "3"), value("2020", "-2"), value("2021", "1")]
    assert series_of(reversed(rows)) == [rows]
    assert series_of(rows[:2]) == []
    assert series_of([*rows[:2], value("2021-H1", "1")]) == []
    assert series_of([*rows[:2], value("2021", "1", unit="亿元")]) == []
    assert series_of([*rows[:2], value("2021", "1", region="乙县")]) == []
