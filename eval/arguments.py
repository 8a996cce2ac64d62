"""The arguments of ``wenju eval`` and its tools. Imports nothing heavy: every command of ``wenju`` reads this file."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from settings import Settings

TOOLS = ("compare", "draft", "bench", "calibrate", "gate")
BENCHMARKS = ("cmrc2018", "xquad", "chronoqa")

Subparsers = Any
"""argparse has no public name for what ``add_subparsers`` returns."""


def join_tool(arguments: Sequence[str]) -> list[str]:
    """``eval compare A B`` as the one command ``eval compare`` with its arguments.

    argparse cannot tell a question file from a tool's name in one place. A file of such a name is ``./compare``.
    """
    words = list(arguments)
    return [f"eval {words[1]}", *words[2:]] if words[:1] == ["eval"] and words[1:2] and words[1] in TOOLS else words


def add_eval(
    commands: Subparsers, shared: argparse.ArgumentParser, settings_of: Callable[[argparse.Namespace], Settings]
) -> None:
    """Declare ``eval`` and its tools on the main parser."""
    run = commands.add_parser("eval", parents=[shared], help="ask a question set and judge the answers")
    run.add_argument(
        "questions", nargs="?", type=Path, metavar="QUESTIONS.jsonl", help="a question set; the bundled one if left out"
    )
    run.add_argument("--url", help="ask a running service instead of the index, e.g. http://127.0.0.1:8000")
    run.add_argument("--generator", default="extractive", help="who words the answers (default extractive)")
    run.add_argument("--limit", type=_count, metavar="N", help="only the first N questions")
    run.add_argument("--category", action="append", default=[], help="only this category; may be repeated")
    run.add_argument("--json", action="store_true", help="print it as JSON")
    run.add_argument("--save", type=Path, metavar="RUN", help="write the run, for compare, baselines and calibrate")
    run.add_argument("--report", type=Path, metavar="FILE.html", help="write a report that a browser shows")
    run.add_argument("--gate", type=_share, help="exit 1 where the share of right answers is below this")
    run.add_argument("--baseline", type=Path, metavar="RUN", help="exit 1 where a category falls below this run")
    run.add_argument("--fit-support", type=Path, metavar="FILE", help="write the calibration of support as JSON")
    run.add_argument(
        "--raw-support", action="store_true", help="score support as it is before calibration, to fit it anew"
    )
    run.set_defaults(run=lambda options: _run(options, settings_of))

    gate = commands.add_parser("eval gate", help="hold every question about this repository's reports to its baseline")
    gate.add_argument("--save", action="store_true", help="keep what is answered now as the baseline")
    gate.set_defaults(run=_gate)

    rules = commands.add_parser("rules", help="the ledger: what every rule and vocabulary list is worth")
    rules.add_argument(
        "--rule", metavar="NAME", help="switch this one off now and print every text and answer that it changes"
    )
    rules.add_argument(
        "--count", action="store_true", help="make the ledger anew (tens of minutes) and keep it as it grows"
    )
    rules.add_argument("--more", action="store_true", help="try what the kept ledger has not tried yet")
    rules.add_argument("--idle", action="store_true", help="only what takes part nowhere or wins nothing")
    rules.add_argument(
        "--gate",
        action="store_true",
        help="exit 1 where `eval gate` stands without one that is worth three answers (minutes)",
    )
    rules.add_argument(
        "--workers", type=_count, default=2, metavar="N", help="processes for --count and --gate (default 2)"
    )
    rules.add_argument("--from", dest="kept", type=Path, metavar="FILE", help="another ledger than the kept one")
    rules.add_argument("--json", action="store_true", help="print it as JSON")
    rules.set_defaults(run=lambda options: _rules(options, settings_of))

    compare = commands.add_parser("eval compare", help="what differs between two saved runs")
    compare.add_argument("a", type=Path, metavar="A", help="a run that was saved with --save")
    compare.add_argument("b", type=Path, metavar="B", help="another one")
    compare.add_argument("--json", action="store_true", help="print it as JSON")
    compare.set_defaults(run=_compare)

    draft = commands.add_parser("eval draft", help="propose questions for reports of your own")
    draft.add_argument("reports", nargs="+", type=Path, metavar="REPORT", help="a report file")
    draft.add_argument("--out", type=Path, metavar="FILE.jsonl", help="write there instead of standard output")
    draft.add_argument("--most", type=_count, default=60, metavar="N", help="at most N records (default 60)")
    draft.add_argument("--all", action="store_true", help="also what is not answered as drafted, with why in its note")
    draft.set_defaults(run=lambda options: _draft(options, settings_of))

    bench = commands.add_parser("eval bench", help="measure on a public benchmark")
    bench.add_argument("name", choices=BENCHMARKS, help="which one")
    bench.add_argument("--json", action="store_true", help="print it as JSON")
    bench.add_argument("--limit", type=_count, metavar="N", help="only the first N questions")
    bench.set_defaults(run=lambda options: _bench(options, settings_of))

    calibrate = commands.add_parser("eval calibrate", help="fit support to the share of right answers of saved runs")
    calibrate.add_argument("runs", nargs="+", type=Path, metavar="RUN", help="a run that was saved with --save")
    calibrate.add_argument("--out", type=Path, metavar="FILE", help="write the fit as JSON")
    calibrate.add_argument("--json", action="store_true", help="print it as JSON")
    calibrate.set_defaults(run=_calibrate)


def _run(options: argparse.Namespace, settings_of: Callable[[argparse.Namespace], Settings]) -> int:
    from eval.command import EvalOptions, run_eval

    chosen = EvalOptions(
        questions=options.questions,
        url=options.url,
        generator=options.generator,
        limit=options.limit,
        categories=tuple(options.category),
        as_json=options.json,
        save=options.save,
        report=options.report,
        gate=options.gate,
        baseline=options.baseline,
        fit_support=options.fit_support,
        raw_support=options.raw_support,
    )
    return run_eval(settings_of(options), chosen)


def _rules(options: argparse.Namespace, settings_of: Callable[[argparse.Namespace], Settings]) -> int:
    from eval.reporting.ledger import rules_command

    return rules_command(
        settings_of(options),
        rule=options.rule,
        count=options.count,
        more=options.more,
        idle=options.idle,
        gate=options.gate,
        workers=options.workers,
        kept=options.kept,
        as_json=options.json,
    )


def _gate(options: argparse.Namespace) -> int:
    from eval.reporting.gate import gate_command

    return gate_command(anew=options.save)


def _compare(options: argparse.Namespace) -> int:
    import sys

    from eval.reporting.compare import compare
    from eval.reporting.printing import comparison_json, comparison_table
    from eval.runs import load_run

    a, b = load_run(options.a), load_run(options.b)
    found = compare(a, b)
    sys.stdout.write(comparison_json(found) if options.json else comparison_table(a, b, found))
    return 0


def _draft(options: argparse.Namespace, settings_of: Callable[[argparse.Namespace], Settings]) -> int:
    from eval.drafting import draft_command

    return draft_command(settings_of(options), options.reports, options.out, options.most, keep_all=options.all)


def _bench(options: argparse.Namespace, settings_of: Callable[[argparse.Namespace], Settings]) -> int:
    from eval.public.command import bench_command

    return bench_command(settings_of(options), options.name, limit=options.limit, as_json=options.json)


def _calibrate(options: argparse.Namespace) -> int:
    from eval.support_fit import calibrate

    return calibrate(options.runs, options.out, as_json=options.json)


def _count(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"not a number of at least 1: {text!r}")
    return int(text)


def _share(text: str) -> float:
    try:
        share = float(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"not a number: {text!r}") from error
    if not 0 <= share <= 1:
        raise argparse.ArgumentTypeError(f"not a share between 0 and 1: {text}")
    return share
