"""What is weighed of a figure that may answer: one list of names, with what each of them means.

All are numbers about 0 to 1 but where their meaning says otherwise; a flag is 0 or 1. What weighs how much is fitted, see
``rag/decide/judge.py``; here nothing is weighed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from index.text.folding import fold
from index.types import Fact, Measure, Status
from index.words.lexicon import Indicator, load_indicators, load_units, load_wording
from rag.decide import guards
from rag.decide.serving import has_own_base, on_basis
from rag.find.candidates import Asked, CandidateFinder, Column, in_asked_unit, known_name, plain_name
from rag.find.facts import (
    asks_money,
    bare,
    came_about,
    dimension_of,
    is_whole,
    narrows_name,
    of_a_unit_of,
    says_total,
    tells_flow,
)
from rag.find.letters import Spelled, Told, shares
from rag.find.synonyms import Part, load_synonyms
from rag.types import Query

MEANINGS = {
    "words_in_name": "share of the asked words, by rarity, that its name says",
    "words_in_clause": "the same of its clause",
    "words_in_sentence": "the same of its sentence",
    "said_in_name": "share of what is asked that its name says in any words that stand for it",
    "said_in_clause": "the same of its clause",
    "said_in_sentence": "the same of its sentence",
    "rarest_in_clause": "how much of the rarest of the asked words its clause says",
    "rarest_in_sentence": "the same of its sentence",
    "name_asked": "share of its name, by rarity, that is asked for",
    "like_name": "likeness of what is asked to its name",
    "like_clause": "the same to its clause",
    "like_unsaid": "likeness of what is asked to its name, by how much of it no figure that is looked at says",
    "question_like_name": "likeness of the whole question, without place and time, to its name",
    "question_like_clause": "the same to its clause",
    "letters_in_name": "share of the asked letters in its name",
    "letters_in_clause": "the same in its clause",
    "letters_in_sentence": "the same in its sentence and headings",
    "letters_of_name": "share of the letters of its name that are asked for",
    "run_in_name": "length of the longest run of letters shared with its name, by the length of what is asked",
    "run_of_name": "the same by the length of its name",
    "run_in_clause": "the same shared with its clause, by the length of what is asked",
    "unsaid_in_clause": "longest run of pairs of asked letters that its clause does not say, in sixths, at most 1",
    "unsaid_in_sentence": "the same of its sentence and headings",
    "end_in_clause": "whether the last two of the asked letters stand in its clause",
    "end_in_sentence": "the same of its sentence and headings",
    "ends_alike": "whether its name and what is asked end alike",
    "verbatim": "whether its name is what is asked, letter by letter",
    "canonical_same": "whether the vocabulary knows it to be what is asked",
    "canonical_other": "whether the vocabulary knows it to be something else",
    "known_other": "whether the vocabulary knows it and all that is asked to be two things, not of one family",
    "canonical_kin": "whether it is of the same family",
    "canonical_narrower": "whether the vocabulary knows it to be narrower",
    "name_narrowed": "whether its name is the asked one with words that were not asked for",
    "name_generic": "whether its name says nothing of what it is of",
    "generic_unsaid": "how much of what is asked is unsaid by the sentence of such a one",
    "name_length": "letters of its name, in twentieths, at most 1",
    "unit_asked": "whether it is in an asked unit, or a rate where growth is asked",
    "unit_exact": "whether its unit is an asked one, letter by letter, or a multiple of it",
    "unit_open": "whether it leaves its unit to the reader: 389.75万",
    "dimension_same": "whether its unit measures what an asked unit measures",
    "counted_alike": "whether it counts what an asked unit counts",
    "counted_otherwise": "whether it counts what no asked unit counts",
    "unit_of_another": "whether the vocabulary says that what is asked is told in another dimension",
    "counted_for_money": "whether it counts where money is asked",
    "counted_for_much": "whether it counts where it is asked how much there is",
    "flow_for_stock": "whether it tells how many came about where it is asked how many there are",
    "flow_against_stock": "whether it tells how many came about where it is asked how many there still are",
    "stock_for_flow": "the other way round",
    "not_in_all": "whether a total is asked and it is not said to be one",
    "growth_for_level": "whether it is a rate of change where none is asked",
    "lacks_growth": "whether growth is asked and its statement tells none",
    "lacks_level": "whether level and growth are asked and its statement tells no level",
    "is_change": "whether it tells by how much something changed",
    "is_share": "whether it is a share",
    "on_basis": "whether it is told on the asked basis (自然口径)",
    "own_base": "whether it is measured against another time than the one before it, which was not asked",
    "narrows": "whether it is of a part, by a word that was not asked for",
    "unsaid": "whether its sentence says nothing that stands for one of the asked words",
    "passed_only": "whether it is what was passed, and not what was reached",
    "estimate": "whether it is an estimate",
    "reviews": "whether its document is the one of its period",
    "in_list": "whether its clause tells several things by 分别",
    "behind_among": "whether 其中 stands before it in its sentence and not in the question",
    "scope_agrees": "1 where its sentence says the asked scope (全市), -1 where it says another one, else 0",
    "later_mention": "figures of its name and measure before it, in fifths, at most 1",
    "twins": "figures of its name and measure in all, in fifths, at most 1",
    "older": "years before the latest of the figures looked at, in fifths, at most 1; 0 where a time is asked",
}
"""Of a figure by itself."""

LEADS = (
    "said_in_clause",
    "said_in_name",
    "words_in_name",
    "name_asked",
    "like_name",
    "like_clause",
    "question_like_name",
    "question_like_clause",
    "letters_in_name",
    "letters_in_clause",
    "letters_in_sentence",
    "run_in_name",
    "run_in_clause",
    "unsaid_in_clause",
    "unit_exact",
)
"""Of these also the distance to the best of the figures of other names: ``lead_…``; for what is unsaid, to the worst."""

OF_QUERY = {
    "figures": "figures that are looked at, in seventieths, at most 1",
    "q_seen": "share of the asked words that some report says: where all are, and no figure says them, none answers",
    "q_best_said": "the most that the clause of a figure that is looked at says of what is asked",
    "q_best_words": "the same in the very words of the question",
    "q_best_like": "the highest likeness of what is asked to the name of one",
    "q_whole": "whether the vocabulary knows all that is asked",
    "q_named": "whether it knows some of it",
    "q_units": "whether a unit is asked",
    "q_growth": "whether growth is asked",
    "q_level": "whether a level is asked",
    "q_share": "whether a share is asked",
    "q_change": "whether a change is asked",
    "q_rise": "whether a rise is asked",
    "q_length": "asked letters, in twentieths, at most 1",
    "q_english": "whether the question is in English",
    "q_target": "whether a target is asked",
}
"""Of the question, the same for all its figures: they say how likely none of them answers."""

NAMES = (*MEANINGS, *(f"lead_{name}" for name in LEADS), *OF_QUERY)

FOR = frozenset(
    {
        *(name for name in MEANINGS if name.startswith(("words_in", "said_in", "rarest_in", "like_", "question_like"))),
        *(name for name in MEANINGS if name.startswith(("letters_", "run_", "end_", "ends_", "unit_asked", "unit_exact"))),
        *(f"lead_{name}" for name in LEADS),
        "name_asked", "verbatim", "canonical_same", "dimension_same", "counted_alike", "on_basis", "reviews", "scope_agrees",
    }
)  # fmt: skip
"""What can only speak for a figure."""

AGAINST = frozenset(
    {
        "unsaid_in_clause", "unsaid_in_sentence", "canonical_other", "known_other", "canonical_narrower", "name_narrowed", "generic_unsaid",
        "counted_otherwise", "name_generic", "unit_of_another", "counted_for_money", "counted_for_much", "flow_for_stock", "flow_against_stock", "stock_for_flow",
        "not_in_all", "growth_for_level", "lacks_growth", "lacks_level", "own_base",
        "narrows",
        "unsaid", "passed_only", "behind_among", "older",
    }
)  # fmt: skip
"""What can only speak against one. So no weight makes up for its neighbour's by a sign that makes no sense."""


