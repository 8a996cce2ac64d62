"""Query against Facts: how well each figure of the index fits what is asked, slot by slot."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from index.figures.nouns import GENERIC
from index.rules import At, Rule
from index.store.snapshot import IndexSnapshot
from index.text.folding import fold
from index.text.tokens import query_tokens
from index.types import Fact, Measure, Period, Status
from index.words.lexicon import Indicator, content_words_of, load_indicators, load_units, load_wording
from index.words.naming import normalised
from rag.find.coverage import Wanted, covered_by, wanted_parts
from rag.find.meaning import AskedVectors
from rag.find.synonyms import load_synonyms, plain_parts
from rag.types import Filters, Query
from rag.understand.words import either, load_asking

_VOCABULARY = load_asking()

_STRONG = 0.6
"""Share of the asked words that an indicator's name must make up to be the whole of what is asked."""

HINT = 0.05
"""Added to a figure of an indicator that the question names besides other words."""

OTHER = 0.55
"""What is left of the score of a figure of another known indicator, or of a narrower one."""

NARROWER = 0.6
"""What is left where the asked name stands in a longer one: “新三样”出口 for 出口."""

BELOW_KIN = 0.79
"""The most that a figure of an indicator that nobody knows may score where the vocabulary knows what is asked for."""

UNSAID = 0.7
"""What is left of the coverage of a clause whose sentence lacks the rarest of the asked words."""

UNSAID_NEAR = 0.96
"""What is left where the sentence says it outside the clause."""

UNNAMED = 0.75
"""What is left of the score of a figure whose sentence does not say the indicator that the question names."""

_SAID = 0.5
"""Least share of a name's letter pairs that say it."""


_MONEY_END = Rule(
    "find.facts.money_end",
    rf"(?:(?<![份名限配])额|(?<!人均)投资|{either('sums_of_money')})$",
    takes=("房地产开发⟦投资⟧",),
    leaves=("高新技术企业名额",),
    why="名额, 份额 and 配额 are no money.",
)
"""Ends of what is asked that ask for money."""
_NOTHING = Rule(
    "find.facts.nothing",
    r"\s|的|各类|各种|全部|全[省市区县国]",
    takes=("⟦全区⟧65岁以上老人",),
    leaves=("老年人口",),
)
_ANY = frozenset(
    {
        "annual",
        "overall",
        "local",
        "actual",
        "target",
        "goal",
        "achieve",
        "report",
        "state",
        "amount",
        "level",
        "end",
        "average",
    }
)
"""English words beside an indicator's name that make no other thing of it."""
_BESIDES_NAME = 0.4
"""Share of the words of an English question that may stand beside the name."""

_MANY = 1000
"""Least number of things that may be asked for in ten thousands."""

_ADDED = load_wording().pattern("list_verbs")
"""Words by which a figure tells what came to be in a period, and not how many there are."""


_DOING = load_wording().pattern("doing_verbs", "list_verbs")
_EXAMPLES = Rule(
    "find.facts.examples",
    "^.{3,}等(?![级于待])",
    takes=("⟦农学院、医学院等⟧高校合作办学",),
    leaves=("城市等级和信用等待评定",),
    why="等级 and 等待 end no list of examples.",
)
_BRACKET = Rule(
    "find.facts.bracket",
    r"\([^()]*\)",
    takes=("接报警情⟦(至11月30日)⟧",),
    leaves=("接报警情",),
)
_DIGIT = Rule(
    "find.facts.digit",
    r"\d",
    takes=("达到⟦3⟧万户",),
    leaves=("达到三万户",),
)
_EQUAL_TO = Rule(
    "find.facts.equal_to",
    rf"相当于(?P<whole>[^,]{{2,16}}?)的?(?:{either('shares')})",
    takes=("研发经费投入⟦相当于地区生产总值的比例⟧",),
    leaves=("研发经费投入强度",),
)
_HAN_RUNS = Rule(
    "find.facts.han_runs",
    r"[\u4e00-\u9fff]+",
    takes=("⟦受益居民⟧ 30",),
    leaves=("gdp 30",),
)
_JOINT = Rule(
    "find.facts.joint",
    r"[,、和与及跟同以并\s]",
    takes=("出口⟦和⟧进口",),
    leaves=("进出口总值",),
)
_FLOW_FOR_STOCK = 0.55
"""What is left of the score of how many were added where it is asked how many there are, and the other way round."""

