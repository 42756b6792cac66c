"""Exchange an impersonation token for a session: once, by its own application, rules re-checked."""

from __future__ import annotations

import hmac
from base64 import urlsafe_b64encode
from dataclasses import dataclass, field, replace
from datetime import timedelta
from enum import StrEnum
from hashlib import sha256

from understudy.core.applications.application import Application
from understudy.core.governance.policies import PolicyVerdict
from understudy.core.ids import SessionId
from understudy.core.impersonation.grants import (
    Grant,
    GrantStatus,
    ImpersonationToken,
)
from understudy.core.impersonation.sessions import EndCause, Session
from understudy.core.impersonation.token_kinds import CODE, NATIVE, TokenKind, TokenKinds
from understudy.core.impersonation.tokens import NONCE_BYTES, IdPrefix, TokenPurpose
from understudy.core.notices.events import Event, EventType, Outcome
from understudy.core.ports import SessionFilter, Unit
from understudy.core.rules.narrow import narrowed, told
from understudy.core.rules.outside import DECISION_POINT_REFUSES
from understudy.core.rules.token import (
    TOKEN_EXPIRED,
    TOKEN_FOREIGN,
    TOKEN_NOT_BOUND,
    TOKEN_REDACTION_UNSUPPORTED,
    TOKEN_REPLAYED,
    TOKEN_UNKNOWN,
    TOKEN_WRONG_WIRE,
)
from understudy.flows.clock_doubt import require_not_behind
from understudy.flows.impersonation.about import about
from understudy.flows.impersonation.attempt import attempt_hash, same_attempt
from understudy.flows.impersonation.close import close
from understudy.flows.impersonation.consented import ends_with_consent
from understudy.flows.impersonation.denials import record_denial
from understudy.flows.impersonation.open_session import OpenSession, opened
from understudy.flows.impersonation.opinion_facts import opinion_facts
from understudy.flows.impersonation.premises import ready_within
from understudy.flows.impersonation.tell_subject import tell_subject
from understudy.flows.origin import Origin


class Refusal(StrEnum):
    """Why a token was refused: for the log. Callers are told one and the same."""

    UNKNOWN = TOKEN_UNKNOWN.code
    FOREIGN = TOKEN_FOREIGN.code
    EXPIRED = TOKEN_EXPIRED.code
    REPLAYED = TOKEN_REPLAYED.code
    WRONG_WIRE = TOKEN_WRONG_WIRE.code
    NOT_BOUND = TOKEN_NOT_BOUND.code
    REDACTION_UNSUPPORTED = TOKEN_REDACTION_UNSUPPORTED.code


@dataclass(frozen=True, kw_only=True)
class Presented:
    """A token as an authenticated application presents it, with what a code is bound to.

    ``wire`` names the kind that was asked for; a verifier or redirect URI makes it a code.
    ``attempt`` is what the caller calls this exchange, however often it asks for it. ``hides`` says
    that it keeps rules of redaction; to others a session with such rules is not given.
    """

    token: str = field(repr=False)
    application: Application
    wire: str = NATIVE.name
    code_verifier: str | None = field(default=None, repr=False)
    redirect_uri: str | None = None
    attempt: str | None = field(default=None, repr=False)
    hides: bool = False


@dataclass(frozen=True, kw_only=True)
class TokenRefused:
    """No session, and the log says why. ``why`` is not for the caller to see."""

    why: str

    def __bool__(self) -> bool:
        return False


def exchange(
    unit: Unit, presented: Presented, *, kinds: TokenKinds, origin: Origin
) -> OpenSession | TokenRefused:
    """Make the session that ``presented`` stands for, or refuse (DESIGN rules 6 and 8).

    A second use revokes the session that the first one made, where the wire's clients bear that.
    The same attempt once more, its answer having got lost, gets the same answer for a minute.
    A token presented by another application, or on another wire than its own, stays as it was.
    Of a kind that is not among ``kinds``, no token is taken, and the second use of one revokes.

    :raises ClockInDoubt: it is earlier than the log has seen; the token stays as it was.
    """
    token = unit.impersonation_tokens.by_token(presented.token)
    application = presented.application
    # Whose token it is comes before what is wrong with it: otherwise an application could find out
    # how another one's tokens fare.
    if token is None:
        return refuse_stranger(unit, application, Refusal.UNKNOWN, origin)
    if token.application_id != application.id:
        return refuse_stranger(unit, application, Refusal.FOREIGN, origin)
    grant = unit.grants.get(token.grant_id)
    if grant is None:
        return refuse_stranger(unit, application, Refusal.UNKNOWN, origin)
    # Before its end and its wire are looked at: a second use is a sign of theft however late it
    # comes.
    if token.used_at is not None:
        again = _again(unit, token, presented, kinds)
        return again or _replayed(unit, token, grant, presented, origin, kind=kinds.get(token.wire))
    why, verdict = _fits(unit, token, grant, presented, kinds)
    if why is not None:
        return refuse(unit, grant, why, origin, by=application)
    require_not_behind(unit)
    return _start(unit, token, grant, presented, origin, verdict=verdict)


