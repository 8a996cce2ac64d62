"""Query to ranked chunks and sentences: dense and lexical signals fused, place and time as constraints."""

from __future__ import annotations

import re
from bisect import insort
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.rules import At, Rule
from index.store.snapshot import IndexSnapshot
from index.text.folding import fold
from index.text.tokens import query_tokens
from index.types import Period, Status
from rag.find.coverage import covered_by, parts_asked, wanted_parts
from rag.find.foreign import ForeignSentences
from rag.find.fusion import fuse
from rag.find.listed import rows_of_names
from rag.find.meaning import AskedVectors
from rag.find.rerank import RERANKED, Remembered, Reranker, best_first
from rag.types import Filters, Hit, Passage, Query, QuestionKind, SearchHit
from rag.understand.cues import QUOTES
from rag.understand.words import either

_MEANS = either("means")

LABELLED = 0.5
"""Added to a note that says what the asked term means."""


SAID = 0.3
"""Least share of a word's bigrams that say it."""

UNSAID = 0.75
"""What is left of the coverage of a sentence that lacks the rarest of the asked words, where a name is asked for."""

NAMES_SEVERAL = 0.07
"""Added to a sentence that counts things up, where several are asked for."""

NAMES_SO_MANY = 0.2
"""Added to a sentence that names as many as are asked for: 哪7家."""

EXACT_PERIOD = 0.15
"""Added to a chunk that speaks of exactly the asked period, over one that only overlaps it."""


SAYS_WHY = 0.2
"""Added to a sentence that gives a reason or a meaning, where one is asked for; and what lacks is named by, half of it
for each word up to this."""

OF_THE_PERIOD = 0.05
"""Added to a sentence of exactly the asked period."""


_REASON = Rule(
    "find.passages.reason",
    rf"的结果[。,;]|受[^,。]{{2,20}}影响|{either('gives_reason', 'brings_about')}",
    takes=("⟦受减税降费影响⟧,收支矛盾加剧",),
    leaves=("收支矛盾加剧",),
)
"""Words by which a sentence says why."""

_DEFICIT = Rule(
    "find.passages.deficit",
    either("lacks"),
    takes=("有效需求⟦不足⟧",),
    leaves=("有效需求扩大",),
)
"""Words by which a sentence says what is lacking."""

_OPENS_WITH_REASON = Rule(
    "find.passages.opens_with_reason",
    r"[其这主要根本重直接]*(?:原因|是因为|主要是|由于)",
    takes=("⟦主要是⟧:经济结构不合理",),
    leaves=("经济结构不合理",),
    at=At.START,
)
JUST_BEHIND = 0.01
"""By how much a reason is less than the sentence before it."""

CHAIN = 3
LOOKED_BEHIND = 2
"""Sentences behind the best among which one that goes on from it is looked for."""
_COUNTED_OUT = Rule(
    "find.passages.counted_out",
    r"[一二三四五六七八]是|第[一二三],|首先|其[次一二]|第[一二]步",
    takes=("⟦二是⟧做优特色农业",),
    leaves=("第二产业增长",),
    at=At.START,
)
_ANNOUNCES = Rule(
    "find.passages.announces",
    r"(?:原因|因素|问题|困难|方面|[以如]下|几点)[^,。]{0,8}[:。]?$",
    takes=("主要⟦问题是:⟧",),
    leaves=("主要问题得到解决,群众满意度不断提高",),
)
_ANOTHER_REASON = Rule(
    "find.passages.another_reason",
    r"另一个?(?:[重主]要)?(?:原因|因素)|(?:的|[重主]要)(?:原因|因素)[,。;]",
    takes=("是价格上涨过多的一个⟦重要原因。⟧",),
    leaves=("原因在于市场疲软",),
)
_GOES_ON = Rule(
    "find.passages.goes_on",
    r"(?:这样?做?,?)?[既也]?有利于|这样[做,]",
    takes=("⟦这样做,有利于⟧集中精力",),
    leaves=("我们集中精力",),
    at=At.START,
)

CANDIDATES = 80
"""Sentences that are compared by meaning: so many of the best by their words, and of those in the nearest passages."""

