"""What is measured: every rule as it is used, a file from its bytes to its facts, a question from its words to its answer."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from api.openai.tasks import reply_to_task
from api.openai.wrapped import question_in
from eval.corpora import report_sets
from index.build import read_documents
from index.errors import SourceError
from index.ingest import ingest
from index.store.embedding import BUILT_IN_MODEL, load_embedder
from index.text.chunking import ChunkOptions
from index.text.counting import TokenCounter
from index.text.sources import decode_source
from index.words.regions import Gazetteer
from rag.opening import open_pipeline
from rag.pipeline import AnswerPipeline
from rag.types import Question
from settings import Settings

Call = Callable[[], object]

HEAD = "临江县政府工作报告\n2021年1月9日在临江县第十届人民代表大会上\n县长 林远山\n各位代表:\n一、2020年工作回顾\n"
"""Before a hostile text, so that it is read as a report: figures are read in nothing else."""
_DAY = dt.date(2024, 1, 1)
MOST_HISTORY = 20


@cache
def _counter() -> TokenCounter:
    return TokenCounter(Settings(_env_file=None).token_vocabulary)


def file_of(text: str) -> Call:
    """Reading a text file: its bytes, its source, all that is read of it; or refusing it."""
    data = (HEAD + text).encode()

    def read() -> object:
        try:
            source = decode_source("report.txt", data)
        except SourceError as error:
            return error
        return list(read_documents(source, Gazetteer.load(), _counter(), ChunkOptions()))

    return read


@contextmanager
def bundled() -> Iterator[AnswerPipeline]:
    """A pipeline over the bundled reports, all of it loaded."""
    settings = Settings(_env_file=None)
    corpus = next(each for each in report_sets(Path()) if each.name == "bundled")
    with tempfile.TemporaryDirectory() as index:
        embedder = load_embedder(str(BUILT_IN_MODEL))
        ingest(corpus.reports, Path(index), embedder, settings.token_vocabulary, settings.chunking)
        pipeline = open_pipeline(Path(index), str(BUILT_IN_MODEL))
        pipeline.warm()
        # Homophones are looked up the first time that a word is unknown.
        pipeline.answer(Question("粮食产凉多少", _DAY))
        yield pipeline
        pipeline.close()


def question_of(pipeline: AnswerPipeline, text: str, *, history: bool) -> Call:
    """Asking a text, alone or as the last of twenty-one of its kind."""
    asked = Question(text if text.strip() else "?", _DAY, (text,) * MOST_HISTORY if history else ())
    return lambda: pipeline.answer(asked)


def chat_of(text: str, role: str) -> Call:
    """What is read of a chat on the event loop before anything is asked: a text as its last message, or as its instructions."""
    turns = [(role, text), *([("user", "x")] if role == "system" else [])]
    return lambda: (reply_to_task(turns), question_in(turns[-1][1]))


def memory_of(piece: str, megabytes: int) -> tuple[int, int]:
    """Most memory of a process that reads a small file of a piece over and over, and of one that reads so many MB, in MiB."""
    small, large = (_peak(piece, size) for size in (1000, megabytes * 1024 * 1024))
    return small, large


def _peak(piece: str, size: int) -> int:
    times = (size - 400) // len(piece)
    program = (
        "import resource; from benchmarks.growth.readers import file_of; "
        f"file_of({piece!r} * {times})(); print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"
    )
    told = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    return int(told.stdout.split()[-1]) // 1024
