"""Is an answer right? Numbers with unit and direction, phrases, and a refusal where one is due. Pure functions.

The rules are those of the question sets' README: an answer states all required numbers (value, unit, sign) and phrases,
is short, and holds at most six other numbers; a question that the reports do not answer is right only when refused.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from eval.cases import Case, GoldNumber
from index.rules import Rule
from index.text.folding import fold
from index.words.lexicon import load_units, load_wording
from index.words.naming import normalised
from index.words.numbers import read_numeral
from index.words.periods import arabic_years
from rag.answer.citing import MARK

MAX_EXTRA = 6
MAX_CHARACTERS = {"en": 1500}
MAX_CHARACTERS_ZH = 600

_RATES = frozenset({"percent", "percentage_point", "ratio"})
_STRICT = frozenset({"percent", "percentage_point", "money_cny", "money_usd"})
_PER_CENT = re.compile(r"百分之([零〇一二两三四五六七八九十百点]+|\d+(?:\.\d+)?)")
_NUMBER = re.compile(r"(?<![\d.a-z])(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?(?!\d)")
_SCALES = {"trillion": 10**12, "billion": 10**9, "million": 10**6, "thousand": 10**3}
_SCALE = re.compile(r"\s*(trillion|billion|million|thousand)\b")
_ENGLISH_UNITS = re.compile(
    r"\s*(?:(?P<percent>%|percent\b|per cent\b)|(?P<points>percentage points?)|(?P<usd>us dollars?|usd\b)|(?P<yuan>yuan\b|rmb\b))"
)
_CALENDAR = re.compile(r"\s*(?:年|月|日|[-–—]\d)")
_FALL_ENGLISH = re.compile(r"\b(?:down|fell|fall|decline\w*|decrease\w*|drop\w*|lower|minus)\b")
_RISE_ENGLISH = re.compile(r"\b(?:up|rose|rise|grew|growth|increase\w*|higher)\b")


@dataclass(frozen=True, slots=True)
class Stated:
    """A number of an answer in its base unit, with the dimension and the sign its words give it."""

    value: Decimal
    dimension: str
    sign: int


@dataclass(frozen=True, slots=True)
class Verdict:
    right: bool
    why: str


def stated_numbers(text: str) -> list[Stated]:
    """All numbers of an answer with their units; years, dates and citation marks are none."""
    plain = _PER_CENT.sub(_per_cent, MARK.sub(" ", arabic_years(fold(text))))
    # Reports of the 1990s write 14·1%.
    plain = re.sub(r"(?<=\d)·(?=\d)", ".", plain)
    fall, rise = load_wording().pattern("fall"), load_wording().pattern("rise")
    result: list[Stated] = []
    for match in _NUMBER.finditer(plain):
        if _CALENDAR.match(plain, match.end()) or re.search(r"(?:19|20)\d\d[-/]$", plain[: match.start()]):
            continue
        value = Decimal(match[0].replace(",", ""))
        unit, dimension, end = _unit(plain, match.end())
        if not unit and not dimension and re.fullmatch(r"(?:19|20)\d\d", match[0]):
            continue
        clause = re.split(r"[,。;:、(]", plain[max(0, match.start() - 16) : match.start()])[-1]
        falling = bool(fall.search(clause) or _FALL_ENGLISH.search(clause))
        rising = bool(rise.search(clause) or _RISE_ENGLISH.search(clause))
        after = plain[end : end + 6]
        if re.match(r"\s*的?(?:降幅|下降|跌幅)", after):
            falling = True
        # "4.5%-5%" is a range, "-5%" a fall.
        negative = re.search(r"(?<![\d%])-$", plain[: match.start()]) is not None
        sign = -1 if negative or (falling and not (rising and _later(rise, fall, clause))) else 1
        if re.search(r"(?:下降|减少|降低|压缩|缩短|压减|缩减|收窄|回落|降|减)(?:到|至|为)\s*$", clause):
            sign = 1
        if dimension:
            result.append(Stated(value * _factor(plain, match.end()), dimension, sign))
        else:
            base, known = normalised(value, _amount(unit))
            # "298亿" leaves its unit to the reader.
            result.append(Stated(base, "" if unit in load_units().multipliers else known, sign))
    return result


def _per_cent(match: re.Match[str]) -> str:
    """百分之九点七 as 9.7%."""
    value = read_numeral(match[1])
    return match[0] if value is None else f"{value:f}%"


def _later(first: Rule, second: Rule, text: str) -> bool:
    """Whether the last match of the first pattern stands behind the last of the second."""
    ends = [max((m.end() for m in pattern.finditer(text)), default=-1) for pattern in (first, second)]
    return ends[0] > ends[1]


def _unit(text: str, at: int) -> tuple[str, str, int]:
    """(unit as written, "", end) for Chinese units, ("", dimension, end) for English ones."""
    scale = _SCALE.match(text, at)
    english = _ENGLISH_UNITS.match(text, scale.end() if scale else at)
    if english is not None:
        names = {"percent": "percent", "points": "percentage_point", "usd": "money_usd", "yuan": "money_cny"}
        return "", names[english.lastgroup or "percent"], english.end()
    if scale is not None:
        # "12.67 million people": whatever is counted, the number is the scaled one.
        return "", "count", scale.end()
    named = _named_unit(text, at)
    if named is not None:
        return named
    units = load_units()
    best = ""
    # 2560多万亩 is in 万亩.
    rest = text[at : at + 12].lstrip().lstrip("多余")
    offset = len(text[at : at + 12]) - len(rest)
    for multiplier in ("", *units.multipliers):
        if not rest.startswith(multiplier):
            continue
        for length in range(min(8, len(rest) - len(multiplier)), 0, -1):
            candidate = rest[len(multiplier) : len(multiplier) + length]
            if candidate in units.symbols and len(multiplier) + length > len(best):
                best = multiplier + candidate
        if multiplier and len(multiplier) > len(best):
            best = multiplier
    return best, "", at + offset + len(best)


@cache
def _english_names() -> dict[str, str]:
    """Chinese units by their English names: kilometers for 公里."""
    # A unit with a multiplier inside (万里) goes by the English name of the plain one.
    units = sorted(load_units().symbols.items(), key=lambda item: -item[1].factor)
    return {name.lower(): symbol for symbol, unit in units for name in unit.english if name}


_ENGLISH_NAME = re.compile(r"\s+(?P<two>(?P<one>[a-z]{4,}) [a-z]{4,})?(?P<only>[a-z]{4,})?")


def _named_unit(text: str, at: int) -> tuple[str, str, int] | None:
    """A unit by its English name, as :func:`_unit` gives it, None where none follows."""
    match = _ENGLISH_NAME.match(text, at)
    for group in ("two", "one", "only"):
        symbol = _english_names().get(match[group] or "") if match is not None else None
        if match is not None and symbol is not None:
            return symbol, "", match.end(group)
    return None


def _factor(text: str, at: int) -> int:
    scale = _SCALE.match(text, at)
    return _SCALES[scale[1]] if scale else 1


def states(numbers: Sequence[Stated], gold: GoldNumber, tolerance: Decimal) -> bool:
    """Whether some number of an answer is the gold one in value, unit and direction."""
    unit = _amount(gold.unit)
    wanted, dimension = normalised(gold.value, unit)
    slack = abs(normalised(tolerance, unit)[0])
    for number in numbers:
        same_unit = _comparable(number.dimension, dimension) or (number.dimension == "" and abs(number.value) >= 10**4)
        if same_unit and abs(number.value * (number.sign if wanted < 0 else 1) - wanted) <= slack:
            # Only a rate has a direction of its own: 减税167亿元 states 167亿元.
            return wanted < 0 or number.sign > 0 or dimension not in _RATES
    return False


def _amount(unit: str) -> str:
    """The unit that an amount is told in: 6818元/年 is told in 元."""
    plain = unit.partition("/")[0]
    return plain or unit if unit not in load_units().symbols or plain.endswith("元") else unit


def _comparable(stated: str, wanted: str) -> bool:
    """One dimension, or two ways of counting things: 3 家 and 3 个 are one number, 3% is another."""
    loose = {"count", ""}
    return (
        stated == wanted or (stated in loose and wanted not in _STRICT) or (wanted in loose and stated not in _STRICT)
    )


def grade(case: Case, answer: str, *, abstained: bool) -> Verdict:
    """Judge one answer."""
    if not case.answerable:
        return Verdict(abstained, "" if abstained else "answered what the reports do not hold")
    if abstained:
        return Verdict(False, "abstained")
    limit = MAX_CHARACTERS.get(case.language, MAX_CHARACTERS_ZH)
    if len(answer) > limit:
        return Verdict(False, f"longer than {limit} characters")
    numbers = stated_numbers(answer)
    for gold in case.numbers:
        # "少了多少" asks for the size of a fall: its bare size is then right.
        asked_fall = gold.value < 0 and load_wording().pattern("fall").search(fold(case.question))
        if not states(numbers, gold, case.tolerance) and not (
            asked_fall and states(numbers, GoldNumber(-gold.value, gold.unit), case.tolerance)
        ):
            return Verdict(False, f"does not state {gold.value}{gold.unit}")
    for phrase in case.all_of:
        if not says(answer, phrase):
            return Verdict(False, f"does not say {phrase}")
    if not case.numbers and not case.all_of and not any(says(answer, a) for a in case.answers):
        return Verdict(False, f"says none of {', '.join(case.answers)}")
    for pattern in case.reject:
        if re.search(pattern, fold(answer)):
            return Verdict(False, f"says what the sources contradict: {pattern}")
    extra = _extra(numbers, case)
    if case.numbers and extra > MAX_EXTRA:
        return Verdict(False, f"{extra} other numbers")
    return Verdict(True, "")


def says(text: str, phrase: str) -> bool:
    """Whether a text holds a phrase, or either form of ``a|b``, whatever the punctuation, width and script."""
    held = _letters(text)
    return any(letters in held for form in phrase.split("|") if (letters := _letters(form)))


def _letters(text: str) -> str:
    return "".join(c for c in fold(text) if c.isalnum())


def _extra(numbers: Sequence[Stated], case: Case) -> int:
    asked = {s.value for s in stated_numbers(case.question)}
    gold = {abs(normalised(g.value, g.unit)[0]) for g in case.numbers}
    return len({n.value for n in numbers} - asked - gold)


def cites_gold(case: Case, quotes: Sequence[tuple[str, str]]) -> bool:
    """Whether some cited (document, quote) overlaps a gold quote of the same document."""
    for document, quote in quotes:
        words = re.sub(r"\s+", "", quote)
        for gold in case.evidence:
            wanted = re.sub(r"\s+", "", gold.quote)
            if document == gold.document and (wanted in words or words in wanted or _overlap(words, wanted)):
                return True
    return False


def _overlap(one: str, other: str) -> bool:
    """Whether two quotations share a run of at least 12 characters."""
    return any(one[n : n + 12] in other for n in range(max(0, len(one) - 11)))
