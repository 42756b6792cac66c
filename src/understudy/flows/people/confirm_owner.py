"""Who got into an account by a fresh link is marked in each entry, until it was the owner.

Nothing that the account itself can do shows that: its password is new, and so is whoever knows it.
Somebody else says so: a second admin, the owner's mailbox, or whoever runs the service.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from understudy.core.ids import OperatorId
from understudy.core.impersonation.tokens import TokenPurpose
from understudy.core.notices.events import SYSTEM, Event, EventType, Party, Scalar
from understudy.core.people.identities import identity_of_operator
from understudy.core.people.mail import MailServer
from understudy.core.people.principals import INVITATION_LIFE, Operator, OperatorStatus
from understudy.core.ports import Reader, Unit
from understudy.core.times import to_ms
from understudy.errors import Conflict, NotFound, TokenInvalid
from understudy.flows.origin import Origin
from understudy.flows.people.operator_facts import operator_facts
from understudy.flows.people.sign_in import end_everything

_DEAD_LINK = "This link was used before, or it has expired. A second admin can confirm instead."
_SECOND = {"rule": "second_admin"}


def confirm_owner(unit: Unit, operator_id: OperatorId, *, by: Operator, origin: Origin) -> Operator:
    """A second admin says that it is the owner who has the account.

    :raises NotFound: no such operator.
    :raises Conflict: nothing is to be confirmed; or ``by`` is who got in, who made the link, who is
        in doubt as well, or who came only after.
    """
    operator = in_doubt(unit, operator_id)
    _require_second(unit, operator, by)
    return _confirmed(unit, operator, by=by.party, origin=origin, how={})


def confirm_from_machine(
    unit: Unit, operator_id: OperatorId, *, by: Party, origin: Origin
) -> Operator:
    """Whoever runs the service says so: they hold the key, and could write what they like.

    :raises NotFound: no such operator.
    :raises Conflict: nothing is to be confirmed.
    """
    return _confirmed(unit, in_doubt(unit, operator_id), by=by, origin=origin, how={})


def in_doubt(reader: Reader, operator_id: OperatorId) -> Operator:
    """The operator, of whom it is to be confirmed that they are the owner.

    :raises NotFound: no such operator.
    :raises Conflict: nothing is to be confirmed.
    """
    operator = reader.operators.get(operator_id)
    if operator is None:
        raise NotFound
    if operator.taken_over_at is None:
        raise Conflict("There is nothing to confirm about this account.")
    return operator


def link_token(reader: Reader, operator: Operator, server: MailServer) -> str | None:
    """What the link in the owner's mail carries; None where a mail proves nothing.

    That is so where the account's maker of links has also said where mail is handed in. It is made
    anew whenever it is needed, and stored nowhere.
    """
    if server.set_by is None or server.set_by == operator.taken_over_by:
        return None
    return _token(reader, operator)


def asked_by(reader: Reader, token: str, now: datetime) -> Operator:
    """Of whom a mailed link asks.

    :raises TokenInvalid: unknown, used or expired.
    """
    for operator in reader.operators.list():
        known = _token(reader, operator)
        if known is not None and hmac.compare_digest(known.encode(), token.encode()):
            if now >= expires_at(operator):
                break
            return operator
    raise TokenInvalid(_DEAD_LINK)


def expires_at(operator: Operator) -> datetime:
    """Until when a mailed link about ``operator``, who is in doubt, can be used."""
    return (operator.taken_over_at or operator.updated_at) + INVITATION_LIFE


def answer(unit: Unit, token: str, *, mine: bool, origin: Origin) -> Operator:
    """The owner says by a mailed link whether it was they. If not, nobody has the account any more.

    Its password is gone then, its sign-ins and sessions end, and a fresh link is needed.

    :raises TokenInvalid: unknown, used or expired.
    """
    operator = asked_by(unit, token, unit.latest)
    how: Mapping[str, Scalar] = {"by_mail": True}
    if mine:
        return _confirmed(unit, operator, by=operator.party, origin=origin, how=how)
    shut = replace(operator, status=OperatorStatus.INVITED, password_hash=None, updated_at=unit.now)
    unit.operators.save(shut)
    unit.invitations.remove_of_operator(shut.id)
    end_everything(unit, shut, by=SYSTEM, origin=origin)
    unit.record(_event(EventType.OPERATOR_DISOWNED, shut, SYSTEM, origin, how))
    return shut


def _confirmed(
    unit: Unit, operator: Operator, *, by: Party, origin: Origin, how: Mapping[str, Scalar]
) -> Operator:
    confirmed = replace(operator, taken_over_at=None, taken_over_by=None, updated_at=unit.now)
    unit.operators.save(confirmed)
    unit.record(_event(EventType.OPERATOR_OWNER_CONFIRMED, confirmed, by, origin, how))
    return confirmed


def _require_second(reader: Reader, operator: Operator, by: Operator) -> None:
    maker = reader.operators.get(OperatorId(operator.taken_over_by or ""))
    known_as = identity_of_operator(by, None)
    involved = [operator] if maker is None else [operator, maker]
    if any(known_as.is_same_as(identity_of_operator(one, None)) for one in involved):
        raise Conflict("Somebody else has to confirm that: neither who got in, nor who made the"
                       " link.", facts=_SECOND)  # fmt: skip
    if by.taken_over_at is not None:
        raise Conflict("It is to be confirmed first that your account is yours.", facts=_SECOND)
    # Otherwise whoever made the link invites somebody who confirms it.
    if operator.taken_over_at is None or by.created_at > operator.taken_over_at:
        raise Conflict("Somebody has to confirm that who was here before.", facts=_SECOND)


def _token(reader: Reader, operator: Operator) -> str | None:
    if operator.taken_over_at is None or not operator.active:
        return None
    about = f"{operator.id} {to_ms(operator.taken_over_at)}"
    return reader.vault.derive_token(TokenPurpose.CONFIRMATION, about.encode())


def _event(
    kind: EventType, operator: Operator, by: Party, origin: Origin, how: Mapping[str, Scalar]
) -> Event:
    return Event(
        type=kind,
        actor=by,
        subject=operator.party,
        address=origin.address,
        user_agent=origin.user_agent,
        details={**operator_facts(operator), **how},
    )
