"""The demo as its users start it, and a real browser to use it with."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.fixtures.ports import free_port

ROOT = Path(__file__).parents[2]
STOP_SECONDS = 20


@dataclass(frozen=True, kw_only=True)
class Demo:
    """A running demo: where it is, who may sign in, and where its data lies."""

    dashboard_url: str
    app_url: str
    session_origins: str | None
    application_id: str
    password: str
    data_dir: Path
    environment: dict[str, str]

    @property
    def served_at(self) -> re.Pattern[str]:
        """Where the pages of sessions are."""
        host = re.escape(self.session_origins or self.app_url).replace(
            r"\*", "understudy-[a-z2-7]{26}"
        )
        return re.compile(rf"{host}/(?!_understudy/).*")

    def command(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run a verb of the command line beside the service."""
        return subprocess.run(
            [sys.executable, "-m", "understudy", *words],
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )


@pytest.fixture
def demo(database_url: str, tmp_path: Path) -> Iterator[Demo]:
    """The demo on a fresh database, its sessions on the app's own origin."""
    with running_demo(database_url, tmp_path / "demo", "--one-origin") as running:
        yield running


@pytest.fixture
def apart(database_url: str, tmp_path: Path) -> Iterator[Demo]:
    """The demo on a fresh database, each session on an origin of its own."""
    with running_demo(database_url, tmp_path / "demo") as running:
        yield running


@contextmanager
def running_demo(database_url: str, data_dir: Path, *options: str) -> Iterator[Demo]:
    """The demo as its users start it."""
    environment = {**os.environ, "UNDERSTUDY_DATABASE_URL": database_url}
    words = ["--no-browser", "--json", *options]
    with running("understudy", "demo", *words, *at(data_dir), environment=environment) as said:
        facts: dict[str, Any] = json.loads(said)
        yield Demo(
            dashboard_url=facts["dashboard_url"],
            app_url=facts["app_url"],
            session_origins=facts["session_origins"],
            application_id=facts["application_id"],
            password=facts["sign_ins"][0]["password"],
            data_dir=data_dir,
            environment=environment,
        )


@dataclass(frozen=True, kw_only=True)
class Example:
    """A running example: where its app and its service are, and where its data lies."""

    url: str
    service_url: str
    data: Path


@contextmanager
def running_example(
    name: str, data_dir: Path, *options: str, alone: bool = False, **environment: str
) -> Iterator[Example]:
    """An example as its README starts it; ``alone`` if it has no service beside it."""
    environment = {**os.environ, **environment}
    where = at(data_dir)
    words = where[2:] if alone else where
    with running(f"examples.{name}", *options, *words, environment=environment) as said:
        url = next(word for word in said.split() if word.startswith("http"))
        yield Example(url=url, service_url=f"http://localhost:{where[1]}", data=data_dir)


def at(data_dir: Path) -> list[str]:
    """Where nobody else is."""
    ports = ["--port", str(free_port()), "--app-port", str(free_port())]
    return [*ports, "--data-dir", str(data_dir)]


@contextmanager
def running(module: str, *words: str, environment: dict[str, str]) -> Iterator[str]:
    """A program that is up, by the first line that it prints; it stops in good order."""
    process = subprocess.Popen(
        [sys.executable, "-m", module, *words],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        yield process.stdout.readline()
    finally:
        process.terminate()
        status = process.wait(STOP_SECONDS)
        if process.stdout is not None:
            process.stdout.close()
        assert status == 0


@pytest.fixture(scope="session")
def browser(chromium_path: Path) -> Iterator[Browser]:
    """A real Chromium, headless."""
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(
            executable_path=chromium_path,
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        yield started
        started.close()


@pytest.fixture(autouse=True)
def nothing_stays_open(browser: Browser) -> Iterator[None]:
    """Pages that a test leaves behind go on asking for news, at the cost of all that follow."""
    before = set(browser.contexts)
    yield
    for context in browser.contexts:
        if context not in before:
            context.close()
