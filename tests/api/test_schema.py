"""Requests made up from the OpenAPI schema, right and wrong ones, against the running service: no defect answers."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, Phase, given, settings

from tests.serving import Service, serving

schemathesis = pytest.importorskip("schemathesis", reason="schemathesis is not installed")

pytestmark = pytest.mark.enable_socket

EXAMPLES = 15
"""For each of the operations; more are a matter of patience: see docs/clients.md."""


@pytest.fixture(scope="module")
def own(snapshot_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """A service whose index may be changed by whatever is sent."""
    folder = tmp_path_factory.mktemp("schema") / "index"
    shutil.copytree(snapshot_folder, folder)
    with serving(folder) as service:
        yield service


@pytest.fixture(scope="module")
def schema(own: Service) -> Any:
    with httpx.Client(base_url=own.url, trust_env=False) as client:
        return schemathesis.openapi.from_dict(client.get("/schema/openapi.json").json())


def test_every_route_is_described(schema: Any) -> None:
    names = {f"{o.ok().method.upper()} {o.ok().path}" for o in schema.get_all_operations()}
    assert {
        "POST /v1/ask", "POST /v1/search", "POST /v1/chat/completions", "POST /v1/responses", "POST /v1/embeddings",
        "POST /v1/rerank", "GET /v1/models", "GET /v1/models/{model_id}", "POST /retrieval", "GET /v1/facts", "GET /v1/coverage",
        "GET /v1/documents", "POST /v1/documents", "DELETE /v1/documents/{document_id}", "GET /metrics", "GET /health/ready",
    } <= names  # fmt: skip


def test_nothing_that_is_sent_is_answered_with_a_defect(schema: Any, own: Service) -> None:
    """Valid and invalid requests to every operation; 501 and 503 are refusals, any other 5xx is ours to mend."""
    failures: list[str] = []
    sent = 0
    with httpx.Client(base_url=own.url, trust_env=False, timeout=60) as client:
        for result in schema.get_all_operations():
            operation = result.ok()
            for mode in (schemathesis.GenerationMode.POSITIVE, schemathesis.GenerationMode.NEGATIVE):
                try:
                    strategy = operation.as_strategy(generation_mode=mode)
                except Exception as error:
                    # An operation that takes nothing cannot be sent anything wrong.
                    assert mode is schemathesis.GenerationMode.NEGATIVE, error
                    continue

                @settings(
                    max_examples=EXAMPLES, deadline=None, derandomize=True, database=None, phases=[Phase.generate],
                    suppress_health_check=list(HealthCheck),
                )  # fmt: skip
                @given(case=strategy)
                def send(case: Any) -> None:
                    nonlocal sent
                    # Changes that were begun before and go on by themselves are waited for.
                    response = case.call(base_url=own.url, timeout=120)
                    sent += 1
                    if response.status_code >= 500 and response.status_code not in (501, 503):
                        failures.append(
                            f"{case.method} {case.path}: {response.status_code} {case.body!r:.300} {case.query!r}"
                        )

                try:
                    send()
                except Exception as error:
                    if type(error).__name__ != "Unsatisfiable":
                        raise
        assert client.get("/health/ready").status_code == 200
    assert failures == []
    assert sent > 200
