"""English sentences to figures: what each amount is of, by the verb before it or the noun behind it.

As in Chinese reports the subject is carried on: GDP reached 47.2 trillion yuan, an increase of 9.2% tells two figures of one.
What names nothing that could be asked for is left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from index.figures.english.phrases import (
    AGES,
    APPROX,
    ARE,
    ARTICLES,
    BESIDE,
    CHANGES,
    FALLS,
    HEDGES,
    LEVELS,
    NO_NAMES,
    PEOPLE,
    RATE_NAMES,
    RATES,
    REACH_OUT,
    RISES,
    SMALL_WORDS,
    SPANS,
    THESE,
    WILL,
    YEAR,
    change_behind,
    change_in,
    deed_of,
    does,
    first_phrase,
    held_in,
    joined_words,
    last_of,
    last_phrase,
    leading,
    name_of,
    names_of,
    phrase_in,
    purpose_of,
    tells_change,
    what_is_kept,
    what_people_do,
    what_was_done,
    without_end,
)
from index.figures.when import Setting
from index.types import Measure, Period, Span, Status
from index.words.english import Amount, Word, amounts_of, times_in, words_of
from index.words.lexicon import load_indicators
from index.words.numbers import Figure
from index.words.periods import TimeMention


@dataclass(frozen=True, slots=True)
class Told:
    """One figure of an English sentence; ``span`` is of the clause that tells it."""

    name: str
    core: str
    """The part of the name that may be an indicator of the lexicon."""
    measure: Measure
    figure: Figure
    sign: int
    approx: str
    base: str
    period: Period | None
    status: Status
    span: Span


@dataclass(frozen=True, slots=True)
class _Clause:
    """The words of a clause, and what was told last before it."""

    words: Sequence[Word]
    start: int
    end: int
    times: Sequence[TimeMention]


def _says_what(reading: _Reading) -> bool:
    """Whether a name could be asked for: one word alone can only where it is an indicator's."""
    return reading.sure or " " in reading.name or load_indicators().named_in_english(reading.name) is not None


def _level_of_counted(name: str, verb: str, behind: str) -> _Reading:
    """Schemes now cover 900 million people; life expectancy reached 76.7 years."""
    if behind.startswith("years"):
        return _Reading(name if AGES & set(name.split()) else "", Measure.LEVEL, unit="岁")
    if verb.startswith("cover"):
        return _Reading(f"{behind} covered by {name}" if behind else "", Measure.LEVEL)
    return _Reading(f"{name} {behind}" if behind and verb not in ARE else name, Measure.LEVEL)


def _level_of_rate(name: str, unit: str, behind: str) -> _Reading:
    """Spending accounted for 4% of GDP; the growth rate was 6.9 percent."""
    if behind.startswith("of ") and unit == "%":
        return _Reading(f"{name} as a share {behind}", Measure.SHARE)
    grew = (name.rsplit(maxsplit=1)[-1] in CHANGES or name.endswith("growth rate")) and "contribution" not in name
    return _Reading(name, Measure.GROWTH if grew and unit == "%" else Measure.LEVEL)


def read_english(text: str, setting: Setting, last: str = "") -> list[Told]:
    """The figures of one stretch of English text, in order; ``last`` is what the figure before it was of."""
    words = words_of(text)
    amounts = amounts_of(text, words)
    if not amounts:
        return []
    times = times_in(text, setting.clock)
    told: list[Told] = []
    subject = last
    for start, end in _clauses(words):
        inside = [a for a in amounts if start <= a.first < end]
        if inside:
            reader = _Reader(_Clause(words, start, end, times), inside, setting, subject)
            told.extend(reader.read())
            subject = reader.subject
    return told


def _clauses(words: Sequence[Word]) -> Iterator[tuple[int, int]]:
    start = 0
    for at, word in enumerate(words):
        if word.ends_clause and not (word.mark.startswith(".") and len(word.bare) == 1):
            yield start, at + 1
            start = at + 1
    if start < len(words):
        yield start, len(words)


