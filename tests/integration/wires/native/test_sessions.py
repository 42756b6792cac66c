from __future__ import annotations

from base64 import urlsafe_b64encode
from collections.abc import Sequence
from typing import Any
from unittest.mock import ANY

import pytest

from tests.fixtures.service import World
from understudy.core.governance.deny_packs import DenyPack, DenyPacks
from understudy.core.ids import SessionId
from understudy.core.impersonation.restrictions import BlockedAction
from understudy.core.notices.events import EventType
from understudy.core.people.permissions import Role
from understudy.core.ports import Entry, EntryFilter
from understudy.errors import LogUnwritable

REFRESH = "/api/v1/sessions/refresh"
SESSIONS = "/api/v1/sessions"


def action(number: int = 1, **changes: object) -> dict[str, object]:
    return {
        "id": f"action-{number:04}",
        "phase": "completed",
        "at": "2026-11-22T09:30:00Z",
        "method": "GET",
        "path": "/invoices/7",
        "route": "/invoices/{id}",
        "status": 200,
        "duration_ms": 12,
    } | changes


async def test_refreshing_tells_how_the_session_stands(world: World) -> None:
    opened = await world.open_session()
    world.installation.clock.forward(minutes=1)
    answer = await world.backend.post(REFRESH, json={"session_token": opened["session_token"]})
    assert answer.status_code == 200
    refreshed = answer.json()
    assert refreshed["session"]["id"] == opened["session"]["id"]
    assert refreshed["session_token"] == opened["session_token"]
    assert refreshed["server_time"] == "2026-11-22T09:31:00Z"


async def test_what_is_blocked_is_left_out_for_a_guard_that_has_it(world: World) -> None:
    packs = DenyPacks(packs=(DenyPack.GENERIC,))
    world.change_settings(deny_packs=packs)
    opened = await world.open_session()
    given = opened["restrictions"]
    token = {"session_token": opened["session_token"]}

    async def refreshed(held: str | None) -> tuple[dict[str, Any], int]:
        headers = {"understudy-holds": held} if held else {}
        answer = await world.backend.post(REFRESH, json=token, headers=headers)
        return answer.json()["restrictions"], len(answer.content)

    whole, many = await refreshed(None)
    assert whole == given
    other, _ = await refreshed("0" * 32)
    assert other == given
    left_out, few = await refreshed(given["blocked_digest"])
    assert left_out == {**given, "blocked_actions": []}
    assert few * 20 < many
    # Another list has another digest, and is sent whoever has the one before.
    own = BlockedAction(method="POST", pattern="/close", label="closing")
    world.change_settings(blocked_actions=(own,), deny_packs=packs)
    changed, _ = await refreshed(given["blocked_digest"])
    assert changed["blocked_digest"] != given["blocked_digest"]
    assert len(changed["blocked_actions"]) == len(given["blocked_actions"]) + 1


async def test_an_idle_session_ends_on_refresh_and_says_why(world: World) -> None:
    opened = await world.open_session()
    world.installation.clock.forward(minutes=10)
    answer = await world.backend.post(REFRESH, json={"session_token": opened["session_token"]})
    assert answer.status_code == 401
    assert (answer.json()["code"], answer.json()["rule"]) == ("session_over", "idle")
    assert world.logged()[-1] == EventType.SESSION_EXPIRED


async def test_a_session_whose_premise_fell_ends_on_refresh(world: World) -> None:
    opened = await world.open_session()
    saved = {"email": "ada@acme.example", "protected": True}
    assert (await world.backend.put("/api/v1/subjects/ada", json=saved)).status_code == 200
    answer = await world.backend.post(REFRESH, json={"session_token": opened["session_token"]})
    assert (answer.json()["code"], answer.json()["rule"]) == ("session_over", "subject_protected")


