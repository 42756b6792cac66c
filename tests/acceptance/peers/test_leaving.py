"""The way out: always open, and never a way to become somebody."""

from __future__ import annotations

from urllib.parse import quote, urlsplit

import pytest

from tests.acceptance.peers.desk import DOCUMENT, END, ORIGIN, REASON, START, Desk
from tests.acceptance.peers.django_desk import DjangoDesk, user
from understudy.core.impersonation.sessions import EndCause
from understudy.sdk.cookies import OVERLAY

ELSEWHERE = (
    "https://evil.example/",
    "//evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "https:evil.example",
    "javascript:alert(1)",
    "http://app.localhost@evil.example/",
    "http://app.localhost.evil.example/",
    "/%2f/evil.example",
    "/\t/evil.example",
)
OURS = {"app.localhost", "understudy.test", ""}


def own_cookies(desk: Desk) -> dict[str, str]:
    """Those of the app's own."""
    return {name: value for name, value in desk.cookies().items() if "nderstudy" not in name}


@pytest.mark.parametrize("fact", ["is_active", "is_staff"])
def test_an_agent_who_lost_their_account_or_rights_can_still_leave(desk: Desk, fact: str) -> None:
    """Of django-loginas 0.3.14 the exit of an agent whose account was deactivated is an error 500,
    and that of one who was demoted gives them back what they were; hijack's too."""
    desk.sign_in("sam")
    desk.start("ada")
    desk.becomes("sam", **{fact: False})
    assert desk.end().status == 200
    assert desk.gateway.ended(desk.session.id) is EndCause.ENDED_BY_ACTOR
    assert desk.me() == ("nobody" if fact == "is_active" else "sam")
    assert desk.start("ada").status == 404


def test_leaving_signs_nobody_in(django_desk: DjangoDesk) -> None:
    """With django-hijack 3.7.9 and django-loginas 0.3.14 an agent who had changed the password,
    which is to say signed out everywhere, was signed in again by the exit."""
    desk = django_desk
    desk.sign_in("sam")
    desk.start("ada")
    agent = user("sam")
    agent.set_password("another")
    agent.save()
    assert desk.end().status == 200
    assert desk.start("bob").status == 404
    assert desk.me() == "nobody"


@pytest.mark.parametrize("who", ["sam", "ada"])
def test_one_can_leave_when_either_of_both_was_deleted(desk: Desk, who: str) -> None:
    """casdoor asked whether the user may leave, and so nobody could."""
    desk.sign_in("sam")
    desk.start("ada")
    desk.delete(who)
    assert desk.end().status == 200
    assert desk.me() == ("nobody" if who == "sam" else "sam")


def test_leaving_works_while_the_service_is_away(desk: Desk) -> None:
    """casdoor: a way out that asks somebody for a right can be shut."""
    desk.sign_in("sam")
    desk.start("ada")
    desk.gateway.reachable = False
    assert desk.end().status == 200
    assert desk.me() == "sam"


def test_the_agents_own_cookies_are_the_same_before_during_and_after(desk: Desk) -> None:
    """django-hijack 3.7.9 and django-loginas 0.3.14 replace the agent's session; better-auth left a
    cookie behind that changed it; twenty and ezauth parked or kept the agent's key there."""
    desk.sign_in("sam")
    before = own_cookies(desk)
    assert before
    desk.start("ada")
    desk.post("/order")
    assert own_cookies(desk) == before
    desk.end()
    assert own_cookies(desk) == before
    assert desk.me() == "sam"


@pytest.mark.parametrize("first", [0, 1])
def test_two_agents_as_one_user_each_come_back_as_themselves(desk: Desk, first: int) -> None:
    """devise_masquerade kept whom to return to by the user: two agents swapped identities."""
    desks = (desk, desk.another())
    for one, name in zip(desks, ("sam", "kim"), strict=True):
        one.sign_in(name)
        one.start("ada")
        assert one.me() == "ada"
    actors = [session.actor.id for session in desk.gateway.sessions()]
    assert actors == [desk.user_id("sam"), desk.user_id("kim")]
    for turn in (first, 1 - first):
        desks[turn].end()
        assert desks[turn].me() == ("sam", "kim")[turn]


