"""What was done is in a log that nobody in the app can take away, under the right name."""

from __future__ import annotations

import pytest

from tests.acceptance.peers.desk import Desk
from tests.acceptance.peers.django_desk import DjangoDesk
from understudy.core.impersonation.restrictions import BlockedAction
from understudy.sdk.values import Phase
from understudy.testing import FakeGateway

BLOCKED = BlockedAction(method="*", pattern="/account/delete", label="Delete the account")
SPELLINGS = (
    "/account/delete",
    "/account/delete/",
    "/account//delete",
    "//account/delete",
    "/account/./delete",
    "/account/x/../delete",
    "/account/%64elete",
    "/account%2fdelete",
    "/Account/Delete",
    "/account/delete;a=b",
)
SPOOFED = ("X-Understudy-Subject", "X-Understudy-Actor", "Understudy-Impersonation", "X-User-Id")


@pytest.mark.parametrize("who", ["sam", "ada"])
def test_deleting_a_person_deletes_nothing_of_what_was_done(desk: Desk, who: str) -> None:
    """With the agent's account django-impersonate 1.9.5 deleted its rows of the log, and
    django-loginas 0.3.14 the entries in the admin's."""
    desk.sign_in("sam")
    desk.start("ada")
    desk.post("/order")
    before = desk.gateway.actions(desk.session.id, at_least=2)
    session = desk.session
    desk.delete(who)
    assert desk.gateway.actions(session.id) == before
    assert desk.gateway.session(session.id) == session


def test_no_row_of_the_log_is_in_the_apps_database(django_desk: DjangoDesk) -> None:
    """django-impersonate 1.9.5 keeps it there, behind a key that deletes with the user."""
    from django.apps import apps

    assert list(apps.get_app_config("understudy").get_models()) == []
    deleted, tables = _deleted(django_desk, "sam")
    assert deleted >= 1
    assert [name for name in tables if "understudy" in name.lower()] == []


def _deleted(desk: DjangoDesk, name: str) -> tuple[int, dict[str, int]]:
    from django.contrib.auth.models import User

    desk.sign_in(name)
    desk.start("ada")
    found: tuple[int, dict[str, int]] = User.objects.filter(username=name).delete()
    return found


def test_every_session_names_who_started_it_and_as_whom(desk: Desk) -> None:
    """django-loginas 0.3.14 named the user of before in a nested start; PostHog wrote the customer
    where the agent had asked for more."""
    for name, subject in (("sam", "ada"), ("kim", "bob")):
        one = desk.another()
        one.sign_in(name)
        one.start(subject)
        one.post("/order")
        one.end()
    found = [(session.actor.id, session.subject.id) for session in desk.gateway.sessions()]
    named = (("sam", "ada"), ("kim", "bob"))
    assert found == [(desk.user_id(actor), desk.user_id(subject)) for actor, subject in named]


def test_what_changes_something_is_written_down_before_it_is_done(desk: Desk) -> None:
    """apache's tooling wrote nothing down, NethServer My after the fact; the three libraries know
    starts and ends alone."""
    desk.sign_in("sam")
    desk.start("ada")
    desk.post("/order")
    recorded = desk.gateway.actions(desk.session.id, at_least=2)
    assert [one.phase for one in recorded] == [Phase.INTENDED, Phase.COMPLETED]


def test_nothing_is_done_that_cannot_be_written_down(desk: Desk) -> None:
    """NethServer My went on when its log failed."""
    desk.sign_in("sam")
    desk.start("ada")
    assert desk.post("/order").status == 200
    desk.gateway.reachable = False
    assert desk.post("/order").status == 503
    assert desk.orders == ["ada"]


@pytest.mark.parametrize("path", SPELLINGS)
def test_no_spelling_of_a_blocked_path_slips_past(desk: Desk, path: str) -> None:
    """At PostHog a path without its last slash slipped past the list of what is blocked; behind
    what django-impersonate 1.9.5 excludes, the request is the agent's own."""
    blocked = desk.gateway.open(subject_id=desk.user_id("ada"), blocked_actions=[BLOCKED])
    desk.enter(blocked)
    for method in ("POST", "GET"):
        answer = desk.post(path) if method == "POST" else desk.get(path)
        assert answer.status in (403, 404)
    assert desk.orders == []


@pytest.mark.parametrize("name", SPOOFED)
def test_no_header_makes_anybody_of_anybody(desk: Desk, name: str) -> None:
    """code100x trusted a header that was there (CVE-2026-8890); calagopus gave the caller the
    rights of whomever a header named."""
    desk.sign_in("ada")
    assert desk.get("/me", **{name: desk.user_id("root")}).text == "ada"
    desk.post("/order", **{name: desk.user_id("root")})
    assert desk.orders == ["ada"]
    assert desk.gateway.sessions() == []


def test_no_other_token_is_taken_for_a_session(desk: Desk, gateway: FakeGateway) -> None:
    """agenticos took an access token for a refresh token, and gave a session of a week."""
    session = gateway.open(subject_id=desk.user_id("ada"))
    offered = gateway.offer(session)
    for wrong in (offered, session.id, session.token[4:], session.token.upper()):
        desk.plant("__Host-understudy", wrong)
        answer = desk.get("/me")
        assert (answer.status, answer.code) == (401, "session_over")
