"""A Chromium with a folder of its own, which takes up its tabs again after a stop.

Tabs are duplicated and opened again by Chromium itself: an extension asks for it, as a click does.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import BrowserContext, BrowserType, Page

from tests.acceptance.one_person.folder import PATIENCE_SECONDS, Folder, until
from tests.acceptance.one_person.tabs import PATIENCE_MS

_EXTENSION = {
    "manifest_version": 3,
    "name": "Tabs",
    "version": "1",
    "permissions": ["tabs", "sessions"],
    "background": {"service_worker": "worker.js"},
}
_DUPLICATE = "async url => { await chrome.tabs.duplicate((await chrome.tabs.query({url}))[0].id) }"
_REOPEN = "async () => { await chrome.sessions.restore() }"
_NEW_WINDOW = "async url => { await chrome.windows.create({url}) }"


class Profile:
    """At most one browser runs in it. ``context`` is all windows of that one."""

    context: BrowserContext

    def __init__(self, kind: BrowserType, chromium: Path, folder: Path) -> None:
        self.folder = Folder(folder / "profile")
        self._kind = kind
        self._chromium = chromium
        self._process: subprocess.Popen[bytes] | None = None
        self._extension = folder / "extension"
        self._extension.mkdir()
        (self._extension / "manifest.json").write_text(json.dumps(_EXTENSION))
        (self._extension / "worker.js").write_text("")

    def start(self, *options: str) -> None:
        """Start the browser."""
        told = self.folder.path / "DevToolsActivePort"
        told.unlink(missing_ok=True)
        self._process = subprocess.Popen(
            [
                *(self._chromium, "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run"),
                *("--disable-background-networking", "--remote-debugging-port=0"),
                *(f"--user-data-dir={self.folder.path}", f"--load-extension={self._extension}"),
                *options,
                "about:blank",  # Playwright loses its way in the page that stands here else
            ],
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        until(lambda: told.exists() and len(told.read_text().split()) > 1)
        browser = self._kind.connect_over_cdp(f"http://127.0.0.1:{told.read_text().split()[0]}")
        self.context = browser.contexts[0]
        self.context.set_default_timeout(PATIENCE_MS)

    def close_and_continue(self, meanwhile: Callable[[], None]) -> None:
        """Close the browser in good order; the next one continues where it left off."""
        assert self.context.browser is not None
        self.context.browser.new_browser_cdp_session().send("Browser.close")
        self._gone()
        meanwhile()
        self.start("--restore-last-session")

    def crash_and_continue(self, meanwhile: Callable[[], None]) -> None:
        """Kill the browser; the next one continues, as it does where its person agrees to that."""
        self._write_cookies()
        self.kill()
        meanwhile()
        self.folder.agree_to_restore()
        self.start("--restore-last-session")

    def kill(self) -> None:
        """End the browser, if one runs, and give it no time for anything."""
        if self._process is not None:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._gone()

    def duplicate(self, page: Page) -> Page:
        """A second tab with the page's history, storage and fields."""
        return self._opened(_DUPLICATE, page.url)

    def close_and_reopen(self, page: Page) -> Page:
        """Close the tab, and open it again with all of that."""
        address = page.url
        page.close()
        return self._opened(_REOPEN, address)

    def new_window(self, address: str) -> Page:
        """Another window, in the front, with its own tabs."""
        return self._opened(_NEW_WINDOW, address)

    def page_at(self, address: str) -> Page:
        """The page at this address, once it is there."""
        found: list[Page] = []

        def is_there() -> bool:
            self.context.cookies()  # any answer of the browser brings along what happened in it
            found[:] = [page for page in self.context.pages if page.url == address]
            return bool(found)

        until(is_there)
        found[0].wait_for_load_state()
        return found[0]

    def _opened(self, script: str, address: str) -> Page:
        with self.context.expect_page() as opening:
            workers = self.context.service_workers
            worker = workers[0] if workers else self.context.wait_for_event("serviceworker")
            worker.evaluate(script, address)
        opening.value.wait_for_url(address)
        return opening.value

    def _write_cookies(self) -> None:
        """Have cookies written at once: Chromium waits for half a minute, or for 512 of them."""
        fillers = [f"{count}.filler.example" for count in range(520)]
        self.context.add_cookies(
            [{"name": "filler", "value": "-", "domain": name, "path": "/"} for name in fillers]
        )
        until(lambda: self.folder.has_cookie("filler"))

    def _gone(self) -> None:
        assert self._process is not None
        self._process.wait(PATIENCE_SECONDS)
        self._process = None
