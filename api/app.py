"""The application: opens what it needs in one lifespan, lists the routes and the error table."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any

from litestar import Litestar, Response, Router
from litestar.datastructures import State
from litestar.di import Provide
from litestar.exceptions import NotFoundException
from litestar.openapi import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.plugins.pydantic import PydanticPlugin

from api.connections import Breathing, Punctual
from api.dify import retrieval
from api.doors import OwnNames, cross_origin, trusted_origins
from api.heads import Heads
from api.mount import Mount, mcp
from api.native.amending import AMENDING
from api.native.answers import ask
from api.native.documents import add_documents, coverage, document, documents, remove_document
from api.native.exports import values
from api.native.facts import facts
from api.native.feedback import give_feedback, read_feedback
from api.native.health import live, ready
from api.native.jobs import JOBS
from api.native.search import search
from api.openai.chat import chat
from api.openai.errors import HANDLERS as OPENAI_HANDLERS
from api.openai.models import model, models
from api.openai.ollama import OLLAMA
from api.openai.responses import responses
from api.openai.structured import answer_schema
from api.openai.vectors import embeddings, rerank
from api.outer import Noting
from api.serving import Serving
from api.shared.access.allowance import SharedAllowance
from api.shared.errors import HANDLERS, NotReadyError
from api.shared.guards import guard
from api.shared.keys import Keyring, keys_of
from api.shared.library import Library
from api.shared.metrics import Metrics, metrics
from api.shared.operation.reached import reached_by
from api.shared.operation.tracing import SENDING_SECONDS, Traces
from api.shared.protocols import Pipeline, PipelineFactory, ServiceOptions
from api.shared.requests import JsonRequest
from api.shared.work import MAX_ASKING, MAX_WORKERS, Workers
from api.web.browsers import for_browsers
from api.web.pages import PAGES
from api.web.reference import REFERENCE
from wenju import __version__


def create_app(
    options: ServiceOptions,
    open_pipeline: PipelineFactory,
    library: LibraryFactory | None = None,
    current: Callable[[], str | None] | None = None,
    shared: Path | None = None,
    traces: Traces | None = None,
) -> Litestar:
    """Wire the service. ``open_pipeline`` is called when the service starts, and its snapshot closed when it stops.

    ``library`` makes what can change the index, and is handed what to call after a change; without it nothing can.
    ``current`` tells the id of the snapshot that is to be served, which other processes may change; ``shared`` is the folder
    of what the processes share that serve together. ``traces`` are made of every request, and closed when it stops.
    """
    measured = Metrics(shared)
    keys = keys_of(options)
    allowance = SharedAllowance(shared / "allowances", [key.sha256 for key in keys]) if shared is not None else None
    keyring = Keyring(keys, allowance=allowance)
    app = Litestar(
        route_handlers=[
            ask,
            search,
            coverage,
            values,
            give_feedback,
            read_feedback,
            *PAGES,
            *REFERENCE,
            live,
            ready,
            facts,
            metrics,
            retrieval,
            mcp,
            _documents_router(options),
            _openai_router(options),
        ],
        dependencies={
            "pipeline": Provide(_pipeline, sync_to_thread=False),
            "workers": Provide(_workers, sync_to_thread=False),
            "options": Provide(_given(options), sync_to_thread=False),
        },
        guards=[guard],
        state=State({"keyring": keyring, "metrics": measured, "trusted_origins": trusted_origins(options)}),
        lifespan=[_lifespan(options, open_pipeline, library, current, shared, traces)],
        exception_handlers=for_browsers(HANDLERS),
        # Said here because the framework's own default overrules what a model asks for.
        plugins=[PydanticPlugin(validate_strict=True)],
        request_class=JsonRequest,
        request_max_body_size=options.max_body_bytes,
        response_headers={"X-Content-Type-Options": "nosniff"},
        cors_config=cross_origin(options),
        openapi_config=OpenAPIConfig(
            title="Wenju",
            version=__version__,
            description="Questions about government work reports, answered with the exact sentence.",
            use_handler_docstrings=True,
            operation_id_creator=lambda handler, _method, _path: handler.handler_name,
            # JSON only: the documentation pages of the framework load scripts from other hosts.
            render_plugins=[JsonRenderPlugin()],
            openapi_router=Router("/schema", route_handlers=[], include_in_schema=False, after_request=_plain_404),
        ),
        # Errors are logged where they are turned into responses; the framework would log them twice.
        logging_config=None,
    )
    app.asgi_handler = Breathing(Punctual(Heads(app.asgi_handler)))
    if keyring.open:
        # Before the routes: a name that is not the service's own gets not even a 404.
        app.asgi_handler = OwnNames(app.asgi_handler, options)
    app.asgi_handler = Noting(
        app.asgi_handler,
        measured,
        questions=options.log_questions,
        before=reached_by(options.public_url),
        traces=traces,
    )
    return app


OF_MANY_TEXTS = 8
"""Bodies of many texts (2,048 passages of a thousand characters, a chat of weeks) may be so many times as large as others."""

LibraryFactory = Callable[[Callable[[], None]], Library]


def _documents_router(options: ServiceOptions) -> Router:
    """The routes of the reports, which take larger bodies than questions are."""
    handlers = [documents, document, add_documents, remove_document, *AMENDING, *JOBS]
    return Router("/", route_handlers=handlers, request_max_body_size=options.max_upload_bytes)


def _openai_router(options: ServiceOptions) -> Router:
    """The routes that OpenAI's clients call, which read errors in an envelope of their own."""
    # A chat brings all that was said in it, pictures among it.
    many = Router(
        "/",
        route_handlers=[chat, responses, *OLLAMA, embeddings, rerank],
        request_max_body_size=OF_MANY_TEXTS * options.max_body_bytes,
    )
    return Router(
        "/",
        route_handlers=[models, model, answer_schema, many],
        exception_handlers=OPENAI_HANDLERS,
    )


def _workers(state: State) -> Workers:
    workers: Workers = state.workers
    return workers


def _given(options: ServiceOptions) -> Callable[[], ServiceOptions]:
    def given() -> ServiceOptions:
        return options

    return given


def _pipeline(state: State) -> Pipeline:
    pipeline: Pipeline | None = state.get("pipeline")
    if pipeline is None:
        raise NotReadyError
    return pipeline


def _lifespan(
    options: ServiceOptions,
    open_pipeline: PipelineFactory,
    library: LibraryFactory | None,
    current: Callable[[], str | None] | None,
    shared: Path | None,
    traces: Traces | None,
) -> Callable[[Litestar], AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def lifespan(app: Litestar) -> AsyncIterator[None]:
        # Handlers marked `sync_to_thread` run here, so that computing never holds the loop and never floods the host.
        workers = Workers(MAX_WORKERS if options.embedding_url is None else MAX_ASKING)
        asyncio.get_running_loop().set_default_executor(workers.computing)
        app.state.workers = workers
        app.state.mount = Mount(options, app.state)
        serving = Serving(app.state, open_pipeline, current, shared)
        if library is not None:
            app.state.library = library(serving.changed)
        watching = asyncio.create_task(serving.watch())
        try:
            yield
        finally:
            watching.cancel()
            await app.state.mount.close()
            del app.state.pipeline
            workers.close()
            serving.pipeline.snapshot.close()
            if traces is not None:
                traces.close(SENDING_SECONDS)

    return lifespan


async def _plain_404(response: Response[Any]) -> Response[Any]:
    """Replace the page that the framework answers unknown paths below /schema with; ours are problem details."""
    if response.status_code == 404:
        raise NotFoundException
    return response