_LESSENED = Rule(
    "find.facts.lessened",
    "减少|脱贫|净减",
    takes=("⟦减少⟧农村贫困人口",),
    leaves=("新增就业人口",),
    at=At.START,
)
_IN_ALL = Rule(
    "find.facts.in_all",
    "累计|总数|总量|总长|总里程|合计|共",
    takes=("⟦累计⟧完成投资286亿元",),
    leaves=("完成投资286亿元",),
)


@dataclass(frozen=True, slots=True)
class Match:
    """A fact with how well its words fit the asked indicator, in [0, 1]."""

    fact: Fact
    score: float


_MEASURE_OF_A_NAME = Rule(
    "find.facts.measure_of_a_name",
    r"(?<=[^总金])[额数量]$",
    takes=("对台小额贸易⟦额⟧",),
    leaves=("财政总额和现金额",),
    why="总额 and 金额 are the name itself.",
)


class FactMatcher:
    """Scores the facts of one snapshot. Everything that does not depend on the question is prepared once."""

    def __init__(self, snapshot: IndexSnapshot, asked: AskedVectors) -> None:
        self._snapshot = snapshot
        self._asked = asked
        facts = snapshot.facts
        names = {name: at for at, name in enumerate(snapshot.indicators.names)}
        self._name = np.array([names[f.indicator] for f in facts], np.int32)
        self._sentence = np.array([f.sentence for f in facts], np.int32)
        self._mass = np.maximum(snapshot.postings.indicators.mass(snapshot.postings.sentences), 1e-6)
        # Place 0 stands for figures whose indicator the lexicon does not know.
        self._canonicals = ("", *sorted({f.canonical for f in facts if f.canonical}))
        codes = {name: at for at, name in enumerate(self._canonicals)}
        self._canonical_of = np.array([codes[f.canonical or ""] for f in facts], np.int32)
        self._folded_names = tuple(_BRACKET.sub("", fold(name)) for name in snapshot.indicators.names)
        self._bare_names = tuple(map(_bare, self._folded_names))
        self._generic = np.array([GENERIC.fullmatch(f.indicator) is not None for f in facts], bool)
        self._in_list = np.array(["分别" in f.clause for f in facts], bool)
        self._by_slot: dict[tuple[str | None, Period | None], list[int]] = {}
        self._by_document: dict[str, list[int]] = {}
        self._by_sentence: dict[int, list[int]] = {}
        self._number = {id(fact): number for number, fact in enumerate(facts)}
        for number, fact in enumerate(facts):
            self._by_slot.setdefault((fact.region, fact.period), []).append(number)
            self._by_document.setdefault(fact.document_id, []).append(number)
            self._by_sentence.setdefault(fact.sentence, []).append(number)

    def slots(self) -> Iterable[tuple[str | None, Period | None]]:
        """All (region, period) pairs that some fact speaks of."""
        return self._by_slot.keys()

    def of_sentence(self, sentence: int) -> list[Fact]:
        return [self._snapshot.facts[n] for n in self._by_sentence.get(sentence, ())]

    def scores(self, query: Query) -> NDArray[np.float32]:
        """How well every fact's words fit the asked thing, ``(facts,)`` in [0, 1]; slots are not looked at."""
        postings = self._snapshot.postings
        if not self._snapshot.facts:
            return np.zeros(0, np.float32)
        if query.wants.share:
            # 战新产业产值占规上工业总产值比重 is one thing, which neither of its two names is.
            query = _as_share(query)
        wanted = self._wanted(query)
        rare = list({token: rarity for w in wanted for r in w.readings for token, _, rarity in r}.items())
        by_name = covered_by(postings.indicators, wanted)[self._name]
        by_clause = np.maximum(covered_by(postings.clauses, wanted), by_name)
        by_sentence = np.maximum(covered_by(postings.sentences, wanted)[self._sentence], by_clause)
        # The clause of a 分别 list names its other things too: there only a fact's own name says what it is of.
        of_clause = np.where(self._in_list, 0.2, 0.8)
        covered = by_name + of_clause * (by_clause - by_name) + 0.35 * (by_sentence - by_clause)
        # The rarest of the asked words must be said: 湿地保护率 is not what a clause on 林木覆盖率 tells.
        held = [w for w in wanted if w.seen]
        if whole := is_whole(query):
            named = query.cues.words + "".join(query.thing.indicators)
            spoken = "".join(m.surface for m in query.mentions if m.slot == "indicator")
            held = [w for w in held if all(token in (spoken or fold(named)) for token, _, _ in w.readings[0])]
        rarest = max(held, key=lambda w: w.rarity, default=None)
        if rarest is not None:
            alone = [replace(rarest, weight=1.0)]
            said = _SAID if len(rarest.readings) > 1 else 0.0
            in_clause = np.maximum(
                covered_by(postings.clauses, alone), covered_by(postings.indicators, alone)[self._name]
            )
            in_sentence = covered_by(postings.sentences, alone)[self._sentence]
            # 油料总产量 is not told by 糖料总产量; 总产量 alone may be.
            near = np.where(self._generic, UNSAID_NEAR, UNSAID) if whole else UNSAID_NEAR
            covered = covered * np.where(in_clause > said, 1.0, np.where(in_sentence > said, near, UNSAID))
        exact = np.minimum(postings.indicators.coverage(rare) / self._mass, 1.0)[self._name]
        lexical = 0.8 * covered + 0.2 * exact
        # A name that the vocabulary knows needs no guess at its meaning.
        blended = lexical if is_whole(query) else np.maximum(lexical, 0.85 * lexical + 0.15 * self._meaning(query))
        result: NDArray[np.float32] = self._canonical(query, blended.astype(np.float32))
        return result

    def _wanted(self, query: Query) -> list[Wanted]:
        """The asked words with weights that sum to 1, each with what reports may say for it."""
        words = query.thing.terms
        if query.language == "en" and is_whole(query):
            words = " ".join(query.thing.indicators)
        if not is_whole(query) and len(words) > 4:
            # 协议投资额 and 协议投资, 受益人数 and 受益人 are one.
            words = _MEASURE_OF_A_NAME.sub("", words)
        english = query.language == "en" and not is_whole(query)
        parts = load_synonyms().parts(words) if english or query.thing.loosely else plain_parts(words)
        return wanted_parts(parts, self._snapshot.postings.sentences)

    def _meaning(self, query: Query) -> NDArray[np.float32]:
        words = query.thing.terms or " ".join(query.thing.indicators)
        vectors = self._snapshot.indicators.vectors
        if not words or not len(vectors):
            return np.zeros(len(self._name), np.float32)
        asked = self._asked(words)
        similar: NDArray[np.float32] = self._snapshot.scale.of_names(vectors @ asked)[self._name]
        return similar

    def _canonical(self, query: Query, scores: NDArray[np.float32]) -> NDArray[np.float32]:
        """Raise facts of the asked indicator, lower those that are known to be something else or narrower."""
        lexicon = load_indicators()
        asked = [lexicon.get(name) for name in query.thing.indicators]
        named = [i for i in asked if i is not None]
        if not named:
            return scores
        strong = is_whole(query)
        asked_words = _bare(query.thing.terms)
        verbatim = np.array([n == asked_words for n in self._bare_names], bool)[self._name]
        scores = np.where(verbatim, np.maximum(scores, 0.95), scores).astype(np.float32)
        wanted = np.array([any(c == i.name for i in named) for c in self._canonicals], bool)[self._canonical_of]
        families = {i.family for i in named if i.family}
        narrower = {n for i in named for n in i.narrower}
        kin = np.zeros(len(scores), bool)
        if families:
            held = [lexicon.get(c) for c in self._canonicals]
            kin = np.array([i is not None and i.family in families for i in held], bool)[self._canonical_of]
        other = ~wanted & (self._canonical_of > 0)
        if not strong:
            result = np.where(wanted, np.minimum(1.0, scores + HINT), scores * self._saying(query, named))
            below = np.array([c in narrower for c in self._canonicals], bool)[self._canonical_of]
            return np.where(below & ~wanted & ~verbatim, result * OTHER, result).astype(np.float32)
        # 直接经济损失 shares its words with 经济增长; what the vocabulary knows to be asked goes before it.
        unknown = np.where(verbatim, scores, np.minimum(scores, BELOW_KIN))
        result = np.where(wanted, 0.9 + 0.1 * scores, unknown)
        result = np.where(kin & ~wanted, 0.8 + 0.1 * scores, np.where(other & ~verbatim, scores * OTHER, result))
        names = self._folded_names
        spoken = [m.surface for m in query.mentions if m.slot == "indicator"]
        asked_names = list(dict.fromkeys([*(fold(i.name) for i in named), *spoken]))
        narrowed = np.array(
            [any(a in n and _narrows(a, n, query.thing.terms) for a in asked_names) for n in names], bool
        )[self._name]
        return np.where((self._canonical_of == 0) & narrowed & ~verbatim, result * NARROWER, result).astype(np.float32)

    def _saying(self, query: Query, named: Sequence[Indicator]) -> NDArray[np.float32]:
        """What is left of a figure whose sentence does not say the named indicator: 北岭科技园的面积 for its 税收."""
        spoken = [m.surface for m in query.mentions if m.slot == "indicator"]
        postings = self._snapshot.postings
        said = np.zeros(len(self._name), np.float32)
        for words in (*spoken, *(n for i in named for n in (i.name, *i.aliases))):
            tokens = query_tokens(fold(words))
            if tokens:
                asked = [(token, 1.0 / len(tokens)) for token in tokens]
                of_name = postings.indicators.coverage(asked)[self._name]
                of_sentence = postings.sentences.coverage(asked)[self._sentence]
                said = np.maximum(said, np.maximum(of_name, of_sentence))
        return np.where(said >= _SAID, 1.0, UNNAMED).astype(np.float32)

    def matches(
        self,
        query: Query,
        scores: NDArray[np.float32],
        region: str | None,
        period: Period | None,
        filters: Filters,
        *,
        any_region: bool = False,
        any_period: bool = False,
    ) -> list[Match]:
        """The facts of one slot, best first; ``any_region`` and ``any_period`` open a slot that was not asked."""
        rows: list[int] = []
        for (held_region, held_period), numbers in self._by_slot.items():
            if (any_region or held_region == region) and (any_period or held_period == period):
                rows.extend(numbers)
        facts = self._snapshot.facts
        found = [
            Match(facts[n], self._fitted(query, facts[n], float(scores[n])))
            for n in rows
            if scores[n] > 0.2 and self._allowed(facts[n], filters)
        ]
        return sorted(
            found, key=lambda m: (-round(m.score, 4), _status_order(m.fact.status), m.fact.sentence, m.fact.figure)
        )

    def in_asked_unit(self, query: Query, fact: Fact) -> bool:
        """Whether a fact is in a unit the question names; for a rate, whether it is one."""
        if query.wants.growth and not query.wants.level:
            return fact.measure is Measure.GROWTH
        if (
            any(unit[:1] in "万亿" for unit in query.thing.units)
            and fact.unit[:1] not in "万亿"
            and abs(fact.value) < _MANY
        ):
            # 多少万个 is never answered by 4.7个.
            return False
        return any(same_unit(unit, fact.unit) for unit in query.thing.units) or fact.unit in load_units().multipliers

    def meaning_of(self, query: Query, facts: Sequence[Fact], *, formally: bool = False) -> NDArray[np.float32]:
        """Mean likeness of the asked words to each fact's indicator and clause, ``(facts,)``.

        ``formally`` takes for everyday and English words what reports say.
        """
        words = query.thing.terms or query.cues.words
        words = load_synonyms().formally(words) or words if formally else words
        asked = self._asked(words)
        numbers = [self._number[id(fact)] for fact in facts]
        scale = self._snapshot.scale
        names = scale.of_names(self._snapshot.indicators.vectors[self._name[numbers]] @ asked)
        clauses = scale.of_texts(self._snapshot.meanings.of_clauses(numbers) @ asked)
        # How a thing came to be and in which unit it is told count here as they do for words.
        fitted = np.array(
            [self._fitted(replace(query, thing=replace(query.thing, units=())), f, 1.0) for f in facts], np.float32
        )
        result: NDArray[np.float32] = (fitted * (names + clauses) / 2).astype(np.float32)
        return result

    def said_of(self, query: Query, fact: Fact) -> float:
        """How well the words of one fact fit the asked thing, in [0, 1]."""
        return float(self.scores(query)[self._number[id(fact)]])

    def may_mean(self, query: Query) -> Callable[[Fact], bool]:
        """Tells of a figure whether it may be of the asked thing by another name: it is not known to be of another one.

        Of several names the last is the thing and those before it say whose (外贸自营出口), and a thing that is named
        with words besides it must be said.
        """
        named = [m.value for m in query.mentions if m.slot == "indicator"] or list(query.thing.indicators)
        known = [i for name in named[-1:] if (i := load_indicators().get(name)) is not None]
        said = self._saying(query, known) if named else None

        def may(fact: Fact) -> bool:
            if said is None:
                return True
            if fact.canonical is not None and fact.canonical != named[-1]:
                return False
            return float(said[self._number[id(fact)]]) == 1.0

        return may

    def _allowed(self, fact: Fact, filters: Filters) -> bool:
        if filters.documents:
            document = self._snapshot.document(fact.document_id)
            if document is None or not {document.id, document.source} & set(filters.documents):
                return False
        if filters.regions and fact.region not in filters.regions:
            return False
        return not filters.years or (fact.period is not None and fact.period.last_year in filters.years)

    def _fitted(self, query: Query, fact: Fact, score: float) -> float:
        """Lower a fact of another unit (多少公顷 is never answered in 家) and a stock where what was added is asked."""
        score = self._by_unit(query, fact, score)
        if fact.canonical not in query.thing.indicators and fact.measure is Measure.LEVEL and is_whole(query):
            # 税收 is told in money: 引进5个年税收亿元级项目 counts projects.
            score *= 1.0 if _of_a_unit_of(query.thing.indicators, fact) else OTHER
        if not query.thing.units and _MONEY_END.search(query.thing.terms) and dimension_of(fact.unit) == "count":
            # 签约金额有多少 is not told by 签约项目7个.
            score *= OTHER
        added = bool(_ADDED.search(query.thing.terms))
        # …企业新增711家、累计达2215家: the verb of another figure of the clause is none of this one.
        said = _DIGIT.split(fact.clause.partition(fact.written)[0])[-1]
        made = bool(_ADDED.search(fact.indicator) or _ADDED.search(said) or _LESSENED.match(fact.indicator))
        if added != made and not query.wants.state:
            score *= _FLOW_FOR_STOCK if added or query.wants.stock else 0.97
        if query.wants.total and not _IN_ALL.search(fact.clause):
            score *= 0.8
        return score

    def _by_unit(self, query: Query, fact: Fact, score: float) -> float:
        if not query.thing.units or fact.measure in (Measure.GROWTH, Measure.CHANGE):
            return score
        if fact.unit in load_units().multipliers:
            # 旅居人数389.75万 leaves its unit to the reader.
            return score
        dimension = dimension_of(fact.unit)
        asked = {dimension_of(u) for u in query.thing.units}
        if dimension in asked or (dimension == "count" and "count" in asked):
            same = any(fold(u) == fold(fact.unit) or fact.unit.endswith(u) for u in query.thing.units)
            if dimension == "count" and not any(load_units().counted_alike(u, fact.unit) for u in query.thing.units):
                # 开行多少列 is not told by 覆盖20个国家.
                return score * OTHER
            return min(1.0, score + 0.06) if same else score - (0.03 if dimension == "count" else 0.0)
        return score * 0.55


