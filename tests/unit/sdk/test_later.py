"""Answers that wait for the service."""

from __future__ import annotations

from concurrent.futures import Future
from typing import Any

from understudy.errors import TokenInvalid
from understudy.sdk.later import Later
from understudy.sdk.passage.steps import Wait
from understudy.sdk.visit import Answer


def later(future: Future[Any], undone: list[object]) -> Later:
    return Later(
        future=future,
        seconds=1,
        then=lambda result: Answer(body=result),
        failed=lambda error: Answer(status=error.status),
        otherwise=lambda: Answer(status=503),
        abandoned=undone.append,
    )


def test_the_answer_is_made_of_the_result() -> None:
    future: Future[bytes] = Future()
    future.set_result(b"done")
    assert later(future, []).answer() == Answer(body=b"done")


def test_a_refusal_becomes_its_own_answer() -> None:
    future: Future[bytes] = Future()
    future.set_exception(TokenInvalid())
    assert later(future, []).answer() == Answer(status=401)


def test_what_comes_after_nobody_waits_is_undone() -> None:
    future, undone = Future[bytes](), list[object]()
    assert later(future, undone).abandon() == Answer(status=503)
    assert undone == []
    future.set_result(b"too late")
    assert undone == [b"too late"]


def test_nothing_is_undone_when_nothing_came() -> None:
    failed, cancelled, undone = Future[bytes](), Future[bytes](), list[object]()
    later(failed, undone).abandon()
    later(cancelled, undone).abandon()
    failed.set_exception(TokenInvalid())
    cancelled.cancel()
    assert undone == []


def test_what_comes_after_its_request_was_given_up_is_undone() -> None:
    future, undone = Future[bytes](), list[object]()
    steps = later(future, undone).steps()
    assert next(steps) == Wait(future, 1)
    steps.close()
    future.set_result(b"too late")
    assert undone == [b"too late"]
