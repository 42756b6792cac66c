"""What retention erased before its time is found; what it erased in time excuses one row each."""

from __future__ import annotations

import json

from tests.integration.proof.forge import Forge
from understudy.core.notices.events import EventType
from understudy.core.ports.comparison import Table
from understudy.flows.comparison.differences import DifferenceCode


def test_rows_whose_entries_retention_has_erased_are_no_finding(forge: Forge) -> None:
    for subject in ("ada", "bob"):
        forge.world.end(forge.world.session(subject))
        forge.world.clock.forward(hours=1)
    forge.world.clock.forward(days=40)
    forge.retain()
    assert forge.differences() == []
    forge.world.session()
    assert forge.differences() == []


def test_row_beside_one_whose_entry_was_erased_is_found(forge: Forge) -> None:
    opened = forge.world.session()
    forge.world.end(opened)
    forge.world.clock.forward(days=40)
    forge.retain()
    # At the very time of a real one: what is left of one entry stands for one row.
    forge.copy("sessions", f"id = '{opened.session.id}'", id="ses_planted")
    forge.copy("grants", f"id = '{opened.grant.id}'", id="grt_planted")
    assert forge.found() == [
        (DifferenceCode.ROW_UNLOGGED, Table.GRANT),
        (DifferenceCode.ROW_UNLOGGED, Table.SESSION),
    ]


def test_a_retention_that_was_set_by_sql_erases_nothing(forge: Forge) -> None:
    opened = forge.world.session()
    forge.world.clock.forward(days=8)
    assert _set_retention_by_sql(forge, 7) == 1
    forge.retain()
    assert forge.differences() == []
    assert list(forge.world.engine.forged_rows.all()) == ["applications"]
    started = forge.world.entries(EventType.SESSION_STARTED)
    assert [(entry.personal or {})["subject_id"] for entry in started] == [opened.subject.id]


def test_erasure_that_breaks_a_promise_is_found(forge: Forge) -> None:
    forge.world.session()
    forge.world.clock.forward(days=8)
    forge.world.set_up_application(retention_days=7)
    forge.retain()
    assert forge.differences() == []
    # What keeps the longer retention of before is a row as well.
    forge.sql.change("DELETE FROM meta WHERE name LIKE 'retention terms:%'")
    forge.retain()
    found = forge.differences()
    assert {one.code for one in found} == {DifferenceCode.ERASED_EARLY}
    assert all("for 30 days" in one.message for one in found)
    assert found[0].place == f"entry {found[0].index}"


def test_erasure_by_a_shorter_retention_whose_time_has_come_is_no_finding(forge: Forge) -> None:
    forge.world.session()
    forge.world.set_up_application(retention_days=7)
    forge.world.clock.forward(days=31)
    forge.world.session()
    forge.retain()
    forge.world.clock.forward(days=8)
    forge.retain()
    assert forge.differences() == []


def _set_retention_by_sql(forge: Forge, days: int) -> int:
    where = f"id = '{forge.world.application.id}'"
    [(text,)] = forge.sql.rows(f"SELECT settings FROM applications WHERE {where}")
    changed = json.dumps(json.loads(text) | {"retention_days": days})
    return forge.sql.change(f"UPDATE applications SET settings = ? WHERE {where}", changed)
