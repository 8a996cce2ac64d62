"""What is asked for in the question's own words: what is left without places, times and question words."""

from __future__ import annotations

from index.rules import Rule
from index.words.lexicon import load_wording
from index.words.naming import patterns_of_reports
from rag.types import QuestionKind
from rag.understand.asked import blank
from rag.understand.slots.units import unit_words
from rag.understand.words import CONTENT, load_asking

_AMOUNT_TOLD = Rule(
    "understand.query.amount_told",
    r"(?:是|为|达到?|定在|控制在|控制到|不超过|不低于|不高于)\d+(?:\.\d+)?(?:[-—~至到]\d+(?:\.\d+)?)?(?:%|[万亿]?[\u4e00-\u9fff]{1,2})?(?:左右|以上|以内)?",
)
_COMPARATIVE = Rule(
    "understand.query.comparative",
    r"(?:比)?(?:是)?(?:[打收干搞卖]|(?<!总)产)?得?(?:更|最|较)?(?:多|(?<!多)少|高|低|快|慢|大|小|长|好)了?(?:还是(?:多|少|高|低|快|慢|大|小)了?)?的?(?:是)?$"
    r"|(?:谁的?|哪[个里边一座家]个?(?:地方|地区|城市|省市|省份|直辖市)?年?的?|[两三四五六七八九十]地)",
)
BRACKETS = Rule(
    "understand.query.brackets", r"\((?:不是|不含|不算|不包括|不要|只要|只算|指的|也就是)[^()]{1,40}\)|\([^()]{1,12}\)"
)
_PART_OF = Rule(
    "understand.query.part_of",
    r"^(?P<whole>[\u4e00-\u9fff\d. ]{3,24}?)(?:里[面头]?(?=[\s,有是])|里[面头]的?|中(?=[\s,有是])|之中的?|当中的?|其中的?)[\s,有是]*(?P<part>[\u4e00-\u9fff]{2,10})$",
)
_WHICH_MORE = Rule(
    "understand.query.which_more", r"(?:哪[一]?[个种类边样]|谁)[^,。?]{0,12}(?:更|最|[多少高低快慢大小](?:[,?]|$))"
)
_JOINT_FIRST = Rule(
    "understand.query.joint_first",
    r"^(?:给(?!水|排)|把|被|让|由(?!于)|往|到(?![位达期岸港村户账]|[\u4e00-\u9fff]?$)|(?:一共|总共|全国|国家(?=[计规安力预财]))|又|还(?![林草湖田款原])|也|都(?!市)"
    r"|[能会要](?!展|计|议|员|源|素|闻|点|务|道|耗|效|级)|可以|于|个(?![体人税])|因此|所以|已经|当时|其中)+(?=.{2})",
)
_JOINT_LAST = Rule(
    "understand.query.joint_last",
    r"(?<=.{2})(?:的|了|(?<![国公私共享拥所原保自专占仅特没含])有|(?<![获取所难不])得|是|达到|(?<![直到])达|又|一共|总共|已|就|却|还|突破|破|(?<![主重必需首摘纪概])要)+$",
)
"""Small words at the ends of what is asked; words that only begin or end so (还林, 国有) keep them."""
_COUNTED_ONES = Rule(
    "understand.query.counted_ones", r"哪(?:[两三四五六七八九十几]|\d{1,2})[大个家类种座条项位款支名](?![年月])"
)
"""How many are to be named says nothing of them: 哪两个湖泊."""
_SPEAKERS = frozenset(
    {
        "会",
        "同",
        "时",
        "大幅",
        "明显",
        "出现",
        "去",
        "来",
        "国家",
        "我国",
        "中国",
        "全国",
        "政府",
        "国务院",
        "当年",
        "有",
        "到",
        "在",
        "要",
        "又",
        "均",
        "各",
    }
)
"""Words that alone in a question say who did it, or nothing."""
_YEARS_AGAIN = Rule(
    "understand.query.years_again",
    r"(?<![\u4e00-\u9fff“])(?:这|过去|近|最近|此前|之前)?的?[一二两三四五六七八九十]年(?:来|里|间|内|期间)?(?=[\s,，]|$)",
)
IN_REAL_TERMS = Rule(
    "understand.query.in_real_terms", r"(?:扣除|剔除)(?:物价|价格)(?:上涨|变动)?(?:因素)?(?:的?影响)?(?:以?后)?"
)
"""How a change is reckoned, which is told apart by the basis."""
_THAN_BEFORE = Rule(
    "understand.query.than_before", r"比(?:之前|以前|原来|原先|过去|先前|从前)(?:多|少|高|低|增加|减少|提高|降低)?"
)
_SET_BY = Rule("understand.query.set_by", r"(?<![\u4e00-\u9fff])(?:国务院|国家)?给?\s*(?:草案)?规?定(?:下)?的")
"""国务院给2019年定的…: by whom a target was set."""
_SET_OF_PLACES = Rule(
    "understand.query.set_of_places",
    r"[两二三四五六七八九十\d]+个?(?:区|省区|省市|省|市|县|省份|地区|地方|城市|地)(?:之?中|里|当中|之间)?",
)
_JOINS = Rule(
    "understand.query.joins",
    r"(?:(?<=\s)|^)(?:和|与|跟|及|以及|的|谁|在|中|里|各)+(?=\s|$|的)|(?<=\s)的(?=[\u4e00-\u9fff])",
)
_LEADS = Rule("understand.query.leads", r"^(?:那么?|那|还有|另外|然后)+")
_PUNCTUATION = Rule("understand.query.punctuation", r"[\s,。、;:!?\"'“”‘’()\[\]<>《》·…-]+")
_PARTS = Rule("understand.query.terms_1", r"[,?。\s]+")
_HAN = Rule("understand.query.terms_2", r"[\u4e00-\u9fff]")
_DONE_WITH = Rule("understand.query.terms_3", r"^(?:实现|[比有] +)(?=.{2})")
_BESIDES = Rule("understand.query.besides", r"(?:以外|之外)的")
_OF_SEVERAL = frozenset({QuestionKind.COMPARE, QuestionKind.RANK, QuestionKind.SERIES})
OF_WORDS = frozenset({QuestionKind.EXPLAIN, QuestionKind.LIST, QuestionKind.LOOKUP})
"""Kinds that words answer and no figure."""


