from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tests.contract.rules.world import HERE, World
from tests.fixtures.refusals import refusal_of
from understudy.core.ids import SubjectId
from understudy.core.impersonation.sessions import EndCause
from understudy.core.notices.events import SYSTEM, Action, EventType
from understudy.core.ports import Entry
from understudy.errors import NotFound, SessionOver
from understudy.flows.directory import maintain
from understudy.flows.impersonation.expire import expire
from understudy.flows.impersonation.open_session import OpenSession
from understudy.flows.impersonation.record_actions import (
    Phase,
    Recorded,
    RecordedAction,
    record_actions,
)
from understudy.flows.origin import Origin


def _action(world: World, phase: Phase = Phase.COMPLETED, **facts: Any) -> RecordedAction:
    ready = Action(id="a-1", method="GET", route="/invoices/{n}", path="/invoices/7")
    rule, table = facts.pop("rule", None), facts.pop("table", None)
    return RecordedAction(
        action=replace(ready, **facts),
        phase=phase,
        at=world.clock.now,
        rule=rule,
        table=table,
        origin=HERE,
    )


def _record(world: World, opened: OpenSession, *actions: RecordedAction) -> Recorded:
    return world.run(
        lambda unit: record_actions(unit, opened.session.application_id, opened.session.id, actions)
    )


def _last(world: World) -> Entry:
    return world.entries()[0]


def test_actions_are_entries_in_their_order_with_both_people(installation: World) -> None:
    opened = installation.session(ticket="T-1")
    intended = _action(installation, Phase.INTENDED, method="POST")
    completed = _action(installation, method="POST", status=201, duration_ms=12)
    recorded = _record(installation, opened, intended, completed)
    newest, before = installation.entries()[:2]
    assert recorded == Recorded(count=2, last_index=newest.index)
    assert (before.type, newest.type) == (EventType.ACTION_INTENDED, EventType.ACTION_COMPLETED)
    assert newest.core == {
        "action_id": "a-1",
        "actor_kind": "operator",
        "actor_ref": installation.sam.id,
        "application_id": installation.application.id,
        "details": {"at": int(installation.clock.now.timestamp()) * 1000},
        "duration_ms": 12,
        "grant_id": opened.grant.id,
        "method": "POST",
        "organization_ref": opened.session.organization_ref,
        "outcome": "ok",
        "route": "/invoices/{n}",
        "session_id": opened.session.id,
        "status": 201,
        "subject_ref": opened.session.subject_ref,
    }
    assert newest.personal is not None
    assert newest.personal["path"] == "/invoices/7"
    assert newest.personal["ticket"] == "T-1"
    assert newest.personal["actor_email"] == "sam@support.example"
    assert newest.personal["subject_email"] == "ada@acme.example"


@pytest.mark.parametrize(
    ("phase", "status", "outcome"),
    [
        (Phase.COMPLETED, 399, "ok"),
        (Phase.COMPLETED, 400, "failed"),
        (Phase.COMPLETED, 500, "failed"),
        (Phase.COMPLETED, None, "ok"),
        (Phase.INTENDED, None, "ok"),
        (Phase.BLOCKED, 403, "denied"),
        (Phase.BLOCKED, None, "denied"),
    ],
)
def test_the_outcome_follows_from_phase_and_status(
    installation: World, phase: Phase, status: int | None, outcome: str
) -> None:
    opened = installation.session()
    _record(installation, opened, _action(installation, phase, status=status, rule="read_only"))
    core = _last(installation).core
    assert core is not None
    assert (core["outcome"], core["rule"]) == (outcome, "read_only")


def test_the_entry_names_the_table_that_was_not_changed(installation: World) -> None:
    opened = installation.session()
    _record(installation, opened, _action(installation, Phase.BLOCKED, table="or\x00ders" * 100))
    at = int(installation.clock.now.timestamp()) * 1000
    told = {"at": at, "table": ("or\ufffdders" * 100)[:200]}
    assert (_last(installation).core or {})["details"] == told


