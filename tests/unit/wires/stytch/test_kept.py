from __future__ import annotations

import pytest

from tests.unit.core import factories
from understudy.wires.stytch.kept import (
    KeptOrganization,
    KeptSubject,
    changed,
    kept_of_organization,
    kept_of_subject,
    with_kept,
)
from understudy.wires.stytch.requests import ChangeMember, ChangeOrganization, Role


def test_what_is_kept_comes_back() -> None:
    kept = KeptSubject(pending=True, trusted_metadata={"a": [1, {"b": None}]})
    assert kept_of_subject(factories.subject(extra=with_kept({}, kept))) == kept
    organization = KeptOrganization(mfa_policy="REQUIRED_FOR_ALL", custom_roles=[Role(role_id="x")])
    found = kept_of_organization(factories.organization(extra=with_kept({}, organization)))
    assert found == organization


def test_what_came_by_another_way_has_nothing_kept() -> None:
    assert kept_of_subject(factories.subject()) == KeptSubject()
    assert kept_of_organization(factories.organization()) == KeptOrganization()


def test_what_other_wires_keep_stays() -> None:
    extra = with_kept({"clerk": {"x": 1}}, KeptSubject(pending=True))
    assert extra == {"clerk": {"x": 1}, "stytch": {"pending": True}}
    assert with_kept(extra, KeptSubject()) == {"clerk": {"x": 1}}


def test_only_what_is_given_changes() -> None:
    before = KeptSubject(is_breakglass=True, mfa_phone_number="+12025550162")
    assert changed(before, ChangeMember()) == before
    assert changed(before, ChangeMember(is_breakglass=False, mfa_phone_number="")) == KeptSubject()


@pytest.mark.parametrize(
    ("before", "change", "after"),
    [
        ({"a": 1}, {"b": 2}, {"a": 1, "b": 2}),
        ({"a": 1}, {"a": {"c": 3}}, {"a": {"c": 3}}),
        ({"a": 1, "b": 2}, {"a": None}, {"b": 2}),
        ({}, {"a": None}, {}),
        ({"a": 1}, {}, {"a": 1}),
    ],
)
def test_metadata_are_merged_and_a_null_takes_a_key_away(
    before: dict[str, object], change: dict[str, object], after: dict[str, object]
) -> None:
    kept = changed(
        KeptOrganization(trusted_metadata=before), ChangeOrganization(trusted_metadata=change)
    )
    assert kept.trusted_metadata == after
