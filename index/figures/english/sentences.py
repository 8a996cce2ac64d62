"""English sentences to figures: what each amount is of, by the verb before it or the noun behind it.

As in Chinese reports the subject is carried on: GDP reached 47.2 trillion yuan, an increase of 9.2% tells two figures of one.
What names nothing that could be asked for is left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from index.figures.english.lists import ends_of, in_unit_of, leads_to_next, names_of, priced_as_last, without_hedges
from index.figures.english.phrases import (
    APPROX,
    ARTICLES,
    BESIDE,
    CHANGES,
    FALLS,
    FEW,
    HEDGES,
    HELPS,
    LEVELS,
    LONGEST,
    NO_NAMES,
    PEOPLE,
    RATE_NAMES,
    RATES,
    RISES,
    SMALL_WORDS,
    SPANS,
    THESE,
    change_behind,
    change_in,
    deed_of,
    direct_thing,
    does,
    done_with,
    first_phrase,
    for_whom,
    held_in,
    joined_words,
    last_of,
    last_phrase,
    leading,
    name_of,
    phrase_in,
    purpose_of,
    says_there_are,
    subject_of,
    tells_change,
    what_is_kept,
    what_people_do,
    what_was_done,
    who_is_counted,
    without_end,
)
from index.figures.english.shares import THEM, is_led, said_of_it, share_of_named, spent_on
from index.figures.english.told import Clause, Reading, Told, level_of_counted, level_of_rate, says_what, when_told
from index.figures.when import Setting
from index.types import Measure, Span, Status
from index.words.english import Amount, Word, amounts_of, times_in, words_of


def read_english(text: str, setting: Setting, last: str = "") -> list[Told]:
    """The figures of one stretch of English text, in order; ``last`` is what the figure before it was of."""
    words = words_of(text)
    amounts = amounts_of(text, words)
    if not amounts:
        return []
    times = times_in(text, setting.clock)
    told: list[Told] = []
    subject, parts = last, False
    for start, end in _clauses(words):
        inside = [a for a in amounts if start <= a.first < end]
        if inside:
            reader = _Reader(Clause(words, start, end, times), inside, setting, subject, parts=parts)
            told.extend(reader.read())
            subject, parts = reader.subject, reader.parts
    return told


def _clauses(words: Sequence[Word]) -> Iterator[tuple[int, int]]:
    start = 0
    for at, word in enumerate(words):
        if word.ends_clause and not (word.mark.startswith(".") and len(word.bare) == 1):
            yield start, at + 1
            start = at + 1
    if start < len(words):
        yield start, len(words)


_NOTHING = Reading("", Measure.LEVEL)


@dataclass
class _Reader:
    """Reads the amounts of one clause in order."""

    clause: Clause
    amounts: Sequence[Amount]
    setting: Setting
    subject: str = ""
    """What the last figure was of."""
    lead: str = ""
    """The deed, or the subject with its verb, that holds for a list: closed down 31 million tons of iron, 19 million tons of coke."""

    parts: bool = False
    """Whether shares of what was told are listed: of this, 44% went into housing; 16% into research."""

    def read(self) -> Iterator[Told]:
        names, own = self._respectively()
        levels: list[str] = []
        for number, amount in enumerate(self.amounts):
            if number in names and not own and number - 1 not in names:
                # A was 3 and B 4 yuan, up 5% and 6% respectively
                names = dict(zip(names, levels[-len(names) :], strict=False)) if len(levels) >= len(names) else {}
            reading = self._reading(number, amount)
            if reading is not None and number in names:
                reading = replace(reading, name=names[number])
            elif reading is None and number in names and number - 1 in names:
                reading = replace(self._last, name=names[number])
            if reading is None and (base := self._risen_from(number, amount)) is not None:
                yield base
                continue
            if reading is None or not says_what(reading):
                continue
            self._last = reading
            self.subject = reading.name if number not in names else self.subject
            if reading.measure is Measure.LEVEL:
                levels.append(reading.name)
            start = self._set_out_from(number, reading, amount)
            if start is not None:
                yield start
                reading = replace(reading, comes_to=True)
            yield self._told(
                reading, amount if number not in names else priced_as_last(amount, self.amounts[max(names)])
            )

    _last: Reading = _NOTHING

    def _set_out_from(self, number: int, reading: Reading, amount: Amount) -> Told | None:
        """What stood at the start of a span of years: over the past five years it rose from 45.3 to 51.6 percent."""
        if not number or reading.measure is not Measure.LEVEL:
            return None
        before = self.amounts[number - 1]
        between = self.clause.words[before.last : amount.first]
        if not leads_to_next(without_end(self._before(number - 1), HEDGES), between):
            return None
        return self._at_start(reading, in_unit_of(before, amount))

    def _risen_from(self, number: int, amount: Amount) -> Told | None:
        """The same behind what it came to: grew to roughly 15 percent, up from 11.4 percent."""
        left = [w.bare for w in without_end(self._before(number), HEDGES)]
        again = left[-1:] == ["from"] and len(left) > 1 and left[-2] in RISES | FALLS and len(left) < 4
        alike = number and amount.figure.unit == self.amounts[number - 1].figure.unit
        if not (again and alike and self._last.comes_to):
            return None
        return self._at_start(self._last, amount)

    def _at_start(self, reading: Reading, amount: Amount) -> Told | None:
        told = self._told(replace(reading, comes_to=False), amount)
        ends = ends_of(told.period)
        return replace(told, period=ends[0]) if ends is not None and told.status is Status.ACTUAL else None

    # -- the words on both sides -------------------------------------------------------------------------------------

    def _before(self, number: int) -> list[Word]:
        """The words between the last amount (or the clause's start) and this one, without those that name a time."""
        first = self.amounts[number - 1].last if number else self.clause.start
        between = self.clause.words[first : self.amounts[number].first]
        if number and [w.bare for w in between if w.bare not in HEDGES] == ["to"]:
            # from 45.3 to 51.6 percent
            left = without_end(self._before(number - 1), HEDGES)
            return [*left[:-1], between[0]] if left and left[-1].bare == "from" else list(between)
        if between and between[-1].bare.endswith("$"):
            between = between[:-1]
        between = without_hedges(between)
        least = {n for n, w in enumerate(between) if w.bare in ("least", "most")}
        return [w for n, w in enumerate(between) if not self._is_time(w) and not (w.bare == "at" and n + 1 in least)]

    def _behind(self, number: int) -> list[Word]:
        end = self.amounts[number + 1].first if number + 1 < len(self.amounts) else self.clause.end
        return list(self.clause.words[self.amounts[number].last : end])

    def _is_time(self, word: Word) -> bool:
        return any(t.span.start <= word.span.start < t.span.end for t in self.clause.times)

    # -- readings ----------------------------------------------------------------------------------------------------

    def _reading(self, number: int, amount: Amount) -> Reading | None:
        left = without_end(self._before(number), HEDGES)
        if left and left[-1].bare in ("from", "between"):
            # from 45.3 to 51.6 percent: what it set out from is of a time that is not told.
            return None
        rest = [] if self.clause.words[amount.last - 1].ends_phrase else self._behind(number)
        behind = phrase_in(rest, counted=amount.counted or amount.figure.unit in RATES)
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
            return self._share(left, rest, amount, behind)
        return self._counted(left, number, amount, behind) or self._given(left, number, amount)

    def _change_behind(self, left: Sequence[Word], amount: Amount, rest: Sequence[Word]) -> Reading | None:
        """A 6.5 percent increase in farm incomes."""
        noun = change_behind(rest)
        if noun is None:
            return None
        at, sign = noun
        inside = phrase_in(rest[at + 1 :]) if rest[at:] and rest[at].bare in ("in", "of") else ""
        name = inside or self._own_or_last(without_end(left, SMALL_WORDS))
        return Reading(name, change_in(amount.figure.unit), sign)

    def _change(self, left: Sequence[Word], number: int, amount: Amount) -> Reading | None:
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
        name = name_of(things, cut=True) if things else self._name_of_change(left[:at], between, number, noun=noun)
        sure = bool(things) and name.endswith("s")
        unit = amount.figure.unit.replace("个", who_is_counted(name) or "个") if amount.counted else ""
        return Reading(name, change_in(amount.figure.unit), -1 if verb.bare in FALLS else 1, sure=sure, unit=unit)

    def _name_of_change(self, left: Sequence[Word], between: Sequence[Word], number: int, *, noun: bool) -> str:
        """What rose or fell: before the verb, inside an increase in consumer prices of 3%, or behind an increase of 3% in incomes."""
        name, behind = self._own_or_last(left), self._behind(number)
        if noun and len(between) > 2 and between[0].bare in ("in", "of"):
            return name_of(between[1:-1], cut=True) or name
        if noun and behind and behind[0].bare == "in" and not any(map(self._is_time, behind[1:3])):
            return name_of(words_of(phrase_in(behind[1:]))) or name
        return name

    def _own_or_last(self, words: Sequence[Word]) -> str:
        """The name that some words end in; what was told last where they are none, or say it again (this figure)."""
        own = last_phrase(words)
        again = ARTICLES | BESIDE | NO_NAMES | LEVELS | {"thus", "thereby"}
        goes_on = not own or all(w.bare in again or w.bare.endswith("ing") for w in own)
        return (self.subject if goes_on else "") or name_of(own)

    def _compared(self, left: Sequence[Word], number: int, amount: Amount) -> Reading | None:
        """503.8 billion yuan more than in the previous year's budget."""
        behind = [w.bare for w in self._behind(number)[:2]]
        if len(behind) < 2 or behind[1] != "than" or behind[0] not in ("more", "higher", "less", "lower", "fewer"):
            return None
        sign = 1 if behind[0] in ("more", "higher") else -1
        name = name_of(last_phrase(without_end(left, BESIDE | LEVELS))) or self.subject
        return Reading(name, change_in(amount.figure.unit), sign)

    def _kept(self, left: Sequence[Word], amount: Amount) -> Reading | None:
        """A rate by its name alone (unemployment rate of 5.5 percent), and what is kept at or brought to an amount."""
        plain, to = leading(left)
        last = plain[-1] if plain else None
        if last is not None and last.bare in RATE_NAMES and amount.figure.unit in RATES and not last.mark:
            return Reading(name_of(last_phrase(plain)), Measure.LEVEL)
        kept = "" if amount.counted or (last is not None and last.bare in LEVELS) else what_is_kept(left, to=to)
        return Reading(kept, Measure.LEVEL) if kept else None

    def _level(self, left: Sequence[Word], amount: Amount, behind: str) -> Reading | None:
        """Grain output reached 571 million tons; None where no verb says how much there is."""
        plain, to = leading(left)
        verb = plain[-1].bare if plain else ""
        if verb not in LEVELS and not (to and verb in RISES | FALLS):
            return None
        start = len(plain) - 1
        while start > 0 and plain[start - 1].bare in LEVELS | BESIDE - RATE_NAMES:
            start -= 1
        comes_to = to and verb in RISES | FALLS
        own = last_phrase(plain[:start])
        if own and own[-1].bare == "there" and amount.counted:
            return None
        name = subject_of(own) or name_of(first_phrase(plain[:start]))
        if not name:
            name = self.subject if amount.figure.unit in RATES else ""
            if behind.startswith("of ") and name:
                # accounting for 30% of the total
                return level_of_rate(name, amount.figure.unit, behind)
            again = own and own[-1].bare == "figure"
            return Reading(name, self._last.measure if again else Measure.LEVEL, comes_to=comes_to)
        sure = comes_to and name.endswith("s")
        if amount.counted and (behind or not comes_to):
            return level_of_counted(name, verb, behind)
        if amount.figure.unit in RATES:
            return replace(level_of_rate(name, amount.figure.unit, behind), comes_to=comes_to)
        if behind.startswith("of "):
            # amounted to 150 million tons of cement, 31 million tons of iron
            self.lead = f"{name} of"
            name = name if set(behind.split()) & THESE else f"{name} {behind}"
        unit = who_is_counted(name) if amount.counted else ""
        unit = amount.figure.unit.replace("个", unit) if unit else ""
        return Reading(name, Measure.LEVEL, comes_to=comes_to, sure=sure, unit=unit)

    def _share(self, left: Sequence[Word], rest: Sequence[Word], amount: Amount, behind: str) -> Reading | None:
        """More than 85 percent of villages were connected; of this, 44% was invested in housing."""
        if amount.figure.unit != "%":
            return None
        name = share_of_named(left, rest, behind, self.subject)
        if name:
            return Reading(name, Measure.SHARE)
        part, self.parts = spent_on(left, rest, listed=self.parts)
        if not part:
            return None
        # What the shares are of stays the subject of the list.
        return Reading(part, Measure.SHARE, core="", sure=True)

    def _counted(self, left: Sequence[Word], number: int, amount: Amount, behind: str) -> Reading | None:
        """46 new civilian airports; 5,557 kilometers of new railway lines."""
        measured = behind.startswith("of ")
        thing = behind.removeprefix("of ") if measured else behind if amount.counted else ""
        rest = self._behind(number)
        if measured and thing in THEM and self.subject and amount.counted:
            return self._of_them(rest, amount)
        if not thing or (" " not in thing and thing.endswith(("ed", "ly"))) or thing.split()[0] in SPANS | NO_NAMES:
            return None
        told = self._led(left, number)
        lead = deed_of(told) if is_led(told) else ""
        if does(told):
            self.lead = lead
        elif told and not told[-1].mark:
            self.lead = ""
        done = what_was_done(rest) or (said_of_it(rest) if measured and " " not in thing else "")
        lead = lead or self.lead
        if thing in PEOPLE and not (lead or done):
            done = what_people_do(rest)
            if not (done or says_there_are(left)):
                return None
        core = "" if lead else thing
        whom = "" if done else self._for_whom(rest, thing)
        return Reading(joined_words(lead, thing, done or whom), Measure.LEVEL, core=core, sure=measured)

    def _of_them(self, rest: Sequence[Word], amount: Amount) -> Reading | None:
        """12 million of them received allowances: of those who were counted last."""
        name = joined_words(self.subject, what_people_do(rest[1:]))
        unit = amount.figure.unit.replace("个", who_is_counted(self.subject) or "个")
        known = name != self.subject and len(name.split()) <= LONGEST
        return Reading(name, Measure.LEVEL, unit=unit) if known else None

    def _for_whom(self, rest: Sequence[Word], thing: str) -> str:
        """For whom, or where, what was counted is, unless those words name a time."""
        whom = for_whom(rest, thing)
        return "" if whom and any(map(self._is_time, rest[: len(f"{thing} {whom}".split())])) else whom

    def _given(self, left: Sequence[Word], number: int, amount: Amount) -> Reading | None:
        """A total investment of 300 billion yuan; 20 billion yuan to support technological upgrading."""
        held = held_in(left)
        if amount.counted:
            # with its population of over 1.3 billion
            unit = who_is_counted(held)
            scaled = amount.figure.unit != "个" and unit
            return Reading(held, Measure.LEVEL, unit=amount.figure.unit.replace("个", unit)) if scaled else None
        if held:
            return Reading(held, Measure.LEVEL)
        told, behind = self._led(left, number), self._behind(number)
        if (thing := direct_thing(left, behind)) or (thing := done_with(behind)):
            return Reading(thing, Measure.LEVEL)
        purpose = purpose_of(behind)
        if not purpose and number + 1 < len(self.amounts) and [w.bare for w in behind] in (["to", "support"], ["for"]):
            # 20 billion yuan to support 4,441 projects
            purpose = f"{' '.join(w.bare for w in behind)} {phrase_in(self._behind(number + 1), counted=True)}"
        verb = deed_of(told) if does(told) else what_was_done(behind)
        if purpose and not verb and behind[0].bare == "in" and amount.figure.unit.endswith("元"):
            # 200 billion yuan in local government bonds
            return Reading(phrase_in(behind[1:]), Measure.LEVEL)
        return Reading(f"{verb} {purpose}", Measure.LEVEL) if verb and purpose else None

    @staticmethod
    def _led(left: Sequence[Word], number: int) -> list[Word]:
        """The words that lead to an amount; behind another only those of its own phrase."""
        return without_end(last_phrase(left) if number else left, SMALL_WORDS | BESIDE | {"and"})

    # -- lists, times and the outcome -------------------------------------------------------------------------------

    def _respectively(self) -> tuple[dict[int, str], bool]:
        """The names of a list by number of the amount: A and B rose by 8.4% and 11.4%, respectively.

        Empty names where the words cannot be parted: which amount is whose is not told then. False where the list has no
        names of its own, so that it is of what was told before.
        """
        words = self.clause.words[self.clause.start : self.clause.end]
        at_word = next((n for n, w in enumerate(words, self.clause.start) if w.bare == "respectively"), None)
        if at_word is None or len(self.amounts) < 2:
            return {}, True
        last = max((n for n, a in enumerate(self.amounts) if a.last <= at_word), default=len(self.amounts) - 1)
        first = last
        while first and all(w.bare in ("and", "or") for w in self._before(first)):
            first -= 1
        left, count = self._before(first), last - first + 1
        at = last_of(left, RISES | FALLS | LEVELS)
        if at is None or count < 2:
            return {}, True
        own = [w for w in left[:at] if w.bare not in ARTICLES | BESIDE | HELPS]
        names = names_of(left[:at], count)
        if not names and left[-1].bare == "by":
            names = names_of(left[at + 1 : -1], count)
        names = names or [""] * count
        return {first + n: name for n, name in enumerate(names)}, bool(own or len(left) - at > FEW)

    def _told(self, reading: Reading, amount: Amount) -> Told:
        words = self.clause.words
        span = Span(words[self.clause.start].span.start, words[self.clause.end - 1].span.end)
        period, status = when_told(self.clause, amount, self.setting)
        if reading.comes_to and status is Status.ACTUAL and (ends := ends_of(period)) is not None:
            period = ends[1]
        before = next((w.bare for w in reversed(words[self.clause.start : amount.first][-2:]) if w.bare in APPROX), "")
        approx = APPROX.get(before, "")
        core = reading.core or reading.name
        figure = replace(amount.figure, unit=reading.unit) if reading.unit else amount.figure
        return Told(
            reading.name, core, reading.measure, figure, reading.sign, approx, reading.base, period, status, span
        )
