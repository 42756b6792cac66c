from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from understudy.core.ports.comparison import Table, Told
from understudy.flows.comparison.differences import DifferenceCode
from understudy.flows.comparison.grants import compare_grant

AT = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
WHOSE = {
    "application_id": "app_1",
    "actor_ref": "opr_1",
    "subject_ref": "sub_1",
    "organization_ref": None,
}
PENDING: dict[str, Any] = {"scope": "full", "minutes": 30, "status": "pending"}


def row(kind: Table, **facts: Any) -> Told:
    return Told(key="grt_1", index=None, kind=kind, time=AT, facts=facts)


def entry(index: int, kind: str, *, by: str | None = None, **details: Any) -> Told:
    facts: Mapping[str, Any] = WHOSE | {"doer_ref": by, "details": details}
    return Told(key="grt_1", index=index, kind=kind, time=AT, facts=facts)


def grant(status: str = "ready", *, waits_minutes: int = 15) -> Told:
    ends_at = int(AT.timestamp()) * 1_000 + waits_minutes * 60_000
    facts = WHOSE | {"scope": "full", "minutes": 30, "status": status, "ends_at": ends_at}
    return row(Table.GRANT, id="grt_1", session_ends_at=None, **facts)


def approval(status: str = "agreed") -> Told:
    return row(Table.APPROVAL, id="apr_1", actor_ref="opr_2", status=status)


def review(ended_at: int | None = None) -> Told:
    return row(Table.REVIEW, id="rvw_1", actor_ref=None, ended_at=ended_at)


REQUESTED = entry(1, "grant.requested", **PENDING)
GIVEN = entry(2, "approval.given", by="opr_2", **(PENDING | {"status": "ready"}))
BROKEN = entry(2, "glass.broken")


def codes(*told: Told) -> list[DifferenceCode]:
    return [one.code for one in compare_grant(told)]


def test_what_the_log_tells_of_agrees() -> None:
    assert codes(grant(), approval(), REQUESTED, GIVEN) == []
    assert codes(grant("pending"), REQUESTED) == []
    assert codes(grant(), review(), entry(1, "grant.created"), BROKEN) == []


def test_a_grant_that_waits_cannot_be_used() -> None:
    assert codes(grant(), REQUESTED) == [DifferenceCode.ROW_WIDENED]


def test_only_what_others_have_to_agree_to_waits_for_a_day_of_work() -> None:
    long = grant("pending", waits_minutes=480)
    assert codes(long, REQUESTED) == []
    assert codes(long, entry(1, "grant.created")) == [DifferenceCode.ROW_WIDENED]


def test_an_agreement_of_which_no_entry_tells_is_found() -> None:
    assert codes(grant("pending"), approval(), REQUESTED) == [DifferenceCode.ROW_UNLOGGED]
    assert codes(grant("pending"), approval("not agreed"), REQUESTED) == []


def test_an_agreement_that_was_taken_back_does_not_come_back() -> None:
    withdrawn = entry(3, "approval.withdrawn", by="opr_2")
    assert codes(grant("denied"), approval(), REQUESTED, GIVEN, withdrawn) == [
        DifferenceCode.ROW_REVIVED
    ]
    assert codes(grant(), approval("not agreed"), REQUESTED, GIVEN, withdrawn) == [
        DifferenceCode.ROW_REVIVED
    ]


def test_an_agreement_or_a_review_that_was_deleted_is_found() -> None:
    assert codes(grant(), REQUESTED, GIVEN) == [DifferenceCode.ROW_MISSING]
    assert codes(grant(), entry(1, "grant.created"), BROKEN) == [DifferenceCode.ROW_MISSING]


def test_a_review_that_nobody_closed_is_found() -> None:
    made = entry(1, "grant.created")
    assert codes(grant(), review(5), made, BROKEN) == [DifferenceCode.END_UNLOGGED]
    assert codes(grant(), review(5), made, BROKEN, entry(3, "review.closed")) == []


def test_what_retention_has_erased_is_held_against_nobody() -> None:
    assert codes(grant(), approval(), review(5)) == []
