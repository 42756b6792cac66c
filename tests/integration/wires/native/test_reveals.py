"""One hidden field over HTTP: its app asks, and its guard is told until when it is shown."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.fixtures.service import World
from understudy.core.people.permissions import Role
from understudy.core.redaction.rules import Redaction, RedactionRule, RuleKind

WANTED = {"kind": "field", "match": "iban", "path": "/customers/7"}
REASON = "The customer reads the account out and wants it checked"
RULES = Redaction(
    secrets=True,
    rules=(
        RedactionRule(kind=RuleKind.FIELD, match="iban", revealable=True),
        RedactionRule(kind=RuleKind.FIELD, match="tax_id"),
    ),
)


async def asked(world: World, **changes: Any) -> tuple[dict[str, Any], httpx.Response]:
    opened = await world.open_session()
    world.change_settings(redaction=RULES)
    path = f"/api/v1/sessions/{opened['session']['id']}/reveals"
    return opened, await world.backend.post(path, json={**WANTED, "reason": REASON} | changes)


async def test_it_is_told_with_the_session_and_in_the_log(world: World) -> None:
    opened, answer = await asked(world)
    assert answer.status_code == 201, answer.text
    told = answer.json()
    assert {name: told[name] for name in WANTED} == WANTED
    refreshed = await world.backend.post(
        "/api/v1/sessions/refresh",
        json={"session_token": opened["session_token"]},
        headers={"understudy-keeps": "redaction"},
    )
    (shown,) = refreshed.json()["restrictions"]["reveals"]
    assert shown == {**WANTED, "until": told["expires_at"]}
    auditor = await world.operator(Role.AUDITOR, email="pat@support.example")
    query = {"type": "redaction.revealed", "application_id": world.application.id}
    (entry,) = (await auditor.browser.get("/api/v1/audit/entries", params=query)).json()["items"]
    assert entry["session_id"] == opened["session"]["id"]
    assert entry["reason"] == REASON
    assert entry["action"]["path"] == "/customers/7"
    assert entry["details"] == {"reveals": "field iban", "minutes": 10}


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"match": "tax_id"}, 403, "reveal_not_allowed"),
        ({"match": "password"}, 403, "reveal_not_allowed"),
        ({"kind": "look"}, 422, None),
        ({"reason": "because"}, 422, None),
        ({"path": "customers"}, 422, None),
    ],
)
async def test_what_is_not_shown(
    world: World, changes: dict[str, str], status: int, code: str | None
) -> None:
    _, answer = await asked(world, **changes)
    assert answer.status_code == status, answer.text
    assert code is None or answer.json()["rule"] == code


async def test_nobody_but_the_app_of_the_session_asks(world: World) -> None:
    opened = await world.open_session()
    world.change_settings(redaction=RULES)
    path = f"/api/v1/sessions/{opened['session']['id']}/reveals"
    body = {**WANTED, "reason": REASON}
    admin = await world.operator(Role.ADMIN, email="pat@support.example")
    assert (await admin.browser.post(path, json=body)).status_code == 403
    assert (await world.stranger.post(path, json=body)).status_code == 401
    assert (await world.other_application().backend.post(path, json=body)).status_code == 404


async def test_an_admin_says_which_may_be_revealed_and_secrets_never_are(world: World) -> None:
    admin = await world.operator(Role.ADMIN, email="mara@support.example")
    path = f"/api/v1/applications/{world.application.id}"
    rule = {"kind": "field", "match": "iban", "deed": "mask", "revealable": True}
    saved = await admin.browser.patch(path, json={"settings": {"redaction": {"rules": [rule]}}})
    assert saved.json()["settings"]["redaction"]["rules"] == [rule]
    secret = rule | {"match": "api_key"}
    refused = await admin.browser.patch(path, json={"settings": {"redaction": {"rules": [secret]}}})
    assert (refused.status_code, "never revealed" in refused.json()["detail"]) == (422, True)
