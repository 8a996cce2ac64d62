"""Refusals in words: why nothing answers, said only as far as it was looked up."""

from __future__ import annotations

from collections.abc import Sequence

from index.types import Period
from rag.answer.phrases import period_en, period_zh, region_en
from rag.types import Reason


def no_year(words: str, language: str) -> str:
    """That a question names no year that a report can be of."""
    return f"{words} is no year of a report" if language == "en" else f"“{words}”不是报告会有的年份"


def beyond(of: str, language: str) -> str:
    """That a person or an opinion is nothing that reports tell of."""
    if language == "en":
        words = {"person": "who somebody is or what he is like", "opinion": "opinions and forecasts"}[of]
        return f"Reports tell what was done and what is planned, and nothing of {words}"
    words = {"person": "介绍或评价个人", "opinion": "发表看法或作出预测"}[of]
    return f"这里只回答政府工作报告写明的内容，不{words}"


def not_explained(term: str, language: str, *, used: bool) -> str:
    """That no report says what a term means, though one may use it."""
    if language == "en":
        return f"The reports held {'use' if used else 'do not mention'} “{term}”" + (
            " and do not say what it means" if used else ""
        )
    return f"已收录的报告{'提到' if used else '没有提到'}“{term}”" + ("，但没有说明它指什么" if used else "")


def of_nothing(language: str) -> str:
    """That a follow-up has nothing to follow on."""
    if language == "en":
        return "There is no question before this one: which figure of which place is meant"
    return "前面没有可以接着问的问题，请说明要问哪个地区的哪项内容"


_REASONS_ZH = {
    Reason.PERIOD_MISSING: "已收录的报告中没有{region}{period}的相关数据",
    Reason.REGION_MISSING: "没有收录{region}的报告",
    Reason.INDICATOR_MISSING: "已收录的{region}报告没有给出{period}的“{terms}”",
    Reason.NOT_IN_REPORTS: "已收录的报告中没有找到相关内容",
    Reason.OUT_OF_SCOPE: "这个问题不在政府工作报告的范围之内",
    Reason.PREMISE_FALSE: "问题的前提与报告不符",
    Reason.AMBIGUOUS: "问题没有说明是哪个地区或时期，几处报告各有不同的数据",
}
_REASONS_EN = {
    Reason.PERIOD_MISSING: "The reports held give no figure for {region} in {period}",
    Reason.REGION_MISSING: "No report of {region} is held",
    Reason.INDICATOR_MISSING: "The reports held of {region} do not state “{terms}” for {period}",
    Reason.NOT_IN_REPORTS: "Not in these reports",
    Reason.OUT_OF_SCOPE: "This is not a question that government work reports answer",
    Reason.PREMISE_FALSE: "What the question takes for granted is not what the reports say",
    Reason.AMBIGUOUS: "The question does not say which place or period is meant, and the reports differ",
}


def refusal(reason: Reason, language: str, regions: Sequence[str], periods: Sequence[Period], terms: str) -> str:
    if language == "en":
        return (
            _REASONS_EN[reason]
            .format(
                region=", ".join(map(region_en, regions)) or "the places held",
                period=", ".join(map(period_en, periods)) or "the periods held",
                terms=terms,
            )
            .replace("  ", " ")
        )
    return _REASONS_ZH[reason].format(
        region="、".join(regions) or "所问地区", period="、".join(map(period_zh, periods)) or "所问时期", terms=terms
    )
