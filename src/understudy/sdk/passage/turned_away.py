"""What goes out in place of the app's answer to one request."""

from __future__ import annotations

from collections.abc import Iterable

from understudy.sdk.guard import Refuse
from understudy.sdk.passage.gone import gone_answer
from understudy.sdk.passage.request import Request
from understudy.sdk.place import SessionOrigin
from understudy.sdk.refusals import refusal_answer
from understudy.sdk.routes import Routes
from understudy.sdk.typed_text import Field
from understudy.sdk.visit import Answer


def answer_to(
    request: Request, refuse: Refuse, routes: Routes, *, now: float, typed: Iterable[Field] = ()
) -> Answer:
    """The answer of ``refuse``. Who opens a live connection is a program, and sees no page.

    ``typed`` is given back on the page that a person sees.
    """
    if refuse.ended is not None and isinstance(request.place, SessionOrigin):
        return gone_answer(request, refuse.ended, routes, typed)
    socket = request.asked.socket
    return refusal_answer(
        refuse,
        routes,
        method="GET" if socket else request.method,
        headers={} if socket else request.headers,
        base=request.base,
        now=now,
        cookie=request.asked.cookie,
        typed=typed,
    )
