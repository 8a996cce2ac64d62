"""What readers say of answers: kept as records that ``wenju eval`` reads."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from litestar import Litestar
from litestar.testing import TestClient
from pydantic import SecretStr

from api.app import create_app
from api.native import feedback
from eval.cases import read_cases
from tests.api.fakes import QUOTE, FakePipeline, FakeSettings

Client = TestClient[Litestar]
ASKED = "2020年嘉定固定资产投资增长多少"


@pytest.fixture
def client(tmp_path: Path) -> Iterator[Client]:
    with TestClient(create_app(FakeSettings(index=tmp_path), FakePipeline)) as client:
        yield client


def give(client: Client, **body: object) -> None:
    response = client.post("/v1/feedback", json={"question": ASKED, **body})
    assert response.status_code == 201, response.text


def test_every_record_is_one_of_a_question_set(client: Client, tmp_path: Path) -> None:
    """Right answers, right refusals, corrections in figures and in words, and complaints without one."""
    give(client, verdict="right", history=["2019年嘉定固定资产投资"])
    give(client, verdict="right", question="今天天气如何")
    give(client, verdict="wrong", should="应该是429.7亿元，增长18.3%")
    give(client, verdict="wrong", should="报告说的是新建学校")
    give(client, verdict="wrong")
    right, refusal, figures, words, untold = read_cases(tmp_path / feedback.FILE)
    assert [(each.value, each.unit) for each in figures.numbers] == [(Decimal("429.7"), "亿元"), (Decimal("18.3"), "%")]
    assert right.history == ("2019年嘉定固定资产投资",)
    assert right.evidence[0].quote == QUOTE
    assert not refusal.answerable
    assert words.answers == ("报告说的是新建学校",)
    assert untold.answers == (feedback.UNTOLD,)
    assert {each.drafted for each in (right, refusal, figures, words, untold)} == {True}
    assert right.category == "growth"


def test_the_records_are_given_out_as_they_are(client: Client, tmp_path: Path) -> None:
    assert client.get("/v1/feedback").content == b""
    give(client, verdict="right")
    response = client.get("/v1/feedback")
    assert response.content == (tmp_path / feedback.FILE).read_bytes()
    assert json.loads(response.text)["given"].startswith("2020年，嘉定区")


BAD: dict[str, dict[str, object]] = {
    "no verdict": {},
    "another verdict": {"verdict": "maybe"},
    "a long correction": {"verdict": "wrong", "should": "长" * 501},
    "no question": {"verdict": "right", "question": " "},
}


@pytest.mark.parametrize("case", BAD)
def test_bad_records_are_refused_and_nothing_is_kept(client: Client, tmp_path: Path, case: str) -> None:
    assert client.post("/v1/feedback", json={"question": ASKED, **BAD[case]}).status_code in (400, 422)
    assert not (tmp_path / feedback.FILE).exists()


def test_it_can_be_switched_off(tmp_path: Path) -> None:
    with TestClient(create_app(FakeSettings(index=tmp_path, feedback=False), FakePipeline)) as client:
        for response in (
            client.post("/v1/feedback", json={"question": ASKED, "verdict": "right"}),
            client.get("/v1/feedback"),
        ):
            assert response.status_code == 501
            assert "WENJU_FEEDBACK" in response.json()["detail"]
        assert client.get("/web/start").json()["feedback"] is False
    assert not (tmp_path / feedback.FILE).exists()


def test_the_file_cannot_grow_for_ever(client: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    give(client, verdict="right")
    size = (tmp_path / feedback.FILE).stat().st_size
    monkeypatch.setattr(feedback, "MAX_BYTES", size + 10)
    response = client.post("/v1/feedback", json={"question": ASKED, "verdict": "right"})
    assert response.status_code == 501
    assert "full" in response.json()["detail"]
    assert (tmp_path / feedback.FILE).stat().st_size == size


def test_only_an_administrator_reads_what_others_said(tmp_path: Path) -> None:
    keys = SecretStr("reader=ask,keeper=admin")
    with TestClient(create_app(FakeSettings(index=tmp_path, api_keys=keys), FakePipeline)) as client:
        said = client.post(
            "/v1/feedback", json={"question": ASKED, "verdict": "right"}, headers={"Authorization": "Bearer reader"}
        )
        assert said.status_code == 201
        assert client.get("/v1/feedback", headers={"Authorization": "Bearer reader"}).status_code == 403
        assert client.get("/v1/feedback", headers={"Authorization": "Bearer keeper"}).status_code == 200
