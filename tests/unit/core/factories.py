"""Values for tests of the rules: everything in order unless a test says otherwise."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from understudy.core.applications.application import Application, ApplicationSettings, Vertical
from understudy.core.governance.consents import Consent, ConsentKind
from understudy.core.governance.policies import Occasion, PolicyVerdict
from understudy.core.ids import (
    ActorRef,
    GrantId,
    OperatorId,
    OrganizationId,
    OrganizationRef,
    SubjectId,
    SubjectRef,
)
from understudy.core.impersonation.grants import (
    GRANT_LIFE,
    Grant,
    GrantStatus,
    ImpersonationRequest,
)
from understudy.core.impersonation.restrictions import Scope
from understudy.core.people.permissions import Role
from understudy.core.people.principals import (
    Actor,
    ActorKind,
    Operator,
    OperatorStatus,
    Organization,
    Status,
    Subject,
)
from understudy.core.rules.question import Snapshot

NOW = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)


def settings(**changes: Any) -> ApplicationSettings:
    ready = ApplicationSettings(
        impersonation_allowed=True, redirect_urls=("https://app.example/_understudy/callback",)
    )
    return replace(ready, **changes)


def application(**changes: Any) -> Application:
    ready = Application(
        id="app_1",
        name="Invoices",
        vertical=Vertical.B2B,
        status=Status.ACTIVE,
        settings=settings(),
        secret_hash=b"\x00" * 32,
        created_at=NOW,
        updated_at=NOW,
    )
    return replace(ready, **changes)


def organization(**changes: Any) -> Organization:
    ready = Organization(
        application_id="app_1",
        id=OrganizationId("acme"),
        ref=OrganizationRef("org_1"),
        name="Acme",
        status=Status.ACTIVE,
        created_at=NOW,
        updated_at=NOW,
    )
    return replace(ready, **changes)


def subject(**changes: Any) -> Subject:
    ready = Subject(
        application_id="app_1",
        id=SubjectId("ada"),
        ref=SubjectRef("sub_1"),
        email="ada@acme.example",
        name="Ada Lovelace",
        organization_id=OrganizationId("acme"),
        roles=("member",),
        protected=False,
        status=Status.ACTIVE,
        created_at=NOW,
        updated_at=NOW,
    )
    return replace(ready, **changes)


def operator(**changes: Any) -> Operator:
    ready = Operator(
        id=OperatorId("opr_1"),
        email="sam@support.example",
        name="Sam Support",
        roles=frozenset({Role.SUPPORT_MANAGER}),
        status=OperatorStatus.ACTIVE,
        created_at=NOW,
        updated_at=NOW,
    )
    return replace(ready, **changes)


def named_actor(**changes: Any) -> Actor:
    ready = Actor(
        kind=ActorKind.NAMED_BY_APPLICATION,
        ref=ActorRef("act_1"),
        id="staff-7",
        email="kim@app.example",
        name="Kim",
    )
    return replace(ready, **changes)


def ask(**changes: Any) -> ImpersonationRequest:
    ready = ImpersonationRequest(
        application_id="app_1",
        actor=Actor.from_operator(operator()),
        subject_id=SubjectId("ada"),
        reason="Cannot find the reports tab",
    )
    return replace(ready, **changes)


def grant(**changes: Any) -> Grant:
    """To ``operator()``, for what ``ask()`` asks for."""
    ready = Grant(
        id=GrantId("gra_1"),
        application_id="app_1",
        actor=Actor.from_operator(operator()),
        subject_id=SubjectId("ada"),
        subject_ref=SubjectRef("sub_1"),
        organization_id=OrganizationId("acme"),
        organization_ref=OrganizationRef("org_1"),
        reason="Cannot find the reports tab",
        ticket=None,
        scope=Scope.FULL,
        minutes=60,
        status=GrantStatus.READY,
        created_at=NOW,
        expires_at=NOW + GRANT_LIFE,
    )
    return replace(ready, **changes)


def consent(**changes: Any) -> Consent:
    """For a time, of ``subject()``."""
    ready = Consent(
        id="cns_1",
        application_id="app_1",
        subject_ref=SubjectRef("sub_1"),
        kind=ConsentKind.STANDING,
        scope=Scope.FULL,
        given_at=NOW,
        expires_at=NOW + timedelta(days=30),
    )
    return replace(ready, **changes)


def occasion(*verdicts: PolicyVerdict, **changes: Any) -> Occasion:
    """On which policies say ``verdicts`` one after another, the last one for ever."""
    left = list(verdicts)
    ready = Occasion(version=1, judge=lambda _: left.pop(0) if len(left) > 1 else left[0], now=NOW)
    return replace(ready, **changes)


def snapshot(**changes: Any) -> Snapshot:
    ready = Snapshot(
        application=application(),
        subject=subject(),
        organization=organization(),
        operator=operator(),
    )
    return replace(ready, **changes)
