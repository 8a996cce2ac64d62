"""The page in a real browser: a conversation, its address, and the evidence beside it. The service runs as its users run it."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.api.web.driving import DESKTOP, IN_VIEW, PHONE, Browser, Keys, needs_browser
from tests.serving import Service, serving
from tests.standin import KEY, endless, standing_in

pytestmark = needs_browser

FLAGSHIP = "2020年嘉定区固定资产投资增长多少？"
QUOTED = "固定资产投资完成429.7亿元,同比增长18.3%"


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_ask_read_and_see_the_source(browser: Browser, service: Service, size: tuple[int, int]) -> None:
    """By keyboard from the question to the marked sentence and back, without an error, and without leaving the host."""
    browser.size(size)
    browser.asked_hosts()
    browser.open(service.url)
    answer = browser.ask(FLAGSHIP)
    assert "18.3%" in answer.text
    assert any(f"很有把握 ({sure}" in answer.text for sure in ("0.9", "1.0"))
    assert browser.driver.title.startswith(FLAGSHIP)
    quote = browser.one("blockquote").get_property("textContent")
    assert QUOTED in quote
    before = browser.run("return window.scrollY")
    browser.one("a.show").send_keys(Keys.ENTER)
    with browser.inside("#pane iframe"):
        mark = browser.one("#hit")
        assert mark.get_property("textContent") == quote
        browser.until(lambda: browser.run(IN_VIEW, mark))
        browser.press(Keys.ESCAPE)
    browser.until(lambda: not browser.all("#pane"))
    assert browser.driver.switch_to.active_element.get_attribute("class") == "show"
    assert browser.run("return window.scrollY") == before, "the source moved the page around it"
    assert not browser.run("return document.documentElement.scrollWidth > window.innerWidth"), "it scrolls sideways"
    assert browser.log() == []
    assert browser.asked_hosts() == {urlsplit(service.url).netloc}


def test_a_conversation_follows_on_by_itself(browser: Browser, service: Service) -> None:
    """Answers stand in order, the newest in view; what was taken from before is named, and one press drops it."""
    browser.open(service.url)
    browser.ask(FLAGSHIP)
    answer = browser.ask("那2019年呢")
    assert "363.3" in answer.text
    assert [each.text for each in browser.all(".asked")] == [FLAGSHIP, "那2019年呢"]
    assert browser.run(
        "return arguments[0].getBoundingClientRect().top < innerHeight", browser.all("article:last-child .asked")[0]
    )
    chip = browser.one("button.carried")
    assert "沿用上文：" in chip.text
    assert "嘉定区 · 固定资产投资" in chip.text
    chip.send_keys(Keys.ENTER)
    browser.until(lambda: browser.all("article:last-child.abstained"))
    assert "363.3" not in browser.all("article:last-child .answer-text")[0].text
    assert not browser.all("button.carried")
    browser.driver.back()
    browser.until(lambda: browser.all("button.carried"))


def test_the_address_holds_everything(browser: Browser, service: Service) -> None:
    """Back, Forward, a reload and a sent link show the same: questions, the place beside, the language."""
    browser.open(service.url, lang="en")
    browser.ask(FLAGSHIP)
    browser.ask("那2019年呢")
    browser.all("article:last-child a.show")[0].send_keys(Keys.ENTER)
    browser.one("#pane iframe")
    sent = browser.driver.current_url
    assert parse_qs(urlsplit(sent).query).keys() == {"q", "lang", "show"}
    for opened in (browser.driver.refresh, lambda: browser.driver.get("about:blank") or browser.driver.get(sent)):
        opened()
        browser.answered("那2019年呢")
        assert len(browser.all("#answers article")) == 2
        assert browser.text("#submit") == "Ask"
        with browser.inside("#pane iframe"):
            assert "363.3" in browser.one("#hit").get_property("textContent")
    browser.one("#pane-close").click()
    browser.until(lambda: not browser.all("#pane"))
    browser.open(service.url)
    browser.ask(FLAGSHIP)
    browser.ask("那2019年呢")
    browser.driver.back()
    browser.until(lambda: len(browser.all("#answers article")) == 1)
    assert browser.driver.title.startswith(FLAGSHIP)
    browser.driver.back()
    browser.until(lambda: not browser.all("#answers article"))
    browser.driver.forward()
    browser.answered(FLAGSHIP)


def test_on_a_phone_back_closes_the_sheet(browser: Browser, service: Service) -> None:
    browser.size(PHONE)
    browser.open(service.url)
    browser.ask(FLAGSHIP)
    browser.one("a.ref").click()
    browser.one("#pane iframe")
    assert browser.run("return document.querySelector('main').inert"), "what lies under the sheet is out of reach"
    browser.driver.back()
    browser.until(lambda: not browser.all("#pane"))
    assert browser.all("#answers article")
    assert not browser.run("return document.querySelector('main').inert")


def test_own_questions_are_kept_here_and_can_be_forgotten(browser: Browser, service: Service) -> None:
    browser.open(service.url)
    browser.ask(FLAGSHIP)
    browser.ask("那2019年呢")
    browser.open(service.url)
    browser.one("#mine summary").click()
    assert [each.text for each in browser.all("#mine-list a")] == ["那2019年呢", FLAGSHIP]
    browser.all("#mine-list a")[0].click()
    assert "363.3" in browser.answered("那2019年呢").text, "a follow-up is kept with what it follows"
    browser.all("#mine-list .remove")[0].click()
    browser.until(lambda: len(browser.all("#mine-list a")) == 1)
    browser.one("#forget").click()
    assert not browser.all("#mine")
    assert browser.run("return localStorage.getItem('wenju.questions')") == "[]"


def test_every_suggestion_is_answered(browser: Browser, service: Service) -> None:
    """What is offered comes from what is held, and so does the box's own example."""
    browser.open(service.url)
    browser.until(lambda: len(browser.all(".example")) >= 4)
    offered = [each.text for each in browser.all(".example")]
    assert offered[0] in browser.one("#question").get_attribute("placeholder")
    for question in offered:
        answer = browser.ask(question)
        assert "abstained" not in answer.get_attribute("class"), question


