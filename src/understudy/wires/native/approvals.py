"""Approvals: what waits for the caller, agreeing to it, and saying no."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from understudy.core.governance.approvals import Approval
from understudy.core.ids import GrantId, OperatorId
from understudy.core.impersonation.grants import Grant, GrantStatus
from understudy.core.people.permissions import Permission
from understudy.core.people.principals import Operator
from understudy.core.ports import GrantFilter, Reader, Unit
from understudy.errors import NotFound, Refused
from understudy.flows.governance.approve import Terms, approve
from understudy.flows.governance.deny import deny
from understudy.flows.governance.turned_away import why_not_decide
from understudy.flows.impersonation.denied import Denied
from understudy.flows.impersonation.premises import agreement_on
from understudy.http.absent import given
from understudy.http.access import SIGNED_IN, operator
from understudy.http.bounds import optional_application
from understudy.http.call import Call
from understudy.http.cursor import cut, page_of, time_key
from understudy.http.endpoint import API, Body, Endpoint, RateClass, answers
from understudy.http.query import NoQuery
from understudy.http.refusals import refusal
from understudy.http.shapes import Listed
from understudy.wires.native.presenting import grant_answer
from understudy.wires.native.schemas.approvals import (
    ApprovalAnswer,
    ApprovalRequest,
    Approve,
    Deny,
)
from understudy.wires.native.schemas.impersonations import GrantAnswer
from understudy.wires.native.schemas.queries import ApprovalsQuery

_TAG = "approvals"
_DECIDE = operator(Permission.APPROVALS_DECIDE)
_ONE = f"{API}/grants/{{grant_id}}"
_WAITING = frozenset({GrantStatus.PENDING})


async def list_approvals(call: Call[None, ApprovalsQuery]) -> Listed[ApprovalRequest]:
    """Requests that wait, newest first; those that have lapsed are left out."""
    query, who, now = call.query, call.operator.operator, call.node.engine.clock.latest()
    where = GrantFilter(
        application_id=optional_application(call.principal, query.application_id),
        statuses=_WAITING,
    )
    page = page_of(query.cursor, query.limit)

    def look_up(reader: Reader) -> Listed[ApprovalRequest]:
        rows = reader.grants.search(where, page)
        shown, cursor = cut(rows, query.limit, lambda grant: time_key(grant.created_at, grant.id))
        waiting = [grant for grant in shown if now < grant.expires_at]
        return Listed(items=[_asked(reader, row, who, now) for row in waiting], next_cursor=cursor)

    return await call.read_long(look_up)


async def get_approvals(call: Call[None, NoQuery]) -> ApprovalRequest:
    """What was said to one grant; its actor may always see it.

    :raises NotFound: no such grant, or not the caller's to see.
    """
    who, now = call.operator, call.node.engine.clock.latest()

    def look_up(reader: Reader) -> ApprovalRequest:
        grant = reader.grants.get(GrantId(call.path["grant_id"]))
        own = grant is not None and grant.actor.ref == who.id
        if grant is None or not (own or who.may(Permission.GRANTS_READ)):
            raise NotFound
        return _asked(reader, grant, who.operator, now)

    return await call.read(look_up)


async def approve_grant(call: Call[Approve, NoQuery]) -> GrantAnswer:
    """Agree.

    :raises Refused: it is the caller's own, or about them, or waits no more.
    """
    body = call.body
    terms = Terms(minutes=given(body.minutes), scope=given(body.scope), note=given(body.note))
    grant_id, who = GrantId(call.path["grant_id"]), call.operator.operator
    decided = await call.run(
        lambda unit: _answered(unit, approve(unit, grant_id, terms, who=who, origin=call.origin))
    )
    return _or_refuse(call, decided)


async def deny_grant(call: Call[Deny, NoQuery]) -> GrantAnswer:
    """Say no, or take an agreement back.

    :raises Refused: it is the caller's own, or about them, or waits no more.
    """
    grant_id, who, note = GrantId(call.path["grant_id"]), call.operator.operator, call.body.note
    # By the way of endings: a session may end with it, whatever is queued.
    decided = await call.run_ending(
        lambda unit: _answered(unit, deny(unit, grant_id, given(note), who=who, origin=call.origin))
    )
    return _or_refuse(call, decided)


def _answered(unit: Unit, decided: Grant | Denied) -> GrantAnswer | Denied:
    return decided if isinstance(decided, Denied) else grant_answer(unit, decided)


def _or_refuse(call: Call[Any, NoQuery], decided: GrantAnswer | Denied) -> GrantAnswer:
    if isinstance(decided, Denied):
        raise refusal(decided.rule, call.principal)
    return decided


def _asked(reader: Reader, grant: Grant, who: Operator, now: datetime) -> ApprovalRequest:
    said = () if grant.quorum is None else reader.approvals.of_grant(grant.id)
    has_said = any(one.operator_id == who.id for one in said)
    return ApprovalRequest(
        grant=grant_answer(reader, grant),
        application=application_name(reader, grant.application_id),
        approvals=[_approval(reader, one) for one in said],
        agreed=agreement_on(reader, grant, now).agreed if said else 0,
        decidable=not has_said and why_not_decide(reader, grant, who, now) is None,
    )


def _approval(reader: Reader, approval: Approval) -> ApprovalAnswer:
    return ApprovalAnswer(
        id=approval.id,
        operator_id=approval.operator_id,
        operator=operator_name(reader, approval.operator_id),
        agreed=approval.agreed,
        minutes=approval.minutes,
        scope=approval.scope,
        note=approval.note,
        decided_at=approval.decided_at,
        withdrawn_at=approval.withdrawn_at,
    )


def application_name(reader: Reader, application_id: str) -> str:
    """What people call an application."""
    application = reader.applications.get(application_id)
    return application.name if application else application_id


def operator_name(reader: Reader, operator_id: OperatorId) -> str:
    """What people call an operator, be they still there or not."""
    found = reader.operators.get(operator_id)
    return found.name if found else operator_id


ENDPOINTS = (
    Endpoint(
        method="GET",
        path=f"{API}/approvals",
        operation="list_approvals",
        summary="Requests that wait for approval, newest first",
        description=(
            "Operators who name no application see all. `decidable` are those for the caller."
        ),
        tag=_TAG,
        access=_DECIDE,
        handler=list_approvals,
        query=ApprovalsQuery,
        answers=answers(Listed[ApprovalRequest]),
    ),
    Endpoint(
        method="GET",
        path=f"{_ONE}/approvals",
        operation="get_approvals",
        summary="What others said to a grant",
        description="For its actor, and for operators who may read grants.",
        tag=_TAG,
        access=SIGNED_IN,
        handler=get_approvals,
        answers=answers(ApprovalRequest),
        problems=(NotFound,),
    ),
    Endpoint(
        method="POST",
        path=f"{_ONE}/approve",
        operation="approve_grant",
        summary="Agree to a grant that waits",
        description=(
            "It may be shortened or narrowed, never widened. Nothing begins by it: every rule is "
            "asked again when its actor launches. Nobody agrees to their own request, nor to one "
            "about themselves."
        ),
        tag=_TAG,
        access=_DECIDE,
        handler=approve_grant,
        body=Body(type=Approve),
        answers=answers(GrantAnswer),
        problems=(NotFound, Refused),
        rate=RateClass.WRITE,
    ),
    Endpoint(
        method="POST",
        path=f"{_ONE}/deny",
        operation="deny_grant",
        summary="Say no to a grant that waits, or take an agreement back",
        description="One no is enough. What came of an agreement that is taken back ends with it.",
        tag=_TAG,
        access=_DECIDE,
        handler=deny_grant,
        body=Body(type=Deny),
        answers=answers(GrantAnswer),
        problems=(NotFound, Refused),
        rate=RateClass.WRITE,
    ),
)
