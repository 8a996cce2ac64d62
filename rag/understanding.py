"""Question to Query, by rules and vocabulary: which thing, where, when, and what is to be told of it.

Slots that a follow-up leaves open come from the questions before it, and the query says which.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import pairwise

from index.folding import fold
from index.lexicon import IndicatorMention, Indicators, content_words, load_indicators, load_units, load_wording
from index.periods import Clock, TimeMention, arabic_years, find_times
from index.regions import Gazetteer, RegionMention, other_names
from index.snapshot import IndexSnapshot
from index.types import Period, Span, Status
from rag.asking import load_asking
from rag.types import Mention, Query, Question, QuestionKind

_REPORT = re.compile(
    r"(?:按照?|根?据|依据|依照)?(?P<y>(?:19|20)\d{2})年?(?:[^,。?!\d]{0,14}?(?:政府)?工作报告|的?报告)》?(?:中|里面?|上)?"
    r"(?:的说法|说|指出|分析|承认|提到|提出|列举了?|显示|披露|公布的?|给出的?|写的?)?"
    r"|(?P<e>(?:19|20)\d{2}) (?:government )?(?:work )?report"
)
_ENGLISH_TIMES: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"\b(?:the )?first half (?:of )?((?:19|20)\d{2})\b|\bh1[ -]?((?:19|20)\d{2})\b|\b((?:19|20)\d{2})[ -]?h1\b"), "h1"),
    (re.compile(r"\b(?:the )?second half (?:of )?((?:19|20)\d{2})\b|\bh2[ -]?((?:19|20)\d{2})\b|\b((?:19|20)\d{2})[ -]?h2\b"), "h2"),
    (re.compile(r"\bq([1-4])[ -]((?:19|20)\d{2})\b"), "q"),
    (re.compile(r"\b((?:19|20)\d{2})(?: ?[-–~] ?| to | through )((?:19|20)\d{2})\b"), "span"),
    (re.compile(r"\bthis year\b"), "this"),
    (re.compile(r"\blast year\b|\bthe previous year\b"), "last"),
    (re.compile(r"(?<![\d.])((?:19|20)\d{2})(?![\d.%]|年|亿|万|个|家|元|户|件)"), "year"),
)  # fmt: skip
_BARE_PART = re.compile(r"上半年|下半年|前三季度|前三个季度|第?[一二三四]季度|\bfirst half\b|\bsecond half\b")
_ASKED_UNIT = re.compile(r"(?:多少|(?<![哪前近后这])几)(?P<u>[\u4e00-\u9fff]{1,6}|%)")
_COMPARED_PLACE = re.compile(r"(?:占|高于|低于|快于|慢于|高出|领先|比)$")
_ENGLISH_COMMA = re.compile(r",\s*(?:the\s+)?")
_VERBS_ONLY = re.compile(
    rf"^(?:打算|计划|预计|准备|要|将|会|又|还|再|能|{load_wording().pattern('list_verbs', 'doing_verbs', 'level_verbs').pattern}|到|年底|总数|总量|一共)+"
)
_AIMED = re.compile(r"(?:的)?[^,、和与及\d]{0,6}(?:目标|计划|预期|力争|打算|拟|(?<![重主需必])要(?![求素闻点])|将)")
_ASKS = re.compile(r"[?]|多少|几|哪|谁|什么|怎|吗|呢|为何|是否|如何|how|what|which|when|who|where|why")
_AMOUNT_TOLD = re.compile(
    r"(?:是|为|达到?|定在)\d+(?:\.\d+)?(?:[-—~至到]\d+(?:\.\d+)?)?(?:%|[万亿]?[\u4e00-\u9fff]{1,2})?(?:左右|以上|以内)?"
)
_COMPARATIVE = re.compile(
    r"(?:比)?(?:是)?(?:[打收干搞卖]|(?<!总)产)?得?(?:更|最|较)?(?:多|(?<!多)少|高|低|快|慢|大|小|长|好)了?(?:还是(?:多|少|高|低|快|慢|大|小)了?)?的?(?:是)?$"
    r"|(?:谁的?|哪[个里边一]个?年?的?|[两三四五六七八九十]地)"
)
_BRACKETS = re.compile(r"\([^()]{1,12}\)")
_YEAR_BEFORE = re.compile(r"(?:再)?(?:往前|之前|前面)(?:的)?(?:那)?一年|再?前一年|上一年(?=呢|是|又)")
_NATION = re.compile(r"我国|国务院|全国")
_STATE = re.compile(r"中央财政|中央预算|国家(?=为|对|给|把|将|要|安排|财政|计划|预算|决定|发行|取消|实施|提出)")
_STATE_ONLY = re.compile(r"国家(?=为|对|给|把|将|要|安排|提出|决定)")
_LATIN = re.compile(r"[A-Za-z]")
_HAN = re.compile(r"[\u3400-\u9fff]")
_NOW_IN_BRACKETS = re.compile(r"今年[^,。?()]{0,4}[(](?P<y>(?:19|20)\d{2})年?[)]")
_BASE_LEAD = re.compile(r"(?:比|较|与|同|相比于?|相较于?|对比)$")
_BASE_TAIL = re.compile(
    r"(?:年|底|末|同期|相比)*[多少高低大小][收产出卖赚花用投]?(?=多少|了|几)|(?:年|底|末|同期|相比)*(?:增加|减少)(?=了?多少|了?几)|(?:底|末|同期|相比)+"
)
_AGAINST_WHOLE = re.compile(
    r"(?:高于|低于|快于|慢于|高出|低出|好于|优于|领先|领先于|落后于|比|较)(?P<whole>全[国省市区县州])"
)
_PART_OF = re.compile(
    r"^(?P<whole>[\u4e00-\u9fff\d.]{3,24}?)(?:里[面头]?(?=[\s,有是])|中(?=[\s,有是])|之中的?|当中的?|其中的?)[\s,有是]*(?P<part>[\u4e00-\u9fff]{2,10})$"
)
_SHARE = re.compile(r"相当于|占(?!地|用|据|有|领)")
_RISEN = re.compile(r"(?:提高|提升|上升|增加|降低|下降)了?多少")
_AND_GROWTH = re.compile(
    r"(?:多少|几)[^?]{0,12}(?:,|、|和|及|并|;)[^?]{0,16}(?:增长|增速|增幅|同比)|(?:和|及|与)(?:其)?(?:增速|增幅|增长率)|and (?:its |the )?(?:growth|rate)"
)
_COLLOQUIAL_MONEY = ("块", "块钱")
_MORE_BY = re.compile(r"[多少高低快慢]了?(?:出)?(?:多少|几)")
_OF_RANK = re.compile(r"[省市区县州][属级](?!于)")
_ANOTHER = re.compile(r"(?:那么?|还有|另外)?[,\s]*[\u4e00-\u9fffa-z0-9“”]{2,16}呢[?]?")
_BESIDES = re.compile(r"(?:以外|之外)的")
_TOGETHER = re.compile(r"年?(?:这)?两年(?:间|来|里|内|合计|累计|共)")
_COMPARING = re.compile(
    r"[个这该差]|比|全[国省市区县州]|平均|水平|[高快多大]还是[低慢少小]|[高低快慢多少大小]出?|增速|增幅|降幅"
)
_YEAR_EARLIER = re.compile(r"去年|上年|上一年|前一年")
_STOCK = re.compile(
    r"(?<!新增)(?:还[有剩](?:下|余)?(?:多少|几)|有多少|总数|总量|累计|共有|达到多少|达到了多少|保有量|总长度|总里程|总共)"
)
_TOWN = re.compile(r"镇|街道|乡(?![村下亲镇])|村")
_QUOTES = re.compile('["“”]')
_SET_OF_PLACES = re.compile(r"[两二三四五六七八九十\d]+个?(?:区|省|市|县|省份|地区)(?:之?中|里|当中|之间)?")
_JOINS = re.compile(r"(?:(?<=\s)|^)(?:和|与|跟|及|以及|的|谁|在|中|里|各)+(?=\s|$|的)|(?<=\s)的(?=[\u4e00-\u9fff])")
_LEADS = re.compile(r"^(?:那么?|那|还有|另外|然后)+")
_PUNCTUATION = re.compile(r"[\s,。、;:!?\"'“”‘’()\[\]<>《》·…-]+")
_CONTENT = re.compile(r"[\u4e00-\u9fff]{2,}|[a-z]{3,}")


@dataclass(frozen=True)
class Known:
    """What the index holds and understanding may lean on.

    ``regions`` are the places whose documents are held, ``inner`` the places that figures in them speak of with the
    places in whose documents they do, ``called`` other names of places that the gazetteer does not know, ``tellers``
    the places whose documents review, plan or were given in each year.
    """

    regions: frozenset[str]
    inner: Mapping[str, frozenset[str]] = field(default_factory=dict)
    called: Mapping[str, str] = field(default_factory=dict)
    tellers: Mapping[int, frozenset[str]] = field(default_factory=dict)

    @classmethod
    def of(cls, snapshot: IndexSnapshot, gazetteer: Gazetteer) -> Known:
        """What a snapshot holds."""
        inner = {n: p for n, p in snapshot.spoken_for.items() if n not in snapshot.regions}
        called: dict[str, str] = {}
        for name in (*snapshot.regions, *inner):
            if gazetteer.get(name) is None:
                called.update({other: name for other in other_names(name) if not gazetteer.candidates(other)})
        tellers: dict[int, set[str]] = {}
        for document in snapshot.documents:
            told = [p for p in (document.review, document.plan) if p is not None]
            years = {y for p in told for y in range(p.first_year, p.last_year + 1)}
            for year in years | ({document.given.year} if document.given else set()):
                tellers.setdefault(year, set()).add(document.region or "")
        return cls(frozenset(snapshot.regions), inner, called, {y: frozenset(r) for y, r in tellers.items()})

    def only_teller(self, years: Iterable[int]) -> str | None:
        """The one place whose documents speak of years; None where there are none or several."""
        places = [self.tellers.get(year, frozenset()) for year in years]
        told = frozenset[str]().union(*places)
        return next(iter(told)) or None if len(told) == 1 and all(places) else None

    @cached_property
    def romanised(self) -> Mapping[str, str]:
        """Held places that the gazetteer does not know by their names in Latin letters: linlan for 临澜区."""
        if not self.called:
            return {}
        from pypinyin import lazy_pinyin  # 0.2 s that only a question in English need wait for

        return {"".join(lazy_pinyin(short)): name for short, name in self.called.items() if len(short) > 1}

    @cached_property
    def names(self) -> frozenset[str]:
        """Everything that may be read as the name of a place."""
        return self.regions | self.inner.keys() | self.called.keys()


def understand(question: Question, known: Known, gazetteer: Gazetteer) -> Query:
    """Read the question after the questions before it; each slot it leaves open is carried."""
    query: Query | None = None
    for text in (*question.history, question.text):
        current = _read(text, question, known, gazetteer, query)
        query = current if query is None else _carry(current, query)
    assert query is not None
    return _placed(query, known)


def _placed(query: Query, known: Known) -> Query:
    """The query with the place that is meant where none is named and only one place tells of the time."""
    if query.regions or query.unknown_regions or query.against or query.level is not None or query.scope is not None:
        return query
    place = known.only_teller({*query.report_years, *(p.last_year for p in query.periods)})
    return replace(query, regions=(place,)) if place is not None else query


def language_of(text: str, asked: str) -> str:
    """zh, zh-Hant or en: as asked for, or by the letters of the question."""
    if asked != "auto":
        return asked
    if len(_LATIN.findall(text)) > 4 * len(_HAN.findall(text)):
        # A Chinese name in brackets makes no Chinese question.
        return "en"
    han = [c for c in text if "\u3400" <= c <= "\u9fff"]
    return "zh-Hant" if sum(fold(c) != c for c in han) >= 2 else "zh"


def _read(text: str, question: Question, known: Known, gazetteer: Gazetteer, before: Query | None) -> Query:
    # “区级”一般公共预算收入 names one thing: quotation marks only part words that belong together.
    places_of = [n for n, letter in enumerate(fold(text)) if not _QUOTES.match(letter)]
    folded = arabic_years(_QUOTES.sub("", fold(text)))
    folded = _question_proper(folded)
    asking = load_asking()
    # 柳河镇 is a town, whatever county is called 柳河 for short.
    places = [
        m
        for m in gazetteer.mentions(folded, known=known.names)
        if not (_TOWN.match(folded, m.end) and all(fold(m.surface) != fold(c.name) for c in m.candidates))
    ]
    if language_of(text, "auto") == "en":
        places = _with_romanised(places, folded, known)
    regions, region_mentions, against = _regions(places, folded, known, gazetteer)
    report_years, report_spans, frames = _report_years(folded)
    all_times = _times(folded, question, before, report_spans)
    times = _joined(_as_span(folded, all_times))
    bases = _bases(folded, question, times)
    # 1982年、1983年分别比上年增长: the year before each of them, which growth is measured against in any case.
    against_times = [t for t in bases if len({o.period for o in times}) == 1 or not _YEAR_EARLIER.fullmatch(t.words)]
    # Places that only say where another lies are no words of what is asked; those compared with stay.
    told = [m for m in places if not _COMPARED_PLACE.search(folded, max(0, m.start - 3), m.start)]
    # 重庆市属国企 are 市属 ones of 重庆.
    named = [Span(m.start, m.end - bool(_OF_RANK.match(folded, m.end - 1))) for m in told]
    taken = [m.span for m in (*all_times, *bases)] + named + frames
    lexicon = load_indicators()
    if not regions and not against:
        state = "全国" in known.regions and _STATE.search(folded) is not None
        regions = ("全国",) if state or _NATION.search(folded) else ()
    open_text = (
        _STATE_ONLY.sub("  ", _NATION.sub(lambda m: " " * len(m[0]), _blank(folded, taken)))
        if regions == ("全国",)
        else _blank(folded, taken)
    )
    # Known places and times are taken out first: 岚州市云台区 names a place inside one, not a place of six letters.
    strangers = tuple(p.region_name for p in gazetteer.unknown_places(open_text))
    # (个体户和公司都算上) is an aside.
    indicators = _asked_indicators(_BRACKETS.sub(lambda m: " " * len(m[0]), open_text), lexicon)
    kind, status = _kind(folded, regions, times, asking_units=_units(folded))
    shared = bool(asking.says("share", folded) or _SHARE.search(folded))
    # Of a share, and of what is left, both the part and the whole are asked for.
    both_named = shared or _BESIDES.search(open_text) is not None
    terms, part = (_terms(open_text, kind), "") if both_named else _part_of(_terms(open_text, kind))
    if part:
        indicators = [m for m in indicators if m.surface in part]
    direction = 1 if asking.says("rise", folded) else -1 if asking.says("fall", folded) else 0
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
        indicators=tuple(dict.fromkeys(m.indicator.name for m in indicators)),
        regions=regions,
        periods=tuple(dict.fromkeys(m.period for m in times)),
        status=status,
        terms=terms,
        units=_units(folded) or (("%",) if re.search(r"率$", terms) else ()),
        direction=direction,
        mentions=tuple(replace(m, span=_in_original(m.span, places_of)) for m in mentions),
        carried=(),
        unknown_regions=strangers,
        odd_year=_odd_year(folded),
        level=level,
        scope=_scope(folded) if not regions else None,
        report_years=report_years,
        wants_level=bool(asking.says("level", folded)) or not growth or both or bool(amounts),
        wants_growth=growth,
        wants_share=shared,
        wants_stock=bool(_STOCK.search(folded)),
        wants_total="累计" in folded,
        wants_yearly=bool(re.search(r"年均|平均每年|annual average|average annual|per year", folded)),
        wants_rise=bool(_RISEN.search(folded) or (against_times and _MORE_BY.search(folded))),
        wants_change=bool(asking.says("change", folded)) and len(regions) < 2,
        wants_planned=bool(asking.says("planned", folded)),
        wants_both=both,
        basis=tuple(dict.fromkeys(m[0] for m in asking.patterns["basis"].finditer(folded))),
        asks_speaker=bool(asking.says("speaker", folded)),
        bases=tuple(dict.fromkeys(t.period for t in against_times)),
        aimed=tuple(t.period for t in times if _AIMED.match(folded, t.span.end)) if len(times) > 1 else (),
        pairs=_pairs(mentions) if len(regions) > 1 else (),
        against=tuple(dict.fromkeys((*against, *(m["whole"] for m in _AGAINST_WHOLE.finditer(folded))))),
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


def _question_proper(text: str) -> str:
    """The text with asides blanked, place for place: what follows the last question without asking (只要外出的，不要总量).

    Unchanged where only one sentence stands.
    """
    parts = [(m.start(), m.end()) for m in re.finditer(r"[^?。!]+[?。!]*", text)]
    if len(parts) < 2:
        return text
    asks = [bool(_ASKS.search(text[a:b])) for a, b in parts]
    if not any(asks):
        return text
    last = max(n for n, yes in enumerate(asks) if yes)
    return text[: parts[last][1]] + " " * (len(text) - parts[last][1])


def _in_original(span: Span, places: list[int]) -> Span:
    """A span of the question without quotation marks as a span of the question as asked."""
    if span.start >= span.end or not places:
        return span
    return Span(places[span.start], places[span.end - 1] + 1)


def _asked_indicators(text: str, lexicon: Indicators) -> list[IndicatorMention]:
    found = lexicon.asked_in(text)
    if language_of(text, "auto") != "en":
        return found
    scattered = lexicon.asked_by_words(text)
    # The name with more words is the surer one: "industrial enterprises" stands inside the name of their output.
    if scattered is not None and scattered.words > max((content_words(m.surface) for m in found), default=0):
        start = len(text) - len(text.lstrip())
        return [IndicatorMention(scattered.indicator, Span(start, len(text.rstrip())), text.strip())]
    return found


def _regions(
    places: Sequence[RegionMention], text: str, known: Known, gazetteer: Gazetteer
) -> tuple[tuple[str, ...], list[RegionMention], tuple[str, ...]]:
    """Full names in order, and those that are only compared with (占全国的比重, 增速高于全市).

    A larger place right before a smaller one only says where that lies (上海市嘉定区).
    """
    kept: list[tuple[str, RegionMention]] = []
    against: list[str] = []
    for number, mention in enumerate(places):
        following = places[number + 1] if number + 1 < len(places) else None
        if not mention.candidates:
            # A place that the index holds and the gazetteer does not know.
            name = known.called.get(mention.region_name, mention.region_name)
            if _COMPARED_PLACE.search(text, max(0, mention.start - 3), mention.start):
                against.append(name)
            elif following is None or not (_touch(text, mention, following) and _speaks(name, following, known)):
                kept.append((name, mention))
            continue
        chosen = next((c for c in mention.candidates if c.name in known.regions), mention.candidates[0])
        stranger = _called(mention, known, gazetteer) if chosen.name not in known.regions else None
        if stranger is not None:
            kept.append((stranger, mention))
            continue
        compared = _COMPARED_PLACE.search(text, max(0, mention.start - 3), mention.start)
        among = (
            len(places) > 1 and chosen.level == "country" and text[: mention.start].endswith(("在", "列", "居", "占"))
        )
        if compared or among:
            against.append(chosen.name)
            continue
        if following is not None and _touch(text, mention, following):
            inner = following.candidates
            if any(gazetteer.is_within(c, chosen) and c.name != chosen.name for c in inner):
                continue
            name = known.called.get(following.region_name, following.region_name)
            if _speaks(chosen.name, following, known) or (name in known.regions and gazetteer.get(name) is None):
                # 广州天河区石牌街道: what the report of a place that nobody else knows lies in.
                continue
        before = places[number - 1] if number else None
        behind = before is not None and _ENGLISH_COMMA.fullmatch(text[before.end : mention.start])
        if (
            behind
            and before is not None
            and any(gazetteer.is_within(c, chosen) and c.name != chosen.name for c in before.candidates)
        ):
            # Tianxin District, Changsha: the larger place stands behind.
            continue
        kept.append((chosen.name, mention))
    names = tuple(dict.fromkeys(name for name, _ in kept))
    return names, [m for _, m in kept], tuple(dict.fromkeys(against))


def _with_romanised(places: list[RegionMention], text: str, known: Known) -> list[RegionMention]:
    """The places of an English text with the held ones that only their sound names: Lanxi is 岚溪市 where that is held.

    One that the gazetteer knows by the same letters gives way if it is not held itself.
    """
    found = []
    for match in re.finditer(r"[a-z']{4,}(?: (?:district|county|city|town))?", text):
        name = known.romanised.get(re.sub(r" .*|'", "", match[0]))
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
    name = known.called.get(mention.region_name, mention.region_name)
    return outer in known.inner.get(name, frozenset())


def _touch(text: str, first: RegionMention, second: RegionMention) -> bool:
    between = text[first.end : second.start]
    return re.fullmatch(r"[\s的,'s]*(?:市|省)?", between) is not None


def _report_years(text: str) -> tuple[tuple[int, ...], list[Span], list[Span]]:
    """Years that name a report ("2021年嘉定区政府工作报告里…"): the figure in it may be of the year before.

    With the spans of the years, and of all words that name the report and say nothing of what is asked.
    """
    years, spans, frames = [], [], []
    for match in _REPORT.finditer(text):
        group = "y" if match["y"] else "e"
        years.append(int(match[group]))
        spans.append(Span(match.start(group), match.end(group)))
        frames.append(Span(*match.span()))
    return tuple(dict.fromkeys(years)), spans, frames


def _times(text: str, question: Question, before: Query | None, reports: list[Span]) -> list[TimeMention]:
    today = question.asked_on
    said = _NOW_IN_BRACKETS.search(text)
    if said is not None:
        # 今年上半年(2024年): the asker says which year 今年 is.
        today = today.replace(year=int(said["y"]), month=1, day=1)
        reports = [*reports, Span(said.start("y") - 1, said.end())]
    told = before.periods[-1].last_year if before is not None and before.periods else today.year
    named = re.findall(r"(?<!\d)((?:19|20)\d{2})(?=年|\D|$)", _blank(text, reports))
    if named:
        told = int(named[0])
    elif reports and said is None:
        # 2013年的报告为什么认为当年…: who asks after a report speaks from its year.
        today = today.replace(year=int(reports[0].of(text)), month=1, day=1)
    # "和2020年相比" asks for both years; "比2019年多" only says what a growth is measured against.
    found = [t for t in find_times(text, Clock(today.year, told)) if not t.base or _compared(text, t)]
    taken = [t.span for t in found]
    for pattern, form in _ENGLISH_TIMES:
        for match in pattern.finditer(text):
            span = Span(*match.span())
            if any(span.start < t.end and t.start < span.end for t in taken):
                continue
            period = _english_period(form, [g for g in match.groups() if g], today.year)
            if period is not None:
                taken.append(span)
                found.append(TimeMention(period, span, match[0]))
    found = [t for t in found if not any(t.span.start < r.end and r.start < t.span.end for r in reports)]
    found.sort(key=lambda t: t.span)
    return _without_echoes(found)


_ECHO = re.compile(
    r"(?:这|过去|近|最近)的?[一二两三四五六七八九十\d]+年(?:来|里|间)?|当年|这一年|[一二三四五六七八九十]+年(?:来|间|里)"
)


def _without_echoes(times: list[TimeMention]) -> list[TimeMention]:
    """Without words that only say again which time is meant: 2013到2017年这五年, 2024年…当年产值."""
    named = [t for t in times if re.search(r"\d{4}|五", t.words) and not _ECHO.fullmatch(t.words)]
    return [t for t in times if not (named and _ECHO.fullmatch(t.words))]


def _bases(text: str, question: Question, times: list[TimeMention]) -> list[TimeMention]:
    """The periods that the asked one is compared with, 比 included: 2019 in 2020年比2019年多多少."""
    told = times[0].period.last_year if times else question.asked_on.year
    asked = {t.period for t in times}
    found = []
    for time in find_times(text, Clock(told, told)):
        if time.base and not _compared(text, time) and time.period not in asked:
            lead = _BASE_LEAD.search(text, 0, time.span.start)
            tail = _BASE_TAIL.match(text, time.span.end)
            span = Span(lead.start() if lead else time.span.start, tail.end() if tail else time.span.end)
            found.append(replace(time, span=span))
    return found


def _compared(text: str, time: TimeMention) -> bool:
    return text[: time.span.start].endswith(("和", "与", "跟", "同")) and text[time.span.end :].startswith("相比")


def _english_period(form: str, groups: list[str], today: int) -> Period | None:
    if form in ("h1", "h2"):
        return Period.half(int(groups[0]), int(form[1]))
    if form == "q":
        return Period.quarter(int(groups[1]), int(groups[0]))
    if form == "span":
        first, last = int(groups[0]), int(groups[1])
        return Period.years(first, last) if first <= last else None
    if form in ("this", "last"):
        return Period.year(today if form == "this" else today - 1)
    return Period.year(int(groups[0]))


def _as_span(text: str, times: list[TimeMention]) -> list[TimeMention]:
    """1977、1978两年间: two years that are asked for together are one period."""
    for one, other in pairwise(times):
        both = one.period.is_year and other.period.is_year and other.period.last_year == one.period.last_year + 1
        together = _TOGETHER.match(text, other.span.end)
        if both and together is not None:
            span = Span(one.span.start, together.end())
            period = Period.years(one.period.last_year, other.period.last_year)
            return [*(t for t in times if t not in (one, other)), TimeMention(period, span, span.of(text))]
    return times


def _joined(times: list[TimeMention]) -> list[TimeMention]:
    """2020年嘉定上半年: a year and a part of that year named apart are one period."""
    years = [t for t in times if t.period.is_year]
    parts = [t for t in times if not t.period.is_year and _BARE_PART.fullmatch(t.words)]
    absorbed = {
        y.span
        for y in years
        if any(p.span.start >= y.span.end and p.period.within(y.period) for p in parts)
        and not re.search(r"全年|年底", "".join(t.words for t in times))
    }
    # 2019年、2020年上半年、2020年全年: a whole year that is asked for by name stays.
    plain = [y for y in years if y.span in absorbed]
    if len(years) > 1 and any(t.words.endswith("全年") for t in times):
        plain = []
    return [t for t in times if t not in plain]


def _part_of(terms: str) -> tuple[str, str]:
    """新设的市场主体里，企业: of a part of a whole only the part is asked for, with the verb that holds for both."""
    match = _PART_OF.match(terms)
    if match is None:
        return terms, ""
    verb = load_wording().pattern("list_verbs").match(match["whole"])
    return (verb[0] if verb else "") + match["part"], match["part"]


def _odd_year(text: str) -> str:
    """A year that is none (20200年, 999年), as written; it must not be passed over."""
    match = re.search(r"(?<!\d)(?:\d{5,}|\d{3})年", text)
    return match[0] if match else ""


def _scope(text: str) -> str | None:
    """The level of the place that 全省 or 全县 means where none is named."""
    return next(
        (
            level
            for word, level in load_wording().scopes.items()
            if len(word) > 1 and word[0] in "全我" and word in text
        ),
        None,
    )


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
            unit = words[:length]
            rest = next((unit.removeprefix(m) for m in units.multipliers if unit.startswith(m)), unit)
            if unit in units.symbols or rest in units.symbols:
                found.append((unit, Span(match.start(), match.start("u") + length)))
                break
    return found


def _units(text: str) -> tuple[str, ...]:
    """The units that a question asks for."""
    found = [unit for unit, _ in _asked_units(text)]
    found = ["元" if unit in _COLLOQUIAL_MONEY else unit for unit in found]
    if re.search(r"(?:多少|几个?)块?钱|花了多少|(?<!数)值多少", text) and not found:
        found.append("元")
    if re.search(r"百分之[几多]|增速|增幅|占比|比重|百分比|percent", text):
        found.append("%")
    return tuple(dict.fromkeys(found))


def _blank(text: str, spans: Sequence[Span]) -> str:
    """The text with spans blanked, place for place."""
    for span in spans:
        text = text[: span.start] + " " * (span.end - span.start) + text[span.end :]
    return text


def _terms(text: str, kind: QuestionKind) -> str:
    """What is left of a question when times, places and question words are gone."""
    asking = load_asking()
    text = _LEADS.sub("", text.strip())
    for name in ("county", "province", "any"):
        text = asking.patterns[name].sub(" ", text)
    text = _AMOUNT_TOLD.sub(" ", _BRACKETS.sub("", text))
    if kind in (QuestionKind.COMPARE, QuestionKind.RANK, QuestionKind.SERIES):
        text = " ".join(_COMPARATIVE.sub(" ", part) for part in re.split(r"[,?。\s]+", text))
        text = _SET_OF_PLACES.sub(" ", text)
        for name in ("compare", "rank"):
            text = asking.patterns[name].sub(" ", text)
    text = _blank(text, [span for _, span in _asked_units(text)])
    if kind is QuestionKind.EXPLAIN:
        text = asking.patterns["explain"].sub(" ", text)
    text = (asking.filler if re.search(r"[\u4e00-\u9fff]", text) else asking.filler_english).sub(" ", text)
    text = (
        asking.patterns["growth"].sub(" ", text) if _CONTENT.search(asking.patterns["growth"].sub(" ", text)) else text
    )
    return _JOINS.sub(" ", _PUNCTUATION.sub(" ", f" {text} ")).strip(" 的是在为达和与")


def _kind(
    text: str, regions: tuple[str, ...], times: list[TimeMention], asking_units: tuple[str, ...]
) -> tuple[QuestionKind, Status | None]:
    says = load_asking().says
    status = Status.TARGET if says("target", text) else None
    if says("actual", text):
        status = Status.ACTUAL
    periods = {t.period for t in times}
    if says("explain", text):
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
    if says("list", text) and not re.search(r"多少|百分之几|(?<!哪)几[^乎]", text):
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


def _carry(query: Query, before: Query) -> Query:
    """Fill what a follow-up leaves open from the question before it."""
    carried: list[str] = []
    changes: dict[str, object] = {}
    if not query.regions and not query.unknown_regions and query.level is None and (before.regions or before.level):
        changes["regions"], changes["level"] = before.regions, before.level
        carried.append("region")
    step = _YEAR_BEFORE.search(fold(query.text))
    if step is not None and before.periods and before.periods[-1].is_year:
        # 再往前一年呢?
        changes["periods"] = (type(before.periods[-1]).year(before.periods[-1].last_year - 1),)
        query = replace(query, terms=_YEAR_BEFORE.sub("", query.terms).strip(), bases=())
    elif not query.periods and not query.report_years and (before.periods or before.report_years):
        changes["periods"], changes["report_years"] = before.periods, before.report_years
        carried.append("period")
    other = _contrasted(query, before) or _instead(query, before)
    if other is not None:
        query = other
        carried.extend(other.carried)
    bare = _VERBS_ONLY.sub("", _growthless(query.terms).replace(" ", ""))
    if query.wants_change or query.against:
        # 这个增速比全国高还是低？差几个百分点？
        bare = _COMPARING.sub("", bare)
    if (
        query.status is None
        and before.status is not None
        and not query.periods
        and not re.search(r"实际|完成了", query.text)
    ):
        # …2026年的目标？那高铁里程呢？
        changes["status"] = before.status
        carried.append("status")
    open_terms = not _CONTENT.search(bare) and not query.indicators
    if open_terms:
        carried_terms = before.terms
        if query.wants_stock:
            # 新认定高新技术企业…那到年底总数有多少家: what there is in all, not what was added.
            carried_terms = _VERBS_ONLY.sub("", before.terms) or before.terms
        changes["terms"], changes["indicators"], changes["units"] = carried_terms, before.indicators, before.units
        carried.append("indicator")
        asks_growth = query.wants_growth
        changes["kind"] = (
            query.kind if query.kind not in (QuestionKind.VALUE, QuestionKind.SERIES) or asks_growth else before.kind
        )
        if not asks_growth:
            changes["wants_growth"], changes["wants_level"] = before.wants_growth, before.wants_level
        else:
            changes["units"] = ()
        changes["asks_speaker"] = before.asks_speaker
    return replace(query, carried=tuple(carried), **changes)  # type: ignore[arg-type]


def _contrasted(query: Query, before: Query) -> Query | None:
    """农村的呢 after 城市低保标准: the same thing of the other side, by the pairs of ``asking.toml``."""
    said = query.terms.replace(" ", "").strip("的呢")
    for group in load_asking().contrasts:
        if said in group:
            held = next((word for word in group if word in before.terms and word != said), None)
            if held is not None:
                words = before.terms.replace(held, said, 1)
                known = load_indicators().written_as(words)
                return replace(
                    query,
                    terms=words,
                    indicators=(known.name,) if known is not None else (),
                    units=query.units or before.units,
                    carried=("indicator",),
                    kind=before.kind,
                    status=query.status or before.status,
                    wants_growth=query.wants_growth or before.wants_growth,
                    wants_level=before.wants_level,
                )
    return None


def _instead(query: Query, before: Query) -> Query | None:
    """正佳广场呢 after 太古汇的楼宇税收: another thing in the place of the one that was named, asked for the same."""
    thing = query.terms.replace(" ", "").removesuffix("呢")
    if _ANOTHER.fullmatch(fold(query.text)) is None or query.indicators or query.units or len(thing) < 2:
        return None
    shared = next((thing[n:] for n in range(1, len(thing) - 1) if thing[n:] in before.terms), "")
    # 生命健康产业呢 after 集成电路产业规模
    rest = before.terms.partition(shared or "的")[2]
    if len(rest) < 2:
        return None
    return replace(
        query,
        terms=thing + rest,
        units=before.units,
        carried=("indicator",),
        kind=before.kind,
        status=query.status or before.status,
        wants_growth=query.wants_growth or before.wants_growth,
        wants_level=before.wants_level,
    )


def _growthless(terms: str) -> str:
    return load_asking().patterns["growth"].sub(" ", terms)
