"""Nouns of a list in which several subjects meet several figures: 专利申请量、授权量; each with the words it shares with the others."""

from __future__ import annotations

from collections.abc import Callable

from index.figures.abridged import hide_brackets, show_brackets, whole_names
from index.rules import At, Rule
from index.text.folding import fold
from index.words.fragments import COUNTING, HAN, any_word
from index.words.lexicon import load_indicators

_AS_BEFORE = Rule(
    "figures.lists.as_before",
    r"(?<=.{2})(?<![、和及与])(?:同比|环比|[比较][上去]年(?:同期)?)$",
    takes=("行政事业性收费⟦同比⟧", "进口额⟦比上年⟧"),
    leaves=("出口额、同比", "同比"),
    why="Behind a joint it belongs to no name; two characters must be left.",
)
_JOINTS_OF_THINGS = Rule(
    "figures.lists.joints_of_things",
    r"、|[和与]|及",
    takes=("粮食面积⟦、⟧总产", "城镇⟦和⟧农村"),
    leaves=("粮食播种面积",),
)
_RESPECTIVELY = Rule(
    "figures.lists.respectively",
    r"分别|各(?=达|[增为]|完成|实现)",
    takes=("造林、治沙面积⟦分别⟧达到", "两地⟦各⟧增"),
    leaves=("各项事业", "各级财政"),
    why="各 only before a verb: 各项 and 各级 share nothing out.",
)
_NOUN_BREAKS = Rule(
    "figures.lists.noun_breaks",
    r"、|以及|[和及与]|,",
    takes=("养老机构⟦以及⟧托育机构", "茶叶⟦、⟧水果"),
    leaves=("养老机构",),
)
_SHORT = 4
"""Characters of a noun that may be cut of its beginning."""
_ORDINAL = Rule(
    "figures.lists.ordinal",
    r"第?(?P<n>[一二三四五])",
    takes=("⟦第二⟧产业增加值", "⟦三⟧产业投资"),
    leaves=("农业增加值",),
)
PER_HEAD = Rule(
    "figures.lists.per_head",
    r"每[人户亩](?:每[年月天])?$",
    takes=("农村低保⟦每人每月⟧",),
    leaves=("每人每月补贴",),
)
"""Behind a measure: what an amount is for each of."""
_JOIN = Rule(
    "figures.lists.join",
    r"(?:左右|以上|以内)?(?:[、和及与]|以及|,)?(?:每[人户亩](?:每[年月天])?)?(?:[约近]|超过?)?",
    takes=("⟦左右、超过⟧", "⟦和每人每月⟧"),
    leaves=("和增长", "、其中"),
    at=At.WHOLE,
)
_FIELD = Rule(
    "figures.lists.field",
    r"(?P<field>.{1,12}?(?:业|居民|领域|产品|企业|保险|人口))(?P<measure>(?:营业|就业|[^业]){2,14})$",
    takes=("⟦渔业居民人均可支配收入⟧", "⟦零售业营业额⟧"),
    leaves=("家具制造业", "粮食产量"),
    why="营业 and 就业 are the words with 业 that a measure may hold.",
    at=At.START,
)
_FIELD_END = Rule(
    "figures.lists.field_end",
    rf"{any_word('field_ends')}$",
    takes=("仓储⟦业⟧", "⟦农村⟧"),
    leaves=("乡村旅游",),
)
_SHORT_SECTOR = Rule(
    "figures.lists.short_sector",
    r"(?<![第一二三])(?P<n>[一二三])产(?!业)",
    takes=("⟦二产⟧投资", "一产、⟦三产⟧税收"),
    leaves=("第二产业", "三产业增加值"),
)
_SECTORS = Rule(
    "figures.lists.sectors",
    r"^一二三次?产业?|^三次产业(?=增加值|占)",
    takes=("⟦一二三产业⟧增加值", "⟦三次产业⟧增加值", "⟦一二三产⟧增加值", "⟦三次产业⟧占生产总值比重"),
    leaves=("三次产业结构", "推动一二三产业融合"),
)
_TOWN_AND_COUNTRY = Rule(
    "figures.lists.town_and_country",
    rf"^城乡(?={any_word('residents')})",
    takes=("⟦城乡⟧居民收入", "⟦城乡⟧低保标准"),
    leaves=("城乡融合发展", "统筹城乡居民"),
    why="Only before what town and country each have one of.",
)
_INNER_AND_OUTER = Rule(
    "figures.lists.inner_and_outer",
    r"(?P<head>.*?)内外资(?P<tail>.*)",
    takes=("⟦实际利用内外资⟧",),
    leaves=("实际利用外资",),
    at=At.WHOLE,
)
_DEPOSITS_AND_LOANS = Rule(
    "figures.lists.deposits_and_loans",
    r"(?P<head>.*?)存贷款(?P<tail>.*)",
    takes=("⟦农商行存贷款余额⟧",),
    leaves=("农商行存款余额",),
    at=At.WHOLE,
)
_SPENT_ON = Rule(
    "figures.lists.spent_on",
    rf"{HAN}{{2,10}}?(?:用于|投入|对)(?={HAN}{{2}})",
    takes=("⟦省财政用于⟧教育", "⟦全县投入⟧水利"),
    leaves=("用于教育", "省财政支出"),
    at=At.START,
)
_MADE_AND_SOLD = Rule(
    "figures.lists.made_and_sold",
    r"(?P<head>.*?)产销(?P<tail>[量额])",
    takes=("⟦拖拉机产销量⟧",),
    leaves=("拖拉机产销对接",),
    at=At.WHOLE,
)
_CASES = Rule(
    "figures.lists.number_of_cases",
    rf"(?<=.{{2}})(?:{any_word('numbers')}|发生数)$",
    takes=("火灾⟦起数⟧", "信访案件⟦数量⟧"),
    leaves=("起数", "数量下降"),
)
_CASUALTIES = Rule(
    "figures.lists.casualties",
    r"[死受伤][亡伤]人数|(?:直接)?经济损失",
    takes=("⟦直接经济损失⟧", "⟦受伤人数⟧"),
    leaves=("火灾死亡人数",),
    at=At.WHOLE,
)


