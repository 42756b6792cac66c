"""Operators sign in and out. What is answered never tells whether an address has an account."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime

from understudy.core.impersonation.grants import GrantStatus
from understudy.core.impersonation.sessions import EndCause
from understudy.core.impersonation.tokens import NONCE_BYTES, IdPrefix, TokenPurpose
from understudy.core.notices.events import Event, EventType, Outcome, Party, PartyKind
from understudy.core.people.principals import (
    OPERATOR_SESSION_LIFE,
    Operator,
    OperatorSession,
)
from understudy.core.ports import (
    FIRST_PAGE,
    GrantFilter,
    Reader,
    SessionFilter,
    Unit,
    Vault,
)
from understudy.core.text import fold_email
from understudy.core.times import to_ms
from understudy.errors import NotSignedIn
from understudy.flows.impersonation.cancel import cancel
from understudy.flows.impersonation.end import end
from understudy.flows.operator_sessions import holder
from understudy.flows.origin import Origin, legible
from understudy.flows.people.lock import (
    count_failure,
    locked_by,
    locked_for,
    locked_until,
    new_device,
)

_EMAIL_LENGTH = 254
_WAITING = frozenset({GrantStatus.PENDING, GrantStatus.READY})


@dataclass(frozen=True, kw_only=True)
class SignedIn:
    """A fresh sign-in, with the values of the cookies that sign in and that tell the browser."""

    operator: Operator
    session: OperatorSession
    token: str = field(repr=False)
    device: str = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class Attempt:
    """What is known before the password is checked.

    ``operator`` is None for an unknown or unusable account: check a dummy hash all the same.
    """

    operator: Operator | None
    locked_until: datetime | None


def look_up(
    reader: Reader, vault: Vault, email: str, now: datetime, *, device: str | None = None
) -> Attempt:
    """The account behind ``email``, if any, and whether it is locked for ``device``."""
    failures = reader.sign_in_failures.get(locked_by(vault, email, device))
    operator = reader.operators.by_email(fold_email(email))
    usable = operator is not None and operator.active and operator.password_hash is not None
    return Attempt(
        operator=operator if usable else None,
        locked_until=locked_until(failures, now),
    )


def signed_in(
    unit: Unit, operator: Operator, *, origin: Origin, device: str | None = None
) -> SignedIn | None:
    """Begin a session after the password of ``operator`` was right; None if that is no longer so.

    The account is read again: it may have been disabled or locked while the password was checked.
    """
    current = unit.operators.get(operator.id)
    if current is None or not current.active or current.password_hash != operator.password_hash:
        return None
    key = locked_by(unit.vault, current.email, device)
    # Looked at again: many guesses at once all pass the first look, before the first of them
    # counts.
    if locked_until(unit.sign_in_failures.get(key), unit.earliest) is not None:
        return None
    unit.sign_in_failures.clear(key)
    begun = begin(unit, current, origin=origin)
    unit.record(_event(EventType.OPERATOR_SIGNED_IN, current.party, origin, session=begun.session))
    return begun


def begin(
    unit: Unit, operator: Operator, *, origin: Origin, session_id: str | None = None
) -> SignedIn:
    """A session with a token that was never used before; the entry about it names its id."""
    token = unit.vault.derive_token(TokenPurpose.OPERATOR_SESSION, unit.random(NONCE_BYTES))
    session = OperatorSession(
        id=session_id or unit.new_id(IdPrefix.OPERATOR_SESSION),
        operator_id=operator.id,
        token_hash=unit.vault.token_hash(TokenPurpose.OPERATOR_SESSION, token),
        created_at=unit.now,
        last_seen_at=unit.now,
        expires_at=unit.now + OPERATOR_SESSION_LIFE,
        address=origin.address,
        user_agent=origin.user_agent,
    )
    unit.operator_sessions.add(session)
    device = new_device(unit, operator.email)
    return SignedIn(operator=operator, session=session, token=token, device=device)


def sign_in_failed(unit: Unit, email: str, *, origin: Origin, device: str | None = None) -> None:
    """Count a failure against the address, known or not, and lock it when there are too many.

    What fails in a known browser is counted there, and locks nobody out elsewhere.
    """
    # An address that nobody has is counted and locked alike, or the lock would tell the two apart.
    count_failure(unit, locked_by(unit.vault, email, device))
    tried = Party(kind=PartyKind.OPERATOR, email=legible(email, _EMAIL_LENGTH))
    unit.record(_event(EventType.OPERATOR_SIGN_IN_FAILED, tried, origin, outcome=Outcome.DENIED))


def present_password_failed(
    unit: Unit, operator: Operator, session: OperatorSession, *, origin: Origin
) -> None:
    """Count a wrong present password against the sign-in in which it was said.

    Whoever has taken over a browser may guess no more than a stranger may, and cannot lock the
    owner out of their account by it.
    """
    count_failure(unit, locked_for(unit.vault, session.id))
    unit.record(
        _event(EventType.OPERATOR_SIGN_IN_FAILED, operator.party, origin, outcome=Outcome.DENIED)
    )


def identify(reader: Reader, token: str, now: datetime) -> tuple[Operator, OperatorSession] | None:
    """Who holds the cookie's ``token``, while session and account are good."""
    session = reader.operator_sessions.by_token(token)
    return None if session is None else holder(reader, session, now)


