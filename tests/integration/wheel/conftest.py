"""Clean environments, each with what the built wheel brings by one of its extras, and no more."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path

import pytest

from tests.docs.shell import Shell
from tests.fixtures.served import credentials, running
from tests.integration.wheel import wheelhouse

Clean = Callable[[str], Path]
Terminal = Callable[[str], Shell]


@pytest.fixture(scope="session")
def house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where pip finds the wheel, and all that it may need."""
    folder = tmp_path_factory.mktemp("house")
    wheelhouse.fill(folder, wheelhouse.build(folder))
    return folder


@pytest.fixture(scope="session")
def clean(house: Path, tmp_path_factory: pytest.TempPathFactory) -> Clean:
    """The environment into which somebody has installed what is asked for, made once for each."""

    @cache
    def installed(wanted: str) -> Path:
        folder = tmp_path_factory.mktemp("environment")
        subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder)], check=True)
        uv = [sys.executable, "-m", "uv", "pip", "install", "--python", str(folder / "bin/python")]
        only = ["--quiet", "--no-config", "--no-cache", "--no-index", "--find-links", str(house)]
        subprocess.run([*uv, *only, wanted], check=True)
        return folder

    return installed


@pytest.fixture(scope="session")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mapping[str, str]]:
    """A service, and what an app has to know of it: its address, an id and a secret."""
    folder = tmp_path_factory.mktemp("service")
    with running(folder) as found:
        application_id, secret = credentials(folder)
        yield {"URL": found.base, "APP_ID": application_id, "APP_SECRET": secret}


@pytest.fixture
def terminal(clean: Clean, tmp_path: Path) -> Terminal:
    """A terminal in an empty folder, where nothing is at hand but such an environment."""

    def opened(wanted: str) -> Shell:
        shell = Shell(tmp_path)
        shell.environment["PATH"] = f"{clean(wanted)}/bin:/usr/bin:/bin"
        return shell

    return opened
