"""An answer in the form that is asked for: as a table, with the words of its sources; and talk that needs no report."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from index.store.snapshot import IndexSnapshot
from index.types import Fact
from rag.answer.phrases import indicator_en, period_en, period_zh, region_en
from rag.answer.pieces import Draft, on_one_line, with_spans
from rag.types import Citation, Query, Reason, Telling, Value

_MOST_PLACES = 6
"""Places that a greeting names."""


def told(draft: Draft, telling: Telling, language: str) -> Draft:
    """A draft in the asked form. A refusal has none but its own."""
    if draft.reason is not None or not draft.citations:
        return draft
    if telling is Telling.TABLE and draft.values:
        return _as_table(draft, english=language == "en")
    if telling in (Telling.SURE, Telling.SOURCE):
        return _with_sources(draft, alone=telling is Telling.SOURCE, english=language == "en")
    return draft


def _as_table(draft: Draft, *, english: bool) -> Draft:
    """The figures of a draft in rows of a Markdown table, with what it says beside them below."""
    head = ("Place", "Time", "Indicator", "Figure", "Source") if english else ("地区", "时间", "指标", "数据", "出处")
    text = f"| {' | '.join(head)} |\n|{'---|' * len(head)}"
    spans: dict[int, list[tuple[int, int]]] = {}
    for value in draft.values:
        name = indicator_en(value.indicator) if english else value.indicator
        cells = (_place(value, english), _period(value), name, _figure(value, english))
        text += "\n"
        words = f"| {' | '.join(cells)} |"
        spans.setdefault(value.citation, []).append((len(text), len(text) + len(words)))
        text += f"{words} [{value.citation}] |"
    covered = {n for c in draft.citations for a, b in c.answer_spans for n in range(a, b)}
    rest = [
        line
        for line, at in _lines(draft.text)
        if at not in covered and "[" not in line and not line.endswith(("：", ":"))
    ]
    if rest:
        text += "\n\n" + "\n".join(rest)
    citations = tuple(with_spans(c, spans.get(c.n, [])) for c in draft.citations)
    return replace(draft, text=text, citations=citations, slots=(*draft.slots, *map(_period, draft.values)))


def _lines(text: str) -> Sequence[tuple[str, int]]:
    """The lines of a text with where each begins."""
    found, at = [], 0
    for line in text.split("\n"):
        found.append((line, at))
        at += len(line) + 1
    return found


def _place(value: Value, english: bool) -> str:
    return region_en(value.region) if english else value.region or ""


def _period(value: Value) -> str:
    return value.period or ""


_STATUS = {"target": ("（目标）", " (target)"), "estimate": ("（预计）", " (estimate)")}


def _figure(value: Value, english: bool) -> str:
    amount = f"{abs(Decimal(value.value)):f}{value.unit}"
    if value.measure == "growth":
        fell = value.value.startswith("-")
        amount = f"{('down ' if fell else 'up ') if english else '下降' if fell else '增长'}{amount}"
    elif value.value.startswith("-"):
        amount = f"-{amount}"
    return amount + _STATUS.get(value.status, ("", ""))[english]


def _with_sources(draft: Draft, *, alone: bool, english: bool) -> Draft:
    """A draft with the sentences that it rests on, word for word; ``alone`` they are what is asked."""
    lines = [_source(c, english) for c in draft.citations]
    lead = "" if alone else draft.text + ("\nThe reports say:" if english else "\n报告原文：")
    text = "\n".join([lead, *lines] if lead else lines)
    if not alone:
        return replace(draft, text=text)
    spans: list[tuple[int, int]] = []
    at = 0
    for line in lines:
        spans.append((at, at + len(line)))
        at += len(line) + 1
    citations = tuple(with_spans(c, [span]) for c, span in zip(draft.citations, spans, strict=True))
    return replace(draft, text=text, citations=citations)


def _source(citation: Citation, english: bool) -> str:
    quote = on_one_line(citation.quote)
    return f"{citation.title}: “{quote}”[{citation.n}]" if english else f"《{citation.title}》：“{quote}”[{citation.n}]"


def talk(snapshot: IndexSnapshot, query: Query, telling: Telling, example: Fact | None) -> Draft:
    """What can be asked of the reports that are held; nothing is claimed of what they say."""
    english = query.language == "en"
    if telling is Telling.THANKS:
        return Draft("You are welcome." if english else "不客气，可以接着问。", Reason.OUT_OF_SCOPE)
    held, years = sorted(snapshot.regions), _years(snapshot)
    places = "、".join(held[:_MOST_PLACES]) + (f"等{len(held)}个地区" if len(held) > _MOST_PLACES else "")
    slots = [places, *map(str, years)]
    if english:
        names = ", ".join(map(region_en, held[:_MOST_PLACES])) + (
            f" and other places, {len(held)} in all" if len(held) > _MOST_PLACES else ""
        )
        text = {
            Telling.GREETING: "Hello. I answer from government work reports and quote them.",
        }.get(telling, "There is no earlier answer to tell again.")
        text += f" Reports of {names} are held{_span(years, ', for {}–{}')}."
        slots.append(names)
    else:
        text = {
            Telling.GREETING: "您好，这里根据收录的政府工作报告回答问题，并给出原文出处。",
        }.get(telling, "前面还没有可以重述的回答。")
        text += f"现收录{places}的报告{_span(years, '，涉及{}—{}年')}。"
    if example is not None and example.period is not None:
        when, name = example.period, example.canonical or example.indicator
        asked = (
            f"What was the {indicator_en(name)} of {region_en(example.region)} in {period_en(when)}?"
            if english
            else f"{period_zh(when)}{example.region}{name}是多少？"
        )
        text += f" For example: {asked}" if english else f"例如可以问：{asked}"
        slots.append(asked)
    return Draft(text, Reason.OUT_OF_SCOPE, slots=tuple(slots))


def _years(snapshot: IndexSnapshot) -> list[int]:
    told = [p for d in snapshot.documents for p in (d.review, d.plan) if p is not None]
    years = [y for p in told for y in (p.first_year, p.last_year)]
    return [min(years), max(years)] if years else []


def _span(years: Sequence[int], form: str) -> str:
    return form.format(*years) if years else ""
