from __future__ import annotations

import pytest

from tests.fixtures.service import REASON, World
from understudy.core.notices.events import EventType
from understudy.core.people.permissions import Role

START = "/api/v1/impersonations"
EXCHANGE = "/api/v1/impersonations/exchange"


def asking(**changes: object) -> dict[str, object]:
    return {"subject_id": "ada", "reason": REASON, "actor": {"id": "kim"}} | changes


async def test_a_backend_gets_a_token_for_the_actor_that_it_names(world: World) -> None:
    answer = await world.backend.post(START, json=asking(ticket="HELP-7", minutes=20))
    assert answer.status_code == 201
    body = answer.json()
    assert body["impersonation_token"].startswith("usi_")
    assert body["launch_url"] is None
    grant = body["grant"]
    assert grant["actor"] == {
        "kind": "named_by_application",
        "id": "kim",
        "email": None,
        "name": None,
    }
    assert grant["subject"] == {"id": "ada", "email": "ada@acme.example", "name": "Ada Lovett"}
    assert grant["organization"] == {"id": "acme", "name": "Acme"}
    assert (grant["ticket"], grant["minutes"], grant["status"]) == ("HELP-7", 20, "ready")


async def test_an_operator_gets_a_page_to_launch_from_and_no_token(world: World) -> None:
    sam = await world.operator(Role.SUPPORT_MANAGER)
    asked = {"subject_id": "ada", "reason": REASON, "application_id": world.application.id}
    answer = await sam.browser.post(START, json=asked)
    assert answer.status_code == 201
    body = answer.json()
    assert body["impersonation_token"] is None
    assert body["launch_url"] == f"http://localhost:8700/launch/{body['grant']['id']}"
    assert body["grant"]["actor"]["id"] == sam.operator.id


async def test_an_operator_cannot_name_an_actor(world: World) -> None:
    sam = await world.operator(Role.SUPPORT_MANAGER)
    asked = asking(application_id=world.application.id)
    answer = await sam.browser.post(START, json=asked)
    assert (answer.status_code, answer.json()["field"]) == (422, "actor")


async def test_an_operator_says_which_application(world: World) -> None:
    sam = await world.operator(Role.SUPPORT_MANAGER)
    answer = await sam.browser.post(START, json={"subject_id": "ada", "reason": REASON})
    assert (answer.status_code, answer.json()["field"]) == (422, "application_id")


async def test_a_backend_names_an_actor_and_no_other_application(world: World) -> None:
    nobody = await world.backend.post(START, json={"subject_id": "ada", "reason": REASON})
    assert (nobody.status_code, nobody.json()["field"]) == (422, "actor")
    elsewhere = await world.backend.post(START, json=asking(application_id="app_other"))
    assert (elsewhere.status_code, elsewhere.json()["field"]) == (422, "application_id")


async def test_roles_in_the_body_make_nobody_an_operator(world: World) -> None:
    answer = await world.stranger.post(START, json=asking(roles=["admin"], role="admin"))
    assert (answer.status_code, answer.json()["code"]) == (401, "not_signed_in")


@pytest.mark.parametrize(
    "actor",
    [
        {"id": "Sam@support.example"},
        {"id": "kim", "name": "Sam (sam@support.example)"},
        {"id": "kim", "email": "sam@support.example."},
        {"id": "kim", "email": "sam@support\u3002example"},
    ],
)
async def test_an_operators_address_names_no_actor(world: World, actor: dict[str, str]) -> None:
    await world.operator(Role.SUPPORT_MANAGER)
    answer = await world.backend.post(START, json=asking(actor=actor))
    problem = answer.json()
    assert (answer.status_code, problem["rule"]) == (403, "actor_email_is_operators")


async def test_a_refusal_names_the_rule_and_is_in_the_log(world: World) -> None:
    answer = await world.backend.post(START, json=asking(subject_id="root"))
    assert answer.status_code == 403
    problem = answer.json()
    assert (problem["code"], problem["rule"]) == ("refused", "subject_protected")
    assert world.logged()[-1] == EventType.GRANT_DENIED


async def test_an_admin_may_not_impersonate(world: World) -> None:
    boss = await world.operator(Role.ADMIN)
    asked = {"subject_id": "ada", "reason": REASON, "application_id": world.application.id}
    answer = await boss.browser.post(START, json=asked)
    assert (answer.status_code, answer.json()["code"]) == (403, "permission_missing")


async def test_the_same_key_gets_the_first_answer_and_one_grant(world: World) -> None:
    headers = {"idempotency-key": "once-1"}
    first = await world.backend.post(START, json=asking(), headers=headers)
    second = await world.backend.post(START, json=asking(), headers=headers)
    assert (second.status_code, second.content) == (201, first.content)
    assert world.logged().count(EventType.GRANT_CREATED) == 1


async def test_the_same_key_with_other_content_is_refused(world: World) -> None:
    headers = {"idempotency-key": "once-1"}
    await world.backend.post(START, json=asking(), headers=headers)
    other = await world.backend.post(START, json=asking(ticket="X-1"), headers=headers)
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_conflict")


