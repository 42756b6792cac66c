"""The directory's subjects as users of these clients: seeing, listing and counting them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from understudy.core.applications.application import Application
from understudy.core.ids import OrganizationId, SubjectId
from understudy.core.impersonation.tokens import IdPrefix
from understudy.core.people.principals import Status, Subject
from understudy.core.ports import Reader, SubjectFilter, SubjectOrder
from understudy.core.text import fold_email
from understudy.core.times import to_ms
from understudy.wires.clerk.errors import NO_SUCH_RESOURCE, ClerkProblem, unfit, unknown
from understudy.wires.clerk.kept import kept_of
from understudy.wires.clerk.queries import ListQuery

_LISTS = frozenset({"user_id", "email_address", "external_id", "organization_id"})
_SINGLE = frozenset({"limit", "offset", "order_by", "query", "banned"})
_UNSUPPORTED = frozenset(
    {
        "created_at_after",
        "created_at_before",
        "email_address_query",
        "last_active_at_after",
        "last_active_at_before",
        "last_active_at_since",
        "last_sign_in_at_after",
        "last_sign_in_at_before",
        "name_query",
        "phone_number",
        "phone_number_query",
        "provider",
        "provider_user_id",
        "username",
        "username_query",
        "web3_wallet",
    }
)
_ORDERS = {
    "-created_at": SubjectOrder.NEWEST_FIRST,
    "created_at": SubjectOrder.OLDEST_FIRST,
    "+created_at": SubjectOrder.OLDEST_FIRST,
}
_NEVER = ("mfa_enabled_at", "mfa_disabled_at", "last_sign_in_at", "last_active_at")
_QUERY_MOST = 200


@dataclass(frozen=True, kw_only=True)
class UserQuery:
    """Which users are wanted, in which order, and which window of them."""

    where: SubjectFilter
    order: SubjectOrder
    limit: int
    offset: int


def read_query(pairs: Sequence[tuple[str, str]], application: Application) -> UserQuery:
    """What a list or a count asks for; a count leaves order and window aside.

    :raises InvalidInput: a parameter is unknown, unfit, or a filter that is not kept here.
    """
    for name, _ in pairs:
        if name.removesuffix("[]") in _UNSUPPORTED:
            raise unknown(name, f"Users cannot be searched by {name} here.")
    query = ListQuery(pairs, known=_SINGLE, lists=_LISTS)
    order = query.text("order_by") or "-created_at"
    if order not in _ORDERS:
        raise unfit("order_by", f"order_by is one of {', '.join(_ORDERS)}.")
    organizations = query.texts("organization_id")
    if len(organizations) > 1:
        raise unfit("organization_id", "Users can be listed of one organization at a time.")
    return UserQuery(
        where=SubjectFilter(
            application_id=application.id,
            query=(query.text("query") or "")[:_QUERY_MOST],
            organization_id=next(map(OrganizationId, organizations), None),
            ids=frozenset(map(SubjectId, query.texts("user_id"))),
            emails=frozenset(map(fold_email, query.texts("email_address"))),
            external_ids=frozenset(query.texts("external_id")),
            statuses=_statuses(query.flag("banned")),
        ),
        order=_ORDERS[order],
        limit=query.limit(),
        offset=query.offset(),
    )


def listed(reader: Reader, query: UserQuery) -> list[dict[str, Any]]:
    """A window of users."""
    rows = reader.subjects.window(
        query.where, order=query.order, offset=query.offset, limit=query.limit
    )
    return [shape(subject) for subject in rows]


def count(reader: Reader, query: UserQuery) -> dict[str, Any]:
    """How many users there are."""
    return {"object": "total_count", "total_count": reader.subjects.count(query.where)}


def get(
    reader: Reader, user_id: SubjectId, *, application: Application
) -> dict[str, Any] | ClerkProblem:
    """One user."""
    subject = existing(reader, user_id, application=application)
    return NO_SUCH_RESOURCE if subject is None else shape(subject)


def existing(reader: Reader, user_id: SubjectId, *, application: Application) -> Subject | None:
    """The subject with this id, unless it was deleted."""
    subject = reader.subjects.get(application.id, user_id)
    return None if subject is None or subject.status is Status.DELETED else subject


def shape(subject: Subject) -> dict[str, Any]:
    """The user as JSON; every key that the Python SDK requires is there."""
    kept = kept_of(subject)
    emails = [_identification(subject, "email_address", subject.email)] if subject.email else []
    phones = [_identification(subject, "phone_number", number) for number in kept.phone_numbers]
    return {
        "id": subject.id,
        "object": "user",
        "external_id": subject.external_id,
        "username": kept.username,
        "first_name": kept.first_name,
        "last_name": kept.last_name,
        "locale": kept.locale,
        "has_image": False,
        "image_url": "",
        "email_addresses": emails,
        "phone_numbers": phones,
        "primary_email_address_id": emails[0]["id"] if emails else None,
        "primary_phone_number_id": phones[0]["id"] if phones else None,
        "primary_web3_wallet_id": None,
        "public_metadata": kept.public_metadata,
        "private_metadata": kept.private_metadata,
        "unsafe_metadata": kept.unsafe_metadata,
        "banned": subject.status is Status.DISABLED,
        "created_at": to_ms(subject.created_at),
        "updated_at": to_ms(subject.updated_at),
        "legal_accepted_at": None,
        **_no_sign_in(),
    }


def _no_sign_in() -> dict[str, Any]:
    """What these clients ask about signing in, which is done elsewhere."""
    lists = ("web3_wallets", "passkeys", "external_accounts", "saml_accounts")
    flags = ("password_enabled", "two_factor_enabled", "totp_enabled", "backup_code_enabled")
    return {
        **{name: [] for name in (*lists, "enterprise_accounts")},
        **dict.fromkeys((*flags, "locked"), False),
        **dict.fromkeys(_NEVER),
        "lockout_expires_in_seconds": None,
        "verification_attempts_remaining": None,
        "delete_self_enabled": False,
        "create_organization_enabled": False,
    }


def _identification(subject: Subject, kind: str, value: str) -> dict[str, Any]:
    name = subject.ref.removeprefix(IdPrefix.SUBJECT)
    number = "" if kind == "email_address" else "".join(filter(str.isalnum, value))
    return {
        "id": f"idn_{name}{number}",
        "object": kind,
        kind: value,
        "reserved": False,
        "verification": None,
        "linked_to": [],
        "created_at": to_ms(subject.created_at),
        "updated_at": to_ms(subject.created_at),
    }


def _statuses(banned: bool | None) -> frozenset[Status]:
    if banned is None:
        return frozenset()
    return frozenset({Status.DISABLED if banned else Status.ACTIVE})
