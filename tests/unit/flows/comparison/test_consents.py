"""Somebody who writes the database agrees to nothing for a user."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from understudy.core.notices.events import EventType
from understudy.core.ports.comparison import Table, Told
from understudy.flows.comparison.consents import compare_consents
from understudy.flows.comparison.differences import DifferenceCode

NOW = datetime(2026, 1, 1, tzinfo=UTC)
ROW = {
    "id": "cns_1",
    "scope": "read_only",
    "minutes": 5,
    "ends_at": 7,
    "withdrawn_at": None,
    "actor_ref": None,
}
SAID = {
    "consent_id": "cns_1",
    "scope": "read_only",
    "minutes": 5,
    "until_ms": 7,
    "actor_ref": None,
}


def row(**changes: Any) -> Told:
    facts = {**ROW, **changes}
    return Told(key="sub_1", index=None, kind=Table.CONSENT, time=NOW, facts=facts)


def entry(kind: EventType = EventType.CONSENT_GIVEN, index: int = 4, **details: Any) -> Told:
    facts = {"details": {**SAID, **details}}
    return Told(key="sub_1", index=index, kind=kind, time=NOW, facts=facts)


WITHDRAWN = entry(EventType.CONSENT_WITHDRAWN, 9)


def found(*told: Told) -> list[tuple[DifferenceCode, int | None]]:
    return [(one.code, one.index) for one in compare_consents(told)]


@pytest.mark.parametrize(
    "told",
    [
        (row(), entry()),
        (row(withdrawn_at=8), entry(), WITHDRAWN),
        (entry(), WITHDRAWN),
        (row(withdrawn_at=8), entry()),
    ],
)
def test_a_row_that_is_as_was_said_is_none(told: tuple[Told, ...]) -> None:
    assert found(*told) == []


def test_a_row_of_which_no_entry_tells_was_written_by_somebody_else() -> None:
    assert found(row()) == [(DifferenceCode.ROW_UNLOGGED, None)]
    assert found(row(id="cns_2"), entry()) == [(DifferenceCode.ROW_UNLOGGED, None)]


@pytest.mark.parametrize(
    "change",
    [{"scope": "full"}, {"minutes": None}, {"ends_at": 8}, {"actor_ref": "opr_1"}],
)
def test_a_row_that_agrees_to_something_else_is_found(change: dict[str, Any]) -> None:
    assert found(row(**change), entry()) == [(DifferenceCode.ROW_WIDENED, 4)]


def test_what_was_taken_back_stays_so() -> None:
    assert found(row(), entry(), WITHDRAWN) == [(DifferenceCode.ROW_REVIVED, 9)]
