"""One impersonated HTTP request: the app is called under its passage, and its answer seen out."""

from __future__ import annotations

import asyncio

from understudy.contrib.asgi.answering import send_answer
from understudy.contrib.asgi.overlaid import route_of
from understudy.contrib.asgi.receiving import ReceiveUntilCut
from understudy.contrib.asgi.response import ImpersonatedResponse
from understudy.contrib.asgi.types import App, Receive, Scope, Send
from understudy.contrib.asgi.watch import Cutter
from understudy.sdk.context import entered
from understudy.sdk.passage.passage import Passage
from understudy.sdk.passage.reply import Reply
from understudy.sdk.raised import Raised


async def serve_request(
    passage: Passage, app: App, scope: Scope, receive: Receive, send: Send
) -> None:
    """Call ``app`` with its ``scope``, and answer with what may go out of its answer."""
    reply, cutter, raised = Reply(passage), Cutter(passage), Raised()
    response = ImpersonatedResponse(send, reply=reply, scope=scope, cutter=cutter)
    try:
        with raised, entered(passage.present):
            await app(scope, ReceiveUntilCut(receive, cutter), response)
    except asyncio.CancelledError:
        # Our own cancellation has cut the stream off, and is no fault; anybody else's goes on.
        if not cutter.has_cut():
            raise
    finally:
        cutter.stop()
        reply.cut_by = cutter.cut_by or reply.cut_by
        # What the app says of having been cut off is no fault.
        fault = raised.error if reply.cut_by is None else None
        # In any case: a browser that goes in mid-body takes nothing back that was done for it.
        reply.close(route=route_of(scope), failed=fault is not None)
    # Behind the app, which must not be left in the middle of what it does.
    if reply.refusal is not None:
        await send_answer(send, reply.refusal, head=passage.request.method == "HEAD")
    elif fault is not None:
        # Whatever stands around us would answer as if it were the agent, for any cache to keep.
        if not response.has_begun:
            await send_answer(send, passage.failed(), head=passage.request.method == "HEAD")
        raise fault
