from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.contract.storage.make import session
from tests.unit.core.factories import NOW, grant, settings
from understudy.core.governance.approvals import ApprovalTerms
from understudy.core.impersonation.restrictions import Scope
from understudy.core.rules.narrow import held_to, narrowed, told

HOUR = timedelta(minutes=60)
GRANT = grant()
TIGHT = settings(
    default_minutes=5,
    max_minutes=5,
    idle_minutes=2,
    allowed_scopes=(Scope.READ_ONLY,),
    default_scope=Scope.READ_ONLY,
)


def test_a_grant_within_the_settings_stays_as_it_is() -> None:
    assert narrowed(GRANT, settings()) == GRANT
    assert told(GRANT, narrowed(GRANT, settings())) == {"scope": "full", "minutes": 60}


def test_a_wider_grant_is_held_to_the_settings_and_the_entry_tells_both() -> None:
    effective = narrowed(GRANT, TIGHT)
    assert (effective.scope, effective.minutes) == (Scope.READ_ONLY, 5)
    assert told(GRANT, effective) == {
        "scope": "read_only",
        "granted_scope": "full",
        "minutes": 5,
        "granted_minutes": 60,
    }


def test_a_grant_to_read_stays_one_where_reading_alone_is_no_longer_offered() -> None:
    reading = replace(GRANT, scope=Scope.READ_ONLY)
    assert narrowed(reading, settings(allowed_scopes=(Scope.FULL,))) == reading


def test_shorter_minutes_count_from_the_first_exchange_and_longer_ones_widen_nothing() -> None:
    running = replace(GRANT, session_ends_at=NOW + HOUR)
    shorter = narrowed(running, TIGHT)
    assert shorter.session_ends_at == NOW + timedelta(minutes=5)
    assert narrowed(shorter, settings()) == shorter


@pytest.mark.parametrize(("idle", "effective"), [(10, 2), (1, 1)])
def test_a_session_is_held_to_the_nearer_of_each_limit(idle: int, effective: int) -> None:
    live = replace(session(), ends_at=NOW + HOUR, idle_limit=timedelta(minutes=idle))
    ends_at = NOW + timedelta(minutes=5)
    held = held_to(live, replace(GRANT, session_ends_at=ends_at), TIGHT)
    assert (held.ends_at, held.idle_limit) == (ends_at, timedelta(minutes=effective))
    assert held_to(live, GRANT, TIGHT).ends_at == live.ends_at
    assert (
        held_to(live, replace(GRANT, session_ends_at=NOW + 2 * HOUR), TIGHT).ends_at == NOW + HOUR
    )


def test_broken_glass_is_held_to_the_minutes_that_are_set_for_it_by_now() -> None:
    broken = replace(GRANT, review_id="rvw_1")
    terms = ApprovalTerms(break_glass=True, break_glass_minutes=7)
    assert narrowed(broken, settings(approval=terms)).minutes == 7
    assert narrowed(GRANT, settings(approval=terms)).minutes == 60
