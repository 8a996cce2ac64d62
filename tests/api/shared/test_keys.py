"""Keys: who may do what, how often, and that nobody is served by accident."""

from __future__ import annotations

import base64
import subprocess
import sys
import time
from pathlib import Path

import pytest
from litestar.testing import TestClient
from pydantic import SecretStr

from api.app import create_app
from api.shared.keys import Key, KeyFileError, Keyring, Scope, UnknownKeyError, hashed, read_keys
from api.shared.refusals import RateLimitError, WrongKeysError
from tests.api.fakes import FakePipeline, FakeSettings
from tests.conftest import ROOT

KEYS = SecretStr("reader=ask, writer=ask+ingest, boss=admin, plain, padded==ask")


def bearer(key: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {key}"}


ROUTES = {
    "ask": ("POST", "/v1/ask", {"question": "嘉定"}, "reader writer boss plain padded="),
    "search": ("POST", "/v1/search", {"query": "嘉定"}, "reader writer boss plain padded="),
    "chat": ("POST", "/v1/chat/completions", {"model": "wenju", "messages": [{"role": "user", "content": "嘉定"}]}, "reader writer boss plain padded="),
    "documents": ("GET", "/v1/documents", None, "reader writer boss plain padded="),
    "page": ("GET", "/documents/d-jiading", None, "reader writer boss plain padded="),
    "facts": ("GET", "/v1/facts", None, "reader writer boss plain padded="),
    "removal": ("DELETE", "/v1/documents/none", None, "writer boss"),
    "metrics": ("GET", "/metrics", None, "boss"),
}  # fmt: skip


@pytest.mark.parametrize("route", ROUTES)
def test_each_route_wants_its_scope(route: str) -> None:
    """401 without a known key, 403 with one for something else, and in with the right one."""
    method, path, body, opens = ROUTES[route]
    with TestClient(create_app(FakeSettings(api_keys=KEYS), FakePipeline)) as client:
        for headers in ({}, bearer("unknown"), bearer(""), {"Authorization": "reader"}):
            refused = client.request(method, path, json=body, headers=headers)
            assert refused.status_code == 401
            assert refused.headers["www-authenticate"]
            assert "reader" not in refused.text
        for key in ("reader", "writer", "boss", "plain", "padded="):
            status = client.request(method, path, json=body, headers=bearer(key)).status_code
            assert (status != 403) == (key in opens.split()), (key, status)
            assert status != 401


def test_health_needs_no_key() -> None:
    """Whoever restarts a service holds none."""
    with TestClient(create_app(FakeSettings(api_keys=KEYS), FakePipeline)) as client:
        assert client.get("/health/live").status_code == client.get("/health/ready").status_code == 200


def test_a_browser_is_asked_for_the_key() -> None:
    """The page works behind a key: it is the password of the browser's own question."""
    with TestClient(create_app(FakeSettings(api_keys=KEYS), FakePipeline)) as client:
        asked = client.get("/")
        assert asked.status_code == 401
        assert asked.headers["www-authenticate"].startswith("Basic ")
        given = {"Authorization": "Basic " + base64.b64encode(b"anyone:reader").decode()}
        assert client.get("/", headers=given).status_code == 200
        assert client.post("/v1/ask", json={"question": "嘉定"}, headers=given).status_code == 200
        assert client.get("/", headers={"Authorization": "Basic %%%"}).status_code == 401


def test_another_sites_page_cannot_change_the_index() -> None:
    """A form that a visitor's browser sends along with what that visitor may do."""
    with TestClient(create_app(FakeSettings(), FakePipeline)) as client:
        files = {"file": ("x.txt", b"x")}
        assert client.post("/v1/documents", files=files, headers={"Origin": "http://evil.example"}).status_code == 403
        own = {"Origin": str(client.base_url).rstrip("/")}
        assert client.post("/v1/documents", files=files, headers=own).status_code == 501


def test_the_allowance_fills_steadily() -> None:
    """Six a minute: six at once, the next after ten seconds, and never more than six saved up."""
    now = 100.0
    ring = Keyring([Key("k", hashed("k"), frozenset({Scope.ASK}), 6)], lambda: now)
    for _ in range(6):
        ring.enter({"authorization": "Bearer k"}, Scope.ASK)
    with pytest.raises(RateLimitError) as limited:
        ring.enter({"authorization": "Bearer k"}, Scope.ASK)
    assert limited.value.wait == pytest.approx(10)
    assert limited.value.headers()["retry-after"] == "10"
    now += 10.1
    assert ring.enter({"authorization": "Bearer k"}, Scope.ASK) == "k"
    now += 1000
    for _ in range(6):
        ring.enter({"authorization": "Bearer k"}, Scope.ASK)
    with pytest.raises(RateLimitError):
        ring.enter({"authorization": "Bearer k"}, Scope.ASK)


def test_over_the_limit_is_a_429_with_when_to_come_again() -> None:
    with TestClient(create_app(FakeSettings(api_keys=SecretStr("k=ask"), rate_per_minute=1), FakePipeline)) as client:
        assert client.get("/v1/coverage", headers=bearer("k")).status_code == 200
        limited = client.get("/v1/coverage", headers=bearer("k"))
        assert limited.status_code == 429
        assert int(limited.headers["retry-after"]) >= 1
        assert limited.headers["content-type"].startswith("application/problem+json")


def test_a_key_file_holds_hashes_only(tmp_path: Path) -> None:
    file = tmp_path / "keys.toml"
    file.write_text(
        f'[[key]]\nname = "dify"\nsha256 = "{hashed("the-key").upper()}"\nscopes = ["ask"]\nper_minute = 5\n'
        f'[[key]]\nname = "ci"\nsha256 = "{hashed("other")}"\nscopes = ["ingest"]\n', encoding="utf-8",
    )  # fmt: skip
    dify, ci = read_keys(None, file, 7)
    assert (dify.name, dify.per_minute, ci.per_minute) == ("dify", 5, 7)
    assert Keyring([dify, ci]).enter({"authorization": "Bearer the-key"}, Scope.ASK) == "dify"
    with pytest.raises(UnknownKeyError):
        Keyring([dify, ci]).enter({"authorization": f"Bearer {dify.sha256}"}, Scope.ASK)


BAD_FILES = {
    "no TOML": "[[key",
    "no keys": "a = 1",
    "no hash": '[[key]]\nname = "x"\n',
    "a key for a hash": '[[key]]\nname = "x"\nsha256 = "the-key"\n',
    "unknown scope": f'[[key]]\nname = "x"\nsha256 = "{hashed("k")}"\nscopes = ["root"]\n',
    "scopes of a wrong kind": f'[[key]]\nname = "x"\nsha256 = "{hashed("k")}"\nscopes = [1]\n',
    "twice": f'[[key]]\nname = "x"\nsha256 = "{hashed("k")}"\n[[key]]\nname = "y"\nsha256 = "{hashed("k")}"\n',
}


@pytest.mark.parametrize("case", BAD_FILES)
def test_a_bad_key_file_is_refused(tmp_path: Path, case: str) -> None:
    file = tmp_path / "keys.toml"
    file.write_text(BAD_FILES[case], encoding="utf-8")
    with pytest.raises(KeyFileError):
        read_keys(None, file, 0)
    with pytest.raises(KeyFileError, match="No such file"):
        read_keys(None, tmp_path / "none", 0)


def serve(*arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """The command where it must end by itself."""
    import os

    environment = {k: v for k, v in os.environ.items() if not k.startswith("WENJU_")}
    return subprocess.run(
        [sys.executable, "-m", "wenju", "serve", "--index", "nothing", *arguments], capture_output=True, text=True, timeout=60,
        env={**environment, **settings, "PYTHONPATH": str(ROOT)}, check=False,
    )  # fmt: skip


@pytest.mark.enable_socket
def test_other_machines_are_not_served_without_a_key() -> None:
    """Told in one line that names both ways out; with either it goes on, here until it finds no index."""
    refused = serve("--host", "0.0.0.0", "--port", "18099")
    assert refused.returncode == 1
    (line,) = refused.stderr.splitlines()
    assert "WENJU_API_KEYS" in line
    assert "--insecure" in line
    for more, settings in (
        (["--host", "0.0.0.0", "--insecure"], {}),
        (["--host", "0.0.0.0"], {"WENJU_API_KEYS": "k"}),
        (["--host", "127.0.0.1"], {}),
    ):
        assert "no index" in serve(*more, "--port", "18099", **settings).stderr


@pytest.mark.enable_socket
def test_a_wrong_scope_in_the_settings_is_one_line_without_the_key() -> None:
    done = serve("--port", "18099", WENJU_API_KEYS="secret-key=ask+root")
    assert done.returncode == 1
    (line,) = done.stderr.splitlines()
    assert "scopes are" in line
    assert "secret-key" not in line


UNSENDABLE = ["two words=ask", "钥匙", "=ask", "tab\tkey", "ключ=admin"]


@pytest.mark.parametrize("listed", UNSENDABLE)
def test_a_key_that_can_never_be_sent_is_refused_at_start(listed: str) -> None:
    """Told by its place, never in its own words."""
    with pytest.raises(KeyFileError, match="key 1, can never be sent") as refused:
        read_keys(listed, None, 0)
    assert listed.partition("=")[0] not in str(refused.value) or listed.startswith("=")


BAD_ROWS = {
    "no key at all": f"sha256 = '{hashed('')}'",
    "fewer than none": f"sha256 = '{hashed('k')}'\nper_minute = -1",
    "half a request": f"sha256 = '{hashed('k')}'\nper_minute = 1.5",
}


@pytest.mark.parametrize("row", BAD_ROWS.values(), ids=BAD_ROWS)
def test_a_row_that_opens_nothing_is_refused_at_start(tmp_path: Path, row: str) -> None:
    (tmp_path / "keys.toml").write_text(f"[[key]]\nname = 'x'\n{row}\n", encoding="utf-8")
    with pytest.raises(KeyFileError):
        read_keys(None, tmp_path / "keys.toml", 0)


def test_keys_that_were_meant_are_not_none(tmp_path: Path) -> None:
    """An empty list of keys would open every door; a setting that is empty is one that is left out."""
    (tmp_path / "keys.toml").write_text("key = []\n", encoding="utf-8")
    with pytest.raises(KeyFileError, match="no API key is configured"):
        read_keys(None, tmp_path / "keys.toml", 0)
    with pytest.raises(KeyFileError, match="no API key is configured"):
        read_keys(" , ", None, 0)
    assert read_keys("", None, 0) == ()


def test_wrong_keys_are_slowed() -> None:
    """Ten at once, then one a second, and those that would wait long are refused; a key that has opened is not slowed."""
    now = 100.0
    ring = Keyring([Key("k", hashed("right"), frozenset({Scope.ASK}))], lambda: now)
    ring.enter(bearer_lower("right"), Scope.ASK, "old")

    def tried(key: str, address: str = "old") -> float:
        wait = ring.delay(bearer_lower(key), address)
        with pytest.raises(UnknownKeyError):
            ring.enter(bearer_lower(key), Scope.ASK, address)
        return wait

    assert [tried(f"wrong {n}") for n in range(10)] == [0.0] * 10
    assert tried("one more") == 1.0
    waits = [ring.delay(bearer_lower(f"next {n}"), "old") for n in range(4)]
    assert waits == pytest.approx([2, 3, 4, 5])
    with pytest.raises(WrongKeysError) as refused:
        ring.delay(bearer_lower("too many"), "old")
    assert int(refused.value.headers()["retry-after"]) >= 5
    # A key that opened from there before, and whoever comes from elsewhere, waits for nobody.
    assert ring.delay(bearer_lower("right"), "old") == ring.delay(bearer_lower("right"), "new") == 0.0
    now += 60
    assert [tried(f"later {n}") for n in range(10)] == [0.0] * 10


def bearer_lower(key: str) -> dict[str, str]:
    return {"authorization": f"Bearer {key}"}


def test_many_wrong_keys_are_a_429() -> None:
    with TestClient(create_app(FakeSettings(api_keys=KEYS), FakePipeline)) as client:
        ring: Keyring = client.app.state.keyring
        ring._strangers._due["testclient"] = time.monotonic() + 60
        refused = client.get("/v1/coverage", headers=bearer("guess"))
        assert refused.status_code == 429
        assert int(refused.headers["retry-after"]) >= 1
        chat = client.post("/v1/chat/completions", json={}, headers=bearer("guess"))
        assert chat.json()["error"]["code"] == "rate_limit_exceeded"
