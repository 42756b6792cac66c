from __future__ import annotations

import pytest

from tests.fixtures.service import World, client
from understudy.core.notices.events import EventType
from understudy.core.people.permissions import Role


async def test_a_new_application_permits_nothing_until_it_is_switched_on(world: World) -> None:
    mara = await world.operator(Role.ADMIN)
    answer = await mara.browser.post("/api/v1/applications", json={"name": "Shop"})
    assert answer.status_code == 201
    made = answer.json()
    assert made["application"]["settings"]["impersonation_allowed"] is False
    assert made["application"]["settings"]["unranked_roles"] == "refuse"
    assert made["application"]["settings"]["deny_packs"] == {"packs": ["generic"], "excepted": []}
    assert made["secret"].startswith("usk_")
    async with client(world.app, auth=(made["application"]["id"], made["secret"])) as backend:
        own = (await backend.get("/api/v1/application")).json()
    assert set(own) == {"id", "name", "vertical", "status"}


async def test_whoever_creates_an_application_may_allow_roles_without_a_rank(world: World) -> None:
    mara = await world.operator(Role.ADMIN)
    body = {"name": "Shop", "settings": {"unranked_roles": "allow"}}
    made = (await mara.browser.post("/api/v1/applications", json=body)).json()["application"]
    assert made["settings"]["unranked_roles"] == "allow"
    path = f"/api/v1/applications/{made['id']}"
    change = {"settings": {"unranked_roles": "refuse"}}
    answer = await mara.browser.patch(path, json=change)
    assert answer.json()["settings"]["unranked_roles"] == "refuse"


async def test_an_admin_chooses_packs_and_excepts_patterns_of_them(world: World) -> None:
    mara = await world.operator(Role.ADMIN)
    path = f"/api/v1/applications/{world.application.id}"
    before = (await mara.browser.get(path)).json()["settings"]["deny_packs"]
    assert before == {"packs": [], "excepted": []}
    wanted = {"packs": ["generic", "allauth"], "excepted": ["/**/billing/**"]}
    answer = await mara.browser.patch(path, json={"settings": {"deny_packs": wanted}})
    assert answer.json()["settings"]["deny_packs"] == wanted
    answer = await mara.browser.patch(path, json={"settings": {"max_minutes": 45}})
    assert answer.json()["settings"]["deny_packs"] == wanted


async def test_settings_change_one_by_one(world: World) -> None:
    mara = await world.operator(Role.ADMIN)
    path = f"/api/v1/applications/{world.application.id}"
    blocked = {"method": "POST", "pattern": "/payout", "label": "payout"}
    change = {"max_minutes": 45, "blocked_actions": [blocked], "role_ranks": {"owner": 20}}
    answer = await mara.browser.patch(path, json={"settings": change})
    settings = answer.json()["settings"]
    assert settings["max_minutes"] == 45
    assert settings["blocked_actions"] == [blocked]
    assert settings["role_ranks"] == {"owner": 20}
    assert settings["default_minutes"] == 30
    assert settings["effective_launch_url"] == "https://billing.example/_understudy/launch"
    assert (await mara.browser.get(path)).json() == answer.json()


async def test_what_the_wires_need_is_set_and_shown(world: World) -> None:
    mara = await world.operator(Role.ADMIN)
    path = f"/api/v1/applications/{world.application.id}"
    before = (await mara.browser.get(path)).json()
    assert before["public_token"] == f"public-token-{world.application.id}"
    assert before["settings"]["hand_off"] == "code"
    assert before["settings"]["browser_sdk"] is False
    change = {
        "hand_off": "stytch",
        "logout_url": "https://billing.example/logout",
        "browser_sdk": True,
        "browser_origins": ["https://billing.example", "http://localhost:3000"],
        "rbac_roles": [
            {
                "role_id": "owner",
                "description": "Owns it",
                "permissions": [{"resource_id": "invoices", "actions": ["*"]}],
            }
        ],
    }
    answer = await mara.browser.patch(path, json={"settings": change})
    assert answer.status_code == 200
    settings = answer.json()["settings"]
    assert {name: settings[name] for name in change} == change
    assert (await mara.browser.get(path)).json() == answer.json()
    cleared: dict[str, object] = {"logout_url": None, "browser_origins": [], "rbac_roles": []}
    answer = await mara.browser.patch(path, json={"settings": cleared})
    assert {name: answer.json()["settings"][name] for name in cleared} == cleared


