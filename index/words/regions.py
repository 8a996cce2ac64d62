"""The gazetteer: which region of China a name means, which region lies in which, and where a text names one.

Names are compared folded (see `index.text.folding`), so traditional characters and full width are read without further ado.
"""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Literal, TypeAlias

from index.errors import VocabularyError
from index.rules import At, Rule
from index.text.folding import fold
from index.words.fragments import any_word
from index.words.lexicon import load_wording

_DATA_FILE = Path(__file__).parents[1] / "data" / "regions.toml"

Level: TypeAlias = Literal["country", "province", "city", "county"]

_RANK: Mapping[Level, int] = {"country": 0, "province": 1, "city": 2, "county": 3}
_COUNTRY = "全国"


@dataclass(frozen=True, slots=True)
class Region:
    """One region. `parent` is the full name of the region one level up; `english` has no word for the rank.

    `weak`: the short name is also an ordinary word (平安, 公安), or for `weak_name` even the full one is (城区, 成县),
    so that the context must speak for the place. `prominent`: the short name counts though others share it.
    """

    name: str
    short: str
    level: Level
    parent: str | None
    english: str
    weak: bool = False
    weak_name: bool = False
    prominent: bool = False


@dataclass(frozen=True, slots=True)
class RegionMention:
    """A region named in a text at characters `start` to `end`; `surface` is the text as written there.

    `candidates` are the regions it can mean, likeliest first, and `region_name` is the first one's full name. For a
    name the gazetteer does not hold, `candidates` is empty and `region_name` is the name itself, folded.
    """

    region_name: str
    start: int
    end: int
    surface: str
    candidates: tuple[Region, ...]


_LEFT_EDGE = frozenset("年月日度初底末的在和与及跟是对到从为了问查比较较同将把给我看说、，。：；！？")
"""Characters after which a new word starts; a county's short name not otherwise expected must follow one of them.

In 提高青年收入 the characters 高青 are a county of Shandong by chance only."""

_NOT_A_CITY = frozenset("场民值容")
"""After 市 these make another word: 吉林市场 speaks of the province, not of the city."""
_BEHIND_PEOPLE = frozenset("营用办政宗族生间航兵主法意警企房贸爆")
"""After 民 these make a word that begins with it: 石家庄市民营经济 speaks of the city's private firms and of no citizens."""

_ENGLISH_WORD = Rule(
    "words.regions.english_word",
    r"(?<![a-z0-9])[a-z]+(?:['-][a-z]+)*(?![a-z0-9])",
    takes=("占⟦gdp⟧比重",),
    leaves=("5g基站", "财政收入"),
    why="A letter beside a digit is of a name or a unit.",
)
_ENGLISH_SUFFIX: Mapping[str, str] = {
    "province": "省", "autonomous region": "区", "municipality": "市", "city": "市", "district": "区", "county": "县",
    "new area": "新区", "prefecture": "州", "autonomous prefecture": "州", "special administrative region": "区",
    "sar": "区", "banner": "旗", "league": "盟", "new district": "新区",
}  # fmt: skip
"""English words for a rank, and the character that names of such regions end in."""
_SHORTEST_BARE_ENGLISH = 5
"""Shorter county names (Song, Long, Yi) are too often something else unless the rank is written out."""
_ENGLISH_WORDS = frozenset({"guide", "guiding", "boxing", "islands"})
"""The names that spell an English word, found by counting in 230,000 English sentences; they need their rank too."""

_ANOTHER_WORD: Mapping[str, str] = {
    "新区": "域",
    "自治县": "",
    "街道": "级",
    "区": "域块间级县委位市别分划属内外片",
    "市": "场民值容政级县区委直属域郊辖外内",
    "县": "级域城区委乡市镇处",
    "镇": "村级区域乡街化",
    "乡": "村镇土亲情愁风贤音下间",
}
"""Words for a rank, and what makes another word of each (市场, 乡村, 区域, 县城)."""
_PLACE_RANK = Rule(
    "words.regions.place_rank",
    "|".join(f"{rank}(?![{other}])" if other else rank for rank, other in _ANOTHER_WORD.items()),
    takes=("清柏⟦镇⟧医院", "霁川⟦市⟧财政"),
    leaves=("农贸市场", "乡村道路"),
    why="市场 and 乡村 are other words.",
)
_PLACE_LENGTHS = range(2, 5)
_WORD_EDGE = frozenset(
    "年月日度的在和与及跟是对到从为了由向将把被有于之其该全各本我这那哪每某等比较问查一二三四五六七八九十两几个"
)
_LEADING_WORDS = Rule(
    "words.regions.leading_words",
    rf"^{any_word('before_places')}+",
    takes=("⟦加快建设⟧清柏",),
    leaves=("清柏加快",),
    at=At.START,
)
_NOT_PLACES = tuple(
    word + end
    for kind, end in (
        ("district", "区"), ("city", "市"), ("town", "镇"), ("township", "乡"), ("county", "县"), ("street", "街道"),
    )
    for word in load_wording().lists[f"kinds_of_{kind}"]
)  # fmt: skip
"""Ordinary words that end like a place: 开发区, 超市, 小镇, 家乡, 贫困县."""


