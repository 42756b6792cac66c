"""What a user's agreement means for a start, and for a grant that came of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from understudy.core.applications.application import Application
from understudy.core.governance.consents import Consent, ConsentKind, ConsentMode
from understudy.core.ids import ActorRef, OperatorId, SubjectRef
from understudy.core.impersonation.grants import Grant, ImpersonationRequest
from understudy.core.people.addresses import addresses_of_actor, spellings
from understudy.core.people.principals import Actor, ActorKind, Operator, Subject
from understudy.core.ports import Reader, Unit
from understudy.core.text import as_seen
from understudy.flows.impersonation.actors import actor_ref


def mode_of(application: Application | None, subject: Subject | None) -> ConsentMode:
    """What this user has to agree to; nothing where there is nobody."""
    if application is None or subject is None:
        return ConsentMode.OFF
    return application.settings.consent.mode_for(subject.organization_id)


def consents_of(
    reader: Reader, application: Application, subject_ref: SubjectRef, now: datetime
) -> list[Consent]:
    """What a user agreed to and something may come of, or has come, by the terms as they are."""
    terms = application.settings.consent
    found = reader.consents.standing_or_used(subject_ref, now)
    return [one.held_to(terms) for one in found]


def consent_seen(
    reader: Reader,
    application: Application | None,
    subject: Subject | None,
    actor: Actor,
    now: datetime,
    *,
    ask: ImpersonationRequest | None,
    grant: Grant | None,
) -> Consent | None:
    """What the user agreed to, for ``ask`` or for ``grant``; nothing is read where nobody asks."""
    mode = mode_of(application, subject)
    if mode is ConsentMode.OFF or application is None or subject is None:
        return None
    found = consents_of(reader, application, subject.ref, now)
    fit = [one for one in found if one.suffices(mode)]
    if grant is not None:
        return next((one for one in fit if _bears(one, grant, now)), None)
    usable = (one for one in fit if one.in_force(now) and one.open_to(actor.ref))
    meant = [one for one in usable if _is_what_they_read(reader, one, ask)]
    return max(meant, key=_preferred, default=None)


def ends_with_consent(
    unit: Unit, application: Application, grant: Grant, ends_at: datetime
) -> datetime:
    """``ends_at``, or before it when the user's standing consent runs out."""
    if application.settings.consent.mode_for(grant.organization_id) is not ConsentMode.STANDING:
        return ends_at
    found = consents_of(unit, application, grant.subject_ref, unit.latest)
    bearing = [one for one in found if _bears(one, grant, unit.latest)]
    if not bearing or any(one.kind is ConsentKind.ONCE for one in bearing):
        return ends_at
    return min(ends_at, max(one.expires_at for one in bearing))


def use(unit: Unit, consent: Consent | None, grant: Grant) -> None:
    """An agreement to one request leads to one grant."""
    if consent is not None and consent.kind is ConsentKind.ONCE:
        unit.consents.save(replace(consent, grant_id=grant.id))


def is_frozen(
    reader: Reader, actor: Actor, operator: Operator | None, application: Application | None
) -> bool:
    """Whether a case keeps the actor from working, under this name or the one they have beside it:
    an app's own staff are operators here, and may be named by the app as well.

    Cases of those whom an application names are read only where somebody is kept from working.
    """
    if actor.kind is ActorKind.OPERATOR:
        if operator is None:
            return False
        return operator.frozen_at is not None or _is_frozen_in_app(reader, operator, application)
    if application is not None and application.freezes and reader.cases.freezes(actor.ref):
        return True
    return any(one.frozen_at is not None for one in _operators_behind(reader, actor))


def _is_frozen_in_app(reader: Reader, operator: Operator, application: Application | None) -> bool:
    if operator.staff_id is None or application is None or not application.freezes:
        return False
    named = actor_ref(reader.vault, application.id, operator.staff_id)
    return named is not None and reader.cases.freezes(named)


def refs_of(reader: Reader, application_id: str, actor: Actor) -> Sequence[ActorRef]:
    """Under which references the actor may be at work by now, their own first."""
    if actor.kind is not ActorKind.OPERATOR:
        behind = [one.actor_ref for one in _operators_behind(reader, actor)]
        return list(dict.fromkeys((actor.ref, *behind)))
    operator = reader.operators.get(OperatorId(actor.ref))
    name = None if operator is None else operator.staff_id
    named = None if name is None else actor_ref(reader.vault, application_id, name)
    return [actor.ref] if named is None else [actor.ref, named]


def _operators_behind(reader: Reader, actor: Actor) -> Iterator[Operator]:
    """Those for whom an actor stands whom an application named, by name or by address."""
    names = dict.fromkeys((actor.id, as_seen(actor.id)))
    stored = (name for found in sorted(addresses_of_actor(actor)) for name in spellings(found))
    yield from filter(None, map(reader.operators.by_staff_id, names))
    yield from filter(None, map(reader.operators.by_email, stored))


def _is_what_they_read(reader: Reader, consent: Consent, ask: ImpersonationRequest | None) -> bool:
    """Whether a yes to one request was to the reason and the ticket that are given now."""
    if consent.kind is not ConsentKind.ONCE or ask is None:
        return True
    request = reader.consent_requests.get(consent.request_id or "")
    return request is not None and (request.reason, request.ticket) == (
        ask.reason.strip(),
        (ask.ticket or "").strip() or None,
    )


def _bears(consent: Consent, grant: Grant, now: datetime) -> bool:
    return consent.bears(grant.id, grant.scope, grant.minutes, now)


def _preferred(consent: Consent) -> tuple[bool, int, bool]:
    # Of two that are as wide the one that is not used up by it.
    return (*consent.width, consent.kind is ConsentKind.STANDING)
