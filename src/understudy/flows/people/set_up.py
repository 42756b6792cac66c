"""The very first admin, by a one-time link that the first start prints."""

from __future__ import annotations

import hmac
from datetime import datetime, timedelta

from understudy.core.ids import OperatorId
from understudy.core.impersonation.tokens import NONCE_BYTES, IdPrefix, TokenPurpose
from understudy.core.notices.events import Event, EventType
from understudy.core.people.permissions import Role
from understudy.core.people.principals import Operator, OperatorStatus
from understudy.core.ports import Reader, Unit
from understudy.core.text import fold_email, require_id, require_text
from understudy.errors import TokenInvalid
from understudy.flows.origin import Origin

SET_UP_LIFE = timedelta(hours=24)
_HASH = "set_up_token_mac"
_EXPIRES = "set_up_token_expires_at"


def offer(unit: Unit) -> str | None:
    """A fresh set-up token while there is no operator at all, else None; the earlier one dies."""
    if unit.operators.list():
        return None
    token = unit.vault.derive_token(TokenPurpose.INVITATION, unit.random(NONCE_BYTES))
    expires = (unit.now + SET_UP_LIFE).isoformat()
    unit.meta.put(_HASH, _stored(unit, token, expires))
    unit.meta.put(_EXPIRES, expires)
    return token


def offered_until(reader: Reader, token: str, now: datetime) -> datetime:
    """Until when ``token`` can be used.

    :raises TokenInvalid: it is not the newest one, it was used, or it has expired.
    """
    expires = reader.meta.get(_EXPIRES)
    stored = reader.meta.get(_HASH) or ""
    known = hmac.compare_digest(stored, _stored(reader, token, expires or ""))
    if not known or not expires or reader.operators.list():
        raise TokenInvalid
    expires_at = datetime.fromisoformat(expires)
    if now >= expires_at:
        raise TokenInvalid("This set-up link has expired. Start the service again for a new one.")
    return expires_at


def set_up(
    unit: Unit,
    token: str,
    *,
    email: str,
    name: str,
    password_hash: str,
    origin: Origin,
    sign_in: str | None = None,
) -> Operator:
    """Make the first admin, once.

    ``sign_in`` is the id of the sign-in that begins with it, for the entry to name.

    :raises TokenInvalid: see ``offered_until``.
    :raises InvalidInput: name or address is no text.
    """
    offered_until(unit, token, unit.latest)
    require_text(name, "name")
    require_id(email.strip(), "email")
    admin = Operator(
        id=OperatorId(unit.new_id(IdPrefix.OPERATOR)),
        email=fold_email(email),
        name=name,
        roles=frozenset({Role.ADMIN}),
        status=OperatorStatus.ACTIVE,
        password_hash=password_hash,
        created_at=unit.now,
        updated_at=unit.now,
    )
    unit.operators.add(admin)
    unit.meta.put(_HASH, "")
    unit.record(
        Event(
            type=EventType.OPERATOR_JOINED,
            actor=admin.party,
            subject=admin.party,
            address=origin.address,
            user_agent=origin.user_agent,
            details={
                "roles": Role.ADMIN,
                "status": admin.status,
                "first": True,
                "sign_in": sign_in,
            },
        )
    )
    return admin


def _stored(reader: Reader, token: str, expires: str) -> str:
    """What a set-up token is known by: no invitation's, and good until then alone."""
    return reader.vault.keyed_hash("set-up token", f"{expires} {token}").hex()
