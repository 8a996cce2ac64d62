"""The ledger: how often each rule, list and mechanism took part, and what is won and lost with it on every set and sample.

Counting asks every question and reads every report once, noting each match. Then each is switched off in turn: the
documents are read again in which it took part, and asked again are the questions in whose reading it took part or whose
answer, evidence or nearest figure lies in a sentence that is now read otherwise. ``won`` counts answers that are right with
it and wrong without it, ``lost`` the other way round.
"""

from __future__ import annotations

import hashlib
import json
import multiprocessing
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from eval.cases import Case, read_cases
from eval.corpora import ANNOTATED, ReportSet, report_sets, set_name
from eval.embedding.remembering import Remembering
from eval.metrics.answers import grade
from eval.metrics.extraction import Annotated, compare, read_annotations, score
from eval.rules import MECHANISMS, Mechanism, all_rules, known_names, original, replaced, switched_off
from eval.runs import commit_of
from eval.services import DEFAULT_DAY
from index.build import DocumentRead, joined, read_documents
from index.errors import WenjuError
from index.rules import Rule, noting
from index.store.dense import DenseIndex
from index.store.embedding import BUILT_IN_MODEL, Embedder, load_embedder
from index.store.meanings import Scale, TextVectors, encoded
from index.store.postings import Postings, PostingsSet
from index.store.snapshot import IndexSnapshot
from index.store.sparse import SparseIndex
from index.store.tables.manifest import Manifest
from index.store.tables.mapped import Strings
from index.store.tables.opened import Tables
from index.store.tables.packed import Packed
from index.store.vectors import IndicatorVectors
from index.text.chunking import ChunkOptions
from index.text.counting import DEFAULT_VOCABULARY, TokenCounter
from index.text.sources import find_files, read_source
from index.types import Corpus, Source
from index.words.regions import Gazetteer
from rag.pipeline import AnswerPipeline
from rag.types import Answer, Question

LEDGER = Path(__file__).parent / "ledger" / "ledger.jsonl"

SAVED_EVERY = 10
"""Rules tried between two savings of the ledger."""

MOST_ASKED, MOST_READ = 120, 25
"""Questions asked and sources read again for one rule in one corpus: where it took part in more, so many are drawn, by the
hash of their ids and names, the annotated sources first."""


class LedgerError(WenjuError):
    """The ledger cannot be read or made here."""


@dataclass(frozen=True, slots=True)
class Tally:
    """``won`` and ``lost`` of ``asked`` answers that were tried again; for a sample, figures read right."""

    asked: int = 0
    won: int = 0
    lost: int = 0


@dataclass(frozen=True, slots=True)
class Row:
    """One rule, list or mechanism. ``matches`` counts by corpus, ``questions`` the questions in which it took part."""

    name: str
    kind: str
    matches: dict[str, int] = field(default_factory=dict)
    questions: int = 0
    changed_facts: int = 0
    sets: dict[str, Tally] = field(default_factory=dict)
    samples: dict[str, Tally] = field(default_factory=dict)
    entries: dict[str, int] = field(default_factory=dict)
    """Words of a vocabulary list by how often they were what matched."""
    tried: str = ""
    """The commit at which it was switched off; "" where that has not been done, and nothing is known of what it wins."""

    @property
    def won(self) -> int:
        return sum(t.won for t in (*self.sets.values(), *self.samples.values()))

    @property
    def answers(self) -> int:
        """Answers won on question sets, without the figures of samples."""
        return sum(t.won for t in self.sets.values())

    @property
    def lost(self) -> int:
        return sum(t.lost for t in (*self.sets.values(), *self.samples.values()))


@dataclass(frozen=True, slots=True)
class Ledger:
    commit: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """What is told otherwise without a rule: a text of a report, or an answer."""

    where: str
    text: str
    with_it: str
    without_it: str


@dataclass(slots=True)
class Held:
    """One corpus in memory with everything that was read and answered with all rules on."""

    name: str
    sources: list[Source]
    read: list[list[DocumentRead]]
    snapshot: IndexSnapshot
    pipeline: AnswerPipeline
    cases: list[tuple[str, Case]]
    annotated: dict[str, list[Annotated]]
    embedder: Embedder
    right: list[bool] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)
    took_documents: dict[str, set[int]] = field(default_factory=dict)
    took_cases: dict[str, set[int]] = field(default_factory=dict)
    matches: Counter[str] = field(default_factory=Counter)
    entries: dict[str, Counter[str]] = field(default_factory=dict)


