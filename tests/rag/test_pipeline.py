"""From question to answer over the real reports: right figure and sentence, or a plain no."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace

import pytest

from eval.cases import Case, read_cases
from eval.command import OWN_SET
from rag.answer.citing import unlocked_numbers
from rag.errors import QuestionError
from rag.limits import MAX_HISTORY, MAX_QUESTION
from rag.pipeline import AnswerPipeline
from rag.types import Answer, Citation, Filters, Question
from tests.builders import ASKED_ON, make_question
from tests.conftest import REPORTS

FLAGSHIP = "2020年嘉定固定资产投资增长多少"

HALF_2025, HALF_2020, REVIEW_2024, ANNUAL_2020, LISTING = (
    "000_f4a979547995b3ea.txt",
    "001_db8ee4bb34bbb4f3.txt",
    "002_face59470fb1d086.txt",
    "003_9420b6cb8d12d681.txt",
    "004_606b8993a8cf2f09.txt",
)


def ask(pipeline: AnswerPipeline, text: str, *history: str) -> Answer:
    return pipeline.answer(make_question(text, *history))


def assert_kept(pipeline: AnswerPipeline, answer: Answer) -> None:
    """Promises 1 and 2 of one answer: verbatim quotations of the files, and every number in one of them."""
    shown = [*answer.citations, *(n.citation for n in answer.nearest), *(c.citation for c in answer.conflicts)]
    for citation in shown:
        assert_verbatim(pipeline, citation)
    if not answer.abstained:
        assert answer.citations
        assert [c.n for c in answer.citations] == list(range(1, len(answer.citations) + 1))
        for citation in answer.citations:
            assert f"[{citation.n}]" in answer.answer
            assert all(0 <= a < b <= len(answer.answer) for a, b in citation.answer_spans)
    assert {v.citation for v in answer.values} <= {c.n for c in answer.citations}


def assert_verbatim(pipeline: AnswerPipeline, citation: Citation) -> None:
    data = (REPORTS / citation.document).read_bytes()
    assert data.decode("utf-8")[citation.start : citation.end] == citation.quote
    document = pipeline.snapshot.document(citation.document_id)
    assert document is not None
    assert document.span.start <= citation.start < citation.end <= document.span.end


@pytest.mark.parametrize(
    ("question", "level", "growth", "document", "quote"),
    [
        (FLAGSHIP, "429.7", "18.3", LISTING, "固定资产投资完成429.7亿元,同比增长18.3%"),
        ("2020年嘉定区固定资产投资是多少亿元？", "429.7", "18.3", LISTING, "固定资产投资完成429.7亿元"),
        ("2019年嘉定区固定资产投资是多少", "363.3", None, ANNUAL_2020, "固定资产投资完成363.3亿元"),
        ("2020年上半年嘉定固定资产投资增长多少", "199.3", "30.5", HALF_2020, "199.3亿元,同比增长30.5%"),
        ("2025年上半年嘉定固定资产投资增长多少", "403.3", "24.7", HALF_2025, "403.3亿元、同比增长24.7%"),
        ("2024年嘉定固定资产投资增长多少", "710", "22.5", REVIEW_2024, "固定资产投资完成710亿元、增长22.5%"),
        ("2020年闵行固定资产投资增长多少", "731", "9.2", LISTING, "实现固定资产投资731亿元,同比增长9.2%"),
        ("2020年普陀固定资产投资增长多少", None, "16.9", LISTING, "固定资产投资增长16.9%"),
        ("2020年徐汇固定资产投资增长多少", "320", "34", LISTING, "预计完成固定资产投资320亿元,同比增长34%"),
        ("2020年虹口固定资产投资增长多少", "235", "33.4", LISTING, "固定资产投资总额预计达到235亿元,同比增长33.4%"),
        ("2011年杨浦固定资产投资是多少", "159", None, LISTING, "2011年达159亿元"),
    ],
)
def test_the_flagship_question_and_its_neighbours(
    pipeline: AnswerPipeline, question: str, level: str | None, growth: str | None, document: str, quote: str
) -> None:
    """Value and growth as stated for this place and time, with the sentence that states them."""
    answer = ask(pipeline, question)
    assert not answer.abstained
    found = {v.measure: (v.value, v.unit) for v in answer.values}
    assert found.get("level") == ((level, "亿元") if level else None)
    assert found.get("growth") == ((growth, "%") if growth else None)
    assert [c.document for c in answer.citations] == [document]
    assert quote in answer.citations[0].quote.replace("，", ",").replace("％", "%").replace(" ", "")
    assert_kept(pipeline, answer)


def test_the_flagship_answer_word_for_word(pipeline: AnswerPipeline) -> None:
    """The sentence of the contract."""
    answer = ask(pipeline, FLAGSHIP)
    assert answer.answer == "2020年，嘉定区固定资产投资完成429.7亿元，同比增长18.3%。[1]"
    (citation,) = answer.citations
    assert citation.title == "2021年嘉定区政府工作报告"
    assert (citation.region, citation.period, citation.heading[0]) == ("嘉定区", "2020", "一、2020年工作回顾")
    assert citation.answer_spans == ((0, answer.answer.index("。")),)
    assert (answer.generator, answer.snapshot) == ("extractive", pipeline.snapshot.id)
    assert 0 < answer.support <= 1


@pytest.mark.parametrize("place", ["徐汇", "虹口"])
def test_an_estimate_is_named_one(pipeline: AnswerPipeline, place: str) -> None:
    answer = ask(pipeline, f"2020年{place}固定资产投资是多少")
    assert "预计" in answer.answer
    assert {v.status for v in answer.values} == {"estimate"}


@pytest.mark.parametrize(
    ("question", "reason", "near"),
    [
        # The report of January 2020 gives the growth of industrial investment only.
        ("2019年嘉定固定资产投资增长多少", "indicator_missing", "363.3亿元"),
        ("2020年普陀固定资产投资是多少", "indicator_missing", "增长16.9%"),
        # Songjiang tells of industrial investment; Qingpu and Jiading plan for 2021.
        ("2020年松江固定资产投资增长多少", "indicator_missing", "工业固定资产投资"),
        ("2021年嘉定固定资产投资是多少", "indicator_missing", "500亿元"),
        ("2020年青浦固定资产投资是多少", "indicator_missing", "500亿元"),
        # Nothing is held on 2023; the half year stands in for no year.
        ("2023年嘉定固定资产投资增长多少", "period_missing", "2024年"),
        ("2025年嘉定固定资产投资是多少", None, "403.3亿元"),
        # Listed as 2021, it speaks of 2011.
        ("2020年杨浦固定资产投资增长多少", "period_missing", "杨浦区"),
        ("2020年浦东固定资产投资增长多少", "region_missing", None),
        ("2020年北京固定资产投资增长多少", "region_missing", None),
        ("2020年嘉定区南翔镇固定资产投资是多少", "region_missing", "429.7亿元"),
        ("固定资产投资增长多少", "ambiguous", "固定资产投资"),
        ("今天天气怎么样", "out_of_scope", None),
        ("写一首关于春天的诗", "out_of_scope", None),
        ("为什么2020年嘉定固定资产投资下降", "premise_false", "增长18.3%"),
        pytest.param(
            "2020年上海市地区生产总值增长多少", "region_missing", None),
    ],
)  # fmt: skip
def test_what_the_reports_do_not_hold_is_refused(
    pipeline: AnswerPipeline, question: str, reason: str | None, near: str | None
) -> None:
    """With the reason, and with what comes nearest named for what it is."""
    answer = ask(pipeline, question)
    assert answer.abstained
    assert answer.values == ()
    assert answer.reason is not None
    assert reason in (None, answer.reason)
    if near is not None:
        assert near in "".join(n.text for n in answer.nearest)
        assert answer.nearest[0].text.rstrip("。") in answer.answer
    assert_kept(pipeline, answer)


def test_a_plan_that_stands_near_is_called_a_plan(pipeline: AnswerPipeline) -> None:
    answer = ask(pipeline, "2021年嘉定固定资产投资是多少")
    assert "目标" in answer.nearest[0].text


def test_a_refusal_does_not_contradict_its_nearest_evidence(pipeline: AnswerPipeline) -> None:
    answer = ask(pipeline, "2019年嘉定固定资产投资增长多少")
    assert "没有给出“固定资产投资”" not in answer.answer


def test_nearest_evidence_is_of_the_asked_kind(pipeline: AnswerPipeline) -> None:
    answer = ask(pipeline, "2023年嘉定固定资产投资增长多少")
    assert "22.5%" in answer.nearest[0].text


@pytest.mark.parametrize(
    ("history", "question", "growth"),
    [
        ((FLAGSHIP,), "那闵行呢？", "9.2"),
        ((FLAGSHIP,), "上半年呢？", "30.5"),
        ((FLAGSHIP, "那闵行呢？"), "普陀呢？", "16.9"),
        (("2020年嘉定固定资产投资是多少",), "增长多少？", "18.3"),
    ],
)
def test_a_follow_up_is_answered_in_its_context(
    pipeline: AnswerPipeline, history: tuple[str, ...], question: str, growth: str
) -> None:
    """Slots that are left open come from the questions before, and the answer says which."""
    answer = ask(pipeline, question, *history)
    assert growth in {v.value for v in answer.values if v.measure == "growth"}
    assert answer.understood.carried


@pytest.mark.parametrize(
    "question",
    [
        "How much did fixed asset investment in Jiading grow in 2020?",
        "2020年嘉定區固定資產投資增長多少",
        "２０２０年嘉定区固定资产投资增长多少",
        "二〇二〇年嘉定区固定资产投资增速",
        "请问一下，嘉定2020年的固投增长了百分之几？",
    ],
)
def test_the_same_question_in_other_words(pipeline: AnswerPipeline, question: str) -> None:
    """English, traditional, full width, Chinese digits and short forms give the same figure and sentence."""
    answer = ask(pipeline, question)
    assert ("18.3", "growth") in {(v.value, v.measure) for v in answer.values}
    assert answer.citations[0].quote == ask(pipeline, FLAGSHIP).citations[0].quote


def test_an_english_answer_is_english(pipeline: AnswerPipeline) -> None:
    answer = ask(pipeline, "How much did fixed asset investment in Jiading grow in 2020?")
    assert "Jiading District" in answer.answer
    assert "42.97 billion yuan" in answer.answer


def test_last_year_is_read_by_the_day_of_the_question(pipeline: AnswerPipeline) -> None:
    question = Question("去年嘉定固定资产投资增长多少", dt.date(2021, 3, 1))
    assert pipeline.answer(question).answer == ask(pipeline, FLAGSHIP).answer
    later = pipeline.answer(replace(question, asked_on=dt.date(2025, 3, 1)))
    assert "710亿元" in later.answer


CASES = read_cases(OWN_SET)


@pytest.mark.parametrize("case", CASES, ids=[case.id for case in CASES])
def test_every_answer_keeps_the_promises(pipeline: AnswerPipeline, case: Case) -> None:
    """All bundled questions: verbatim citations, numbers that are cited, and the same answer twice."""
    question = Question(case.question, case.as_of or ASKED_ON, case.history)
    answer = pipeline.answer(question)
    assert_kept(pipeline, answer)
    again = pipeline.answer(question)
    assert replace(answer, timings_ms={}) == replace(again, timings_ms={})


def test_a_number_without_a_citation_is_never_sent(pipeline: AnswerPipeline, monkeypatch: pytest.MonkeyPatch) -> None:
    """A generator that makes up a digit is stopped before its words leave."""
    generator = pipeline._generator
    figures = generator.figures

    def invent(*arguments: object) -> object:
        draft = figures(*arguments)  # type: ignore[arg-type]
        return replace(draft, text=draft.text.replace("18.3", "18.4"))

    monkeypatch.setattr(generator, "figures", invent)
    answer = ask(pipeline, FLAGSHIP)
    assert answer.abstained
    assert "18.4" not in answer.answer
    assert any("18.4" in note for note in answer.notes)


def test_the_lock_catches_every_changed_digit(pipeline: AnswerPipeline) -> None:
    """Any one digit of a figure, changed by one, is a number that no quotation holds."""
    answer = ask(pipeline, FLAGSHIP)
    figures = [m.span() for m in re.finditer(r"429\.7|18\.3", answer.answer)]
    assert len(figures) == 2
    for at in (at for start, end in figures for at in range(start, end) if answer.answer[at].isdigit()):
        changed = f"{answer.answer[:at]}{(int(answer.answer[at]) + 1) % 10}{answer.answer[at + 1 :]}"
        assert unlocked_numbers(changed, answer.citations, [], [FLAGSHIP])


@pytest.mark.parametrize(
    ("question", "field"),
    [
        (make_question(""), "question"),
        (make_question(" \n\t　"), "question"),
        (make_question("问" * (MAX_QUESTION + 1)), "question"),
        (make_question("问", *["问"] * (MAX_HISTORY + 1)), "history"),
        (make_question(FLAGSHIP, language="fr"), "language"),
        (replace(make_question(FLAGSHIP), generator="oracle"), "generator"),
        (replace(make_question(FLAGSHIP), filters=Filters(regions=("火星",))), "filters.regions"),
        (replace(make_question(FLAGSHIP), filters=Filters(documents=("nothing.txt",))), "filters.documents"),
    ],
)
def test_what_is_no_question_is_refused_by_field(pipeline: AnswerPipeline, question: Question, field: str) -> None:
    """The error names the part to mend."""
    with pytest.raises(QuestionError) as caught:
        pipeline.answer(question)
    assert caught.value.field == field
    assert str(caught.value).startswith(f"{field}: ")


def test_the_longest_question_is_answered(pipeline: AnswerPipeline) -> None:
    """At its limits, with whatever in it."""
    for text in ("？" * MAX_QUESTION, "固定资产投资" * 166, "\U0001f600" * 10, "1" * MAX_QUESTION, "[1] <b>'\"\\"):
        answer = ask(pipeline, text, *[FLAGSHIP] * MAX_HISTORY)
        assert answer.question == text
        assert_kept(pipeline, answer)


def test_filters_bind(pipeline: AnswerPipeline) -> None:
    """Only what the filter lets through answers, and a filter that excludes the question is no silent drop."""
    question = make_question("2020年固定资产投资增长多少")
    answer = pipeline.answer(replace(question, filters=Filters(regions=("闵行区",))))
    assert {v.region for v in answer.values} == {"闵行区"}
    by_document = pipeline.answer(replace(make_question(FLAGSHIP), filters=Filters(documents=(LISTING,))))
    assert {c.document for c in by_document.citations} == {LISTING}
    excluded = pipeline.answer(replace(make_question(FLAGSHIP), filters=Filters(documents=(HALF_2025,))))
    assert excluded.abstained
    by_year = pipeline.answer(replace(make_question(FLAGSHIP), filters=Filters(years=(2019,))))
    assert by_year.abstained


def test_search_shows_every_signal(pipeline: AnswerPipeline) -> None:
    """Hits best first, each the source at its place, and a constraint that matches nothing is noted."""
    result = pipeline.search(FLAGSHIP, filters=Filters(), top_k=5, asked_on=ASKED_ON)
    assert 0 < len(result.hits) <= 5
    scores = [hit.score for hit in result.hits]
    assert scores == sorted(scores, reverse=True)
    for hit in result.hits:
        assert hit.signals
        text = pipeline.snapshot.sources[hit.document].text
        assert text[hit.start : hit.end] == hit.text
    assert "429.7亿元" in result.hits[0].text
    assert result.notes == ()
    nothing = pipeline.search("2003年嘉定固定资产投资", filters=Filters(), top_k=5, asked_on=ASKED_ON)
    assert nothing.notes
