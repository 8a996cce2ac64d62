"""What is asked for in the question's own words: what is left without places, times and question words."""

from __future__ import annotations

from index.rules import At, Rule
from index.words.fragments import HAN
from index.words.lexicon import load_wording
from index.words.naming import patterns_of_reports
from rag.types import QuestionKind
from rag.understand.asked import blank
from rag.understand.slots.units import unit_words
from rag.understand.words import CONTENT, but, either, load_asking

_COMPARATIVE = Rule(
    "understand.terms.comparative",
    r"比?是?(?:[打收干搞卖]|(?<!总)产)?得?[更最较]?(?:[多高低快慢大小长好]|(?<!多)少)了?(?:还是[多少高低快慢大小]了?)?的?是?$"
    rf"|谁的?|哪[个里边一座家]个?(?:{either('kinds_of_places')})?年?的?|[两三四五六七八九十]地",
    takes=("两镇谁的产值⟦更高⟧",),
    leaves=("两镇产值总和",),
)
BRACKETS = Rule(
    "understand.terms.brackets",
    r"\((?:不|只|指|也就是)[^()]{1,40}\)|\([^()]{1,12}\)",
    takes=("外来人口⟦(不含学生)⟧有多少",),
    leaves=("外来人口有多少",),
)
_PART_OF = Rule(
    "understand.terms.part_of",
    rf"^(?P<whole>[\u4e00-\u9fff\d. ]{{3,24}}?)(?:里[面头]的?|[之当其]中的?|[里中](?=[\s,有是]))[\s,有是]*(?P<part>{HAN}{{2,10}})$",
    takes=("⟦三大产业中 产值⟧",),
    leaves=("三大产业产值",),
    at=At.START,
)
_WHICH_MORE = Rule(
    "understand.terms.which_more",
    r"(?:哪[一]?[个种类边样]|谁)[^,。?]{0,12}(?:更|最|[多少高低快慢大小](?:[,?]|$))",
    takes=("两镇⟦谁的产值更高⟧",),
    leaves=("两镇产值各多少",),
)
_JOINT_FIRST = Rule(
    "understand.terms.joint_first",
    rf"^(?:(?!{but('joints_first')})(?:{either('joints_first')}))+(?=.{{2}})",
    takes=("⟦给⟧老楼装好电梯",),
    leaves=("给水管网改造",),
    why="给水, 由于, 都市 and the like are words of their own.",
)
_OF_THE_STATE = Rule(
    "understand.terms.of_the_state",
    r"^国家(?=[计规安力预财].)",
    takes=("⟦国家⟧财政收入", "⟦国家⟧规定的任务"),
    leaves=("国家级园区", "国家标准"),
    why="Reports of the country write 财政收入 as well; what is of national rank keeps its word.",
)
_JOINT_LAST = Rule(
    "understand.terms.joint_last",
    rf"(?<=.{{2}})(?:(?:{either('joints_last')})(?<!{but('joints_last')}))+$",
    takes=("养蜂合作社⟦有⟧",),
    leaves=("经济成分国有",),
    why="国有, 获得, 直达 and 摘要 are words of their own.",
)
"""Small words at the ends of what is asked; words that only begin or end so (还林, 国有) keep them."""
_COUNTED_ONES = Rule(
    "understand.terms.counted_ones",
    r"哪(?:[两三四五六七八九十几]|\d{1,2})[大个家类种座条项位款支名](?![年月])",
    takes=("建成⟦哪三个⟧园区",),
    leaves=("建成哪些园区",),
)
"""How many are to be named says nothing of them: 哪两个湖泊."""
_SPEAKERS = frozenset(load_asking().words["alone"]["zh"])
_YEARS_AGAIN = Rule(
    "understand.terms.years_again",
    rf"(?<![\u4e00-\u9fff“])(?:{either('lately')})?的?[一二两三四五六七八九十]年(?:[来里间内]|期间)?(?![^\s,，])",
    takes=("⟦这五年⟧,新建多少学校",),
    leaves=("未来五年规划",),
)
IN_REAL_TERMS = Rule(
    "understand.terms.in_real_terms",
    rf"[扣剔]除(?:物价|价格)(?:{either('of_prices')})*",
    takes=("收入⟦扣除价格因素后⟧增长多少",),
    leaves=("收入增长多少",),
)
"""How a change is reckoned, which is told apart by the basis."""
_THAN_BEFORE = Rule(
    "understand.terms.than_before",
    rf"比(?:{either('formerly')})(?:[多少高低]|增加|减少|提高|降低)?",
    takes=("审批环节⟦比原来少⟧了几个",),
    leaves=("比上年少了多少",),
)
_MOVED_TO = Rule(
    "understand.terms.moved_to",
    rf"(?:[由从]\S{{0,6}}?)?(?:{either('moved_in_writing', 'moved_plainly')})了?[到至为](?={HAN}{{0,5}}[多几])",
    takes=("灌溉面积占比⟦由40%提高到⟧多少", "能耗强度⟦由多少降到⟧多少"),
    leaves=("提高到岗人数", "由市里管多少"),
)
"""From what and to what it moved: what is asked for is the thing that did."""
_SET_BY = Rule(
    "understand.terms.set_by",
    rf"(?<!{HAN})(?:国务院|国家)?给?\s*(?:草案)?规?定(?:下)?的",
    takes=("⟦国务院定的⟧增长目标",),
    leaves=("今年定的增长目标",),
)
"""国务院给2019年定的…: by whom a target was set."""
_SET_OF_PLACES = Rule(
    "understand.terms.set_of_places",
    rf"[两二三四五六七八九十\d]+个?(?:{either('kinds_of_places')})(?:之?中|里|当中|之间)?",
    takes=("⟦两区⟧收入相差多少",),
    leaves=("全区收入是多少",),
)
_JOINS = Rule(
    "understand.terms.joins",
    rf"(?<=\s)(?:(?:[和与跟及的谁在中里各]|以及)+(?=[\s的])|的(?={HAN}))",
    takes=("甲镇 ⟦和⟧ 乙镇",),
    leaves=("甲镇和乙镇",),
)
_LEADS = Rule(
    "understand.terms.leads",
    r"^(?:那么?|那|还有|另外|然后)+",
    takes=("⟦还有⟧多少人没有脱贫",),
    leaves=("脱贫人口还有多少",),
)
_PUNCTUATION = Rule(
    "understand.terms.punctuation",
    r"[\s,。、;:!?\"'“”‘’()\[\]<>《》·…-]+",
    takes=("粮食⟦, ⟧棉花",),
    leaves=("粮食棉花",),
)
_MARKS_BETWEEN = Rule(
    "understand.terms.marks_between",
    r"[,?。\s]+",
    takes=("粮食⟦, ⟧棉花",),
    leaves=("粮食棉花",),
)
_HAN_LETTER = Rule(
    "understand.terms.han_letter",
    rf"{HAN}",
    takes=("⟦粮⟧食",),
    leaves=("gdp",),
)
_VERB_BEFORE_THE_THING = Rule(
    "understand.terms.verb_before_the_thing",
    r"^(?:实现|[比有] +)(?=.{2})",
    takes=("⟦实现⟧地区生产总值",),
    leaves=("地区生产总值实现",),
)
_BESIDES = Rule(
    "understand.terms.besides",
    r"(?:以外|之外)的",
    takes=("国债⟦以外的⟧收入",),
    leaves=("税收收入",),
)
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
    return _VERB_BEFORE_THE_THING.sub("", text)


def _without_asides(text: str) -> str:
    """Without words for all places, asides, and words that say again of when or how."""
    patterns = load_asking().patterns
    for name in ("county", "province", "any"):
        text = patterns[name].sub(" ", text)
    text = BRACKETS.sub("", text)
    for rule in (_MOVED_TO, _SET_BY, _YEARS_AGAIN, _THAN_BEFORE, IN_REAL_TERMS):
        text = rule.sub(" ", text)
    return text


def _without_comparing(text: str) -> str:
    """Without the words by which several are compared or put in a row."""
    text = " ".join(_COMPARATIVE.sub(" ", part) for part in _MARKS_BETWEEN.split(text))
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
    text = (asking.filler if _HAN_LETTER.search(text) else asking.filler_english).sub(" ", text)
    named = asking.patterns["growth"].sub(" ", text)
    return named if CONTENT.search(named) else text


def _without_joints(piece: str) -> str:
    """A piece of what is asked without the small words at its ends: 给老旧楼房加装的 → 老旧楼房加装."""
    while True:
        before = piece
        if patterns_of_reports().whole.match(piece) is None:
            piece = _JOINT_FIRST.sub("", _OF_THE_STATE.sub("", piece))
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
