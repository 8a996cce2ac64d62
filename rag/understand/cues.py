"""What the wording of a question says beside what, where and when: read here once, so that no later stage reads it again.

A stage below that needs to know something new of the words gets a field of :class:`rag.types.Cues` for it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from index.figures.when import is_range
from index.rules import Rule
from index.text.folding import fold
from index.types import Span
from index.words.numbers import read_numeral
from rag.types import About, Cues, Query, QuestionKind
from rag.understand.asked import blank
from rag.understand.words import either, load_asking

QUOTES = Rule(
    "understand.cues.quotes",
    r"[“”\"'‘’]",
    takes=("⟦“⟧三大件",),
    leaves=("三大件",),
)
"""Marks that are no part of the words between them, in a question and in a sentence."""
_QUOTED = Rule(
    "understand.cues.quoted",
    r"[“\"‘][^“”\"‘’]{1,16}[”\"’]",
    takes=("新城的⟦“三大件”⟧",),
    leaves=("新城三大件",),
)
_WORDS = Rule(
    "understand.cues.words",
    r"[\u3400-\u9fff]|[A-Za-z]{2}",
    takes=("gdp⟦增⟧长",),
    leaves=("2023?",),
)
_NUMERIC = Rule(
    "understand.cues.numeric",
    rf"(?<!哪)几[^乎]|what (?:was|is|were|are) .*\b(?:{either('measures_english')})\b",
    takes=("新建了⟦几所⟧学校",),
    leaves=("粮食产量几乎稳定",),
)
_DEGREE = "[最更][高低大小多少快慢长短]"

_MOST = Rule(
    "understand.cues.most",
    rf"(?:哪|谁)[^,?]{{0,16}}{_DEGREE}|{_DEGREE}的?[^,?]{{0,9}}(?:哪|谁|什么)|which of .*est\b",
    takes=("五个乡镇里⟦哪个产量最高⟧",),
    leaves=("五个乡镇的产量各是多少",),
)
_COUNTED = Rule(
    "understand.cues.counted",
    r"[两二三四五六七八九十\d]+[大个家项类种条座]",
    takes=("⟦三大⟧主导产业",),
    leaves=("主导产业",),
)
_NAMES = Rule(
    "understand.cues.names",
    r"哪([两二三四五六七八九十\d]{1,2})(?![年月天])",
    takes=("⟦哪三⟧座水库",),
    leaves=("哪几座水库", "哪两年"),
)
_WITHIN = Rule(
    "understand.cues.within",
    r"[里中内](?=[\s,、?]|$)",
    takes=("三大产业⟦中⟧,哪个产值大",),
    leaves=("中药材产业",),
)
_GAP = Rule(
    "understand.cues.gap",
    r"[多少高低大小][收产出卖赚挣花用投]?入?了?多少",
    takes=("人均收入比上年⟦多了多少⟧",),
    leaves=("人均收入是多少",),
)
_GRANTED = Rule(
    "understand.cues.granted",
    r"比[^,?]{2,10}?(?:(?P<more>[多高大快长])|[少低小慢短])了?(?:[?]|的?原因|$)",
    takes=("到位资金为什么⟦比上年多?⟧", "入园率为什么⟦比上年低了?⟧"),
    leaves=("到位资金多?", "参保率为什么低?"),
)
_DENIED = Rule(
    "understand.cues.denied",
    rf"(?:没能|(?:没有|未)能?)(?P<verb>{either('reaches')})",
    takes=("为什么⟦没有完成⟧减排任务",),
    leaves=("为什么完成减排任务",),
)
_NUMBERED = Rule(
    "understand.cues.numbered",
    rf"(\d{{1,3}})号(?:{either('numbered')})|\bline (\d{{1,2}})\b|\bno\. ?(\d{{1,3}})\b",
    takes=("高压输电⟦3号线⟧改造",),
    leaves=("3号文件",),
)
_TROUBLE = Rule(
    "understand.cues.trouble",
    rf"(?:{either('has')})[^,?]{{0,6}}问题",
    takes=("经济运行⟦存在什么问题⟧",),
    leaves=("经济运行有哪些亮点",),
)


def cued(query: Query) -> Query:
    """The query with the surface of its mentions and with what else its wording says."""
    text = fold(query.text)
    mentions = tuple(replace(m, surface=m.span.of(text)) for m in query.mentions)
    query = replace(query, mentions=mentions)
    cues = _cues_of(query, text)
    if cues.term and query.kind in (QuestionKind.VALUE, QuestionKind.LOOKUP, QuestionKind.LIST):
        query = replace(query, kind=QuestionKind.EXPLAIN)
    return replace(query, cues=cues)


def asked_alike(query: Query, before: Query) -> Query:
    """A follow-up that names no thing of its own (松江呢) asks of the last one what the question before it asked."""
    if "indicator" not in query.carried:
        return query
    own, old = query.cues, before.cues
    return replace(
        query,
        cues=replace(
            own, numeric=own.numeric or old.numeric, gap=own.gap or old.gap, sums_up=own.sums_up or old.sums_up
        ),
    )


def _cues_of(query: Query, text: str) -> Cues:
    asking = load_asking()

    def says(name: str) -> bool:
        return asking.says(name, text) is not None

    denied = _DENIED.search(text)
    times = [m for m in query.mentions if m.slot == "period"]
    return Cues(
        words=query.text,
        own=" ".join(blank(query.text, _place_and_time(query)).split()).strip(",，的"),
        has_words=_WORDS.search(query.text) is not None,
        numeric=says("amount") or _NUMERIC.search(text) is not None,
        among="其中" in text,
        much="how much" in text,
        ends_in_indicator=_ends_in_indicator(query, text),
        date=says("date"),
        place_in_row=says("place"),
        among_some=found[0] if (found := asking.says("among_some", text)) is not None else "",
        compares=says("compare"),
        lowest=says("lowest"),
        falls=says("fall"),
        most=_MOST.search(text) is not None,
        counted=_COUNTED.search(text) is not None,
        names=int(read_numeral(named[1]) or 0) if (named := _NAMES.search(text)) is not None else 0,
        bare=_bare(query.thing.terms),
        listed=_listed(query, text),
        gap=says("gap") or _GAP.search(text) is not None,
        sums_up=says("sum"),
        moved=says("moved"),
        from_to=says("from_to"),
        subtracts="差" in text or "减" in text,
        left="还" in text,
        maybe_moved=says("maybe_moved"),
        maybe_meant=asking.says("maybe_meant", asking.patterns["no_intent"].sub(" ", text)) is not None,
        counted_years=next((way for m in times if (way := _counted_from_a_day(m.surface))), 0),
        yearly=_yearly(query, text),
        lately=any(m.surface.startswith(_LATELY) for m in times),
        since=any(m.span.of(text).endswith("以来") or text.startswith("以来", m.span.end) for m in times),
        range=is_range(text),
        plan_against_result=_plan_against_result(text),
        done=says("done"),
        granted=_granted(text),
        denied=denied["verb"] if denied is not None else "",
        numbers=frozenset(numbers_of(text)),
        per_unit=tuple(word for word in asking.per_unit if word in text),
        each="每" in text or "单位" in text,
        why=says("why"),
        meaning=says("meaning") or bool(_term(query, text)),
        term=_term(query, text),
        tasks=says("tasks") and not says("deeds"),
        deeds=says("deeds"),
        troubles=says("trouble") or _TROUBLE.search(text) is not None,
        about=_about(query, text),
        met=any(target_met(text)),
        kept_low=says("kept_low"),
        bare_follow=(bare_follow := _bare_follow(query, text)),
        of_nothing=bare_follow and not query.carried,
        beyond=_beyond(query, text),
        quoted=tuple(QUOTES.sub("", m[0]) for m in _QUOTED.finditer(text)),
    )


def _term(query: Query, text: str) -> str:
    """The term of which nothing is asked but what it means: 什么是X, “X”指什么, X是哪六个."""
    asking = load_asking()
    within = [m.span() for m in _QUOTED.finditer(text)]
    # “2030启航计划”: what stands between quotation marks is the term, whatever it names besides.
    named = [
        m.span
        for m in query.mentions
        if m.slot in ("region", "period") and not any(a <= m.span.start and m.span.end <= b for a, b in within)
    ]
    said = asking.patterns["of_report"].sub(" ", blank(text, named)).strip(" ,的?")
    behind = asking.says("asks_meaning", said)
    if said.startswith(_WHAT_IS):
        said = said[next(len(w) for w in _WHAT_IS if said.startswith(w)) :]
    elif behind is not None and behind.end() == len(said):
        said = said[: behind.start()]
    else:
        return ""
    quoted = _QUOTED.search(said)
    if quoted is not None:
        return QUOTES.sub("", quoted[0]) if len(said) - len(quoted[0]) <= _AROUND_A_TERM else ""
    # 原因是什么 and 目标是什么 ask for no meaning of a word.
    short = len(said) >= 2 and len(said) <= _AROUND_A_TERM and " " not in said and "," not in said
    return said if short and asking.says("no_term", said) is None else ""


_WHAT_IS = ("什么是", "何为", "何谓")
_AROUND_A_TERM = 8
"""Letters of a term without quotation marks, and beside one with them (新城“三大件”)."""


_ABOUT = (
    (About.OFFICE, "office"),
    (About.MEETING, "meeting"),
    (About.DAY, "date"),
)


def _about(query: Query, text: str) -> About:
    """What is asked about a report itself: nothing, where no report or giving of one is spoken of."""
    says = load_asking().says
    if says("holdings", text) and not query.thing.indicators and (says("held_at_all", text) or not query.wants.speaker):
        return About.HELD
    if any(_QUOTED.finditer(text)) and says("year_of_words", text):
        return About.YEAR_OF_WORDS
    given = says("gives_report", text) is not None
    asked = next((about for about, name in _ABOUT if says(name, text)), None)
    if asked is not None and (given or asked is About.OFFICE) and not query.thing.indicators:
        return asked
    return About.SPEAKER if query.wants.speaker else About.NOTHING


_MET = Rule(
    "understand.cues.met",
    rf"(?<![\s,和并])[\s,和并]*(?:{either('asks_if')})?(?:(?:{either('meets')})了?(?:{either('of_target', 'setters')})*(?:{either('targets')})|(?:{either('targets')})(?:{either('meets')})|达标)了?(?:{either('so')})*",
    takes=("就业多少人⟦,完成年初目标了吗⟧", "涨幅⟦是否控制在预期目标以内⟧"),
    leaves=("目标是多少",),
)


def target_met(text: str) -> Iterator[Span]:
    """The words by which a folded question asks whether a target was met."""
    said = load_asking().says("met_english", text)
    if said is not None:
        yield Span(*said.span())
    for match in _MET.finditer(text):
        if load_asking().says("whether", text[match.start() :]) is not None:
            yield Span(*match.span())


_LATELY = ("近", "最近", "过去", "这")
"""How years begin that are counted back from the day of the question."""


def _counted_from_a_day(time: str) -> int:
    return 1 if time.startswith(_AHEAD) else -1 if time.startswith(_LATELY) else 0


_AHEAD = ("今后", "未来", "下", "往后", "接下来")
"""How years begin that are counted on from it."""


def _yearly(query: Query, text: str) -> bool:
    """Whether each of several years is asked for: 每年 asks so only where no yearly amount is the thing itself."""
    said = load_asking().says("yearly", text)
    if said is None:
        return False
    bare = said[0] != "每年"
    single = any(period.length <= 12 for period in query.time.periods)
    return bare or not (query.wants.yearly or single or text[: said.start()].endswith(_EACH))


def _bare_follow(query: Query, text: str) -> bool:
    """Whether a question names a time or a place and then only asks on: 那2019年呢."""
    named = [m.span for m in query.mentions if m.slot in ("region", "period")]
    rest = load_asking().patterns["asks_on"].sub(" ", blank(text, named))
    return bool(named) and says_on(text) and not _WORDS.search(rest)


def says_on(text: str) -> bool:
    """Whether a question goes on from one before it, with 呢 and the like."""
    return load_asking().says("asks_on", text) is not None


def _beyond(query: Query, text: str) -> str:
    """Of what a question asks that no report tells."""
    says = load_asking().says
    if says("opinion", text):
        return "opinion"
    alone = not query.time.periods and not query.wants.speaker and len(query.thing.terms) <= _LONGEST_NAME
    return "person" if alone and says("person", text) else ""


_LONGEST_NAME = 4
_EACH = ("人", "户", "生", "平均", "家", "亩")
"""Before 每年: an amount by the year (每人每年745元)."""


def numbers_of(text: str) -> Iterator[str]:
    """The numbers by which lines, units of a plant and the like are told apart (8号线), in a folded text."""
    return (next(filter(None, m.groups())) for m in _NUMBERED.finditer(text))


def _granted(text: str) -> int:
    """Whether a question takes for granted that something is more (1) or less (-1) than something else."""
    granted = _GRANTED.search(text)
    return 0 if granted is None else 1 if granted["more"] else -1


def _ends_in_indicator(query: Query, text: str) -> bool:
    """Whether all there is are words that narrow a known indicator: 边贸进出口."""
    terms = query.thing.terms
    named = [m.surface for m in query.mentions if m.slot == "indicator"]
    plain = query.kind is QuestionKind.VALUE and " " not in terms and text.endswith(terms)
    return bool(named) and plain and terms.endswith(named[-1])


def _bare(terms: str) -> str:
    """Terms without words for a rank, a place in a row and each of several years."""
    bare = terms
    for name in ("rank", "place", "yearly"):
        bare = load_asking().patterns[name].sub(" ", bare).strip()
    return bare.strip(" 从自在") or terms


def _place_and_time(query: Query) -> list[Span]:
    return [m.span for m in query.mentions if m.slot in ("region", "period")]


def _listed(query: Query, text: str) -> str:
    """The question without places, times and words of asking, counting and comparing: 三大产业中，哪个…."""
    asking = load_asking()
    open_text = blank(text, _place_and_time(query))
    words = _COUNTED.sub(" ", open_text)
    for name in ("rank", "compare"):
        words = asking.patterns[name].sub(" ", words)
    return _WITHIN.sub(" ", asking.filler.sub(" ", words))


def _plan_against_result(text: str) -> bool:
    """Whether a plan is set against a result: 2025年计划改造的比2024年实际改造的少多少."""
    before, _, behind = text.partition("比")
    says = load_asking().says
    return says("target", before) is not None and says("target", behind) is None
