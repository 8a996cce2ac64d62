"""Lanes: work waits for its turn as long as that is soon, and is refused at once where it is not."""

from __future__ import annotations

import threading
import time
from concurrent.futures import Future, ThreadPoolExecutor

import pytest
from litestar import Litestar
from litestar.testing import TestClient

from api.shared.operation.lanes import Lane
from api.shared.refusals import OverloadedError
from api.shared.work import MAX_CHANGES
from rag.types import Answer, Question
from tests.api.fakes import FakePipeline


def filled(lane: Lane, release: threading.Event, most: int) -> list[Future[bool]]:
    """Work that waits for an event, as much as is let in."""
    held: list[Future[bool]] = []
    for _ in range(most):
        try:
            held.append(lane.submit(release.wait, 30))
        except OverloadedError:
            break
    return held


def test_a_full_queue_refuses_at_once_and_says_when_to_come_again() -> None:
    release = threading.Event()
    with Lane("test", 2, most_waiting=5) as lane:
        held = filled(lane, release, 100)
        assert len(held) == 7
        assert lane.overloaded
        begun = time.monotonic()
        with pytest.raises(OverloadedError) as refused:
            lane.submit(print)
        assert time.monotonic() - begun < 0.1
        assert int(refused.value.headers()["retry-after"]) >= 1
        admitted = lane.enter(lambda: 3, admitted=True)
        release.set()
        assert admitted.result(10) == 3
        assert all(each.result(10) for each in held)
        assert not lane.overloaded
        assert (lane.waiting, lane.running, lane.refused) == (0, 0, 2)


def test_slow_work_makes_the_queue_short() -> None:
    """What counts is for how long one would wait, not for how many."""
    with Lane("test", 1, patience=0.2) as lane:
        for _ in range(40):
            lane.submit(time.sleep, 0.01).result()
        release = threading.Event()
        held = filled(lane, release, 200)
        assert 5 <= len(held) <= 30
        release.set()


def test_what_is_stuck_lets_nobody_in_behind_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.shared.operation.lanes.STALLED", 0.05)
    release = threading.Event()
    with Lane("test", 1) as lane:
        filled(lane, release, 3)
        time.sleep(0.1)
        with pytest.raises(OverloadedError):
            lane.submit(print)
        release.set()


def test_what_has_waited_too_long_is_refused_when_its_turn_comes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where others wait behind it; the last one is answered, and so is what was admitted."""
    monkeypatch.setattr("api.shared.operation.lanes.LATEST", 0.05)
    release = threading.Event()
    with Lane("test", 1) as lane:
        held = filled(lane, release, 4)
        admitted = lane.enter(lambda: 3, admitted=True)
        time.sleep(0.1)
        release.set()
        assert held[0].result(10)
        for late in held[1:]:
            with pytest.raises(OverloadedError):
                late.result(10)
        assert admitted.result(10) == 3
        assert (lane.waiting, lane.running, lane.refused) == (0, 0, 3)
        assert lane.submit(lambda: 4).result(10) == 4


def test_who_leaves_the_queue_is_not_counted() -> None:
    release = threading.Event()
    with Lane("test", 1) as lane:
        held = filled(lane, release, 4)
        time.sleep(0.05)
        assert held[3].cancel()
        assert lane.waiting == 2
        release.set()


def test_a_change_waits_for_others_but_not_for_many() -> None:
    """However long each takes."""
    release = threading.Event()
    with Lane("changing", 1, most_waiting=MAX_CHANGES, patience=float("inf")) as lane:
        assert len(filled(lane, release, 100)) == MAX_CHANGES + 1
        release.set()


def test_many_questions_at_once_are_answered_or_refused_soon(
    client: TestClient[Litestar], pipeline: FakePipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every surface in its own words, with when to come again; probes tell it, and all is well again afterwards."""
    release = threading.Event()
    answer = pipeline.answer

    def slow(question: Question) -> Answer:
        assert release.wait(30)
        return answer(question)

    monkeypatch.setattr(pipeline, "answer", slow)
    chat = {"model": "wenju", "messages": [{"role": "user", "content": "嘉定"}]}
    dify = {"knowledge_id": "wenju", "query": "嘉定", "retrieval_setting": {"top_k": 1, "score_threshold": 0}}
    lane: Lane = client.app.state.workers.computing
    monkeypatch.setattr(lane, "_most_waiting", 3)
    with ThreadPoolExecutor(20) as pool:
        asked = [pool.submit(client.post, "/v1/ask", json={"question": "嘉定"}) for _ in range(lane.threads + 3)]
        while lane.waiting < 3:
            time.sleep(0.01)
        for path, body in (
            ("/v1/ask", {"question": "嘉定"}),
            ("/v1/chat/completions", chat),
            ("/v1/search", {"query": "嘉定"}),
            ("/retrieval", dify),
        ):
            refused = client.post(path, json=body)
            assert refused.status_code == 503, path
            assert int(refused.headers["retry-after"]) >= 1
            assert "busy" in refused.text
        assert client.get("/health/ready").status_code == 503
        assert client.get("/health/live").status_code == 200
        release.set()
        assert {each.result().status_code for each in asked} == {200}
    assert client.get("/health/ready").status_code == 200