async def test_over_is_answered_though_nothing_can_be_written(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = await world.open_session()
    world.installation.clock.forward(minutes=10)

    async def refuse(flow: object) -> object:
        raise LogUnwritable

    with monkeypatch.context() as outage:
        outage.setattr(world.app.node.submissions, "run", refuse)
        for path, form, told in (
            (REFRESH, {"json": {"session_token": opened["session_token"]}}, "session_over"),
            ("/oauth2/introspect", {"data": {"token": opened["session_token"]}}, None),
        ):
            answer = await world.backend.post(path, **form)  # type: ignore[arg-type]
            assert answer.json().get("code") == told
            assert answer.json().get("active", False) is False
        assert world.logged()[-1] == EventType.SESSION_STARTED
    answer = await world.backend.post(REFRESH, json={"session_token": opened["session_token"]})
    assert (answer.json()["code"], answer.json()["rule"]) == ("session_over", "idle")
    assert world.logged()[-1] == EventType.SESSION_EXPIRED


async def test_a_foreign_session_token_is_unknown(world: World) -> None:
    opened = await world.open_session()
    shop = world.other_application().backend
    answer = await shop.post(REFRESH, json={"session_token": opened["session_token"]})
    assert (answer.status_code, answer.json()["code"]) == (401, "token_invalid")


async def test_actions_are_written_in_order(world: World) -> None:
    opened = await world.open_session()
    path = f"{SESSIONS}/{opened['session']['id']}/actions"
    batch = {"actions": [action(1, phase="intended", method="POST"), action(2)]}
    answer = await world.backend.post(path, json=batch)
    assert answer.status_code == 200
    assert answer.json() == {
        "recorded": 2,
        "last_index": len(world.logged()) - 1,
        "stand_ins": [],
    }
    assert world.logged()[-2:] == [EventType.ACTION_INTENDED, EventType.ACTION_COMPLETED]


async def test_a_batch_with_one_key_is_written_once(world: World) -> None:
    opened = await world.open_session()
    path = f"{SESSIONS}/{opened['session']['id']}/actions"
    headers = {"idempotency-key": "batch-1"}
    first = await world.backend.post(path, json={"actions": [action()]}, headers=headers)
    second = await world.backend.post(path, json={"actions": [action()]}, headers=headers)
    assert first.json() == second.json()
    assert world.logged().count(EventType.ACTION_COMPLETED) == 1


async def test_nothing_new_begins_in_a_session_that_is_over(world: World) -> None:
    opened = await world.open_session()
    path = f"{SESSIONS}/{opened['session']['id']}"
    await world.backend.post(f"{path}/end")
    intended = {"actions": [action(phase="intended")]}
    answer = await world.backend.post(f"{path}/actions", json=intended)
    assert (answer.status_code, answer.json()["code"]) == (401, "session_over")
    assert answer.json()["rule"] == "ended_by_actor"
    late = await world.backend.post(f"{path}/actions", json={"actions": [action()]})
    assert late.status_code == 200


async def test_another_application_cannot_write_into_a_session(world: World) -> None:
    opened = await world.open_session()
    shop = world.other_application().backend
    path = f"{SESSIONS}/{opened['session']['id']}/actions"
    answer = await shop.post(path, json={"actions": [action()]})
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


async def test_ending_twice_is_no_error(world: World) -> None:
    opened = await world.open_session()
    path = f"{SESSIONS}/{opened['session']['id']}/end"
    first = await world.backend.post(path)
    world.installation.clock.forward(minutes=1)
    second = await world.backend.post(path, json={"cause": "identity_not_applied"})
    assert first.status_code == second.status_code == 200
    assert first.json() == second.json()
    assert first.json()["end_cause"] == "ended_by_actor"


async def test_the_app_says_that_another_session_took_the_place(world: World) -> None:
    opened = await world.open_session()
    path = f"{SESSIONS}/{opened['session']['id']}/end"
    ended = await world.backend.post(path, json={"cause": "replaced"})
    assert (ended.status_code, ended.json()["end_cause"]) == (200, "replaced")
    found = world.installation.engine.stream_entries(EntryFilter())
    (core,) = (entry.core for entry in found if entry.type == EventType.SESSION_ENDED)
    assert core is not None
    assert core["details"] == {"cause": "replaced", "by_kind": "application", "by_ref": ANY}


async def test_the_actor_ends_their_own_session_only(world: World) -> None:
    opened = await world.open_session()
    sam = await world.operator(Role.SUPPORT_MANAGER)
    path = f"{SESSIONS}/{opened['session']['id']}"
    ended = await sam.browser.post(f"{path}/end")
    assert (ended.status_code, ended.json()["code"]) == (403, "permission_missing")
    revoked = await sam.browser.post(f"{path}/revoke")
    assert revoked.json()["end_cause"] == "revoked"


async def test_whoever_may_not_see_sessions_cannot_tell_that_one_exists(world: World) -> None:
    opened = await world.open_session()
    boss = await world.operator(Role.ADMIN)
    unknown = await boss.browser.post(f"{SESSIONS}/ses_unknown/end")
    foreign = await world.other_application().backend.get(f"{SESSIONS}/{opened['session']['id']}")
    assert unknown.status_code == foreign.status_code == 404


async def test_an_auditor_sees_and_does_not_revoke(world: World) -> None:
    opened = await world.open_session()
    ann = await world.operator(Role.AUDITOR)
    path = f"{SESSIONS}/{opened['session']['id']}"
    assert (await ann.browser.get(path)).status_code == 200
    answer = await ann.browser.post(f"{path}/revoke")
    assert (answer.status_code, answer.json()["code"]) == (403, "permission_missing")


async def test_sessions_are_listed_newest_first_and_page_by_page(world: World) -> None:
    ids = []
    for _ in range(3):
        ids.append((await world.open_session())["session"]["id"])
        world.installation.clock.forward(seconds=1)
    first = (await world.backend.get(SESSIONS, params={"limit": 2})).json()
    assert [item["id"] for item in first["items"]] == [ids[2], ids[1]]
    rest = await world.backend.get(SESSIONS, params={"limit": 2, "cursor": first["next_cursor"]})
    assert [item["id"] for item in rest.json()["items"]] == [ids[0]]
    assert rest.json()["next_cursor"] is None


async def test_sessions_are_found_by_state_actor_and_subject(world: World) -> None:
    opened = await world.open_session()
    await world.backend.post(f"{SESSIONS}/{opened['session']['id']}/end")
    live = await world.open_session(actor={"id": "lee"})

    async def found(**params: str) -> list[str]:
        answer = await world.backend.get(SESSIONS, params=params)
        assert answer.status_code == 200, answer.text
        return [item["id"] for item in answer.json()["items"]]

    assert await found(state="live") == [live["session"]["id"]]
    assert await found(state="over") == [opened["session"]["id"]]
    assert await found(actor_id="lee") == [live["session"]["id"]]
    assert set(await found(subject_id="ada")) == {opened["session"]["id"], live["session"]["id"]}
    assert await found(subject_id="nobody") == []


async def test_an_operator_who_asks_by_subject_says_in_which_application(world: World) -> None:
    await world.open_session()
    sam = await world.operator(Role.SUPPORT_MANAGER)
    vague = await sam.browser.get(SESSIONS, params={"subject_id": "ada"})
    assert (vague.status_code, vague.json()["field"]) == (422, "application_id")
    params = {"subject_id": "ada", "application_id": world.application.id}
    assert len((await sam.browser.get(SESSIONS, params=params)).json()["items"]) == 1
    assert len((await sam.browser.get(SESSIONS)).json()["items"]) == 1


async def test_an_application_sees_its_own_sessions_only(world: World) -> None:
    await world.open_session()
    shop = world.other_application().backend
    assert (await shop.get(SESSIONS)).json() == {"items": [], "next_cursor": None}
    answer = await shop.get(SESSIONS, params={"application_id": world.application.id})
    assert answer.status_code == 404


async def test_disabling_an_application_ends_its_sessions_and_its_access(world: World) -> None:
    opened = await world.open_session()
    boss = await world.operator(Role.ADMIN)
    path = f"/api/v1/applications/{world.application.id}"
    assert (await boss.browser.patch(path, json={"status": "disabled"})).status_code == 200
    answer = await world.backend.post(REFRESH, json={"session_token": opened["session_token"]})
    assert (answer.status_code, answer.json()["code"]) == (401, "not_signed_in")
    session = await boss.browser.get(f"{SESSIONS}/{opened['session']['id']}")
    assert session.json()["end_cause"] == "application_inactive"


BAD = [
    ({"id": "x"}, "id"),
    ({"phase": "dreamt"}, "phase"),
    ({"at": "yesterday"}, "at"),
    ({"method": "M" * 40}, "method"),
    ({"path": ""}, "path"),
    ({"path": "/" * 2001}, "path"),
    ({"status": 42}, "status"),
    ({"rule": "No Rule"}, "rule"),
    ({"user_agent": "u" * 501}, "user_agent"),
    ({"new_in_the_sdk": 1}, "unknown"),
]


@pytest.mark.parametrize(("changes", "replaced"), BAD, ids=str)
async def test_one_bad_action_gets_a_stand_in_and_spoils_no_other(
    world: World, changes: dict[str, object], replaced: str
) -> None:
    opened = await world.open_session()
    path = f"{SESSIONS}/{opened['session']['id']}/actions"
    batch = [action(number) for number in range(10)]
    batch[4] |= changes
    headers = {"Idempotency-Key": "one-bad-of-ten"}
    answer = await world.backend.post(path, json={"actions": batch}, headers=headers)
    assert (answer.status_code, answer.json()["recorded"]) == (200, 10)
    assert answer.json()["stand_ins"] == [4]
    again = await world.backend.post(path, json={"actions": batch}, headers=headers)
    assert again.json() == answer.json()
    found = world.installation.engine.stream_entries(EntryFilter())
    cores = [entry.core for entry in found if entry.type.startswith("action.") and entry.core]
    details = [core["details"] for core in cores]
    told = [one.get("stand_in") for one in details if isinstance(one, dict)]
    assert told == [replaced if number == 4 else None for number in range(10)]


async def test_an_action_with_a_nul_wipes_no_other_out_of_the_log(world: World) -> None:
    opened = await world.open_session()
    path = f"{SESSIONS}/{opened['session']['id']}/actions"
    batch = [action(number, path="/x\x00" if number == 4 else "/") for number in range(10)]
    answer = await world.backend.post(path, json={"actions": [*batch, "no action"]})
    assert (answer.status_code, answer.json()["recorded"]) == (200, 11)
    assert answer.json()["stand_ins"] == [10]


async def test_one_call_ends_everything_of_an_application_with_an_entry_each(world: World) -> None:
    opened = await world.open_session()
    other = world.other_application()
    sam = await world.operator(Role.SUPPORT_MANAGER)
    others = {"application_id": other.application.id}
    nobody = await sam.browser.post(f"{SESSIONS}/revoke", json=others)
    assert (nobody.status_code, nobody.json()) == (200, {"sessions": 0, "grants": 0})
    ended = await sam.browser.post(f"{SESSIONS}/revoke", json={"everything": True})
    assert ended.json() == {"sessions": 1, "grants": 0}
    assert world.logged()[-1] == EventType.SESSION_REVOKED
    answer = await world.backend.post(REFRESH, json={"session_token": opened["session_token"]})
    assert (answer.json()["code"], answer.json()["rule"]) == ("session_over", "revoked")


async def test_everything_of_the_installation_is_asked_for_by_name(world: World) -> None:
    await world.open_session()
    sam = await world.operator(Role.SUPPORT_MANAGER)
    answer = await sam.browser.post(f"{SESSIONS}/revoke", json={})
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_input")


async def test_an_application_ends_everything_of_its_own_and_of_nobody_elses(world: World) -> None:
    await world.open_session()
    other = world.other_application().backend
    assert (await other.post(f"{SESSIONS}/revoke", json={"everything": True})).json() == {
        "sessions": 0,
        "grants": 0,
    }
    ended = await world.backend.post(f"{SESSIONS}/revoke", json={})
    assert ended.json() == {"sessions": 1, "grants": 0}


@pytest.mark.parametrize(
    "forged",
    [
        ["99999999999999999999999999", "ses_1"],
        ["ada", "ses_1"],
        ["1"],
        [],
        ["1", "2", "3"],
        ["1", "\\ud800"],
        ["1", "\\u0000"],
    ],
)
@pytest.mark.parametrize("path", [SESSIONS, "/api/v1/grants", "/api/v1/subjects"])
async def test_a_forged_cursor_is_bad_input(world: World, path: str, forged: list[str]) -> None:
    text = "[" + ",".join(f'"{part}"' for part in forged) + "]"
    cursor = urlsafe_b64encode(text.encode()).rstrip(b"=").decode()
    answer = await world.backend.get(path, params={"cursor": cursor})
    listed_by_name = path.endswith("subjects") and len(forged) == 2 and "\\" not in forged[1]
    if not listed_by_name:
        assert (answer.status_code, answer.json()["code"]) == (422, "invalid_input")


async def test_what_was_made_is_told_at_the_end_until_it_is_revoked(world: World) -> None:
    opened = await world.open_session()
    session_id = opened["session"]["id"]
    made = action(phase="minted", kind="api_key", reference="key 7")
    sent = action(2, phase="effect", kind="email", did="held")
    path = f"{SESSIONS}/{session_id}/actions"
    assert (await world.backend.post(path, json={"actions": [made, sent]})).status_code == 200
    entry, effect = entries_of(world, session_id)[1::-1]
    assert entry.type == EventType.CREDENTIAL_MINTED
    assert (entry.core or {})["details"]["kind"] == "api_key"  # type: ignore[index]
    # Among what can be erased: it is the app's own.
    assert ((entry.personal or {})["reference"], "key 7" in str(entry.core)) == ("key 7", False)
    assert effect.type == EventType.EFFECT_HANDLED
    assert (await world.backend.get("/api/v1/minted")).json()["items"] == []
    await world.backend.post(f"{SESSIONS}/{session_id}/revoke")
    ended = entries_of(world, session_id)[0]
    assert (ended.core or {})["details"]["minted"] == 1  # type: ignore[index]
    (left,) = (await world.backend.get("/api/v1/minted")).json()["items"]
    assert (left["id"], left["session_id"]) == (made["id"], session_id)
    assert (left["kind"], left["reference"]) == ("api_key", "key 7")
    other = world.other_application().backend
    assert (await other.get("/api/v1/minted")).json()["items"] == []
    undone = action(phase="undone", kind="api_key", status=None, path="(by the app)")
    assert (await world.backend.post(path, json={"actions": [undone]})).status_code == 200
    assert (await world.backend.get("/api/v1/minted")).json()["items"] == []
    assert entries_of(world, session_id)[0].type == EventType.CREDENTIAL_REVOKED


def entries_of(world: World, session_id: str) -> Sequence[Entry]:
    """Newest first."""
    with world.installation.engine.reading() as reader:
        return reader.entries.search(EntryFilter(session_id=SessionId(session_id)))
