"""Operators sign in and out. What is answered never tells whether an address has an account."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from understudy.core.impersonation.grants import GrantStatus
from understudy.core.impersonation.sessions import EndCause
from understudy.core.impersonation.tokens import NONCE_BYTES, IdPrefix, TokenPurpose, token_hash
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
    SignInFailures,
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

FREE_FAILURES = 5
"""So many failed attempts lock an address for a while; each further one doubles the while."""
MEMORY = timedelta(minutes=30)
"""How long after the first of them failures are forgotten, unless the address is locked by then."""
FIRST_LOCK = timedelta(minutes=1)
LONGEST_LOCK = timedelta(minutes=15)
_EMAIL_LENGTH = 254
_WAITING = frozenset({GrantStatus.PENDING, GrantStatus.READY})


@dataclass(frozen=True, kw_only=True)
class SignedIn:
    """A fresh sign-in, with the cookie's value."""

    operator: Operator
    session: OperatorSession
    token: str = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class Attempt:
    """What is known before the password is checked.

    ``operator`` is None for an unknown or unusable account: check a dummy hash all the same.
    """

    operator: Operator | None
    locked_until: datetime | None


def look_up(reader: Reader, vault: Vault, email: str, now: datetime) -> Attempt:
    """The account behind ``email``, if any, and whether the address is locked."""
    failures = reader.sign_in_failures.get(_key(vault, email))
    operator = reader.operators.by_email(fold_email(email))
    usable = operator is not None and operator.active and operator.password_hash is not None
    return Attempt(
        operator=operator if usable else None,
        locked_until=_locked_until(failures, now),
    )


def signed_in(unit: Unit, operator: Operator, *, origin: Origin) -> SignedIn | None:
    """Begin a session after the password of ``operator`` was right; None if that is no longer so.

    The account is read again: it may have been disabled or locked while the password was checked.
    """
    current = unit.operators.get(operator.id)
    if current is None or not current.active or current.password_hash != operator.password_hash:
        return None
    key = _key(unit.vault, current.email)
    # Looked at again: many guesses at once all pass the first look, before the first of them
    # counts.
    if _locked_until(unit.sign_in_failures.get(key), unit.now) is not None:
        return None
    unit.sign_in_failures.clear(key)
    begun = begin(unit, current, origin=origin)
    unit.record(_event(EventType.OPERATOR_SIGNED_IN, current.party, origin))
    return begun


def begin(unit: Unit, operator: Operator, *, origin: Origin) -> SignedIn:
    """A session with a token that was never used before."""
    token = unit.vault.derive_token(TokenPurpose.OPERATOR_SESSION, unit.random(NONCE_BYTES))
    session = OperatorSession(
        id=unit.new_id(IdPrefix.OPERATOR_SESSION),
        operator_id=operator.id,
        token_hash=token_hash(token),
        created_at=unit.now,
        last_seen_at=unit.now,
        expires_at=unit.now + OPERATOR_SESSION_LIFE,
        address=origin.address,
        user_agent=origin.user_agent,
    )
    unit.operator_sessions.add(session)
    return SignedIn(operator=operator, session=session, token=token)


def sign_in_failed(unit: Unit, email: str, *, origin: Origin) -> None:
    """Count a failure against the address, known or not, and lock it when there are too many."""
    key = _key(unit.vault, email)
    known = unit.sign_in_failures.get(key)
    locked = _locked_until(known, unit.now)
    if known is None or (locked is None and unit.now - known.first_at >= MEMORY):
        known = SignInFailures(key=key, count=0, first_at=unit.now)
    count = known.count + 1
    # An address that nobody has is counted and locked alike, or the lock would tell the two apart.
    unit.sign_in_failures.save(
        replace(known, count=count, locked_until=_lock(unit.now, count) or known.locked_until)
    )
    tried = Party(kind=PartyKind.OPERATOR, email=legible(email, _EMAIL_LENGTH))
    unit.record(_event(EventType.OPERATOR_SIGN_IN_FAILED, tried, origin, outcome=Outcome.DENIED))


def identify(reader: Reader, token: str, now: datetime) -> tuple[Operator, OperatorSession] | None:
    """Who holds the cookie's ``token``, while session and account are good."""
    session = reader.operator_sessions.by_token_hash(token_hash(token))
    return None if session is None else holder(reader, session, now)


def sign_out(unit: Unit, operator: Operator, session: OperatorSession, *, origin: Origin) -> None:
    """End one sign-in."""
    unit.operator_sessions.remove(session.id)
    unit.record(_event(EventType.OPERATOR_SIGNED_OUT, operator.party, origin))


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
    unit.record(_event(EventType.OPERATOR_PASSWORD_CHANGED, changed.party, origin))
    return begin(unit, changed, origin=origin)


def _key(vault: Vault, email: str) -> bytes:
    # Not the address itself: the table is not to tell whose account is being guessed at.
    return vault.keyed_hash("sign-in", fold_email(email))


def _locked_until(failures: SignInFailures | None, now: datetime) -> datetime | None:
    if failures is None or failures.locked_until is None or now >= failures.locked_until:
        return None
    return failures.locked_until


def _lock(now: datetime, count: int) -> datetime | None:
    if count < FREE_FAILURES:
        return None
    # Bounded twice: the shift, and the lock, which must not become a way to shut somebody out.
    doubled = FIRST_LOCK * (1 << min(count - FREE_FAILURES, 10))
    return now + min(doubled, LONGEST_LOCK)


def _event(
    event_type: EventType, actor: Party, origin: Origin, *, outcome: Outcome = Outcome.OK
) -> Event:
    return Event(
        type=event_type,
        actor=actor,
        outcome=outcome,
        address=origin.address,
        user_agent=origin.user_agent,
    )
