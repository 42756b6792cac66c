from __future__ import annotations

import logging
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from understudy import SignInRequired, StaffMember
from understudy.embedded.staff import read_staff_member

SAM = StaffMember(id="7", email="sam@shop.example", name="Sam", roles=["admin", "auditor"])


def test_a_staff_member_is_read_with_roles_that_compare() -> None:
    read = read_staff_member(SAM)
    assert read == replace(SAM, roles=frozenset({"admin", "auditor"}))
    assert read == read_staff_member(replace(SAM, roles=("auditor", "admin")))


def test_nobody_and_a_wish_for_a_sign_in_are_as_they_were_given() -> None:
    required = SignInRequired(at="/login")
    assert read_staff_member(None) is None
    assert read_staff_member(required) is required


@pytest.mark.parametrize(
    "given",
    [
        "sam",
        True,
        {"id": "7"},
        replace(SAM, id=""),
        replace(SAM, id="7" * 256),
        replace(SAM, id=7),  # type: ignore[arg-type]
        replace(SAM, email=""),
        replace(SAM, name="Sam\u202e"),
        replace(SAM, roles="admin"),
        replace(SAM, roles=["admin", "owner"]),
        replace(SAM, groups="billing"),
        replace(SAM, groups=["Billing Team"]),
        replace(SAM, groups=[7]),  # type: ignore[list-item]
        replace(SAM, groups=7),  # type: ignore[arg-type]
        replace(SAM, signed_in_at=datetime(2026, 1, 1)),  # noqa: DTZ001  (naive on purpose)
    ],
)
def test_what_makes_no_sense_is_nobody(given: Any, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR, "understudy"):
        assert read_staff_member(given) is None
    assert "shop.example" not in caplog.text
    assert caplog.records[0].__dict__["action"] == "read_staff_member"


def test_groups_are_read_where_an_app_says_them() -> None:
    for groups in (None, [], ["leads", "billing"]):
        read = read_staff_member(replace(SAM, groups=groups))
        assert isinstance(read, StaffMember)
        assert read.groups == groups


def test_a_sign_in_with_its_time_is_read() -> None:
    at = datetime(2026, 1, 1, tzinfo=UTC)
    read = read_staff_member(replace(SAM, signed_in_at=at))
    assert isinstance(read, StaffMember)
    assert read.signed_in_at == at
