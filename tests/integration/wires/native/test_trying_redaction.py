"""Rules of redaction tried on a sample over HTTP."""

from __future__ import annotations

import logging

import pytest

from tests.fixtures.service import World
from understudy.core.people.permissions import Role

SAMPLE = '{"iban": "GB82WEST", "note": "ask canary@customer.test"}'
RULES = {"rules": [{"kind": "field", "match": "iban"}, {"kind": "detector", "match": "email"}]}
WANTED = {"sample": SAMPLE, "redaction": RULES}


def path(world: World) -> str:
    return f"/api/v1/applications/{world.application.id}/redaction/try"


async def test_an_admin_sees_what_would_be_seen_and_nothing_is_kept(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    admin = await world.operator(Role.ADMIN, email="mara@support.example")
    before = world.logged()
    with caplog.at_level(logging.DEBUG):
        answer = await admin.browser.post(path(world), json=WANTED)
    assert answer.status_code == 200, answer.text
    hidden = "HiddenByUnderstudy"
    found = answer.json()
    assert found["shown"] == f'{{"iban": "{hidden}", "note": "ask {hidden}"}}'
    assert found["by"] == [
        {"kind": "field", "match": "iban", "hid": ["GB82WEST"], "can_be_tried": True},
        {
            "kind": "detector",
            "match": "email",
            "hid": ["canary@customer.test"],
            "can_be_tried": True,
        },
    ]
    assert world.logged() == before
    assert "canary" not in caplog.text
    assert "GB82WEST" not in caplog.text


async def test_without_rules_of_its_own_those_that_are_saved_are_tried(world: World) -> None:
    admin = await world.operator(Role.ADMIN, email="mara@support.example")
    answer = await admin.browser.post(path(world), json={"sample": "hello", "kind": "text"})
    assert answer.json()["shown"] == "hello"
    saved = {"settings": {"redaction": {"secrets": True}}}
    await admin.browser.patch(f"/api/v1/applications/{world.application.id}", json=saved)
    body = {"sample": "api_key: k1", "kind": "text"}
    (by,) = (await admin.browser.post(path(world), json=body)).json()["by"]
    assert (by["kind"], by["match"], by["hid"]) == (None, None, ["k1"])


@pytest.mark.parametrize(
    "changes",
    [
        {"sample": "x" * 16_385},
        {"kind": "pdf"},
        {"redaction": {"rules": [{"kind": "field", "match": "**"}]}},
    ],
)
async def test_what_is_not_tried(world: World, changes: dict[str, object]) -> None:
    admin = await world.operator(Role.ADMIN, email="mara@support.example")
    answer = await admin.browser.post(path(world), json=WANTED | changes)
    assert answer.status_code == 422
    assert "canary" not in answer.text


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.SUPPORT_MANAGER, Role.APPROVER])
async def test_nobody_else_tries_what_gets_past(world: World, role: Role) -> None:
    somebody = await world.operator(role, email="pat@support.example")
    assert (await somebody.browser.post(path(world), json=WANTED)).status_code == 403
    assert (await world.backend.post(path(world), json=WANTED)).status_code in {401, 403}
    assert (await world.stranger.post(path(world), json=WANTED)).status_code == 401


async def test_there_has_to_be_such_an_application(world: World) -> None:
    admin = await world.operator(Role.ADMIN, email="mara@support.example")
    gone = path(world).replace(world.application.id, "app_gone")
    assert (await admin.browser.post(gone, json=WANTED)).status_code == 404