_COUNTER = TokenCounter(DEFAULT_VOCABULARY)
_OPTIONS = ChunkOptions()
_EMBEDDER: Embedder | None = None
_HELD: list[Held] = []
"""What the workers share: filled before they are forked."""


def _embedder() -> Embedder:
    global _EMBEDDER  # noqa: PLW0603 - the model is loaded once for all workers
    if _EMBEDDER is None:
        _EMBEDDER = load_embedder(str(BUILT_IN_MODEL))
    return _EMBEDDER


def _snapshot(corpus: Corpus, embedder: Embedder, like: IndexSnapshot | None = None) -> IndexSnapshot:
    """A snapshot in memory. What depends on chunks and sentences is that of ``like`` where these are the same."""
    names = tuple(sorted({f.indicator for f in corpus.facts}))
    same = like is not None and like.sentences == corpus.sentences and like.chunks == corpus.chunks
    if like is not None and same:
        dense, sparse, sentences = like.dense, like.sparse, like.postings.sentences
    else:
        texts = [chunk.embedded for chunk in corpus.chunks]
        dense, sparse = DenseIndex.build(embedder.encode(texts, role="passage")), SparseIndex.build(texts)
        sentences = Postings.build([s.text for s in corpus.sentences])
    named = encoded(names, embedder)
    manifest = Manifest("ledger", 0, "", "", embedder.dimension, DEFAULT_VOCABULARY, 0, 0, "", (), {}, {})
    clauses = [f.clause for f in corpus.facts]
    meanings = TextVectors.build([s.text for s in corpus.sentences], clauses, embedder)
    postings = PostingsSet(Postings.build(names), Postings.build(clauses), sentences)
    # As a file has them: half precision.
    indicators = IndicatorVectors(Strings.of(names), named.astype(np.float16), postings.mass())
    scale = Scale.measured(names, named.astype(np.float16).astype(np.float32), meanings.vectors, embedder)
    sources, tables = {s.name: s for s in corpus.sources}, Tables.of(Packed.of(corpus))
    return IndexSnapshot(manifest, sources, tables, dense, sparse, indicators, meanings, postings, scale)


def _read(source: Source) -> list[DocumentRead]:
    return list(read_documents(source, Gazetteer.load(), _COUNTER, _OPTIONS))


def _all(read: Sequence[Sequence[DocumentRead]]) -> Iterator[DocumentRead]:
    for of_source in read:
        yield from of_source


def _hold(reports: ReportSet, rules: Mapping[str, Rule], on_step: Callable[[], None]) -> Held:
    """Read and ask everything once, noting every match."""
    sources = sorted((read_source(n, p)[0] for n, p in find_files(reports.reports)), key=lambda s: s.name)
    documents: dict[str, set[int]] = defaultdict(set)
    cases: dict[str, set[int]] = defaultdict(set)
    matches: Counter[str] = Counter()
    entries: dict[str, Counter[str]] = defaultdict(Counter)
    at: list[tuple[dict[str, set[int]], int]] = [(documents, 0)]

    def note(rule: Rule, match: Any) -> None:
        where, number = at[0]
        where[rule.name].add(number)
        matches[rule.name] += 1
        if is_list(rule.name):
            entries[rule.name][match[0]] += 1

    read: list[list[DocumentRead]] = []
    with noting(rules.values(), note):
        for number, source in enumerate(sources):
            at[0] = (documents, number)
            read.append(_read(source))
            on_step()
    embedder = Remembering(_embedder())
    snapshot = _snapshot(joined(sources, _all(read)), embedder)
    pipeline = AnswerPipeline(snapshot, _embedder())
    asked = [(set_name(path), case) for path in reports.questions for case in read_cases(path)]
    names = {source.name for source in sources}
    samples = {p.stem: read_annotations(p) for p in sorted(ANNOTATED.glob("*.jsonl"))}
    annotated = {n: rows for n, rows in samples.items() if {a.document for a in rows} <= names}
    held = Held(reports.name, sources, read, snapshot, pipeline, asked, annotated, embedder)
    with noting(rules.values(), note), ExitStack() as stack:
        for mechanism in MECHANISMS:
            stack.enter_context(replaced(mechanism, _counting(mechanism, at, matches)))
        for number, (_, case) in enumerate(asked):
            at[0] = (cases, number)
            held.answers.append(_ask(pipeline, case))
            on_step()
    held.right = [_right(case, answer) for (_, case), answer in zip(asked, held.answers, strict=True)]
    held.took_documents, held.took_cases = dict(documents), dict(cases)
    held.matches, held.entries = matches, dict(entries)
    return held


