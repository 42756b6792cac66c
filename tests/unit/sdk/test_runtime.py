"""What one process keeps."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from itertools import count
from typing import Any

import pytest

from tests.fixtures.impersonation import BEGIN, ManualTime
from understudy.core.impersonation.sessions import EndCause
from understudy.sdk.cache import Ended, Held
from understudy.sdk.runtime import Runtime
from understudy.sdk.secret import Secret
from understudy.sdk.values import Phase, RecordedAction
from understudy.testing import FakeGateway


@pytest.fixture
def gateway() -> FakeGateway:
    return FakeGateway()


@pytest.fixture
def runtime(gateway: FakeGateway) -> Iterator[Runtime]:
    time, numbers = ManualTime(), count(1)
    runtime = Runtime(
        gateway=gateway,
        clock=time.clock,
        monotonic=time.monotonic,
        random_text=lambda: f"random-{next(numbers)}-and-more",
        read_only=None,
    )
    yield runtime
    runtime.close()


_earlier: set[threading.Thread] = set()


@pytest.fixture(autouse=True)
def leave_others_alone() -> None:
    """Threads that other tests left in this process, such as those for passwords, do not count."""
    _earlier.clear()
    _earlier.update(threading.enumerate())


def threads() -> set[str]:
    started = set(threading.enumerate()) - _earlier
    return {thread.name for thread in started if "understudy" in thread.name}


def test_no_thread_starts_before_there_is_something_to_do(runtime: Runtime) -> None:
    assert runtime.pid == os.getpid()
    assert threads() == set()


def test_following_starts_one_thread_however_often_it_is_asked_for(runtime: Runtime) -> None:
    runtime.follow()
    runtime.follow()
    assert [name for name in threads() if "follower" in name] == ["understudy-follower"]


def test_closing_ends_every_thread(runtime: Runtime, gateway: FakeGateway) -> None:
    session = gateway.open()
    runtime.follow()
    runtime.recorder.add(session.id, runtime.action("a-1", Phase.COMPLETED, "GET", "/"))
    runtime.calls.submit(lambda: None).result(5)
    runtime.close()
    runtime.close()
    assert threads() - {"understudy_0"} == set()
    assert [action.id for action in gateway.actions(session.id)] == ["a-1"]


def test_nothing_follows_after_closing(runtime: Runtime) -> None:
    runtime.close()
    runtime.follow()
    assert threads() == set()


def test_another_process_does_not_close_what_it_inherited(
    runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    runtime.follow()
    with monkeypatch.context() as patch:
        patch.setattr(os, "getpid", lambda: runtime.pid + 1)
        runtime.close()
    assert "understudy-follower" in threads()


def test_action_ids_are_unique_and_fit_the_services_pattern(runtime: Runtime) -> None:
    ids = [runtime.new_action_id() for _ in range(3)]
    assert len(set(ids)) == 3
    assert all(8 <= len(action_id) <= 64 for action_id in ids)


def sent(runtime: Runtime, *facts: Any) -> RecordedAction:
    """An action as the service gets it."""
    gateway = runtime.gateway
    assert isinstance(gateway, FakeGateway)
    session = gateway.open()
    action = runtime.action(*facts)
    runtime.recorder.add(session.id, action)
    return gateway.actions(session.id)[0]


def test_an_action_is_cut_to_what_the_service_accepts(runtime: Runtime) -> None:
    action = sent(
        runtime,
        "a-1",
        Phase.COMPLETED,
        "GET",
        "/" + "p" * 3000,
        "r" * 600,
        200,
        5,
        "rule",
        "a" * 100,
        "u" * 600,
    )
    assert (len(action.path), len(action.route or "")) == (2000, 500)
    assert (len(action.address or ""), len(action.user_agent or "")) == (64, 500)
    assert action.at == BEGIN


@pytest.mark.parametrize("method", ["", "get", "GET2", "GÉT", "M-SEARCH"])
def test_a_method_that_the_service_does_not_know_is_called_other(
    runtime: Runtime, method: str
) -> None:
    assert sent(runtime, "a-1", Phase.COMPLETED, method, "").method == "OTHER"
    assert sent(runtime, "a-1", Phase.COMPLETED, "PROPFIND", "").method == "PROPFIND"


def test_an_empty_path_is_the_root(runtime: Runtime) -> None:
    assert sent(runtime, "a-1", Phase.COMPLETED, "GET", "").path == "/"


def test_ending_is_known_here_at_once_and_at_the_service_soon(
    runtime: Runtime, gateway: FakeGateway
) -> None:
    session = gateway.open()
    held = runtime.sessions.refresh(Secret(session.token))
    assert isinstance(held, Held)
    runtime.end(held, EndCause.IDENTITY_NOT_APPLIED)
    assert runtime.cache.find(held.key) == Ended(
        cause=EndCause.IDENTITY_NOT_APPLIED, session=held.session
    )
    assert gateway.wait_until_ended(session.id) is EndCause.IDENTITY_NOT_APPLIED
