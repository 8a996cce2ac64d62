"""Whose figure it is: the place that speaks, the larger place it belongs to, or a place that the words name."""

from __future__ import annotations

from dataclasses import dataclass

from index.rules import At, Rule
from index.types import Document
from index.words.fragments import COUNTING, HAN, LETTER, any_word
from index.words.lexicon import load_wording
from index.words.naming import canonical_of
from index.words.regions import Gazetteer, Region

_SMALL_PLACE = Rule(
    "figures.whose.small_place",
    rf"^(?P<place>(?![{COUNTING}两几各这该]{{1,2}}个?)(?!{HAN}{{0,3}}[城乡街村强名小重制]镇){HAN}{{2,3}}(?:[镇乡]|街道))"
    rf"(?P<rest>(?![化级村]|企业){LETTER}{{2,}})",
    takes=("⟦白沙街道养老服务站⟧", "⟦青溪镇茶园面积⟧"),
    leaves=("白沙镇企业产值", "特色小镇项目", "两个乡公路"),
    why="镇企业, 小镇 and 城镇 are kinds, and 两个乡 a count.",
    at=At.START,
)
_VERBS = load_wording().pattern("list_verbs", "doing_verbs", "level_verbs", "rise", "fall")
_INNER = Rule(
    "figures.whose.inner",
    rf"^(?P<place>{HAN}{{2,4}}?[县区市旗])(?P<rest>{HAN}{{3,}})",
    takes=("⟦青溪县地区生产总值⟧",),
    leaves=("青溪县税收", "全县"),
    at=At.START,
)
_NOT_INNER = Rule(
    "figures.whose.not_inner",
    rf"^(?:[全各我本该两三新老主城所每{COUNTING}]|脱贫|贫困|制定|{any_word('before_places')})|{any_word('kinds_of_district', 'kinds_of_city')}[区市]$",
    takes=("⟦全⟧县", "智慧⟦社区⟧"),
    leaves=("青溪县",),
)
_ENUMERATED = Rule(
    "figures.whose.enumerated",
    r"[、和与及至到经—-]|[湖江河山岛港湾]|水利|等|以[东南西北]|[市县区]?[和与至]",
    takes=("⟦、⟧临江两县", "⟦水利⟧枢纽"),
    leaves=("新增企业",),
    why="Behind a place that is one of several, or an end of a road, or a part of a name.",
    at=At.START,
)
"""Behind a place that is one of several, or an end of a road."""
_NO_PLACE = Rule(
    "figures.whose.no_place",
    r"[城返下入回离进还]乡$|城镇$",
    takes=("吸引人才⟦返乡⟧", "⟦城镇⟧"),
    leaves=("青溪乡",),
)
_LEVELS = ("country", "province", "city", "county", "town")


@dataclass(frozen=True, slots=True)
class Place:
    region: str | None
    indicator: str
    canonical: str | None
    named: bool = False
    """Whether the words themselves name the place, so that what follows in the same sentence is its own too."""


def place_of(indicator: str, scope: str, document: Document, gazetteer: Gazetteer, before: str | None = None) -> Place:
    """The region that owns a figure whose subject is ``indicator`` behind the scope word ``scope`` (全市, 我区 …).

    ``before`` is a place that the same sentence named last: 滨海新区生产总值增长7%，税收增长5% tells two figures of it.
    """
    if load_wording().scopes.get(scope) == "country" and document.region != "全国" and canonical_of(indicator) is None:
        # 全国文明城市达到13个 counts the speaker's own.
        return Place(document.region, f"{scope}{indicator}", canonical_of(f"{scope}{indicator}"))
    region = before if before is not None and not scope else _by_scope(scope, document, gazetteer)
    known = _known_place(indicator, document, gazetteer)
    return (
        known
        or _small_place(indicator)
        or _county(indicator, document)
        or Place(region, indicator, canonical_of(indicator))
    )


def _known_place(indicator: str, document: Document, gazetteer: Gazetteer) -> Place | None:
    """The place of the gazetteer that an indicator begins with, where what follows can be a figure of it."""
    mention = next(iter(gazetteer.mentions(indicator, known=())), None)
    if mention is None or mention.start != 0 or not mention.candidates:
        return None
    rest = indicator[mention.end :]
    canonical = canonical_of(rest)
    # 上海国际时尚中心 begins with a place and is a name; 上海地区生产总值 is a figure of that place.
    if canonical is not None:
        names = [c.name for c in mention.candidates]
        return Place(document.region if document.region in names else names[0], rest, canonical, named=True)
    if len(rest) < 2 or not document.region or _ENUMERATED.match(rest):
        return None
    inside = next((c for c in mention.candidates if gazetteer.is_within(c, document.region)), None)
    # 浦东新区新增企业5万家, 西安国际航线恢复至52条: told in the larger place's report, and no figure of its own.
    told = inside is not None and inside.name != document.region
    return Place(inside.name, rest, None, named=True) if inside is not None and told else None


def _small_place(indicator: str) -> Place | None:
    """A town or a street, which no gazetteer holds: 岭湾镇地区生产总值."""
    small = _SMALL_PLACE.match(indicator)
    if small is None or _NO_PLACE.search(small["place"]) or _VERBS.match(small["place"]):
        return None
    return Place(small["place"], small["rest"], canonical_of(small["rest"]), named=True)


def _county(indicator: str, document: Document) -> Place | None:
    """A county that the gazetteer does not know, in the report of a larger place: 沅溪县地区生产总值."""
    inner = _INNER.match(indicator)
    if inner is None or _level_by_name(document.region or "") == "county" or inner["place"] == document.region:
        return None
    canonical = canonical_of(inner["rest"])
    if canonical is None or _NOT_INNER.search(inner["place"]) or _VERBS.match(inner["place"]):
        return None
    return Place(inner["place"], inner["rest"], canonical, named=True)


def _by_scope(scope: str, document: Document, gazetteer: Gazetteer) -> str | None:
    """全市 in a district's report is the city above it; 全区 in a region's own report is that region."""
    level = load_wording().scopes.get(scope)
    if level is None or document.region is None:
        return document.region
    own = gazetteer.get(document.region)
    own_level = own.level if own is not None else _level_by_name(document.region)
    if own_level not in _LEVELS or _LEVELS.index(level) >= _LEVELS.index(own_level):
        return document.region
    if level == "country":
        return "全国"
    if own is not None and own_level == "county" and level == "city" and own.name.endswith("市"):
        return document.region
    return _above(level, own_level, own, document, gazetteer)


def _above(level: str, own_level: str, own: Region | None, document: Document, gazetteer: Gazetteer) -> str | None:
    """The place of a higher ``level`` that the speaker belongs to; the speaker where it calls itself by that level."""
    ancestors = gazetteer.ancestors(own) if own is not None else []
    at_level = next((a.name for a in ancestors if a.level == level), None)
    if at_level is not None:
        return at_level
    above = gazetteer.get(document.parent) if document.parent else None
    # Municipalities are provinces by rank and call themselves 全市.
    if above is not None and (above.level == level or (level == "city" and above.name.endswith("市"))):
        return above.name
    if level == "city" and (own_level == "province" or (own is not None and own.name.endswith("市"))):
        return document.region
    # Whose figure it is stays open where the place above is unknown: it is not the speaker's.
    return document.parent


def _level_by_name(name: str) -> str:
    if name.endswith(("省", "自治区")):
        return "province"
    if name.endswith(("州", "盟")):
        return "city"
    return "county" if name.endswith(("区", "县", "旗")) else "city"
