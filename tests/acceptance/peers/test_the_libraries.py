"""What two of the libraries still do, in the very app in which the other tests here try ours.

A test that fails here says that one of them has mended something: then those tests' docstrings are
dated. django-impersonate is left out, as it brings a table of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.acceptance.peers.desk import ORIGIN
from tests.acceptance.peers.django_desk import DjangoDesk, django_app, user
from tests.fixtures.django_site.site import MIDDLEWARE
from understudy.testing import FakeGateway

Become = Callable[[DjangoDesk, str], str]
LONG = 50
"""Requests that a deactivated agent's session is served, without an end in sight."""


@pytest.fixture
def site(tmp_path: Path, gateway: FakeGateway) -> Iterator[DjangoDesk]:
    """The app with the libraries in place of Understudy; root is signed in."""
    theirs = [
        *MIDDLEWARE,
        "allauth.account.middleware.AccountMiddleware",
        "hijack.middleware.HijackUserMiddleware",
    ]
    with django_app(
        tmp_path,
        gateway,
        urls="tests.acceptance.peers.peer_urls",
        MIDDLEWARE=theirs,
        LOGIN_REDIRECT_URL="/me",
        LOGOUT_REDIRECT_URL="/me",
        HIJACK_INSERT_BEFORE=None,
    ) as found:
        # Their forms' tokens are Django's own, and not what is tried here.
        found.browser.handler.enforce_csrf_checks = False
        found.browser.raise_request_exception = False
        found.sign_in("root")
        yield found


def hijack(site: DjangoDesk, name: str) -> str:
    """Become somebody by django-hijack; whom the app serves then."""
    site.post("/hijack/acquire/", {"user_pk": site.user_id(name)})
    return site.me()


def log_in_as(site: DjangoDesk, name: str) -> str:
    """The same by django-loginas."""
    site.post(f"/loginas/login/user/{site.user_id(name)}/")
    return site.me()


@pytest.mark.parametrize("become", [hijack, log_in_as])
def test_a_superuser_becomes_a_superuser(site: DjangoDesk, become: Become) -> None:
    assert become(site, "boss") == "boss"


@pytest.mark.parametrize("become", [hijack, log_in_as])
def test_a_deactivated_agent_goes_on(site: DjangoDesk, become: Become) -> None:
    assert become(site, "ada") == "ada"
    site.becomes("root", is_active=False, is_superuser=False)
    assert [site.me() for _ in range(LONG)] == ["ada"] * LONG


def test_the_exit_of_a_deactivated_agent_is_an_error(site: DjangoDesk) -> None:
    log_in_as(site, "ada")
    site.becomes("root", is_active=False)
    assert site.get("/loginas/logout/").status == 500


def test_the_second_person_is_named_for_what_the_first_one_does(site: DjangoDesk) -> None:
    from django.contrib.admin.models import LogEntry

    log_in_as(site, "boss")
    log_in_as(site, "ada")
    said = LogEntry.objects.order_by("-pk").values_list("change_message", flat=True)
    assert said[0] == "User boss logged in as ada."


def test_the_log_goes_with_the_agent(site: DjangoDesk) -> None:
    from django.contrib.admin.models import LogEntry

    log_in_as(site, "ada")
    assert LogEntry.objects.count() == 1
    site.delete("root")
    assert LogEntry.objects.count() == 0


def test_the_exit_leads_where_a_link_says(site: DjangoDesk) -> None:
    evil = "https://evil.example/"
    log_in_as(site, "ada")
    answer = site.get("/loginas/logout/", referer=f"{ORIGIN}/login?next={evil}")
    assert answer.header("location") == evil


def test_a_changed_password_keeps_nobody_out(site: DjangoDesk) -> None:
    log_in_as(site, "ada")
    agent = user("root")
    agent.set_password("another")
    agent.save()
    site.get("/loginas/logout/")
    assert site.me() == "root"
