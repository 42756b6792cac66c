"""Clients that hold back lose their connection, on the wire."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.fixtures.served import PATIENCE_SECONDS, Running, running

SHORT = (
    "from understudy.service import patience; patience.LOOK_SECONDS = 0.3; "
    "patience.STALL_SECONDS = 0.3"
)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("slow-clients")


@pytest.fixture(scope="module")
def service(place: Path) -> Iterator[Running]:
    with running(place, before=SHORT) as found:
        yield found


@contextmanager
def connected(service: Running) -> Iterator[socket.socket]:
    host, _, port = service.base.removeprefix("http://").partition(":")
    with socket.create_connection((host, int(port)), timeout=PATIENCE_SECONDS) as line:
        yield line


def heard(line: socket.socket) -> bytes:
    """What comes until the service hangs up."""
    answer = b""
    try:
        while chunk := line.recv(65_536):
            answer += chunk
    except ConnectionResetError:
        pass  # that is hanging up, too
    return answer


@pytest.mark.parametrize(
    "beginning",
    [
        b"",
        b"GET /healthz HTTP/1.1\r\nhost: x\r\n",
        b"POST /api/v1/sessions/refresh HTTP/1.1\r\nhost: x\r\ncontent-length: 999\r\n\r\n{",
    ],
    ids=["nothing", "half a head", "half a body"],
)
def test_a_request_that_does_not_come_is_not_waited_for(service: Running, beginning: bytes) -> None:
    began = time.monotonic()
    with connected(service) as line:
        line.sendall(beginning)
        assert b" 200 " not in heard(line)
    assert time.monotonic() - began < PATIENCE_SECONDS / 2


def test_a_kept_connection_rests_between_requests_as_long_as_before(service: Running) -> None:
    with connected(service) as line:
        for _ in range(2):
            line.sendall(b"GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n")
            assert b" 200 " in line.recv(65_536)
            time_passes(service)


def time_passes(service: Running) -> None:
    """As long as a client would be waited for: another one is hung up on meanwhile."""
    with connected(service) as line:
        heard(line)


def test_an_answer_that_nobody_reads_is_given_up(service: Running) -> None:
    # Requests without end, of whose long answers none is read.
    requests = b"GET /openapi.json HTTP/1.1\r\nhost: x\r\n\r\n" * 100
    with connected(service) as line, pytest.raises((ConnectionResetError, BrokenPipeError)):
        ask_for_ever(line, requests)


def ask_for_ever(line: socket.socket, requests: bytes) -> None:
    while True:
        line.sendall(requests)
