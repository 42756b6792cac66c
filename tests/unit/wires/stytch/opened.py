"""An open session as the flows give it, for tests of what this wire makes of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from tests.unit.core import factories
from understudy.core.ids import (
    ActorRef,
    GrantId,
    OrganizationId,
    OrganizationRef,
    SessionId,
    SubjectId,
    SubjectRef,
)
from understudy.core.impersonation.grants import Grant, GrantStatus
from understudy.core.impersonation.restrictions import Restrictions, Scope
from understudy.core.impersonation.sessions import Session
from understudy.core.people.principals import Actor, Organization
from understudy.flows.impersonation.open_session import OpenSession

NOW = factories.NOW
ISSUER = "https://understudy.example"


def grant(**changes: Any) -> Grant:
    """A grant of a named actor for Ada."""
    ready = Grant(
        id=GrantId("grt_1"),
        application_id="app_1",
        actor=factories.named_actor(),
        subject_id=SubjectId("ada"),
        subject_ref=SubjectRef("sub_1"),
        organization_id=OrganizationId("acme"),
        organization_ref=OrganizationRef("org_1"),
        reason="A secret reason",
        ticket="T-1",
        scope=Scope.FULL,
        minutes=30,
        status=GrantStatus.ACTIVE,
        created_at=NOW,
        expires_at=NOW + timedelta(minutes=15),
    )
    return replace(ready, **changes)


def session(**changes: Any) -> Session:
    """A session of half an hour that has just begun."""
    ready = Session(
        id=SessionId("ses_1"),
        grant_id=GrantId("grt_1"),
        application_id="app_1",
        actor_ref=ActorRef("act_1"),
        subject_ref=SubjectRef("sub_1"),
        organization_ref=OrganizationRef("org_1"),
        token_hash=b"",
        token_nonce=b"",
        started_at=NOW,
        ends_at=NOW + timedelta(minutes=30),
        idle_limit=timedelta(minutes=10),
        last_active_at=NOW,
    )
    return replace(ready, **changes)


def opened(
    *, actor: Actor | None = None, organization: Organization | None = None, **changes: Any
) -> OpenSession:
    """A session in which somebody works as Ada."""
    ready = OpenSession(
        session=session(),
        session_token="uss_x",
        grant=grant(actor=actor or factories.named_actor()),
        application=factories.application(),
        subject=factories.subject(),
        organization=organization or factories.organization(),
        restrictions=Restrictions(scope=Scope.FULL),
        log_size=1,
    )
    return replace(ready, **changes)
