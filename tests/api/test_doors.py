"""Who may call the service by which name, from which pages, and with which bodies: attacks as a browser would make them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from litestar import Litestar
from litestar.testing import TestClient
from pydantic import SecretStr

from api.app import create_app
from api.shared.tables import cell
from settings import Settings
from tests.api.fakes import FakePipeline, FakeSettings

ASKED = {"question": "嘉定"}


def client(**settings: Any) -> TestClient[Litestar]:
    """A client that calls the service by its address."""
    options = FakeSettings(**{"allowed_hosts": (), **settings})
    return TestClient(create_app(options, FakePipeline), base_url="http://127.0.0.1:8000")


@pytest.mark.parametrize("path", ["/", "/v1/coverage", "/v1/facts", "/health/live", "/metrics", "/schema", "/no/such/route", "/mcp", "/documents/d-jiading/original"])  # fmt: skip
@pytest.mark.parametrize("name", ["evil.example", "evil.example:8000", "127.0.0.1.evil.example", "localhost.evil.example", "10.0.0.7", "[2001:db8::1]:8000", "a@127.0.0.1"])  # fmt: skip
def test_a_name_that_is_not_its_own_gets_nothing(path: str, name: str) -> None:
    """What a page gets whose own name was made to lead to this machine: nothing read, on whichever route."""
    with client() as service:
        refused = service.get(path, headers={"Host": name})
    assert refused.status_code == 403
    assert refused.json()["status"] == 403
    assert "嘉定" not in refused.text


def test_nothing_is_changed_under_another_name() -> None:
    """The page's origin and the name it calls by are the same then: the check of origins alone would let it in."""
    headers = {"Host": "evil.example:8000", "Origin": "http://evil.example:8000"}
    with client() as service:
        sent = service.post("/v1/documents", files={"f": ("x.txt", b"x")}, headers=headers)
        removed = service.delete("/v1/documents/d-jiading", headers=headers)
        asked = service.post("/v1/ask", json=ASKED, headers=headers)
    assert [each.status_code for each in (sent, removed, asked)] == [403, 403, 403]


@pytest.mark.parametrize("name", ["127.0.0.1", "127.0.0.1:9", "127.8.8.8", "localhost:8000", "LOCALHOST", "[::1]:8000", "wenju.localhost", "localhost."])  # fmt: skip
def test_this_machines_own_names_are_let_in(name: str) -> None:
    with client() as service:
        assert service.post("/v1/ask", json=ASKED, headers={"Host": name}).status_code == 200


def test_names_that_the_operator_gives_are_let_in() -> None:
    """The public address's, and those of a setting; with keys any, since a stranger's page has none."""
    with client(public_url="https://reports.example/wenju", allowed_hosts=("wenju",)) as service:
        for name, status in {"reports.example": 200, "wenju:8000": 200, "other.example": 403}.items():
            assert service.get("/v1/coverage", headers={"Host": name}).status_code == status
    with client(api_keys=SecretStr("k")) as service:
        headers = {"Host": "any.example", "Authorization": "Bearer k"}
        assert service.get("/v1/coverage", headers=headers).status_code == 200


def test_below_a_prefix_links_are_whole() -> None:
    """A path alone would lead past the prefix; without one it is as the contract has it."""
    with client(public_url="https://reports.example/wenju/") as service:
        host = {"Host": "reports.example"}
        cited = service.post("/v1/ask", json=ASKED, headers=host).json()["citations"]
        streamed = service.post("/v1/ask", json={**ASKED, "stream": True}, headers=host).text
        held = service.get("/v1/documents", headers=host).json()["documents"]
        found = service.post("/v1/search", json={"query": "嘉定"}, headers=host).json()["hits"]
    urls = [each["url"] for each in (*cited, *held, *found)]
    assert len(urls) > 2
    assert all(url.startswith("https://reports.example/wenju/documents/") for url in urls)
    assert "https://reports.example/wenju/documents/" in streamed
    for public in (None, "https://reports.example/"):
        with client(public_url=public, allowed_hosts=("testserver.local",)) as service:
            cited = service.post("/v1/ask", json=ASKED).json()["citations"]
            assert all(each["url"].startswith("/documents/") for each in cited)


def test_where_others_are_served_every_address_is_its_own() -> None:
    """An address cannot be made to lead elsewhere; a name can."""
    with client(host="0.0.0.0") as service:
        for name, status in {"10.0.0.7:8000": 200, "[2001:db8::1]": 200, "evil.example": 403}.items():
            assert service.get("/v1/coverage", headers={"Host": name}).status_code == status


JSON_ROUTES = [
    "/v1/ask",
    "/v1/search",
    "/v1/chat/completions",
    "/v1/responses",
    "/v1/embeddings",
    "/v1/rerank",
    "/retrieval",
]


