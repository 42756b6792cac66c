"""A session that ends while the app answers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

import pytest

from tests.unit.contrib.wsgi.apps import Echo, writing
from tests.unit.contrib.wsgi.conftest import Guarded, Site
from tests.unit.contrib.wsgi.server import TEXT
from understudy.sdk.understudy import Understudy
from understudy.testing import FakeGateway, FakeSession


def followed(gateway: FakeGateway, site: Site) -> FakeSession:
    """A session of whose end the app will hear."""
    session = gateway.open()
    site.ask("/", session.headers)
    gateway.wait_for_followers()
    return session


def ending(gateway: FakeGateway, make: Callable[[Callable[[], object]], Any]) -> Any:
    """An app in which the session ends between the parts of every answer but the first."""
    sessions: list[FakeSession] = []

    def end() -> None:
        for session in sessions:
            gateway.revoke(session.id)

    return make(end), sessions


STREAMS: dict[str, Callable[[Any], Any]] = {
    "parts": lambda between: Echo([b"first", b"secret", b"more"], between=between),
    "writes": lambda between: writing(b"first", b"secret", b"more", between=between),
    "empty parts": lambda between: Echo([b"first", b"", b"secret"], between=between),
}


@pytest.mark.parametrize("kind", STREAMS)
def test_a_body_ends_with_its_session_and_is_not_taken_for_the_whole(
    gateway: FakeGateway, guarded: Guarded, kind: str
) -> None:
    app, sessions = ending(gateway, STREAMS[kind])
    site = guarded(app)
    session = followed(gateway, site)
    sessions.append(session)
    got = site.ask("/", session.headers)
    assert (got.code, got.body, got.whole) == (200, b"first", False)
    assert isinstance(got.error, ConnectionAbortedError)
    last = gateway.actions(session.id, at_least=2)[-1]
    assert (last.status, last.rule) == (200, "session_over")


def test_a_body_is_cut_off_where_nobody_can_tell_and_the_log_says_that(
    gateway: FakeGateway, guarded: Guarded, understudy: Understudy
) -> None:
    def lose() -> None:
        gateway.reachable = False
        understudy.runtime().pulse.mistrust()

    session = gateway.open()
    got = guarded(Echo([b"first", b"secret"], between=lose)).ask("/", session.headers)
    assert (got.body, got.whole) == (b"first", False)
    gateway.reachable = True
    (action,) = gateway.actions(session.id)
    assert (action.status, action.rule) == (200, "unavailable")


def test_an_app_that_makes_nothing_of_the_cut_is_cut_all_the_same(
    gateway: FakeGateway, guarded: Guarded
) -> None:
    def make(between: Any) -> Any:
        def app(environ: Any, start_response: Any) -> list[bytes]:
            write = start_response("200 OK", [TEXT])
            write(b"first")
            between()
            with suppress(OSError):
                write(b"secret")
            return []

        return app

    app, sessions = ending(gateway, make)
    site = guarded(app)
    session = followed(gateway, site)
    sessions.append(session)
    got = site.ask("/", session.headers)
    assert (got.body, got.whole) == (b"first", False)


def test_a_part_that_is_empty_looks_whether_the_session_goes_on(
    gateway: FakeGateway, guarded: Guarded
) -> None:
    def make(between: Any) -> Any:
        def app(environ: Any, start_response: Any) -> Iterator[bytes]:
            start_response("200 OK", [TEXT])
            yield b"first"
            between()
            while True:
                yield b""

        return app

    app, sessions = ending(gateway, make)
    site = guarded(app)
    session = gateway.open()
    site.ask("/", session.headers, leaves_after=1)
    gateway.wait_for_followers()
    sessions.append(session)
    got = site.ask("/", session.headers)
    assert (got.body, got.whole) == (b"first", False)


def test_a_change_is_told_of_behind_the_end_and_nothing_else(
    gateway: FakeGateway, guarded: Guarded
) -> None:
    app, sessions = ending(
        gateway, lambda end: Echo([b"done", b"secret"], look=lambda _: end(), status="201 Created")
    )
    site = guarded(app)
    session = followed(gateway, site)
    sessions.append(session)
    got = site.ask("/", session.headers, method="POST")
    assert (got.code, got.body, got.whole) == (201, b"done", False)


def test_nothing_of_what_was_read_goes_out_behind_the_end(
    gateway: FakeGateway, guarded: Guarded
) -> None:
    app, sessions = ending(gateway, lambda end: Echo([b"secret"], look=lambda _: end()))
    site = guarded(app)
    session = followed(gateway, site)
    sessions.append(session)
    got = site.ask("/", session.headers)
    assert (got.code, b"secret" in got.body, got.whole) == (401, False, True)
