"""Every state of every page, judged by axe-core in a real browser: nothing that it calls a violation stands."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.web.driving import DESKTOP, PHONE, Browser, Keys, needs_browser
from tests.serving import Service

axe = pytest.importorskip("axe_core_python.base", reason="axe-core-python is not installed")

pytestmark = needs_browser

FLAGSHIP = "2020年嘉定区固定资产投资增长多少？"


def violations(browser: Browser) -> list[str]:
    """What axe finds against the page, one line each. Frames are pages of their own and judged as such."""
    browser.run(axe.AXE_SCRIPT)
    found: list[dict[str, Any]] = browser.driver.execute_async_script(
        "const done = arguments[arguments.length - 1];"
        "axe.run(document, {iframes: false, resultTypes: ['violations']}).then((all) => done(all.violations))"
    )
    return [f"{each['id']}: {each['help']}: {node['html'][:160]}" for each in found for node in each["nodes"]]


def document_of(browser: Browser, service: Service) -> str:
    """The shortest report: its pages are built like those of the others, and looked through in a fraction of the time."""
    browser.open(service.url)
    return str(browser.driver.execute_async_script(
        "const done = arguments[arguments.length - 1];"
        "fetch('v1/documents').then((r) => r.json())"
        ".then((all) => done(all.documents.sort((a, b) => a.end - a.start - b.end + b.start)[0].id))"
    ))  # fmt: skip


def test_axe_would_notice(browser: Browser, service: Service) -> None:
    """A page that lacks a name for its box is found out: the tests below can fail."""
    browser.open(service.url)
    browser.run("document.querySelector('label[for=question]').remove()")
    browser.run("document.getElementById('question').placeholder = ''")
    assert any(each.startswith("label:") for each in violations(browser))


ASKED: dict[str, tuple[str, ...]] = {
    "empty": (),
    "a figure": (FLAGSHIP,),
    "a series": ("嘉定区历年一般公共预算收入",),
    "a ranking": ("2020年各区一般公共预算收入排名",),
    "a comparison": ("2020年嘉定区和虹口区的一般公共预算收入各是多少？",),
    "a refusal": ("2023年嘉定区固定资产投资",),
    "a greeting": ("你好",),
    "a follow-up": (FLAGSHIP, "那2019年呢"),
}


@pytest.mark.parametrize("case", ASKED)
def test_answers(browser: Browser, service: Service, case: str) -> None:
    """In both languages, on a desktop and a phone, in light and dark."""
    for lang, size, dark in (("zh", DESKTOP, False), ("en", PHONE, True)):
        browser.size(size)
        browser.dark(dark)
        browser.open(service.url, questions=ASKED[case], lang=lang)
        if ASKED[case]:
            browser.answered(ASKED[case][-1])
        for summary in browser.all("article details > summary"):
            summary.send_keys(Keys.ENTER)
        browser.until(lambda: browser.all(".example"))
        assert violations(browser) == [], (lang, size)
        assert not browser.run("return document.documentElement.scrollWidth > window.innerWidth"), "it scrolls sideways"


def test_what_opens_and_what_fails(browser: Browser, service: Service) -> None:
    """The evidence beside the answer, the form of what it should be, one's own questions, a failure."""
    browser.open(service.url, lang="zh")
    browser.ask(FLAGSHIP)
    browser.all(".judging button")[1].click()
    browser.one("form.should input")
    browser.one("#mine summary").click()
    assert violations(browser) == []
    browser.one("a.show").click()
    browser.one("#pane iframe")
    assert violations(browser) == []
    browser.size(PHONE)
    assert violations(browser) == []
    browser.driver.back()
    browser.open(service.url, questions=(FLAGSHIP,), by="none")
    browser.one("article.failed")
    assert violations(browser) == []


WRITTEN = ("held", "held?holes=1", "indicators", "indicators/of?name=一般公共预算收入", "indicators/of?name=一般公共预算收入&place=嘉定区", "bring", "nowhere", "documents/ID", "documents/ID/about", "documents/ID/numbers")  # fmt: skip


@pytest.mark.parametrize(("lang", "size"), [("zh", DESKTOP), ("en", PHONE), ("zh", PHONE)], ids=["zh", "en", "phone"])
def test_pages_that_the_service_writes(browser: Browser, service: Service, lang: str, size: tuple[int, int]) -> None:
    """Light in Chinese and dark in English; the third time only their width is looked at."""
    id = document_of(browser, service)
    browser.dark(lang == "en")
    browser.size(size)
    for path in WRITTEN:
        address = path.replace("ID", id)
        browser.driver.get(f"{service.url}/{address}{'&' if '?' in address else '?'}lang={lang}")
        if (lang, size) != ("zh", PHONE):
            assert violations(browser) == [], path
        assert not browser.run("return document.documentElement.scrollWidth > window.innerWidth"), path


def test_the_first_view_is_quick_and_light(browser: Browser, service: Service) -> None:
    """On this machine, from the request to a page that can be typed in; and what all of it weighs, uncompressed."""
    browser.open(service.url)
    browser.run("performance.clearResourceTimings()")
    times = []
    for _ in range(3):
        browser.cdp("Network.clearBrowserCache")
        browser.open(service.url)
        browser.one("#question")
        times.append(
            browser.run("return performance.timing.domContentLoadedEventEnd - performance.timing.navigationStart")
        )
    weight = browser.run(
        "return performance.getEntriesByType('resource').concat(performance.getEntriesByType('navigation')).reduce((sum, each) => sum + each.decodedBodySize, 0)"
    )
    assert weight < 350_000
    assert min(times) <= 300, times
