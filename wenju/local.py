"""Answers in this process, from an index folder: no service, no connection."""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

import msgspec

from wenju.answers import Answer, Coverage, Facts, Ingested, Report, SearchResult, Understood, decoded
from wenju.engine import ROOT, share_the_path
from wenju.errors import IndexUnusableError, QuestionError, WenjuError
from wenju.wire import Event, Filters, Kind, Language, Status, iso

if TYPE_CHECKING:
    from rag.pipeline import AnswerPipeline
    from rag.types import Filters as AskedFilters
    from settings import Settings

__all__ = ["Wenju", "bundled_reports"]


def bundled_reports() -> Path:
    """The folder of the five reports that come with Wenju, to try it with: ``Wenju.build(bundled_reports(), index=…)``."""
    return ROOT / "data" / "reports"


class Wenju:
    """An opened index. Threads may share it; what others ingest it does not see, so open it again after that.

    Every method raises QuestionError for what is wrong with a request. The settings of the command line hold here too
    (``WENJU_*`` variables, a ``.env`` file), and stand back behind what is given by name: ``embedding_model="wenju-e5"``.
    """

    def __init__(self, pipeline: AnswerPipeline, settings: Settings, ingested: Ingested | None = None) -> None:
        """Use ``open`` or ``build``."""
        self._pipeline = pipeline
        self._settings = settings
        self.ingested = ingested
        """What became of every file; None where the index was there before."""

    @classmethod
    def open(cls, index: str | Path | None = None, **settings: Any) -> Self:
        """Open the index in a folder (``WENJU_INDEX``, or ``.wenju``). Raises IndexUnusableError, and WenjuError."""
        with _translated():
            chosen = _settings(index, settings)
            return cls(_opened(chosen), chosen)

    @classmethod
    def build(
        cls,
        paths: str | Path | Iterable[str | Path],
        index: str | Path | None = None,
        *,
        replace: bool = False,
        progress: bool | None = None,
        **settings: Any,
    ) -> Self:
        """Add report files or folders to the index in a folder, made if need be, and open it.

        ``replace`` forgets what was there; ``progress`` shows a bar, as None on a terminal only. What could not be read is in
        ``.ingested``. Raises WenjuError where nothing could be used; the last good snapshot then stays.
        """
        listed = [paths] if isinstance(paths, str | Path) else list(paths)
        with _translated():
            chosen = _settings(index, settings)
            ingested = _ingested([Path(each) for each in listed], chosen, replace, progress)
            return cls(_opened(chosen), chosen, ingested)

    def __repr__(self) -> str:
        return f"{type(self).__name__}(snapshot {self.snapshot})"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the index."""
        self._pipeline.close()

    @property
    def snapshot(self) -> str:
        """The id of what is asked; the same id, question and options give the same answer."""
        return self._pipeline.snapshot.id

    def ask(
        self,
        question: str,
        *,
        history: Sequence[str] = (),
        as_of: dt.date | str | None = None,
        filters: Filters | None = None,
        language: Language = "auto",
        generator: str = "extractive",
        top_k: int = 8,
        explain: bool = False,
    ) -> Answer:
        """Answer a question, or say why not.

        ``history`` are earlier questions, oldest first; ``as_of`` is the day by which 今年 and 去年 are read (today).
        """
        options: dict[str, Any] = {"language": language, "generator": generator, "top_k": top_k, "explain": explain}
        *_, answer = self._told(question, history, as_of, filters, **options)
        assert isinstance(answer, Answer)
        return answer

    def stream(
        self,
        question: str,
        *,
        history: Sequence[str] = (),
        as_of: dt.date | str | None = None,
        filters: Filters | None = None,
        language: Language = "auto",
        generator: str = "extractive",
        top_k: int = 8,
    ) -> Iterator[Event]:
        """The question as understood, pieces of the text (checked before they are told), and the whole answer."""
        return self._told(question, history, as_of, filters, language=language, generator=generator, top_k=top_k)

    def search(
        self, query: str, *, top_k: int = 8, filters: Filters | None = None, as_of: dt.date | str | None = None
    ) -> SearchResult:
        """Passages, best first. A filter's value that is not held is an error, not an empty result."""
        with _translated():
            found = self._pipeline.search(query, filters=_filters(filters), top_k=top_k, asked_on=_day(as_of))
            return decoded({**msgspec.to_builtins(found), "snapshot": self.snapshot}, SearchResult)

    def facts(
        self,
        indicator: str | None = None,
        region: str | None = None,
        *,
        year: int | None = None,
        status: Status | None = None,
        document: str | None = None,
        limit: int | None = None,
        offset: int = 0,
    ) -> Facts:
        """Figures as read from the reports; indicator and place in any words that a question may use (GDP, 江苏)."""
        with _translated():
            from rag.listing import list_facts, row

            snapshot = self._pipeline.snapshot
            found = list_facts(
                snapshot, indicator=indicator, region=region, year=year, status=status, document=document
            )
            rows = [row(each, snapshot) for each in found.facts[offset : None if limit is None else offset + limit]]
            told = {"facts": rows, "total": len(found.facts), "snapshot": snapshot.id, "note": found.note}
            return decoded(told, Facts)

    def coverage(self) -> Coverage:
        """Which reports are held, and of which places and periods they speak."""
        return decoded(self._pipeline.snapshot.coverage(), Coverage)

    def correct(
        self, document_id: str, *, region: str | None = None, year: int | None = None, kind: Kind | None = None
    ) -> tuple[Report, ...]:
        """Say what place, year or kind a report is of: it is read anew as that, and this object answers from what was read.

        What is None is as it is read, all of it the way back. Gives the reports of its file as they are now; ``corrected``
        tells what had been read. Raises QuestionError for an unknown id.
        """
        found = self._pipeline.snapshot.document(document_id)
        if found is None:
            raise QuestionError("document_id", f"no report has the id {document_id!r}")
        with _translated():
            _correct(self._settings, found.id, region, year, kind)
            # What still answers from the index before goes on with it: nothing that it needs is closed under it.
            self._pipeline = _opened(self._settings)
        return tuple(each for each in self.coverage() if each.document == found.source)

    def report_text(self, document_id: str) -> str:
        """A report's text as it stands in its file. Raises QuestionError for an unknown id."""
        snapshot = self._pipeline.snapshot
        found = snapshot.document(document_id)
        if found is None:
            raise QuestionError("document_id", f"no report has the id {document_id!r}")
        return found.span.of(snapshot.sources[found.source].text)

    def _told(
        self,
        question: str,
        history: Sequence[str],
        as_of: dt.date | str | None,
        filters: Filters | None,
        **options: Any,
    ) -> Iterator[Event]:
        with _translated():
            from rag.types import Answer as Told
            from rag.types import Question

            asked = Question(question, _day(as_of), tuple(history), _filters(filters), **options)
            for piece in self._pipeline.stream(asked):
                if isinstance(piece, str):
                    yield piece
                elif isinstance(piece, Told):
                    yield _answer(piece, explain=asked.explain)
                else:
                    yield decoded(msgspec.to_builtins(piece), Understood)


