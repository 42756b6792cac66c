"""Operators, sign-ins, links and protection that somebody wrote by SQL are found."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.contract.rules.world import HERE
from tests.integration.proof.forge import Forge
from understudy.core.ids import SubjectId
from understudy.core.notices.events import SYSTEM
from understudy.core.ports.comparison import Table
from understudy.flows.comparison.differences import DifferenceCode
from understudy.flows.directory.import_subjects import ImportRow, import_subjects
from understudy.flows.directory.maintain import SubjectFacts
from understudy.flows.people import sign_in, team


def test_planted_sign_in_is_found(forge: Forge) -> None:
    begun = forge.sign_in()
    # At the very time of a real one: one entry explains one row.
    forge.copy("operator_sessions", f"id = '{begun.session.id}'", id="ops_planted")
    (one,) = forge.differences()
    assert (one.code, one.table) == (DifferenceCode.ROW_UNLOGGED, Table.SIGN_IN)
    assert "ops_planted" in one.place
    assert forge.world.sam.id in one.place


def test_planted_invitation_is_found(forge: Forge) -> None:
    invited = forge.invite()
    where = f"operator_id = '{invited.operator.id}'"
    forge.copy("invitations", where, operator_id=forge.world.sam.id, created_at=1_700_000_000_000)
    assert forge.found() == [
        (DifferenceCode.ROW_WIDENED, Table.INVITATION),
        (DifferenceCode.ROW_UNLOGGED, Table.INVITATION),
    ]


def test_planted_operator_is_found(forge: Forge) -> None:
    forge.copy("operators", f"id = '{forge.world.sam.id}'", id="opr_planted", email="x@y.example")
    assert [(one.code, one.place) for one in forge.differences()] == [
        (DifferenceCode.ROW_UNLOGGED, "operator opr_planted")
    ]


def test_role_given_by_sql_is_found(forge: Forge) -> None:
    forge.sql.change("UPDATE operators SET roles = ? WHERE id = ?", '["admin"]', forge.world.sam.id)
    assert forge.found() == [(DifferenceCode.ROW_DIFFERS, Table.OPERATOR)]


def test_deleted_operator_is_found(forge: Forge) -> None:
    invited = forge.invite()
    forge.sql.change("DELETE FROM invitations")
    forge.sql.change("DELETE FROM operators WHERE id = ?", invited.operator.id)
    assert forge.found() == [(DifferenceCode.ROW_MISSING, Table.OPERATOR)]


@pytest.mark.parametrize(
    "leave",
    [
        lambda unit, begun: sign_in.sign_out(unit, begun.operator, begun.session, origin=HERE),
        lambda unit, begun: sign_in.sign_out_everywhere(
            unit, begun.operator, by=SYSTEM, origin=HERE
        ),
        lambda unit, begun: sign_in.change_password(
            unit, begun.operator, password_hash="y", origin=HERE
        ),
    ],
)
def test_sign_in_that_was_put_back_is_found(forge: Forge, leave: Callable[..., object]) -> None:
    begun = forge.sign_in()
    where = f"id = '{begun.session.id}'"
    row = forge.taken("operator_sessions", where)
    forge.put("operator_sessions", row)
    forge.world.run(lambda unit: leave(unit, begun))
    assert forge.differences() == []
    forge.put("operator_sessions", row)
    assert forge.found() == [(DifferenceCode.ROW_REVIVED, Table.SIGN_IN)]


def test_sign_in_that_lasts_too_long_is_found(forge: Forge) -> None:
    forge.sign_in()
    forge.sql.change("UPDATE operator_sessions SET expires_at = expires_at + 1")
    assert forge.found() == [(DifferenceCode.ROW_WIDENED, Table.SIGN_IN)]


def test_used_link_that_was_made_unused_is_found(forge: Forge) -> None:
    invited = forge.invite()
    forge.world.run(
        lambda unit: team.join(unit, invited.token, name="New", password_hash="x", origin=HERE)
    )
    assert forge.differences() == []
    where = f"operator_id = '{invited.operator.id}'"
    forge.sql.change(f"UPDATE invitations SET used_at = NULL WHERE {where}")
    assert forge.found() == [(DifferenceCode.ROW_REVIVED, Table.INVITATION)]


def test_link_that_a_later_one_replaced_is_found_when_it_is_put_back(forge: Forge) -> None:
    invited = forge.invite()
    where = f"operator_id = '{invited.operator.id}'"
    row = forge.taken("invitations", where)
    forge.put("invitations", row)
    forge.world.clock.forward(minutes=5)
    forge.world.run(lambda unit: team.reinvite(unit, invited.operator.id, by=SYSTEM, origin=HERE))
    assert forge.differences() == []
    forge.put("invitations", row)
    assert forge.found() == [(DifferenceCode.ROW_REVIVED, Table.INVITATION)]


def test_protection_taken_away_by_sql_is_found(forge: Forge) -> None:
    forge.sql.change("UPDATE subjects SET protected = 0")
    assert [(one.code, one.place) for one in forge.differences()] == [
        (DifferenceCode.PROTECTION_UNLOGGED, "subject vip")
    ]


def test_protection_taken_away_by_whoever_may_is_no_finding(forge: Forge) -> None:
    forge.world.save_subject(id="vip", protected=False)
    assert forge.differences() == []


def test_import_that_tells_of_everybody_excuses_nobody(forge: Forge) -> None:
    rows = [ImportRow(line=2, facts=SubjectFacts(id=SubjectId("cy")))]
    application = forge.world.application
    forge.world.run(
        lambda unit: import_subjects(unit, application, rows, partial=False, by=SYSTEM, origin=HERE)
    )
    forge.sql.change("UPDATE subjects SET protected = 0")
    assert forge.found() == [(DifferenceCode.PROTECTION_UNLOGGED, Table.SUBJECT)]
