"""What it costs to ask policies, of which an application has a hundred.

Processor time: the best of many short rounds, since neighbours can only make it longer.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

from benchmarks.rounds import best, interleaved
from benchmarks.row import Row
from benchmarks.scale import Scale
from understudy.cedar.judge import CedarJudge
from understudy.core.governance.policies import Moment, PolicyQuestion, PolicySet
from understudy.core.impersonation.restrictions import Scope
from understudy.core.people.principals import ActorKind

NAMES = ("policy-decision",)
POLICIES = 100
BAR = 150.0
_NOW = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
_QUESTION = PolicyQuestion(
    moment=Moment.START,
    now=_NOW,
    actor_kind=ActorKind.OPERATOR,
    actor_id="opr_5nBv7cXz9aSd1fGh3jKl2Q",
    actor_email="sam@support.example",
    actor_rank=100,
    actor_roles=("support_manager",),
    subject_id="user-1017",
    subject_email="ada@acme.example",
    subject_roles=("member",),
    subject_rank=10,
    subject_protected=False,
    organization_id="acme",
    reason="Cannot find the reports tab",
    ticket="HELP-4711",
    minutes=30,
    scope=Scope.READ_ONLY,
    address="203.0.113.7",
)


def rows(scale: Scale) -> Iterator[Row]:
    """One decision, its question never asked before."""
    found = best(interleaved(scale.short_rounds, {"ours": lambda: _microseconds(scale.calls)}))
    yield Row(
        name="policy-decision",
        what=f"a decision by {POLICIES} policies, processor time",
        unit="µs",
        value=found["ours"],
        at_most=BAR,
    )


def _microseconds(count: int) -> float:
    judge, policies = CedarJudge(), _policies()
    # What was asked before is remembered: so each question has a reason of its own.
    begun = time.time_ns()
    asked = [replace(_QUESTION, reason=f"Reason {begun + number}") for number in range(count)]
    assert judge.judge(policies, _QUESTION).permitted
    begin = time.thread_time()
    for question in asked:
        judge.judge(policies, question)
    return (time.thread_time() - begin) / count * 1e6


def _policies() -> PolicySet:
    written = ['@id("everybody") permit (principal, action, resource);']
    written += [
        f'@id("role-{number}") forbid (principal in Role::"support_manager", action, resource)'
        f' when {{ resource.roles.contains("role-{number}") && context.minutes > 15 }};'
        for number in range(1, POLICIES)
    ]
    return PolicySet(
        id="pol_1",
        application_id="app_1",
        version=1,
        text="\n".join(written),
        set_by="opr_1",
        set_at=_NOW,
        confirmable_at=_NOW,
    )