_ENGLISH_BETWEEN_PLACES = Rule(
    "words.regions.english_between_places",
    r",? (?:in |of )?",
    takes=("⟦, ⟧", "⟦ in ⟧"),
    leaves=(" and ", ";"),
    why="What may stand between a place and the wider one that it lies in.",
    at=At.WHOLE,
)


_SHORTEST_OWNER = 6
"""Letters of the shortest name that may have lost an apostrophe, with its s."""


class Gazetteer:
    """All regions, looked up by name and found in texts. Make one with `Gazetteer.load`."""

    def __init__(
        self, regions: Iterable[Region], *, stop_phrases: Collection[str] = (), english_aliases: Mapping[str, str] = {}
    ) -> None:
        self.regions = tuple(regions)
        full: dict[str, list[Region]] = {}
        short: dict[str, list[Region]] = {}
        english: dict[str, list[Region]] = {}
        for region in self.regions:
            full.setdefault(fold(region.name), []).append(region)
            for alias in _aliases(region):
                short.setdefault(alias, []).append(region)
            english.setdefault(fold(region.english), []).append(region)
        self._full = {key: _ordered(found) for key, found in full.items()}
        self._short = {key: _ordered(found) for key, found in short.items() if key not in full}
        for alias, name in english_aliases.items():
            english.setdefault(alias, []).extend(self._full[fold(name)])
        self._english = {key: _ordered(found) for key, found in english.items()}
        self._stops = frozenset(map(fold, stop_phrases))
        self._lengths = _lengths_by_first(self._full, self._short, self._stops)
        # Only provinces and prefectures are parents, and their full names are unique.
        self._met: tuple[frozenset[str], dict[str, tuple[int, ...]]] | None = None
        self._parents = {region.name: region for region in self.regions if region.level != "county"}

    @classmethod
    def load(cls) -> Gazetteer:
        """Return the gazetteer of `data/regions.toml`, read once. Raises `VocabularyError` when it is malformed."""
        return _load()

    def candidates(self, name: str) -> tuple[Region, ...]:
        """Return all regions of that full or short name, higher levels first; 上海市普陀区 is the one in Shanghai."""
        key = fold(name.strip())
        found = self._full.get(key) or self._short.get(key)
        if found:
            return found
        for cut in range(len(key) - 2, 1, -1):
            inner = self._full.get(key[cut:]) or self._short.get(key[cut:])
            outer = self.candidates(key[:cut]) if inner else ()
            inside = tuple(region for region in inner or () if any(self._lies_in(region, other) for other in outer))
            if inside:
                return inside
        return ()

    def get(self, name: str) -> Region | None:
        """Return the one region of that name, a province before smaller ones; None when unknown or shared."""
        found = self.candidates(name)
        if len(found) > 1 and found[0].level == "province" and found[1].level != "province":
            return found[0]
        return found[0] if len(found) == 1 else None

    def ancestors(self, region: Region) -> tuple[Region, ...]:
        """Return the regions that `region` lies in, from its parent up to the country."""
        chain: list[Region] = []
        parent = region.parent
        while parent is not None:
            chain.append(self._parents[parent])
            parent = chain[-1].parent
        return tuple(chain)

    def is_within(self, child: str | Region, parent: str | Region) -> bool:
        """Whether `child` is `parent` or lies in it. For a name shared by several regions, whether any of them does."""
        children = (child,) if isinstance(child, Region) else self.candidates(child)
        parents = (parent,) if isinstance(parent, Region) else self.candidates(parent)
        if not children and isinstance(child, str) and isinstance(parent, str):
            return fold(child) == fold(parent)
        return any(inner == outer or self._lies_in(inner, outer) for inner in children for outer in parents)

    def mentions(self, text: str, *, known: Collection[str] = ()) -> list[RegionMention]:
        """Find the regions that `text` names, left to right, the longest name at each place, none overlapping.

        Full names count always, short names of provinces and prefectures too. A county's short name counts when its
        full name is in `known` (the regions the index holds), when it is prominent, or when it is no ordinary word,
        no other region's name, and starts a word. A name right behind its parent's means the one in that parent.
        """
        folded = fold(text)
        expected = frozenset(map(fold, known))
        return sorted(
            (*self._chinese(text, folded, expected), *self._english_mentions(text, folded, expected)),
            key=lambda mention: mention.start,
        )

    def unknown_places(self, text: str) -> list[RegionMention]:
        """Find names that are built like a place but that the gazetteer does not hold (南翔镇), with no candidates.

        Conservative: the name must start where a word starts, and ordinary words (开发区, 超市, 小镇) are left out.
        """
        folded = fold(text)
        taken = [(mention.start, mention.end) for mention in self.mentions(text)]
        ends = {end for _, end in taken}
        places: list[RegionMention] = []
        for rank in _PLACE_RANK.finditer(folded):
            floor = places[-1].end if places else 0
            start = rank.start()
            while (
                start > floor
                and start not in ends
                and "一" <= folded[start - 1] <= "龥"
                and folded[start - 1] not in _WORD_EDGE
                and rank.start() - start <= 8  # a longer run is certainly no name
            ):
                start -= 1
            leading = _LEADING_WORDS.match(folded[start : rank.start()])
            start += leading.end() if leading else 0
            name = folded[start : rank.end()]
            if rank.start() - start not in _PLACE_LENGTHS or name.endswith(_NOT_PLACES) or self.candidates(name):
                continue
            if any(low < rank.end() and start < high for low, high in taken):
                continue
            places.append(RegionMention(name, start, rank.end(), text[start : rank.end()], ()))
        return places

    def _lengths_with(self, known: frozenset[str]) -> dict[str, tuple[int, ...]]:
        """Lengths of names by their first letter with names that only an index knows; kept for the last index."""
        if self._met is None or self._met[0] != known:
            strangers = [name for name in known if name not in self._full]
            self._met = (known, _lengths_by_first(self._full, self._short, self._stops, strangers))
        return self._met[1]

    def _lies_in(self, child: Region, parent: Region) -> bool:
        return parent in self.ancestors(child)

    def _chinese(self, text: str, folded: str, known: frozenset[str]) -> Iterator[RegionMention]:
        lengths = self._lengths
        strangers = [name for name in known if name not in self._full]
        if strangers:
            lengths = self._lengths_with(known)
        position = 0
        previous: RegionMention | None = None
        while position < len(folded):
            step = 1
            for length in lengths.get(folded[position], ()):
                key = folded[position : position + length]
                if len(key) < length:
                    continue
                if key in self._stops:
                    step = length
                    break
                before = previous.candidates if previous and _touches(folded[previous.end : position]) else ()
                regions = self._accepted(key, folded, position, known, before)
                if regions or key in strangers:
                    name = regions[0].name if regions else key
                    surface = text[position : position + length]
                    previous = RegionMention(name, position, position + length, surface, regions)
                    yield previous
                    step = length
                    break
            position += step

    def _accepted(
        self, key: str, folded: str, position: int, known: frozenset[str], before: tuple[Region, ...]
    ) -> tuple[Region, ...]:
        """Return the regions that `key` means at `position`; none if it is to be read as something else."""
        end = position + len(key)
        inside: tuple[Region, ...] = ()
        if regions := self._full.get(key, ()):
            other = folded[end : end + 1] in _NOT_A_CITY and folded[end + 1 : end + 2] not in _BEHIND_PEOPLE
            if key.endswith("市") and other and end < len(folded):
                return ()
            inside = self._inside(regions, before)
            counts = bool(inside) or key in known or not regions[0].weak_name
        elif regions := self._short.get(key, ()):
            is_place = regions[0].level != "county" and not self._province_cuts_in(folded, position, end)
            if is_place:
                # 中山 may mean the city, but not Dalian's 中山区, unless that is what the index holds.
                regions = tuple(region for region in regions if not region.weak_name or fold(region.name) in known)
            inside = self._inside((region for region in regions if is_place or not region.weak), before)
            counts = (
                is_place
                or bool(inside)
                or any(region.prominent or fold(region.name) in known for region in regions)
                or (len(regions) == 1 and not regions[0].weak and _starts_a_word(folded, position, bool(before)))
            )
        else:
            return ()
        return _likeliest_first(inside or regions, known) if counts else ()

    def _province_cuts_in(self, folded: str, position: int, end: int) -> bool:
        """Whether the name at `position` is but the tail of a word before a province's name: 美丽江西 is not 丽江."""
        if _starts_a_word(folded, position, follows_region=False):
            return False
        tails = (self._short.get(folded[start : start + 2], ()) for start in range(position + 1, end))
        return any(regions and regions[0].level == "province" for regions in tails)

    def _inside(self, regions: Iterable[Region], outer: tuple[Region, ...]) -> tuple[Region, ...]:
        return tuple(region for region in regions if any(self._lies_in(region, other) for other in outer))

    def _english_mentions(self, text: str, folded: str, known: frozenset[str]) -> list[RegionMention]:
        words = [(match.group().removesuffix("'s"), match.start()) for match in _ENGLISH_WORD.finditer(folded)]
        found: list[RegionMention] = []
        index = 0
        while index < len(words):
            used, mention = self._english_at(words, index, text, folded, known)
            index += used
            if mention is None:
                continue
            # “Putuo District, Shanghai”: the wider region stands behind and says which one is meant.
            if found and _ENGLISH_BETWEEN_PLACES.fullmatch(folded[found[-1].end : mention.start]):
                inside = self._inside(found[-1].candidates, mention.candidates)
                if inside:
                    found[-1] = replace(found[-1], region_name=inside[0].name, candidates=inside)
            found.append(mention)
        return found

    def _english_at(
        self, words: list[tuple[str, int]], index: int, text: str, folded: str, known: frozenset[str]
    ) -> tuple[int, RegionMention | None]:
        """Words used and the mention that starts at word `index`; the longest name first, its rank word included."""
        for count in (3, 2, 1):
            phrase = _phrase(words, index, count, folded)
            # chinas: of a place, typed without its apostrophe
            owner = phrase.removesuffix("s") if len(phrase) >= _SHORTEST_OWNER else ""
            regions = self._english.get(phrase) or self._english.get(owner, ())
            if not regions:
                continue
            suffix, suffix_words = "", 0
            for size in (3, 2, 1):
                rank = _phrase(words, index + count, size, folded)
                if rank in _ENGLISH_SUFFIX and _phrase(words, index, count + size, folded):
                    suffix, suffix_words = _ENGLISH_SUFFIX[rank], size
                    break
            ranked = tuple(region for region in regions if suffix and region.name.endswith(suffix))
            meant = ranked or regions
            bare_is_enough = (
                meant[0].level != "county"
                or any(region.prominent or fold(region.name) in known for region in meant)
                or (
                    len(meant) == 1
                    and not meant[0].weak
                    and len(meant[0].english) >= _SHORTEST_BARE_ENGLISH
                    and fold(meant[0].english) not in _ENGLISH_WORDS
                )
            )
            if not (ranked or bare_is_enough):
                continue
            used = count + suffix_words
            last, at = words[index + used - 1]
            start, end = words[index][1], at + len(last)
            meant = _likeliest_first(meant, known)
            return used, RegionMention(meant[0].name, start, end, text[start:end], meant)
        return 1, None


