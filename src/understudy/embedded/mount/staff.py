"""Asks the app who of its staff makes a request, on the thread that serves it."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from contextlib import AbstractContextManager

from understudy.embedded.plan import Plan
from understudy.embedded.staff import UNKNOWN_STAFF, names_nobody, said_of
from understudy.last_resort import LastResort
from understudy.sdk.scope import Scope
from understudy.sdk.staff import SignInRequired

Asking = Callable[[], AbstractContextManager[object]]
"""A block in which the app's own callables can be asked, and what they get: its request."""
Ask = Callable[[Callable[[], bool]], Awaitable[bool]]
"""Has a question asked on the thread that serves the request."""
_logger = logging.getLogger("understudy")


def asked_of(rest: str, plan: Plan, asking: Asking, ask: Ask) -> Scope:
    """What a scope says of who makes the request."""
    if names_nobody(rest):
        return said_of(None, None)

    async def check(password: str) -> bool:
        return await ask(lambda: _is_right(plan, asking, password))

    # It is the app's own code: an answer of ours says so, and never its page.
    with LastResort(_logger, "staff raised", action="ask_staff_in_thread"):
        return said_of(_asked(plan, asking), None if plan.check_password is None else check)
    return UNKNOWN_STAFF


def _asked(plan: Plan, asking: Asking) -> object:
    with asking() as request:
        try:
            return plan.staff(request)
        except SignInRequired as required:
            return required


def _is_right(plan: Plan, asking: Asking, password: str) -> bool:
    if plan.check_password is None:
        return False
    with asking() as request:
        # Nothing that is only like a yes.
        return plan.check_password(request, password) is True
