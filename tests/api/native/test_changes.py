"""Adding and removing reports over HTTP, and the tables of figures: against a running service with an index of its own."""

from __future__ import annotations

import csv
import io
import shutil
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.builders import REPORT
from tests.conftest import REPORTS
from tests.index.text.loaders.files import REPORT as FILES_REPORT
from tests.index.text.loaders.files import make_docx, make_pdf, make_scan
from tests.serving import Service, serving

pytestmark = pytest.mark.enable_socket

FLAGSHIP = "2020年嘉定固定资产投资增长多少"


@pytest.fixture
def client(snapshot_folder: Path, tmp_path: Path) -> Iterator[httpx.Client]:
    """A client of a service over a copy of the index."""
    shutil.copytree(snapshot_folder, tmp_path / "index")
    with (
        serving(tmp_path / "index") as service,
        httpx.Client(base_url=service.url, trust_env=False, timeout=60) as client,
    ):
        yield client


def answer(client: httpx.Client, question: str) -> dict[str, object]:
    found: dict[str, object] = client.post("/v1/ask", json={"question": question}).json()
    return found


def test_a_report_is_added_asked_and_removed(client: httpx.Client) -> None:
    """Served from the next request on; what cannot be used is named and hinders nothing; removal takes it out again."""
    before = answer(client, FLAGSHIP)
    question = "2023年青石市固定资产投资增长多少"
    assert answer(client, question)["abstained"]
    files = [
        ("a", ("青石.txt", REPORT.encode())), ("a", ("../../empty.txt", b"")), ("b", ("scan.pdf", b"%PDF-1.7")),
        ("c", ("same.txt", (REPORTS / "003_9420b6cb8d12d681.txt").read_bytes())),
    ]  # fmt: skip
    sent = client.post("/v1/documents", files=files)
    assert sent.status_code == 201, sent.text
    report = sent.json()
    assert report["added"] == ["青石.txt"]
    assert report["same"] == [{"file": "same.txt", "equals": "003_9420b6cb8d12d681.txt"}]
    assert {each["file"] for each in report["refused"]} == {"empty.txt", "scan.pdf"}
    assert all(each["cause"] for each in report["refused"])
    assert "9.4%" in str(answer(client, question)["answer"])
    assert client.get("/health/ready").json()["snapshot"] == report["snapshot"] != before["snapshot"]
    assert answer(client, FLAGSHIP)["answer"] == before["answer"]
    (added,) = [d for d in client.get("/v1/documents").json()["documents"] if d["document"] == "青石.txt"]
    removed = client.delete(f"/v1/documents/{added['id']}")
    assert removed.status_code == 200, removed.text
    assert removed.json()["removed"] == [added["id"]]
    assert answer(client, question)["abstained"]
    # The file of the same content is kept, so the snapshot is another one than before.
    assert {k: v for k, v in answer(client, FLAGSHIP).items() if k not in ("id", "snapshot")} == {
        k: v for k, v in before.items() if k not in ("id", "snapshot")
    }


def test_a_pdf_is_uploaded_asked_shown_and_given_out(client: httpx.Client) -> None:
    """With its page, the same content as Word once only, what was repaired, and why a scan is left out."""
    pdf, word = make_pdf(rows=5), make_docx()
    files = [
        ("a", ("云澄.pdf", pdf)), ("a", ("云澄.docx", word)), ("a", ("扫描.pdf", make_scan())), ("a", ("旧.txt", f"{FILES_REPORT}附注。".encode("utf-16"))),
    ]  # fmt: skip
    report = client.post("/v1/documents", files=files).json()
    assert report["added"] == ["云澄.pdf"]
    assert report["same"] == [{"file": name, "equals": "云澄.pdf"} for name in ("云澄.docx", "旧.txt")]
    assert {each["file"]: each["note"] for each in report["notes"]} == {"旧.txt": "read as UTF-16"}
    assert "a scan" in report["refused"][0]["cause"]
    (held,) = [d for d in client.get("/v1/documents").json()["documents"] if d["document"] == "云澄.pdf"]
    assert held["also"] == ["云澄.docx", "旧.txt"]
    found = client.post("/v1/ask", json={"question": "2024年云澄市地区生产总值是多少"}).json()
    citation = found["citations"][0]
    assert (citation["document"], citation["page"]) == ("云澄.pdf", 2)
    assert "cell" not in citation
    page = client.get(citation["url"]).text
    assert "第 2 页" in page
    assert f'href="{held["id"]}/original"' in page
    detail = client.get(f"/v1/documents/{held['id']}").json()
    assert detail["text"][citation["start"] - detail["start"] :].startswith(citation["quote"])
    given = client.get(detail["original"])
    assert given.content == pdf
    assert given.headers["content-disposition"] == "attachment; filename*=UTF-8''%E4%BA%91%E6%BE%84.pdf"
    assert given.headers["x-content-type-options"] == "nosniff"
    assert client.get("/documents/nothing/original").status_code == 404


