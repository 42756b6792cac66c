"""Visits to the SDK's own addresses, over ASGI."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from tests.fixtures.browser import ORIGIN, Browser
from tests.unit.contrib.asgi.apps import Echo
from tests.unit.contrib.asgi.conftest import Guarded
from understudy.contrib.asgi import UnderstudyMiddleware
from understudy.sdk.values import Wire
from understudy.testing import ISSUER, FakeGateway


def test_the_hand_off_goes_through_the_middleware(guarded: Guarded) -> None:
    browser = guarded(Echo())
    answer = browser.open(f"/_understudy/launch?iss={ISSUER}&login_hint=grt_1")
    assert answer.status_code == 303
    assert answer.headers["location"].startswith(f"{ISSUER}/oauth2/authorize?")
    assert (
        f"redirect_uri={ORIGIN.replace(':', '%3A').replace('/', '%2F')}"
        in (answer.headers["location"])
    )
    assert answer.headers["referrer-policy"] == "no-referrer"


@pytest.mark.parametrize(("wire", "name"), [(Wire.STYTCH, "token"), (Wire.CLERK, "__clerk_ticket")])
def test_a_token_in_the_address_never_reaches_the_app(
    gateway: FakeGateway, guarded: Guarded, wire: Wire, name: str
) -> None:
    app, token = Echo(), gateway.offer(gateway.open(), wire=wire)
    browser = guarded(app, hand_offs=("stytch", "clerk"))
    kind = "stytch_token_type=impersonation&" if wire is Wire.STYTCH else ""
    address = f"/_understudy/callback?{kind}{name}={token}"
    for headers, status in (({"Sec-Purpose": "prefetch"}, 400), ({}, 303), ({}, 401)):
        answer = browser.open(address, headers)
        assert answer.status_code == status
        assert token not in answer.text + str(answer.headers)
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["referrer-policy"] == "no-referrer"
    assert browser.request("HEAD", address).status_code == 405
    assert app.scopes == []


def test_tokens_in_the_address_are_not_taken_unless_asked_for(
    gateway: FakeGateway, guarded: Guarded
) -> None:
    token = gateway.offer(gateway.open(), wire=Wire.CLERK)
    answer = guarded(Echo()).open(f"/_understudy/callback?__clerk_ticket={token}")
    assert answer.status_code == 400
    assert "exchange" not in gateway.calls


def test_whoever_logs_the_request_afterwards_finds_no_query(gateway: FakeGateway) -> None:
    understudy, scopes = gateway.understudy(), []
    guarded = UnderstudyMiddleware(Echo(), understudy=understudy)

    async def logging(scope: Any, receive: Any, send: Any) -> None:
        await guarded(scope, receive, send)
        scopes.append(scope)

    Browser(logging).open("/_understudy/callback?code=a-secret&state=another")
    Browser(logging).open("/orders?page=2")
    assert [scope["query_string"] for scope in scopes] == [b"", b"page=2"]
    understudy.close()


def test_our_own_addresses_are_no_actions(gateway: FakeGateway, guarded: Guarded) -> None:
    session = gateway.open()
    browser = guarded(Echo())
    assert browser.get("/_understudy/state", session.headers).json()["active"] is True
    browser.get("/only-this", session.headers)
    assert [action.path for action in gateway.actions(session.id)] == ["/only-this"]


def test_our_own_addresses_can_be_moved(gateway: FakeGateway, guarded: Guarded) -> None:
    browser = guarded(Echo(), prefix="/support")
    assert browser.get("/support/state").json()["active"] is False
    assert browser.get("/_understudy/state").text == "hello"


def test_the_state_is_json_for_anybody(guarded: Guarded) -> None:
    answer = guarded(Echo()).get("/_understudy/state")
    assert json.loads(answer.content)["active"] is False
    assert answer.headers["cache-control"] == "no-store"


def test_a_live_connection_finds_nothing_there(gateway: FakeGateway) -> None:
    app, understudy, sent = Echo(), gateway.understudy(), []

    async def send(message: Any) -> None:
        sent.append(message["type"])

    scope = {"type": "websocket", "path": "/_understudy/events", "headers": []}
    asyncio.run(UnderstudyMiddleware(app, understudy=understudy)(scope, send, send))  # type: ignore[arg-type]
    understudy.close()
    assert (sent, app.scopes) == (["websocket.close"], [])


def test_two_cookies_hear_of_no_session(guarded: Guarded) -> None:
    twice = {"Cookie": "__Host-understudy=a; __Host-understudy=b"}
    answer = guarded(Echo()).get("/_understudy/events", twice)
    assert (answer.status_code, answer.json()["code"]) == (400, "malformed_request")
