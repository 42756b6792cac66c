"""A grant, a session and an application as the tests of this wire vary them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from tests.fixtures.engine import START
from understudy.core.applications.application import Application, ApplicationSettings, Vertical
from understudy.core.ids import ActorRef, GrantId, SessionId, SubjectId, SubjectRef
from understudy.core.impersonation.grants import Grant, GrantStatus
from understudy.core.impersonation.restrictions import Restrictions, Scope
from understudy.core.impersonation.sessions import Session
from understudy.core.people.principals import Actor, ActorKind, Status, Subject
from understudy.flows.impersonation.open_session import OpenSession

ISSUER = "https://understudy.example"
CLAIMS = {"sub": "kim", "reason": "T-81"}
NAMED = Actor(kind=ActorKind.NAMED_BY_APPLICATION, ref=ActorRef("act_1"), id="kim")
OPERATOR = Actor(kind=ActorKind.OPERATOR, ref=ActorRef("opr_1"), id="opr_1", email="sam@x.example")
GRANT = Grant(
    id=GrantId("grt_1"),
    application_id="app_1",
    actor=NAMED,
    subject_id=SubjectId("ada"),
    subject_ref=SubjectRef("sub_1"),
    organization_id=None,
    organization_ref=None,
    reason="not given (Clerk API): T-81",
    ticket=None,
    scope=Scope.FULL,
    minutes=30,
    status=GrantStatus.READY,
    created_at=START,
    expires_at=START + timedelta(hours=1),
    actor_as_given=CLAIMS,
)
SESSION = Session(
    id=SessionId("ses_1"),
    grant_id=GrantId("grt_1"),
    application_id="app_1",
    actor_ref=ActorRef("act_1"),
    subject_ref=SubjectRef("sub_1"),
    organization_ref=None,
    token_hash=b"",
    token_nonce=b"",
    started_at=START,
    ends_at=START + timedelta(minutes=30),
    idle_limit=timedelta(minutes=10),
    last_active_at=START,
)
SUBJECT = Subject(
    application_id="app_1",
    id=SubjectId("ada"),
    ref=SubjectRef("sub_1"),
    email="ada@acme.example",
    name="Ada Lovett",
    organization_id=None,
    roles=(),
    protected=False,
    status=Status.ACTIVE,
    created_at=START,
    updated_at=START,
)
APPLICATION = Application(
    id="app_1",
    name="Billing",
    vertical=Vertical.B2B,
    status=Status.ACTIVE,
    settings=ApplicationSettings(redirect_urls=("https://app.example/cb", "https://b.example/cb")),
    secret_hash=b"",
    created_at=START,
    updated_at=START,
)
OPENED = OpenSession(
    session=SESSION,
    session_token="uss_secret",
    grant=GRANT,
    application=APPLICATION,
    subject=SUBJECT,
    organization=None,
    restrictions=Restrictions(scope=Scope.FULL),
    log_size=1,
)


def a_grant(**changes: Any) -> Grant:
    """``GRANT`` with ``changes``."""
    return replace(GRANT, **changes)


def a_session(**changes: Any) -> Session:
    """``SESSION`` with ``changes``."""
    return replace(SESSION, **changes)


def a_subject(**changes: Any) -> Subject:
    """``SUBJECT`` with ``changes``."""
    return replace(SUBJECT, **changes)
