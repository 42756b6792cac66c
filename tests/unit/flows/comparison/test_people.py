"""Sign-ins and links whose entries say no id, as those of release 0.1."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from understudy.core.notices.events import EventType
from understudy.core.ports.comparison import Table, Told
from understudy.core.times import to_ms
from understudy.flows.comparison.differences import DifferenceCode
from understudy.flows.comparison.people import compare_operator

BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
MADE = {"details": {"roles": "auditor", "status": "active"}}


def _row(kind: Table, second: float = 0, row_id: str | None = None, **facts: Any) -> Told:
    time = BEGIN + timedelta(seconds=second)
    ready = {"id": row_id, "used_at": None, "ends_at": to_ms(time), "status": "active"}
    columns = ready | {"roles": '["auditor"]', "groups": None} | facts
    return Told(key="opr_1", index=None, kind=kind, time=time, facts=columns)


def _entry(index: int, kind: EventType, second: float, **facts: Any) -> Told:
    time = BEGIN + timedelta(seconds=second)
    return Told(key="opr_1", index=index, kind=kind, time=time, facts=facts)


def _found(*told: Told) -> Sequence[tuple[DifferenceCode, Table | None]]:
    joined = _entry(0, EventType.OPERATOR_JOINED, 0, **MADE)
    rows = [one for one in told if one.index is None]
    entries = [one for one in told if one.index is not None]
    found = compare_operator([_row(Table.OPERATOR), *rows, joined, *entries])
    return [(one.code, one.table) for one in found]


def test_a_sign_in_is_found_by_its_time() -> None:
    signed_in = _entry(1, EventType.OPERATOR_SIGNED_IN, 600)
    assert _found(_row(Table.SIGN_IN, 600, "a"), signed_in) == []
    unlogged = [(DifferenceCode.ROW_UNLOGGED, Table.SIGN_IN)]
    assert _found(_row(Table.SIGN_IN, 300, "a"), signed_in) == unlogged


def test_one_entry_explains_one_sign_in() -> None:
    signed_in = _entry(1, EventType.OPERATOR_SIGNED_IN, 600)
    rows = (_row(Table.SIGN_IN, 600, "a"), _row(Table.SIGN_IN, 601, "b"))
    assert _found(*rows, signed_in) == [(DifferenceCode.ROW_UNLOGGED, Table.SIGN_IN)]


def test_an_entry_that_names_a_sign_in_explains_no_other() -> None:
    named = _entry(1, EventType.OPERATOR_SIGNED_IN, 600, details={"sign_in": "a"})
    assert _found(_row(Table.SIGN_IN, 600, "a"), named) == []
    other = _row(Table.SIGN_IN, 600, "b")
    assert _found(other, named) == [(DifferenceCode.ROW_UNLOGGED, Table.SIGN_IN)]


def test_a_sign_in_soon_after_another_is_not_taken_for_the_one_that_ended() -> None:
    changed = _entry(1, EventType.OPERATOR_PASSWORD_CHANGED, 30)
    assert _found(_row(Table.SIGN_IN, 30, "a"), changed) == []


def test_whatever_began_before_an_operator_was_disabled_is_gone() -> None:
    signed_in = _entry(1, EventType.OPERATOR_SIGNED_IN, 600)
    disabled = _entry(2, EventType.OPERATOR_DISABLED, 700)
    row = _row(Table.SIGN_IN, 600, "a")
    assert _found(row, signed_in, disabled) == [(DifferenceCode.ROW_REVIVED, Table.SIGN_IN)]
    again = _entry(3, EventType.OPERATOR_SIGNED_IN, 710)
    assert _found(_row(Table.SIGN_IN, 710, "b"), signed_in, disabled, again) == []


def test_a_sign_out_of_release_0_1_does_not_say_which_and_holds_nothing_against_a_row() -> None:
    signed_in = _entry(1, EventType.OPERATOR_SIGNED_IN, 600)
    signed_out = _entry(2, EventType.OPERATOR_SIGNED_OUT, 700)
    assert _found(_row(Table.SIGN_IN, 600, "a"), signed_in, signed_out) == []


def test_a_link_that_was_used_may_stay_until_it_is_replaced() -> None:
    invited = _entry(1, EventType.OPERATOR_INVITED, 600, **MADE)
    joined = _entry(2, EventType.OPERATOR_JOINED, 900, **MADE)
    used = _row(Table.INVITATION, 600, used_at=to_ms(BEGIN))
    assert _found(used, invited, joined) == []
    unused = _row(Table.INVITATION, 600)
    assert _found(unused, invited) == []
    assert _found(unused, invited, joined) == [(DifferenceCode.ROW_REVIVED, Table.INVITATION)]
    replaced = _entry(3, EventType.OPERATOR_INVITED, 1200, **MADE)
    revived = [(DifferenceCode.ROW_REVIVED, Table.INVITATION)]
    assert _found(used, invited, joined, replaced) == revived


def test_groups_that_no_entry_gave_or_took_are_found() -> None:
    of_billing = {"details": {"roles": "auditor", "status": "active", "groups": "billing leads"}}
    joined = _entry(0, EventType.OPERATOR_JOINED, 0, **MADE)
    came = _entry(1, EventType.OPERATOR_UPDATED, 5, **of_billing)
    left = _entry(2, EventType.OPERATOR_UPDATED, 9, **MADE)
    both = '["billing","leads"]'
    for groups, *told in ((None, joined), (both, joined, came), (None, joined, came, left)):
        assert not list(compare_operator([_row(Table.OPERATOR, groups=groups), *told]))
    for groups, *told in ((both, joined), (None, joined, came), (both, joined, came, left)):
        (found,) = compare_operator([_row(Table.OPERATOR, groups=groups), *told])
        assert found.code is DifferenceCode.ROW_DIFFERS


def test_roles_that_are_no_list_are_not_those_of_the_entry() -> None:
    joined = _entry(0, EventType.OPERATOR_JOINED, 0, **MADE)
    for roles in ("nonsense", "7", "[7]"):
        found = compare_operator([_row(Table.OPERATOR, roles=roles), joined])
        assert [one.code for one in found] == [DifferenceCode.ROW_DIFFERS]