def dimension_of(unit: str) -> str:
    """What a unit measures; 元/年 and 元/月 measure money as 元 does."""
    plain = unit.partition("/")[0]
    return normalised(Decimal(1), plain if plain in load_units().symbols else unit)[1]


def _bare(words: str) -> str:
    """Words without what tells no thing from another: 新登记的各类经营主体 and 新登记经营主体."""
    return _NOTHING.sub("", words)


def _of_a_unit_of(indicators: Sequence[str], fact: Fact) -> bool:
    """Whether a level is in a dimension in which the vocabulary says that one of the indicators is told."""
    known = [i for name in indicators if (i := load_indicators().get(name)) is not None and i.units]
    held = normalised(fact.value, fact.unit)[1]
    dimensions = {normalised(fact.value, unit)[1] for i in known for unit in i.units}
    return not known or held in dimensions or held in ("percent", "ratio") or fact.unit in load_units().multipliers


def _narrows(name: str, written: str, asked: str) -> bool:
    """Whether a written indicator is the named one with words before or behind it that were not asked for."""
    at = written.find(name)
    if at < 0:
        return False
    # How a thing came to be (新建, 新增) is judged where flows and stocks are told apart.
    # 新城实验中学等优质学校: examples before 等 narrow nothing.
    extra = (_EXAMPLES.sub("", _DOING.sub("", written[:at])), written[at + len(name) :])
    return any(part and part not in asked for part in extra)


