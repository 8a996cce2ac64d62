"""Dify's external knowledge API over the real reports: records, conditions, scores, and the errors it shows."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from litestar import Litestar
from litestar.testing import TestClient
from pydantic import SecretStr

from api.app import create_app
from rag.pipeline import AnswerPipeline
from tests.api.fakes import FakeSettings
from tests.conftest import REPORTS

Client = TestClient[Litestar]
FLAGSHIP = "2020年嘉定固定资产投资增长多少"
OPEN = "固定资产投资"


@pytest.fixture(scope="module")
def real(pipeline_of_reports: AnswerPipeline) -> Iterator[Client]:
    with TestClient(create_app(FakeSettings(), lambda: pipeline_of_reports)) as client:
        yield client


def records(
    client: Client, query: str, conditions: list[dict[str, Any]] | None = None, **more: Any
) -> list[dict[str, Any]]:
    body: dict[str, Any] = {
        "knowledge_id": "wenju", "query": query, "retrieval_setting": {"top_k": 10, "score_threshold": 0.0}, **more
    }  # fmt: skip
    if conditions is not None:
        body["metadata_condition"] = {"logical_operator": "and", "conditions": conditions}
    response = client.post("/retrieval", json=body)
    assert response.status_code == 200, response.text
    found: list[dict[str, Any]] = response.json()["records"]
    return found


def test_records_are_passages_with_real_scores(real: Client) -> None:
    """Content is the file's text at its place, scores fall from at most 1, nothing is null."""
    found = records(real, FLAGSHIP)
    assert found
    scores = [each["score"] for each in found]
    assert scores == sorted(scores, reverse=True)
    assert 0 <= scores[-1] <= scores[0] <= 1
    for each in found:
        known = each["metadata"]
        assert None not in known.values()
        text = (REPORTS / known["document"]).read_bytes().decode("utf-8")
        assert text[known["start"] : known["end"]] == each["content"]
        assert known["url"].endswith("#hit")
        assert each["title"]


def test_top_k_and_threshold(real: Client) -> None:
    assert len(records(real, OPEN, retrieval_setting={"top_k": 2, "score_threshold": 0})) == 2
    found = records(real, OPEN, retrieval_setting={"top_k": 50, "score_threshold": 0.5})
    assert found
    assert all(each["score"] >= 0.5 for each in found)


@pytest.mark.parametrize("setting", [None, {}, {"top_k": 4, "score_threshold": None}, {"top_k": None}])
def test_absent_and_null_settings_are_the_defaults(real: Client, setting: Any) -> None:
    assert len(records(real, OPEN, retrieval_setting=setting)) == 4


CONDITIONS: dict[str, tuple[dict[str, Any], str, Any]] = {
    "is": ({"name": "region", "comparison_operator": "is", "value": "嘉定区"}, "region", lambda v: v == "嘉定区"),
    "is not": ({"name": "region", "comparison_operator": "is not", "value": "嘉定区"}, "region", lambda v: v != "嘉定区"),
    "contains": ({"name": "title", "comparison_operator": "contains", "value": "虹口"}, "title", lambda v: "虹口" in v),
    "not contains": ({"name": "title", "comparison_operator": "not contains", "value": "嘉定"}, "title", lambda v: "嘉定" not in v),
    "start with": ({"name": "title", "comparison_operator": "start with", "value": "2021"}, "title", lambda v: v.startswith("2021")),
    "end with": ({"name": "document", "comparison_operator": "end with", "value": ".txt"}, "document", lambda v: v.endswith(".txt")),
    "in": ({"name": "region", "comparison_operator": "in", "value": ["嘉定区", "虹口区"]}, "region", lambda v: v in ("嘉定区", "虹口区")),
    "in as text": ({"name": "region", "comparison_operator": "in", "value": "嘉定区,虹口区"}, "region", lambda v: v in ("嘉定区", "虹口区")),
    "not in": ({"name": "region", "comparison_operator": "not in", "value": ["嘉定区"]}, "region", lambda v: v != "嘉定区"),
    "equal year": ({"name": "year", "comparison_operator": "=", "value": 2020}, "year", lambda v: 2020 in v),
    "unequal year": ({"name": "year", "comparison_operator": "≠", "value": 2020}, "year", lambda v: 2020 not in v),
    "greater": ({"name": "year", "comparison_operator": ">", "value": 2020}, "year", lambda v: max(v) > 2020),
    "at most": ({"name": "year", "comparison_operator": "≤", "value": "2019"}, "year", lambda v: min(v) <= 2019),
    "before": ({"name": "given", "comparison_operator": "before", "value": "2021-01-01"}, "given", lambda v: v < "2021-01-01"),
    "after": ({"name": "given", "comparison_operator": "after", "value": "2021-01-01"}, "given", lambda v: v > "2021-01-01"),
    "kind": ({"name": "kind", "comparison_operator": "is", "value": "half_year"}, "kind", lambda v: v == "half_year"),
    "period": ({"name": "period", "comparison_operator": "is", "value": "2025-H1"}, "period", lambda v: v == "2025-H1"),
    "not empty": ({"name": "issuer", "comparison_operator": "not empty"}, "issuer", bool),
    "names as a list": ({"name": ["region", "parent"], "comparison_operator": "is", "value": "嘉定区"}, "region", lambda v: v == "嘉定区"),
}  # fmt: skip


