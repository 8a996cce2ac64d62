"""Service and cases to judged results: every question asked, every answer judged."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import replace

from eval.cases import Case
from eval.metrics.answers import cites_gold, grade
from eval.metrics.citations import loose_numbers_of, relevant
from eval.metrics.diagnosis import diagnose, gold_text
from eval.metrics.retrieval import gold_ranks
from eval.metrics.slots import Fault, applies, faults
from eval.replies import Passage, Reply, Trace
from eval.results import Gold, Result
from eval.services import Service

EXTRACTIVE = "extractive"
"""The generator that needs no model: asking it twice costs nothing and must give the same answer."""


def run_cases(
    service: Service,
    cases: Sequence[Case],
    *,
    generator: str = EXTRACTIVE,
    on_case: Callable[[], None] = lambda: None,
) -> tuple[Result, ...]:
    """Ask every question of a set and search for it, in order."""
    results = []
    for case in cases:
        results.append(_run_case(service, case, generator))
        on_case()
    return tuple(results)


def _run_case(service: Service, case: Case, generator: str) -> Result:
    started = time.perf_counter()
    plain = service.ask(case, generator=generator, explain=generator != EXTRACTIVE)
    elapsed = (time.perf_counter() - started) * 1000
    explained, replayed = plain, None
    if generator == EXTRACTIVE:
        # A plain answer carries no timings over HTTP, so that its bytes can be replayed: a second one explains itself.
        explained = service.ask(case, generator=generator, explain=True)
        replayed = _bare(explained) == _bare(plain)
    # A search takes no earlier questions: what follows up on them cannot be searched for alone.
    retrieved = bool(case.evidence) and not case.history
    passages = service.search(case) if retrieved else ()
    verbatim = tuple(service.source(c.document_id, c.start, c.end) == c.quote for c in plain.citations)
    return judge(case, explained, passages, verbatim, milliseconds=elapsed, replayed=replayed, retrieved=retrieved)


def _bare(reply: Reply) -> Reply:
    return replace(reply, timings_ms={}, trace=Trace())


def judge(
    case: Case,
    reply: Reply,
    passages: tuple[Passage, ...],
    verbatim: tuple[bool, ...],
    *,
    milliseconds: float,
    replayed: bool | None,
    retrieved: bool,
) -> Result:
    """All that can be said of one answer; pure."""
    verdict = grade(case, reply.answer, abstained=reply.abstained)
    ranks = gold_ranks(passages, case.evidence) if retrieved else ()
    return Result(
        id=case.id,
        category=case.category,
        question=case.question,
        language=case.language,
        answerable=case.answerable,
        gold=Gold(
            gold_text(case),
            tuple(map(str, case.periods)),
            tuple(sorted(case.regions)),
            tuple(quote.quote for quote in case.evidence),
        ),
        answer=reply.answer,
        abstained=reply.abstained,
        reason=reply.reason,
        support=reply.support,
        understood=reply.understood,
        values=reply.values,
        citations=reply.citations,
        nearest=tuple(near.text for near in reply.nearest),
        right=verdict.right,
        why=verdict.why,
        retrieved=retrieved,
        ranks=ranks,
        asked_faults=tuple(fault.value for fault in Fault if applies(fault, case)),
        faults=tuple(fault.value for fault in faults(case, reply, right=verdict.right)),
        verbatim=verbatim,
        relevant=tuple(relevant(case, quote) for quote in reply.citations),
        gold_cited=cites_gold(case, [(c.document, c.quote) for c in reply.citations]),
        loose_numbers=loose_numbers_of(reply, case.question),
        replayed=replayed,
        milliseconds=round(milliseconds, 3),
        timings_ms=reply.timings_ms,
        diagnosis=diagnose(case, reply, passages, ranks, verdict),
    )
