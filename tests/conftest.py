"""The real reports, indexed once per session with the built-in model, and the pipeline over them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from index.ingest import ingest
from index.store.embedding import BUILT_IN_MODEL, Embedder, load_embedder
from index.store.snapshot import IndexSnapshot
from index.text.chunking import ChunkOptions
from index.text.counting import DEFAULT_VOCABULARY
from rag.opening import open_pipeline
from rag.pipeline import AnswerPipeline
from tests.serving import Service, serving

ROOT = Path(__file__).parents[1]
REPORTS = ROOT / "data" / "reports"

# The same examples on every machine, and none fails for being slow there.
settings.register_profile("wenju", deadline=None, derandomize=True)
settings.load_profile("wenju")


@pytest.fixture(scope="session")
def embedder() -> Embedder:
    """The built-in model."""
    return load_embedder(str(BUILT_IN_MODEL))


@pytest.fixture(scope="session")
def snapshot_folder(tmp_path_factory: pytest.TempPathFactory, embedder: Embedder) -> Path:
    """An index folder that holds the five reports of ``data/reports``; no test may change it."""
    root = tmp_path_factory.mktemp("index")
    ingest([REPORTS], root, embedder, DEFAULT_VOCABULARY, ChunkOptions())
    return root


@pytest.fixture(scope="session")
def pipeline_of_reports(snapshot_folder: Path) -> Iterator[AnswerPipeline]:
    pipeline = open_pipeline(snapshot_folder, str(BUILT_IN_MODEL))
    yield pipeline
    pipeline.close()


@pytest.fixture
def pipeline(pipeline_of_reports: AnswerPipeline) -> AnswerPipeline:
    """The pipeline over the real reports; ``tests/api`` puts a small one in its place."""
    return pipeline_of_reports


@pytest.fixture(scope="session")
def snapshot(pipeline_of_reports: AnswerPipeline) -> IndexSnapshot:
    return pipeline_of_reports.snapshot


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of shared data; without it what compares with it is skipped."""
    folder = Path(os.environ.get("WENJU_SHARED", ROOT.parent / "shared"))
    if not folder.is_dir():
        pytest.skip(f"no shared data at {folder} (WENJU_SHARED)")
    return folder


def pytest_configure(config: pytest.Config) -> None:
    # pytest-socket, where it is installed, is told by this mark; without it the mark must be known all the same.
    config.addinivalue_line("markers", "enable_socket: the test opens sockets of this machine")


@pytest.fixture(scope="session")
def service(snapshot_folder: Path) -> Iterator[Service]:
    """``wenju serve`` over the real reports, in a process of its own."""
    with serving(snapshot_folder) as service:
        yield service
