"""Records of jobs: what is read of them, also when the process that did the work is gone."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import msgspec

from api.shared.operation import jobs
from api.shared.operation.jobs import Jobs, State


def test_a_job_whose_process_ended_is_lost(tmp_path: Path) -> None:
    """And one that ended before it is not."""
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    kept = Jobs(tmp_path)
    for state in (State.READING, State.DONE):
        running = kept.begin(("a.txt",))
        kept.write(msgspec.structs.replace(running.job, process=gone.pid, state=state))
    assert [each.state for each in kept.all()] == [State.DONE, State.LOST]


def test_steps_are_written_at_once(tmp_path: Path) -> None:
    running = Jobs(tmp_path).begin(("a.txt", "b.txt"))
    told = []
    for change in (
        {"state": State.READING, "total": 2},
        {"done": 1},
        {"done": 2, "state": State.WRITING},
        {"state": State.DONE},
    ):
        running.tell(**change)
        told.append(Jobs(tmp_path).get(running.job.id))
    assert [each.state for each in told if each] == [State.READING, State.READING, State.WRITING, State.DONE]
    assert told[-1] is not None
    assert told[-1].done == 2


def test_the_oldest_that_ended_go_first(tmp_path: Path) -> None:
    kept = Jobs(tmp_path)
    first = kept.begin(("kept.txt",))
    ended = [kept.begin((str(n),)) for n in range(3)]
    for each in ended:
        each.tell(state=State.DONE)
    most, jobs.MOST = jobs.MOST, 3
    try:
        last = kept.begin(("last.txt",))
    finally:
        jobs.MOST = most
    assert [each.id for each in kept.all()] == [each.job.id for each in (last, ended[2], ended[1], first)]


def test_what_a_killed_process_was_writing_is_removed(tmp_path: Path) -> None:
    """By the next job; what another process is writing at the moment stays."""
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    folder = tmp_path / jobs.FOLDER
    folder.mkdir()
    (folder / f"jold.{gone.pid}-140").write_bytes(b"{")
    (folder / f"jnew.{os.getppid()}-140").write_bytes(b"{")
    begun = Jobs(tmp_path).begin(("a.txt",))
    assert sorted(path.name for path in folder.iterdir()) == sorted(
        [f"{begun.job.id}.json", f"jnew.{os.getppid()}-140"]
    )


def test_what_is_no_record_is_none(tmp_path: Path) -> None:
    kept = Jobs(tmp_path)
    kept.begin(("a.txt",))
    (tmp_path / jobs.FOLDER / "jbroken.json").write_bytes(b"{")
    assert len(kept.all()) == 1
    assert kept.get("jbroken") is None
    assert kept.get("../CURRENT") is None
