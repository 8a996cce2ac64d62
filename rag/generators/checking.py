"""Checks one sentence that somebody else wrote against the exhibits it cites, before anyone sees it.

A sentence stands when it cites exhibits that exist, what it quotes is there, every number is a figure that was read from
a cited exhibit for the named place, time and thing, and the rest of its words are the evidence's and not its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from index.rules import At, Rule
from index.text.folding import fold
from index.text.notes import NOTE_MARK, SMALL_MARK
from index.types import Fact, Measure, Period, Span, Status
from index.words.fragments import YEAR
from index.words.lexicon import load_indicators
from index.words.naming import normalised
from index.words.numbers import find_figures
from index.words.periods import Clock, arabic_years, find_times
from index.words.regions import Gazetteer
from rag.answer.citing import AMOUNT, MARK, NUMERALS, SCALES, numbers_in, unlocked_numbers
from rag.generators.contract import Evidence, Exhibit
from rag.generators.words import any_word
from rag.types import Derived

LONG_QUOTE = 12
"""Characters from which a quotation brings its own setting; the numbers of a shorter one are checked like the text's."""

FAMILIAR = 0.5
"""Least share of a sentence's character pairs that evidence or question hold, where no figure of it was recognised."""

FAMILIAR_WITH_FIGURE = 0.35
"""The same for a sentence with figures: place, time, thing and number are checked besides, so it may be worded freely."""

SPELT = 0.9
"""Share of an indicator's characters that a clause must hold to name it in pieces."""

JOINING = 4
"""Character pairs that a sentence with a figure may add in any case: 比上年 and the like, which join it to the one before."""

_QUOTED = Rule(
    "generators.checking.quoted",
    r"“([^”]*)”|「([^」]*)」|\"([^\"]*)\"",
    takes=("提出⟦“一核两翼”⟧布局",),
    leaves=("提出一核两翼布局",),
)
_ACTIVE = Rule(
    "generators.checking.active",
    r"https?:|www\.|\]\(|!\[|<[a-zA-Z/!]|```",
    takes=("见⟦https:⟧//example.org",),
    leaves=("见第三章",),
)
"""Links, pictures and markup: evidence holds none worth repeating, and they are how planted text reaches out."""
_FIGURE = Rule(
    "generators.checking.figure",
    rf"(?<![\d.A-Za-z])(?P<n>{AMOUNT})\s*(?P<s>{'|'.join(SCALES)})?\s*(?P<u>{any_word('per_cent')})?"
    rf"|百分之(?P<h>[{NUMERALS}点]+)",
    takes=("增长⟦8.5%⟧", "⟦百分之八⟧"),
    leaves=("第三产业",),
)
_CALENDAR = Rule(
    "generators.checking.calendar",
    r"\s*(?:[-—至到]\s*\d{1,4}\s*)?[年月日]",
    takes=("⟦ 年⟧末",),
    leaves=("户",),
    at=At.START,
)
_YEAR_EN = Rule(
    "generators.checking.year_en",
    rf"(?:(first|second) half of |(?:h([12])|q([1-4])) )?(?<!\d)({YEAR})(?!\d|[.,]\d)",
    takes=("⟦first half of 2023⟧",),
    leaves=("2023.5",),
)
_HAN = Rule(
    "generators.checking.han",
    r"[\u3400-\u9fff]",
    takes=("⟦增⟧长",),
    leaves=("up",),
)
_FALL = Rule(
    "generators.checking.fall",
    any_word("falls"),
    takes=("同比⟦下降⟧2.1%",),
    leaves=("同比增长2.1%",),
)
_PLAN = Rule(
    "generators.checking.plan",
    any_word("plans", "leans_to_plans"),
    takes=("⟦力争⟧增长6%",),
    leaves=("已经增长6%",),
)
_ESTIMATE = Rule(
    "generators.checking.estimate",
    any_word("estimates"),
    takes=("⟦预计⟧增长5%",),
    leaves=("实际增长5%",),
)
_GROWS = Rule(
    "generators.checking.grows",
    any_word("moves"),
    takes=("同比⟦增⟧长",),
    leaves=("总额",),
)
_GROWN_BY = Rule(
    "generators.checking.grown_by",
    rf"{any_word('moved_by')}了?约?$|{any_word('moved_by_english')} (?:by )?$",
    takes=("同比⟦增长⟧",),
    leaves=("增长8.5%",),
)
_NOT = Rule(
    "generators.checking.not",
    rf"(?!{any_word('denies_nothing')}){any_word('denies')}|\b{any_word('denies_english')}\b|n't",
    takes=("⟦未⟧完成",),
    leaves=("未来无锡不断发展",),
    why="未来, 无锡 and 不断 deny nothing.",
)
_DOLLAR = Rule(
    "generators.checking.dollar",
    r"\s*(?:US )?(?:dollar|usd)",
    flags=re.IGNORECASE,
    takes=("⟦ usd⟧",),
    leaves=("元",),
    at=At.START,
)
_PLAN_ONLY = Rule(
    "generators.checking.plan_only",
    any_word("plans"),
    takes=("年度⟦目标⟧为6%",),
    leaves=("全年增长6%",),
)


