"""The decision on a start, asked for without starting anything."""

from __future__ import annotations

from typing import Any

from starlette.responses import Response

from understudy.core.impersonation.grants import ImpersonationRequest
from understudy.core.rules.approval import APPROVAL_REQUIRED
from understudy.core.rules.decision import Permit, RequireApproval
from understudy.errors import ClockInDoubt, InvalidInput, MalformedRequest, UnderstudyError
from understudy.flows.governance.evaluate import evaluate
from understudy.flows.impersonation.actors import named_actor
from understudy.flows.impersonation.denied import Denied
from understudy.http.access import APPLICATION
from understudy.http.app_users import bring_up_to_date
from understudy.http.call import Call
from understudy.http.endpoint import Body, Endpoint, RateClass, answers
from understudy.http.incoming import Incoming
from understudy.http.problems import problem_response
from understudy.http.query import NoQuery
from understudy.http.refusals import refusal
from understudy.wires.authzen.schemas import Evaluation, EvaluationDecision

PATH = "/access/v1/evaluation"
IMPERSONATE, USER = "impersonate", "user"
NOT_DECIDED = "not_decided_here"
"""The reason for a no to whatever is no impersonation of a user."""


async def evaluation(call: Call[Evaluation, NoQuery]) -> EvaluationDecision:
    """What would be decided if the application asked for this now."""
    return await decided(call, call.body)


async def decided(call: Call[Any, NoQuery], body: Evaluation) -> EvaluationDecision:
    """What would be decided on ``body``.

    A no is an entry, as that of a start is: whoever tries out whom they may become is seen.

    :raises InvalidInput: the actor's id is no text.
    """
    if (body.action.name, body.resource.type) != (IMPERSONATE, USER):
        return _no(NOT_DECIDED)
    ask = _ask(call, body)
    await bring_up_to_date(
        call, lambda reader: reader.applications.get(ask.application_id), ask.subject_id
    )
    found = await call.run(lambda unit: evaluate(unit, ask, origin=call.origin))
    return _answer(call, found)


def _ask(call: Call[Any, NoQuery], body: Evaluation) -> ImpersonationRequest:
    application_id = call.application.application.id
    named, why = body.subject, body.context
    actor = named_actor(
        call.node.engine.vault,
        application_id,
        named.id,
        email=named.properties.email,
        name=named.properties.name,
        groups=named.properties.groups or (),
    )
    return ImpersonationRequest(
        application_id=application_id,
        actor=actor,
        subject_id=body.resource.id,
        organization_id=body.resource.properties.organization_id,
        reason=why.reason,
        ticket=why.ticket,
        minutes=why.minutes,
        scope=why.scope,
    )


def _answer(
    call: Call[Any, NoQuery], found: Permit | RequireApproval | Denied
) -> EvaluationDecision:
    if isinstance(found, Denied):
        return _no(refusal(found.rule, call.principal).rule)
    limits = {"minutes": found.limits.minutes, "scope": found.limits.scope}
    if isinstance(found, RequireApproval):
        context = {"reason": APPROVAL_REQUIRED.code, "approvals": found.quorum, **limits}
        return EvaluationDecision(decision=False, context=context)
    return EvaluationDecision(decision=True, context=limits)


def _no(reason: str) -> EvaluationDecision:
    return EvaluationDecision(decision=False, context={"reason": reason})


def on_error(error: UnderstudyError, request: Incoming) -> Response:
    """Our problem document, which is never taken for a decision; what is no question is a 400."""
    if type(error) is InvalidInput:
        error = MalformedRequest(error.detail, facts=error.facts)
    return problem_response(error, request)


ENDPOINTS = (
    Endpoint(
        method="POST",
        path=PATH,
        operation="authzen_evaluation",
        summary="Ask whether somebody may become a user",
        description="By the Authorization API of AuthZEN. `subject` is the actor, and `resource` "
        "the user. Nothing is granted; a no stands in the log.",
        tag="authzen",
        access=APPLICATION,
        handler=evaluation,
        body=Body(type=Evaluation),
        on_error=on_error,
        answers=answers(EvaluationDecision),
        problems=(MalformedRequest, ClockInDoubt),
        rate=RateClass.SESSION,
    ),
)
