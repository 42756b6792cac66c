"""End a session that cannot be looked up, for whoever was seen last to be allowed that."""

from __future__ import annotations

import asyncio
from typing import Any

from understudy.core.impersonation.endings import Ending, Proof, Reach
from understudy.core.impersonation.sessions import EndCause
from understudy.core.notices.events import Party
from understudy.errors import EndedNotSaved
from understudy.http.call import Call
from understudy.http.last_seen import SeenSession


async def end_unread(
    call: Call[Any, Any], seen: SeenSession, *, cause: EndCause, by: Party
) -> EndedNotSaved:
    """Have ``seen`` be over; what to tell the caller, as what became of it is not known.

    :raises EndedHereOnly: when it is over, and the disk could not take that.
    """
    engine = call.node.engine
    ending = Ending(
        id=engine.endings.new_id(),
        reach=Reach.SESSION,
        ref=seen.id,
        application_id=seen.application_id,
        cause=cause,
        doer_kind=by.kind,
        doer_ref=by.ref,
        proven=Proof.LAST_SEEN,
        address=call.origin.address,
        at=engine.now(),
    )
    await asyncio.to_thread(engine.endings.keep, [ending])
    return EndedNotSaved("The session is ended, as far as it is known here. Ask again shortly.")
