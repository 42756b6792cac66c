from __future__ import annotations

from typing import Any

import msgspec
import pytest
from stytch.b2b.models.rbac import Policy as B2BPolicy
from stytch.consumer.models.rbac import Policy as ConsumerPolicy

from tests.unit.core import factories
from understudy.core.applications.application import Application, Vertical
from understudy.errors import PermissionMissing
from understudy.wires.stytch.kept import KeptOrganization, with_kept
from understudy.wires.stytch.rbac import authorized_roles, org_policy, policy
from understudy.wires.stytch.requests import AuthorizationCheck, Permission, Role
from understudy.wires.stytch.settings import RbacPermission, RbacRole

OWNER = RbacRole(
    role_id="member",
    description="Everything",
    permissions=(
        RbacPermission(resource_id="invoices", actions=("*",)),
        RbacPermission(resource_id="notes", actions=("read", "write")),
    ),
)
READER = RbacRole(
    role_id="reader", permissions=(RbacPermission(resource_id="notes", actions=("read",)),)
)


def _part(*roles: RbacRole) -> dict[str, Any]:
    return {"stytch": {"rbac_roles": msgspec.to_builtins(roles)}}


def _application(vertical: Vertical = Vertical.B2B) -> Application:
    settings = factories.settings(wires=_part(OWNER, READER))
    return factories.application(vertical=vertical, settings=settings)


def _granting(
    resource_id: str, action: str, organization_id: str = "acme", **kept: Any
) -> list[str]:
    organization = factories.organization(extra=with_kept({}, KeptOrganization(**kept)))
    check = AuthorizationCheck(
        resource_id=resource_id, action=action, organization_id=organization_id
    )
    return authorized_roles(_application(), factories.subject(), organization, check)


def test_the_sdks_read_the_policy() -> None:
    found = policy(_application())
    B2BPolicy(**found)
    assert [role["role_id"] for role in found["roles"]] == [
        "stytch_member",
        "stytch_admin",
        "member",
        "reader",
    ]
    assert found["resources"] == [
        {"resource_id": "invoices", "description": "", "actions": []},
        {"resource_id": "notes", "description": "", "actions": ["read", "write"]},
    ]
    consumer = policy(_application(Vertical.CONSUMER))
    ConsumerPolicy(**consumer)
    assert consumer["roles"][0]["role_id"] == "stytch_user"


def test_a_default_role_may_be_described_by_the_settings() -> None:
    described = RbacRole(role_id="stytch_member", description="Ours")
    application = factories.application(settings=factories.settings(wires=_part(described)))
    roles = policy(application)["roles"]
    assert [(role["role_id"], role["description"]) for role in roles] == [
        ("stytch_admin", ""),
        ("stytch_member", "Ours"),
    ]


def test_a_role_allows_what_it_names_and_an_asterisk_every_action() -> None:
    assert _granting("notes", "write") == ["member"]
    assert _granting("invoices", "anything") == ["member"]


@pytest.mark.parametrize(
    ("resource_id", "action", "error_type"),
    [
        ("notes", "delete", "session_authorization_error"),
        ("Notes", "read", "session_authorization_error"),
        ("note", "read", "session_authorization_error"),
        ("*", "*", "session_authorization_error"),
    ],
)
def test_what_no_role_names_is_refused(resource_id: str, action: str, error_type: str) -> None:
    with pytest.raises(PermissionMissing) as refused:
        _granting(resource_id, action)
    assert refused.value.facts["error_type"] == error_type


@pytest.mark.parametrize("organization_id", ["globex", "", None])
def test_another_organization_is_another_matter(organization_id: Any) -> None:
    with pytest.raises(PermissionMissing) as refused:
        _granting("notes", "read", organization_id)
    assert refused.value.facts["error_type"] == "session_authorization_tenancy_error"


def test_an_organization_may_add_to_the_roles() -> None:
    added = Role(
        role_id="member", permissions=[Permission(resource_id="payouts", actions=["create"])]
    )
    assert _granting("payouts", "create", custom_roles=[added]) == ["member"]
    kept = with_kept({}, KeptOrganization(custom_roles=[added]))
    assert org_policy(factories.organization(extra=kept))["roles"][0]["role_id"] == "member"


def test_a_user_is_checked_without_an_organization() -> None:
    check = AuthorizationCheck(resource_id="notes", action="read")
    application = _application(Vertical.CONSUMER)
    assert authorized_roles(application, factories.subject(), None, check) == ["member"]
    with pytest.raises(PermissionMissing) as refused:
        authorized_roles(application, factories.subject(roles=()), None, check)
    assert refused.value.facts["error_type"] == "consumer_session_authorization_error"
