"""Every number of a report is accounted for."""

from __future__ import annotations

from index.audit import Audit, audit
from index.figures.facts import NO_SUBJECT, QUALIFIES
from index.store.snapshot import IndexSnapshot
from index.words.numbers import find_figures
from index.words.regions import Gazetteer
from tests.builders import make_report, make_source


def audited(body: str) -> Audit:
    (report,) = audit(make_source(make_report(f"一、2023年工作回顾\n{body}")), Gazetteer.load())
    return report


def fates(body: str) -> dict[str, tuple[str, str]]:
    return {n.written: (n.outcome, n.reason) for n in audited(body).numbers}


def test_figures_dates_and_names_are_told_apart() -> None:
    found = fates("2023年，固定资产投资完成305.2亿元；完善“3+16”规划体系，G15公路改造完工，第17届展会举行。")
    assert found["305.2亿元"] == ("fact", "")
    assert found["2023"] == ("other", "a date or duration")
    assert found["3"] == ("other", "inside a name or title")
    assert found["15"] == ("other", "part of a name with letters")
    assert found["17"] == ("other", "an ordinal")


def test_a_figure_without_a_fact_says_why() -> None:
    found = fates("新开工10亿元以上项目18个。\n增长5.1%。")
    assert found["10亿元"] == ("figure", QUALIFIES)
    assert found["18个"] == ("fact", "")
    assert found["5.1%"] == ("figure", NO_SUBJECT)


def test_reasons_are_counted_most_first() -> None:
    report = audited("2021年、2022年工作扎实，完善“3”字形布局，固定资产投资完成305.2亿元。")
    assert report.count("fact") == 1
    assert report.reasons()[0][1] == "a date or duration"
    assert [count for _, _, count in report.reasons()] == sorted((c for _, _, c in report.reasons()), reverse=True)


def test_the_audit_counts_the_facts_of_the_index(snapshot: IndexSnapshot) -> None:
    """As many numbers are facts as the index holds figures of sentences (a figure of two facts counts once)."""
    name = "003_9420b6cb8d12d681.txt"
    (report,) = audit(snapshot.sources[name], Gazetteer.load())
    held = {f.figure for f in snapshot.facts if f.document_id == report.document.id}
    assert report.count("fact") == len(held)
    assert report.count("fact") + report.count("figure") == sum(
        len(find_figures(s.text)) for s in snapshot.sentences if s.document_id == report.document.id
    )
