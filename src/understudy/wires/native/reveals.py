"""One hidden field: its app asks that an actor may see it, and is told whether they may."""

from __future__ import annotations

from http import HTTPStatus

from understudy.core.ids import SessionId
from understudy.core.ports import Unit
from understudy.core.redaction.lifted import Lifted, Reveal
from understudy.core.redaction.rules import RuleKind
from understudy.errors import InvalidInput, NotFound, Refused, SessionOver
from understudy.flows.governance.reveal import reveal
from understudy.flows.impersonation.denied import Denied
from understudy.http.access import APPLICATION
from understudy.http.bounds import as_of
from understudy.http.call import Call
from understudy.http.endpoint import API, MAX_TEXT_BYTES, Body, Endpoint, RateClass, answers
from understudy.http.query import NoQuery
from understudy.http.refusals import refusal
from understudy.wires.native.schemas.reveals import RevealAnswer, RevealField


async def reveal_field(call: Call[RevealField, NoQuery]) -> object:
    """Let a session be shown what one rule hides at one address, for some minutes.

    :raises Refused: when a rule says no.
    """
    application, body = call.application.application, call.body
    lifted = Lifted(kind=body.kind, match=body.match, path=body.path)

    def flow(unit: Unit) -> RevealAnswer | Denied:
        found = reveal(
            unit,
            as_of(unit, application),
            SessionId(call.path["session_id"]),
            lifted,
            reason=body.reason,
            origin=call.origin,
        )
        return found if isinstance(found, Denied) else _answer(found)

    answered = await call.run(flow)
    if isinstance(answered, Denied):
        raise refusal(answered.rule, call.principal)
    return answered


def _answer(revealed: Reveal) -> RevealAnswer:
    return RevealAnswer(
        id=revealed.id,
        session_id=revealed.session_id,
        kind=RuleKind(revealed.kind),
        match=revealed.match,
        path=revealed.path,
        expires_at=revealed.expires_at,
    )


ENDPOINTS = (
    Endpoint(
        method="POST",
        path=f"{API}/sessions/{{session_id}}/reveals",
        operation="reveal_field",
        summary="Let an actor see what one rule hides",
        description=(
            "For ten minutes, at one address, in this session alone, and only by a rule that may "
            "be revealed. The entry is written before this answers; the value stands in none."
        ),
        tag="sessions",
        access=APPLICATION,
        handler=reveal_field,
        body=Body(type=RevealField, max_bytes=MAX_TEXT_BYTES),
        answers=answers(RevealAnswer, status=HTTPStatus.CREATED),
        problems=(NotFound, SessionOver, Refused, InvalidInput),
        rate=RateClass.WRITE,
    ),
)
