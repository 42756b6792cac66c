"""From an event to the receiver, through the running service."""

from __future__ import annotations

import asyncio
import json
import logging
from dataclasses import replace
from threading import Event
from typing import Any

import httpx
import pytest
from stytch.b2b.models.organizations import Member
from stytch.consumer.models.users import User

from tests.fixtures.service import REASON, SignedInOperator, World
from tests.integration.webhooks.receiver import Reaction, Received, Receiver
from understudy.core.applications.application import Vertical
from understudy.core.ids import SubjectId
from understudy.core.notices.events import SYSTEM, EventType
from understudy.core.people.permissions import Role
from understudy.core.ports import EntryFilter
from understudy.flows.origin import Origin
from understudy.flows.retention.erase import erase_subject

WEBHOOKS = "/api/v1/webhooks"


async def admin(world: World) -> SignedInOperator:
    return await world.operator(Role.ADMIN, email="mia@support.example")


async def create(
    browser: httpx.AsyncClient, world: World, url: str, **changes: Any
) -> dict[str, Any]:
    body = {"application_id": world.application.id, "url": url} | changes
    answer = await browser.post(WEBHOOKS, json=body)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


async def arrived(receiver: Receiver, count: int = 1) -> list[Received]:
    """The next requests, by the type of what they tell."""
    found = [await asyncio.to_thread(receiver.next) for _ in range(count)]
    return sorted(found, key=lambda one: one.body)


async def deliveries(browser: httpx.AsyncClient, made: dict[str, Any]) -> list[dict[str, Any]]:
    """All messages of an endpoint, newest first."""
    answer = await browser.get(f"{WEBHOOKS}/{made['webhook']['id']}/deliveries")
    assert answer.status_code == 200, answer.text
    return list(answer.json()["items"])


async def settled(
    browser: httpx.AsyncClient, made: dict[str, Any], delivery_id: str, *, attempts: int
) -> dict[str, Any]:
    """One message with its attempts, once there are so many of them."""
    path = f"{WEBHOOKS}/{made['webhook']['id']}/deliveries/{delivery_id}"
    for _ in range(2000):
        answer = await browser.get(path)
        assert answer.status_code == 200, answer.text
        if len(answer.json()["attempts"]) >= attempts:
            return dict(answer.json())
        # Attempts are made by threads that tell nobody here: looked at every 10 ms.
        await asyncio.to_thread(Event().wait, 0.01)
    raise AssertionError("it was not settled")


async def test_what_happens_is_told_and_shown_with_request_and_answer(
    world: World, receiver: Receiver
) -> None:
    receiver.react = lambda _: Reaction(status=200, body=b"thank you")
    browser = (await admin(world)).browser
    made = await create(browser, world, receiver.url, description="Our inbox")
    started = await world.start()
    (received,) = await arrived(receiver)
    told = json.loads(received.body)
    assert (told["type"], told["data"]["grant_id"]) == ("grant.created", started["grant"]["id"])
    assert "personal" not in told["data"]
    shown = await settled(browser, made, received.id, attempts=1)
    assert shown["delivery"] | {"created_at": "", "settled_at": ""} == {
        "id": received.id,
        "endpoint_id": made["webhook"]["id"],
        "kind": "message",
        "event_type": "grant.created",
        "entry_index": told["data"]["entry_index"],
        "status": "delivered",
        "attempts": 1,
        "next_attempt_at": None,
        "created_at": "",
        "settled_at": "",
    }
    (attempt,) = shown["attempts"]
    assert (attempt["number"], attempt["status"], attempt["answer"], attempt["error"]) == (
        1,
        200,
        "thank you",
        None,
    )
    assert (attempt["request"], attempt["url"]) == (received.body.decode(), receiver.url)


async def test_a_receiver_that_failed_gets_everything_once_it_is_back(
    world: World, receiver: Receiver
) -> None:
    receiver.react = lambda _: Reaction(status=500, body=b"out of order")
    browser = (await admin(world)).browser
    made = await create(browser, world, receiver.url)
    await world.open_session()
    failed = await arrived(receiver, 2)
    for one in failed:
        await settled(browser, made, one.id, attempts=1)
    shown = (await browser.get(f"{WEBHOOKS}/{made['webhook']['id']}")).json()
    assert shown["failing_since"] is not None
    receiver.react = lambda _: Reaction(status=204)
    world.installation.clock.forward(seconds=6)
    again = await arrived(receiver, 2)
    assert [(one.id, one.body) for one in again] == [(one.id, one.body) for one in failed]
    assert [one.headers["webhook-timestamp"] for one in again] != [
        one.headers["webhook-timestamp"] for one in failed
    ]
    for one in again:
        await settled(browser, made, one.id, attempts=2)
    assert {one["status"] for one in await deliveries(browser, made)} == {"delivered"}
    shown = (await browser.get(f"{WEBHOOKS}/{made['webhook']['id']}")).json()
    assert shown["failing_since"] is None


