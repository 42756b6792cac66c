from __future__ import annotations

import pytest

from tests.fixtures.service import REASON, World
from understudy.core.notices.events import EventType
from understudy.core.people.permissions import Role

CONSENTS = "/api/v1/subjects/ada/consents"


async def asks(world: World, mode: str = "standing") -> None:
    admin = await world.operator(Role.ADMIN, email="mara@support.example")
    path = f"/api/v1/applications/{world.application.id}"
    change = {"settings": {"consent": {"mode": mode, "standing_days": 7}}}
    answer = await admin.browser.patch(path, json=change)
    assert answer.status_code == 200, answer.text
    assert answer.json()["settings"]["consent"] == {
        "mode": mode,
        "standing_days": 7,
        "organizations": {},
        "shown_as": None,
    }


async def refused(world: World) -> str | None:
    body = {"subject_id": "ada", "reason": REASON, "actor": {"id": "kim"}}
    answer = await world.backend.post("/api/v1/impersonations", json=body)
    return None if answer.status_code == 201 else str(answer.json()["rule"])


async def test_the_users_app_says_what_they_agree_to_and_take_back(world: World) -> None:
    await asks(world)
    assert await refused(world) == "consent_missing"
    given = await world.backend.post(CONSENTS, json={"days": 3, "scope": "read_only"})
    assert given.status_code == 201, given.text
    assert (given.json()["kind"], given.json()["scope"]) == ("standing", "read_only")
    assert given.json()["expires_at"] == "2026-11-25T09:30:00Z"
    state = (await world.backend.get(CONSENTS)).json()
    assert state == {
        "mode": "standing",
        "standing_days": 7,
        "consents": [given.json()],
        "requests": [],
    }
    opened = await world.open_session()
    assert opened["restrictions"]["scope"] == "read_only"
    taken = await world.backend.post(f"{CONSENTS}/withdraw")
    assert taken.json() == {"consents": 1, "ended_sessions": 1}
    ended = await world.backend.get(f"/api/v1/sessions/{opened['session']['id']}")
    assert ended.json()["end_cause"] == "consent_withdrawn"
    assert await refused(world) == "consent_missing"


@pytest.mark.parametrize("role", [Role.ADMIN, Role.SUPPORT_MANAGER])
@pytest.mark.parametrize("path", [CONSENTS, f"{CONSENTS}/withdraw"])
async def test_no_operator_agrees_for_a_user_and_who_tries_is_written_down(
    world: World, role: Role, path: str
) -> None:
    await asks(world)
    staff = await world.operator(role)
    answer = await staff.browser.post(path, json={} if path == CONSENTS else None)
    assert (answer.status_code, answer.json()["code"]) == (403, "permission_missing")
    assert "Only the user" in answer.json()["detail"]
    assert world.logged()[-1] == EventType.CONSENT_REFUSED
    assert await refused(world) == "consent_missing"


async def test_an_operator_sees_whether_a_user_agreed(world: World) -> None:
    await asks(world)
    staff = await world.operator(Role.SUPPORT_MANAGER)
    where = {"application_id": world.application.id}
    state = await staff.browser.get(CONSENTS, params=where)
    assert (state.status_code, state.json()["consents"]) == (200, [])


async def test_nobody_agrees_without_the_secret_or_to_what_is_not_asked(world: World) -> None:
    assert (await world.stranger.post(CONSENTS, json={})).status_code == 401
    answer = await world.backend.post(CONSENTS, json={})
    assert (answer.status_code, answer.json()["rule"]) == (409, "consent_mode")
    unknown = await world.backend.post("/api/v1/subjects/nobody/consents", json={})
    assert unknown.status_code == 404
