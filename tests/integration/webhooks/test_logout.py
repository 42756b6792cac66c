"""Back-channel logout: the token, checked as a relying party checks it."""

from __future__ import annotations

import asyncio
import json
from threading import Event
from typing import Any
from urllib.parse import parse_qs

import jwt as pyjwt
import pytest

from tests.fixtures.service import World
from tests.integration.webhooks.receiver import Reaction, Received, Receiver
from tests.integration.webhooks.test_delivery import WEBHOOKS, arrived, create
from understudy.core.people.permissions import Role
from understudy.core.ports import DeliveryFilter, KeyUse

EVENT = "http://schemas.openid.net/event/backchannel-logout"


def token_in(received: Received) -> str:
    assert received.headers["content-type"] == "application/x-www-form-urlencoded"
    form = parse_qs(received.body.decode(), strict_parsing=True)
    assert set(form) == {"logout_token"}
    return form["logout_token"][0]


def logout_keys(world: World) -> list[dict[str, Any]]:
    node = world.app.node
    with world.installation.engine.reading() as reader:
        found = node.session_keys.published(
            reader, [world.application.id], node.clock(), use=KeyUse.LOGOUT
        )
    return [dict(key) for key in found]


@pytest.mark.parametrize("how", ["end", "revoke"])
async def test_the_end_of_a_session_is_told_to_the_application(
    world: World, receiver: Receiver, how: str
) -> None:
    world.change_settings(logout_url=receiver.url)
    opened = await world.open_session()
    session_id = opened["session"]["id"]
    await world.backend.post(f"/api/v1/sessions/{session_id}/{how}")
    (received,) = await arrived(receiver)
    token = token_in(received)
    now = int(world.installation.clock.now.timestamp())
    expected = {
        "iss": "http://localhost:8700",
        "aud": world.application.id,
        "iat": now,
        "exp": now + 120,
        "sub": "ada",
        "sid": session_id,
        "events": {EVENT: {}},
    }
    (key,) = logout_keys(world)
    header = pyjwt.get_unverified_header(token)
    assert header == {"alg": "RS256", "typ": "logout+jwt", "kid": key["kid"]}
    claims = pyjwt.decode(
        token,
        pyjwt.PyJWK(key).key,
        algorithms=["RS256"],
        audience=world.application.id,
        issuer="http://localhost:8700",
        # The test's clock stands still, on another day.
        options={"verify_exp": False, "verify_iat": False},
    )
    assert len(claims.pop("jti")) >= 20
    # No nonce, so that nobody takes it for an ID token (section 2.4).
    assert claims == expected


async def test_a_logout_that_failed_is_tried_again_with_a_fresh_token(
    world: World, receiver: Receiver
) -> None:
    receiver.react = lambda _: Reaction(status=400)
    world.change_settings(logout_url=receiver.url)
    opened = await world.open_session()
    await world.backend.post(f"/api/v1/sessions/{opened['session']['id']}/end")
    (first,) = await arrived(receiver)
    receiver.react = lambda _: Reaction(status=200)
    await asyncio.to_thread(until_settled, world)
    world.installation.clock.forward(seconds=6)
    (second,) = await arrived(receiver)
    old, new = _payload(token_in(first)), _payload(token_in(second))
    assert (old["sid"], old["sub"]) == (new["sid"], new["sub"])
    assert old["jti"] != new["jti"]
    assert new["exp"] - old["exp"] == 6


def until_settled(world: World) -> None:
    """Return once no attempt is under way any more."""
    for _ in range(2000):
        with world.installation.engine.reading() as reader:
            (found,) = reader.deliveries.search(DeliveryFilter())
        if found.claimed_until is None:
            return
        Event().wait(0.01)
    raise AssertionError("the attempt was not settled")


def _payload(token: str) -> dict[str, Any]:
    found: dict[str, Any] = pyjwt.decode(token, options={"verify_signature": False})
    return found


async def test_an_application_without_a_logout_url_hears_nothing(
    world: World, receiver: Receiver
) -> None:
    opened = await world.open_session()
    await world.backend.post(f"/api/v1/sessions/{opened['session']['id']}/end")
    world.change_settings(logout_url=receiver.url)
    other = await world.open_session()
    await world.backend.post(f"/api/v1/sessions/{other['session']['id']}/end")
    (received,) = await arrived(receiver)
    assert _payload(token_in(received))["sid"] == other["session"]["id"]
    assert receiver.requests.empty()


async def test_a_logout_token_has_a_key_that_signs_nothing_else(
    world: World, receiver: Receiver
) -> None:
    world.change_settings(logout_url=receiver.url)
    opened = await world.open_session()
    jwt = await world.backend.post(
        "/api/v1/sessions/refresh", json={"session_token": opened["session_token"], "jwt": True}
    )
    await world.backend.post(f"/api/v1/sessions/{opened['session']['id']}/end")
    (received,) = await arrived(receiver)
    used = pyjwt.get_unverified_header(token_in(received))["kid"]
    assert used != pyjwt.get_unverified_header(jwt.json()["session_jwt"])["kid"]


async def test_what_became_of_a_logout_is_shown_without_its_token(
    world: World, receiver: Receiver
) -> None:
    receiver.react = lambda _: Reaction(status=400, body=b"unknown sid")
    world.change_settings(logout_url=receiver.url)
    opened = await world.open_session()
    await world.backend.post(f"/api/v1/sessions/{opened['session']['id']}/end")
    (received,) = await arrived(receiver)
    await asyncio.to_thread(until_settled, world)
    browser = (await world.operator(Role.AUDITOR)).browser
    path = f"/api/v1/applications/{world.application.id}/logouts"
    (listed,) = (await browser.get(path)).json()["items"]
    assert (listed["kind"], listed["status"], listed["endpoint_id"]) == ("logout", "pending", None)
    shown = (await browser.get(f"{path}/{listed['id']}")).json()
    assert shown["delivery"] == listed
    (attempt,) = shown["attempts"]
    assert (attempt["status"], attempt["answer"], attempt["url"]) == (
        400,
        "unknown sid",
        receiver.url,
    )
    assert json.loads(attempt["request"]) == _payload(token_in(received))
    assert (await browser.get(path, params={"status": "delivered"})).json()["items"] == []
    assert (await browser.get("/api/v1/applications/app_x/logouts")).status_code == 404
    admin = (await world.operator(Role.ADMIN, email="mia@support.example")).browser
    made = await create(admin, world, "https://hooks.example/")
    message = await admin.post(f"{WEBHOOKS}/{made['webhook']['id']}/test")
    assert (await browser.get(f"{path}/{message.json()['id']}")).status_code == 404
    for other in (f"{path}/msg_unknown", f"/api/v1/applications/app_x/logouts/{listed['id']}"):
        assert (await browser.get(other)).status_code == 404
    assert (await world.backend.get(path)).status_code == 403