def says_respectively(words: str) -> bool:
    """Whether words give each of several subjects its own figure (分别)."""
    return _RESPECTIVELY.search(words) is not None


def before_respectively(words: str) -> str:
    """What stands before 分别: the subjects, if they are named there."""
    return _AS_BEFORE.sub("", _RESPECTIVELY.split(words, maxsplit=1)[0])


def after_respectively(words: str) -> str:
    """What stands behind 分别: a verb and its object, if the subjects share them."""
    return _RESPECTIVELY.split(words, maxsplit=1)[-1]


def names_joined(words: str) -> list[str]:
    """The names of a list of them: 面积、产量和单产."""
    return _JOINTS_OF_THINGS.split(words)


def only_joins(words: str) -> bool:
    """Whether nothing but a 和 or 、 parts a figure from the one before it."""
    return _JOIN.fullmatch("".join(words.split())) is not None


_LAST_PURPOSE = Rule(
    "figures.lists.last_purpose",
    rf"^.*?(?=(?:领域|事业|方面)?的?{any_word('funds')}$)",
    takes=("⟦水利⟧方面的投入", "⟦体育⟧事业的经费"),
    leaves=("水利工程",),
    why="What the last of several sums is spent on, without the tail that is meant of all.",
)
_HAN_ONLY = Rule(
    "figures.lists.han_only",
    rf"{HAN}+",
    takes=("⟦刑事案件⟧",),
    leaves=("“110”", "5g基站"),
    why="A beginning that ends inside a name in quotation marks is none.",
    at=At.WHOLE,
)


def subjects(words: str, count: int) -> tuple[str, ...]:
    """The subjects of a list of ``count`` figures, each with the words it shares with its neighbours.

    专利申请量、授权量 share their beginning, 第一、第三产业增加值 their end, 城乡居民… stands for two.
    """
    return tuple(map(show_brackets, _subjects(hide_brackets(words), count)))


def _subjects(words: str, count: int) -> tuple[str, ...]:
    words = _SECTORS.sub("一、二、三产业", words)
    if words.count("、") >= count:
        words = words.replace("农、林、牧、渔业", "农林牧渔业")
    words = _SHORT_SECTOR.sub(lambda m: f"第{m['n']}产业", words)
    parts = _split(words, count)
    if len(parts) == 1 and count == 2:
        return _both(parts[0])
    if len(parts) < 2:
        return tuple(parts)
    if len(parts) == count and (spent := _each_spent_on(parts)):
        return spent
    parts = _with_shared_rest(_without_count(_with_cases(whole_names(parts))))
    if (ordinals := _ordinals(parts)) is not None:
        return ordinals
    ended = _with_shared_measure(_with_common_end(parts))
    return tuple(ended) if ended != parts else _with_shared_beginning(parts)


_PAIRS = (
    (_DEPOSITS_AND_LOANS, ("存款", "贷款")),
    (_MADE_AND_SOLD, ("产", "销")),
    (_INNER_AND_OUTER, ("内资", "外资")),
)


def _both(word: str) -> tuple[str, ...]:
    """The two things that one word stands for: 存贷款余额 is 存款余额 and 贷款余额."""
    if _TOWN_AND_COUNTRY.match(word):
        return tuple(_TOWN_AND_COUNTRY.sub(place, word) for place in ("城镇", "农村"))
    for rule, kinds in _PAIRS:
        if (both := rule.fullmatch(word)) is not None:
            return tuple(f"{both['head']}{kind}{both['tail']}" for kind in kinds)
    return (word,)


