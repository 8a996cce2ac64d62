"""Driving the page in a real browser: one Chromium for all tests, made like new before each."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

webdriver = pytest.importorskip("selenium.webdriver", reason="selenium is not installed")
By = pytest.importorskip("selenium.webdriver.common.by").By
Keys = pytest.importorskip("selenium.webdriver.common.keys").Keys
WebDriverWait = pytest.importorskip("selenium.webdriver.support.ui").WebDriverWait

CHROMIUM = shutil.which("chromium")
DRIVER = shutil.which("chromedriver")

needs_browser = [
    pytest.mark.enable_socket,
    pytest.mark.skipif(not (CHROMIUM and DRIVER), reason="chromium and chromium-driver are not installed"),
]

DESKTOP = (1280, 900)
PHONE = (400, 800)

FLAGS = (
    "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
)  # fmt: skip

# One call for all of them: the driver's own way asks the browser twice for each element, with a long script each time.
SHOWN = (
    "return [...document.querySelectorAll(arguments[0])].filter("
    "(e) => e.getClientRects().length && e.checkVisibility({opacityProperty: true, visibilityProperty: true}))"
)

IN_VIEW = "const r = arguments[0].getBoundingClientRect(); return r.top >= 0 && r.bottom <= window.innerHeight"


class Browser:
    """A browser with the few moves that the tests make. Elements are found by CSS selectors and must be displayed."""

    def __init__(self, driver: Any, downloads: Path) -> None:
        self.driver = driver
        self.downloads = downloads

    def fresh(self) -> None:
        """Nothing kept, desktop size, light."""
        self.cdp("Storage.clearDataForOrigin", origin="*", storageTypes="all")
        self.cdp("Network.clearBrowserCache")
        self.size(DESKTOP)
        self.dark(False)
        self.driver.get("about:blank")
        self.log()

    def cdp(self, command: str, **given: object) -> Any:
        return self.driver.execute_cdp_cmd(command, given)

    def size(self, size: tuple[int, int]) -> None:
        # The window's frame would count in `set_window_size`; a page knows only this.
        self.cdp("Emulation.setDeviceMetricsOverride", width=size[0], height=size[1], deviceScaleFactor=1, mobile=False)

    def dark(self, on: bool) -> None:
        scheme = {"name": "prefers-color-scheme", "value": "dark" if on else "light"}
        self.cdp("Emulation.setEmulatedMedia", features=[scheme])

    def open(self, root: str, path: str = "", *, questions: tuple[str, ...] = (), **query: str) -> None:
        given = [*(("q", each) for each in questions), *query.items()]
        self.driver.get(f"{root}/{path}" + (f"?{urlencode(given)}" if given else ""))

    def all(self, selector: str) -> list[Any]:
        return list(self.driver.execute_script(SHOWN, selector))

    def one(self, selector: str, seconds: float = 15) -> Any:
        self.until(lambda: self.all(selector), seconds)
        return self.all(selector)[0]

    def text(self, selector: str) -> str:
        return str(self.one(selector).text)

    def until(self, holds: Callable[[], Any], seconds: float = 15) -> Any:
        stale = pytest.importorskip("selenium.common.exceptions").StaleElementReferenceException
        return WebDriverWait(self.driver, seconds, poll_frequency=0.05, ignored_exceptions=[stale]).until(
            lambda _: holds()
        )

    def run(self, script: str, *given: object) -> Any:
        return self.driver.execute_script(script, *given)

    def press(self, *keys: str) -> None:
        self.driver.switch_to.active_element.send_keys(*keys)

    def ask(self, question: str) -> Any:
        """Ask by keyboard alone; the newest answer, once it is whole."""
        box = self.one("#question")
        box.clear()
        box.send_keys(question, Keys.ENTER)
        return self.answered(question)

    def answered(self, question: str) -> Any:
        """The last article, once it has the answer to this question or says why there is none."""
        self.until(lambda: [a for a in self.all("#answers article:last-child .asked") if a.text == question])
        self.one("#answers article:last-child .verdict")
        return self.all("#answers article:last-child")[0]

    def log(self) -> list[str]:
        """What the console said since the last call."""
        return [each["message"] for each in self.driver.get_log("browser")]

    def asked_hosts(self) -> set[str]:
        """The hosts that the page has asked since the last call, from the browser's own record of the network."""
        hosts = set()
        for entry in self.driver.get_log("performance"):
            message = json.loads(entry["message"])["message"]
            if message["method"] == "Network.requestWillBeSent":
                url = message["params"]["request"]["url"]
                if url.startswith(("http", "ws")):
                    hosts.add(url.split("/")[2])
        return hosts

    @contextmanager
    def inside(self, selector: str) -> Iterator[None]:
        """Within a frame."""
        self.driver.switch_to.frame(self.one(selector))
        try:
            yield
        finally:
            self.driver.switch_to.default_content()


@contextmanager
def chromium(folder: Path) -> Iterator[Browser]:
    """A headless browser in Chinese until the block ends."""
    downloads = folder / "downloads"
    downloads.mkdir()
    options = webdriver.ChromeOptions()
    options.binary_location = CHROMIUM or ""
    for flag in (*FLAGS, f"--user-data-dir={folder / 'profile'}", "--lang=zh-CN"):
        options.add_argument(flag)
    options.add_experimental_option(
        "prefs", {"intl.accept_languages": "zh-CN", "download.default_directory": str(downloads)}
    )
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    driver = webdriver.Chrome(options=options, service=webdriver.ChromeService(DRIVER))
    try:
        yield Browser(driver, downloads)
    finally:
        driver.quit()