def test_actions_count_as_activity(installation: World) -> None:
    opened = installation.session()
    for _ in range(3):
        installation.clock.forward(minutes=9)
        _record(installation, opened, _action(installation))
    assert installation.run(expire).sessions == 0
    assert installation.stored(opened).last_active_at == installation.clock.now


def test_what_was_done_before_the_end_but_arrives_after_it_is_written_as_late(
    installation: World,
) -> None:
    opened = installation.session()
    installation.clock.forward(minutes=1)
    over = installation.end(opened)
    done = replace(_action(installation), at=installation.clock.now - timedelta(seconds=1))
    blocked = _action(installation, Phase.BLOCKED)
    assert _record(installation, opened, done, blocked).count == 2
    for entry in installation.entries()[:2]:
        assert entry.core is not None
        details = entry.core["details"]
        assert isinstance(details, dict)
        assert details["late"] is True
    assert installation.stored(opened) == over


def test_nothing_new_begins_in_a_session_that_is_over_and_nothing_of_it_is_written(
    installation: World,
) -> None:
    opened = installation.session()
    installation.end(opened)
    entries = len(installation.entries())
    with pytest.raises(SessionOver) as refused:
        _record(
            installation,
            opened,
            _action(installation),
            _action(installation, Phase.INTENDED),
        )
    assert refused.value.code == "session_over"
    assert refused.value.facts == {"rule": EndCause.ENDED_BY_ACTOR}
    assert len(installation.entries()) == entries


def test_an_intent_is_refused_at_the_very_instant_at_which_the_session_runs_out(
    installation: World,
) -> None:
    opened = installation.session()
    installation.clock.forward(minutes=10, milliseconds=-1)
    intent = _action(installation, Phase.INTENDED)
    installation.clock.forward(milliseconds=1)
    with refusal_of(SessionOver, "session_over", rule="idle"):
        _record(installation, opened, intent)
    late = _record(installation, opened, _action(installation))
    assert late.count == 1
    installation.run(expire)
    assert installation.stored(opened).end_cause is EndCause.IDLE


def test_another_applications_session_is_not_there(installation: World) -> None:
    opened = installation.session()
    for application_id, session_id in (
        (installation.other_application.id, opened.session.id),
        (installation.application.id, "ses_nobody"),
    ):
        with refusal_of(NotFound, "not_found"):
            installation.run(
                lambda unit, a=application_id, s=session_id: record_actions(  # type: ignore[misc]
                    unit, a, s, [_action(installation)]
                )
            )


def test_hostile_text_is_made_legible_and_cut(installation: World) -> None:
    opened = installation.session()
    path = "/x\u202e\x1b[31m" + "y" * 3_000
    action = replace(
        _action(installation, path=path, route="/r\x00" + "z" * 600),
        origin=Origin.of("192.0.2.9\n", "agent\x07" * 200),
    )
    _record(installation, opened, action)
    entry = _last(installation)
    assert entry.core is not None
    assert entry.personal is not None
    assert entry.personal["path"] == "/x\ufffd\ufffd[31m" + "y" * 1_992
    assert entry.core["route"] == "/r\ufffd" + "z" * 497
    assert len(str(entry.personal["user_agent"])) == 500


def test_somebody_who_is_gone_by_then_is_named_by_id(installation: World) -> None:
    opened = installation.session()
    installation.run(
        lambda unit: maintain.delete_subject(
            unit, installation.application, SubjectId("ada"), by=SYSTEM, origin=HERE
        )
    )
    installation.save_subject(id="ada", email="new@acme.example", organization_id="acme")
    _record(installation, opened, _action(installation))
    entry = _last(installation)
    assert entry.core is not None
    assert entry.personal is not None
    assert entry.core["subject_ref"] == opened.session.subject_ref
    assert entry.personal["subject_id"] == "ada"
    assert "subject_email" not in entry.personal
