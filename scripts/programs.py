"""Finds a program for the tests, and gets Debian's where there is none."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable
from pathlib import Path


def on_path(names: Iterable[str]) -> Path | None:
    """The first of these programs that PATH leads to."""
    return next((Path(found) for name in names if (found := shutil.which(name))), None)


def at_one_of(places: Iterable[str]) -> Path | None:
    """The first of these places where there is one."""
    return next((Path(place) for place in places if Path(place).exists()), None)


def install_by_apt(package: str) -> bool:
    """Install it, where that needs no questions: for root on Debian. Whether this is there."""
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return False
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (["update", "-qq"], ["install", "-qq", "-y", package]):
        subprocess.run(["apt-get", *command], check=True, env=environment, stdout=sys.stderr)
    return True


def tell(find: Callable[[], Path | None], install: Callable[[], object], missing: str) -> None:
    """Print where the program is; install it first when it is nowhere.

    Raises SystemExit, with ``missing``, when the installation brought none.
    """
    if find() is None:
        install()
    found = find()
    if found is None:
        raise SystemExit(missing)
    print(found)
