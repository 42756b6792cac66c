"""Ask a user for their consent, hear what they said, and say the code that they read out."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from msgspec import UNSET

from understudy.core.governance.consent_requests import ConsentRequest
from understudy.core.impersonation.grants import ImpersonationRequest
from understudy.core.people.permissions import Permission
from understudy.core.people.principals import Actor
from understudy.core.ports import Reader, Unit
from understudy.errors import ClockInDoubt, Conflict, InvalidInput, NotFound, Refused
from understudy.flows.governance.ask import ask_user
from understudy.flows.governance.support_code import CODE_REFUSED, CodeRefused, redeem
from understudy.flows.impersonation.actors import named_actor
from understudy.flows.impersonation.denied import Denied
from understudy.http.absent import given
from understudy.http.access import operator_or_application
from understudy.http.app_users import bring_up_to_date
from understudy.http.call import Call
from understudy.http.endpoint import API, Body, Endpoint, RateClass, answers
from understudy.http.principal import ApplicationPrincipal
from understudy.http.query import NoQuery
from understudy.http.refusals import refusal
from understudy.wires.native.presenting import asked_answer, consent_answer
from understudy.wires.native.schemas.consents import (
    AskedAnswer,
    AskUser,
    ConsentAnswer,
    RedeemCode,
)

_TAG = "consents"
_ASKS = operator_or_application(Permission.IMPERSONATION_START)
_REQUESTS = f"{API}/consent-requests"
_WRONG = (
    "This code is not right, or not any more. Ask the user for a new one. After five tries ask"
    " anew, and after ten wrong codes in a day none is right until the next."
)


async def ask(call: Call[AskUser, NoQuery]) -> object:
    """Put a request to a user, who sees it in the app.

    :raises Refused: it is not their agreement alone that is missing.
    """
    asked = _asked(call)
    await bring_up_to_date(
        call, lambda reader: reader.applications.get(asked.application_id), asked.subject_id
    )

    def flow(unit: Unit) -> AskedAnswer | Denied:
        found = ask_user(unit, asked, origin=call.origin)
        return found if isinstance(found, Denied) else asked_answer(unit.vault, found)

    answer = await call.run(flow)
    if isinstance(answer, Denied):
        raise refusal(answer.rule, call.principal, fault=answer.fault)
    return answer


async def get_request(call: Call[None, NoQuery]) -> AskedAnswer:
    """What became of a request, for whoever asked.

    :raises NotFound: no such request of theirs.
    """

    def look_up(reader: Reader) -> AskedAnswer:
        return asked_answer(reader.vault, _theirs(call, reader))

    return await call.read(look_up)


async def redeem_code(call: Call[RedeemCode, NoQuery]) -> ConsentAnswer:
    """Say the code that the user has read out.

    :raises Refused: it is not taken, for whatever reason.
    """

    def flow(unit: Unit) -> ConsentAnswer | CodeRefused:
        request = _theirs(call, unit)
        taken = redeem(
            unit,
            request.id,
            call.body.code,
            actor_ref=request.actor.ref,
            origin=call.origin,
        )
        return taken if isinstance(taken, CodeRefused) else consent_answer(taken)

    answer = await call.run_ending(flow)
    if isinstance(answer, CodeRefused):
        raise Refused(_WRONG, rule=CODE_REFUSED)
    return answer


def _theirs(call: Call[Any, NoQuery], reader: Reader) -> ConsentRequest:
    request = reader.consent_requests.get(call.path["request_id"])
    if request is None:
        raise NotFound
    if isinstance(call.principal, ApplicationPrincipal):
        own = request.application_id == call.principal.id
    else:
        own = request.actor.ref == call.operator.operator.actor_ref
    if not own:
        raise NotFound
    return request


def _asked(call: Call[AskUser, NoQuery]) -> ImpersonationRequest:
    body = call.body
    if isinstance(call.principal, ApplicationPrincipal):
        application_id = call.principal.id
        if body.actor is UNSET:
            raise InvalidInput("Name the actor.", facts={"field": "actor"})
        if body.application_id not in (UNSET, application_id):
            raise InvalidInput(
                "An application asks its own users only.", facts={"field": "application_id"}
            )
        actor = named_actor(
            call.node.engine.vault,
            application_id,
            body.actor.id,
            email=given(body.actor.email),
            name=given(body.actor.name),
            groups=given(body.actor.groups) or (),
        )
    else:
        if body.actor is not UNSET:
            raise InvalidInput("An operator asks in their own name.", facts={"field": "actor"})
        if body.application_id is UNSET:
            raise InvalidInput("Say which application is meant.", facts={"field": "application_id"})
        application_id, actor = body.application_id, Actor.from_operator(call.operator.operator)
    return ImpersonationRequest(
        application_id=application_id,
        actor=actor,
        subject_id=body.subject_id,
        organization_id=given(body.organization_id),
        reason=body.reason,
        ticket=given(body.ticket),
        scope=given(body.scope),
        minutes=given(body.minutes),
    )


ENDPOINTS = (
    Endpoint(
        method="POST",
        path=_REQUESTS,
        operation="ask_user",
        summary="Ask a user whether one may work in their account",
        description=(
            "For a start that `consent_missing` refused. The user sees in the app who asks, why, "
            "for how long and how far. What they allow is good for one start of the same actor "
            "within 15 minutes."
        ),
        tag=_TAG,
        access=_ASKS,
        handler=ask,
        body=Body(type=AskUser),
        answers=answers(AskedAnswer, status=HTTPStatus.CREATED),
        problems=(Refused, NotFound, Conflict, ClockInDoubt),
        rate=RateClass.SESSION,
    ),
    Endpoint(
        method="GET",
        path=f"{_REQUESTS}/{{request_id}}",
        operation="get_consent_request",
        summary="What became of a request, for whoever asked",
        tag=_TAG,
        access=_ASKS,
        handler=get_request,
        answers=answers(AskedAnswer),
        problems=(NotFound,),
    ),
    Endpoint(
        method="POST",
        path=f"{_REQUESTS}/{{request_id}}/redeem",
        operation="redeem_code",
        summary="Say the code that the user has read out",
        description="Five tries for a request, ten wrong ones a day; then none is right.",
        tag=_TAG,
        access=_ASKS,
        handler=redeem_code,
        body=Body(type=RedeemCode),
        answers=answers(ConsentAnswer),
        problems=(Refused, NotFound),
        rate=RateClass.WRITE,
    ),
)
