"""The dashboard's people."""

from __future__ import annotations

from http import HTTPStatus

from understudy.core.ids import OperatorId
from understudy.core.people.permissions import Permission
from understudy.core.people.principals import Operator, OperatorStatus
from understudy.core.ports import Reader, Unit
from understudy.errors import AlreadyExists, Conflict, ManagedByApp, NotFound
from understudy.flows.people import team
from understudy.flows.people.sign_in import sign_out_everywhere
from understudy.flows.people.team import Invited, OperatorChange
from understudy.http.absent import given
from understudy.http.access import operator
from understudy.http.call import Call
from understudy.http.endpoint import API, NOTHING, Body, Endpoint, RateClass, answers
from understudy.http.idempotency import Replay
from understudy.http.query import NoQuery
from understudy.http.shapes import Listed
from understudy.wires.native.schemas.operators import (
    InviteOperator,
    OperatorAnswer,
    OperatorInvited,
    UpdateOperator,
)

_TAG = "operators"
_READ = operator(Permission.OPERATORS_READ)
_WRITE = operator(Permission.OPERATORS_WRITE)
_ONE = f"{API}/operators/{{operator_id}}"


async def list_operators(call: Call[None, NoQuery]) -> Listed[OperatorAnswer]:
    """Everybody, by e-mail address."""

    def look_up(reader: Reader) -> Listed[OperatorAnswer]:
        people = sorted(reader.operators.list(), key=lambda operator: operator.email)
        return Listed(items=[operator_answer(operator) for operator in people], next_cursor=None)

    return await call.read(look_up)


async def invite_operator(
    call: Call[InviteOperator, NoQuery],
) -> OperatorInvited | Replay:
    """A new colleague, and the link that lets them in."""
    body = call.body

    def flow(unit: Unit) -> OperatorInvited:
        invited = team.invite(
            unit,
            email=body.email,
            name=body.name,
            roles=body.roles,
            groups=given(body.groups) or (),
            by=call.party,
            origin=call.origin,
        )
        return _invited(invited, call.node.settings.public_url)

    return await call.run_once(flow)


async def update_operator(call: Call[UpdateOperator, NoQuery]) -> OperatorAnswer:
    """Change name, roles, status or groups."""
    roles, status = given(call.body.roles), given(call.body.status)
    groups = given(call.body.groups)
    change = OperatorChange(
        name=given(call.body.name),
        roles=None if roles is None else frozenset(roles),
        status=None if status is None else OperatorStatus(status),
        groups=None if groups is None else tuple(groups),
    )
    return await call.run_ending(
        lambda unit: operator_answer(
            team.update(
                unit,
                OperatorId(call.path["operator_id"]),
                change,
                by=call.party,
                origin=call.origin,
            )
        )
    )


async def reinvite_operator(call: Call[None, NoQuery]) -> OperatorInvited:
    """A fresh link."""
    invited = await call.run(
        lambda unit: team.reinvite(
            unit, OperatorId(call.path["operator_id"]), by=call.party, origin=call.origin
        )
    )
    return _invited(invited, call.node.settings.public_url)


async def sign_out_operator(call: Call[None, NoQuery]) -> None:
    """End all of somebody's sign-ins, and the sessions they have going."""

    def flow(unit: Unit) -> None:
        operator = unit.operators.get(OperatorId(call.path["operator_id"]))
        if operator is None:
            raise NotFound
        sign_out_everywhere(unit, operator, by=call.party, origin=call.origin)

    await call.run_ending(flow)


def operator_answer(operator: Operator) -> OperatorAnswer:
    """An operator as the team sees them."""
    return OperatorAnswer(
        id=operator.id,
        email=operator.email,
        name=operator.name,
        roles=sorted(operator.roles),
        groups=list(operator.groups),
        status=operator.status,
        signed_in_by="password" if operator.staff_id is None else "app",
        taken_over_at=operator.taken_over_at,
        created_at=operator.created_at,
        updated_at=operator.updated_at,
    )


def _invited(invited: Invited, public_url: str) -> OperatorInvited:
    # In the fragment, which browsers send to nobody: no log and no Referer ever holds it.
    return OperatorInvited(
        operator=operator_answer(invited.operator),
        invitation_url=f"{public_url}/invitation#token={invited.token}",
        expires_at=invited.expires_at,
    )


ENDPOINTS = (
    Endpoint(
        method="GET",
        path=f"{API}/operators",
        operation="list_operators",
        summary="Everybody who may sign in to the dashboard",
        tag=_TAG,
        access=_READ,
        handler=list_operators,
        answers=answers(Listed[OperatorAnswer]),
    ),
    Endpoint(
        method="POST",
        path=f"{API}/operators",
        operation="invite_operator",
        own_accounts=True,
        summary="Invite somebody",
        description="The link in the answer is shown this once; pass it on yourself.",
        tag=_TAG,
        access=_WRITE,
        handler=invite_operator,
        body=Body(type=InviteOperator),
        answers=answers(OperatorInvited, status=HTTPStatus.CREATED),
        problems=(AlreadyExists,),
        idempotent=True,
        rate=RateClass.WRITE,
    ),
    Endpoint(
        method="PATCH",
        path=_ONE,
        operation="update_operator",
        ends=True,
        summary="Change name, roles, status or groups",
        description="What no longer may go on ends in the same moment.",
        tag=_TAG,
        access=_WRITE,
        handler=update_operator,
        body=Body(type=UpdateOperator),
        answers=answers(OperatorAnswer),
        problems=(NotFound, Conflict, ManagedByApp),
        rate=RateClass.NONE,
    ),
    Endpoint(
        method="POST",
        path=f"{_ONE}/invite",
        operation="reinvite_operator",
        own_accounts=True,
        summary="A new link for somebody who has not joined, or has lost the password",
        description="Earlier links of this operator stop working.",
        tag=_TAG,
        access=_WRITE,
        handler=reinvite_operator,
        answers=answers(OperatorInvited),
        problems=(NotFound, Conflict),
        rate=RateClass.WRITE,
    ),
    Endpoint(
        method="POST",
        path=f"{_ONE}/sign-out",
        operation="sign_out_operator",
        ends=True,
        summary="Sign somebody out everywhere",
        tag=_TAG,
        access=_WRITE,
        handler=sign_out_operator,
        answers=(NOTHING,),
        problems=(NotFound,),
        rate=RateClass.NONE,
    ),
)
