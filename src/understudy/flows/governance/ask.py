"""Ask a user whether one may work in their account, and take their answer."""

from __future__ import annotations

from dataclasses import replace

from understudy.core.governance.consent_requests import (
    REQUEST_LIFE,
    ConsentRequest,
    RequestState,
)
from understudy.core.governance.consents import USABLE_FOR, Consent, ConsentKind, ConsentMode
from understudy.core.ids import SubjectId
from understudy.core.impersonation.grants import ImpersonationRequest
from understudy.core.impersonation.restrictions import Scope
from understudy.core.impersonation.tokens import IdPrefix
from understudy.core.notices.events import EventType, Scalar
from understudy.core.people.principals import Subject
from understudy.core.ports import Unit
from understudy.core.rules.decision import Deny
from understudy.core.rules.policy import decide
from understudy.core.rules.question import Snapshot
from understudy.errors import Conflict, NotFound
from understudy.flows.clock_doubt import require_not_behind
from understudy.flows.governance.agree import record_given
from understudy.flows.governance.whom import asked_of, the_user, told
from understudy.flows.impersonation.denied import Denied
from understudy.flows.impersonation.premises import is_impersonated, snapshot
from understudy.flows.impersonation.request import deny
from understudy.flows.origin import Origin

MOST_PENDING = 5
"""So many questions wait for one user, so that nobody buries one among others."""


def ask_user(unit: Unit, ask: ImpersonationRequest, *, origin: Origin) -> ConsentRequest | Denied:
    """Put ``ask`` to the user, in place of what its actor has asked them before.

    Only what nothing but their agreement stands in the way of is put to them.

    :raises Conflict: nothing is asked for there, or too much waits for them already.
    """
    require_not_behind(unit)
    seen = snapshot(
        unit,
        application_id=ask.application_id,
        actor=ask.actor,
        subject_id=ask.subject_id,
        is_impersonated=is_impersonated(unit, ask.application_id, ask.actor),
        now=unit.latest,
    )
    decision = decide(ask, _as_if_agreed(unit, seen))
    if isinstance(decision, Deny):
        return deny(unit, ask, seen, decision, origin)
    if seen.subject is None:  # decide() never permits that
        raise NotFound
    _, mode = asked_of(unit, seen.subject)
    if mode is ConsentMode.OFF:
        raise Conflict("Nobody is asked here: start at once.", facts={"rule": "consent_mode"})
    _make_room(unit, ask, seen.subject)
    limits = decision.limits
    request = ConsentRequest(
        id=unit.new_id(IdPrefix.CONSENT_REQUEST),
        application_id=ask.application_id,
        subject_id=seen.subject.id,
        subject_ref=seen.subject.ref,
        actor=ask.actor,
        reason=limits.reason,
        ticket=limits.ticket,
        scope=limits.scope,
        minutes=limits.minutes,
        created_at=unit.now,
        expires_at=unit.now + REQUEST_LIFE,
    )
    unit.consent_requests.add(request)
    _record(unit, EventType.CONSENT_ASKED, seen.subject, request, origin, by_actor=True)
    return request


def allow(
    unit: Unit, application_id: str, subject_id: SubjectId, request_id: str, *, origin: Origin
) -> Consent:
    """The user says yes to exactly this.

    :raises NotFound: nobody asks them that.
    :raises Conflict: it was answered, or is too long ago.
    """
    subject, request = the_question(unit, application_id, subject_id, request_id)
    return agreed_to(unit, subject, request, origin=origin)


def decline(
    unit: Unit, application_id: str, subject_id: SubjectId, request_id: str, *, origin: Origin
) -> ConsentRequest:
    """The user says no.

    :raises NotFound: nobody asks them that.
    :raises Conflict: it was answered, or is too long ago.
    """
    subject, request = the_question(unit, application_id, subject_id, request_id)
    declined = replace(request, state=RequestState.DECLINED, code_hash=None)
    unit.consent_requests.save(declined)
    _record(unit, EventType.CONSENT_DECLINED, subject, request, origin, by_actor=False)
    return declined


def the_question(
    unit: Unit, application_id: str, subject_id: SubjectId, request_id: str
) -> tuple[Subject, ConsentRequest]:
    """The user, and what waits for their answer.

    :raises NotFound: nobody asks them that.
    :raises Conflict: it was answered, or is too long ago.
    """
    subject = the_user(unit, application_id, subject_id)
    request = unit.consent_requests.get(request_id)
    if request is None or request.subject_ref != subject.ref:
        raise NotFound("Nobody asks you this.")
    if not request.is_pending(unit.latest):
        raise Conflict("This was answered, or is too long ago.", facts={"rule": "request_over"})
    return subject, request


def agreed_to(unit: Unit, subject: Subject, request: ConsentRequest, *, origin: Origin) -> Consent:
    """The agreement to ``request``, whose actor may start by it, once."""
    unit.consent_requests.save(replace(request, state=RequestState.ALLOWED, code_hash=None))
    consent = Consent(
        id=unit.new_id(IdPrefix.CONSENT),
        application_id=request.application_id,
        subject_ref=subject.ref,
        kind=ConsentKind.ONCE,
        scope=request.scope,
        minutes=request.minutes,
        given_at=unit.now,
        expires_at=unit.now + USABLE_FOR,
        actor_ref=request.actor.ref,
        request_id=request.id,
    )
    record_given(unit, subject, consent, origin)
    return consent


def _as_if_agreed(unit: Unit, seen: Snapshot) -> Snapshot:
    """What the rules would see had the user agreed to everything."""
    if seen.subject is None:
        return seen
    consent = Consent(
        id="",
        application_id=seen.subject.application_id,
        subject_ref=seen.subject.ref,
        kind=ConsentKind.ONCE,
        scope=Scope.FULL,
        given_at=unit.now,
        expires_at=unit.now,
    )
    return replace(seen, consent=consent)


def _make_room(unit: Unit, ask: ImpersonationRequest, subject: Subject) -> None:
    pending = unit.consent_requests.pending(subject.ref, unit.latest)
    for earlier in pending:
        if earlier.actor.ref == ask.actor.ref:
            superseded = replace(earlier, state=RequestState.SUPERSEDED, code_hash=None)
            unit.consent_requests.save(superseded)
    others = [one for one in pending if one.actor.ref != ask.actor.ref]
    if len(others) >= MOST_PENDING:
        raise Conflict("Too many questions wait for this user.", facts={"rule": "too_many_asked"})


def _record(
    unit: Unit,
    event: EventType,
    subject: Subject,
    request: ConsentRequest,
    origin: Origin,
    *,
    by_actor: bool,
) -> None:
    details: dict[str, Scalar] = {
        "request_id": request.id,
        "scope": request.scope,
        "minutes": request.minutes,
    }
    by = request.actor.party if by_actor else subject.party
    unit.record(
        told(
            event,
            subject,
            by=by,
            origin=origin,
            details=details,
            reason=request.reason,
            ticket=request.ticket,
        )
    )