@dataclass(frozen=True, slots=True)
class _Reading:
    name: str
    measure: Measure
    sign: int = 1
    base: str = ""
    core: str = ""
    """The part of the name that may be an indicator of the lexicon, where it is not all of it."""
    sure: bool = False
    """Whether the words before the name say that it is what was measured: 12 million tons of paper."""
    unit: str = ""
    """The unit that the name tells, where the words behind the amount do not: 76.7 years of life expectancy."""


@dataclass
class _Reader:
    """Reads the amounts of one clause in order."""

    clause: _Clause
    amounts: Sequence[Amount]
    setting: Setting
    subject: str = ""
    """What the last figure was of."""
    lead: str = ""
    """The deed, or the subject with its verb, that holds for a list: closed down 31 million tons of iron, 19 million tons of coke."""

    def read(self) -> Iterator[Told]:
        names = self._respectively()
        for number, amount in enumerate(self.amounts):
            reading = self._reading(number, amount)
            if reading is not None and number in names:
                reading = replace(reading, name=names[number])
            elif reading is None and number in names and number - 1 in names:
                reading = replace(self._last, name=names[number])
            if reading is None or not _says_what(reading):
                continue
            self._last = reading
            self.subject = reading.name if number not in names else self.subject
            yield self._told(reading, amount)

    _last: _Reading = _Reading("", Measure.LEVEL)

    # -- the words on both sides -------------------------------------------------------------------------------------

    def _before(self, number: int) -> list[Word]:
        """The words between the last amount (or the clause's start) and this one, without those that name a time."""
        first = self.amounts[number - 1].last if number else self.clause.start
        between = self.clause.words[first : self.amounts[number].first]
        if number and [w.bare for w in between if w.bare not in HEDGES] == ["to"]:
            # from 45.3 to 51.6 percent
            left = without_end(self._before(number - 1), HEDGES)
            return [*left[:-1], between[0]] if left and left[-1].bare == "from" else list(between)
        bare = [w.bare for w in between]
        if bare[-3:] == ["a", "total", "of"]:
            between = between[:-3]
        least = {n for n, w in enumerate(between) if w.bare in ("least", "most")}
        return [w for n, w in enumerate(between) if not self._is_time(w) and not (w.bare == "at" and n + 1 in least)]

    def _behind(self, number: int) -> list[Word]:
        end = self.amounts[number + 1].first if number + 1 < len(self.amounts) else self.clause.end
        return list(self.clause.words[self.amounts[number].last : end])

    def _is_time(self, word: Word) -> bool:
        return any(t.span.start <= word.span.start < t.span.end for t in self.clause.times)

    # -- readings ----------------------------------------------------------------------------------------------------

    def _reading(self, number: int, amount: Amount) -> _Reading | None:
        left = without_end(self._before(number), HEDGES)
        if left and left[-1].bare in ("from", "between"):
            # from 45.3 to 51.6 percent: what it set out from is of a time that is not told.
            return None
        rest = [] if self.clause.words[amount.last - 1].ends_phrase else self._behind(number)
        behind = phrase_in(rest)
        if amount.counted and not left and (not behind or behind.split()[0] in SPANS):
            return None
        told = (
            self._change_behind(left, amount, rest)
            or self._change(left, number, amount)
            or self._compared(left, number, amount)
            or self._kept(left, amount)
            or self._level(left, amount, behind)
        )
        if told is not None:
            return told
        if amount.figure.unit in RATES:
            return self._reached_out(left, number, amount, behind)
        return self._counted(left, number, amount, behind) or self._given(left, number, amount)

    def _change_behind(self, left: Sequence[Word], amount: Amount, rest: Sequence[Word]) -> _Reading | None:
        """A 6.5 percent increase in farm incomes."""
        noun = change_behind(rest)
        if noun is None:
            return None
        at, sign = noun
        inside = phrase_in(rest[at + 1 :]) if rest[at:] and rest[at].bare in ("in", "of") else ""
        name = inside or self._own_or_last(without_end(left, SMALL_WORDS))
        return _Reading(name, change_in(amount.figure.unit), sign)

    def _change(self, left: Sequence[Word], number: int, amount: Amount) -> _Reading | None:
        """GDP grew 6.9 percent; an increase of 9.2%; cut emissions by 3%; None where no change is told."""
        at = last_of(left, RISES | FALLS)
        if at is None or not tells_change(left, at):
            return None
        verb, between = left[at], left[at + 1 :]
        last = between[-1].bare if between else ""
        noun = verb.bare in CHANGES and (last == "of" or not between)
        if not noun and last != "by" and not all(w.bare in BESIDE or w.bare in ("by", "of") for w in between):
            return None
        if amount.counted and not noun and last != "by":
            # increased 5 million people is none; raised 46 new airports counts them.
            return None
        things = [] if noun or last != "by" else [w for w in between[:-1] if w.bare not in BESIDE]
        name = name_of(things) if things else self._own_or_last(left[:at])
        behind = self._behind(number)
        if noun and behind and behind[0].bare == "in" and not name_of(last_phrase(left[:at])):
            # an increase of 3% in farm incomes
            name = name_of(words_of(phrase_in(behind[1:]))) or name
        return _Reading(name, change_in(amount.figure.unit), -1 if verb.bare in FALLS else 1)

    def _own_or_last(self, words: Sequence[Word]) -> str:
        """The name that some words end in; what was told last where they are none, or say it again (this figure)."""
        own = last_phrase(words)
        goes_on = not own or all(w.bare in ARTICLES | BESIDE | NO_NAMES | LEVELS for w in own)
        return name_of(own) or (self.subject if goes_on else "")

    def _compared(self, left: Sequence[Word], number: int, amount: Amount) -> _Reading | None:
        """503.8 billion yuan more than in the previous year's budget."""
        behind = [w.bare for w in self._behind(number)[:2]]
        if len(behind) < 2 or behind[1] != "than" or behind[0] not in ("more", "higher", "less", "lower", "fewer"):
            return None
        sign = 1 if behind[0] in ("more", "higher") else -1
        name = name_of(last_phrase(without_end(left, BESIDE | LEVELS))) or self.subject
        return _Reading(name, change_in(amount.figure.unit), sign)

    def _kept(self, left: Sequence[Word], amount: Amount) -> _Reading | None:
        """A rate by its name alone (unemployment rate of 5.5 percent), and what is kept at or brought to an amount."""
        plain, to = leading(left)
        last = plain[-1] if plain else None
        if last is not None and last.bare in RATE_NAMES and amount.figure.unit in RATES and not last.mark:
            return _Reading(name_of(last_phrase(plain)), Measure.LEVEL)
        kept = "" if amount.counted or (last is not None and last.bare in LEVELS) else what_is_kept(left, to=to)
        return _Reading(kept, Measure.LEVEL) if kept else None

    def _level(self, left: Sequence[Word], amount: Amount, behind: str) -> _Reading | None:
        """Grain output reached 571 million tons; None where no verb says how much there is."""
        plain, to = leading(left)
        verb = plain[-1].bare if plain else ""
        if verb not in LEVELS and not (to and verb in RISES | FALLS):
            return None
        start = len(plain) - 1
        while start > 0 and plain[start - 1].bare in LEVELS | BESIDE - RATE_NAMES:
            start -= 1
        name = name_of(last_phrase(plain[:start])) or name_of(first_phrase(plain[:start]))
        if not name:
            return _Reading(self.subject if amount.figure.unit in RATES else "", Measure.LEVEL)
        if amount.counted:
            return _level_of_counted(name, verb, behind)
        if amount.figure.unit in RATES:
            return _level_of_rate(name, amount.figure.unit, behind)
        if behind.startswith("of "):
            # amounted to 150 million tons of cement, 31 million tons of iron
            self.lead = f"{name} of"
            name = name if set(behind.split()) & THESE else f"{name} {behind}"
        return _Reading(name, Measure.LEVEL)

    def _reached_out(self, left: Sequence[Word], number: int, amount: Amount, behind: str) -> _Reading | None:
        """More than 85 percent of villages were connected: a share of what is named behind it."""
        if amount.figure.unit != "%" or not behind.startswith("of "):
            return None
        reaches = deed_of(left) if left and left[-1].bare in REACH_OUT else ""
        done = what_was_done(self._behind(number)) or reaches
        return _Reading(f"{behind.removeprefix('of ')} {done}", Measure.SHARE) if done else None

    def _counted(self, left: Sequence[Word], number: int, amount: Amount, behind: str) -> _Reading | None:
        """46 new civilian airports; 5,557 kilometers of new railway lines."""
        measured = behind.startswith("of ")
        thing = behind.removeprefix("of ") if measured else behind if amount.counted else ""
        if not thing or (" " not in thing and thing.endswith(("ed", "ly"))) or thing.split()[0] in SPANS | NO_NAMES:
            return None
        told = self._led(left, number)
        if does(told):
            self.lead = deed_of(told)
        elif told and not told[-1].mark:
            self.lead = ""
        done = what_was_done(self._behind(number))
        if thing in PEOPLE and not (self.lead or done):
            done = what_people_do(self._behind(number))
            if not done:
                return None
        core = "" if self.lead else thing
        return _Reading(joined_words(self.lead, thing, done), Measure.LEVEL, core=core, sure=measured)

    def _given(self, left: Sequence[Word], number: int, amount: Amount) -> _Reading | None:
        """A total investment of 300 billion yuan; 20 billion yuan to support technological upgrading."""
        if amount.counted:
            return None
        if held := held_in(left):
            return _Reading(held, Measure.LEVEL)
        told, behind = self._led(left, number), self._behind(number)
        purpose = purpose_of(behind)
        verb = deed_of(told) if does(told) else what_was_done(behind)
        return _Reading(f"{verb} {purpose}", Measure.LEVEL) if verb and purpose else None

    @staticmethod
    def _led(left: Sequence[Word], number: int) -> list[Word]:
        """The words that lead to an amount; behind another only those of its own phrase."""
        return without_end(last_phrase(left) if number else left, SMALL_WORDS | BESIDE | {"and"})

    # -- lists, times and the outcome -------------------------------------------------------------------------------

    def _respectively(self) -> dict[int, str]:
        """The names of a list by number of the amount: A and B rose by 8.4% and 11.4%, respectively."""
        words = self.clause.words[self.clause.start : self.clause.end]
        if not any(w.bare == "respectively" for w in words) or len(self.amounts) < 2:
            return {}
        last = len(self.amounts) - 1
        first = last
        while first and all(w.bare in ("and", "or") for w in self._before(first)):
            first -= 1
        left = self._before(first)
        at = last_of(left, RISES | FALLS | LEVELS)
        names = names_of(left[:at]) if at is not None else []
        return {first + n: name for n, name in enumerate(names)} if len(names) == last - first + 1 else {}

    def _told(self, reading: _Reading, amount: Amount) -> Told:
        words = self.clause.words
        span = Span(words[self.clause.start].span.start, words[self.clause.end - 1].span.end)
        period, status = self._when(amount)
        before = next((w.bare for w in reversed(words[self.clause.start : amount.first][-2:]) if w.bare in APPROX), "")
        approx = APPROX.get(before, "")
        core = reading.core or reading.name
        figure = replace(amount.figure, unit=reading.unit) if reading.unit else amount.figure
        return Told(
            reading.name, core, reading.measure, figure, reading.sign, approx, reading.base, period, status, span
        )

    def _when(self, amount: Amount) -> tuple[Period | None, Status]:
        own = [t for t in self.clause.times if not t.base]
        at = amount.figure.span.start
        words = self.clause.words
        start = words[self.clause.start].span.start
        here = [t for t in own if start <= t.span.start < words[self.clause.end - 1].span.end]
        before = [t for t in here if t.span.start < at]
        time = before[-1] if before else here[0] if here else None
        period = time.period if time is not None else self.setting.period
        closes = self.setting.closes
        over = period is not None and closes is not None and period.last <= closes
        plans = any(w.bare in WILL for w in words[self.clause.start : amount.first])
        begun = period is not None and closes is not None and period.length > YEAR and period.first <= closes
        if time is not None and (over or begun) and not plans:
            return period, Status.ACTUAL
        if plans and (time is None or over) and (self.setting.status is Status.ACTUAL or over):
            # What will be done is of the year in which it is said.
            return Period.year(self.setting.clock.this_year), Status.TARGET
        if self.setting.status is Status.TARGET or (period is not None and closes is not None and period.last > closes):
            return period, Status.TARGET
        return period, self.setting.status