def _again(
    unit: Unit, token: ImpersonationToken, presented: Presented, kinds: TokenKinds
) -> OpenSession | None:
    """What the first use was answered, for this one if it is the same."""
    own_kind = token.wire == _wire_of(presented) and token.wire in kinds
    if not own_kind or _binding_refusal(token, presented) is not None:
        return None
    return same_attempt(
        unit,
        token,
        presented.attempt,
        application=presented.application,
        hides=presented.hides,
    )


def _fits(
    unit: Unit, token: ImpersonationToken, grant: Grant, presented: Presented, kinds: TokenKinds
) -> tuple[str | None, PolicyVerdict | None]:
    """Why no session may come of the token, and within which limits of policies one may."""
    why = _unfit(unit, token, presented, kinds)
    if why is not None:
        return why, None
    # Asked again although `launch` has asked: in between somebody may have lost the role, or the
    # app its switch.
    rule, verdict = ready_within(unit, grant, unit.latest)
    return None if rule is None else rule.code, verdict


def _unfit(
    unit: Unit, token: ImpersonationToken, presented: Presented, kinds: TokenKinds
) -> Refusal | None:
    # `expires_at` is the first moment at which it is no good.
    if unit.latest >= token.expires_at:
        return Refusal.EXPIRED
    if token.wire != _wire_of(presented) or token.wire not in kinds:
        return Refusal.WRONG_WIRE
    bound = _binding_refusal(token, presented)
    if bound is Refusal.NOT_BOUND:
        # Whoever holds a code without its verifier stole it: nobody shall use it any more.
        unit.impersonation_tokens.save(replace(token, used_at=unit.now))
    if bound is not None:
        return bound
    if presented.application.settings.redaction.rules and not presented.hides:
        return Refusal.REDACTION_UNSUPPORTED
    return None


def _wire_of(presented: Presented) -> str | None:
    """The kind of token that was asked for; None when what came with it belongs to none."""
    bare = presented.code_verifier is None and presented.redirect_uri is None
    if bare:
        # A code without its verifier is presented as something else, and so is not used up.
        return presented.wire
    # RFC 9700, section 4.8.2: a verifier for a token that has no challenge is a downgrade.
    complete = presented.code_verifier is not None and presented.redirect_uri is not None
    return CODE.name if complete and presented.wire == NATIVE.name else None


def _binding_refusal(token: ImpersonationToken, presented: Presented) -> Refusal | None:
    if presented.code_verifier is None or presented.redirect_uri is None:
        return None
    challenge = code_challenge(presented.code_verifier)
    # Both are compared in any case, and neither by a comparison that stops early.
    fits = hmac.compare_digest(challenge, token.code_challenge or "")
    same_uri = hmac.compare_digest(
        presented.redirect_uri.encode(), (token.redirect_uri or "").encode()
    )
    return None if fits and same_uri else Refusal.NOT_BOUND


def code_challenge(verifier: str) -> str:
    """The S256 challenge of ``verifier`` (RFC 7636, section 4.2)."""
    return urlsafe_b64encode(sha256(verifier.encode()).digest()).rstrip(b"=").decode()


