"""How a session comes into a browser."""

from __future__ import annotations

from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

from tests.unit.sdk.visiting import CALLBACK, HINT, ORIGIN, PERSON, App, all_of, header
from understudy.core.impersonation.sessions import EndCause
from understudy.core.impersonation.tokens import token_hash
from understudy.sdk.cache import Ended
from understudy.sdk.cookies import LAUNCH, OVERLAY
from understudy.sdk.later import Later
from understudy.sdk.values import Wire
from understudy.sdk.visit import Answer, Visit
from understudy.testing import ISSUER, FakeSession


def test_a_launch_goes_to_the_service_and_comes_back_here(app: App) -> None:
    cookie, asked = app.launch()
    assert cookie.startswith(f"{LAUNCH}=")
    assert asked["redirect_uri"] == CALLBACK


def test_a_mounted_app_is_called_back_where_it_is_mounted(app: App) -> None:
    answer = app.visit("GET", "/_understudy/launch", query=HINT, base="/shop")
    asked = parse_qs(urlsplit(header(answer, "location")).query)
    assert asked["redirect_uri"] == [f"{ORIGIN}/shop/_understudy/callback"]


def test_a_launch_by_somebody_else_is_a_page_that_says_so(app: App) -> None:
    answer = app.visit("GET", "/_understudy/launch", query=urlencode({"iss": "https://evil.test"}))
    assert answer.status == 400
    assert b"not meant for this app" in answer.body
    assert all_of(answer, "location") == []


PREFETCH = [
    ("sec-purpose", "prefetch"),
    ("sec-purpose", "prefetch;prerender"),
    ("purpose", "prefetch"),
    ("sec-fetch-dest", "image"),
    ("sec-fetch-dest", "empty"),
    ("sec-fetch-dest", "iframe"),
    ("sec-fetch-site", "cross-site"),
]


@pytest.mark.parametrize("sign", PREFETCH)
def test_a_prefetched_launch_begins_nothing(app: App, sign: tuple[str, str]) -> None:
    answer = app.visit("GET", "/_understudy/launch", sign, query=HINT)
    assert answer.status == 400
    assert all_of(answer, "location") == []


@pytest.mark.parametrize("sign", PREFETCH)
def test_a_prefetched_callback_uses_no_code_up(app: App, sign: tuple[str, str]) -> None:
    answer = app.land(app.gateway.open(), sign)
    assert answer.status == 400
    assert "exchange" not in app.gateway.calls


def test_the_hand_off_ends_at_a_clean_address_with_the_overlay(app: App) -> None:
    session = app.gateway.open()
    answer = app.land(session, return_to="/orders?tab=open")
    assert answer.status == 303
    assert header(answer, "location") == "/orders?tab=open"
    overlay, launch, *known = all_of(answer, "set-cookie")
    assert known == list(app.routes.epoch.cookies(session.id))
    # Never "storage", which would empty that of the agent's own open tabs.
    assert header(answer, "clear-site-data") == '"cache"'
    assert overlay.startswith(f"{OVERLAY}={session.token}; Path=/; Max-Age=")
    assert overlay.endswith("; Secure; HttpOnly; SameSite=Lax")
    assert launch.startswith(f"{LAUNCH}=; Path=/; Max-Age=0;")
    assert dict(answer.all_headers())["cache-control"] == "no-store"
    assert dict(answer.all_headers())["referrer-policy"] == "no-referrer"


def test_the_cookie_outlives_the_session_so_that_its_end_is_seen(app: App) -> None:
    answer = app.land(app.gateway.open(minutes=30))
    max_age = int(all_of(answer, "set-cookie")[0].partition("Max-Age=")[2].partition(";")[0])
    assert 30 * 60 + 3595 <= max_age <= 30 * 60 + 3600


@pytest.mark.parametrize(
    "return_to", [None, "//evil.test", "https://evil.test", "/\\evil.test", "/_understudy/end"]
)
def test_a_doubtful_target_leads_home(app: App, return_to: str | None) -> None:
    answer = app.land(app.gateway.open(), return_to=return_to)
    assert header(answer, "location") == "/home"


def test_session_fixation_a_planted_cookie_is_replaced_and_ended(app: App) -> None:
    planted, mine = app.gateway.open(), app.gateway.open()
    answer = app.land(mine, overlay=planted.token)
    assert all_of(answer, "set-cookie")[0].startswith(f"{OVERLAY}={mine.token};")
    assert app.gateway.wait_until_ended(planted.id) is EndCause.REPLACED
    assert app.gateway.ended(mine.id) is None


def test_a_second_launch_in_one_browser_ends_the_first(app: App) -> None:
    first, second = app.gateway.open(), app.gateway.open()
    app.land(first)
    app.land(second, overlay=first.token)
    assert app.gateway.wait_until_ended(first.id) is EndCause.REPLACED
    assert ending(app, first) is EndCause.REPLACED


