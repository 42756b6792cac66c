"""The SDK's own addresses, free of any framework."""

from __future__ import annotations

import json
from collections.abc import Iterator
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

from understudy.core.impersonation.sessions import EndCause
from understudy.sdk import routes as routes_module
from understudy.sdk.cookies import LAUNCH, OVERLAY
from understudy.sdk.hand_offs import DEFAULT
from understudy.sdk.later import Later
from understudy.sdk.launch import finish
from understudy.sdk.routes import AfterEnd, Routes
from understudy.sdk.understudy import Understudy
from understudy.sdk.visit import Answer, Visit
from understudy.testing import ISSUER, FakeGateway, FakeSession

ORIGIN = "https://app.test"
HINT = urlencode({"iss": ISSUER, "login_hint": "grt_1"})
CALLBACK = f"{ORIGIN}/_understudy/callback"
PERSON = (("accept", "text/html"), ("sec-fetch-dest", "document"))
OWN_FORM = (*PERSON, ("sec-fetch-site", "same-origin"))


class App:
    """An app's routes, and a browser that visits them."""

    def __init__(self, *hand_offs: str) -> None:
        self.gateway = FakeGateway()
        self.understudy: Understudy = self.gateway.understudy()
        self.routes = Routes(self.understudy, home="/home", hand_offs=hand_offs or DEFAULT)

    def visit(
        self,
        method: str,
        path: str,
        *headers: tuple[str, str],
        query: str = "",
        cookie: str | None = None,
        base: str = "",
    ) -> Answer:
        """The settled answer."""
        if cookie is not None:
            headers = (*headers, ("cookie", cookie))
        visit = Visit(method=method, origin=ORIGIN, base=base, query=query, headers=headers)
        answer = self.routes.answer(visit, path)
        if isinstance(answer, Later):
            answer.future.exception(5)
            return answer.answer()
        return answer

    def launch(self) -> tuple[str, dict[str, str]]:
        """The launch cookie, and what the service was asked."""
        answer = self.visit("GET", "/_understudy/launch", *PERSON, query=HINT)
        query = urlsplit(header(answer, "location")).query
        return header(answer, "set-cookie").partition(";")[0], {
            name: values[0] for name, values in parse_qs(query).items()
        }

    def land(
        self,
        session: FakeSession,
        *headers: tuple[str, str],
        overlay: str | None = None,
        return_to: str | None = None,
    ) -> Answer:
        """Go through the whole hand-off."""
        cookie, asked = self.launch()
        code = self.offer(session, cookie, asked["state"], return_to)
        query = urlencode({"code": code, "state": asked["state"], "iss": ISSUER})
        cookies = f"{cookie}; {OVERLAY}={overlay}" if overlay else cookie
        return self.visit(
            "GET", "/_understudy/callback", *(headers or PERSON), query=query, cookie=cookies
        )

    def offer(
        self, session: FakeSession, cookie: str, state: str, return_to: str | None = None
    ) -> str:
        """A code bound to what the launch in this browser will present."""
        visit = Visit(
            method="GET",
            origin=ORIGIN,
            base="",
            query=urlencode({"code": "x", "iss": ISSUER, "state": state}),
            headers=(("cookie", cookie),),
        )
        now = self.understudy.clock().timestamp()
        presented = finish(self.understudy.client, visit, redirect_uri=CALLBACK, now=now)
        assert presented.code_verifier is not None
        return self.gateway.offer(
            session,
            code_verifier=presented.code_verifier.reveal(),
            redirect_uri=CALLBACK,
            return_to=return_to,
        )


def header(answer: Answer, name: str) -> str:
    return dict(answer.headers)[name]


def all_of(answer: Answer, name: str) -> list[str]:
    return [value for key, value in answer.headers if key == name]


def body(answer: Answer) -> dict[str, object]:
    found: dict[str, object] = json.loads(answer.body)
    return found


@pytest.fixture
def app() -> Iterator[App]:
    app = App()
    yield app
    app.understudy.close()


@pytest.mark.parametrize(
    ("path", "ours"),
    [
        ("/_understudy", True),
        ("/_understudy/", True),
        ("/_understudy/state", True),
        ("/_understudyx", False),
        ("/a/_understudy/state", False),
        ("/", False),
    ],
)
def test_its_own_addresses_are_known(app: App, path: str, ours: bool) -> None:
    assert app.routes.owns(path) is ours


def test_an_unknown_address_is_not_found(app: App) -> None:
    assert app.visit("GET", "/_understudy/nothing").status == 404


@pytest.mark.parametrize("name", ["launch", "callback", "state", "end"])
def test_head_uses_nothing_up(app: App, name: str) -> None:
    answer = app.visit("HEAD", f"/_understudy/{name}", query=HINT)
    assert answer.status == 405
    assert all_of(answer, "set-cookie") == []


def test_a_405_says_what_is_allowed(app: App) -> None:
    assert header(app.visit("PUT", "/_understudy/end"), "allow") == "GET, POST"


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
    overlay, launch = all_of(answer, "set-cookie")
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
    assert app.gateway.wait_until_ended(planted.id) is EndCause.ENDED_BY_ACTOR
    assert app.gateway.ended(mine.id) is None