@dataclass(frozen=True, slots=True)
class _Mention:
    """Words that set what a figure behind them belongs to."""

    at: int
    value: frozenset[str] | Period
    end: int = 0


class SentenceCheck:
    """Checks sentences against one body of evidence."""

    def __init__(self, evidence: Evidence, known_regions: Sequence[str]) -> None:
        self._evidence = evidence
        self._known = known_regions
        self._exhibits = {e.n: e for e in evidence.exhibits}
        self._gazetteer = Gazetteer.load()
        self._english = evidence.language == "en"

    def fault(self, sentence: str) -> str | None:
        """What is wrong with a sentence, in words without its text; None where it stands."""
        exhibits = [self._exhibits[n] for n in map(int, MARK.findall(sentence)) if n in self._exhibits]
        plain = SMALL_MARK.sub("", MARK.sub(lambda m: "" if int(m[1]) in self._exhibits else m[0], sentence))
        quotes = [next(filter(None, m.groups()), "") for m in _QUOTED.finditer(plain)]
        quoted = any(len(q) >= LONG_QUOTE for q in quotes)
        return (
            self._cited_badly(sentence, exhibits)
            or self._quoted_badly(plain, quotes, exhibits, quoted=quoted)
            or self._figured_badly(plain, exhibits)
            or self._unfamiliar(plain, exhibits, quoted)
        )

    def _cited_badly(self, sentence: str, exhibits: Sequence[Exhibit]) -> str | None:
        """Whether a sentence cites nothing or what is not there, or reaches out."""
        marked = [int(n) for n in MARK.findall(sentence)]
        if not marked:
            return "cites nothing"
        # A note's mark inside of a quotation cites nothing here.
        notes = {int(n) for e in exhibits for n in MARK.findall(fold(f"{e.citation.quote}\n{e.citation.title}"))}
        if not notes.issuperset(n for n in marked if n not in self._exhibits):
            return "cites what does not exist"
        return "holds a link or markup" if _ACTIVE.search(sentence) else None

    def _quoted_badly(
        self, plain: str, quotes: Sequence[str], exhibits: Sequence[Exhibit], *, quoted: bool
    ) -> str | None:
        """Whether a quotation is none, or there is neither one nor a figure where a figure is asked for."""
        if any(not self._is_quoted(q, exhibits) for q in quotes):
            return "quotes what the cited text does not say"
        if self._evidence.values and not quoted and next(_figures(arabic_years(fold(plain))), None) is None:
            return "gives no figure where one is asked for"
        return None

    def _figured_badly(self, plain: str, exhibits: Sequence[Exhibit]) -> str | None:
        """Whether a number, place or time of a sentence is not what its exhibits say."""
        checked = _QUOTED.sub(lambda m: "\x00" * len(m[0]) if len(m[0]) >= LONG_QUOTE else m[0], plain)
        text = arabic_years(fold(checked))
        calculations = [
            d for d in self._evidence.calculations if any(o.citation in self._numbers(exhibits) for o in d.operands)
        ]
        periods = {str(f.period) for e in exhibits for f in e.facts} | {str(e.citation.period) for e in exhibits}
        if unlocked_numbers(
            checked.replace("\x00", " "), [e.citation for e in exhibits], calculations, sorted(periods)
        ):
            return "states a number that the cited text does not hold"
        return (
            self._strange_place(text, exhibits)
            or self._strange_time(text, exhibits)
            or self._unbound(_without_formulas(text, calculations), exhibits, _results(calculations))
        )

    def _numbers(self, exhibits: Sequence[Exhibit]) -> set[int]:
        return {e.n for e in exhibits}

    def _is_quoted(self, words: str, exhibits: Sequence[Exhibit]) -> bool:
        sought = _bare(words)
        return not sought or any(sought in _bare(f"{e.citation.quote}\n{e.citation.title}") for e in exhibits)

    def _strange_place(self, text: str, exhibits: Sequence[Exhibit]) -> str | None:
        allowed = {e.citation.region for e in exhibits} | {f.region for e in exhibits for f in e.facts}
        told = "\n".join(f"{e.citation.quote}\n{e.citation.title}" for e in exhibits)
        allowed |= {n for m in self._gazetteer.mentions(told, known=self._known) for n in _names(m)}
        for mention in self._gazetteer.mentions(text, known=self._known):
            names = _names(mention)
            if not names & allowed and not any(
                self._gazetteer.is_within(own, name) for own in allowed if own for name in names
            ):
                return "names a place that the cited text does not speak of"
        return None

    def _strange_time(self, text: str, exhibits: Sequence[Exhibit]) -> str | None:
        told = {m.value for e in exhibits for m in self._times(fold(f"{e.citation.quote}\n{e.citation.title}"))}
        told |= {f.period for e in exhibits for f in e.facts if f.period is not None}
        told |= {Period.parse(e.citation.period) for e in exhibits if e.citation.period}
        years = {y for p in told if isinstance(p, Period) for y in range(p.first_year, p.last_year + 1)}
        for mention in self._times(text):
            assert isinstance(mention.value, Period)
            if not {mention.value.first_year, mention.value.last_year} <= years:
                return "names a time that the cited text does not speak of"
        return None

    def _times(self, text: str) -> list[_Mention]:
        """The periods that are named; those of comparisons (比2019年) are left out."""
        year = self._evidence.asked_on.year
        found = [_Mention(m.span.start, m.period) for m in find_times(text, Clock(year, year)) if not m.base]
        return found or [_Mention(m.start(), _english_period(m)) for m in _YEAR_EN.finditer(text.lower())]

    def _unbound(self, text: str, exhibits: Sequence[Exhibit], calculated: set[Decimal]) -> str | None:
        """Whether a figure belongs to another place, time, thing, direction or status than the words around it say."""
        times = self._times(text)
        places = [_Mention(m.start, frozenset(_names(m))) for m in self._gazetteer.mentions(text, known=self._known)]
        things = self._things(text, exhibits)
        for span, value, share in _figures(text):
            if value in calculated or any(t.at <= span.start and span.end <= t.end for t in things):
                # Shown with its formula; or part of a name: 110总量.
                continue
            same = [f for e in exhibits for f in e.facts if _same(f, value, share=share) and _same_kind(f, text, span)]
            fitting = [
                f
                for f in same
                if not self._rivals(f) and self._fits_time(f, _nearest(times, span)) and _fits_place(f, _nearest(places, span))
                and self._fits_thing(f, _named_for(things, text, span), _clause(text, span).of(text)) and _fits_mode(f, text, span)
            ]  # fmt: skip
            if fitting or (not same and _stands_verbatim(text, span, exhibits)):
                continue
            return "gives a figure to another place, time or thing than the cited text does"
        return None

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
        return bool(chosen) and not any((Decimal(v.value), v.unit) == (fact.value, fact.unit) for v in chosen)

    def _fits_time(self, fact: Fact, said: _Mention | None) -> bool:
        if said is None:
            asked = self._evidence.query.time.periods
            return not asked or fact.period in asked
        return fact.period is None or fact.period == said.value

    def _things(self, text: str, exhibits: Sequence[Exhibit]) -> list[_Mention]:
        """Where which indicator is named: by the words of the evidence, else by any name of the lexicon."""
        lexicon = load_indicators()
        named: dict[str, set[str]] = {}
        for fact in (f for e in exhibits for f in e.facts):
            known = lexicon.get(fact.canonical) if fact.canonical else None
            for name in (fact.indicator, fact.canonical or "", *(known.english if known else ())):
                if name:
                    named.setdefault(fold(name).lower(), set()).update(
                        {fact.indicator, fact.canonical or fact.indicator}
                    )
        lowered = text.lower()
        found: list[_Mention] = []
        taken: list[Span] = []
        for name in sorted(named, key=len, reverse=True):
            for match in re.finditer(re.escape(name), lowered):
                span = Span(*match.span())
                if not any(t.start < span.end and span.start < t.end for t in taken):
                    taken.append(span)
                    found.append(_Mention(span.start, frozenset(named[name]), span.end))
        for mention in (*lexicon.written_in(text), *(lexicon.asked_in(text) if self._english else ())):
            if not any(t.start < mention.span.end and mention.span.start < t.end for t in taken):
                found.append(_Mention(mention.span.start, frozenset({mention.indicator.name}), mention.span.end))
        return sorted(found, key=lambda m: m.at)

    def _fits_thing(self, fact: Fact, said: _Mention | None, clause: str) -> bool:
        own = {fact.indicator, fact.canonical or fact.indicator}
        # A name that its own figure parts in two: 新增3167个充电桩.
        letters = set(_bare(fact.indicator))
        spelt = len(letters & set(_bare(clause))) >= SPELT * len(letters)
        if said is None:
            return spelt or bool(own & set(self._evidence.query.thing.indicators))
        assert isinstance(said.value, frozenset)
        return bool(own & said.value) or (spelt and any(name in fact.indicator for name in said.value))

    def _unfamiliar(self, sentence: str, exhibits: Sequence[Exhibit], quoted: bool) -> str | None:
        has_figure = next(_figures(arabic_years(fold(sentence))), None) is not None
        pairs = _pairs(sentence)
        if len(pairs) < 4:
            # Words in another script than the evidence cannot be compared with it; a checked figure or quotation can.
            return None if has_figure or quoted else "says what the cited text cannot be compared with"
        told = [
            f"{e.citation.quote}{e.citation.title}{''.join(e.citation.heading)}{e.citation.region}" for e in exhibits
        ]
        known = _pairs("\n".join([*told, *(f.indicator + (f.canonical or "") for e in exhibits for f in e.facts)]))
        asked = _pairs(self._evidence.question) if has_figure or quoted else set()
        own = len(pairs - known - asked)
        if not quoted and _NOT.search(sentence.lower()) and not _NOT.search("".join(told)):
            return "denies what the cited text does not"
        if has_figure or quoted:
            fits = own <= JOINING or 1 - own / len(pairs) >= FAMILIAR_WITH_FIGURE
        else:
            fits = 1 - own / len(pairs) >= FAMILIAR
        return None if fits else "says more than the cited text"


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


