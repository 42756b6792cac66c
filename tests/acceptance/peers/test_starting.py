"""Who becomes whom, by which requests, and that a start is whole or none."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.acceptance.peers.desk import END, REASON, START, Desk
from tests.acceptance.peers.django_desk import django_app, user
from tests.acceptance.peers.flask_desk import FlaskDesk, Shop
from understudy.core.impersonation.sessions import EndCause
from understudy.sdk.cookies import OVERLAY
from understudy.testing import FakeGateway

NOBODY_STARTS = ("lee", "ada", None)


def nothing_began(desk: Desk, me: str) -> None:
    """The browser is what it was, and the service was never asked to open anything."""
    assert OVERLAY not in desk.cookies()
    assert desk.me() == me
    assert [one for one in desk.gateway.sessions() if desk.gateway.ended(one.id) is None] == []


@pytest.mark.parametrize("subject", ["boss", "root"])
def test_a_superuser_never_becomes_a_superuser(desk: Desk, subject: str) -> None:
    """django-hijack 3.7.9 and django-loginas 0.3.14 let one by default, loginas although its
    README says that it will not."""
    desk.sign_in("root")
    answer = desk.start(subject)
    assert (answer.status, answer.code) == (403, "subject_unavailable")
    nothing_began(desk, "root")


def test_no_session_begins_inside_of_another_and_the_first_actor_stays(desk: Desk) -> None:
    """django-hijack 3.7.9 stacked them; django-loginas 0.3.14 wrote that the second person had
    logged in, though the first did, and its exit led to the second; so did devise_masquerade."""
    desk.sign_in("sam")
    desk.start("ada")
    first = desk.session
    answer = desk.start("bob")
    assert (answer.status, answer.code) == (403, "nested")
    assert desk.gateway.sessions() == [first]
    assert first.actor.id == desk.user_id("sam")
    assert desk.me() == "ada"
    desk.end()
    nothing_began(desk, "sam")


def test_asking_for_a_page_starts_nothing(desk: Desk) -> None:
    """django-impersonate 1.9.5 starts by a plain GET with the checks against forgery in force;
    switch_user, devise_masquerade, laravel-impersonate and Spring before 2020 as well."""
    desk.sign_in("sam")
    wanted = f"subject_id={desk.user_id('ada')}&reason={REASON.replace(' ', '+')}"
    for path in (f"{START}?{wanted}", f"{START}?{wanted}&_method=POST", "/?_switch_user=ada"):
        assert desk.get(path, x_http_method_override="POST").status in (404, 405)
    nothing_began(desk, "sam")


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS"])
def test_only_a_post_starts(desk: Desk, method: str) -> None:
    """Spring's filter answered every method until 2020."""
    desk.sign_in("sam")
    form = f"subject_id={desk.user_id('ada')}&reason={REASON.replace(' ', '+')}"
    own = {"origin": "http://app.localhost", "content-type": "application/x-www-form-urlencoded"}
    assert not desk.ask(method, START, form, own).sets(OVERLAY)
    nothing_began(desk, "sam")


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_a_page_of_another_site_starts_and_ends_nothing(desk: Desk, site: str) -> None:
    """Starts by a request from anywhere: Spring before 2020, hcb, laravel-impersonate,
    django-impersonate 1.9.5. Ends as well: django-loginas 0.3.14, whose exit is a GET."""
    desk.sign_in("sam")
    wanted = {"subject_id": desk.user_id("ada"), "reason": REASON}
    evil = {"origin": "https://evil.example", "sec_fetch_site": site}
    assert desk.post(START, wanted, **evil).code == "cross_site_refused"
    nothing_began(desk, "sam")
    desk.start("ada")
    assert desk.post(END, **evil).code == "cross_site_refused"
    assert desk.gateway.ended(desk.session.id) is None


@pytest.mark.parametrize("who", NOBODY_STARTS)
def test_who_was_not_told_so_starts_nothing(desk: Desk, who: str | None) -> None:
    """In GitLab 8.2 to 8.7 any user could become any other (CVE-2016-4340); laravel-impersonate
    permits everything until it is told otherwise."""
    if who is not None:
        desk.sign_in(who)
    for subject in ("ada", "bob", "root"):
        assert desk.start(subject).status == 404
    nothing_began(desk, who or "nobody")


