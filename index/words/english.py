"""English text of a report: its words, the times that it names and its amounts, in the units that Chinese reports use."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache

from index.types import Period, Span
from index.words.lexicon import load_units, load_wording
from index.words.numbers import Figure
from index.words.periods import Clock, TimeMention, find_times, plan_by_number

_SCALES = {"thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12}
_STEPS = (("万亿", 10**12), ("亿", 10**8), ("万", 10**4))
_SMALL = {
    w: n for n, w in enumerate(["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"])
}
_ORDINALS = {
    w: n
    for n, w in enumerate(
        ["first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth", "eleventh", "twelfth", "thirteenth", "fourteenth", "fifteenth"], 1
    )
}  # fmt: skip
_COUNTED = frozenset({"count", "number", "time"})
"""Dimensions whose English words name what is counted: vehicles, people; and years, which are times."""
_FIRST_YEAR, _LAST_YEAR = 1900, 2100
_LATIN_SHARE = 0.9
_MARKS = ".,;:()[]\"“”‘’'!?-–—"
_ABBREVIATED = frozenset({"u.s.", "u.s", "no.", "mr.", "st.", "e.g.", "i.e."})


def is_english(text: str) -> bool:
    """Whether a stretch of text is English prose: hardly a letter of it is of another script."""
    if " " not in text:
        # As most lines of Chinese are, and each is asked about: found without looking at every letter.
        return False
    letters = [c for c in text if c.isalpha()]
    latin = sum(c.isascii() for c in letters)
    return latin > 1 and latin >= _LATIN_SHARE * len(letters)


@dataclass(frozen=True, slots=True)
class Word:
    """One word: ``bare`` without marks around it, in small letters; ``span`` is of the bare word, ``mark`` what ends it."""

    bare: str
    span: Span
    mark: str

    @property
    def ends_clause(self) -> bool:
        return bool(set(self.mark) & set(";:.!?"))

    @property
    def ends_phrase(self) -> bool:
        return bool(set(self.mark) & set(",;:.!?—"))


def _has_digit(word: str) -> bool:
    return any(map(str.isdigit, word))


def _pieces(text: str) -> Iterator[tuple[int, str]]:
    """The stretches without spaces, parted behind a comma that stands in no number, and where they begin."""
    start = 0
    for at, sign in enumerate(text + " "):
        if sign.isspace():
            if at > start:
                yield start, text[start:at]
            start = at + 1
        elif sign in ",;:" and not (text[at - 1 : at].isdigit() and text[at + 1 : at + 2].isdigit()):
            yield start, text[start : at + 1]
            start = at + 1


def words_of(text: str) -> list[Word]:
    """The words of a text, in order."""
    result: list[Word] = []
    for at, piece in _pieces(text):
        bare = piece.strip(_MARKS)
        if not bare or (piece.startswith("(") and bare == bare.upper() and not _has_digit(bare)):
            # (CPI) says a name again.
            if result and piece.strip(")") != piece and any(m in piece for m in ",;:."):
                result[-1] = replace(result[-1], mark=result[-1].mark + piece[-1])
            elif result and not piece.strip("-–—"):
                # 320 counties - a historic step
                result[-1] = replace(result[-1], mark=result[-1].mark + "—")
            continue
        start = at + piece.index(bare)
        behind = text[start + len(bare) : at + len(piece)]
        mark = "" if piece.lower() in _ABBREVIATED else behind.replace("'", "").replace("’", "")
        result.append(Word(bare.lower().replace("’", "'"), Span(start, start + len(bare)), mark))
    return result


def _year(word: str) -> int | None:
    year = int(word) if len(word) == 4 and word.isdigit() else 0
    return year if _FIRST_YEAR <= year <= _LAST_YEAR else None


@cache
def _lists(name: str) -> frozenset[str]:
    return frozenset(load_wording().lists[name])


def times_in(text: str, clock: Clock) -> list[TimeMention]:
    """The periods that an English text names, in order; ``base`` marks those that something is compared with."""
    words = words_of(text)
    found: list[TimeMention] = []
    at = 0
    while at < len(words):
        read = _span_of_years(words, at, clock) or _relative(words, at, clock) or _named_year(words, at)
        if read is None:
            at += 1
            continue
        period, size, base = read
        span = Span(words[at].span.start, words[at + size - 1].span.end)
        found.append(TimeMention(period, span, span.of(text), base))
        at += size
    return found


def times_of(text: str, clock: Clock) -> list[TimeMention]:
    """The periods that a text of either language names, in order."""
    return times_in(text, clock) if is_english(text) else find_times(text, clock)


_TimeRead = tuple[Period, int, bool]
_LEADS = frozenset(
    {"over", "in", "during", "within", "for", "the", "of", "by", "at", "since", "end", "from", "year", "to"}
)


def _lead(words: Sequence[Word], at: int, most: int = 4) -> int:
    """How many small words stand before a time: over the, by the end of."""
    count = 0
    while count < most and at + count < len(words) and words[at + count].bare in _LEADS:
        count += 1
    return count


def _span_of_years(words: Sequence[Word], at: int, clock: Clock) -> _TimeRead | None:
    """Over the past five years, from 2013 to 2017, the 12th Five-Year Plan period."""
    lead = _lead(words, at)
    rest = words[at + lead : at + lead + 4]
    bare = [w.bare for w in rest]
    if len(bare) >= 3 and bare[0] in ("past", "last", "previous", "next") and bare[2] == "years":
        count = _SMALL.get(bare[1]) or (int(bare[1]) if bare[1].isdigit() and len(bare[1]) < 3 else 0)
        if count < 2:
            return None
        last = clock.this_year + count - 1 if bare[0] == "next" else clock.this_year - 1
        return Period.years(last - count + 1, last), lead + 3, False
    if len(bare) >= 3 and bare[1] in ("to", "through", "and") and lead:
        first, last_year = _year(bare[0]), _year(bare[2])
        if first and last_year and first < last_year:
            return Period.years(first, last_year), lead + 3, False
    if len(bare) >= 3 and bare[0] == "first" and bare[2] == "years":
        # over the first four years of the 11th Five-Year Plan period
        return _first_years(_span_of_years(words, at + lead + 3, clock), _SMALL.get(bare[1], 0), lead + 3)
    if len(bare) >= 3 and bare[1] == "five-year" and bare[2] == "plan":
        number = _ORDINALS.get(bare[0]) or int("0" + "".join(filter(str.isdigit, bare[0])))
        plan = plan_by_number(number) if number else None
        return (plan, lead + 3, False) if plan is not None else None
    return None


def _first_years(whole: _TimeRead | None, count: int, size: int) -> _TimeRead | None:
    """So many years of the beginning of a span that stands ``size`` words on."""
    if whole is None or not 1 < count <= whole[0].last_year - whole[0].first_year:
        return None
    first = whole[0].first_year
    return Period.years(first, first + count - 1), size + whole[1], False


def _relative(words: Sequence[Word], at: int, clock: Clock) -> _TimeRead | None:
    """Last year, this year, the year just passed; over the previous year is only compared with."""
    lead = _lead(words, at)
    bare = [w.bare for w in words[at + lead : at + lead + 3]]
    before = {w.bare for w in words[max(0, at - 2) : at + lead]}
    if bare[:1] == ["just"] and bare[1:2] == ["passed"] and lead and words[at + lead - 1].bare == "year":
        return Period.year(clock.this_year - 1), lead + 2, False
    if len(bare) < 2 or bare[1] != "year":
        return None
    year = {"this": 0, "last": -1, "previous": -1, "past": -1, "preceding": -1, "next": 1}.get(bare[0])
    if year is None:
        return None
    base = bare[0] in ("previous", "preceding") or bool(before & {"than", "compared", "from"})
    # The year before the one that is told.
    this = clock.told if base else clock.this_year
    return Period.year(this + year), lead + 2, base


def _named_year(words: Sequence[Word], at: int) -> _TimeRead | None:
    lead = _lead(words, at)
    year = _year(words[at + lead].bare) if at + lead < len(words) else None
    behind = words[at + lead + 1].bare if at + lead + 1 < len(words) else ""
    if year is None or not lead or behind in (*_SCALES, "prices", "percent", "yuan"):
        return None
    before = [w.bare for w in words[max(0, at - 2) : at + lead]]
    compared = before[-1] in ("over", "from", "since", "at", "to") or "than" in before
    return Period.year(year), lead + 1, compared


@dataclass(frozen=True, slots=True)
class Amount:
    """An amount in words ``first`` to ``last`` (not included); ``figure`` has its value in a unit of Chinese reports.

    ``counted`` is whether no unit is told, so that the words behind name what is counted.
    """

    first: int
    last: int
    figure: Figure
    counted: bool


def amounts_of(text: str, words: Sequence[Word]) -> list[Amount]:
    """All amounts of a text, in order."""
    return list(_amounts(text, words))


def _amounts(text: str, words: Sequence[Word]) -> Iterator[Amount]:
    at = 0
    while at < len(words):
        compound = _compound(words[at].bare)
        # A 100-billion-yuan fund, the 150-million mark.
        read = _made(text, words, at, at + 1, *compound, scaled=True) if compound else _amount_at(text, words, at)
        if read is None:
            at += 1
            continue
        yield read
        at = read.last


def _number(word: str) -> Decimal | None:
    """The value of a number in digits: 1,025.5; 6-7 is its second end."""
    first, _, last = word.replace("–", "-").removesuffix("-percent").removesuffix("-percentage-point").partition("-")
    if last and not first.removesuffix("%").replace(".", "", 1).isdigit():
        # covid-19
        return None
    plain = (last or first).removesuffix("%").lstrip("$¥").replace(",", "")
    whole, _, fraction = plain.partition(".")
    if not whole.isdigit() or not whole.isascii() or (fraction and not fraction.isdigit()):
        return None
    return Decimal(plain.rstrip("."))


def _amount_at(text: str, words: Sequence[Word], at: int) -> Amount | None:
    word = words[at]
    following = words[at + 1].bare if at + 1 < len(words) and not word.mark else ""
    value = _number(word.bare)
    if value is None and word.bare in _SMALL and (following in _SCALES or following == "percent"):
        value = Decimal(_SMALL[word.bare])
    if value is None or (_year(word.bare) and following not in _SCALES and not word.bare.endswith("%")):
        return None
    if at and words[at - 1].bare in _lists("english_no_amounts"):
        return None
    last = at + 1
    if word.bare.endswith(("%", "-percent", "-percentage-point")):
        return _made(text, words, at, last, value, "个百分点" if word.bare.endswith("point") else "%")
    scale = Decimal(_SCALES.get(following, 1))
    last += following in _SCALES
    unit, size = _unit_at(words, last) if not words[last - 1].mark or words[last - 1].mark == "-" else ("", 0)
    if not unit and (word.bare.startswith("$") or (at and words[at - 1].bare.endswith("$"))):
        unit = "美元"
    if not unit and scale == 1 and (words[last - 1].ends_phrase or value < 2) and not _is_told(words, at):
        # A bare number that ends its phrase is of a list or a date.
        return None
    return _made(text, words, at, last + size, value * scale, unit, scaled=scale > 1)


def _compound(word: str) -> tuple[Decimal, str] | None:
    """Value and unit of a number that is written in one word with its scale: 100-billion-yuan."""
    number, _, rest = word.partition("-")
    scale, _, unit = rest.partition("-")
    value = _number(number) if scale in _SCALES else None
    return (value * _SCALES[scale], load_units().english.get(unit, "")) if value is not None else None


def _is_told(words: Sequence[Word], at: int) -> bool:
    """Whether a bare number at the end of its phrase is an amount all the same: from 10,000 to 100,000."""
    return (
        "," in words[at].bare and at > 0 and words[at - 1].bare in ("to", "by", "reached", "totaled", "over", "nearly")
    )


def _unit_at(words: Sequence[Word], at: int) -> tuple[str, int]:
    """The unit whose English name stands from a word on, as Chinese reports write it, and of how many words it is."""
    names = load_units().english
    for size in (4, 3, 2, 1):
        chosen = words[at : at + size]
        if len(chosen) < size or any(w.mark for w in chosen[:-1]):
            continue
        symbol = names.get(" ".join(w.bare for w in chosen))
        known = load_units().symbols.get(symbol or "")
        if symbol is not None and (known is None or known.dimension not in _COUNTED):
            return symbol, size
    return "", 0


def _made(
    text: str, words: Sequence[Word], first: int, last: int, value: Decimal, unit: str, *, scaled: bool = False
) -> Amount:
    span = Span(words[first].span.start, words[last - 1].span.end)
    symbol = unit or _counter_at(words, last)
    step, size = next(((s, n) for s, n in _STEPS if value >= n), ("", 1)) if scaled else ("", 1)
    plain = Decimal(f"{(value / size).normalize():f}")
    figure = Figure(plain if scaled else value, step + symbol, span.of(text), span)
    return Amount(first, last, figure, counted=not unit)


_COUNTERS = {
    "households": "户",
    "families": "户",
    "vehicles": "辆",
    "cars": "辆",
    "homes": "套",
    "apartments": "套",
    "housing": "套",
}


def _counter_at(words: Sequence[Word], at: int) -> str:
    """What things are counted by: people in 人, all else in 个."""
    near = words[at : at + 5]
    end = next((n for n, w in enumerate(near) if n and w.bare in _lists("english_stops") - {"and"}), len(near))
    noun = next((w.bare for w in near[:end] if w.bare in _COUNTERS or w.bare in _lists("english_people")), "")
    return _COUNTERS.get(noun, "人") if noun else "个"


_AHEAD = frozenset({"will", "should", "must", "shall", "targets", "target", "projected", "budgeted"})
_LEAST_PLANS = 0.4
_BEGINNING = 2000
"""Characters that show which language a text is in."""


def turn_of_english(text: str) -> int | None:
    """Where a text without headings turns from what was done to what will be: the start of the line that parts them best.

    None where what follows does not look ahead more than a third of the time.
    """
    if not is_english(text[:_BEGINNING]):
        return None
    starts: list[int] = []
    ahead: list[bool] = []
    items: list[bool] = []
    at = 0
    for line in text.splitlines(keepends=True):
        if line.strip():
            starts.append(at)
            items.append(line.lstrip().startswith(("-", "•", "·")) or line.rstrip().endswith(":"))
            ahead.append(bool(_AHEAD & {w.bare for w in words_of(line)}))
        at += len(line)
    total = sum(ahead)
    best, turn, before = 0, None, 0
    for number, looks_ahead in enumerate(ahead):
        score = (number - before) + (total - before)
        if score > best:
            best, turn = score, number
        before += looks_ahead
    if turn is None or not turn or sum(ahead[turn:]) < _LEAST_PLANS * len(ahead[turn:]):
        return None
    while turn and items[turn - 1]:
        # The list of aims that the words behind it speak of.
        turn -= 1
    return starts[turn]