_THRESHOLDS = load_wording().pattern("thresholds")
_AMONG = "其中"


@dataclass(frozen=True, slots=True)
class Text:
    """What a figure's texts hold, folded; made once for each figure that is looked at."""

    name: str
    before: str
    """Its sentence up to the figure."""
    told: Told


_LONGEST_ASKED = 150
"""Signs of what is asked that are compared with figures, letter by letter: no name of a thing is so long."""


@dataclass(frozen=True, slots=True)
class Wording:
    """What is asked, for comparing letters: in the question's words, by the names of a known indicator, as reports say it."""

    forms: tuple[Spelled, ...]
    bare: frozenset[str]
    scopes: frozenset[str]
    indicators: tuple[Indicator, ...]
    spoken: tuple[str, ...]

    @classmethod
    def of(cls, query: Query) -> Wording:
        known = tuple(i for name in query.thing.indicators if (i := load_indicators().get(name)) is not None)
        families = {i.family for i in known if i.family}
        kin = (i for i in load_indicators().all if i.family in families)
        names = tuple(fold(name) for i in (*known, *kin) for name in (i.name, *i.aliases)) if is_whole(query) else ()
        spoken = tuple(m.surface for m in query.mentions if m.slot == "indicator")
        terms, said = fold(query.thing.terms), next((s for s in spoken if s in fold(query.thing.terms)), "")
        # Another name stands in the place of the asked one, with all that is asked besides it.
        named = tuple(terms.replace(said, name, 1) if said else name for name in names)
        words = (terms, *named, fold(load_synonyms().formally(query.thing.terms)))
        spelled = {form.signs: form for word in words if (form := Spelled.of(word, _LONGEST_ASKED)).signs}
        return cls(
            tuple(spelled.values()) or (Spelled.of(""),),
            frozenset(bare(word.replace(" ", "")) for word in words if word),
            _scopes(fold(query.cues.words)),
            known,
            (*(fold(i.name) for i in known), *spoken),
        )


