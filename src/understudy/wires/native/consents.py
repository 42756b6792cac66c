"""What users agree to. Their application says so for them, on their own login; nobody else does."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from understudy.core.ids import SubjectId
from understudy.core.people.permissions import Permission
from understudy.core.ports import Reader, Unit
from understudy.errors import Conflict, NotFound, PermissionMissing
from understudy.flows.governance.agree import agree, withdraw
from understudy.flows.governance.whom import asked_of, refuse_operator, the_user
from understudy.http.absent import given
from understudy.http.access import SIGNED_IN_OR_APPLICATION, operator_or_application
from understudy.http.app_users import bring_up_to_date
from understudy.http.bounds import required_application
from understudy.http.call import Call
from understudy.http.endpoint import API, Body, Endpoint, RateClass, answers
from understudy.http.principal import OperatorPrincipal
from understudy.http.query import NoQuery
from understudy.wires.native.presenting import consent_answer, consent_request_answer
from understudy.wires.native.schemas.consents import (
    ConsentAnswer,
    ConsentStateAnswer,
    ConsentsWithdrawn,
    GiveConsent,
)
from understudy.wires.native.schemas.queries import InApplication

_TAG = "consents"
_CONSENTS = f"{API}/subjects/{{subject_id}}/consents"
_NOT_YOURS = "Only the user can agree to this, in the app. Ask them there."


async def consent_state(call: Call[None, InApplication]) -> ConsentStateAnswer:
    """What a user is asked for, and what they agreed to."""
    await bring_up_to_date(
        call,
        lambda reader: required_application(call.principal, call.query.application_id, reader),
        call.path["subject_id"],
    )
    now = call.node.engine.now()

    def look_up(reader: Reader) -> ConsentStateAnswer:
        application = required_application(call.principal, call.query.application_id, reader)
        subject = the_user(reader, application.id, SubjectId(call.path["subject_id"]))
        application, mode = asked_of(reader, subject)
        found = reader.consents.standing_or_used(subject.ref, now)
        return ConsentStateAnswer(
            mode=mode,
            standing_days=application.settings.consent.standing_days,
            consents=[consent_answer(one) for one in found if one.in_force(now)],
            requests=[
                consent_request_answer(one)
                for one in reader.consent_requests.pending(subject.ref, now)
            ],
        )

    return await call.read(look_up)


async def give_consent(call: Call[GiveConsent, NoQuery]) -> object:
    """Agree for a time, in the user's name.

    :raises PermissionMissing: an operator asked for it, whoever they are.
    """
    await require_their_app(call)
    application_id = call.application.application.id

    def flow(unit: Unit) -> ConsentAnswer:
        given_now = agree(
            unit,
            application_id,
            SubjectId(call.path["subject_id"]),
            days=given(call.body.days),
            scope=call.body.scope,
            origin=call.origin,
        )
        return consent_answer(given_now)

    return await call.run_ending(flow)


async def withdraw_consents(call: Call[None, NoQuery]) -> ConsentsWithdrawn:
    """Take back everything, in the user's name.

    :raises PermissionMissing: an operator asked for it; they end sessions instead.
    """
    await require_their_app(call)
    application_id = call.application.application.id

    def flow(unit: Unit) -> ConsentsWithdrawn:
        subject_id = SubjectId(call.path["subject_id"])
        taken = withdraw(unit, application_id, subject_id, origin=call.origin)
        return ConsentsWithdrawn(consents=taken.consents, ended_sessions=len(taken.ended))

    return await call.run_ending(flow)


async def require_their_app(call: Call[Any, Any]) -> None:
    """Return only if the user's application calls; an operator who tries is written down.

    :raises PermissionMissing: an operator called.
    """
    if not isinstance(call.principal, OperatorPrincipal):
        return
    await call.run(lambda unit: refuse_operator(unit, call.party, call.path, origin=call.origin))
    raise PermissionMissing(_NOT_YOURS)


ENDPOINTS = (
    Endpoint(
        method="GET",
        path=_CONSENTS,
        operation="get_consent_state",
        summary="What a user is asked for, and what they agreed to",
        tag=_TAG,
        access=operator_or_application(Permission.DIRECTORY_READ),
        handler=consent_state,
        query=InApplication,
        answers=answers(ConsentStateAnswer),
        problems=(NotFound,),
    ),
    Endpoint(
        method="POST",
        path=_CONSENTS,
        operation="give_consent",
        summary="Agree for a time that somebody works in the account",
        description=(
            "For the application's backend, on the user's own genuine login and never during an "
            "impersonation. It replaces what was given for a time before. Operators get a 403, "
            "whatever their role, and an entry."
        ),
        tag=_TAG,
        access=SIGNED_IN_OR_APPLICATION,
        handler=give_consent,
        body=Body(type=GiveConsent),
        answers=answers(ConsentAnswer, status=HTTPStatus.CREATED),
        problems=(NotFound, Conflict, PermissionMissing),
        rate=RateClass.WRITE,
    ),
    Endpoint(
        method="POST",
        path=f"{_CONSENTS}/withdraw",
        operation="withdraw_consents",
        summary="Take back everything that a user agreed to",
        description="Sessions that stand on it end with it. Taking back nothing is no error.",
        tag=_TAG,
        access=SIGNED_IN_OR_APPLICATION,
        handler=withdraw_consents,
        answers=answers(ConsentsWithdrawn),
        problems=(NotFound, PermissionMissing),
        rate=RateClass.WRITE,
    ),
)
