from __future__ import annotations

import pytest

from tests.unit.cli.conftest import Prepared
from understudy.core.applications.application import Application
from understudy.core.ports import Unit
from understudy.flows.impersonation.exchange import Presented, exchange
from understudy.flows.impersonation.open_session import OpenSession
from understudy.flows.origin import Origin
from understudy.service.table import WIRES


def _session(prepared: Prepared, subject_id: str = "ada") -> OpenSession:
    made = prepared.facts(*prepared.impersonate(subject_id))

    def flow(unit: Unit) -> OpenSession:
        application = unit.applications.get(prepared.app_id)
        assert isinstance(application, Application)
        presented = Presented(token=made["impersonation_token"], application=application)
        opened = exchange(unit, presented, kinds=WIRES.token_kinds, origin=Origin())
        assert isinstance(opened, OpenSession)
        return opened

    opened: OpenSession = prepared.do(flow)
    return opened


def test_live_sessions_are_listed_with_both_people(prepared: Prepared) -> None:
    opened = _session(prepared)
    assert prepared.facts("sessions", "list") == [
        {
            "session_id": opened.session.id,
            "application_id": prepared.app_id,
            "actor": "sam@support.example",
            "subject_id": "ada",
            "reason": "Cannot find the reports tab",
            "started_at": opened.session.started_at.isoformat(),
            "ends_at": opened.session.ends_at.isoformat(),
            "end_cause": None,
        }
    ]
    shown = prepared.run("sessions", "list").stdout
    assert opened.session.id in shown
    assert opened.session_token not in shown


def test_a_session_is_revoked_and_again_is_no_error(prepared: Prepared) -> None:
    opened = _session(prepared)
    first = prepared.facts("sessions", "revoke", opened.session.id)
    assert first["session_id"] == opened.session.id
    assert first["end_cause"] == "revoked"
    assert prepared.facts("sessions", "revoke", opened.session.id) == first
    assert prepared.facts("sessions", "list") == []
    assert [one["end_cause"] for one in prepared.facts("sessions", "list", "--all")] == ["revoked"]


def test_only_one_apps_sessions_are_listed_when_asked(prepared: Prepared) -> None:
    _session(prepared)
    assert prepared.facts("sessions", "list", "--app", "app_other") == []
    assert len(prepared.facts("sessions", "list", "--app", prepared.app_id)) == 1


def test_nobody_at_work_is_said(prepared: Prepared) -> None:
    assert "Nobody works as anybody" in prepared.run("sessions", "list").stderr


@pytest.mark.parametrize("session_id", ["ses_nobody", "[/x]"])
def test_a_session_that_is_not_there_is_named(prepared: Prepared, session_id: str) -> None:
    said = prepared.refused("sessions", "revoke", session_id)
    assert said.startswith(f"There is no session {session_id}.")
    assert said.endswith("[not_found]")


def test_everything_of_an_application_ends_after_a_second_question(prepared: Prepared) -> None:
    opened = _session(prepared)
    asked = prepared.run("sessions", "end", "--app", prepared.app_id, stdin="n\n")
    assert asked.exit_code == 1
    assert prepared.facts("sessions", "list")
    ended = prepared.facts("sessions", "end", "--app", prepared.app_id, "--yes")
    assert ended == {"sessions": 1, "grants": 0, "logged": True}
    (found,) = prepared.facts("sessions", "list", "--all")
    assert (found["session_id"], found["end_cause"]) == (opened.session.id, "revoked")


def test_whose_sessions_end_has_to_be_said(prepared: Prepared) -> None:
    assert "--app, --operator, or --all" in prepared.refused("sessions", "end", "--yes")
