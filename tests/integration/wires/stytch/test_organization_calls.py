"""Organizations and members through the official Python SDK, over the application's directory."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from stytch.core.response_base import StytchError

from tests.integration.wires.stytch.place import Place
from tests.integration.wires.stytch.test_b2b_sdk import refusal
from understudy.core.notices.events import EventType

# The SDK itself uses what its own dependencies have deprecated.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


def test_organizations_are_created_found_changed_and_deleted(place: Place) -> None:
    sdk = place.b2b_sdk()
    made = sdk.organizations.create(
        "Blue Heron",
        organization_slug="blue-heron",
        organization_external_id="crm-4",
        email_allowed_domains=["heron.example"],
        mfa_policy="REQUIRED_FOR_ALL",
        trusted_metadata={"tier": 1},
    ).organization
    assert made.organization_id.startswith("organization-")
    for name in (made.organization_id, "blue-heron", "crm-4"):
        assert sdk.organizations.get(name).organization == made
    assert (made.mfa_policy, made.auth_methods) == ("REQUIRED_FOR_ALL", "ALL_ALLOWED")
    place.clock.forward(seconds=2)
    changed = sdk.organizations.update(
        "blue-heron", organization_name="Grey Heron", trusted_metadata={"seats": 9}
    ).organization
    assert (changed.organization_name, changed.organization_slug) == ("Grey Heron", "blue-heron")
    assert changed.trusted_metadata == {"tier": 1, "seats": 9}
    assert changed.email_allowed_domains == ["heron.example"]
    native = place.call("GET", f"/api/v1/organizations/{made.organization_id}").json()
    assert native["name"] == "Grey Heron"
    deleted = sdk.organizations.delete("crm-4")
    assert deleted.organization_id == made.organization_id
    with pytest.raises(StytchError) as raised:
        sdk.organizations.get("blue-heron")
    assert refusal(raised) == (404, "organization_not_found")
    written = (EventType.ORGANIZATION_SAVED, EventType.ORGANIZATION_DELETED)
    mine = [
        entry.type
        for entry in place.entries(*written)
        if (entry.personal or {}).get("organization_id") == made.organization_id
    ]
    assert mine == [*written[:1] * 2, written[1]]


def test_an_organization_has_a_slug_in_any_case(place: Place) -> None:
    sdk = place.b2b_sdk()
    made = sdk.organizations.create("Ça va & Söhne").organization
    assert sdk.organizations.get(made.organization_slug).organization == made
    assert sdk.organizations.get("acme").organization.organization_slug == "acme"


def test_names_of_organizations_are_unique(place: Place) -> None:
    sdk = place.b2b_sdk()
    first = sdk.organizations.create(
        "One", organization_slug="one", organization_external_id="crm-1"
    ).organization
    taken: Sequence[tuple[dict[str, Any], str]] = (
        ({"organization_slug": "one"}, "organization_slug_already_used"),
        ({"organization_external_id": "crm-1"}, "organization_external_id_already_used"),
        ({"organization_slug": "no spaces"}, "invalid_organization_slug"),
    )
    for names, error_type in taken:
        with pytest.raises(StytchError) as raised:
            sdk.organizations.create("Two", **names)
        assert refusal(raised) == (400, error_type)
        with pytest.raises(StytchError) as raised:
            sdk.organizations.update("globex", **names)
        assert refusal(raised) == (400, error_type)
    sdk.organizations.update(first.organization_id, organization_slug="one")


def test_members_are_created_found_changed_and_deleted(place: Place) -> None:
    sdk = place.b2b_sdk()
    made = sdk.organizations.members.create(
        "acme",
        "Ines@Acme.example",
        name="Ines Okafor",
        external_id="crm-5",
        roles=["owner"],
        untrusted_metadata={"theme": "dark"},
        mfa_phone_number="+12025550162",
    )
    assert made.member_id.startswith("member-")
    member = made.member
    assert (member.email_address, member.name) == ("ines@acme.example", "Ines Okafor")
    assert [role.role_id for role in member.roles] == ["stytch_member", "owner"]
    for found in (
        sdk.organizations.members.get("acme", member_id=made.member_id),
        sdk.organizations.members.get("acme", member_id="crm-5"),
        sdk.organizations.members.get("acme", email_address="INES@acme.example"),
        sdk.organizations.members.dangerously_get(made.member_id),
    ):
        assert found.member == member
        assert found.organization.organization_id == "acme"
    changed = sdk.organizations.members.update(
        "acme", made.member_id, name="Ines O.", roles=["stytch_admin"], email_address="io@x.example"
    ).member
    assert (changed.name, changed.email_address) == ("Ines O.", "io@x.example")
    assert changed.is_admin
    assert changed.untrusted_metadata == {"theme": "dark"}
    assert changed.mfa_phone_number == "+12025550162"
    native = place.call("GET", f"/api/v1/subjects/{made.member_id}").json()
    assert (native["name"], native["roles"]) == ("Ines O.", ["stytch_admin"])
    assert sdk.organizations.members.delete("acme", "crm-5").member_id == made.member_id
    with pytest.raises(StytchError) as raised:
        sdk.organizations.members.get("acme", member_id=made.member_id)
    assert refusal(raised) == (404, "member_not_found")
    gone = sdk.organizations.members.dangerously_get(made.member_id, include_deleted=True).member
    assert (gone.status, gone.email_address, gone.name) == ("deleted", "", "")


def test_what_the_native_api_keeps_is_left_alone(place: Place) -> None:
    sdk = place.b2b_sdk()
    path = "/api/v1/subjects/ada"
    body = {"email": "ada@acme.example", "name": "Ada", "organization_id": "acme",
            "roles": ["billing"], "protected": True}  # fmt: skip
    assert place.call("PUT", path, json=body).status_code == 200
    sdk.organizations.members.update("acme", "ada", trusted_metadata={"vip": True})
    assert place.call("GET", path).json()["protected"] is True
    assert place.call("PUT", path, json=body | {"name": "Ada L."}).status_code == 200
    found = sdk.organizations.members.get("acme", member_id="ada").member
    assert (found.name, found.trusted_metadata) == ("Ada L.", {"vip": True})


def test_an_address_is_unique_within_an_organization_only(place: Place) -> None:
    sdk = place.b2b_sdk()
    for create in (
        lambda: sdk.organizations.members.create("acme", "ADA@acme.example"),
        lambda: sdk.organizations.members.update(
            "acme",
            sdk.organizations.members.create("acme", "new@acme.example").member_id,
            email_address="ada@acme.example",
        ),
    ):
        with pytest.raises(StytchError) as raised:
            create()
        assert refusal(raised) == (400, "duplicate_member_email")
    sdk.organizations.members.create("globex", "ada@acme.example", external_id="crm-8")
    with pytest.raises(StytchError) as raised:
        sdk.organizations.members.create("acme", "x@acme.example", external_id="crm-8")
    assert refusal(raised) == (400, "duplicate_member_external_id")


def test_a_member_belongs_to_one_organization(place: Place) -> None:
    sdk = place.b2b_sdk()
    for call in (
        lambda: sdk.organizations.members.get("globex", member_id="ada"),
        lambda: sdk.organizations.members.get("globex", email_address="ada@acme.example"),
        lambda: sdk.organizations.members.update("globex", "ada", name="Mallory"),
        lambda: sdk.organizations.members.delete("globex", "ada"),
        lambda: sdk.organizations.members.reactivate("globex", "ada"),
        lambda: sdk.sessions.get("globex", "ada"),
    ):
        with pytest.raises(StytchError) as raised:
            call()
        assert refusal(raised) == (404, "member_not_found")


def test_an_external_id_is_given_up(place: Place) -> None:
    sdk = place.b2b_sdk()
    made = sdk.organizations.create("One", organization_external_id="crm-1").organization
    member = sdk.organizations.members.create("crm-1", "x@one.example", external_id="crm-2")
    sdk.organizations.members.delete_external_id("crm-1", "crm-2")
    sdk.organizations.delete_external_id("crm-1")
    for name in (made.organization_id, made.organization_slug):
        assert sdk.organizations.get(name).organization.organization_external_id is None
    found = sdk.organizations.members.get(made.organization_id, member_id=member.member_id)
    assert (found.member.external_id, found.member.email_address) == (None, "x@one.example")
    with pytest.raises(StytchError) as raised:
        sdk.organizations.get("crm-1")
    assert refusal(raised) == (404, "organization_not_found")


def test_a_disabled_member_shows_as_locked_and_is_reactivated(place: Place) -> None:
    sdk = place.b2b_sdk()
    body = {"email": "ada@acme.example", "organization_id": "acme", "disabled": True}
    place.call("PUT", "/api/v1/subjects/ada", json=body)
    assert sdk.organizations.members.get("acme", member_id="ada").member.is_locked
    assert not sdk.organizations.members.reactivate("acme", "ada").member.is_locked
    with pytest.raises(StytchError) as raised:
        sdk.organizations.members.reactivate("acme", "ada")
    assert refusal(raised) == (400, "no_deleted_member_found_for_reactivation")


def test_deleting_a_member_ends_the_session_in_which_somebody_works_as_them(place: Place) -> None:
    sdk = place.b2b_sdk()
    began = sdk.impersonation.authenticate(place.token())
    sdk.organizations.members.delete("acme", "ada")
    with pytest.raises(StytchError) as raised:
        sdk.sessions.authenticate(session_token=began.session_token)
    assert refusal(raised) == (404, "session_not_found")
    revoked = place.entries(EventType.SESSION_REVOKED)
    assert len(revoked) == 1


def test_an_organization_adds_roles_that_checks_go_by(place: Place) -> None:
    sdk = place.b2b_sdk()
    assert sdk.rbac.organizations.get_org_policy("acme").org_policy.roles == []
    role = {
        "role_id": "billing",
        "description": "Pays",
        "permissions": [{"resource_id": "payouts", "actions": ["create"]}],
    }
    place.call("PUT", "/v1/b2b/rbac/organizations/acme", json={"org_policy": {"roles": [role]}})
    assert sdk.rbac.organizations.get_org_policy("acme").org_policy.roles[0].role_id == "billing"
    assert sdk.organizations.get("acme").organization.custom_roles[0].role_id == "billing"
    began = sdk.impersonation.authenticate(place.token())
    check = {"organization_id": "acme", "resource_id": "payouts", "action": "create"}
    answer = sdk.sessions.authenticate(session_token=began.session_token, authorization_check=check)
    assert answer.verdict is not None
    assert answer.verdict.granting_roles == ["billing"]


def test_nothing_in_the_directory_is_changed_in_a_members_name(place: Place) -> None:
    session = place.session()
    header = {"X-Stytch-Member-Session": session["session_token"]}
    for method, path, body in (
        ("PUT", "/v1/b2b/organizations/acme", {"organization_name": "Mine"}),
        ("DELETE", "/v1/b2b/organizations/acme", {}),
        ("PUT", "/v1/b2b/organizations/acme/members/ada", {"roles": ["owner"]}),
        ("DELETE", "/v1/b2b/organizations/acme/members/ada", {}),
        ("POST", "/v1/b2b/organizations/members/search", {"organization_ids": ["acme"]}),
    ):
        answer = place.call(method, path, headers=header, json=body)
        assert (answer.status_code, answer.json()["error_type"]) == (
            403,
            "session_authorization_error",
        )
    assert place.b2b_sdk().organizations.get("acme").organization.organization_name == "Acme"


def test_one_project_sees_nothing_of_another(place: Place) -> None:
    mine, theirs = place.b2b_sdk(), place.b2b_sdk(place.other)
    made = theirs.organizations.create("Hidden", organization_slug="hidden").organization
    member = theirs.organizations.members.create("hidden", "x@hidden.example").member_id
    for name in ("hidden", made.organization_id):
        with pytest.raises(StytchError) as raised:
            mine.organizations.get(name)
        assert refusal(raised) == (404, "organization_not_found")
    with pytest.raises(StytchError) as raised:
        mine.organizations.members.dangerously_get(member)
    assert refusal(raised) == (404, "member_not_found")
    assert [one.organization_id for one in mine.organizations.search().organizations] == [
        "acme",
        "globex",
    ]