def _phrase(words: list[tuple[str, int]], index: int, count: int, folded: str) -> str:
    """`count` words from `index` on, joined by single spaces; empty when other signs stand between them."""
    chosen = words[index : index + count]
    if len(chosen) < count:
        return ""
    for (word, at), (_, following) in pairwise(chosen):
        if folded[at + len(word) : following].strip(" ") or following == at + len(word):
            return ""
    return " ".join(word for word, _ in chosen)


def _touches(between: str) -> bool:
    return between in {"", " ", "·"}


def _starts_a_word(folded: str, position: int, follows_region: bool) -> bool:
    before = folded[position - 1] if position else ""
    return follows_region or not "一" <= before <= "龥" or before in _LEFT_EDGE


def _likeliest_first(regions: tuple[Region, ...], known: frozenset[str]) -> tuple[Region, ...]:
    if len(regions) < 2:
        return regions
    return tuple(sorted(regions, key=lambda region: (fold(region.name) not in known, not region.prominent)))


def _ordered(regions: Iterable[Region]) -> tuple[Region, ...]:
    return tuple(sorted(regions, key=lambda region: _RANK[region.level]))


def _aliases(region: Region) -> set[str]:
    """Short forms in use: 延边, 延边州 and 延边自治州, 长阳, 长阳县 and 长阳自治县, 广西自治区, 浦东."""
    short = fold(region.short)
    names = {short}
    for rank in ("自治州", "自治县", "自治旗", "自治区"):
        if region.name.endswith(rank):
            names |= {short + rank, *([short + rank[-1]] if rank in ("自治州", "自治县") else ())}
    return names - {fold(region.name)}


