"""A report as a page: its text exactly as in the file, with a cited place marked."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from html import escape
from itertools import pairwise
from pathlib import Path
from string import Template

from api.web.layout import Tongue
from index.types import Document, Section, Source, Span

_TEMPLATE = Template((Path(__file__).parent / "static" / "document.html").read_text(encoding="utf-8"))

_CHINESE = Tongue("zh", None)

_DECORATION = re.compile(r"[\s#*]+")


def render(
    document: Document, source: Source, asked: Span | None, also: Sequence[str] = (), tongue: Tongue = _CHINESE
) -> str:
    """Write the page of a document. ``asked`` is cut to the document; what lies outside it is said, not guessed.

    ``also`` names the other files of the same content.
    """
    marked = None if asked is None else _common(asked, document.span)
    notice = ""
    if asked is not None and marked is None:
        said = tongue("no_place", start=asked.start, end=asked.end)
        notice = f'<p class="notice" role="status">{said}</p>'
    return _TEMPLATE.substitute(
        title=escape(document.title),
        facts="".join(
            f"<li>{escape(each)}</li>"
            for each in (
                *_facts(document, tongue),
                *_place(document, source, marked, tongue),
                *_of_file(source, also, tongue),
            )
        ),
        name=tongue("name"),
        home=escape(tongue.url("../")),
        home_word=tongue("home"),
        about=escape(tongue.url(f"{document.id}/about")),
        about_word=tongue("about"),
        original=f"{document.id}/original",
        original_word=tongue("original"),
        contents_word=tongue("contents"),
        contents="".join(_contents_line(each) for each in document.sections if each.heading),
        notice=notice,
        text=_marked_text(document, source.text, marked),
    )


def _facts(document: Document, tongue: Tongue) -> list[str]:
    """Tell what identifies the report, in the order a reader asks for it; what is unknown is left out."""
    dated = f"{tongue('given')} {document.given.isoformat()}" if document.given else ""
    review = f"{tongue('review')} {document.review}" if document.review else ""
    plan = f"{tongue('plan')} {document.plan}" if document.plan else ""
    kind = tongue(f"kind_{document.kind.value}")
    by_hand = tongue("corrected") if document.corrected else ""
    known = [kind, document.region or "", document.issuer or "", dated, review, plan, by_hand, document.source]
    return [each for each in known if each] + [tongue.told(each) for each in document.contradictions]


def _place(document: Document, source: Source, marked: Span | None, tongue: Tongue) -> Iterator[str]:
    """Tell where the cited place is: under which headings, on which page of the file or in which cell."""
    if marked is None:
        return
    around = [each for each in document.sections if each.heading and each.span.covers(Span(marked.start, marked.start))]
    if around:
        yield " › ".join(max(around, key=lambda each: len(each.heading)).heading)
    place = source.place(marked.start)
    if place and place.page:
        yield tongue("page", number=place.page)
    if place and place.cell:
        yield tongue("cell", at=place.cell)


def _of_file(source: Source, also: Sequence[str], tongue: Tongue) -> Iterator[str]:
    """Tell what other files say the same, and what was lost in reading this one."""
    if also:
        yield f"{tongue('also')}: {'、'.join(also)}"
    yield from map(tongue.told, source.notes)


def _contents_line(section: Section) -> str:
    level = min(max(section.level, 1), 4)
    return f'<li class="l{level}"><a href="#s-{section.span.start}">{escape(section.heading[-1])}</a></li>'


def _marked_text(document: Document, text: str, marked: Span | None) -> str:
    """Escape the text piece by piece between the places where something begins or ends.

    No character is added to or taken from it: a reader who copies it gets the file's own. Headings are blocks, so
    that a report which came as one endless line can still be read.
    """
    headings = {each.span.start: _heading_end(each, text) for each in document.sections if each.heading}
    heading_ends = {end for start, end in headings.items() if start < end}
    cuts = {document.span.start, document.span.end, *headings, *heading_ends}
    if marked:
        cuts |= {marked.start, marked.end}
    places = sorted(cut for cut in cuts if document.span.start <= cut <= document.span.end)
    out: list[str] = []
    for start, end in pairwise(places):
        if start in heading_ends:
            out.append("</h2>")
        if start in headings:
            out.append(f'<h2 id="s-{start}">' if start < headings[start] else f'<a id="s-{start}"></a>')
        piece = escape(text[start:end])
        if marked and marked.covers(Span(start, end)):
            # One mark can be cut by a heading; the link aims at its first piece.
            piece = f'<mark id="hit" tabindex="-1">{piece}</mark>' if start == marked.start else f"<mark>{piece}</mark>"
        out.append(piece)
    if document.span.end in heading_ends:
        out.append("</h2>")
    return "".join(out)


def _heading_end(section: Section, text: str) -> int:
    """Find where the heading's words end in the file, which may set them in other widths and among marks of its own.

    Where they are not found nothing is set as a heading: the text is shown as it is.
    """
    at, end = section.span.start, section.span.end
    for char in _bare(section.heading[-1]):
        while at < end and not _bare(text[at]):
            at += 1
        if at == end or _bare(text[at]) != char:
            return section.span.start
        at += 1
    # The mark that closes a heading stays on its line.
    return at + 1 if at < end and text[at] in "。:：" else at


def _bare(text: str) -> str:
    """Text without what cleaning changes: width, case, spaces and Markdown's own marks."""
    return _DECORATION.sub("", unicodedata.normalize("NFKC", text).casefold())


def _common(asked: Span, whole: Span) -> Span | None:
    start, end = max(asked.start, whole.start), min(asked.end, whole.end)
    return Span(start, end) if start < end else None
