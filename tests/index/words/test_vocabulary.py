"""The vocabulary files say what they promise: no phrase means two things, every name exists, every factor is exact."""

from __future__ import annotations

import tomllib
from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[3]
DATA = ROOT / "index" / "data"
OF_QUESTIONS = ROOT / "rag" / "understand" / "data"

INDICATOR_KEYS = {"name", "aliases", "ask", "english", "units", "family", "narrower", "direction"}
PHRASE_LISTS = ("aliases", "ask", "english")
KINDS = {"growth", "target", "compare", "rank", "explain", "list", "lookup", "series", "derive"}
# Written capitals are part of the unit or of the proper name.
PROPER = ("US", "Hong Kong", "Japanese", "Celsius", "TEU")


def load(name: str) -> dict[str, Any]:
    with ((DATA if (DATA / name).is_file() else OF_QUESTIONS) / name).open("rb") as file:
        return tomllib.load(file)


@pytest.fixture(scope="module")
def indicators() -> list[dict[str, Any]]:
    tables: list[dict[str, Any]] = load("indicators.toml")["indicator"]
    return tables


@pytest.fixture(scope="module")
def units() -> dict[str, Any]:
    return load("units.toml")


@pytest.fixture(scope="module")
def reading() -> dict[str, Any]:
    return load("reading.toml")


@pytest.fixture(scope="module")
def asking() -> dict[str, Any]:
    return load("asking.toml")


def phrases(indicator: dict[str, Any]) -> list[str]:
    return [indicator["name"], *(phrase for key in PHRASE_LISTS for phrase in indicator[key])]


def word_lists(table: dict[str, Any], path: str = "") -> list[tuple[str, list[str]]]:
    found: list[tuple[str, list[str]]] = []
    for key, value in table.items():
        found += word_lists(value, f"{path}{key}.") if isinstance(value, dict) else [(path + key, value)]
    return found


def doubled(words: list[str]) -> list[str]:
    return [word for word, times in Counter(words).items() if times > 1]


def test_every_indicator_is_whole(indicators: list[dict[str, Any]]) -> None:
    """Each table has the known keys only, a name, and a way to ask for it in English."""
    for indicator in indicators:
        optional = {"direction", "exact", "national"}
        assert set(indicator) - optional == INDICATOR_KEYS - optional, indicator["name"]
        assert indicator.get("direction", "") in {"", "up", "down"}, indicator["name"]
        assert indicator["english"], indicator["name"]
        assert indicator.get("national", indicator["name"]) in {i["name"] for i in indicators}, indicator["name"]
        assert indicator["units"] or indicator["name"] == "城乡居民收入比", indicator["name"]


def test_no_phrase_stands_under_two_indicators(indicators: list[dict[str, Any]]) -> None:
    """A name, alias, question phrase or English phrase leads to one indicator."""
    everything = [phrase for indicator in indicators for phrase in phrases(indicator)]
    assert doubled(everything) == []
    assert [phrase for phrase in everything if phrase != phrase.strip() or not phrase] == []


def test_narrower_names_exist_and_are_others(indicators: list[dict[str, Any]]) -> None:
    """What must never answer for an indicator is itself an indicator, and never the indicator or its family."""
    by_name = {indicator["name"]: indicator for indicator in indicators}
    for indicator in indicators:
        assert doubled(indicator["narrower"]) == []
        for name in indicator["narrower"]:
            assert name in by_name, f"{indicator['name']}: {name}"
            assert name != indicator["name"]
            family = by_name[name]["family"]
            assert not family or family != indicator["family"], f"{indicator['name']}: {name}"


def test_narrower_is_no_circle(indicators: list[dict[str, Any]]) -> None:
    """Following narrower names always ends."""
    narrower = {indicator["name"]: indicator["narrower"] for indicator in indicators}

    def walk(name: str, above: tuple[str, ...]) -> None:
        assert name not in above, " → ".join((*above, name))
        for below in narrower[name]:
            walk(below, (*above, name))

    for name in narrower:
        walk(name, ())


def test_families_have_members(indicators: list[dict[str, Any]]) -> None:
    """A family of one would be a misspelt id."""
    members = Counter(indicator["family"] for indicator in indicators if indicator["family"])
    assert [family for family, count in members.items() if count < 2] == []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("一般公共预算收入", "区级一般公共预算收入"),
        ("一般公共预算收入", "财政总收入"),
        ("规模以上工业总产值", "属地规模以上工业总产值"),
        ("规模以上工业总产值", "规模以上工业增加值"),
        ("专利申请量", "专利授权量"),
        ("固定资产投资", "工业投资"),
        ("固定资产投资", "工业固定资产投资"),
        ("实际使用外资", "合同外资"),
        ("城镇登记失业率", "城镇调查失业率"),
        ("城镇登记失业人数", "城镇登记失业率"),
        ("城镇居民人均可支配收入", "农村居民人均可支配收入"),
        ("商品销售总额", "社会消费品零售总额"),
    ],
)
def test_different_scopes_are_different_indicators(indicators: list[dict[str, Any]], one: str, other: str) -> None:
    """Look-alikes of other scope are two entries that never answer for each other."""
    by_name = {indicator["name"]: indicator for indicator in indicators}
    first, second = by_name[one], by_name[other]
    assert not first["family"] or first["family"] != second["family"]