async def test_what_never_comes_in_parts_is_no_part_of_what_came_before(world: World) -> None:
    first = await world.backend.post(START, json=asking(), headers={"idempotency-key": "once-1"})
    headers = {"idempotency-key": "once-1;part=0"}
    other = await world.backend.post(START, json=asking(ticket="X-1"), headers=headers)
    assert other.status_code == 201
    assert other.json()["grant"]["id"] != first.json()["grant"]["id"]
    again = await world.backend.post(START, json=asking(ticket="X-1"), headers=headers)
    assert again.content == other.content


async def test_the_same_key_of_another_application_is_another_key(world: World) -> None:
    headers = {"idempotency-key": "once-1"}
    await world.backend.post(START, json=asking(), headers=headers)
    shop = world.other_application().backend
    other = await shop.post(START, json=asking(), headers=headers)
    assert (other.status_code, other.json()["rule"]) == (403, "subject_unknown")


async def test_a_day_later_the_key_is_free_again(world: World) -> None:
    headers = {"idempotency-key": "once-1"}
    first = await world.backend.post(START, json=asking(), headers=headers)
    world.installation.clock.forward(hours=24)
    second = await world.backend.post(START, json=asking(ticket="X-2"), headers=headers)
    assert second.status_code == 201
    assert second.json()["grant"]["id"] != first.json()["grant"]["id"]


async def test_a_refusal_is_not_kept_under_its_key(world: World) -> None:
    headers = {"idempotency-key": "once-1"}
    refused = await world.backend.post(START, json=asking(reason="x"), headers=headers)
    assert refused.status_code == 403
    again = await world.backend.post(START, json=asking(), headers=headers)
    assert again.status_code == 201


@pytest.mark.parametrize("key", [b"with space", b"x" * 129, b"na\xefve"])
async def test_an_unfit_key_is_refused(world: World, key: bytes) -> None:
    headers = {b"idempotency-key": key}
    answer = await world.backend.post(START, json=asking(), headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (400, "malformed_request")


async def test_exchanging_opens_the_session(world: World) -> None:
    opened = await world.open_session(return_to="/invoices", scope="read_only")
    session = opened["session"]
    assert opened["session_token"].startswith("uss_")
    assert opened["session_jwt"] is None
    assert opened["return_to"] == "/invoices"
    assert opened["restrictions"] == {
        "scope": "read_only",
        "blocked_actions": [],
        "redaction": {"secrets": False, "rules": [], "open_routes": []},
        "unlocks": False,
        "blocked_digest": None,
        "reveals": [],
    }
    assert opened["subject"] == {
        "id": "ada",
        "email": "ada@acme.example",
        "name": "Ada Lovett",
        "roles": [],
    }
    assert session["ends_at"] == "2026-11-22T10:00:00Z"
    assert opened["lease_expires_at"] == "2026-11-22T09:35:00Z"
    # The size before: whatever ends the session has a higher index.
    assert opened["log_index"] == world.logged().index(EventType.SESSION_STARTED)


async def test_a_lease_is_no_longer_than_what_is_left_of_the_session(world: World) -> None:
    opened = await world.open_session(minutes=7)
    assert opened["session"]["ends_at"] == "2026-11-22T09:37:00Z"
    assert opened["lease_expires_at"] == "2026-11-22T09:35:00Z"
    world.installation.clock.forward(minutes=3)
    token = {"session_token": opened["session_token"]}
    again = (await world.backend.post("/api/v1/sessions/refresh", json=token)).json()
    assert again["lease_expires_at"] == again["session"]["ends_at"] == "2026-11-22T09:37:00Z"


async def test_a_second_use_is_refused_and_ends_the_session(world: World) -> None:
    started = await world.start()
    token = {"impersonation_token": started["impersonation_token"]}
    opened = (await world.backend.post(EXCHANGE, json=token)).json()
    again = await world.backend.post(EXCHANGE, json=token)
    assert (again.status_code, again.json()["code"]) == (401, "token_invalid")
    session = await world.backend.get(f"/api/v1/sessions/{opened['session']['id']}")
    assert session.json()["end_cause"] == "token_replayed"


async def test_a_foreign_token_looks_unknown_and_stays_good(world: World) -> None:
    started = await world.start()
    token = {"impersonation_token": started["impersonation_token"]}
    shop = world.other_application().backend
    foreign = await shop.post(EXCHANGE, json=token)
    unknown = await shop.post(EXCHANGE, json={"impersonation_token": "usi_nothing"})
    assert foreign.status_code == unknown.status_code == 401
    assert foreign.json()["detail"] == unknown.json()["detail"]
    assert (await world.backend.post(EXCHANGE, json=token)).status_code == 200


async def test_an_idempotency_key_does_not_bring_a_token_back(world: World) -> None:
    started = await world.start()
    token = {"impersonation_token": started["impersonation_token"]}
    headers = {"idempotency-key": "again"}
    await world.backend.post(EXCHANGE, json=token, headers=headers)
    again = await world.backend.post(EXCHANGE, json=token, headers=headers)
    assert again.json()["code"] == "token_invalid"


async def test_an_operator_cannot_exchange(world: World) -> None:
    started = await world.start()
    sam = await world.operator(Role.SUPPORT_MANAGER)
    token = {"impersonation_token": started["impersonation_token"]}
    answer = await sam.browser.post(EXCHANGE, json=token)
    assert (answer.status_code, answer.json()["code"]) == (403, "permission_missing")
