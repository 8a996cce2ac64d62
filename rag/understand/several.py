"""Several things asked for in one question (GDP和固定资产投资各是多少, 目标和实际各是多少): one query for each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from index.rules import At, Rule
from index.text.folding import fold
from index.types import Status
from index.words.fragments import HAN
from index.words.lexicon import load_indicators
from rag.types import Query, QuestionKind
from rag.understand.words import either, load_asking

_BETWEEN = Rule(
    "understand.several.between",
    r"(?:[\s,、和与及跟同以并各是的中里哪个更谁]|(?:提高|上调|调整|提标)[到至]?|[达到至])*|\s*(?:and|,)\s*",
    takes=("⟦ 和 ⟧",),
    leaves=("粮食",),
    at=At.WHOLE,
)
_AMOUNT = Rule(
    "understand.several.amount",
    r"多少|(?<!哪)几[^乎]|how (?:much|many)|百分之",
    takes=("新建⟦多少⟧所",),
    leaves=("新建哪几所学校",),
)
_JOINT = Rule(
    "understand.several.joint",
    r"[,、和与及跟同以并]|and",
    takes=("粮食⟦和⟧棉花",),
    leaves=("粮食棉花",),
)
_ITS_SHARE = Rule(
    "understand.several.its_share",
    r"(?:[,、和]|以及|and)[^,]{0,12}?(?:占(?P<whole>[\u4e00-\u9fffa-z]{2,12}?)的?(?:比重|比例|多少|百分)|share of (?:the )?(?P<en>[a-z]+)?)",
    takes=("增加值是多少⟦,占全市的比重⟧",),
    leaves=("占全市的比重",),
)
_WHOLES = {"national": "全国", "country": "全国", "nation": "全国", "province": "全省", "provincial": "全省"}
"""Of what an English question asks the share."""
_WITHIN = Rule(
    "understand.several.within",
    r"(?:里[面头边]?|中)$",
    takes=("秋粮收购量⟦里⟧", "经营主体⟦里头⟧"),
    leaves=("里程总数",),
)
_ONE_OF_TWO = frozenset({QuestionKind.EXPLAIN, QuestionKind.LIST, QuestionKind.LOOKUP})
_SECTORS = Rule(
    "understand.several.sectors",
    r"(?:一、?二、?三次?|三次)产业(?:的)?(?:增加值)?",
    takes=("⟦一二三产业⟧",),
    leaves=("第二产业增加值",),
)
_PLANNED_AND_DONE = Rule(
    "understand.several.planned_and_done",
    rf"(?:的?(?:{either('of_target')})*(?:{either('planned_done')})|[额数各和与及是为])+",
    takes=("粮食产量⟦年初预期目标⟧",),
    leaves=("粮食产量",),
)
_TWO_MEASURES = Rule(
    "understand.several.two_measures",
    rf"^(?P<head>{HAN}{{2,14}}?)的(?P<one>{HAN}{{2,8}}?)[和与、及](?P<other>{HAN}{{2,8}}?)\s*各?$",
    takes=("⟦火灾的起数和死亡人数各⟧",),
    leaves=("火灾的起数",),
    at=At.START,
)
_TOWN_AND_COUNTRY = Rule(
    "understand.several.town_and_country",
    rf"(?P<one>城镇|城市)(?:常住)?(?:居民)?[和与、及跟](?P<other>农村|乡村)(?P<rest>{HAN}{{2,}})",
    takes=("⟦城镇和农村居民人均可支配收入⟧",),
    leaves=("城镇居民人均可支配收入",),
)


_BEHIND_A_QUESTION_MARK = Rule(
    "understand.several.behind_a_question_mark",
    r"(?<=[?？])",
    takes=("粮食多少?⟦⟧棉花多少",),
    leaves=("粮食多少",),
)
_BEHIND_A_COMMA = Rule(
    "understand.several.behind_a_comma",
    r"(?<=[,，;；])",
    takes=("粮食多少,⟦⟧棉花多少",),
    leaves=("粮食多少",),
)


def questions_of(text: str) -> tuple[str, ...]:
    """The sentences of a text that each ask for an amount."""
    sentences = [part.strip() for part in _BEHIND_A_QUESTION_MARK.split(text)]
    parts: list[list[str]] = []
    asking: list[bool] = []
    for sentence in sentences:
        # 新开工项目多少个，总投资多少 asks twice; a part that asks for no amount belongs to the one before it.
        for number, part in enumerate(_BEHIND_A_COMMA.split(sentence)):
            asks = _AMOUNT.search(fold(part)) is not None
            if number and not (asking[-1] and asks):
                parts[-1].append(part)
                asking[-1] |= asks
            else:
                parts.append([part])
                asking.append(asks)
    return tuple("".join(part) for part, asks in zip(parts, asking, strict=True) if asks)


def asked_together(query: Query) -> tuple[Query, ...]:
    """The single queries of a question that asks for two or more things; () for all others."""
    if query.kind in _ONE_OF_TWO:
        return ()
    if query.wants.share:
        return _level_and_share(query) or _sectors(query)
    return (
        _planned_and_done(query)
        or _by_indicator(query)
        or _sectors(query)
        or _town_and_country(query)
        or _by_measure(query)
        or _by_noun(query)
        or _by_list(query)
    )


def _by_indicator(query: Query) -> tuple[Query, ...]:
    """GDP和固定资产投资: indicators of the vocabulary, with nothing but conjunctions between them."""
    mentions = list(dict.fromkeys(m for m in query.mentions if m.slot == "indicator"))
    if len({m.value for m in mentions}) < 2:
        return ()
    words = [fold(query.text[m.span.start : m.span.end]) for m in mentions]
    rest = query.thing.terms
    for word in words:
        if word not in rest:
            return ()
        rest = rest.replace(word, " ", 1)
    if not _BETWEEN.fullmatch(rest) or len(_JOINT.findall(rest)) < len(words) - 1:
        # 跨境电商出口额 is one thing, though two names stand in it.
        return ()
    return tuple(
        replace(
            query,
            mentions=(*(o for o in query.mentions if o.slot != "indicator"), m),
            thing=replace(query.thing, terms=word, indicators=(m.value,)),
        )
        for word, m in zip(words, mentions, strict=True)
    )


_JOINS_TWO = Rule(
    "understand.several.joins_two",
    r"[和与及、,?]|and",
    takes=("目标⟦和⟧实际",),
    leaves=("目标是多少",),
)


def _planned_and_done(query: Query) -> tuple[Query, ...]:
    """年初目标和实际完成额各是多少: the target and the result of one thing."""
    says = load_asking().says
    text = fold(query.text)
    if query.time.bases or not (says("target", text) and says("actual", text) and _JOINS_TWO.search(text)):
        return ()
    terms = _PLANNED_AND_DONE.sub(" ", query.thing.terms).strip() or query.thing.terms
    plain = replace(
        query,
        thing=replace(query.thing, terms=terms),
        wants=replace(query.wants, level=True, growth=True, change=False, rise=False),
    )
    aimed = replace(plain, kind=QuestionKind.TARGET, status=Status.TARGET)
    done = replace(plain, kind=QuestionKind.VALUE, status=Status.ACTUAL, thing=replace(plain.thing, units=()))
    return (aimed, done)


def _level_and_share(query: Query) -> tuple[Query, ...]:
    """金融业增加值是多少，占GDP比重多少: the level and the share of one indicator."""
    text = fold(query.text)
    found = _ITS_SHARE.search(text)
    mentions = [
        m
        for m in query.mentions
        if m.slot == "indicator" and found is not None and (m.span.end <= found.start() or query.language == "en")
    ]
    if found is None or not mentions or _WITHIN.search(text[: found.start()]):
        # 技术合同成交额里，本地转化合同额占比: of what is named first the share is asked.
        return ()
    name = mentions[0].value
    named = _of(query, name)
    level = replace(
        named, wants=replace(named.wants, share=False, level=True, growth=False), thing=replace(named.thing, units=())
    )
    return (
        level,
        _of(
            replace(query, thing=replace(query.thing, units=())),
            f"{name}占{found['whole'] or _WHOLES.get(found['en'] or '', '地区生产总值')}比重",
        ),
    )


def _sectors(query: Query) -> tuple[Query, ...]:
    """一二三产业增加值, 三次产业结构: the three industries by their names, or the share that each makes up."""
    found = _SECTORS.search(query.thing.terms)
    if found is None:
        return ()
    behind = query.thing.terms[found.end() :].strip()
    if query.wants.share or behind.startswith(_MADE_UP):
        if query.wants.change or query.wants.growth or len(behind) > _LONGEST_MADE_UP:
            return ()
        share = replace(query, wants=replace(query.wants, share=True, level=True), thing=replace(query.thing, units=()))
        return tuple(_of(share, f"第{n}产业增加值占地区生产总值比重") for n in "一二三")
    return tuple(_of(query, f"第{n}产业增加值") for n in "一二三")


_MADE_UP = ("结构", "比例", "比重", "占比", "之比", "构成")
_LONGEST_MADE_UP = 6
"""Letters of 结构比例各占 and the like: what is longer asks for more than the three shares."""


def _town_and_country(query: Query) -> tuple[Query, ...]:
    """城镇和农村居民人均可支配收入: two things that share their end."""
    found = _TOWN_AND_COUNTRY.search(query.thing.terms)
    if found is None:
        return ()
    return tuple(_of(query, f"{place}{found['rest']}") for place in (found["one"], found["other"]))


_EACH_OF_THEM = Rule(
    "understand.several.each_of_them",
    r"各|分别",
    takes=("起数和人数⟦各⟧下降多少",),
    leaves=("起数下降多少",),
)


def _by_measure(query: Query) -> tuple[Query, ...]:
    """生产安全事故的起数和死亡人数各下降多少: two measures of one thing."""
    found = _TWO_MEASURES.match(query.thing.terms)
    if found is None or not _EACH_OF_THEM.search(query.text):
        return ()
    return tuple(_of(query, f"{found['head']}{measure}") for measure in (found["one"], found["other"]))


_LETTER = r"[\u4e00-\u9fffa-z0-9]"
_TWO_NOUNS_AND_WHICH = Rule(
    "understand.several.two_nouns_and_which",
    rf"(?P<one>{_LETTER}{{2,16}}?)[和与、跟](?P<other>{_LETTER}{{2,16}}?)[\s,]*(?:哪一?个|谁)的?(?P<rest>{HAN}{{2,12}}?)(?:[更最多高大快]|增长|下降|$)",
    takes=("⟦粮食和棉花哪个的产量更⟧高",),
    leaves=("粮食和棉花的产量",),
)
_MOVEMENT_AT_THE_END = Rule(
    "understand.several.movement_at_the_end",
    rf"(?=.)(?:{either('on_average')}|同比|各)*(?:{either('moved_so')})?得?$",
    takes=("产值⟦增长⟧",),
    leaves=("产值",),
)
_MEASURE_AT_THE_END = Rule(
    "understand.several.measure_at_the_end",
    rf"的(?P<measure>{HAN}{{2,6}})$",
    takes=("造船业⟦的订单数⟧",),
    leaves=("餐饮业营业额",),
)


def _by_noun(query: Query) -> tuple[Query, ...]:
    """电动工具和保温杯壶，哪个的产值: two nouns and the measure that both are asked for."""
    found = _TWO_NOUNS_AND_WHICH.search(
        fold(
            query.text[max((m.span.end for m in query.mentions if m.slot in ("region", "period")), default=0) :]
        ).replace("?", "")
    )
    if found is None or len(query.place.regions) > 1 or len(query.time.periods) > 1:
        return ()
    rest = _MOVEMENT_AT_THE_END.sub("", found.groupdict().get("rest") or "")
    plain = replace(query, wants=replace(query.wants, change=False, rise=False)) if query.wants.growth else query
    shared = _MEASURE_AT_THE_END.search(found["other"]) if not rest else None
    if shared is not None and "的" not in found["one"]:
        # 住宿业和餐饮业的营业额: both are measured so.
        rest = shared["measure"]
        return tuple(_of(plain, noun + rest) for noun in (found["one"], found["other"][: shared.start()]))
    return tuple(_of(plain, f"{noun}{rest}") for noun in (found["one"], found["other"]))


def _by_list(query: Query) -> tuple[Query, ...]:
    """粮食、油料和蔬菜的产量各是多少: several nouns, and the measure that the last of them names for all."""
    if not _EACH_OF_THEM.search(query.text) or len(query.place.regions) > 1 or len(query.time.periods) > 1:
        return ()
    listed, *behind = _EACH_OF_THEM.split(query.thing.terms)
    if len("".join(behind).strip()) > _LONGEST_VERB:
        return ()
    parts = list(dict.fromkeys(listed.translate(_CONJUNCTIONS).split()))
    # 十大实事里，就业、社保各多少: the whole is none of its parts.
    parts = [part for part in parts if not _WITHIN.search(part)]
    if not 2 <= len(parts) <= _MOST_OF_A_LIST:
        return ()
    *nouns, last = parts
    shared = _MEASURE_AT_THE_END.search(last)
    noun, measure = (last[: shared.start()], shared["measure"]) if shared is not None else _measured(last, nouns)
    halves = next((g for g in load_asking().contrasts if last in g and any(nouns[0].endswith(w) for w in g)), None)
    if halves is not None and len(parts) == 2:
        # 婴儿死亡率城市和农村: what is told of both stands before the first.
        half = next(w for w in halves if nouns[0].endswith(w))
        nouns, noun, measure = [half], last, nouns[0].removesuffix(half)
    if any(len(one) > _LONGEST_OF_A_LIST for one in (*nouns, noun)):
        return ()
    alone = (_of(query, one + measure) for one in (*nouns, noun))
    # Each is asked for without its neighbours.
    return tuple(replace(one, cues=replace(one.cues, own=one.thing.terms)) for one in alone)


def _measured(last: str, others: Sequence[str]) -> tuple[str, str]:
    """The last of a list and the measure at its end, where no other one ends in a measure: 钢材、电解铜、多晶硅产量."""
    known = [word for group in load_asking().measures for word in group]
    ending = max((w for w in known if last.endswith(w) and len(w) < len(last)), key=len, default="")
    if not ending or any(one.endswith(w) for one in others for w in known):
        return last, ""
    return last.removesuffix(ending), ending


_CONJUNCTIONS = str.maketrans(dict.fromkeys("和与及跟、", " "))
_MOST_OF_A_LIST = 10
"""Each is looked for by itself: a question of a thousand characters must not ask for hundreds."""
_LONGEST_OF_A_LIST = 8
_LONGEST_VERB = 2
"""Letters behind 各: 税和非税各收."""


def _of(query: Query, words: str) -> Query:
    known = load_indicators().written_as(words)
    other = tuple(m for m in query.mentions if m.slot != "indicator")
    carried = (*query.carried, "indicator") if known is not None else query.carried
    return replace(
        query,
        mentions=other,
        carried=carried,
        thing=replace(query.thing, terms=words, indicators=(known.name,) if known else ()),
    )