def test_gdp_is_one_family(indicators: list[dict[str, Any]]) -> None:
    """The three words for gross product may answer for each other."""
    assert {i["name"] for i in indicators if i["family"] == "gdp"} == {"地区生产总值", "国内生产总值", "增加值"}


def test_english_is_lower_case(indicators: list[dict[str, Any]], asking: dict[str, Any]) -> None:
    """English is written as it is compared: lower case, no Chinese characters."""
    english = [phrase for indicator in indicators for phrase in indicator["english"]]
    english += [word for path, words in word_lists(asking) if path.endswith("en") for word in words]
    assert [phrase for phrase in english if phrase != phrase.lower() or not phrase.isascii()] == []


def test_units_of_indicators_are_known(indicators: list[dict[str, Any]], units: dict[str, Any]) -> None:
    """Each unit of an indicator is in the table of units, or is one with a multiplier in front."""
    known = {unit["symbol"] for unit in units["unit"]} | {"∶1", "1/10万"}
    multipliers = sorted((m["symbol"] for m in units["multiplier"]), key=len, reverse=True)

    def is_known(unit: str) -> bool:
        return unit in known or any(unit.removeprefix(m) in known for m in multipliers if unit.startswith(m))

    assert sorted({u for i in indicators for u in i["units"] if not is_known(u)}) == []


def test_unit_table_is_exact(units: dict[str, Any]) -> None:
    """Factors are positive decimal strings, symbols are listed once, English is [singular, plural]."""
    assert doubled([unit["symbol"] for unit in units["unit"]]) == []
    assert doubled([multiplier["symbol"] for multiplier in units["multiplier"]]) == []
    for unit in (*units["unit"], *units["multiplier"]):
        assert Decimal(unit["factor"]) > 0
        assert Decimal(unit.get("english_factor", "1")) > 0
    for unit in units["unit"]:
        assert unit["dimension"]
        assert len(unit["english"]) == 2
        for text in unit["english"]:
            plain = text
            for proper in PROPER:
                plain = plain.replace(proper, "")
            assert plain == plain.lower(), unit["symbol"]


@pytest.mark.parametrize(
    ("large", "small", "times"),
    [
        ("亿元", "万元", 10_000),
        ("万亿元", "亿元", 10_000),
        ("亿美元", "万美元", 10_000),
        ("公顷", "平方米", 10_000),
        ("平方公里", "公顷", 100),
        ("公斤", "斤", 2),
        ("亿千瓦", "万千瓦", 10_000),
        ("%", "‰", 10),
    ],
)
def test_units_of_one_dimension_compare(units: dict[str, Any], large: str, small: str, times: int) -> None:
    """The factors agree with each other."""
    table = {unit["symbol"]: unit for unit in units["unit"]}
    assert table[large]["dimension"] == table[small]["dimension"]
    assert Decimal(table[large]["factor"]) == times * Decimal(table[small]["factor"])


def test_fifteen_mu_are_one_hectare(units: dict[str, Any]) -> None:
    """The mu is no finite decimal; its cut is far below any figure's last digit."""
    table = {unit["symbol"]: Decimal(unit["factor"]) for unit in units["unit"]}
    assert abs(15 * table["亩"] - table["公顷"]) < Decimal("1e-15")


def test_word_lists_have_no_doubles(reading: dict[str, Any], asking: dict[str, Any]) -> None:
    """Each list of words names each word once, and none is empty."""
    lists = word_lists(reading) + word_lists(asking)
    assert lists
    for path, words in lists:
        assert words, path
        assert all(isinstance(word, str) and word and word == word.strip() for word in words), path
        assert doubled(words) == [], path


def test_movement_words_are_unambiguous(reading: dict[str, Any]) -> None:
    """No word is a rise and a fall, or a narrowing and either."""
    rise, fall, narrow = set(reading["rise"]), set(reading["fall"]), set(reading["narrow"])
    assert not rise & fall
    assert not narrow & (rise | fall)
    assert not set(reading["heading_results"]) & set(reading["heading_plans"])


def test_every_kind_of_question_has_words(asking: dict[str, Any]) -> None:
    """Each kind has Chinese and English words; plain values are what is left."""
    says = asking["says"]
    assert set(says) >= KINDS
    for kind in KINDS:
        assert says[kind]["zh"], kind
        assert says[kind]["en"], kind
