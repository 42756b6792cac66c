"""A request's context in executors, threads and queues."""

from __future__ import annotations

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.fixtures.impersonation import SESSION
from tests.fixtures.refusals import refusal_of
from understudy import CarryingExecutor, as_the_app, carried, current_impersonation, on_behalf_of
from understudy.errors import ForbiddenWhileImpersonating, SessionOver
from understudy.sdk import forbidding
from understudy.sdk.asked_by import PINNED
from understudy.sdk.at_work import AtWork
from understudy.sdk.context import Impersonation, OwnRequest, Present, entered, present_request
from understudy.sdk.forbidding import forbid_while_impersonating

FOUND = Impersonation.of(SESSION)


class Busy:
    def is_busy(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def busy(monkeypatch: pytest.MonkeyPatch) -> Busy:
    """Somebody is impersonated in this process."""
    busy, at_work = Busy(), AtWork()
    at_work.begins(busy)
    monkeypatch.setattr(forbidding, "AT_WORK", at_work)
    return busy


def asked_by(*, over: bool = False) -> dict[str, Any]:
    return {"type": "http", PINNED: FOUND, "understudy.is_over": lambda: over}


def whom() -> str | None:
    found = current_impersonation()
    return found.subject.id if found else None


def test_work_is_carried_into_a_thread() -> None:
    seen: list[str | None] = []
    with entered(Present(FOUND)):
        for work in (carried(lambda: seen.append(whom())), lambda: seen.append(whom())):
            thread = threading.Thread(target=work)
            thread.start()
            thread.join()
    assert seen == ["42", None]


def test_work_is_carried_into_a_pool_twice_and_keeps_its_name() -> None:
    with entered(Present(FOUND)), ThreadPoolExecutor(2) as pool:
        work = carried(whom)
        assert [pool.submit(work).result() for _ in range(2)] == ["42", "42"]
        assert pool.submit(whom).result() is None
    assert work.__name__ == "whom"
    # As everywhere: what outlives its request is nobody.
    assert work() is None


def test_a_pool_that_carries_mends_every_run_in_executor_of_a_loop() -> None:
    async def main() -> list[str | None]:
        loop = asyncio.get_running_loop()
        found = []
        with entered(Present(FOUND)):
            found.append(await loop.run_in_executor(None, whom))
            loop.set_default_executor(CarryingExecutor(1))
            found.append(await loop.run_in_executor(None, whom))
        found.append(await loop.run_in_executor(None, whom))
        return found

    assert asyncio.run(main()) == [None, "42", None]


def test_queued_work_is_its_requests_also_when_that_is_over() -> None:
    with on_behalf_of(asked_by()):
        assert whom() == "42"
        with refusal_of(ForbiddenWhileImpersonating, "forbidden_while_impersonating"):
            forbid_while_impersonating()
    assert whom() is None


@pytest.mark.parametrize("scope", [asked_by(over=True), {"type": "http", PINNED: FOUND}])
def test_queued_work_ends_with_its_session(scope: dict[str, Any]) -> None:
    with refusal_of(SessionOver, "session_over"), on_behalf_of(scope):
        raise AssertionError("it ran")


def test_queued_work_of_a_user_is_known_as_theirs() -> None:
    with on_behalf_of({"type": "http"}):
        assert isinstance(present_request(), OwnRequest)
        forbid_while_impersonating()


def test_work_of_nobody_that_is_known_is_not_taken_for_a_users() -> None:
    with pytest.raises(TypeError), on_behalf_of(None):
        raise AssertionError("it ran")


def test_the_apps_own_work_is_kept_out_of_nothing() -> None:
    with as_the_app():
        forbid_while_impersonating()
    with refusal_of(ForbiddenWhileImpersonating, "forbidden_while_impersonating"):
        forbid_while_impersonating()


def test_nothing_passes_for_the_apps_own_work_in_an_impersonated_request() -> None:
    with (
        entered(Present(FOUND)),
        refusal_of(ForbiddenWhileImpersonating, "forbidden_while_impersonating"),
        as_the_app(),
    ):
        raise AssertionError("it ran")
