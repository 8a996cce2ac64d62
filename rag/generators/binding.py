"""Whether the figures of a sentence are those that were read from the cited text, for the place, time and thing it names."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal

from index.rules import At, Rule
from index.text.folding import fold
from index.types import Fact, Measure, Span, Status
from index.words.lexicon import load_indicators
from index.words.naming import normalised
from index.words.numbers import find_figures
from index.words.regions import Gazetteer
from rag.answer.citing import numbers_in
from rag.generators.contract import Evidence, Exhibit
from rag.generators.reading import (
    Carried,
    Cited,
    FigureMention,
    Mention,
    bare,
    clause_at,
    figures_of,
    is_han,
    last_before,
    nearest,
    places_in,
    times_in,
)
from rag.generators.words import any_word
from rag.types import Derived

NOTHING = Carried()
COUNTED = 2
"""Characters beside a number by which it is known again: 10方面."""
SPELT = 0.9
"""Share of an indicator's characters that a clause must hold to name it in pieces."""

_PLAN = Rule(
    "generators.binding.plan",
    any_word("plans", "leans_to_plans"),
    takes=("⟦力争⟧增长6%",),
    leaves=("已经增长6%",),
)
_ESTIMATE = Rule(
    "generators.binding.estimate",
    any_word("estimates"),
    takes=("⟦预计⟧增长5%",),
    leaves=("实际增长5%",),
)
_GROWS = Rule(
    "generators.binding.grows",
    any_word("moves"),
    takes=("同比⟦增⟧长",),
    leaves=("总额",),
)
_GROWN_BY = Rule(
    "generators.binding.grown_by",
    rf"{any_word('moved_by')}了?约?$|{any_word('moved_by_english')} (?:by )?$",
    takes=("同比⟦增长⟧",),
    leaves=("增长8.5%",),
)
_DOLLAR = Rule(
    "generators.binding.dollar",
    r"\s*(?:US )?(?:dollar|usd)",
    flags=re.IGNORECASE,
    takes=("⟦ usd⟧",),
    leaves=("元",),
    at=At.START,
)
_PLAN_ONLY = Rule(
    "generators.binding.plan_only",
    any_word("plans"),
    takes=("年度⟦目标⟧为6%",),
    leaves=("全年增长6%",),
)


@dataclass(frozen=True, slots=True)
class Bound:
    """A figure of a sentence and the facts that it may be; none where it stands verbatim or was calculated.

    ``span`` holds the figure's unit. ``verbatim`` where no fact is it, but the evidence has it beside the same words.
    """

    span: Span
    facts: tuple[Fact, ...] = ()
    verbatim: bool = False