def test_the_user_themself_finds_no_session_and_no_exit(desk: Desk) -> None:
    """daikoku kept the state by the user: who signed in could leave, and was the admin."""
    desk.sign_in("sam")
    desk.start("ada")
    ada = desk.another()
    ada.sign_in("ada")
    assert "understudy-banner" not in ada.get("/whole", **DOCUMENT).text
    before = ada.cookies()
    ada.end()
    assert (ada.me(), own_cookies(ada)) == ("ada", before)
    assert desk.gateway.ended(desk.session.id) is None
    assert desk.me() == "ada"


def test_no_forged_cookie_decides_whom_one_returns_to(desk: Desk) -> None:
    """devise_masquerade before 1.3.1 returned to whomever the cookie said (CVE-2021-28680)."""
    desk.sign_in("sam")
    desk.start("ada")
    token = desk.cookies()[OVERLAY]
    for forged in (token[:-1] + ("A" if token[-1] != "A" else "B"), desk.user_id("root"), "root"):
        desk.plant(OVERLAY, forged)
        assert desk.get("/me").status == 401
        desk.post(END)
        assert desk.me() == "sam"
    assert desk.gateway.ended(desk.session.id) is None


@pytest.mark.parametrize("target", ELSEWHERE)
def test_the_end_leads_nowhere_else_whatever_is_asked_for(desk: Desk, target: str) -> None:
    """django-impersonate 1.9.5 followed any ``next`` on its exit; django-loginas 0.3.14 followed
    the one in the Referer."""
    desk.sign_in("sam")
    desk.start("ada")
    wanted = quote(target, safe="")
    query = "&".join(f"{name}={wanted}" for name in ("next", "return_to", "redirect"))
    referer = f"{ORIGIN}/login?next={target}".encode("ascii", "ignore").decode()
    answer = desk.end(f"{END}?{query}", referer=referer.replace("\t", "%09"), **DOCUMENT)
    assert answer.status in (200, 303)
    assert urlsplit(answer.header("location") or "").hostname in (OURS | {None})
    assert "evil.example" not in answer.text.replace("?next=", "")
    assert "javascript:alert" not in answer.text


@pytest.mark.parametrize("page", ["//evil.example/", "/%2f/evil.example", "/\\evil.example"])
def test_the_page_of_the_start_is_no_way_to_another_site(desk: Desk, page: str) -> None:
    """django-loginas 0.3.14 believed the Referer; so may an app whose own address reads like one of
    another site's."""
    desk.sign_in("sam")
    wanted = {"subject_id": desk.user_id("ada"), "reason": REASON}
    desk.post(START, wanted, referer=f"{ORIGIN}{page}", **DOCUMENT)
    desk.mark = desk.session.id
    answer = desk.end(referer=f"{ORIGIN}{page}", **DOCUMENT)
    assert (answer.status, answer.header("location")) == (303, "/")


def test_looking_at_the_end_ends_nothing(desk: Desk) -> None:
    """django-loginas 0.3.14 ends by a GET, which any page can make a browser send."""
    desk.sign_in("sam")
    desk.start("ada")
    assert desk.get(END, **DOCUMENT).status == 200
    assert desk.gateway.ended(desk.session.id) is None
    assert desk.me() == "ada"


def test_the_end_is_no_redirect_that_a_strict_policy_of_the_apps_stops(desk: Desk) -> None:
    """At PostHog ``form-action 'self'`` cancelled the way out, which led to another origin: staff
    stayed who they were not."""
    session = desk.gateway.open(subject_id=desk.user_id("ada"))
    desk.enter(session)
    answer = desk.end(**DOCUMENT)
    assert (answer.status, answer.header("location")) == (200, None)
    assert "https://understudy.test/" in answer.text
    assert desk.gateway.wait_until_ended(session.id) is EndCause.ENDED_BY_ACTOR
