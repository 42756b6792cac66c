"""Asks the app who of its staff makes a request, and says so to the service."""

from __future__ import annotations

from typing import TYPE_CHECKING

from understudy.embedded.plan import Plan
from understudy.embedded.staff import SIGN_IN, STAFF, read_staff_member
from understudy.sdk.scope import Scope
from understudy.sdk.staff import SignInRequired

if TYPE_CHECKING:
    from understudy.embedded.mount.dashboard import Asked

_OF_NOBODY = "/assets/"
"""Files that are the same for everybody: no reason to ask the app's database."""


def put_staff(scope: Scope, asked: Asked, plan: Plan) -> None:
    """Have ``scope`` say who makes the request, by the app's own word.

    What ``staff`` raises is the caller's, as then nobody can say.
    """
    scope[STAFF] = None
    if asked.rest.startswith(_OF_NOBODY):
        return
    given: object
    with asked.asking() as request:
        try:
            given = plan.staff(request)
        except SignInRequired as required:
            given = required
    member = read_staff_member(given)
    if isinstance(member, SignInRequired):
        scope[SIGN_IN] = member.at
    else:
        scope[STAFF] = member