def _lengths_by_first(*names: Iterable[str]) -> dict[str, tuple[int, ...]]:
    """First character to the lengths of the names it starts, longest first: what to try at a place in a text."""
    lengths: dict[str, set[int]] = {}
    for name in (name for group in names for name in group):
        lengths.setdefault(name[0], set()).add(len(name))
    return {first: tuple(sorted(sizes, reverse=True)) for first, sizes in lengths.items()}


_ETHNIC = Rule(
    "words.regions.ethnic",
    rf"{any_word('peoples')}*自治[区州县旗]$",
    takes=("云岭⟦傣族景颇族自治州⟧", "云岭⟦自治县⟧"),
    leaves=("云岭自治州政府",),
)
_SPECIAL_SHORT: Mapping[str, str] = {
    "内蒙古自治区": "内蒙古", "东乡族自治县": "东乡", "鄂温克族自治旗": "鄂温克", "神农架林区": "神农架",
    "六枝特区": "六枝",
    "新疆生产建设兵团": "新疆生产建设兵团",
}  # fmt: skip
_BANNER_OR_MINE = ("矿区", "中旗", "前旗", "后旗", "左旗", "右旗", "联合旗")


_RANK_AT_THE_END = Rule(
    "words.regions.rank_at_the_end",
    r"[省市盟县区旗]$",
    takes=("清柏⟦县⟧",),
    leaves=("县城",),
)


