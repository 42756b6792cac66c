"""Denial of service, and what goes on when a part is away (D1, D2, D5)."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest
from websockets import Origin
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from tests.integration.abuse.apps import COOKIE
from tests.integration.abuse.servers import eventually, listening
from tests.integration.abuse.stack import Stack
from tests.integration.abuse.stack import stack as running_stack
from understudy.core.people.permissions import Role
from understudy.wires.native import passwords


class Ahead:
    """The machine's monotonic clock, which a test may set ahead."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return time.monotonic() + self.seconds


def test_d1_without_the_service_access_ends_within_its_bound(tmp_path: Path) -> None:
    ahead = Ahead()
    with running_stack(tmp_path, monotonic=ahead) as stack:
        kim = stack.visitor()
        kim.plant(stack.app_url, COOKIE, stack.shop.sign_in("kim"))
        stack.overlaid(kim, stack.open())
        assert kim.app("GET", "/whoami").json()["subject"] == "ada"
        listening(stack.understudy)
        assert kim.app("GET", "/whoami").json()["subject"] == "ada"
        stack.stop_service()
        # What was revoked by now nobody here can know; so it goes on for 5 seconds at most.
        assert kim.app("POST", "/orders").status_code == 503
        ahead.seconds += 5
        for method, path in (("GET", "/whoami"), ("POST", "/orders"), ("GET", "/")):
            answer = kim.app(method, path)
            assert (answer.status_code, answer.headers["retry-after"]) == (503, "1")
        assert stack.shop.orders == []
        # Nobody else is the worse for it, and whoever wants to leave can.
        other = stack.visitor()
        other.plant(stack.app_url, COOKIE, stack.shop.sign_in("bob"))
        assert other.app("GET", "/whoami").json()["user"] == "bob"
        assert kim.end().status_code == 200
        assert kim.app("GET", "/whoami").json() == {"user": "kim", "subject": None, "actor": None}


def test_d2_an_open_socket_does_not_outlive_its_session(stack: Stack) -> None:
    opened = stack.open()
    with connect(
        f"ws://127.0.0.1:{stack.app_port}/socket?_understudy_page={opened['session']['id']}",
        additional_headers={"Cookie": f"__Host-understudy={opened['session_token']}"},
        origin=Origin(f"http://127.0.0.1:{stack.app_port}"),
        proxy=None,
    ) as socket:
        assert socket.recv(timeout=5) == "ada"
        revoke(stack, opened["session"]["id"])
        with pytest.raises(ConnectionClosed):
            socket.recv(timeout=5)
        assert socket.close_code == 4401


def test_d2_an_open_stream_does_not_outlive_its_session(stack: Stack) -> None:
    opened = stack.open()
    url = f"http://127.0.0.1:{stack.app_port}/stream"
    headers = {"cookie": f"__Host-understudy={opened['session_token']}"}
    with (
        httpx.Client(timeout=5, trust_env=False, verify=False) as client,
        client.stream("GET", url, headers=headers) as answer,
    ):
        parts = answer.iter_bytes()
        assert next(parts) == b"data: first\n\n"
        revoke(stack, opened["session"]["id"])
        with pytest.raises(httpx.RemoteProtocolError):
            list(parts)


def revoke(stack: Stack, session_id: str) -> None:
    with stack.backend() as backend:
        assert backend.post(f"/sessions/{session_id}/revoke").status_code == 200


def test_d5_a_flood_of_passwords_leaves_room_for_everything_else(
    own_stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    stack = own_stack
    auditor = stack.operator(Role.AUDITOR)[1]
    gate, busy, most = threading.Event(), [0], [0]
    lock = threading.Lock()

    def slow(password: str, stored: str) -> bool:
        with lock:
            busy[0] += 1
            most[0] = max(most[0], busy[0])
        assert gate.wait(20)
        with lock:
            busy[0] -= 1
        return False

    monkeypatch.setattr(passwords._hasher, "verify", slow)
    body = {"email": "sam@support.example", "password": "a wrong password"}
    with stack.stranger() as browser, ThreadPoolExecutor(40) as callers:
        floods = [callers.submit(browser.post, "/sign-in", json=body) for _ in range(40)]
        eventually(lambda: busy[0] == 2)
        try:
            url = f"{stack.issuer}/api/v1"
            with httpx.Client(timeout=5, trust_env=False, verify=False) as client:
                port = stack.settings.port
                assert client.get(f"http://127.0.0.1:{port}/healthz").status_code == 200
            # A search goes through a thread: not through one that waits for a password.
            assert auditor.call("GET", f"{url}/audit/entries", timeout=5).status_code == 200
            assert stack.open()["session"]["actor"]["id"] == "kim"
        finally:
            gate.set()
        statuses = {flood.result().status_code for flood in floods}
    assert statuses <= {401, 429, 503}
    assert most[0] == 2


def test_d5_nobody_makes_the_service_read_for_ever(stack: Stack) -> None:
    with stack.stranger(auth=stack.main.auth) as backend:
        huge = b'{"subject_id":"' + b"x" * 70_000 + b'"}'
        headers = {"content-type": "application/json"}
        for path in ("/impersonations", "/impersonations/exchange", "/sign-in", "/setup"):
            answer = backend.post(path, content=huge, headers=headers)
            assert answer.status_code == 413, path
        deep = b'{"subject_id":' + b"[" * 30_000
        answer = backend.post("/impersonations", content=deep, headers=headers)
        assert answer.status_code in (400, 422)
        many = "&".join(f"a{number}=1" for number in range(5_000))
        assert backend.get(f"/sessions?{many}").status_code in (400, 414, 431)
