"""A small pipeline for the service's own behaviour: errors, shapes and hostile text. It knows one report."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

from pydantic import SecretStr

from index.store.embedding import Embedder
from index.types import Document, Fact, Kind, Measure, Period, Section, Sentence, Source, Span, Status
from rag.errors import QuestionError
from rag.find.meaning import AskedVectors
from rag.find.rerank import Reranker, SignalsReranker
from rag.generators.writing import pieces
from rag.types import (
    Answer,
    Citation,
    Derived,
    Filters,
    Nearest,
    Operand,
    Question,
    QuestionKind,
    Reason,
    SearchHit,
    SearchResult,
    Understood,
    Value,
)
from tests.fakes import HashingEmbedder

BEFORE = "scraped <script>alert('furniture')</script> line\n"
REPORT = (
    "2021年嘉定区政府工作报告\n"
    "一、2020年工作回顾\n"
    '固定资产投资完成429.7亿元、同比增长18.3%。<img src=x onerror="alert(1)"> & 其他。\n'
    "二、2021年工作安排\n"
    "固定资产投资增长6%左右。\n"
)
TEXT = BEFORE + REPORT
SOURCE = Source("reports/jiading.txt", hashlib.sha256(TEXT.encode()).hexdigest(), "utf-8", TEXT)
QUOTE = '固定资产投资完成429.7亿元、同比增长18.3%。<img src=x onerror="alert(1)"> & 其他。'
TARGET = "固定资产投资增长6%左右。"


def _span(text: str) -> Span:
    start = TEXT.index(text)
    return Span(start, start + len(text))


_SECOND = TEXT.index("二、2021年")
_FIRST = TEXT.index("一、2020年")

DOCUMENT = Document(
    id="d-jiading",
    source=SOURCE.name,
    sha256=SOURCE.sha256,
    span=Span(len(BEFORE), len(TEXT)),
    title="2021年嘉定区政府工作报告",
    region="嘉定区",
    parent="上海市",
    issuer="嘉定区人民政府",
    given=dt.date(2021, 1, 12),
    kind=Kind.ANNUAL,
    review=Period.year(2020),
    plan=Period.year(2021),
    contradictions=("标题年份是作报告的年份",),
    sections=(
        Section("s0", (), 0, Span(len(BEFORE), _FIRST), None, Status.ACTUAL),
        Section("s1", ("一、2020年工作回顾",), 1, Span(_FIRST, _SECOND), Period.year(2020), Status.ACTUAL),
        Section("s2", ("二、2021年工作安排",), 1, Span(_SECOND, len(TEXT)), Period.year(2021), Status.TARGET),
    ),
)
BARE = Document(
    "d-bare", SOURCE.name, SOURCE.sha256, Span(0, len(BEFORE)), "新闻", None, None, None, None, Kind.OTHER,
    None, None, (), (),
)  # fmt: skip


def _citation(n: int, quote: str, period: str | None, spans: tuple[tuple[int, int], ...]) -> Citation:
    at = _span(quote)
    return Citation(
        n=n,
        document_id=DOCUMENT.id,
        document=SOURCE.name,
        title=DOCUMENT.title,
        region=DOCUMENT.region,
        period=period,
        heading=("一、2020年工作回顾",),
        quote=quote,
        start=at.start,
        end=at.end,
        sha256=SOURCE.sha256,
        url=f"/documents/{DOCUMENT.id}?start={at.start}&end={at.end}#hit",
        answer_spans=spans,
    )


SENTENCE = Sentence(
    DOCUMENT.id, "s1", ("一、2020年工作回顾",), 0, _span(QUOTE), QUOTE, Period.year(2020), Status.ACTUAL
)
FACT = Fact(
    0, DOCUMENT.id, "固定资产投资", "固定资产投资", "固定资产投资完成429.7亿元", Measure.LEVEL, Decimal("429.7"), "亿元", "429.7亿元", "", "",
    "嘉定区", Period.year(2020), Status.ACTUAL, _span("固定资产投资完成429.7亿元"), _span("429.7亿元"),
)  # fmt: skip


@dataclass
class FakeSnapshot:
    id: str = "snap-fake"
    closed: bool = False

    @property
    def sources(self) -> Mapping[str, Source]:
        return {SOURCE.name: SOURCE}

    @property
    def documents(self) -> tuple[Document, ...]:
        return (DOCUMENT, BARE)

    def also(self, name: str) -> tuple[str, ...]:
        return ()

    def original(self, name: str) -> bytes:
        return SOURCE.text.encode()

    def document(self, id: str) -> Document | None:
        return next((each for each in self.documents if each.id == id), None)

    @property
    def facts(self) -> tuple[Fact, ...]:
        return (FACT,)

    @property
    def sentences(self) -> tuple[Sentence, ...]:
        return (SENTENCE,)

    def coverage(self) -> dict[str, object]:
        return {"regions": {"嘉定区": ["2020", "2021"]}}

    def close(self) -> None:
        self.closed = True


@dataclass
class FakePipeline:
    """Answers 嘉定 questions, abstains on others, fails on 故障."""

    snapshot: FakeSnapshot = field(default_factory=FakeSnapshot)
    questions: list[Question] = field(default_factory=list)

    @property
    def embedder(self) -> Embedder:
        return HashingEmbedder()

    @property
    def reranker(self) -> Reranker:
        return SignalsReranker(self.embedder, AskedVectors(self.embedder))

    @property
    def generators(self) -> tuple[str, ...]:
        return ("extractive",)

    def stream(self, question: Question) -> Iterator[Understood | str | Answer]:
        answer = self.answer(question)
        return iter([answer.understood, *pieces(answer.answer), answer])

    def answer(self, question: Question) -> Answer:
        self.questions.append(question)
        if question.generator != "extractive":
            raise QuestionError("generator", f"unknown generator: {question.generator}")
        if "故障" in question.text:
            raise RuntimeError("a secret of the inside")
        found = "嘉定" in question.text
        text = "2020年，嘉定区固定资产投资完成429.7亿元，同比增长18.3%。[1]" if found else "报告没有给出。"
        citation = _citation(1, QUOTE, "2020", ((0, len(text) - 3),))
        derived = Derived("429.7 − 363.3", (Operand("429.7", "亿元", 1),))
        value = Value("固定资产投资", "嘉定区", "2020", "18.3", "%", "growth", "actual", 1, derived)
        return Answer(
            id="ans_fake",
            question=question.text,
            understood=_understood(question.text),
            answer=text,
            abstained=not found,
            reason=None if found else Reason.PERIOD_MISSING,
            values=(value,) if found else (),
            citations=(citation,) if found else (),
            nearest=() if found else (Nearest(_citation(1, TARGET, None, ()), "2021年的目标：增长6%左右"),),
            conflicts=(),
            support=0.97 if found else 0.1,
            generator="extractive",
            snapshot=self.snapshot.id,
            notes=("没有这个区",) if question.filters.regions else (),
            prompt_tokens=3,
            completion_tokens=4,
            timings_ms={"retrieve": 1.5},
            trace={"hits": 3},
        )

    def search(self, text: str, *, filters: Filters, top_k: int, asked_on: dt.date) -> SearchResult:
        at = _span(QUOTE)
        hit = SearchHit(
            "c1", SOURCE.name, DOCUMENT.id, DOCUMENT.title, "嘉定区", "2020", ("一、2020年工作回顾",), QUOTE,
            at.start, at.end, 0.5, {"dense": 0.4, "sparse": 3.0}, f"/documents/{DOCUMENT.id}",
        )  # fmt: skip
        return SearchResult((hit,) * min(top_k, 1), ("as of " + asked_on.isoformat(),), _understood(text))


def _understood(text: str) -> Understood:
    return Understood(text, QuestionKind.GROWTH, ("固定资产投资",), ("嘉定区",), ("2020",), "any", ())


@dataclass(frozen=True)
class FakeSettings:
    """The fields that the service reads of the real settings."""

    index: Path = Path(".wenju")
    host: str = "127.0.0.1"
    port: int = 0
    max_body_bytes: int = 4096
    max_upload_bytes: int = 65536
    embedding_url: str | None = None
    token_vocabulary: str = "wenju_zh"
    public_url: str | None = None
    # What the framework's test client calls the service.
    allowed_hosts: tuple[str, ...] = ("testserver.local",)
    allowed_origins: tuple[str, ...] = ()
    log: str = "text"
    log_questions: bool = False
    workers: int = 1
    chat_events: bool = False
    chat_sources: bool = False
    feedback: bool = True
    insecure: bool = True
    api_keys: SecretStr | None = None
    api_key_file: Path | None = None
    rate_per_minute: int = 0
