"""Repudiation: whose hands it was stands in every row and every entry, and entries outlive
everybody (R1, R2; and numbers 24 and 26 of the peers' incidents)."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.integration.abuse.servers import eventually
from tests.integration.abuse.stack import REASON, Stack
from tests.integration.abuse.stack import stack as running_stack
from understudy.core.ids import OrganizationId, SubjectId
from understudy.core.impersonation.sessions import EndCause
from understudy.core.notices.events import SYSTEM, EventType
from understudy.core.people.permissions import Role
from understudy.core.ports import Entry
from understudy.flows.directory import maintain
from understudy.flows.origin import Origin

ACTIONS = {EventType.ACTION_INTENDED, EventType.ACTION_COMPLETED, EventType.ACTION_BLOCKED}


def of_session(stack: Stack, session_id: str) -> list[Entry]:
    """Every entry about one session."""
    found = stack.entries()
    return [entry for entry in found if (entry.core or {}).get("session_id") == session_id]


@pytest.mark.parametrize("framework", ["fastapi", "starlette", "litestar"])
def test_r1_a_created_row_and_its_entries_carry_both_people(tmp_path: Path, framework: str) -> None:
    with running_stack(tmp_path, framework=framework) as stack:
        operator, sam = stack.operator(Role.SUPPORT_MANAGER)
        session = stack.become(sam, "ada")
        assert sam.app("POST", "/orders").is_success
        (order,) = stack.shop.orders
        assert (order.user_id, order.actor_id, order.session_id) == ("ada", operator.id, session.id)
        eventually(lambda: any(e.type in ACTIONS for e in of_session(stack, session.id)[2:]))
        for entry in of_session(stack, session.id):
            assert entry.personal is not None
            assert entry.personal["actor_email"] == operator.email
            assert entry.personal["subject_id"] == "ada"


def test_peer_24_every_entry_of_a_session_names_who_launched_it(stack: Stack) -> None:
    operator, sam = stack.operator(Role.SUPPORT_MANAGER, email="sam-24@support.example")
    mara, admin = stack.operator(Role.ADMIN, email="mara-24@support.example")
    session = stack.become(sam, "ada")
    sam.app("POST", "/orders")
    sam.app("POST", "/settings/password")
    sam.app("POST", "/delete")
    sam.page()
    url = f"{stack.issuer}/api/v1/sessions/{session.id}/revoke"
    assert admin.call("POST", url).status_code == 200
    eventually(lambda: len(of_session(stack, session.id)) >= 8)
    found = of_session(stack, session.id)
    assert {entry.type for entry in found} >= {*ACTIONS, EventType.SESSION_REVOKED}
    # Also the end that somebody else brought about is the end of *this* actor's session.
    assert {(entry.core or {})["actor_ref"] for entry in found} == {operator.id}
    assert {(entry.personal or {})["subject_id"] for entry in found} == {"ada"}
    revoked = next(entry for entry in found if entry.type == EventType.SESSION_REVOKED)
    assert (revoked.core or {})["doer_ref"] == mara.id
    assert (revoked.personal or {})["doer_email"] == mara.email
    # Whoever asks for either of them finds it, in the list and in every export.
    for who in (mara.id, operator.id):
        where = f"actor_id={who}&session_id={session.id}&type=session.revoked"
        listed = admin.call("GET", f"{stack.issuer}/api/v1/audit/entries?{where}").json()["items"]
        assert [one["doer"]["id"] for one in listed] == [mara.id]
        table = admin.call("GET", f"{stack.issuer}/api/v1/audit/export?format=csv&{where}")
        assert mara.email in table.text


def test_r2_nothing_begins_that_the_log_cannot_hold(own_stack: Stack) -> None:
    stack = own_stack
    sam = stack.support()
    session = stack.become(sam, "ada")
    waiting, grant = stack.start(subject_id="bob"), stack.granted(sam, "bob")
    with stack.log_out_of_order(), stack.backend() as backend:
        body = {"subject_id": "bob", "reason": REASON, "actor": {"id": "kim"}}
        assert backend.post("/impersonations", json=body).status_code == 503
        assert stack.exchange(waiting).status_code == 503
        assert sam.press_launch(grant).status_code == 503
        # What only looks goes on for as long as nobody can have revoked; what changes does not.
        assert sam.app("POST", "/orders").status_code == 503
        assert stack.shop.orders == []
        assert [one.id for one in stack.live()] == [session.id]
    assert stack.exchange(waiting).status_code == 200
    assert sam.app("POST", "/orders").status_code == 200
    started = {(e.core or {}).get("session_id") for e in stack.entries(EventType.SESSION_STARTED)}
    assert {one.id for one in stack.live()} <= started


def _times_ended(stack: Stack, session_id: str) -> int:
    types = [entry.type for entry in of_session(stack, session_id)]
    return types.count(EventType.SESSION_ENDED)


def test_r2_leaving_works_while_the_log_is_out_of_order(own_stack: Stack) -> None:
    stack = own_stack
    sam = stack.support()
    session = stack.become(sam, "ada")
    held = sam.overlay or ""
    with stack.log_out_of_order():
        assert sam.end().status_code == 200
        assert sam.overlay is None
        sam.plant(stack.app_url, "__Host-understudy", held)
        assert sam.app("GET", "/whoami").status_code == 401
        # Over at once, for everybody; what cannot be told yet is told later, as of its time.
        assert stack.session(session.id).end_cause is EndCause.ENDED_BY_ACTOR
        assert _times_ended(stack, session.id) == 0
    eventually(lambda: _times_ended(stack, session.id) == 1, seconds=15)


def test_peer_26_the_log_outlives_everybody_in_it(own_stack: Stack) -> None:
    stack = own_stack
    operator, sam = stack.operator(Role.SUPPORT_MANAGER)
    admin = stack.operator(Role.ADMIN, email="mara@support.example")[1]
    stack.become(sam, "ada")
    sam.app("POST", "/orders")
    sam.end()
    before = [(entry.index, entry.core, entry.personal) for entry in stack.entries()]
    application = stack.main.application
    stack.engine.run(
        lambda unit: maintain.delete_subject(
            unit, application, SubjectId("ada"), by=SYSTEM, origin=Origin()
        )
    )
    stack.engine.run(
        lambda unit: maintain.delete_organization(
            unit, application, OrganizationId("acme"), by=SYSTEM, origin=Origin()
        )
    )
    url = f"{stack.issuer}/api/v1/operators/{operator.id}"
    assert admin.call("PATCH", url, json={"status": "disabled"}).status_code == 200
    url = f"{stack.issuer}/api/v1/applications/{application.id}"
    assert admin.call("PATCH", url, json={"status": "disabled"}).status_code == 200
    for path in (f"/operators/{operator.id}", f"/applications/{application.id}"):
        answer = admin.call("DELETE", f"{stack.issuer}/api/v1{path}")
        assert answer.status_code == 405
    after = [(entry.index, entry.core, entry.personal) for entry in stack.entries()]
    assert after[: len(before)] == before
    assert stack.engine.verify().ok