async def test_a_new_application_has_no_origins_of_sessions_in_a_domain_of_others(
    world: World,
) -> None:
    mara = await world.operator(Role.ADMIN)
    body = {"name": "Shop", "settings": {"session_origins": "https://*.github.io"}}
    answer = await mara.browser.post("/api/v1/applications", json=body)
    assert (answer.status_code, answer.json()["field"]) == (422, "session_origins")
    body["settings"] = {"session_origins": "https://*.view.shop.example"}
    made = await mara.browser.post("/api/v1/applications", json=body)
    settings = made.json()["application"]["settings"]
    assert settings["session_origins"] == "https://*.view.shop.example"


async def test_origins_of_sessions_are_set_left_and_cleared(world: World) -> None:
    mara = await world.operator(Role.ADMIN)
    path = f"/api/v1/applications/{world.application.id}"
    pattern = "https://*.view.billing.example"
    for change, shown in (
        ({}, None),
        ({"session_origins": pattern}, pattern),
        ({"max_minutes": 45}, pattern),
        ({"session_origins": None}, None),
    ):
        answer = await mara.browser.patch(path, json={"settings": change})
        assert answer.status_code == 200
        assert answer.json()["settings"]["session_origins"] == shown
    entries = await mara.browser.get("/api/v1/audit/entries?type=application.updated")
    told = [entry["details"].get("session_origins") for entry in entries.json()["items"]]
    assert told == [None, pattern, pattern, None]


@pytest.mark.parametrize(
    "change",
    [
        {"redirect_urls": ["http://billing.example/cb"]},
        {"redirect_urls": ["https://billing.example/cb#x"]},
        {"launch_url": "https://elsewhere.example/launch"},
        {"session_origins": ""},
        {"session_origins": "https://view.billing.example"},
        {"session_origins": "https://*.github.io"},
        {"session_origins": "https://*.example"},
        {"default_minutes": 30, "max_minutes": 20},
        {"max_minutes": 61},
        {"allowed_scopes": ["read_only"], "default_scope": "full"},
        {"blocked_actions": [{"method": "post", "pattern": "/x", "label": "x"}]},
        {"blocked_actions": [{"method": "POST", "pattern": "x", "label": "x"}]},
        {"deny_packs": {"packs": ["unheard_of"]}},
        {"deny_packs": {"packs": ["generic"], "excepted": ["no path"]}},
        {"hand_off": "carrier_pigeon"},
        {"retention_days": 0},
        {"logout_url": "http://billing.example/logout"},
        {"browser_origins": ["https://billing.example/"]},
        {"browser_origins": ["http://billing.example"]},
        {"rbac_roles": [{"role_id": "a"}, {"role_id": "a"}]},
        {"rbac_roles": [{"role_id": ""}]},
        {"rbac_roles": [{"role_id": "a", "permissions": [{"resource_id": "b"}]}]},
        {"anything_else": True},
    ],
)
async def test_settings_that_cannot_work_are_refused_whole(
    world: World, change: dict[str, object]
) -> None:
    mara = await world.operator(Role.ADMIN)
    path = f"/api/v1/applications/{world.application.id}"
    before = (await mara.browser.get(path)).json()
    answer = await mara.browser.patch(path, json={"name": "Changed", "settings": change})
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_input")
    assert (await mara.browser.get(path)).json() == before


async def test_switching_impersonation_off_ends_what_is_live(world: World) -> None:
    mara = await world.operator(Role.ADMIN)
    opened = await world.open_session()
    path = f"/api/v1/applications/{world.application.id}"
    await mara.browser.patch(path, json={"settings": {"impersonation_allowed": False}})
    session = (await mara.browser.get(f"/api/v1/sessions/{opened['session']['id']}")).json()
    assert session["end_cause"] == "impersonation_off"


async def test_a_disabled_application_cannot_sign_in(world: World) -> None:
    mara = await world.operator(Role.ADMIN)
    path = f"/api/v1/applications/{world.application.id}"
    await mara.browser.patch(path, json={"status": "disabled"})
    assert (await world.backend.get("/api/v1/application")).status_code == 401
    assert EventType.APPLICATION_DISABLED in world.logged()
    await mara.browser.patch(path, json={"status": "active"})
    assert (await world.backend.get("/api/v1/application")).status_code == 200


async def test_a_rotated_secret_overlaps_to_the_very_second(world: World) -> None:
    mara = await world.operator(Role.ADMIN)
    path = f"/api/v1/applications/{world.application.id}/rotate-secret"
    rotated = (await mara.browser.post(path, json={"overlap_minutes": 10})).json()
    auth = (world.application.id, rotated["secret"])
    async with client(world.app, auth=auth) as renewed:
        world.installation.clock.forward(minutes=9, seconds=59)
        for backend in (world.backend, renewed):
            assert (await backend.get("/api/v1/application")).status_code == 200
        world.installation.clock.forward(seconds=1)
        assert (await world.backend.get("/api/v1/application")).status_code == 401
        assert (await renewed.get("/api/v1/application")).status_code == 200


