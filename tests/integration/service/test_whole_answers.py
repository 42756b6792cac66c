"""Answers in one write, as clients see them."""

from __future__ import annotations

import base64
import socket
from collections.abc import Iterator, Mapping
from pathlib import Path

import httpx
import pytest

from tests.fixtures.served import PATIENCE_SECONDS, Running, credentials, running

PATH = "/api/v1/application"
OF_ITS_MOMENT = ("date", "x-request-id")


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("whole-answers")


@pytest.fixture(scope="module")
def service(place: Path) -> Iterator[Running]:
    with running(place) as found:
        yield found


@pytest.fixture(scope="module")
def auth(place: Path, service: Running) -> tuple[str, str]:
    return credentials(place)


def lasting(headers: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in headers.items() if name not in OF_ITS_MOMENT}


def spoken(service: Running, *requests: bytes) -> bytes:
    """Everything that comes back for ``requests``, sent at once, until the service hangs up."""
    host, _, port = service.base.removeprefix("http://").partition(":")
    answer = b""
    with socket.create_connection((host, int(port)), timeout=PATIENCE_SECONDS) as connection:
        connection.sendall(b"".join(requests))
        while chunk := connection.recv(65536):
            answer += chunk
    return answer


def get(auth: tuple[str, str], *lines: bytes, version: bytes = b"1.1") -> bytes:
    basic = base64.b64encode(":".join(auth).encode())
    head = (
        b"GET %s HTTP/%s" % (PATH.encode(), version),
        b"host: x",
        b"authorization: Basic " + basic,
    )
    return b"\r\n".join((*head, *lines, b"", b""))


def test_it_says_what_an_answer_by_messages_says(service: Running, auth: tuple[str, str]) -> None:
    with httpx.Client(base_url=service.base, auth=auth) as client:
        written, by_messages = client.get(PATH), client.head(PATH)
    assert written.status_code == by_messages.status_code == 200
    assert lasting(written.headers) == lasting(by_messages.headers)
    assert written.headers["content-length"] == str(len(written.content))
    assert written.json()["id"] == auth[0]


def test_an_answer_without_content_says_nothing_of_its_length(
    service: Running, auth: tuple[str, str]
) -> None:
    with httpx.Client(base_url=service.base, auth=auth) as client:
        assert client.put("/api/v1/subjects/ada", json={"name": "Ada"}).status_code == 200
        gone = client.delete("/api/v1/subjects/ada")
    assert (gone.status_code, gone.content) == (204, b"")
    assert not {"content-length", "transfer-encoding"} & gone.headers.keys()


def test_one_connection_serves_one_after_the_other(service: Running, auth: tuple[str, str]) -> None:
    said = spoken(service, get(auth), get(auth), get(auth, b"connection: close"))
    assert said.count(b"HTTP/1.1 200 OK\r\n") == 3
    assert said.count(b"connection: close\r\n") == 1


def test_an_old_client_is_hung_up_on(service: Running, auth: tuple[str, str]) -> None:
    said = spoken(service, get(auth, version=b"1.0"))
    assert said.startswith(b"HTTP/1.1 200 OK\r\n")
    assert b"connection: close\r\n" in said