def sign_out(unit: Unit, operator: Operator, session: OperatorSession, *, origin: Origin) -> None:
    """End one sign-in."""
    unit.operator_sessions.remove(session.id)
    unit.record(_event(EventType.OPERATOR_SIGNED_OUT, operator.party, origin, session=session))


def end_everything(unit: Unit, operator: Operator, *, by: Party, origin: Origin) -> None:
    """End every sign-in of ``operator``, their impersonation sessions, and what may become one.

    A code that is on its way back to an app at this moment opens nothing any more.
    """
    # First the sign-ins, so that nobody launches anew what is being ended.
    unit.operator_sessions.remove_of_operator(operator.id)
    for session in unit.sessions.live(SessionFilter(actor_ref=operator.actor_ref)):
        end(unit, session.id, cause=EndCause.REVOKED, by=by, origin=origin)
    waiting = GrantFilter(actor_ref=operator.actor_ref, statuses=_WAITING)
    page = FIRST_PAGE
    # On from the last one, so that it ends also where what is cancelled is not written.
    while grants := unit.grants.search(waiting, page):
        for grant in grants:
            cancel(unit, grant.id, by=by, origin=origin)
        page = replace(page, after=(str(to_ms(grants[-1].created_at)), grants[-1].id))


def sign_out_everywhere(unit: Unit, operator: Operator, *, by: Party, origin: Origin) -> None:
    """``end_everything``, as an event of its own."""
    end_everything(unit, operator, by=by, origin=origin)
    unit.record(
        Event(
            type=EventType.OPERATOR_SIGNED_OUT,
            actor=by,
            subject=operator.party,
            address=origin.address,
            user_agent=origin.user_agent,
            details={"everywhere": True},
        )
    )


def change_password(
    unit: Unit, operator: Operator, *, password_hash: str, origin: Origin
) -> SignedIn:
    """Set a new password; everything that the old one began ends, and this browser signs in anew.

    The account is read again: it may have changed while the passwords were hashed.

    :raises NotSignedIn: by now the account is disabled, or its password another one.
    """
    current = unit.operators.get(operator.id)
    if current is None or not current.active or current.password_hash != operator.password_hash:
        raise NotSignedIn
    changed = replace(current, password_hash=password_hash, updated_at=unit.now)
    unit.operators.save(changed)
    # Whoever knew the old password may be signed in at this moment.
    end_everything(unit, changed, by=changed.party, origin=origin)
    begun = begin(unit, changed, origin=origin)
    kind = EventType.OPERATOR_PASSWORD_CHANGED
    unit.record(_event(kind, changed.party, origin, session=begun.session))
    return begun


def _event(
    event_type: EventType,
    actor: Party,
    origin: Origin,
    *,
    outcome: Outcome = Outcome.OK,
    session: OperatorSession | None = None,
) -> Event:
    return Event(
        type=event_type,
        actor=actor,
        outcome=outcome,
        address=origin.address,
        user_agent=origin.user_agent,
        # So that a row which was not begun by an entry, or ended by one, can be told from others.
        details={} if session is None else {"sign_in": session.id},
    )
