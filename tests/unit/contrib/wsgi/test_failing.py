"""An app that fails in a session, or is left by the server or the browser before its end."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.unit.contrib.wsgi.apps import Echo
from tests.unit.contrib.wsgi.conftest import Guarded, unchecked
from tests.unit.contrib.wsgi.server import TEXT, asked, start
from understudy.sdk.forbidding import forbid_while_impersonating
from understudy.sdk.values import Phase
from understudy.testing import FakeGateway


def failing(when: str, error: Callable[[], BaseException] = LookupError) -> Any:
    def body(start_response: Any) -> Iterator[bytes]:
        start_response("200 OK", [TEXT])
        if when == "first part":
            raise error()
        yield b"first"
        raise error()

    def app(environ: Any, start_response: Any) -> Iterator[bytes]:
        if when == "call":
            raise error()
        return body(start_response)

    return app


@pytest.mark.parametrize("when", ["call", "first part"])
def test_an_app_that_fails_before_its_answer_is_answered_for(
    gateway: FakeGateway, guarded: Guarded, when: str
) -> None:
    session = gateway.open()
    got = guarded(failing(when)).ask("/", session.headers)
    assert (got.code, got.header("cache-control")) == (500, ["no-store"])
    assert b"app_failed" in got.body
    assert isinstance(got.error, LookupError)
    assert [action.status for action in gateway.actions(session.id)] == [500]


def test_an_app_that_fails_behind_its_first_part_is_cut_there(
    gateway: FakeGateway, guarded: Guarded
) -> None:
    session = gateway.open()
    got = guarded(failing("later")).ask("/", session.headers)
    assert (got.code, got.body, got.whole) == (200, b"first", False)
    assert isinstance(got.error, LookupError)
    assert [action.status for action in gateway.actions(session.id)] == [200]


@pytest.mark.parametrize("when", ["call", "first part", "later"])
def test_a_worker_that_is_stopped_leaves_what_was_done_in_the_log(
    gateway: FakeGateway, guarded: Guarded, when: str
) -> None:
    session = gateway.open()
    got = guarded(failing(when, SystemExit)).ask("/", session.headers, method="POST")
    assert isinstance(got.error, SystemExit)
    phases = [action.phase for action in gateway.actions(session.id, at_least=2)]
    assert phases == [Phase.INTENDED, Phase.COMPLETED]


def closing(error: type[Exception] | None, *, forbidden: bool = False) -> Any:
    class Body:
        def __iter__(self) -> Iterator[bytes]:
            if forbidden:
                forbid_while_impersonating()
            yield b"hello"

        def close(self) -> None:
            if error is not None:
                raise error

    def app(environ: Any, start_response: Any) -> Body:
        start_response("200 OK", [TEXT])
        return Body()

    return app


def test_an_app_that_fails_as_it_is_closed_hides_nothing_from_the_log(
    gateway: FakeGateway, guarded: Guarded
) -> None:
    session = gateway.open()
    got = guarded(closing(LookupError)).ask("/", session.headers, leaves_after=1)
    assert (got.body, type(got.error)) == (b"hello", LookupError)
    assert [action.status for action in gateway.actions(session.id)] == [200]


def test_a_refusal_goes_out_whatever_the_app_does_as_it_is_closed(
    gateway: FakeGateway, guarded: Guarded
) -> None:
    session = gateway.open()
    got = guarded(closing(LookupError, forbidden=True)).ask("/", session.headers)
    assert (got.code, b"hello" in got.body) == (403, False)
    (action,) = gateway.actions(session.id)
    assert (action.phase, action.status) == (Phase.BLOCKED, 403)


@pytest.mark.parametrize("leaves_after", [None, 1])
def test_an_app_is_closed_once_and_in_its_session(
    gateway: FakeGateway, guarded: Guarded, leaves_after: int | None
) -> None:
    app = Echo([b"a", b"b", b"c"])
    guarded(app).ask("/", gateway.open(subject_id="42").headers, leaves_after=leaves_after)
    assert (app.closed, app.subjects) == (1, {"42"})


def test_closing_twice_closes_once(gateway: FakeGateway, guarded: Guarded) -> None:
    app = Echo([b"a", b"b"])
    site = unchecked(guarded, app)
    answer: Any = site.middleware(asked("/", gateway.open().headers), start)
    assert next(answer) == b"a"
    answer.close()
    answer.close()
    assert list(answer) == []
    assert app.closed == 1


def test_a_browser_that_goes_in_mid_body_takes_nothing_out_of_the_log(
    gateway: FakeGateway, guarded: Guarded
) -> None:
    session = gateway.open()
    site = guarded(Echo([b"a", b"b", b"c"]))
    got = site.ask("/", session.headers, method="POST", leaves_after=1)
    assert (got.body, got.whole) == (b"a", False)
    _, completed = gateway.actions(session.id, at_least=2)
    assert (completed.phase, completed.status, completed.rule) == (Phase.COMPLETED, 200, None)
