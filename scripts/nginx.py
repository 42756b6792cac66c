"""Finds an nginx for the tests of caches in front of an app, and gets one where there is none.

`python -m scripts.nginx` prints the path, after an installation if it must: by apt for root on
Debian. Elsewhere whoever runs the tests installs one.
"""

from __future__ import annotations

from pathlib import Path

from scripts import programs

NAMES = ("nginx",)
# Debian's, which the PATH of those who are not root does not lead to.
SYSTEM_PROGRAMS = ("/usr/sbin/nginx",)


def find_nginx() -> Path | None:
    """Nginx on PATH, or among the programs of the system."""
    return programs.on_path(NAMES) or programs.at_one_of(SYSTEM_PROGRAMS)


def install_nginx() -> None:
    """Get Debian's, where that needs no questions."""
    programs.install_by_apt("nginx")


def main() -> None:
    """Print where nginx is; install it first when it is nowhere."""
    programs.tell(find_nginx, install_nginx, "No nginx: install nginx, then start again.")


if __name__ == "__main__":
    main()
