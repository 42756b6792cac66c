"""Whom a site serves in a session, and what that costs it."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.test import override_settings
from django.test.utils import CaptureQueriesContext

from tests.fixtures.django_site import site
from tests.integration.contrib.django.browser import Browser
from understudy.core.impersonation.sessions import EndCause

OTP = "django_otp.middleware.OTPMiddleware"


def queries(browser: Browser, path: str) -> list[str]:
    """What ``path`` asks the database for."""
    with CaptureQueriesContext(
        connection,
    ) as found:
        assert browser.get(path).status_code == 200
    return [query["sql"] for query in found.captured_queries]


@pytest.fixture(params=[False, True], ids=["wsgi", "asgi"])
def agents(request: pytest.FixtureRequest, browser: Browser) -> Browser:
    """A browser in which the agent is signed in."""
    browser.is_async = request.param
    browser.sign_in()
    return browser


@pytest.mark.parametrize("path", ["/who", "/awho"])
def test_views_of_both_kinds_find_the_subject(agents: Browser, path: str) -> None:
    agents.begin()
    assert agents.get(path).json()["user"] == "customer"


@pytest.mark.parametrize("path", ["/stream", "/astream"])
def test_the_parts_of_a_body_are_made_for_the_subject(agents: Browser, path: str) -> None:
    session = agents.begin()
    assert text(agents.get(path)) == f"for {agents.people.customer.pk}"
    assert agents.gateway.actions(session.id)[-1].status == 200
    agents.end()
    assert text(agents.get(path)) == "for nobody"


def test_a_file_goes_out_whole_and_is_recorded(agents: Browser) -> None:
    session = agents.begin()
    assert text(agents.get("/file")).startswith('"""A site that does')
    assert agents.gateway.actions(session.id)[-1].route == "/file"


def test_the_log_names_the_route_and_not_what_stands_in_it(agents: Browser) -> None:
    session = agents.begin()
    agents.get("/orders/7")
    (action,) = agents.gateway.actions(session.id)
    assert (action.route, action.path) == ("/orders/<int:number>", "/orders/7")


def test_who_really_asks_is_found_in_the_request(agents: Browser) -> None:
    agents.begin(actor_id="sam")
    assert agents.get("/who").json()["actor"] == "sam"


def test_a_thread_of_the_view_works_for_the_subject(agents: Browser) -> None:
    agents.begin()
    assert agents.get("/in-a-thread").content.decode() == str(agents.people.customer.pk)


@pytest.mark.parametrize("subject", ["4711", "nobody", "1' or '1'='1"])
def test_a_subject_whom_the_site_does_not_know_ends_the_session(
    agents: Browser, subject: str
) -> None:
    for visit in (agents.get, agents.post):
        session = agents.begin(subject)
        got = visit("/form")
        if visit == agents.get:
            # It asks for nobody, and shows nothing of anybody.
            assert got.status_code == 200
            got = agents.get("/letters")
        assert got.json()["code"] == "identity_not_applied"
        assert agents.gateway.wait_until_ended(session.id) is EndCause.IDENTITY_NOT_APPLIED


def test_an_inactive_user_is_not_worked_as(agents: Browser) -> None:
    customer = agents.people.customer
    customer.is_active = False
    customer.save()
    agents.begin()
    assert agents.get("/letters").json()["code"] == "identity_not_applied"
    anybody = "django.contrib.auth.backends.AllowAllUsersModelBackend"
    with override_settings(AUTHENTICATION_BACKENDS=[anybody]):
        agents.begin()
        assert agents.get("/letters").json()["code"] == "identity_not_applied"


def test_no_query_is_added_by_a_session(browser: Browser) -> None:
    browser.sign_in()
    assert queries(browser, "/nobody") == []
    own = queries(browser, "/letters")
    browser.begin()
    browser.get("/nobody")
    assert queries(browser, "/nobody") == []
    (user,) = queries(browser, "/letters")
    assert "auth_user" in user
    # The agent's own page has read their session as well.
    assert [get_user_model()._meta.db_table in query for query in own] == [False, True]


def verify(browser: Browser) -> None:
    """The agent has shown a second factor."""
    from django_otp import DEVICE_ID_SESSION_KEY
    from django_otp.plugins.otp_static.models import StaticDevice

    device = StaticDevice.objects.create(user=browser.people.agent, name="codes")
    session: Any = browser.jar.session
    session[DEVICE_ID_SESSION_KEY] = device.persistent_id
    session.save()


def test_no_second_factor_of_the_agents_counts_for_the_subject(agents: Browser) -> None:
    verify(agents)
    with override_settings(MIDDLEWARE=[site.GUARD, *site.MIDDLEWARE, OTP]):
        assert agents.get("/who").json()["verified"] is True
        before = agents.kept()
        agents.begin()
        for path in ("/who", "/awho"):
            found = agents.get(path).json()
            assert (found["user"], found["verified"]) == ("customer", False)
        assert agents.kept() == before
        agents.end()
        assert agents.get("/who").json()["verified"] is True


def test_what_wants_a_second_factor_is_not_opened_by_the_agents(agents: Browser) -> None:
    verify(agents)
    behind = [*site.MIDDLEWARE, OTP]
    with override_settings(MIDDLEWARE=[site.GUARD, *behind]):
        assert agents.get("/vault").content == b"the vault of agent"
        before = agents.kept()
        agents.begin()
        got = agents.get("/vault")
        assert (got.status_code, got["location"]) == (302, "/accounts/login/?next=/vault")
        assert agents.kept() == before


def text(response: Any) -> str:
    """The whole body, however it is made."""
    if not response.streaming:
        return str(response.content.decode())
    if not response.is_async:
        body: bytes = b"".join(response.streaming_content)
        response.close()
        return body.decode()
    return read(response)


def read(response: Any) -> str:
    """The parts of a body that an event loop makes."""

    async def parts() -> bytes:
        return b"".join([part async for part in response.streaming_content])

    found = asyncio.run(parts())
    response.close()
    return found.decode()
