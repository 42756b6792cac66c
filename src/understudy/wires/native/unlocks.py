"""One blocked change: its app asks, somebody else decides, and its app lets it through once."""

from __future__ import annotations

from http import HTTPStatus

from understudy.core.governance.unlocks import Unlock, Write
from understudy.core.ids import SessionId
from understudy.core.people.permissions import Permission
from understudy.core.ports import Reader, Unit
from understudy.errors import InvalidInput, NotFound, Refused, SessionOver
from understudy.flows.governance.ask_unlock import ask_unlock
from understudy.flows.governance.bound_write import opened
from understudy.flows.governance.decide_unlock import decide_unlock
from understudy.flows.governance.spend_unlock import Unspent, spend_unlock
from understudy.flows.impersonation.about import subject_party
from understudy.flows.impersonation.denied import Denied
from understudy.http.absent import given
from understudy.http.access import APPLICATION, operator
from understudy.http.bounds import as_of
from understudy.http.call import Call
from understudy.http.endpoint import API, MAX_TEXT_BYTES, Body, Endpoint, RateClass, answers
from understudy.http.query import NoQuery
from understudy.http.refusals import refusal
from understudy.http.shapes import Listed
from understudy.wires.native.presenting import actor_answer
from understudy.wires.native.schemas.impersonations import PersonAnswer
from understudy.wires.native.schemas.queries import InApplication
from understudy.wires.native.schemas.unlocks import (
    AskUnlock,
    FieldAnswer,
    Pair,
    SpendUnlock,
    Spent,
    UnlockAnswer,
    WaitingUnlock,
    WriteInput,
)

_TAG = "sessions"
_OF_SESSION = f"{API}/sessions/{{session_id}}/unlocks"
_DECIDE = operator(Permission.UNLOCKS_DECIDE)


async def ask(call: Call[AskUnlock, NoQuery]) -> object:
    """Ask that one blocked change be allowed.

    :raises Refused: when a rule says no.
    """
    application, body = call.application.application, call.body

    def flow(unit: Unit) -> UnlockAnswer | Denied:
        asked = ask_unlock(
            unit,
            as_of(unit, application),
            SessionId(call.path["session_id"]),
            _write(body.write),
            reason=body.reason,
            origin=call.origin,
        )
        return asked if isinstance(asked, Denied) else _answer(asked)

    answered = await call.run(flow)
    if isinstance(answered, Denied):
        raise refusal(answered.rule, call.principal)
    return answered


async def spend(call: Call[SpendUnlock, NoQuery]) -> Spent:
    """Use up what was allowed, if it was exactly this."""
    application, body = call.application.application, call.body

    def flow(unit: Unit) -> Spent:
        session_id = SessionId(call.path["session_id"])
        write = _write(body.write)
        current = as_of(unit, application)
        found = spend_unlock(unit, current, session_id, write, origin=call.origin)
        differs = list(found.differs) if isinstance(found, Unspent) else []
        return Spent(spent=bool(found), differs=differs)

    return await call.run(flow)


async def list_waiting(call: Call[None, InApplication]) -> Listed[WaitingUnlock]:
    """What waits for a decision, oldest first."""
    now = call.node.clock.interval().latest

    def look_up(reader: Reader) -> Listed[WaitingUnlock]:
        found = reader.unlocks.waiting(now, application_id=given(call.query.application_id))
        shown = (_waiting(reader, one) for one in found)
        return Listed(items=[one for one in shown if one is not None], next_cursor=None)

    return await call.read_long(look_up)


async def allow(call: Call[None, NoQuery]) -> UnlockAnswer:
    """Allow it, once."""
    return await _decide(call, allowed=True)


async def refuse(call: Call[None, NoQuery]) -> UnlockAnswer:
    """Refuse it."""
    return await _decide(call, allowed=False)


async def _decide(call: Call[None, NoQuery], *, allowed: bool) -> UnlockAnswer:
    decider = call.operator.operator

    def flow(unit: Unit) -> UnlockAnswer | Denied:
        unlock_id = call.path["unlock_id"]
        decided = decide_unlock(unit, unlock_id, allowed=allowed, by=decider, origin=call.origin)
        return decided if isinstance(decided, Denied) else _answer(decided)

    answered = await call.run(flow)
    if isinstance(answered, Denied):
        raise refusal(answered.rule, call.principal)
    return answered


