"""How an actor leaves a session."""

from __future__ import annotations

import pytest

from tests.unit.sdk.visiting import ORIGIN, OWN_FORM, PERSON, App, all_of, body, header
from understudy.core.impersonation.sessions import EndCause
from understudy.sdk import calls
from understudy.sdk.cookies import OVERLAY
from understudy.sdk.later import Later
from understudy.sdk.leaving import AfterEnd
from understudy.sdk.routes import Routes
from understudy.sdk.secret import Secret
from understudy.sdk.visit import Answer, Visit
from understudy.sdk.way_back import WayBack
from understudy.testing import ISSUER, FakeSession


def end(app: App, session: FakeSession | None, *headers: tuple[str, str]) -> Answer:
    cookie = f"{OVERLAY}={session.token}" if session else None
    return app.visit("POST", "/_understudy/end", *(headers or OWN_FORM), cookie=cookie)


def test_ending_ends_the_session_and_leads_to_the_dashboard(app: App) -> None:
    session = app.gateway.open()
    answer = end(app, session)
    assert app.gateway.ended(session.id) is EndCause.ENDED_BY_ACTOR
    overlay, *known = all_of(answer, "set-cookie")
    assert overlay.startswith(f"{OVERLAY}=; Path=/; Max-Age=0;")
    assert known == list(app.routes.epoch.cookies("own"))
    assert header(answer, "clear-site-data") == '"cache"'
    assert answer.status == 200
    assert header(answer, "refresh") == f"0; url={ISSUER}/"


def test_ending_a_session_that_is_known_leads_to_where_the_dashboard_goes_on_from_it(
    app: App,
) -> None:
    session = app.gateway.open()
    app.land(session)
    for _ in range(2):  # also from a tab in which it is over already
        assert header(end(app, session), "refresh") == f"0; url={ISSUER}/ended?session={session.id}"


def test_ending_can_lead_back_to_the_page(app: App) -> None:
    app.routes = Routes(app.understudy, home="/home", after_end=AfterEnd.PAGE)
    referrer = ("referer", f"{ORIGIN}/orders?a=b")
    answer = end(app, app.gateway.open(), *OWN_FORM, referrer)
    assert (answer.status, header(answer, "location")) == (303, "/orders?a=b")


@pytest.mark.parametrize("referrer", ["https://evil.test/x", f"{ORIGIN}/_understudy/end"])
def test_ending_leads_home_from_anywhere_else(app: App, referrer: str) -> None:
    app.routes = Routes(app.understudy, home="/home", after_end=AfterEnd.PAGE)
    answer = end(app, app.gateway.open(), *OWN_FORM, ("referer", referrer))
    assert header(answer, "location") == "/home"


def test_a_program_that_ends_a_session_gets_no_page(app: App) -> None:
    answer = end(app, app.gateway.open(), ("sec-fetch-site", "same-origin"))
    assert body(answer) == {"active": False, "ended": True, "return_to": f"{ISSUER}/"}


def test_ending_twice_is_harmless(app: App) -> None:
    session = app.gateway.open()
    assert [end(app, session).status for _ in range(2)] == [200, 200]


def test_ending_without_a_session_is_harmless(app: App) -> None:
    assert header(end(app, None), "set-cookie").startswith(f"{OVERLAY}=; ")


def test_ending_works_with_two_cookies(app: App) -> None:
    cookie = f"{OVERLAY}=a; {OVERLAY}=b"
    answer = app.visit("POST", "/_understudy/end", *OWN_FORM, cookie=cookie)
    assert all_of(answer, "set-cookie")[0].startswith(f"{OVERLAY}=; ")