async def test_names_and_reasons_come_along_only_where_they_were_asked_for(
    world: World, receiver: Receiver
) -> None:
    browser = (await admin(world)).browser
    thin = await create(browser, world, receiver.url, types=["session.started"])
    full = await create(browser, world, receiver.url, types=["session.started"], personal=True)
    await world.open_session()
    bodies = {one.id: one.body.decode() for one in await arrived(receiver, 2)}
    (thin_message,) = await deliveries(browser, thin)
    (full_message,) = await deliveries(browser, full)
    for name in ("ada@acme.example", "Ada Lovett", REASON):
        assert name in bodies[full_message["id"]]
        assert name not in bodies[thin_message["id"]]


async def test_the_webhook_of_the_article_arrives_in_stytchs_shape(
    world: World, receiver: Receiver
) -> None:
    browser = (await admin(world)).browser
    await create(browser, world, receiver.url, format="stytch")
    await world.open_session()
    (received,) = await arrived(receiver)
    told = json.loads(received.body)
    assert (told["action"], told["object_type"], told["id"]) == ("IMPERSONATE", "member", "ada")
    assert told["member"] == {"member_id": "ada", "organization_id": "acme"}
    assert received.headers["svix-id"] == received.headers["webhook-id"] == received.id


@pytest.mark.parametrize("vertical", Vertical)
async def test_stytchs_own_types_take_the_object_that_comes_with_personal_data(
    world: World, receiver: Receiver, vertical: Vertical
) -> None:
    changed = replace(world.application, vertical=vertical)
    world.installation.engine.run(lambda unit: unit.applications.save(changed))
    browser = (await admin(world)).browser
    await create(browser, world, receiver.url, format="stytch", personal=True)
    await world.open_session()
    (received,) = await arrived(receiver)
    told = json.loads(received.body)
    if vertical is Vertical.B2B:
        member = Member.model_validate(told["member"])
        assert (member.member_id, member.name) == ("ada", "Ada Lovett")
        assert member.email_address == "ada@acme.example"
    else:
        user = User.model_validate(told["user"])
        assert (user.user_id, user.emails[0].email) == ("ada", "ada@acme.example")


async def test_a_test_message_is_sent_at_once_and_a_message_can_be_replayed(
    world: World, receiver: Receiver
) -> None:
    browser = (await admin(world)).browser
    made = await create(browser, world, receiver.url)
    path = f"{WEBHOOKS}/{made['webhook']['id']}"
    sent = await browser.post(f"{path}/test")
    assert (sent.status_code, sent.json()["kind"]) == (202, "test")
    (received,) = await arrived(receiver)
    assert (received.id, json.loads(received.body)["type"]) == (sent.json()["id"], "webhook.test")
    await settled(browser, made, received.id, attempts=1)
    again = await browser.post(f"{path}/deliveries/{received.id}/replay")
    assert (again.status_code, again.json()["status"]) == (202, "pending")
    (repeated,) = await arrived(receiver)
    assert (repeated.id, repeated.body) == (received.id, received.body)
    await settled(browser, made, received.id, attempts=2)
    assert world.logged()[-1] == EventType.WEBHOOK_REPLAYED


async def test_who_is_gone_is_disabled_and_shown_with_the_reason(
    world: World, receiver: Receiver
) -> None:
    receiver.react = lambda _: Reaction(status=410)
    browser = (await admin(world)).browser
    made = await create(browser, world, receiver.url)
    await world.start()
    (received,) = await arrived(receiver)
    await settled(browser, made, received.id, attempts=1)
    shown = (await browser.get(f"{WEBHOOKS}/{made['webhook']['id']}")).json()
    assert (shown["status"], shown["disabled_because"]) == ("disabled", "it answered 410 Gone")
    assert world.logged()[-1] == EventType.WEBHOOK_DISABLED


