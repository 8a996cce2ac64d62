"""What ``wenju eval`` does: asks a question set, judges the answers, prints, saves and gates."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tqdm import tqdm

from eval.cases import Case, CaseError, read_cases
from eval.harness import EXTRACTIVE, run_cases
from eval.metrics.calibration import fit
from eval.reporting.gates import ANY, falls
from eval.reporting.printing import run_json, run_table
from eval.reporting.summary import summarise, support_pairs
from eval.results import Run
from eval.runs import load_run, origin_of, save_run
from eval.services import InProcess, Remote, Service
from rag.opening import Models, open_pipeline
from settings import Settings

OWN_SET = Path(__file__).parent / "questions" / "bundled.jsonl"


@dataclass(frozen=True, slots=True)
class EvalOptions:
    """What to run and what to do with it; ``url`` None is the pipeline of this process."""

    questions: Path | None = None
    url: str | None = None
    generator: str = EXTRACTIVE
    limit: int | None = None
    categories: tuple[str, ...] = ()
    as_json: bool = False
    save: Path | None = None
    report: Path | None = None
    gate: float | None = None
    baseline: Path | None = None
    fit_support: Path | None = None
    raw_support: bool = False


def default_set(shared: Path) -> Path:
    """The shared question set where it is present, else the one of this repository.

    Raises CaseError where neither is, as in an installed package, which holds no question sets.
    """
    questions = shared / "eval" / "questions.jsonl"
    for path in (questions, OWN_SET):
        if path.is_file():
            return path
    raise CaseError(
        "no question set is here; name one of your own: wenju eval QUESTIONS.jsonl (see docs/evaluation.md)"
    )


def choose(cases: Sequence[Case], categories: Sequence[str], limit: int | None) -> tuple[Case, ...]:
    """The first ``limit`` questions of the categories. Raises CaseError for a category that the set does not have."""
    held = sorted({case.category for case in cases})
    for category in categories:
        if category not in held:
            raise CaseError(f"no question of category {category!r}; there is {', '.join(held)}")
    return tuple(case for case in cases if not categories or case.category in categories)[:limit]


def run_eval(settings: Settings, options: EvalOptions) -> int:
    """Run a set. 1 where a gate falls, with one line on standard error for each; else 0."""
    path = options.questions or default_set(settings.shared)
    cases = choose(read_cases(path), options.categories, options.limit)
    # Read before the run, so that a wrong name is told at once.
    baseline = load_run(options.baseline) if options.baseline else None
    if options.report is not None:
        from eval.reporting.page import require_charts

        require_charts()
    with _service(settings, options.url, raw_support=options.raw_support) as service:
        origin = origin_of(
            service, path, generator=options.generator, limit=options.limit, categories=options.categories
        )
        with tqdm(total=len(cases), unit="question", disable=None, file=sys.stderr) as bar:
            results = run_cases(service, cases, generator=options.generator, on_case=lambda: (bar.update(), None)[1])
    run = Run(origin, results, {ANY: 0.0})
    summary = summarise(run)
    sys.stdout.write(run_json(run, summary) if options.as_json else run_table(run, summary))
    if options.save is not None:
        save_run(run, options.save)
    if options.report is not None:
        from eval.reporting.page import write_report

        write_report(run, summary, options.report)
    if options.fit_support is not None:
        from eval.support_fit import write_fit

        write_fit(fit(support_pairs(run.results)), options.fit_support)
    fallen = falls(run, baseline, options.gate)
    for line in fallen:
        sys.stderr.write(f"wenju: gate: {line}\n")
    return 1 if fallen else 0


@contextmanager
def _service(settings: Settings, url: str | None, *, raw_support: bool = False) -> Iterator[Service]:
    if url is not None:
        with Remote(url) as remote:
            yield remote
        return
    models = Models.load(settings.embedding, settings.reranker_model)
    pipeline = open_pipeline(settings.held, models, calibrate=not raw_support)
    try:
        yield InProcess(pipeline)
    finally:
        pipeline.close()
