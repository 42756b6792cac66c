"""Who can write the database, and lacks the key, writes grants and sessions that no entry tells of.

They do so by SQL, and are found. Honest rows are no finding: the fixture of `tests/contract/rules`
holds that for whatever its tests do.
"""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.contract.rules.world import named
from tests.integration.proof.forge import Forge
from understudy.core.impersonation.endings import Ending, Proof, Reach
from understudy.core.impersonation.sessions import EndCause
from understudy.core.notices.events import SYSTEM
from understudy.core.ports.comparison import Table
from understudy.flows.comparison.differences import DifferenceCode
from understudy.flows.impersonation.expire import expire
from understudy.flows.impersonation.open_session import OpenSession
from understudy.flows.impersonation.replay import replay


def test_planted_session_is_found(forge: Forge) -> None:
    opened = forge.world.session()
    forge.world.end(opened)
    forge.copy(
        "sessions", f"id = '{opened.session.id}'", id="ses_planted", ended_at=None, end_cause=None
    )
    assert [(one.code, one.place) for one in forge.differences()] == [
        (DifferenceCode.ROW_UNLOGGED, "session ses_planted")
    ]


def test_planted_grant_is_found(forge: Forge) -> None:
    grant = forge.world.granted()
    forge.copy("grants", f"id = '{grant.id}'", id="grt_planted")
    assert [(one.code, one.place) for one in forge.differences()] == [
        (DifferenceCode.ROW_UNLOGGED, "grant grt_planted")
    ]


def test_deleted_row_of_a_session_that_lives_by_its_entry_is_found(forge: Forge) -> None:
    opened = forge.world.session()
    forge.sql.change("DELETE FROM sessions WHERE id = ?", opened.session.id)
    (one,) = forge.differences()
    assert (one.code, one.row) == (DifferenceCode.ROW_MISSING, opened.session.id)
    assert "none that it is over" in one.message


def test_deleted_grant_is_found(forge: Forge) -> None:
    grant = forge.world.granted()
    forge.sql.change("DELETE FROM grants WHERE id = ?", grant.id)
    assert forge.found() == [(DifferenceCode.ROW_MISSING, Table.GRANT)]


@pytest.mark.parametrize(
    ("table", "change", "code"),
    [
        ("sessions", "ends_at = ends_at + 60000", DifferenceCode.ROW_WIDENED),
        ("sessions", "idle_limit = idle_limit * 2", DifferenceCode.ROW_WIDENED),
        ("sessions", "subject_ref = 'sub_other'", DifferenceCode.ROW_DIFFERS),
        ("sessions", "actor_ref = 'opr_other'", DifferenceCode.ROW_DIFFERS),
        ("sessions", "organization_ref = NULL", DifferenceCode.ROW_DIFFERS),
        ("sessions", "ended_at = started_at, end_cause = 'idle'", DifferenceCode.END_UNLOGGED),
        ("grants", "scope = 'full'", DifferenceCode.ROW_WIDENED),
        ("grants", "minutes = 60", DifferenceCode.ROW_WIDENED),
        ("grants", "session_ends_at = session_ends_at + 60000", DifferenceCode.ROW_WIDENED),
        ("grants", "expires_at = expires_at + 86400000", DifferenceCode.ROW_WIDENED),
        ("grants", "subject_ref = 'sub_other'", DifferenceCode.ROW_DIFFERS),
        ("grants", "created_at = created_at + 600000", DifferenceCode.ROW_DIFFERS),
    ],
)
def test_changed_row_is_found(forge: Forge, table: str, change: str, code: DifferenceCode) -> None:
    forge.world.session(minutes=5, scope="read_only")
    assert forge.differences() == []
    forge.sql.change(f"UPDATE {table} SET {change}")
    assert code in [one.code for one in forge.differences()]


def test_session_that_was_put_back_after_its_end_is_found(forge: Forge) -> None:
    opened = forge.world.session()
    where = f"id = '{opened.session.id}'"
    forge.world.end(opened)
    forge.sql.change(f"UPDATE sessions SET ended_at = NULL, end_cause = NULL WHERE {where}")
    forge.sql.change("UPDATE grants SET status = 'active'")
    assert forge.found() == [
        (DifferenceCode.ROW_REVIVED, Table.GRANT),
        (DifferenceCode.ROW_REVIVED, Table.SESSION),
    ]


def test_grant_that_was_put_back_after_it_lapsed_is_found(forge: Forge) -> None:
    forge.world.granted()
    forge.world.clock.forward(minutes=16)
    forge.world.run(expire)
    assert forge.differences() == []
    forge.sql.change("UPDATE grants SET status = 'ready'")
    assert forge.found() == [(DifferenceCode.ROW_REVIVED, Table.GRANT)]


def test_what_was_ended_while_the_log_could_not_be_written_is_no_finding(forge: Forge) -> None:
    opened = forge.world.session(actor=named())
    ending = _ending(forge, opened)
    forge.world.clock.forward(minutes=50)
    forge.world.run(lambda unit: replay(unit, ending))
    assert forge.differences() == []
    forge.sql.change("UPDATE sessions SET ended_at = ended_at + 60000")
    assert forge.found() == [(DifferenceCode.ROW_DIFFERS, Table.SESSION)]


def _ending(forge: Forge, opened: OpenSession) -> Ending:
    return Ending(
        id="e" * 32,
        reach=Reach.SESSION,
        ref=opened.session.id,
        application_id=forge.world.application.id,
        cause=EndCause.REVOKED,
        doer_kind=SYSTEM.kind,
        doer_ref=None,
        proven=Proof.DATA_DIRECTORY,
        address=None,
        at=forge.world.clock() + timedelta(minutes=2),
    )
