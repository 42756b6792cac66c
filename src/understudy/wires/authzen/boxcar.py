"""Several decisions in one call, and what is to be known of this decision point beforehand."""

from __future__ import annotations

from http import HTTPStatus

from msgspec import UNSET

from understudy.errors import ClockInDoubt, InvalidInput, MalformedRequest, TooManyRequests
from understudy.http.access import APPLICATION, PUBLIC
from understudy.http.call import Call
from understudy.http.endpoint import Body, Endpoint, RateClass, answers
from understudy.http.query import NoQuery
from understudy.wires.authzen.evaluation import PATH, decided, on_error
from understudy.wires.authzen.schemas import Evaluation, EvaluationContext, EvaluationDecision
from understudy.wires.authzen.schemas_boxcar import (
    DecisionPointMetadata,
    EvaluationParts,
    Evaluations,
    EvaluationsDecision,
    Semantic,
)

EVALUATIONS = "/access/v1/evaluations"
METADATA = "/.well-known/authzen-configuration"
_LAST = {
    Semantic.EXECUTE_ALL: None,
    Semantic.DENY_ON_FIRST_DENY: False,
    Semantic.PERMIT_ON_FIRST_PERMIT: True,
}
"""The decision after which nobody wants to know more."""


async def evaluations(call: Call[Evaluations, NoQuery]) -> EvaluationsDecision:
    """One decision for each question, one after the other.

    :raises MalformedRequest: there is one question, and it is none.
    :raises TooManyRequests: each of them counts as a call.
    """
    body = call.body
    for _ in body.evaluations or [body]:
        call.node.rate_limits.count(RateClass.SESSION, call.principal.id or "")
    if not body.evaluations:
        found = await decided(call, _whole(body, body))
        return EvaluationsDecision(decision=found.decision, context=found.context)
    told: list[EvaluationDecision] = []
    for parts in body.evaluations:
        told.append(await _one(call, parts))
        if told[-1].decision is _LAST[body.options.evaluations_semantic]:
            break
    return EvaluationsDecision(evaluations=told)


async def _one(call: Call[Evaluations, NoQuery], parts: EvaluationParts) -> EvaluationDecision:
    """What is decided; what is no question is a no that says so, and keeps no other from theirs."""
    try:
        return await decided(call, _whole(parts, call.body))
    except InvalidInput as error:
        problem = {"status": int(HTTPStatus.BAD_REQUEST), "message": error.detail}
        return EvaluationDecision(decision=False, context={"error": problem})


def _whole(parts: EvaluationParts, otherwise: EvaluationParts) -> Evaluation:
    """``parts``, and what they leave out as it is said ``otherwise``; members are never mixed.

    :raises MalformedRequest: something is still missing.
    """
    subject = parts.subject if parts.subject is not UNSET else otherwise.subject
    action = parts.action if parts.action is not UNSET else otherwise.action
    resource = parts.resource if parts.resource is not UNSET else otherwise.resource
    context = parts.context if parts.context is not UNSET else otherwise.context
    if subject is UNSET or action is UNSET or resource is UNSET:
        raise MalformedRequest("A question has a subject, an action and a resource.")
    return Evaluation(
        subject=subject,
        action=action,
        resource=resource,
        context=EvaluationContext() if context is UNSET else context,
    )


async def get_metadata(call: Call[None, NoQuery]) -> DecisionPointMetadata:
    """Where we are asked."""
    base = call.node.settings.public_url
    return DecisionPointMetadata(
        policy_decision_point=base,
        access_evaluation_endpoint=base + PATH,
        access_evaluations_endpoint=base + EVALUATIONS,
    )


ENDPOINTS = (
    Endpoint(
        method="POST",
        path=EVALUATIONS,
        operation="authzen_evaluations",
        summary="Ask for several decisions at once",
        description="By the Authorization API of AuthZEN. What stands beside `evaluations` is said "
        "for all of them. Each counts as a call, and each no stands in the log.",
        tag="authzen",
        access=APPLICATION,
        handler=evaluations,
        body=Body(type=Evaluations),
        on_error=on_error,
        answers=answers(EvaluationsDecision),
        problems=(MalformedRequest, ClockInDoubt, TooManyRequests),
        rate=RateClass.SESSION,
        counts_itself=True,
    ),
    Endpoint(
        method="GET",
        path=METADATA,
        operation="get_authzen_metadata",
        summary="Where this decision point is asked",
        tag="authzen",
        access=PUBLIC,
        handler=get_metadata,
        answers=answers(DecisionPointMetadata),
        rate=RateClass.PUBLIC,
    ),
)