@pytest.mark.parametrize("case", CONDITIONS)
def test_conditions_hold_for_every_record(real: Client, case: str) -> None:
    """And some are found, however far down the ranking they stand without the condition."""
    condition, name, holds = CONDITIONS[case]
    found = records(real, OPEN, [condition])
    assert found
    for each in found:
        value = each["metadata"].get(name)
        assert holds(value) if value is not None else condition["comparison_operator"] in ("is not", "not in", "≠")


def test_what_no_record_meets_is_an_empty_list(real: Client) -> None:
    assert records(real, OPEN, [{"name": "region", "comparison_operator": "is", "value": "火星"}]) == []
    assert records(real, OPEN, [{"name": "title", "comparison_operator": "empty"}]) == []


def test_or_is_either(real: Client) -> None:
    body = {
        "knowledge_id": "wenju", "query": OPEN, "retrieval_setting": {"top_k": 50, "score_threshold": 0},
        "metadata_condition": {"logical_operator": "or", "conditions": [
            {"name": "region", "comparison_operator": "is", "value": "虹口区"},
            {"name": "kind", "comparison_operator": "is", "value": "half_year"}]},
    }  # fmt: skip
    found = real.post("/retrieval", json=body).json()["records"]
    kinds = {(each["metadata"]["region"] == "虹口区", each["metadata"]["kind"] == "half_year") for each in found}
    assert kinds == {(True, False), (False, True)}


BAD: dict[str, tuple[dict[str, Any], int, int, str]] = {
    "no such base": ({"knowledge_id": "other"}, 404, 2001, "other"),
    "no query": ({"query": ""}, 400, 400, "query"),
    "no base": ({"knowledge_id": None}, 400, 400, "knowledge_id"),
    "unknown name": (
        {"metadata_condition": {"conditions": [{"name": "color", "comparison_operator": "is", "value": "x"}]}}, 422, 422, "color"
    ),
    "unknown operator": (
        {"metadata_condition": {"conditions": [{"name": "region", "comparison_operator": "like", "value": "x"}]}}, 422, 422, "like"
    ),
    "no value": ({"metadata_condition": {"conditions": [{"name": "region", "comparison_operator": "is"}]}}, 422, 422, "value"),
}  # fmt: skip


@pytest.mark.parametrize("case", BAD)
def test_errors_are_as_dify_shows_them(real: Client, case: str) -> None:
    change, status, code, words = BAD[case]
    response = real.post("/retrieval", json={"knowledge_id": "wenju", "query": OPEN, **change})
    assert response.status_code == status
    body = response.json()
    assert set(body) == {"error_code", "error_msg"}
    assert body["error_code"] == code
    assert words in body["error_msg"]


def test_keys_have_difys_codes(pipeline_of_reports: AnswerPipeline, tmp_path: Path) -> None:
    settings = FakeSettings(api_keys=SecretStr("dify-key=ask"))
    body = {"knowledge_id": "wenju", "query": OPEN}
    with TestClient(create_app(settings, lambda: pipeline_of_reports)) as client:
        for headers, code in (
            ({}, 1001),
            ({"Authorization": "dify-key"}, 1001),
            ({"Authorization": "Bearer no"}, 1002),
        ):
            response = client.post("/retrieval", json=body, headers=headers)
            assert (response.status_code, response.json()["error_code"]) == (403, code)
        assert client.post("/retrieval", json=body, headers={"Authorization": "Bearer dify-key"}).status_code == 200


@pytest.mark.parametrize(
    "day",
    [
        1735689600,
        1735689600000,
        "1735689600",
        "2025-01-01",
        "2025-01-01T00:00:00Z",
        "2025/01/01",
        "20250101",
        1735689600.0,
    ],
)
def test_a_day_may_be_a_moment(real: Client, day: Any) -> None:
    """Seconds, milliseconds or ISO: what was given before 2025, and what was given since."""

    def given(operator: str) -> set[str]:
        condition = [{"name": "given", "comparison_operator": operator, "value": day}]
        return {each["metadata"]["given"] for each in records(real, OPEN, condition, retrieval_setting={"top_k": 100})}

    before, after = given("before"), given("after")
    assert before
    assert max(before) < "2025-01-01"
    assert all(each > "2025-01-01" for each in after)


@pytest.mark.parametrize("year", [2020, "2020", 2020.0, ["2020"]])
def test_a_year_may_be_a_number_or_text(real: Client, year: Any) -> None:
    found = records(
        real, OPEN, [{"name": "year", "comparison_operator": "in" if isinstance(year, list) else "=", "value": year}]
    )
    assert found
    assert all(2020 in each["metadata"]["year"] for each in found)


@pytest.mark.parametrize("setting", [{"top_k": "2", "score_threshold": "0"}, {"top_k": 2.0, "score_threshold": "0.0"}])
def test_numbers_may_come_as_text(real: Client, setting: Any) -> None:
    assert len(records(real, OPEN, retrieval_setting=setting)) == 2
