"""Finds a Firefox for the browser tests, and gets one where there is none.

`python -m scripts.firefox` prints the path, after an installation if it must: by apt for root on
Debian. Elsewhere whoever runs the tests installs one.
"""

from __future__ import annotations

from pathlib import Path

from scripts import programs

NAMES = ("firefox-esr", "firefox")
MAC_APPLICATIONS = ("/Applications/Firefox.app/Contents/MacOS/firefox",)


def find_firefox() -> Path | None:
    """Firefox on PATH, or among a Mac's applications."""
    return programs.on_path(NAMES) or programs.at_one_of(MAC_APPLICATIONS)


def install_firefox() -> None:
    """Get Debian's, where that needs no questions."""
    programs.install_by_apt("firefox-esr")


def main() -> None:
    """Print where Firefox is; install it first when it is nowhere."""
    programs.tell(
        find_firefox,
        install_firefox,
        "No Firefox: install firefox-esr or firefox, then start again.",
    )


if __name__ == "__main__":
    main()
