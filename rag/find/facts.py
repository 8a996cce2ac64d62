"""What is asked, held against the figures of the index: in which unit, of which dimension, and whether a name is all of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from index.rules import At, Rule
from index.text.folding import fold
from index.types import Fact
from index.words.lexicon import content_words_of, load_indicators, load_units, load_wording
from index.words.naming import normalised
from rag.types import Query
from rag.understand.words import either, load_asking

_VOCABULARY = load_asking()

_STRONG = 0.6
"""Share of the asked words that an indicator's name must make up to be the whole of what is asked."""

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

_DOING = load_wording().pattern("doing_verbs", "list_verbs")
_EXAMPLES = Rule(
    "find.facts.examples",
    "^.{3,}等(?![级于待])",
    takes=("⟦农学院、医学院等⟧高校合作办学",),
    leaves=("城市等级和信用等待评定",),
    why="等级 and 等待 end no list of examples.",
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
_MONEY_END = Rule(
    "find.facts.money_end",
    rf"(?:(?<![份名限配])额|(?<!人均)投资|{either('sums_of_money')})$",
    takes=("房地产开发⟦投资⟧",),
    leaves=("高新技术企业名额",),
    why="名额, 份额 and 配额 are no money.",
)
"""Ends of what is asked that ask for money."""

_ADDED = load_wording().pattern("list_verbs")
"""Words by which a figure tells what came to be in a period, and not how many there are."""
_DIGIT = Rule(
    "find.facts.digit",
    r"\d",
    takes=("达到⟦3⟧万户",),
    leaves=("达到三万户",),
)
_MOVED = Rule(
    "find.facts.moved",
    "[减增]|脱贫|净减",
    takes=("⟦减⟧少农村贫困人口", "⟦增⟧加养老床位"),
    leaves=("就业人口",),
    at=At.START,
)
_IN_ALL = Rule(
    "find.facts.in_all",
    either("in_all"),
    takes=("⟦累计⟧完成投资286亿元",),
    leaves=("完成投资286亿元",),
)


def dimension_of(unit: str) -> str:
    """What a unit measures; 元/年 and 元/月 measure money as 元 does."""
    plain = unit.partition("/")[0]
    return normalised(Decimal(1), plain if plain in load_units().symbols else unit)[1]


def bare(words: str) -> str:
    """Words without what tells no thing from another: 新登记的各类经营主体 and 新登记经营主体."""
    return _NOTHING.sub("", words)


def of_a_unit_of(indicators: Sequence[str], fact: Fact) -> bool:
    """Whether a level is in a dimension in which the vocabulary says that one of the indicators is told."""
    known = [i for name in indicators if (i := load_indicators().get(name)) is not None and i.units]
    held = normalised(fact.value, fact.unit)[1]
    dimensions = {normalised(fact.value, unit)[1] for i in known for unit in i.units}
    return not known or held in dimensions or held in ("percent", "ratio") or fact.unit in load_units().multipliers


def narrows_name(name: str, written: str, asked: str) -> bool:
    """Whether a written indicator is the named one with words before or behind it that were not asked for."""
    at = written.find(name)
    if at < 0:
        return False
    # How a thing came to be (新建, 新增) is judged where flows and stocks are told apart.
    # 新城实验中学等优质学校: examples before 等 narrow nothing.
    # 全省进出口总值: whose it is and that it is a sum narrow nothing.
    extra = (_EXAMPLES.sub("", _DOING.sub("", written[:at])), written[at + len(name) :].strip("总额值量数"))
    return any(part and part not in asked for part in map(bare, extra))


def as_share(query: Query) -> Query:
    """The query for a share: its words spelled out, and the share's own name (研发投入强度) where the lexicon has one."""
    words = _part_first(_spelled_out(query)).replace(" ", "")
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


_INSIDE = ("里头", "里面", "里边", "当中", "之中", "里", "中 ")
"""Between a whole and the part of it whose share is asked; 中 begins many words, and stands alone before a comma only."""
_NO_JOINT = ("程", "弄")
"""Behind 里 in another word: 里程."""


def _part_first(words: str) -> str:
    """经营主体里头 民营的占, 民营医院床位在医院床位里占: the part and the whole in the order in which reports name a share."""
    named, share, _ = words.partition("占")
    for joint in _INSIDE if share else ():
        whole, found, part = (*named.partition(joint),)
        if not found or part.startswith(_NO_JOINT):
            continue
        if not part.strip():
            # A在B里占
            part, _, whole = whole.partition("在")
        part = part.strip(" 的,")
        if len(part) > 1 and len(whole) > 1:
            return f"{part}占{whole}比重"
    return words


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
    exactly = load_indicators().written_as(bare(query.thing.terms))
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


def asks_money(query: Query) -> bool:
    """Whether what is asked ends in a word for money: 签约金额."""
    return _MONEY_END.search(query.thing.terms) is not None


def came_about(query: Query, fact: Fact) -> int:
    """1 where a figure tells how many came about and it is asked how many there are, -1 the other way round, else 0."""
    if query.wants.state:
        return 0
    return tells_flow(fact) - (_ADDED.search(query.thing.terms) is not None)


def tells_flow(fact: Fact) -> bool:
    """Whether a figure tells how many came about or went: 新增711家."""
    # …企业新增711家、累计达2215家: the verb of another figure of the clause is none of this one.
    said = _DIGIT.split(fact.clause.partition(fact.written)[0])[-1]
    return any(map(bool, (_ADDED.search(fact.indicator), _ADDED.search(said), _MOVED.match(fact.indicator))))


def says_total(fact: Fact) -> bool:
    """Whether a figure is said to be one of all: 累计, 共."""
    return _IN_ALL.search(fact.clause) is not None
