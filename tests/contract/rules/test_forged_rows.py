"""DESIGN rule 16: a row that was changed from outside is as if it were not there, and is told."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from tests.contract.rules.world import HERE, World
from tests.fixtures.refusals import refusal_of
from tests.integration.proof.place import Sql, connect
from understudy.core.applications.bounds import MOST_DAYS
from understudy.core.governance.consents import ConsentMode, ConsentTerms
from understudy.core.ids import GrantId, SubjectId
from understudy.core.impersonation.restrictions import Scope
from understudy.core.notices.events import SYSTEM, EventType
from understudy.core.ports import FIRST_PAGE, GrantFilter, Page
from understudy.core.rules.consent import ACTOR_FROZEN, CONSENT_MISSING
from understudy.errors import SetupError
from understudy.flows.governance.account import not_agreed
from understudy.flows.governance.agree import agree, withdraw
from understudy.flows.impersonation.denied import Denied
from understudy.flows.impersonation.open_session import OpenSession, Over
from understudy.flows.notices.forged_rows import tell_of_forged_rows
from understudy.flows.people.sign_in import identify, signed_in
from understudy.flows.retention.holds import place
from understudy.flows.retention.retain import due, retain
from understudy.storage.data_directory import DataDirectory
from understudy.storage.database.databases import open_database
from understudy.storage.engine.engine import open_engine
from understudy.storage.tables.settings import read_settings

pytestmark = pytest.mark.usefixtures("forging")

HOUR = 3_600_000


@pytest.fixture
def sql(installation: World, database_url: str) -> Iterator[Sql]:
    with closing(connect(database_url)) as raw:
        yield raw


@pytest.fixture
def narrow(installation: World) -> OpenSession:
    """A session of five minutes, read-only, as an ordinary user."""
    return installation.session("ada", minutes=5, scope=Scope.READ_ONLY)


EDITS = {
    "sessions": "UPDATE sessions SET ends_at = ends_at + 300000",
    "sessions that are over": "UPDATE sessions SET ended_at = NULL, end_cause = NULL",
    "sessions of somebody else": "UPDATE sessions SET subject_ref = 'sub_x'",
    "sessions without idle end": "UPDATE sessions SET last_active_at = last_active_at + 60000",
    "grants": "UPDATE grants SET scope = 'full'",
    "grants of more": "UPDATE grants SET minutes = 60, session_ends_at = session_ends_at + 300000",
    "grants as somebody else": "UPDATE grants SET subject_id = 'bob', subject_ref ="
    " (SELECT ref FROM subjects WHERE id = 'bob')",
    "grants at an origin of somebody else's": "UPDATE grants SET origin = 'https://evil.example'",
    "applications": "UPDATE applications SET settings = replace(settings, '60', '600')",
    "subjects": "UPDATE subjects SET external_id = NULL, name = 'Another'",
    "roles": "UPDATE subjects SET roles = '[]', updated_at = updated_at + 1",
    "operators": 'UPDATE operators SET roles = \'["admin","support_manager"]\'',
    "no seal": "UPDATE sessions SET seal = NULL",
    "seal of another table": "UPDATE sessions SET seal = (SELECT max(seal) FROM grants)",
}


@pytest.mark.parametrize("edit", EDITS)
def test_rule_16_an_edited_row_carries_no_session(
    installation: World, sql: Sql, narrow: OpenSession, edit: str
) -> None:
    if edit == "sessions that are over":
        installation.end(narrow)
    assert sql.change(EDITS[edit])
    assert not isinstance(installation.refresh(narrow), OpenSession)


def test_rule_16_three_edited_rows_do_not_make_a_session_on_a_protected_user(
    installation: World, sql: Sql, narrow: OpenSession
) -> None:
    sql.drop_checks(["sessions", "grants"])
    month = 30 * 24 * HOUR
    ((ref,),) = sql.rows("SELECT ref FROM subjects WHERE id = 'vip'")
    edits = (
        ("UPDATE subjects SET protected = 0 WHERE id = 'vip'", ()),
        (
            "UPDATE grants SET scope = 'full', subject_id = 'vip', subject_ref = ?,"
            " session_ends_at = session_ends_at + ?",
            (ref, month),
        ),
        (
            "UPDATE sessions SET subject_ref = ?, ends_at = ends_at + ?, idle_limit = ?",
            (ref, month, month),
        ),
    )
    for statement, values in edits:
        assert sql.change(statement, *values) == 1
    installation.clock.forward(days=29)
    assert installation.refresh(narrow) == Over(cause=None)


def test_rule_16_a_row_is_as_if_it_were_not_there_wherever_it_is_looked_for(
    installation: World, sql: Sql, narrow: OpenSession
) -> None:
    before = installation.engine
    for table in ("sessions", "grants", "operators", "applications", "subjects"):
        sql.change(f"UPDATE {table} SET seal = NULL")
    with before.reading() as reader:
        assert reader.sessions.get(narrow.session.id) is None
        assert reader.grants.get(narrow.grant.id) is None
        assert reader.grants.search(GrantFilter()) == []
        assert reader.operators.get(installation.sam.id) is None
        assert reader.operators.by_email(installation.sam.email) is None
        assert reader.operators.list() == []
        assert reader.applications.list() == []
        assert reader.subjects.get(installation.application.id, SubjectId("ada")) is None


def test_rule_16_what_is_sealed_in_one_row_is_not_in_another(installation: World, sql: Sql) -> None:
    for column in ("roles", "seal"):
        sql.change(
            f"UPDATE operators SET {column} ="
            f" (SELECT {column} FROM operators WHERE email LIKE 'mara%')"
        )
    with installation.engine.reading() as reader:
        assert [one.name for one in reader.operators.list()] == ["mara"]


def test_rule_16_an_edited_sign_in_is_none(installation: World, sql: Sql) -> None:
    begun = installation.run(lambda unit: signed_in(unit, installation.sam, origin=HERE))
    assert begun is not None
    ((mara,),) = sql.rows("SELECT id FROM operators WHERE email LIKE 'mara%'")
    assert sql.change("UPDATE operator_sessions SET operator_id = ?", mara) == 1
    with installation.engine.reading() as reader:
        assert identify(reader, begun.token, installation.clock()) is None


def test_rule_16_pages_go_on_behind_rows_that_are_not_there(installation: World, sql: Sql) -> None:
    grants = [installation.granted(subject) for subject in ("ada", "bob") * 3]
    newest = [grant.id for grant in grants[2:]]
    for grant_id in newest:
        sql.change("UPDATE grants SET reason = 'another' WHERE id = ?", grant_id)
    found: list[GrantId] = []
    with installation.engine.reading() as reader:
        page: Page = replace(FIRST_PAGE, limit=1)
        assert [one.id for one in reader.grants.search(GrantFilter(), page)] != []
        page = replace(FIRST_PAGE, limit=3)
        found = [one.id for one in reader.grants.search(GrantFilter(), page)]
    assert set(found) == {grant.id for grant in grants[:2]}


def test_rule_16_an_edited_hold_covers_everything(installation: World, sql: Sql) -> None:
    application = installation.application.id
    installation.session()
    installation.run(
        lambda unit: place(
            unit,
            application,
            subject_id=SubjectId("bob"),
            reason="a lawsuit",
            by=SYSTEM,
            origin=HERE,
        )
    )
    later = installation.clock() + timedelta(days=4000)
    with installation.engine.reading() as reader:
        assert due(reader, later)
    sql.change("UPDATE legal_holds SET released_at = placed_at")
    with installation.engine.reading() as reader:
        assert [one for one in due(reader, later) if one.application.id == application] == []


def test_rule_16_retention_of_minus_one_day_erases_nothing(installation: World, sql: Sql) -> None:
    installation.session()
    days = "UPDATE applications SET settings = replace(settings, ?, ?)"
    assert sql.change(days, '"retention_days":30', '"retention_days":-1')
    ((stored,),) = sql.rows("SELECT min(settings) FROM applications")
    assert '"retention_days":-1' in stored
    # Neither as the row is, which is not there, nor if whoever changed it had the key.
    assert read_settings(stored).retention_days == MOST_DAYS
    application = installation.application.id
    erased = installation.run(lambda unit: retain(unit, application))
    assert (erased.entries, erased.grants) == (0, 0)


def test_rule_16_forged_rows_are_told_of_once(
    installation: World, sql: Sql, narrow: OpenSession
) -> None:
    engine = installation.engine
    sql.change("UPDATE sessions SET idle_limit = idle_limit + 1")
    for _ in range(2):
        assert installation.refresh(narrow) == Over(cause=None)
        engine.forged_rows.tell(engine.run, tell_of_forged_rows)
    [entry] = installation.entries(EventType.ROW_FORGED)
    assert entry.core is not None
    details = {"table": "sessions", "rows": narrow.session.id, "rows_found": 1}
    assert entry.core["details"] == details
    assert engine.forged_rows.all() == {"sessions": [narrow.session.id]}


def test_rule_16_what_was_sealed_once_is_not_sealed_anew(
    installation: World, sql: Sql, database_url: str, tmp_path: Path, narrow: OpenSession
) -> None:
    sql.change("UPDATE grants SET scope = 'full', seal = NULL")
    sql.change("UPDATE schema_steps SET finished = 0 WHERE name = 'seals'")
    directory = DataDirectory(tmp_path / "data")
    with refusal_of(SetupError, "setup_error"):
        open_engine(open_database(database_url), directory)
    assert not isinstance(installation.refresh(narrow), OpenSession)


AGREES = {
    "for longer": "UPDATE consents SET expires_at = expires_at + 86400000",
    "to more": "UPDATE consents SET scope = 'full'",
    "again": "UPDATE consents SET withdrawn_at = NULL",
    "for another user": "UPDATE consents SET subject_ref ="
    " (SELECT ref FROM subjects WHERE id = 'bob')",
}


@pytest.mark.parametrize("change", AGREES.values(), ids=AGREES)
def test_rule_16_nobody_agrees_for_a_user_by_writing_a_row(
    installation: World, sql: Sql, change: str
) -> None:
    installation.set_up_application(consent=ConsentTerms(mode=ConsentMode.STANDING))
    app, ada = installation.application.id, SubjectId("ada")
    installation.run(lambda unit: agree(unit, app, ada, scope=Scope.READ_ONLY, origin=HERE))
    if "withdrawn_at" in change:
        installation.run(lambda unit: withdraw(unit, app, ada, origin=HERE))
    assert sql.change(change)
    for subject_id in ("ada", "bob"):
        assert installation.ask(subject_id) == Denied(rule=CONSENT_MISSING)


def test_rule_16_whose_case_was_changed_from_outside_stays_frozen(
    installation: World, sql: Sql
) -> None:
    kim = installation.vouched_for("kim")
    opened = installation.session(actor=kim)
    app, ada = installation.application.id, SubjectId("ada")
    installation.run(
        lambda unit: not_agreed(unit, app, ada, opened.session.id, note="No.", origin=HERE)
    )
    assert sql.change("UPDATE cases SET lifted_at = opened_at")
    assert installation.ask(actor=kim) == Denied(rule=ACTOR_FROZEN)
