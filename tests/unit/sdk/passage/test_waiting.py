"""Waiting beside the event loop."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import Future

import pytest

from tests.fixtures.impersonation import SESSION
from understudy.errors import TokenInvalid
from understudy.sdk.later import Later
from understudy.sdk.passage.steps import AskApp, LoadUser, Steps, VisitSteps, Wait
from understudy.sdk.passage.waiting import carried_out, is_done
from understudy.sdk.visit import Answer


def test_a_result_that_is_there_is_not_waited_for() -> None:
    future: Future[int] = Future()
    future.set_result(1)
    assert asyncio.run(is_done(future, 0))


def test_a_result_of_another_thread_is_waited_for() -> None:
    future: Future[int] = Future()
    threading.Timer(0.01, lambda: future.set_result(1)).start()
    assert asyncio.run(is_done(future, 5))


def test_a_result_that_takes_too_long_is_not() -> None:
    assert not asyncio.run(is_done(Future(), 0.01))


def test_giving_up_does_not_cancel_what_others_wait_for() -> None:
    future: Future[int] = Future()

    async def main() -> None:
        waiter = asyncio.create_task(is_done(future, 5))
        await asyncio.sleep(0)
        waiter.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiter

    asyncio.run(main())
    assert not future.cancelled()


def test_a_failure_after_giving_up_disturbs_nobody(caplog: pytest.LogCaptureFixture) -> None:
    future: Future[int] = Future()

    async def main() -> None:
        assert not await is_done(future, 0.01)
        future.set_exception(TokenInvalid())
        for _ in range(3):
            await asyncio.sleep(0)

    asyncio.run(main())
    assert "never retrieved" not in caplog.text


@pytest.mark.parametrize(("done", "status"), [(True, 200), (False, 503)])
def test_an_answer_that_waits_comes_in_time_or_not_at_all(done: bool, status: int) -> None:
    future: Future[None] = Future()
    if done:
        future.set_result(None)
    later = Later(
        future=future,
        seconds=0.01,
        then=lambda _: Answer(),
        failed=lambda _: Answer(status=500),
        otherwise=lambda: Answer(status=503),
    )
    assert asyncio.run(carried_out(later.steps())).status == status


def test_steps_are_carried_out_in_order_and_each_is_told_what_came_of_it() -> None:
    done: Future[str] = Future()
    done.set_result("word")

    def asked() -> Steps[list[object]]:
        user = yield LoadUser(SESSION.subject, lambda _: True)
        yield Wait(done, 1)
        return [user, done.result()]

    async def load(step: LoadUser) -> object:
        return f"user {step.subject.id}"

    assert asyncio.run(carried_out(asked(), load)) == ["user 42", "word"]
    assert asyncio.run(carried_out(asked())) == [None, "word"]


def test_steps_whose_request_is_cancelled_are_told_so() -> None:
    heard: list[str] = []

    def asked() -> Steps[None]:
        try:
            yield Wait(Future(), 5)
        finally:
            heard.append("given up")

    # Kept here, so that nobody but the driver closes it.
    kept = asked()

    async def main() -> None:
        task = asyncio.create_task(carried_out(kept))
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(main())
    assert heard == ["given up"]


def asking_the_app(function: Callable[..., object], *arguments: object) -> VisitSteps[object]:
    return (yield AskApp(function, arguments))


async def greeted(name: str) -> str:
    await asyncio.sleep(0)
    return f"hello {name}"


@pytest.mark.parametrize("function", ["hello {}".format, greeted])
def test_the_app_is_asked_by_a_plain_or_an_async_function(function: Callable[..., object]) -> None:
    assert asyncio.run(carried_out(asking_the_app(function, "Ada"))) == "hello Ada"


def test_what_the_app_raises_is_an_answer() -> None:
    given = asyncio.run(carried_out(asking_the_app({}.__getitem__, "nobody")))
    assert isinstance(given, KeyError)
