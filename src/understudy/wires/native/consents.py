"""What users agree to. Their application says so for them, on their own login; nobody else does."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import Any

import msgspec
from msgspec import UNSET

from understudy.core.ids import SubjectId
from understudy.core.people.permissions import Permission
from understudy.core.ports import Reader
from understudy.errors import Conflict, NotFound, PermissionMissing
from understudy.flows.governance.whom import refuse_operator
from understudy.http.access import SIGNED_IN_OR_APPLICATION, operator_or_application
from understudy.http.app_users import bring_up_to_date
from understudy.http.bounds import required_application
from understudy.http.call import Call
from understudy.http.endpoint import API, Body, Endpoint, RateClass, answers
from understudy.http.principal import OperatorPrincipal
from understudy.http.query import NoQuery
from understudy.sdk.user_says import Deed, UserSays
from understudy.wires.native.schemas.consents import (
    AccessEnded,
    CodeAnswer,
    ConsentAnswer,
    ConsentStateAnswer,
    ConsentsWithdrawn,
    GiveConsent,
    NotAgreedAnswer,
    RequestAnswered,
    SayNotAgreed,
)
from understudy.wires.native.schemas.queries import InApplication
from understudy.wires.native.user_deeds import consent_state, done

_TAG = "consents"
_USER = f"{API}/subjects/{{subject_id}}"
_NOT_YOURS = "Only the user can do this, in the app. Ask them there."
_FOR_THE_APP = (
    "For the application's backend, on the user's own genuine login and never during an "
    "impersonation. Operators get a 403, whatever their role, and an entry."
)


async def get_consent_state(call: Call[None, InApplication]) -> ConsentStateAnswer:
    """What a user is asked for, and what they agreed to."""
    user = SubjectId(call.path["subject_id"])
    now = call.node.engine.now()
    await bring_up_to_date(
        call,
        lambda reader: required_application(call.principal, call.query.application_id, reader),
        user,
    )

    def look_up(reader: Reader) -> ConsentStateAnswer:
        application = required_application(call.principal, call.query.application_id, reader)
        return consent_state(reader, application.id, user, now)

    return await call.read(look_up)


def doing(deed: Deed, *, target: str = "") -> Callable[[Call[Any, NoQuery]], Awaitable[object]]:
    """A handler that does ``deed`` in the user's name; ``target`` is a parameter of its path."""

    async def handler(call: Call[Any, NoQuery]) -> object:
        if isinstance(call.principal, OperatorPrincipal):
            await call.run(
                lambda unit: refuse_operator(unit, call.party, call.path, origin=call.origin)
            )
            raise PermissionMissing(_NOT_YOURS)
        application_id = call.application.application.id
        given = {} if call.body is None else msgspec.structs.asdict(call.body)
        said = UserSays(
            subject_id=call.path["subject_id"],
            deed=deed,
            target=call.path[target] if target else "",
            facts={name: value for name, value in given.items() if value is not UNSET},
        )
        return await call.run_ending(lambda unit: done(unit, application_id, said, call.origin))

    handler.__doc__ = f"{deed.value}, in the user's name."
    return handler


def _deed(
    path: str,
    operation: str,
    summary: str,
    handler: Callable[[Call[Any, NoQuery]], Awaitable[object]],
    answer: object,
    *,
    body: object = None,
    status: int = HTTPStatus.OK,
    ends: bool = False,
) -> Endpoint:
    return Endpoint(
        method="POST",
        path=f"{_USER}/{path}",
        operation=operation,
        summary=summary,
        description=_FOR_THE_APP,
        tag=_TAG,
        access=SIGNED_IN_OR_APPLICATION,
        handler=handler,
        body=None if body is None else Body(type=body),
        answers=answers(answer, status=status),
        problems=(NotFound, Conflict, PermissionMissing),
        ends=ends,
        # No limit stands in the way of taking power away.
        rate=RateClass.NONE if ends else RateClass.WRITE,
    )


ENDPOINTS = (
    Endpoint(
        method="GET",
        path=f"{_USER}/consents",
        operation="get_consent_state",
        summary="What a user is asked for, and what they agreed to",
        tag=_TAG,
        access=operator_or_application(Permission.DIRECTORY_READ),
        handler=get_consent_state,
        query=InApplication,
        answers=answers(ConsentStateAnswer),
        problems=(NotFound,),
    ),
    _deed(
        "consents",
        "give_consent",
        "Agree for a time that somebody works in the account",
        doing(Deed.AGREE),
        ConsentAnswer,
        body=GiveConsent,
        status=HTTPStatus.CREATED,
    ),
    _deed(
        "consents/withdraw",
        "withdraw_consents",
        "Take back everything that a user agreed to; sessions that stand on it end",
        doing(Deed.WITHDRAW),
        ConsentsWithdrawn,
        ends=True,
    ),
    _deed(
        "consent-requests/{request_id}/allow",
        "allow_request",
        "Say yes to what somebody asked the user",
        doing(Deed.ALLOW, target="request_id"),
        ConsentAnswer,
    ),
    _deed(
        "consent-requests/{request_id}/decline",
        "decline_request",
        "Say no to it",
        doing(Deed.DECLINE, target="request_id"),
        RequestAnswered,
    ),
    _deed(
        "consent-requests/{request_id}/code",
        "make_support_code",
        "A code for the user to read out to whoever asked, good for that alone",
        doing(Deed.CODE, target="request_id"),
        CodeAnswer,
    ),
    _deed(
        "history/{session_id}/end",
        "end_access",
        "End a session in the user's account",
        doing(Deed.END, target="session_id"),
        AccessEnded,
        ends=True,
    ),
    _deed(
        "history/{session_id}/not-agreed",
        "say_not_agreed",
        "Say that a session was not agreed: it ends, its actor is frozen, a case is opened",
        doing(Deed.NOT_AGREED, target="session_id"),
        NotAgreedAnswer,
        body=SayNotAgreed,
        ends=True,
    ),
)
