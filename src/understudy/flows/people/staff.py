"""Staff whom the login of an embedding app signs in: let in, brought up to date, and let go."""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum

from understudy.core.ids import OperatorId
from understudy.core.impersonation.tokens import IdPrefix
from understudy.core.notices.events import Event, EventType, Outcome, Scalar
from understudy.core.people.principals import Operator, OperatorSession, OperatorStatus
from understudy.core.people.staff import StaffAccount
from understudy.core.ports import SessionFilter, Unit
from understudy.core.text import fold_email, require_id, require_text
from understudy.errors import InvalidInput
from understudy.flows.impersonation.narrow_sessions import hold_sessions
from understudy.flows.origin import Origin
from understudy.flows.people.colleagues import end_as_colleagues
from understudy.flows.people.lock import count_failure, locked_for_staff, locked_until
from understudy.flows.people.operator_facts import groups_changed, operator_facts
from understudy.flows.people.sign_in import SignedIn, begin
from understudy.flows.people.team import owners


class Unwelcome(StrEnum):
    """Why somebody whom the app calls staff is not let in."""

    DISABLED = "disabled"
    EMAIL_TAKEN = "email_taken"
    UNREADABLE = "unreadable"
    WITHOUT_ROLE = "without_role"


def let_in(
    unit: Unit, account: StaffAccount, *, before: OperatorSession | None, origin: Origin
) -> SignedIn | Unwelcome:
    """Begin a sign-in of ``account`` in place of ``before``, which the same browser had.

    Their operator is made, or is as the app tells of them from now on. One that was disabled here
    stays so, and an address that somebody else has here is not theirs to take.
    """
    if before is not None:
        let_go(unit, before, None, origin=origin)
    try:
        operator = _brought_up_to_date(unit, account, origin=origin)
    except InvalidInput:
        return Unwelcome.UNREADABLE
    if isinstance(operator, Unwelcome):
        return operator
    begun = begin(unit, operator, origin=origin)
    unit.record(
        _event(EventType.OPERATOR_SIGNED_IN, operator, origin, {"sign_in": begun.session.id})
    )
    return begun


def let_go(
    unit: Unit, session: OperatorSession, account: StaffAccount | None, *, origin: Origin
) -> None:
    """End a sign-in whose owner is not whom the app has signed in by now.

    Where they are the same person who may do something else by now, what they began ends as well
    if they could not begin it any more. Harmless when it has ended before.
    """
    known = unit.operator_sessions.of_operator(session.operator_id)
    operator = unit.operators.get(session.operator_id)
    if operator is None or all(one.id != session.id for one in known):
        return
    unit.operator_sessions.remove(session.id)
    unit.record(_event(EventType.OPERATOR_SIGNED_OUT, operator, origin, {"sign_in": session.id}))
    if account is not None and operator.staff_id == account.id and operator.active:
        may = replace(operator, roles=account.roles, groups=_groups(account, operator))
        _save(unit, operator, may, origin=origin)


def confirmed(
    unit: Unit, operator: Operator, session: OperatorSession, *, origin: Origin
) -> OperatorSession | None:
    """The sign-in in which its owner has said the password that they have in the app just now.

    None while nothing is tried, which is looked at again: many guesses at once pass the first look.
    """
    key = locked_for_staff(unit.vault, operator.id)
    if locked_until(unit.sign_in_failures.get(key), unit.earliest) is not None:
        return None
    unit.sign_in_failures.clear(key)
    unit.operator_sessions.confirm(session.id, unit.now)
    unit.record(_event(EventType.OPERATOR_CONFIRMED, operator, origin, {"sign_in": session.id}))
    return replace(session, confirmed_at=unit.now)


def confirming_failed(unit: Unit, operator: Operator, *, origin: Origin) -> None:
    """Count a wrong password against the person: a fresh sign-in costs whoever guesses nothing."""
    count_failure(unit, locked_for_staff(unit.vault, operator.id))
    kind = EventType.OPERATOR_SIGN_IN_FAILED
    unit.record(replace(_event(kind, operator, origin, {}), outcome=Outcome.DENIED))


def _brought_up_to_date(
    unit: Unit, account: StaffAccount, *, origin: Origin
) -> Operator | Unwelcome:
    require_id(account.id, "id")
    require_text(account.name, "name")
    require_id(account.email.strip(), "email")
    email = fold_email(account.email)
    known = unit.operators.by_staff_id(account.id)
    if known is not None and known.status is OperatorStatus.DISABLED:
        return Unwelcome.DISABLED
    if any(known is None or owner.id != known.id for owner in owners(unit, email)):
        return Unwelcome.EMAIL_TAKEN
    if known is None:
        # An app may well say of all its users that they are none of its staff.
        made = _made(unit, account, email, origin=origin) if account.roles else None
        return made or Unwelcome.WITHOUT_ROLE
    changed = replace(
        known,
        email=email,
        name=account.name,
        roles=account.roles,
        groups=_groups(account, known),
        status=OperatorStatus.ACTIVE,
    )
    saved = _save(unit, known, changed, origin=origin)
    return saved if saved.roles else Unwelcome.WITHOUT_ROLE


def _made(unit: Unit, account: StaffAccount, email: str, *, origin: Origin) -> Operator:
    made = Operator(
        id=OperatorId(unit.new_id(IdPrefix.OPERATOR)),
        email=email,
        name=account.name,
        roles=account.roles,
        status=OperatorStatus.ACTIVE,
        created_at=unit.now,
        updated_at=unit.now,
        staff_id=account.id,
        groups=account.groups or (),
    )
    unit.operators.add(made)
    # No sign-in comes with it: the one that follows has an entry of its own.
    unit.record(_about(EventType.OPERATOR_JOINED, made, origin, {"sign_in": None}))
    end_as_colleagues(unit, by=made.party, origin=origin)
    return made


def _groups(account: StaffAccount, operator: Operator) -> tuple[str, ...]:
    return operator.groups if account.groups is None else account.groups


def _save(unit: Unit, before: Operator, after: Operator, *, origin: Origin) -> Operator:
    if after == before:
        return before
    saved = replace(after, updated_at=unit.now)
    unit.operators.save(saved)
    unit.record(_about(EventType.OPERATOR_UPDATED, saved, origin, groups_changed(before, saved)))
    if (saved.roles, saved.groups) != (before.roles, before.groups):
        filtered = SessionFilter(actor_ref=saved.actor_ref)
        hold_sessions(unit, filtered, by=saved.party, origin=origin)
    if saved.email != before.email:
        end_as_colleagues(unit, by=saved.party, origin=origin)
    return saved


def _about(
    event_type: EventType, operator: Operator, origin: Origin, details: dict[str, Scalar]
) -> Event:
    """An entry that says what the account is from now on."""
    event = _event(event_type, operator, origin, operator_facts(operator) | details)
    return replace(event, subject=operator.party)


def _event(
    event_type: EventType, operator: Operator, origin: Origin, details: dict[str, Scalar]
) -> Event:
    return Event(
        type=event_type,
        actor=operator.party,
        address=origin.address,
        user_agent=origin.user_agent,
        details={**details, "by_app": True},
    )
