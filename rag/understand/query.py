"""Question to Query, by rules and vocabulary: which thing, where, when, and what is to be told of it.

Slots that a follow-up leaves open come from the questions before it, and the query says which.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from index.rules import Rule
from index.text.cleaning import View, remove
from index.text.folding import fold
from index.text.notes import NOTE_MARK, level_digits
from index.types import Period, Span, Status
from index.words.lexicon import IndicatorMention, Indicators, content_words, load_indicators, load_units, load_wording
from index.words.naming import patterns_of_reports
from index.words.periods import TimeMention, arabic_years
from index.words.regions import Gazetteer
from rag.types import Mention, Places, Query, Question, QuestionKind, Thing, Times, Wants
from rag.understand.follow_up import CONTENT, carry
from rag.understand.known import Known
from rag.understand.places import COMPARED_PLACE, regions_asked, with_romanised
from rag.understand.times import (
    YEAR_EARLIER,
    as_span,
    bases_of,
    blank,
    joined,
    reports_named,
    times_asked,
)
from rag.understand.words import load_asking
from rag.understand.years import full_years, odd_year

_ASKED_UNIT = Rule("understand.query.asked_unit", r"(?:多少|(?<![哪前近后这])几)(?P<u>[\u4e00-\u9fff]{1,6}|%)")
_AIMED = Rule(
    "understand.query.aimed",
    r"(?:的)?[^,、和与及\d]{0,6}(?:目标|计划|预期|力争|打算|拟|(?<![重主需必])要(?![求素闻点])|将)",
)
_ASKS = Rule(
    "understand.query.asks", r"[?]|多少|几|哪|谁|什么|怎|吗|呢|为何|是否|如何|how|what|which|when|who|where|why"
)
_AMOUNT_TOLD = Rule(
    "understand.query.amount_told",
    r"(?:是|为|达到?|定在|控制在|控制到|不超过|不低于|不高于)\d+(?:\.\d+)?(?:[-—~至到]\d+(?:\.\d+)?)?(?:%|[万亿]?[\u4e00-\u9fff]{1,2})?(?:左右|以上|以内)?",
)
_COMPARATIVE = Rule(
    "understand.query.comparative",
    r"(?:比)?(?:是)?(?:[打收干搞卖]|(?<!总)产)?得?(?:更|最|较)?(?:多|(?<!多)少|高|低|快|慢|大|小|长|好)了?(?:还是(?:多|少|高|低|快|慢|大|小)了?)?的?(?:是)?$"
    r"|(?:谁的?|哪[个里边一座家]个?(?:地方|地区|城市|省市|省份|直辖市)?年?的?|[两三四五六七八九十]地)",
)
_YEARS_IN_BRACKETS = Rule(
    "understand.query.years_in_brackets",
    r"(?:[^,。?\s()]{0,12}[\d一二三四五]年)?\((?P<years>(?:19|20)\d{2}年?[-~—至到](?:19|20)?\d{2}年?)\)",
)
_BRACKETS = Rule(
    "understand.query.brackets", r"\((?:不是|不含|不算|不包括|不要|只要|只算|指的|也就是)[^()]{1,40}\)|\([^()]{1,12}\)"
)
_NATION = Rule("understand.query.nation", r"我国|国务院|全国")
_STATE = Rule(
    "understand.query.state",
    r"中央财政|中央预算|国家(?=为|对|给|把|将|要|安排|财政|计划|预算|决定|发行|取消|实施|提出)",
)
_STATE_ONLY = Rule("understand.query.state_only", r"国家(?=为|对|给|把|将|要|安排|提出|决定)")
_LATIN = Rule("understand.query.latin", r"[A-Za-z]")
_HAN = Rule("understand.query.han", r"[\u3400-\u9fff]")
_AGAINST_WHOLE = Rule(
    "understand.query.against_whole",
    r"(?:高于|低于|快于|慢于|高出|低出|好于|优于|领先|领先于|落后于|比|较)(?P<whole>全[国省市区县州])",
)
_PART_OF = Rule(
    "understand.query.part_of",
    r"^(?P<whole>[\u4e00-\u9fff\d. ]{3,24}?)(?:里[面头]?(?=[\s,有是])|里[面头]的?|中(?=[\s,有是])|之中的?|当中的?|其中的?)[\s,有是]*(?P<part>[\u4e00-\u9fff]{2,10})$",
)
_SHARE = Rule("understand.query.share", r"相当于|占(?!地|用|据|有|领)")
_RISEN = Rule(
    "understand.query.risen",
    r"(?<![比新增])[多少涨降跌]了多少|多[打收产赚花建招卖]了(?:多少|几)|(?<!改造)(?<![和、及])(?<!建设)(?:提高|提升|上升|增加|降低|下降)了?(?:多少|几)",
)
_AND_GROWTH = Rule(
    "understand.query.and_growth",
    r"(?:多少|几)[^?]{0,12}(?:,|、|和|及|并|;)[^?]{0,16}(?:增长|增速|增幅|同比)|(?:和|及|与)(?:其)?(?:增速|增幅|增长率)|and (?:its |the )?(?:growth|rate)",
)
_COLLOQUIAL_MONEY = ("块", "块钱")
_MORE_BY = Rule("understand.query.more_by", r"[多少高低快慢]了?(?:出)?(?:多少|几)")
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
_PLAN_NAME = Rule("understand.query.plan_name", r"five[- ]year plan(?: period)?")
"""A name that holds a word of targets."""
_NAMED_PLAN = Rule(
    "understand.query.named_plan",
    r"(?<=[\u4e00-\u9fff”]{2})(?<!国家)(?<!政府)(?<!年度)(?<!全年)(?<!工作)(?<!预算)(?<!当年)(?<!今年)(?<!明年)(?<!财政)(?<!资金)(?<!投资)(?<!中央)(?<!年初)(?<!下来)(?<!里面)计划"
    r"(?=惠及|覆盖|资助|支持|实施|的|中|培养|受益|累计|共|一共|已|选派|招|新增|帮扶|吸引|$)",
)
_HOW_MANY = Rule("understand.query.how_many", r"how many (?:square )?(?P<unit>[a-z]{2,})\b(?!-)")
_HOW_MUCH_MONEY = Rule(
    "understand.query.how_much_money",
    r"how much (?:(?!foreign)[a-z-]+ ){0,4}?(?:income|revenue|money|investment|funds?|funding|loans?|subsid(?:y|ies)|tax(?:es)?|profit|capital|spending|expenditure)\b(?! grow| rise| fall| increase| decrease)",
)
_WHICH_CAUSES = Rule(
    "understand.query.which_causes",
    r"(?:哪些|哪几个?|什么)[^,?]{0,6}(?:因素|原因)(?!$|[,?]*(?:占|是多少))|(?:哪些|哪几个?)[^,?]{0,6}(?:因素|原因)",
)
_YEARS_AGAIN = Rule(
    "understand.query.years_again",
    r"(?<![\u4e00-\u9fff“])(?:这|过去|近|最近|此前|之前)?的?[一二两三四五六七八九十]年(?:来|里|间|内|期间)?(?=[\s,，]|$)",
)
_IN_REAL_TERMS = Rule(
    "understand.query.in_real_terms", r"(?:扣除|剔除)(?:物价|价格)(?:上涨|变动)?(?:因素)?(?:的?影响)?(?:以?后)?"
)
"""How a change is reckoned, which is told apart by the basis."""
_SEVERAL_REPORTS = Rule(
    "understand.query.several_reports", r"(?:(?:19|20)\d{2}年(?:、|和|与|及|,)?){2,}的?[^,。?]{0,10}报告"
)
_NET = Rule("understand.query.net", r"净增(?:加)?了?多少")
"""Over several years what there is in all at their end without what there was at their start."""
_THAN_BEFORE = Rule(
    "understand.query.than_before", r"比(?:之前|以前|原来|原先|过去|先前|从前)(?:多|少|高|低|增加|减少|提高|降低)?"
)
_SET_BY = Rule("understand.query.set_by", r"(?<![\u4e00-\u9fff])(?:国务院|国家)?给?\s*(?:草案)?规?定(?:下)?的")
"""国务院给2019年定的…: by whom a target was set."""
_HOUSE = Rule("understand.query.house", r"证券交易所|交易所|银行|大学")
_OF_RANK = Rule("understand.query.of_rank", r"[省市区县州][属级](?!于)")
_BESIDES = Rule("understand.query.besides", r"(?:以外|之外)的")
_STOCK = Rule(
    "understand.query.stock",
    r"(?<!新增)(?:还[有剩](?:下|余)?(?:多少|几)|有多少|总数|总量|累计|共有|达到多少|达到了多少|保有量|总长度|总里程|总共)",
)
_TOWN = Rule("understand.query.town", r"镇|街道|乡(?![村下亲镇])|村")
_QUOTES = Rule("understand.query.quotes", f'["“”]|{NOTE_MARK.pattern}')
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


def understand(question: Question, known: Known, gazetteer: Gazetteer) -> Query:
    """Read the question after the questions before it; each slot it leaves open is carried."""
    query: Query | None = None
    for text in (*question.history, question.text):
        current = _read(text, question, known, gazetteer, query)
        query = current if query is None else carry(current, query)
    assert query is not None
    return _placed(query, known)


def _placed(query: Query, known: Known) -> Query:
    """The query with the place that is meant where none is named and only one place tells of the time."""
    if (
        query.place.regions
        or query.place.unknown
        or query.place.against
        or query.place.level is not None
        or query.place.scope is not None
    ):
        return query
    place = known.only_teller({*query.time.report_years, *(p.last_year for p in query.time.periods)})
    return replace(query, place=replace(query.place, regions=(place,))) if place is not None else query


def language_of(text: str, asked: str) -> str:
    """zh, zh-Hant or en: as asked for, or by the letters of the question."""
    if asked != "auto":
        return asked
    if len(_LATIN.findall(text)) > 4 * len(_HAN.findall(text)):
        # A Chinese name in brackets makes no Chinese question.
        return "en"
    han = [c for c in text if "\u3400" <= c <= "\u9fff"]
    return "zh-Hant" if sum(fold(c) != c for c in han) >= 2 else "zh"


_READ_1 = Rule("understand.query.read_1", r"率$")
_READ_2 = Rule("understand.query.read_2", r"截至|截止|到[^,?]{0,6}年?底")
_READ_3 = Rule(
    "understand.query.read_3",
    r"年均(?!浓度|气温|降水|降雨|水平|值|径流|优良|温度)|平均每年|annual average|average annual|per year",
)


def _read(text: str, question: Question, known: Known, gazetteer: Gazetteer, before: Query | None) -> Query:
    # “区级”一般公共预算收入 names one thing: quotation marks and marks of notes only part words that belong together.
    view = remove(View.of(fold(level_digits(text))), [Span(*m.span()) for m in _QUOTES.finditer(fold(text))])
    view = full_years(View(arabic_years(view.text), view.offsets), question.asked_on.year)
    folded, places_of = view.text, list(view.offsets)
    # 后的五年(2013—2017年): the years in brackets are the time that is asked.
    folded = _YEARS_IN_BRACKETS.sub(lambda m: f" {m['years']} ".rjust(len(m[0])), folded)
    folded = _question_proper(folded)
    asking = load_asking()
    # 柳河镇 is a town, whatever county is called 柳河 for short.
    places = [
        m
        for m in gazetteer.mentions(folded, known=known.names)
        if not (_TOWN.match(folded, m.end) and all(fold(m.surface) != fold(c.name) for c in m.candidates))
    ]
    if language_of(text, "auto") == "en":
        places = with_romanised(places, folded, known)
    regions, region_mentions, against = regions_asked(places, folded, known, gazetteer)
    report_years, report_spans, frames = reports_named(folded)
    if asking.says("target", folded) and _SEVERAL_REPORTS.search(folded):
        # 2011年和2018年的政府工作报告，哪一年定的目标更高: the years that are planned for are those of the reports.
        report_years, report_spans = (), []
        frames = [Span(f.start + 5, f.end) for f in frames if f.end - f.start > 5]
    all_times = times_asked(folded, question, before, report_spans)
    times = joined(as_span(folded, all_times))
    bases = bases_of(folded, question, times)
    # 1982年、1983年分别比上年增长: the year before each of them, which growth is measured against in any case.
    against_times = [t for t in bases if len({o.period for o in times}) == 1 or not YEAR_EARLIER.fullmatch(t.words)]
    # Places that only say where another lies are no words of what is asked; those compared with stay.
    told = [m for m in places if not COMPARED_PLACE.search(folded, max(0, m.start - 3), m.start)]
    # 重庆市属国企 are 市属 ones of 重庆.
    named = [
        Span(m.start, m.end - bool(_OF_RANK.match(folded, m.end - 1)))
        for m in told
        # 北京证券交易所 is a name of its own.
        if _HOUSE.match(folded, m.end) is None
    ]
    taken = [m.span for m in (*all_times, *bases)] + named + frames
    lexicon = load_indicators()
    if not regions and not against:
        state = "全国" in known.regions and _STATE.search(folded) is not None
        regions = ("全国",) if state or _NATION.search(folded) else ()
    open_text = (
        _STATE_ONLY.sub("  ", _NATION.sub(lambda m: " " * len(m[0]), blank(folded, taken)))
        if regions == ("全国",)
        else blank(folded, taken)
    )
    # Known places and times are taken out first: 岚州市云台区 names a place inside one, not a place of six letters.
    strangers = tuple(p.region_name for p in gazetteer.unknown_places(open_text))
    # (个体户和公司都算上) is an aside.
    named_in = _IN_REAL_TERMS.sub(lambda m: " " * len(m[0]), open_text)
    indicators = _asked_indicators(_BRACKETS.sub(lambda m: " " * len(m[0]), named_in), lexicon)
    kind, status = _kind(_without_plan_names(folded, open_text), regions, times, asking_units=_units(folded))
    shared = bool(asking.says("share", folded) or _SHARE.search(folded))
    # Of a share, and of what is left, both the part and the whole are asked for.
    both_named = shared or _BESIDES.search(open_text) is not None
    terms, part = (_terms(open_text, kind), "") if both_named else _part_of(_terms(open_text, kind))
    if part:
        indicators = [m for m in indicators if m.surface in part]
    indicators = _not_only_asking(terms, indicators)
    rises, falls = asking.says("rise", folded) is not None, asking.says("fall", folded) is not None
    # 生产增长不慢，收入反而下降了 takes both for granted, and of what each is said nobody knows; 负增长 is a fall.
    direction = 0 if rises and falls and "负增长" not in folded else -1 if falls else 1 if rises else 0
    level = "county" if asking.says("county", folded) else "province" if asking.says("province", folded) else None
    if level is None and asking.says("any", folded):
        level = "province" if "province" in folded else "county"
    growth = bool(asking.says("growth", folded))
    both = growth and _AND_GROWTH.search(folded) is not None
    amounts = [u for u in _units(folded) if u not in ("%", "个百分点", "百分点", "倍")]
    mentions = (
        *(Mention("region", name, Span(m.start, m.end)) for name, m in zip(regions, region_mentions, strict=False)),
        *(Mention("period", str(m.period), m.span) for m in times),
        *(Mention("indicator", m.indicator.name, m.span) for m in indicators),
    )
    return Query(
        text=text,
        kind=kind,
        language=language_of(text, question.language),
        status=status,
        direction=direction,
        mentions=tuple(replace(m, span=_in_original(m.span, places_of)) for m in mentions),
        carried=(),
        pairs=_pairs(mentions) if len(regions) > 1 else (),
        thing=Thing(
            indicators=tuple(dict.fromkeys(m.indicator.name for m in indicators)),
            terms=terms,
            units=_units(folded) or (("%",) if _READ_1.search(terms) else ()),
            basis=tuple(dict.fromkeys(m[0] for m in asking.patterns["basis"].finditer(folded))),
        ),
        place=Places(
            regions=regions,
            unknown=strangers,
            level=level,
            scope=_scope(folded) if not regions else None,
            against=tuple(dict.fromkeys((*against, *(m["whole"] for m in _AGAINST_WHOLE.finditer(folded))))),
        ),
        time=Times(
            periods=tuple(dict.fromkeys(m.period for m in times)),
            odd_year=odd_year(folded),
            report_years=report_years,
            bases=tuple(dict.fromkeys(t.period for t in against_times)),
            aimed=tuple(t.period for t in times if _AIMED.match(folded, t.span.end)) if len(times) > 1 else (),
        ),
        wants=Wants(
            level=bool(asking.says("level", folded.replace("by how much", ""))) or not growth or both or bool(amounts),
            growth=growth,
            share=shared,
            stock=bool(_STOCK.search(folded)),
            total="累计" in folded,
            state=_READ_2.search(folded) is not None,
            yearly=bool(_READ_3.search(folded)),
            rise=bool(
                _RISEN.search(folded)
                or (against_times and _MORE_BY.search(folded))
                or (_NET.search(folded) and any(t.period.length > 12 for t in times))
            ),
            change=bool(asking.says("change", folded)) and len(regions) < 2,
            planned=bool(asking.says("planned", folded)),
            both=both,
            speaker=bool(asking.says("speaker", folded)),
        ),
    )


def _pairs(mentions: Sequence[Mention]) -> tuple[tuple[str, Period], ...]:
    """Each place with its own time, where they are named by turns: 2022年的准格尔旗和2021年的新晃县."""
    told = sorted((m for m in mentions if m.slot in ("region", "period")), key=lambda m: m.span)
    turns = [m.slot for m in told]
    half = len(turns) // 2
    if half < 2 or turns not in (["region", "period"] * half, ["period", "region"] * half):
        return ()
    two = [
        (one, other) if one.slot == "region" else (other, one) for one, other in zip(told[::2], told[1::2], strict=True)
    ]
    return tuple((place.value, Period.parse(time.value)) for place, time in two)


_QUESTION_PROPER_1 = Rule("understand.query.question_proper_1", r"[^?。!]+[?。!]*")
_QUESTION_PROPER_2 = Rule("understand.query.question_proper_2", r"(?:19|20)\d{2}")


def _question_proper(text: str) -> str:
    """The text with asides blanked, place for place: what follows the last question without asking (只要外出的，不要总量).

    Unchanged where only one sentence stands.
    """
    parts = [(m.start(), m.end()) for m in _QUESTION_PROPER_1.finditer(text)]
    if len(parts) < 2:
        return text
    asks = [bool(_ASKS.search(text[a:b])) for a, b in parts]
    if not any(asks):
        return text
    last = max(n for n, yes in enumerate(asks) if yes)
    year = _QUESTION_PROPER_2
    if year.search(text[parts[last][1] :]) and not year.search(text[: parts[last][1]]):
        # 平均能活多大岁数?(2025年的数): the aside says when.
        return text
    return text[: parts[last][1]] + " " * (len(text) - parts[last][1])


def _in_original(span: Span, places: list[int]) -> Span:
    """A span of the question without quotation marks as a span of the question as asked."""
    if span.start >= span.end or not places:
        return span
    return Span(places[span.start], places[span.end - 1] + 1)


def _asked_indicators(text: str, lexicon: Indicators) -> list[IndicatorMention]:
    found = lexicon.asked_in(text) or _across(text, lexicon)
    if language_of(text, "auto") != "en":
        return found
    scattered = lexicon.asked_by_words(text)
    # The name with more words is the surer one: "industrial enterprises" stands inside the name of their output.
    if scattered is not None and scattered.words > max((content_words(m.surface) for m in found), default=0):
        start = len(text) - len(text.lstrip())
        return [IndicatorMention(scattered.indicator, Span(start, len(text.rstrip())), text.strip())]
    return found


def _across(text: str, lexicon: Indicators) -> list[IndicatorMention]:
    """Names that 的 or an aside parts: 农村居民的人均纯收入, 农民(农村居民)人均纯收入 with the aside blanked."""
    kept = [n for n, letter in enumerate(text) if letter not in "的 "]
    joined_text = "".join(text[n] for n in kept)
    return [
        IndicatorMention(m.indicator, Span(kept[m.span.start], kept[m.span.end - 1] + 1), m.surface)
        for m in lexicon.asked_in(joined_text)
        # Words that a space parts are words of their own, unless an aside stood there.
        if "  " in text[kept[m.span.start] : kept[m.span.end - 1] + 1]
        or " " not in text[kept[m.span.start] : kept[m.span.end - 1] + 1]
    ]


def _part_of(terms: str) -> tuple[str, str]:
    """新设的市场主体里，企业: of a part of a whole only the part is asked for, with the verb that holds for both."""
    match = _PART_OF.match(terms)
    if match is None:
        return terms, ""
    verb = load_wording().pattern("list_verbs").match(match["whole"])
    return (verb[0] if verb else "") + match["part"], match["part"]


def _scope(text: str) -> str | None:
    """The level of the place that 全省 or 全县 means where none is named; in 居全省第几 it means none."""
    return next(
        (
            level
            for word, level in load_wording().scopes.items()
            if len(word) > 1 and word[0] in "全我" and re.search(rf"{re.escape(word)}(?!第|排)", text)
        ),
        None,
    )


_ASKED_UNITS_1 = Rule("understand.query.asked_units_1", "以上|以下|以内|左右|上下")


def _asked_units(text: str) -> list[tuple[str, Span]]:
    """Units behind 多少 or 几 with the place of both: 多少万人 asks in 万人."""
    units, asking = load_units(), load_asking()
    found = []
    for match in _ASKED_UNIT.finditer(text):
        words = match["u"]
        if asking.says("not_unit", words):
            # 多少项目 asks how many projects and not how many 项.
            continue
        for length in range(len(words), 0, -1):
            unit = words[:length].replace("每", "/")
            rest = next((unit.removeprefix(m) for m in units.multipliers if unit.startswith(m)), unit)
            if unit in units.symbols or rest in units.symbols:
                end = match.start("u") + length
                # 多少万人以上: the bound belongs to the amount that is asked.
                bound = _ASKED_UNITS_1.match(text, end)
                found.append((unit, Span(match.start(), bound.end() if bound else end)))
                break
    return found


_UNITS_1 = Rule("understand.query.units_1", r"(?:多少|几个?)块?钱|花了多少|(?<!数)值多少")
_UNITS_2 = Rule("understand.query.units_2", r"百分之[几多]|增速|增幅|占比|比重|百分比|percent")


def _units(text: str) -> tuple[str, ...]:
    """The units that a question asks for."""
    found = [unit for unit, _ in _asked_units(text)]
    found = ["元" if unit in _COLLOQUIAL_MONEY else unit for unit in found]
    if _UNITS_1.search(text) and not found:
        found.append("元")
    found += [unit for unit in _units_in_english(text) if unit not in found]
    if _UNITS_2.search(text):
        found.append("%")
    return tuple(dict.fromkeys(found))


def _units_in_english(text: str) -> list[str]:
    """The unit that an English question asks for: how many kilometers, how much income."""
    many = _HOW_MANY.search(text)
    names = {name.lower(): symbol for symbol, unit in load_units().symbols.items() for name in unit.english}
    unit = names.get(many["unit"]) if many is not None else None
    if unit is not None:
        return [unit]
    return ["元"] if _HOW_MUCH_MONEY.search(text) else []


_TERMS_1 = Rule("understand.query.terms_1", r"[,?。\s]+")
_TERMS_2 = Rule("understand.query.terms_2", r"[\u4e00-\u9fff]")
_TERMS_3 = Rule("understand.query.terms_3", r"^(?:实现|[比有] +)(?=.{2})")


def _terms(text: str, kind: QuestionKind) -> str:
    """What is left of a question when times, places and question words are gone."""
    asking = load_asking()
    text = _LEADS.sub("", text.strip())
    for name in ("county", "province", "any"):
        text = asking.patterns[name].sub(" ", text)
    text = _SET_BY.sub(" ", _AMOUNT_TOLD.sub(" ", _BRACKETS.sub("", text)))
    text = _THAN_BEFORE.sub(" ", _YEARS_AGAIN.sub(" ", text))
    text = _IN_REAL_TERMS.sub(" ", text)
    if kind in (QuestionKind.COMPARE, QuestionKind.RANK, QuestionKind.SERIES) or _WHICH_MORE.search(text):
        text = " ".join(_COMPARATIVE.sub(" ", part) for part in _TERMS_1.split(text))
        text = _SET_OF_PLACES.sub(" ", text)
        for name in ("compare", "rank"):
            text = asking.patterns[name].sub(" ", text)
    text = blank(text, [span for _, span in _asked_units(text)])
    if kind is QuestionKind.EXPLAIN:
        text = asking.patterns["explain"].sub(" ", text)
    if kind in (QuestionKind.EXPLAIN, QuestionKind.LIST, QuestionKind.LOOKUP):
        text = _COUNTED_ONES.sub(" ", text)
    text = (asking.filler if _TERMS_2.search(text) else asking.filler_english).sub(" ", text)
    text = (
        asking.patterns["growth"].sub(" ", text) if CONTENT.search(asking.patterns["growth"].sub(" ", text)) else text
    )
    text = _JOINS.sub(" ", _PUNCTUATION.sub(" ", f" {text} ")).strip(" 的是在为达和与")
    text = " ".join(p for p in map(_without_joints, text.split(" ")) if p and p not in _SPEAKERS) or text
    # 计划实现城镇新增就业: what was done with a thing is no word of it; 对 and 比 bring in what stands behind them.
    return _TERMS_3.sub("", text)


def _without_joints(piece: str) -> str:
    """A piece of what is asked without the small words at its ends: 给老旧楼房加装的 → 老旧楼房加装."""
    while True:
        before = piece
        if patterns_of_reports().whole.match(piece) is None:
            piece = _JOINT_FIRST.sub("", piece)
        piece = _JOINT_LAST.sub("", piece)
        if piece == before:
            return piece


_NOT_ONLY_ASKING_1 = Rule("understand.query.not_only_asking_1", r"[\u4e00-\u9fff]")


def _not_only_asking(terms: str, indicators: list[IndicatorMention]) -> list[IndicatorMention]:
    """Without names that are only words of asking where something else is asked for: 工程技术人员有多少人 asks for no population."""
    said = [m for m in indicators if any(m.surface[:n] in terms for n in range(len(m.surface), 1, -1))]
    return said if len(_NOT_ONLY_ASKING_1.findall(terms)) > 1 else indicators


def _without_plan_names(text: str, open_text: str) -> str:
    """The text without 计划 where it ends a name (学生营养改善计划) and says nothing of what is meant to be done."""
    for match in _NAMED_PLAN.finditer(open_text):
        text = text[: match.start()] + "  " + text[match.end() :]
    return text


_KIND_1 = Rule("understand.query.kind_1", r"多少|百分之几|(?<!哪)几[^乎]")


def _kind(
    text: str, regions: tuple[str, ...], times: list[TimeMention], asking_units: tuple[str, ...]
) -> tuple[QuestionKind, Status | None]:
    says = load_asking().says
    text = _PLAN_NAME.sub(" ", text)
    status = Status.TARGET if says("target", text) else None
    if says("actual", text):
        status = Status.ACTUAL
    periods = {t.period for t in times}
    if says("explain", text) or _WHICH_CAUSES.search(text):
        return QuestionKind.EXPLAIN, status
    several = len(regions) > 1 or len(periods) > 1
    if says("rank", text) and (len(regions) > 2 or says("county", text) or says("province", text) or says("any", text)):
        return QuestionKind.RANK, status
    if several and says("compare", text):
        return QuestionKind.COMPARE, status
    ends = {p.last_year for p in periods}
    if len(periods) > 1 and len(ends) == 1 and says("derive", text) and all(p.length > 12 for p in periods):
        return QuestionKind.DERIVE, status
    if len(periods) > 1 or (says("series", text) and not regions):
        return QuestionKind.SERIES, status
    numeric = bool(asking_units) or "多少" in text or says("growth", text) or says("level", text)
    if says("list", text) and not _KIND_1.search(text):
        return QuestionKind.LIST, status
    if not numeric and says("lookup", text):
        return QuestionKind.LOOKUP, status
    if not numeric and says("list", text):
        return QuestionKind.LIST, status
    if not numeric and not several and "哪" in text and not says("rank", text) and not says("compare", text):
        return QuestionKind.LOOKUP, status
    if several and len(regions) > 1:
        return QuestionKind.COMPARE, status
    if says("derive", text) and any(t.period.length > 12 for t in times):
        return QuestionKind.DERIVE, status
    if status is Status.TARGET:
        return QuestionKind.TARGET, status
    if says("growth", text):
        return QuestionKind.GROWTH, status
    return QuestionKind.VALUE, status
