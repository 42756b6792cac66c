"""A browser on a slow phone, in a process of its own.

    python -m benchmarks.phone URL

The first line of input is the operator's cookie. Each further line opens the page in a browser that
knows nothing yet, and is answered by one line of JSON.
"""

from __future__ import annotations

import json
import sys
from typing import Any

from playwright.sync_api import Browser, CDPSession, Page, ViewportSize, sync_playwright

from scripts.chromium import find_chromium
from understudy.http.cookies import OPERATOR_COOKIE

SLOWDOWN = 4
SLOW_4G = {
    "offline": False,
    "latency": 150,
    "downloadThroughput": 1.6 * 1024 * 1024 / 8,
    "uploadThroughput": 750 * 1024 / 8,
}
"""Milliseconds, and bytes in a second: what browser tools have long called slow 4G."""
SCREEN = ViewportSize(width=390, height=844)
_REST_MILLISECONDS = 1500
_PAINT = "performance.getEntriesByName('first-contentful-paint')[0].startTime"
_FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]


def main(url: str) -> None:
    """Open the page as often as somebody asks."""
    chromium = find_chromium()
    if chromium is None:
        raise SystemExit("No Chromium: `python -m scripts.chromium` gets one.")
    token = sys.stdin.readline().strip()
    with (
        sync_playwright() as playwright,
        playwright.chromium.launch(executable_path=chromium, args=_FLAGS) as browser,
    ):
        for _ in sys.stdin:
            sys.stdout.write(json.dumps(_opened(browser, url, token)) + "\n")
            sys.stdout.flush()


def _opened(browser: Browser, url: str, token: str) -> dict[str, float]:
    with browser.new_context(viewport=SCREEN, is_mobile=True) as context:
        context.add_cookies(
            [
                {
                    "name": OPERATOR_COOKIE,
                    "value": token,
                    "domain": "localhost",
                    "path": "/",
                    "secure": True,
                    "httpOnly": True,
                }
            ]
        )
        page = context.new_page()
        fetched = _Fetched(_slowed(page))
        page.goto(url, wait_until="commit")
        page.get_by_text("User 0").first.wait_for()
        page.wait_for_timeout(_REST_MILLISECONDS)
        return {"paint": page.evaluate(_PAINT), **fetched.told()}


def _slowed(page: Page) -> CDPSession:
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.emulateNetworkConditions", SLOW_4G)
    session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWDOWN})
    return session


class _Fetched:
    """Counts what a page asks for, and the bytes that come."""

    def __init__(self, session: CDPSession) -> None:
        self._requests = 0
        self._bytes = 0.0
        session.on("Network.requestWillBeSent", self._on_request)
        session.on("Network.loadingFinished", self._on_answer)

    def told(self) -> dict[str, float]:
        return {"requests": self._requests, "kilobytes": self._bytes / 1000}

    def _on_request(self, _event: dict[str, Any]) -> None:
        self._requests += 1

    def _on_answer(self, event: dict[str, Any]) -> None:
        self._bytes += event["encodedDataLength"]


if __name__ == "__main__":
    main(*sys.argv[1:])
