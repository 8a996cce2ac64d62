"""Figures of English reports: what each amount is of, its unit as Chinese reports write it, its time and whether it is meant.

All sentences are invented.
"""

from __future__ import annotations

import pytest

from index.words.english import is_english, times_in, turn_of_english
from index.words.periods import Clock
from tests.builders import PLANNED, make_corpus, make_report, raw_facts

Row = tuple[str, str, str]
NATIONAL = (
    "REPORT ON THE WORK OF THE GOVERNMENT\n"
    "Delivered at the First Session of the 13th National People's Congress of the People's Republic of China on March 5, 2019\n"
    "Premier of the State Council\nFellow Deputies,\n"
)


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
        ("A total of 3.1 million rural homes were repaired.", [("rural homes repaired", "level", "310万套")]),
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


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        (
            "Farm output was 4.2 billion yuan, and factory output was 9.1 billion yuan, up 3.1% and 5.4% respectively.",
            [("farm output", "3.1%"), ("factory output", "5.4%")],
        ),
        (
            "The floor prices of winter wheat and early rice will be raised by 0.04 yuan and 0.05 yuan per kilogram, respectively.",
            [("floor prices of winter wheat", "0.04元/公斤"), ("floor prices of early rice", "0.05元/公斤")],
        ),
        # Whose the amounts are cannot be told: three things, two amounts.
        ("Output of wheat, maize and rice rose by 4% and 5%, respectively.", []),
    ],
)
def test_a_list_told_respectively_gives_each_its_own(sentence: str, expected: list[tuple[str, str]]) -> None:
    told = [(f.indicator, f"{f.value}{f.figure.unit}") for f in raw_facts(sentence)]
    assert told[-len(expected) :] == expected if expected else not told


@pytest.mark.parametrize(
    ("sentence", "name", "value"),
    [
        ("Over 70 percent of rural clinics received new equipment.", "rural clinics received new equipment", "70%"),
        (
            "The reform now holds for 60 percent of farm land leased by this scheme.",
            "farm land leased by this scheme",
            "60%",
        ),
        (
            "Online billing has been introduced in 40% of town hospitals.",
            "town hospitals online billing has been introduced",
            "40%",
        ),
        ("We will set up service desks in 55% of border counties.", "border counties service desks", "55%"),
    ],
)
def test_a_share_is_of_what_stands_behind_it_with_what_was_done(sentence: str, name: str, value: str) -> None:
    told = [(f.indicator, f"{f.value}{f.figure.unit}") for f in raw_facts(sentence)]
    assert told == [(name, value)]


def test_a_list_of_shares_goes_on_behind_its_whole() -> None:
    told = read("Of this, 30% was spent on river works; 25% on village roads; and 12% in research.")
    assert told == [("river works", "share", "30%"), ("village roads", "share", "25%"), ("research", "share", "12%")]


@pytest.mark.parametrize(
    ("sentence", "rows"),
    [
        (
            "Over the past five years the share of clean power rose from 12.4 to 18.9 percent.",
            [("12.4%", "2018"), ("18.9%", "2023")],
        ),
        (
            "Over the past five years, paved roads have grown from over 9,500 to 12,000 kilometers.",
            [("9500公里", "2018"), ("12000公里", "2023")],
        ),
        (
            "Over the past five years, its share of exports has grown to roughly 11 percent, up from 8.4 percent.",
            [("11%", "2023"), ("8.4%", "2018")],
        ),
        # Of one year it is not told when it stood at what it set out from.
        ("The share of clean power rose from 12.4 to 18.9 percent.", [("18.9%", "2023")]),
    ],
)
def test_what_rose_over_years_has_both_its_ends(sentence: str, rows: list[tuple[str, str]]) -> None:
    assert [(f"{f.value}{f.figure.unit}", str(f.period)) for f in raw_facts(sentence)] == rows


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        (
            "We trained 3.2 million village and town doctors.",
            [("trained village and town doctors", "level", "320万个")],
        ),
        ("This year's target for expanding bank lending is around 9%.", [("bank lending", "growth", "9%")]),
        (
            "Officials saw a drop of over 20 percent in the density of coal dust.",
            [("density of coal dust", "growth", "-20%")],
        ),
        ("A rise in shop rents of around 4% is likely.", [("shop rents", "growth", "4%")]),
        (
            "We will raise our storage capacity by an equivalent of 30 million tons.",
            [("storage capacity", "change", "3000万吨")],
        ),
        ("A 20-billion-yuan fund for flood relief has been set up.", [("fund for flood relief", "level", "200亿元")]),
        (
            "The number of registered firms exceeded the 20-million mark.",
            [("number of registered firms", "level", "2000万个")],
        ),
        (
            "The plan consists of a 30 billion yuan road budget and 12 billion yuan in town hall bonds.",
            [("road budget", "level", "300亿元"), ("town hall bonds", "level", "120亿元")],
        ),
        ("We saw 45 billion yuan invested in port dredging.", [("invested in port dredging", "level", "450亿元")]),
        (
            "Spending on schools, clinics and libraries reached 3 billion yuan.",
            [("spending on schools clinics and libraries", "level", "30亿元")],
        ),
        ("We built 2,000 homes for retired miners.", [("built homes for retired miners", "level", "2000套")]),
        ("The army cut military personnel by 20,000.", [("military personnel", "change", "-20000人")]),
        ("We opened offices in 310 counties - a first step.", []),
    ],
)
def test_other_ways_to_say_what_an_amount_is_of(sentence: str, expected: list[Row]) -> None:
    assert read(sentence) == expected


def test_part_of_a_plan_period_is_a_span_of_its_own() -> None:
    (told,) = times_in("Over the first three years of the 14th Five-Year Plan period", Clock(2024, 2023))
    assert str(told.period) == "2021/2023"


def test_gross_domestic_product_is_called_as_the_country_or_the_city_calls_it() -> None:
    country = make_corpus(f"{NATIONAL}I. Review of Work in 2018\nGDP reached 90 trillion yuan.\n")
    city = make_corpus(make_report("一、2023年工作回顾\n地区生产总值达到812.6亿元。"))
    assert [f.canonical for f in (*country.facts, *city.facts)] == ["国内生产总值", "地区生产总值"]


def test_a_report_whose_only_headings_number_its_plans_turns_before_them() -> None:
    done = "".join(f"We built {n} new schools in the north.\n" for n in range(2, 12))
    aims = (
        "This year we should keep the targets in sight.\n- GDP growth of around 5 percent\nWe will do the following:\n"
    )
    ahead = "".join(f"We will build {n} new clinics.\n" for n in range(2, 12))
    text = f"{NATIONAL}{done}{aims}1. Moving faster on health\n{ahead}2. Building better roads\n{ahead}"
    told = {(f.canonical, str(f.period), f.status.value) for f in make_corpus(text).facts if f.canonical}
    assert told == {("国内生产总值", "2019", "target")}


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
