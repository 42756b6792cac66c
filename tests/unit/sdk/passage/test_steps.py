"""How long is waited for the service's word."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from tests.fixtures.refusals import refusal_of
from understudy.errors import Unavailable
from understudy.sdk.cache import Held
from understudy.sdk.passage import steps
from understudy.sdk.passage.blocking import carried_out
from understudy.sdk.passage.steps import ask_seconds, asking
from understudy.sdk.runtime import Runtime
from understudy.sdk.secret import Secret
from understudy.sdk.understudy import Understudy
from understudy.testing import FakeGateway


@pytest.fixture
def gateway() -> FakeGateway:
    return FakeGateway()


@pytest.fixture
def loading() -> threading.Event:
    """Set once what the service is asked with is there."""
    return threading.Event()


@pytest.fixture
def runtime(
    gateway: FakeGateway, loading: threading.Event, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Runtime]:
    """That of a process which has to load something before it can ask, and asks no longer."""
    monkeypatch.setattr(steps, "ASK_SECONDS", 0.01)
    client = gateway.understudy().client
    link = Understudy(connect=lambda: gateway, client=client, load=lambda: loading.wait(5))
    yield link.runtime()
    loading.set()
    link.close()


def test_what_is_loaded_for_the_first_question_takes_nothing_of_its_time(
    gateway: FakeGateway, loading: threading.Event, runtime: Runtime
) -> None:
    token = Secret(gateway.open().token)
    threading.Timer(0.1, loading.set).start()
    assert isinstance(carried_out(asking(runtime, token, b"key")), Held)
    assert runtime.is_loaded


def test_behind_the_first_question_no_page_waits_longer(
    gateway: FakeGateway,
    loading: threading.Event,
    runtime: Runtime,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    loading.set()
    runtime.ask(Secret(gateway.open().token), b"key").result(5)
    assert ask_seconds(runtime) == steps.ASK_SECONDS
    gate = threading.Event()
    monkeypatch.setattr(gateway, "refresh", lambda _: gate.wait(5))
    with refusal_of(Unavailable, "unavailable"):
        carried_out(asking(runtime, Secret("uss_1"), b"another"))
    gate.set()
