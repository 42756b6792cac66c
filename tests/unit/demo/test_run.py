"""The demo as a process of its own: it starts, stops by both signals, and starts again."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.fixtures.ports import free_port
from understudy.demo.place import FILE

STOP_SECONDS = 15
Start = Callable[..., subprocess.Popen[str]]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Starts demos; what still runs at the end is killed."""
    with ExitStack() as running:

        def begin(port: int, app_port: int, folder: str = "demo") -> subprocess.Popen[str]:
            words = ["--no-browser", "--json", "--data-dir", str(tmp_path / folder)]
            words += ["--port", str(port), "--app-port", str(app_port)]
            clean = {k: v for k, v in os.environ.items() if not k.startswith("UNDERSTUDY_")}
            process = subprocess.Popen(
                [sys.executable, "-m", "understudy", "demo", *words],
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
                env=clean,
            )
            running.callback(_kill, process)
            return process

        yield begin


def _kill(process: subprocess.Popen[str]) -> None:
    if process.poll() is None:
        process.kill()
    process.communicate()


def _facts(process: subprocess.Popen[str]) -> dict[str, Any]:
    assert process.stdout is not None
    line = process.stdout.readline()
    assert line, process.communicate()[1]
    facts: dict[str, Any] = json.loads(line)
    return facts


def _stop(process: subprocess.Popen[str], number: signal.Signals) -> str:
    process.send_signal(number)
    assert process.wait(STOP_SECONDS) == 0
    said: str = process.communicate()[1]
    return said


def test_it_serves_both_stops_by_either_signal_and_starts_again(start: Start) -> None:
    ports = (free_port(), free_port())
    first = start(*ports)
    facts = _facts(first)
    for port, host, path in (
        (ports[0], f"localhost:{ports[0]}", "/healthz"),
        (ports[1], f"app.localhost:{ports[1]}", "/healthz"),
    ):
        answer = httpx.get(f"http://127.0.0.1:{port}{path}", headers={"Host": host})
        assert answer.json() == {"status": "ok"}
    place = json.loads((Path(facts["data_dir"]) / FILE).read_text())
    news = f"http://127.0.0.1:{ports[0]}/api/v1/events/stream"
    signed_in = (place["application_id"], place["secret"])
    # Whoever listens for news must not keep the demo from stopping.
    with httpx.Client(auth=signed_in) as client, client.stream("GET", news) as stream:
        assert stream.status_code == 200
        assert "Traceback" not in _stop(first, signal.SIGINT)
    second = start(*ports)
    assert _facts(second) == facts
    assert "Traceback" not in _stop(second, signal.SIGTERM)


@pytest.mark.parametrize(("taken", "option"), [(0, "--port"), (1, "--app-port")])
def test_a_taken_port_is_said_with_the_option_that_changes_it(
    start: Start, taken: int, option: str
) -> None:
    ports = (free_port(), free_port())
    with socket.create_server(("127.0.0.1", ports[taken])):
        process = start(*ports)
        assert process.wait(60) == 1
        output, said = process.communicate()
    assert output == ""
    assert f"port {ports[taken]} already" in said
    assert f"with {option}." in said
    assert "Traceback" not in said