def test_a_second_launch_in_one_browser_ends_the_first(app: App) -> None:
    first, second = app.gateway.open(), app.gateway.open()
    app.land(first)
    app.land(second, overlay=first.token)
    assert app.gateway.wait_until_ended(first.id) is EndCause.ENDED_BY_ACTOR


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


def test_the_state_of_a_live_session(app: App) -> None:
    session = app.gateway.open()
    for _ in range(2):
        state = body(app.visit("GET", "/_understudy/state", cookie=f"{OVERLAY}={session.token}"))
        assert (state["active"], state["session"]) == (True, session.id)
        assert set(state) == {"active", "session", "ends_at", "idle_ends_at", "server_now"}


def test_the_state_of_an_ended_session(app: App) -> None:
    session = app.gateway.open()
    app.gateway.revoke(session.id)
    for _ in range(2):
        state = body(app.visit("GET", "/_understudy/state", cookie=f"{OVERLAY}={session.token}"))
        assert state == {
            "active": False,
            "cause": "revoked",
            "message": "Somebody with the right to do so revoked it.",
        }


def test_the_state_without_a_session(app: App) -> None:
    state = body(app.visit("GET", "/_understudy/state"))
    assert (state["active"], state["cause"]) == (False, None)


def test_the_state_when_nobody_can_tell(app: App) -> None:
    app.gateway.reachable = False
    session = app.gateway.open()
    answer = app.visit("GET", "/_understudy/state", cookie=f"{OVERLAY}={session.token}")
    assert answer.status == 503


def test_looking_at_the_state_is_no_activity(app: App) -> None:
    session = app.gateway.open()
    app.visit("GET", "/_understudy/state", cookie=f"{OVERLAY}={session.token}")
    assert "record" not in app.gateway.calls


def test_two_cookies_are_refused(app: App) -> None:
    answer = app.visit("GET", "/_understudy/state", cookie=f"{OVERLAY}=a; {OVERLAY}=b")
    assert (answer.status, body(answer)["code"]) == (400, "malformed_request")


def end(app: App, session: FakeSession | None, *headers: tuple[str, str]) -> Answer:
    cookie = f"{OVERLAY}={session.token}" if session else None
    return app.visit("POST", "/_understudy/end", *(headers or OWN_FORM), cookie=cookie)


def test_ending_ends_the_session_and_leads_to_the_dashboard(app: App) -> None:
    session = app.gateway.open()
    answer = end(app, session)
    assert app.gateway.ended(session.id) is EndCause.ENDED_BY_ACTOR
    assert header(answer, "set-cookie").startswith(f"{OVERLAY}=; Path=/; Max-Age=0;")
    assert header(answer, "clear-site-data") == '"cache"'
    assert answer.status == 200
    assert header(answer, "refresh") == f"0; url={ISSUER}/"


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
    assert body(answer) == {"active": False}


def test_ending_twice_is_harmless(app: App) -> None:
    session = app.gateway.open()
    assert [end(app, session).status for _ in range(2)] == [200, 200]


def test_ending_without_a_session_is_harmless(app: App) -> None:
    assert header(end(app, None), "set-cookie").startswith(f"{OVERLAY}=; ")


def test_ending_works_with_two_cookies(app: App) -> None:
    cookie = f"{OVERLAY}=a; {OVERLAY}=b"
    answer = app.visit("POST", "/_understudy/end", *OWN_FORM, cookie=cookie)
    assert header(answer, "set-cookie").startswith(f"{OVERLAY}=; ")


def test_ending_works_while_the_service_is_away(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    session = app.gateway.open()
    cookie = f"{OVERLAY}={session.token}"
    app.visit("GET", "/_understudy/state", cookie=cookie)
    app.gateway.reachable = False
    visit = Visit(method="POST", origin=ORIGIN, base="", headers=(*OWN_FORM, ("cookie", cookie)))
    answer = app.routes.answer(visit, "/_understudy/end")
    assert isinstance(answer, Later)
    assert header(answer.abandon(), "set-cookie").startswith(f"{OVERLAY}=; ")
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


def test_the_script_is_public_and_revalidated(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(routes_module, "banner_script", lambda: b"banner();")
    answer = app.visit("GET", "/_understudy/banner.js")
    assert answer.body == b"banner();"
    assert header(answer, "content-type") == "text/javascript; charset=utf-8"
    assert header(answer, "cache-control") == "public, max-age=3600"
    assert dict(answer.all_headers())["x-content-type-options"] == "nosniff"
    again = app.visit("GET", "/_understudy/banner.js", ("if-none-match", header(answer, "etag")))
    assert (again.status, again.body) == (304, b"")


def test_a_script_that_was_not_built_is_not_found(
    app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(routes_module, "banner_script", lambda: None)
    assert app.visit("GET", "/_understudy/banner.js").status == 404


def test_a_home_on_another_site_is_not_taken(app: App) -> None:
    assert Routes(app.understudy, home="https://evil.test").home == "/"


def test_the_banner_finds_its_parts_below_the_mount_point(app: App) -> None:
    links = app.routes.links("/shop")
    assert links.end == "/shop/_understudy/end"
    assert links.back == "/shop/home"
