"""What an organization is told about how its members would sign in is text as everywhere."""

from __future__ import annotations

from collections.abc import Iterable

from understudy.core.text import require_id, require_text
from understudy.wires.stytch.requests import ChangeOrganization, Role

_LINES = ("organization_logo_url", "sso_default_connection_id")
_LISTS = (
    "sso_jit_provisioning_allowed_connections",
    "email_allowed_domains",
    "claimed_email_domains",
    "allowed_auth_methods",
    "allowed_mfa_methods",
    "allowed_first_party_connected_apps",
    "allowed_third_party_connected_apps",
)


def require_organization_lines(change: ChangeOrganization) -> None:
    """Return only if what ``change`` gives is text; its metadata and tenants are the customer's.

    :raises InvalidInput: naming the field, the character and where it stands.
    """
    for field in _LINES:
        require_id(getattr(change, field), field)
    for field in _LISTS:
        _require_each(getattr(change, field) or (), field)
    for rule in change.rbac_email_implicit_role_assignments or ():
        _require_each((rule.domain, rule.role_id), "rbac_email_implicit_role_assignments")


def require_role_texts(roles: Iterable[Role]) -> None:
    """Return only if what ``roles`` say is text; descriptions may have several lines.

    :raises InvalidInput: see ``require_organization_lines``.
    """
    for role in roles:
        require_id(role.role_id, "role_id")
        require_text(role.description, "description", lines=True)
        for permission in role.permissions:
            require_id(permission.resource_id, "resource_id")
            _require_each(permission.actions, "actions")


def _require_each(texts: Iterable[str], field: str) -> None:
    for text in texts:
        require_id(text, field)