_WHAT_STANDS_BETWEEN = Rule(
    "generators.checking.what_stands_between",
    r"(?<!\d)\.|\.(?!\d)|[^\w.%]+",
    takes=("增长⟦,⟧下降",),
    leaves=("增长8.5%",),
    why="The point of a number is part of it.",
)


def _bare(text: str) -> str:
    """Letters and numbers without what stands between them; the point of a number is part of it."""
    return _WHAT_STANDS_BETWEEN.sub("", fold(NOTE_MARK.sub("", text)))


_HAN_RUN = Rule(
    "generators.checking.han_run",
    r"[\u3400-\u9fff]+",
    takes=("gdp⟦增长⟧8",),
    leaves=("gdp 8",),
)


def _pairs(text: str) -> set[str]:
    runs = _HAN_RUN.findall(fold(text))
    return {run[n : n + 2] for run in runs for n in range(len(run) - 1)}


def _names(mention: object) -> set[str]:
    candidates = getattr(mention, "candidates", ())
    return {region.name for region in candidates} | {str(getattr(mention, "region_name", ""))}


def _english_period(match: re.Match[str]) -> Period:
    half, h, q, year = match.groups()
    if half or h:
        return Period.half(int(year), 1 if half == "first" or h == "1" else 2)
    return Period.quarter(int(year), int(q)) if q else Period.year(int(year))


