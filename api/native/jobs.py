"""``/v1/jobs``: files that are taken in while nobody waits; how far it is and what became of them can be looked up by anyone."""

from __future__ import annotations

import logging
from http import HTTPStatus
from typing import Any, Literal

from litestar import Request, Response, delete, get, post
from litestar.datastructures import State
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.params import FromPath, SkipValidation
from pydantic import BaseModel

from api.native.document_schemas import FileRefused, IngestOut
from api.native.documents import UploadOperation, library_of, uploads_of
from api.shared.errors import ConflictError, described, status_of
from api.shared.guards import INGEST
from api.shared.library import Library, Upload
from api.shared.operation import jobs as records
from api.shared.operation.jobs import Job, Jobs, Running
from api.shared.protocols import Pipeline, ServiceOptions
from api.shared.work import Workers
from index.errors import NothingUsableError, WenjuError
from index.ingest import Progress
from index.store.embedding import Embedder

_logger = logging.getLogger("wenju.api")

MOST_LISTED = 50


class ProblemOfJob(BaseModel):
    """Why a job failed, as ``POST /v1/documents`` would have answered."""

    status: int
    detail: str


class JobOut(BaseModel):
    """A change of the index. ``done`` of ``total`` files are read, those that are held already among them.

    ``result`` is there once it is ``done``; of a job that ``failed``, ``problem`` says why and ``refused`` which files could not
    be used. ``lost`` is one whose process was ended: nothing was changed, send the files again.
    """

    id: str
    state: Literal["waiting", "reading", "writing", "done", "failed", "lost"]
    files: list[str]
    begun: str
    changed: str
    done: int
    total: int
    result: IngestOut | None
    refused: list[FileRefused]
    problem: ProblemOfJob | None

    @classmethod
    def of(cls, job: Job) -> JobOut:
        result = IngestOut.model_validate(job.result) if job.result is not None else None
        problem = ProblemOfJob.model_validate(job.problem) if job.problem is not None else None
        refused = result.refused if result is not None else []
        if job.problem is not None:
            refused = [FileRefused(file=name, cause=cause) for name, cause in job.problem.get("refused", ())]
        return cls(
            id=job.id,
            state=job.state.value,
            files=list(job.files),
            begun=job.begun,
            changed=job.changed,
            done=job.done,
            total=job.total,
            result=result,
            refused=refused,
            problem=problem,
        )


class JobsOut(BaseModel):
    """The newest changes first."""

    jobs: list[JobOut]


_NOT_FOUND = described(HTTPStatus.NOT_FOUND, HTTPStatus.UNPROCESSABLE_ENTITY)


@post(
    "/v1/jobs",
    operation_class=UploadOperation,
    status_code=HTTPStatus.ACCEPTED,
    opt=INGEST,
    responses=described(
        HTTPStatus.BAD_REQUEST, HTTPStatus.REQUEST_ENTITY_TOO_LARGE, HTTPStatus.UNPROCESSABLE_ENTITY,
        HTTPStatus.NOT_IMPLEMENTED, HTTPStatus.SERVICE_UNAVAILABLE,
    ),
)  # fmt: skip
async def begin_job(
    request: Request[Any, Any, Any],
    pipeline: NamedDependency[SkipValidation[Pipeline]],
    workers: NamedDependency[SkipValidation[Workers]],
    options: NamedDependency[SkipValidation[ServiceOptions]],
    state: State,
) -> Response[JobOut]:
    """Add report files as ``POST /v1/documents`` does, without waiting: the answer names the job that tells what becomes of them."""
    library = library_of(state)
    uploads = await uploads_of(request)
    running = Jobs(options.index).begin(tuple(each.name for each in uploads))
    embedder = pipeline.embedder
    try:
        # Nobody waits for it: whoever leaves takes nothing with them.
        workers.changing.enter(lambda: _add(running, library, uploads, embedder))
    except WenjuError:
        Jobs(options.index).forget(running.job.id)
        raise
    headers = {"Location": f"/v1/jobs/{running.job.id}"}
    return Response(JobOut.of(running.job), status_code=HTTPStatus.ACCEPTED, headers=headers)


def _add(running: Running, library: Library, uploads: list[Upload], embedder: Embedder) -> None:
    def read(_: object) -> None:
        done = running.job.done + 1
        running.tell(done=done, state=records.State.READING if done < running.job.total else records.State.WRITING)

    progress = Progress(on_total=lambda total: running.tell(total=total, state=records.State.READING), on_source=read)
    try:
        report = library.add(uploads, embedder, progress)
    except Exception as error:
        status = status_of(error)
        if status is None:
            _logger.error("the job %s failed", running.job.id, exc_info=error)
        told = str(error) if status is not None else "the service failed on this request; its log says why"
        refused = error.refused if isinstance(error, NothingUsableError) else ()
        running.tell(state=records.State.FAILED, problem={"status": status or 500, "detail": told, "refused": refused})
    else:
        running.tell(state=records.State.DONE, result=IngestOut.of(report).model_dump())


@get("/v1/jobs", sync_to_thread=True, opt=INGEST)
def list_jobs(options: NamedDependency[SkipValidation[ServiceOptions]]) -> JobsOut:
    """List the newest changes that were asked for by ``POST /v1/jobs``, whoever asked for them."""
    return JobsOut(jobs=[JobOut.of(each) for each in Jobs(options.index).all()[:MOST_LISTED]])


@get("/v1/jobs/{job_id:str}", sync_to_thread=True, opt=INGEST, responses=_NOT_FOUND)
def show_job(job_id: FromPath[str], options: NamedDependency[SkipValidation[ServiceOptions]]) -> JobOut:
    """Tell how far a job is, and what became of its files."""
    return JobOut.of(_found(options, job_id))


@delete("/v1/jobs/{job_id:str}", sync_to_thread=True, opt=INGEST, responses=_NOT_FOUND | described(HTTPStatus.CONFLICT))
def forget_job(job_id: FromPath[str], options: NamedDependency[SkipValidation[ServiceOptions]]) -> None:
    """Take the record of a job that has ended off the list; its reports stay."""
    if not _found(options, job_id).state.ended:
        raise ConflictError("the job is still on its way")
    Jobs(options.index).forget(job_id)


def _found(options: ServiceOptions, job_id: str) -> Job:
    job = Jobs(options.index).get(job_id)
    if job is None:
        raise NotFoundException(f"no job has the id {job_id!r}; GET /v1/jobs lists them")
    return job


JOBS = (begin_job, list_jobs, show_job, forget_job)
"""Every route of this file."""
