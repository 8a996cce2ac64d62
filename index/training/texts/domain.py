"""In-domain pairs: questions about indicators against the sentences of reports that state them.

The words come from ``index/data/indicators.toml`` and from the train half of ``eval/embedding/data/paraphrase.jsonl``; the
test half is never read into a pair, and indicators that only the test half asks for are left out altogether.
Numbers are masked: a quarter of the sentences lose them, the others get random ones, so that what is measured can be
learned, and that something is, but never how much.
"""

from __future__ import annotations

import json
import random
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from index.training.texts import corpus, spoken

ROOT = Path(__file__).parents[3]
INDICATORS = ROOT / "index" / "data" / "indicators.toml"
PARAPHRASES = ROOT / "eval" / "embedding" / "data" / "paraphrase.jsonl"
WORDINGS = Path(__file__).parents[1] / "data" / "wordings.tsv"
SEED = 20260102

#: Everyday phrases that show what the model is for. Training never sees them, although the lexicon knows the first.
UNHEARD = frozenset({"老百姓手里的钱", "手里能花的钱"})

CHINESE_FORMS = (
    "{}是多少？",
    "{}增长多少",
    "{}完成了多少",
    "{}情况如何",
    "{}怎么样？",
    "{}有多少",
    "{}",
    "{}的增速",
    "请问{}达到多少",
)
ENGLISH_FORMS = ("what was the {}?", "how much did {} grow?", "{} growth", "{}", "how high was {}", "what about {}?")
#: Endings of everyday questions.
CASUAL_FORMS = (
    "{}多少",
    "{}涨了没有",
    "{}怎么样",
    "一共{}多少",
    "{}有几成",
    "{}好不好",
    "{}到底多不多",
    "{}比上年如何",
)
PLACE_NAMES = {
    "全国": "China", "北京市": "Beijing", "上海市": "Shanghai", "天津市": "Tianjin", "重庆市": "Chongqing",
    "广东省": "Guangdong", "江苏省": "Jiangsu", "浙江省": "Zhejiang", "山东省": "Shandong", "河南省": "Henan",
    "河北省": "Hebei", "湖北省": "Hubei", "湖南省": "Hunan", "四川省": "Sichuan", "福建省": "Fujian", "安徽省": "Anhui",
    "江西省": "Jiangxi", "山西省": "Shanxi", "陕西省": "Shaanxi", "吉林省": "Jilin", "黑龙江省": "Heilongjiang",
    "辽宁省": "Liaoning", "云南省": "Yunnan", "贵州省": "Guizhou", "甘肃省": "Gansu", "青海省": "Qinghai",
    "海南省": "Hainan", "西藏自治区": "Tibet", "新疆维吾尔自治区": "Xinjiang", "宁夏回族自治区": "Ningxia",
    "内蒙古自治区": "Inner Mongolia", "广西壮族自治区": "Guangxi",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Indicator:
    """What an indicator is called: as reports write it, as people ask for it, in English, and whole questions."""

    name: str
    written: tuple[str, ...]
    asked: tuple[str, ...]
    english: tuple[str, ...]
    questions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence of a report with the numbers of the indicators that it states figures of."""

    document: str
    place: str
    year: str
    text: str
    indicators: frozenset[int]


@dataclass(frozen=True, slots=True)
class Labelled:
    """Pairs with what each left side asks for and what each right side also answers (see ``mixing.Group``)."""

    name: str
    left: list[str]
    right: list[str]
    asked: list[int]
    stated: list[frozenset[int]]
    weight: float


@cache
def _unseen() -> tuple[re.Pattern[str], ...]:
    rows = map(json.loads, PARAPHRASES.read_text(encoding="utf-8").splitlines())
    return tuple({row["evidence"]: re.compile(row["evidence"]) for row in rows if not row["seen"]}.values())


def is_unseen(form: str) -> bool:
    """Whether a form states what only the test half asks for."""
    return any(pattern.search(f"{form.replace('_', '1')}1") for pattern in _unseen())


@cache
def indicators() -> tuple[Indicator, ...]:
    """The indicators that training may know."""
    with INDICATORS.open("rb") as file:
        entries = tomllib.load(file)["indicator"]
    rows = [json.loads(line) for line in PARAPHRASES.read_text(encoding="utf-8").splitlines()]
    evidence = {row["evidence"]: row["indicator"] for row in rows if row["seen"]}
    questions: dict[str, list[str]] = {}
    for row in rows:
        if row["split"] == "train":
            questions.setdefault(row["indicator"], []).append(row["question"])
    known: list[Indicator] = []
    met: set[str] = set()
    for entry in entries:
        written = (entry["name"], *entry["aliases"])
        spoken = tuple(phrase for phrase in entry["ask"] if phrase not in UNHEARD)
        if any(map(is_unseen, written)):
            continue
        mine = [name for pattern, name in evidence.items() if re.search(pattern, f"{entry['name']}1")]
        own = entry["name"] if entry["name"] in questions else (mine[0] if mine else "")
        # A question set belongs to one indicator: the one of its name, else the first that its evidence fits.
        wordings = () if own in met else tuple(questions.get(own, ()))
        met.add(own)
        known.append(Indicator(entry["name"], written, spoken, tuple(entry["english"]), wordings))
    known += [Indicator(name, (name,), (), (), tuple(asked)) for name, asked in questions.items() if name not in met]
    return tuple(known)


@cache
def statements() -> tuple[Statement, ...]:
    """Sentences of reports since 1978 that state a figure of a known indicator."""
    number = {form: place for place, one in enumerate(indicators()) for form in one.written}
    forms = sorted(number, key=len, reverse=True)
    pattern = re.compile("(" + "|".join(map(re.escape, forms)) + r")(?=[^。；]{0,25}\d)")
    found = []
    for document, paragraphs in corpus.reports().items():
        year, place, *_ = document.split("_")
        if int(year) < 1978:
            continue
        for text in (piece for line in paragraphs for piece in corpus.sentences(line)):
            named = frozenset(number[match[1]] for match in pattern.finditer(text))
            if named:
                found.append(Statement(document, place, year, text, named))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Wording:
    """Formal terms and how people say them."""

    formal: tuple[str, ...]
    casual: tuple[str, ...]
    english: tuple[str, ...]


@cache
def wordings() -> tuple[Wording, ...]:
    """The lines of ``data/wordings.tsv``."""
    lines = (line for line in WORDINGS.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#"))
    return tuple(Wording(*(tuple(part.split(";")) for part in line.split("\t"))) for line in lines)


@cache
def _casual_words() -> tuple[re.Pattern[str], dict[str, tuple[str, ...]], dict[str, tuple[str, ...]]]:
    casual = {formal: one.casual for one in wordings() for formal in one.formal}
    english = {formal: one.english for one in wordings() for formal in one.formal}
    return re.compile("|".join(sorted(map(re.escape, casual), key=len, reverse=True))), casual, english


def casually(name: str, rng: random.Random) -> str | None:
    """A formal name in everyday words, in Chinese or English; None if it holds no word that we have others for."""
    pattern, casual, english = _casual_words()
    found = pattern.findall(name)
    if not found:
        return None
    if rng.random() < 0.25:
        return " ".join(rng.choice(english[word]) for word in found)
    said = pattern.sub(lambda match: rng.choice(casual[match[0]]), name)
    return rng.choice(CASUAL_FORMS).format(said)


@cache
def distractors() -> tuple[str, ...]:
    """Sentences of the reports since 2008 that state no figure of a known indicator: wrong answers to any question."""
    stating = {said.text for said in statements()}
    rng = random.Random(SEED)
    return tuple(
        mask(text, rng)
        for document, paragraphs in corpus.reports().items()
        if document >= "2008"
        for line in paragraphs
        for text in corpus.sentences(line)
        if text not in stating
    )


#: A figure; the digits of names such as PM2.5 and 5G are none.
_NUMBER = re.compile(r"(?<![A-Za-z\d.])\d[\d,.]*(?![A-Za-z\d])")


def mask(text: str, rng: random.Random) -> str:
    """The text without its figures, or with others in their place."""
    if rng.random() < 0.25:
        return _NUMBER.sub("", text)
    return _NUMBER.sub(lambda _: f"{rng.uniform(0, 2000):.{rng.randrange(3)}f}", text)


def clause(text: str, forms: tuple[str, ...]) -> str:
    """The part of a sentence between commas that names one of ``forms``, and the part behind it."""
    parts = re.split(r"(?<=[，,])", text)
    for place, part in enumerate(parts):
        if any(form in part for form in forms):
            return "".join(parts[place : place + 2])
    return text


def phrasings(one: Indicator, rng: random.Random) -> Iterator[str]:
    """Questions after an indicator: its own wordings, and its names in sentence forms. Endless."""
    names = (*one.written, *one.asked)
    while True:
        kind = rng.random()
        if one.questions and kind < 0.3:
            yield rng.choice(one.questions)
        elif kind < 0.6 and (casual := casually(rng.choice(names), rng)):
            yield casual
        elif one.english and kind > 0.8:
            yield rng.choice(ENGLISH_FORMS).format(rng.choice(one.english))
        else:
            yield rng.choice(CHINESE_FORMS).format(rng.choice(names))


def plain(rng: random.Random) -> Labelled:
    """Questions without a place against sentences, in the order of the reports: neighbours are hard negatives."""
    group = Labelled("domain:plain", [], [], [], [], 4.0)
    known = indicators()
    asking = [phrasings(one, rng) for one in known]
    for said in statements():
        for number in sorted(said.indicators):
            for _ in range(4):
                whole = rng.random() < 0.6
                group.left.append(next(asking[number]))
                group.right.append(mask(said.text if whole else clause(said.text, known[number].written), rng))
                group.asked.append(number)
                group.stated.append(said.indicators)
    return group


def located(rng: random.Random) -> Labelled:
    """Questions with place and year against sentences headed by theirs, sorted by indicator.

    The neighbours of a pair state the same indicator of other places and years, which are wrong answers here.
    """
    group = Labelled("domain:located", [], [], [], [], 1.5)
    known = indicators()
    asking = [phrasings(one, rng) for one in known]
    keys: dict[tuple[str, int], int] = {}
    rows = sorted(((number, said) for said in statements() for number in said.indicators), key=lambda row: row[0])
    for number, said in rows:
        question = next(asking[number])
        if question.isascii():
            question = f"{question} in {PLACE_NAMES.get(said.place, said.place)} in {said.year}"
        else:
            question = f"{said.year}年{said.place}{question}"
        text = said.text if rng.random() < 0.5 else clause(said.text, known[number].written)
        group.left.append(question)
        group.right.append(f"{said.place} {said.year}年 {mask(text, rng)}")
        group.asked.append(keys.setdefault((said.document, number), len(keys)))
        group.stated.append(frozenset(keys.setdefault((said.document, other), len(keys)) for other in said.indicators))
    return group


def phrases(rng: random.Random) -> Labelled:
    """Two ways to say the same indicator, across registers and languages."""
    group = Labelled("domain:phrases", [], [], [], [], 1.2)
    for number, one in enumerate(indicators()):
        asking = phrasings(one, rng)
        ways = (*one.written, *one.asked, *one.english)
        for _ in range(24):
            group.left.append(next(asking))
            group.right.append(rng.choice(ways))
            group.asked.append(number)
            group.stated.append(frozenset([number]))
    return group


def everyday(rng: random.Random) -> Labelled:
    """A formal term against everyday ways to say it, across languages."""
    group = Labelled("domain:everyday", [], [], [], [], 1.0)
    for number, one in enumerate(wordings()):
        every = (*one.formal, *one.casual, *one.english)
        for _ in range(40):
            group.left.append(rng.choice(every))
            group.right.append(rng.choice(one.formal if rng.random() < 0.5 else every))
            group.asked.append(number)
            group.stated.append(frozenset([number]))
    return group


def asked(rng: random.Random) -> Labelled:
    """Wordings of many things against what reports state of them (see ``spoken``); neighbours are hard negatives."""
    group = Labelled("domain:spoken", [], [], [], [], 8.0)

    def add(wording: str, said: str, number: int) -> None:
        group.left.append(wording)
        group.right.append(said)
        group.asked.append(number)
        group.stated.append(frozenset([number]))

    spoken.pairs(rng, add, is_unseen)
    return group


@cache
def groups() -> tuple[Labelled, ...]:
    """All in-domain groups, the same at every call."""
    rng = random.Random(SEED)
    return plain(rng), located(rng), phrases(rng), everyday(rng), asked(rng)