def test_readers_see_one_snapshot_or_the_other(client: httpx.Client) -> None:
    """Questions while reports come and go: every answer is whole, and of one of the snapshots."""
    expected = answer(client, FLAGSHIP)["answer"]
    snapshots = {client.get("/health/ready").json()["snapshot"]}
    done = threading.Event()

    def asking() -> list[dict[str, object]]:
        found = []
        with httpx.Client(base_url=client.base_url, trust_env=False, timeout=60) as own:
            while not done.is_set():
                found.append(answer(own, FLAGSHIP))
        return found

    with ThreadPoolExecutor(4) as pool:
        readers = [pool.submit(asking) for _ in range(4)]
        for number in range(3):
            sent = client.post("/v1/documents", files=[("f", (f"{number}.txt", f"{REPORT}第{number}份。".encode()))])
            snapshots.add(sent.json()["snapshot"])
        done.set()
        seen = [each for reader in readers for each in reader.result()]
    assert len(snapshots) == 4
    assert {each["answer"] for each in seen} == {expected}
    assert {each["snapshot"] for each in seen} <= snapshots


def ended(client: httpx.Client, job: dict[str, Any]) -> dict[str, Any]:
    """The job, once nothing more comes of it."""
    due = time.monotonic() + 120
    while job["state"] not in ("done", "failed", "lost") and time.monotonic() < due:
        time.sleep(0.05)
        job = client.get(f"/v1/jobs/{job['id']}").json()
    return job


def test_a_job_goes_on_without_whoever_began_it(client: httpx.Client) -> None:
    """Begun by one, looked up by another; a bad file costs itself, and a job of nothing else says why."""
    files = [("f", ("青石.txt", REPORT.encode())), ("f", ("bad.pdf", b"%PDF-1.7")), ("f", ("../../empty.txt", b""))]
    begun = client.post("/v1/jobs", files=files)
    assert begun.status_code == 202, begun.text
    assert begun.headers["location"] == f"/v1/jobs/{begun.json()['id']}"
    assert begun.json()["files"] == ["青石.txt", "bad.pdf", "../../empty.txt"]
    with httpx.Client(base_url=client.base_url, trust_env=False, timeout=60) as other:
        job = ended(other, begun.json())
        assert job["state"] == "done"
        assert job["done"] == job["total"] == 6
        assert job["result"]["added"] == ["青石.txt"]
        assert {each["file"] for each in job["refused"]} == {"bad.pdf", "empty.txt"}
        assert "9.4%" in str(answer(other, "2023年青石市固定资产投资增长多少")["answer"])
        failed = ended(other, other.post("/v1/jobs", files=[("f", ("empty.txt", b""))]).json())
        assert failed["state"] == "failed"
        assert failed["result"] is None
        assert failed["refused"] == [{"file": "empty.txt", "cause": "empty"}]
        assert failed["problem"]["status"] == 422
        assert [each["id"] for each in other.get("/v1/jobs").json()["jobs"]] == [failed["id"], job["id"]]
        assert other.delete(f"/v1/jobs/{failed['id']}").status_code == 204
        assert [each["id"] for each in other.get("/v1/jobs").json()["jobs"]] == [job["id"]]
    for id in ("nothing", failed["id"], "..%2FCURRENT"):
        assert client.get(f"/v1/jobs/{id}").status_code == 404


def test_a_report_is_put_right_by_hand_and_back(client: httpx.Client) -> None:
    """Answers follow, also after another report came in and the file was out for a while."""
    client.post("/v1/documents", files=[("f", ("青石.txt", REPORT.encode()))])
    (held,) = [d for d in client.get("/v1/documents").json()["documents"] if d["document"] == "青石.txt"]
    path = f"/v1/documents/{held['id']}/correction"
    changed = client.put(path, json={"region": "北京市昌平区"})
    assert changed.status_code == 200, changed.text
    (now,) = changed.json()["documents"]
    assert (now["region"], now["parent"], now["kind"], now["review"]) == ("昌平区", "北京市", "annual", held["review"])
    assert now["corrected"] == [{"field": "region", "read": "青石市"}]
    client.post("/v1/documents", files=[("f", ("白水.txt", REPORT.replace("青石", "白水").encode()))])
    question = "2023年昌平区固定资产投资增长多少"
    assert "9.4%" in str(answer(client, question)["answer"])
    assert client.delete(f"/v1/documents/{held['id']}").status_code == 200
    assert answer(client, question)["abstained"]
    assert client.get("/v1/removed").json() == {"files": ["青石.txt"]}
    back = client.post("/v1/removed", json={"document": "青石.txt"})
    assert back.status_code == 201, back.text
    assert back.json()["documents"] == [now]
    assert "9.4%" in str(answer(client, question)["answer"])
    assert client.delete(path).json()["documents"] == [held]
    assert answer(client, question)["abstained"]
    for wrong in ({"region": " "}, {"year": 20}, {"year": "2020"}, {"kind": "poem"}):
        assert client.put(path, json=wrong).status_code == 422, wrong
    assert client.put("/v1/documents/nothing/correction", json={}).status_code == 404
    assert client.post("/v1/removed", json={"document": "nothing.txt"}).status_code == 422


