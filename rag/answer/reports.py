"""What is asked about a report itself, in words."""

from __future__ import annotations

from index.store.snapshot import IndexSnapshot
from index.text.folding import fold
from index.types import Document, Span
from rag.answer.citing import cite
from rag.answer.phrases import period_en, period_zh, region_en
from rag.answer.pieces import Draft, Quoter, on_one_line, with_spans
from rag.decide.policy import BYLINE
from rag.decide.verdict import Dated, HeldReports, Outlined, Spoken
from rag.types import About, Citation, Query, Reason

_SHOWN = 20
"""Reports that are named one by one."""


def given(snapshot: IndexSnapshot, query: Query, spoken: Spoken) -> Draft:
    """Who gave a report, on which day, at which meeting or in which office, with its byline."""
    citations: list[Citation] = []
    text = ""
    for number, document in enumerate(spoken.documents, 1):
        assert document.byline is not None
        citation = cite(
            snapshot, document, document.byline, number, str(document.period) if document.period else None, ()
        )
        words = (
            _english(document, spoken.asked, citation)
            if query.language == "en"
            else _chinese(document, spoken.asked, citation)
        )
        text += "\n" if text else ""
        citations.append(with_spans(citation, [(len(text), len(text) + len(words))]))
        text += f"{words}[{number}]"
    return Draft(text, citations=tuple(citations), support=BYLINE, slots=tuple(d.title for d in spoken.documents))


def _chinese(document: Document, asked: About, citation: Citation) -> str:
    title = f"《{document.title}》"
    plain = fold(citation.quote).translate({ord(c): None for c in " \t\r\n;\u00a0"})
    said = plain.partition("日在")[2]
    # 会议上上海市…: the first 上 behind the meeting ends it.
    end = said.find("上", max(said.rfind("会议"), 0))
    meeting, who = (said[:end], said[end + 1 :]) if end > 0 else ("", said)
    office = who.removesuffix(document.speaker or "")
    day = document.given
    if asked is About.DAY and day is not None:
        return f"{title}于{day.year}年{day.month}月{day.day}日作。"
    if asked is About.MEETING and meeting:
        return f"{title}是在{meeting}上作的。"
    if asked is About.OFFICE and office and office != who:
        return f"作{title}时，{document.speaker}任{office}。"
    if asked is About.SPEAKER and document.speaker:
        return f"{title}由{document.speaker}作。"
    return f"{title}写明：“{on_one_line(citation.quote)}”。"


def _english(document: Document, asked: About, citation: Citation) -> str:
    day = document.given
    if asked is About.DAY and day is not None:
        return f"{document.title} was delivered on {day.isoformat()}."
    if asked is About.SPEAKER and document.speaker:
        return f"{document.title} was delivered by {document.speaker}."
    return f"{document.title} says: “{on_one_line(citation.quote)}”."


def dated(quoter: Quoter, query: Query, verdict: Dated) -> Draft:
    """Which time the words of a report speak of, with the sentence that holds them."""
    citations: list[Citation] = []
    text = ""
    english = query.language == "en"
    for number, (at, period) in enumerate(verdict.told, 1):
        sentence = quoter.snapshot.sentences[at]
        document = quoter.document(sentence.document_id)
        citation = cite(quoter.snapshot, document, sentence.span, number, str(period), sentence.heading)
        quote = on_one_line(citation.quote)
        lead = (
            f"“{verdict.words}” in {document.title} is of {period_en(period)}: "
            if english
            else f"《{document.title}》中的“{verdict.words}”说的是{period_zh(period)}："
        )
        text += "\n" if text else ""
        citations.append(with_spans(citation, [(len(text) + len(lead), len(text) + len(lead) + len(quote))]))
        text += f"{lead}{quote}[{number}]"
    slots = (verdict.words, *(period_zh(p) + period_en(p) for _, p in verdict.told))
    return Draft(text, citations=tuple(citations), support=BYLINE, slots=slots)


def outline(snapshot: IndexSnapshot, query: Query, verdict: Outlined) -> Draft:
    """The headings of a report in their order, each cited where it stands."""
    document = verdict.document
    source = snapshot.source_of(document).text
    english = query.language == "en"
    text = (
        f"{document.title} has {len(verdict.sections)}:"
        if english
        else f"《{document.title}》列出{len(verdict.sections)}项："
    )
    lead = text
    citations: list[Citation] = []
    for number, section in enumerate(verdict.sections, 1):
        line = section.heading[-1]
        at = source.find(line, section.span.start, section.span.end)
        start = at if at >= 0 else section.span.start
        span = Span(start, min(start + len(line), section.span.end))
        period = str(section.period) if section.period else None
        citation = cite(snapshot, document, span, number, period, section.heading)
        text += "\n"
        words = on_one_line(citation.quote)
        citations.append(with_spans(citation, [(len(text), len(text) + len(words))]))
        text += f"{words}[{number}]"
    return Draft(text, citations=tuple(citations), support=BYLINE, slots=(lead,))


def held(snapshot: IndexSnapshot, query: Query, verdict: HeldReports) -> Draft:
    """Which reports are held, each cited by its first line; of a year none may be."""
    english = query.language == "en"
    missing = bool(verdict.years) and not verdict.found
    documents = verdict.documents[:_SHOWN]
    citations: list[Citation] = []
    names = []
    for number, document in enumerate(documents, 1):
        citations.append(cite(snapshot, document, _first_line(snapshot, document), number, None, ()))
        mark = "" if missing else f"[{number}]"
        names.append(f"{document.title if english else f'《{document.title}》'}{mark}")
    places = "、".join(query.place.regions)
    years = "、".join(f"{y}年" for y in verdict.years)
    of = f"{places}{years}" if verdict.found else places
    count = len(verdict.documents)
    if english:
        where = ", ".join(map(region_en, query.place.regions)) or "all places"
        text = f"Held of {where}: {count} report(s): {', '.join(names)}."
    else:
        more = "等" if count > len(documents) else ""
        text = f"收录的{of}报告有{count}份：{'、'.join(names)}{more}。"
    if missing:
        lacking = ", ".join(map(str, verdict.years))
        lead = f"No report of {lacking} is held." if english else f"没有收录{places}{years}的报告。"
        text = f"{lead}{' ' if english else ''}{text}"
    return Draft(
        text,
        Reason.PERIOD_MISSING if missing else None,
        citations=() if missing else tuple(citations),
        support=0.0 if missing else BYLINE,
        slots=(text,),
    )


def _first_line(snapshot: IndexSnapshot, document: Document) -> Span:
    words = document.span.of(snapshot.source_of(document).text)
    start = len(words) - len(words.lstrip())
    line = words[start:].split("\n", 1)[0].rstrip()
    return Span(document.span.start + start, document.span.start + start + min(len(line), 120))
