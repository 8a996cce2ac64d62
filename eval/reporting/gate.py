"""The gate of this repository: every question about its own reports, each held to the answer that the baseline has of it.

A question falls alone: a category that stands as a whole hides what was lost for what was won.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec
from tqdm import tqdm

from eval.cases import Case, read_cases
from eval.corpora import ReportSet, own_report_sets, set_name
from eval.harness import EXTRACTIVE, judge
from eval.reporting.gates import PROMISES
from eval.results import Result
from eval.runs import RunError
from eval.services import InProcess
from index.ingest import ingest
from index.store.embedding import BUILT_IN_MODEL, load_embedder
from index.text.chunking import ChunkOptions
from index.text.counting import DEFAULT_VOCABULARY
from rag.opening import open_pipeline

BASELINE = Path(__file__).parents[1] / "baselines" / "gate.jsonl"


@dataclass(frozen=True, slots=True)
class Kept:
    """One question as the baseline has it. ``broken`` are the promises that its answer breaks."""

    id: str
    question: str
    right: bool
    answer: str
    broken: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Fall:
    """A question that was right and is not, or whose answer breaks a promise that it kept."""

    id: str
    question: str
    what: str
    before: str
    now: str


def falls(baseline: Iterable[Kept], now: Iterable[Kept]) -> list[Fall]:
    """What is worse than in the baseline. Raises RunError where other questions are asked."""
    before, after = ({kept.id: kept for kept in each} for each in (baseline, now))
    for name in before.keys() | after.keys():
        one, other = before.get(name), after.get(name)
        if one is None or other is None or one.question != other.question:
            raise RunError(f"{name}: the baseline asks other questions; make it anew with `make baseline`")
    found = []
    for name, kept in before.items():
        lost = ["right"] if kept.right and not after[name].right else []
        lost += [promise for promise in after[name].broken if promise not in kept.broken]
        if lost:
            found.append(Fall(name, kept.question, ", ".join(lost), kept.answer, after[name].answer))
    return found


def kept_of(of: str, result: Result) -> Kept:
    """What the baseline has of a judged answer to a question of the set ``of``."""
    broken = tuple(name for name, breaks in PROMISES.items() if breaks(result))
    return Kept(f"{of} {result.id}", result.question, result.right, result.answer, broken)


def load_baseline(path: Path | None = None) -> tuple[Kept, ...]:
    """The kept baseline. Raises RunError."""
    path = path or BASELINE
    try:
        lines = path.read_bytes().splitlines()
        return tuple(msgspec.json.decode(line, type=Kept) for line in lines)
    except OSError as error:
        raise RunError(f"{path}: {error.strerror or error}; the gate stands in a checkout only") from error
    except msgspec.MsgspecError as error:
        raise RunError(f"{path}: not a baseline of the gate: {error}") from error


def save_baseline(kept: Sequence[Kept], path: Path) -> None:
    """A line for each question, so that a version control shows which answers moved."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"".join(msgspec.json.encode(each) + b"\n" for each in kept))


def ask_all(on_step: Callable[[], None] = lambda: None) -> Iterator[Kept]:
    """Read our reports into indexes of a temporary folder and ask all questions about them."""
    embedder = load_embedder(str(BUILT_IN_MODEL))
    for each in own_report_sets():
        with tempfile.TemporaryDirectory() as folder:
            ingest(list(each.reports), Path(folder), embedder, DEFAULT_VOCABULARY, ChunkOptions())
            pipeline = open_pipeline(Path(folder), str(BUILT_IN_MODEL))
            try:
                for of, case in _cases(each):
                    yield kept_of(of, _asked(InProcess(pipeline), case))
                    on_step()
            finally:
                pipeline.close()


def _cases(reports: ReportSet) -> list[tuple[str, Case]]:
    return [(set_name(path), case) for path in reports.questions for case in read_cases(path)]


def _asked(service: InProcess, case: Case) -> Result:
    """Judged without a search: the gate is about answers, and has a minute for all of them."""
    reply = service.ask(case, generator=EXTRACTIVE, explain=False)
    verbatim = tuple(service.source(c.document_id, c.start, c.end) == c.quote for c in reply.citations)
    return judge(case, reply, (), verbatim, milliseconds=0.0, replayed=None, retrieved=False)


def gate_command(*, anew: bool) -> int:
    """Print what fell, with both answers, and exit 1; or keep what is answered now as the baseline. Raises RunError."""
    baseline = () if anew else load_baseline()
    total = sum(len(_cases(each)) for each in own_report_sets())
    with tqdm(total=total, unit="question", disable=None, file=sys.stderr) as bar:
        now = tuple(ask_all(bar.update))
    right = sum(kept.right for kept in now)
    if anew:
        save_baseline(now, BASELINE)
        sys.stdout.write(f"baseline: {right} of {len(now)} right\n")
        return 0
    fallen = falls(baseline, now)
    was = {kept.id for kept in baseline if kept.right}
    gained = [kept.id for kept in now if kept.right and kept.id not in was]
    sys.stdout.write(f"gate: {right} of {len(now)} right, {len(was)} in the baseline; {len(fallen)} fell\n")
    if gained:
        sys.stdout.write(f"right now and not in the baseline (keep them with `make baseline`): {', '.join(gained)}\n")
    sys.stderr.write("".join(map(_told, fallen)))
    return 1 if fallen else 0


def _told(fall: Fall) -> str:
    return f"wenju: gate: {fall.id} ({fall.what}): {fall.question}\n  before  {fall.before}\n  now     {fall.now}\n"
