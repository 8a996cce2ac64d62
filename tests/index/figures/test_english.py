"""Figures of English reports: what each amount is of, its unit as Chinese reports write it, its time and whether it is meant.

All sentences are invented.
"""

from __future__ import annotations

import pytest

from index.words.english import is_english, times_in, turn_of_english
from index.words.periods import Clock
from tests.builders import PLANNED, make_corpus, raw_facts

Row = tuple[str, str, str]


def read(sentence: str) -> list[Row]:
    return [(f.indicator, f.measure.value, f"{f.value}{f.figure.unit}") for f in raw_facts(sentence)]


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        (
            "Fiscal revenue came to 3.2 trillion yuan, up 7.5% over the previous year.",
            [("fiscal revenue", "level", "3.2万亿元"), ("fiscal revenue", "growth", "7.5%")],
        ),
        (
            "The installed wind power capacity reached 90.5 million kilowatts, an increase of 6 million kilowatts.",
            [
                ("installed wind power capacity", "level", "9050万千瓦"),
                ("installed wind power capacity", "change", "600万千瓦"),
            ],
        ),
        ("We laid 2,310 kilometers of new gas pipelines.", [("laid new gas pipelines", "level", "2310公里")]),
        ("A total of 3.1 million rural homes were repaired.", [("rural homes repaired", "level", "310万个")]),
        (
            "We retired outdated mills with 12 million tons of paper, 3.5 million tons of glass, and 2 million tons of lime.",
            [("paper", "level", "1200万吨"), ("glass", "level", "350万吨"), ("lime", "level", "200万吨")],
        ),
        ("The share of solar power rose from 4.1 to 6.3 percent.", [("share of solar power", "level", "6.3%")]),
        (
            "Exports and imports of services fell by 2.1% and 3.4%, respectively.",
            [("exports", "growth", "-2.1%"), ("imports of services", "growth", "-3.4%")],
        ),
        ("Life expectancy reached 78.2 years.", [("life expectancy", "level", "78.2岁")]),
        ("The survey covered COVID-19, article 12 and March 5, 2019.", []),
    ],
)
def test_an_amount_is_of_the_subject_or_of_the_noun_behind_it(sentence: str, expected: list[Row]) -> None:
    assert read(sentence) == expected


@pytest.mark.parametrize(
    ("sentence", "name", "value"),
    [
        ("We will cut water use per unit of output by at least 4 percent.", "water use per unit of output", "-4%"),
        ("The scheme brought a 6.5 percent increase in farm incomes.", "farm incomes", "6.5%"),
        ("This will keep grain output above 550 million metric tons.", "grain output", "5.5亿吨"),
        ("We will raise the medical subsidy from 380 to 420 yuan.", "medical subsidy", "420元"),
    ],
)
def test_what_is_changed_or_kept_is_the_object(sentence: str, name: str, value: str) -> None:
    assert [(f.indicator, f"{f.value}{f.figure.unit}") for f in raw_facts(sentence, PLANNED)] == [(name, value)]


def test_names_of_the_lexicon_are_known_in_english() -> None:
    """So that a question in Chinese finds the figure of an English report."""
    told = raw_facts("Grain output was 650 million tons, and 12.5 million new urban jobs were created.")
    assert [f.canonical for f in told] == ["粮食产量", "城镇新增就业"]


def test_words_for_time_and_what_is_only_compared_with() -> None:
    clock = Clock(2024, 2023)
    told = times_in(
        "Over the past five years roads grew; in 2021 rail did, 3% more than in 2020; this year buses will.", clock
    )
    assert [(str(t.period), t.base) for t in told] == [
        ("2019/2023", False),
        ("2021", False),
        ("2020", True),
        ("2024", False),
    ]
    assert [str(t.period) for t in times_in("during the 13th Five-Year Plan period", clock)] == ["2016/2020"]


def test_what_will_be_done_is_a_target() -> None:
    """In a passage of results too, and of the year in which it is said."""
    (done,) = raw_facts("We built 40 new reservoirs.")
    (meant,) = raw_facts("We will build 40 new reservoirs.")
    assert (str(done.period), done.status.value) == ("2023", "actual")
    assert (str(meant.period), meant.status.value) == ("2024", "target")


def test_english_prose_is_told_from_names_in_chinese_text() -> None:
    assert is_english("Grain output reached 650 million tons.")
    assert not is_english("GDP增长6.1%,PM2.5平均浓度下降3%。")
    assert not is_english("5G")


def test_a_report_without_headings_turns_to_its_plans() -> None:
    done = [f"We built {n} new schools in the north.\n" for n in range(2, 12)]
    aims = ["- GDP growth of around 5 percent\n", "- CPI increase of around 3 percent\n"]
    ahead = [f"We will build {n} new clinics.\n" for n in range(2, 12)]
    text = "".join([*done, *aims, *ahead])
    assert turn_of_english(text) == len("".join(done))
    assert turn_of_english("".join(done)) is None


def test_a_whole_report_is_read() -> None:
    """Headings, results and plans, with the figures' places in the file."""
    text = (
        "REPORT ON THE WORK OF THE GOVERNMENT\nDelivered at the National People's Congress on March 5, 2019\n"
        "Fellow Deputies,\nI. Review of Work in 2018\nGrain output reached 651 million metric tons.\n"
        "II. Tasks for 2019\nWe will create over 11 million new urban jobs.\n"
    )
    corpus = make_corpus(text)
    told = [(f.canonical, f"{f.value}{f.unit}", str(f.period), f.status.value) for f in corpus.facts]
    assert told == [("粮食产量", "6.51亿吨", "2018", "actual"), (None, "1100万人", "2019", "target")]
    assert [f.figure.of(text) for f in corpus.facts] == ["651 million metric tons", "11 million"]
