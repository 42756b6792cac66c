"""Ask what would be decided, without asking for anything."""

from __future__ import annotations

from datetime import datetime

from understudy.core.governance.decision_points import Opinion
from understudy.core.governance.policies import PolicyVerdict
from understudy.core.ids import OperatorId
from understudy.core.impersonation.grants import ImpersonationRequest
from understudy.core.people.permissions import Permission
from understudy.core.people.principals import Actor
from understudy.core.ports import Reader
from understudy.core.rules.decision import Deny, Permit, RequireApproval
from understudy.core.rules.rule import Rule
from understudy.errors import InvalidInput, NotFound
from understudy.flows.governance.simulate import Circumstances, Simulated, simulate
from understudy.flows.impersonation.actors import named_actor
from understudy.http.absent import given
from understudy.http.access import operator
from understudy.http.call import Call
from understudy.http.endpoint import MAX_TEXT_BYTES, Body, Endpoint, RateClass, answers
from understudy.http.query import NoQuery
from understudy.wires.native.policies import POLICIES
from understudy.wires.native.schemas.policies import (
    OpinionAnswer,
    RuleAsked,
    Simulate,
    SimulatedAnswer,
    VerdictAnswer,
)

_FIRST_YEAR, _LAST_YEAR = 2001, 2100


async def simulate_policies(call: Call[Simulate, NoQuery]) -> SimulatedAnswer:
    """What would be decided, of every rule whether it refuses, and what the policies say.

    :raises NotFound: no such application or operator.
    :raises InvalidInput: neither or both of operator and actor are named.
    """
    body, application_id = call.body, call.path["application_id"]
    now = given(body.now) or call.node.engine.clock.latest()
    if not _FIRST_YEAR <= now.year <= _LAST_YEAR:
        raise InvalidInput("Ask for a time of this century.", facts={"field": "now"})

    def look_up(reader: Reader) -> SimulatedAnswer:
        ask = ImpersonationRequest(
            application_id=application_id,
            actor=_actor(reader, application_id, body),
            subject_id=body.subject_id,
            organization_id=given(body.organization_id),
            reason=body.reason,
            ticket=given(body.ticket),
            minutes=given(body.minutes),
            scope=given(body.scope),
        )
        return _answer(simulate(reader, ask, _circumstances(body, now)))

    return await call.read_long(look_up)


def _circumstances(body: Simulate, now: datetime) -> Circumstances:
    return Circumstances(now=now, address=given(body.address), text=given(body.text))


def _actor(reader: Reader, application_id: str, body: Simulate) -> Actor:
    named, operator_name = given(body.actor_id), given(body.operator)
    if (named is None) is (operator_name is None):
        raise InvalidInput("Name an operator or an actor.", facts={"field": "operator"})
    if named is not None:
        groups = given(body.actor_groups) or ()
        return named_actor(
            reader.vault, application_id, named, email=None, name=None, groups=groups
        )
    found = reader.operators.get(OperatorId(operator_name or "")) or reader.operators.by_email(
        (operator_name or "").casefold()
    )
    if found is None:
        raise NotFound("There is no such operator.")
    return Actor.from_operator(found)


def _answer(simulated: Simulated) -> SimulatedAnswer:
    decision = simulated.decision
    limits = None if isinstance(decision, Deny) else decision.limits
    return SimulatedAnswer(
        permitted=isinstance(decision, Permit),
        approvals=decision.quorum if isinstance(decision, RequireApproval) else 0,
        decided_by=decision.decided_by,
        minutes=limits.minutes if limits else None,
        scope=limits.scope if limits else None,
        rules=[_rule(rule, refuses=refuses) for rule, refuses in simulated.rules],
        policies=None if simulated.verdict is None else _verdict(simulated.verdict),
        decision_point=None if simulated.opinion is None else _opinion(simulated.opinion),
    )


def _rule(rule: Rule, *, refuses: bool) -> RuleAsked:
    return RuleAsked(
        code=rule.code, refuses=refuses, text=rule.text, lift=rule.lift, lifted_by=rule.lifted_by
    )


def _verdict(verdict: PolicyVerdict) -> VerdictAnswer:
    return VerdictAnswer(
        permitted=verdict.permitted,
        deciding=list(verdict.deciding),
        minutes=verdict.minutes,
        scope=verdict.scope,
        approvals=verdict.quorum,
        approvers=list(verdict.approvers),
        unlocks=list(verdict.let_through),
        faults=list(verdict.faults),
    )


def _opinion(opinion: Opinion) -> OpinionAnswer:
    return OpinionAnswer(permitted=opinion.permitted, reason=opinion.reason, fault=opinion.fault)


ENDPOINTS = (
    Endpoint(
        method="POST",
        path=f"{POLICIES}/simulate",
        operation="simulate_policies",
        summary="What would be decided if somebody asked",
        description="Nothing is granted and nothing is written.",
        tag="policies",
        # Not for those who work under the rules: it would show them where the limits are.
        access=operator(Permission.APPLICATIONS_WRITE),
        handler=simulate_policies,
        body=Body(type=Simulate, max_bytes=MAX_TEXT_BYTES),
        answers=answers(SimulatedAnswer),
        problems=(NotFound,),
        rate=RateClass.READ,
    ),
)
