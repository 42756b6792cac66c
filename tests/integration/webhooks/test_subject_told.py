"""The user hears of each session in their account, where that is set: by whatever the app sends."""

from __future__ import annotations

import json
from typing import Any

from httpx import AsyncClient

from tests.fixtures.service import REASON, World
from tests.integration.webhooks.receiver import Receiver
from tests.integration.webhooks.test_delivery import admin, arrived, create
from understudy.core.notices.events import EventType

KIM = {"id": "kim-7", "email": "kim@helpdesk.example", "name": "Kim"}


async def tells(world: World, **terms: Any) -> AsyncClient:
    """An admin's browser, in which that was set."""
    browser = (await admin(world)).browser
    change = {"settings": {"consent": {"tell": True, **terms}}}
    answer = await browser.patch(f"/api/v1/applications/{world.application.id}", json=change)
    assert answer.status_code == 200, answer.text
    return browser


async def test_the_notice_says_what_a_mail_to_the_user_needs_and_no_more_of_staff(
    world: World, receiver: Receiver
) -> None:
    browser = await tells(world)
    await create(browser, world, receiver.url, types=["subject.told"], personal=True)
    opened = await world.open_session(actor=KIM)
    [received] = await arrived(receiver)
    told = json.loads(received.body)
    data = told["data"]
    assert opened["told_as"] == "Kim"
    assert (told["type"], data["session_id"]) == ("subject.told", opened["session"]["id"])
    assert data["personal"]["subject_email"] == "ada@acme.example"
    assert (data["personal"]["actor_name"], data["personal"]["reason"]) == ("Kim", REASON)
    assert data["details"] == {"scope": "full", "minutes": 30, "until_ms": 1795341600000}
    assert b"kim-7" not in received.body
    assert b"helpdesk" not in received.body


async def test_an_alias_stands_for_whoever_works_there(world: World, receiver: Receiver) -> None:
    browser = await tells(world, shown_as="Acme Support")
    await create(browser, world, receiver.url, types=["subject.told"], personal=True)
    opened = await world.open_session(actor=KIM)
    assert opened["told_as"] == "Acme Support"
    [received] = await arrived(receiver)
    assert json.loads(received.body)["data"]["personal"]["actor_name"] == "Acme Support"
    assert b"Kim" not in received.body


async def test_it_is_thin_unless_names_are_asked_for(world: World, receiver: Receiver) -> None:
    browser = await tells(world)
    await create(browser, world, receiver.url, types=["subject.told"])
    opened = await world.open_session(actor=KIM)
    [received] = await arrived(receiver)
    data = json.loads(received.body)["data"]
    assert data["session_id"] == opened["session"]["id"]
    assert "personal" not in data
    for name in (b"ada@", b"Kim", REASON.encode()):
        assert name not in received.body


async def test_nothing_is_told_unless_that_is_set(world: World) -> None:
    opened = await world.open_session(actor=KIM)
    assert opened["told_as"] is None
    assert EventType.SUBJECT_TOLD not in world.logged()