# Both are asked for again for each place and time of a question.


@lru_cache(64)
def _wording(query: Query) -> Wording:
    return Wording.of(query)


@lru_cache(64)
def _told_otherwise(query: Query) -> tuple[Part, ...]:
    return guards.told_otherwise(query)


class FeatureMaker:
    """Makes the features of the figures of one snapshot."""

    def __init__(self, finder: CandidateFinder) -> None:
        self._finder = finder
        self._snapshot = finder.snapshot
        self._text = lru_cache(20_000)(self._made)

    def features(self, asked: Asked, rows: NDArray[np.intp]) -> NDArray[np.float32]:
        """The features of the figures with these numbers, ``(rows, NAMES)``."""
        query = asked.query
        wording = _wording(query)
        facts = [self._snapshot.facts[n] for n in rows]
        texts = [self._text(int(n)) for n in rows]
        columns = self._of_words(asked, rows) | shares(wording.forms, [text.told for text in texts])
        columns |= {
            name: np.array([value(fact, text) for fact, text in zip(facts, texts, strict=True)], np.float32)
            for name, value in (*self._of_names(query, wording), *_of_units(query), *self._of_kinds(query, wording))
        }
        known = _told_otherwise(query)
        columns["unsaid"] = np.array([bool(guards.leaves_unsaid(known, self.sentence(f))) for f in facts], np.float32)
        columns["narrows"] = np.array([bool(guards.narrowed(query, f)) for f in facts], np.float32)
        columns["generic_unsaid"] = columns["name_generic"] * (1 - columns["said_in_sentence"])
        columns |= _of_rivals(query, facts)
        columns |= {f"lead_{name}": _lead(columns[name], facts, name == "unsaid_in_clause") for name in LEADS}
        best = {
            name: float(columns[name].max(initial=0.0)) for name in ("said_in_clause", "words_in_clause", "like_name")
        }
        columns["like_unsaid"] = columns["like_name"] * (1 - best["said_in_clause"])
        of_query = _of_query(query, len(rows)) | {
            "q_seen": asked.seen,
            "q_best_said": best["said_in_clause"],
            "q_best_words": best["words_in_clause"],
            "q_best_like": best["like_name"],
        }
        columns |= {name: np.full(len(rows), value, np.float32) for name, value in of_query.items()}
        return np.stack([columns[name] for name in NAMES], axis=1)

    def sentence(self, fact: Fact) -> str:
        """The text of the sentence that tells a fact."""
        return self._snapshot.sentences[fact.sentence].text

    def _made(self, number: int) -> Text:
        fact = self._snapshot.facts[number]
        sentence = self._snapshot.sentences[fact.sentence]
        called = known_name(fact)
        name, told, text = fold(called), fold(called + fact.clause), fold(sentence.text)
        around = text + fold("".join(sentence.heading))
        before = text.partition(fold(fact.written))[0]
        return Text(name, before, Told(*map(Spelled.of, (name, told, around))))

    def _of_words(self, asked: Asked, rows: NDArray[np.intp]) -> dict[str, Column]:
        words = asked.query.thing.terms or asked.query.cues.words
        like_name, like_clause = self._finder.likeness(words, rows)
        formally = load_synonyms().formally(words)
        if formally and formally != words:
            # Everyday and English words also as reports say them.
            also_name, also_clause = self._finder.likeness(formally, rows)
            like_name, like_clause = np.maximum(like_name, also_name), np.maximum(like_clause, also_clause)
        question_like_name, question_like_clause = self._finder.likeness(asked.query.cues.own, rows)
        verbatim, anyhow, rarest = (said.of(rows) for said in (asked.verbatim, asked.anyhow, asked.rarest))
        return {
            **dict(zip(("words_in_name", "words_in_clause", "words_in_sentence"), verbatim, strict=True)),
            **dict(zip(("said_in_name", "said_in_clause", "said_in_sentence"), anyhow, strict=True)),
            "rarest_in_clause": rarest[1],
            "rarest_in_sentence": rarest[2],
            "name_asked": asked.of_the_name(rows),
            "like_name": like_name,
            "like_clause": like_clause,
            "question_like_name": question_like_name,
            "question_like_clause": question_like_clause,
        }

    def _of_names(self, query: Query, wording: Wording) -> list[tuple[str, Callable[[Fact, Text], float]]]:
        """What the vocabulary knows of names."""
        known, lexicon = wording.indicators, load_indicators()
        families = {i.family for i in known if i.family}
        narrower = {name for i in known for name in i.narrower}
        named = query.thing.indicators

        whole = is_whole(query)

        def _is_other(fact: Fact) -> bool:
            return (
                fact.canonical is not None
                and fact.canonical not in named
                and bare(plain_name(fact)) not in wording.bare
            )

        def kin(fact: Fact, _: Text) -> bool:
            held = lexicon.get(fact.canonical) if fact.canonical else None
            return held is not None and held.family in families

        return [
            ("verbatim", lambda fact, _: bare(plain_name(fact)) in wording.bare),
            ("canonical_same", lambda fact, _: bool(named) and fact.canonical in named),
            (
                "canonical_other",
                lambda fact, _: bool(named) and fact.canonical is not None and fact.canonical not in named,
            ),
            ("canonical_kin", kin),
            ("known_other", lambda fact, text: whole and _is_other(fact) and not kin(fact, text)),
            ("canonical_narrower", lambda fact, _: fact.canonical in narrower),
            (
                "name_narrowed",
                lambda fact, text: (
                    whole
                    and fact.canonical is None
                    and any(n in text.name and narrows_name(n, text.name, query.thing.terms) for n in wording.spoken)
                ),
            ),
            ("name_generic", lambda fact, _: self._finder.is_generic(fact)),
            ("name_length", lambda _, text: min(len(text.told.name.signs), 20) / 20),
        ]

    def _of_kinds(self, query: Query, wording: Wording) -> list[tuple[str, Callable[[Fact, Text], float]]]:
        """What a figure says of its thing, and where it stands."""
        both = query.wants.growth and query.wants.level
        return [
            ("flow_for_stock", lambda fact, _: came_about(query, fact) == 1),
            ("flow_against_stock", lambda fact, _: query.wants.stock and tells_flow(fact)),
            ("stock_for_flow", lambda fact, _: came_about(query, fact) == -1),
            ("not_in_all", lambda fact, _: query.wants.total and not says_total(fact)),
            ("growth_for_level", lambda fact, _: fact.measure is Measure.GROWTH and not query.wants.growth),
            ("lacks_growth", lambda fact, _: query.wants.growth and Measure.GROWTH not in self._told_with(fact)),
            ("lacks_level", lambda fact, _: both and Measure.LEVEL not in self._told_with(fact)),
            ("is_change", lambda fact, _: fact.measure is Measure.CHANGE),
            ("is_share", lambda fact, _: fact.measure is Measure.SHARE),
            ("on_basis", lambda fact, _: bool(query.thing.basis) and on_basis(query, fact)),
            ("own_base", lambda fact, _: has_own_base(fact) and not query.time.bases),
            ("passed_only", lambda fact, _: _THRESHOLDS.search(fact.approx) is not None),
            ("estimate", lambda fact, _: fact.status is Status.ESTIMATE),
            ("reviews", lambda fact, _: self.reviews(fact)),
            ("in_list", lambda fact, _: "分别" in fact.clause),
            ("behind_among", lambda _, text: _AMONG in text.before and not query.cues.among),
            ("scope_agrees", lambda _, text: _agreement(wording.scopes, text.before)),
        ]

    def _told_with(self, fact: Fact) -> set[Measure]:
        """What its statement tells of a figure's thing: level, growth."""
        return {
            f.measure
            for f in self._finder.of_sentence(fact.sentence)
            if f.indicator == fact.indicator and f.period == fact.period and f.region == fact.region
        }

    def reviews(self, fact: Fact) -> bool:
        """Whether the fact's document is the one that reviews or plans its period, and not one that only mentions it."""
        document = self._snapshot.document(fact.document_id)
        return document is not None and fact.period is not None and fact.period in (document.review, document.plan)