def test_ending_works_while_the_service_is_away(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    session = app.gateway.open()
    cookie = f"{OVERLAY}={session.token}"
    app.visit("GET", "/_understudy/state", cookie=cookie)
    app.gateway.reachable = False
    visit = Visit(method="POST", origin=ORIGIN, base="", headers=(*OWN_FORM, ("cookie", cookie)))
    answer = app.routes.answer(visit, "/_understudy/end")
    assert isinstance(answer, Later)
    assert all_of(answer.abandon(), "set-cookie")[0].startswith(f"{OVERLAY}=; ")
    state = body(app.visit("GET", "/_understudy/state", cookie=cookie))
    assert (state["active"], state["cause"]) == (False, "ended_by_actor")
    app.gateway.reachable = True
    assert app.gateway.wait_until_ended(session.id) is EndCause.ENDED_BY_ACTOR


def test_ending_works_while_the_service_is_away_and_nothing_is_known(app: App) -> None:
    session = app.gateway.open()
    app.gateway.reachable = False
    cookie = f"{OVERLAY}={session.token}"
    visit = Visit(method="POST", origin=ORIGIN, base="", headers=(*OWN_FORM, ("cookie", cookie)))
    answer = app.routes.answer(visit, "/_understudy/end")
    assert isinstance(answer, Later)
    answer.abandon()
    assert body(app.visit("GET", "/_understudy/state", cookie=cookie))["active"] is False
    app.gateway.reachable = True
    assert app.gateway.wait_until_ended(session.id) is EndCause.ENDED_BY_ACTOR


@pytest.mark.parametrize(
    "headers",
    [
        [("sec-fetch-site", "cross-site"), ("origin", "https://evil.test")],
        [("sec-fetch-site", "same-site")],
        [("origin", "https://evil.test")],
        [("origin", "null")],
        [("accept", "text/html")],
    ],
)
def test_csrf_another_site_cannot_end_a_session(app: App, headers: list[tuple[str, str]]) -> None:
    session = app.gateway.open()
    answer = end(app, session, *headers)
    assert (answer.status, body(answer)["code"]) == (403, "cross_site_refused")
    assert all_of(answer, "set-cookie") == []
    assert app.gateway.ended(session.id) is None


def test_looking_at_the_confirm_page_ends_nothing(app: App) -> None:
    session = app.gateway.open()
    cookie = f"{OVERLAY}={session.token}"
    app.visit("GET", "/_understudy/state", cookie=cookie)
    answer = app.visit("GET", "/_understudy/end", *PERSON, cookie=cookie)
    assert b"End this session?" in answer.body
    assert b"Ada Customer" in answer.body
    assert app.gateway.ended(session.id) is None


@pytest.mark.parametrize("cookie", [None, f"{OVERLAY}=", f"{OVERLAY}=uss_ended"])
def test_the_confirm_page_knows_when_there_is_nothing_to_end(app: App, cookie: str | None) -> None:
    if cookie == f"{OVERLAY}=uss_ended":
        app.visit("GET", "/_understudy/state", cookie=cookie)
    answer = app.visit("GET", "/_understudy/end", *PERSON, cookie=cookie)
    assert b"No session to end" in answer.body


def press_end(app: App, session: FakeSession, mark: str, method: str = "POST") -> Answer:
    """End on a page with ``mark``, in a browser that holds ``session``."""
    return app.visit(
        method,
        "/_understudy/end",
        *OWN_FORM,
        query=f"_understudy_page={mark}",
        cookie=f"{OVERLAY}={session.token}",
    )


@pytest.mark.parametrize("method", ["POST", "GET"])
@pytest.mark.parametrize("mark", ["ses_other", "own", ""])
def test_end_on_a_page_of_another_session_ends_nothing(app: App, mark: str, method: str) -> None:
    session = app.gateway.open()
    app.visit("GET", "/_understudy/state", cookie=f"{OVERLAY}={session.token}")
    answer = press_end(app, session, mark, method)
    assert answer.status == 409
    assert b"Nothing was ended" in answer.body
    assert all_of(answer, "set-cookie") == []
    assert app.gateway.ended(session.id) is None


def test_a_program_is_told_so_by_its_code(app: App) -> None:
    session = app.gateway.open()
    cookie = f"{OVERLAY}={session.token}"
    app.visit("GET", "/_understudy/state", cookie=cookie)
    answer = app.visit(
        "POST",
        "/_understudy/end",
        ("sec-fetch-site", "same-origin"),
        query="_understudy_page=ses_other",
        cookie=cookie,
    )
    assert (answer.status, body(answer)["code"]) == (409, "page_of_another_session")


def test_end_on_the_sessions_own_page_ends_it(app: App) -> None:
    session = app.gateway.open()
    app.visit("GET", "/_understudy/state", cookie=f"{OVERLAY}={session.token}")
    assert press_end(app, session, session.id).status == 200
    assert app.gateway.ended(session.id) is EndCause.ENDED_BY_ACTOR


def test_a_process_that_does_not_know_the_session_asks_whose_page_it_is(app: App) -> None:
    session = app.gateway.open()
    assert press_end(app, session, "ses_other").status == 409
    assert app.gateway.ended(session.id) is None
    other = app.gateway.open()
    assert press_end(app, other, other.id).status == 200
    assert app.gateway.wait_until_ended(other.id) is EndCause.ENDED_BY_ACTOR


def test_what_nobody_can_tell_apart_is_ended(app: App) -> None:
    session = app.gateway.open()
    app.gateway.reachable = False
    headers = (*OWN_FORM, ("cookie", f"{OVERLAY}={session.token}"))
    query = "_understudy_page=ses_other"
    visit = Visit(method="POST", origin=ORIGIN, base="", query=query, headers=headers)
    answer = app.routes.answer(visit, "/_understudy/end")
    assert isinstance(answer, Later)
    assert all_of(answer.abandon(), "set-cookie")[0].startswith(f"{OVERLAY}=; ")
    app.gateway.reachable = True
    assert app.gateway.wait_until_ended(session.id) is EndCause.ENDED_BY_ACTOR


def test_the_question_whether_to_end_names_the_session(app: App) -> None:
    session = app.gateway.open()
    cookie = f"{OVERLAY}={session.token}"
    app.visit("GET", "/_understudy/state", cookie=cookie)
    answer = app.visit("GET", "/_understudy/end", *PERSON, cookie=cookie)
    assert f'action="/_understudy/end?_understudy_page={session.id}"'.encode() in answer.body


def test_leaving_a_page_that_answered_a_form_leads_to_its_address_without_the_mark(
    app: App,
) -> None:
    app.routes = Routes(app.understudy, home="/home", after_end=AfterEnd.PAGE)
    referrer = ("referer", f"{ORIGIN}/orders?a=b&_understudy_page=ses_1")
    answer = end(app, app.gateway.open(), *OWN_FORM, referrer)
    assert (answer.status, header(answer, "location")) == (303, "/orders?a=b")


def test_an_end_where_there_never_was_a_session_makes_no_epoch(app: App) -> None:
    assert len(all_of(end(app, None), "set-cookie")) == 1
    known = app.visit("POST", "/_understudy/end", *OWN_FORM, cookie="__Host-understudy-epoch=1")
    assert len(all_of(known, "set-cookie")) == 3


def test_ending_works_while_too_much_waits_to_ask_whose_page_it_is(
    app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = app.gateway.open()
    monkeypatch.setattr(calls, "MAX_WAITING", 0)
    answer = press_end(app, session, "ses_other")
    assert (answer.status, all_of(answer, "set-cookie")[0].partition(";")[0]) == (
        200,
        f"{OVERLAY}=",
    )
    assert app.gateway.wait_until_ended(session.id) is EndCause.ENDED_BY_ACTOR


@pytest.mark.parametrize("cookie", [None, f"{OVERLAY}=uss_unknown", f"{OVERLAY}=a; {OVERLAY}=b"])
def test_a_program_hears_of_an_end_where_there_is_nothing_to_end(
    app: App, cookie: str | None
) -> None:
    headers = ("sec-fetch-site", "same-origin")
    answer = app.visit("POST", "/_understudy/end", headers, cookie=cookie)
    told = {"active": False, "ended": True, "return_to": f"{ISSUER}/"}
    assert (answer.status, body(answer)) == (200, told)


def test_a_way_back_of_another_session_leads_nowhere(app: App) -> None:
    session, other = app.gateway.open(), app.gateway.open()
    opened = app.gateway.refresh(Secret(other.token))
    back = WayBack(app.understudy.client.key).kept("/admin", opened).partition(";")[0]
    headers = ("sec-fetch-site", "same-origin")
    answers = [
        app.visit("POST", "/_understudy/end", headers, cookie=f"{OVERLAY}={one.token}; {back}")
        for one in (session, other)
    ]
    assert [body(answer)["return_to"] for answer in answers] == [f"{ISSUER}/", "/admin"]