_LATIN_LETTER = Rule(
    "generators.checking.latin_letter",
    "[A-Za-z]",
    takes=("⟦b⟧illion",),
    leaves=("亿元",),
)
_YEAR_NUMBER = Rule(
    "generators.checking.year_number",
    YEAR,
    takes=("⟦2023⟧年",),
    leaves=("1286",),
)


def _figures(text: str) -> Iterator[tuple[Span, Decimal, str]]:
    """Each figure's place, its value with the scale word applied, and its share word: ``%``, ``point`` or none."""
    for match in _FIGURE.finditer(text):
        if match["n"] and not match["u"] and not match["s"] and _LATIN_LETTER.match(text[match.end("n") :]):
            continue  # 5G is a name
        if match["h"] is None and _CALENDAR.match(text, match.end("n")):
            continue
        values = numbers_in(match[0])
        if match["n"] and not match["s"] and not match["u"]:
            if _YEAR_NUMBER.fullmatch(match["n"]) and not _HAN.match(text[match.end() : match.end() + 1]):
                continue  # a bare year
            values = {Decimal(match["n"].replace(",", "")).normalize()}
        unit = match["u"] or ""
        share = "point" if "point" in unit or "百分点" in unit else "%" if unit or match["h"] else ""
        yield from ((Span(*match.span()), value, share) for value in values)


