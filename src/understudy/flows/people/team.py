"""Operators: invite them, let them in, change what they may do, and take them out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from understudy.core.ids import OperatorId
from understudy.core.impersonation.tokens import NONCE_BYTES, IdPrefix, TokenPurpose
from understudy.core.notices.events import Event, EventType, Party
from understudy.core.people.addresses import addresses_in, spellings
from understudy.core.people.labels import read_groups
from understudy.core.people.permissions import Role
from understudy.core.people.principals import (
    INVITATION_LIFE,
    Invitation,
    Operator,
    OperatorStatus,
)
from understudy.core.ports import Reader, SessionFilter, Unit
from understudy.core.text import fold_email, require_id, require_text
from understudy.errors import (
    AlreadyExists,
    Conflict,
    InvalidInput,
    ManagedByApp,
    NotFound,
    TokenInvalid,
)
from understudy.flows.impersonation.narrow_sessions import hold_sessions
from understudy.flows.origin import Origin
from understudy.flows.people.colleagues import end_as_colleagues
from understudy.flows.people.operator_facts import groups_changed, operator_facts
from understudy.flows.people.sign_in import end_everything

_DEAD_LINK = "This link was used before, or it has expired. Ask for a new one."


@dataclass(frozen=True, kw_only=True)
class Invited:
    """An operator with the token of the link that lets them in; shown this once."""

    operator: Operator
    token: str = field(repr=False)
    expires_at: datetime


@dataclass(frozen=True, kw_only=True)
class OperatorChange:
    """What to change; None leaves it as it is."""

    name: str | None = None
    roles: frozenset[Role] | None = None
    status: OperatorStatus | None = None
    groups: tuple[str, ...] | None = None


def invite(
    unit: Unit,
    *,
    email: str,
    name: str,
    roles: Iterable[Role],
    groups: Iterable[str] = (),
    by: Party,
    origin: Origin,
) -> Invited:
    """Make an account that its owner enters by a one-time link.

    :raises AlreadyExists: somebody has that e-mail address already.
    :raises InvalidInput: what is compared of the address is not what would be stored; or the name
        is no text; or a group is called what none is.
    """
    require_text(name, "name")
    require_id(email.strip(), "email")
    folded = fold_email(email)
    if owners(unit, folded):
        raise AlreadyExists("An operator with this e-mail address exists already.")
    operator = Operator(
        id=OperatorId(unit.new_id(IdPrefix.OPERATOR)),
        email=folded,
        name=name,
        roles=frozenset(roles),
        groups=read_groups(groups),
        status=OperatorStatus.INVITED,
        created_at=unit.now,
        updated_at=unit.now,
    )
    unit.operators.add(operator)
    invited_by_link = _link(unit, operator, by=by, origin=origin)
    end_as_colleagues(unit, by=by, origin=origin)
    return invited_by_link


def owners(reader: Reader, folded: str) -> Sequence[Operator]:
    """The operators who have the mailbox of an address, which the caller has folded.

    :raises InvalidInput: what is compared of the address is not what would be stored.
    """
    same = {name for found in addresses_in(folded) for name in spellings(found)}
    if folded not in same:
        raise InvalidInput("Write the address alone, and plainly.", facts={"field": "email"})
    found = (reader.operators.by_email(name) for name in sorted(same))
    return [operator for operator in found if operator is not None]


def reinvite(unit: Unit, operator_id: OperatorId, *, by: Party, origin: Origin) -> Invited:
    """A fresh link for somebody who lost theirs, or their password; earlier links die.

    :raises NotFound: no such operator.
    :raises Conflict: the account is disabled.
    """
    operator = unit.operators.get(operator_id)
    if operator is None:
        raise NotFound
    if operator.status is OperatorStatus.DISABLED:
        raise Conflict("This account is disabled. Enable it first.")
    return _link(unit, operator, by=by, origin=origin)


def invited(reader: Reader, token: str, now: datetime) -> tuple[Invitation, Operator]:
    """A link and whom it is for, while it can still be used.

    :raises TokenInvalid: unknown, used or expired.
    """
    invitation = reader.invitations.by_token(token)
    if invitation is None or invitation.used_at is not None or now >= invitation.expires_at:
        raise TokenInvalid(_DEAD_LINK)
    operator = reader.operators.get(invitation.operator_id)
    if operator is None or operator.status is OperatorStatus.DISABLED:
        raise TokenInvalid(_DEAD_LINK)
    return invitation, operator


def join(
    unit: Unit,
    token: str,
    *,
    name: str,
    password_hash: str,
    origin: Origin,
    sign_in: str | None = None,
) -> Operator:
    """Use a link: set name and password, and be active. Everything begun before it ends.

    From then on it is an account of this installation's, whoever signed its owner in before.
    ``sign_in`` is the id of the sign-in that begins with it, for the entry to name.
    Where the account had an owner already, that is an alert of its own: whoever holds the link now
    reads as that owner, and every entry of theirs is marked until somebody else confirms that it
    is (`flows.people.confirm_owner`).

    :raises TokenInvalid: unknown, used or expired.
    :raises InvalidInput: the name is no text.
    """
    invitation, operator = invited(unit, token, unit.latest)
    require_text(name, "name")
    joined = replace(
        operator,
        name=name,
        password_hash=password_hash,
        status=OperatorStatus.ACTIVE,
        staff_id=None,
        updated_at=unit.now,
        taken_over_at=unit.now if operator.had_an_owner else None,
        taken_over_by=invitation.made_by if operator.had_an_owner else None,
    )
    unit.invitations.save(replace(invitation, used_at=unit.now))
    unit.operators.save(joined)
    end_everything(unit, joined, by=joined.party, origin=origin)
    event = _event(EventType.OPERATOR_JOINED, joined, by=joined.party, origin=origin)
    unit.record(replace(event, details={**event.details, "sign_in": sign_in}))
    if operator.had_an_owner:
        # Under the name it had: from now on entries show the one that was chosen just now.
        unit.record(_event(EventType.OPERATOR_TAKEN_OVER, operator, by=joined.party, origin=origin))
    return joined


def update(
    unit: Unit, operator_id: OperatorId, change: OperatorChange, *, by: Party, origin: Origin
) -> Operator:
    """Change an operator; sessions that no longer have a leg to stand on end in this unit.

    :raises NotFound: no such operator.
    :raises Conflict: there would be no active admin left, or the operator never joined.
    :raises ManagedByApp: name or roles of somebody whom the embedding app signs in.
    :raises InvalidInput: the name is no text, or a group is called what none is.
    """
    operator = unit.operators.get(operator_id)
    if operator is None:
        raise NotFound
    if operator.staff_id is not None and (change.name, change.roles) != (None, None):
        raise ManagedByApp
    if change.name != operator.name:
        require_text(change.name, "name")
    changed = replace(
        operator,
        name=change.name if change.name is not None else operator.name,
        roles=change.roles if change.roles is not None else operator.roles,
        status=_status(operator, change.status),
        groups=read_groups(change.groups) if change.groups is not None else operator.groups,
        updated_at=unit.now,
    )
    _keep_an_admin(unit, operator, changed)
    unit.operators.save(changed)
    if not changed.active:
        unit.operator_sessions.remove_of_operator(changed.id)
        unit.invitations.remove_of_operator(changed.id)
    event = _event(_kind(operator, changed), changed, by=by, origin=origin)
    unit.record(replace(event, details={**event.details, **groups_changed(operator, changed)}))
    hold_sessions(unit, SessionFilter(actor_ref=changed.actor_ref), by=by, origin=origin)
    return changed


def _status(operator: Operator, wanted: OperatorStatus | None) -> OperatorStatus:
    can_sign_in = operator.password_hash is not None or operator.staff_id is not None
    if wanted is OperatorStatus.ACTIVE and not can_sign_in:
        if operator.status is OperatorStatus.DISABLED:
            return OperatorStatus.INVITED
        raise Conflict("This operator has not joined yet. Send them a new invitation link.")
    return wanted if wanted is not None else operator.status


def _keep_an_admin(unit: Unit, before: Operator, after: Operator) -> None:
    if not _is_admin(before) or _is_admin(after):
        return
    if not any(_is_admin(other) for other in unit.operators.list() if other.id != before.id):
        raise Conflict("This is the last active admin. Make somebody else admin first.")


def _is_admin(operator: Operator) -> bool:
    return operator.active and Role.ADMIN in operator.roles


def _kind(before: Operator, after: Operator) -> EventType:
    if before.status is not OperatorStatus.DISABLED and after.status is OperatorStatus.DISABLED:
        return EventType.OPERATOR_DISABLED
    if before.status is OperatorStatus.DISABLED and after.status is not OperatorStatus.DISABLED:
        return EventType.OPERATOR_ENABLED
    return EventType.OPERATOR_UPDATED


def _link(unit: Unit, operator: Operator, *, by: Party, origin: Origin) -> Invited:
    unit.invitations.remove_of_operator(operator.id)
    token = unit.vault.derive_token(TokenPurpose.INVITATION, unit.random(NONCE_BYTES))
    expires_at = unit.now + INVITATION_LIFE
    unit.invitations.add(
        Invitation(
            token_hash=unit.vault.token_hash(TokenPurpose.INVITATION, token),
            operator_id=operator.id,
            created_at=unit.now,
            expires_at=expires_at,
            made_by=by.ref or by.kind,
        )
    )
    unit.record(_event(EventType.OPERATOR_INVITED, operator, by=by, origin=origin))
    return Invited(operator=operator, token=token, expires_at=expires_at)


def _event(event_type: EventType, operator: Operator, *, by: Party, origin: Origin) -> Event:
    return Event(
        type=event_type,
        actor=by,
        subject=operator.party,
        address=origin.address,
        user_agent=origin.user_agent,
        details=operator_facts(operator),
    )
