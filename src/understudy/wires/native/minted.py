"""What was made in sessions and outlives them, for the application to revoke."""

from __future__ import annotations

from understudy.core.ports import Reader
from understudy.flows.impersonation.minted import outstanding
from understudy.http.access import APPLICATION
from understudy.http.call import Call
from understudy.http.endpoint import API, Endpoint, answers
from understudy.http.query import NoQuery
from understudy.http.shapes import Listed
from understudy.wires.native.schemas.minted import MintedAnswer


async def list_minted(call: Call[None, NoQuery]) -> Listed[MintedAnswer]:
    """What is to be revoked, oldest first; more of it once this is."""
    application_id, now = call.application.id, call.node.clock()

    def look_up(reader: Reader) -> Listed[MintedAnswer]:
        found = outstanding(reader, application_id, now=now)
        items = [
            MintedAnswer(
                id=one.id,
                session_id=one.session_id,
                kind=one.kind,
                reference=one.reference,
                at=one.at,
            )
            for one in found
        ]
        return Listed(items=items, next_cursor=None)

    return await call.read_long(look_up)


ENDPOINTS = (
    Endpoint(
        method="GET",
        path=f"{API}/minted",
        operation="list_minted",
        summary="What was made in sessions that are over, and is to be revoked",
        tag="sessions",
        access=APPLICATION,
        handler=list_minted,
        query=NoQuery,
        answers=answers(Listed[MintedAnswer]),
    ),
)
