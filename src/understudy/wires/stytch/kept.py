"""What the SDKs' clients store with members, users and organizations, beyond what rules look at.

It lies under one key of ``extra``; what other wires keep there stays. Nothing of it has an effect.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

import msgspec

from understudy.core.people.principals import Organization, Subject
from understudy.wires.stytch.requests import (
    ConnectedApps,
    Invites,
    JitProvisioning,
    MfaPolicy,
    Restriction,
    Role,
    RoleByDomain,
)

_KEY = "stytch"
K = TypeVar("K", bound=msgspec.Struct)


class KeptSubject(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What is kept of a member or user."""

    pending: bool = False
    first_name: str = ""
    middle_name: str = ""
    last_name: str = ""
    phone_number: str = ""
    is_breakglass: bool = False
    mfa_enrolled: bool = False
    mfa_phone_number: str = ""
    default_mfa_method: str = ""
    trusted_metadata: dict[str, Any] = msgspec.field(default_factory=dict)
    untrusted_metadata: dict[str, Any] = msgspec.field(default_factory=dict)


class KeptOrganization(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What is kept of an organization: how its members would sign in, were it done here."""

    organization_logo_url: str = ""
    trusted_metadata: dict[str, Any] = msgspec.field(default_factory=dict)
    custom_roles: list[Role] = msgspec.field(default_factory=list)
    sso_default_connection_id: str | None = None
    sso_jit_provisioning: ConnectedApps = "NOT_ALLOWED"
    sso_jit_provisioning_allowed_connections: list[str] = msgspec.field(default_factory=list)
    email_allowed_domains: list[str] = msgspec.field(default_factory=list)
    claimed_email_domains: list[str] = msgspec.field(default_factory=list)
    email_jit_provisioning: JitProvisioning = "NOT_ALLOWED"
    email_invites: Invites = "ALL_ALLOWED"
    auth_methods: Restriction = "ALL_ALLOWED"
    allowed_auth_methods: list[str] = msgspec.field(default_factory=list)
    mfa_policy: MfaPolicy = "OPTIONAL"
    mfa_methods: Restriction = "ALL_ALLOWED"
    allowed_mfa_methods: list[str] = msgspec.field(default_factory=list)
    rbac_email_implicit_role_assignments: list[RoleByDomain] = msgspec.field(default_factory=list)
    oauth_tenant_jit_provisioning: JitProvisioning = "NOT_ALLOWED"
    allowed_oauth_tenants: dict[str, Any] = msgspec.field(default_factory=dict)
    first_party_connected_apps_allowed_type: ConnectedApps = "ALL_ALLOWED"
    allowed_first_party_connected_apps: list[str] = msgspec.field(default_factory=list)
    third_party_connected_apps_allowed_type: ConnectedApps = "ALL_ALLOWED"
    allowed_third_party_connected_apps: list[str] = msgspec.field(default_factory=list)


def kept_of_subject(subject: Subject) -> KeptSubject:
    """What this wire kept of a subject; nothing, when it came by another way."""
    return msgspec.convert(subject.extra.get(_KEY, {}), KeptSubject)


def kept_of_organization(organization: Organization) -> KeptOrganization:
    """What this wire kept of an organization."""
    return msgspec.convert(organization.extra.get(_KEY, {}), KeptOrganization)


def with_kept(extra: Mapping[str, Any], kept: msgspec.Struct) -> Mapping[str, Any]:
    """``extra`` with what this wire keeps replaced by ``kept``."""
    others = {name: value for name, value in extra.items() if name != _KEY}
    found = msgspec.to_builtins(kept)
    return {**others, _KEY: found} if found else others


def changed(kept: K, change: msgspec.Struct) -> K:
    """``kept`` with every field of the same name that ``change`` gives.

    Metadata are merged: a null takes its key away.
    """
    given: dict[str, Any] = {}
    for name in kept.__struct_fields__:
        value = getattr(change, name, None)
        if value is None or value is msgspec.UNSET:
            continue
        given[name] = _merged(getattr(kept, name), value) if name.endswith("_metadata") else value
    return msgspec.structs.replace(kept, **given)


def _merged(before: Mapping[str, Any], change: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in {**before, **change}.items() if value is not None}