def _start(
    unit: Unit,
    token: ImpersonationToken,
    grant: Grant,
    presented: Presented,
    origin: Origin,
    *,
    verdict: PolicyVerdict | None,
) -> OpenSession:
    # A grant that is ready was never exchanged.
    ready = grant.status is GrantStatus.READY
    for earlier in () if ready else unit.sessions.live(SessionFilter(grant_id=grant.id)):
        close(
            unit,
            earlier,
            grant,
            cause=EndCause.RELAUNCHED,
            by=grant.actor.party,
            origin=origin,
        )
    # Not as whoever authenticated it saw it: rules may have been tightened since.
    application = unit.applications.get(grant.application_id) or presented.application
    granted, grant = grant, narrowed(grant, application.settings, verdict)
    session, session_token = _session(unit, grant, application)
    # With the session's end, so that a relaunch goes on to the same minute and never beyond.
    active = replace(grant, status=GrantStatus.ACTIVE, session_ends_at=session.ends_at)
    unit.sessions.add(session)
    unit.grants.save(active)
    # Kept and not deleted: only a known token can be told from an unknown one when it comes again.
    used = replace(
        token,
        used_at=unit.now,
        session_id=session.id,
        attempt=attempt_hash(unit.vault, presented.attempt),
    )
    unit.impersonation_tokens.save(used)
    unit.record(
        about(
            unit,
            active,
            EventType.SESSION_STARTED,
            origin=origin,
            session_id=session.id,
            details=told(granted, grant) | {"idle_minutes": application.settings.idle_minutes},
        )
    )
    tell_subject(unit, application, active, session)
    return opened(unit, session, active, application, session_token=session_token)


def _session(unit: Unit, grant: Grant, application: Application) -> tuple[Session, str]:
    nonce = unit.random(NONCE_BYTES)
    session_token = unit.vault.derive_token(TokenPurpose.SESSION, nonce)
    ends_at = grant.session_ends_at or unit.now + timedelta(minutes=grant.minutes)
    ends_at = ends_with_consent(unit, application, grant, ends_at)
    session = Session(
        id=SessionId(unit.new_id(IdPrefix.SESSION)),
        grant_id=grant.id,
        application_id=grant.application_id,
        actor_ref=grant.actor.ref,
        subject_ref=grant.subject_ref,
        organization_ref=grant.organization_ref,
        token_hash=unit.vault.token_hash(TokenPurpose.SESSION, session_token),
        token_nonce=nonce,
        started_at=unit.now,
        ends_at=ends_at,
        idle_limit=timedelta(minutes=application.settings.idle_minutes),
        last_active_at=unit.now,
    )
    return session, session_token


def _replayed(
    unit: Unit,
    token: ImpersonationToken,
    grant: Grant,
    presented: Presented,
    origin: Origin,
    *,
    kind: TokenKind | None,
) -> TokenRefused:
    # Before the session is closed, so that the log reads in the order of cause and effect.
    unit.record(
        about(
            unit,
            grant,
            EventType.TOKEN_REPLAYED,
            origin=origin,
            by=presented.application.party,
            session_id=token.session_id,
            outcome=Outcome.DENIED,
            rule=Refusal.REPLAYED,
        )
    )
    session = unit.sessions.get(token.session_id) if token.session_id else None
    # Whoever came first may be the thief. Of a kind that is no longer known, the careful answer.
    if session is not None and (kind is None or kind.replay_revokes):
        cause = EndCause.TOKEN_REPLAYED
        close(unit, session, grant, cause=cause, by=presented.application.party, origin=origin)
    return TokenRefused(why=Refusal.REPLAYED)


def refuse(unit: Unit, grant: Grant, why: str, origin: Origin, *, by: Application) -> TokenRefused:
    """A refusal of a token of ``grant``, as an entry too.

    Its doer is who presented the token: the actor may know nothing of it.
    """
    record_denial(
        unit,
        about(
            unit,
            grant,
            EventType.TOKEN_REFUSED,
            origin=origin,
            by=by.party,
            outcome=Outcome.DENIED,
            rule=why,
            details=opinion_facts(unit) if why == DECISION_POINT_REFUSES.code else {},
        ),
    )
    return TokenRefused(why=why)


def refuse_stranger(unit: Unit, application: Application, why: str, origin: Origin) -> TokenRefused:
    """The application learns, and its log tells, nothing of whose token it was."""
    record_denial(
        unit,
        Event(
            type=EventType.TOKEN_REFUSED,
            application_id=application.id,
            actor=application.party,
            outcome=Outcome.DENIED,
            rule=why,
            address=origin.address,
            user_agent=origin.user_agent,
        ),
    )
    return TokenRefused(why=why)