def test_an_upload_has_a_limit(snapshot_folder: Path) -> None:
    with (
        serving(snapshot_folder, max_upload_bytes="4096") as service,
        httpx.Client(base_url=service.url, trust_env=False) as client,
    ):
        refused = client.post("/v1/documents", files=[("f", ("big.txt", b"x" * 5000))])
        assert refused.status_code == 413
        assert refused.headers["content-type"].startswith("application/problem+json")


def test_a_failed_ingest_keeps_the_snapshot(client: httpx.Client) -> None:
    before = client.get("/health/ready").json()
    for files in ([("f", ("x.txt", b""))], [("f", ("x.exe", b"MZ"))], [("f", ("x.txt", b"\x00\x01"))]):
        refused = client.post("/v1/documents", files=files)
        assert refused.status_code == 422
        assert refused.headers["content-type"].startswith("application/problem+json")
        assert files[0][1][0] in refused.json()["detail"]
    for content, kind in (
        (b"", "multipart/form-data; boundary=x"),
        (b"{}", "application/json"),
        (b"--x", "multipart/form-data"),
    ):
        assert 400 <= client.post("/v1/documents", content=content, headers={"Content-Type": kind}).status_code < 500
    assert client.get("/health/ready").json() == before
    assert answer(client, FLAGSHIP)["abstained"] is False


def test_a_file_of_several_documents_goes_only_as_a_whole(client: httpx.Client) -> None:
    """Taking one out would take the others with it, so that has to be said."""
    listed = client.get("/v1/documents").json()["documents"]
    shared = [d for d in listed if d["document"] == "004_606b8993a8cf2f09.txt"]
    assert len(shared) > 1
    assert client.delete(f"/v1/documents/{shared[0]['id']}").status_code == 409
    removed = client.delete(f"/v1/documents/{shared[0]['id']}", params={"whole_file": "true"})
    assert set(removed.json()["removed"]) == {d["id"] for d in shared}
    assert answer(client, FLAGSHIP)["abstained"]


def test_what_is_not_there_and_what_is_last(client: httpx.Client) -> None:
    assert client.delete("/v1/documents/nothing").status_code == 404
    statuses = []
    while documents := client.get("/v1/documents").json()["documents"]:
        response = client.delete(f"/v1/documents/{documents[0]['id']}", params={"whole_file": "true"})
        statuses.append(response.status_code)
        if response.status_code != 200:
            break
    assert statuses[-1] == 409
    assert set(statuses[:-1]) == {200}
    assert len(client.get("/v1/documents").json()["documents"]) >= 1


def test_facts_as_json_and_as_a_table(service: Service) -> None:
    """The same rows; every clause is where it says it is."""
    asked = {"indicator": "固定资产投资", "region": "嘉定区", "year": "2020"}
    with httpx.Client(base_url=service.url, trust_env=False) as client:
        body = client.get("/v1/facts", params=asked).json()
        assert body["total"] == len(body["facts"]) > 1
        assert ("2020", "growth", "18.3", "%") in {
            (f["period"], f["measure"], f["value"], f["unit"]) for f in body["facts"]
        }
        for by in ({"headers": {"Accept": "text/csv"}}, {"params": {**asked, "format": "csv"}}):
            table = client.get("/v1/facts", **{"params": asked, **by})  # type: ignore[arg-type]
            assert table.headers["content-type"].startswith("text/csv")
            rows = list(csv.DictReader(io.StringIO(table.content.decode("utf-8-sig"))))
            assert [r["value"] for r in rows] == [f["value"] for f in body["facts"]]
        for fact in body["facts"]:
            text = (REPORTS / fact["document"]).read_bytes().decode("utf-8")
            assert text[fact["start"] : fact["end"]].replace("，", ",") == fact["clause"]
        page = client.get("/v1/facts", params={"limit": 3, "offset": 2}).json()
        assert len(page["facts"]) == 3
        assert page["facts"] == client.get("/v1/facts", params={"limit": 5}).json()["facts"][2:]
        for wrong in ({"year": "x"}, {"limit": "0"}, {"status": "hoped"}, {"format": "xml"}):
            assert client.get("/v1/facts", params=wrong).status_code == 422


def test_metrics_count_by_route(service: Service) -> None:
    """Routes by their template, so that there are not as many labels as documents."""
    with httpx.Client(base_url=service.url, trust_env=False) as client:
        client.get("/v1/documents/nothing-like-it")
        client.get("/no/such/route")
        text = client.get("/metrics").text
    assert 'wenju_requests_total{method="GET",route="/v1/documents/{document_id}",status="404"}' in text
    assert "nothing-like-it" not in text
    assert "/no/such/route" not in text
    for line in text.splitlines():
        assert line.startswith("#") or float(line.rsplit(" ", 1)[1]) >= 0