async def test_a_url_that_became_private_or_redirects_harms_nothing(
    world: World, receiver: Receiver
) -> None:
    receiver.react = lambda _: Reaction(
        status=302, headers={"Location": "http://169.254.169.254/latest/meta-data/"}
    )
    browser = (await admin(world)).browser
    made = await create(browser, world, receiver.url)
    await world.start()
    (received,) = await arrived(receiver)
    shown = await settled(browser, made, received.id, attempts=1)
    assert (shown["attempts"][0]["status"], shown["delivery"]["status"]) == (302, "pending")


async def test_a_url_that_no_longer_may_be_called_is_not_called(
    world: World, receiver: Receiver
) -> None:
    browser = (await admin(world)).browser
    made = await create(browser, world, receiver.url)

    def move(unit: Any) -> None:
        """As somebody who can write SQL would."""
        found = unit.webhook_endpoints.get(made["webhook"]["id"])
        unit.webhook_endpoints.save(replace(found, url="https://localhost/api/v1/me"))

    world.installation.engine.run(move)
    await world.start()
    (sent,) = await deliveries(browser, made)
    shown = await settled(browser, made, sent["id"], attempts=1)
    assert shown["attempts"][0]["status"] is None
    assert "public host name" in shown["attempts"][0]["error"]
    assert receiver.requests.empty()


async def test_what_was_erased_is_found_in_no_delivery_and_told_to_nobody_any_more(
    world: World, receiver: Receiver
) -> None:
    receiver.react = lambda received: Reaction(status=500, body=received.body)
    browser = (await admin(world)).browser
    made = await create(
        browser, world, receiver.url, personal=True, types=["session.started", "session.revoked"]
    )
    opened = await world.open_session()
    (received,) = await arrived(receiver)
    assert b"ada@acme.example" in received.body
    await settled(browser, made, received.id, attempts=1)
    ended = await world.backend.post(f"/api/v1/sessions/{opened['session']['id']}/revoke")
    assert ended.status_code == 200, ended.text
    (revoked,) = await arrived(receiver)
    await settled(browser, made, revoked.id, attempts=1)
    world.installation.engine.run(
        lambda unit: erase_subject(
            unit, world.application.id, SubjectId("ada"), by=SYSTEM, origin=Origin()
        )
    )
    for one in (received, revoked):
        shown = await settled(browser, made, one.id, attempts=1)
        assert shown["delivery"]["status"] == "cancelled"
        assert [(a["request"], a["answer"]) for a in shown["attempts"]] == [(None, None)]
    world.installation.clock.forward(minutes=10)
    sent = await browser.post(f"{WEBHOOKS}/{made['webhook']['id']}/test")
    (next_one,) = await arrived(receiver)
    assert next_one.id == sent.json()["id"], "what was due before it would have come before it"


async def test_secrets_are_in_no_log_and_in_no_answer_but_the_first(
    world: World, receiver: Receiver, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    browser = (await admin(world)).browser
    made = await create(browser, world, f"{receiver.url}&token=hidden-in-the-address")
    path = f"{WEBHOOKS}/{made['webhook']['id']}"
    rotated = (await browser.post(f"{path}/rotate-secret", json={"overlap_minutes": 5})).json()
    assert rotated["secret"] != made["secret"]
    await browser.post(f"{path}/test")
    (received,) = await arrived(receiver)
    assert len(received.headers["webhook-signature"].split(" ")) == 2
    shown = await settled(browser, made, received.id, attempts=1)
    listed = (await browser.get(WEBHOOKS)).text + (await browser.get(path)).text
    said = caplog.text + listed + json.dumps(shown)
    for secret in (made["secret"], rotated["secret"]):
        assert secret.removeprefix("whsec_") not in said
    entries = world.installation.engine.stream_entries(EntryFilter())
    told = [str((entry.core, entry.personal)) for entry in entries]
    assert "hidden-in-the-address" not in caplog.text + "".join(told)
    world.installation.clock.forward(minutes=5)
    await browser.post(f"{path}/test")
    (later,) = await arrived(receiver)
    assert len(later.headers["webhook-signature"].split(" ")) == 1


async def test_metrics_tell_of_deliveries(world: World, receiver: Receiver) -> None:
    browser = (await admin(world)).browser
    made = await create(browser, world, receiver.url)
    await browser.post(f"{WEBHOOKS}/{made['webhook']['id']}/test")
    (received,) = await arrived(receiver)
    await settled(browser, made, received.id, attempts=1)
    text = (await world.stranger.get("/metrics")).text
    assert "understudy_webhook_deliveries_pending 0.0" in text
    assert "understudy_webhook_attempts_failed_total 0.0" in text
    assert "understudy_webhook_attempts_accepted_total" in text
