"""The endpoints under /api/v1/webhooks: who may, and what is refused."""

from __future__ import annotations

from typing import Any

import pytest

from tests.fixtures.service import World
from tests.integration.webhooks.test_delivery import WEBHOOKS, admin, create, deliveries
from understudy.core.notices.events import EventType
from understudy.core.people.permissions import Role

URL = "https://hooks.example/understudy"


async def test_an_endpoint_is_made_shown_changed_and_removed(world: World) -> None:
    browser = (await admin(world)).browser
    made = await create(browser, world, URL, types=["session.started"], description="Inbox")
    assert made["secret"].startswith("whsec_")
    webhook = made["webhook"]
    path = f"{WEBHOOKS}/{webhook['id']}"
    assert (await browser.get(path)).json() == webhook
    assert (await browser.get(WEBHOOKS)).json() == {"items": [webhook], "next_cursor": None}
    own = {"application_id": world.application.id}
    assert (await browser.get(WEBHOOKS, params=own)).json()["items"] == [webhook]
    other = {"application_id": "app_other"}
    assert (await browser.get(WEBHOOKS, params=other)).json()["items"] == []
    changed = await browser.patch(path, json={"status": "disabled", "personal": True})
    assert changed.json() == webhook | {
        "status": "disabled",
        "personal": True,
        "disabled_because": "disabled by an operator",
    }
    assert (await browser.delete(path)).status_code == 204
    assert (await browser.get(path)).status_code == 404
    assert world.logged()[-3:] == [
        EventType.WEBHOOK_CREATED,
        EventType.WEBHOOK_DISABLED,
        EventType.WEBHOOK_DELETED,
    ]


async def test_the_same_idempotency_key_makes_one_endpoint(world: World) -> None:
    browser = (await admin(world)).browser
    body = {"application_id": world.application.id, "url": URL}
    answers = [
        await browser.post(WEBHOOKS, json=body, headers={"idempotency-key": "k"}) for _ in "12"
    ]
    assert answers[0].json() == answers[1].json()
    assert len((await browser.get(WEBHOOKS)).json()["items"]) == 1


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"url": "http://hooks.example/"}, "url"),
        ({"url": "https://169.254.169.254/"}, "url"),
        ({"url": "https://user:pass@hooks.example/"}, "url"),
        ({"types": ["operator.signed_in"]}, "types"),
        ({"format": "stytch", "types": ["session.ended"]}, "types"),
    ],
)
async def test_an_endpoint_that_could_not_work_is_refused(
    world: World, change: dict[str, Any], field: str
) -> None:
    browser = (await admin(world)).browser
    body = {"application_id": world.application.id, "url": URL} | change
    refused = await browser.post(WEBHOOKS, json=body)
    assert (refused.status_code, refused.json()["code"]) == (422, "invalid_input")
    assert refused.json()["field"] == field
    made = await create(browser, world, URL)
    patched = await browser.patch(f"{WEBHOOKS}/{made['webhook']['id']}", json=change)
    assert patched.status_code == 422


async def test_an_application_that_does_not_exist_has_no_endpoints(world: World) -> None:
    browser = (await admin(world)).browser
    refused = await browser.post(WEBHOOKS, json={"application_id": "app_x", "url": URL})
    assert refused.status_code == 404


async def test_who_may_only_read_changes_nothing_and_others_see_nothing(world: World) -> None:
    browser = (await admin(world)).browser
    made = await create(browser, world, URL)
    await browser.post(f"{WEBHOOKS}/{made['webhook']['id']}/test")
    (sent,) = await deliveries(browser, made)
    path = f"{WEBHOOKS}/{made['webhook']['id']}"
    reading = [WEBHOOKS, path, f"{path}/deliveries", f"{path}/deliveries/{sent['id']}"]
    writing = [
        ("POST", WEBHOOKS),
        ("PATCH", path),
        ("DELETE", path),
        ("POST", f"{path}/rotate-secret"),
        ("POST", f"{path}/test"),
        ("POST", f"{path}/deliveries/{sent['id']}/replay"),
    ]
    auditor = (await world.operator(Role.AUDITOR, email="noor@x.example")).browser
    manager = (await world.operator(Role.SUPPORT_MANAGER, email="sam@x.example")).browser
    body = {"application_id": world.application.id, "url": URL}
    for address in reading:
        assert (await auditor.get(address)).status_code == 200
        assert (await manager.get(address)).status_code == 403
        assert (await world.backend.get(address)).status_code == 403
        assert (await world.stranger.get(address)).status_code == 401
    for method, address in writing:
        for client, status in (
            (auditor, 403),
            (manager, 403),
            (world.backend, 403),
            (world.stranger, 401),
        ):
            sends = body if address == WEBHOOKS else {}
            answer = await client.request(method, address, json=sends)
            assert answer.status_code == status, (method, address, answer.text)
    assert world.logged().count(EventType.WEBHOOK_CREATED) == 1