def short_name(name: str) -> str:
    """Return the name as people say it, without the word for its rank; never a single character (赵县 stays)."""
    if name in _SPECIAL_SHORT:
        return _SPECIAL_SHORT[name]
    if name.endswith(_BANNER_OR_MINE):
        return name
    for rank in ("特别行政区", "地区", "新区"):
        if name.endswith(rank) and len(name) >= len(rank) + 2:
            return name.removesuffix(rank)
    short = _ETHNIC.sub("", name)
    if short == name:
        short = _RANK_AT_THE_END.sub("", name)
    return short if len(short) > 1 else name


_ZONES = (
    ("经济技术开发区", "经开区"),
    ("经济开发区", "经开区"),
    ("高新技术产业开发区", "高新区"),
    ("高新技术产业园区", "高新区"),
    ("综合保税区", "综保区"),
    ("工业园区", "园区"),
)


_WITHIN_A_CITY = Rule(
    "words.regions.within_a_city",
    r"(?P<outer>.{2,6}?(?:[市州盟]|地区))(?P<inner>.{2,}[县区市旗镇乡])",
    takes=("⟦霁川市槐汀区⟧",),
    leaves=("槐汀区", "霁川市"),
    at=At.WHOLE,
)


def other_names(name: str) -> tuple[str, ...]:
    """How people call a place that no gazetteer knows: 清柏 for 清柏县, 澜川州, 岭湾经开区."""
    names = [short_name(name)]
    if name.endswith("自治州") and names[0] != name:
        names.append(f"{names[0]}州")
    names += [name.removesuffix(long) + short for long, short in _ZONES if name.endswith(long)]
    if inner := _WITHIN_A_CITY.fullmatch(name):
        # 霁川市槐汀区 is called 槐汀区, 槐汀 and 霁川槐汀区 as well.
        outer, district = inner["outer"], inner["inner"]
        names += [district, short_name(district), f"{short_name(outer)}{district}"]
    return tuple(n for n in dict.fromkeys(names) if n != name and len(n) > 1)


@cache
def _load() -> Gazetteer:
    try:
        data = tomllib.loads(_DATA_FILE.read_text(encoding="utf-8"))
        regions = [Region(_COUNTRY, "中国", "country", None, "China")]
        for name, table in data["province"].items():
            regions.append(Region(name, short_name(name), "province", _COUNTRY, table["english"]))
            for line in table["divisions"].splitlines():
                regions.extend(_read_line(name, line))
        return Gazetteer(regions, stop_phrases=data["stop_phrases"], english_aliases=data["english_aliases"])
    except (tomllib.TOMLDecodeError, KeyError, ValueError) as error:
        raise VocabularyError(f"{_DATA_FILE.name}: {error}") from error


def _read_line(province: str, line: str) -> Iterator[Region]:
    """Yield the prefecture of one line, unless it is ``-``, and its counties. Raises ValueError on a malformed line."""
    head, _, counties = line.partition(":")
    city, _, english = head.partition(" ")
    if city != "-":
        yield Region(city, short_name(city), "city", province, english)
    for entry in filter(None, counties.strip().split(", ")):
        marked, separator, english = entry.partition(" ")
        if not separator:
            raise ValueError(f"{entry!r} has no English name")
        name = marked.rstrip("*^!")
        mark = marked[len(name) :]
        parent = province if city == "-" else city
        weak = mark in {"*", "^"}
        yield Region(name, short_name(name), "county", parent, english, weak, mark == "^", mark == "!")