def _write(given_: WriteInput) -> Write:
    return Write(
        method=given_.method,
        host=given_.host,
        path=given_.path,
        media_type=given_.media_type,
        query=tuple(given_.query),
        fields=tuple(given_.fields),
    )


def _answer(unlock: Unlock) -> UnlockAnswer:
    return UnlockAnswer(
        id=unlock.id,
        session_id=unlock.session_id,
        status=unlock.status,
        expires_at=unlock.expires_at,
    )


def _waiting(reader: Reader, unlock: Unlock) -> WaitingUnlock | None:
    write, grant = opened(reader.vault, unlock), reader.grants.get(unlock.grant_id)
    if write is None or grant is None:
        return None
    subject = subject_party(reader, grant)
    return WaitingUnlock(
        id=unlock.id,
        application_id=unlock.application_id,
        session_id=unlock.session_id,
        actor=actor_answer(grant.actor),
        subject=PersonAnswer(id=grant.subject_id, email=subject.email, name=subject.name),
        reason=unlock.reason,
        method=write.method,
        host=write.host,
        path=write.path,
        media_type=write.media_type,
        query=_fields(write.query),
        fields=_fields(write.fields),
        asked_at=unlock.asked_at,
        expires_at=unlock.expires_at,
    )


def _fields(pairs: tuple[Pair, ...]) -> list[FieldAnswer]:
    return [FieldAnswer(name=name, value=value) for name, value in pairs]


ENDPOINTS = (
    Endpoint(
        method="POST",
        path=_OF_SESSION,
        operation="ask_unlock",
        summary="Ask that one blocked change be allowed",
        description=(
            "For a session that only reads. The same change asked for again is answered as it "
            "stands. Its values are shown to whoever decides, and forgotten with the decision."
        ),
        tag=_TAG,
        access=APPLICATION,
        handler=ask,
        body=Body(type=AskUnlock, max_bytes=MAX_TEXT_BYTES),
        answers=answers(UnlockAnswer, status=HTTPStatus.CREATED),
        problems=(NotFound, SessionOver, Refused, InvalidInput),
        rate=RateClass.WRITE,
    ),
    Endpoint(
        method="POST",
        path=f"{_OF_SESSION}/spend",
        operation="spend_unlock",
        summary="Use up what was allowed, before it is done",
        description="A change that differs spends nothing, and is told which fields are others.",
        tag=_TAG,
        access=APPLICATION,
        handler=spend,
        body=Body(type=SpendUnlock, max_bytes=MAX_TEXT_BYTES),
        answers=answers(Spent),
        problems=(NotFound, SessionOver),
        rate=RateClass.WRITE,
    ),
    Endpoint(
        method="GET",
        path=f"{API}/unlocks",
        operation="list_unlocks",
        summary="Changes that wait for a decision, oldest first",
        tag=_TAG,
        access=_DECIDE,
        handler=list_waiting,
        query=InApplication,
        answers=answers(Listed[WaitingUnlock]),
        problems=(),
    ),
    Endpoint(
        method="POST",
        path=f"{API}/unlocks/{{unlock_id}}/allow",
        operation="allow_unlock",
        summary="Allow one change, once",
        description="Nobody decides about what they ask for, or about their own account.",
        tag=_TAG,
        access=_DECIDE,
        handler=allow,
        answers=answers(UnlockAnswer),
        problems=(NotFound, Refused),
        rate=RateClass.WRITE,
    ),
    Endpoint(
        method="POST",
        path=f"{API}/unlocks/{{unlock_id}}/refuse",
        operation="refuse_unlock",
        summary="Refuse one change",
        tag=_TAG,
        access=_DECIDE,
        handler=refuse,
        answers=answers(UnlockAnswer),
        problems=(NotFound, Refused),
        rate=RateClass.WRITE,
    ),
)