@pytest.mark.parametrize("path", JSON_ROUTES)
@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/plain; application/json", ""])  # fmt: skip
def test_json_must_be_said_to_be_json(path: str, kind: str) -> None:
    """What a page of another site can send unasked is a form or plain text; an answer to it would cost work."""
    with client() as service:
        refused = service.post(path, content=json.dumps(ASKED), headers={"Content-Type": kind})
    assert refused.status_code == 415
    assert "application/json" in refused.text


def test_json_in_its_varieties_is_taken() -> None:
    with client() as service:
        for kind in ("application/json", "application/json; charset=utf-8", "application/problem+json"):
            content = json.dumps(ASKED)
            assert service.post("/v1/ask", content=content, headers={"Content-Type": kind}).status_code == 200


ORIGIN = "http://localhost:3000"
PREFLIGHT = {
    "Origin": ORIGIN, "Access-Control-Request-Method": "POST",
    "Access-Control-Request-Headers": "authorization,content-type,x-stainless-os",
}  # fmt: skip


def test_pages_of_other_origins_are_told_nothing_unless_named() -> None:
    with client() as service:
        asked = service.options("/v1/chat/completions", headers=PREFLIGHT)
        sent = service.post("/v1/ask", json=ASKED, headers={"Origin": ORIGIN})
        assert not [name for name in (*asked.headers, *sent.headers) if name.startswith("access-control")]


@pytest.mark.parametrize("path", ["/v1/chat/completions", "/v1/ask", "/no/such/route"])
def test_a_named_origin_may_use_the_service_from_its_pages(path: str) -> None:
    """The preflight, the answer and an error; another origin still may not."""
    with client(allowed_origins=(ORIGIN,), api_keys=SecretStr("k=ingest")) as service:
        asked = service.options(path, headers=PREFLIGHT)
        assert asked.status_code == 204
        assert asked.headers["access-control-allow-origin"] == ORIGIN
        allowed = asked.headers["access-control-allow-headers"].lower()
        assert {"authorization", "content-type", "x-stainless-os"} <= set(allowed.split(", "))
        body = {**ASKED, "model": "wenju", "messages": [{"role": "user", "content": "嘉定"}]}
        for headers in ({"Origin": ORIGIN}, {"Origin": ORIGIN, "Authorization": "Bearer k"}):
            assert service.post(path, json=body, headers=headers).headers["access-control-allow-origin"] == ORIGIN
        other = service.options(path, headers={**PREFLIGHT, "Origin": "http://localhost:3001"})
        assert "access-control-allow-origin" not in other.headers
        refused = service.post("/v1/ask", json=ASKED, headers={"Origin": "http://localhost:30000"})
        assert "access-control-allow-origin" not in refused.headers


def test_a_named_origin_may_change_the_index() -> None:
    """As the page's own, and as that of the public address, which a proxy may hide from the service."""
    files = {"f": ("x.txt", b"x")}
    with client(allowed_origins=(ORIGIN,), public_url="https://reports.example/wenju") as service:
        for origin, status in {
            ORIGIN: 501,
            "https://reports.example": 501,
            "http://evil.example": 403,
            "null": 403,
        }.items():
            assert service.post("/v1/documents", files=files, headers={"Origin": origin}).status_code == status


@pytest.mark.parametrize("wrong", ["*", "localhost:3000", "http://localhost:3000/app", "https://*.example"])
def test_an_origin_that_is_none_is_refused_at_start(wrong: str) -> None:
    with pytest.raises(ValueError, match="is no origin"):
        Settings(allowed_origins=wrong)


def test_names_are_written_with_commas(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("WENJU_ALLOWED_ORIGINS", "http://localhost:3000/, https://Chat.example")
    monkeypatch.setenv("WENJU_ALLOWED_HOSTS", "Wenju,reports")
    settings = Settings()
    assert settings.allowed_origins == ("http://localhost:3000", "https://chat.example")
    assert settings.allowed_hosts == ("wenju", "reports")


CELLS = {
    "=1+1": "'=1+1", "@SUM(A1)": "'@SUM(A1)", "\t=1": "'\t=1", "\r=1": "'\r=1", "＝1": "'＝1", "+cmd|' /C calc'!A0": "'+cmd|' /C calc'!A0",
    "-2+3+cmd|' /C calc'!A0": "'-2+3+cmd|' /C calc'!A0", "-": "'-", "-2.1": "-2.1", "+3.5%": "+3.5%", "429.7": "429.7", "增长=3": "增长=3",
}  # fmt: skip


@pytest.mark.parametrize("text", CELLS)
def test_no_cell_begins_a_formula(text: str) -> None:
    """In tables for spreadsheets; numbers with a sign stay numbers."""
    assert cell(text) == CELLS[text]


def test_values_other_than_text_stay_as_they_are() -> None:
    assert [cell(value) for value in (None, 3, -2.5)] == [None, 3, -2.5]
