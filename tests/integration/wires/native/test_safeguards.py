"""A decision point of one's own: set, tried, asked and guarded over the API."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from threading import Event
from typing import Any

import pytest

from tests.fixtures import service
from tests.fixtures.decision_point import JSON, Pdp, deciding, refuses
from tests.fixtures.service import REASON, SignedInOperator, World
from tests.integration.webhooks.receiver import Reaction
from understudy.core.notices.events import EventType
from understudy.core.people.permissions import Role
from understudy.core.ports import EntryFilter

SECONDS = 20.0
CREDENTIAL = "a-credential-of-ours"


@pytest.fixture
def pdp() -> Iterator[Pdp]:
    with deciding() as found:
        yield found


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    async with service.world(tmp_path, webhook_allowed_hosts=("127.0.0.1",)) as found:
        yield found


def path(world: World, more: str) -> str:
    return f"/api/v1/applications/{world.application.id}/{more}"


async def set_point(world: World, who: SignedInOperator, pdp: Pdp, **more: Any) -> dict[str, Any]:
    body = {"url": pdp.url, "timeout_ms": 5_000} | more
    answer = await who.browser.put(path(world, "decision-point"), json=body)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def start(world: World, **more: Any) -> tuple[int, str | None]:
    body = {"subject_id": "ada", "reason": REASON, "actor": {"id": "kim"}} | more
    answer = await world.backend.post("/api/v1/impersonations", json=body)
    return answer.status_code, answer.json().get("rule")


async def test_it_has_the_last_word_at_start_and_exchange(world: World, pdp: Pdp) -> None:
    admin = await world.operator(Role.ADMIN)
    await set_point(world, admin, pdp)
    started = await world.start()
    pdp.decide = refuses
    token = {"impersonation_token": started["impersonation_token"]}
    refused = await world.backend.post("/api/v1/impersonations/exchange", json=token)
    assert refused.json()["code"] == "token_invalid"
    assert await start(world) == (403, "decision_point_refuses")
    assert [one["context"]["moment"] for one in pdp.asked] == ["start", "continue", "start"]
    *_, entry = world.installation.engine.stream_entries(EntryFilter())
    assert entry.core is not None
    assert (entry.type, entry.core["rule"]) == (EventType.GRANT_DENIED, "decision_point_refuses")
    assert entry.core["details"]["decision_point_reason"] == "not_on_call"  # type: ignore[index]


async def test_a_slow_one_holds_up_neither_the_writer_nor_an_ending(world: World, pdp: Pdp) -> None:
    admin = await world.operator(Role.ADMIN)
    session = (await world.open_session())["session"]["id"]
    await set_point(world, admin, pdp)
    thinks, go_on = Event(), Event()

    def slow(_: dict[str, Any]) -> Any:
        thinks.set()
        go_on.wait(SECONDS)
        return {"decision": True}

    pdp.decide = slow
    starting = asyncio.create_task(start(world))
    await asyncio.to_thread(thinks.wait, SECONDS)
    written = await admin.browser.patch(
        path(world, "x").removesuffix("/x"), json={"settings": {"idle_minutes": 5}}
    )
    ended = await world.backend.post(f"/api/v1/sessions/{session}/end")
    assert (written.status_code, ended.status_code, starting.done()) == (200, 200, False)
    go_on.set()
    assert await starting == (201, None)
    assert world.logged()[-2:] == [EventType.SESSION_ENDED, EventType.GRANT_CREATED]


async def test_the_same_idempotency_key_asks_once(world: World, pdp: Pdp) -> None:
    admin = await world.operator(Role.ADMIN)
    await set_point(world, admin, pdp)
    body = {"subject_id": "ada", "reason": REASON, "actor": {"id": "kim"}}
    headers = {"Idempotency-Key": "once"}
    answers = [
        await world.backend.post("/api/v1/impersonations", json=body, headers=headers)
        for _ in range(2)
    ]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].json() == answers[1].json()
    assert len(pdp.asked) == 1


async def test_authzen_asks_it_as_well(world: World, pdp: Pdp) -> None:
    admin = await world.operator(Role.ADMIN)
    await set_point(world, admin, pdp)
    pdp.decide = refuses
    question = {
        "subject": {"type": "actor", "id": "kim"},
        "action": {"name": "impersonate"},
        "resource": {"type": "user", "id": "ada"},
        "context": {"reason": REASON},
    }
    answer = await world.backend.post("/access/v1/evaluation", json=question)
    assert answer.json() == {"decision": False, "context": {"reason": "decision_point_refuses"}}


async def test_the_simulator_shows_that_it_was_asked_and_what_it_said(
    world: World, pdp: Pdp
) -> None:
    admin = await world.operator(Role.ADMIN)
    simulate = path(world, "policies/simulate")
    body = {"subject_id": "ada", "actor_id": "kim"}
    assert (await admin.browser.post(simulate, json=body)).json()["decision_point"] is None
    await set_point(world, admin, pdp)
    before = world.logged()
    pdp.decide = refuses
    said = (await admin.browser.post(simulate, json=body)).json()
    assert said["decision_point"] == {"permitted": False, "reason": "not_on_call", "fault": None}
    assert said["decided_by"] == "decision_point_refuses"
    rule = said["rules"][-1]
    assert (rule["code"], rule["refuses"], rule["lifted_by"]) == (
        "decision_point_refuses",
        True,
        "admin",
    )
    assert len(pdp.asked) == 1
    assert world.logged() == before


async def test_a_credential_is_sent_and_never_shown_again(world: World, pdp: Pdp) -> None:
    admin = await world.operator(Role.ADMIN)
    made = await set_point(world, admin, pdp, credential=CREDENTIAL)
    point = {"url": pdp.url, "timeout_ms": 5_000, "has_credential": True}
    assert made["decision_point"] == point
    assert await start(world) == (201, None)
    assert pdp.headers[-1]["authorization"] == f"Bearer {CREDENTIAL}"
    # It stays with its place, and goes to no other.
    assert (await set_point(world, admin, pdp))["decision_point"] == point
    moved = await set_point(world, admin, pdp, url=f"{pdp.url}?elsewhere")
    assert moved["decision_point"]["has_credential"] is False
    shown = [
        (await admin.browser.get(path(world, "safeguards"))).text,
        (await admin.browser.get(path(world, "safeguards").removesuffix("/safeguards"))).text,
    ]
    assert not any(CREDENTIAL in text for text in shown)
    for entry in world.installation.engine.stream_entries(EntryFilter()):
        assert CREDENTIAL not in f"{entry.core} {entry.personal}"
    data = world.installation.database
    with world.installation.engine.reading() as reader:
        stored = reader.applications.get(world.application.id)
    assert CREDENTIAL not in str(vars(stored.settings))  # type: ignore[union-attr]
    assert data is not None


async def test_it_is_tried_before_it_is_set(world: World, pdp: Pdp) -> None:
    admin = await world.operator(Role.ADMIN)
    attempt = path(world, "decision-point/try")
    nothing = await admin.browser.post(attempt, json={})
    assert (nothing.status_code, nothing.json()["field"]) == (422, "url")
    body = {"url": pdp.url, "timeout_ms": 5_000, "credential": CREDENTIAL}
    tried = (await admin.browser.post(attempt, json=body)).json()
    assert (tried["permitted"], tried["fault"]) == (True, None)
    assert tried["milliseconds"] >= 0
    assert pdp.headers[-1]["authorization"] == f"Bearer {CREDENTIAL}"
    await set_point(world, admin, pdp, credential=CREDENTIAL)
    pdp.decide = lambda _: Reaction(status=401, headers=JSON, body=b"{}")
    again = (await admin.browser.post(attempt, json={})).json()
    assert (again["permitted"], again["fault"]) == (False, "It answered with the status 401.")
    # What is kept for one place is sent to no other.
    await admin.browser.post(attempt, json={"url": f"{pdp.url}?other", "timeout_ms": 5_000})
    assert "authorization" not in pdp.headers[-1]
    assert pdp.asked[-1]["subject"]["id"] == "understudy-test"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"url": "http://10.0.0.1/access/v1/evaluation"}, "url"),
        ({"url": "https://169.254.169.254/"}, "url"),
        ({"url": "https://localhost:8443/"}, "url"),
        ({"url": "https://pdp.example/", "timeout_ms": 49}, "timeout_ms"),
        ({"url": "https://pdp.example/", "timeout_ms": 5_001}, "timeout_ms"),
        ({"url": "https://pdp.example/", "credential": "two\r\nlines"}, "credential"),
        ({"url": "https://pdp.example/", "credential": "three words here"}, "credential"),
    ],
)
async def test_what_cannot_be_called_is_not_set(
    world: World, body: dict[str, Any], field: str
) -> None:
    admin = await world.operator(Role.ADMIN)
    for method, more in (("PUT", ""), ("POST", "/try")):
        answer = await admin.browser.request(
            method, path(world, f"decision-point{more}"), json=body
        )
        assert answer.status_code in (400, 422), answer.text
        assert field in answer.text
    assert (await admin.browser.get(path(world, "safeguards"))).json()["decision_point"] is None


async def test_loosening_takes_another_admin(world: World, pdp: Pdp) -> None:
    mia = await world.operator(Role.ADMIN)
    noor = await world.operator(Role.ADMIN, email="noor@support.example")
    await set_point(world, mia, pdp)
    terms = {"settings": {"policy_changes": {"confirmation": "second_admin"}}}
    application = path(world, "x").removesuffix("/x")
    assert (await mia.browser.patch(application, json=terms)).status_code == 200
    terms["settings"]["policy_changes"]["confirmation"] = "none"
    loosened = await mia.browser.patch(application, json=terms)
    assert loosened.status_code == 200
    assert loosened.json()["settings"]["policy_changes"]["confirmation"] == "second_admin"
    held = (await mia.browser.get(path(world, "safeguards"))).json()
    assert held["waiting"]["policy_changes"] == {"confirmation": "none", "delay_hours": 24}
    assert (held["waiting"]["set_by"], held["waiting"]["decision_point"]) == ("Sam", None)
    change = path(world, f"safeguards/{held['waiting']['id']}")
    own = await mia.browser.post(f"{change}/confirm")
    assert (own.status_code, own.json()["rule"]) == (409, "safeguard_own_change")
    removed = await mia.browser.delete(path(world, "decision-point"))
    assert (removed.status_code, removed.json()["code"]) == (409, "conflict")
    assert (await noor.browser.post(f"{change}/withdraw")).json()["waiting"] is None
    gone = await noor.browser.post(f"{change}/confirm")
    assert gone.status_code == 404
    removed = await mia.browser.delete(path(world, "decision-point"))
    assert removed.json()["decision_point"]["url"] == pdp.url
    change = path(world, f"safeguards/{removed.json()['waiting']['id']}")
    done = (await noor.browser.post(f"{change}/confirm")).json()
    assert (done["decision_point"], done["waiting"]) == (None, None)


async def test_only_admins_change_it_and_managers_look(world: World, pdp: Pdp) -> None:
    manager = await world.operator(Role.SUPPORT_MANAGER)
    assert (await manager.browser.get(path(world, "safeguards"))).status_code == 200
    for method, more, body in (
        ("PUT", "decision-point", {"url": pdp.url}),
        ("DELETE", "decision-point", None),
        ("POST", "decision-point/try", {"url": pdp.url}),
        ("POST", "safeguards/lsn_1/confirm", None),
        ("POST", "safeguards/lsn_1/withdraw", None),
    ):
        refused = await manager.browser.request(method, path(world, more), json=body)
        assert refused.json()["code"] == "permission_missing"
        by_app = await world.backend.request(method, path(world, more), json=body)
        assert by_app.status_code in (401, 403)
    assert pdp.asked == []
