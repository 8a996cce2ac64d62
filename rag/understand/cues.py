"""What the wording of a question says beside what, where and when: read here once, so that no later stage reads it again.

A stage below that needs to know something new of the words gets a field of :class:`rag.types.Cues` for it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from index.figures.when import is_range
from index.rules import Rule
from index.text.folding import fold
from rag.types import Cues, Query, QuestionKind
from rag.understand.asked import blank
from rag.understand.words import load_asking

QUOTES = Rule(
    "find.passages.quotes",
    r"[“”\"'‘’]",
    takes=("⟦“⟧三大件",),
    leaves=("三大件",),
)
"""Marks that are no part of the words between them, in a question and in a sentence."""
_QUOTED = Rule(
    "find.passages.quoted",
    r"[“\"‘][^“”\"‘’]{1,16}[”\"’]",
    takes=("新城的⟦“三大件”⟧",),
    leaves=("新城三大件",),
)
_WORDS = Rule(
    "pipeline.words",
    r"[\u3400-\u9fff]|[A-Za-z]{2}",
    takes=("gdp⟦增⟧长",),
    leaves=("2023?",),
)
_NUMERIC = Rule(
    "pipeline.numeric",
    r"多少|(?<!哪)几[^乎]|好多|多[长大高远宽重深]|how (?:much|many|fast|long|large|big|high)"
    r"|what (?:was|is|were|are) .*\b(?:number|amount|average|ratio|rate|share|proportion|percentage|size|volume|capacity|population|length|area|ridership|density|price|cost)\b",
    takes=("粮食产量⟦多少⟧",),
    leaves=("粮食产量稳定",),
)
_MOST = Rule(
    "decide.lists.most",
    r"(?:哪一?[个家项类种条座款所样]?|谁|哪里)[^,?]{0,14}(?:最|更)[高低大小多少快慢长短]"
    r"|(?:最|更)[高低大小多少快慢长短]的?[^,?]{0,8}(?:是|为)?(?:哪|谁|什么)|which of .*est\b",
    takes=("五个乡镇里⟦哪个产量最高⟧",),
    leaves=("五个乡镇的产量各是多少",),
)
_COUNTED = Rule(
    "decide.lists.counted",
    r"[两二三四五六七八九十\d]+[大个家项类种条座]",
    takes=("⟦三大⟧主导产业",),
    leaves=("主导产业",),
)
_WITHIN = Rule(
    "decide.lists.within",
    r"[里中内](?=[\s,、?]|$)",
    takes=("三大产业⟦中⟧,哪个产值大",),
    leaves=("中药材产业",),
)
_SUM = Rule(
    "decide.derive.sum",
    r"合计|总和|之和|加起来|一共|共计",
    takes=("两区⟦合计⟧完成多少",),
    leaves=("两区各完成多少",),
)
_MORE = Rule(
    "decide.derive.more",
    r"增加了?多少|共增加|净增|减少了?多少|扩大了?多少|多了多少|增加",
    takes=("高新技术企业⟦净增⟧了几家",),
    leaves=("高新技术企业有几家",),
)
_GAP = Rule(
    "decide.derive.gap",
    r"[多少高低大小][收产出卖赚花用投]?了?多少|多了多少|少了多少|差多少|相差|之差|差距|增加了?多少|减少了?多少|difference|more than|less than",
    takes=("人均收入比上年⟦多了多少⟧",),
    leaves=("人均收入是多少",),
)
_DONE = Rule(
    "decide.cells.done",
    r"了|实际|已经?|完成|达到|实现|结果|上涨|\b(?:was|were|did|actual|reached|achieved)\b",
    takes=("2023年⟦实际⟧投入多少",),
    leaves=("2023年计划投入多少",),
)
_ABOVE = Rule(
    "decide.premises.more",
    r"比[^,?]{2,10}?(?:多|高|大|快|长)了?(?:[?]|的?原因|$)",
    takes=("到位资金为什么⟦比上年多?⟧",),
    leaves=("到位资金多?",),
)
_BELOW = Rule(
    "decide.premises.less",
    r"比[^,?]{2,10}?(?:少|低|小|慢|短)了?(?:[?]|的?原因|$)",
    takes=("参保率为什么⟦比上年低了?⟧",),
    leaves=("参保率为什么低?",),
)
_DENIED = Rule(
    "decide.premises.denied",
    r"(?:没能|未能|没有能|没有|未)(?P<verb>超过|达到|完成|实现|突破|建成|通过|开通|增长|下降)",
    takes=("为什么⟦没有完成⟧减排任务",),
    leaves=("为什么完成减排任务",),
)
_NUMBERED = Rule(
    "decide.guards.numbered",
    r"(\d{1,3})号(?:线|机组|公路|地块|码头|泊位)|\bline (\d{1,2})\b|\bno\. ?(\d{1,3})\b",
    takes=("轨道交通⟦3号线⟧二期",),
    leaves=("3号文件",),
)
_MEANING = Rule(
    "find.passages.meaning",
    r"什么意思|啥意思|指什么|具体指|优在哪|体现在哪|表现在哪|是指|指的|含义|什么是|意思是|(?:三|四|五|六|七|八|九|十)[大个]?[^,。]{1,4}指|what does .* mean|what is meant",
    takes=("报告里的“一核两翼”⟦指什么⟧",),
    leaves=("报告提出“一核两翼”布局",),
)
_TROUBLE = Rule(
    "find.passages.trouble",
    r"困难|(?:存在|面临|有|哪些|什么|突出|主要)[^,?]{0,6}问题|不足|短板|挑战",
    takes=("经济运行面临哪些⟦困难⟧",),
    leaves=("经济运行有哪些亮点",),
)
_WHY = Rule(
    "find.passages.why",
    r"因素|考虑|为什么|为何|为啥|原因|缘故|何以|怎么会|why|reason",
    takes=("⟦为什么⟧低于预期",),
    leaves=("是否低于预期",),
)


def cued(query: Query) -> Query:
    """The query with the surface of its mentions and with what else its wording says."""
    text = fold(query.text)
    mentions = tuple(replace(m, surface=m.span.of(text)) for m in query.mentions)
    query = replace(query, mentions=mentions)
    return replace(query, cues=_cues_of(query, text))


def _cues_of(query: Query, text: str) -> Cues:
    asking = load_asking()

    def says(name: str) -> bool:
        return asking.says(name, text) is not None

    denied = _DENIED.search(text)
    return Cues(
        words=query.text,
        has_words=_WORDS.search(query.text) is not None,
        numeric=_NUMERIC.search(query.text.lower()) is not None,
        ends_in_indicator=_ends_in_indicator(query, text),
        date=says("date"),
        place_in_row=says("place"),
        compares=says("compare"),
        lowest=says("lowest"),
        falls=says("fall"),
        most=_MOST.search(text) is not None,
        counted=_COUNTED.search(text) is not None,
        listed=_listed(query, text),
        gap=_GAP.search(query.text) is not None,
        sums_up=_SUM.search(query.text) is not None,
        moved=_MORE.search(query.text) is not None,
        range=is_range(query.text),
        plan_against_result=_plan_against_result(text),
        done=_DONE.search(query.text) is not None,
        granted=1 if _ABOVE.search(text) else -1 if _BELOW.search(text) else 0,
        denied=denied["verb"] if denied is not None else "",
        numbers=frozenset(numbers_of(text)),
        per_unit=tuple(word for word in asking.per_unit if word in query.text),
        each="每" in query.text or "单位" in query.text,
        why=_WHY.search(text) is not None,
        meaning=_MEANING.search(text) is not None,
        troubles=_TROUBLE.search(text) is not None,
        quoted=tuple(QUOTES.sub("", m[0]) for m in _QUOTED.finditer(text)),
    )


def numbers_of(text: str) -> Iterator[str]:
    """The numbers by which lines, units of a plant and the like are told apart (8号线), in a folded text."""
    return (next(filter(None, m.groups())) for m in _NUMBERED.finditer(text))


def _ends_in_indicator(query: Query, text: str) -> bool:
    """Whether all there is are words that narrow a known indicator: 边贸进出口."""
    terms = query.thing.terms
    named = [m.surface for m in query.mentions if m.slot == "indicator"]
    plain = query.kind is QuestionKind.VALUE and " " not in terms and text.endswith(terms)
    return bool(named) and plain and terms.endswith(named[-1])


def _listed(query: Query, text: str) -> str:
    """The question without places, times and words of asking, counting and comparing: 三大产业中，哪个…."""
    asking = load_asking()
    open_text = blank(text, [m.span for m in query.mentions if m.slot in ("region", "period")])
    words = _COUNTED.sub(" ", open_text)
    for name in ("rank", "compare"):
        words = asking.patterns[name].sub(" ", words)
    return _WITHIN.sub(" ", asking.filler.sub(" ", words))


def _plan_against_result(text: str) -> bool:
    """Whether a plan is set against a result: 2025年计划改造的比2024年实际改造的少多少."""
    before, _, behind = text.partition("比")
    says = load_asking().says
    return says("target", before) is not None and says("target", behind) is None
