"""The places that a question asks for, and those that it only compares with."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from index.rules import At, Rule
from index.text.folding import fold
from index.types import Span
from index.words.lexicon import load_wording
from index.words.regions import Gazetteer, Region, RegionMention, short_name
from rag.understand.asked import Asked, blanked
from rag.understand.known import Known
from rag.understand.slots.strangers import Stranger, strangers_in
from rag.understand.words import either, load_asking

_COMPARED = Rule(
    "understand.places.compared_place",
    rf"(?:占|{either('higher_than')})$",
    takes=("增速⟦高于⟧",),
    leaves=("高于全省",),
)
_HONOUR = Rule(
    "understand.places.honour",
    rf"的?(?:{either('honours')})",
    takes=("⟦首⟧批试点城市",),
    leaves=("地区生产总值",),
    at=At.START,
)
"""Behind 全国: a distinction that one place has, and not the whole country."""
_ENGLISH_COMMA = Rule(
    "understand.places.english_comma",
    r"\s*(?:[,(]|of\s)\s*(?:in\s+)?(?:the\s+)?",
    takes=("⟦, ⟧",),
    leaves=(" and ",),
    at=At.WHOLE,
)
_NATION = Rule(
    "understand.places.nation",
    r"[我全]国|(?:我们|咱们?)国家|国务院",
    takes=("⟦我国⟧出口总额", "⟦咱们国家⟧有多少人"),
    leaves=("全省出口总额",),
)
_STATE = Rule(
    "understand.places.state",
    rf"中央财政|中央预算|国家(?={either('acts_of_state', 'of_state')})",
    takes=("⟦中央财政⟧拨了几笔款",),
    leaves=("国家级园区有多少",),
)
_STATE_ONLY = Rule(
    "understand.places.state_only",
    rf"国家(?={either('acts_of_state')})",
    takes=("⟦国家⟧要求淘汰落后产能",),
    leaves=("国家级园区有多少",),
)
_AGAINST_WHOLE = Rule(
    "understand.places.against_whole",
    rf"(?:{either('higher_than')})(?P<whole>全[国省市区县州])",
    takes=("增速⟦高于全省⟧多少",),
    leaves=("全省增速多少",),
)
_HOUSE = Rule(
    "understand.places.house",
    r"证券交易所|交易所|银行|大学",
    takes=("⟦大学⟧有多少在校生",),
    leaves=("大湾区有多少企业",),
    at=At.START,
)
_OF_RANK = Rule(
    "understand.places.of_rank",
    r"[省市区县州][属级](?!于)",
    takes=("⟦市属⟧国企增加值",),
    leaves=("市属于哪个省",),
    why="属于 is a verb.",
    at=At.START,
)
_TOWN = Rule(
    "understand.places.town",
    r"镇|街道|乡(?![村下亲镇])|村",
    takes=("⟦镇⟧的税收",),
    leaves=("乡下的税收",),
    why="乡下, 乡村 and 乡镇 are no name of one 乡.",
    at=At.START,
)
_ROMANISED_NAME = Rule(
    "understand.places.romanised_name",
    rf"[a-z']{{4,}}(?: (?:{either('places_english')}))?",
    takes=("⟦lanjiang city⟧ in 2022",),
    leaves=("gdp in 22",),
)
_BEHIND_THE_NAME = Rule(
    "understand.places.behind_the_name",
    r" .*|'",
    takes=("lanjiang⟦ city⟧",),
    leaves=("lanjiang",),
)
_JOINS_NAMES = Rule(
    "understand.places.joins_names",
    r"[\s的,'s]*(?:市|省)?",
    takes=("⟦, ⟧", "⟦市⟧"),
    leaves=("的工业和",),
    at=At.WHOLE,
)


@dataclass(frozen=True, slots=True)
class Where:
    """The places of a question.

    ``regions`` are full names in order, ``mentions`` their words, ``against`` places that it is only compared with
    (占全国的比重, 增速高于全市); ``taken`` are the words that say nothing of what is asked for.
    """

    regions: tuple[str, ...]
    mentions: tuple[RegionMention, ...]
    against: tuple[str, ...]
    taken: tuple[Span, ...]
    strangers: tuple[str, ...] = ()
    """Places that only share their first letters with one of ``regions``, or lie in it."""


def where_asked(asked: Asked, known: Known, gazetteer: Gazetteer) -> Where:
    """The places of a question; the whole country where only its government is named."""
    text = asked.folded
    named = gazetteer.mentions(text, known=known.names)
    strangers = list(strangers_in(text, named, known, gazetteer))
    places = [m for m in named if not _is_in_a_town(text, m)]
    if asked.language == "en":
        places = _with_romanised(places, text, known)
    roles = [_role(_Named(text, places, n, known, gazetteer)) for n in range(len(places))]
    kept = [(role.region, m) for role, m in zip(roles, places, strict=True) if role.asked]
    regions = tuple(dict.fromkeys(name for name, _ in kept))
    against = tuple(dict.fromkeys(role.region for role in roles if role.compared))
    if not regions and not against:
        state = "全国" in known.regions and _STATE.search(text) is not None
        regions = ("全国",) if state or _NATION.search(text) else ()
    return Where(
        regions,
        tuple(m for _, m in kept),
        against,
        tuple(_taken(text, places, strangers)),
        # 江州市临澜区: what stands around a held place is no stranger to it.
        tuple(dict.fromkeys(s.name for s in strangers if not s.around or not set(regions) & known.regions)),
    )


def without_country(text: str, regions: Sequence[str]) -> str:
    """The text without the words for the country and its government, where that is asked for."""
    return _STATE_ONLY.sub("  ", _NATION.sub(blanked, text)) if regions == ("全国",) else text


def level_of(text: str) -> str | None:
    """The level of which every place is asked for (各区)."""
    says = load_asking().says
    if says("county", text):
        return "county"
    if says("province", text):
        return "province"
    if says("any", text):
        return "province" if "province" in text else "county"
    return None


def wholes_compared(text: str) -> Iterator[str]:
    """Words for a whole that it is compared with (高于全省)."""
    return (m["whole"] for m in _AGAINST_WHOLE.finditer(text))


def scope_of(text: str) -> str | None:
    """The level of the place that 全省, 本市 or 我县 means where none is named; in 居全省第几 it means none."""
    return next(
        (
            level
            for word, level in load_wording().scopes.items()
            if len(word) > 1 and word[0] in "全我本" and re.search(rf"{re.escape(word)}(?!第|排)", text)
        ),
        None,
    )


def _is_in_a_town(text: str, mention: RegionMention) -> bool:
    """柳河镇 is a town, whatever county is called 柳河 for short."""
    return _TOWN.match(text, mention.end) is not None and all(
        fold(mention.surface) != fold(c.name) for c in mention.candidates
    )


def _taken(text: str, places: Sequence[RegionMention], strangers: Sequence[Stranger]) -> Iterator[Span]:
    """The words of places that are no words of what is asked; of those compared with they are."""
    yield from (s.span for s in strangers if s.rank)
    areas = {s.span.start for s in strangers if not s.rank}
    for m in places:
        # 北京证券交易所 is a name of its own, and what a report tells of 嘉定新城 it tells by that name.
        if _is_compared(text, m, places) or _HOUSE.match(text, m.end) or m.start in areas:
            continue
        # 重庆市属国企 are 市属 ones of 重庆.
        yield Span(m.start, m.end - bool(_OF_RANK.match(text, m.end - 1)))


@dataclass(frozen=True, slots=True)
class _Role:
    """What a named place is there for: asked, compared with, or only said to be around another."""

    region: str = ""
    asked: bool = False
    compared: bool = False


_AROUND = _Role()


@dataclass(frozen=True, slots=True)
class _Named:
    """One of the places of a text, among the others."""

    text: str
    places: Sequence[RegionMention]
    number: int
    known: Known
    gazetteer: Gazetteer

    @property
    def mention(self) -> RegionMention:
        return self.places[self.number]

    @property
    def following(self) -> RegionMention | None:
        """The place that is named right behind."""
        after = self.places[self.number + 1 : self.number + 2]
        return after[0] if after and _touch(self.text, self.mention, after[0]) else None

    @property
    def called(self) -> str:
        return _held_name(self.mention, self.known)

    @property
    def chosen(self) -> Region:
        """The place that is meant of those of one name: a held one, else a province."""
        candidates = self.mention.candidates
        # 海南 is the province, whatever prefecture a report speaks of by that name.
        provinces = [
            c for c in candidates if c.level == "province" and fold(short_name(c.name)) == fold(self.mention.surface)
        ]
        return next((c for c in candidates if c.name in self.known.regions), (provinces or list(candidates))[0])


def _role(named: _Named) -> _Role:
    return next(role for reader in _ROLES if (role := reader(named)) is not None)


def _known_to_the_index_only(named: _Named) -> _Role | None:
    """A place that the index holds and the gazetteer does not know."""
    if named.mention.candidates:
        return None
    if _is_compared(named.text, named.mention, named.places):
        return _Role(named.called, compared=True)
    around = named.following is not None and _speaks(named.called, named.following, named.known)
    return _AROUND if around else _Role(named.called, asked=True)


def _held_by_a_short_name(named: _Named) -> _Role | None:
    if named.chosen.name in named.known.regions:
        return None
    stranger = _called(named.mention, named.known, named.gazetteer)
    return _Role(stranger, asked=True) if stranger is not None else None


def _compared(named: _Named) -> _Role | None:
    mention, text = named.mention, named.text
    if (
        _is_compared(text, mention, named.places)
        or text.startswith(("之外", "以外"), mention.end)
        or (named.chosen.level == "country" and _among(named))
    ):
        return _Role(named.chosen.name, compared=True)
    return None


def _among(named: _Named) -> bool:
    """列全国…, 居全国第几: where places are counted is not what is asked about."""
    mention, text = named.mention, named.text
    if text.startswith(("第", "排", "能排", "里排", "内排", "上排"), mention.end):
        return True
    led = text[: mention.start].endswith(("在", "列", "居", "占"))
    return len(named.places) > 1 and (led or _HONOUR.match(text, mention.end) is not None)


def _around_the_next(named: _Named) -> _Role | None:
    """A larger place right before a smaller one only says where that lies (上海市嘉定区)."""
    inner, chosen, known = named.following, named.chosen, named.known
    if inner is None:
        return None
    if _lies_within(inner, chosen, named.gazetteer) or _speaks(chosen.name, inner, known):
        return _AROUND
    # 广州天河区石牌街道: what the report of a place that nobody else knows lies in.
    name = _held_name(inner, known)
    return _AROUND if name in known.regions and named.gazetteer.get(name) is None else None


def _around_the_one_before(named: _Named) -> _Role | None:
    """Tianxin District, Changsha: the larger place stands behind."""
    if not named.number:
        return None
    before = named.places[named.number - 1]
    behind = _ENGLISH_COMMA.fullmatch(named.text[before.end : named.mention.start])
    return _AROUND if behind and _lies_within(before, named.chosen, named.gazetteer) else None


def _asked(named: _Named) -> _Role | None:
    return _Role(named.chosen.name, asked=True)


_ROLES: tuple[Callable[[_Named], _Role | None], ...] = (
    _known_to_the_index_only,
    _held_by_a_short_name,
    _compared,
    _around_the_next,
    _around_the_one_before,
    _asked,
)
"""The first that knows says what a place is there for."""


def _with_romanised(places: list[RegionMention], text: str, known: Known) -> list[RegionMention]:
    """The places of an English text with the held ones that only their sound names: Lanxi is 岚溪市 where that is held.

    One that the gazetteer knows by the same letters gives way if it is not held itself.
    """
    found = []
    for match in _ROMANISED_NAME.finditer(text):
        name = known.romanised.get(_BEHIND_THE_NAME.sub("", match[0]))
        same = [m for m in places if m.start < match.end() and match.start() < m.end]
        if name is not None and not any(c.name in known.regions for m in same for c in m.candidates):
            found.append(RegionMention(name, match.start(), match.end(), match[0], ()))
            places = [m for m in places if m not in same]
    return sorted((*places, *found), key=lambda m: m.start)


def _called(mention: RegionMention, known: Known, gazetteer: Gazetteer) -> str | None:
    """The held place that a short name means where the gazetteer knows only another by it: 安平 for 安平镇."""
    short = fold(mention.surface)
    if any(short == fold(c.name) for c in mention.candidates):
        return None
    named = [n for n in known.regions if n.startswith(short) and 0 < len(n) - len(short) <= 2 and not gazetteer.get(n)]
    return named[0] if len(named) == 1 else None


def _speaks(outer: str, mention: RegionMention, known: Known) -> bool:
    """Whether the documents of a place speak for the smaller one that is named right behind it: 清柏县柳河镇."""
    return outer in known.inner.get(_held_name(mention, known), frozenset())


def _held_name(mention: RegionMention, known: Known) -> str:
    return known.called.get(mention.region_name, mention.region_name)


def _lies_within(mention: RegionMention, outer: Region, gazetteer: Gazetteer) -> bool:
    return any(gazetteer.is_within(c, outer) and c.name != outer.name for c in mention.candidates)


def _is_compared(text: str, mention: RegionMention, places: Sequence[RegionMention]) -> bool:
    """Whether the words before a place say that it is one to compare with.

    税收占新乡一般公共预算收入的多少: the only place is the asked one, where something of it is the whole, and 占上海的比重 names
    none of its own.
    """
    said = _COMPARED.search(text, max(0, mention.start - 3), mention.start)
    if said is None:
        return False
    alone = len(places) == 1 and not any(c.level == "country" for c in mention.candidates)
    of_it = not text[mention.end :].lstrip("的市省").startswith(("比", "份额", "多少", "百分", "几"))
    return not (alone and said[0] == "占" and of_it)


def _touch(text: str, first: RegionMention, second: RegionMention) -> bool:
    return _JOINS_NAMES.fullmatch(text[first.end : second.start]) is not None