async def test_without_overlap_the_old_secret_ends_at_once(world: World) -> None:
    mara = await world.operator(Role.ADMIN)
    path = f"/api/v1/applications/{world.application.id}/rotate-secret"
    assert (await mara.browser.post(path, json={"overlap_minutes": 0})).status_code == 200
    assert (await world.backend.get("/api/v1/application")).status_code == 401


async def test_secrets_are_never_shown_again(world: World) -> None:
    mara = await world.operator(Role.ADMIN)
    listed = (await mara.browser.get("/api/v1/applications")).text
    assert "usk_" not in listed
    assert "secret_hash" not in listed


@pytest.mark.parametrize("role", [Role.SUPPORT_MANAGER, Role.APPROVER, Role.AUDITOR])
async def test_only_an_admin_changes_applications(world: World, role: Role) -> None:
    somebody = await world.operator(role)
    path = f"/api/v1/applications/{world.application.id}"
    assert (await somebody.browser.get(path)).status_code == 200
    refused = [
        await somebody.browser.patch(path, json={"name": "Mine"}),
        await somebody.browser.post(path + "/rotate-secret"),
        await somebody.browser.post("/api/v1/applications", json={"name": "Mine"}),
    ]
    assert {answer.status_code for answer in refused} == {403}


async def test_rule_10_an_application_reaches_no_settings(world: World) -> None:
    path = f"/api/v1/applications/{world.application.id}"
    refused = [
        await world.backend.get("/api/v1/applications"),
        await world.backend.get(path),
        await world.backend.patch(path, json={"name": "Mine"}),
        await world.backend.post(path + "/rotate-secret"),
    ]
    assert {answer.status_code for answer in refused} == {403}


async def test_limits_on_actors_are_shown_to_those_who_watch_and_not_to_those_who_work(
    world: World,
) -> None:
    mara = await world.operator(Role.ADMIN)
    path = f"/api/v1/applications/{world.application.id}"
    hours = {"time_zone": "Europe/Berlin", "days": [1, 5], "begins": "08:30", "ends": "24:00"}
    limits = {
        "subjects_an_hour": 5,
        "subjects_a_day": 20,
        "look_ups_an_hour": 100,
        "refuse_colleagues": True,
        "mark_ticketless": True,
        "working_hours": hours,
    }
    answer = await mara.browser.patch(path, json={"settings": {"insiders": limits}})
    assert answer.json()["settings"]["insiders"] == limits
    auditor = await world.operator(Role.AUDITOR, email="ann@support.example")
    entries = (await auditor.browser.get("/api/v1/audit/entries")).json()["items"]
    told = next(one for one in entries if one["type"] == EventType.APPLICATION_UPDATED)
    said = limits | {"working_hours": "1,5 08:30-24:00 Europe/Berlin"}
    assert {name: told["details"][name] for name in limits} == said
    assert (await auditor.browser.get(path)).json()["settings"]["insiders"] == limits
    for role in (Role.SUPPORT_MANAGER, Role.APPROVER):
        agent = await world.operator(role, email=f"{role}@support.example")
        assert (await agent.browser.get(path)).json()["settings"]["insiders"] is None
        (listed,) = (await agent.browser.get("/api/v1/applications")).json()["items"]
        assert listed["settings"]["insiders"] is None


@pytest.mark.parametrize("number", [0, -1, 10_001, "5"])
async def test_a_budget_that_is_none_is_refused(world: World, number: object) -> None:
    mara = await world.operator(Role.ADMIN)
    path = f"/api/v1/applications/{world.application.id}"
    change = {"settings": {"insiders": {"subjects_an_hour": number}}}
    assert (await mara.browser.patch(path, json=change)).status_code == 422


@pytest.mark.parametrize(
    "changes",
    [
        {"time_zone": "Nowhere/AtAll"},
        {"time_zone": "../../etc/passwd"},
        {"days": []},
        {"days": [8]},
        {"begins": "24:00"},
        {"ends": "00:00"},
        {"ends": "24:01"},
        {"begins": "9:00"},
    ],
)
async def test_hours_that_are_none_are_refused(world: World, changes: dict[str, object]) -> None:
    mara = await world.operator(Role.ADMIN)
    path = f"/api/v1/applications/{world.application.id}"
    hours = {"time_zone": "UTC", "days": [1], "begins": "09:00", "ends": "17:00"} | changes
    change = {"settings": {"insiders": {"working_hours": hours}}}
    assert (await mara.browser.patch(path, json=change)).status_code == 422
