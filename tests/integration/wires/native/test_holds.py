from __future__ import annotations

from tests.fixtures.service import World
from understudy.core.notices.events import EventType
from understudy.core.people.permissions import Role

HOLDS = "/api/v1/holds"
REASON = "Smith v. Acme, discovery of October"


async def test_an_admin_keeps_a_user_lists_the_hold_and_releases_it(world: World) -> None:
    admin = await world.operator(Role.ADMIN)
    body = {"application_id": world.application.id, "subject_id": "ada", "reason": f" {REASON} "}
    answer = await admin.browser.post(HOLDS, json=body)
    assert answer.status_code == 201, answer.text
    placed = answer.json()
    assert placed == {
        "id": placed["id"],
        "application_id": world.application.id,
        "subject_id": "ada",
        "reason": REASON,
        "placed_by": "Sam",
        "placed_by_id": admin.operator.id,
        "placed_at": "2026-11-22T09:30:00Z",
        "released_at": None,
    }
    listed = await admin.browser.get(HOLDS, params={"application_id": world.application.id})
    assert listed.json() == {"items": [placed], "next_cursor": None}
    world.installation.clock.forward(minutes=1)
    released = await admin.browser.post(f"{HOLDS}/{placed['id']}/release")
    assert released.json() == placed | {"released_at": "2026-11-22T09:31:00Z"}
    again = await admin.browser.post(f"{HOLDS}/{placed['id']}/release")
    assert (again.status_code, again.json()) == (200, released.json())
    assert (await admin.browser.get(HOLDS)).json()["items"] == [released.json()]
    assert world.logged()[-2:] == [EventType.HOLD_PLACED, EventType.HOLD_RELEASED]


async def test_the_entries_of_a_hold_name_the_user_and_the_reason(world: World) -> None:
    admin = await world.operator(Role.ADMIN)
    body = {"application_id": world.application.id, "subject_id": "ada", "reason": REASON}
    placed = (await admin.browser.post(HOLDS, json=body)).json()
    params = {"type": "hold.placed"}
    (entry,) = (await admin.browser.get("/api/v1/audit/entries", params=params)).json()["items"]
    assert (entry["subject"]["id"], entry["reason"]) == ("ada", REASON)
    assert entry["actor"]["email"] == admin.operator.email
    assert entry["details"] == {"hold_id": placed["id"]}


async def test_a_hold_without_a_user_keeps_the_whole_application(world: World) -> None:
    admin = await world.operator(Role.ADMIN)
    body = {"application_id": world.application.id, "reason": REASON}
    answer = await admin.browser.post(HOLDS, json=body)
    assert (answer.status_code, answer.json()["subject_id"]) == (201, None)


async def test_the_same_idempotency_key_places_one_hold(world: World) -> None:
    admin = await world.operator(Role.ADMIN)
    body = {"application_id": world.application.id, "reason": REASON}
    key = {"idempotency-key": "hold-1"}
    answers = [await admin.browser.post(HOLDS, json=body, headers=key) for _ in range(2)]
    assert answers[0].json() == answers[1].json()
    assert len((await admin.browser.get(HOLDS)).json()["items"]) == 1


async def test_what_does_not_exist_cannot_be_held_or_released(world: World) -> None:
    admin = await world.operator(Role.ADMIN)
    for body in (
        {"application_id": "app_nobody", "reason": REASON},
        {"application_id": world.application.id, "subject_id": "nobody", "reason": REASON},
    ):
        answer = await admin.browser.post(HOLDS, json=body)
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    for path in (f"{HOLDS}/hld_nobody/release",):
        answer = await admin.browser.post(path)
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    answer = await admin.browser.get(HOLDS, params={"application_id": "app_nobody"})
    assert answer.status_code == 404


async def test_a_hold_needs_a_reason_of_some_words(world: World) -> None:
    admin = await world.operator(Role.ADMIN)
    for reason in ("", "   ", "x" * 1001):
        body = {"application_id": world.application.id, "reason": reason}
        answer = await admin.browser.post(HOLDS, json=body)
        assert (answer.status_code, answer.json()["code"]) == (422, "invalid_input")
    assert EventType.HOLD_PLACED not in world.logged()


async def test_only_those_who_may_write_holds_do_and_applications_see_none(world: World) -> None:
    auditor = await world.operator(Role.AUDITOR, email="noor@support.example")
    support = await world.operator(Role.SUPPORT_MANAGER, email="mia@support.example")
    body = {"application_id": world.application.id, "reason": REASON}
    assert (await auditor.browser.get(HOLDS)).status_code == 200
    for browser in (auditor.browser, support.browser):
        answer = await browser.post(HOLDS, json=body)
        assert (answer.status_code, answer.json()["code"]) == (403, "permission_missing")
        answer = await browser.post(f"{HOLDS}/hld_nobody/release")
        assert (answer.status_code, answer.json()["code"]) == (403, "permission_missing")
    assert (await support.browser.get(HOLDS)).status_code == 403
    for client, status in ((world.backend, 403), (world.stranger, 401)):
        assert (await client.get(HOLDS)).status_code == status
        assert (await client.post(HOLDS, json=body)).status_code == status
