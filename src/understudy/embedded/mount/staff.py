"""Asks the app who of its staff makes a request, and says so to the service."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from contextlib import AbstractContextManager

from understudy.embedded.plan import Plan
from understudy.embedded.staff import CHECK_PASSWORD, SIGN_IN, STAFF, UNKNOWN, read_staff_member
from understudy.sdk.scope import Scope
from understudy.sdk.staff import SignInRequired

Asking = Callable[[], AbstractContextManager[object]]
"""A block in which the app's own callables can be asked, and what they get: its request."""
Ask = Callable[[Callable[[], bool]], Awaitable[bool]]
"""Has a question asked on the thread that serves the request."""
_OF_NOBODY = "/assets/"
"""Files that are the same for everybody: no reason to ask the app's database."""
_logger = logging.getLogger("understudy")


def said_of(rest: str, plan: Plan, asking: Asking, ask: Ask) -> Scope:
    """What a scope says of who makes the request: the app's own word, and nobody else's."""
    said: Scope = {STAFF: None, SIGN_IN: None, CHECK_PASSWORD: None, UNKNOWN: False}
    if rest.startswith(_OF_NOBODY):
        return said
    if plan.check_password is not None:
        said[CHECK_PASSWORD] = lambda password: ask(lambda: _is_right(plan, asking, password))
    try:
        member = read_staff_member(_asked(plan, asking))
    except Exception as error:
        # Broad, as it is the app's own code: an answer of ours says so, and never its page.
        _logger.error("staff raised", exc_info=error, extra={"action": "ask_staff_in_thread"})
        return {**said, UNKNOWN: True}
    if isinstance(member, SignInRequired):
        return {**said, SIGN_IN: member.at}
    return {**said, STAFF: member}


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