def _each_spent_on(parts: list[str]) -> tuple[str, ...]:
    """中央财政用于科技、教育和文化事业的支出: what it is spent on, with who spends it and what it is called; () if it is none."""
    spent = _SPENT_ON.match(parts[0])
    tail = _LAST_PURPOSE.sub("", parts[-1])
    if spent is None or tail == parts[-1]:
        return ()
    middle = [parts[0][spent.end() :], *parts[1:-1], parts[-1].removesuffix(tail)]
    return tuple(f"{spent[0]}{what}{tail}" for what in middle)


def _with_cases(parts: list[str]) -> list[str]:
    """生产安全事故起数、死亡人数: both are of the same accidents."""
    head = _CASES.sub("", parts[0])
    if head == parts[0]:
        return parts
    return [parts[0], *(head + p if _CASUALTIES.fullmatch(p) else p for p in parts[1:])]


def _with_shared_beginning(parts: list[str]) -> tuple[str, ...]:
    """第一、第三产业增加值 and 专利申请量、授权量: what the last noun ends in, or the first begins with, is of the short ones too."""
    first, last = parts[0], parts[-1]
    shared: list[str] = []
    for part in parts:
        if len(part) < len(last) and part[0] == last[0] and part[-1] != last[-1]:
            shared.append(part + last[len(part) :])
        elif part is not first and len(part) <= _SHORT < len(first) and part[-1] == first[-1]:
            beginning = first[: len(first) - len(part)]
            # A beginning that ends inside a name in quotation marks is none: “110”报警数、刑事立案数.
            shared.append(beginning + part if _HAN_ONLY.fullmatch(beginning) else part)
        else:
            shared.append(part)
    return tuple(shared)


_COUNTED_KIND = Rule(
    "figures.lists.counted_kind",
    rf"^(?P<name>.{{2,}}?)(?P<n>[两{COUNTING}\d]+)[大个家栋座条所位类](?P<kind>{HAN}{{1,24}})$",
    takes=("⟦食品加工两大产业⟧", "⟦白沙三个街道新增绿地⟧"),
    leaves=("三个街道新增绿地", "食品加工产业"),
    at=At.START,
)
_COUNTS = {c: n for n, c in enumerate("零一二三四五六七八九十")} | {"两": 2}
_OF_A_KIND = Rule(
    "figures.lists.of_a_kind",
    rf"(?P<end>{any_word('owners')})$",
    takes=("白沙⟦街道⟧", "临江⟦中学⟧"),
    leaves=("乡村旅游收入",),
)
_VERB_BEFORE_MEASURE = Rule(
    "figures.lists.verb_before_measure",
    r"实现|完成|达到",
    takes=("景区⟦实现⟧门票收入", "街道⟦完成⟧税收"),
    leaves=("景区门票收入",),
)


def _without_count(parts: list[str]) -> list[str]:
    """甲、乙、丙三大产业: the last is 丙; what the three are measured by (三个景区接待游客) is of all."""
    told = _COUNTED_KIND.match(parts[-1])
    if told is None or (_COUNTS.get(told["n"]) or int(told["n"] if told["n"].isdigit() else 0)) != len(parts):
        return parts
    kind = _VERB_BEFORE_MEASURE.split(told["kind"])[-1]
    measured = kind != told["kind"] or _is_measure(kind)
    return [p + kind if measured else p for p in (*parts[:-1], told["name"])]


def _ordinals(parts: list[str]) -> tuple[str, ...] | None:
    """一、二、三产业增加值: three industries, each by its whole name."""
    last = _ORDINAL.match(parts[-1])
    if last is None or not all(_ORDINAL.fullmatch(p) for p in parts[:-1]) or last.end() == len(parts[-1]):
        return None
    tail = parts[-1][last.end() :]
    numbers = [m["n"] for p in parts[:-1] if (m := _ORDINAL.fullmatch(p)) is not None]
    return tuple(f"第{n}{tail}" for n in [*numbers, last["n"]])


_PART_MARKS = Rule(
    "figures.lists.part_marks",
    r"、|,",
    takes=("白茶⟦、⟧蜜桃", "白茶⟦,⟧蜜桃"),
    leaves=("白茶和蜜桃",),
)
_JOINING_WORDS = Rule(
    "figures.lists.joining_words",
    r"以及|[和及]|与",
    takes=("白茶⟦以及⟧蜜桃", "白茶⟦和⟧蜜桃"),
    leaves=("白茶、蜜桃",),
)


