"""Names and ways to write figures in both languages, from Unicode's CLDR by way of Babel.

Countries, languages, currencies and cities by name; dates, amounts, shares and measures made up at random and written
as each language writes them: "3.5 million" is 350万, "September 5" 9月5日. No text is read, so no text can leak.
"""

from __future__ import annotations

import datetime
import random
from collections.abc import Callable
from functools import cache

from babel import Locale, __version__, dates, numbers, units

SEED = 20260103
#: CLDR's release comes with Babel's.
PACKAGE = f"Babel {__version__}"
ENGLISH, CHINESE = Locale("en"), Locale("zh")
MEASURES = ("length-kilometer", "length-meter", "mass-kilogram", "mass-tonne", "area-square-kilometer",
            "area-hectare", "duration-year", "duration-month", "duration-day", "duration-hour", "duration-minute",
            "temperature-celsius", "speed-kilometer-per-hour", "volume-liter", "energy-kilowatt-hour",
            "length-mile", "length-foot", "mass-pound")  # fmt: skip
MONEY = ("USD", "EUR", "GBP", "JPY", "CNY", "HKD", "RUB", "INR")

Both = tuple[str, str]


@cache
def names() -> tuple[Both, ...]:
    """Chinese and English names of countries and regions, languages, currencies, cities, months and days."""
    found: dict[Both, None] = {}
    for field in ("territories", "languages", "currencies"):
        chinese, english = getattr(CHINESE, field), getattr(ENGLISH, field)
        found.update(((chinese[key], english[key]), None) for key in english if key in chinese and not key.isdigit())
    for zone, told in CHINESE.time_zones.items():
        if "city" in told:
            city = ENGLISH.time_zones.get(zone, {}).get("city", zone.rpartition("/")[2].replace("_", " "))
            found[told["city"], city] = None
    for width in ("wide", "abbreviated"):
        for part in ("months", "days"):
            chinese, english = (getattr(locale, part)["format"][width] for locale in (CHINESE, ENGLISH))
            found.update(((chinese[key], english[key]), None) for key in english)
    return tuple(found)


def _date(rng: random.Random) -> Both:
    day = datetime.date(rng.randint(1700, 2035), rng.randint(1, 12), rng.randint(1, 28))
    form = rng.choice(("long", "full", "long", "short"))
    if form == "short":  # a month of a year, or a day without one
        shape = rng.choice((("y年M月", "MMMM y"), ("M月d日", "MMMM d")))
        return dates.format_date(day, shape[0], CHINESE), dates.format_date(day, shape[1], ENGLISH)
    return dates.format_date(day, form, CHINESE), dates.format_date(day, form, ENGLISH)


def _time(rng: random.Random) -> Both:
    hour, minute = rng.randint(1, 12), rng.choice((0, 15, 30, 45, rng.randint(1, 59)))
    noon = rng.random() < 0.5
    chinese = f"{'下午' if noon else '上午'}{hour}点" + (f"{minute}分" if minute else "")
    return chinese, f"{hour}:{minute:02d} {'pm' if noon else 'am'}" if minute else f"{hour} {'pm' if noon else 'am'}"


def _value(rng: random.Random) -> float:
    return round(rng.uniform(1, 999), rng.choice((0, 0, 1, 2))) * 10 ** rng.choice((0, 1, 2, 3, 4, 5, 6, 7, 8, 9))


def _amount(rng: random.Random) -> Both:
    value = _value(rng)
    if rng.random() < 0.3 and value < 10**7:
        return numbers.format_decimal(value, locale=CHINESE), numbers.format_decimal(value, locale=ENGLISH)
    return (
        numbers.format_compact_decimal(value, format_type="short", locale=CHINESE, fraction_digits=2),
        numbers.format_compact_decimal(value, format_type="long", locale=ENGLISH, fraction_digits=2),
    )


def _money(rng: random.Random) -> Both:
    (chinese, english), code = _amount(rng), rng.choice(MONEY)
    plural = numbers.get_currency_name(code, count=2, locale=ENGLISH)
    return f"{chinese}{numbers.get_currency_name(code, locale=CHINESE)}", f"{english} {plural}"


def _share(rng: random.Random) -> Both:
    value = f"{rng.uniform(0, 120):.{rng.randrange(3)}f}"
    return (
        f"{value}%" if rng.random() < 0.5 else f"百分之{value}",
        f"{value}{rng.choice(('%', ' percent', ' per cent'))}",
    )


def _measure(rng: random.Random) -> Both:
    value, unit = round(rng.uniform(1, 900), rng.choice((0, 1))), rng.choice(MEASURES)
    return units.format_unit(value, unit, "short", locale=CHINESE), units.format_unit(value, unit, locale=ENGLISH)


def _name(rng: random.Random) -> Both:
    return rng.choice(names())


MAKERS: tuple[Callable[[random.Random], Both], ...] = (_date, _time, _amount, _money, _share, _measure, _name, _name)


@cache
def written(rows: int = 20_000) -> tuple[Both, ...]:
    """Chinese and English of one to three random items, in the same order; the same at every call."""
    rng = random.Random(SEED)
    found = []
    for _ in range(rows):
        items = [rng.choice(MAKERS)(rng) for _ in range(rng.choice((1, 2, 2, 3)))]
        found.append(("，".join(item[0] for item in items), ", ".join(item[1] for item in items)))
    return tuple(found)