def _of_units(query: Query) -> list[tuple[str, Callable[[Fact, Text], float]]]:
    """How the unit of a figure fits the asked ones."""
    units, held = query.thing.units, load_units()
    amounts = [unit for unit in units if unit != "%"]
    dimensions = {dimension_of(unit) for unit in amounts}
    money = not units and asks_money(query)
    whole = is_whole(query)

    def counts(fact: Fact) -> bool:
        return "count" in dimensions and dimension_of(fact.unit) == "count"

    def alike(fact: Fact) -> bool:
        return any(held.counted_alike(unit, fact.unit) for unit in amounts)

    def of_another(fact: Fact, _: Text) -> bool:
        known = whole and fact.measure is Measure.LEVEL and fact.canonical not in query.thing.indicators
        return known and not of_a_unit_of(query.thing.indicators, fact)

    return [
        ("unit_asked", lambda fact, _: bool(units or query.wants.growth) and in_asked_unit(query, fact)),
        ("unit_exact", lambda fact, _: any(_is_unit(unit, fact.unit) for unit in units)),
        ("unit_open", lambda fact, _: fact.unit in held.multipliers),
        ("dimension_same", lambda fact, _: dimension_of(fact.unit) in dimensions),
        ("counted_alike", lambda fact, _: counts(fact) and alike(fact)),
        ("counted_otherwise", lambda fact, _: counts(fact) and not alike(fact)),
        ("unit_of_another", of_another),
        ("counted_for_money", lambda fact, _: money and dimension_of(fact.unit) == "count"),
        ("counted_for_much", lambda fact, _: query.cues.much and dimension_of(fact.unit) == "count"),
    ]


