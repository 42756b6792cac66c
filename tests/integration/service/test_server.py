"""The service as a process of its own."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.fixtures.served import PATIENCE_SECONDS, Running, credentials, running


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Running]:
    """A new installation, served."""
    with running(tmp_path) as found:
        yield found


def test_it_says_where_it_is_and_how_to_begin(service: Running) -> None:
    port = service.base.rpartition(":")[2]
    assert f"Understudy is at http://localhost:{port}\n" in service.said
    assert f"http://localhost:{port}/setup#token=usv_" in service.said
    assert httpx.get(f"{service.base}/healthz").json() == {"status": "ok"}


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_streams_and_then_the_process(
    tmp_path: Path, service: Running, number: signal.Signals
) -> None:
    auth = credentials(tmp_path)
    url = f"{service.base}/api/v1/events/stream"
    with httpx.stream("GET", url, auth=auth, timeout=PATIENCE_SECONDS) as stream:
        assert stream.status_code == 200
        lines = stream.iter_lines()
        assert next(line for line in lines if line.startswith("event: ")) == "event: heartbeat"
        service.process.send_signal(number)
        for _ in lines:  # to its end: httpx complains when a stream is cut off
            pass
    assert service.process.wait(PATIENCE_SECONDS) == 0
    assert "ERROR" not in service.log.read_text()


def test_nothing_secret_is_written_to_the_log(tmp_path: Path, service: Running) -> None:
    application_id, secret = credentials(tmp_path)
    headers = {"x-request-id": "find-me-again"}
    query = {"cursor": "usv_secret_in_a_query"}
    for auth in ((application_id, secret), (application_id, "usk_wrong_secret_that_is_long")):
        url = f"{service.base}/api/v1/sessions"
        httpx.get(url, auth=auth, params=query, headers=headers)
    service.process.terminate()
    assert service.process.wait(PATIENCE_SECONDS) == 0
    log = service.log.read_text()
    assert log.count("find-me-again") == 2
    assert "/api/v1/sessions" in log
    for hidden in (secret, "usk_wrong", "usv_secret", "cursor"):
        assert hidden not in log


def test_what_was_done_is_still_there_after_a_crash(tmp_path: Path) -> None:
    with running(tmp_path) as first:
        auth = credentials(tmp_path)
        body = {"name": "Ada"}
        saved = httpx.put(f"{first.base}/api/v1/subjects/ada", auth=auth, json=body)
        assert saved.status_code == 200
        first.process.kill()
        first.process.wait(PATIENCE_SECONDS)
    with running(tmp_path) as second:
        found = httpx.get(f"{second.base}/api/v1/subjects/ada", auth=auth)
        assert found.json()["name"] == "Ada"
