"""A question to policies, and policies to ask."""

from __future__ import annotations

from datetime import UTC, datetime

from understudy.core.governance.policies import Moment, PolicyQuestion, PolicySet
from understudy.core.impersonation.restrictions import Scope
from understudy.core.people.principals import ActorKind

QUESTION = PolicyQuestion(
    moment=Moment.START,
    now=datetime(2026, 1, 5, 9, 0, 0, 123_000, tzinfo=UTC),
    actor_kind=ActorKind.OPERATOR,
    actor_id="opr_1",
    actor_email="sam@support.example",
    actor_rank=100,
    actor_roles=("support_manager",),
    subject_id="ada",
    subject_email="ada@acme.example",
    subject_roles=("member",),
    subject_rank=0,
    subject_protected=False,
    organization_id=None,
    reason="Cannot find the reports tab",
    ticket="SUP-1",
    minutes=30,
    scope=Scope.READ_ONLY,
)


def policies(text: str) -> PolicySet:
    """``text``, in force."""
    return PolicySet(
        id="pol_1",
        application_id="app_1",
        version=1,
        text=text,
        set_by="opr_9",
        set_at=QUESTION.now,
        confirmable_at=QUESTION.now,
    )
