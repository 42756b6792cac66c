"""Django's middleware that packs pages, and that says that nothing has changed."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import override_settings

from tests.fixtures.django_site import site
from tests.integration.contrib.django.browser import Browser

PACKING = "django.middleware.gzip.GZipMiddleware"
COMPARING = "django.middleware.http.ConditionalGetMiddleware"
WITHIN = [site.GUARD, PACKING, COMPARING, *site.MIDDLEWARE]
AROUND = [PACKING, COMPARING, site.GUARD, *site.MIDDLEWARE]


@pytest.fixture(params=[False, True], ids=["wsgi", "asgi"])
def agents(request: pytest.FixtureRequest, browser: Browser) -> Browser:
    """A browser in which the agent is signed in."""
    browser.is_async = request.param
    browser.sign_in()
    return browser


@pytest.fixture(params=[WITHIN, AROUND], ids=["within", "around"], autouse=True)
def middleware(request: pytest.FixtureRequest, browser: Browser) -> Iterator[None]:
    """Both on either side of the guard, over what the browser's site has set.

    Around the guard a check of ours asks what they are.
    """
    with override_settings(MIDDLEWARE=request.param):
        yield


def statement(browser: Browser, **headers: str) -> Any:
    """The page, as a browser asks for it."""
    asked = {"accept": "text/html", "sec-fetch-dest": "document", "accept-encoding": "gzip"}
    return browser.get("/statement", **asked, **headers)


def read(answer: Any) -> str:
    """What the browser shows."""
    packed = answer.headers.get("Content-Encoding") == "gzip"
    return str((gzip.decompress(answer.content) if packed else answer.content).decode())


def test_a_page_has_its_banner_and_is_not_packed(agents: Browser) -> None:
    own = statement(agents)
    assert own["Content-Encoding"] == "gzip"
    assert read(own).startswith("<!doctype html><body>Statement of agent<table>")
    agents.begin()
    answer = statement(agents)
    # Around the guard, too: it sees the same request, in which nothing asks for that any more.
    assert not answer.has_header("Content-Encoding")
    page = answer.content.decode()
    assert page.count("<understudy-banner") == 1
    assert "Statement of customer<table>" in page
    assert answer["Content-Length"] == str(len(answer.content))


def test_what_the_agent_has_seen_is_not_said_to_be_unchanged(agents: Browser) -> None:
    seen = {"if-none-match": statement(agents)["ETag"]}
    assert statement(agents, **seen).status_code == 304
    agents.begin()
    for _ in range(2):
        answer = statement(agents, **seen)
        assert (answer.status_code, answer["Cache-Control"]) == (200, "no-store")
        assert not answer.has_header("ETag")
        assert "Statement of customer<table>" in read(answer)
    agents.end()
    # Their own page is marked while the browser is known, and so it is another one.
    answer = statement(agents, **seen)
    assert (answer.status_code, 'data-page="own"' in read(answer)) == (200, True)
