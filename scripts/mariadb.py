"""Finds a MariaDB for the tests of what is held to reading, and gets one where there is none.

`python -m scripts.mariadb` prints the server's path, after an installation if it must: by apt for
root on Debian. Elsewhere whoever runs the tests installs one.
"""

from __future__ import annotations

from pathlib import Path

from scripts import programs

NAMES = ("mariadbd", "mysqld")
# Debian's, which the PATH of those who are not root does not lead to.
SYSTEM_PROGRAMS = ("/usr/sbin/mariadbd",)


def find_mariadb() -> Path | None:
    """The server on PATH, or among the programs of the system."""
    return programs.on_path(NAMES) or programs.at_one_of(SYSTEM_PROGRAMS)


def install_mariadb() -> None:
    """Get Debian's, where that needs no questions."""
    programs.install_by_apt("mariadb-server")


def main() -> None:
    """Print where it is; install it first when it is nowhere."""
    missing = "No MariaDB: install mariadb-server, then start again."
    programs.tell(find_mariadb, install_mariadb, missing)


if __name__ == "__main__":
    main()
