"""What a grant stands on, read afresh; and ending the sessions whose premises have fallen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial

from understudy.core.applications.application import Application
from understudy.core.governance.decision_points import Outside
from understudy.core.governance.policies import NOT_THERE, Occasion, PolicyVerdict
from understudy.core.ids import GrantId, OperatorId, SubjectId
from understudy.core.impersonation.grants import Grant, GrantStatus, ImpersonationRequest
from understudy.core.impersonation.sessions import Session
from understudy.core.impersonation.tokens import IdPrefix
from understudy.core.notices.events import Party
from understudy.core.people.addresses import addresses_of_actor, addresses_of_subject, spellings
from understudy.core.people.principals import (
    Actor,
    ActorKind,
    Operator,
    Organization,
    Status,
    Subject,
)
from understudy.core.ports import Reader, SessionFilter, Unit
from understudy.core.rules.approval import APPROVAL_MISSING
from understudy.core.rules.decision import Deny
from understudy.core.rules.grant import GRANT_CLOSED, GRANT_OUTDATED
from understudy.core.rules.policy import (
    permitted_still,
    standing,
    verdict_again,
    waits_for_approval,
)
from understudy.core.rules.question import Snapshot
from understudy.core.rules.rule import Rule
from understudy.core.text import as_seen
from understudy.flows.impersonation.agreement import Agreement, why_not_agreed, with_agreement
from understudy.flows.impersonation.budgets import with_budget
from understudy.flows.impersonation.close import close
from understudy.flows.impersonation.consented import consent_seen, is_frozen
from understudy.flows.impersonation.known_as import account_of
from understudy.flows.origin import Origin


def snapshot(
    reader: Reader,
    *,
    application_id: str,
    actor: Actor,
    subject_id: SubjectId,
    is_impersonated: bool,
    now: datetime,
    address: str | None = None,
    ask: ImpersonationRequest | None = None,
    grant: Grant | None = None,
) -> Snapshot:
    """Everything that the rules look at, as it stands ``now``.

    ``address`` is where the actor is, as far as it is known; ``ask`` what they ask for, ``grant``
    what was granted already.
    """
    application = reader.applications.get(application_id)
    subject = reader.subjects.get(application_id, subject_id)
    operator = _operator(reader, actor)
    return Snapshot(
        application=application,
        subject=subject,
        organization=_organization(reader, subject),
        operator=operator,
        account=account_of(reader, application_id, actor, operator),
        email_owner=_email_owner(reader, actor),
        actor_is_impersonated=is_impersonated,
        consent=consent_seen(reader, application, subject, actor, now, ask=ask, grant=grant),
        frozen=is_frozen(reader, actor, operator, application),
        occasion=_occasion(reader, application, now=now, address=address, grant=grant),
        colleague=_colleague(reader, application, subject),
        outside=_outside(reader, application, address=address, grant=grant),
    )


def _outside(
    reader: Reader, application: Application | None, *, address: str | None, grant: Grant | None
) -> Outside | None:
    point = application.settings.decision_point if application else None
    if application is None or point is None:
        return None
    return Outside(
        application_id=application.id,
        point=point,
        opinions=reader.opinions,
        address=address,
        grant=grant,
    )


def _occasion(
    reader: Reader,
    application: Application | None,
    *,
    now: datetime,
    address: str | None,
    grant: Grant | None,
) -> Occasion | None:
    version = application.policy_version if application else None
    if application is None or version is None:
        return None
    policies = reader.policies.get(application.id, version)
    # Changed or deleted from outside: what it forbade is not known, so that it forbids anything.
    judge = partial(reader.judge.judge, policies) if policies else lambda _: NOT_THERE
    return Occasion(version=version, judge=judge, now=now, address=address, grant=grant)


def still_standing(reader: Reader, grant: Grant, now: datetime) -> Deny | None:
    """Why a session of the grant may not go on at ``now``, or None while its premises hold."""
    return standing_within(reader, grant, now)[0]


def standing_within(
    reader: Reader, grant: Grant, now: datetime
) -> tuple[Deny | None, PolicyVerdict | None]:
    """`still_standing`, and within which limits of policies the session goes on, if it does."""
    # Somebody who begins to work as the actor later makes no nesting of what runs already.
    seen = _seen_again(reader, grant, now, is_impersonated=False)
    fallen = standing(grant.actor, grant.organization_id, seen)
    if fallen is not None:
        return fallen, None
    rule = why_not_agreed(reader, grant, seen)
    return (None, verdict_again(grant, seen)) if rule is None else (Deny(rule=rule), None)


def waits_still(reader: Reader, grant: Grant, now: datetime) -> bool:
    """Whether fewer agree to the grant than have to by ``now``."""
    return agreement_on(reader, grant, now).waits


def agreement_on(reader: Reader, grant: Grant, now: datetime) -> Agreement:
    """How many agree to the grant, of those who still may, and whether that is too few ``now``."""
    seen = _seen_again(reader, grant, now, is_impersonated=False)
    seen = with_agreement(reader, grant, seen)
    return Agreement(agreed=seen.agreed, waits=waits_for_approval(grant, seen))


def policies_on(reader: Reader, grant: Grant, now: datetime) -> PolicyVerdict | None:
    """What the policies in force say of ``grant``; None where there are none."""
    seen = _seen_again(reader, grant, now, is_impersonated=False)
    return verdict_again(grant, seen)


def _seen_again(reader: Reader, grant: Grant, now: datetime, *, is_impersonated: bool) -> Snapshot:
    """What the rules look at; a subject or an organization that was made anew is another one."""
    seen = snapshot(
        reader,
        application_id=grant.application_id,
        actor=grant.actor,
        subject_id=grant.subject_id,
        is_impersonated=is_impersonated,
        now=now,
        grant=grant,
    )
    # By our own reference, as an app may give an id of a deleted user to somebody else.
    if seen.subject is not None and seen.subject.ref != grant.subject_ref:
        seen = replace(seen, subject=None)
    if seen.organization is not None and seen.organization.ref != grant.organization_ref:
        seen = replace(seen, organization=replace(seen.organization, status=Status.DELETED))
    return seen


def usable(reader: Reader, grant: Grant, now: datetime) -> bool:
    """True while a session may still come of ``grant``, its premises aside.

    What is due to expire counts as over before anybody has closed it.
    """
    if grant.status is GrantStatus.READY:
        return now < grant.expires_at
    if grant.status is not GrantStatus.ACTIVE:
        return False
    # Its session ends the grant: also one whose end is obeyed and not yet written.
    running = reader.sessions.live(SessionFilter(grant_id=grant.id))
    return bool(running) and all(session.over_because(now) is None for session in running)


def why_not(reader: Reader, grant: Grant, now: datetime) -> Rule | None:
    """The rule by which no session may come of ``grant`` at ``now``; None while one may."""
    return ready_within(reader, grant, now)[0]


def ready_within(
    reader: Reader, grant: Grant, now: datetime
) -> tuple[Rule | None, PolicyVerdict | None]:
    """`why_not`, and within which limits of policies a session may come of it, if one may."""
    if not usable(reader, grant, now):
        waits = grant.status is GrantStatus.PENDING and now < grant.expires_at
        return APPROVAL_MISSING if waits else GRANT_CLOSED, None
    nested = is_impersonated(reader, grant.application_id, grant.actor, but_by=grant.id)
    seen = with_agreement(reader, grant, _seen_again(reader, grant, now, is_impersonated=nested))
    # It counts itself among those who were granted, and is none too many for that.
    refused = permitted_still(grant, with_budget(reader, seen, grant.actor, now))
    if refused is not None:
        return refused.rule, None
    epoch = seen.application.epoch if seen.application else None
    if epoch != grant.epoch:
        return GRANT_OUTDATED, None
    return None, verdict_again(grant, seen)


def end_fallen(unit: Unit, where: SessionFilter, *, by: Party, origin: Origin) -> Sequence[Session]:
    """End every live session in ``where`` whose premises no longer hold, in this unit."""
    ended = []
    for session in unit.sessions.live(where):
        grant = unit.grants.get(session.grant_id)
        fallen = still_standing(unit, grant, unit.latest) if grant is not None else None
        if grant is not None and fallen is not None:
            cause = fallen.end_cause
            ended.append(close(unit, session, grant, cause=cause, by=by, origin=origin))
    return ended


def _organization(reader: Reader, subject: Subject | None) -> Organization | None:
    if subject is None or subject.organization_id is None:
        return None
    return reader.organizations.get(subject.application_id, subject.organization_id)


def _operator(reader: Reader, actor: Actor) -> Operator | None:
    return reader.operators.get(OperatorId(actor.ref)) if actor.kind is ActorKind.OPERATOR else None


def _colleague(
    reader: Reader, application: Application | None, subject: Subject | None
) -> Operator | None:
    """The operator who is the subject, by address or by name in the app, whatever their status."""
    if application is None or subject is None:
        return None
    if not application.settings.insiders.refuse_colleagues:
        return None
    stored = (name for found in sorted(addresses_of_subject(subject)) for name in spellings(found))
    found = next(filter(None, map(reader.operators.by_email, stored)), None)
    # The app's own staff are called alike in both.
    return found or reader.operators.by_staff_id(as_seen(subject.id))


def _email_owner(reader: Reader, actor: Actor) -> Operator | None:
    """The operator for whom somebody may take an actor whom an application named."""
    if actor.kind is ActorKind.OPERATOR:
        return None
    shown = as_seen(actor.id)
    if shown.startswith(IdPrefix.OPERATOR):
        owner = reader.operators.get(OperatorId(shown))
        if owner is not None:
            return owner
    stored = (name for found in sorted(addresses_of_actor(actor)) for name in spellings(found))
    owners = filter(None, map(reader.operators.by_email, stored))
    return next((owner for owner in owners if not _is_named_by_app(owner)), None)


def _is_named_by_app(owner: Operator) -> bool:
    """Whether the app says who they are, here as well: then to name them is no disguise.

    Whoever was disabled here does not come back by it.
    """
    return owner.staff_id is not None and owner.active


def is_impersonated(
    reader: Reader, application_id: str, actor: Actor, *, but_by: GrantId | None = None
) -> bool:
    """Whether somebody works as the user whom the application names as ``actor``.

    A session of the grant ``but_by`` does not count: it is no nesting in itself.
    """
    if actor.kind is ActorKind.OPERATOR:
        return False
    for name in dict.fromkeys((actor.id, as_seen(actor.id))):
        named = reader.subjects.get(application_id, SubjectId(name))
        if named is None:
            continue
        where = SessionFilter(application_id=application_id, subject_ref=named.ref)
        if any(session.grant_id != but_by for session in reader.sessions.live(where)):
            return True
    return False