class FigureCheck:
    """Finds for each figure of a sentence the facts that it may be."""

    def __init__(self, evidence: Evidence, known_regions: Collection[str]) -> None:
        self._evidence = evidence
        self._known = known_regions
        self._gazetteer = Gazetteer.load()

    def bind(
        self, text: str, cited: Cited, calculations: Sequence[Derived], carried: Carried = NOTHING
    ) -> list[Bound] | None:
        """The figures of a plain sentence, each with its facts; None where one belongs elsewhere than the words say."""
        times = times_in(text, self._evidence.asked_on.year) or carried.times
        places = places_in(self._gazetteer, text, self._known) or carried.places
        units = {f.span.start: f.span.end for f in find_figures(text)}
        things = [*carried.things, *self.things(text, cited.exhibits)]
        calculated = _results(calculations)
        found: list[Bound] = []
        for figure in figures_of(_without_formulas(text, calculations)):
            span = figure.span
            whole = Span(span.start, max(span.end, units.get(span.start, 0)))
            if figure.value in calculated or any(t.at <= span.start and span.end <= t.end for t in things):
                # Shown with its formula; or part of a name: 110总量.
                found.append(Bound(whole))
                continue
            exhibits = cited.at(span.start)
            same = [f for e in exhibits for f in e.facts if _same(f, figure) and _same_kind(f, text, span)]
            likely = [
                f
                for f in same
                if not self._rivals(f) and self._fits_time(f, nearest(times, span.start))
                and _fits_place(f, nearest(places, span.start)) and _fits_mode(f, text, span)
            ]  # fmt: skip
            thing, clause = _named_for(things, text, span), clause_at(text, span).of(text)
            fitting = [f for f in likely if self._fits_thing(f, thing, clause)]
            # A list may name only once what all its figures are of: 新开办学校13所、托育点5个.
            known_again = (likely or not same) and not self._is_asked(things, text, span)
            if not fitting and not (known_again and _stands_verbatim(text, span, exhibits)):
                return None
            found.append(Bound(whole, tuple(fitting), verbatim=not fitting))
        return found

    def things(self, text: str, exhibits: Sequence[Exhibit]) -> list[Mention]:
        """Where which indicator is named: by the words of the evidence, else by any name of the lexicon."""
        lexicon = load_indicators()
        named: dict[str, set[str]] = {}
        for fact in (f for e in exhibits for f in e.facts):
            known = lexicon.get(fact.canonical) if fact.canonical else None
            for name in (fact.indicator, fact.canonical or "", *(known.english if known else ())):
                if name:
                    # 青石市固定资产投资 is 固定资产投资, told with its place.
                    place = next((m for m in self._gazetteer.mentions(name, known=self._known) if m.start == 0), None)
                    bare_name = fold(name).lower()[place.end if place and place.end < len(name) else 0 :]
                    named.setdefault(bare_name, set()).update(
                        {fact.indicator, fact.canonical or fact.indicator, bare_name}
                    )
        lowered = text.lower()
        found: list[Mention] = []
        for name in sorted(named, key=len, reverse=True):
            for match in re.finditer(re.escape(name), lowered):
                if not any(t.at < match.end() and match.start() < t.end for t in found):
                    found.append(Mention(match.start(), frozenset(named[name]), match.end()))
        english = lexicon.asked_in(text) if self._evidence.language == "en" else ()
        for mention in (*lexicon.written_in(text), *english):
            if not any(t.at < mention.span.end and mention.span.start < t.end for t in found):
                found.append(Mention(mention.span.start, frozenset({mention.indicator.name}), mention.span.end))
        return sorted(found, key=lambda m: m.at)

    def _is_asked(self, things: Sequence[Mention], text: str, span: Span) -> bool:
        """Whether the words around a figure name what is asked for: of that only figures that were read may be told."""
        asked = {v.indicator for v in self._evidence.values} | set(self._evidence.query.thing.indicators)
        clause = clause_at(text, span)
        named = [m.value for m in things if clause.start <= m.at < clause.end]
        return any(isinstance(value, frozenset) and value & asked for value in named)

    def _rivals(self, fact: Fact) -> bool:
        """Whether the extractive answer gives another figure for just this slot: the evidence has been weighed there."""
        slot = (fact.region, str(fact.period), fact.measure.value)
        chosen = [
            v
            for v in self._evidence.values
            if (v.region, str(v.period), v.measure) == slot
            # A thing that has the asked one in its name may be the same in other words: 青石市固定资产投资.
            and (v.indicator == fact.canonical or fold(v.indicator) in fold(fact.indicator))
        ]
        if not chosen or any((Decimal(v.value), v.unit) == (fact.value, fact.unit) for v in chosen):
            return False
        # A thing with a longer name is another one where its sentence tells the chosen figure too: 一般公共预算收入5亿元,其中区级一般
        # 公共预算收入2亿元. Not so where the name is longer by a place.
        told = {(f.value, f.unit, f.measure.value) for e in self._evidence.exhibits if fact in e.facts for f in e.facts}
        return not all(
            fact.canonical != v.indicator
            and fold(v.indicator) != fold(fact.indicator)
            and (Decimal(v.value), v.unit, v.measure) in told
            and not self._gazetteer.mentions(fact.indicator, known=self._known)
            for v in chosen
        )

    def _fits_time(self, fact: Fact, said: Mention | None) -> bool:
        if said is None:
            asked = self._evidence.query.time.periods
            return not asked or fact.period in asked
        return fact.period is None or fact.period == said.value

    def _fits_thing(self, fact: Fact, said: Mention | None, clause: str) -> bool:
        own = {fact.indicator, fact.canonical or fact.indicator}
        # A name that its own figure parts in two: 新增3167个充电桩.
        letters = set(bare(fact.indicator))
        spelt = len(letters & set(bare(clause))) >= SPELT * len(letters)
        if said is None:
            return spelt or bool(own & set(self._evidence.query.thing.indicators))
        assert isinstance(said.value, frozenset)
        return bool(own & said.value) or (spelt and any(name in fact.indicator for name in said.value))


