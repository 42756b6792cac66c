"""Waiting beside the event loop."""

from __future__ import annotations

import asyncio
import threading

import pytest

from tests.fixtures.refusals import refusal_of
from understudy.contrib.asgi.waiting import ask, read_body
from understudy.errors import Unavailable
from understudy.sdk.cache import Held
from understudy.sdk.passage import steps
from understudy.sdk.secret import Secret
from understudy.testing import FakeGateway


def test_a_body_is_read_in_its_parts_and_no_further_than_said() -> None:
    parts = [b"one", b"two", b"three"]

    async def receive() -> dict[str, object]:
        return {"type": "http.request", "body": parts.pop(0), "more_body": bool(parts)}

    assert asyncio.run(read_body(receive, 5)) == b"onetw"
    assert parts == [b"three"]


def test_asking_gives_the_services_word(gateway: FakeGateway) -> None:
    understudy, session = gateway.understudy(), gateway.open()
    runtime, token = understudy.runtime(), Secret(session.token)
    assert isinstance(asyncio.run(ask(runtime, token, b"key")), Held)
    understudy.close()


def test_no_answer_in_time_is_none(gateway: FakeGateway, monkeypatch: pytest.MonkeyPatch) -> None:
    gate = threading.Event()
    monkeypatch.setattr(steps, "ASK_SECONDS", 0.01)
    monkeypatch.setattr(gateway, "refresh", lambda _: gate.wait(5))
    understudy, token = gateway.understudy(), Secret("uss_1")
    with refusal_of(Unavailable, "unavailable"):
        asyncio.run(ask(understudy.runtime(), token, b"key"))
    gate.set()
    understudy.close()
