"""What the ask page is offered: questions that are known to be answered, and what is held."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Annotated, Any, Literal

from litestar import Response, get
from litestar.datastructures import State
from litestar.di import NamedDependency
from litestar.params import QueryParameter, SkipValidation

from api.shared.protocols import Pipeline, ServiceOptions, Snapshot
from index.types import Fact, Measure, Status
from index.words.lexicon import load_indicators
from index.words.regions import Gazetteer
from rag.types import Answer, Question

OFFERED = 5
TRIED = 8
"""Questions of one form that are tried before none of it is offered."""

# A thread of its own: some seconds of work for nobody in particular, which no answer is to wait for.
_finding = ThreadPoolExecutor(1, thread_name_prefix="wenju-suggesting")


@get("/web/start", sync_to_thread=True, include_in_schema=False)
def start(
    pipeline: NamedDependency[SkipValidation[Pipeline]],
    options: NamedDependency[SkipValidation[ServiceOptions]],
) -> Response[dict[str, Any]]:
    """Tell the page what it needs to show answers, at once."""
    told = {
        "held": held_years(pipeline.snapshot),
        "documents": len(pipeline.snapshot.documents),
        "generators": list(pipeline.generators),
        "feedback": options.feedback,
    }
    return Response(told, headers={"Cache-Control": "no-cache"})


@get("/web/suggestions", include_in_schema=False)
async def suggested(
    pipeline: NamedDependency[SkipValidation[Pipeline]],
    state: State,
    lang: Annotated[Literal["zh", "en"], QueryParameter()] = "zh",
) -> Response[dict[str, Any]]:
    """Tell the page what can be asked. Found once for a snapshot: each question is asked before it is offered."""
    slot = (pipeline.snapshot.id, lang)
    finding: dict[tuple[str, str], asyncio.Future[list[str]]] = state.get("suggested", {})
    if slot not in finding:
        # Those of the snapshot before are not wanted any more.
        finding = {key: value for key, value in finding.items() if key[0] == slot[0]}
        forms = ENGLISH if lang == "en" else CHINESE
        finding[slot] = asyncio.get_running_loop().run_in_executor(
            _finding, suggestions, pipeline, dt.date.today(), forms
        )
        state["suggested"] = finding
    # Whoever leaves meanwhile stops it for nobody else.
    found = await asyncio.shield(finding[slot])
    return Response({"suggestions": found}, headers={"Cache-Control": "no-cache"})


def held_years(snapshot: Snapshot) -> dict[str, list[int]]:
    """The years whose results are told by a report of each place."""
    years: dict[str, set[int]] = defaultdict(set)
    for document in snapshot.documents:
        if document.region:
            years[document.region].update(document.data_years)
    return {region: sorted(found) for region, found in sorted(years.items())}


def suggestions(pipeline: Pipeline, today: dt.date, forms: Sequence[Form]) -> list[str]:
    """Questions of several forms about what is held, each of which was asked and answered with the figures it is made of."""
    facts = [f for f in pipeline.snapshot.facts if _plain(f)]
    offered: list[str] = []
    used: Counter[str] = Counter()
    for form in forms:
        for question, indicator, least in _fresh(form(facts), used):
            if question not in offered and _answered(pipeline, question, today, least):
                offered.append(question)
                used[indicator] += 1
                break
        if len(offered) == OFFERED:
            break
    return offered


Proposal = tuple[str, str, int]
"""A question, the indicator that it is of, and how many figures its answer must have."""

Form = Callable[[Sequence[Fact]], Iterator[Proposal]]


def _fresh(proposals: Iterator[Proposal], used: Counter[str]) -> list[Proposal]:
    """The first few, those of an indicator that nothing else is offered of before the others."""
    few = [each for each, _ in zip(proposals, range(4 * TRIED), strict=False)]
    return sorted(few, key=lambda each: used[each[1]])[:TRIED]


def _plain(fact: Fact) -> bool:
    period = fact.period
    return bool(
        fact.canonical and fact.region and period is not None and period.is_year and fact.status is Status.ACTUAL
    )


def _slots(facts: Sequence[Fact], measure: Measure) -> dict[str, dict[str, set[int]]]:
    """Years of each place of each indicator, the indicators of most figures first."""
    found: dict[str, dict[str, set[int]]] = defaultdict(lambda: defaultdict(set))
    for fact in facts:
        if fact.measure is measure and fact.canonical and fact.region and fact.period is not None:
            found[fact.canonical][fact.region].add(fact.period.first_year)
    return dict(sorted(found.items(), key=lambda item: -sum(map(len, item[1].values()))))


def _by_place(facts: Sequence[Fact], measure: Measure) -> Iterator[tuple[str, str, list[int]]]:
    """Indicator, place and years: those of several years first, among them the indicators that are told most."""
    slots = _slots(facts, measure)
    rank = {indicator: at for at, indicator in enumerate(slots)}
    rows = [(i, p, sorted(y)) for i, places in slots.items() for p, y in places.items()]
    yield from sorted(rows, key=lambda row: (-min(len(row[2]), 3), rank[row[0]], -len(row[2]), row[1]))


def _series(facts: Sequence[Fact]) -> Iterator[Proposal]:
    for indicator, place, years in _by_place(facts, Measure.LEVEL):
        if len(years) > 2:
            yield f"{place}历年{indicator}", indicator, 3


def _growth(facts: Sequence[Fact]) -> Iterator[Proposal]:
    for indicator, place, years in _by_place(facts, Measure.GROWTH):
        yield f"{years[-1]}年{place}{indicator}增长多少？", indicator, 1


def _value(facts: Sequence[Fact]) -> Iterator[Proposal]:
    for indicator, place, years in _by_place(facts, Measure.LEVEL):
        yield f"{years[-1]}年{place}{indicator}是多少？", indicator, 1


def _years_of_places(facts: Sequence[Fact], measure: Measure) -> Iterator[tuple[str, int, list[str]]]:
    """Indicator, year and the places that tell it, those of most places first and of late years before early ones."""
    rows = []
    for indicator, places in _slots(facts, measure).items():
        by_year: dict[int, list[str]] = defaultdict(list)
        for place, years in places.items():
            for year in years:
                by_year[year].append(place)
        rows += [(indicator, year, sorted(found)) for year, found in by_year.items() if len(found) > 1]
    yield from sorted(rows, key=lambda row: (-len(row[2]), -row[1], row[0]))


def _row(facts: Sequence[Fact]) -> Iterator[Proposal]:
    for indicator, year, places in _years_of_places(facts, Measure.GROWTH):
        if len(places) > 2:
            # Their level by their last character: 区, 县, 市; of provinces by the word that has them all.
            last = Counter(place[-1] for place in places).most_common(1)[0][0]
            level = (
                "各省"
                if last in "省市区" and any(place.endswith(("省", "自治区")) for place in places)
                else f"各{last}"
            )
            yield f"{year}年{level}{indicator}增速排名", indicator, 3


def _compare(facts: Sequence[Fact]) -> Iterator[Proposal]:
    for indicator, year, places in _years_of_places(facts, Measure.LEVEL):
        yield f"{year}年{places[0]}和{places[1]}的{indicator}各是多少？", indicator, 2


def _english(facts: Sequence[Fact], measure: Measure, words: str) -> Iterator[Proposal]:
    """Of the places that have an English name, and the indicators that have one."""
    names = {each.name: each.english[0] for each in load_indicators().all if each.english}
    places = Gazetteer.load()
    for indicator, place, years in _by_place(facts, measure):
        region = places.get(place)
        if indicator in names and region is not None and region.english:
            yield words.format(thing=names[indicator], place=region.english, year=years[-1]), indicator, 1


def _growth_in_english(facts: Sequence[Fact]) -> Iterator[Proposal]:
    return _english(facts, Measure.GROWTH, "How much did {thing} grow in {place} in {year}?")


def _value_in_english(facts: Sequence[Fact]) -> Iterator[Proposal]:
    return _english(facts, Measure.LEVEL, "What was the {thing} of {place} in {year}?")


CHINESE: tuple[Form, ...] = (_series, _growth, _row, _compare, _value, _growth, _value)
# A series and a row are told in Chinese in any case: they are offered as they are asked there.
ENGLISH: tuple[Form, ...] = (_growth_in_english, _value_in_english, _series, _row, _growth_in_english, _growth, _value)


def _answered(pipeline: Pipeline, question: str, today: dt.date, least: int) -> bool:
    answer: Answer = pipeline.answer(Question(question, today))
    return not answer.abstained and len(answer.values) >= least and "没有" not in answer.answer.split("\n")[0]
