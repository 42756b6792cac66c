"""Whose an account is that somebody got into by a fresh link: a second admin says, or its owner."""

from __future__ import annotations

from understudy.core.ids import OperatorId
from understudy.core.people.permissions import Permission
from understudy.core.ports import Reader
from understudy.errors import Conflict, NotFound, TokenInvalid
from understudy.flows.people import confirm_owner as owners
from understudy.http.access import PUBLIC, operator
from understudy.http.call import Call
from understudy.http.endpoint import API, NOTHING, Body, Endpoint, RateClass, answers
from understudy.http.query import NoQuery
from understudy.wires.native.operators import operator_answer
from understudy.wires.native.schemas.operators import (
    AnswerTakeOver,
    InspectTakeOver,
    OperatorAnswer,
    TakeOverAnswer,
)

_TAG = "operators"
_WRITE = operator(Permission.OPERATORS_WRITE)
_MAILED = f"{API}/take-overs"


async def confirm_owner(call: Call[None, NoQuery]) -> OperatorAnswer:
    """A second admin knows that it is the owner."""
    operator_id, by = OperatorId(call.path["operator_id"]), call.operator.operator
    return await call.run(
        lambda unit: operator_answer(
            owners.confirm_owner(unit, operator_id, by=by, origin=call.origin)
        )
    )


async def inspect_take_over(call: Call[InspectTakeOver, NoQuery]) -> TakeOverAnswer:
    """Of which account a mailed link asks."""
    now = call.node.clock.latest()

    def look_up(reader: Reader) -> TakeOverAnswer:
        found = owners.asked_by(reader, call.body.token, now)
        return TakeOverAnswer(
            email=found.email,
            taken_over_at=found.taken_over_at or found.updated_at,
            expires_at=owners.expires_at(found),
        )

    return await call.read(look_up)


async def answer_take_over(call: Call[AnswerTakeOver, NoQuery]) -> None:
    """The owner says whether it was they."""
    body = call.body
    await call.run_ending(
        lambda unit: owners.answer(unit, body.token, mine=body.mine, origin=call.origin)
    )


ENDPOINTS = (
    Endpoint(
        method="POST",
        path=f"{API}/operators/{{operator_id}}/confirm-owner",
        operation="confirm_owner",
        own_accounts=True,
        summary="Say that an account which was taken over is in the hands of its owner",
        description=(
            "From then on its entries are marked no more. Another admin says so than who made the "
            "link, and one who was there before."
        ),
        tag=_TAG,
        access=_WRITE,
        handler=confirm_owner,
        answers=answers(OperatorAnswer),
        problems=(NotFound, Conflict),
        rate=RateClass.WRITE,
    ),
    Endpoint(
        method="POST",
        path=f"{_MAILED}/inspect",
        operation="inspect_take_over",
        own_accounts=True,
        summary="Of which account a mailed link asks",
        tag=_TAG,
        access=PUBLIC,
        handler=inspect_take_over,
        body=Body(type=InspectTakeOver),
        answers=answers(TakeOverAnswer),
        problems=(TokenInvalid,),
        rate=RateClass.PUBLIC,
    ),
    Endpoint(
        method="POST",
        path=f"{_MAILED}/answer",
        operation="answer_take_over",
        ends=True,
        own_accounts=True,
        summary="Say by a mailed link whether it was the owner who took the account over",
        description=(
            "If not, its password is gone, and its sign-ins and sessions end at once. A link works "
            "once, for 72 hours."
        ),
        tag=_TAG,
        access=PUBLIC,
        handler=answer_take_over,
        body=Body(type=AnswerTakeOver),
        answers=(NOTHING,),
        problems=(TokenInvalid,),
        rate=RateClass.PUBLIC,
    ),
)