def _without_formulas(text: str, calculations: Sequence[Derived]) -> str:
    """The text with shown formulas blanked out: their operands stand in the evidence, and belong to no place beside them."""
    for calculation in calculations:
        formula = fold(calculation.formula)
        text = text.replace(formula, "\x00" * len(formula))
    return text


def _results(calculations: Sequence[Derived]) -> set[Decimal]:
    """What calculations come to: the numbers of their formulas that are not operands."""
    operands = {n for d in calculations for o in d.operands for n in numbers_in(f"{o.value}{o.unit}")}
    return {n for d in calculations for n in numbers_in(d.formula)} - operands


def _same(fact: Fact, figure: FigureMention) -> bool:
    own = "%" if fact.unit == "%" else "point" if "百分点" in fact.unit else ""
    amount = abs(fact.value)
    return own == figure.share and figure.value in {
        *numbers_in(f"{amount:f}{fact.unit}"),
        normalised(amount, fact.unit)[0].normalize(),
    }


def _fits_place(fact: Fact, said: Mention | None) -> bool:
    return said is None or fact.region is None or (isinstance(said.value, frozenset) and fact.region in said.value)


def _named_for(things: Sequence[Mention], text: str, span: Span) -> Mention | None:
    """What a figure is said to be of: what its own clause names before it, else behind it, else what was named last."""
    clause = clause_at(text, span)
    own = [m for m in things if clause.start <= m.at < clause.end]
    return last_before(own, span.start) or next(iter(own), None) or last_before(things, span.start)


def _same_kind(fact: Fact, text: str, span: Span) -> bool:
    """Whether the unit behind a figure is of the fact's dimension: yuan are no dollars."""
    if _DOLLAR.match(text, span.end):
        return "美元" in fact.unit
    unit = next((f.unit for f in find_figures(text) if f.span.start == span.start and any(map(is_han, f.unit))), None)
    return unit is None or normalised(Decimal(1), unit)[1] == normalised(Decimal(1), fact.unit)[1]


def _fits_mode(fact: Fact, text: str, span: Span) -> bool:
    """Whether growth is called growth, a plan or estimate what it is and a result not."""
    clause, sentence = clause_at(text, span).of(text).lower(), text.lower()
    before = sentence[: span.start].rstrip()
    if fact.measure in (Measure.GROWTH, Measure.CHANGE):
        # Which way it went is compared with the other words of the clause.
        if not _GROWS.search(clause):
            return False
        if before.endswith(("到", "至", " to")) and not before.endswith("达到"):
            # 提高到8% says what it came to, and not by how much it changed.
            return False
    elif fact.measure is Measure.LEVEL and _GROWN_BY.search(before):
        return False
    if fact.status is Status.TARGET:
        return bool(_PLAN.search(sentence))
    if fact.status is Status.ESTIMATE and not _ESTIMATE.search(sentence):
        return False
    return not _PLAN_ONLY.search(clause)


def _stands_verbatim(text: str, span: Span, exhibits: Sequence[Exhibit]) -> bool:
    """Whether a figure stands in a cited quotation with the words before it, or with two characters behind it."""
    before = bare(text[max(clause_at(text, span).start, span.start - 8) : span.start])[-4:]
    behind = bare(text[span.end : span.end + 4])
    number = bare(span.of(text))
    held = [bare(e.citation.quote) for e in exhibits]
    if len(before) >= COUNTED and any(before + number + behind[:1] in quote for quote in held):
        return True
    counted = number + behind[:COUNTED]
    return len(behind) >= COUNTED and any(
        (at := quote.find(counted)) >= 0 and not quote[at - 1 : at].isdigit() and quote[at - 1 : at] != "."
        for quote in held
    )
