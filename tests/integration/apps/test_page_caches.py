"""A cache of pages inside of the guard gives nobody the page of somebody else.

``no-store`` comes too late for it: the guard says so when the page goes out. What tells two people
apart in there is the session's public id among their cookies, as the app's own cookies are hidden.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import permutations

import pytest

from tests.fixtures.browser import ORIGIN, Browser
from tests.integration.apps.cached_sites import LOGIN, App, django_site, starlette_site
from understudy.contrib.asgi import UnderstudyMiddleware
from understudy.testing import FakeGateway

PATTERN = "http://*.view.app.localhost:8701"
SITES = {"starlette": starlette_site, "django": django_site}


@pytest.fixture(params=SITES)
def site(request: pytest.FixtureRequest) -> Iterator[App]:
    made = SITES[request.param]()
    yield made
    if request.param == "django":
        from django.core.cache import cache

        cache.clear()


class House:
    """A guarded site, and the people who look at its letters."""

    def __init__(self, site: App, *, at_origins: bool) -> None:
        self.gateway = FakeGateway()
        self.understudy = self.gateway.understudy(session_origins=PATTERN)
        self._browser = Browser(
            UnderstudyMiddleware(
                site, understudy=self.understudy, own_cookies=[LOGIN], present_host=ORIGIN
            )
        )
        self.ids: dict[str, str] = {}
        agent = {"Cookie": f"{LOGIN}=agent"}
        self._people = {"nobody": {}, "agent": agent}
        for letter in "ab":
            host = f"understudy-{letter * 26}.view.app.localhost:8701"
            origin = f"http://{host}" if at_origins else None
            session = self.gateway.open(subject_id=f"subject-{letter}", origin=origin)
            cookie = f"{session.headers['Cookie']}; {LOGIN}=agent"
            self.ids[f"subject-{letter}"] = session.id
            self._people[f"subject-{letter}"] = {
                "Cookie": cookie,
                **({"Host": host} if at_origins else {}),
            }

    def letters(self, who: str, **headers: str) -> str:
        """The page that ``who`` gets."""
        answer = self._browser.open("/letters", {**self._people[who], **headers})
        assert answer.status_code == 200
        return answer.text


@pytest.mark.parametrize("at_origins", [False, True])
def test_nobody_gets_a_page_of_somebody_else(site: App, at_origins: bool) -> None:
    house = House(site, at_origins=at_origins)
    for who in ["subject-a", "subject-b", "nobody", "agent"] * 2:
        assert f"Letters of {who}." in house.letters(who)
    house.understudy.close()


@pytest.mark.parametrize("at_origins", [False, True])
@pytest.mark.parametrize("order", [*permutations(["subject-a", "subject-b", "nobody"], 2)])
def test_nor_whoever_was_there_first(site: App, at_origins: bool, order: tuple[str, str]) -> None:
    house = House(site, at_origins=at_origins)
    for who in order:
        assert f"Letters of {who}." in house.letters(who)
    house.understudy.close()


@pytest.mark.parametrize("at_origins", [False, True])
def test_nor_who_knows_the_public_id_of_a_session(site: App, at_origins: bool) -> None:
    house = House(site, at_origins=at_origins)
    assert "Letters of subject-a." in house.letters("subject-a")
    forged = f"understudy_session={house.ids['subject-a']}"
    assert "Letters of nobody." in house.letters("nobody", Cookie=forged)
    house.understudy.close()
