"""Sentences to Chunks: runs of whole sentences of one section, of a size that one embedding can stand for."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from index.text.counting import TokenCounter
from index.types import Chunk, Document, Sentence, Source, Span, Status

STATUS_WORDS = {Status.ACTUAL: "工作回顾 完成情况", Status.ESTIMATE: "预计", Status.TARGET: "工作目标 计划安排"}


@dataclass(frozen=True, slots=True)
class ChunkOptions:
    """Sizes in tokens of the chosen encoding."""

    least: int = 200
    most: int = 400


def chunks_of(
    source: Source, document: Document, sentences: Sequence[Sentence], counter: TokenCounter, options: ChunkOptions
) -> Iterator[tuple[Chunk, range]]:
    """Chunks of one document with the range of its sentences that each holds.

    Sections are parted evenly, so that none ends in a crumb; a sentence longer than ``most`` stands alone.
    """
    number = 0
    start = 0
    while start < len(sentences):
        end = start
        while end < len(sentences) and sentences[end].section_id == sentences[start].section_id:
            end += 1
        sizes = [counter.count(s.text) for s in sentences[start:end]]
        for a, b in _parted(sizes, options):
            run = sentences[start + a : start + b]
            yield _chunk(source, document, run, sum(sizes[a:b]), number), range(start + a, start + b)
            number += 1
        start = end


def _parted(sizes: Sequence[int], options: ChunkOptions) -> Iterator[tuple[int, int]]:
    total = sum(sizes)
    parts = max(1, math.ceil(total / options.most))
    goal = max(options.least, total / parts)
    start = held = 0
    for at, size in enumerate(sizes):
        if held and (held + size > options.most or (held >= goal and total - held >= options.least / 2)):
            yield start, at
            start, total, held = at, total - held, 0
        held += size
    if start < len(sizes):
        yield start, len(sizes)


def _chunk(source: Source, document: Document, run: Sequence[Sentence], tokens: int, number: int) -> Chunk:
    span = Span(run[0].span.start, run[-1].span.end)
    first = run[0]
    place = document.region or ""
    period = "" if first.period is None else str(first.period)
    heading = " ".join(first.heading)
    prefix = " ".join(
        p
        for p in (place, period, STATUS_WORDS[first.status] if document.region else "", heading or document.title)
        if p
    )
    return Chunk(
        id=f"{document.id}.c{number}",
        document_id=document.id,
        section_id=first.section_id,
        heading=first.heading,
        span=span,
        text=span.of(source.text),
        embedded=f"{prefix}\n{''.join(s.text for s in run)}",
        tokens=tokens,
        region=document.region,
        period=first.period,
        status=first.status,
    )
