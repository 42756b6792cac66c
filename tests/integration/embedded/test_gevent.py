"""What a process does on its own goes on where threads are greenlets, and ends when it stops."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.acceptance.conftest import ROOT

STOP_SECONDS = 3.0
"""Less than what the service is waited for: it has stopped, and was not left behind."""
PROGRAM = "tests.integration.embedded.gevent_shop"


def test_sessions_are_ended_and_the_process_stops(database_url: str, tmp_path: Path) -> None:
    database = "" if database_url.startswith("sqlite") else database_url
    ran = subprocess.run(
        [sys.executable, "-m", PROGRAM, str(tmp_path / "data"), database],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ran.stderr == ""
    cause, seconds = ran.stdout.split()
    assert cause == "time_limit"
    assert float(seconds) < STOP_SECONDS