def _counting(
    mechanism: Mechanism, at: list[tuple[dict[str, set[int]], int]], matches: Counter[str]
) -> Callable[..., Any]:
    """The mechanism, noting where it gave something else than its absence would."""
    function = original(mechanism)[2]

    def counted(*given: Any, **named: Any) -> Any:
        result = function(*given, **named)
        if result != mechanism.off(*given, **named):
            where, number = at[0]
            where.setdefault(mechanism.name, set()).add(number)
            matches[mechanism.name] += 1
        return result

    return counted


def is_list(name: str) -> bool:
    """Whether a rule is a vocabulary list."""
    return name.split(".", maxsplit=1)[0] in ("lists", "asking", "lexicon", "synonyms")


def _ask(pipeline: AnswerPipeline, case: Case) -> Answer:
    return pipeline.answer(Question(case.question, case.as_of or DEFAULT_DAY, case.history))


def _ask_without(pipeline: AnswerPipeline, case: Case) -> Answer | Exception:
    """The answer, or what was raised instead: code may count on what is switched off, and an error is no answer."""
    try:
        return _ask(pipeline, case)
    except Exception as error:
        return error


def _read_without(source: Source) -> list[DocumentRead]:
    """What is read; nothing where reading fails."""
    try:
        return _read(source)
    except Exception:
        return []


def _right(case: Case, answer: Answer | Exception) -> bool:
    return isinstance(answer, Answer) and grade(case, answer.answer, abstained=answer.abstained).right


def _told(answer: Answer | Exception) -> tuple[Any, ...]:
    if isinstance(answer, Exception):
        return (repr(answer),)
    return answer.answer, answer.abstained, [c.quote for c in answer.citations]


@dataclass(frozen=True, slots=True)
class _Again:
    """A corpus without one rule.

    ``changed`` are the sentences that are read otherwise as (document, text), ``facts`` how many facts are, ``asked`` the
    questions to ask again: first those that a changed sentence touches.
    """

    pipeline: AnswerPipeline
    read: list[list[DocumentRead]]
    changed: set[tuple[str, str]]
    facts: int
    asked: list[int]


def _again(held: Held, name: str, *, drawn: bool = True) -> _Again | None:
    """Read again, with ``name`` off, where it took part, or in some drawn of it; None where it took part nowhere."""
    took = held.took_cases.get(name, set())
    if not took and not held.took_documents.get(name):
        return None
    read = list(held.read)
    changed: set[tuple[str, str]] = set()
    facts = 0
    sources = held.took_documents.get(name, set())
    for number in _drawn_sources(held, sources) if drawn else sorted(sources):
        new = _read_without(held.sources[number])
        old = held.read[number]
        if new == old:
            continue
        read[number] = new
        source = held.sources[number].name
        for one, other in ((old, new), (new, old)):
            known = {row for document in other for row in _rows(document)}
            for document in one:
                for row in _rows(document):
                    if row not in known:
                        changed.add((source, row[0]))
                        facts += one is old
    pipeline = held.pipeline
    if any(new is not old for new, old in zip(read, held.read, strict=True)):
        snapshot = _snapshot(joined(held.sources, _all(read)), held.embedder, held.snapshot)
        pipeline = AnswerPipeline(snapshot, _embedder())
    touched = _touched(held, changed)
    return _Again(pipeline, read, changed, facts, [*sorted(touched), *sorted(took - touched)])


def _rows(document: DocumentRead) -> list[tuple[Any, ...]]:
    """What is read, as rows that begin with the sentence's text."""
    texts = [s.text for s in document.sentences]
    told = [(s.text, s.period, s.status, s.heading) for s in document.sentences]
    return [*told, *((texts[f.sentence], replace(f, sentence=0)) for f in document.facts)]


