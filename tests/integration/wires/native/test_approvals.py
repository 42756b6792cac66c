from __future__ import annotations

from typing import Any

import httpx

from tests.fixtures.service import REASON, SignedInOperator, World
from understudy.core.governance.approvals import ApprovalTerms
from understudy.core.people.permissions import Role

APPROVALS = "/api/v1/approvals"
BACKEND: dict[str, Any] = {"subject_id": "ada", "reason": REASON, "actor": {"id": "staff-7"}}


async def asked(world: World, who: SignedInOperator, **changes: Any) -> dict[str, Any]:
    body = {"subject_id": "ada", "reason": REASON, "application_id": world.application.id}
    answer = await who.browser.post("/api/v1/impersonations", json=body | changes)
    assert answer.status_code == 201, answer.text
    return dict(answer.json()["grant"])


async def people(world: World, **terms: Any) -> tuple[SignedInOperator, SignedInOperator]:
    world.change_settings(approval=ApprovalTerms(**{"quorum": 1} | terms))
    sam = await world.operator(Role.SUPPORT_MANAGER)
    return sam, await world.operator(Role.APPROVER, email="kit@support.example")


def rule_of(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["rule"]


async def test_a_colleague_agrees_to_what_waits_and_its_actor_goes_on(world: World) -> None:
    sam, kit = await people(world)
    grant = await asked(world, sam)
    assert (grant["status"], grant["quorum"], grant["break_glass"]) == ("pending", 1, False)
    launch = f"/api/v1/grants/{grant['id']}/launch"
    assert rule_of(await sam.browser.post(launch)) == (403, "approval_missing")
    (waiting,) = (await kit.browser.get(APPROVALS)).json()["items"]
    assert (waiting["grant"], waiting["approvals"], waiting["decidable"]) == (grant, [], True)
    approve = f"/api/v1/grants/{grant['id']}/approve"
    agreed = await kit.browser.post(approve, json={"minutes": 10, "note": "Go ahead."})
    assert agreed.status_code == 200, agreed.text
    assert (agreed.json()["status"], agreed.json()["minutes"]) == ("ready", 10)
    said = (await sam.browser.get(f"/api/v1/grants/{grant['id']}/approvals")).json()
    (one,) = said["approvals"]
    assert (one["operator_id"], one["agreed"], one["note"]) == (kit.operator.id, True, "Go ahead.")
    assert not said["decidable"]
    assert (await kit.browser.get(APPROVALS)).json()["items"] == []
    assert (await sam.browser.post(launch)).status_code == 200


async def test_who_agreed_and_may_no_more_is_not_told_as_one_who_agrees(world: World) -> None:
    sam, kit = await people(world, quorum=2)
    grant = await asked(world, sam)
    path = f"/api/v1/grants/{grant['id']}"
    await kit.browser.post(f"{path}/approve", json={})
    assert (await sam.browser.get(f"{path}/approvals")).json()["agreed"] == 1
    mia = await world.operator(Role.ADMIN, email="mia@support.example")
    change = {"roles": ["auditor"]}
    answer = await mia.browser.patch(f"/api/v1/operators/{kit.operator.id}", json=change)
    assert answer.status_code == 200, answer.text
    said = (await sam.browser.get(f"{path}/approvals")).json()
    assert (said["agreed"], len(said["approvals"])) == (0, 1)


async def test_nobody_agrees_to_their_own_and_sees_that_before(world: World) -> None:
    sam, _ = await people(world)
    grant = await asked(world, sam)
    (waiting,) = (await sam.browser.get(APPROVALS)).json()["items"]
    assert not waiting["decidable"]
    answer = await sam.browser.post(f"/api/v1/grants/{grant['id']}/approve", json={})
    assert rule_of(answer) == (403, "approver_is_actor")


async def test_a_no_is_told_to_whoever_asked(world: World) -> None:
    sam, kit = await people(world)
    grant = await asked(world, sam)
    answer = await kit.browser.post(f"/api/v1/grants/{grant['id']}/deny", json={"note": "Not now."})
    assert answer.json()["status"] == "denied"
    said = (await sam.browser.get(f"/api/v1/grants/{grant['id']}/approvals")).json()
    assert [(one["agreed"], one["note"]) for one in said["approvals"]] == [(False, "Not now.")]
    again = await kit.browser.post(f"/api/v1/grants/{grant['id']}/deny", json={})
    assert rule_of(again) == (403, "grant_closed")


async def test_a_request_that_has_lapsed_is_not_listed(world: World) -> None:
    sam, kit = await people(world, pending_minutes=5)
    await asked(world, sam)
    world.installation.clock.forward(minutes=5)
    assert (await kit.browser.get(APPROVALS)).json()["items"] == []


async def test_who_may_not_read_grants_sees_no_others_approvals(world: World) -> None:
    sam, _ = await people(world)
    grant = await asked(world, sam)
    nobody = await world.operator(email="lou@support.example")
    answer = await nobody.browser.get(f"/api/v1/grants/{grant['id']}/approvals")
    assert answer.status_code == 404
    auditor = await world.operator(Role.AUDITOR, email="eve@support.example")
    assert (await auditor.browser.get(APPROVALS)).status_code == 403
    for deed in ("approve", "deny"):
        refused = await auditor.browser.post(f"/api/v1/grants/{grant['id']}/{deed}", json={})
        assert refused.status_code == 403


async def test_an_application_neither_sees_nor_gives_approvals(world: World) -> None:
    await people(world)
    started = await world.backend.post("/api/v1/impersonations", json=BACKEND)
    grant_id = started.json()["grant"]["id"]
    for answer in (
        await world.backend.get(APPROVALS),
        await world.backend.get("/api/v1/reviews"),
        await world.backend.get(f"/api/v1/grants/{grant_id}/approvals"),
        await world.backend.post(f"/api/v1/grants/{grant_id}/approve", json={}),
        await world.backend.post(f"/api/v1/grants/{grant_id}/deny", json={}),
    ):
        assert answer.status_code in (401, 403)


async def test_a_backend_asks_again_and_gets_its_token_once_others_agree(world: World) -> None:
    _, kit = await people(world)
    first = (await world.backend.post("/api/v1/impersonations", json=BACKEND)).json()
    assert (first["grant"]["status"], first["impersonation_token"]) == ("pending", None)
    second = (await world.backend.post("/api/v1/impersonations", json=BACKEND)).json()
    assert second["grant"] == first["grant"]
    await kit.browser.post(f"/api/v1/grants/{first['grant']['id']}/approve", json={})
    third = (await world.backend.post("/api/v1/impersonations", json=BACKEND)).json()
    assert (third["grant"]["id"], third["grant"]["status"]) == (first["grant"]["id"], "ready")
    body = {"impersonation_token": third["impersonation_token"]}
    opened = await world.backend.post("/api/v1/impersonations/exchange", json=body)
    assert opened.status_code == 200
    somebody = BACKEND | {"actor": {"id": "staff-8"}}
    other = (await world.backend.post("/api/v1/impersonations", json=somebody)).json()
    assert other["grant"]["id"] != first["grant"]["id"]


async def test_a_backend_whose_approver_left_meanwhile_asks_anew(world: World) -> None:
    _, kit = await people(world)
    first = (await world.backend.post("/api/v1/impersonations", json=BACKEND)).json()["grant"]
    await kit.browser.post(f"/api/v1/grants/{first['id']}/approve", json={})
    world.change_settings(approval=ApprovalTerms(quorum=2))
    second = (await world.backend.post("/api/v1/impersonations", json=BACKEND)).json()["grant"]
    assert (second["status"], second["quorum"]) == ("pending", 2)
    assert second["id"] != first["id"]


async def test_a_broken_glass_is_reviewed_by_somebody_else(world: World) -> None:
    sam, kit = await people(world, break_glass=True, break_glass_minutes=5)
    grant = await asked(world, sam, break_glass=True)
    assert (grant["status"], grant["break_glass"], grant["minutes"]) == ("ready", True, 5)
    (own,) = (await sam.browser.get("/api/v1/reviews")).json()["items"]
    (review,) = (await kit.browser.get("/api/v1/reviews")).json()["items"]
    assert (own["closable"], review["closable"], review["grant"]) == (False, True, grant)
    close = f"/api/v1/reviews/{review['id']}/close"
    body = {"note": "As the ticket says."}
    assert rule_of(await sam.browser.post(close, json=body)) == (403, "approver_is_actor")
    closed = await kit.browser.post(close, json=body)
    assert (closed.json()["closed_by"], closed.json()["closable"]) == ("Sam", False)
    assert (await kit.browser.get("/api/v1/reviews")).json()["items"] == []
    (kept,) = (await kit.browser.get("/api/v1/reviews", params={"state": "all"})).json()["items"]
    assert kept == closed.json()


async def test_an_admin_sets_who_has_to_agree(world: World) -> None:
    admin = await world.operator(Role.ADMIN)
    path = f"/api/v1/applications/{world.application.id}"
    given = {"approval": {"quorum": 2, "roles": ["approver"]}}
    answer = await admin.browser.patch(path, json={"settings": given})
    assert answer.status_code == 200, answer.text
    assert answer.json()["settings"]["approval"] == {
        "quorum": 2,
        "roles": ["approver"],
        "groups": [],
        "pending_minutes": 60,
        "break_glass": False,
        "break_glass_minutes": 15,
    }
    further = await admin.browser.patch(path, json={"settings": {"approval": {"quorum": 1}}})
    assert further.json()["settings"]["approval"]["roles"] == ["approver"]
    nobody = await admin.browser.patch(path, json={"settings": {"approval": {"roles": []}}})
    assert nobody.status_code == 422


async def test_groups_agree_and_somebody_may_always(world: World) -> None:
    admin = await world.operator(Role.ADMIN, email="mara@support.example")
    path = f"/api/v1/applications/{world.application.id}"

    async def change(**terms: object) -> httpx.Response:
        return await admin.browser.patch(path, json={"settings": {"approval": terms}})

    answer = await change(quorum=1, roles=[], groups=["leads"])
    approval = answer.json()["settings"]["approval"]
    assert (approval["roles"], approval["groups"]) == ([], ["leads"])
    assert (await change(groups=[])).status_code == 422
    assert (await change(groups=["The Leads"])).status_code == 422
    kit = await world.operator(Role.APPROVER, email="kit@support.example")
    sam = await world.operator(Role.SUPPORT_MANAGER)
    asked = {"subject_id": "ada", "reason": REASON, "application_id": world.application.id}
    grant = (await sam.browser.post("/api/v1/impersonations", json=asked)).json()["grant"]
    refused = await kit.browser.post(f"/api/v1/grants/{grant['id']}/approve", json={})
    assert (refused.status_code, refused.json()["rule"]) == (403, "approver_not_allowed")
    await admin.browser.patch(f"/api/v1/operators/{kit.operator.id}", json={"groups": ["leads"]})
    agreed = await kit.browser.post(f"/api/v1/grants/{grant['id']}/approve", json={})
    assert agreed.status_code == 200, agreed.text
