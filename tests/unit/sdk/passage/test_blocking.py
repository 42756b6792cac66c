"""The steps of a passage in the thread that serves the request."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from threading import Timer

import pytest

from tests.fixtures.impersonation import SESSION
from understudy.errors import Unavailable
from understudy.sdk.later import Later
from understudy.sdk.passage.blocking import carried_out
from understudy.sdk.passage.steps import AskApp, LoadUser, ReadBody, Steps, VisitSteps, Wait
from understudy.sdk.visit import Answer


def done(word: str = "word") -> Future[str]:
    future: Future[str] = Future()
    future.set_result(word)
    return future


def test_steps_are_carried_out_in_order_and_each_is_told_what_came_of_it() -> None:
    word = done()

    def steps() -> Steps[list[object]]:
        user = yield LoadUser(SESSION.subject, lambda _: True)
        yield Wait(word, 1)
        body = yield ReadBody(3)
        return [user, word.result(), body]

    found = carried_out(steps(), lambda step: f"user {step.subject.id}", lambda most: b"x" * most)
    assert found == ["user 42", "word", b"xxx"]
    assert carried_out(steps()) == [None, "word", b""]


def test_what_another_thread_does_is_waited_for() -> None:
    future: Future[str] = Future()

    def steps() -> Steps[str]:
        yield Wait(future, 5)
        return future.result(0)

    Timer(0.01, lambda: future.set_result("word")).start()
    assert carried_out(steps()) == "word"


def test_what_takes_too_long_is_not_and_goes_on() -> None:
    future: Future[str] = Future()

    def steps() -> Steps[bool]:
        yield Wait(future, 0.01)
        return future.done()

    assert not carried_out(steps())
    assert not future.cancelled()


@pytest.mark.parametrize("error", [LookupError, SystemExit])
def test_steps_behind_one_that_fails_still_have_their_word(error: type[BaseException]) -> None:
    heard: list[str] = []

    def steps() -> Steps[None]:
        try:
            yield LoadUser(SESSION.subject, lambda _: True)
        finally:
            heard.append("given up")

    def load(_: LoadUser) -> object:
        raise error

    # Kept here, so that nobody but the driver closes it.
    kept = steps()
    with pytest.raises(error):
        carried_out(kept, load)
    assert heard == ["given up"]


def later(future: Future[str], undone: list[str]) -> Later:
    return Later(
        future=future,
        seconds=0.01,
        then=lambda word: Answer(status=200, body=word.encode()),
        failed=lambda error: Answer(status=int(error.status)),
        otherwise=lambda: Answer(status=504),
        abandoned=undone.append,
    )


def test_an_answer_that_waits_comes_in_time() -> None:
    assert carried_out(later(done(), []).steps()).body == b"word"


def test_an_answer_that_failed_says_so() -> None:
    future: Future[str] = Future()
    future.set_exception(Unavailable())
    assert carried_out(later(future, []).steps()).status == 503


def test_what_comes_of_an_answer_behind_its_time_is_undone() -> None:
    future: Future[str] = Future()
    undone: list[str] = []
    assert carried_out(later(future, undone).steps()).status == 504
    future.set_result("session")
    assert undone == ["session"]


def asking_the_app(function: Callable[..., object], *arguments: object) -> VisitSteps[object]:
    return (yield AskApp(function, arguments))


def test_the_app_is_asked_in_place() -> None:
    assert carried_out(asking_the_app("hello {}".format, "Ada")) == "hello Ada"


def test_what_the_app_raises_is_an_answer() -> None:
    assert isinstance(carried_out(asking_the_app({}.__getitem__, "nobody")), KeyError)


def test_an_async_function_is_told_that_nobody_waits_for_it() -> None:
    async def greeted() -> str:
        return "hello"

    assert isinstance(carried_out(asking_the_app(greeted)), TypeError)