def test_a_grant_launched_anew_is_told_as_that_and_left_to_the_service(app: App) -> None:
    first = app.gateway.open()
    again = app.gateway.open(grant_id=grant_of(first))
    app.land(first)
    app.land(again, overlay=first.token)
    assert ending(app, first) is EndCause.RELAUNCHED
    assert "end" not in app.gateway.calls


@pytest.mark.parametrize("asked_before", [True, False])
def test_a_launch_opens_the_app_on_the_session_that_this_browser_holds(
    app: App, asked_before: bool
) -> None:
    session = app.gateway.open()
    if asked_before:
        app.land(session)
    answer = relaunch(app, grant_of(session), session)
    assert (answer.status, header(answer, "location")) == (303, "/home")
    assert all_of(answer, "set-cookie") == []
    assert app.gateway.ended(session.id) is None


def test_a_launch_of_another_grant_or_of_one_that_is_over_here_asks_the_service(app: App) -> None:
    session = app.gateway.open()
    app.land(session)
    assert header(relaunch(app, "grt_other", session), "location").startswith(ISSUER)
    grant = grant_of(session)
    app.gateway.reachable = False
    app.understudy.runtime().cache.close(session.id, EndCause.REVOKED)
    assert header(relaunch(app, grant, session), "location").startswith(ISSUER)


def test_a_launch_asks_the_service_where_nobody_can_tell_what_this_browser_holds(app: App) -> None:
    session = app.gateway.open()
    app.gateway.reachable = False
    answer = relaunch(app, grant_of(session), session)
    assert header(answer, "location").startswith(ISSUER)


def grant_of(session: FakeSession) -> str:
    return session.id.replace("ses_", "grt_")


def ending(app: App, session: FakeSession) -> EndCause | None:
    """Why this app takes ``session`` for over."""
    found = app.understudy.runtime().cache.find(token_hash(session.token))
    return found.cause if isinstance(found, Ended) else None


def relaunch(app: App, grant_id: str, session: FakeSession) -> Answer:
    """Launch ``grant_id`` in the browser that holds ``session``."""
    query = urlencode({"iss": ISSUER, "login_hint": grant_id})
    cookie = f"{OVERLAY}={session.token}"
    return app.visit("GET", "/_understudy/launch", *PERSON, query=query, cookie=cookie)


def test_a_code_that_the_service_refuses_leaves_everything_as_it_was(app: App) -> None:
    older = app.gateway.open()
    cookie, asked = app.launch()
    query = urlencode({"code": "usi_unknown", "state": asked["state"], "iss": ISSUER})
    cookies = f"{cookie}; {OVERLAY}={older.token}"
    answer = app.visit("GET", "/_understudy/callback", *PERSON, query=query, cookie=cookies)
    assert answer.status == 401
    assert b"Nothing was changed" in answer.body
    assert all(OVERLAY + "=" not in cookie for cookie in all_of(answer, "set-cookie"))
    assert app.gateway.ended(older.id) is None


def test_a_code_works_once(app: App) -> None:
    session = app.gateway.open()
    cookie, asked = app.launch()
    code = app.offer(session, cookie, asked["state"])
    query = urlencode({"code": code, "state": asked["state"], "iss": ISSUER})
    for status in (303, 401):
        answer = app.visit("GET", "/_understudy/callback", *PERSON, query=query, cookie=cookie)
        assert answer.status == status


def test_a_service_that_is_away_begins_nothing(app: App) -> None:
    app.gateway.reachable = False
    answer = app.land(app.gateway.open())
    assert answer.status == 503
    assert all(OVERLAY + "=" not in cookie for cookie in all_of(answer, "set-cookie"))


def test_a_session_whose_cookie_was_never_sent_is_ended(app: App) -> None:
    session = app.gateway.open()
    cookie, asked = app.launch()
    code = app.offer(session, cookie, asked["state"])
    query = urlencode({"code": code, "state": asked["state"], "iss": ISSUER})
    visit = Visit(method="GET", origin=ORIGIN, base="", query=query, headers=(("cookie", cookie),))
    answer = app.routes.answer(visit, "/_understudy/callback")
    assert isinstance(answer, Later)
    assert answer.abandon().status == 503
    assert app.gateway.wait_until_ended(session.id) is EndCause.ENDED_BY_ACTOR


def test_a_token_that_opens_nothing_here_leaves_the_session_of_this_browser_alone() -> None:
    app = App("stytch")
    older = app.gateway.open()
    elsewhere = app.gateway.open(origin="https://understudy-x.view.example")
    token = app.gateway.offer(elsewhere, wire=Wire.STYTCH)
    answer = app.visit(
        "GET",
        "/_understudy/callback",
        *PERSON,
        query=urlencode({"stytch_token_type": "impersonation", "token": token}),
        cookie=f"{OVERLAY}={older.token}",
    )
    assert (answer.status, b"Nothing was changed" in answer.body) == (403, True)
    assert app.gateway.wait_until_ended(elsewhere.id) is EndCause.ENDED_BY_ACTOR
    assert app.gateway.ended(older.id) is None
    app.understudy.close()
