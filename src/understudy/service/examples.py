"""One example of each answer and body worth showing, typed, so that none can go stale."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import msgspec

from understudy.core.applications.application import Vertical
from understudy.core.ids import OrganizationId, SubjectId
from understudy.core.impersonation.grants import GrantStatus
from understudy.core.impersonation.restrictions import Scope
from understudy.core.notices.events import EventType, Outcome
from understudy.core.notices.webhooks import DeliveryKind, DeliveryStatus
from understudy.core.people.permissions import Permission, Role
from understudy.core.people.principals import ActorKind, Status
from understudy.core.redaction.rules import RuleKind
from understudy.core.rules.subject import SUBJECT_PROTECTED
from understudy.http.shapes import Problem
from understudy.wires.native.schemas.applications import ApplicationBrief
from understudy.wires.native.schemas.audit import EntryAnswer, PartyAnswer
from understudy.wires.native.schemas.directory import (
    OrganizationBrief,
    RolesWithoutRank,
    RoleWithoutRank,
    SaveSubject,
    SubjectAnswer,
)
from understudy.wires.native.schemas.impersonations import (
    ActionInput,
    ActorAnswer,
    BlockedActionShape,
    Exchange,
    GrantAnswer,
    ImpersonationStarted,
    NamedActor,
    OpenSession,
    OrganizationAnswer,
    PersonAnswer,
    RecordActions,
    RedactionRuleShape,
    RedactionShape,
    Refresh,
    RestrictionsAnswer,
    SessionAnswer,
    StartImpersonation,
    SubjectInSession,
)
from understudy.wires.native.schemas.imports import ImportReport, RowProblem
from understudy.wires.native.schemas.operators import InviteOperator, Me, SignIn
from understudy.wires.native.schemas.webhooks import AttemptAnswer, CreateWebhook, DeliveryAnswer

_START = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
_APPLICATION = "app_3hXxJ0cQhZk1yqzv2m8w4A"
_GRANT = "grt_8mKq2vN4xR6tYwZb1cDfGh"
_SESSION = "ses_Qw7eRt9yUi1oPa3sDf5gHj"
_PHRASE = "correct horse battery staple"
_SINGLE_USE = "usi_nT4kP8vQ2wX6yZ0bC3dF5gH7jK9lM1oR"
_BEARER = "uss_aB1cD2eF3gH4iJ5kL6mN7oP8qR9sT0uV"
_REASON = "Customer cannot see last month's invoice"
_TICKET = "HELP-4711"
_ADA = PersonAnswer(id="user-1017", email="ada@acme.example", name="Ada Lovett")
_UNRANKED = RolesWithoutRank(
    users=12, roles=[RoleWithoutRank(role="editor", users=12)], role_count=1
)
_ACME = OrganizationAnswer(id="acme", name="Acme")
_SAM = ActorAnswer(
    kind=ActorKind.NAMED_BY_APPLICATION,
    id="staff-7",
    email="sam@vendor.example",
    name="Sam Ortiz",
)
_GRANTED = GrantAnswer(
    id=_GRANT,
    application_id=_APPLICATION,
    status=GrantStatus.READY,
    actor=_SAM,
    subject=_ADA,
    organization=_ACME,
    reason=_REASON,
    ticket=_TICKET,
    scope=Scope.READ_ONLY,
    minutes=30,
    created_at=_START,
    expires_at=_START + timedelta(minutes=15),
    session_ends_at=None,
    origin=None,
    quorum=None,
    break_glass=False,
    marks=[],
)
_LIVE = SessionAnswer(
    id=_SESSION,
    grant_id=_GRANT,
    application_id=_APPLICATION,
    actor=_SAM,
    subject=_ADA,
    organization=_ACME,
    reason=_REASON,
    ticket=_TICKET,
    scope=Scope.READ_ONLY,
    started_at=_START,
    ends_at=_START + timedelta(minutes=30),
    idle_ends_at=_START + timedelta(minutes=10),
    last_active_at=_START,
    ended_at=None,
    end_cause=None,
    origin=None,
    marks=[],
)

EXAMPLES: tuple[msgspec.Struct, ...] = (
    SignIn(email="mia@vendor.example", password=_PHRASE),
    Me(
        id="opr_5nBv7cXz9aSd1fGh3jKl2Q",
        email="mia@vendor.example",
        name="Mia Chen",
        roles=[Role.SUPPORT_MANAGER],
        permissions=[Permission.DIRECTORY_READ, Permission.IMPERSONATION_START],
        session_expires_at=_START + timedelta(hours=12),
        signed_in_by="password",
        recent_sign_in_until=None,
        confirms_password=False,
        sign_in_at=None,
    ),
    InviteOperator(email="noor@vendor.example", name="Noor Haddad", roles=[Role.AUDITOR]),
    ApplicationBrief(id=_APPLICATION, name="Billing", vertical=Vertical.B2B, status=Status.ACTIVE),
    SaveSubject(
        email=_ADA.email,
        name=_ADA.name,
        organization_id=OrganizationId("acme"),
        roles=["member"],
        protected=False,
    ),
    SubjectAnswer(
        application_id=_APPLICATION,
        id=_ADA.id,
        email=_ADA.email,
        name=_ADA.name,
        organization=OrganizationBrief(id="acme", name="Acme"),
        roles=["member"],
        rank=0,
        protected=False,
        tags=["vip"],
        status=Status.ACTIVE,
        created_at=_START - timedelta(days=90),
        updated_at=_START - timedelta(days=2),
        live_session_id=None,
    ),
    ImportReport(
        saved=0,
        unchanged=0,
        removed=0,
        unread=["plan"],
        problems=[
            RowProblem(
                line=3,
                row=None,
                column="email",
                code="email_malformed",
                detail="This is not an e-mail address.",
            )
        ],
        problem_count=1,
        unranked=_UNRANKED,
    ),
    _UNRANKED,
    StartImpersonation(
        subject_id=SubjectId(_ADA.id),
        reason=_REASON,
        ticket=_TICKET,
        minutes=30,
        scope=Scope.READ_ONLY,
        actor=NamedActor(id="staff-7", email="sam@vendor.example", name="Sam Ortiz"),
    ),
    ImpersonationStarted(
        grant=_GRANTED,
        impersonation_token=_SINGLE_USE,
        impersonation_token_expires_at=_START + timedelta(seconds=60),
        launch_url=None,
    ),
    Exchange(impersonation_token=_SINGLE_USE),
    Refresh(session_token=_BEARER),
    OpenSession(
        session=_LIVE,
        session_token=_BEARER,
        session_jwt=None,
        subject=SubjectInSession(id=_ADA.id, email=_ADA.email, name=_ADA.name, roles=["member"]),
        organization=_ACME,
        restrictions=RestrictionsAnswer(
            scope=Scope.READ_ONLY,
            blocked_actions=[
                BlockedActionShape(method="POST", pattern="/password", label="Change password")
            ],
            redaction=RedactionShape(
                secrets=True, rules=[RedactionRuleShape(kind=RuleKind.FIELD, match="iban")]
            ),
        ),
        lease_expires_at=_START + timedelta(minutes=5),
        server_time=_START,
        log_index=4212,
        return_to="/invoices",
        told_as=None,
    ),
    RecordActions(
        actions=[
            ActionInput(
                id="a1b2c3d4e5f6",
                phase="completed",
                at=_START + timedelta(seconds=40),
                method="GET",
                path="/invoices/2026-10",
                route="/invoices/{month}",
                status=200,
                duration_ms=38,
            )
        ]
    ),
    EntryAnswer(
        index=4211,
        time=_START,
        type=EventType.SESSION_STARTED,
        application_id=_APPLICATION,
        actor=PartyAnswer(
            kind=_SAM.kind,
            ref="act_Zx8cVb6nMa4sDf2gHj0kLq",
            id=_SAM.id,
            email=_SAM.email,
            name=_SAM.name,
            taken_over=False,
        ),
        doer=None,
        subject=PartyAnswer(
            kind="subject",
            ref="sub_Po9iUy7tRe5wQa3sDf1gHj",
            id=_ADA.id,
            email=_ADA.email,
            name=_ADA.name,
            taken_over=False,
        ),
        organization=None,
        grant_id=_GRANT,
        session_id=_SESSION,
        outcome=Outcome.OK,
        rule=None,
        reason=_REASON,
        ticket=_TICKET,
        address="203.0.113.7",
        user_agent="Mozilla/5.0",
        action=None,
        details={"scope": "read_only", "minutes": 30},
        erased=[],
    ),
    CreateWebhook(
        application_id=_APPLICATION,
        url="https://hooks.vendor.example/understudy",
        description="Support's inbox",
        types=[EventType.SESSION_STARTED, EventType.SESSION_ENDED],
    ),
    DeliveryAnswer(
        id="msg_Vb7nMq2wEr5tYu8iOp1aSd",
        endpoint_id="whe_Gh4jKl7zXc0vBn3mQw6eRt",
        kind=DeliveryKind.MESSAGE,
        event_type=EventType.SESSION_STARTED,
        entry_index=4211,
        status=DeliveryStatus.PENDING,
        attempts=1,
        next_attempt_at=_START + timedelta(seconds=6),
        created_at=_START,
        settled_at=None,
    ),
    AttemptAnswer(
        number=1,
        at=_START + timedelta(seconds=1),
        duration_ms=84,
        url="https://hooks.vendor.example/understudy",
        request='{"type":"session.started","timestamp":"2026-11-22T09:30:00.000Z","data":{}}',
        status=503,
        answer="Back in a minute",
        error=None,
    ),
    Problem(
        type="/docs#problem-refused",
        title="A rule refused this",
        status=403,
        detail=SUBJECT_PROTECTED.explanation,
        code="refused",
        request_id="r7Kd2LmQ9xTz4WbN",
        rule=SUBJECT_PROTECTED.code,
    ),
)