def _touched(held: Held, changed: set[tuple[str, str]]) -> set[int]:
    """The questions whose answer, nearest figure or evidence lies in a changed sentence."""
    by_document: dict[str, list[str]] = defaultdict(list)
    for document, text in changed:
        by_document[document].append("".join(text.split()))
    touched: set[int] = set()
    for number, ((_, case), answer) in enumerate(zip(held.cases, held.answers, strict=True)):
        cited = [(c.document, c.quote) for c in (*answer.citations, *(n.citation for n in answer.nearest))]
        for document, quote in (*cited, *((e.document, e.quote) for e in case.evidence)):
            bare = "".join(quote.split())
            if any(bare in text or text in bare for text in by_document.get(document, ())):
                touched.add(number)
    return touched


def _drawn_sources(held: Held, numbers: set[int]) -> list[int]:
    """At most MOST_READ of them, drawn the same way every time; the annotated ones first."""
    annotated = {a.document for rows in held.annotated.values() for a in rows}

    def order(number: int) -> tuple[bool, bytes]:
        name = held.sources[number].name
        return name not in annotated, hashlib.sha256(name.encode()).digest()

    return sorted(sorted(numbers, key=order)[:MOST_READ])


def _drawn(held: Held, numbers: Sequence[int]) -> list[int]:
    """At most MOST_ASKED of them, drawn the same way every time."""
    order = sorted(numbers, key=lambda n: hashlib.sha256(held.cases[n][1].id.encode()).digest())
    return sorted(order[:MOST_ASKED])


def try_without(name: str, *, show: bool = False) -> tuple[Row, list[Change]]:
    """Switch one off in every corpus held, and count what is won and lost with it."""
    sets: dict[str, Tally] = {}
    samples: dict[str, Tally] = {}
    changes: list[Change] = []
    changed_facts = 0
    for held in _HELD:
        with switched_off(name):
            again = _again(held, name)
            if again is None:
                continue
            asked = _drawn(held, again.asked)
            answers = [_ask_without(again.pipeline, held.cases[number][1]) for number in asked]
        changed_facts += again.facts
        for number, answer in zip(asked, answers, strict=True):
            of, case = held.cases[number]
            now, before = _right(case, answer), held.right[number]
            tally = sets.get(of, Tally())
            sets[of] = Tally(tally.asked + 1, tally.won + (before and not now), tally.lost + (now and not before))
            if show and _told(answer) != _told(held.answers[number]):
                mark = "won" if before and not now else "lost" if now and not before else "same"
                changes.append(
                    Change(f"{of} {case.id} ({mark})", case.question, held.answers[number].answer, _told(answer)[0])
                )
        if again.changed:
            for sample, rows in held.annotated.items():
                samples[sample] = _sampled(held, again.read, rows, samples.get(sample, Tally()))
        if show:
            changes += _changed_facts(held, again.read)
    tried = commit_of(Path(__file__).parent) or ""
    return replace(noted(name), changed_facts=changed_facts, sets=sets, samples=samples, tried=tried), changes


def noted(name: str) -> Row:
    """What is known of one before it is switched off: its matches in reports and questions."""
    kind = "list" if is_list(name) else "rule"
    if any(m.name == name for m in MECHANISMS):
        kind = name.split(".", maxsplit=1)[0]
    entries: Counter[str] = Counter()
    for held in _HELD:
        entries.update(held.entries.get(name, {}))
    return Row(
        name,
        kind,
        {held.name: held.matches[name] for held in _HELD if held.matches[name]},
        sum(len(held.took_cases.get(name, ())) for held in _HELD),
        entries=dict(entries.most_common()),
    )


def right_now() -> dict[str, bool]:
    """Whether each question of the corpora held is answered rightly with everything on, by set and id."""
    return {
        f"{of} {case.id}": right for held in _HELD for (of, case), right in zip(held.cases, held.right, strict=True)
    }


def falls_without(name: str, most: int = 1) -> list[Change]:
    """Answers that are right and that switching one off makes wrong, at most so many, of the corpora held."""
    found: list[Change] = []
    for held in _HELD:
        with switched_off(name):
            again = _again(held, name, drawn=False)
            if again is None:
                continue
            for number in again.asked:
                if len(found) == most:
                    return found
                of, case = held.cases[number]
                if not held.right[number]:
                    continue
                answer = _ask_without(again.pipeline, case)
                if not _right(case, answer):
                    found.append(
                        Change(f"{of} {case.id}", case.question, held.answers[number].answer, _told(answer)[0])
                    )
    return found


