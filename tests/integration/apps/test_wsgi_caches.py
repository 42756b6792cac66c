"""A cache of pages that somebody has written by hand, between the guard and a WSGI app.

``no-store`` comes too late for it: the guard says so when the page goes out. One that tells people
apart by their cookies knows sessions apart as well, by the public id among these. One that goes by
the address alone shows people each other's pages without us, too: nothing can be made of that but
to put the guard within it, or to leave out of it what is somebody's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import permutations
from typing import Any

import pytest

from tests.unit.contrib.wsgi.server import HTML, PAGE, asked, served
from understudy import current_impersonation
from understudy.contrib.wsgi import UnderstudyMiddleware
from understudy.contrib.wsgi.types import App, Environ
from understudy.sdk.understudy import Understudy
from understudy.testing import FakeGateway, FakeSession

Key = Callable[[Environ], object]


def by_cookie(environ: Environ) -> object:
    return environ["PATH_INFO"], environ["QUERY_STRING"], environ.get("HTTP_COOKIE")


def by_address(environ: Environ) -> object:
    return environ["PATH_INFO"], environ["QUERY_STRING"]


class Cache:
    """Keeps what the app answered to a GET."""

    def __init__(self, app: App, key: Key) -> None:
        self._app = app
        self._key = key
        self.kept: dict[object, tuple[str, list[tuple[str, str]], list[bytes]]] = {}

    def __call__(self, environ: Environ, start_response: Any) -> list[bytes]:
        key = self._key(environ)
        if key not in self.kept:
            said: list[Any] = []

            def keep(*now: Any) -> Any:
                said.extend(now)

            body = list(self._app(environ, keep))
            self.kept[key] = (said[0], said[1], body)
        status, headers, body = self.kept[key]
        start_response(status, list(headers))
        return body


def letters(environ: Environ, start_response: Any) -> list[bytes]:
    """A page of somebody's own; without a session the cookie says whose."""
    found = current_impersonation()
    name = found.subject.id if found else environ.get("HTTP_COOKIE", "nobody")
    start_response("200 OK", [HTML])
    return [f"<html><body>letters of {name}!</body></html>".encode()]


class People:
    """The agent, a user, and two sessions, who look at one page one after another."""

    def __init__(self) -> None:
        self.gateway = FakeGateway()
        self.understudy: Understudy = self.gateway.understudy()
        self.sessions = [self.gateway.open(subject_id=name) for name in ("ada", "bob")]

    def see(self, app: App, who: FakeSession | str) -> bytes:
        """What somebody is shown."""
        headers = {"Cookie": who} if isinstance(who, str) else who.headers
        return served(app, asked("/letters", {**PAGE, **headers})).body

    @property
    def all(self) -> list[tuple[FakeSession | str, bytes]]:
        """Everybody, and what is theirs alone."""
        ada, bob = self.sessions
        theirs = {"agent": b"of agent!", "user": b"of user!"}
        return [(ada, b"of ada!"), (bob, b"of bob!"), *theirs.items()]


@pytest.fixture
def people() -> Iterator[People]:
    made = People()
    yield made
    made.understudy.close()


def test_a_cache_by_cookie_within_the_guard_gives_nobody_the_page_of_somebody_else(
    people: People,
) -> None:
    for order in permutations(people.all):
        site = UnderstudyMiddleware(Cache(letters, by_cookie), understudy=people.understudy)
        for who, theirs in (*order, *order):
            assert theirs in people.see(site, who)


def test_a_cache_by_address_around_the_guard_still_answers_before_it(people: People) -> None:
    site = UnderstudyMiddleware(letters, understudy=people.understudy)
    ada, _ = people.sessions
    cache = Cache(site, by_address)
    assert b"of ada!" in people.see(cache, ada)
    # Whoever writes such a cache has to heed what the guard says of its pages.
    (_, headers, _) = cache.kept[by_address(asked("/letters"))]
    assert ("cache-control", "no-store") in headers


def test_a_cache_by_address_within_the_guard_leaks_as_it_does_without_us(people: People) -> None:
    bare = Cache(letters, by_address)
    people.see(bare, "agent")
    assert b"of agent!" in people.see(bare, "user")
    site = UnderstudyMiddleware(Cache(letters, by_address), understudy=people.understudy)
    people.see(site, "agent")
    assert b"of agent!" in people.see(site, people.sessions[0])


def test_a_page_that_waskept_is_served_unasked_and_told_so(people: People) -> None:
    site = UnderstudyMiddleware(Cache(letters, by_address), understudy=people.understudy)
    people.see(site, "agent")
    people.see(site, people.sessions[0])
    assert dict(people.understudy.served_unasked()) == {"GET /letters": 1}