def terms_of(text: str, kind: QuestionKind, *, share: bool) -> tuple[str, str]:
    """What is left of a question when times, places and question words are gone, and the part of it that is asked for alone."""
    terms = _worded(text, kind)
    # Of a share, and of what is left, both the part and the whole are asked for.
    return (terms, "") if share or _BESIDES.search(text) else _part_of(terms)


def _worded(text: str, kind: QuestionKind) -> str:
    text = _without_asides(_LEADS.sub("", text.strip()))
    if kind in _OF_SEVERAL or _WHICH_MORE.search(text):
        text = _without_comparing(text)
    text = blank(text, [span for _, span in unit_words(text)])
    text = _without_asking(text, kind)
    text = _JOINS.sub(" ", _PUNCTUATION.sub(" ", f" {text} ")).strip(" 的是在为达和与")
    text = " ".join(p for p in map(_without_joints, text.split(" ")) if p and p not in _SPEAKERS) or text
    # 计划实现城镇新增就业: what was done with a thing is no word of it; 对 and 比 bring in what stands behind them.
    return _DONE_WITH.sub("", text)


def _without_asides(text: str) -> str:
    """Without words for all places, asides, and words that say again of when or how."""
    patterns = load_asking().patterns
    for name in ("county", "province", "any"):
        text = patterns[name].sub(" ", text)
    text = BRACKETS.sub("", text)
    for rule in (_AMOUNT_TOLD, _SET_BY, _YEARS_AGAIN, _THAN_BEFORE, IN_REAL_TERMS):
        text = rule.sub(" ", text)
    return text


def _without_comparing(text: str) -> str:
    """Without the words by which several are compared or put in a row."""
    text = " ".join(_COMPARATIVE.sub(" ", part) for part in _PARTS.split(text))
    text = _SET_OF_PLACES.sub(" ", text)
    for name in ("compare", "rank"):
        text = load_asking().patterns[name].sub(" ", text)
    return text


def _without_asking(text: str, kind: QuestionKind) -> str:
    """Without the words of asking; those of growth stay where nothing else is named."""
    asking = load_asking()
    if kind is QuestionKind.EXPLAIN:
        text = asking.patterns["explain"].sub(" ", text)
    if kind in OF_WORDS:
        text = _COUNTED_ONES.sub(" ", text)
    text = (asking.filler if _HAN.search(text) else asking.filler_english).sub(" ", text)
    named = asking.patterns["growth"].sub(" ", text)
    return named if CONTENT.search(named) else text


def _without_joints(piece: str) -> str:
    """A piece of what is asked without the small words at its ends: 给老旧楼房加装的 → 老旧楼房加装."""
    while True:
        before = piece
        if patterns_of_reports().whole.match(piece) is None:
            piece = _JOINT_FIRST.sub("", piece)
        piece = _JOINT_LAST.sub("", piece)
        if piece == before:
            return piece


def basis_of(text: str) -> tuple[str, ...]:
    """How a change is to be reckoned (两年平均), where the question says so."""
    return tuple(dict.fromkeys(m[0] for m in load_asking().patterns["basis"].finditer(text)))


def _part_of(terms: str) -> tuple[str, str]:
    """新设的市场主体里，企业: of a part of a whole only the part is asked for, with the verb that holds for both."""
    match = _PART_OF.match(terms)
    if match is None:
        return terms, ""
    verb = load_wording().pattern("list_verbs").match(match["whole"])
    return (verb[0] if verb else "") + match["part"], match["part"]
