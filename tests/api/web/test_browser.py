"""The page in a real browser: ask, read, click a citation, see the place in the source."""

from __future__ import annotations

import shutil
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import uvicorn

from api.app import create_app
from api.shared.protocols import PipelineFactory
from index.store.embedding import BUILT_IN_MODEL
from rag.opening import open_pipeline
from tests.api.fakes import QUOTE, FakePipeline, FakeSettings

if TYPE_CHECKING:
    from selenium.webdriver import Chrome
    from selenium.webdriver.remote.webelement import WebElement

webdriver = pytest.importorskip("selenium.webdriver", reason="selenium is not installed")
By = pytest.importorskip("selenium.webdriver.common.by").By
Keys = pytest.importorskip("selenium.webdriver.common.keys").Keys
WebDriverWait = pytest.importorskip("selenium.webdriver.support.ui").WebDriverWait

CHROMIUM = shutil.which("chromium")
DRIVER = shutil.which("chromedriver")

pytestmark = [
    pytest.mark.enable_socket,
    pytest.mark.skipif(not (CHROMIUM and DRIVER), reason="chromium and chromium-driver are not installed"),
]

IN_VIEW = "const r = arguments[0].getBoundingClientRect(); return r.top >= 0 && r.bottom <= window.innerHeight"

FLAGS = (
    "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
)  # fmt: skip


@contextmanager
def served(open_pipeline: PipelineFactory) -> Iterator[str]:
    """The service in a thread of this process, on a free port."""
    app = create_app(FakeSettings(), open_pipeline)
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="warning", access_log=False, ws="none"))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started and thread.is_alive():
        time.sleep(0.02)
    try:
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}/"
    finally:
        server.should_exit = True
        thread.join()


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with served(FakePipeline) as found:
        yield found


@pytest.fixture(scope="module")
def real_address(snapshot_folder: Path) -> Iterator[str]:
    with served(lambda: open_pipeline(snapshot_folder, str(BUILT_IN_MODEL))) as found:
        yield found


@pytest.fixture
def browser(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Chrome]:
    """A fresh headless browser; its size and language come from the test's parameter."""
    size, language = getattr(request, "param", ("1280,900", "zh-CN"))
    options = webdriver.ChromeOptions()
    options.binary_location = CHROMIUM or ""
    for flag in (*FLAGS, f"--user-data-dir={tmp_path}", f"--window-size={size}", f"--lang={language}"):
        options.add_argument(flag)
    options.add_experimental_option("prefs", {"intl.accept_languages": language})
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    driver = webdriver.Chrome(options=options, service=webdriver.ChromeService(DRIVER))
    yield driver
    driver.quit()


def wait_for(browser: Chrome, selector: str) -> WebElement:
    WebDriverWait(browser, 15).until(lambda _: shown(browser, selector))
    return shown(browser, selector)[0]


def shown(browser: Chrome, selector: str) -> list[WebElement]:
    return [each for each in browser.find_elements(By.CSS_SELECTOR, selector) if each.is_displayed()]


def ask(browser: Chrome, question: str) -> WebElement:
    """Ask by keyboard alone; the newest answer stands first."""
    box = wait_for(browser, "#question")
    box.clear()
    box.send_keys(question, Keys.ENTER)
    WebDriverWait(browser, 15).until(
        lambda driver: question in [each.text for each in driver.find_elements(By.CSS_SELECTOR, ".asked")]
    )
    return wait_for(browser, "#answers article:first-child")


@pytest.mark.parametrize(
    "browser",
    [("1280,900", "zh-CN"), ("400,800", "en-US")],
    indirect=True,
    ids=["desktop in Chinese", "phone in English"],
)
def test_ask_read_and_see_the_source(browser: Chrome, address: str) -> None:
    """From the question to the highlighted sentence, without an error in the console."""
    browser.get(address)
    answer = ask(browser, "2020年嘉定固定资产投资增长多少")
    assert "18.3%" in answer.find_element(By.CSS_SELECTOR, ".answer-text").text
    assert answer.find_element(By.CSS_SELECTOR, "blockquote").get_property("textContent") == QUOTE
    answer.find_element(By.CSS_SELECTOR, "a.ref").send_keys(Keys.ENTER)
    browser.switch_to.frame(wait_for(browser, "#frame"))
    mark = wait_for(browser, "#hit")
    assert mark.get_property("textContent") == QUOTE
    WebDriverWait(browser, 5).until(lambda driver: driver.execute_script(IN_VIEW, mark))
    browser.switch_to.default_content()
    browser.find_element(By.ID, "pane-close").click()
    assert not browser.find_element(By.ID, "pane").is_displayed()
    wide = browser.execute_script("return document.documentElement.scrollWidth > window.innerWidth")
    assert not wide, "the page scrolls sideways"
    assert [each["message"] for each in browser.get_log("browser")] == []  # type: ignore[no-untyped-call]


