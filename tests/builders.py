"""Small values for tests, made from text as the product makes them."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from index.build import read_corpus
from index.figures.facts import RawFact, read_facts
from index.figures.when import Setting
from index.outline.documents import Draft, find_documents
from index.text.chunking import ChunkOptions
from index.text.cleaning import View, clean
from index.text.counting import DEFAULT_VOCABULARY, TokenCounter
from index.text.sources import decode_source
from index.types import Corpus, Document, Fact, Period, Section, Sentence, Source, Status
from index.words.periods import Clock
from index.words.regions import Gazetteer
from rag.types import Citation, Question

ASKED_ON = dt.date(2026, 1, 1)

REPORT = """2024年青石市政府工作报告
——2024年1月16日在青石市第十七届人民代表大会第三次会议上
青石市市长 林远山
各位代表:
现在,我代表青石市人民政府,向大会报告工作,请予审议。
一、2023年工作回顾
过去一年,全市上下团结奋斗。地区生产总值完成812.6亿元,同比增长6.1%。固定资产投资完成305.2亿元,增长9.4%。
(一)产业发展稳中有进。规模以上工业总产值完成1204.5亿元,下降2.3%。新增规上企业46家。
(二)民生福祉持续改善。城镇登记失业率控制在3.5%以内。居民人均可支配收入达到41236元,增长5.8%。
二、2024年工作安排
2024年经济社会发展的主要预期目标是:地区生产总值增长6%左右,一般公共预算收入增长5%。
(一)全力扩大有效投资。固定资产投资力争增长8%以上。
(二)持续增进民生福祉。新增城镇就业1.2万人。
"""
"""A whole report of an invented city."""


@cache
def counter() -> TokenCounter:
    return TokenCounter(DEFAULT_VOCABULARY)


def make_source(text: str | bytes, name: str = "report.txt") -> Source:
    return decode_source(name, text if isinstance(text, bytes) else text.encode())


def make_report(
    body: str,
    *,
    title: str = "2024年青石市政府工作报告",
    byline: str = "——2024年1月16日在青石市第十七届人民代表大会第三次会议上\n青石市市长 林远山",
    government: str = "青石市人民政府",
) -> str:
    """A report of an invented city around some text."""
    return f"{title}\n{byline}\n各位代表:\n现在,我代表{government},向大会报告工作,请予审议。\n{body}\n"


SIZES = ChunkOptions()


def make_corpus(*texts: str | bytes, options: ChunkOptions = SIZES, name: str = "report") -> Corpus:
    """All that is read from files of these texts."""
    sources = [make_source(text, f"{name}{n or ''}.txt") for n, text in enumerate(texts)]
    return read_corpus(sources, counter(), options)


def make_draft(text: str | bytes, name: str = "report.txt") -> Draft:
    """The only document of a file."""
    (draft,) = find_documents(make_source(text, name), Gazetteer.load())
    return draft


def make_document(text: str | bytes) -> Document:
    (document,) = make_corpus(text).documents
    return document


def sections(text: str | bytes) -> list[tuple[str, str, str]]:
    """Last heading, period and status of every section of the only document of a file."""
    return [brief(s) for s in make_document(text).sections]


def brief(section: Section) -> tuple[str, str, str]:
    return (section.heading[-1] if section.heading else "", str(section.period), section.status.value)


def sentences(text: str | bytes) -> tuple[Sentence, ...]:
    return make_corpus(text).sentences


def facts_of(text: str | bytes) -> tuple[Fact, ...]:
    return make_corpus(text).facts


def cleaned(text: str) -> str:
    return clean(View.of(text)).text


REVIEWED = Setting(period=Period.year(2023), status=Status.ACTUAL, clock=Clock(2024, 2023), span=None, closes=2024 * 12)
"""A sentence of the results of 2023 in a report of January 2024."""

PLANNED = Setting(period=Period.year(2024), status=Status.TARGET, clock=Clock(2024, 2024), span=None, closes=2024 * 12)
"""A sentence of the plans for 2024 in the same report."""


def raw_facts(sentence: str, setting: Setting = REVIEWED) -> list[RawFact]:
    return read_facts(cleaned(sentence), setting)


def write_files(folder: Path, files: dict[str, str | bytes]) -> Path:
    """Files by name below a folder, which is returned."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder


def make_question(text: str, *history: str, day: dt.date = ASKED_ON, language: str = "auto") -> Question:
    return Question(text, day, tuple(history), language=language)


def make_citation(quote: str, *, start: int = 0, title: str = "", heading: Sequence[str] = ()) -> Citation:
    return Citation(
        n=1,
        document_id="d1",
        document="report.txt",
        title=title,
        region="青石市",
        period="2023",
        heading=tuple(heading),
        quote=quote,
        start=start,
        end=start + len(quote),
        sha256=hashlib.sha256(quote.encode()).hexdigest(),
        url="/documents/d1",
    )
