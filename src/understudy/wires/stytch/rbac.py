"""Roles as the SDKs ask for them: what an admin wrote down, and what organizations added.

Understudy itself grants nothing by them. They let ``authorization_check`` go on working.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

from understudy.core.applications.application import Application, Vertical
from understudy.core.people.principals import Organization, Subject
from understudy.wires.stytch import objects
from understudy.wires.stytch.errors import ErrorType, refused
from understudy.wires.stytch.kept import kept_of_organization
from understudy.wires.stytch.requests import AuthorizationCheck
from understudy.wires.stytch.settings import RbacPermission, RbacRole, settings_of

ANY_ACTION = "*"
_DEFAULTS = {
    Vertical.B2B: (objects.MEMBER_ROLE, objects.ADMIN_ROLE),
    Vertical.CONSUMER: (objects.USER_ROLE,),
}


def policy(application: Application) -> dict[str, Any]:
    """The application's roles, and the resources that they speak of."""
    roles = _roles(application)
    return {
        "roles": [_role(role) for role in roles],
        "resources": _resources(roles),
        "scopes": [],
    }


def org_policy(organization: Organization) -> dict[str, Any]:
    """The roles that one organization added."""
    kept = kept_of_organization(organization)
    return {"roles": [msgspec.to_builtins(role) for role in kept.custom_roles]}


def authorized_roles(
    application: Application,
    subject: Subject,
    organization: Organization | None,
    check: AuthorizationCheck,
) -> list[str]:
    """The roles of ``subject`` that allow what ``check`` asks.

    :raises PermissionMissing: none does, or another organization is meant.
    """
    if application.vertical is Vertical.CONSUMER:
        held, roles = objects.user_roles(subject), _roles(application)
        refusal = ErrorType.CONSUMER_AUTHORIZATION
    else:
        _require_tenant(organization, check)
        held = objects.member_roles(subject)
        roles = [*_roles(application), *_organization_roles(organization)]
        refusal = ErrorType.AUTHORIZATION
    granting = [role.role_id for role in roles if role.role_id in held and _allows(role, check)]
    if not granting:
        raise refused(refusal, "No role of this session allows that action on that resource.")
    return list(dict.fromkeys(granting))


def _require_tenant(organization: Organization | None, check: AuthorizationCheck) -> None:
    if organization is None or check.organization_id != organization.id:
        raise refused(ErrorType.TENANCY, "The session belongs to another organization.")


def _allows(role: RbacRole, check: AuthorizationCheck) -> bool:
    return any(
        permission.resource_id == check.resource_id
        and (ANY_ACTION in permission.actions or check.action in permission.actions)
        for permission in role.permissions
    )


def _roles(application: Application) -> list[RbacRole]:
    """Those of the settings, and the default ones that they do not describe."""
    written = settings_of(application).rbac_roles
    known = {role.role_id for role in written}
    missing = [name for name in _DEFAULTS[application.vertical] if name not in known]
    return [*(RbacRole(role_id=name) for name in missing), *written]


def _organization_roles(organization: Organization | None) -> list[RbacRole]:
    if organization is None:
        return []
    return [
        RbacRole(
            role_id=role.role_id,
            description=role.description,
            permissions=tuple(
                RbacPermission(resource_id=one.resource_id, actions=tuple(one.actions))
                for one in role.permissions
            ),
        )
        for role in kept_of_organization(organization).custom_roles
    ]


def _role(role: RbacRole) -> dict[str, Any]:
    return {
        "role_id": role.role_id,
        "description": role.description,
        "permissions": [
            {"resource_id": one.resource_id, "actions": list(one.actions)}
            for one in role.permissions
        ],
    }


def _resources(roles: Iterable[RbacRole]) -> Sequence[dict[str, Any]]:
    """Every resource that a role names, with every action that one names for it."""
    found: dict[str, dict[str, None]] = {}
    for role in roles:
        for permission in role.permissions:
            actions = found.setdefault(permission.resource_id, {})
            actions.update(dict.fromkeys(a for a in permission.actions if a != ANY_ACTION))
    return [
        {"resource_id": resource, "description": "", "actions": list(actions)}
        for resource, actions in found.items()
    ]
