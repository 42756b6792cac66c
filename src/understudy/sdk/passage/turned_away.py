"""What goes out in place of the app's answer to one request."""

from __future__ import annotations

from understudy.sdk.guard import Refuse
from understudy.sdk.passage.request import Request
from understudy.sdk.refusals import refusal_answer
from understudy.sdk.routes import Routes
from understudy.sdk.visit import Answer


def answer_to(request: Request, refuse: Refuse, routes: Routes, *, now: float) -> Answer:
    """The answer of ``refuse``. Who opens a live connection is a program, and sees no page."""
    socket = request.asked.socket
    return refusal_answer(
        refuse,
        routes,
        method="GET" if socket else request.method,
        headers={} if socket else request.headers,
        base=request.base,
        now=now,
    )
