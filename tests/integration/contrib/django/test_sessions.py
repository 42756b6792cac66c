"""The agent's own sign-in stays what it was, whatever the site does in a session."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.auth import SESSION_KEY, get_user_model
from django.contrib.sessions.backends.db import SessionStore
from django.test import override_settings

from tests.integration.contrib.django.browser import Browser

BACKENDS = "django.contrib.sessions.backends."
ENGINES = ["db", "cache", "cached_db", "file", "signed_cookies"]


@pytest.fixture(params=[False, True], ids=["wsgi", "asgi"])
def is_async(request: pytest.FixtureRequest) -> Any:
    """By which handler the site is served."""
    return request.param


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest) -> Iterator[None]:
    """Where the site keeps its sessions."""
    with override_settings(SESSION_ENGINE=BACKENDS + request.param):
        yield


@pytest.fixture(params=[False, True], ids=["csrf-in-cookie", "csrf-in-session"])
def csrf(request: pytest.FixtureRequest) -> Iterator[None]:
    """Where the site keeps the secret of its forms."""
    with override_settings(CSRF_USE_SESSIONS=request.param):
        yield


@pytest.fixture(params=[False, True], ids=["saved-when-changed", "saved-always"])
def saving(request: pytest.FixtureRequest) -> Iterator[None]:
    """When the site writes a session down."""
    with override_settings(SESSION_SAVE_EVERY_REQUEST=request.param):
        yield


@pytest.fixture
def agents(browser: Browser, is_async: bool, engine: None, csrf: None, saving: None) -> Browser:
    """A browser in which the agent is signed in."""
    browser.is_async = is_async
    browser.sign_in()
    assert browser.get("/who").json()["user"] == "agent"
    return browser


def logins() -> list[object]:
    """When everybody has signed in last."""
    return list(get_user_model().objects.order_by("pk").values_list("last_login", flat=True))


def test_the_agents_sign_in_is_the_same_behind_whatever_a_site_does_in_a_session(
    agents: Browser,
) -> None:
    before, logged_in = agents.kept(), logins()
    agents.begin()
    assert agents.get("/who").json()["user"] == "customer"
    assert agents.post("/write").content == b"written"
    assert agents.post("/awrite").content == b"written"
    assert agents.get("/who").json()["session"] == {"draft": "Dear customer"}
    assert agents.post("/tell").content == b"told"
    assert agents.get("/told").content == b"a message"
    for path in ("/sign-in", "/asign-in"):
        assert agents.post(path).json()["code"] == "forbidden_while_impersonating"
    assert agents.get("/who").json()["user"] == "customer"
    assert agents.post("/rehash").content == b"changed"
    assert agents.post("/turn-over").content == b"turned over"
    assert agents.post("/sign-out").content == b"signed out"
    assert agents.get("/who").json()["user"] == "customer"
    assert (agents.kept(), logins()) == (before, logged_in)
    agents.end()
    found = agents.get("/who").json()
    assert (found["user"], found["actor"], found["session"]) == ("agent", None, {})
    assert agents.get("/told").content == b"nothing"


def test_a_form_is_sent_in_a_session_by_its_own_secret(agents: Browser) -> None:
    agents.begin()
    token = agents.get("/form").content.decode()
    assert agents.post("/form", {"item": "tea"}).status_code == 403
    sent = agents.post("/form", {"item": "tea", "csrfmiddlewaretoken": token})
    assert sent.content == b"customer ordered tea"


def test_two_sessions_in_one_browser_share_nothing(agents: Browser) -> None:
    agents.begin()
    agents.post("/write")
    agents.end()
    agents.begin()
    assert agents.get("/who").json()["session"] == {}


def test_a_message_for_the_agent_waits_for_the_agent(agents: Browser) -> None:
    agents.post("/tell")
    agents.begin()
    assert agents.get("/told").content == b"nothing"
    agents.end()
    assert agents.get("/told").content == b"a message"


def test_a_sign_in_that_was_refused_leaves_no_session_behind_that_could_be_copied(
    browser: Browser,
) -> None:
    browser.sign_in()
    browser.begin()
    browser.post("/write")
    browser.post("/sign-in")
    store = SessionStore()
    rows = store.get_model_class().objects.values_list("session_data", flat=True)
    signed_in = [store.decode(row).get(SESSION_KEY) for row in rows]
    assert signed_in == [str(browser.people.agent.pk)]
