"""The service over the small pipeline of ``fakes``."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from litestar import Litestar
from litestar.testing import TestClient

from api.app import create_app
from tests.api.fakes import FakePipeline, FakeSettings


@pytest.fixture
def pipeline() -> FakePipeline:
    return FakePipeline()


@pytest.fixture
def client(pipeline: FakePipeline) -> Iterator[TestClient[Litestar]]:
    with TestClient(create_app(FakeSettings(), lambda: pipeline), raise_server_exceptions=False) as client:
        yield client