def _sampled(held: Held, read: list[list[DocumentRead]], rows: list[Annotated], before: Tally) -> Tally:
    was, now = (
        score(compare(corpus.documents, corpus.facts, rows))
        for corpus in (joined(held.sources, _all(r)) for r in (held.read, read))
    )
    gained = was.right - now.right
    return Tally(before.asked + was.figures, before.won + max(0, gained), before.lost + max(0, -gained))


def _changed_facts(held: Held, read: list[list[DocumentRead]]) -> Iterator[Change]:
    for source, old, new in zip(held.sources, held.read, read, strict=True):
        if old is new:
            continue
        was, now = ([(d.sentences[f.sentence].text, _fact(f)) for d in each for f in d.facts] for each in (old, new))
        for text in dict.fromkeys(t for t, f in was if (t, f) not in now) | dict.fromkeys(
            t for t, f in now if (t, f) not in was
        ):
            one, other = ("; ".join(f for t, f in each if t == text) for each in (was, now))
            yield Change(source.name, text, one, other)


def _fact(fact: Any) -> str:
    return f"{fact.indicator} {fact.measure.value} {fact.value:f}{fact.unit} {fact.period} {fact.region} {fact.status.value}"


def hold(
    chosen: Sequence[ReportSet],
    on_total: Callable[[int], None] = lambda _: None,
    on_step: Callable[[], None] = lambda: None,
) -> None:
    """Read and ask everything with all rules on. Raises LedgerError where no question set is here."""
    if not all(path.is_file() for each in chosen for path in each.questions):
        raise LedgerError("the ledger is made in a checkout: an installed package holds no question sets")
    rules = all_rules()
    on_total(
        sum(len(list(find_files(each.reports))) + sum(len(read_cases(p)) for p in each.questions) for each in chosen)
    )
    _HELD[:] = [_hold(each, rules, on_step) for each in chosen]


def counted(shared: Path) -> tuple[ReportSet, ...]:
    """What the ledger counts over: the shared reports hold the bundled ones and are asked the same questions."""
    chosen = report_sets(shared)
    return tuple(c for c in chosen if c.name != "bundled") if any(c.name == "shared" for c in chosen) else chosen


def count(
    shared: Path,
    workers: int,
    path: Path,
    on_total: Callable[[int], None] = lambda _: None,
    on_step: Callable[[], None] = lambda: None,
    *,
    before: Ledger | None = None,
) -> None:
    """Make the ledger at ``path``; tens of minutes. It is saved as it grows, so that one broken off is of use.

    The progress counts first what is read and asked, then what is tried. Tried first is what takes part in questions alone,
    for which nothing is read again. What ``before`` has tried is taken from there.
    """
    hold(counted(shared), on_total, on_step)
    old = {row.name: row for row in before.rows if row.tried} if before is not None else {}
    rows = {name: old.get(name) or noted(name) for name in known_names()}
    wanted = sorted((n for n, row in rows.items() if not row.tried), key=_readings)
    commit = commit_of(Path(__file__).parent) or ""
    on_total(len(wanted))
    save(Ledger(commit, tuple(rows.values())), path)
    # Forked, so that the corpora are shared and not sent.
    with multiprocessing.get_context("fork").Pool(workers) as pool:
        for number, (row, _) in enumerate(pool.imap_unordered(try_without, wanted), 1):
            rows[row.name] = row
            on_step()
            if number % SAVED_EVERY == 0 or number == len(wanted):
                save(Ledger(commit, tuple(rows.values())), path)


def _readings(name: str) -> int:
    """In how many sources it took part: so many are read again."""
    return sum(len(held.took_documents.get(name, ())) for held in _HELD)


def save(ledger: Ledger, path: Path = LEDGER) -> None:
    """A line for the commit, and one for each row."""
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = [json.dumps({"commit": ledger.commit}), *(json.dumps(asdict(r), ensure_ascii=False) for r in ledger.rows)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def load(path: Path = LEDGER) -> Ledger:
    """The kept ledger. Raises LedgerError."""
    try:
        head, *lines = path.read_text(encoding="utf-8").splitlines()
        return Ledger(json.loads(head)["commit"], tuple(msgspec.json.decode(line, type=Row) for line in lines))
    except OSError as error:
        raise LedgerError(f"{path.name}: no ledger is kept here ({error.strerror}); make one with --count") from error
    except (ValueError, KeyError, msgspec.MsgspecError) as error:
        raise LedgerError(f"{path}: not a ledger: {error}") from error
