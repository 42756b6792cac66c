"""Domain values as answers of the API."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

import msgspec

from understudy.core.governance.consent_requests import ConsentRequest
from understudy.core.governance.consents import Consent
from understudy.core.impersonation.grants import Grant
from understudy.core.impersonation.restrictions import BlockedAction
from understudy.core.impersonation.sessions import Session
from understudy.core.notices.events import Party
from understudy.core.people.principals import Actor
from understudy.core.ports import Reader, Vault
from understudy.core.redaction.lifted import Shown
from understudy.core.redaction.rules import Redaction
from understudy.flows.governance.support_code import digits_of
from understudy.flows.impersonation.about import organization_party, subject_party
from understudy.flows.impersonation.open_session import OpenSession
from understudy.wires.native.keeping import digest_of, holds
from understudy.wires.native.schemas import impersonations as shapes
from understudy.wires.native.schemas.consents import (
    AskedAnswer,
    ConsentAnswer,
    ConsentRequestAnswer,
)


def actor_answer(actor: Actor) -> shapes.ActorAnswer:
    """Who acts."""
    return shapes.ActorAnswer(kind=actor.kind, id=actor.id, email=actor.email, name=actor.name)


def blocked_actions(actions: Iterable[BlockedAction]) -> list[shapes.BlockedActionShape]:
    """What sessions may not do."""
    return [
        shapes.BlockedActionShape(method=action.method, pattern=action.pattern, label=action.label)
        for action in actions
    ]


def redaction_shape(redaction: Redaction) -> shapes.RedactionShape:
    """What sessions hide."""
    return shapes.RedactionShape(
        secrets=redaction.secrets,
        rules=[
            shapes.RedactionRuleShape(
                kind=rule.kind, match=rule.match, deed=rule.deed, revealable=rule.revealable
            )
            for rule in redaction.rules
        ],
        open_routes=list(redaction.open_routes),
    )


def grant_answer(reader: Reader, grant: Grant) -> shapes.GrantAnswer:
    """A grant, its people as they are known now."""
    return shapes.GrantAnswer(
        id=grant.id,
        application_id=grant.application_id,
        status=grant.status,
        actor=actor_answer(grant.actor),
        subject=_person(subject_party(reader, grant), grant),
        organization=_organization(organization_party(reader, grant), grant),
        reason=grant.reason,
        ticket=grant.ticket,
        scope=grant.scope,
        minutes=grant.minutes,
        created_at=grant.created_at,
        expires_at=grant.expires_at,
        session_ends_at=grant.session_ends_at,
        origin=grant.origin,
        quorum=grant.quorum,
        break_glass=grant.review_id is not None,
        marks=list(grant.marks or ()),
    )


def session_answer(reader: Reader, session: Session, grant: Grant) -> shapes.SessionAnswer:
    """A session, its people as they are known now."""
    subject = _person(subject_party(reader, grant), grant)
    organization = _organization(organization_party(reader, grant), grant)
    return _session(session, grant, subject, organization)


def ended_answer(shown: shapes.SessionAnswer, *, logged: bool) -> shapes.EndedSession:
    """A session that somebody has just ended."""
    return shapes.EndedSession(**msgspec.structs.asdict(shown), effective=True, logged=logged)


def open_session_answer(
    opened: OpenSession, *, now: datetime, session_jwt: str | None, headers: Mapping[str, str]
) -> shapes.OpenSession:
    """A live session with all that a guard needs and does not say by ``headers`` that it has."""
    digest = digest_of(opened.application.settings)
    blocked = () if holds(headers, digest) else opened.restrictions.blocked_actions
    grant, subject = opened.grant, opened.subject
    person = shapes.PersonAnswer(id=subject.id, email=subject.email, name=subject.name)
    found = opened.organization
    organization = shapes.OrganizationAnswer(id=found.id, name=found.name) if found else None
    return shapes.OpenSession(
        session=_session(opened.session, grant, person, organization),
        session_token=opened.session_token,
        session_jwt=session_jwt,
        subject=shapes.SubjectInSession(
            id=subject.id, email=subject.email, name=subject.name, roles=list(subject.roles)
        ),
        organization=organization,
        restrictions=shapes.RestrictionsAnswer(
            scope=opened.restrictions.scope,
            blocked_actions=blocked_actions(blocked),
            redaction=redaction_shape(opened.restrictions.redaction),
            unlocks=opened.restrictions.unlocks,
            blocked_digest=digest,
            reveals=[_shown(one) for one in opened.restrictions.reveals],
        ),
        lease_expires_at=opened.session.lease_until(now),
        server_time=now,
        log_index=opened.log_size,
        return_to=grant.return_to,
        told_as=opened.application.settings.consent.told_as(grant.actor.name),
    )


def _shown(shown: Shown) -> shapes.ShownAnswer:
    lifted = shown.lifted
    return shapes.ShownAnswer(
        kind=lifted.kind, match=lifted.match, path=lifted.path, until=shown.until
    )


def consent_answer(consent: Consent) -> ConsentAnswer:
    """What a user agreed to."""
    return ConsentAnswer(
        id=consent.id,
        kind=consent.kind,
        scope=consent.scope,
        minutes=consent.minutes,
        given_at=consent.given_at,
        expires_at=consent.expires_at,
    )


def consent_request_answer(
    vault: Vault, request: ConsentRequest, *, shown_as: str | None
) -> ConsentRequestAnswer:
    """What a user is asked, by whom as far as they may know."""
    return ConsentRequestAnswer(
        id=request.id,
        asked_by=shown_as or request.actor.name or "Support",
        reason=request.reason,
        ticket=request.ticket,
        scope=request.scope,
        minutes=request.minutes,
        digits=digits_of(vault, request),
        created_at=request.created_at,
        expires_at=request.expires_at,
    )


def asked_answer(vault: Vault, request: ConsentRequest) -> AskedAnswer:
    """What became of a request, for whoever asked."""
    return AskedAnswer(
        id=request.id,
        state=request.state,
        scope=request.scope,
        minutes=request.minutes,
        digits=digits_of(vault, request),
        created_at=request.created_at,
        expires_at=request.expires_at,
    )


def _session(
    session: Session,
    grant: Grant,
    subject: shapes.PersonAnswer,
    organization: shapes.OrganizationAnswer | None,
) -> shapes.SessionAnswer:
    return shapes.SessionAnswer(
        id=session.id,
        grant_id=session.grant_id,
        application_id=session.application_id,
        actor=actor_answer(grant.actor),
        subject=subject,
        organization=organization,
        reason=grant.reason,
        ticket=grant.ticket,
        scope=grant.scope,
        started_at=session.started_at,
        ends_at=session.ends_at,
        idle_ends_at=min(session.idle_at, session.ends_at),
        last_active_at=session.last_active_at,
        ended_at=session.ended_at,
        end_cause=session.end_cause,
        origin=grant.origin,
        marks=list(grant.marks or ()),
    )


def _person(party: Party, grant: Grant) -> shapes.PersonAnswer:
    return shapes.PersonAnswer(id=grant.subject_id, email=party.email, name=party.name)


def _organization(party: Party | None, grant: Grant) -> shapes.OrganizationAnswer | None:
    if party is None or grant.organization_id is None:
        return None
    return shapes.OrganizationAnswer(id=grant.organization_id, name=party.name)
