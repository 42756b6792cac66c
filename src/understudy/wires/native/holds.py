"""Legal holds: keeping what retention or an erasure would take away."""

from __future__ import annotations

from http import HTTPStatus

from understudy.core.ids import OperatorId
from understudy.core.people.permissions import Permission
from understudy.core.ports import Hold, Reader, Unit
from understudy.errors import NotFound
from understudy.flows.known_application import known_application
from understudy.flows.retention import holds
from understudy.http.absent import given
from understudy.http.access import operator
from understudy.http.call import Call
from understudy.http.endpoint import API, Body, Endpoint, RateClass, answers
from understudy.http.query import NoQuery
from understudy.http.shapes import Listed
from understudy.wires.native.schemas.holds import HoldAnswer, PlaceHold
from understudy.wires.native.schemas.queries import InApplication

_TAG = "audit"
_WRITE = operator(Permission.HOLDS_WRITE)


async def list_holds(call: Call[None, InApplication]) -> Listed[HoldAnswer]:
    """All holds, newest first, released ones too; they are few."""
    application_id = given(call.query.application_id)

    def look_up(reader: Reader) -> Listed[HoldAnswer]:
        if application_id is not None:
            known_application(reader, application_id)
        found = reader.holds.list(application_id=application_id)
        return Listed(items=[hold_answer(reader, hold) for hold in found], next_cursor=None)

    return await call.read_long(look_up)


async def place_hold(call: Call[PlaceHold, NoQuery]) -> object:
    """Keep what there is about a subject, or about all of an application."""
    body = call.body

    def flow(unit: Unit) -> HoldAnswer:
        hold = holds.place(
            unit,
            body.application_id,
            subject_id=body.subject_id,
            reason=body.reason,
            by=call.party,
            origin=call.origin,
        )
        return hold_answer(unit, hold)

    return await call.run_once(flow)


async def release_hold(call: Call[None, NoQuery]) -> HoldAnswer:
    """End a hold.

    :raises NotFound: no such hold.
    """
    hold_id = call.path["hold_id"]
    return await call.run(
        lambda unit: hold_answer(
            unit, holds.release(unit, hold_id, by=call.party, origin=call.origin)
        )
    )


def hold_answer(reader: Reader, hold: Hold) -> HoldAnswer:
    """A hold, with the name that its operator has now."""
    placed_by = reader.operators.get(OperatorId(hold.placed_by))
    return HoldAnswer(
        id=hold.id,
        application_id=hold.application_id,
        subject_id=hold.subject_id,
        reason=hold.reason,
        placed_by=placed_by.name if placed_by else hold.placed_by,
        placed_by_id=placed_by.id if placed_by else None,
        placed_at=hold.placed_at,
        released_at=hold.released_at,
    )


ENDPOINTS = (
    Endpoint(
        method="GET",
        path=f"{API}/holds",
        operation="list_holds",
        summary="Legal holds, newest first",
        tag=_TAG,
        access=operator(Permission.HOLDS_READ),
        handler=list_holds,
        query=InApplication,
        answers=answers(Listed[HoldAnswer]),
        problems=(NotFound,),
    ),
    Endpoint(
        method="POST",
        path=f"{API}/holds",
        operation="place_hold",
        summary="Keep everything about a user, or an application, from being erased",
        description="Neither retention nor an erasure touches what a standing hold covers.",
        tag=_TAG,
        access=_WRITE,
        handler=place_hold,
        body=Body(type=PlaceHold),
        answers=answers(HoldAnswer, status=HTTPStatus.CREATED),
        problems=(NotFound,),
        idempotent=True,
        rate=RateClass.WRITE,
    ),
    Endpoint(
        method="POST",
        path=f"{API}/holds/{{hold_id}}/release",
        operation="release_hold",
        summary="Release a legal hold",
        description="Retention catches up. Releasing a hold that was released answers it as it is.",
        tag=_TAG,
        access=_WRITE,
        handler=release_hold,
        answers=answers(HoldAnswer),
        problems=(NotFound,),
        rate=RateClass.WRITE,
    ),
)
