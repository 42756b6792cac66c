"""The demo as its users start it, and a real browser to use it with."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.fixtures.ports import free_port

STOP_SECONDS = 20


@dataclass(frozen=True, kw_only=True)
class Demo:
    """A running demo: where it is, who may sign in, and where its data lies."""

    dashboard_url: str
    app_url: str
    application_id: str
    password: str
    data_dir: Path
    environment: dict[str, str]

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
    """The demo on a fresh database."""
    data_dir = tmp_path / "demo"
    environment = {**os.environ, "UNDERSTUDY_DATABASE_URL": database_url}
    words = ["--no-browser", "--json", "--data-dir", str(data_dir)]
    words += ["--port", str(free_port()), "--app-port", str(free_port())]
    process = subprocess.Popen(
        [sys.executable, "-m", "understudy", "demo", *words],
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        facts: dict[str, Any] = json.loads(process.stdout.readline())
        yield Demo(
            dashboard_url=facts["dashboard_url"],
            app_url=facts["app_url"],
            application_id=facts["application_id"],
            password=facts["sign_ins"][0]["password"],
            data_dir=data_dir,
            environment=environment,
        )
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
