"""The place whose government speaks in a document: who is represented, the title, the file's name, and at last what is named most."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from index.outline.titles import HEAD
from index.rules import At, Rule
from index.text.folding import fold
from index.words.fragments import COUNTING, HAN, YEAR, any_word
from index.words.regions import Gazetteer

_ISSUER = Rule(
    "outline.places.issuer",
    r"我谨?代表(?P<who>[^,。;:]{0,26}?(?:政府|国务院))",
    takes=("现在,⟦我代表云岭县人民政府⟧向大会报告工作",),
    leaves=("我代表全体同志表态,请政府放心",),
)
_SPEAKER_PLACE = Rule(
    "outline.places.speaker_place",
    rf"(?P<place>{HAN}{{2,14}}?[省市区县州旗盟])(?=第[{COUNTING}百]+届)",
    takes=("--⟦在清柏县⟧第五届人民代表大会",),
    leaves=("清柏县第五中学",),
    why="Only a congress is counted in 届; the 在 before the place is cut off later.",
)
_TERM = Rule(
    "outline.places.term",
    rf"^(?:[本上]|新一|上一|这|第[{COUNTING}]+)届",
    takes=("⟦本届⟧州人民政府",),
    leaves=("清柏县第五届人民政府",),
)
_LITERAL_PLACE = Rule(
    "outline.places.literal_place",
    rf"{HAN}{{1,11}}?(?:街道|[镇乡省市区县州旗盟])$",
    takes=("⟦清柏县⟧", "⟦湖畔街道⟧"),
    leaves=("县", "清柏县政府"),
    at=At.WHOLE,
)
_OWN_PLACE = Rule(
    "outline.places.own_place",
    r"[本全我各]?(?:(?:自治|新)?[省市区县州旗盟])?",
    takes=("⟦本区⟧", "⟦自治区⟧"),
    leaves=("清柏县", "老城区"),
    why="本区 and a bare 自治区 name no place of their own.",
    at=At.WHOLE,
)
_STATE_COUNCIL = Rule(
    "outline.places.state_council",
    r"代表国务院|国务院总理|of the State Council",
    takes=("我⟦代表国务院⟧,向大会报告", "On behalf ⟦of the State Council⟧, I now present"),
    leaves=("根据国务院部署",),
)
_TITLE_PLACE = Rule(
    "outline.places.title_place",
    r"(?:^(?!关于)|(?<=关于)|(?<=[年 )—_\d]))"
    rf"(?P<place>(?!年|城[市乡镇区]|社区|园区|乡镇){HAN}{{1,14}}?(?:[省市区县州旗盟镇乡]|街道))"
    rf"(?:{any_word('governing')}|(?=(?:上半年| )*{any_word('titled_of_places')}"
    rf"| ?{YEAR}(?:[-—–至]{YEAR})?年?|{HAN}{{1,10}}?{any_word('offices')}))",
    takes=(
        "⟦清柏县人民政府⟧工作报告",
        "⟦霁川市⟧2021年工作总结",
        "2023年⟦云浦县政府⟧工作报告",
        "关于⟦霁川市⟧2021年预算执行情况",
    ),
    leaves=("清柏县城建设情况", "2021年城市经济运行情况"),
    why="A place begins the title, or stands behind its year or 关于; 年 is no part of its name.",
)
_GOVERNMENT_AT_THE_END = Rule(
    "outline.places.government_at_the_end",
    r"(?:人民)?政府$",
    takes=("清柏县⟦人民政府⟧",),
    leaves=("政府工作部门",),
)
_BEFORE_THE_PLACE = Rule(
    "outline.places.before_the_place",
    r"^.*[在日]",
    takes=("⟦2月5日在⟧清柏县",),
    leaves=("清柏县",),
)


_NO_PLACE_YET = Rule(
    "outline.places.no_place_yet",
    rf"^(?:.{{2,}}[局厅署]|\d*{any_word('in_front_of_places')})(?={HAN})",
    takes=("⟦度⟧清柏县", "⟦上半年⟧清柏县", "⟦转发⟧清柏县", "⟦国家税务总局⟧清柏县"),
    leaves=("清柏县", "会昌县"),
    why="What stands between the start of a title, or its year, and the place.",
)


def _places_titled(words: str) -> Iterator[str]:
    """The places that a title may be of, without what only stands before them."""
    for match in _TITLE_PLACE.finditer(words):
        place, before = match["place"], ""
        while place != before:
            place, before = _NO_PLACE_YET.sub("", place), place
        if len(place) > 1 and not _OWN_PLACE.fullmatch(place):
            yield place


_SEPARATORS = str.maketrans(dict.fromkeys("_-:[]()·.【】,", " "))
_NO_NAMES = frozenset(
    {"城区", "社区", "园区", "地区", "库区", "景区", "新区", "开发区", "城镇", "乡镇", "集镇", "城市", "都市"}
)
"""Words that end like a place and name none."""


def _places_apart(words: str) -> Iterator[str]:
    """The places that stand alone between the signs of a name: 2025_唐县_政府工作报告, 政府工作报告(唐县2025)."""
    for part in words.translate(_SEPARATORS).split():
        place = part.strip("0123456789年度")
        named = _LITERAL_PLACE.fullmatch(place) is not None and not _OWN_PLACE.fullmatch(place)
        if named and place not in _NO_NAMES:
            yield place


def region_of(text: str, title: str, file_name: str, gazetteer: Gazetteer) -> tuple[str | None, str | None, bool]:
    """The place whose government speaks, the place it belongs to, and whether nothing but the text's own places told it.

    In this order: who is represented, whose congress is addressed, the title, the file name, and at last the place
    that the text speaks of most.
    """
    head = text[:HEAD]
    if _STATE_COUNCIL.search(head):
        return "全国", None, False
    issuer = _ISSUER.search(head)
    congress = _SPEAKER_PLACE.search(head)
    names = (title, fold(file_name).rsplit("/", 1)[-1])
    named = next((p for words in names for p in _places_titled(words)), "")
    named = named or next((p for words in names for p in _places_apart(words)), "")
    places = [
        _TERM.sub("", _GOVERNMENT_AT_THE_END.sub("", issuer["who"])) if issuer else "",
        _BEFORE_THE_PLACE.sub("", congress["place"]) if congress else "",
        named,
    ]
    hints = [*places, title, fold(file_name)]
    for place in places:
        # What ends in 县 or 市 is a place, whether the gazetteer knows it or not; 本区 and 全市 name none.
        if len(place) > 1 and not _OWN_PLACE.fullmatch(place):
            found = _ending_place(place, hints, gazetteer)
            if found is not None:
                return *found, False
    for hint in (title, fold(file_name)):
        specific = _most_specific(hint, hints, gazetteer)
        if specific is not None:
            return *specific, False
    name, parent = _most_named(text, gazetteer)
    return name, parent, name is not None


def _ending_place(place: str, hints: list[str], gazetteer: Gazetteer) -> tuple[str, str | None] | None:
    """The place that a name ends in: 上海市嘉定区 is 嘉定区 of 上海市. A name that nobody knows is taken as it stands."""
    mentions = [m for m in gazetteer.mentions(place) if m.candidates]
    if mentions and mentions[-1].end == len(place):
        return _most_specific(place, hints, gazetteer)
    outer = mentions[0] if mentions and mentions[0].start == 0 and mentions[0].end < len(place) else None
    if outer is not None and fold(outer.surface) not in (fold(c.name) for c in outer.candidates):
        # 青浦桥区 begins like 青浦 and lies in no such place; 北京海淀区 does.
        outer = outer if outer.candidates[0].level == "province" else None
    own = place[outer.end :] if outer is not None else place
    if _LITERAL_PLACE.fullmatch(own) is None or len(own) < 2:
        return None
    return own, (outer.candidates[0].name if outer is not None else None)


def _most_specific(place: str, hints: list[str], gazetteer: Gazetteer) -> tuple[str, str | None] | None:
    order = {"county": 3, "city": 2, "province": 1, "country": 0}
    best: tuple[int, str, str | None] | None = None
    for mention in gazetteer.mentions(place):
        if not mention.candidates:
            continue
        candidates = mention.candidates
        chosen = next((c for c in candidates if c.parent and any(c.parent in h for h in hints)), candidates[0])
        rank = order[chosen.level]
        if best is None or rank > best[0]:
            best = (rank, chosen.name, chosen.parent)
    return None if best is None else (best[1], best[2])


_SHARE_OF_TOP = 0.5
"""A smaller place is preferred to the most named larger one if it is named at least this often beside it."""


def _most_named(text: str, gazetteer: Gazetteer) -> tuple[str | None, str | None]:
    counts = Counter(
        (m.candidates[0].name, m.candidates[0].parent, m.candidates[0].level) for m in gazetteer.mentions(text)
    )
    if not counts:
        return None, None
    top = counts.most_common(1)[0][1]
    if top < 3:
        return None, None
    order = {"county": 3, "city": 2, "province": 1, "country": 0}
    often = [(order[level], n, name, parent) for (name, parent, level), n in counts.items() if n >= top * _SHARE_OF_TOP]
    _, _, name, parent = max(often, key=lambda item: (item[0], item[1], item[2]))
    return name, parent
