"""Django's caches of whole pages, inside of the guard."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.core.cache import cache
from django.test import override_settings

from tests.fixtures.django_site import site
from tests.integration.contrib.django.browser import Browser

UPDATE = "django.middleware.cache.UpdateCacheMiddleware"
FETCH = "django.middleware.cache.FetchFromCacheMiddleware"


@pytest.fixture(params=[False, True], ids=["wsgi", "asgi"])
def agents(request: pytest.FixtureRequest, browser: Browser) -> Browser:
    """A browser in which the agent is signed in."""
    browser.is_async = request.param
    browser.sign_in()
    return browser


@pytest.fixture(params=["/letters", "/cached-letters"])
def path(request: pytest.FixtureRequest) -> Iterator[str]:
    """A page that differs by its user: of a site that is kept whole, and one that is kept alone."""
    kept = [site.GUARD, UPDATE, *site.MIDDLEWARE, FETCH]
    middleware = kept if request.param == "/letters" else [site.GUARD, *site.MIDDLEWARE]
    with override_settings(MIDDLEWARE=middleware):
        yield request.param


def letters(browser: Browser, path: str) -> str:
    """What the page says."""
    return str(browser.get(path).content.decode())


def test_a_page_of_a_session_is_given_to_nobody_else(agents: Browser, path: str) -> None:
    session = agents.begin()
    assert letters(agents, path) == "Letters of customer."
    agents.end()
    assert letters(agents, path) == "Letters of agent."
    # Whoever knows a session's public id has no cache's key by that.
    agents.jar.cookies.clear()
    agents.jar.cookies["understudy_session"] = session.id
    assert "customer" not in letters(agents, path)


def test_a_page_of_the_agents_own_is_not_shown_in_a_session(agents: Browser, path: str) -> None:
    assert letters(agents, path) == "Letters of agent."
    agents.begin()
    assert letters(agents, path) == "Letters of customer."


def test_a_page_of_one_session_is_not_shown_in_another(agents: Browser, path: str) -> None:
    agents.begin()
    assert letters(agents, path) == "Letters of customer."
    agents.begin(agents.people.agent.pk)
    assert letters(agents, path) == "Letters of agent."


def test_who_is_not_signed_in_sees_neither(agents: Browser, path: str) -> None:
    agents.begin()
    letters(agents, path)
    agents.jar.cookies.clear()
    assert letters(agents, path) == "Letters of nobody."


def test_nothing_of_a_session_is_kept_at_all(agents: Browser, path: str) -> None:
    agents.begin()
    letters(agents, path)
    assert not [page for page in cache._cache.values() if b"Letters" in page]
    agents.end()
    letters(agents, path)
    assert [page for page in cache._cache.values() if b"Letters" in page]