def _is_unit(asked: str, told: str) -> bool:
    """Whether a unit is the asked one or a multiple of it: 亿元 for 元, and not 元 for 万元."""
    plain, unit = fold(asked), fold(told)
    return unit.endswith(plain) and unit.removesuffix(plain) in ("", *load_units().multipliers)


def _of_rivals(query: Query, facts: Sequence[Fact]) -> dict[str, Column]:
    """How often a name is told among the figures looked at, and how late a figure comes among them."""
    named = [(f.indicator, f.measure) for f in facts]
    twins, seen = Counter(named), Counter[tuple[str, Measure]]()
    later = np.zeros(len(facts), np.float32)
    for n in sorted(range(len(facts)), key=lambda n: (facts[n].sentence, facts[n].figure)):
        later[n] = min(seen[named[n]], 5) / 5
        seen[named[n]] += 1
    told = [f.period.last for f in facts if f.period is not None]
    latest = max(told, default=0)
    timed = bool(query.time.periods)
    older = [0.0 if timed else min((latest - (f.period.last if f.period else 0)) / 12, 5) / 5 for f in facts]
    return {
        "later_mention": later,
        "twins": np.array([min(twins[name], 5) / 5 for name in named], np.float32),
        "older": np.array(older, np.float32),
    }


def _lead(column: Column, facts: Sequence[Fact], lower_is_better: bool) -> Column:
    """Distance of each value to the best one of another name; to the worst value there can be where there is none."""
    values = -column if lower_is_better else column
    worst = -1.0 if lower_is_better else 0.0
    names = np.array([hash(f.indicator) for f in facts])
    others = np.where(names[:, None] != names[None], values[None], worst)
    result: Column = (values - others.max(axis=1, initial=worst)).astype(np.float32)
    return result


def _of_query(query: Query, figures: int) -> dict[str, float]:
    wants = query.wants
    return {
        "figures": min(figures, 70) / 70,
        "q_whole": is_whole(query),
        "q_named": bool(query.thing.indicators),
        "q_units": bool(query.thing.units),
        "q_growth": wants.growth,
        "q_level": wants.level,
        "q_share": wants.share,
        "q_change": wants.change,
        "q_rise": wants.rise,
        "q_length": min(len(query.thing.terms.replace(" ", "")), 20) / 20,
        "q_english": query.language == "en",
        "q_target": query.status is Status.TARGET,
    }


def _scopes(text: str) -> frozenset[str]:
    return frozenset(word for word in load_wording().scopes if word in text)


def _agreement(asked: frozenset[str], before: str) -> float:
    told = _scopes(before)
    return 0.0 if not asked or not told else 1.0 if asked & told else -1.0
