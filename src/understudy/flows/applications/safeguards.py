"""Change what guards decisions: stricter at once, looser the way that it guards."""

from __future__ import annotations

from dataclasses import replace

from understudy.core.applications.application import Application, ApplicationSettings
from understudy.core.governance.decision_points import DecisionPoint
from understudy.core.governance.safeguards import Loosening, moves
from understudy.core.impersonation.tokens import IdPrefix
from understudy.core.notices.events import EventType, Party, Scalar
from understudy.core.ports import Unit
from understudy.core.times import to_ms
from understudy.errors import Conflict, NotFound
from understudy.flows.application_events import application_event
from understudy.flows.applications.decision_point import point_facts
from understudy.flows.confirming import require_confirmable
from understudy.flows.known_application import known_application
from understudy.flows.origin import Origin


def guarded(
    unit: Unit, before: Application, wanted: ApplicationSettings, *, by: Party, origin: Origin
) -> ApplicationSettings:
    """``wanted``, in which what would loosen the guards of ``before`` waits and does not hold yet.

    :raises Conflict: it would, and another such change waits already.
    """
    held = replace(wanted, loosening=before.settings.loosening)
    terms, point = before.settings.policy_changes, before.settings.decision_point
    if terms.loosen_to(wanted.policy_changes):
        waits = _waiting(unit, before, by)
        waits = replace(waits, terms=wanted.policy_changes)
    elif not terms.at_once and moves(point, wanted.decision_point):
        waits = replace(_waiting(unit, before, by), decision_point=wanted.decision_point)
    else:
        return held
    facts = loosening_facts(waits) | {"confirmable_ms": to_ms(waits.confirmable_at)}
    unit.record(application_event(EventType.SAFEGUARD_PROPOSED, before, by, origin, facts))
    return replace(held, policy_changes=terms, decision_point=point, loosening=waits)


def confirm_loosening(
    unit: Unit, application_id: str, change_id: str, *, by: Party, origin: Origin
) -> Application:
    """Let a change hold that waited for it.

    :raises NotFound: no such application or change.
    :raises Conflict: ``by`` may not confirm it, or not yet.
    """
    application = known_application(unit, application_id)
    waits = _found(application, change_id)
    settings = application.settings
    # By the terms in force, which are those that it would loosen.
    require_confirmable(unit, waits, settings.policy_changes, by=by, called="safeguard")
    if waits.terms is not None:
        settings = replace(settings, policy_changes=waits.terms)
    else:
        settings = replace(settings, decision_point=waits.decision_point)
    facts = loosening_facts(waits)
    return _saved(
        unit, application, settings, EventType.SAFEGUARD_CHANGED, facts, by=by, origin=origin
    )


def withdraw_loosening(
    unit: Unit, application_id: str, change_id: str, *, by: Party, origin: Origin
) -> Application:
    """Let a change go that waited to be confirmed.

    :raises NotFound: no such application or change.
    """
    application = known_application(unit, application_id)
    facts = loosening_facts(_found(application, change_id))
    kind = EventType.SAFEGUARD_WITHDRAWN
    return _saved(unit, application, application.settings, kind, facts, by=by, origin=origin)


def loosening_facts(waits: Loosening) -> dict[str, Scalar]:
    """What an entry tells of it."""
    if waits.terms is not None:
        return {"policy_changes": waits.terms.told}
    return point_facts(waits.decision_point)


def _waiting(unit: Unit, before: Application, by: Party) -> Loosening:
    if before.settings.loosening is not None:
        raise Conflict("Another change waits to be confirmed. Confirm or withdraw it first.")
    return Loosening(
        id=unit.new_id(IdPrefix.LOOSENING),
        set_by=by.own_ref,
        set_at=unit.now,
        confirmable_at=unit.now + before.settings.policy_changes.delay,
    )


def _found(application: Application, change_id: str) -> Loosening:
    waits = application.settings.loosening
    if waits is None or waits.id != change_id:
        raise NotFound("No such change waits to be confirmed.")
    return waits


def _saved(
    unit: Unit,
    application: Application,
    settings: ApplicationSettings,
    kind: EventType,
    facts: dict[str, Scalar],
    *,
    by: Party,
    origin: Origin,
) -> Application:
    saved = replace(application, settings=replace(settings, loosening=None), updated_at=unit.now)
    unit.applications.save(saved)
    unit.record(application_event(kind, saved, by, origin, facts))
    return saved


def change_point(
    unit: Unit,
    application: Application,
    point: DecisionPoint | None,
    *,
    by: Party,
    origin: Origin,
) -> Application:
    """Have ``point`` asked from now on, or once that is confirmed where it moves what decides.

    :raises Conflict: another change waits already.
    """
    wanted = replace(application.settings, decision_point=point)
    if wanted == application.settings:
        return application
    settings = guarded(unit, application, wanted, by=by, origin=origin)
    saved = replace(application, settings=settings, updated_at=unit.now)
    unit.applications.save(saved)
    if settings.decision_point == point:
        facts = point_facts(point)
        unit.record(application_event(EventType.SAFEGUARD_CHANGED, saved, by, origin, facts))
    return saved