def test_flagship_question_on_the_real_reports(browser: Chrome, real_address: str) -> None:
    """The sentence that is marked in the long report is the one that was quoted, and it is in view."""
    browser.get(real_address)
    answer = ask(browser, "2020年嘉定固定资产投资增长多少")
    assert "18.3%" in answer.find_element(By.CSS_SELECTOR, ".answer-text").text
    quote = str(answer.find_element(By.CSS_SELECTOR, "blockquote").get_property("textContent"))
    assert "固定资产投资完成429.7亿元,同比增长18.3%" in quote
    before = browser.execute_script("return window.scrollY")
    answer.find_element(By.CSS_SELECTOR, "a.ref").send_keys(Keys.ENTER)
    browser.switch_to.frame(wait_for(browser, "#frame"))
    mark = wait_for(browser, "#hit")
    assert mark.get_property("textContent") == quote
    WebDriverWait(browser, 5).until(lambda driver: driver.execute_script(IN_VIEW, mark))
    browser.switch_to.default_content()
    assert browser.execute_script("return window.scrollY") == before, "the source moved the page around it"


@pytest.mark.parametrize("browser", [("1280,900", "zh-CN"), ("1280,900", "en-US")], indirect=True, ids=["zh", "en"])
def test_page_speaks_the_language_of_the_browser(browser: Chrome, address: str) -> None:
    browser.get(address)
    language = browser.execute_script("return navigator.languages[0]")
    button = wait_for(browser, "#submit")
    assert button.text == {"zh-CN": "提问", "en-US": "Ask"}[language]
    lang = browser.find_element(By.TAG_NAME, "html").get_attribute("lang")
    assert lang == {"zh-CN": "zh-Hans", "en-US": "en"}[language]
    browser.find_element(By.ID, "language").click()
    assert button.text == {"zh-CN": "Ask", "en-US": "提问"}[language]


@pytest.mark.parametrize("browser", [("1280,900", "zh-CN"), ("400,800", "zh-CN")], indirect=True, ids=["wide", "phone"])
def test_escape_leads_back_to_the_citation(browser: Chrome, address: str) -> None:
    """By keyboard alone: open the source, read, press Escape, and be where one was."""
    browser.get(address)
    ask(browser, "2020年嘉定固定资产投资增长多少").find_element(By.CSS_SELECTOR, "a.show").send_keys(Keys.ENTER)
    browser.switch_to.frame(wait_for(browser, "#frame"))
    wait_for(browser, "#hit")
    browser.find_element(By.TAG_NAME, "body").send_keys(Keys.ESCAPE)
    browser.switch_to.default_content()
    WebDriverWait(browser, 5).until(lambda _: not shown(browser, "#pane"))
    assert browser.switch_to.active_element.get_attribute("class") == "show"


def test_abstention_is_shown_plainly(browser: Chrome, address: str) -> None:
    """The reason in words, and the nearest evidence named for what it is."""
    browser.get(address)
    answer = ask(browser, "今天天气如何")
    assert answer.find_element(By.CSS_SELECTOR, ".verdict").text == "收录的报告没有这个时期"
    assert "2021年的目标" in answer.find_element(By.CSS_SELECTOR, ".nearest").text


def test_hostile_question_and_failure_stay_text(browser: Chrome, address: str) -> None:
    """Markup in a question is shown as typed, also when the service fails on it."""
    browser.get(address)
    hostile = "<img src=x onerror=alert(1)>故障"
    answer = ask(browser, hostile)
    assert answer.find_element(By.CSS_SELECTOR, ".asked").text == hostile
    assert answer.find_element(By.CSS_SELECTOR, ".answer-text").text
    assert not browser.find_elements(By.CSS_SELECTOR, "#answers img")


def test_coverage_opens_a_report(browser: Chrome, address: str) -> None:
    browser.get(address)
    wait_for(browser, "#coverage summary").send_keys(Keys.ENTER)
    wait_for(browser, "#coverage-body a").click()
    browser.switch_to.frame(wait_for(browser, "#frame"))
    assert "政府工作报告" in wait_for(browser, "h1").text
