"""Finds a Chromium for the browser tests, and gets one where there is none.

`python -m scripts.chromium` prints the path, after an installation if it must: by apt for root on
Debian, else by Playwright's own download.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from scripts import programs

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome")
MAC_APPLICATIONS = (
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)


def find_chromium() -> Path | None:
    """Chromium or Chrome on PATH, among a Mac's applications, or Playwright's own."""
    return (
        programs.on_path(NAMES)
        or programs.at_one_of(MAC_APPLICATIONS)
        or _downloaded_by_playwright()
    )


def install_chromium() -> None:
    """Get a Chromium by the way that needs the fewest rights and questions here."""
    if programs.install_by_apt("chromium"):
        return
    subprocess.run(
        [sys.executable, "-m", "playwright", "install", "chromium"], check=True, stdout=sys.stderr
    )


def _downloaded_by_playwright() -> Path | None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = Path(playwright.chromium.executable_path)
    return path if path.exists() else None


def main() -> None:
    """Print where Chromium is; install it first when it is nowhere."""
    programs.tell(
        find_chromium,
        install_chromium,
        "No Chromium: install chromium or Google Chrome, then start again.",
    )


if __name__ == "__main__":
    main()