def _split(words: str, count: int) -> list[str]:
    """Nouns of a list. A 和 inside a name (软件和信息服务业) parts nothing where the 、 alone give one noun for each figure."""
    by_mark = [p for p in _PART_MARKS.split(words) if p]
    if len(by_mark) >= count:
        return by_mark
    head, tail = by_mark[:-1], by_mark[-1] if by_mark else ""
    pieces = [p for p in _JOINING_WORDS.split(tail) if p]
    if len(head) + len(pieces) == count:
        return head + pieces
    return [p for p in _NOUN_BREAKS.split(words) if p]


def _with_common_end(parts: list[str]) -> list[str]:
    """What the last noun ends in is meant of all: 对东盟、中东出口, 金融服务业和航运服务业区级税收, 交通、水利领域投资额."""
    for shared in _COMMON_ENDS:
        ended = shared(parts)
        if ended is not None:
            return ended
    return parts


def _with_head_measure(parts: list[str]) -> list[str] | None:
    """工业、制造业、工业技改投资: all three are 投资, and only the last 技改."""
    last = parts[-1]
    head = _HEAD_MEASURE.search(last)
    if head is None or not any(len(p) > 1 and last.startswith(p) for p in parts[:-1]):
        return None
    return _each_with(head[0], parts)


_WHO = ("居民", "保险", "人口")
"""The ends of a field's name that are said once, of the last: 城镇和农村居民收入, 养老和医疗保险参保人数."""


def _with_field_measure(parts: list[str]) -> list[str] | None:
    """城镇和农村居民人均可支配收入: both are of residents."""
    field = _FIELD.match(parts[-1])
    if field is None or not all(_FIELD_END.search(p.split("(")[0]) for p in parts[:-1]):
        return None
    who = next((who for who in _WHO if field["field"].endswith(who)), "")
    return [*(p.removesuffix(who) + who + field["measure"] for p in parts[:-1]), parts[-1]]


def _with_rest_of_kind(parts: list[str]) -> list[str] | None:
    """甲村、乙村、丙村集体经济收入: what is told behind the last name is told of all."""
    kinds = [m["end"] if (m := _OF_A_KIND.search(p)) is not None else "" for p in parts[:-1]]
    if len(set(kinds)) != 1 or not kinds[0]:
        return None
    name, _, rest = parts[-1].partition(kinds[0])
    return [*(p + rest for p in parts[:-1]), parts[-1]] if name and len(rest) > 1 else None


def _with_indicator(parts: list[str]) -> list[str] | None:
    """交通、水利领域投资额: the last ends in the name of an indicator."""
    last = parts[-1]
    names = load_indicators().written_in(fold(last))
    end = next((m for m in names if m.span.end == len(last) and m.span.start > 0), None)
    return None if end is None else _each_with(last[end.span.start :], parts)


def _each_with(measure: str, parts: list[str]) -> list[str]:
    """The parts before the last with what it is measured by, where they name no measure themselves."""
    return [p if p is parts[-1] or _is_measure(p) else p + measure for p in parts]


_COMMON_ENDS: tuple[Callable[[list[str]], list[str] | None], ...] = (
    _with_head_measure,
    _with_field_measure,
    _with_rest_of_kind,
    _with_indicator,
)

_HEAD_MEASURE = Rule(
    "figures.lists.head_measure",
    rf"{any_word('heads')}$",
    takes=("技术改造⟦投资⟧", "整车⟦出口额⟧"),
    leaves=("投资环境",),
)
_MEASURE = Rule(
    "figures.lists.measure",
    rf"(?<=.{{2}}){any_word('shared_measures')}$",
    takes=("淡水鱼⟦产量⟧", "家电⟦零售额⟧"),
    leaves=("产量", "产量目标"),
)


def _with_shared_measure(parts: list[str]) -> list[str]:
    """What a noun of a list is measured by, where only a later one says it: 汽车、家电零售额."""
    result: list[str] = []
    measure = ""
    for part in reversed(parts):
        own = _MEASURE.search(part)
        measure = own[0] if own is not None else measure
        result.append(part if own is not None or not measure or _is_measure(part) else part + measure)
    return result[::-1]


def _with_shared_rest(parts: list[str]) -> list[str]:
    """基础教育、职业教育信息化指数: the first ends in what the last goes on from."""
    last = parts[-1]
    result = []
    for part in parts[:-1]:
        at = last.find(part[-2:], 1) if len(part) > 2 and not _is_measure(part) else -1
        rest = last[at + 2 :] if at > 0 else ""
        result.append(part + rest if len(rest) > 1 and not rest.endswith("年均") else part)
    return [*result, last]


def _is_measure(noun: str) -> bool:
    """Whether a noun names something measured by itself."""
    return noun[-1] in "额量率数值资入出款费税润金" or any(
        m.span.end == len(noun) for m in load_indicators().written_in(fold(noun))
    )
