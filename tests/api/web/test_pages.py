"""The pages for people, read as a browser reads them."""

from __future__ import annotations

from html.parser import HTMLParser
from pathlib import Path

import pytest
from litestar import Litestar
from litestar.testing import TestClient

import api.web.pages
from tests.api.fakes import BARE, DOCUMENT, QUOTE, TEXT

Client = TestClient[Litestar]


class Page(HTMLParser):
    """Collects the text of the report, the marked text, ids, links, and any element that runs a script."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.report = ""
        self.marked = ""
        self.ids: list[str] = []
        self.links: list[str] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = dict(attrs)
        self.elements.append((tag, attributes))
        if tag not in {"meta", "link", "img", "br", "input"}:
            self.open.append(tag)
        self.ids += [value for name, value in attrs if name == "id" and value]
        self.links += [value for name, value in attrs if name in {"href", "src"} and value]

    def handle_endtag(self, tag: str) -> None:
        while self.open and self.open.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        if "main" in self.open:
            self.report += data
        if "mark" in self.open:
            self.marked += data


def document(client: Client, start: int | None = None, end: int | None = None, id: str = DOCUMENT.id) -> Page:
    params = {name: value for name, value in {"start": start, "end": end}.items() if value is not None}
    response = client.get(f"/documents/{id}", params=params)
    assert response.status_code == 200, response.text
    assert response.headers["content-type"].startswith("text/html")
    return Page(response.text)


def test_document_page_marks_exactly_the_quote(client: Client) -> None:
    """The marked text is the quote, hostile characters included; the first mark is where the link aims."""
    start = TEXT.index(QUOTE)
    page = document(client, start, start + len(QUOTE))
    assert page.marked == QUOTE
    assert page.ids.count("hit") == 1


def test_document_page_shows_the_text_of_the_file_and_no_more(client: Client) -> None:
    """Nothing is added to or taken from the report: neither by a mark, nor by headings, nor by its neighbours."""
    assert document(client).report == DOCUMENT.span.of(TEXT)
    assert document(client, 55, 100).report == DOCUMENT.span.of(TEXT)
    assert document(client, id=BARE.id).report == BARE.span.of(TEXT)


def test_every_place_can_be_marked(client: Client) -> None:
    """Also across headings, at the edges, and for one character."""
    begin, end = DOCUMENT.span.start, DOCUMENT.span.end
    for start in range(begin, end, 7):
        for stop in {start + 1, min(start + 30, end), end}:
            page = document(client, start, stop)
            assert page.marked == TEXT[start:stop]
            assert page.ids.count("hit") == 1


def test_report_text_never_becomes_markup(client: Client) -> None:
    """The report holds a script and an image with a handler; the page has neither."""
    for id in (DOCUMENT.id, BARE.id):
        page = document(client, id=id)
        assert [attributes.get("src") for tag, attributes in page.elements if tag == "script"] == ["../web/document.js"]
        assert "img" not in [tag for tag, _ in page.elements]
        assert not [name for _, attributes in page.elements for name in attributes if name.startswith("on")]


def test_contents_lead_to_their_sections(client: Client) -> None:
    page = document(client)
    targets = [link[1:] for link in page.links if link.startswith("#")]
    assert len(targets) == 2
    assert set(targets) <= set(page.ids)


def test_a_place_outside_the_document_is_said(client: Client) -> None:
    response = client.get(f"/documents/{DOCUMENT.id}", params={"start": 0, "end": 5})
    assert response.status_code == 200
    assert "所指位置不在本文中：0–5" in response.text
    assert "<mark" not in response.text


BAD_PLACES: dict[str, tuple[str, str]] = {
    "no number": ("start=x&end=9", "start"),
    "negative": ("start=-1&end=9", "start"),
    "no end": ("start=60", "end"),
    "no start": ("end=60", "start"),
    "empty": ("start=60&end=60", "end"),
    "backwards": ("start=60&end=50", "end"),
    "huge": ("start=0&end=99999999999999999999", "end"),
}


@pytest.mark.parametrize(("query", "field"), BAD_PLACES.values(), ids=BAD_PLACES)
def test_a_malformed_place_names_the_field(client: Client, query: str, field: str) -> None:
    response = client.get(f"/documents/{DOCUMENT.id}?{query}")
    assert response.status_code == 422
    assert response.json()["errors"][0]["field"] == field


@pytest.mark.parametrize("path", ["/", f"/documents/{DOCUMENT.id}", "/web/app.js", "/held", "/nowhere"])
def test_pages_allow_nothing_but_this_service(client: Client, path: str) -> None:
    """A strict policy, no inline code, no sniffing."""
    headers = client.get(path, headers={"accept": "text/html"}).headers
    policy = dict(part.strip().split(" ", 1) for part in headers["content-security-policy"].split(";"))
    assert policy["default-src"] == "'none'"
    assert {policy[name] for name in policy if name not in {"default-src", "base-uri"}} == {"'self'"}
    assert policy["base-uri"] == "'none'"
    assert headers["x-content-type-options"] == "nosniff"


STATIC = Path(api.web.pages.__file__).parent / "static"
TYPES = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}
GIVEN_OUT = sorted(path.name for path in STATIC.iterdir() if path.suffix in TYPES)

MOST_BYTES = 350_000
"""Of everything that the ask page loads, uncompressed."""


def test_the_page_asks_nothing_of_other_hosts(client: Client) -> None:
    """Every file that the pages name is served here, with its type, and names no address elsewhere; they are not heavy."""
    page = Page(client.get("/").text)
    files = [link for link in page.links if link.startswith("web/")]
    assert {"web/app.js", "web/style.css", "web/icon.svg"} <= set(files)
    weight = len(client.get("/").content)
    for name in GIVEN_OUT:
        response = client.get(f"/web/{name}")
        assert response.status_code == 200
        assert response.headers["content-type"].startswith(TYPES[Path(name).suffix])
        text = response.text
        for harmless in ("http://www.w3.org/2000/svg", "http://www.w3.org/1999/xhtml", "// ", "../"):
            text = text.replace(harmless, "")
        assert "//" not in text, name
        weight += len(response.content)
    assert weight < MOST_BYTES
    assert not [link for link in page.links if "//" in link]


@pytest.mark.parametrize("name", ["index.html", "document.html", "nothing.js", "..%2Fpages.py", "%2e%2e"])
def test_only_files_for_browsers_are_given_out(client: Client, name: str) -> None:
    assert client.get(f"/web/{name}").status_code == 404


def test_scripts_write_text_only() -> None:
    """What the service returns can hold anything; none of these would keep it text."""
    scripts = sorted(STATIC.glob("*.js"))
    assert len(scripts) > 5
    for path in scripts:
        script = path.read_text(encoding="utf-8")
        for sink in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "Function(", ".style."):
            assert sink not in script, path


LOST: dict[str, tuple[str, int, str]] = {
    "unknown page": ("/nowhere", 404, "没有这个页面"),
    "deep": ("/a/b/c", 404, "没有这个页面"),
    "unknown document": ("/documents/d-none", 404, "没有这个页面"),
    "its page about": ("/documents/d-none/about", 404, "没有这个页面"),
    "a malformed place": (f"/documents/{DOCUMENT.id}?start=x&end=9", 422, "这个地址不对"),
}


@pytest.mark.parametrize(("path", "status", "said"), LOST.values(), ids=LOST)
def test_a_dead_link_is_a_page_that_leads_home(client: Client, path: str, status: int, said: str) -> None:
    """For a browser; for a program it is the problem as before."""
    shown = client.get(path, headers={"accept": "text/html,*/*", "accept-language": "zh-CN"})
    assert shown.status_code == status
    assert shown.headers["content-type"].startswith("text/html")
    assert shown.headers["content-security-policy"].startswith("default-src 'none'")
    assert said in shown.text
    up = "../" * (path.split("?", maxsplit=1)[0].count("/") - 1)
    assert (up or "./") in Page(shown.text).links
    assert f"{up}held" in Page(shown.text).links
    told = client.get(path)
    assert told.headers["content-type"].startswith("application/problem+json")
    assert client.get("/v1/nowhere", headers={"accept": "text/html"}).json()["status"] == 404


WRITTEN = ("/held", "/indicators", "/indicators/of?name=固定资产投资", f"/documents/{DOCUMENT.id}/about", "/bring")


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("path", WRITTEN)
def test_pages_are_whole_in_both_languages(client: Client, path: str, lang: str) -> None:
    """Each has a title, leads home and to the other language, and keeps the report's own text as text."""
    address = f"{path}{'&' if '?' in path else '?'}lang={lang}"
    response = client.get(address)
    assert response.status_code == 200, response.text
    page = Page(response.text)
    assert f'<html lang="{"en" if lang == "en" else "zh-Hans"}">' in response.text
    assert response.text.count("<h1>") == 1
    assert [each for each in page.links if each.endswith(f"/?lang={lang}")], "the way home"
    assert [each for each in page.links if each.startswith("?") and f"lang={'zh' if lang == 'en' else 'en'}" in each]
    assert "<script>alert" not in response.text
    assert 'onerror="' not in response.text
    assert not [attributes for tag, attributes in page.elements if "style" in attributes]