def test_three_sources_stand_side_by_side(browser: Browser, service: Service) -> None:
    browser.open(service.url)
    browser.ask("2020年嘉定区、青浦区、虹口区的一般公共预算收入各是多少？")
    browser.one("button.side").send_keys(Keys.ENTER)
    browser.until(lambda: len(browser.all("#pane iframe")) >= 2)
    lefts = {each.rect["x"] for each in browser.all("#pane iframe")}
    assert len(lefts) == len(browser.all("#pane iframe"))
    with browser.inside("#pane iframe"):
        browser.one("#hit")
        browser.press(Keys.ESCAPE)
    browser.until(lambda: not browser.all("#pane"))


def test_a_slow_answer_can_be_stopped_and_a_service_that_is_gone_is_said(
    browser: Browser, snapshot_folder: Path
) -> None:
    """A language model that never ends: one press ends it. Without its service the page says so and offers to try again."""
    with (
        standing_in() as model,
        serving(snapshot_folder, llm_base_url=model.url, llm_model="standin", llm_api_key=KEY, llm_timeout="20") as s,
    ):
        model.set(endless)
        browser.open(s.url, by="openai", lang="en")
        browser.one("#question").send_keys(FLAGSHIP, Keys.ENTER)
        stop = browser.one("#stop")
        assert not browser.all("#submit")
        stop.click()
        assert "Stopped." in browser.one("article.failed").text
        assert browser.all("#submit")
        assert browser.all("#by-row select")
    answer = browser.ask(FLAGSHIP)
    assert "The service cannot be reached" in answer.text
    assert "Try again" in answer.text


ODD: dict[str, tuple[str, str]] = {
    # what is asked; what the page says to it
    "nothing": ("   ", "请先写下问题。"),
    "too long": ("问" * 1001, "问题最多 1000 字，现在有 1001 字"),
    "a greeting": ("你好", "可以问"),
    "unheard of": ("2020年火星区固定资产投资增长多少", "火星区"),
    "markup": ("<img src=x onerror=alert(1)>", "<img src=x onerror=alert(1)>"),
}


@pytest.mark.parametrize("case", ODD)
def test_odd_inputs_get_a_line_that_helps(browser: Browser, service: Service, case: str) -> None:
    asked, said = ODD[case]
    browser.open(service.url)
    box = browser.one("#question")
    browser.run("arguments[0].value = arguments[1]", box, asked)
    box.send_keys(Keys.ENTER)
    browser.until(lambda: said in browser.one("main").text)
    assert not browser.all("#answers img")
    assert not [each for each in browser.log() if "422" not in each]


def test_the_other_language_is_one_press_away(browser: Browser, service: Service) -> None:
    browser.open(service.url, questions=(FLAGSHIP,))
    browser.answered(FLAGSHIP)
    browser.one("#language").click()
    browser.until(lambda: "Answered" in browser.text(".verdict"))
    assert browser.run("return document.documentElement.lang") == "en"
    assert "lang=en" in browser.driver.current_url
    assert "lang=en" in browser.one(".top nav a").get_attribute("href")