def _answer(told: Any, *, explain: bool) -> Answer:
    data = msgspec.to_builtins(told)
    for name in ("nearest", "conflicts"):
        data[name] = [{**each["citation"], "text": each["text"]} for each in data[name]]
    prompt, completion = data["prompt_tokens"], data["completion_tokens"]
    usage = {"prompt_tokens": prompt, "completion_tokens": completion, "total_tokens": prompt + completion}
    shown: dict[str, Any] = {} if explain else {"timings_ms": {}, "trace": None}
    return decoded({**data, "usage": usage, **shown}, Answer)


def _day(as_of: dt.date | str | None) -> dt.date:
    told = iso(as_of)
    return dt.date.today() if told is None else dt.date.fromisoformat(told)


def _filters(given: Filters | None) -> AskedFilters:
    from rag.types import Filters as AskedFilters

    try:
        return AskedFilters(**{name: tuple(values) for name, values in (given or {}).items()})  # type: ignore[arg-type]
    except TypeError as error:
        raise QuestionError("filters", "may hold regions, years and documents, each a list") from error


def _settings(index: str | Path | None, given: dict[str, Any]) -> Settings:
    from settings import Settings

    chosen: dict[str, Any] = given if index is None else {**given, "index": Path(index)}
    return Settings(**chosen)


def _opened(settings: Settings) -> AnswerPipeline:
    from rag.opening import Models, open_pipeline

    models = Models.load(settings.embedding, settings.reranker_model)
    return open_pipeline(settings.held, models, settings.generating)


def _ingested(paths: list[Path], settings: Settings, replace: bool, progress: bool | None) -> Ingested:
    from tqdm import tqdm

    from index.ingest import Progress, ingest
    from index.store.embedding import load_embedder

    with tqdm(total=0, unit="file", disable=None if progress is None else not progress, file=sys.stderr) as bar:
        report = ingest(
            paths,
            settings.held,
            load_embedder(settings.embedding),
            settings.token_vocabulary,
            settings.chunking,
            fresh=replace,
            progress=Progress(bar.reset, lambda source: (bar.set_postfix_str(source.name), bar.update())[0], bar.set_postfix_str),
        )  # fmt: skip
    return Ingested(
        report.added, report.kept, report.same, report.refused, report.notes, dict(report.manifest.counts), report.manifest.id,
        report.replaced,
    )  # fmt: skip


def _correct(settings: Settings, document_id: str, region: str | None, year: int | None, kind: str | None) -> None:
    """Raises QuestionError for what the service's route refuses too."""
    from index.amend import Amending
    from index.store.embedding import load_embedder
    from index.types import CORRECTABLE_YEARS, LONGEST_PLACE
    from index.types import Kind as DocumentKind

    if region is not None and not 1 <= len(region.strip()) <= LONGEST_PLACE:
        raise QuestionError("region", f"must have 1 to {LONGEST_PLACE} characters")
    if year is not None and year not in CORRECTABLE_YEARS:
        raise QuestionError("year", f"must be from {CORRECTABLE_YEARS[0]} to {CORRECTABLE_YEARS[-1]}")
    if kind is not None and kind not in set(DocumentKind):
        raise QuestionError("kind", f"must be one of {', '.join(DocumentKind)}")
    amending = Amending(settings.held, load_embedder(settings.embedding), settings.token_vocabulary, settings.chunking)
    told = None if kind is None else DocumentKind(kind)
    amending.correct(document_id, region=region and region.strip(), year=year, kind=told)


@contextmanager
def _translated() -> Iterator[None]:
    """The engine on the path, and its errors as those that a service's client raises too."""
    share_the_path()
    from pydantic import ValidationError

    from index.errors import SnapshotError
    from index.errors import WenjuError as EngineError
    from rag.errors import QuestionError as Refused

    try:
        yield
    except Refused as error:
        raise QuestionError(error.field, error.message) from error
    except SnapshotError as error:
        raise IndexUnusableError(str(error)) from error
    except EngineError as error:
        raise WenjuError(str(error)) from error
    except ValidationError as error:
        first = error.errors()[0]
        name = "_".join(map(str, first["loc"])) or "settings"
        raise WenjuError(f"setting WENJU_{name.upper()}: {first['msg']}") from error
