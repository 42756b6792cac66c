"""Domain values as the objects that the SDKs parse; every field that they require is there.

Lists, texts and flags are never null: Python's SDK refuses the whole answer for one of them.
"""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from typing import Any

import msgspec

from understudy.core.impersonation.grants import Grant
from understudy.core.impersonation.sessions import Session
from understudy.core.people.principals import ActorKind, Organization, Status, Subject
from understudy.wires.stytch.kept import KeptSubject, kept_of_organization, kept_of_subject

MEMBER_ROLE = "stytch_member"
ADMIN_ROLE = "stytch_admin"
USER_ROLE = "stytch_user"
"""Everybody has the first or the last; the one between makes ``is_admin`` true."""

Json = dict[str, Any]
_NAMES = uuid.UUID("6f0c2b5e-0a1d-5b3a-9a55-3f1a6c2f7e10")
# NOTE: frozen. Clients store ids that were derived under it.


def instant(moment: datetime) -> str:
    """RFC 3339 in UTC, cut to whole seconds: an SDK takes a moment ahead of its clock amiss."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def member_roles(subject: Subject) -> list[str]:
    """The ids of a member's roles; the directory's own roles are roles here."""
    return [MEMBER_ROLE, *(role for role in subject.roles if role != MEMBER_ROLE)]


def user_roles(subject: Subject) -> list[str]:
    """The ids of a user's roles."""
    return [USER_ROLE, *(role for role in subject.roles if role != USER_ROLE)]


def slug_of(organization: Organization) -> str:
    """The organization's slug; its id where nobody gave it one."""
    return organization.slug or organization.id


def member(subject: Subject) -> Json:
    """A subject of an organization."""
    kept = kept_of_subject(subject)
    roles = member_roles(subject)
    return {
        "organization_id": subject.organization_id or "",
        "member_id": subject.id,
        "external_id": subject.external_id,
        "email_address": subject.email or "",
        "email_address_verified": subject.email is not None,
        "name": subject.name or "",
        "status": _member_status(subject, kept),
        "is_admin": ADMIN_ROLE in roles,
        "is_breakglass": kept.is_breakglass,
        "mfa_enrolled": kept.mfa_enrolled,
        "mfa_phone_number": kept.mfa_phone_number,
        "mfa_phone_number_verified": False,
        "default_mfa_method": kept.default_mfa_method,
        "member_password_id": "",
        "totp_registration_id": "",
        "oauth_registrations": [],
        "sso_registrations": [],
        "scim_registration": None,
        "retired_email_addresses": [],
        "roles": [
            {"role_id": role, "sources": [{"type": "direct_assignment", "details": {}}]}
            for role in roles
        ],
        "trusted_metadata": kept.trusted_metadata,
        "untrusted_metadata": kept.untrusted_metadata,
        "created_at": instant(subject.created_at),
        "updated_at": instant(subject.updated_at),
        **_lock(subject),
    }


def user(subject: Subject) -> Json:
    """A subject of an application whose users have no organization."""
    kept = kept_of_subject(subject)
    return {
        "user_id": subject.id,
        "external_id": subject.external_id,
        "status": "pending" if kept.pending else "active",
        "name": _name_parts(subject, kept),
        "emails": _emails(subject),
        "phone_numbers": _phone_numbers(subject, kept),
        "providers": [],
        "totps": [],
        "webauthn_registrations": [],
        "biometric_registrations": [],
        "crypto_wallets": [],
        "password": None,
        "roles": user_roles(subject),
        "trusted_metadata": kept.trusted_metadata,
        "untrusted_metadata": kept.untrusted_metadata,
        "created_at": instant(subject.created_at),
        **_lock(subject),
    }


def organization(found: Organization) -> Json:
    """A tenant, with the settings that clients stored for it."""
    return {
        **msgspec.structs.asdict(kept_of_organization(found)),
        "organization_id": found.id,
        "organization_external_id": found.external_id,
        "organization_name": found.name,
        "organization_slug": slug_of(found),
        "sso_active_connections": [],
        "scim_active_connection": None,
        "created_at": instant(found.created_at),
        "updated_at": instant(found.updated_at),
    }


