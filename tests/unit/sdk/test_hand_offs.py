"""Tokens in an address: who redeems them, when, and what is left behind."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlencode

import pytest

from tests.unit.sdk.visiting import HINT, ORIGIN, PERSON, App, all_of, header
from understudy.core.impersonation.sessions import EndCause
from understudy.errors import MalformedRequest, SetupError
from understudy.sdk.cookies import LAUNCH, OVERLAY
from understudy.sdk.hand_offs import HandOff, is_persons_visit, read_hand_offs, token_in_address
from understudy.sdk.later import Later
from understudy.sdk.values import Wire
from understudy.sdk.visit import Answer, Visit
from understudy.testing import FakeSession

CALLBACK = "/_understudy/callback"
ALL = frozenset(HandOff)
WIRES = [Wire.STYTCH, Wire.CLERK]
Header = tuple[str, str]


def query_of(wire: Wire, token: str) -> str:
    """What the service puts behind the redirect URL."""
    if wire is Wire.CLERK:
        return urlencode({"__clerk_ticket": token, "__clerk_status": "sign_in"})
    return urlencode({"stytch_token_type": "multi_tenant_impersonation", "token": token})


def come(
    app: App,
    wire: Wire,
    session: FakeSession,
    *headers: Header,
    method: str = "GET",
    token: str | None = None,
    overlay: str | None = None,
) -> Answer:
    """Follow such an address."""
    token = token or app.gateway.offer(session, wire=wire, return_to="/orders?tab=open")
    cookie = f"{OVERLAY}={overlay}" if overlay else None
    query = query_of(wire, token)
    return app.visit(method, CALLBACK, *headers, query=query, cookie=cookie)


@pytest.fixture
def app() -> Iterator[App]:
    app = App("code", "stytch", "clerk")
    yield app
    app.understudy.close()


@pytest.mark.parametrize("wire", WIRES)
def test_a_token_in_the_address_becomes_an_overlay_at_a_clean_address(app: App, wire: Wire) -> None:
    session = app.gateway.open()
    answer = come(app, wire, session, *PERSON)
    assert (answer.status, header(answer, "location")) == (303, "/orders?tab=open")
    overlay, launch, *known = all_of(answer, "set-cookie")
    assert known[0].startswith("__Host-understudy-epoch=1; ")
    assert known[1].startswith(f"understudy-page={session.id}; ")
    assert overlay.startswith(f"{OVERLAY}={session.token}; Path=/; Max-Age=")
    assert launch.startswith(f"{LAUNCH}=; Path=/; Max-Age=0;")
    assert dict(answer.all_headers())["cache-control"] == "no-store"
    assert dict(answer.all_headers())["referrer-policy"] == "no-referrer"


@pytest.mark.parametrize("kind", ["multi_tenant_impersonation", "impersonation"])
def test_both_verticals_come_in(app: App, kind: str) -> None:
    token = app.gateway.offer(app.gateway.open(), wire=Wire.STYTCH)
    query = urlencode({"stytch_token_type": kind, "token": token})
    assert app.visit("GET", CALLBACK, *PERSON, query=query).status == 303


def test_a_ticket_needs_no_status(app: App) -> None:
    token = app.gateway.offer(app.gateway.open(), wire=Wire.CLERK)
    query = urlencode({"__clerk_ticket": token})
    assert app.visit("GET", CALLBACK, *PERSON, query=query).status == 303


@pytest.mark.parametrize("wire", WIRES)
@pytest.mark.parametrize(
    "signs",
    [
        (("sec-purpose", "prefetch"),),
        (*PERSON, ("sec-purpose", "prefetch;prerender")),
        (*PERSON, ("purpose", "Prefetch")),
        (("sec-fetch-dest", "iframe"), ("sec-fetch-mode", "navigate")),
        (("sec-fetch-dest", "empty"),),
        (("sec-fetch-dest", "image"), ("accept", "text/html")),
        (("sec-fetch-mode", "navigate"), ("accept", "text/html")),
        (("sec-fetch-site", "none"),),
    ],
)
def test_what_nobody_opened_redeems_nothing(
    app: App, wire: Wire, signs: tuple[Header, ...]
) -> None:
    session = app.gateway.open()
    token = app.gateway.offer(session, wire=wire)
    answer = come(app, wire, session, *signs, token=token)
    assert (answer.status, all_of(answer, "set-cookie")) == (400, [])
    assert "exchange" not in app.gateway.calls
    assert come(app, wire, session, *PERSON, token=token).status == 303


@pytest.mark.parametrize("method", ["HEAD", "POST", "OPTIONS"])
@pytest.mark.parametrize("wire", WIRES)
def test_only_a_get_redeems(app: App, wire: Wire, method: str) -> None:
    answer = come(app, wire, app.gateway.open(), *PERSON, method=method)
    assert (answer.status, all_of(answer, "set-cookie")) == (405, [])
    assert "exchange" not in app.gateway.calls


@pytest.mark.parametrize("wire", WIRES)
def test_a_browser_without_fetch_metadata_is_believed(app: App, wire: Wire) -> None:
    assert come(app, wire, app.gateway.open(), ("accept", "text/html")).status == 303


@pytest.mark.parametrize("wire", WIRES)
def test_opening_it_again_starts_nothing_and_ends_nothing(app: App, wire: Wire) -> None:
    session = app.gateway.open()
    token = app.gateway.offer(session, wire=wire)
    assert come(app, wire, session, *PERSON, token=token).status == 303
    again = come(app, wire, session, *PERSON, token=token, overlay=session.token)
    assert again.status == 401
    assert all(f"{OVERLAY}=" not in cookie for cookie in all_of(again, "set-cookie"))
    assert app.gateway.ended(session.id) is None


@pytest.mark.parametrize("wire", WIRES)
def test_no_token_shows_in_a_page_that_refuses_it(app: App, wire: Wire) -> None:
    for token in ("usi_unknown_canary", "<b>canary", "canary" * 200):
        answer = come(app, wire, app.gateway.open(), *PERSON, token=token)
        assert answer.status in (400, 401)
        assert b"canary" not in answer.body
        assert all("canary" not in value for _, value in answer.all_headers())


@pytest.mark.parametrize("wire", WIRES)
def test_session_fixation_a_planted_cookie_is_replaced_and_ended(app: App, wire: Wire) -> None:
    planted, mine = app.gateway.open(), app.gateway.open()
    answer = come(app, wire, mine, *PERSON, overlay=planted.token)
    assert all_of(answer, "set-cookie")[0].startswith(f"{OVERLAY}={mine.token};")
    assert app.gateway.wait_until_ended(planted.id) is EndCause.REPLACED
    assert app.gateway.ended(mine.id) is None


@pytest.mark.parametrize("wire", WIRES)
def test_two_planted_cookies_use_no_token_up(app: App, wire: Wire) -> None:
    query = query_of(wire, app.gateway.offer(app.gateway.open(), wire=wire))
    cookie = f"{OVERLAY}=a; {OVERLAY}=b"
    assert app.visit("GET", CALLBACK, *PERSON, query=query, cookie=cookie).status == 400
    assert "exchange" not in app.gateway.calls


@pytest.mark.parametrize("wire", WIRES)
def test_a_refused_token_leaves_the_present_session_as_it_was(app: App, wire: Wire) -> None:
    older = app.gateway.open()
    answer = come(app, wire, older, *PERSON, token="usi_unknown", overlay=older.token)
    assert answer.status == 401
    assert app.gateway.ended(older.id) is None


@pytest.mark.parametrize("wire", WIRES)
def test_a_service_that_is_away_begins_nothing(app: App, wire: Wire) -> None:
    app.gateway.reachable = False
    answer = come(app, wire, app.gateway.open(), *PERSON)
    assert answer.status == 503
    assert all(f"{OVERLAY}=" not in cookie for cookie in all_of(answer, "set-cookie"))


@pytest.mark.parametrize("wire", WIRES)
def test_a_session_whose_cookie_was_never_sent_is_ended(app: App, wire: Wire) -> None:
    session = app.gateway.open()
    query = query_of(wire, app.gateway.offer(session, wire=wire))
    visit = Visit(method="GET", origin=ORIGIN, base="", query=query)
    answer = app.routes.answer(visit, CALLBACK)
    assert isinstance(answer, Later)
    assert answer.abandon().status == 503
    assert app.gateway.wait_until_ended(session.id) is EndCause.ENDED_BY_ACTOR


@pytest.mark.parametrize("wire", WIRES)
def test_each_token_is_presented_on_its_own_wire(app: App, wire: Wire) -> None:
    session = app.gateway.open()
    (other,) = set(WIRES) - {wire}
    token = app.gateway.offer(session, wire=wire)
    assert come(app, other, session, *PERSON, token=token).status == 401
    assert come(app, wire, session, *PERSON, token=token).status == 303


@pytest.mark.parametrize(
    ("taken", "wire"), [((), w) for w in WIRES] + [(("code", "clerk"), WIRES[0])]
)
def test_a_way_that_the_app_did_not_ask_for_is_closed(taken: tuple[str, ...], wire: Wire) -> None:
    app = App(*taken)
    answer = come(app, wire, app.gateway.open(), *PERSON)
    assert answer.status == 400
    assert b"does not take sessions in this way" in answer.body
    assert app.gateway.calls == []


def test_an_app_may_leave_the_code_flow_out() -> None:
    app = App("stytch")
    for path, query in (("/_understudy/launch", HINT), (CALLBACK, "code=a&state=b")):
        answer = app.visit("GET", path, *PERSON, query=query)
        assert answer.status == 400
        assert b"does not take sessions in this way" in answer.body


def test_the_code_flow_goes_on_beside_the_others(app: App) -> None:
    assert app.land(app.gateway.open()).status == 303


@pytest.mark.parametrize(
    "query",
    [
        "stytch_token_type=multi_tenant_impersonation",
        "stytch_token_type=impersonation&token=",
        "stytch_token_type=impersonation&token=a%20b",
        "stytch_token_type=magic_links&token=usi_1",
        "stytch_token_type=impersonation&token=usi_1&token=usi_2",
        "stytch_token_type=impersonation&token=usi_1&__clerk_ticket=usi_1",
        "stytch_token_type=impersonation&token=usi_1&code=usi_1",
        "__clerk_ticket=",
        "__clerk_ticket=usi_1&state=x",
        "__clerk_ticket=usi_1&__clerk_status=sign_up",
        "__clerk_ticket=" + "a" * 5000,
        "__clerk_ticket=usi_1&" + "&".join(f"a{number}=" for number in range(60)),
    ],
)
def test_an_address_that_is_not_quite_right_asks_nobody(app: App, query: str) -> None:
    answer = app.visit("GET", CALLBACK, *PERSON, query=query)
    assert answer.status == 400
    assert app.gateway.calls == []


def test_an_address_without_a_token_is_the_code_flows() -> None:
    assert token_in_address({"code": "usi_1", "token": "usi_2"}, ALL) is None


def test_the_token_keeps_its_wire() -> None:
    found = token_in_address({"__clerk_ticket": "usi_1"}, ALL)
    assert found is not None
    assert (found.wire, found.token.reveal()) == (Wire.CLERK, "usi_1")
    assert "usi_1" not in repr(found)


def test_a_way_that_is_closed_is_an_error_of_its_own() -> None:
    with pytest.raises(MalformedRequest) as refused:
        token_in_address({"__clerk_ticket": "usi_1"}, frozenset({HandOff.CODE}))
    assert refused.value.code == "malformed_request"


@pytest.mark.parametrize("names", [(), ("code", "native"), ("Stytch",), "oidc"])
def test_ways_that_do_not_exist_are_a_set_up_error(names: tuple[str, ...] | str) -> None:
    with pytest.raises(SetupError) as refused:
        read_hand_offs(names)
    assert refused.value.code == "setup_error"


def test_ways_may_be_given_as_any_words() -> None:
    assert read_hand_offs("code") == frozenset({HandOff.CODE})
    assert read_hand_offs(iter(["stytch", "clerk", "stytch"])) == ALL - {HandOff.CODE}


@pytest.mark.parametrize("prefix", ["sec-fetch-dest", "sec-fetch-mode", "sec-fetch-user"])
def test_a_browser_that_says_something_says_document(prefix: str) -> None:
    visit = Visit(method="GET", origin=ORIGIN, base="", headers=((prefix, "nonsense"),))
    assert not is_persons_visit(visit)
