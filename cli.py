"""The command line: parses, calls one function, prints."""

from __future__ import annotations

import argparse
import csv
import dataclasses
import datetime as dt
import json
import math
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from eval.arguments import add_eval, join_tool
from index.commands import add_library
from index.errors import WenjuError
from wenju import __version__

if TYPE_CHECKING:
    from rag.pipeline import AnswerPipeline
    from rag.types import Answer, Citation
    from settings import Settings


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command. 0 on success, 1 on failure with one line on standard error, 2 on bad usage."""
    parser = _parser()
    options = parser.parse_args(join_tool(sys.argv[1:] if arguments is None else arguments))
    try:
        return int(options.run(options))
    except WenjuError as error:
        print(f"wenju: {error}", file=sys.stderr)
        return 1
    except BrokenPipeError:
        # The reader of a pipe has gone; there is nobody left to tell.
        sys.stderr.close()
        return 0
    except OSError as error:
        print(f"wenju: {error.filename or 'file system'}: {error.strerror or error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("wenju: interrupted", file=sys.stderr)
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="wenju", description="Ask government work reports, and be shown the evidence."
    )
    parser.add_argument("--version", action="version", version=f"wenju {__version__}", help="print the version")
    shared = argparse.ArgumentParser(add_help=False)
    shared.add_argument("--index", type=Path, help="folder of the index (WENJU_INDEX, default .wenju)")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    _add_asking(commands, shared)
    _add_serving(commands, shared)
    doctor = commands.add_parser(
        "doctor", parents=[shared], help="what a service here needs: good, or what to do, a line each"
    )
    doctor.set_defaults(run=_doctor)

    add_eval(commands, shared, _settings)
    _add_looking(commands, shared)
    return parser


def _add_asking(commands: Any, shared: argparse.ArgumentParser) -> None:
    """What a newcomer types: ingest, ask, search."""
    ingest = commands.add_parser("ingest", parents=[shared], help="add report files or folders to the index")
    ingest.add_argument("paths", nargs="*", type=Path, metavar="PATH", help="a report file, or a folder of them")
    ingest.add_argument(
        "--bundled", action="store_true", help="add the five reports that come with Wenju, to try it with"
    )
    ingest.add_argument("--replace", action="store_true", help="forget what was ingested before")
    ingest.add_argument(
        "--wait", type=_seconds, metavar="SECONDS",
        help="how long to wait while another process changes the index (default 600)",
    )  # fmt: skip
    ingest.add_argument("--follow-links", action="store_true", help="follow links that lead out of a given folder")
    ingest.add_argument("--verbose", action="store_true", help="say in one line what became of each file")
    ingest.set_defaults(run=_ingest, usage=ingest.error)

    ask = commands.add_parser("ask", parents=[shared], help="ask a question")
    ask.add_argument("question", metavar="QUESTION", help="in Chinese or English, quoted")
    ask.add_argument("--json", action="store_true", help="print the whole answer object")
    ask.add_argument("--history", action="append", default=[], metavar="Q", help="an earlier question, oldest first")
    ask.add_argument(
        "--as-of", type=_date, metavar="DATE", help="the day by which 今年 and 去年 are read (default today)"
    )
    ask.add_argument("--generator", default="extractive", help="who words the answer: extractive, passages, openai, …")
    ask.set_defaults(run=_ask)

    search = commands.add_parser("search", parents=[shared], help="find passages, with every signal's score")
    search.add_argument("query", metavar="QUERY", help="words to look for; place and time among them restrict")
    search.add_argument("--json", action="store_true", help="print the hits as JSON")
    search.add_argument(
        "--top-k", type=int, default=5, choices=range(1, 51), metavar="1-50", help="how many hits at most (default 5)"
    )
    search.set_defaults(run=_search)


def _add_serving(commands: Any, shared: argparse.ArgumentParser) -> None:
    serve = commands.add_parser(
        "serve", parents=[shared], help="serve HTTP and the page", epilog=_settings_help(),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip
    serve.add_argument("--host", help="interface to listen on (WENJU_HOST, default 127.0.0.1)")
    serve.add_argument("--port", type=int, help="port to listen on (WENJU_PORT, default 8000)")
    serve.add_argument("--workers", type=int, help="processes that serve (WENJU_WORKERS, default 1)")
    serve.add_argument("--insecure", action="store_true", default=None, help="serve other machines without any key")
    serve.set_defaults(run=_serve)

    mcp = commands.add_parser(
        "mcp", parents=[shared], help="serve the Model Context Protocol on standard input and output"
    )
    mcp.set_defaults(run=_mcp)


def _add_looking(commands: Any, shared: argparse.ArgumentParser) -> None:
    """What shows what is held and how it was read."""
    embedding = commands.add_parser("eval-embedding", help="measure an embedding model on public benchmarks")
    embedding.add_argument("--model", help="wenju-embed, wenju-e5, a folder or a hub name (WENJU_EMBEDDING_MODEL)")
    embedding.add_argument("--only", choices=("bench", "paraphrase", "speed"), help="one part of it alone")
    embedding.add_argument("--json", action="store_true", help="print the measures as JSON")
    embedding.set_defaults(run=_eval_embedding)

    coverage = commands.add_parser("coverage", parents=[shared], help="which places and periods are held")
    coverage.add_argument("--json", action="store_true", help="print them as JSON")
    coverage.set_defaults(run=_coverage)

    verify = commands.add_parser("verify", parents=[shared], help="check the snapshot and every citation")
    verify.set_defaults(run=_verify)
    add_library(commands, shared, _settings)

    facts = commands.add_parser("facts", parents=[shared], help="list figures as read from the reports")
    facts.add_argument(
        "words", nargs="*", metavar="WORD", help="a thing, a place and a year, in any order: 江苏 GDP 2020"
    )
    facts.add_argument(
        "--indicator", metavar="WORDS", help="of this thing, in any words of a question: GDP, 固定资产投资"
    )
    facts.add_argument("--region", metavar="WORDS", help="of this place, in any words of a question: 嘉定, Jiading")
    facts.add_argument("--year", type=int, metavar="YEAR", help="of this year, or of a span or a part of it")
    facts.add_argument("--status", choices=("actual", "estimate", "target"), help="results, estimates or targets alone")
    facts.add_argument("--csv", action="store_true", help="print a table with a header line")
    facts.set_defaults(run=_facts)

    audit = commands.add_parser("audit", help="what became of every number of a report: a fact, or why not")
    audit.add_argument("paths", nargs="+", type=Path, metavar="PATH", help="a report file, or a folder of them")
    audit.add_argument(
        "--list", action="store_true", help="print every number that made no fact, with the words around it"
    )
    audit.set_defaults(run=_audit)


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = math.nan
    if not 0 <= seconds < math.inf:
        raise argparse.ArgumentTypeError(f"not a number of seconds: {text!r}")
    return seconds


def _date(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"not an ISO date: {text!r}") from error


def _settings_help() -> str:
    from settings import Settings

    lines = ["settings (environment variables, or lines of a .env file in the working folder):"]
    for name, field in Settings.model_fields.items():
        default = Path(str(field.default)).name if name == "embedding_model" else field.default
        lines.append(f"  WENJU_{name.upper():<18} {field.description} (default {default})")
    return "\n".join(lines)


def _settings(options: argparse.Namespace) -> Settings:
    from pydantic import ValidationError

    from settings import Settings

    given = {
        k: getattr(options, k)
        for k in ("index", "host", "port", "insecure", "workers")
        if getattr(options, k, None) is not None
    }
    try:
        return Settings(**given)
    except ValidationError as error:
        first = error.errors()[0]
        name = "_".join(map(str, first["loc"])) or "settings"
        raise WenjuError(f"setting WENJU_{name.upper()}: {first['msg']}") from error


def _pipeline(settings: Settings) -> AnswerPipeline:
    from rag.opening import Models, open_pipeline

    models = Models.load(settings.embedding, settings.reranker_model)
    return open_pipeline(settings.held, models, settings.generating)


BUNDLED = Path(__file__).resolve().parent / "data" / "reports"
"""The reports that come with Wenju, in a checkout and in a wheel."""


def _ingest(options: argparse.Namespace) -> int:
    paths = [*options.paths, *([BUNDLED] if options.bundled else [])]
    if not paths:
        options.usage("name a report file or folder, or --bundled for the five that come with it")
    from tqdm import tqdm

    from index.ingest import Progress, ingest
    from index.lock import PATIENCE
    from index.store.embedding import load_embedder

    settings = _settings(options)
    # disable=None shows the bar on a terminal only.
    with tqdm(total=0, unit="file", disable=None, file=sys.stderr) as bar:
        progress = Progress(
            on_total=bar.reset,
            on_source=lambda source: (bar.set_postfix_str(source.name), bar.update())[0],
            on_step=bar.set_postfix_str,
            on_read=lambda read: tqdm.write(read.told, file=sys.stderr) if options.verbose else None,
        )
        report = ingest(
            paths,
            settings.held,
            load_embedder(settings.embedding),
            settings.token_vocabulary,
            settings.chunking,
            fresh=options.replace,
            patience=PATIENCE if options.wait is None else options.wait,
            follow_links=options.follow_links,
            progress=progress,
        )
    for name, cause in report.refused:
        print(f"left out: {name}: {cause}", file=sys.stderr)
    for name, twin in report.same:
        print(f"read once: {name}: the same content as {twin}", file=sys.stderr)
    for name in report.replaced:
        print(f"replaced: {name}: it was held with another content", file=sys.stderr)
    for name, note in report.notes:
        print(f"note: {name}: {note}", file=sys.stderr)
    counts = report.manifest.counts
    print(
        f"{len(report.added)} files added, {len(report.kept)} kept: {counts['documents']} documents, "
        f"{counts['sections']} sections, {counts['chunks']} chunks, {counts['facts']} facts; snapshot {report.manifest.id}"
    )
    return 0


def _ask(options: argparse.Namespace) -> int:
    from rag.types import Question

    settings = _settings(options)
    if not options.json and settings.in_a_folder and not settings.index.exists() and _wants_the_bundled(settings.index):
        _ingest(_parser().parse_args(["ingest", "--bundled", "--index", str(settings.index)]))
    pipeline = _pipeline(settings)
    answer = pipeline.answer(
        Question(
            options.question,
            options.as_of or dt.date.today(),
            tuple(options.history),
            generator=options.generator,
        )
    )
    if options.json:
        from api.native.schemas import answer_json

        print(json.dumps(answer_json(answer), ensure_ascii=False, indent=1))
    else:
        _print_answer(answer)
    return 0


def _wants_the_bundled(index: Path) -> bool:
    """Whether a person, at a terminal without an index, wants one of the reports that come with Wenju."""
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        return False
    print(f"There is no index in {index} yet. Make one of the five bundled reports? [Y/n] ", end="", file=sys.stderr)
    sys.stderr.flush()
    return sys.stdin.readline().strip().lower() in ("", "y", "yes", "是")


def _place(citation: Citation) -> str:
    """Where a quotation stands: the page or cell that a person opens, and the characters of the text."""
    page = f", page {citation.page}" if citation.page else ""
    cell = f", {citation.cell}" if citation.cell else ""
    return f"{citation.document}{page}{cell} [{citation.start}:{citation.end}]"


def _print_answer(answer: Answer) -> None:
    print(answer.answer)
    if answer.abstained and answer.reason is not None:
        print(f"({answer.reason.value})")
    for citation in answer.citations:
        path = " > ".join(citation.heading)
        print(f"\n[{citation.n}] {citation.title} {path}\n    {_place(citation)}\n    “{citation.quote}”")
    for near in answer.nearest:
        print(f"\n~ {near.text}\n    {_place(near.citation)}\n    “{near.citation.quote}”")
    for other in answer.conflicts:
        print(f"\n! {other.text}\n    {_place(other.citation)}\n    “{other.citation.quote}”")


def _search(options: argparse.Namespace) -> int:
    from rag.types import Filters

    settings = _settings(options)
    result = _pipeline(settings).search(options.query, filters=Filters(), top_k=options.top_k, asked_on=dt.date.today())
    if options.json:
        print(json.dumps(_plain(result), ensure_ascii=False, indent=1))
        return 0
    for note in result.notes:
        print(f"note: {note}")
    for hit in result.hits:
        signals = "  ".join(f"{k} {v:.3f}" for k, v in hit.signals.items())
        print(f"{hit.score:.3f}  {hit.region or '-'} {hit.period or '-'}  {hit.title}  {' > '.join(hit.heading)}")
        print(f"       {signals}\n       {hit.document} [{hit.start}:{hit.end}] {hit.text[:100]!r}")
    return 0


def _plain(value: Any) -> Any:
    return json.loads(json.dumps(dataclasses.asdict(value), default=str, ensure_ascii=False))


def _serve(options: argparse.Namespace) -> int:
    from api.server import serve

    serve(_settings(options))
    return 0


def _mcp(options: argparse.Namespace) -> int:
    from api.mount import require_mcp

    require_mcp("wenju mcp")
    from api.mcp import serve_stdio

    settings = _settings(options)
    serve_stdio(_pipeline(settings), settings.public_url or f"http://{settings.host}:{settings.port}")
    return 0


def _doctor(options: argparse.Namespace) -> int:
    from api.doctor import examine

    marks = {True: "good", None: "note", False: "MEND"}
    wrong = 0
    for found in examine(_settings(options)):
        print(f"{marks[found.good]}  {found.what}: {found.told}")
        wrong += found.good is False
    return 1 if wrong else 0


def _eval_embedding(options: argparse.Namespace) -> int:
    from eval.embedding.measure import main as evaluate

    settings = _settings(options)
    arguments = ["--shared", str(settings.shared), *(["--model", options.model] if options.model else [])]
    if options.json:
        arguments.append("--json")
    if options.only:
        arguments += ["--only", options.only]
    return evaluate(arguments, settings.embedding)


def _coverage(options: argparse.Namespace) -> int:
    coverage = _pipeline(_settings(options)).snapshot.coverage()
    if options.json:
        print(json.dumps(coverage, ensure_ascii=False, indent=1))
        return 0
    print(f"snapshot {coverage['snapshot']}")
    for row in coverage["documents"]:  # type: ignore[attr-defined]
        tells = f"results {row['review'] or '-'}  plans {row['plan'] or '-'}"
        print(
            f"{row['region'] or '-'}  {row['kind']}  {tells}  given {row['given'] or '-'}  {row['title']}  ({row['document']})"
        )
        for doubt in row["doubts"]:
            print(f"    {'contradiction' if doubt in row['contradictions'] else 'doubt'}: {doubt}")
    return 0


def _verify(options: argparse.Namespace) -> int:
    from index.store.snapshot import verify

    store = _settings(options).held
    wrong = store.verify() or verify(store.reading())
    for line in wrong:
        print(f"wenju: {line}", file=sys.stderr)
    if not wrong:
        print("the snapshot is what its manifest says, and every span is the source's text")
    return 1 if wrong else 0


def _facts(options: argparse.Namespace) -> int:
    from rag.listing import list_facts, row, slots

    snapshot = _pipeline(_settings(options)).snapshot
    said = slots(options.words, snapshot)
    found = list_facts(
        snapshot,
        indicator=options.indicator or said.indicator,
        region=options.region or said.region,
        year=options.year or said.year,
        status=options.status,
    )
    if found.note is not None:
        print(f"wenju: {found.note}", file=sys.stderr)
    names = ("region", "period", "status", "indicator", "canonical", "measure", "value", "unit", "approx", "base")
    if options.csv:
        from api.shared.tables import cell

        writer = csv.writer(sys.stdout, lineterminator="\n")
        writer.writerow((*names, "clause", "document"))
        for fact in found.facts:
            told = row(fact, snapshot)
            writer.writerow(cell(told[name]) for name in (*names, "clause", "document"))
        return 0
    for fact in found.facts:
        told = row(fact, snapshot)
        print("  ".join(str(told[name] or "-") for name in names), f" “{fact.clause}”")
    return 0


def _audit(options: argparse.Namespace) -> int:
    from index.audit import audit
    from index.text.sources import find_files, read_source
    from index.words.regions import Gazetteer

    gazetteer = Gazetteer.load()
    for name, path in find_files(options.paths):
        source, _ = read_source(name, path)
        for report in audit(source, gazetteer):
            total, facts = len(report.numbers), report.count("fact")
            figures = facts + report.count("figure")
            print(f"{name}: {report.document.title}: {total} numbers, {figures} figures, {facts} became facts")
            for outcome, reason, count in report.reasons():
                print(f"  {count:>5} {'no fact' if outcome == 'figure' else 'no figure'}: {reason}")
            if options.list:
                for fate in report.numbers:
                    if fate.outcome != "fact":
                        print(f"    {fate.written} [{fate.reason}] …{fate.context}…")
    return 0