def factor(session: Session, grant: Grant) -> Json:
    """The one factor that an impersonated session has, and the only one it will ever have."""
    began = instant(session.started_at)
    return {
        "type": "impersonated",
        "delivery_method": "impersonation",
        "created_at": began,
        "updated_at": began,
        "last_authenticated_at": began,
        "impersonated_factor": {
            "impersonator_id": grant.actor.id,
            "impersonator_email_address": grant.actor.email or "",
        },
    }


def act(grant: Grant, issuer: str) -> Json:
    """Who acts (RFC 8693, section 4.1); the SDKs show it among the custom claims."""
    actor = grant.actor
    if actor.kind is ActorKind.OPERATOR:
        return {"iss": issuer, "sub": actor.id}
    return {"iss": f"{issuer}/applications/{grant.application_id}", "sub": actor.id}


def member_session(
    session: Session, grant: Grant, subject: Subject, found: Organization, *, issuer: str
) -> Json:
    """A session in an organization. ``expires_at`` never moves."""
    return {
        "member_session_id": session.id,
        "member_id": subject.id,
        "organization_id": found.id,
        "organization_slug": slug_of(found),
        "roles": member_roles(subject),
        **_session(session, grant, issuer),
    }


def user_session(session: Session, grant: Grant, subject: Subject, *, issuer: str) -> Json:
    """A session of a user."""
    return {
        "session_id": session.id,
        "user_id": subject.id,
        "attributes": {"ip_address": "", "user_agent": ""},
        "roles": user_roles(subject),
        **_session(session, grant, issuer),
    }


def email_id(subject: Subject) -> str:
    """The id of a user's e-mail address; empty without one."""
    return _derived("email", subject) if subject.email else ""


def phone_id(subject: Subject) -> str:
    """The id of a user's phone number; empty without one."""
    return _derived("phone-number", subject) if kept_of_subject(subject).phone_number else ""


def full_name(first: str, middle: str, last: str) -> str:
    """A name from its parts."""
    return " ".join(part for part in (first, middle, last) if part)


def _session(session: Session, grant: Grant, issuer: str) -> Json:
    return {
        "started_at": instant(session.started_at),
        "last_accessed_at": instant(session.last_active_at),
        "expires_at": instant(session.ends_at),
        "custom_claims": {"act": act(grant, issuer)},
        "authentication_factors": [factor(session, grant)],
    }


def _member_status(subject: Subject, kept: KeptSubject) -> str:
    if subject.status is Status.DELETED:
        return "deleted"
    return "pending" if kept.pending else "active"


def _lock(subject: Subject) -> Json:
    """Here nobody is locked out after wrong passwords: a disabled subject shows as locked."""
    return {
        "is_locked": subject.status is Status.DISABLED,
        "lock_created_at": None,
        "lock_expires_at": None,
    }


def _name_parts(subject: Subject, kept: KeptSubject) -> Json:
    """The parts as they were given, unless the name was changed by another way since."""
    parts = (kept.first_name, kept.middle_name, kept.last_name)
    if full_name(*parts) != (subject.name or ""):
        first, _, last = (subject.name or "").partition(" ")
        parts = (first, "", last)
    return dict(zip(("first_name", "middle_name", "last_name"), parts, strict=True))


def _emails(subject: Subject) -> list[Json]:
    if subject.email is None:
        return []
    return [{"email_id": email_id(subject), "email": subject.email, "verified": True}]


def _phone_numbers(subject: Subject, kept: KeptSubject) -> list[Json]:
    if not kept.phone_number:
        return []
    return [{"phone_id": phone_id(subject), "phone_number": kept.phone_number, "verified": False}]


def _derived(kind: str, subject: Subject) -> str:
    return f"{kind}-{uuid.uuid5(_NAMES, f'{kind}/{subject.application_id}/{subject.id}')}"