def test_an_app_that_names_no_staff_starts_nothing_for_anybody(gateway: FakeGateway) -> None:
    """laravel-impersonate and Filament: whoever is signed in may, until somebody forbids it."""
    understudy = gateway.understudy()
    shop = Shop(understudy=understudy, staff=None, may_start=None)
    desk = FlaskDesk(gateway, shop)
    desk.sign_in("root")
    assert desk.start("ada").status == 404
    nothing_began(desk, "root")
    understudy.close()


@pytest.mark.parametrize("fact", ["is_active", "is_staff"])
def test_who_lost_their_rights_starts_nothing_more_from_the_next_request_on(
    desk: Desk, fact: str
) -> None:
    """django-hijack 3.7.9 and django-loginas 0.3.14 asked once, when the agent became somebody."""
    desk.sign_in("sam")
    desk.start("ada")
    desk.end()
    desk.becomes("sam", **{fact: False})
    answer = desk.start("bob")
    assert answer.status == 404
    assert len(desk.gateway.sessions()) == 1


def test_a_target_who_was_promoted_meanwhile_is_out_of_reach(desk: Desk) -> None:
    """twenty looked whether the target is an admin in the first of its steps alone."""
    desk.sign_in("sam")
    desk.becomes("ada", is_staff=True, is_superuser=True)
    assert desk.start("ada").code == "subject_unavailable"
    nothing_began(desk, "sam")


def test_unknown_forbidden_and_protected_users_look_the_same(desk: Desk) -> None:
    """Symfony's switch_user told whether a user exists (CVE-2019-18886)."""
    desk.sign_in("sam")
    desk.gateway.user(desk.user_id("bob"), protected=True)
    answers = [desk.start(name) for name in ("root", "lee", "sam", "bob", "ada")]
    desk.becomes("bob", is_active=False)
    answers.append(desk.start("bob"))
    unknown = {"subject_id": "4711", "reason": REASON}
    answers.append(desk.post(START, unknown))
    assert {(one.status, one.text) for one in answers} == {(403, answers[0].text)}


def test_a_start_that_fails_leaves_the_agent_as_they_were(desk: Desk) -> None:
    """devise_masquerade went on as oneself with the mark of a session; laravel-impersonate left
    its mark behind an exception."""
    desk.sign_in("sam")
    before = desk.cookies()
    desk.gateway.reachable = False
    assert (desk.start("ada").status, desk.cookies()) == (503, before)
    desk.gateway.reachable = True
    nothing_began(desk, "sam")


def test_a_session_says_for_whom_it_is_before_anything_is_done(desk: Desk) -> None:
    """better-auth answered 200, while clients went on as the admin and wrote as the admin."""
    desk.sign_in("sam")
    assert desk.start("ada").status == 200
    assert desk.post("/order").status == 200
    assert (desk.me(), desk.orders) == ("ada", ["ada"])


def test_an_app_that_serves_somebody_else_is_stopped_before_it_writes(
    tmp_path: Path, gateway: FakeGateway
) -> None:
    """better-auth: clients with a token of their own stayed the admin in an admin's session."""
    with django_app(tmp_path, gateway, UNDERSTUDY={"LOAD_USER": lambda _: user("root")}) as desk:
        session = gateway.open(subject_id=desk.user_id("ada"))
        desk.plant(OVERLAY, session.token)
        desk.mark = session.id
        assert desk.post("/order").code == "identity_not_applied"
        assert desk.orders == []
        assert gateway.wait_until_ended(session.id) is EndCause.IDENTITY_NOT_APPLIED


def test_without_a_reason_nothing_starts(desk: Desk) -> None:
    """None of the three asks for one; django-loginas 0.3.14 may be told to, and takes any text."""
    desk.sign_in("sam")
    for reason in ("", "   ", "x"):
        assert desk.start("ada", reason=reason).status == 422
    nothing_began(desk, "sam")