def _as_share(query: Query) -> Query:
    """The query for a share: its words spelled out, and the share's own name (研发投入强度) where the lexicon has one."""
    words = _EQUAL_TO.sub(r"占\g<whole>比重", _spelled_out(query).replace(" ", ""))
    lexicon = load_indicators()
    named = next(
        (i for ending in ("", "比重", "的比重", "比例") if (i := lexicon.written_as(words + ending)) is not None), None
    )
    # As if carried, the name stands for all that is asked.
    carried = (*query.carried, "indicator") if named is not None else query.carried
    return replace(
        query,
        mentions=(),
        carried=carried,
        thing=replace(query.thing, terms=words, indicators=(named.name,) if named else ()),
    )


def _spelled_out(query: Query) -> str:
    """The asked words with indicators by their full names: GDP as 地区生产总值."""
    words = query.thing.terms
    spoken = [m.surface for m in query.mentions if m.slot == "indicator"]
    for surface, name in zip(spoken, [m.value for m in query.mentions if m.slot == "indicator"], strict=True):
        words = words.replace(surface, fold(name), 1)
    return words


def same_unit(asked: str, held: str) -> bool:
    return fold(asked) == fold(held) or held.endswith(asked) or asked.endswith(held)


def is_whole(query: Query) -> bool:
    """Whether the named indicators make up what is asked, so that no word besides them narrows it."""
    spans = [m.span for m in query.mentions if m.slot == "indicator"]
    exactly = load_indicators().written_as(_bare(query.thing.terms))
    if exactly is not None and query.thing.indicators == (exactly.name,):
        return True
    if "indicator" in query.carried:
        return bool(query.thing.indicators)
    if len({m.value for m in query.mentions if m.slot == "indicator"}) > 1 and not _JOINT.search(query.thing.terms):
        # 签约项目的协议投资额: two names that make one thing, which is neither.
        return False
    named = sum(s.end - s.start for s in spans)
    asked = len(query.thing.terms.replace(" ", "")) or 1
    if query.language == "en":
        return named >= 0.4 * asked and not _says_more(query)
    return named >= _STRONG * asked and not _narrowing(query)


def _says_more(query: Query) -> bool:
    """Whether an English question has words beside the indicator's names: labor income earned by transferred farmers."""
    known = [i for name in query.thing.indicators if (i := load_indicators().get(name)) is not None]
    named = frozenset().union(*(content_words_of(name) for i in known for name in i.english))
    asked = content_words_of(query.thing.terms)
    return len(asked - named - _ANY) > max(1, _BESIDES_NAME * len(asked))


def _narrowing(query: Query) -> bool:
    """Whether words stand before or behind the only indicator that make another thing of it: 软件业 before 增加值."""
    words = [m.surface for m in query.mentions if m.slot == "indicator"]
    rest = query.thing.terms
    for word in words:
        # A name may be asked by words of asking (新增就业多少, 经济增长), which the terms do not hold.
        kept = next((word[:n] for n in range(len(word), 1, -1) if word[:n] in rest), word)
        rest = rest.replace(kept, " ", 1)
    rest = _VOCABULARY.patterns["neutral"].sub(" ", _DOING.sub(" ", rest))
    return any(len(part) > 1 for part in _HAN_RUNS.findall(rest))


def _status_order(status: Status) -> int:
    return (Status.ACTUAL, Status.ESTIMATE, Status.TARGET).index(status)
