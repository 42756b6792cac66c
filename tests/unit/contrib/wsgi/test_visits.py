"""The SDK's own addresses in a WSGI app."""

from __future__ import annotations

import json
from urllib.parse import quote

import pytest

from tests.unit.contrib.wsgi.apps import Echo
from tests.unit.contrib.wsgi.conftest import Guarded
from tests.unit.contrib.wsgi.server import HTML, ORIGIN, PAGE, asked, served
from understudy.sdk.values import Wire
from understudy.testing import ISSUER, FakeGateway


def test_the_hand_off_goes_through_the_middleware(guarded: Guarded) -> None:
    got = guarded(Echo()).ask(f"/_understudy/launch?iss={ISSUER}&login_hint=grt_1", PAGE)
    (location,) = got.header("location")
    assert (got.code, location.startswith(f"{ISSUER}/oauth2/authorize?")) == (303, True)
    assert f"redirect_uri={quote(ORIGIN, safe='')}" in location


@pytest.mark.parametrize(("wire", "name"), [(Wire.STYTCH, "token"), (Wire.CLERK, "__clerk_ticket")])
def test_a_token_in_the_address_is_redeemed_and_reaches_neither_app_nor_log(
    gateway: FakeGateway, guarded: Guarded, wire: Wire, name: str
) -> None:
    app, token = Echo(), gateway.offer(gateway.open(), wire=wire)
    kind = "stytch_token_type=impersonation&" if wire is Wire.STYTCH else ""
    environ = asked(f"/_understudy/callback?{kind}{name}={token}", PAGE)
    got = served(guarded(app, hand_offs=("stytch", "clerk")).middleware, environ)
    assert (got.code, app.environs) == (303, [])
    assert token not in repr((got.headers, environ))


def test_our_own_addresses_are_no_actions_and_reach_no_app(
    gateway: FakeGateway, guarded: Guarded
) -> None:
    app, session = Echo(), gateway.open()
    site = guarded(app)
    got = site.ask("/_understudy/state", session.headers)
    assert (got.code, json.loads(got.body)["active"]) == (200, True)
    assert site.ask("/_understudy/nothing", session.headers).code == 404
    assert (app.environs, gateway.calls.count("record")) == ([], 0)


def test_the_state_costs_the_service_nothing_while_its_word_holds(
    gateway: FakeGateway, guarded: Guarded
) -> None:
    site, session = guarded(Echo()), gateway.open()
    site.ask("/", session.headers)
    gateway.wait_for_followers()
    # The stream's first beat makes earlier answers doubtful; this one comes behind it.
    site.ask("/_understudy/state", session.headers)
    calls = list(gateway.calls)
    for _ in range(5):
        assert json.loads(site.ask("/_understudy/state", session.headers).body)["active"]
    assert [call for call in gateway.calls[len(calls) :] if call != "record"] == []


def test_no_page_is_told_of_a_stream_that_would_hold_up_a_worker(
    gateway: FakeGateway, guarded: Guarded
) -> None:
    site, session = guarded(Echo(b"<html><body>", headers=[HTML])), gateway.open()
    got = site.ask("/", {**PAGE, **session.headers})
    assert b'data-state="/_understudy/state"' in got.body
    assert b"data-events" not in got.body
    assert site.ask("/_understudy/events", session.headers).code == 404


def test_below_a_mount_point_and_where_they_were_moved_to_they_answer(guarded: Guarded) -> None:
    site = guarded(Echo(), prefix="/support")
    for path in ("/support/state", "/support/banner.js"):
        assert site.ask(path, SCRIPT_NAME="/shop").code == 200
    assert site.ask("/_understudy/state").body == b"hello"


def test_what_only_begins_like_one_is_the_apps(guarded: Guarded) -> None:
    assert guarded(Echo()).ask("/_understudyx/state").body == b"hello"
    assert guarded(Echo()).ask("/shop/_understudy/state").body == b"hello"


def test_the_script_is_told_to_head_without_its_body(guarded: Guarded) -> None:
    got = guarded(Echo()).ask("/_understudy/banner.js", method="HEAD")
    assert (got.code, got.body) == (200, b"")
    assert int(got.header("content-length")[0]) > 1000


def test_another_method_is_told_which_there_are(guarded: Guarded) -> None:
    got = guarded(Echo()).ask("/_understudy/state", method="POST")
    assert (got.code, got.header("allow")) == (405, ["GET"])


@pytest.mark.parametrize("name", ["RAW_URI", "REQUEST_URI"])
def test_whoever_logs_the_request_afterwards_finds_no_query(guarded: Guarded, name: str) -> None:
    path = "/_understudy/callback?code=secret&state=secret"
    environ = asked(path, PAGE, **{name: path})  # type: ignore[arg-type]
    served(guarded(Echo()).middleware, environ)
    assert "secret" not in repr(environ)
    assert environ[name] == "/_understudy/callback"


def test_without_the_services_word_the_state_says_so(
    gateway: FakeGateway, guarded: Guarded
) -> None:
    site, session = guarded(Echo()), gateway.open()
    gateway.reachable = False
    got = site.ask("/_understudy/state", session.headers)
    assert (got.code, json.loads(got.body)["code"]) == (503, "unavailable")
    gateway.reachable = True


def test_ending_works_and_takes_the_cookie(gateway: FakeGateway, guarded: Guarded) -> None:
    site, session = guarded(Echo()), gateway.open()
    site.ask("/", session.headers)
    headers = {**PAGE, **session.headers, "Sec-Fetch-Site": "same-origin"}
    got = site.ask(f"/_understudy/end?_understudy_page={session.id}", headers, method="POST")
    assert (got.code, b"Continue to Understudy" in got.body) == (200, True)
    assert got.header("set-cookie")[0].startswith("__Host-understudy=; ")
    assert gateway.wait_until_ended(session.id)