BEFORE = 0.8
"""What is left of a sentence's coverage where the sentence behind it gives the reason."""

PLANNED = 0.1
"""Taken from a sentence that tells plans, where plans were not asked for."""


@dataclass(frozen=True, slots=True)
class Constraints:
    """What a passage must be of. ``None`` leaves a slot open; an empty tuple of regions allows none."""

    regions: tuple[str, ...] | None
    periods: tuple[Period, ...] | None
    report_years: tuple[int, ...]
    filters: Filters


def constraints_of(query: Query, filters: Filters) -> Constraints:
    regions = query.place.regions or filters.regions or None
    return Constraints(regions, query.time.periods or None, query.time.report_years, filters)


_BLANK_OR_PARTICLE = Rule(
    "find.passages.blank_or_particle",
    r"\s+|的",
    takes=("街道⟦的⟧养老服务中心",),
    leaves=("街道养老服务中心",),
)


class Retriever:
    """Finds chunks and sentences of one snapshot. The best of them are put in order by ``reranker``, where there is one."""

    def __init__(self, snapshot: IndexSnapshot, asked: AskedVectors, reranker: Reranker | None = None) -> None:
        self._snapshot = snapshot
        self._asked = asked
        self._foreign = ForeignSentences(snapshot, asked)
        self._reranked = Remembered(reranker) if reranker is not None else None
        self._tables = snapshot.tables
        self._of = snapshot.tables.of_sentences
        # Whether a sentence gives a reason is found out when it is asked for: 0 stands for not yet.
        self._reasons = np.zeros(len(snapshot.sentences), np.int8)

    def documents_allowed(self, constraints: Constraints) -> frozenset[str]:
        """Ids of the documents whose place, report year and caller's filters fit."""
        filters, held = constraints.filters, self._snapshot.documents
        if constraints.regions is not None:
            of = self._snapshot.documents_of
            held = tuple(held[n] for region in constraints.regions for n in of.get(region, ()))
        return frozenset(
            d.id
            for d in held
            if (not filters.regions or d.region in filters.regions)
            and (not filters.documents or {d.id, d.source} & set(filters.documents))
            and (not constraints.report_years or bool(d.report_years & set(constraints.report_years)))
        )

    def search(self, query: Query, constraints: Constraints, top_k: int) -> tuple[list[Hit], list[str]]:
        """Chunks best first with every signal, and notes on constraints that match nothing."""
        chunks = self._snapshot.chunks
        allowed_documents = self.documents_allowed(constraints)
        notes: list[str] = []
        if not allowed_documents:
            notes.append(f"no document matches: {_describe(constraints, periods=False)}")
            return [], notes
        allowed = self._mask(allowed_documents)[self._tables.of_chunks.document]
        fit = self._period_fits(constraints)
        if constraints.periods is not None and not (allowed & (fit > 0)).any():
            notes.append(f"no passage matches: {_describe(constraints, periods=True)}")
            return [], notes
        allowed &= fit > 0
        dense, lexical = self.signals(query)
        terms = len(set(query_tokens(query.thing.terms or query.cues.words)))
        fused = fuse(dense[None, :], lexical[None, :], [terms])[0]
        exact = np.where(fit == 1.0, EXACT_PERIOD, 0.0) * (constraints.periods is not None)
        total = fused + exact
        order = [int(n) for n in np.lexsort((np.arange(len(chunks)), -total)) if allowed[n]]
        read: dict[int, float] = {}
        if self._reranked is not None and order:
            head = order[:RERANKED]
            told = self._reranked(query.cues.words, [chunks[n].embedded for n in head])
            read = dict(zip(head, told.tolist(), strict=True))
            total[head] = told + exact[head]
            head = [head[place] for place in best_first(total[head].tolist())]
            order = head + order[RERANKED:]
            # What was not read stands below what was.
            total = np.where(np.isin(np.arange(len(chunks)), head), total, np.minimum(total, total[head].min()))
        return [
            Hit(
                n,
                rank,
                round(float(total[n]), 6),
                {
                    "dense": round(float(dense[n]), 6),
                    "bm25": round(float(lexical[n]), 6),
                    "fused": round(float(fused[n]), 6),
                    "period": round(float(fit[n]), 3),
                    **({"rerank": round(read[n], 6)} if n in read else {}),
                },
            )
            for rank, n in enumerate(order[:top_k], 1)
        ], notes

    def signals(self, query: Query) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Cosine and BM25 scores of all chunks, ``(chunks,)`` each."""
        dense = self._likeness(query, np.arange(len(self._snapshot.chunks)))
        words = " ".join(
            [query.thing.terms or query.cues.words, *(query.thing.indicators if query.language == "en" else ())]
        )
        return dense, self._snapshot.sparse.scores(words)

    def _likeness(self, query: Query, chunks: NDArray[np.intp]) -> NDArray[np.float32]:
        """The cosines of some chunks, each as often as it is named, ``(chunks,)``."""
        named = np.zeros(len(self._snapshot.chunks), np.bool_)
        named[chunks] = True
        scores = self._snapshot.dense.scores(self._asked(query.cues.words), np.flatnonzero(named))
        told: NDArray[np.float32] = scores[(np.cumsum(named) - 1)[chunks]]
        return told

    def _mask(self, documents: frozenset[str]) -> NDArray[np.bool_]:
        """Which documents have one of these ids, ``(documents,)``."""
        held = np.zeros(len(self._snapshot.documents), np.bool_)
        held[[self._snapshot.number_of(name) for name in documents]] = True
        return held

    def _period_fits(self, constraints: Constraints) -> NDArray[np.float32]:
        """How well each chunk fits the asked time by the periods that it speaks of, ``(chunks,)``: 0, 0.5 or 1."""
        years, asked = constraints.filters.years, constraints.periods
        count = len(self._snapshot.chunks)
        if not years and asked is None:
            return np.ones(count, np.float32)
        if years and asked is not None and not any(_holds(p, y) for p in asked for y in years):
            return np.zeros(count, np.float32)
        worth = np.array([_time_fit(p, asked, years) for p in self._tables.periods], np.float32)
        fits = np.zeros(count, np.float32)
        np.maximum.at(fits, self._tables.spoken.chunk, worth[self._tables.spoken.period])
        return fits

    def familiarity(self, query: Query) -> float:
        """The share of the asked bigrams that the reports hold at all, in [0, 1]; 1 for a question in English."""
        tokens = list(dict.fromkeys(query_tokens(query.thing.terms)))
        if query.language == "en" or not tokens:
            return 1.0 if query.language == "en" else 0.0
        postings = self._snapshot.postings.sentences
        return sum(len(postings.rows(t)) > 0 for t in tokens) / len(tokens)

    def passages(
        self, query: Query, constraints: Constraints, top_k: int = 5, *, strict_period: bool = True
    ) -> list[Passage]:
        """Sentences that say most of what is asked, best first, with scores in [0, 1]."""
        allowed_documents = self.documents_allowed(constraints)
        if not allowed_documents:
            return []
        # What may answer is chosen before the best are kept: among the sentences of a hundred reports those of one are few.
        told = sorted(map(self._snapshot.number_of, allowed_documents))
        wide = self._tables.sentences_of(told)
        # The last of them is that of no period, which has the number -1.
        times = (*self._tables.periods, None)
        periods = np.array([_period_fits(p, constraints, strict=strict_period) for p in times], bool)
        fitting = wide[periods[self._of.period[wide]]]
        if not len(fitting):
            return []
        labelled = self._labelled(query)
        if labelled is not None and (kind := query.kind) in (QuestionKind.EXPLAIN, QuestionKind.LIST):
            # A note that says what the term means stands at the end of the report, of whatever time it is.
            wide = wide if kind is QuestionKind.EXPLAIN else fitting
            notes = [
                n
                for n in wide[self._covered(query, wide) > 0].tolist()
                if labelled.search(QUOTES.sub("", fold(self._snapshot.sentences[n].text)))
            ]
            fitting = np.union1d(fitting, np.array(notes, np.intp))
        covered = self._covered(query, fitting)
        near = self._likeness(query, self._of.chunk[fitting])
        best, nearest = fitting[highest(covered, CANDIDATES)], fitting[highest(near, CANDIDATES)]
        rows = sorted({*best.tolist(), *nearest.tolist()})
        wanted, least = _wanted_words(query)
        # What a term means and why something is so is told beside plans as well.
        planned = PLANNED if query.status is not Status.TARGET and wanted is None else 0.0
        asked_for = constraints.periods or ()
        plain = self._plain(query, rows, covered[np.searchsorted(fitting, rows)])
        scored = []
        for n in rows:
            sentence = self._snapshot.sentences[n]
            score = plain[n]
            if wanted is not None:
                score += SAYS_WHY * min(1.0, len(wanted.findall(sentence.text)) / least)
            score += LABELLED if labelled is not None and labelled.search(QUOTES.sub("", fold(sentence.text))) else 0.0
            score += OF_THE_PERIOD if sentence.period in asked_for else 0.0
            score += _names(query, sentence.text) if wanted is None else 0.0
            scored.append((score - (planned if sentence.status is Status.TARGET else 0.0), n))
        if query.cues.why:
            scored = self._with_reasons(scored, fitting)
        scored.sort(key=lambda item: (-round(item[0], 5), item[1]))
        if self._reranked is not None:
            scored = self._in_order(self._reranked, query, scored, plain)
        return [Passage(n, self._snapshot.sentences[n], round(score, 5)) for score, n in scored[:top_k]]

    def _plain(self, query: Query, rows: list[int], covered: NDArray[np.float32]) -> dict[int, float]:
        """The score of each sentence by words (``covered``) and likeness alone."""
        asked = self._asked(query.thing.terms or query.cues.words)
        similar = self._snapshot.scale.of_texts(self._snapshot.meanings.of_sentences(rows) @ asked)
        return {n: 0.6 * float(c) + 0.4 * float(s) for n, c, s in zip(rows, covered, similar, strict=True)}

    def _in_order(
        self, reranked: Remembered, query: Query, scored: list[tuple[float, int]], plain: Mapping[int, float]
    ) -> list[tuple[float, int]]:
        """The best sentences in a rerank model's order, which takes the place of words and cosine (``plain``) in it.

        What a sentence has besides (it gives a reason, it tells plans) stays. Scores stay as they are and are dealt out
        anew, the best to the first: whether anything answers at all is measured by them.
        """
        head = scored[:RERANKED]
        told = reranked(query.cues.words, [self._snapshot.sentences[n].text for _, n in head])
        # A sentence that is here for the one before it has what that one has.
        besides = [score - plain.get(n, plain.get(n - 1, score)) for score, n in head]
        order = best_first([round(float(t) + b, 5) for t, b in zip(told, besides, strict=True)])
        return [*((score, head[place][1]) for (score, _), place in zip(head, order, strict=True)), *scored[RERANKED:]]

    def in_english(self, query: Query, constraints: Constraints) -> list[Passage]:
        """Sentences of reports in English that tell figures of what is asked, best first."""
        return self._foreign.find(query, self.documents_allowed(constraints))

    def with_what_follows(self, query: Query, passages: Sequence[Passage]) -> list[Passage]:
        """Passages that explain, with the sentences behind the best that go on from it: 一是…。二是…, 另一个原因是…, 这有利于….

        A sentence that only announces what is counted out behind it (主要原因有三：) gives way to that.
        """
        best = passages[0]
        sentences = self._snapshot.sentences
        # What is counted out may begin in the sentence that announces it.
        begun = "一是" in best.value.text
        chain: list[int] = []
        number = best.sentence
        while (
            number + 1 < len(sentences)
            and len(chain) < max(CHAIN, query.cues.names - 1)
            and sentences[number + 1].section_id == best.value.section_id
        ):
            number += 1
            text = sentences[number].text
            counted = _COUNTED_OUT.match(text) is not None
            if (
                (counted and (chain or begun or _ANNOUNCES.search(best.value.text)))
                or (query.cues.why and _ANOTHER_REASON.search(text))
                or _GOES_ON.match(text)
            ):
                chain.append(number)
            elif chain or number > best.sentence + LOOKED_BEHIND:
                break
        behind = [Passage(n, sentences[n], best.score) for n in chain]
        if not behind:
            return list(passages)
        if _COUNTED_OUT.match(behind[0].value.text) and not begun:
            return behind
        return [best, *behind, *(p for p in passages[1:] if p.sentence not in chain)]

    def _labelled(self, query: Query) -> Rule | None:
        """A pattern of a note that explains what is asked (“四到”服务：…); None where no meaning is asked for."""
        quoted = query.cues.quoted
        if not (query.cues.meaning or (quoted and query.kind is QuestionKind.LIST)):
            return None
        words = quoted or [w for w in query.thing.terms.split() if len(w) > 1]
        core = max(words, key=len, default="")
        return (
            Rule(
                "find.passages.note_of_a_term",
                rf"^(?:\d{{1,3}}[.、]|[\[(]\d{{1,3}}[\])]|注|[*·-])*\s*[^:,。]{{0,12}}{re.escape(core)}[^:,。]{{0,14}}:"
                rf"|(?:^|[,。;]){re.escape(core)},?(?:主要|就|具体)*(?:{_MEANS})",
            )
            if core
            else None
        )

    def gives_reason(self, passage: Passage) -> bool:
        """Whether a sentence says why something is so, or opens with what is the reason of the one before it."""
        return (
            _OPENS_WITH_REASON.match(passage.value.text) is not None or _REASON.search(passage.value.text) is not None
        )

    def _with_reasons(self, scored: list[tuple[float, int]], fitting: NDArray[np.intp]) -> list[tuple[float, int]]:
        """With the sentences that open with a reason right behind what is asked (主要原因是：…), as good as that."""
        best = {n: score for score, n in scored}
        allowed = set(fitting.tolist())
        behind = sorted(n + 1 for n in best)
        while behind:
            number = behind.pop(0)
            before = best[number - 1]
            given = number in allowed and self._gives_reason(np.array([number]))[0]
            opens = given and _OPENS_WITH_REASON.match(self._snapshot.sentences[number].text)
            if opens and before - JUST_BEHIND > best.get(number, 0.0):
                if number not in best:
                    # What it is the reason of may be a reason itself.
                    insort(behind, number + 1)
                best[number] = before - JUST_BEHIND
        return [(score, n) for n, score in best.items()]

    def _covered(self, query: Query, among: NDArray[np.intp]) -> NDArray[np.float32]:
        """The share of the asked words that some sentences hold, weighted by rarity, ``(among,)`` in [0, 1].

        Where a reason is asked for, a sentence that gives one speaks of what the sentence before it tells
        (安全生产问题仍然突出。主要原因是：…).
        """
        covered = self._said(query, among)
        if query.cues.why:
            before = BEFORE * self._said(query, np.maximum(among - 1, 0))
            better = np.flatnonzero(before > covered)
            better = better[self._gives_reason(among[better])]
            covered[better] = before[better]
        return covered

    def _gives_reason(self, rows: NDArray[np.intp]) -> NDArray[np.bool_]:
        """Which of some sentences say why, as one that goes on from the sentence before it, ``(rows,)``."""
        sections, sentences = self._of.section, self._snapshot.sentences
        unknown = rows[self._reasons[rows] == 0]
        for n in unknown.tolist():
            goes_on = n > 0 and sections[n] == sections[n - 1]
            self._reasons[n] = 1 if goes_on and _REASON.search(sentences[n].text) else -1
        return self._reasons[rows] > 0

    def _said(self, query: Query, among: NDArray[np.intp]) -> NDArray[np.float32]:
        postings = self._snapshot.postings.sentences
        covered = covered_by(postings, wanted_parts(parts_asked(query), postings), among)
        pieces = [query_tokens(piece) for piece in _BLANK_OR_PARTICLE.split(query.thing.terms) if len(piece) > 1]
        if len(pieces) > 1 and query.kind in (QuestionKind.LIST, QuestionKind.LOOKUP):
            # Of 哪两个湖泊的水质实现了脱劣 the rarest word must be said.
            rarest = max(pieces, key=lambda piece: sum(map(postings.rarity, piece)) / len(piece))
            said = postings.coverage([(token, 1 / len(rarest)) for token in dict.fromkeys(rarest)], among)
            covered *= np.where(said >= SAID, 1.0, UNSAID)
        return covered


def highest(values: NDArray[np.float32], most: int) -> NDArray[np.intp]:
    """The places of the highest of some values, the highest first, of equal ones the first: as a stable sort of all has them."""
    if len(values) <= most:
        return np.argsort(-values, kind="stable")
    least = np.partition(values, len(values) - most)[len(values) - most]
    among = np.flatnonzero(values >= least)
    return among[np.argsort(-values[among], kind="stable")[:most]]


def _names(query: Query, text: str) -> float:
    """What a sentence is worth for the names that stand in it, where names are asked for."""
    if query.cues.names and query.cues.names in rows_of_names(text):
        return NAMES_SO_MANY
    return NAMES_SEVERAL if query.kind is QuestionKind.LIST and text.count("、") > 1 else 0.0


def _holds(period: Period, year: int) -> bool:
    return period.first_year <= year <= period.last_year


def _time_fit(held: Period, asked: Sequence[Period] | None, years: Sequence[int]) -> float:
    """How well a period that a chunk speaks of fits: 1 where it is asked for, 0.5 where it lies in such a one."""
    if asked is None:
        return float(any(_holds(held, year) for year in years))
    if held in asked:
        return 1.0
    return 0.5 if any(held.overlaps(p) and held.length <= p.length for p in asked) else 0.0


def _period_fits(period: Period | None, constraints: Constraints, *, strict: bool) -> bool:
    if constraints.periods is None:
        return True
    if period is None:
        return False
    if strict:
        return period in constraints.periods or any(
            (p.within(period) and period.length <= 60) or (period.within(p) and period.last == p.last)
            for p in constraints.periods
        )
    return any(period.overlaps(p) for p in constraints.periods)


_BLANKS = Rule(
    "find.passages.blanks",
    r"\s+",
    takes=("三大件⟦ ⟧项目",),
    leaves=("三大件项目",),
)


def _wanted_words(query: Query) -> tuple[Rule | None, int]:
    """Words by which a sentence says what something means, or why something is so, where that is asked.

    With how many of them it takes: one deficit may be named in passing, a list of troubles names several.
    """
    if query.cues.meaning:
        term = re.escape(_BLANKS.sub("", query.thing.terms)) or "(?!)"
        return Rule("find.passages.tells_the_meaning", rf"{term}[”’]?[:,]?(?:主要|即)?(?:{_MEANS})|{term}”?[:：]"), 1
    if query.cues.why:
        return _REASON, 1
    if query.cues.troubles:
        return _DEFICIT, 3
    return None, 1


def shown(hit: Hit, snapshot: IndexSnapshot) -> SearchHit:
    """A hit as a searcher is shown it."""
    chunk = snapshot.chunks[hit.chunk]
    document = snapshot.document(chunk.document_id)
    assert document is not None
    return SearchHit(
        chunk.id,
        document.source,
        document.id,
        document.title,
        chunk.region,
        str(chunk.period) if chunk.period else None,
        chunk.heading,
        chunk.text,
        chunk.span.start,
        chunk.span.end,
        hit.score,
        hit.signals,
        f"/documents/{document.id}?start={chunk.span.start}&end={chunk.span.end}",
    )


def _describe(constraints: Constraints, *, periods: bool) -> str:
    parts = []
    if constraints.regions is not None:
        parts.append("region " + ", ".join(constraints.regions))
    if periods and constraints.periods is not None:
        parts.append("period " + ", ".join(map(str, constraints.periods)))
    if constraints.report_years:
        parts.append("report of " + ", ".join(map(str, constraints.report_years)))
    filters = constraints.filters
    for name in ("regions", "years", "documents"):
        values = getattr(filters, name)
        if values:
            parts.append(f"filter {name} " + ", ".join(map(str, values)))
    return "; ".join(parts) or "the constraints"