def _same(fact: Fact, value: Decimal, *, share: str) -> bool:
    own = "%" if fact.unit == "%" else "point" if "百分点" in fact.unit else ""
    amount = abs(fact.value)
    return own == share and value in {
        *numbers_in(f"{amount:f}{fact.unit}"),
        normalised(amount, fact.unit)[0].normalize(),
    }


def _nearest(mentions: Sequence[_Mention], span: Span) -> _Mention | None:
    """What is named last before a figure, else first behind it."""
    return _before(mentions, span) or next(iter(mentions), None)


def _before(mentions: Sequence[_Mention], span: Span) -> _Mention | None:
    return next((m for m in reversed(mentions) if m.at < span.start), None)


def _fits_place(fact: Fact, said: _Mention | None) -> bool:
    return said is None or fact.region is None or (isinstance(said.value, frozenset) and fact.region in said.value)


def _named_for(things: Sequence[_Mention], text: str, span: Span) -> _Mention | None:
    """What a figure is said to be of: what its own clause names before it, else behind it, else what was named last."""
    clause = _clause(text, span)
    own = [m for m in things if clause.start <= m.at < clause.end]
    return _before(own, span) or next(iter(own), None) or _before(things, span)


def _clause(text: str, span: Span) -> Span:
    """The words around a figure up to the next comma on either side."""
    start = max((text.rfind(c, 0, span.start) for c in ",，;；、"), default=-1) + 1
    ends = [n for c in ",，;；、。" if (n := text.find(c, span.end)) >= 0]
    return Span(start, min(ends, default=len(text)))


def _same_kind(fact: Fact, text: str, span: Span) -> bool:
    """Whether the unit behind a figure is of the fact's dimension: yuan are no dollars."""
    if _DOLLAR.match(text, span.end):
        return "美元" in fact.unit
    unit = next((f.unit for f in find_figures(text) if f.span.start == span.start and _HAN.search(f.unit)), None)
    return unit is None or normalised(Decimal(1), unit)[1] == normalised(Decimal(1), fact.unit)[1]


def _fits_mode(fact: Fact, text: str, span: Span) -> bool:
    """Whether a fall is called one and a rise not, growth growth, and a plan or estimate what it is and a result not."""
    clause, sentence = _clause(text, span).of(text).lower(), text.lower()
    falls = bool(_FALL.search(clause))
    if fact.measure in (Measure.GROWTH, Measure.CHANGE):
        if (fact.value != 0 and falls != (fact.value < 0)) or not _GROWS.search(clause):
            return False
    elif fact.measure is Measure.LEVEL and _GROWN_BY.search(sentence[: span.start].rstrip()):
        return False
    if fact.status is Status.TARGET:
        return bool(_PLAN.search(sentence))
    if fact.status is Status.ESTIMATE and not _ESTIMATE.search(sentence):
        return False
    return not _PLAN_ONLY.search(clause)


def _stands_verbatim(text: str, span: Span, exhibits: Sequence[Exhibit]) -> bool:
    """Whether a figure that was not read as one stands in a cited quotation with the words before it."""
    before = _bare(text[max(0, span.start - 8) : span.start])[-4:]
    piece = before + _bare(span.of(text)) + _bare(text[span.end : span.end + 2])[:1]
    return len(before) >= 2 and any(piece in _bare(e.citation.quote) for e in exhibits)
